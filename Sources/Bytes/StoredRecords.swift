/// Records of one size that lie in stretches of a view: pages of rows, blocks behind heads.
///
/// Each stretch is checked once, when it is added; reading a field of all records is then one pass
/// without a check a value.
public struct StoredRecords: Sendable {
  /// Some records without a gap between them.
  private struct Stretch: Sendable {
    /// Where the first one starts.
    var start: Int
    var count: Int
    /// The number of the first one, counted with the places that hold none.
    var slot: Int
  }

  /// The bytes that hold the records.
  public let bytes: ByteView
  /// Bytes of one record.
  public let size: Int
  /// The number of records.
  public private(set) var count = 0
  private var stretches: [Stretch] = []

  /// No record yet.
  public init(_ bytes: ByteView, size: Int) {
    self.bytes = bytes
    self.size = max(1, size)
  }

  /// Adds `n` records from an offset, of which the first has the number `slot`.
  ///
  /// - Returns: how many of them the view holds whole; the others are not added.
  @discardableResult
  public mutating func append(_ n: Int, at start: Int, slot: Int) -> Int {
    guard n > 0, start >= 0, start < bytes.count else { return 0 }
    let whole = min(n, (bytes.count - start) / size)
    guard whole > 0 else { return 0 }
    count += whole
    if let last = stretches.last, last.start + last.count * size == start,
      last.slot + last.count == slot
    {
      stretches[stretches.count - 1].count += whole
    } else {
      stretches.append(Stretch(start: start, count: whole, slot: slot))
    }
    return whole
  }

  /// Whether every place from the first to the last holds a record.
  public var isDense: Bool {
    guard let first = stretches.first, let last = stretches.last else { return true }
    return first.slot == 0 && last.slot + last.count == count
  }

  /// The numbers of the records, counted with the places that hold none, plus `shift`.
  public func slots(plus shift: Int64 = 0) -> [Int64] {
    var result: [Int64] = []
    LargeMemory.reserve(&result, count)
    for stretch in stretches {
      let first = Int64(stretch.slot) &+ shift
      for i in 0..<Int64(stretch.count) { result.append(first &+ i) }
    }
    return result
  }

  /// A field of every record as real numbers, each divided by `divisor`; empty where the field does
  /// not lie within a record.
  public func reals(_ layout: NumberLayout, at field: Int, over divisor: Double = 1) -> [Double] {
    switch layout {
    case .float32:
      column(UInt32.self, field) { Double(Float(bitPattern: $0)) / divisor }
    case .float64: column(UInt64.self, field) { Double(bitPattern: $0) / divisor }
    case .int8: column(Int8.self, field) { Double($0) / divisor }
    case .int16: column(Int16.self, field) { Double($0) / divisor }
    case .int32: column(Int32.self, field) { Double($0) / divisor }
    case .int64: column(Int64.self, field) { Double($0) / divisor }
    case .uint8: column(UInt8.self, field) { Double($0) / divisor }
    case .uint16: column(UInt16.self, field) { Double($0) / divisor }
    case .uint32: column(UInt32.self, field) { Double($0) / divisor }
    case .uint64: column(UInt64.self, field) { Double($0) / divisor }
    }
  }

  /// A field of every record as whole numbers; unsigned ones beyond `Int64` are cut to its greatest.
  ///
  /// Empty where the field does not lie within a record or is no whole number.
  public func integers(_ layout: NumberLayout, at field: Int) -> [Int64] {
    switch layout {
    case .int8: column(Int8.self, field) { Int64($0) }
    case .int16: column(Int16.self, field) { Int64($0) }
    case .int32: column(Int32.self, field) { Int64($0) }
    case .int64: column(Int64.self, field) { $0 }
    case .uint8: column(UInt8.self, field) { Int64($0) }
    case .uint16: column(UInt16.self, field) { Int64($0) }
    case .uint32: column(UInt32.self, field) { Int64($0) }
    case .uint64: column(UInt64.self, field) { Int64(clamping: $0) }
    case .float32, .float64: []
    }
  }

  /// The loop behind every field; the stretches lie within the view, and the field within a record.
  @inline(__always)
  private func column<T: FixedWidthInteger, R: BitwiseCopyable>(
    _ type: T.Type, _ field: Int, _ value: (T) -> R
  ) -> [R] {
    guard field >= 0, field + MemoryLayout<T>.size <= size, count > 0 else { return [] }
    return bytes.withBytes { raw in
      [R](unsafeUninitializedCapacity: LargeMemory.capacity(for: count, of: R.self)) {
        buffer, made in
        LargeMemory.advise(UnsafeMutableRawBufferPointer(buffer))
        guard var target = buffer.baseAddress else { return }
        for stretch in stretches {
          var position = stretch.start &+ field
          for i in 0..<stretch.count {
            let stored = T(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: T.self))
            (target + i).initialize(to: value(stored))
            position &+= size
          }
          target += stretch.count
        }
        made = count
      }
    }
  }
}

extension StoredRecords {
  /// How pages of equal size hold records.
  public struct Pages: Hashable, Sendable {
    /// Bytes of a page; the first page of the file is its header.
    public var size: Int
    /// Where the first record of a page starts.
    public var start: Int
    /// Bytes at the end of a page that hold no record.
    public var end: Int
    /// Where the bits stand that tell which places are filled, the lowest bit first; nil for none.
    public var mask: Int?

    /// A layout from its parts.
    public init(size: Int, start: Int, end: Int, mask: Int?) {
      self.size = max(1, size)
      self.start = max(0, start)
      self.end = max(0, end)
      self.mask = mask
    }
  }

  /// The filled records of all pages behind the header page.
  ///
  /// - Parameters:
  ///   - cut: set to how many filled places lie wholly or in part beyond the end of the view.
  ///   - isFilled: for pages without a mask, whether the record at an offset is one.
  public init(
    pagesOf bytes: ByteView, size: Int, pages: Pages, cut: inout Int,
    isFilled: (Int) -> Bool = { _ in true }
  ) {
    self.init(bytes, size: size)
    let perPage = max(0, (pages.size - pages.start - pages.end) / self.size)
    var page = pages.size
    var slot = 0
    while page < bytes.count, perPage > 0 {
      defer {
        page += pages.size
        slot += perPage
      }
      let first = page + pages.start
      var place = 0
      while place < perPage {
        guard filled(place) else {
          place += 1
          continue
        }
        var end = place + 1
        while end < perPage {
          if end % 8 == 0, end + 8 <= perPage, let mask = pages.mask,
            bytes[page + mask + end / 8] == 0xFF
          {
            end += 8
          } else if filled(end) {
            end += 1
          } else {
            break
          }
        }
        let whole = append(end - place, at: first + place * self.size, slot: slot + place)
        cut += end - place - whole
        place = end
      }
      func filled(_ place: Int) -> Bool {
        guard let mask = pages.mask else {
          let at = first + place * self.size
          return at + self.size <= bytes.count && isFilled(at)
        }
        return (bytes[page + mask + place / 8] ?? 0) >> UInt8(place % 8) & 1 == 1
      }
    }
  }
}
