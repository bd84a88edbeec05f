public import Bytes
public import Reading
public import Tables

/// The geometry file of an NDF run (`.geo`; docs/formats/ndf.md).
public enum NDFGeometry: FileFormat {
  /// The id.
  public static let id = "ndf-geo"
  /// One line for people.
  public static let title = "NDF geometry"
  /// What it is for.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["geo"]
  /// How it is recognised.
  public static let recognisedBy = "a pair of ions on line 3, IBM or Cornell on line 6"

  /// Looks at the pair of ions, the numbers below and the word IBM or Cornell.
  public static func recognise(_ file: FileHead) -> Recognition {
    let lines = SetLines.head(file, lines: 9)
    guard lines.count >= 9, lines[2].words.count >= 2,
      lines[2].words.prefix(2).allSatisfy({ Ion(String($0)) != nil }),
      ["ibm", "cornell", "general"].contains(lines[5].text.lowercased()),
      lines[6].words.count >= 2
    else { return .none }
    return Recognition(90, ["a pair of ions on line 3", "\(lines[5].text) on line 6"])
  }

  /// Reads beam, geometry, detector and calibration; the lines of the model are kept.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try SetLines(bytes, into: &diagnostics)
    let lines = text.lines
    func numbers(
      _ row: Int, _ what: String, _ count: Int, atLeast least: Double = -.infinity
    ) throws(ReadFailure) -> [Double] {
      let place = Place.line(row + 1)
      guard row < lines.count else {
        throw ReadFailure(
          "ndf.geometry", at: .line(lines.count), found: "the file ends before the \(what)",
          expected: "expected it on line \(row + 1)")
      }
      let values = lines[row].words.prefix(count).compactMap { NumberScanner.parse($0) }
      guard values.count == count, values.allSatisfy({ $0 >= least }) else {
        throw ReadFailure(
          "ndf.geometry", at: place, found: "the \(what) is '\(lines[row].text.prefix(60))'",
          expected: "expected \(count) number\(count > 1 ? "s" : "")"
            + (least == 0 ? " of 0 or more" : ""))
      }
      return values
    }
    guard lines.count >= 6, let ion = lines[2].words.first.flatMap({ Ion(String($0)) }) else {
      throw ReadFailure(
        "ndf.geometry", at: .line(min(3, lines.count)), found: "there is no pair of ions on line 3",
        expected: "expected such as 4He 4He")
    }
    var record = SpectrumRecord()
    record.ion = ion.name
    record.energy = try numbers(3, "energy of the beam", 1, atLeast: 0)[0]
    record.fwhm = try numbers(4, "resolution", 1, atLeast: 0)[0]
    record.geometry = BackscatteringGeometry.Kind(rawValue: lines[5].text.lowercased())
    guard record.geometry != nil else {
      throw ReadFailure(
        "ndf.geometry", at: .line(6), found: "the geometry is '\(lines[5].text.prefix(40))'",
        expected: "expected IBM or Cornell")
    }
    let angles = try numbers(6, "angles", 2)
    record.incidence = angles[0].magnitude
    record.scattering = angles[1].magnitude
    if angles[0] < 0, record.geometry == .ibm {
      record.exit = (180 - angles[1].magnitude - angles[0]).magnitude
    }
    record.solidAngle = try numbers(7, "solid angle", 1, atLeast: 0)[0]
    let calibration = try numbers(8, "gain and offset", 2)
    guard calibration[0] > 0 else {
      throw ReadFailure(
        "spectrum.slope", at: .line(9), found: "the gain is \(calibration[0])",
        expected: "expected a number above zero")
    }
    record.calibration = FileCalibration([calibration[1], calibration[0]], source: "line 9")
    let words = lines[3].words
    var asked = SimulationRecord()
    if words.count > 1 {
      if let spread = NumberScanner.parse(words[1]), spread >= 0 {
        asked.energySpread = spread
      } else {
        diagnostics.warn(
          "ndf.spread", at: .line(4), found: "the spread of the energy is '\(words[1].prefix(40))'",
          expected: "expected a number of 0 or more; it is left out")
      }
    }
    var dataset = Dataset(
      format: id, technique: technique, tables: [], diagnostics: diagnostics.all,
      reading: ["encoding": text.encoding])
    let keys = [
      "flag", "window", "ions", "energy", "resolution", "geometry", "angles", "solid angle",
      "gain and offset",
    ]
    for (i, line) in lines.enumerated() where !line.text.isEmpty {
      dataset.keep(i < keys.count ? keys[i] : "line \(line.number)", line.text, line: line.number)
    }
    dataset.append(record)
    dataset.append(asked)
    return dataset
  }
}
