public import Tables
internal import Units

/// Makes XDI documents of what was read, one a spectrum.
public struct XDIExport: Sendable {
  /// An element and its edge, and where they come from.
  public struct Absorber: Hashable, Sendable {
    /// The symbol.
    public var symbol: String
    /// The edge, such as `K` or `L3`.
    public var edge: String
    /// `file`, `option` or `nearest-edge`.
    public var source: String

    /// An absorber from its parts.
    public init(symbol: String, edge: String, source: String) {
      self.symbol = symbol
      self.edge = edge
      self.source = source
    }
  }

  /// The input: its name without folders, its SHA-256 where that is known, the id of its format.
  public var file: String, sha256: String?, format: String?
  /// The absorber, where the file does not name it or an option says so.
  public var absorber: Absorber?
  /// Facts of our own, such as the convention; written under `Interphase.`.
  public var facts: [(key: String, value: String)] = []
  /// What was left out or changed.
  public private(set) var problems: [Diagnostic] = []

  /// An export of one input.
  public init(file: String, sha256: String? = nil, format: String? = nil) {
    self.file = file
    self.sha256 = sha256
    self.format = format
  }

  /// The tables of a dataset that are spectra or at least scans: two columns of numbers or more.
  public static func tables(of dataset: Dataset) -> [Table] {
    guard dataset.technique == .xas || dataset.technique == .any else { return [] }
    return dataset.tables.filter { table in
      table.rows > 0 && table.columns.count { $0.real != nil } >= 2
        && (dataset.technique == .xas || axis(of: table) != nil)
    }
  }

  /// The document of a table with every column of numbers that the file has.
  ///
  /// - Returns: nil where no column can be the axis or no row is whole; ``problems`` says why.
  public mutating func document(of table: Table, in dataset: Dataset) -> XDIDocument? {
    guard let axis = Self.axis(of: table) else {
      problems.append(
        Diagnostic(
          .error, "export.xdi-axis", at: .entry(table.name),
          found: "no column of '\(table.name)' is an energy or an angle",
          expected: "expected one as the axis of an XDI file; --to csv writes any table"))
      return nil
    }
    let written = XDISource(dataset)
    // The axis comes first; elsewhere the file's order stands.
    let first = table.columns[0].name == "mono_angle" ? 0 : axis
    let order = [first] + table.columns.indices.filter { $0 != first }
    var series: [XDIDocument.Series] = []
    var lost: [String] = []
    for i in order {
      let column = table.columns[i]
      let half = column.missing.count * 2 > table.rows
      guard let values = column.real, values.count == table.rows, !half || i == first else {
        lost.append(column.label.isEmpty ? column.name : column.label)
        continue
      }
      series.append(Self.series(column, values, isAxis: i == first, written.remark(i)))
    }
    if series.count > XDIDocument.mostColumns {
      lost += series[XDIDocument.mostColumns...].map(\.label)
      series.removeLast(series.count - XDIDocument.mostColumns)
    }
    if !lost.isEmpty {
      let names = lost.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
      problems.append(
        Diagnostic(
          .warning, "export.xdi-columns", at: .entry(table.name),
          found: "\(names) left out: text, mostly missing, or beyond"
            + " \(XDIDocument.mostColumns) columns",
          expected: "expected numbers; --to csv writes them", count: lost.count))
    }
    return finish(series, table, dataset, lost: lost)
  }

  /// The document of columns that an analysis made, with the metadata of the table they come from.
  ///
  /// - Parameter series: the columns, the axis first.
  public mutating func document(
    processed series: [XDIDocument.Series], of table: Table, in dataset: Dataset
  ) -> XDIDocument? {
    finish(series, table, dataset, lost: [])
  }

  private mutating func finish(
    _ series: [XDIDocument.Series], _ table: Table, _ dataset: Dataset, lost: [String]
  ) -> XDIDocument? {
    let rows = series.map(\.values.count).min() ?? 0
    let whole = (0..<rows).filter { row in series.allSatisfy { $0.values[row].isFinite } }
    guard !whole.isEmpty, series.count >= 2 else {
      problems.append(
        Diagnostic(
          .error, "export.xdi-rows", at: .entry(table.name),
          found: "no row of '\(table.name)' has a number in each of \(series.count) columns",
          expected: "expected rows of two numbers or more; XDI has no missing cells"))
      return nil
    }
    if whole.count < rows {
      problems.append(
        Diagnostic(
          .warning, "export.xdi-rows", at: .entry(table.name),
          found: "\(rows - whole.count) of \(rows) rows have missing cells and are left out",
          expected: "expected numbers in all; XDI has no missing cells"))
    }
    let source = XDISource(dataset)
    var document = XDIDocument(version: interphaseVersion)
    document.application = source.application
    document.comments = source.comments
    document.series = series
    if whole.count < rows {
      for i in document.series.indices {
        document.series[i].values = whole.map { series[i].values[$0] }
      }
    }
    var fields = source.fields(table)
    nameAbsorber(&fields, table)
    fields += ownFacts(document, table, lost: lost, rows: rows - whole.count)
    document.fields = Self.latest(fields)
    let lines = whole.count + document.fields.count + document.comments.count + series.count + 8
    if lines > XDIDocument.mostLines {
      problems.append(
        Diagnostic(
          .warning, "export.xdi-lines", at: .entry(table.name),
          found: "'\(table.name)' makes \(lines) lines",
          expected: "the reference library reads at most \(XDIDocument.mostLines)"))
    }
    return document
  }

  // MARK: - Columns

  /// The place of the axis: the energy, else the angle, else what the table is indexed by.
  static func axis(of table: Table) -> Int? {
    for name in [
      "photon_energy", "photon_energy_achieved", "photon_energy_requested", "mono_angle", "encoder",
      "wave_number", "pixel",
    ] {
      if let i = table.columns.firstIndex(where: { $0.name == name }), table.columns[i].real != nil
      {
        return i
      }
    }
    return nil
  }

  /// The labels that the specification gives to columns of a canonical name.
  private static let standard = [
    "photon_energy": "energy", "photon_energy_achieved": "energy",
    "photon_energy_requested": "energy", "mono_angle": "angle",
  ]

  private static func series(
    _ column: Column, _ values: [Double], isAxis: Bool, _ remark: XDISource.Heading?
  ) -> XDIDocument.Series {
    var label = column.label.isEmpty ? column.name : column.label
    // `y` of a project or `3` of a counter says less than the canonical name.
    if label.count == 1 || label.first?.isLetter != true { label = column.name }
    var unit = column.unit.ucum == "1" ? "" : column.unit.ucum
    var values = values
    if case .unknown(let text) = column.unit { unit = text }
    let isEnergy = column.name.hasPrefix("photon_energy")
    if let remark, !isEnergy { unit = remark.unit }
    if isAxis, let name = standard[column.name], label.lowercased() != name { label = name }
    if isAxis, column.name == "mono_angle", let known = column.unit.unit,
      let degree = try? PhysicalUnit(ucum: "deg"), known.ucum != degree.ucum,
      let converter = try? UnitConverter(from: known, to: degree)
    {
      values = values.map { converter($0) }
      unit = "deg"
    }
    return XDIDocument.Series(
      label: label, unit: unit, remark: remark?.variable ?? "", values: values)
  }

  // MARK: - Fields

  /// Adds element and edge where the file's fields lack them.
  private mutating func nameAbsorber(_ fields: inout [XDIDocument.Field], _ table: Table) {
    func holds(_ key: String) -> Bool { fields.contains { $0.key.lowercased() == key } }
    if absorber?.source == "option" {
      fields.removeAll { ["element.symbol", "element.edge"].contains($0.key.lowercased()) }
    }
    guard !holds("element.symbol") || !holds("element.edge") else { return }
    let symbol = table.metadata.text("bkg_z").flatMap { ChemicalElement.isSymbol($0) ? $0 : nil }
    let edge = table.metadata.text("fft_edge")?.uppercased()
    let stored =
      symbol.flatMap { symbol in
        edge.map { Absorber(symbol: symbol, edge: $0, source: "file") }
      }
    let known = absorber?.source == "option" ? absorber : stored ?? absorber
    guard let known else {
      problems.append(
        Diagnostic(
          .note, "export.xdi-absorber", at: .entry(table.name),
          found: "the file does not name element and edge of '\(table.name)'",
          expected: "XDI asks for both; name them with --element and --edge"))
      return
    }
    if !holds("element.symbol") { fields.append(.init("Element.symbol", known.symbol)) }
    if !holds("element.edge") { fields.append(.init("Element.edge", known.edge)) }
    fields.append(.init("Interphase.absorber_source", known.source))
  }

  private func ownFacts(
    _ document: XDIDocument, _ table: Table, lost: [String], rows: Int
  ) -> [XDIDocument.Field] {
    var fields: [XDIDocument.Field] = []
    func add(_ key: String, _ value: String?) {
      if let value { fields.append(.init("Interphase.\(key)", value)) }
    }
    add("source_file", file)
    add("source_sha256", sha256)
    add("source_format", format)
    add("table", table.name)
    for (i, label) in document.labels.enumerated() where label != document.series[i].label {
      add("label_\(i + 1)", document.series[i].label)
    }
    if !lost.isEmpty { add("columns_left_out", lost.joined(separator: ", ")) }
    if rows > 0 { add("rows_left_out", "\(rows)") }
    for (key, value) in facts { add(key, value) }
    return fields
  }

  /// The fields with each of ours once: what an earlier export wrote gives way.
  private static func latest(_ fields: [XDIDocument.Field]) -> [XDIDocument.Field] {
    var last: [String: Int] = [:]
    for (i, field) in fields.enumerated() { last[field.key.lowercased()] = i }
    return fields.enumerated().filter { i, field in
      !field.key.lowercased().hasPrefix("interphase.") || last[field.key.lowercased()] == i
    }.map(\.element)
  }
}
