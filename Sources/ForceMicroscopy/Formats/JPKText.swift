public import Bytes
public import Reading
public import Tables
internal import Units

/// A text export of JPK's data processing: one block of rows a segment, one or more curves.
///
/// Columns: by the names of `# columns`, with the units of `# units`, under the names of the archives
/// (`force`, `sensor_position`, `piezo_position`, `time`).
/// Tables: one a segment (`approach`, `dwell`, `retract`), in texts of several curves `I/approach`.
/// Structure: docs/formats/jpk-text.md.
public enum JPKText: FileFormat {
  /// The id, `jpk-text`.
  public static let id = "jpk-text"
  /// One line for people.
  public static let title = "JPK text export"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// A plain text.
  public static let extensions = ["txt"]
  /// The keys of its header.
  public static let recognisedBy =
    "lines '# columns:' and '# segment:', '# fancyNames:', '# units:' …"

  private static let marks = [
    "columns:", "segment:", "segmentIndex:", "fancyNames:", "calibrationSlots:", "springConstant:",
    "approachID:", "units:", "TEXT EXPORT",
  ]

  /// 95 with five or more of JPK's header keys, 85 with four, 70 with three.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head, into: &diagnostics) else { return .none }
    var found: Set<String> = []
    for line in TextLines(text.utf8) {
      let view = text.utf8[line.range]
      guard view[0] == UInt8(ascii: "#") else {
        if line.range.isEmpty { continue }
        break
      }
      let content = TextLines.string(view.prefix(40)).drop { $0 == "#" || $0 == " " }
      if let mark = marks.first(where: { content.hasPrefix($0) }) { found.insert(mark) }
    }
    guard found.count >= 3 else { return .none }
    return Recognition(
      found.count >= 5 ? 95 : found.count == 4 ? 85 : 70,
      ["header keys of JPK: \(marks.filter { found.contains($0) }.joined(separator: " "))"])
  }

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    var reading = JPKTextReading(text, options: options, diagnostics: diagnostics)
    try reading.read()
    return Dataset(
      format: id, technique: technique, tables: reading.tables, metadata: reading.metadata,
      diagnostics: reading.diagnostics.all, complete: reading.complete,
      reading: ["encoding": text.encoding.rawValue, "delimiter": "blanks", "decimal mark": "."],
      settingOrigins: reading.origins, settings: reading.settings)
  }
}

/// The blocks of a text export while they become tables.
struct JPKTextReading {
  private(set) var tables: [Table] = []
  private(set) var metadata = Metadata()
  private(set) var origins: [String: Origin] = [:]
  private(set) var settings: [InstrumentSetting] = []
  private(set) var diagnostics: DiagnosticList
  private(set) var complete = true
  private let text: DecodedText
  private let options: ReadOptions
  private let blocks: [JPKTextBlocks.Block]
  /// What the header says so far: later blocks may repeat only what is new.
  private var fields: [String: String] = [:]
  /// The first segment with another number of rows than declared, and how many there are.
  private var otherCounts: (line: Int, rows: Int, declared: Int, count: Int)?

  init(_ text: DecodedText, options: ReadOptions, diagnostics: DiagnosticList) {
    self.text = text
    self.options = options
    self.diagnostics = diagnostics
    blocks = JPKTextBlocks(text.utf8).all
  }

  mutating func read() throws(ReadFailure) {
    let curves = Self.curves(blocks)
    let count = (curves.last?.position ?? 0) + 1
    var kinds: [String: Int] = [:]
    var position = 0
    for (block, curve) in zip(blocks, curves) {
      for entry in block.entries { fields[entry.key] = entry.value }
      if curve.position != position {
        position = curve.position
        kinds = [:]
      }
      let kind = Self.kind(fields["segment"] ?? fields["settings.segment.style"] ?? "")
      let n = (kinds[kind] ?? 0) + 1
      kinds[kind] = n
      let group = count > 1 ? curve.name : nil
      let name = (group.map { "\($0)/" } ?? "") + (n == 1 ? kind : "\(kind)_\(n)")
      keep(block, table: name)
      addSettings(block, table: name, group: group)
      if let table = try table(block, name: name) { tables.append(table) }
    }
    guard !tables.isEmpty else {
      throw ReadFailure(
        "jpk-text.no-data", at: .line(blocks.last?.entries.last?.line.number ?? 1),
        found: "no row of numbers below the header", expected: "expected the rows of a segment")
    }
    reportCounts()
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline",
        at: .line(TextLines.number(ofOffset: text.utf8.count, in: text.utf8)),
        found: "the last line has no line end", expected: "its last number may be cut")
    }
  }

  // MARK: Curves

  /// The curve of each block: its place, and the file's own number where that is unique.
  private static func curves(
    _ blocks: [JPKTextBlocks.Block]
  ) -> [(position: Int, name: String)] {
    var positions: [Int] = []
    var numbers: [String] = []
    var last: (index: String?, id: String?, segment: Int?) = (nil, nil, nil)
    for block in blocks {
      let index = block["index"] ?? last.index
      let id = block["approachID"] ?? last.id
      let segment = block["segmentIndex"].flatMap { Int($0) }
      let restarts = segment.flatMap { now in last.segment.map { now <= $0 } } ?? false
      if positions.isEmpty || index != last.index || id != last.id || restarts {
        numbers.append(index ?? "")
      }
      positions.append(numbers.count - 1)
      last = (index, id, segment ?? last.segment)
    }
    let isNumbered = Set(numbers).count == numbers.count && numbers.allSatisfy { Int($0) != nil }
    return positions.map { ($0, isNumbered ? numbers[$0] : "\($0)") }
  }

  private static func kind(_ style: String) -> String {
    switch style {
    case "extend": "approach"
    case "retract": "retract"
    case "pause": "dwell"
    case "": "segment"
    default: ColumnLabel.slug(style)
    }
  }

  // MARK: Header

  /// The keys that say which curve and segment a block is.
  private static let identity: Set<String> = ["index", "approachID", "segmentIndex", "segment"]

  /// Keeps the header: all of the first block, of later ones what differs or says which block it is,
  /// with the table's name.
  private mutating func keep(_ block: JPKTextBlocks.Block, table: String) {
    let isFirst = metadata.count == 0
    for entry in block.entries {
      let isKnown = !isFirst && metadata.text(entry.key) == entry.value
      if isKnown, !Self.identity.contains(entry.key) { continue }
      let key = isFirst ? entry.key : "\(table)/\(entry.key)"
      metadata.append(key, entry.value)
      if origins[key] == nil { origins[key] = origin(entry.line) }
    }
  }

  private func origin(_ line: TextLine) -> Origin {
    let range = text.sourceOffset(line.range.lowerBound)..<text.sourceOffset(line.range.upperBound)
    return Origin(bytes: [range], lines: line.number...line.number, steps: ["text"])
  }

  private mutating func addSettings(
    _ block: JPKTextBlocks.Block, table: String, group: String?
  ) {
    for entry in block.entries {
      guard let value = NumberScanner.parse(entry.value), value.isFinite, value > 0 else {
        continue
      }
      let place = origin(entry.line)
      let key = metadata.text(entry.key) == entry.value ? entry.key : "\(table)/\(entry.key)"
      let setting: InstrumentSetting
      switch entry.key {
      case "springConstant": setting = .springConstant(value, key: key, origin: place)
      case "sensitivity": setting = .invOLS(value, key: key, origin: place)
      case "force-settings.relative-setpoint":
        setting = .triggerVoltage(value, key: key, origin: place)
      default: continue
      }
      guard let first = settings.first(where: { $0.name == setting.name && $0.group == nil }) else {
        settings.append(setting)
        continue
      }
      guard first.value != value else { continue }
      if let group {
        let known = settings.last { $0.name == setting.name }
        if known?.group == group { continue }
        var own = setting
        own.group = group
        settings.append(own)
      } else {
        diagnostics.warn(
          "jpk-text.repeated-setting", at: .line(entry.line.number),
          found: "\(entry.key) is \(entry.value), earlier \(first.value)",
          expected: "expected one value; the first is used")
      }
    }
  }

  // MARK: Rows

  private mutating func table(
    _ block: JPKTextBlocks.Block, name: String
  ) throws(ReadFailure) -> Table? {
    guard let start = block.start else {
      // A header without rows is one that was cut, or that of a segment without points.
      complete = false
      diagnostics.warn(
        "jpk-text.no-rows", at: .line(block.entries.last?.line.number ?? 1),
        found: "the header is followed by no row", expected: "expected the rows of a segment")
      return nil
    }
    let labels = JPKTextBlocks.words(fields["columns"])
    guard !labels.isEmpty else {
      throw ReadFailure(
        "jpk-text.no-columns", at: .line(start.line), found: "rows without a line '# columns:'",
        expected: "expected the names of the columns above them")
    }
    guard labels.count <= options.limits.columns else {
      throw ReadFailure(
        "jpk-text.many-columns", at: .line(start.line), found: "\(labels.count) column names",
        expected: "expected at most \(options.limits.columns)")
    }
    let units = units(of: labels, line: start.line)
    let names = JPKChannelName.names(Array(zip(labels, units)).map { (label: $0, unit: $1) })
    let plan = labels.indices.map { i in
      TextColumn(
        name: names[i], label: labels[i], written: units[i],
        target: CanonicalName.entry(names[i])?.unit, kind: .real(exponent: 0, factor: 1))
    }
    var rules = NumericTable.Rules()
    rules.distrustsShortLastCell = true
    rules.lineBytes = options.limits.lineBytes
    let rows = try NumericTable.parse(
      text, from: start.offset, upTo: block.stop, line: start.line,
      dialect: TableDialect(delimiter: .blanks), columns: plan.map(\.request), rules: rules,
      into: &diagnostics)
    if !rows.complete { complete = false }
    checkCount(rows.rows, name, line: start.line)
    let columns = rows.columns(plan, of: text)
    return Table(
      name: name, columns: columns,
      indexColumns: columns.contains { $0.name == "time" } ? ["time"] : [])
  }

  /// The unit of each column: from `# units`, else from `[…]` in its fancy name.
  private mutating func units(of labels: [String], line: Int) -> [ColumnUnit] {
    let written = JPKTextBlocks.words(fields["units"])
    let fancy = JPKTextBlocks.words(fields["fancyNames"])
    return labels.indices.map { i in
      if let own = options.units[labels[i]], let unit = PhysicalUnit.loose(own)?.unit {
        return .known(unit)
      }
      var unit: String?
      if written.count == labels.count {
        unit = written[i]
      } else if fancy.count == labels.count, let open = fancy[i].lastIndex(of: "["),
        let close = fancy[i].lastIndex(of: "]"), open < close
      {
        unit = String(fancy[i][fancy[i].index(after: open)..<close])
      }
      guard let unit, !unit.isEmpty else {
        diagnostics.warn(
          "unit.unknown", at: .line(line), found: "column '\(labels[i])' has no unit",
          expected: "give it with --unit \(labels[i])=UNIT")
        return .absent
      }
      return PhysicalUnit.loose(unit).map { .known($0.unit) } ?? .unknown(unit)
    }
  }

  /// Remembers a segment with another number of rows than the settings ask for.
  private mutating func checkCount(_ rows: Int, _ name: String, line: Int) {
    let kind = name.split(separator: "/").last ?? ""
    let key = kind == "approach" ? "extend" : kind == "retract" ? "retract" : ""
    guard let declared = fields["force-settings.\(key)-k-length"].flatMap({ Int($0) }),
      declared != rows
    else { return }
    if otherCounts == nil { otherCounts = (line, rows, declared, 0) }
    otherCounts?.count += 1
  }

  private mutating func reportCounts() {
    guard let first = otherCounts else { return }
    diagnostics.add(
      Diagnostic(
        .note, "jpk-text.points", at: .line(first.line),
        found: "\(first.rows) rows, where the settings ask for \(first.declared) points",
        expected: "a segment that was stopped has fewer", count: first.count))
  }
}
