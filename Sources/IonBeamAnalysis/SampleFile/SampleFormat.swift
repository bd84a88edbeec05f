public import Bytes
internal import Configuration
public import Reading
public import Tables
internal import Units

/// A sample file of `rbs simulate` and `rbs fit` as an input (docs/formats/rbs-sample.md).
public enum SampleFormat: FileFormat {
  /// The id.
  public static let id = "rbs-sample"
  /// One line for people.
  public static let title = "Sample file of rbs (beam, detector, layers)"
  /// What it is for.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["yaml", "yml", "json"]
  /// How it is recognised.
  public static let recognisedBy = "the keys beam and layers, or beam and detector"

  /// Looks for the keys at the margin of YAML, or quoted in JSON.
  public static func recognise(_ file: FileHead) -> Recognition {
    var notes = DiagnosticList()
    guard file.size <= 1 << 20, file.mayHold("beam:", "beam\"", "beam'"),
      let text = try? SampleText(file.head, into: &notes)
    else {
      return .none
    }
    let keys = text.topKeys
    // A file without a beam is still meant as one: what it lacks is an error with its place.
    guard keys.contains("detector") || keys.contains("beam"),
      keys.contains("layers") || (keys.contains("beam") && keys.contains("detector"))
    else { return .none }
    let found = ["beam", "geometry", "detector", "layers"].filter(keys.contains)
    return Recognition(90, ["the top-level keys \(found.joined(separator: ", "))"])
  }

  /// Checks the whole file and gives its layers; the setup stands in the metadata.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try SampleText(bytes, into: &diagnostics)
    let file = try SampleFile.parse(text.text, needsLayers: false)
    var dataset = Dataset(format: id, technique: technique, tables: [])
    if !file.layers.isEmpty {
      dataset.tables.append(table("layers", file.layers, isSample: true))
    }
    if !file.setup.detector.foil.isEmpty {
      dataset.tables.append(table("foil", file.setup.detector.foil, isSample: false))
    }
    dataset.append(SpectrumRecord(file.setup, charge: file.charge))
    dataset.append(SimulationRecord(file.setup))
    let root = try ConfigNode.parse(text.text)
    for leaf in root.flattened {
      let texts = leaf.value.elements?.compactMap(\.text).joined(separator: ", ")
      let value = leaf.value.text ?? texts ?? ""
      guard case .cell(let line, _) = leaf.value.place else { continue }
      if !value.isEmpty { dataset.keep(leaf.path, value, line: line) }
      if leaf.value.isEmpty {
        diagnostics.note(
          "config.empty-value", at: leaf.value.place, found: "\(leaf.path) has no value",
          expected: "its default is taken")
      }
    }
    for (line, comment) in text.comments { dataset.keep("comment", comment, line: line) }
    dataset.diagnostics = diagnostics.all
    dataset.reading["encoding"] = text.encoding
    return dataset
  }

  private static func table(_ name: String, _ layers: [SampleLayer], isSample: Bool) -> Table {
    let fractions = layers.map { layer in
      layer.parts.map { part in
        (
          element: part.nuclei.name,
          value: layer.arealDensity > 0 ? part.arealDensity / layer.arealDensity : 0
        )
      }
    }
    var more: [Column] = []
    if isSample {
      func add(_ name: String, _ unit: ColumnUnit, _ values: [Double]) {
        more.append(Column(name: name, label: name, values: .real(values), unit: unit))
      }
      if layers.contains(where: { $0.density != nil }) {
        add("density", .known(.gramPerCubicCentimetre), layers.map { $0.density ?? .nan })
        if layers.contains(where: { $0.densityUncertainty != nil }) {
          more[more.count - 1].uncertainty = .perRow(
            layers.map { $0.density == nil ? .nan : $0.densityUncertainty ?? .nan })
        }
      }
      if layers.contains(where: { $0.stoppingScale != 1 }) {
        add("stopping_scale", .known(.one), layers.map(\.stoppingScale))
      }
      if layers.contains(where: { $0.yieldScale != 1 }) {
        add("yield_scale", .known(.one), layers.map(\.yieldScale))
      }
      more.append(
        Column(
          name: "substrate", label: "substrate",
          values: .integer(layers.map { $0.isSubstrate ? 1 : 0 }), unit: .known(.one)))
    }
    return LayerTable.table(
      name, layers.map(\.arealDensity), fractions, Origin(steps: ["checked values"]),
      names: layers.map(\.name), roughness: layers.map(\.roughness), more: more)
  }
}

extension SpectrumRecord {
  /// The record that says what a setup says.
  ///
  /// - Parameters:
  ///   - setup: the measurement.
  ///   - charge: the charge in µC, where the number of ions was computed from it.
  ///   - table: the name of the table with the counts.
  public init(_ setup: BackscatteringSetup, charge: Double? = nil, table: String = "spectrum") {
    self.init(table: table)
    ion = setup.ion.name
    energy = setup.energy
    particles = setup.particles
    self.charge = charge
    geometry = setup.geometry.kind
    incidence = setup.geometry.incidence
    scattering = setup.geometry.scattering
    exit = setup.geometry.exit
    solidAngle = setup.detector.solidAngle
    fwhm = setup.detector.fwhm
    let own = setup.detector.calibration
    calibration = FileCalibration(
      [own.offset, own.slope, own.quadratic], channelEnergy: own.channelEnergy, source: "detector")
  }
}

extension SimulationRecord {
  /// The record that says what a setup says.
  public init(_ setup: BackscatteringSetup, table: String = "spectrum") {
    self.init(table: table)
    if setup.energySpread > 0 { energySpread = setup.energySpread * 2.354820045030949 }
    spot = setup.detector.spot
    aperture = setup.detector.aperture
    distance = setup.detector.distance
    geometricSpread = setup.physics.geometricSpread
    channels = setup.detector.channels.map { $0 + setup.detector.firstChannel }
    stopping = setup.physics.stopping.set
    straggling = setup.physics.straggling
    screening = setup.physics.screening
    minimumEnergy = setup.physics.minimumEnergy
  }
}

/// The text of a YAML or JSON file and what its margin shows.
struct SampleText {
  let text: String
  let encoding: String
  private(set) var comments: [(line: Int, text: String)] = []
  private(set) var topKeys: Set<String> = []

  init(_ bytes: ByteView, into diagnostics: inout DiagnosticList) throws(ReadFailure) {
    let decoded = try DecodedText.decode(bytes, into: &diagnostics)
    text = TextLines.string(decoded.utf8)
    encoding = decoded.encoding.rawValue
    let lines = TextLines(decoded.utf8)
    let isJSON = IDFNumbers.trimmed(String(text.prefix(200))).hasPrefix("{")
    for line in lines {
      let content = lines.string(line)
      let words = content.drop { $0 == " " || $0 == "\t" }
      if words.first == "#" { comments.append((line.number, String(words.dropFirst()))) }
      if isJSON {
        for key in ["beam", "geometry", "detector", "layers"] where words.contains("\"\(key)\"") {
          topKeys.insert(key)
        }
      } else if let first = content.first, first != " ", first != "#", first != "-",
        let colon = content.firstIndex(of: ":")
      {
        topKeys.insert(content[..<colon].filter { $0 != "\"" && $0 != "'" })
      }
    }
    if !decoded.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline",
        at: .line(TextLines.number(ofOffset: decoded.utf8.count, in: decoded.utf8)),
        found: "the last line has no line end", expected: "its last value may be cut")
    }
  }
}
