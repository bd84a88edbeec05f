public import Bytes
public import Reading
public import Tables

/// Canberra's lists of counts `.tka` (docs/formats/canberra-tka.md).
public enum CanberraCountList: FileFormat {
  /// The id.
  public static let id = "canberra-tka"
  /// One line for people.
  public static let title = "Canberra list of counts (.tka)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["tka"]
  /// How it is recognised.
  public static let recognisedBy =
    "one column: live time, real time, then whole numbers (or the extension .tka)"

  /// One column of numbers under its own extension, or two fractions above whole numbers.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let head = SpectrumHead(file, lines: 200), head.lines.count > 4 else { return .none }
    // The last line of the head may be cut.
    let rows = head.lines.dropLast()
    let isList = rows.dropFirst(2).allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
    guard isList, let live = NumberScanner.parse(rows[0]), let real = NumberScanner.parse(rows[1]),
      live >= 0, real >= 0
    else { return .none }
    if file.pathExtension == "tka" {
      return Recognition(78, ["one column of numbers under the extension .tka"])
    }
    let haveMarks = rows[0].contains(".") && rows[1].contains(".")
    return haveMarks && live <= real
      ? Recognition(75, ["two times with a decimal point above a column of whole numbers"])
      : .none
  }

  /// Reads live time, real time and counts.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    let text = try DecodedText.decode(bytes, into: &result.diagnostics)
    SpectrumText.noteLineEnd(text, &result.diagnostics)
    var times: [Double] = []
    var offset = 0
    var number = 1
    for line in TextLines(text.utf8) {
      if times.count == 2 { break }
      offset = line.next
      number = line.number + 1
      let word = SpectrumText.trimmed(TextLines.string(text.utf8[line.range]))
      if word.isEmpty { continue }
      guard let time = NumberScanner.parse(word), time >= 0 else {
        throw ReadFailure(
          "canberra-tka.time", at: .line(line.number), found: "`\(word.prefix(40))`",
          expected: "expected the \(times.isEmpty ? "live" : "real") time in seconds")
      }
      times.append(time)
    }
    let counts = try CountLines(text.utf8, from: offset, line: number, until: .byte(0))
    guard times.count == 2, counts.count > 0 else {
      throw ReadFailure(
        "canberra-tka.no-data", at: .line(max(1, number - 1)), found: "no count follows",
        expected: "expected live time, real time and one count a line")
    }
    counts.noteBlanks(&result.diagnostics)
    if counts.widest > 1 {
      result.diagnostics.warn(
        "canberra-tka.columns", at: counts.lines.map { .line($0.lowerBound) } ?? .whole,
        found: "\(counts.widest) numbers stand on one line",
        expected: "expected one; they are read one after another")
    }
    var content = SpectrumContent(counts: counts.values)
    content.record.liveTime = times[0]
    content.record.realTime = times[1]
    content.origin = counts.origin(of: text, "decimal text, one count a line")
    try result.add(content)
    return result.dataset(id)
  }
}
