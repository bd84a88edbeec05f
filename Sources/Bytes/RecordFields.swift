public import Tables

/// One number in every record of a table whose records have one size.
public struct RecordField: Hashable, Sendable {
  /// How the number is stored.
  public var layout: NumberLayout
  /// The byte of the record at which it starts.
  public var offset: Int
  /// What the number is divided by; 1 leaves it alone, and whole numbers are never divided.
  public var divisor = 1.0
  /// Some bits of a whole number, shifted to the right; nil for the whole number.
  public var bits: (mask: Int64, shift: Int64)? {
    get { mask == 0 ? nil : (mask, shift) }
    set { (mask, shift) = newValue ?? (0, 0) }
  }
  private var mask: Int64 = 0
  private var shift: Int64 = 0

  /// A field from its parts.
  public init(
    _ layout: NumberLayout, at offset: Int, divisor: Double = 1,
    bits: (mask: Int64, shift: Int64)? = nil
  ) {
    self.layout = layout
    self.offset = offset
    self.divisor = divisor
    self.bits = bits
  }
}

extension ByteView {
  /// The fields of `count` records of `size` bytes each, one column a field.
  ///
  /// The records are gone through in blocks that stay in the cache, so that wide records are fetched
  /// from memory once. Whole numbers become `Int64`, all others `Double`. Nil where the view is too
  /// short, a field does not lie within the record, or a `UInt64` exceeds the range of `Int64`.
  public func records(
    size: Int, count n: Int, at start: Int, order: ByteOrder, fields: [RecordField]
  ) -> [ColumnValues]? {
    guard size > 0, n >= 0, start >= 0, start <= count, n <= (count - start) / size else {
      return nil
    }
    for field in fields {
      guard field.offset >= 0, field.offset <= size - field.layout.size else { return nil }
    }
    var reals = fields.map { _ in [Double]() }
    var whole = fields.map { _ in [Int64]() }
    for (i, field) in fields.enumerated() {
      if field.layout.isInteger {
        LargeMemory.reserve(&whole[i], n)
      } else {
        LargeMemory.reserve(&reals[i], n)
      }
    }
    let isWhole = withBytes { bytes in
      let block = 1024
      var numbers = [Double](repeating: 0, count: block)
      var integers = [Int64](repeating: 0, count: block)
      for first in Swift.stride(from: 0, to: n, by: block) {
        let rows = Swift.min(block, n - first)
        for (i, field) in fields.enumerated() {
          let base = start + first * size + field.offset
          if field.layout.isInteger {
            let done = integers.withUnsafeMutableBufferPointer { buffer in
              guard Self.fill(buffer, field, bytes, base, size, rows, order) else { return false }
              whole[i].append(contentsOf: buffer.prefix(rows))
              return true
            }
            if !done { return false }
          } else {
            numbers.withUnsafeMutableBufferPointer { buffer in
              Self.fill(buffer, field, bytes, base, size, rows, order)
              reals[i].append(contentsOf: buffer.prefix(rows))
            }
          }
        }
      }
      return true
    }
    guard isWhole else { return nil }
    return zip(fields, zip(reals, whole)).map {
      $0.layout.isInteger ? .integer($1.1) : .real($1.0)
    }
  }

  /// `rows` floating-point numbers of one field; the caller has checked the bounds.
  private static func fill(
    _ buffer: UnsafeMutableBufferPointer<Double>, _ field: RecordField,
    _ bytes: UnsafeRawBufferPointer, _ base: Int, _ size: Int, _ rows: Int, _ order: ByteOrder
  ) {
    var p = base
    if field.layout == .float32 {
      for i in 0..<rows {
        buffer[i] = Float.load(bytes, p, order)
        p &+= size
      }
    } else {
      for i in 0..<rows {
        buffer[i] = Double.load(bytes, p, order)
        p &+= size
      }
    }
    if field.divisor != 1 {
      for i in 0..<rows { buffer[i] /= field.divisor }
    }
  }

  /// `rows` whole numbers of one field; false where one exceeds the range of `Int64`.
  private static func fill(
    _ buffer: UnsafeMutableBufferPointer<Int64>, _ field: RecordField,
    _ bytes: UnsafeRawBufferPointer, _ base: Int, _ size: Int, _ rows: Int, _ order: ByteOrder
  ) -> Bool {
    func load<T: FixedWidthInteger>(_ type: T.Type) {
      var p = base
      for i in 0..<rows {
        buffer[i] = Int64(truncatingIfNeeded: T.stored(bytes, p, order))
        p &+= size
      }
    }
    switch field.layout {
    case .int8: load(Int8.self)
    case .int16: load(Int16.self)
    case .int32: load(Int32.self)
    case .int64: load(Int64.self)
    case .uint8: load(UInt8.self)
    case .uint16: load(UInt16.self)
    case .uint32: load(UInt32.self)
    case .uint64:
      load(UInt64.self)
      for i in 0..<rows where buffer[i] < 0 { return false }
    case .float32, .float64: return false
    }
    if let bits = field.bits {
      for i in 0..<rows { buffer[i] = (buffer[i] & bits.mask) >> bits.shift }
    }
    return true
  }
}
