internal import CKernels
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
    var series = fields.map { RecordSeries($0, count: n) }
    var done = 0
    var isWhole = true
    // Pieces of a file and blocks of records that stay in the cache while all fields are taken.
    inPieces(of: 1 << 18, unit: size, start..<(start + n * size)) { bytes in
      let present = bytes.count / size
      for first in Swift.stride(from: 0, to: present, by: RecordSeries.block) {
        let rows = Swift.min(RecordSeries.block, present - first)
        for i in series.indices {
          guard series[i].take(bytes, at: first * size, size, done + first, rows, order) else {
            isWhole = false
            return false
          }
        }
      }
      done += present
      return true
    }
    isWhole = isWhole && done == n
    return isWhole ? series.map(\.values) : nil
  }
}

/// One field of records on its way to a column.
private struct RecordSeries {
  /// Records that are taken at a time: few enough to stay in the cache while all fields are.
  static let block = 1024

  private let field: RecordField
  private var reals: [Double] = []
  private var whole: [Int64] = []

  init(_ field: RecordField, count: Int) {
    self.field = field
    if field.layout.isInteger {
      whole = LongSeries.unfilled(count)
    } else {
      reals = LongSeries.unfilled(count)
    }
  }

  var values: ColumnValues { field.layout.isInteger ? .integer(whole) : .real(reals) }

  /// Takes records whose bounds the caller has checked, from the one with the number `first` on; false
  /// where a whole number exceeds the range of `Int64`.
  mutating func take(
    _ bytes: UnsafeRawBufferPointer, at start: Int, _ size: Int, _ first: Int, _ rows: Int,
    _ order: ByteOrder
  ) -> Bool {
    let layout = field.layout
    guard first >= 0, rows >= 0, first + rows <= (layout.isInteger ? whole.count : reals.count),
      let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else { return false }
    let place = base + start + field.offset
    let isSwapped: Int32 = (order == .little) == (1 == Int32(littleEndian: 1)) ? 0 : 1
    guard layout.isInteger else {
      reals.withUnsafeMutableBufferPointer {
        guard let target = $0.baseAddress else { return }
        ck_field_reals(
          place, size, rows, Int32(layout.size), isSwapped, field.divisor, target + first)
      }
      return true
    }
    let (mask, shift) = field.bits ?? (0, 0)
    let isUnbounded = layout == .uint64
    return whole.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress.map({ $0 + first }) else { return false }
      ck_field_whole(
        place, size, rows, Int32(layout.size), layout.isSigned ? 1 : 0, isSwapped,
        isUnbounded ? 0 : mask, Int32(min(max(shift, 0), 63)), target)
      if isUnbounded {
        for i in 0..<rows where target[i] < 0 { return false }
        if mask != 0 { for i in 0..<rows { target[i] = (target[i] & mask) >> shift } }
      }
      return true
    }
  }
}
