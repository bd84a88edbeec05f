internal import Bytes
internal import Reading
internal import Tables

/// The first bytes of a file as text for recognition, with the zeros of UTF-16 and marks left out.
struct SpectrumHead {
  /// The text.
  let text: ByteView
  /// The first lines without blanks around them.
  let lines: [Substring]

  /// Nil where the first bytes hold control characters: no text.
  init?(_ file: FileHead, bytes: Int = 4096, lines count: Int = 40) {
    var head = file.head.prefix(bytes)
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { head = head.dropFirst(3) }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      head = ByteView(head.dropFirst(2).array.filter { $0 != 0 })
    }
    let isText = head.withBytes { bytes in
      bytes.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || $0 == 0x0C }
    }
    guard isText, head.count > 0 else { return nil }
    text = head
    // Each line by itself: the rest of the head is not looked at.
    var found: [Substring] = []
    var start = 0
    var taken = 0
    while start < head.count, taken < count {
      let end = head.withBytes { bytes in
        bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D || $0 == 0x0C || $0 == 0x85 }
          ?? bytes.count
      }
      if end > start {
        taken += 1
        let line = SpectrumText.trimmed(Substring(head[start..<end].latin1()))
        if !line.isEmpty { found.append(line) }
      }
      start = end + 1
    }
    lines = found
  }
}

/// What readers of text spectra share.
enum SpectrumText {
  /// A text without blanks around it.
  static func trimmed(_ text: Substring) -> Substring {
    // Where ASCII stands at both ends, bytes tell as much as characters.
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let utf8 = text.utf8
    guard let start = utf8.firstIndex(where: { !isBlank($0) }),
      let end = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    if utf8[start] < 0x80, utf8[end] < 0x80 { return text[start..<utf8.index(after: end)] }
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }

  /// A text without blanks around it.
  static func trimmed(_ text: String) -> String { String(trimmed(text[...])) }

  /// Where the last line of a text starts, if it closes a block, such as `</data>`.
  static func closingTag(_ text: ByteView) -> Int? {
    let tail = text.suffix(256).array
    guard let end = tail.lastIndex(where: { $0 > 0x20 }), tail[end] == UInt8(ascii: ">") else {
      return nil
    }
    let start = tail[...end].lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
    guard tail[start...].starts(with: [UInt8(ascii: "<"), UInt8(ascii: "/")]) else { return nil }
    return text.count - tail.count + start
  }

  /// Whether a line only says that numbers follow.
  static func isDataMark(_ line: String) -> Bool {
    ["data:", "<data>", "[data]", "% end comments", "end comments"].contains(
      trimmed(line).lowercased())
  }

  /// The numbers of a text between blanks and commas; nil where a word is none.
  static func numbers(_ text: some StringProtocol) -> [Double]? {
    var result: [Double] = []
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == ";" }) {
      guard let number = NumberScanner.parse(word) else { return nil }
      result.append(number)
    }
    return result
  }

  /// How many keV a unit is; nil for a word that is no unit of energy.
  static func kiloelectronvolts(_ unit: some StringProtocol) -> Double? {
    switch unit.lowercased() {
    case "kev": 1
    case "mev": 1000
    case "ev": 0.001
    default: nil
    }
  }

  /// Notes a last line without line end: its last number may be cut.
  static func noteLineEnd(_ text: DecodedText, _ diagnostics: inout DiagnosticList) {
    guard let line = text.lineWithoutEnd else { return }
    diagnostics.note(
      "text.no-final-newline", at: .line(line), found: "the last line has no line end",
      expected: "its last number may be cut")
  }

  /// Reads a clock into a record; warns where it is none.
  static func start(
    _ text: some StringProtocol, at place: Place, into record: inout SpectrumRecord,
    dayFirst: Bool = false, _ diagnostics: inout DiagnosticList
  ) {
    guard let clock = FileClock.parse(text, dayFirst: dayFirst) else {
      diagnostics.warn(
        "spectrum.clock", at: place, found: "`\(text.prefix(40))` is no date and time",
        expected: "expected one such as 09/14/2021 13:37:05; the start is not known")
      return
    }
    if clock.isTurned {
      diagnostics.note(
        "spectrum.date-order", at: place, found: "`\(text.prefix(40))` has day and month turned",
        expected: "read as \(clock.text)")
    }
    record.start = clock.text
  }
}
