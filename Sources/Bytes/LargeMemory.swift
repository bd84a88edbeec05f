#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

internal import Synchronization

/// Memory for whole files and columns.
///
/// Linux backs large stretches with pages of 2 MiB where it is asked to; a file of 40 MB then costs 20
/// page faults in place of 10 000. The advice is only that: nothing depends on it.
enum LargeMemory {
  private static let page = 2 << 20

  /// New memory, aligned to large pages where it spans several.
  static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    guard byteCount >= 2 * page else {
      return UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
    }
    if let memory = takeSpare(byteCount) { return memory }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: page)
    advise(memory)
    return memory
  }

  /// Releases what ``allocate(byteCount:)`` gave, or keeps it for the next file.
  static func release(_ memory: UnsafeMutableRawBufferPointer) {
    guard memory.count >= 2 * page, memory.count <= largestSpare else { return memory.deallocate() }
    let old = spare.withLock { held in
      defer { held = Block(memory: memory) }
      return held
    }
    old?.memory.deallocate()
  }

  /// Memory that was released and not given back: a run over many files does not have the system
  /// clear each buffer again, which takes as long as copying the file.
  private static let spare = Mutex<Block?>(nil)
  private static let largestSpare = 128 << 20

  /// Memory that belongs to nobody but its holder.
  private struct Block: @unchecked Sendable { let memory: UnsafeMutableRawBufferPointer }

  /// The spare memory, where it is large enough and not more than twice as large.
  private static func takeSpare(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
    spare.withLock { held in
      guard let block = held, block.memory.count >= byteCount, block.memory.count / 2 <= byteCount
      else { return nil }
      held = nil
      return block.memory
    }
  }

  /// Asks for large pages in the part of the memory that can hold them.
  static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
    guard memory.count >= page, let base = memory.baseAddress else { return }
    // A few bytes at the ends are the allocator's own.
    let (start, end) = (Int(bitPattern: base), Int(bitPattern: base) + memory.count)
    let first = start % page <= slack ? start / page * page : (start + page - 1) / page * page
    let last = page - end % page <= slack ? end / page * page + page : end / page * page
    guard last > first, let aligned = UnsafeMutableRawPointer(bitPattern: first) else { return }
    madvise(aligned, last - first, MADV_HUGEPAGE)
    // The allocator's own bytes took a small page already, and with it the first large one.
    if start % page != 0, first < start { madvise(aligned, page, collapse) }
    #endif
  }

  /// MADV_COLLAPSE of Linux 6.1; older ones refuse it.
  private static let collapse: Int32 = 25

  /// Bytes beside a block of memory that its allocator may take for itself.
  private static let slack = 8192

  /// Room for `count` elements in an empty array, in large pages where that is worth it.
  static func reserve<T>(_ array: inout [T], _ count: Int) {
    array.reserveCapacity(capacity(for: count, of: T.self))
    guard count * MemoryLayout<T>.stride >= page else { return }
    let capacity = array.capacity * MemoryLayout<T>.stride
    array.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      advise(UnsafeMutableRawBufferPointer(start: base, count: capacity))
    }
  }

  /// The elements of an array that holds `count` of them, at most some more.
  ///
  /// Linux starts a block of memory at a large page where its size is that of whole ones.
  static func capacity<T>(for count: Int, of type: T.Type) -> Int {
    let bytes = count * MemoryLayout<T>.stride
    guard bytes >= page, bytes % page != 0 else { return count }
    return max(count, (bytes / page * page + page - slack / 2) / MemoryLayout<T>.stride)
  }
}

/// Memory for pieces of one size that are looked at one after the other: each is given back when its
/// last view is gone, and serves the next one.
final class PieceMemory: @unchecked Sendable {
  private let spare = Mutex<Block?>(nil)

  /// Memory that belongs to nobody but its holder.
  private struct Block: @unchecked Sendable { let memory: UnsafeMutableRawBufferPointer }

  deinit { spare.withLock { $0?.memory.deallocate() } }

  /// Bytes filled in place; `fill` returns how many it wrote.
  func view(capacity: Int, fill: (UnsafeMutableRawBufferPointer) -> Int) -> ByteView {
    let old = spare.withLock { held in
      defer { held = nil }
      return held
    }
    let memory: UnsafeMutableRawBufferPointer
    if let old, old.memory.count >= capacity {
      memory = old.memory
    } else {
      old?.memory.deallocate()
      memory = .allocate(byteCount: max(1, capacity), alignment: 64)
    }
    let part = UnsafeMutableRawBufferPointer(rebasing: memory[..<capacity])
    let filled = min(max(0, fill(part)), capacity)
    let size = memory.count
    return ByteView(
      storage: ByteStorage(base: memory.baseAddress.map { UnsafeRawPointer($0) }, count: filled) {
        [self] pointer, _ in
        keep(
          UnsafeMutableRawBufferPointer(
            start: UnsafeMutableRawPointer(mutating: pointer), count: size))
      })
  }

  private func keep(_ memory: UnsafeMutableRawBufferPointer) {
    let block = Block(memory: memory)
    let old = spare.withLock { held in
      defer { held = block }
      return held
    }
    old?.memory.deallocate()
  }
}
