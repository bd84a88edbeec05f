/// One line of a text: its number from 1 and where its content stands, without the line end.
public struct TextLine: Hashable, Sendable {
  /// The number, from 1.
  public let number: Int
  /// The content in the text.
  public let range: Range<Int>
  /// Where the next line starts.
  public let next: Int
}

/// The lines of a text with LF, CRLF, CR or mixed line ends; CR CR LF counts as one.
public struct TextLines: Sequence, Sendable {
  /// The text.
  public let text: ByteView
  private let start: Int
  private let firstNumber: Int

  /// The lines from an offset on, which is the start of line `number`.
  public init(_ text: ByteView, from start: Int = 0, number: Int = 1) {
    self.text = text
    self.start = Swift.max(0, start)
    firstNumber = number
  }

  /// The content of a line, decoded.
  public func string(_ line: TextLine) -> String { TextLines.string(text[line.range]) }

  /// The bytes as a string.
  public static func string(_ bytes: ByteView) -> String {
    bytes.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// Walks over the lines.
  public struct Iterator: IteratorProtocol {
    let text: ByteView
    var offset: Int
    var number: Int

    /// The next line; an empty rest after the last line end is none.
    public mutating func next() -> TextLine? {
      guard offset < text.count else { return nil }
      let (end, following) = text.withBytes { TextLines.lineEnd($0, from: offset) }
      defer {
        offset = following
        number += 1
      }
      return TextLine(number: number, range: offset..<end, next: following)
    }
  }

  /// An iterator from the first line.
  public func makeIterator() -> Iterator {
    Iterator(text: text, offset: start, number: firstNumber)
  }

  /// Where the line around `start` ends, and where the next one starts.
  static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> (end: Int, next: Int) {
    var i = start
    while i < bytes.count, bytes[i] != 0x0A, bytes[i] != 0x0D { i += 1 }
    return (i, afterLineEnd(bytes, at: i))
  }

  /// The offset behind the line end at `i`; `i` itself where there is none.
  static func afterLineEnd(_ bytes: UnsafeRawBufferPointer, at i: Int) -> Int {
    guard i < bytes.count else { return i }
    if bytes[i] == 0x0A { return i + 1 }
    guard bytes[i] == 0x0D else { return i }
    if i + 1 < bytes.count, bytes[i + 1] == 0x0A { return i + 2 }
    if i + 2 < bytes.count, bytes[i + 1] == 0x0D, bytes[i + 2] == 0x0A { return i + 3 }
    return i + 1
  }

  /// The number of the line in which an offset stands.
  public static func number(ofOffset offset: Int, in text: ByteView) -> Int {
    numbers(ofOffsets: [offset], in: text).first ?? 1
  }

  /// The numbers of the lines in which ascending offsets stand, in one pass.
  public static func numbers(
    ofOffsets offsets: [Int], in text: ByteView, from start: Int = 0, number first: Int = 1
  ) -> [Int] {
    text.withBytes { bytes in
      var result: [Int] = []
      result.reserveCapacity(offsets.count)
      var i = Swift.max(0, start)
      var number = first
      for offset in offsets {
        // Far ahead, whole stretches without CR are counted quickly.
        while offset - i > 4096 {
          let stretch = UnsafeRawBufferPointer(rebasing: bytes[i..<(i + 4096)])
          if count(of: 0x0D, in: stretch) > 0 { break }
          number += count(of: 0x0A, in: stretch)
          i += 4096
        }
        while i < offset, i < bytes.count {
          let byte = bytes[i]
          if byte == 0x0A || byte == 0x0D {
            let next = afterLineEnd(bytes, at: i)
            if next > offset { break }
            number += 1
            i = next
          } else {
            i += 1
          }
        }
        result.append(number)
      }
      return result
    }
  }

  /// The number of line ends in a range: LF, or CR where there is no LF at all.
  static func roughCount(_ bytes: UnsafeRawBufferPointer) -> Int {
    let feeds = count(of: 0x0A, in: bytes)
    return feeds > 0 ? feeds : count(of: 0x0D, in: bytes)
  }

  /// How often a byte occurs.
  static func count(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let pattern = ones &* UInt64(byte)
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    var total = 0
    var i = 0
    while i &+ 8 <= bytes.count {
      // Each byte of `lanes` counts the hits in its place, at most 255 times.
      var lanes: UInt64 = 0
      let words = Swift.min(255, (bytes.count &- i) / 8)
      for k in 0..<words {
        let x = bytes.loadUnaligned(fromByteOffset: i &+ 8 &* k, as: UInt64.self) ^ pattern
        lanes = lanes &+ (~(((x & low) &+ low) | x | low) &>> 7)
      }
      i = i &+ 8 &* words
      for shift in 0..<8 { total += Int(lanes &>> UInt64(8 &* shift) & 0xFF) }
    }
    while i < bytes.count {
      if bytes[i] == byte { total += 1 }
      i += 1
    }
    return total
  }
}
