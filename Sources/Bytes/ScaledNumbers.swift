/// One straight-line step from a stored number to a value: `x · multiplier + offset`.
public struct LinearStep: Hashable, Sendable {
  /// What the number is multiplied by.
  public var multiplier: Double
  /// What is added then.
  public var offset: Double

  /// A step from its parts.
  public init(multiplier: Double, offset: Double) {
    self.multiplier = multiplier
    self.offset = offset
  }
}

extension ByteView {
  /// `count` numbers of any layout, widened to Double and put through the steps one after the other.
  ///
  /// Every step is rounded on its own, so that the result has the bits of the same steps in any other
  /// language. Nil where the view is too short.
  public func scaled(
    _ layout: NumberLayout, count n: Int, order: ByteOrder, steps: [LinearStep] = []
  ) -> [Double]? {
    let raw: [Double]? =
      switch layout {
      case .float32: reals(Float.self, count: n, order: order)
      case .float64: reals(Double.self, count: n, order: order)
      case .int8: reals(Int8.self, count: n, order: order)
      case .int16: reals(Int16.self, count: n, order: order)
      case .int32: reals(Int32.self, count: n, order: order)
      case .int64: reals(Int64.self, count: n, order: order)
      case .uint8: reals(UInt8.self, count: n, order: order)
      case .uint16: reals(UInt16.self, count: n, order: order)
      case .uint32: reals(UInt32.self, count: n, order: order)
      case .uint64: reals(UInt64.self, count: n, order: order)
      }
    guard var values = raw else { return nil }
    for step in steps {
      values.withUnsafeMutableBufferPointer { buffer in
        for i in buffer.indices { buffer[i] = buffer[i] * step.multiplier + step.offset }
      }
    }
    return values
  }
}

extension FixedWidthInteger {
  /// The number at an offset that the caller has checked.
  static func stored(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder) -> Self {
    let raw = bytes.loadUnaligned(fromByteOffset: offset, as: Self.self)
    return order == .little ? Self(littleEndian: raw) : Self(bigEndian: raw)
  }
}

extension Int8: StoredNumber {
  /// One byte.
  public static var size: Int { 1 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}

extension UInt8: StoredNumber {
  /// One byte.
  public static var size: Int { 1 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}

extension Int16: StoredNumber {
  /// Two bytes.
  public static var size: Int { 2 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}

extension UInt16: StoredNumber {
  /// Two bytes.
  public static var size: Int { 2 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}

extension Int32: StoredNumber {
  /// Four bytes.
  public static var size: Int { 4 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}

extension UInt32: StoredNumber {
  /// Four bytes.
  public static var size: Int { 4 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}

extension Int64: StoredNumber {
  /// Eight bytes.
  public static var size: Int { 8 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}

extension UInt64: StoredNumber {
  /// Eight bytes.
  public static var size: Int { 8 }
  /// The number at an offset that the caller has checked.
  public static func load(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ order: ByteOrder
  ) -> Double { Double(Self.stored(bytes, offset, order)) }
}
