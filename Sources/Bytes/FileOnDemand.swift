#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

internal import Synchronization

/// A file of which only those parts come into memory that somebody looks at.
///
/// Parts are read, not mapped: a file that another program shortens meanwhile gives zeros in place of a
/// signal, and ``isChanged`` tells afterwards.
final class FileOnDemand: @unchecked Sendable {
  /// Bytes that come into memory together: a large page.
  private static let part = 2 << 20

  let count: Int
  private let descriptor: Int32
  private let before: stat
  private let memory: UnsafeMutableRawBufferPointer
  private let parts: Mutex<Parts>

  private struct Parts {
    var isLoaded: [Bool]
    var missing: Int
    var isShort = false
  }

  /// A file of a known size; the descriptor belongs to this object from now on.
  init(descriptor: Int32, info: stat, count: Int) {
    self.descriptor = descriptor
    before = info
    self.count = count
    memory = LargeMemory.allocate(byteCount: max(1, count))
    let n = (count + Self.part - 1) / Self.part
    parts = Mutex(Parts(isLoaded: Array(repeating: false, count: n), missing: n))
  }

  deinit {
    close(descriptor)
    LargeMemory.release(memory)
  }

  /// Where the content stands; only what ``need(_:)`` was called for is filled.
  var base: UnsafeRawPointer? { memory.baseAddress.map { UnsafeRawPointer($0) } }

  /// Whether the file is not what it was, or could not be read.
  var isChanged: Bool {
    var after = stat()
    return parts.withLock { $0.isShort } || fstat(descriptor, &after) != 0
      || !FileSource.unchanged(before, after)
  }

  /// Brings a range of the file into memory.
  func need(_ range: Range<Int>) {
    guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= count else { return }
    parts.withLock { state in
      guard state.missing > 0 else { return }
      for i in (range.lowerBound / Self.part)...((range.upperBound - 1) / Self.part)
      where !state.isLoaded[i] {
        let start = i * Self.part
        let target = UnsafeMutableRawBufferPointer(
          rebasing: memory[start..<min(start + Self.part, count)])
        if !fill(target, from: start) { state.isShort = true }
        state.isLoaded[i] = true
        state.missing -= 1
      }
    }
  }

  /// Whether a range is in memory.
  private func has(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    return parts.withLock { state in
      state.missing == 0
        || ((range.lowerBound / Self.part)...((range.upperBound - 1) / Self.part))
          .allSatisfy { state.isLoaded[$0] }
    }
  }

  /// A range of the file for one look: in `scratch`, unless it is in memory already.
  func look(
    at range: Range<Int>, in scratch: UnsafeMutableRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    guard range.lowerBound >= 0, range.upperBound <= count, range.count <= scratch.count else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    if has(range) { return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[range]) }
    let target = UnsafeMutableRawBufferPointer(rebasing: scratch[..<range.count])
    if !fill(target, from: range.lowerBound) { parts.withLock { $0.isShort = true } }
    return UnsafeRawBufferPointer(target)
  }

  /// Reads bytes of the file; what is not there any more is zero.
  private func fill(_ target: UnsafeMutableRawBufferPointer, from start: Int) -> Bool {
    var filled = 0
    while filled < target.count {
      let n = pread(
        descriptor, target.baseAddress.map { $0 + filled }, target.count - filled,
        off_t(start + filled))
      if n < 0, errno == EINTR { continue }
      if n <= 0 {
        UnsafeMutableRawBufferPointer(rebasing: target[filled...]).initializeMemory(
          as: UInt8.self, repeating: 0)
        return false
      }
      filled += n
    }
    return true
  }
}

extension ByteView {
  /// Whether the file behind the view changed since it was opened; a copy of a file never does.
  public var isChanged: Bool { storage.file?.isChanged ?? false }

  /// Calls `body` with the bytes of a range, piece after piece, each of at most `limit` bytes and a
  /// multiple of `unit` but for the last; false from it ends that.
  ///
  /// What is not in memory yet does not stay there.
  func inPieces(
    of limit: Int, unit: Int, _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Bool
  ) {
    guard unit > 0, range.lowerBound >= 0, range.upperBound <= count else { return }
    guard let file = storage.file else {
      withBytes { bytes in _ = body(UnsafeRawBufferPointer(rebasing: bytes[range])) }
      return
    }
    let size = max(1, limit / unit) * unit
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(size, max(1, range.count)), alignment: 64)
    defer { scratch.deallocate() }
    var position = range.lowerBound
    while position < range.upperBound {
      let end = min(position + size, range.upperBound)
      guard body(file.look(at: (start + position)..<(start + end), in: scratch)) else { return }
      position = end
    }
  }
}
