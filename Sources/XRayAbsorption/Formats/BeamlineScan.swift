internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// What a format says of its text, and the dataset that follows from it.
struct BeamlineScan {
  /// The columns; those beyond the last heading have none.
  var headings: [ColumnHeading]
  /// Lines that hold nothing but labels, by number: they are no metadata.
  var labelLines: Set<Int> = []
  /// What the file tells of its monochromator.
  var mono = EnergyAxis.Monochromator()
  /// The column that is the axis where no label says which.
  var axis: Int?

  /// One heading a column; columns without label are called by their number.
  static func headings(_ labels: [String], count: Int) -> [ColumnHeading] {
    (0..<count).map { i in
      i < labels.count && !labels[i].isEmpty
        ? ColumnHeading(labels[i])
        : ColumnHeading(label: "column \(i + 1)", unit: "", meaning: nil)
    }
  }

  /// The labels of the last header line that holds as many as there are columns.
  init(_ text: BeamlineText, axis: Int? = nil) {
    let line = Self.labelLine(text)
    headings = Self.headings(line?.labels ?? [], count: text.width)
    labelLines = line.map { [$0.number] } ?? []
    self.axis = axis
  }

  init(headings: [ColumnHeading], labelLines: Set<Int> = [], axis: Int? = nil) {
    self.headings = headings
    self.labelLines = labelLines
    self.axis = axis
  }

  /// The last line of the header that is no rule, no dummy row and not empty, if it holds labels.
  static func labelLine(_ text: BeamlineText) -> (labels: [String], number: Int)? {
    for line in text.header.reversed() where !line.isRule && !text.isRow(line) {
      guard let labels = line.labels(text.width),
        labels.count(where: { NumberScanner.parse($0) != nil }) * 2 < labels.count
      else { return nil }
      return (labels, line.number)
    }
    return nil
  }

  /// Reads the rows and puts the dataset together; every header line is kept.
  func dataset(
    _ format: String, _ text: BeamlineText, options: ReadOptions, _ collected: DiagnosticList
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = collected
    var all = headings
    if all.count > text.width { all.removeLast(all.count - text.width) }
    let missing = Self.headings([], count: text.width).dropFirst(all.count)
    if !missing.isEmpty, !all.isEmpty {
      diagnostics.warn(
        "xas.labels", at: labelLines.min().map { .line($0) } ?? .whole,
        found: "\(all.count) labels for \(text.width) columns",
        expected: "expected one a column; the others are called by their number")
    }
    all += missing
    let values = try text.values(all, options: options, into: &diagnostics)
    var columns: [Column] = []
    for (i, heading) in all.enumerated() {
      columns.append(
        heading.column(
          values.table.values[i], missing: values.table.missing[i],
          origin: Origin(bytes: [values.bytes], lines: values.table.lines), number: i + 1,
          place: labelLines.max().map { .line($0) } ?? .whole, options: options, into: &diagnostics)
      )
    }
    EnergyAxis.complete(
      &columns, mono: mono, axis: axis, place: values.place, into: &diagnostics)
    var dataset = Dataset(
      format: format, technique: .xas,
      tables: [
        Table(name: "scan", columns: columns, indexColumns: EnergyAxis.index(of: columns))
      ],
      diagnostics: diagnostics.all, complete: values.complete)
    for line in text.header + values.comments + text.footer
    where !line.isRule && !labelLines.contains(line.number) {
      let (key, value) = line.pair ?? ("line \(line.number)", line.text)
      dataset.metadata.append(key, value)
      if dataset.settingOrigins[key] == nil {
        dataset.settingOrigins[key] = Origin(lines: line.number...line.number)
      }
    }
    dataset.reading["encoding"] = text.text.encoding.rawValue
    dataset.reading["decimal mark"] = String(Character(Unicode.Scalar(text.dialect.decimalMark)))
    dataset.reading["delimiter"] = text.dialect.delimiter.name
    return dataset
  }
}
