internal import CKernels

/// Long series of numbers made one by one, in memory that the system gives in large pages.
public enum LongSeries {
  /// A series of `count` numbers, each made from its place.
  @inlinable @inline(__always)
  public static func make<T: BitwiseCopyable>(_ count: Int, _ value: (Int) -> T) -> [T] {
    guard count > 0 else { return [] }
    return [T](unsafeUninitializedCapacity: capacity(for: count, of: T.self)) { buffer, made in
      advise(UnsafeMutableRawBufferPointer(buffer))
      for i in 0..<count { (buffer.baseAddress.unsafelyUnwrapped + i).initialize(to: value(i)) }
      made = count
    }
  }

  /// A series made from another, number by number.
  @inlinable @inline(__always)
  public static func map<S, T: BitwiseCopyable>(_ source: [S], _ value: (S) -> T) -> [T] {
    source.withUnsafeBufferPointer { buffer in make(buffer.count) { value(buffer[$0]) } }
  }

  /// A series made from two others, as far as the shorter one goes.
  @inlinable @inline(__always)
  public static func map<S, U, T: BitwiseCopyable>(
    _ first: [S], _ second: [U], _ value: (S, U) -> T
  ) -> [T] {
    first.withUnsafeBufferPointer { a in
      second.withUnsafeBufferPointer { b in
        make(min(a.count, b.count)) { value(a[$0], b[$0]) }
      }
    }
  }

  /// A series of stretches: `counts` tells how many numbers each has, `prepare` what they are made from.
  @inlinable @inline(__always)
  public static func make<C, T: BitwiseCopyable>(
    stretches counts: [Int], _ prepare: (Int) -> C, _ value: (C, Int) -> T
  ) -> [T] {
    var result: [T] = unfilled(counts.reduce(0) { $0 + max(0, $1) })
    result.withUnsafeMutableBufferPointer { buffer in
      guard var place = buffer.baseAddress else { return }
      for stretch in counts.indices where counts[stretch] > 0 {
        let given = prepare(stretch)
        for i in 0..<counts[stretch] { place[i] = value(given, i) }
        place += counts[stretch]
      }
    }
    return result
  }

  /// Four series of `count` numbers at once.
  @inlinable @inline(__always)
  public static func makeFour(
    _ count: Int, _ value: (Int) -> SIMD4<Double>
  ) -> ([Double], [Double], [Double], [Double]) {
    var a: [Double] = unfilled(count)
    var b: [Double] = unfilled(count)
    var c: [Double] = unfilled(count)
    var d: [Double] = unfilled(count)
    a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeMutableBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          d.withUnsafeMutableBufferPointer { d in
            for i in 0..<a.count {
              let four = value(i)
              a[i] = four.x
              b[i] = four.y
              c[i] = four.z
              d[i] = four.w
            }
          }
        }
      }
    }
    return (a, b, c, d)
  }

  /// The least of whole numbers; nil where there is none.
  public static func least(_ numbers: [Int64]) -> Int64? {
    guard var low = numbers.first else { return nil }
    var high = low
    var sum: UInt64 = 0
    ck_whole_range(numbers, numbers.count, &low, &high, &sum)
    return low
  }

  /// A series whose every number its maker writes before anybody reads it.
  @usableFromInline
  static func unfilled<T: BitwiseCopyable>(_ count: Int) -> [T] {
    guard count > 0 else { return [] }
    return [T](unsafeUninitializedCapacity: capacity(for: count, of: T.self)) { buffer, made in
      advise(UnsafeMutableRawBufferPointer(buffer))
      made = count
    }
  }

  /// An empty array with room for `count` numbers.
  public static func room<T: BitwiseCopyable>(for count: Int, of type: T.Type = T.self) -> [T] {
    var result: [T] = []
    LargeMemory.reserve(&result, max(0, count))
    return result
  }

  /// Lets the system take back every released block of a megabyte or more at once.
  ///
  /// Otherwise glibc keeps such blocks once the first one is released, and gives them again at places
  /// that large pages do not fit. For the start of a program: it concerns the whole process.
  public static func giveBackAtOnce() { ck_give_back_at_once(1 << 20) }

  @usableFromInline static func capacity<T: BitwiseCopyable>(for count: Int, of type: T.Type) -> Int
  {
    LargeMemory.capacity(for: count, of: type)
  }

  @usableFromInline static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    LargeMemory.advise(memory)
  }
}
