import Bytes
import Interphase
import Output
import Tables
import Testing
import Units

@Suite("Report")
struct HTMLReportTests {
  private func page(_ document: ReportDocument) -> String {
    String(decoding: HTMLReport.render(document), as: UTF8.self)
  }

  /// The page as an element tree; it is written so that it is XML but for the DOCTYPE.
  private func tree(_ html: String) throws -> XMLTree.Element {
    #expect(html.hasPrefix("<!DOCTYPE html>\n"))
    return try XMLTree(ByteView(utf8: String(html.dropFirst(16))), area: "html").root
  }

  private func all(_ element: XMLTree.Element) -> [XMLTree.Element] {
    var waiting = [element]
    var found: [XMLTree.Element] = []
    while let next = waiting.popLast() {
      found.append(next)
      waiting.append(contentsOf: next.children)
    }
    return found
  }

  private func document(_ word: String) throws -> ReportDocument {
    let unit = try PhysicalUnit(ucum: "GPa")
    var graph = TraceGraph()
    var parameters = ResultObject()
    parameters[word] = .text(word)
    let read = graph.add(
      .read, word, source: .init(file: word, sha256: word, place: word, bytes: [384..<8576]))
    let fit = graph.add(
      .fit, word, inputs: [read], parameters: parameters, rows: 1...2, formula: word,
      reference: word)
    _ = graph.add(.compute, "leads to no number shown")
    let modulus = MeasuredValue(25.31, unit, u: 2.94, trace: fit)
    var document = ReportDocument(title: word)
    document.lead = [.text(word), .quantity(modulus), .strong(word), .citation(1)]
    document.inputs = [InputReport(file: word, sha256: word, bytes: 1, format: word)]
    document.findings = [
      .init(file: word, Diagnostic(.warning, word, at: .entry(word), found: word, expected: word)),
      .init(file: word, Diagnostic(.note, word, found: word, expected: "")),
    ]
    document.assumptions = [
      .init(key: word, value: .text(word), source: word, usedBy: [word])
    ]
    let table = ReportTable(
      caption: word, columns: [word, "Modulus", "n"],
      rows: [[.text(word), .quantity(modulus), .integer(12)], [.missing(word)]])
    let figure = Figure(
      id: word, title: word, caption: word, xAxis: .init(word, unit: word),
      yAxis: .init(word, unit: "nN"),
      series: [.init(word, .line, x: [0, 1], y: [0, 1]), .init("b", .points, x: [0], y: [1])],
      marks: [.init(x: 0, y: 0, label: word)])
    document.sections = [
      .init(
        word,
        [
          .heading(word), .text(word), .list([[.text(word)]]), .table(table),
          .figures([figure, figure]),
        ])
    ]
    document.references = [word]
    document.traces = graph
    document.provenance = [.init(word, word)]
    return document
  }

  @Test("No text can become markup, from wherever it comes (reliability.md §7)")
  func escaping() throws {
    let words = [
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>",
      "</style></title></td>", "]]>", "javascript:alert(1)", "a\u{202E}b\u{0}\u{7F}",
    ]
    let plain = all(try tree(page(try document("plain")))).map(\.name)
    for word in words {
      let html = page(try document(word))
      let elements = all(try tree(html))
      #expect(elements.map(\.name) == plain, "\(word)")
      for element in elements {
        for attribute in element.attributes {
          #expect(!attribute.name.hasPrefix("on"))
          if attribute.name == "href" {
            #expect(attribute.value.hasPrefix("#") || attribute.value.hasPrefix("data:text/csv"))
          }
          #expect(attribute.name != "src")
        }
      }
      #expect(!html.contains("\u{202E}") && !html.contains("\u{0}"))
    }
    #expect(!plain.contains("script") && !plain.contains("link") && !plain.contains("iframe"))
  }

  @Test("The page forbids scripts and remote loads")
  func policy() throws {
    let html = page(try document("plain"))
    #expect(
      html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;"))
    #expect(!html.contains("url(http") && !html.contains("@import"))
  }

  @Test("Every link leads to one place of the page, and every number to its trace")
  func links() throws {
    let elements = all(try tree(page(try document("plain"))))
    let ids = elements.compactMap { $0.attribute("id") }
    #expect(Set(ids).count == ids.count, "ids are unique")
    var links = 0
    for element in elements {
      guard let target = element.attribute("href"), target.hasPrefix("#") else { continue }
      #expect(ids.contains(String(target.dropFirst())), "\(target)")
      links += 1
    }
    #expect(links == 10, "5 contents, 3 numbers, a citation, a step to its input")
    #expect(ids.contains("t1") && ids.contains("t2"), "the step and what it was made from")
    #expect(!ids.contains("t3"), "a step behind no number shown is left out")
    let numbers = elements.filter { $0.name == "a" && $0.attribute("class") == "q" }
    #expect(numbers.map(\.text).sorted() == ["(25.3 ± 2.9)\u{A0}GPa", "12", "25.3 ± 2.9"])
    // A count has no step of its own and leads to what was read.
    for number in numbers where number.text != "12" {
      #expect(number.attribute("href") == "#t2")
    }
  }

  @Test("Diagnostics stand first, and a shared unit stands in the head of its column")
  func layout() throws {
    let html = page(try document("plain"))
    let order = ["id=\"diagnostics\"", "id=\"assumptions\"", "id=\"s1\"", "id=\"references\""]
      .map { html.range(of: $0) }
    #expect(order == order.sorted())
    #expect(html.contains("Modulus <span class=\"unit\">/&#160;GPa</span></th>"))
    #expect(
      html.contains("1 input: 1 good, 0 with warnings, 0 failed. 0 errors, 1 warning, 1 note."))
    #expect(html.contains("<strong>Figure 2.</strong> plain. plain <a download=\"plain.csv\""))
    #expect(html.contains("href=\"data:text/csv;charset=utf-8,series,style,plain%20%2F%20plain,"))
    #expect(html.contains("bytes 384–8575"))
  }

  @Test("A report of nothing is a page all the same")
  func empty() throws {
    let html = page(ReportDocument(title: ""))
    _ = try tree(html)
    #expect(html.contains("0 inputs: 0 good"))
    #expect(!html.contains("id=\"traces\""))
  }
}

extension String {
  /// The offset of the first occurrence of a text.
  fileprivate func range(of needle: String) -> Int {
    ByteView(utf8: self).firstRange(of: needle)?.lowerBound ?? Int.max
  }
}
