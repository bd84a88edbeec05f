internal import Bytes

/// Splits a line of Igor text into its words: names, quoted names, strings, numbers, flags.
struct IgorTextWords {
  /// One word.
  enum Word: Hashable {
    /// A bare or single-quoted name, or a number.
    case name(String)
    /// A string in double quotes, its escapes resolved.
    case text(String)
    /// A flag with its value: `/N=(2,3)` is `N` and `(2,3)`, `/P` is `P` and nothing.
    case flag(String, String)

    /// The name or text.
    var content: String {
      switch self {
      case .name(let text), .text(let text): text
      case .flag(let letters, _): letters
      }
    }
  }

  /// Escapes that are not known; they stay as they are written.
  private(set) var strangeEscapes = 0
  private let characters: [Character]
  private var position = 0

  /// The words of a line; a comment at its end is left out.
  static func split(_ line: String) -> [Word] {
    var words = IgorTextWords(line)
    return words.all()
  }

  /// The words of a line, to be taken with `all`.
  init(_ line: String) { characters = Array(line) }

  /// All words that are left.
  mutating func all() -> [Word] {
    var result: [Word] = []
    while let word = next() { result.append(word) }
    return result
  }

  /// The commands of a line: parts that `;` outside of quotes divides.
  static func commands(_ line: String) -> [String] {
    var parts: [[Character]] = [[]]
    var quote: Character?
    var escaped = false
    for character in line {
      if character == ";", quote == nil {
        parts.append([])
        continue
      }
      if let open = quote {
        if character == open, !escaped { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      }
      escaped = character == "\\" && !escaped && quote == "\""
      parts[parts.count - 1].append(character)
    }
    return parts.map { part in
      let start = part.drop { $0.isWhitespace }
      return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }.filter { !$0.isEmpty }
  }

  private var current: Character? { position < characters.count ? characters[position] : nil }

  private mutating func next() -> Word? {
    while let c = current, c.isWhitespace || c == "," || c == "=" { position += 1 }
    guard let c = current else { return nil }
    switch c {
    case "/":
      position += 1
      // Two strokes start a comment.
      if current == "/" { return nil }
      return flag()
    case "\"":
      position += 1
      return .text(string())
    case "'":
      position += 1
      let name = take { $0 != "'" }
      position += 1
      return .name(name)
    default: return .name(take { !$0.isWhitespace && $0 != "," && $0 != "/" && $0 != "=" })
    }
  }

  private mutating func take(while condition: (Character) -> Bool) -> String {
    var text = ""
    while let c = current, condition(c) {
      text.append(c)
      position += 1
    }
    return text
  }

  /// The letters of a flag, and what follows `=`: a list in brackets or one word.
  private mutating func flag() -> Word {
    let letters = take { $0.isLetter }
    let mark = position
    _ = take { $0.isWhitespace }
    guard current == "=" else {
      position = mark
      return .flag(letters.uppercased(), "")
    }
    position += 1
    _ = take { $0.isWhitespace }
    guard current == "(" else {
      return .flag(letters.uppercased(), take { !$0.isWhitespace && $0 != "/" && $0 != "," })
    }
    position += 1
    let list = take { $0 != ")" }
    position += 1
    return .flag(letters.uppercased(), list)
  }

  /// A string up to its closing quote: `\r`, `\n`, `\t`, `\"`, `\'` and `\\` are escapes.
  private mutating func string() -> String {
    var text = ""
    while let c = current {
      position += 1
      if c == "\"" { break }
      guard c == "\\", let escaped = current else {
        text.append(c)
        continue
      }
      position += 1
      switch escaped {
      case "r": text.append("\r")
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "\"", "'", "\\": text.append(escaped)
      default:
        text += "\\\(escaped)"
        strangeEscapes += 1
      }
    }
    return text
  }
}
