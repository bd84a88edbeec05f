public import Bytes
public import Reading
public import Tables
internal import Units

/// The text of the SRS at Daresbury, of DUBBLE at the ESRF and of Diamond's older scans
/// (docs/formats/srs.md).
///
/// A point of a multi-element detector spans several lines; it is one row here.
public enum SRSText: FileFormat {
  /// The id.
  public static let id = "srs"
  /// One line for people.
  public static let title = "SRS scan (Daresbury, DUBBLE, Diamond)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat"]
  /// How it is recognised.
  public static let recognisedBy = "&SRS … &END"

  /// Looks for the two marks of the header.
  public static func recognise(_ file: FileHead) -> Recognition {
    let lines = ScanHeader.first(400, of: file).map { XDIHeader.trimmed($0).uppercased() }
    guard lines.first(where: { !$0.isEmpty })?.hasPrefix("&SRS") == true else { return .none }
    if lines.contains(where: { $0.hasPrefix("&END") }) {
      return Recognition(100, ["the header stands between &SRS and &END"])
    }
    return Recognition(80, ["line 1 is &SRS"])
  }

  /// Reads header and points.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    var points = SRSPoints(text.utf8)
    guard let labels = points.labels else {
      throw ReadFailure(
        "srs.no-data", at: .line(points.headerEnd),
        found: points.hasEnd ? "the file ends with its header" : "the header has no &END",
        expected: "expected &END and points of six numbers or more")
    }
    var rows = ScanRows(text.utf8, labels: labels)
    for point in points.all { rows.append(point.cells, line: point.line, through: point.lastLine) }
    points.all = []
    try rows.finish(text, into: &diagnostics)
    tellOfEnd(points, into: &diagnostics)
    let axis = SRSAxis(rows.reals(0), isNamed: points.isLabelled, label: labels[0])
    if let remark = axis.remark {
      diagnostics.warn("xas.axis-guessed", found: remark.found, expected: remark.expected)
    }
    var columns = labels.indices.map { i in
      let role = i == 0 ? (axis.name, axis.unit) : points.role(i)
      return rows.column(i, name: role.0, unit: role.1, of: text)
    }
    EnergyAxis.complete(&columns, spacing: nil, place: rows.place, into: &diagnostics)
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [
        Table(name: "scan", columns: columns, indexColumns: EnergyAxis.index(of: columns))
      ],
      diagnostics: diagnostics.all, complete: rows.complete && !points.isCut)
    points.header.describe(into: &dataset)
    for (key, value) in points.settings { dataset.metadata.append(key, value) }
    dataset.reading["encoding"] = text.encoding.rawValue
    return dataset
  }

  private static func tellOfEnd(_ points: SRSPoints, into diagnostics: inout DiagnosticList) {
    if let line = points.abortedLine {
      diagnostics.warn(
        "srs.aborted", at: .line(line), found: "the scan was aborted",
        expected: "expected END OF DATA; the points before are given")
    } else if points.isCut {
      diagnostics.warn(
        "srs.cut", found: "there is no END OF DATA behind the points",
        expected: "expected that line; the file may be cut")
    }
    let keys = [
      "SRSRUN", "SRSDAT", "SRSTIM", "SRSSTN", "SRSPRJ", "SRSEXP", "SRSTLE", "SRSCN1", "SRSCN2",
      "SRSCN3",
    ]
    let absent = keys.filter { key in !points.settings.contains { $0.0 == key } }
    if !absent.isEmpty {
      diagnostics.warn(
        "srs.header", found: "the header lacks \(absent.joined(separator: ", "))",
        expected: "expected the ten settings of a run between &SRS and &END")
    }
  }
}

/// What the first column of an SRS scan is, which the file does not say.
private struct SRSAxis {
  var name = "axis"
  var unit = ColumnUnit.absent
  var remark: (found: String, expected: String)?

  init(_ values: [Double], isNamed: Bool, label: String) {
    if isNamed {
      let meaning = ColumnNames.meaning(of: label)
      name = meaning?.name ?? ColumnLabel.slug(label)
      if name.hasPrefix("photon_energy") { unit = .known(EnergyAxis.electronvolt) }
      return
    }
    let finite = values.filter(\.isFinite)
    guard let first = finite.first, let last = finite.last else { return }
    let low = finite.min() ?? 0
    let high = finite.max() ?? 0
    if last < first, low >= 1000, high <= 90000 {
      name = "mono_angle"
      unit = (try? PhysicalUnit(ucum: "10*-3.deg")).map { .known($0) } ?? .absent
      remark = (
        "the axis falls from \(first) to \(last) and has no unit",
        "taken as millidegrees; the file names no crystal: give its spacing with --d-spacing"
      )
    } else if low > 0 {
      name = "photon_energy"
      unit = .known(EnergyAxis.electronvolt)
      remark = (
        "the axis runs from \(first) to \(last) and has no unit",
        "taken as eV; set it with --energy-unit"
      )
    }
  }
}
