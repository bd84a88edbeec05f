import Bytes
import Tables
import TestSupport
import Testing

@Suite struct GzipTests {
  /// `gzip.compress(b"energy mu\n1564.7 0.91\n" * 3, mtime=0)` of Python 3.11.
  static let python: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 205, 75, 45, 74, 175, 84, 200, 45, 229, 50, 52, 53,
    51, 209, 51, 87, 48, 208, 179, 52, 228, 74, 37, 65, 20, 0, 210, 202, 3, 188, 66, 0, 0,
    0,
  ]

  func code(_ bytes: [UInt8], _ limits: ExpansionLimits = ExpansionLimits()) -> String? {
    do throws(ReadFailure) {
      _ = try Gzip.inflate(ByteView(bytes), limits: limits)
      return nil
    } catch { return error.diagnostic.code }
  }

  @Test func readsWhatPythonWrote() throws {
    let text = try Gzip.inflate(ByteView(Self.python)).latin1()
    #expect(text == String(repeating: "energy mu\n1564.7 0.91\n", count: 3))
  }

  @Test func readsAllMembersAndPadding() throws {
    let one = Deflated.gzip(Array("one ".utf8))
    let two = Deflated.gzip(Array("two".utf8))
    #expect(try Gzip.inflate(ByteView(one + two + [0, 0, 0])).latin1() == "one two")
    #expect(try Gzip.inflate(ByteView(Deflated.gzip([]))).count == 0)
    #expect(code(one + two + [1, 2]) == "gzip.trailing")
  }

  @Test func everyCutIsAnError() {
    for n in 0..<Self.python.count {
      #expect(code(Array(Self.python.prefix(n))) != nil, "cut to \(n) bytes")
    }
  }

  @Test func flippedBitsOfTheDataAreErrorsOrHarmless() throws {
    let whole = try Gzip.inflate(ByteView(Self.python)).array
    // Bytes 4–9 of the header (time, level, system) and the last bits before the checksum carry
    // no content.
    for bit in 80..<(Self.python.count * 8) {
      var bytes = Self.python
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      if let inflated = try? Gzip.inflate(ByteView(bytes)) {
        #expect(inflated.array == whole, "bit \(bit) flipped")
      }
    }
    var bytes = Self.python
    bytes[bytes.count - 6] ^= 1
    #expect(code(bytes) == "gzip.checksum")
    bytes = Self.python
    bytes[bytes.count - 1] ^= 1
    #expect(code(bytes) == "gzip.checksum")
  }

  @Test func limitsHoldWhileInflating() {
    let bomb = Deflated.gzip(Deflated.zeros(copies: 20000), crc: 0, size: 0)  // 5.16 MB
    #expect(code(bomb, ExpansionLimits(ratio: 100, ratioFloor: 1 << 20)) == "gzip.ratio")
    #expect(code(bomb, ExpansionLimits(memberBytes: 1 << 20)) == "gzip.size")
    #expect(code(bomb, ExpansionLimits(totalBytes: 1 << 20)) == "gzip.size")
    #expect(code(bomb) == "gzip.checksum")
  }

  @Test func notGzip() {
    #expect(code(Array("# XDI/1.0".utf8)) == "gzip.not-gzip")
    #expect(code([]) == "gzip.not-gzip")
  }

  @Test(.enabled(if: Corpus.available, "corpus absent")) func aBombIsRefused() throws {
    let bytes = try FileSource.open(path: Corpus.path("nasty/prj_gzip_bomb.prj"))
    let failure = #expect(throws: ReadFailure.self) { try Gzip.inflate(bytes) }
    #expect(failure?.diagnostic.code == "gzip.ratio")
    #expect(failure?.diagnostic.message.contains("decompressed") == true)
  }
}
