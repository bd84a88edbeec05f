public import Bytes
public import Reading
public import Tables

/// Cross sections of nuclear reactions in the R33 form of IBANDL (docs/formats/r33.md).
public enum R33Format: FileFormat {
  /// The id.
  public static let id = "r33"
  /// One line for people.
  public static let title = "Cross section of a nuclear reaction (R33)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["r33"]
  /// How it is recognised.
  public static let recognisedBy = "lines `Reaction:` and `Data:` or `Nvalues:`"

  /// Looks for the two keys, and for `Theta:`, `Units:` and `Masses:`.
  public static func recognise(_ file: FileHead) -> Recognition {
    var notes = DiagnosticList()
    guard file.mayHold("eaction:", "eaction ", "eaction\t"),
      let text = try? SetLines(file.head, into: &notes)
    else { return .none }
    let keys = Set(text.lines.compactMap { R33Reader.key($0.text) })
    guard keys.contains("reaction"), keys.contains("data") || keys.contains("nvalues") else {
      return .none
    }
    let more = ["theta", "units", "masses", "zeds", "distribution"].filter(keys.contains)
    return Recognition(
      more.count >= 2 ? 95 : 75,
      ["the keys Reaction and Data"]
        + (more.isEmpty ? [] : ["also \(more.joined(separator: ", "))"])
    )
  }

  /// Reads the points and all keys.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var reader = R33Reader()
    try reader.read(bytes)
    return reader.dataset
  }
}

extension MeasuredCrossSection {
  /// Reads an R33 file for simulations of one measurement.
  ///
  /// - Parameters:
  ///   - ion: the ion of the beam; a file for another one is refused.
  ///   - scattering: the scattering angle in degrees; the file's may differ by 1° at most.
  ///   - force: takes a file for another angle all the same, with a warning.
  /// - Throws: `r33.…` for a damaged file, one for another ion or angle, a reaction that is no elastic
  ///   scattering, total cross sections and angular distributions.
  public static func r33(
    _ bytes: ByteView, ion: Ion, scattering: Double, force: Bool = false,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> MeasuredCrossSection {
    var reader = R33Reader()
    try reader.read(bytes)
    diagnostics.add(contentsOf: reader.diagnostics.all)
    return try reader.crossSection(
      ion: ion, scattering: scattering, force: force, into: &diagnostics)
  }
}
