public import Bytes
public import Reading
public import Tables
internal import Units

/// Spectra as plain text: counts, channels and counts, or energies and counts (docs/formats/spectrum-text.md).
public enum PlainSpectrum: FileFormat {
  /// The id.
  public static let id = "spectrum-text"
  /// One line for people.
  public static let title = "Spectrum as text (counts, channel counts, energy counts)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["dat", "txt", "asc", "csv", "odf"]
  /// How it is recognised.
  public static let recognisedBy =
    "columns of channel or energy and counts, or one column of counts"

  /// Judges the words above the numbers, or the numbers alone; never above 78.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let table = SpectrumRows(file), let first = table.rows.first, table.rows.count >= 5 else {
      return .none
    }
    let meanings = SpectrumColumns.meanings(table.labels)
    let column = { (n: Int) in table.rows.map { $0[n] } }
    if first.count == 1 {
      let counts = column(0)
      guard counts.count >= 8, counts.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }) else {
        return .none
      }
      return meanings?.contains(.counts) ?? false
        ? Recognition(65, ["one column of whole numbers below `\(table.labels[0].prefix(20))`"])
        : Recognition(55, ["one column of whole numbers"])
    }
    if let meanings {
      let hasCounts = meanings.contains(.counts) || meanings.contains(.simulated)
      // A channel beside other words is a channel of something else, such as a mass spectrum.
      if meanings.contains(.channel), hasCounts || first.count == 2 {
        return Recognition(
          hasCounts ? 78 : 60, ["columns \(table.labels.prefix(4).joined(separator: ", "))"])
      }
      guard let n = meanings.firstIndex(of: .energy), n < first.count, hasCounts,
        isCalibration(column(n))
      else { return .none }
      return Recognition(
        65, ["columns of energy and counts", "energies of even steps from near 0"])
    }
    // A name for every column, none of them known, or many columns: something else.
    let areNamed =
      table.labels.count { !$0.isEmpty } == first.count
      && table.labels.contains { $0.contains(where: \.isLetter) }
    if areNamed || first.count > 3 { return .none }
    return recognise(column(0), column(1))
  }

  /// Judges two columns without words.
  private static func recognise(_ channels: [Double], _ counts: [Double]) -> Recognition {
    // A second column that never changes is a setting, not a spectrum.
    guard counts.allSatisfy({ $0 >= 0 }), counts.contains(where: { $0 != counts.first }) else {
      return .none
    }
    let areWhole = counts.allSatisfy { $0 == $0.rounded() }
    guard channels.allSatisfy({ $0 == $0.rounded() && $0 >= 0 && $0 < 1e6 }) else {
      return areWhole && isCalibration(channels)
        ? Recognition(60, ["even steps of energy from near 0, and whole numbers"]) : .none
    }
    let steps = zip(channels, channels.dropFirst()).map { $1 - $0 }
    if channels[0] <= 1, steps.allSatisfy({ $0 == 1 }) {
      return Recognition(70, ["channels from \(Int64(channels[0])) on, and values of 0 or more"])
    }
    if areWhole { return Recognition(60, ["two columns of whole numbers"]) }
    return steps.contains { $0 <= 0 }
      ? Recognition(55, ["whole numbers in any order, and values of 0 or more"]) : .none
  }

  /// Whether numbers go up in even steps from near zero, as the energies of channels do.
  private static func isCalibration(_ energies: [Double]) -> Bool {
    guard energies.count >= 8, let first = energies.first, let last = energies.last else {
      return false
    }
    let step = (last - first) / Double(energies.count - 1)
    return step > 0 && first.magnitude <= 200 * step
      && energies.enumerated().allSatisfy {
        ($0.element - first - step * Double($0.offset)).magnitude <= 0.6 * step
      }
  }

  /// Reads the spectrum; channels are sorted, repeats summed, and what is left out is 0.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    let text = try DecodedText.decode(bytes, into: &result.diagnostics)
    guard
      let layout = try TableLayout.detect(text.utf8, maximumColumns: options.limits.columns)
    else {
      throw ReadFailure(
        "spectrum-text.no-data", at: .line(1), found: "no line holds numbers",
        expected: "expected counts, or channels and counts")
    }
    SpectrumText.noteLineEnd(text, &result.diagnostics)
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    rules.mayDropRows = false
    let labels = layout.header.last?.cells ?? []
    let plan = PlainSpectrumPlan(layout, labels)
    let table = try NumericTable.parse(
      text, from: layout.dataStart, upTo: SpectrumText.closingTag(text.utf8),
      line: layout.dataLine, dialect: layout.dialect, columns: plan.requests, rules: rules,
      into: &result.diagnostics)
    guard table.rows > 0 else {
      throw ReadFailure(
        "spectrum-text.no-data", at: .line(layout.dataLine), found: "no whole row of numbers",
        expected: "expected at least one")
    }
    result.reading = [
      "encoding": text.encoding.rawValue, "delimiter": layout.dialect.delimiter.name,
      "decimal mark": String(Character(Unicode.Scalar(layout.dialect.decimalMark))),
    ]
    var preamble = PlainSpectrumPreamble()
    preamble.read(layout, text.utf8, &result)
    let several = plan.spectraOfBlock(layout, text.utf8, table)
    if several.count > 1 {
      // A block of `<data>` holds a spectrum a column.
      for (k, part) in several.enumerated() {
        var assembly = PlainSpectrumAssembly(plan: part, table: table, text: text, labels: labels)
        assembly.keepsOthers = false
        var content = try assembly.content(&result)
        content.record = preamble.record
        content.record.table = "spectrum_\(k + 1)"
        content.calibrationPlace = .line(layout.dataLine)
        try result.add(content)
      }
      result.complete = result.complete && table.complete
      return result.dataset(id)
    }
    var assembly = PlainSpectrumAssembly(plan: plan, table: table, text: text, labels: labels)
    var content = try assembly.content(&result)
    content.record = preamble.record
    if let coefficients = preamble.coefficients {
      content.record.calibration = FileCalibration(coefficients, source: "the line Coefficients")
    } else {
      content.record.calibration = assembly.calibration(&result)
    }
    content.calibrationPlace = .line(layout.dataLine)
    result.complete = table.complete && assembly.complete
    try result.add(content)
    return result.dataset(id)
  }
}

/// Which column is what.
struct PlainSpectrumPlan {
  var channel: Int?
  var energy: Int?
  var counts = 0
  var requests: [NumericTable.Request]
  var scale = 1.0

  init(_ layout: TableLayout, _ labels: [String]) {
    let meanings = SpectrumColumns.meanings(labels) ?? []
    func index(_ meaning: SpectrumColumns.Meaning) -> Int? {
      meanings.firstIndex(of: meaning).flatMap { $0 < layout.columns ? $0 : nil }
    }
    requests = layout.kinds.enumerated().map { n, kind in
      NumericTable.Request(kind, label: n < labels.count ? labels[n] : "column \(n + 1)")
    }
    channel = index(.channel)
    energy = index(.energy)
    if !meanings.isEmpty, channel != nil || energy != nil {
      let rest = (0..<layout.columns).filter { $0 != channel && $0 != energy }
      counts = index(.counts) ?? index(.simulated) ?? rest.first ?? 0
      if let energy { scale = SpectrumColumns.scale(labels[energy]) }
    } else if layout.columns == 1 {
      counts = 0
    } else {
      counts = index(.counts).flatMap { $0 > 0 ? $0 : nil } ?? 1
      if layout.kinds.first == .integer { channel = 0 } else { energy = 0 }
    }
    // Words are no counts, channels or energies.
    for n in [channel, energy, counts] {
      guard let n, n < requests.count else { continue }
      if requests[n].kind != .integer { requests[n].kind = .real() }
    }
  }
}

extension PlainSpectrumPlan {
  /// One plan a column of counts, where the rows stand behind a line `<data>` and no words name them.
  func spectraOfBlock(
    _ layout: TableLayout, _ text: ByteView, _ table: NumericTable
  ) -> [PlainSpectrumPlan] {
    let isBlock = layout.preamble.contains {
      SpectrumText.trimmed(TextLines.string(text[$0.range])).lowercased() == "<data>"
    }
    guard isBlock, layout.header.isEmpty, layout.columns > 2 || channel == nil else { return [] }
    var first: Int?
    if case .integer(let numbers)? = table.values.first, let start = numbers.first,
      start == 0 || start == 1, zip(numbers, numbers.dropFirst()).allSatisfy({ $1 &- $0 == 1 })
    {
      first = 0
    }
    return (0..<layout.columns).filter { $0 != first }.map { n in
      var plan = self
      plan.channel = first
      plan.energy = nil
      plan.counts = n
      return plan
    }
  }
}

/// Keys and values above the numbers.
struct PlainSpectrumPreamble {
  var record = SpectrumRecord()
  var coefficients: [Double]?
  private var unknown = 0

  mutating func read(_ layout: TableLayout, _ text: ByteView, _ result: inout SpectrumTables) {
    let lines = layout.preamble + layout.header.dropLast().map(\.line)
    for line in lines {
      var words = SpectrumText.trimmed(TextLines.string(text[line.range]))
      words = SpectrumText.trimmed(String(words.drop { $0 == "#" || $0 == "%" }))
      if words.isEmpty { continue }
      guard let mark = words.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
        result.metadata.append("line \(line.number)", words)
        noteUnknown(words, .line(line.number), &result)
        continue
      }
      let key = SpectrumText.trimmed(String(words[..<mark]))
      let value = SpectrumText.trimmed(String(words[words.index(after: mark)...]))
      result.metadata.append(key.isEmpty ? "line \(line.number)" : key, value)
      set(key, value, .line(line.number), &result)
    }
  }

  private mutating func set(
    _ key: String, _ value: String, _ place: Place, _ result: inout SpectrumTables
  ) {
    let words = value.split(whereSeparator: { $0.isWhitespace })
    func seconds() -> Double? {
      guard let first = words.first, let number = NumberScanner.parse(first), words.count <= 2,
        words.count == 1 || ["s", "sec", "second", "seconds"].contains(words[1].lowercased())
      else {
        result.diagnostics.warn(
          "spectrum-text.time", at: place, found: "\(key) is `\(value.prefix(40))`",
          expected: "expected seconds; it is not known")
        return nil
      }
      return number
    }
    switch String(key.lowercased().filter { $0.isLetter }) {
    case "livetime", "totallivetime": record.liveTime = seconds()
    case "realtime", "totalrealtime": record.realTime = seconds()
    case "starttime", "start", "datetime", "starttimestamp":
      if !value.isEmpty {
        SpectrumText.start(value, at: place, into: &record, &result.diagnostics)
      }
    case "title", "sample", "description": if !value.isEmpty { record.title = value }
    case "coefficients":
      let numbers = SpectrumText.numbers(value) ?? []
      if numbers.count > 1, numbers.contains(where: { $0 != 0 }) {
        coefficients = numbers
      } else {
        result.diagnostics.warn(
          "spectrum-text.coefficients", at: place,
          found: "the coefficients are `\(value.prefix(40))`",
          expected: "expected two or more numbers")
      }
    default:
      noteUnknown(key, place, &result)
    }
  }

  /// Notes the first lines that mean nothing to this reader.
  private mutating func noteUnknown(_ text: String, _ place: Place, _ result: inout SpectrumTables)
  {
    unknown += 1
    if unknown <= 20 {
      result.diagnostics.note(
        "spectrum-text.key", at: place, found: "`\(text.prefix(40))` is no key that is known",
        expected: "kept as metadata")
    }
  }
}

/// Puts rows into the order of channels.
struct PlainSpectrumAssembly {
  var plan: PlainSpectrumPlan
  var table: NumericTable
  var text: DecodedText
  var labels: [String]
  var complete = true
  /// Whether further columns go along.
  var keepsOthers = true
  private var pairs: [(channel: Double, energy: Double)] = []

  init(plan: PlainSpectrumPlan, table: NumericTable, text: DecodedText, labels: [String]) {
    self.plan = plan
    self.table = table
    self.text = text
    self.labels = labels
  }

  private var place: Place { table.lines.map { .line($0.lowerBound) } ?? .whole }

  private func label(_ column: Int, _ other: String) -> String {
    column < labels.count && !labels[column].isEmpty ? labels[column] : other
  }

  private var origin: Origin {
    Origin(
      bytes: [
        text.sourceOffset(table.bytes.lowerBound)..<text.sourceOffset(table.bytes.upperBound)
      ], lines: table.lines, steps: ["decimal text"])
  }

  /// A column as real numbers, NaN where missing.
  private func real(_ column: Int) -> [Double]? {
    guard column < table.values.count else { return nil }
    switch table.values[column] {
    case .real(let values): return values
    case .integer(let values):
      return values.enumerated().map {
        table.missing[column].contains($0.offset) ? .nan : Double($0.element)
      }
    default: return nil
    }
  }

  /// The spectrum without its record.
  mutating func content(_ result: inout SpectrumTables) throws(ReadFailure) -> SpectrumContent {
    guard plan.counts < table.values.count, let counts = real(plan.counts) else {
      throw ReadFailure(
        "spectrum-text.no-counts", at: place, found: "no column holds counts",
        expected: "expected numbers")
    }
    let values =
      table.missing[plan.counts].count == 0 ? table.values[plan.counts] : .real(counts)
    let channels = try channelNumbers(rows: counts.count)
    var content = SpectrumContent(counts: values)
    content.labels = (
      plan.channel.map { label($0, "channel") } ?? "channel", label(plan.counts, "counts")
    )
    content.origin = origin
    // A blank line at the end may have been a count.
    var tail = Array(text.utf8.suffix(64).array)
    if tail.last == 0x0A { tail.removeLast() }
    if tail.last == 0x0D { tail.removeLast() }
    if let last = tail.last, [0x0A, 0x0D, 0x20, 0x09].contains(last) {
      result.diagnostics.note(
        "spectrum-text.blank-lines", at: place, found: "the text ends with a blank",
        expected: "expected a count at its end")
    }
    if let lines = table.lines, lines.count > counts.count {
      let found = "\(lines.count - counts.count) blank lines or comments stand between the rows"
      if table.values.count == 1 {
        result.diagnostics.warn(
          "spectrum.blank-lines", at: place, found: found,
          expected: "expected none; a count may be lost there")
      } else {
        result.diagnostics.note(
          "spectrum-text.blank-lines", at: place, found: found, expected: "they are left out")
      }
    }
    let energies = plan.energy.flatMap(real)?.map { $0 * plan.scale }
    if let energies { pairs = zip(channels, energies).map { (Double($0), $1) } }
    let isPlain = zip(channels, channels.dropFirst()).allSatisfy { $1 &- $0 == 1 }
    if isPlain {
      content.channels = channels
      content.more = others()
      if let energy = plan.energy, let energies {
        content.energies = Column(
          name: "energy", label: label(energy, "energy"), values: .real(energies),
          unit: .known(.kiloelectronvolt), origin: origin)
      }
      return content
    }
    arrange(channels, values, &content, &result)
    return content
  }

  private func channelNumbers(rows: Int) throws(ReadFailure) -> [Int64] {
    guard let column = plan.channel, let numbers = real(column) else {
      return (0..<Int64(rows)).map { $0 }
    }
    var channels: [Int64] = []
    channels.reserveCapacity(numbers.count)
    for (row, number) in numbers.enumerated() {
      guard let channel = Int64(exactly: number), channel.magnitude < 1 << 40 else {
        throw ReadFailure(
          "spectrum-text.channel",
          at: table.lines.map { .cell(line: $0.lowerBound + row, column: column + 1) } ?? .whole,
          found: "the channel number is \(number)", expected: "expected a whole number")
      }
      channels.append(channel)
    }
    return channels
  }

  /// The columns that are neither channel, energy nor counts.
  private func others() -> [Column] {
    guard keepsOthers else { return [] }
    return table.values.indices.filter {
      $0 != plan.channel && $0 != plan.energy && $0 != plan.counts
    }.map {
      n in
      let shown = label(n, "column_\(n + 1)")
      let isSimulated = SpectrumColumns.meaning(shown) == .simulated
      return Column(
        name: isSimulated ? "counts_simulated" : ColumnLabel.slug(shown), label: shown,
        values: table.values[n], unit: isSimulated ? .known(.one) : .absent,
        missing: table.missing[n], origin: origin)
    }
  }

  /// Sorts by channel, sums repeats and fills gaps with 0.
  private mutating func arrange(
    _ channels: [Int64], _ values: ColumnValues, _ content: inout SpectrumContent,
    _ result: inout SpectrumTables
  ) {
    let order = channels.indices.sorted { (channels[$0], $0) < (channels[$1], $1) }
    let back = zip(channels, channels.dropFirst()).filter { $0 > $1 }.count
    if back > 0 {
      result.diagnostics.warn(
        "axis.unordered", at: place, found: "the channel numbers step back \(back) times",
        expected: "expected them to rise; they are sorted")
    }
    var numbers: [Int64] = []
    var whole: [Int64] = []
    var real: [Double] = []
    var isReal = false
    if case .real = values { isReal = true }
    var repeats = 0
    var absent = 0
    let span = (channels[order.last ?? 0]) &- (channels[order.first ?? 0])
    // Gaps are filled as long as that does not blow the spectrum up.
    let fills = span < 1 << 20 && span / 64 <= Int64(channels.count) + 1024
    for row in order {
      let channel = channels[row]
      let isRepeat = numbers.last == channel
      if isRepeat { repeats += 1 }
      while fills, !isRepeat, let last = numbers.last, last &+ 1 < channel {
        numbers.append(last &+ 1)
        if isReal { real.append(0) } else { whole.append(0) }
        absent += 1
      }
      if !isRepeat { numbers.append(channel) }
      switch values {
      case .integer(let list):
        if isRepeat {
          whole[whole.count - 1] =
            whole[whole.count - 1].addingReportingOverflow(list[row])
            .partialValue
        } else {
          whole.append(list[row])
        }
      case .real(let list):
        if isRepeat { real[real.count - 1] += list[row] } else { real.append(list[row]) }
      default: break
      }
    }
    if repeats > 0 {
      result.diagnostics.warn(
        "axis.repeated", at: place, found: "\(repeats) channel numbers are repeated",
        expected: "expected every channel once; their counts are summed")
    }
    if absent > 0 || !fills {
      result.diagnostics.warn(
        "axis.gap", at: place,
        found: fills
          ? "\(absent) channels between the first and the last are absent"
          : "channels are absent between \(numbers.first ?? 0) and \(numbers.last ?? 0)",
        expected: fills ? "expected every channel; they are given as 0" : "they are left out")
    }
    let lost = others()
    if !lost.isEmpty {
      complete = false
      result.diagnostics.warn(
        "spectrum-text.columns", at: place,
        found: "\(lost.count) further columns cannot follow channels out of order",
        expected: "only channels and counts are given")
    }
    content.channels = numbers
    content.counts = isReal ? .real(real) : .integer(whole)
  }

  /// The straight line through the energies of the channels.
  mutating func calibration(_ result: inout SpectrumTables) -> FileCalibration? {
    guard plan.energy != nil else { return nil }
    let finite = pairs.filter { $0.energy.isFinite }
    guard let line = StraightLine(finite) else { return nil }
    let words = "a straight line through \(finite.count) energies of channels"
    if line.residual > line.slope.magnitude {
      result.diagnostics.warn(
        "spectrum.curved-calibration", at: place, found: words,
        expected: "the largest distance is \(line.residual) keV, more than a channel")
    } else {
      result.diagnostics.note(
        "spectrum.fitted-calibration", at: place, found: words,
        expected: "the largest distance is \(line.residual) keV")
    }
    return FileCalibration([line.offset, line.slope], source: words)
  }
}
