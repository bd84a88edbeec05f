#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

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
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: page)
    advise(memory)
    return memory
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
