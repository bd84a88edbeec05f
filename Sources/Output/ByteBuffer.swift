/// Bytes that grow: what every writer of this module fills.
///
/// Numbers and text go straight into the buffer; no text is made per cell.
public struct ByteBuffer: Sendable, TextOutputStream {
  /// The bytes so far.
  public var bytes: [UInt8] = []

  /// An empty buffer.
  public init() {}

  /// Adds one byte.
  public mutating func add(_ byte: UInt8) { bytes.append(byte) }

  /// Adds the UTF-8 of a text.
  public mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Adds text that is known at compile time.
  public mutating func add(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Adds a whole number.
  public mutating func add<T: FixedWidthInteger>(_ number: T) {
    if number == 0 { return add(UInt8(ascii: "0")) }
    if number < 0 { add(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let start = bytes.count
    while rest != 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    bytes[start...].reverse()
  }

  /// Adds the shortest decimal text that reads back as the same number, such as `2.0` or `1e-09`.
  ///
  /// The caller sees to it that the number is finite.
  public mutating func add(_ number: Double) { number.write(to: &self) }

  /// Adds a text; the entry of `TextOutputStream`.
  public mutating func write(_ string: String) { add(string) }

  /// Adds ASCII without making a text of it; the standard library's number printing calls this.
  public mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: buffer)
  }

  /// The bytes as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}
