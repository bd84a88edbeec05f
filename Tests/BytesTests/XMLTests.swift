import Bytes
import Tables
import TestSupport
import Testing

@Suite struct XMLTests {
  func failure(_ bytes: [UInt8], _ limits: XMLTree.Limits = XMLTree.Limits()) -> Diagnostic? {
    do throws(ReadFailure) {
      _ = try XMLTree(ByteView(bytes), limits: limits)
      return nil
    } catch { return error.diagnostic }
  }

  func failure(_ text: String) -> Diagnostic? { failure(Array(text.utf8)) }

  @Test func readsElementsAttributesAndText() throws {
    let text = """
      <?xml version="1.0" encoding="utf-8"?>
      <!-- a comment -->
      <idf xmlns="http://idf.schemas.itn.pt" xmlns:s="http://s">
        <s:type kind="a &lt;&amp;&gt; &#x3b1;" s:mode="FWHM">xnra</s:type>
        <y>1 2<!-- in between --> 3<![CDATA[ <4> ]]></y><empty/>
        <y>&lt;&#65;</y>
      </idf>
      """
    let tree = try XMLTree(ByteView(utf8: text))
    #expect(tree.diagnostics.isEmpty)
    #expect(tree.root.name == "idf")
    #expect(tree.root.namespace == "http://idf.schemas.itn.pt")
    #expect(tree.root.line == 3)
    let type = try #require(tree.root["type"])
    #expect(type.namespace == "http://s")
    #expect(type.attribute("kind") == "a <&> α")
    #expect(
      type.attributes.last
        == XMLTree.Attribute(name: "mode", namespace: "http://s", value: "FWHM"))
    #expect(type.line == 4)
    #expect(tree.root.all("y").map(\.text) == ["1 2 3 <4> ", "<A"])
    #expect(tree.root.first("y")?.line == 5)
    #expect(tree.root.first("y", "x") == nil)
    #expect(tree.root["empty"]?.bytes == nil)
    let range = try #require(type.bytes)
    #expect(ByteView(utf8: text)[range].latin1() == "xnra")
    let marked = try XMLTree(ByteView([0xEF, 0xBB, 0xBF] + Array(text.utf8)))
    #expect(marked.root["type"]?.bytes == (range.lowerBound + 3)..<(range.upperBound + 3))
    let whole = try #require(tree.root.bytes)
    #expect(ByteView(utf8: text)[whole].latin1().hasSuffix("</y>\n"))
  }

  @Test func doctypeIsRefusedAtItsLine() {
    let plain = failure("<?xml version='1.0'?>\n\n<!DOCTYPE idf>\n<idf/>")
    #expect(plain?.code == "xml.doctype")
    #expect(plain?.place == .line(3))
    let entity = failure("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")
    #expect(entity?.code == "xml.doctype")
    #expect(failure("<a>\n&unknown;</a>")?.place == .line(2))
  }

  @Test func nestingAndNumberOfElementsAreLimited() throws {
    let deep = failure(String(repeating: "<a>\n", count: 200_001))
    #expect(deep?.code == "xml.nesting")
    #expect(deep?.place == .line(257))
    let allowed = String(repeating: "<a>", count: 256) + String(repeating: "</a>", count: 256)
    #expect(failure(allowed) == nil)
    var limits = XMLTree.Limits()
    limits.elements = 3
    #expect(failure(Array("<a><b/><b/></a>".utf8), limits) == nil)
    #expect(failure(Array("<a><b/><b/><b/></a>".utf8), limits)?.code == "xml.elements")
  }

  @Test func brokenDocumentsAreErrorsWithTheirLine() {
    let cases: [(String, String, Int)] = [
      ("<a>\n<b>\n1 2", "xml.truncated", 3), ("<a>\n<b", "xml.truncated", 2),
      ("<a>\n</b></a>", "xml.syntax", 2), ("<a>\n<b x=1/></a>", "xml.syntax", 2),
      ("<a/>\n<b/>", "xml.syntax", 2), ("no xml", "xml.syntax", 1),
      ("<a>\u{1}</a>", "xml.syntax", 1), ("<a x='1' x='2'/>", "xml.syntax", 1),
      ("<a>\n1 < 2</a>", "xml.syntax", 2), ("<a>\n\u{0}</a>", "text.nul", 2),
    ]
    for (text, code, line) in cases {
      let found = failure(text)
      #expect(found?.code == code, "\(text): \(found?.message ?? "")")
      #expect(found?.place == .line(line), "\(text): \(found?.message ?? "")")
    }
    #expect(failure([])?.code == "xml.size")
    #expect(failure("<a>\n<b>1")?.message.contains("<b> of line 2") == true)
  }

  @Test func everyCutIsAnError() {
    let text = "<?xml version=\"1.0\"?><idf a=\"1\"><x>1 2</x><y/><!-- c --></idf>"
    for n in 0..<text.utf8.count { #expect(failure(String(text.prefix(n))) != nil, "\(n)") }
  }

  @Test func theBytesDecideTheEncoding() throws {
    func text(_ bytes: [UInt8]) throws -> (String, [String]) {
      let tree = try XMLTree(ByteView(bytes))
      return (tree.root.text, tree.diagnostics.map { "\($0.code) \($0.place)" })
    }
    let head = { (name: String) in Array("<?xml version='1.0' encoding='\(name)'?>\n<a>".utf8) }
    let tail = Array("</a>".utf8)
    let micro = Array("µm".utf8)
    let latin: [UInt8] = [0xB5, 0x6D]
    #expect(try text(head("utf-8") + micro + tail) == ("µm", []))
    #expect(try text(Array("<a>".utf8) + micro + tail) == ("µm", []))
    #expect(try text([0xEF, 0xBB, 0xBF] + head("utf-8") + micro + tail) == ("µm", []))
    #expect(try text(head("ISO-8859-1") + latin + tail) == ("µm", []))
    #expect(try text(head("windows-1252") + [0x80] + tail) == ("€", []))
    #expect(
      try text(head("utf-8") + latin + tail) == (
        "µm", ["text.encoding line 2", "xml.encoding line 1"]
      ))
    #expect(try text(head("ISO-8859-1") + micro + tail) == ("µm", ["xml.encoding line 1"]))
    #expect(try text(head("UTF-16") + micro + tail) == ("µm", ["xml.encoding line 1"]))
    #expect(try text(head("ISO-8859-7") + [0xEC, 0x6D] + tail) == ("μm", []))
    let wide = Array("<?xml version='1.0' encoding='UTF-16'?><a>µm</a>".utf16)
    #expect(
      try text([0xFF, 0xFE] + wide.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }) == ("µm", []))
    #expect(
      try text([0xFE, 0xFF] + wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }) == ("µm", []))
    #expect(try text(wide.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }) == ("µm", []))
    #expect(failure(head("no-such-encoding") + micro + tail) != nil)
  }

  @Test func undeclaredPrefixIsAWarning() throws {
    let tree = try XMLTree(ByteView(utf8: "<a>\n<n:b>1</n:b></a>"))
    #expect(tree.diagnostics.map(\.code) == ["xml.namespace"])
    #expect(tree.diagnostics.first?.place == .line(2))
    #expect(tree.root.children.count == 1)
  }

  @Test(.enabled(if: Corpus.available, "corpus absent")) func hostileFilesAreRefused() throws {
    for (name, code, line) in [
      ("idf_billion_laughs", "xml.doctype", 2), ("idf_xxe_file", "xml.doctype", 2),
      ("idf_deep_nesting", "xml.nesting", 2),
    ] {
      let bytes = try FileSource.open(path: Corpus.path("nasty/\(name).xnra"))
      let failure = #expect(throws: ReadFailure.self) { try XMLTree(bytes) }
      #expect(failure?.diagnostic.code == code)
      #expect(failure?.diagnostic.place == .line(line))
      #expect(failure?.diagnostic.message.contains("root:") == false)
    }
  }
}
