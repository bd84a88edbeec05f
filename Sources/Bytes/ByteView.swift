#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Memory that never changes after it is filled: the storage behind every ``ByteView``.
///
/// The pointer is owned by this object, either allocated or mapped read-only, and is released with it.
/// Of a large file only the parts that are looked at are filled.
final class ByteStorage: @unchecked Sendable {
  let base: UnsafeRawPointer?
  let count: Int
  /// The file that the memory is filled from; nil where it is filled.
  let file: FileOnDemand?
  private let release: (@Sendable (UnsafeRawPointer, Int) -> Void)?

  init(base: UnsafeRawPointer?, count: Int, release: (@Sendable (UnsafeRawPointer, Int) -> Void)?) {
    self.base = base
    self.count = base == nil ? 0 : count
    self.release = release
    file = nil
  }

  init(_ file: FileOnDemand) {
    base = file.base
    count = base == nil ? 0 : file.count
    self.file = file
    release = nil
  }

  deinit { if let base, let release { release(base, count) } }
}

/// Immutable bytes: a file, standard input, or a part of either.
///
/// A view is a value: copying it copies no bytes. Every access is checked against its bounds.
public struct ByteView: Sendable {
  let storage: ByteStorage
  let start: Int
  /// The number of bytes.
  public let count: Int

  init(storage: ByteStorage) {
    self.storage = storage
    start = 0
    count = storage.count
  }

  private init(storage: ByteStorage, start: Int, count: Int) {
    self.storage = storage
    self.start = start
    self.count = count
  }

  /// A copy of an array's bytes.
  public init(_ bytes: [UInt8]) {
    self = ByteView(capacity: bytes.count) { target in
      bytes.withUnsafeBytes { target.copyMemory(from: $0) }
      return bytes.count
    }
  }

  /// A copy of a text's UTF-8.
  public init(utf8 text: String) { self.init(Array(text.utf8)) }

  /// Bytes filled in place; `fill` returns how many it wrote.
  init(capacity: Int, fill: (UnsafeMutableRawBufferPointer) -> Int) {
    guard capacity > 0 else {
      self.init(storage: ByteStorage(base: nil, count: 0, release: nil))
      return
    }
    let memory = LargeMemory.allocate(byteCount: capacity)
    let part = UnsafeMutableRawBufferPointer(rebasing: memory[..<capacity])
    let filled = min(max(0, fill(part)), capacity)
    let base = memory.baseAddress.map { UnsafeRawPointer($0) }
    let allocated = memory.count
    self.init(
      storage: ByteStorage(base: base, count: filled) { pointer, _ in
        LargeMemory.release(
          UnsafeMutableRawBufferPointer(
            start: UnsafeMutableRawPointer(mutating: pointer), count: allocated))
      })
  }

  /// The byte at an offset, or nil beyond the end.
  public subscript(offset: Int) -> UInt8? {
    guard offset >= 0, offset < count, let base = storage.base else { return nil }
    storage.file?.need((start + offset)..<(start + offset + 1))
    return base.load(fromByteOffset: start + offset, as: UInt8.self)
  }

  /// The bytes of a range, clipped to the view.
  public subscript(range: Range<Int>) -> ByteView {
    let low = min(max(0, range.lowerBound), count)
    let high = min(max(low, range.upperBound), count)
    return ByteView(storage: storage, start: start + low, count: high - low)
  }

  /// The bytes from an offset on.
  public func dropFirst(_ n: Int) -> ByteView { self[max(0, n)..<max(max(0, n), count)] }

  /// The first `n` bytes, or all where there are fewer.
  public func prefix(_ n: Int) -> ByteView { self[0..<max(0, n)] }

  /// The last `n` bytes, or all where there are fewer.
  public func suffix(_ n: Int) -> ByteView { self[max(0, count - max(0, n))..<count] }

  /// A copy as an array.
  public var array: [UInt8] { withBytes { Array($0) } }

  /// Calls `body` with the bytes as a buffer, which must not escape.
  @inlinable
  public func withBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    // The storage must outlive the body even where this call is inlined.
    try withExtendedLifetime(self) { () throws(E) -> R in try body(unsafeBytes) }
  }

  /// The bytes as a buffer; valid while the view lives.
  @usableFromInline var unsafeBytes: UnsafeRawBufferPointer {
    guard let base = storage.base else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    storage.file?.need(start..<(start + count))
    return UnsafeRawBufferPointer(start: base + start, count: count)
  }

  /// Whether the view starts with those bytes.
  public func starts(with prefix: [UInt8]) -> Bool {
    count >= prefix.count
      && self.prefix(prefix.count).withBytes { $0.elementsEqual(prefix) }
  }

  /// Whether the view starts with the UTF-8 of a text.
  public func starts(with prefix: String) -> Bool { starts(with: Array(prefix.utf8)) }

  /// The offset of the first occurrence of a text's UTF-8 at or after `from`, or nil.
  public func firstRange(of needle: String, from: Int = 0) -> Range<Int>? {
    let pattern = Array(needle.utf8)
    guard let lead = pattern.first, from >= 0, count >= pattern.count else { return nil }
    return withBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      let last = bytes.count - pattern.count
      var i = from
      while i <= last, let found = memchr(base + i, Int32(lead), last - i + 1) {
        i = UnsafeRawPointer(found) - base
        if memcmp(base + i, pattern, pattern.count) == 0 { return i..<(i + pattern.count) }
        i += 1
      }
      return nil
    }
  }
}
