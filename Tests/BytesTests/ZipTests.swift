import Bytes
import Tables
import TestSupport
import Testing

@Suite struct ZipTests {
  func failure(_ writer: ZipWriter, _ limits: ExpansionLimits = ExpansionLimits()) -> Diagnostic? {
    failure(writer.bytes, limits)
  }

  /// The first failure of opening the archive and reading every member.
  func failure(_ bytes: [UInt8], _ limits: ExpansionLimits = ExpansionLimits()) -> Diagnostic? {
    do throws(ReadFailure) {
      let archive = try ZipArchive(ByteView(bytes), limits: limits)
      for entry in archive.entries { _ = try archive.read(entry) }
      return nil
    } catch { return error.diagnostic }
  }

  /// The archive `zipfile` of Python 3.11 writes for one deflated member of 60 bytes.
  static let python: [UInt8] = [
    80, 75, 3, 4, 20, 0, 0, 0, 8, 0, 0, 0, 33, 0, 112, 14, 230, 91, 9, 0, 0, 0, 60, 0, 0, 0,
    8, 0, 0, 0, 100, 97, 116, 97, 46, 99, 115, 118, 51, 180, 54, 226, 50, 36, 19, 3, 0, 80,
    75, 1, 2, 20, 3, 20, 0, 0, 0, 8, 0, 0, 0, 33, 0, 112, 14, 230, 91, 9, 0, 0, 0, 60, 0, 0,
    0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 1, 0, 0, 0, 0, 100, 97, 116, 97, 46, 99,
    115, 118, 80, 75, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 54, 0, 0, 0, 47, 0, 0, 0, 0, 0,
  ]

  func sample() -> ZipWriter {
    var writer = ZipWriter()
    let text = Array("deflated".utf8)
    writer.members = [
      ZipWriter.Member("a.txt", "stored"), ZipWriter.Member("folder/", ""),
      ZipWriter.Member(
        "folder/b", deflated: Deflated.stored(text), size: text.count, crc: Deflated.crc32(text)),
    ]
    return writer
  }

  func texts(_ bytes: [UInt8]) throws -> [String] {
    let archive = try ZipArchive(ByteView(bytes))
    return try archive.entries.map { "\($0.name)=\(try archive.read($0).latin1())" }
  }

  @Test func readsStoredAndDeflatedMembers() throws {
    var writer = sample()
    let expected = ["a.txt=stored", "folder/=", "folder/b=deflated"]
    #expect(try texts(writer.bytes) == expected)
    writer.comment = "a comment with PK\u{5}\u{6} in it"
    #expect(try texts(writer.bytes) == expected)
    writer.members[2].flags = 8
    #expect(try texts(writer.bytes) == expected)
    writer.members[0].isLarge = true
    #expect(try texts(writer.bytes) == expected)
    let archive = try ZipArchive(ByteView(writer.bytes))
    #expect(archive["folder/b"]?.size == 8)
    #expect(archive["folder/"]?.isFolder == true)
    #expect(archive["c"] == nil)
    #expect(try texts(ZipWriter().bytes) == [])
    #expect(try texts(Self.python) == ["data.csv=" + String(repeating: "1;2\n", count: 15)])
  }

  @Test func damagedContentIsAnError() {
    var writer = sample()
    writer.members[0].crc ^= 1
    #expect(failure(writer)?.code == "zip.checksum")
    #expect(failure(writer)?.place == .entry("a.txt"))
    writer = sample()
    writer.members[2].size += 1
    #expect(failure(writer)?.code == "zip.size")
    writer.members[2].size -= 2
    #expect(failure(writer)?.code == "zip.size")
    writer = sample()
    writer.members[0].size += 1
    #expect(failure(writer)?.code == "zip.size")
    writer = sample()
    writer.members[2].deflated?.removeLast(4)
    #expect(failure(writer)?.code == "zip.truncated")
    writer.members[2].deflated = [7, 1, 2, 3]
    #expect(failure(writer)?.code == "zip.damaged")
  }

  @Test func lyingDirectoriesAreErrors() {
    var writer = sample()
    writer.declaredCount = 4
    #expect(failure(writer)?.code == "zip.directory")
    writer.declaredCount = 2
    #expect(failure(writer)?.code == "zip.directory")
    writer.declaredCount = 0xFFFE
    #expect(failure(writer)?.code == "zip.directory")
    writer = sample()
    writer.declaredOffset = 0x7FFF_FFFF
    #expect(failure(writer)?.code == "zip.directory")
    writer.declaredOffset = 0
    #expect(failure(writer)?.code == "zip.directory")
    writer = sample()
    writer.members[2].offset = 0
    #expect(failure(writer)?.code == "zip.overlap")
    writer.members[2].offset = 0xFFFF_FFF0
    #expect(failure(writer)?.code == "zip.directory")
    writer = sample()
    writer.members[2].name = writer.members[0].name
    #expect(failure(writer)?.code == "zip.duplicate")
    writer = sample()
    writer.members[0].flags = 1
    #expect(failure(writer)?.code == "zip.encrypted")
    writer = sample()
    writer.members[0].method = 12
    #expect(failure(writer)?.code == "zip.method")
  }

  @Test func badNamesAreLeftOutWithAWarning() throws {
    let names = ["../x", "/etc/x", "a/../../x", "C:\\x", "C:/x", "a\\b", "a\nb", ""]
    for name in names {
      var writer = sample()
      writer.members[0].name = Array(name.utf8)
      let archive = try ZipArchive(ByteView(writer.bytes))
      #expect(archive.entries.map(\.name) == ["folder/", "folder/b"], "\(name)")
      #expect(archive.diagnostics.map(\.code) == ["zip.name"], "\(name)")
    }
    var writer = sample()
    writer.members[0].attributes = 0xA1FF_0000
    #expect(try ZipArchive(ByteView(writer.bytes)).diagnostics.count == 1)
  }

  @Test func limitsHold() {
    let bomb = Deflated.zeros(copies: 20000)
    var writer = sample()
    writer.members[2] = ZipWriter.Member("bomb", deflated: bomb, size: 5_160_001, crc: 0)
    #expect(failure(writer, ExpansionLimits(memberBytes: 1 << 20))?.code == "zip.size")
    #expect(failure(writer, ExpansionLimits(totalBytes: 1 << 20))?.code == "zip.size")
    #expect(failure(writer, ExpansionLimits(ratio: 100, ratioFloor: 1000))?.code == "zip.ratio")
    #expect(failure(writer, ExpansionLimits(members: 2))?.code == "zip.members")
    #expect(failure(writer)?.code == "zip.checksum")
    writer.members[2].size = 100
    #expect(failure(writer)?.message.contains("100 bytes that the directory declares") == true)
    writer.members[2].size = 0xFFFF_FFFE
    #expect(failure(writer)?.code == "zip.size")
  }

  @Test func everyCutIsAnErrorAndNoFlipChangesContent() throws {
    for bytes in [Self.python, sample().bytes] {
      let whole = try texts(bytes)
      for n in 0..<bytes.count { #expect(failure(Array(bytes.prefix(n))) != nil, "cut to \(n)") }
      for bit in 0..<(bytes.count * 8) {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let archive = try? ZipArchive(ByteView(flipped)) else { continue }
        // A flipped name is another name; content that is given is the true one.
        for entry in archive.entries {
          guard let content = try? archive.read(entry).latin1() else { continue }
          #expect(content == "" || whole.contains { $0.hasSuffix("=" + content) }, "bit \(bit)")
        }
      }
    }
  }

  @Test(.enabled(if: Corpus.available, "corpus absent")) func archivesOfInstruments() throws {
    let jpk = try ZipArchive(
      FileSource.open(path: Corpus.path("afm/jpk/fmt-jpk-fd_spot3-0192.jpk-force")))
    // 12 members of 50303 bytes by Python's zipfile.
    #expect(jpk.entries.count == 12)
    #expect(jpk.entries.reduce(0) { $0 + $1.size } == 50303)
    for entry in jpk.entries { #expect(try jpk.read(entry).count == entry.size) }

    let cut = try FileSource.open(path: Corpus.path("afm/damaged/spot3_cut.jpk-force"))
    #expect(throws: ReadFailure.self) { try ZipArchive(cut) }

    let bomb = try FileSource.open(path: Corpus.path("nasty/ndax_zip_bomb.ndax"))
    let refusal = #expect(throws: ReadFailure.self) { try ZipArchive(bomb) }
    #expect(refusal?.diagnostic.code == "zip.ratio")
    #expect(refusal?.diagnostic.place == .entry("data.ndc"))

    let escape = try ZipArchive(
      FileSource.open(path: Corpus.path("nasty/ndax_path_traversal.ndax")))
    #expect(escape.diagnostics.count == 3)
    for entry in escape.entries { #expect(try escape.read(entry).count == entry.size) }
  }
}
