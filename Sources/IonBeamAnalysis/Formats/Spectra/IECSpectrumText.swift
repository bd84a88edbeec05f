public import Bytes
public import Reading
public import Tables

/// Spectra after IEC 1455 (docs/formats/iec1455.md).
public enum IECSpectrumText: FileFormat {
  /// The id.
  public static let id = "iec1455"
  /// One line for people.
  public static let title = "IEC 1455 spectrum (.iec)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["iec"]
  /// How it is recognised.
  public static let recognisedBy = "every line starts with A004"

  /// Looks for the same prefix on every line.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let head = SpectrumHead(file), head.lines.count > 3 else { return .none }
    let prefix = String(head.lines[0].prefix(4))
    guard isPrefix(prefix), head.lines.dropLast().allSatisfy({ $0.hasPrefix(prefix) }) else {
      return .none
    }
    return Recognition(prefix == "A004" ? 100 : 85, ["every line starts with \(prefix)"])
  }

  private static func isPrefix(_ text: String) -> Bool {
    text.count == 4 && text.hasPrefix("A") && text.dropFirst().allSatisfy { $0.isNumber }
  }

  /// The first record with counts.
  private static let firstOfCounts = 59

  /// Reads counts, times, start, calibration and the other records.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    let text = try DecodedText.decode(bytes, into: &result.diagnostics)
    SpectrumText.noteLineEnd(text, &result.diagnostics)
    var reader = Records()
    var number = 0
    for line in TextLines(text.utf8) {
      let bytes = text.utf8[line.range]
      if bytes.count == 0 { continue }
      let prefix = bytes.prefix(4).latin1()
      guard isPrefix(prefix) else {
        throw ReadFailure(
          "iec1455.prefix", at: .line(line.number), found: "the line starts with `\(prefix)`",
          expected: "expected A004")
      }
      number += 1
      let body = bytes.dropFirst(4)
      if number < firstOfCounts {
        reader.header(number, SpectrumText.trimmed(TextLines.string(body)), line, &result)
      } else {
        try reader.counts(body, line)
      }
      if reader.start == nil, number + 1 == firstOfCounts { reader.start = line.next }
    }
    guard !reader.values.isEmpty else {
      throw ReadFailure(
        "iec1455.no-data", at: .line(max(1, number)), found: "\(number) records, none with counts",
        expected: "expected counts from record \(firstOfCounts) on")
    }
    // The last line has five counts whatever the number of channels.
    if let promised = reader.channels, reader.values.count > promised {
      let filling = reader.values[promised...]
      if filling.count < 5, filling.allSatisfy({ $0 == 0 }) {
        result.diagnostics.note(
          "iec1455.filling", at: .line(2),
          found: "\(filling.count) zeros behind the \(promised) channels fill the last line",
          expected: "they are left out")
        reader.values.removeLast(filling.count)
      } else {
        result.diagnostics.warn(
          "spectrum.more", at: .line(2),
          found: "the file promises \(promised) channels, \(reader.values.count) are there",
          expected: "all are given")
      }
    }
    var content = SpectrumContent(first: reader.first, counts: .integer(reader.values))
    content.record = reader.record
    content.record.calibration = reader.calibration(&result)
    content.calibrationPlace = reader.calibrationPlace
    let start = reader.start ?? 0
    content.origin = Origin(
      bytes: [text.sourceOffset(start)..<bytes.count], lines: reader.lines,
      steps: ["decimal text, five counts a line in columns of 10"])
    if let promised = reader.channels {
      try result.checkPromise(reader.values.count, of: promised, at: .line(2))
    }
    try result.add(content)
    return result.dataset(id)
  }

  /// What the records say.
  private struct Records {
    var record = SpectrumRecord()
    var channels: Int?
    var polynomial: [Double] = []
    var pairs: [(channel: Double, energy: Double)] = []
    var values: [Int64] = []
    var first: Int64 = 0
    var start: Int?
    var lines: ClosedRange<Int>?
    var calibrationPlace = Place.line(4)

    /// Numbers that may stand without a blank between them: a sign starts the next one.
    static func numbers(_ text: String) -> [Double]? {
      var separated = ""
      var last: Character = " "
      for letter in text {
        if letter == "-" || letter == "+", last.isNumber || last == "." { separated.append(" ") }
        separated.append(letter)
        last = letter
      }
      return SpectrumText.numbers(separated)
    }

    mutating func header(
      _ number: Int, _ text: String, _ line: TextLine, _ result: inout SpectrumTables
    ) {
      if !text.isEmpty { result.metadata.append("record \(number)", text) }
      func bad(_ expected: String) {
        result.diagnostics.warn(
          "iec1455.record", at: .line(line.number),
          found: "record \(number) is `\(text.prefix(60))`", expected: expected)
      }
      switch number {
      case 1: if !text.isEmpty { record.title = text }
      case 2:
        guard let numbers = Self.numbers(text), numbers.count >= 3,
          let count = Int(exactly: numbers[2]), count > 0
        else { return bad("expected live time, real time and the number of channels") }
        record.liveTime = numbers[0]
        record.realTime = numbers[1]
        channels = count
      case 3:
        // Two clocks: start of the acquisition and of the sample; one of them may show the order.
        let words = text.split(whereSeparator: { $0.isWhitespace })
        let dates = words.filter { $0.contains("/") }
        let dayFirst = dates.contains { date in
          (date.split(separator: "/").first.flatMap { Int($0) } ?? 0) > 12
        }
        SpectrumText.start(
          words.prefix(2).joined(separator: " "), at: .line(line.number), into: &record,
          dayFirst: dayFirst, &result.diagnostics)
      case 4:
        guard let numbers = Self.numbers(text), numbers.count >= 2 else {
          return bad("expected the coefficients of the energy calibration")
        }
        polynomial = numbers
      case 5...10: break
      case 11...22:
        guard let numbers = Self.numbers(text), numbers.count % 2 == 0 else {
          return bad("expected pairs of energy and channel")
        }
        for n in stride(from: 0, to: numbers.count - 1, by: 2)
        where numbers[n] != 0 || numbers[n + 1] != 0 {
          pairs.append((numbers[n + 1], numbers[n]))
        }
      default: break
      }
    }

    /// The polynomial, or where it is all zeros a line through the pairs of energy and channel.
    mutating func calibration(_ result: inout SpectrumTables) -> FileCalibration? {
      if polynomial.contains(where: { $0 != 0 }) {
        return FileCalibration(polynomial, source: "record 4")
      }
      guard let line = StraightLine(pairs) else { return nil }
      calibrationPlace = .line(11)
      result.diagnostics.note(
        "spectrum.fitted-calibration", at: .line(11),
        found: "a straight line through \(pairs.count) points of channel and energy",
        expected: "the largest distance is \(line.residual) keV")
      return FileCalibration(
        [line.offset, line.slope], source: "a straight line through the points of records 11 to 22")
    }

    /// The first channel in 6 columns, then up to five counts in 10 columns each.
    mutating func counts(_ body: ByteView, _ line: TextLine) throws(ReadFailure) {
      func field(_ range: Range<Int>) -> String {
        SpectrumText.trimmed(TextLines.string(body[range]))
      }
      guard let channel = Int64(field(0..<6)), channel >= 0 else {
        throw ReadFailure(
          "iec1455.channel", at: .line(line.number),
          found: "`\(field(0..<6).prefix(20))` stands where the first channel must be",
          expected: "expected a whole number in columns 5 to 10")
      }
      if values.isEmpty { first = channel }
      guard channel == first &+ Int64(values.count) else {
        throw ReadFailure(
          "iec1455.channel", at: .line(line.number), found: "the line starts at channel \(channel)",
          expected: "expected channel \(first &+ Int64(values.count))")
      }
      lines = (lines?.lowerBound ?? line.number)...line.number
      var position = 6
      while position < body.count {
        let word = field(position..<(position + 10))
        position += 10
        if word.isEmpty { continue }
        guard let count = Int64(word) else {
          throw ReadFailure(
            "spectrum.not-a-number",
            at: .cell(line: line.number, column: 1 + (position - 6) / 10),
            found: "`\(word.prefix(40))` stands where a count must be",
            expected: "expected a whole number in 10 columns")
        }
        values.append(count)
      }
    }
  }
}
