/// How a binary file stores the numbers of a series.
public enum NumberLayout: String, Hashable, Sendable, CaseIterable {
  case float32, float64
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64

  /// Bytes of one number.
  public var size: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// Whether the numbers are whole.
  public var isInteger: Bool { self != .float32 && self != .float64 }

  /// Whether the numbers may be negative.
  public var isSigned: Bool {
    switch self {
    case .float32, .float64, .int8, .int16, .int32, .int64: true
    case .uint8, .uint16, .uint32, .uint64: false
    }
  }
}

extension ByteView {
  /// `count` floating-point numbers, `stride` numbers apart; nil where the view is too short or the
  /// layout is one of whole numbers.
  public func reals(
    _ layout: NumberLayout, count n: Int, at offset: Int = 0, stride: Int = 1, order: ByteOrder
  ) -> [Double]? {
    switch layout {
    case .float32: reals(Float.self, count: n, at: offset, stride: stride, order: order)
    case .float64: reals(Double.self, count: n, at: offset, stride: stride, order: order)
    default: nil
    }
  }

  /// `count` whole numbers, `stride` numbers apart; nil where the view is too short, the layout is
  /// one of floating-point numbers, or an unsigned 64-bit number exceeds the range of `Int64`.
  public func integers(
    _ layout: NumberLayout, count n: Int, at offset: Int = 0, stride: Int = 1, order: ByteOrder
  ) -> [Int64]? {
    switch layout {
    case .int8: whole(Int8.self, n, offset, stride, order)
    case .int16: whole(Int16.self, n, offset, stride, order)
    case .int32: whole(Int32.self, n, offset, stride, order)
    case .int64: whole(Int64.self, n, offset, stride, order)
    case .uint8: whole(UInt8.self, n, offset, stride, order)
    case .uint16: whole(UInt16.self, n, offset, stride, order)
    case .uint32: whole(UInt32.self, n, offset, stride, order)
    case .uint64: whole(UInt64.self, n, offset, stride, order)
    case .float32, .float64: nil
    }
  }

  private func whole<T: FixedWidthInteger>(
    _ type: T.Type, _ n: Int, _ offset: Int, _ stride: Int, _ order: ByteOrder
  ) -> [Int64]? {
    let size = MemoryLayout<T>.size
    guard n >= 0, offset >= 0, stride >= 1, stride <= 1 << 20 else { return nil }
    guard n > 0 else { return [] }
    let step = stride * size
    let (span, tooLong) = (n - 1).multipliedReportingOverflow(by: step)
    let (end, tooFar) = span.addingReportingOverflow(size)
    guard !tooLong, !tooFar, offset <= count, end <= count - offset else { return nil }
    return withBytes { bytes in
      var result: [Int64] = []
      result.reserveCapacity(n)
      var position = offset
      for _ in 0..<n {
        let raw = bytes.loadUnaligned(fromByteOffset: position, as: T.self)
        let value = order == .little ? T(littleEndian: raw) : T(bigEndian: raw)
        guard let exact = Int64(exactly: value) else { return nil }
        result.append(exact)
        position &+= step
      }
      return result
    }
  }
}
