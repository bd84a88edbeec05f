internal import Tables

/// Many short texts in one stretch of memory, by number.
struct TextPool: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// Texts added one by one, so that equal ones have one number.
  private var known: [String: Int32] = [:]

  /// The number of texts.
  var count: Int { ends.count }

  /// The text of a number; empty for one that is not there.
  subscript(index: Int) -> String {
    guard index >= 0, index < ends.count else { return "" }
    return String(decoding: bytes[range(index)], as: UTF8.self)
  }

  private func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// Adds bytes to the text that is being written.
  mutating func write(_ part: UnsafeRawBufferPointer) { bytes.append(contentsOf: part) }

  /// Ends the text that is being written.
  mutating func endText() { ends.append(bytes.count) }

  /// The number of a text, which is added where it is new.
  ///
  /// - Parameter last: the number of the text before it in the same column, which is the same one more
  ///   often than not.
  mutating func number(of text: UnsafeRawBufferPointer, last: Int32) -> Int32 {
    if last >= 0, Int(last) < ends.count, bytes[range(Int(last))].elementsEqual(text) {
      return last
    }
    let key = String(decoding: text, as: UTF8.self)
    if let number = known[key] { return number }
    let number = Int32(clamping: ends.count)
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    known[key] = number
    return number
  }
}

/// Text of XML, its references resolved.
enum XMLCharacters {
  /// Appends text to an array, with `&amp;`, `&#10;`, `&#xB5;` and Excel's `_x000D_` replaced.
  static func append(_ text: UnsafeRawBufferPointer, to result: inout [UInt8]) {
    var i = 0
    while i < text.count {
      let byte = text[i]
      if byte == UInt8(ascii: "&"), let (scalar, next) = reference(text, i) {
        result.append(contentsOf: Array(String(scalar).utf8))
        i = next
      } else if byte == UInt8(ascii: "_"), let (scalar, next) = escape(text, i) {
        result.append(contentsOf: Array(String(scalar).utf8))
        i = next
      } else {
        result.append(byte)
        i += 1
      }
    }
  }

  private static func reference(
    _ text: UnsafeRawBufferPointer, _ start: Int
  ) -> (Unicode.Scalar, Int)? {
    guard let end = text[start..<min(text.count, start + 12)].firstIndex(of: UInt8(ascii: ";"))
    else { return nil }
    let name = String(decoding: text[(start + 1)..<end], as: UTF8.self)
    let scalar: Unicode.Scalar?
    switch name {
    case "amp": scalar = "&"
    case "lt": scalar = "<"
    case "gt": scalar = ">"
    case "quot": scalar = "\""
    case "apos": scalar = "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let isHex = name.hasPrefix("#x")
      let number = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
      scalar = number.flatMap { Unicode.Scalar($0) }
    }
    return scalar.map { ($0, end + 1) }
  }

  /// `_xHHHH_`, which stands for one character (ECMA-376, ST_Xstring).
  private static func escape(
    _ text: UnsafeRawBufferPointer, _ start: Int
  ) -> (Unicode.Scalar, Int)? {
    guard start + 7 <= text.count, text[start + 1] == UInt8(ascii: "x"),
      text[start + 6] == UInt8(ascii: "_"),
      let number = UInt32(
        String(decoding: text[(start + 2)..<(start + 6)], as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(number)
    else { return nil }
    return (scalar, start + 7)
  }
}

/// Reads `sharedStrings.xml` piece by piece: the text of each `si` without its phonetic runs.
struct SharedTextReader {
  private(set) var pool = TextPool()
  private var scratch: [UInt8] = []
  private var isInside = false
  private var isPhonetic = false

  mutating func read(_ buffer: UnsafeRawBufferPointer, _ isLast: Bool) -> Int {
    var i = 0
    while let open = buffer[i...].firstIndex(of: UInt8(ascii: "<")) {
      guard let close = buffer[open...].firstIndex(of: UInt8(ascii: ">")) else {
        return isLast ? buffer.count : open
      }
      let tag = XMLTag(buffer, open, close)
      switch (tag.name, tag.isEnd) {
      case ("si", false):
        isInside = !tag.isEmpty
        if tag.isEmpty { pool.endText() }
      case ("si", true):
        if isInside { pool.endText() }
        isInside = false
      case ("rPh", false): isPhonetic = !tag.isEmpty
      case ("rPh", true): isPhonetic = false
      case ("t", false) where !tag.isEmpty && isInside && !isPhonetic:
        guard let end = buffer[close...].firstIndex(of: UInt8(ascii: "<")) else {
          return isLast ? buffer.count : open
        }
        scratch.removeAll(keepingCapacity: true)
        XMLCharacters.append(
          UnsafeRawBufferPointer(rebasing: buffer[(close + 1)..<end]), to: &scratch)
        scratch.withUnsafeBytes { pool.write($0) }
        i = end
        continue
      default: break
      }
      i = close + 1
    }
    return buffer.count
  }
}

/// The name of a tag between `<` and `>`, without prefix.
struct XMLTag {
  let name: String
  let isEnd: Bool
  let isEmpty: Bool

  init(_ buffer: UnsafeRawBufferPointer, _ open: Int, _ close: Int) {
    var start = open + 1
    isEnd = start < close && buffer[start] == UInt8(ascii: "/")
    if isEnd { start += 1 }
    isEmpty = close > start && buffer[close - 1] == UInt8(ascii: "/")
    var end = start
    while end < close, buffer[end] > 0x20, buffer[end] != UInt8(ascii: "/") {
      if buffer[end] == UInt8(ascii: ":") { start = end + 1 }
      end += 1
    }
    name = start < end ? String(decoding: buffer[start..<end], as: UTF8.self) : ""
  }
}

/// Blanks around a text.
enum LooseBlanks {
  static func trimmed(_ text: String) -> Substring {
    var part = Substring(text)
    while let first = part.unicodeScalars.first, first.value <= 0x20 {
      part.unicodeScalars.removeFirst()
    }
    while let last = part.unicodeScalars.last, last.value <= 0x20 {
      part.unicodeScalars.removeLast()
    }
    return part
  }
}
