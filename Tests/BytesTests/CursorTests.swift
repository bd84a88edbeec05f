import Bytes
import Tables
import Testing

@Suite("Views and cursor")
struct CursorTests {
  static let bytes = ByteView((0..<16).map { UInt8($0) })

  @Test func bothOrders() throws {
    var little = ByteCursor(Self.bytes, order: .little, area: "test")
    #expect(try little.u16("a") == 0x0100)
    #expect(try little.u32("b") == 0x0504_0302)
    var big = ByteCursor(Self.bytes, order: .big, area: "test")
    #expect(try big.u16("a") == 0x0001)
    #expect(try big.u64("b") == 0x0203_0405_0607_0809)
    #expect(big.remaining == 6 && big.offset == 10)
  }

  @Test func signsAndFloats() throws {
    var cursor = ByteCursor(
      ByteView([0xFF, 0xFE, 0xFF, 0x00, 0x00, 0x80, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]), area: "test")
    #expect(try cursor.i8("a") == -1)
    #expect(try cursor.i16("b") == -2)
    #expect(try cursor.f32("c") == 1)
    #expect(try cursor.f64("d") == -2)
    #expect(cursor.remaining == 0)
  }

  /// Every read beyond the end throws, names the offset in the file, and moves nothing.
  @Test func readsBeyondTheEndThrow() {
    var cursor = ByteCursor(Self.bytes, area: "test", base: 100)
    #expect(throws: Never.self) { try cursor.skip(14) }
    let failures: [() throws -> Void] = [
      { _ = try cursor.u32("count") }, { _ = try cursor.f64("value") },
      { _ = try cursor.slice(3, "block") }, { _ = try cursor.slice(-1, "block") },
      { _ = try cursor.slice(.max, "block") }, { try cursor.seek(to: 17) },
      { try cursor.seek(to: -1) },
    ]
    for failing in failures {
      do {
        try failing()
        Issue.record("no error")
      } catch let failure as ReadFailure {
        #expect(failure.diagnostic.code == "test.truncated")
        #expect(failure.diagnostic.place == .byte(114) || failure.diagnostic.place == .byte(116))
      } catch { Issue.record("another error: \(error)") }
      #expect(cursor.offset == 14)
    }
  }

  @Test func viewsAreClipped() {
    let view = Self.bytes[4..<8]
    #expect(view.array == [4, 5, 6, 7])
    #expect(view[0] == 4 && view[4] == nil && view[-1] == nil)
    #expect(view[2..<100].array == [6, 7] && view[100..<200].count == 0)
    #expect(Self.bytes.prefix(-3).count == 0 && Self.bytes.suffix(100).count == 16)
    #expect(Self.bytes.dropFirst(.max).count == 0)
    #expect(ByteView([]).count == 0 && ByteView([]).array.isEmpty)
  }

  @Test func searching() {
    let text = ByteView(utf8: "abcabcd")
    #expect(text.firstRange(of: "abcd") == 3..<7)
    #expect(text.firstRange(of: "abc", from: 1) == 3..<6)
    #expect(text.firstRange(of: "x") == nil && text.firstRange(of: "") == nil)
    #expect(text.starts(with: "abc") && !text.starts(with: "abcabcda"))
    #expect(ByteView([0xB0, 0x43, 0, 0x44]).latin1(cutAtNUL: true) == "\u{B0}C")
  }

  /// Counts from a file are checked before anything is allocated.
  @Test func numbersInBulk() {
    let view = ByteView([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0xFF])
    #expect(view.reals(Float.self, count: 2, order: .little) == [1, 2])
    #expect(view.reals(Float.self, count: 1, at: 4, order: .little) == [2])
    #expect(view.reals(Float.self, count: 3, order: .little) == nil)
    #expect(view.reals(Double.self, count: .max, order: .little) == nil)
    #expect(view.reals(Float.self, count: -1, order: .little) == nil)
    #expect(view.reals(Float.self, count: 1, at: -4, order: .little) == nil)
    #expect(view.reals(Float.self, count: 0, order: .little) == [])
    #expect(view.reals(Float.self, count: 2, stride: .max, order: .little) == nil)
  }
}
