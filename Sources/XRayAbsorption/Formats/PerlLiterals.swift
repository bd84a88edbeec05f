internal import Bytes
internal import Tables

/// Reads the assignments of literals that an Athena project consists of; never runs anything.
///
/// `$name = 'text';`, `@name = (item, item, …);`, `%name = (key => item, …);` and `[record]`. Items are
/// texts in quotes, bare numbers and words, and nested brackets, which are kept as they stand.
struct PerlLiterals {
  /// One statement of the file.
  struct Statement {
    /// `$`, `@`, `%` and the name, or `[record]`.
    var name: String
    var line: Int
    var items: [String]
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// What could not be read: where, and what stood there.
  private(set) var unreadable: [(line: Int, text: String)] = []
  /// Whether the text ends inside a statement.
  private(set) var isCut = false
  /// Whether `1;` was met, which ends every file of Perl.
  private(set) var hasEnd = false

  init(_ text: ByteView) { bytes = text.array }

  /// The next statement; nil at the end.
  mutating func next() -> Statement? {
    while true {
      skipBlanks()
      guard position < bytes.count else { return nil }
      let start = line
      if bytes[position...].starts(with: "[record]".utf8) {
        skipLine()
        return Statement(name: "[record]", line: start, items: [])
      }
      let sigil = bytes[position]
      guard sigil == UInt8(ascii: "$") || sigil == UInt8(ascii: "@") || sigil == UInt8(ascii: "%")
      else {
        let text = skipLine()
        if text == "1;" { hasEnd = true } else { unreadable.append((start, text)) }
        continue
      }
      let begin = position
      position += 1
      while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
      let name = String(decoding: bytes[begin..<position], as: UTF8.self)
      skipBlanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
        unreadable.append((start, name + skipLine()))
        continue
      }
      position += 1
      guard let items = items(isList: sigil != UInt8(ascii: "$")) else {
        isCut = true
        return nil
      }
      return Statement(name: name, line: start, items: items)
    }
  }

  /// The items up to the semicolon; nil where the text ends before it.
  private mutating func items(isList: Bool) -> [String]? {
    skipBlanks(comments: false)
    if isList {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "(") else {
        return rawUntilSemicolon().map { [$0] }
      }
      position += 1
    }
    var items: [String] = []
    while true {
      skipBlanks(comments: false)
      guard position < bytes.count else { return nil }
      switch bytes[position] {
      case UInt8(ascii: ";"):
        position += 1
        return items
      case UInt8(ascii: ")"), UInt8(ascii: ","):
        position += 1
      case UInt8(ascii: "="):  // `=>` is a comma
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: ">") { position += 1 }
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        guard let text = quoted() else { return nil }
        items.append(text)
      case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "("):
        guard let text = bracketed() else { return nil }
        items.append(text)
      default:
        let begin = position
        while position < bytes.count, !Self.ends(bytes[position]) { advance() }
        // A mark that begins no item must not hold up the reading.
        if position == begin { advance() }
        let word = String(decoding: bytes[begin..<position], as: UTF8.self)
        if !bytes[begin..<position].allSatisfy(Self.isPlain) { unreadable.append((line, word)) }
        if word != "bless" { items.append(word == "undef" ? "" : word) }
      }
    }
  }

  /// A text in quotes: `\'` and `\\` in single ones, `\x{…}` and `\n` in double ones.
  private mutating func quoted() -> String? {
    let quote = bytes[position]
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        position += 1
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
        let following = bytes[position + 1]
        if following == quote || following == UInt8(ascii: "\\") {
          text.append(following)
          position += 2
          continue
        }
        if following == UInt8(ascii: "x"), let scalar = hexadecimal() {
          text.append(contentsOf: Array(String(Character(scalar)).utf8))
          continue
        }
      }
      text.append(byte)
      advance()
    }
    return nil
  }

  /// The character of `\x{e34}` at the position, which moves behind it.
  private mutating func hexadecimal() -> Unicode.Scalar? {
    let start = position + 3
    guard start < bytes.count, bytes[position + 2] == UInt8(ascii: "{"),
      let end = bytes[start..<min(bytes.count, start + 8)].firstIndex(of: UInt8(ascii: "}")),
      let value = UInt32(String(decoding: bytes[start..<end], as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { return nil }
    position = end + 1
    return scalar
  }

  /// Nested brackets as they stand, quotes inside respected.
  private mutating func bracketed() -> String? {
    let begin = position
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        guard quoted() != nil else { return nil }
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ")"): depth -= 1
      default: break
      }
      advance()
      if depth == 0 { return String(decoding: bytes[begin..<position], as: UTF8.self) }
    }
    return nil
  }

  private mutating func rawUntilSemicolon() -> String? {
    let begin = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ";") { advance() }
    guard position < bytes.count else { return nil }
    position += 1
    return String(decoding: bytes[begin..<(position - 1)], as: UTF8.self)
  }

  private mutating func advance() {
    // A carriage return with a line feed behind it is one end of a line.
    let byte = bytes[position]
    if byte == 10 || (byte == 13 && (position + 1 >= bytes.count || bytes[position + 1] != 10)) {
      line += 1
    }
    position += 1
  }

  private mutating func skipBlanks(comments: Bool = true) {
    while position < bytes.count {
      if comments, bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, !Self.endsLine(bytes[position]) { position += 1 }
      } else if bytes[position] <= 32 {
        advance()
      } else {
        return
      }
    }
  }

  @discardableResult
  private mutating func skipLine() -> String {
    let begin = position
    while position < bytes.count, !Self.endsLine(bytes[position]) { position += 1 }
    var end = position
    while end > begin, bytes[end - 1] <= 32 { end -= 1 }
    return String(decoding: bytes[begin..<end], as: UTF8.self)
  }

  private static func endsLine(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || (byte >= 48 && byte <= 57)
      || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
  }

  /// Whether a byte stands in bare numbers and words.
  private static func isPlain(_ byte: UInt8) -> Bool {
    isWord(byte) || "+-.".utf8.contains(byte)
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte <= 32 || ",;()[]{}='\"".utf8.contains(byte)
  }
}
