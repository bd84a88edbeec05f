internal import Bytes
internal import Reading
internal import Tables

/// The lines above the rows of a scan, kept as they stand.
struct ScanHeader {
  /// The lines, without line ends and blanks behind them.
  private(set) var lines: [(number: Int, text: String)] = []

  /// Adds a line.
  mutating func append(_ line: TextLine, _ text: ByteView) {
    lines.append((line.number, Self.trimmedEnd(TextLines.string(text[line.range]))))
  }

  /// Every line that says something, under `header_1`, `header_2` and so on.
  func describe(into dataset: inout Dataset) {
    var count = 0
    for line in lines where !line.text.isEmpty {
      count += 1
      let key = "header_\(count)"
      dataset.metadata.append(key, line.text)
      dataset.settingOrigins[key] = Origin(lines: line.number...line.number)
    }
  }

  /// The text without blanks at its end.
  static func trimmedEnd(_ text: String) -> String {
    guard let last = text.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(text[...last])
  }

  /// The first lines of a file for its recognition, at most `count`; NULs are read as blanks.
  static func first(_ count: Int, of file: FileHead, withNUL: Bool = false) -> [String] {
    var head = file.head.prefix(8192)
    if withNUL { head = ByteView(head.array.map { $0 == 0 ? 0x20 : $0 }) }
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(head, into: &ignored) else { return [] }
    let lines = TextLines(text.utf8)
    return lines.prefix(count).map { trimmedEnd(lines.string($0)) }
  }

  /// The number at the start of a text, blanks before it left out.
  static func leadingNumber(_ text: some StringProtocol) -> Double? {
    let start = text.drop { $0 == " " || $0 == "\t" }
    let number = start.prefix { $0.isASCII && ($0.isNumber || ".+-eEdD".contains($0)) }
    // `3.13551A` and `1.92E` both start with a number.
    for length in stride(from: number.count, to: 0, by: -1) {
      if let x = NumberScanner.parse(number.prefix(length)) { return x }
    }
    return nil
  }

  /// The whole number at the start of a text, blanks before it left out.
  static func leadingInteger(_ text: some StringProtocol) -> Int? {
    Int(text.drop { $0 == " " || $0 == "\t" }.prefix { $0.isASCII && $0.isNumber })
  }
}

extension ByteView {
  /// Whether the view holds nothing but blanks and the end mark of DOS (0x1A).
  var isBlankOrEndMark: Bool {
    withBytes { bytes in bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x1A } }
  }
}
