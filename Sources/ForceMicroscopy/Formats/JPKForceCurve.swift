public import Bytes
public import Reading
public import Tables

/// A JPK force curve, force map or QI image: a zip archive of property files and big-endian numbers.
///
/// Usage: `.jpk-force`, `.jpk-force-map`, `.jpk-qi-data` and `.jpk-qi-series` of NanoWizard and
/// CellHesion microscopes.
/// Columns: one a channel, put through the encoder and the conversions of the file: `force` where the
/// file has a spring constant, `deflection` where it has only the sensitivity, else
/// `deflection_voltage`; `sensor_position`, `piezo_position` and so on, and `time`.
/// Tables: one a segment (`approach`, `dwell`, `retract`, `modulation`), in maps `I/approach`.
/// Metadata: every key of all headers; of later curves those that differ from the first.
/// Structure: docs/formats/jpk.md.
public enum JPKForceCurve: FileFormat {
  /// The id, `jpk`.
  public static let id = "jpk"
  /// One line for people.
  public static let title = "JPK force curve, force map or QI image"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// JPK's extensions.
  public static let extensions = ["jpk-force", "jpk-force-map", "jpk-qi-data", "jpk-qi-series"]
  /// The names of the members.
  public static let recognisedBy =
    "a zip archive with segments/N/segment-header.properties or index/I/segments/N/…"

  /// How sure we are: by the names of the members in the head and tail of the archive.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard ZipArchive.recognises(file.head) else { return .none }
    var headers: Set<String> = []
    for (view, mark, nameLength, name) in [
      (file.head, "PK\u{3}\u{4}", 26, 30), (file.tail, "PK\u{1}\u{2}", 28, 46),
    ] {
      var from = 0
      while let next = view.firstRange(of: mark, from: from) {
        from = next.upperBound
        let at = next.lowerBound
        guard let low = view[at + nameLength], let high = view[at + nameLength + 1] else { break }
        let length = Int(low) | Int(high) << 8
        let text = view[(at + name)..<(at + name + length)].latin1()
        switch JPKMember(text) {
        case .segment: headers.insert("a header of a segment")
        case .curve: headers.insert("a header of a curve of a map")
        case .data: headers.insert("a data file of a segment")
        case .shared: headers.insert("shared data")
        case .header: headers.insert("header.properties")
        case .other: break
        }
      }
    }
    let own = headers.subtracting(["header.properties", "shared data"])
    let reasons = ["zip archive"] + headers.sorted()
    if own.contains("a header of a segment") { return Recognition(100, reasons) }
    if !own.isEmpty { return Recognition(90, reasons) }
    if headers.contains("shared data") { return Recognition(85, reasons) }
    guard headers.contains("header.properties") else { return .none }
    let isNamed = extensions.contains(file.pathExtension)
    return Recognition(isNamed ? 55 : 45, reasons)
  }

  /// Reads the archive.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var archive = try JPKArchive(bytes, limits: options.limits)
    try archive.read()
    return Dataset(
      format: id, technique: technique, tables: archive.tables, metadata: archive.metadata,
      diagnostics: archive.diagnostics.all, complete: archive.complete,
      settingOrigins: archive.origins, settings: archive.settings)
  }
}
