import Bytes
import Foundation
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

  /// A stream of Python's zlib, whose content follows from the formulas below.
  ///
  /// It has codes of up to 13 bits, an empty stored block, and a block of fixed codes with repeats at
  /// distances 1 and 4.
  @Test func readsStreamsOfManyKinds() throws {
    func word(_ i: Int) -> UInt32 {
      var x = UInt32(truncatingIfNeeded: i) &* 2_654_435_761
      x ^= x >> 15
      x &*= 2_246_822_519
      return x ^ x >> 13
    }
    let skewed = (0..<4500).map {
      UInt8(truncatingIfNeeded: min(13, word($0).trailingZeroBitCount) * 17 + 3)
    }
    let content =
      skewed + Array(repeating: 65, count: 300)
      + Array(String(repeating: "abcd", count: 60).utf8) + skewed[..<100]
    let stream = Array(try #require(Data(base64Encoded: Self.streams)))
    func read(_ stream: [UInt8], size: Int) throws -> [UInt8] {
      var writer = ZipWriter()
      writer.members = [
        ZipWriter.Member("a", deflated: stream, size: size, crc: Deflated.crc32(content))
      ]
      let archive = try ZipArchive(ByteView(writer.bytes))
      return try archive.read(try #require(archive["a"])).array
    }
    #expect(try read(stream, size: content.count) == content)
    // What stands behind the end of the stream is no part of it.
    #expect(try read(stream + [1, 2, 3], size: content.count) == content)
    for size in [content.count - 1, content.count + 1] {
      #expect(throws: ReadFailure.self) { try read(stream, size: size) }
    }
    for cut in stream.indices {
      #expect(throws: ReadFailure.self) { try read(Array(stream[..<cut]), size: content.count) }
    }
  }

  static let streams =
    "BMHRgEXZlkXBj1AYClNhKWyFo3AVUqEUSqEUHkujdMT/NV8gKMUSsTwM8QxjRms3olRdRdSFjkauxAXCsx4HRmtSZob3"
    + "bLfJiBN3E2n+IPCKAOwRVgjB+rfua88CTj+5DuG2I7Qy0hdPRPn7fOM6HC9jX7ABZZUXaHr4ZdEQdLsWEnnASqKugviG"
    + "H9A0jub2OcqTUjf8Zri5X/fqt5Ea5uQZ2jqW0oCUzkXVxJd9vzbaL7IBuAaECTidu5Ipv/jnpdzLOqH/JM+Z9Brg+npK"
    + "7fZFm0ZfYwaaE3eq9R3X91HVur/ApIfA3bc+AyHLQfv0uq4sL6YjKNoeh6q/ZFQ8yCd1JBK1nAJuKX+upz9JO5nziFtZ"
    + "85wir9PROg7iNte1FhzY2DZcQq4aU04AznKVbxNw6xCQ5NjCVQdpZLplo343vLyznq8U19+PYoWrKo3QGRzPKg2qStAI"
    + "VX9lPYEhw8ffMu6my8Nyu+EPO0PUCnHvzGOL6vfJEwXrxxfA5Lb3BmZj3MNzb5p5duAUAz+NB7AY69Y+NWWXPHYDjwrm"
    + "nag1szeP8zBLEYLmqV52wTVdSDydPDniFMi/TT8StMdbuC0BLu+3SlBE3/+qrXKN3Urt4Omv+0hhf+ODRl6E2VKkJVsj"
    + "Ys/9UMt8iaAxYnKvMaSz1Otuxdv6Lt0NvqG3i7Ld5G28cHWvsqeebD9fzhgXp41rmXw3bwGhbwOhn7ksBR2xmM8yBV+Q"
    + "R9O5E9d7z5/qkx+F0IQ1eAH8XF1uB1RZxT3FygHLTafGL7I+5LhT9SMxUcOqKcHn9wZ1t23x41DkT5ZY93JcLB0FDe5S"
    + "6pg4xrw6PGuzB4dD1SwPp0nyd2LYOcDaEOkVMP/oxAy0TW8Pa7C2NQZeKUBQSwY4UlhXpuKBaxXAS931+plZgMedLHY4"
    + "QNLh5ypXDwWKqocB3GZV6xQJJ7iVccPT7Fv8KsBvI1KvFfBGXuBa52L5VivC+4a18kN/wlPxCLTYK8/z5je4B/JgzSov"
    + "9hbdrxhWMKfXvkyQEuwvRsF6hCgGA+MQFdj5o+paScVaIyWHD9kvPsC8YPDKp2EoDer9J0bKJDVJslPnadY+EBBF73ZX"
    + "EKRHDGR6lynK5QbjK5gxIzh75saeyMoeUROy+uBIztvL50YKXeXXDoPZBpKgrZlrxW+v2fa9PRKlMTBj9kzDHRRX/DH8"
    + "pkxmBXFeyVEKoBZfuLLQOZ5rwLyszDNt4N83ahlqlQw+SiK9oz1hNAWhy/yASxuXk9Hnu3UZf4EWe0KrFt9h39NMcvjM"
    + "ESzZ6aLoH6RGH3aVpbqu12HDcy/EWHoP7uUTXgNjCcufo/YMFnqmBCQn/Hcszxzch43rSCBrNIKnNvCEhOmngHfaPzf1"
    + "AVHB7CvaD86oHAC+p2Eqf7CaH1FOgMzD55WJ792YkOtz+GB4dWJZsgrWKyiwOy7onQSeqnJ41nwNfx0XSwSz28S27YXH"
    + "9Y1a/BDQnOgd59MFsA2UKK3GPIntAOMEZ3uACovaNLE+iQdrjtx+3qqQgxMQ1jyfu8Mz4SSHqiXY9KrBb/noTx/daRBh"
    + "/h8AAP//c3QcBcSCxKTklJGEH4ioMkeIMIMAmBQRASFmVREQF8JwBwqrQuTdwQxVEAISIqoiqmaqYAmwNhERMxERESjf"
    + "DGSciBlIFQA="
}
