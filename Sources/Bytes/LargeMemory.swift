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
    guard let base = memory.baseAddress else { return }
    let start = (Int(bitPattern: base) + page - 1) / page * page
    let end = (Int(bitPattern: base) + memory.count) / page * page
    guard end > start, let aligned = UnsafeMutableRawPointer(bitPattern: start) else { return }
    madvise(aligned, end - start, MADV_HUGEPAGE)
    #endif
  }

  /// Room for `count` elements in an empty array, in large pages where that is worth it.
  static func reserve<T>(_ array: inout [T], _ count: Int) {
    array.reserveCapacity(count)
    guard count * MemoryLayout<T>.stride >= page else { return }
    let capacity = array.capacity * MemoryLayout<T>.stride
    array.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      advise(UnsafeMutableRawBufferPointer(start: base, count: capacity))
    }
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
