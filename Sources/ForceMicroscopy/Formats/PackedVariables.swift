internal import Bytes
internal import Tables

/// The variables of one folder of a packed experiment.
///
/// A record of version 1 or 2 in the byte order of its first word: counts, the system variables K0…
/// as float32, numeric variables of 56 bytes, strings with their length, and in version 2
/// numeric variables with a dependency formula (WaveMetrics technical note PTN003).
struct PackedVariables {
  /// A variable and its value.
  struct Entry {
    var name: String
    var value: MetadataValue
    var bytes: Range<Int>
  }

  /// System variables K0, K1 and so on.
  private(set) var system: [Entry] = []
  /// The user's numbers, strings and formulas.
  private(set) var user: [Entry] = []
  /// Bytes behind the last variable that could be read.
  private(set) var rest = 0
  /// Why reading stopped there; nil where all is read.
  private(set) var problem: (place: Place, words: String)?

  /// Reads the content of a record that starts at byte `base` of the file.
  init(_ view: ByteView, base: Int) {
    let order: ByteOrder = view[0] == 0 ? .big : .little
    var cursor = ByteCursor(view, order: order, area: "pxp", base: base)
    do throws(ReadFailure) {
      try read(&cursor)
    } catch {
      problem = (error.diagnostic.place, error.diagnostic.message)
    }
    rest = cursor.remaining
  }

  /// Whether the first words may be those of a variables record.
  static func isPlausible(_ view: ByteView, size: Int) -> Bool {
    let order: ByteOrder = view[0] == 0 ? .big : .little
    guard let words = view.integers(.int16, count: 4, order: order) else { return false }
    return (1...3).contains(words[0]) && words.dropFirst().allSatisfy { $0 >= 0 }
      && Int(words[1]) * 4 <= size
  }

  private mutating func read(_ cursor: inout ByteCursor) throws(ReadFailure) {
    let version = Int(try cursor.i16("version"))
    guard version == 1 || version == 2 else {
      throw ReadFailure(
        "pxp.variables", at: .byte(cursor.base), found: "version \(version)",
        expected: "expected version 1 or 2")
    }
    var counts: [Int] = []
    for _ in 0..<(version == 1 ? 3 : 5) { counts.append(Int(try cursor.i16("count"))) }
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw ReadFailure(
        "pxp.variables", at: .byte(cursor.base + 2), found: "a count below 0",
        expected: "expected the numbers of variables")
    }
    for i in 0..<counts[0] {
      let place = cursor.offset
      let value = Double(try cursor.f32("system variable"))
      system.append(entry("K\(i)", Self.number(value), place, cursor))
    }
    for _ in 0..<counts[1] { try number(&cursor) }
    for _ in 0..<counts[2] {
      let place = cursor.offset
      let name = OneByteText.field(try cursor.slice(32, "name"))
      let length = Int(version == 1 ? Int32(try cursor.i16("length")) : try cursor.i32("length"))
      let text = try cursor.slice(length, "string variable").array
      user.append(entry(name, .text(OneByteText.any(text)), place, cursor))
    }
    guard version == 2 else { return }
    for _ in 0..<counts[3] {
      try number(&cursor)
      let place = cursor.offset
      let length = Int(try cursor.i16("formulaLen"))
      let formula = OneByteText.field(try cursor.slice(length, "formula"))
      guard let name = user.last?.name else { continue }
      user.append(entry("\(name) formula", .text(formula), place, cursor))
    }
  }

  /// A numeric variable: name, a word, its type, the real and the imaginary part, 4 bytes of reserve.
  private mutating func number(_ cursor: inout ByteCursor) throws(ReadFailure) {
    let place = cursor.offset
    let name = OneByteText.field(try cursor.slice(32, "name"))
    _ = try cursor.i16("type")
    let type = try cursor.i16("numType")
    let real = try cursor.f64("real part")
    let imaginary = try cursor.f64("imaginary part")
    try cursor.skip(4, "reserve")
    user.append(entry(name, Self.number(real), place, cursor))
    guard type & 1 != 0 else { return }
    user.append(entry("\(name) imaginary", Self.number(imaginary), place, cursor))
  }

  private func entry(
    _ name: String, _ value: MetadataValue, _ start: Int, _ cursor: ByteCursor
  ) -> Entry {
    Entry(
      name: name, value: value, bytes: (cursor.base + start)..<(cursor.base + cursor.offset))
  }

  /// A number, or the word for what is none.
  private static func number(_ x: Double) -> MetadataValue {
    x.isFinite ? .real(x) : .text(x.isNaN ? "NaN" : x < 0 ? "-inf" : "inf")
  }
}
