internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// All scans of a SPEC file on their way to tables.
struct SPECScans {
  private(set) var tables: [Table] = []
  private(set) var grids: [Grid] = []
  private(set) var complete = true
  /// Why the first scan that could not be read was not.
  private(set) var firstFailure: ReadFailure?

  private let text: DecodedText
  private let outline: SPECOutline
  /// The lines of the rows of each table, where they follow each other without a gap.
  private var lines: [ClosedRange<Int>?] = []

  init(_ text: DecodedText, _ outline: SPECOutline) {
    self.text = text
    self.outline = outline
  }

  /// Reads the scans, then finds the unit of their energies together.
  mutating func read(_ options: ReadOptions, into diagnostics: inout DiagnosticList) {
    var labels = SPECLabels()
    tables.reserveCapacity(outline.scans.count)
    for scan in outline.scans {
      var columns: [Column] = []
      do throws(ReadFailure) {
        let rows = try SPECRows(text, outline, scan, &labels, options, into: &diagnostics)
        columns = rows.columns
        lines.append(rows.lines)
        if !rows.complete { complete = false }
      } catch {
        complete = false
        lines.append(nil)
        if firstFailure == nil { firstFailure = error }
        diagnostics.warn(
          "spec.scan", at: error.diagnostic.place,
          found: "a scan that cannot be read (\(error.diagnostic.found))",
          expected: "\(error.diagnostic.expected); its rows are left out")
      }
      var table = Table(name: scan.key, columns: columns)
      for control in outline.controls[scan.controls] {
        table.metadata.append(control.key, outline.string(control.value))
      }
      if !scan.spectra.isEmpty {
        let spectra = SPECSpectra.grids(text.utf8, outline, scan, into: &diagnostics)
        grids += spectra.grids
        complete = complete && spectra.complete
        table.metadata.append("spectra", .integer(Int64(scan.spectra.count)))
      }
      tables.append(table)
    }
    nameKiloelectronvolts(into: &diagnostics)
    for i in tables.indices { completeAxis(i, into: &diagnostics) }
  }

  /// The notes and warnings about scans without points, aborted ones, and lines outside of scans.
  func tellWhatIsMissing(into diagnostics: inout DiagnosticList) {
    let empty = outline.scans.filter { $0.rows == nil && $0.spectra.isEmpty }
    if let first = empty.first {
      let count = empty.count + outline.furtherEmptyScans
      diagnostics.add(
        Diagnostic(
          .note, "spec.empty-scan", at: .line(first.line),
          found: "no point in \(Self.list(empty.map(\.key), of: count))",
          expected: outline.furtherEmptyScans > 0
            ? "expected rows; only the first \(empty.count) of them are listed" : "expected rows",
          count: count, places: empty.dropFirst().prefix(10).map { .line($0.line) }))
    }
    let aborted = outline.scans.filter { $0.isAborted && $0.rows != nil }
    if let first = aborted.first {
      diagnostics.add(
        Diagnostic(
          .note, "spec.aborted", at: .line(first.line),
          found: "\(Self.list(aborted.map(\.key), of: aborted.count)) aborted",
          expected: "the points done are given", count: aborted.count,
          places: aborted.dropFirst().prefix(10).map { .line($0.line) }))
    }
    if outline.lostSpectra > 0 {
      diagnostics.warn(
        "spec.mca", at: outline.firstLostSpectrum.map { .line($0) } ?? .whole,
        found: "spectra of more than \(SPECOutline.mostDetectors) detectors",
        expected: "expected fewer words behind `@`; left out", count: outline.lostSpectra)
    }
    if let first = outline.strayLines.first {
      diagnostics.warn(
        "spec.stray-line", at: .line(first), found: "a line outside of any scan",
        expected: "expected `#S` before it; left out", count: outline.strayCount,
        places: outline.strayLines.dropFirst().map { .line($0) })
    }
  }

  /// Whether lines or spectra are in no table and no grid.
  var hasStrayLines: Bool { outline.strayCount + outline.lostSpectra > 0 }

  private static func list(_ keys: [String], of count: Int) -> String {
    let names = keys.prefix(8).joined(separator: ", ")
    return (count == 1 ? "scan " : "\(count) scans: ") + names + (count > 8 ? ", …" : "")
  }

  // MARK: - Energies

  /// Where one scan shows that a label counts in keV, the other scans of the file do too: a scan with
  /// coarse steps does not show it.
  private mutating func nameKiloelectronvolts(into diagnostics: inout DiagnosticList) {
    guard let unit = try? PhysicalUnit(ucum: "keV") else { return }
    var labels: Set<String> = []
    var found: [(table: Int, column: Int)] = []
    for (t, table) in tables.enumerated() {
      for (c, column) in table.columns.enumerated()
      where column.name.hasPrefix("photon_energy") && column.unit == .absent {
        guard let values = column.real, let span = Self.span(values), span.most < 120 else {
          continue
        }
        found.append((t, c))
        if span.smallestStep < 0.005 { labels.insert(column.label) }
      }
    }
    for place in found {
      let label = tables[place.table].columns[place.column].label
      guard labels.contains(label) else { continue }
      tables[place.table].columns[place.column].unit = .known(unit)
      tables[place.table].columns[place.column].origin.steps.append("in keV (guessed)")
      diagnostics.warn(
        "xas.axis-guessed",
        found: "the energy column `\(label.prefix(40))` has no unit",
        expected: "taken as keV from its values; set it with --unit")
    }
  }

  private static func span(_ values: [Double]) -> (most: Double, smallestStep: Double)? {
    var most = -Double.infinity
    var smallest = Double.infinity
    var previous: Double?
    for value in values where value.isFinite && value > 0 {
      most = max(most, value)
      if let previous, previous != value { smallest = min(smallest, abs(value - previous)) }
      previous = value
    }
    return most.isFinite ? (most, smallest) : nil
  }

  /// Motors that turn the monochromator: their positions may be angles or energies.
  private static let monochromators: Set<String> = [
    "mono", "monu", "mononrj", "dcm", "mono_angle", "roby_mono",
  ]

  private mutating func completeAxis(_ i: Int, into diagnostics: inout DiagnosticList) {
    guard !tables[i].columns.isEmpty, tables[i].rows > 0 else {
      tables[i].indexColumns = tables[i].columns.first.map { [$0.name] } ?? []
      return
    }
    var columns = tables[i].columns
    let scan = outline.scans[i]
    let span = lines[i]
    let first = columns[0].label.lowercased()
    let isMonochromator = Self.monochromators.contains(first)
    let index = ScanAxis.complete(
      &columns, axis: isMonochromator ? 0 : nil,
      place: { row in
        guard let span, row < span.count else { return .line(scan.firstRowLine) }
        return .line(span.lowerBound + row)
      }, into: &diagnostics)
    let metadata = tables[i].metadata
    tables[i] = Table(name: scan.key, columns: columns, indexColumns: index)
    tables[i].metadata = metadata
  }
}
