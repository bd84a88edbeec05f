public import Bytes
public import Reading
public import Tables

/// Ortec's ASCII spectra `.Spe` (docs/formats/ortec-spe.md).
public enum OrtecSpectrumText: FileFormat {
  /// The id.
  public static let id = "ortec-spe"
  /// One line for people.
  public static let title = "Ortec ASCII spectrum (.Spe)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["spe"]
  /// How it is recognised.
  public static let recognisedBy = "a line $SPEC_ID: or $DATA:"

  /// Looks for the lines that start its blocks.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let head = SpectrumHead(file) else { return .none }
    let blocks = head.lines.filter { $0.hasPrefix("$") && $0.hasSuffix(":") }
    let known = blocks.filter { Self.lineCounts.keys.contains(String($0.dropFirst().dropLast())) }
    let main = blocks.filter { $0 == "$SPEC_ID:" || $0 == "$DATA:" }
    if let first = main.first {
      return Recognition(known.count > 1 ? 100 : 90, ["a line \(first)"])
    }
    return known.count > 1
      ? Recognition(85, known.map { "a line \($0)" })
      : .none
  }

  /// The known blocks, and how many lines they have at most; nil for any number.
  private static let lineCounts: [String: Int?] = [
    "SPEC_ID": nil, "SPEC_REM": nil, "DATE_MEA": 1, "MEAS_TIM": 1, "DATA": 1, "ROI": nil,
    "PRESETS": 3, "ENER_FIT": 1, "MCA_CAL": nil, "SHAPE_CAL": nil, "ENER_DATA": nil,
    "ENDRECORD": 0,
  ]

  /// Reads counts, times, start, calibration and every other block.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    let text = try DecodedText.decode(bytes, into: &result.diagnostics)
    var blocks = Blocks()
    try blocks.read(text, &result)
    SpectrumText.noteLineEnd(text, &result.diagnostics)
    guard !blocks.data.isEmpty else {
      throw ReadFailure(
        "ortec-spe.no-data", at: .line(1), found: "the file has no counts below a line $DATA:",
        expected: "expected the channels `first last` and then the counts")
    }
    for (number, data) in blocks.data.enumerated() {
      var content = SpectrumContent(first: data.first, counts: data.lines.values)
      content.record = blocks.record
      content.record.table = blocks.data.count > 1 ? "spectrum_\(number + 1)" : "spectrum"
      content.record.calibration = blocks.calibration
      content.calibrationPlace = blocks.calibrationPlace
      content.origin = data.lines.origin(of: text, "decimal text, channels from \(data.first)")
      data.lines.noteBlanks(&result.diagnostics)
      try result.add(content)
      if let promised = data.promised {
        let place = Place.line(data.line)
        try result.checkPromise(data.lines.count, of: promised, at: place)
        if data.lines.count > promised {
          result.diagnostics.warn(
            "spectrum.more", at: place,
            found: "the file promises \(promised) channels, \(data.lines.count) are there",
            expected: "all are given")
        }
      }
    }
    return result.dataset(id)
  }

  /// The blocks of a file.
  private struct Blocks {
    struct Counts {
      var first: Int64
      var promised: Int?
      var lines: CountLines
      var line: Int
    }
    var data: [Counts] = []
    var record = SpectrumRecord()
    var calibration: FileCalibration?
    var calibrationPlace = Place.whole

    /// Goes through all lines.
    mutating func read(_ text: DecodedText, _ result: inout SpectrumTables) throws(ReadFailure) {
      var offset = 0
      var number = 1
      var block = ""
      var linesOfBlock = 0
      var numbers: [String: (words: [Substring], line: Int)] = [:]
      while offset < text.utf8.count {
        var lines = TextLines(text.utf8, from: offset, number: number).makeIterator()
        guard let line = lines.next() else { break }
        offset = line.next
        number += 1
        var content = SpectrumText.trimmed(TextLines.string(text.utf8[line.range]))
        if content.isEmpty { continue }
        if content.hasPrefix("$") {
          block = String(content.dropFirst().prefix { $0 != ":" })
          linesOfBlock = 0
          if OrtecSpectrumText.lineCounts[block] == nil {
            result.diagnostics.note(
              "ortec-spe.unknown-block", at: .line(line.number),
              found: "the block $\(block.prefix(40)): is not known",
              expected: "its lines are kept as metadata")
            result.metadata.append("$\(block):", "")
          }
          // Text behind the colon belongs to the block.
          content = SpectrumText.trimmed(String(content.drop { $0 != ":" }.dropFirst()))
          if content.isEmpty { continue }
        }
        if block == "DATA", linesOfBlock == 0 {
          linesOfBlock += 1
          let range = try range(content, line)
          let counts = try CountLines(
            text.utf8, from: range == nil ? line.range.lowerBound : offset,
            line: range == nil ? line.number : number, until: .byte(UInt8(ascii: "$")))
          guard counts.count > 0 else {
            throw ReadFailure(
              "ortec-spe.no-data", at: .line(line.number), found: "no count follows",
              expected: "expected \(range?.count ?? 1) counts")
          }
          data.append(
            Counts(
              first: range?.first ?? 0, promised: range?.count, lines: counts, line: line.number))
          offset = counts.end
          number = counts.endLine
          continue
        }
        linesOfBlock += 1
        if let limit = OrtecSpectrumText.lineCounts[block] ?? nil, linesOfBlock > limit {
          result.diagnostics.note(
            "ortec-spe.extra-line", at: .line(line.number),
            found: "more lines than usual below $\(block):", expected: "kept as metadata")
        }
        result.metadata.append(block.isEmpty ? "line \(line.number)" : block, content)
        switch block {
        case "SPEC_ID" where linesOfBlock == 1: record.title = content
        case "DATE_MEA" where linesOfBlock == 1:
          SpectrumText.start(content, at: .line(line.number), into: &record, &result.diagnostics)
        case "MEAS_TIM" where linesOfBlock == 1: times(content, line, &result)
        case "MCA_CAL", "ENER_FIT", "ENER_DATA":
          numbers[block, default: ([], line.number)].words += Substring(content).split(
            whereSeparator: { $0.isWhitespace || $0 == "," })
        default: break
        }
      }
      calibrate(numbers, &result)
    }

    /// First channel and count of channels; nil where the line is no pair of whole numbers.
    private func range(
      _ text: String, _ line: TextLine
    ) throws(ReadFailure) -> (first: Int64, count: Int)? {
      let words = text.split(whereSeparator: { $0.isWhitespace || $0 == "," })
      guard words.count == 2 else {
        if words.count == 1, Int64(words[0]) != nil { return nil }
        throw ReadFailure(
          "ortec-spe.range", at: .line(line.number), found: "`\(text.prefix(40))` follows $DATA:",
          expected: "expected the numbers of the first and the last channel")
      }
      guard let first = Int64(words[0]), let last = Int64(words[1]), first >= 0, last >= first,
        last < 1 << 40
      else {
        throw ReadFailure(
          "ortec-spe.range", at: .line(line.number),
          found: "the channels go from \(words[0].prefix(20)) to \(words[1].prefix(20))",
          expected: "expected whole numbers, the first one not above the last")
      }
      return (first, Int(last - first) + 1)
    }

    private mutating func times(_ text: String, _ line: TextLine, _ result: inout SpectrumTables) {
      guard let times = SpectrumText.numbers(text), times.count == 2 else {
        result.diagnostics.warn(
          "ortec-spe.times", at: .line(line.number),
          found: "`\(text.prefix(40))` follows $MEAS_TIM:",
          expected: "expected live and real time in seconds; they are not known")
        return
      }
      record.liveTime = times[0]
      record.realTime = times[1]
    }

    /// The calibration: `$MCA_CAL:`, else `$ENER_FIT:`, else a line through the points of `$ENER_DATA:`.
    private mutating func calibrate(
      _ blocks: [String: (words: [Substring], line: Int)], _ result: inout SpectrumTables
    ) {
      for name in ["MCA_CAL", "ENER_FIT", "ENER_DATA"] {
        guard let block = blocks[name] else { continue }
        let place = Place.line(block.line)
        if case .whole = calibrationPlace { calibrationPlace = place }
        var words = block.words
        var scale = 1.0
        if let last = words.last, NumberScanner.parse(last) == nil {
          if let unit = SpectrumText.kiloelectronvolts(last) {
            scale = unit
          } else {
            result.diagnostics.warn(
              "unit.unknown", at: place, found: "the calibration is given in `\(last.prefix(20))`",
              expected: "expected keV; taken as keV")
          }
          words.removeLast()
        }
        var numbers = words.compactMap { NumberScanner.parse($0) }
        var isWhole = numbers.count == words.count
        if name != "ENER_FIT", let count = numbers.first {
          numbers.removeFirst()
          let expected = name == "MCA_CAL" ? count : 2 * count
          isWhole = isWhole && Double(numbers.count) == expected
        }
        guard isWhole, numbers.count >= 2 || numbers.allSatisfy({ $0 == 0 }) else {
          result.diagnostics.warn(
            "ortec-spe.calibration", at: place,
            found: "the numbers below $\(name): are not those that the block promises",
            expected: "expected a count and as many coefficients; the block is not used")
          continue
        }
        // Zeros are how these programs write that there is no calibration.
        guard calibration == nil, numbers.contains(where: { $0 != 0 }) else { continue }
        numbers = numbers.map { $0 * scale }
        calibrationPlace = place
        if name == "ENER_DATA" {
          fit(numbers, place, &result)
        } else {
          calibration = FileCalibration(numbers, source: "$\(name):")
        }
      }
    }

    private mutating func fit(_ numbers: [Double], _ place: Place, _ result: inout SpectrumTables) {
      let pairs = stride(from: 0, to: numbers.count - 1, by: 2).map {
        (channel: numbers[$0], energy: numbers[$0 + 1])
      }
      guard let line = StraightLine(pairs) else { return }
      result.diagnostics.note(
        "spectrum.fitted-calibration", at: place,
        found: "a straight line through \(pairs.count) points of channel and energy",
        expected: "the largest distance is \(line.residual) keV")
      calibration = FileCalibration(
        [line.offset, line.slope], source: "a straight line through the points of $ENER_DATA:")
    }
  }
}
