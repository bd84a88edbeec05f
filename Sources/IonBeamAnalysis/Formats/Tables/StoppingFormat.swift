public import Bytes
public import Reading
public import Tables

/// Tables of electronic stopping: comma-separated, GSTO of JIBAL, output of SRIM.
public enum StoppingFormat: FileFormat {
  /// The id.
  public static let id = "stopping"
  /// One line for people.
  public static let title = "Stopping cross sections (CSV, GSTO, SRIM output)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["csv", "gsto", "ele", "txt"]
  /// How it is recognised.
  public static let recognisedBy =
    "a header E_keV_per_u,Z…, keys z1-min= and x-points=, or the words Stopping Units ="

  /// Looks for the header of one of the three forms.
  public static func recognise(_ file: FileHead) -> Recognition {
    switch StoppingDialect(file.head) {
    case .csv: Recognition(95, ["a header E_keV_per_u,Z…"])
    case .gsto: Recognition(95, ["the keys z2 and x-points of GSTO"])
    case .srim: Recognition(95, ["`Stopping Units =` and `dE/dx` of SRIM"])
    case nil: .none
    }
  }

  /// Reads the energies and one column for each target.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    try StoppingFile(bytes).dataset(bytes.count)
  }
}

/// Which form a file of stopping cross sections has.
enum StoppingDialect {
  case csv, gsto, srim

  init?(_ head: ByteView) {
    // UTF-16 shows as bytes with zeros in between; the data of binary GSTO stand behind the head.
    let bytes = ByteView(head.prefix(16384).array.filter { $0 != 0 })
    if bytes.firstRange(of: "E_keV_per_u") != nil {
      self = .csv
    } else if bytes.firstRange(of: "x-points=") != nil, bytes.firstRange(of: "x-unit=") != nil {
      self = .gsto
    } else if bytes.firstRange(of: "Stopping Units =") != nil, bytes.firstRange(of: "dE/dx") != nil
    {
      self = .srim
    } else {
      return nil
    }
  }
}

extension ElectronicStopping {
  /// Puts the tables of a file for an ion in front of those that are there.
  ///
  /// - Parameters:
  ///   - bytes: CSV, GSTO or SRIM output.
  ///   - ion: the ion of the beam; a file for other ions only is refused.
  /// - Throws: `stopping.…` with the line of what is wrong.
  public mutating func add(
    _ bytes: ByteView, ion: Ion, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let file = try StoppingFile(bytes)
    diagnostics.add(contentsOf: file.diagnostics.all)
    for (target, table) in try file.tables(for: ion) { tables[target] = table }
  }
}
