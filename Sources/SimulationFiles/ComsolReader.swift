internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// Reads the rows of a COMSOL export in one of its layouts.
struct ComsolReader {
  private let text: DecodedText
  private let parts: ComsolSections
  private let options: ReadOptions
  private let lengthUnit: ColumnUnit
  private(set) var tables: [Table] = []
  private(set) var grids: [Grid] = []
  private(set) var complete = true
  private(set) var diagnostics: DiagnosticList
  /// What stands behind `@` in the labels, each once, in order.
  private(set) var parameters: [String] = []

  init(
    _ text: DecodedText, _ parts: ComsolSections, _ options: ReadOptions,
    _ diagnostics: DiagnosticList
  ) {
    self.text = text
    self.parts = parts
    self.options = options
    self.diagnostics = diagnostics
    lengthUnit =
      parts.value("Length unit").map { written in
        PhysicalUnit.loose(written, expecting: Length.dimension).map { .known($0.unit) }
          ?? .unknown(written)
      } ?? .absent
  }

  /// `Coordinates`, `Elements`, `Data` or `Grid` where a title is one of COMSOL's own.
  static func keyword(_ title: String) -> String? {
    let word = title.prefix { $0.isLetter }
    let rest = title.dropFirst(word.count).drop { $0 == " " }
    guard rest.isEmpty || rest.first == "(" else { return nil }
    return ["Coordinates", "Elements", "Data", "Grid"].first { $0 == word }
  }

  /// Says that something of the file is lost.
  mutating func lose(
    _ code: String, _ line: Int, _ found: String, _ expected: String = "expected some"
  ) {
    diagnostics.warn(code, at: .line(line), found: found, expected: expected)
    complete = false
  }

  /// Notes the titles of a part that are neither COMSOL's own words nor the label.
  private mutating func remark(_ section: ComsolSections.Section, except label: TextLine?) {
    for line in section.titles where line != label {
      let words = ComsolSections.words(line, text.utf8)
      guard Self.keyword(words) == nil else { continue }
      diagnostics.note(
        "comsol.comment", at: .line(line.number), found: "the line '\(words.prefix(80))'",
        expected: "not read")
    }
  }

  // MARK: Layouts

  /// Rows of coordinates and values below one line of labels: spreadsheet and table.
  mutating func readRows() throws(ReadFailure) {
    guard let section = parts.sections.first else { return }
    let title = section.titles.last
    let columns = try rows(section, title: title, firstIsPlace: parts.value("Table") == nil)
    remark(section, except: title)
    checkCount(columns.map(\.count).max() ?? 0, "Nodes", section.line)
    tables.append(Table(name: "data", columns: columns))
  }

  /// `% Coordinates`, `% Elements`, `% Data`: nodes with their values, and the mesh.
  mutating func readSections() throws(ReadFailure) {
    var nodes: [Column] = []
    var kind = ""
    var number = 0
    for section in parts.sections {
      var label: TextLine?
      for title in section.titles {
        let words = ComsolSections.words(title, text.utf8)
        if let found = Self.keyword(words) { kind = found } else { label = title }
      }
      // Below Coordinates and Elements no label stands.
      if kind != "Data" { label = nil }
      remark(section, except: label)
      let columns = try rows(
        section, title: label, firstIsPlace: kind == "Coordinates", kind: kind)
      switch kind {
      case "Coordinates":
        nodes += columns
        checkCount(section.rows, "Nodes", section.line)
      case "Elements":
        tables.append(Table(name: "elements", columns: columns))
        checkCount(section.rows, "Elements", section.line)
      default:
        number += 1
        if let rows = nodes.first?.count, columns.first?.count == rows {
          nodes += columns
        } else {
          tables.append(Table(name: "data_\(number)", columns: columns))
          diagnostics.warn(
            "comsol.count", at: .line(section.line),
            found: "\(section.rows) values for \(nodes.first?.count ?? 0) nodes",
            expected: "expected one for each; they stand in a table of their own")
        }
      }
    }
    if let expected = parts.value("Expressions").flatMap({ Int($0) }), number < expected {
      lose(
        "comsol.count", parts.sections.last?.line ?? 1, "\(number) of \(expected) expressions",
        "expected all of them: the file may be cut")
    }
    if !nodes.isEmpty { tables.insert(Table(name: "data", columns: nodes), at: 0) }
  }

  /// Reads one part for each column, as at points without dimension: `% X`, a number, `% Y`.
  mutating func readLabelledParts() throws(ReadFailure) {
    var columns: [Column] = []
    for (i, section) in parts.sections.enumerated() {
      remark(section, except: section.titles.last)
      columns += try rows(
        section, title: section.titles.last, firstIsPlace: i < 3 && section.titles.count == 1)
    }
    let counts = Set(columns.map(\.count))
    if counts.count > 1 {
      diagnostics.warn(
        "comsol.count", at: .line(parts.sections.first?.line ?? 1),
        found: "columns of \(counts.sorted().map(String.init).joined(separator: " and ")) rows",
        expected: "expected as many in each; the file may be cut")
      complete = false
    }
    tables.append(Table(name: "data", columns: columns))
  }

  private mutating func checkCount(_ found: Int, _ key: String, _ line: Int) {
    guard let expected = parts.value(key).flatMap({ Int($0) }), expected != found else { return }
    if found < expected {
      lose(
        "comsol.count", line, "\(found) rows, the head says \(key): \(expected)",
        "expected all of them: the file may be cut")
    } else {
      diagnostics.note(
        "comsol.count", at: .line(line), found: "\(found) rows, the head says \(key): \(expected)",
        expected: "all are read")
    }
  }

  // MARK: Rows

  /// The columns of one part.
  private mutating func rows(
    _ section: ComsolSections.Section, title: TextLine?, firstIsPlace: Bool, kind: String = ""
  ) throws(ReadFailure) -> [Column] {
    let delimiter = Self.delimiter(text.utf8[section.start..<section.end])
    guard
      let survey = TableLayout.survey(
        text.utf8.prefix(section.end), from: section.start, line: section.line,
        delimiter: delimiter, maximumColumns: options.limits.columns)
    else {
      throw ReadFailure(
        "comsol.no-data", at: .line(section.line), found: "no row of numbers",
        expected: "expected rows of numbers")
    }
    let labels = labels(title, survey.columns, survey.dialect, kind)
    let dimension = parts.value("Dimension").flatMap { Int($0) } ?? 0
    var plan: [TextColumn] = []
    for (c, label) in labels.enumerated() {
      let isLetter = ["x", "y", "z", "r"].contains(label.expression.lowercased())
      let isPlace =
        firstIsPlace && isLetter && label.unitText == nil
        && (c < max(dimension, 1) || parts.sections.count > 1 || dimension == 0)
      var written = ColumnUnit.absent
      if isPlace {
        written = lengthUnit
      } else if let unit = options.units[label.text] ?? label.unitText {
        written = PhysicalUnit.loose(unit).map { .known($0.unit) } ?? .unknown(unit)
        if case .unknown = written {
          diagnostics.warn(
            "unit.unknown", at: .line(title?.number ?? section.line),
            found: "the unit '\(unit)' of '\(label.expression)'",
            expected: "expected a unit such as V/m or N/m^2")
        }
      }
      let isText = survey.kinds[c] == .text
      let name =
        kind == "Elements" ? "vertex_\(c + 1)" : ComsolLabels.name(label, isCoordinate: isPlace)
      if !label.parameters.isEmpty, parameters.last != label.parameters,
        !parameters.contains(label.parameters)
      {
        parameters.append(label.parameters)
      }
      plan.append(
        TextColumn(
          name: name, label: label.text, written: written,
          target: CanonicalName.entry(name)?.unit, kind: isText ? .text : survey.kinds[c]))
    }
    var rules = NumericTable.Rules()
    rules.comment = UInt8(ascii: "%")
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    let table = try NumericTable.parse(
      text, from: section.start, upTo: section.end, line: section.line, dialect: survey.dialect,
      columns: plan.map(\.request), rules: rules, into: &diagnostics)
    if !table.complete { complete = false }
    return table.columns(plan, of: text).flatMap { Self.split($0) }
  }

  private mutating func labels(
    _ title: TextLine?, _ count: Int, _ dialect: TableDialect, _ kind: String
  ) -> [ComsolLabels.Label] {
    let words = title.map { ComsolSections.words($0, text.utf8) } ?? ""
    if !words.isEmpty {
      var found = ComsolLabels.split(words, columns: count)
      if dialect.delimiter != .blanks {
        let cells = dialect.cells(ByteView(utf8: words))
        if cells.count == count { found = cells.map { ComsolLabels.Label($0) } }
      }
      if let found { return found }
      diagnostics.warn(
        "comsol.labels", at: .line(title?.number ?? 1),
        found: "the labels do not fit the \(count) columns", expected: "the columns are numbered")
    }
    switch kind {
    case "Coordinates" where count <= 3:
      return ["x", "y", "z"].prefix(count).map { ComsolLabels.Label($0) }
    case "Elements": return (1...max(1, count)).map { ComsolLabels.Label("vertex \($0)") }
    default:
      let description = parts.value("Description") ?? ""
      if count == 1, !description.isEmpty, !description.contains(",") {
        return [ComsolLabels.Label(description)]
      }
      return (1...max(1, count)).map { ComsolLabels.Label("column \($0)") }
    }
  }

  /// What stands between the cells of the first row.
  private static func delimiter(_ rows: ByteView) -> TableDialect.Delimiter {
    let lines = TextLines(rows)
    guard let line = lines.first(where: { !$0.range.isEmpty }) else { return .blanks }
    let row = rows[line.range].array
    for mark in [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: ",")] where row.contains(mark)
    {
      return .character(mark)
    }
    return .blanks
  }

  /// A column of complex numbers `a+bi` as two columns; any other column as it is.
  private static func split(_ column: Column) -> [Column] {
    guard case .text(let cells) = column.values else { return [column] }
    var real: [Double] = []
    var imaginary: [Double] = []
    var missing = MissingMask()
    for (row, cell) in cells.enumerated() {
      if let (re, im) = ComsolNumber.complex(cell) {
        real.append(re)
        imaginary.append(im)
      } else if column.missing.contains(row) || cell.isEmpty || cell.lowercased() == "nan" {
        missing.insert(row)
        real.append(.nan)
        imaginary.append(.nan)
      } else {
        return [column]
      }
    }
    guard missing.count < cells.count else { return [column] }
    return [("_real", real), ("_imaginary", imaginary)].map { ending, values in
      let label = ComsolLabels.Label(column.label)
      let unit = label.unitText.flatMap { PhysicalUnit.loose($0) }
      return Column(
        name: column.name + ending, label: column.label, values: .real(values),
        unit: unit.map { .known($0.unit) } ?? .absent, missing: missing, origin: column.origin)
    }
  }

  // MARK: Grid

  /// `% Grid` with a line for each axis, then `% Data` with the values, x fastest.
  mutating func readGrid() throws(ReadFailure) {
    guard let head = parts.sections.first else { return }
    remark(head, except: nil)
    var axes: [[Double]] = []
    for line in TextLines(text.utf8.prefix(head.end), from: head.start, number: head.line) {
      let values = try ComsolNumber.numbers(text.utf8, line.range, line.number, complex: false).real
      if !values.isEmpty { axes.append(values) }
    }
    var count = 1
    for axis in axes {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.count)
      guard !overflow else { count = .max; break }
      count = product
    }
    guard (1...3).contains(axes.count) else {
      throw ReadFailure(
        "comsol.grid", at: .line(head.line), found: "\(axes.count) axes",
        expected: "expected one to three")
    }
    if let dimension = parts.value("Dimension").flatMap({ Int($0) }), dimension > axes.count {
      lose(
        "comsol.grid", head.line, "\(axes.count) axes, the head says Dimension: \(dimension)",
        "expected all of them")
    }
    var channels: [Column] = []
    for section in parts.sections.dropFirst() {
      let title = section.titles.last { Self.keyword(ComsolSections.words($0, text.utf8)) == nil }
      let words = title.map { ComsolSections.words($0, text.utf8) }
      let label = ComsolLabels.Label(words ?? parts.value("Description") ?? "data")
      let found = try ComsolNumber.numbers(
        text.utf8, section.start..<section.end, section.line, complex: true)
      guard found.real.count == count else {
        throw ReadFailure(
          "comsol.grid", at: .line(section.line),
          found: "\(found.real.count) values of '\(label.expression)'",
          expected: "expected \(count): \(axes.map { "\($0.count)" }.joined(separator: " × "))")
      }
      let unit = label.unitText.map { written in
        PhysicalUnit.loose(written).map { ColumnUnit.known($0.unit) } ?? .unknown(written)
      }
      let name = ComsolLabels.name(label, isCoordinate: false)
      let range = text.sourceOffset(section.start)..<text.sourceOffset(section.end)
      let origin = Origin(bytes: [range], steps: ["decimal text"])
      let isComplex = !found.imaginary.isEmpty
      if !label.parameters.isEmpty, !parameters.contains(label.parameters) {
        parameters.append(label.parameters)
      }
      for (ending, values) in [("_real", found.real), ("_imaginary", found.imaginary)]
      where !values.isEmpty {
        channels.append(
          Column(
            name: isComplex ? name + ending : name, label: label.text, values: .real(values),
            unit: unit ?? .absent, origin: origin))
      }
    }
    if let expected = parts.value("Expressions").flatMap({ Int($0) }),
      parts.sections.count - 1 < expected
    {
      lose(
        "comsol.count", parts.sections.last?.line ?? 1,
        "\(parts.sections.count - 1) of \(expected) expressions",
        "expected all of them: the file may be cut")
    }
    guard !channels.isEmpty else { return }
    if axes.count > 1, let regular = regularAxes(axes) {
      grids.append(Grid(name: "data", axes: regular, channels: channels))
    } else {
      tables.append(Table(name: "data", columns: places(axes, count) + channels))
    }
  }

  private func regularAxes(_ axes: [[Double]]) -> [GridAxis]? {
    var result: [GridAxis] = []
    for (i, axis) in axes.enumerated() {
      guard axis.count > 1, let first = axis.first, let last = axis.last, last != first else {
        return nil
      }
      let step = (last - first) / Double(axis.count - 1)
      for (n, x) in axis.enumerated()
      where (x - (first + Double(n) * step)).magnitude > 1e-6 * step.magnitude {
        return nil
      }
      result.append(
        GridAxis(
          name: ["x", "y", "z"][i], count: axis.count, origin: first, step: step, unit: lengthUnit))
    }
    return result
  }

  /// The coordinates of all points of a grid that is not regular.
  private func places(_ axes: [[Double]], _ count: Int) -> [Column] {
    var inner = 1
    return axes.enumerated().map { i, axis in
      let values = (0..<count).map { axis[$0 / inner % axis.count] }
      inner *= axis.count
      return Column(
        name: "position_\(["x", "y", "z"][i])", label: ["x", "y", "z"][i], values: .real(values),
        unit: lengthUnit, origin: Origin(steps: ["axis of the grid"]))
    }
  }
}
