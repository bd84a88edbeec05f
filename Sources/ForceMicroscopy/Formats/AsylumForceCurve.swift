public import Bytes
public import Reading
public import Tables

/// An Asylum force curve or image: an Igor binary wave with Asylum's note and labels.
///
/// Usage: `.ibw` of MFP-3D, Cypher and Jupiter microscopes.
/// Columns of a curve: by label, in any order, as `piezo_position` (Raw), `sensor_position` (ZSnsr),
/// `deflection` (Defl) and so on, one table a segment (`approach`, `dwell`, `retract`), and `time` from
/// the sample interval. Columns of an image: one a layer, in the table `scan`, with a grid beside it.
/// Values: as in the file, in time order.
/// Metadata: every key of the note, `SpringConstant` and `InvOLS` with their bytes.
/// Structure: docs/formats/igor-ibw.md.
public enum AsylumForceCurve: FileFormat {
  /// The id, `asylum-ibw`.
  public static let id = "asylum-ibw"
  /// One line for people.
  public static let title = "Asylum force curve or image (Igor binary wave)"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Igor's extension.
  public static let extensions = ["ibw"]
  /// The wave's header and Asylum's note.
  public static let recognisedBy =
    "an Igor binary wave with Asylum's note keys, channel labels or closing text"

  /// How sure we are: 100 with a sound header and two or more marks of Asylum.
  public static func recognise(_ file: FileHead) -> Recognition {
    let igor = IgorRecognition.score(file)
    guard igor.score > 0 else { return .none }
    let marks = AsylumMarks.find(file)
    guard !marks.isEmpty else { return .none }
    return Recognition(marks.count > 1 ? igor.score : min(85, igor.score), igor.reasons + marks)
  }

  /// Reads the curve or image.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    try dataset(of: IgorSections(bytes), options: options)
  }

  /// The curve or image of a wave that was taken apart.
  static func dataset(
    of sections: IgorSections, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    guard !sections.header.type.isText else {
      throw ReadFailure(
        "ibw.text-wave", at: .byte(IgorHeader.Field.type(5)),
        found: "this is a text wave: it holds no numbers",
        expected: "expected the numeric wave of a curve or image")
    }
    let series = try IgorSeries(sections)
    let shape = sections.shape
    guard series.columns <= options.limits.columns || AsylumImage.isOneLayer(shape) else {
      throw ReadFailure(
        "ibw.many-columns", at: .byte(IgorHeader.Field.dimensions),
        found: "the wave has \(series.columns) channels",
        expected: "expected at most \(options.limits.columns)")
    }
    var diagnostics = sections.diagnostics(series: series)
    let (metadata, origins) = sections.metadata()
    var tables: [Table] = []
    var grids: [Grid] = []
    if AsylumImage.holds(shape) {
      let image = AsylumImage(shape, series)
      diagnostics.add(contentsOf: image.diagnostics.all)
      tables = [image.table]
      if let grid = image.grid { grids = [grid] }
    } else {
      let curve = AsylumCurve(shape, series)
      diagnostics.add(contentsOf: curve.diagnostics.all)
      tables = curve.tables
    }
    IgorMissing.warn(tables, &diagnostics)
    AsylumNote.check(sections.note, &diagnostics)
    if sections.header.points == 0 {
      diagnostics.warn(
        "ibw.no-points", at: .byte(IgorHeader.Field.points(sections.header.version)),
        found: "the wave has 0 points", expected: "expected data")
    }
    return Dataset(
      format: id, technique: technique, tables: tables, grids: grids, metadata: metadata,
      diagnostics: diagnostics.all, complete: sections.lost == nil,
      reading: ["encoding": "windows-1252"], settingOrigins: origins,
      settings: AsylumNote.settings(metadata, origins))
  }
}

/// What a note says of the calibration, and its contradictions.
enum AsylumNote {
  /// Spring constant, sensitivity and trigger of a note, in SI units as Asylum writes them.
  static func settings(
    _ metadata: Metadata, _ origins: [String: Origin], group: String? = nil
  ) -> [InstrumentSetting] {
    func number(_ key: String) -> (value: Double, origin: Origin)? {
      guard let text = metadata.text(key), let x = Double(text.filter { !$0.isWhitespace }),
        x.isFinite
      else { return nil }
      return (x, origins[key] ?? Origin())
    }
    var result: [InstrumentSetting] = []
    if let k = number("SpringConstant") {
      result.append(
        .springConstant(k.value, key: "SpringConstant", group: group, origin: k.origin))
    }
    if let s = number("InvOLS") {
      result.append(.invOLS(s.value, key: "InvOLS", group: group, origin: s.origin))
    }
    guard let channel = metadata.text("TriggerChannel")?.filter({ !$0.isWhitespace }),
      let point = number("TriggerPoint"), point.value > 0
    else { return result }
    switch channel {
    case "Force":
      result.append(
        .triggerForce(point.value, key: "TriggerPoint", group: group, origin: point.origin))
    case "Deflection", "DeflMeters":
      result.append(
        .triggerDeflection(point.value, key: "TriggerPoint", group: group, origin: point.origin))
    case "DeflVolts":
      result.append(
        .triggerVoltage(point.value, key: "TriggerPoint", group: group, origin: point.origin))
    default: break
    }
    return result
  }

  /// Warns of a spring constant or sensitivity that is given more than once with different values.
  static func check(_ note: IgorNote, _ diagnostics: inout DiagnosticList) {
    for key in ["SpringConstant", "InvOLS"] {
      let entries = note.entries.filter { $0.key == key }
      guard let first = entries.first,
        let other = entries.first(where: { Double($0.value) != Double(first.value) })
      else { continue }
      diagnostics.warn(
        "ibw.repeated-setting", at: .byte(other.bytes.lowerBound),
        found: "\(key) is \(first.value) and later \(other.value)",
        expected: "expected one value; the first is used")
    }
  }
}
