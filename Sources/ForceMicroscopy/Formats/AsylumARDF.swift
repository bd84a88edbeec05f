public import Bytes
public import Reading
public import Tables

/// An Asylum force map or fast map: curves and images in one ARDF file.
///
/// Usage: `.ardf` of Asylum Research microscopes (MFP-3D, Cypher, Jupiter).
/// Tables: `INDEX/approach`, `INDEX/retract` and so on for each curve, INDEX counting the curves of the
/// file from 0; `curves` says which line and point of the scan each one is; `scan` holds the images.
/// Columns: by the label of the channel, as in ``AsylumForceCurve``, and `time`.
/// Structure: docs/formats/ardf.md.
public enum AsylumARDF: FileFormat {
  /// The id, `ardf`.
  public static let id = "ardf"
  /// One line for people.
  public static let title = "Asylum force map (ARDF)"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Asylum's extension.
  public static let extensions = ["ardf"]
  /// The name of the first block, with its checksum.
  public static let recognisedBy = "the block ARDF at the start, then the table FTOC"

  /// How sure we are: 100 where the first two blocks are sound.
  public static func recognise(_ file: FileHead) -> Recognition {
    let first = ARDFBlock(file.head, at: 0)
    let second = ARDFBlock(file.head, at: 16)
    let isFirst = first?.name == "ARDF"
    let isSecond = second?.name == "FTOC"
    guard isFirst || (isSecond && first?.size == 16) else {
      return .none
    }
    if isFirst, isSecond, first?.holds(in: file.head) == true {
      return Recognition(100, ["the block ARDF with its checksum", "the table FTOC"])
    }
    return Recognition(
      isFirst && isSecond ? 90 : 70, [isFirst ? "the block ARDF" : "the table FTOC of an ARDF file"]
    )
  }

  /// Reads all curves and images.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let first = try ARDFBlock.expect("ARDF", bytes, at: 0)
    var reader = ARDFReader(bytes)
    _ = reader.flaws.check(first, bytes)
    try reader.read(from: first.end)
    return try reader.finished(format: id)
  }
}

/// Gathers the parts of an ARDF file.
struct ARDFReader {
  private let view: ByteView
  private var dataset = Dataset(format: "", technique: .afm, tables: [])
  private var diagnostics = DiagnosticList()
  private var volumes: [ARDFVolume] = []
  private var images: [ARDFImage] = []
  private var note = IgorNote()
  /// What is wrong with blocks.
  var flaws = ARDFFlaws()

  init(_ view: ByteView) { self.view = view }

  /// Reads the table of contents at an offset, the main note behind it, and what both point to.
  mutating func read(from offset: Int) throws(ReadFailure) {
    let table = try ARDFTable(view, at: offset, named: "FTOC")
    _ = flaws.check(table.block, view)
    let notes = try ARDFNotes(view, at: table.end, &flaws, &diagnostics)
    note = notes.append(to: &dataset.metadata, &dataset.settingOrigins).first ?? IgorNote()
    for entry in table.entries {
      _ = flaws.check(entry, view)
      guard let pointer = table.pointer(entry, view), !flaws.isOverlapping else { continue }
      do throws(ReadFailure) {
        switch entry.name {
        case "VOLM":
          volumes.append(
            try ARDFVolume(
              view, at: pointer, number: volumes.count, &flaws, &dataset, &diagnostics))
        case "IMAG":
          images.append(
            try ARDFImage(
              view, at: pointer, number: images.count, &flaws, &dataset, &diagnostics))
        default: flaws.skip(entry.name, bytes: ARDFBlock(view, at: pointer)?.size ?? 0)
        }
      } catch {
        // The other volumes and images may be whole.
        flaws.lose()
        diagnostics.warn(
          "ardf.part-lost", at: error.diagnostic.place,
          found: "\(entry.name) cannot be read: \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
    }
    takeCurves()
    takeImages()
  }

  private mutating func takeCurves() {
    guard !volumes.isEmpty else { return }
    let curves = ARDFCurves(
      view, starts: volumes.flatMap(\.lineStarts), volumes: volumes.map(\.end), &flaws)
    var makers: [ARDFCurveTables] = []
    for volume in volumes {
      makers.append(ARDFCurveTables(view, volume, note: note, &diagnostics))
    }
    // Where a map holds trace and retrace, each volume has its own type of curve.
    var types: [Int] = []
    for curve in curves.all where !types.contains(curve.type) { types.append(curve.type) }
    let isSingle = curves.found == 1
    var given: [ARDFCurves.Curve] = []
    for curve in curves.all {
      let volume = min(types.firstIndex(of: curve.type) ?? 0, makers.count - 1)
      let tables = makers[volume].tables(curve, &flaws, &diagnostics)
      guard !tables.isEmpty else { continue }
      given.append(curve)
      for var table in tables {
        if !isSingle { table.name = "\(curve.number)/\(table.name)" }
        dataset.tables.append(table)
      }
    }
    if !isSingle, !given.isEmpty { dataset.tables.append(Self.overview(given)) }
    sayStopped(curves)
  }

  /// Which curve stands where in the scan.
  private static func overview(_ curves: [ARDFCurves.Curve]) -> Table {
    func column(_ name: String, _ value: (ARDFCurves.Curve) -> Int) -> Column {
      Column(
        name: name, label: name, values: .integer(curves.map { Int64(value($0)) }), unit: .absent,
        origin: Origin(steps: ["VSET"]))
    }
    let names = Column(
      name: "name", label: "name", values: .text(curves.map(\.name)), unit: .absent,
      origin: Origin(steps: ["VNAM"]))
    return Table(
      name: "curves",
      columns: [
        column("curve") { $0.number }, column("line") { $0.line }, column("point") { $0.point },
        names,
      ], indexColumns: ["curve"])
  }

  /// Warns where there are fewer curves than the scan has points.
  private mutating func sayStopped(_ curves: ARDFCurves) {
    var wanted = 0
    for volume in volumes {
      let (product, overflow) = volume.points.multipliedReportingOverflow(by: volume.lines)
      wanted += overflow ? 0 : min(product, 1 << 40)
    }
    let counted = volumes.compactMap(\.declaredCurves).map { min(max(0, $0), 1 << 40) }
      .reduce(0, +)
    guard curves.found < max(wanted, counted) else { return }
    let blank = volumes.map(\.blankLines).reduce(0, +)
    if curves.found < counted || blank == 0 { flaws.lose() }
    diagnostics.warn(
      "ardf.stopped", at: .byte(curves.end),
      found: "\(curves.found) curves are there, the scan has \(wanted) points"
        + (counted > 0 ? " and counts \(counted) curves" : "")
        + (blank > 0 ? "; \(blank) of its lines were not begun" : ""),
      expected: "expected one curve a point; those that are there are given")
  }

  private mutating func takeImages() {
    for scan in ARDFImage.scans(images) {
      dataset.tables.append(scan.table)
      dataset.grids.append(scan.grid)
    }
    for image in images {
      if image.damagedLines > 0 { flaws.lose() }
      guard image.blankLines > 0 else { continue }
      diagnostics.warn(
        "ardf.stopped-image", at: .byte(image.offset),
        found: "\(image.blankLines) of the \(image.lines) lines of an image are blank",
        expected: "expected all lines; their pixels are missing")
    }
  }

  /// The dataset.
  ///
  /// - Throws: `ardf.no-data` where neither a curve nor an image can be given.
  mutating func finished(format: String) throws(ReadFailure) -> Dataset {
    flaws.report(&diagnostics)
    guard !dataset.tables.isEmpty else {
      let worst = diagnostics.all.first { $0.severity > .note }
      throw ReadFailure(
        "ardf.no-data", at: worst?.place ?? .byte(view.count),
        found: "the file gives no curve and no image"
          + (worst.map { ": \($0.found)" } ?? ""),
        expected: worst?.expected ?? "expected at least one")
    }
    IgorMissing.warn(dataset.tables, &diagnostics)
    AsylumNote.check(note, &diagnostics)
    dataset.format = format
    dataset.settings = AsylumNote.settings(dataset.metadata, dataset.settingOrigins)
    dataset.diagnostics = diagnostics.all
    dataset.complete = flaws.isComplete
    dataset.reading = ["encoding": "windows-1252"]
    return dataset
  }
}
