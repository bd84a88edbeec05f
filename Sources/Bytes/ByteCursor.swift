public import Tables

/// The order of the bytes of a number.
public enum ByteOrder: String, Sendable {
  case little, big
}

/// A reading position over immutable bytes; every read is checked and throws instead of trapping.
///
/// Offsets in errors count from the start of the file: `base` is added to the position in the view.
public struct ByteCursor: Sendable {
  /// The bytes being read.
  public let view: ByteView
  /// The position in the view.
  public private(set) var offset: Int
  /// The order of the bytes of numbers.
  public var order: ByteOrder
  /// The first part of the codes of errors, such as `ibw`.
  public let area: String
  /// What is added to positions in error messages.
  public let base: Int

  /// A cursor at the start of a view.
  public init(_ view: ByteView, order: ByteOrder = .little, area: String, base: Int = 0) {
    self.view = view
    self.order = order
    self.area = area
    self.base = base
    offset = 0
  }

  /// The bytes left.
  public var remaining: Int { view.count - offset }

  /// The place of the cursor, for messages.
  public var place: Place { .byte(base + offset) }

  /// Moves to an absolute position of the view; throws `AREA.truncated` beyond its end.
  public mutating func seek(to position: Int) throws(ReadFailure) {
    guard position >= 0, position <= view.count else {
      throw ReadFailure(
        "\(area).truncated", at: .byte(base + view.count),
        found: "offset \(position) lies outside the \(view.count) bytes present",
        expected: "expected an offset within them")
    }
    offset = position
  }

  /// Skips bytes; throws `AREA.truncated` where fewer are left.
  public mutating func skip(_ n: Int, _ what: String = "padding") throws(ReadFailure) {
    _ = try slice(n, what)
  }

  /// The next `n` bytes as a view.
  ///
  /// Throws `AREA.truncated`, quoting the bytes needed and present, where fewer are left or `n` is negative.
  public mutating func slice(_ n: Int, _ what: String) throws(ReadFailure) -> ByteView {
    guard n >= 0, n <= remaining else {
      throw ReadFailure(
        "\(area).truncated", at: place,
        found: "\(what) needs \(n) bytes, \(remaining) are left",
        expected: "expected a whole \(what)")
    }
    let result = view[offset..<(offset + n)]
    offset += n
    return result
  }

  private mutating func integer<T: FixedWidthInteger>(
    _ type: T.Type, _ what: String
  ) throws(ReadFailure) -> T {
    let size = MemoryLayout<T>.size
    let bytes = try slice(size, what)
    let raw = bytes.withBytes { $0.loadUnaligned(as: T.self) }
    return order == .little ? T(littleEndian: raw) : T(bigEndian: raw)
  }

  /// An unsigned byte.
  public mutating func u8(_ what: String) throws(ReadFailure) -> UInt8 {
    try integer(UInt8.self, what)
  }
  /// An unsigned 16-bit integer.
  public mutating func u16(_ what: String) throws(ReadFailure) -> UInt16 {
    try integer(UInt16.self, what)
  }
  /// An unsigned 32-bit integer.
  public mutating func u32(_ what: String) throws(ReadFailure) -> UInt32 {
    try integer(UInt32.self, what)
  }
  /// An unsigned 64-bit integer.
  public mutating func u64(_ what: String) throws(ReadFailure) -> UInt64 {
    try integer(UInt64.self, what)
  }
  /// A signed byte.
  public mutating func i8(_ what: String) throws(ReadFailure) -> Int8 {
    try integer(Int8.self, what)
  }
  /// A signed 16-bit integer.
  public mutating func i16(_ what: String) throws(ReadFailure) -> Int16 {
    try integer(Int16.self, what)
  }
  /// A signed 32-bit integer.
  public mutating func i32(_ what: String) throws(ReadFailure) -> Int32 {
    try integer(Int32.self, what)
  }
  /// A signed 64-bit integer.
  public mutating func i64(_ what: String) throws(ReadFailure) -> Int64 {
    try integer(Int64.self, what)
  }
  /// A 32-bit float.
  public mutating func f32(_ what: String) throws(ReadFailure) -> Float {
    Float(bitPattern: try u32(what))
  }
  /// A 64-bit float.
  public mutating func f64(_ what: String) throws(ReadFailure) -> Double {
    Double(bitPattern: try u64(what))
  }

  /// Fixed-width text, cut at the first NUL and read as Latin-1.
  public mutating func latin1(_ n: Int, _ what: String) throws(ReadFailure) -> String {
    try slice(n, what).latin1(cutAtNUL: true)
  }
}

extension ByteView {
  /// The bytes as Latin-1 text, whole or up to the first NUL.
  public func latin1(cutAtNUL: Bool = false) -> String {
    withBytes { bytes in
      let end = cutAtNUL ? bytes.firstIndex(of: 0) ?? bytes.count : bytes.count
      let part = UnsafeRawBufferPointer(rebasing: bytes[..<end])
      if part.allSatisfy({ $0 < 0x80 }) { return String(decoding: part, as: UTF8.self) }
      var scalars = String.UnicodeScalarView()
      for byte in part { scalars.append(Unicode.Scalar(byte)) }
      return String(scalars)
    }
  }

  /// `count` numbers stored without gaps, widened to Double; nil where the view is too short.
  ///
  /// This is the hot path of binary formats: one pass, no per-value checks.
  public func reals<T: StoredNumber>(
    _ type: T.Type, count n: Int, at offset: Int = 0, stride: Int = 1, order: ByteOrder
  ) -> [Double]? {
    guard n >= 0, offset >= 0, stride >= 1 else { return nil }
    guard n > 0 else { return [] }
    // The last number must end within the view; a stride beyond it is not multiplied.
    guard offset <= count - T.size, stride <= count else { return nil }
    let (span, overflow) = (n - 1).multipliedReportingOverflow(by: stride * T.size)
    guard !overflow, span <= count - T.size - offset else { return nil }
    return withBytes { bytes in
      [Double](unsafeUninitializedCapacity: n) { buffer, initialized in
        var p = offset
        let step = stride * T.size
        for i in 0..<n {
          buffer[i] = T.load(bytes, p, order)
          p &+= step
        }
        initialized = n
      }
    }
  }
}

/// A number type that files store.
public protocol StoredNumber: Sendable {
  /// Bytes of one number.
  static var size: Int { get }
  /// The number at an offset that the caller has checked.
  static func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder) -> Double
}

extension Float: StoredNumber {
  /// Four bytes.
  public static var size: Int { 4 }
  /// The number at an offset that the caller has checked.
  @inlinable
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double {
    let raw = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return Double(
      Float(bitPattern: order == .little ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw)))
  }
}

extension Double: StoredNumber {
  /// Eight bytes.
  public static var size: Int { 8 }
  /// The number at an offset that the caller has checked.
  @inlinable
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double {
    let raw = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return Double(bitPattern: order == .little ? UInt64(littleEndian: raw) : UInt64(bigEndian: raw))
  }
}
