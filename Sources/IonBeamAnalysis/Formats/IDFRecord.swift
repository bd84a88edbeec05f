internal import Bytes
internal import Tables
internal import Units

extension IDFDocument {
  /// What a `spectrum` element says besides its counts, for the table of that name.
  mutating func readRecord(
    _ spectrum: Node, table: String, calibration: FileCalibration?
  ) throws(ReadFailure) {
    var record = SpectrumRecord(table: table)
    record.calibration = calibration
    record.title = Self.text(spectrum.first("reactions", "technique"))
    if let beam = spectrum["beam"] { try readBeam(beam, into: &record) }
    if let geometry = spectrum["geometry"] { try readGeometry(geometry, into: &record) }
    if let detector = spectrum.first("detection", "detector") {
      record.solidAngle = try quantity(
        detector["solidangle"], in: .millisteradian, atLeast: 0)
    }
    let widths = spectrum.first(
      "calibrations", "detectorresolutions", "detectorresolution", "resolutionparameters")
    for node in widths?.all("resolutionparameter").prefix(1) ?? [] {
      record.fwhm = try quantity(node, in: .kiloelectronvolt, atLeast: 0)
    }
    let times = spectrum.first("detection", "electronics")
    record.liveTime = try quantity(times?["livetime"], in: .second, atLeast: 0)
    record.realTime = try quantity(times?["realtime"], in: .second, atLeast: 0)
    records.append(record)
    var asked = SimulationRecord(table: table)
    asked.energySpread = try quantity(
      spectrum.first("beam", "beamenergyspread"), in: .kiloelectronvolt, atLeast: 0)
    asked.spot = try shape(spectrum.first("geometry", "spot"))
    asked.aperture = try shape(spectrum.first("detection", "detector", "detectorshape"))
    asked.distance = try quantity(
      spectrum.first("detection", "detector", "distancedetectortosample"), in: .millimetre,
      atLeast: 0)
    if asked.distance == 0 { asked.distance = nil }
    try readPhysics(spectrum, into: &asked)
    simulationRecords.append(asked)
  }

  /// The text of an element; nil where it is absent or empty.
  static func text(_ node: Node?) -> String? { node.flatMap { $0.text.isEmpty ? nil : $0.text } }

  private mutating func readBeam(
    _ beam: Node, into record: inout SpectrumRecord
  ) throws(ReadFailure) {
    if let particle = Self.text(beam["beamparticle"]) {
      record.ion = Ion(particle)?.name ?? particle
    } else if let z = IDFNumbers.number(beam["beamZ"]).flatMap({ Int(exactly: $0) }), z > 0 {
      let mass = IDFNumbers.number(beam["beammass"])
      let isotopes = Isotope.natural(of: z)
      let near = isotopes.min { a, b in
        guard let mass else { return a.abundance > b.abundance }
        return (a.mass - mass).magnitude < (b.mass - mass).magnitude
      }
      record.ion = near?.name
    }
    record.energy = try quantity(beam["beamenergy"], in: .kiloelectronvolt, atLeast: 0)
    if let node = beam["beamfluence"], let value = IDFNumbers.number(node) {
      let unit = node.element.attribute("units") ?? ""
      if unit.isEmpty || unit.lowercased().contains("particle") || unit == "#" {
        record.particles = try checked(value, node, atLeast: 0)
      } else {
        record.charge = try quantity(node, in: Self.microcoulomb, atLeast: 0)
      }
    }
    if let charge = try quantity(beam["charge"], in: Self.microcoulomb, atLeast: 0) {
      record.charge = charge
    }
    // A placeholder beside the charge.
    if record.particles == 0, record.charge != nil { record.particles = nil }
  }

  private mutating func readGeometry(
    _ geometry: Node, into record: inout SpectrumRecord
  ) throws(ReadFailure) {
    if let node = geometry["geometrytype"], !node.text.isEmpty {
      record.geometry = BackscatteringGeometry.Kind(rawValue: node.text.lowercased())
      if record.geometry == nil {
        diagnostics.warn(
          "idf.geometry", at: node.place, found: "the geometry is '\(node.text.prefix(40))'",
          expected: "expected IBM, Cornell or general")
      }
    }
    let incidence = try quantity(geometry["incidenceangle"], in: .degree)
    record.incidence = incidence?.magnitude
    record.scattering = try quantity(geometry["scatteringangle"], in: .degree)?.magnitude
    record.exit = try quantity(geometry["exitangle"], in: .degree)?.magnitude
    // The sign of a tilt says on which side of the normal the detector stands.
    if record.exit == nil, let incidence, incidence < 0, let scattering = record.scattering,
      record.geometry ?? .ibm == .ibm
    {
      record.exit = (180 - scattering - incidence).magnitude
    }
  }

  private mutating func shape(_ node: Node?) throws(ReadFailure) -> ApertureShape? {
    guard let node, let first = try quantity(node["l1"], in: .millimetre, atLeast: 0), first > 0
    else { return nil }
    let second = try quantity(node["l2"], in: .millimetre, atLeast: 0) ?? first
    let kind = node["shape"]?.text.lowercased() ?? ""
    if kind.hasPrefix("circ") { return ApertureShape(.circular, first) }
    if kind.hasPrefix("squ") { return ApertureShape(.rectangular, first, first) }
    if kind.hasPrefix("ell") {
      // The rectangle with the variances of an ellipse: w²/12 = D²/16.
      let factor = (3.0 / 4).squareRoot()
      return ApertureShape(.rectangular, first * factor, second * factor)
    }
    return ApertureShape(.rectangular, first, second)
  }

  private static let microcoulomb = PhysicalUnit.loose("uC")?.unit ?? .one

  /// The number of an element in a unit; nil where the element is absent, empty or holds no number.
  mutating func quantity(
    _ node: Node?, in unit: PhysicalUnit, atLeast least: Double = -.infinity
  ) throws(ReadFailure) -> Double? {
    guard let node, !node.text.isEmpty else { return nil }
    guard let value = IDFNumbers.number(node) else {
      diagnostics.warn(
        "idf.not-a-number", at: node.place,
        found: "<\(node.element.name)> holds '\(node.text.prefix(40))'",
        expected: "expected a number; it stands in the metadata only")
      return nil
    }
    let text = node.element.attribute("units") ?? ""
    guard !text.isEmpty, text != unit.ucum else { return try checked(value, node, atLeast: least) }
    guard let found = PhysicalUnit.loose(text, expecting: unit.dimension)?.unit,
      let converter = try? UnitConverter(from: found, to: unit)
    else {
      diagnostics.warn(
        "unit.unknown", at: node.place, found: "the unit `\(text.prefix(40))` is not known",
        expected: "expected \(unit.ucum), which is taken")
      return try checked(value, node, atLeast: least)
    }
    return try checked(found == unit ? value : converter(value), node, atLeast: least)
  }

  private func checked(
    _ value: Double, _ node: Node, atLeast least: Double
  ) throws(ReadFailure) -> Double {
    guard value >= least else {
      throw ReadFailure(
        "idf.negative", at: node.place, found: "<\(node.element.name)> is \(node.text.prefix(40))",
        expected: "expected \(least) or more (line \(node.element.line))")
    }
    return value
  }
}
