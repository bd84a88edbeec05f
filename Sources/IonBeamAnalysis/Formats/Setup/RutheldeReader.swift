internal import Bytes
internal import Tables

/// Takes a Ruthelde document apart.
struct RutheldeReader {
  var tables: SpectrumTables
  private var asked: [SimulationRecord] = []

  init(tables: SpectrumTables) { self.tables = tables }

  mutating func read(_ root: ResultValue) throws(ReadFailure) -> Dataset {
    let several = Self.elements(root["measurements"])
    if several.isEmpty {
      try readMeasurement(root, root, table: "spectrum", path: "")
    }
    for (i, one) in several.enumerated() {
      let table = several.count > 1 ? "spectrum_\(i + 1)" : "spectrum"
      try readMeasurement(one, root, table: table, path: "measurements[\(i)].")
    }
    let layers = Self.elements(root["target"]?["layerList"])
    if layers.isEmpty {
      noteMissing("target.layerList")
    } else {
      tables.tables.append(try readLayers(layers))
    }
    var dataset = tables.dataset(RutheldeFormat.id)
    for record in asked { dataset.append(record) }
    keepRest(root, in: &dataset)
    return dataset
  }

  private mutating func noteMissing(_ path: String) {
    tables.diagnostics.note(
      "ruthelde.missing", at: .entry(path), found: "there is no \(path)",
      expected: "expected it; what follows from it is not known")
  }

  /// Notes the keys of an object that are not there.
  private mutating func noteMissing(_ keys: [String], of value: ResultValue?, _ path: String) {
    for key in keys where value?[key] == nil { noteMissing(path + key) }
  }

  private static func elements(_ value: ResultValue?) -> [ResultValue] {
    if case .list(let list)? = value { return list }
    return []
  }

  private static func number(
    _ value: ResultValue?, _ path: String, atLeast least: Double = -.infinity,
    isAbove: Bool = false
  ) throws(ReadFailure) -> Double? {
    guard let value, let number = value.finiteNumber else { return nil }
    guard isAbove ? number > least : number >= least else {
      throw ReadFailure(
        "ruthelde.range", at: .entry(path), found: "\(path) is \(number)",
        expected: "expected \(isAbove ? "more than" : "at least") \(least)")
    }
    return number
  }

  private mutating func readMeasurement(
    _ own: ResultValue, _ root: ResultValue, table: String, path: String
  ) throws(ReadFailure) {
    let setup = own["experimentalSetup"] ?? root["experimentalSetup"]
    let detector = own["detectorSetup"] ?? root["detectorSetup"]
    let calculation = own["calculationSetup"] ?? root["calculationSetup"]
    var record = SpectrumRecord(table: table)
    noteMissing(
      ["projectile", "E0", "deltaE0", "charge", "alpha", "theta", "beta"], of: setup,
      path + "experimentalSetup.")
    noteMissing(["Z", "M"], of: setup?["projectile"], path + "experimentalSetup.projectile.")
    noteMissing(
      ["solidAngle", "resolution", "calibration"], of: detector, path + "detectorSetup.")
    noteMissing(
      ["factor", "offset"], of: detector?["calibration"], path + "detectorSetup.calibration.")
    noteMissing(
      ["numberOfChannels", "screeningMode", "stragglingMode", "stoppingPowerCalculationMode"],
      of: calculation, path + "calculationSetup.")
    if let projectile = setup?["projectile"] {
      let z = try Self.number(projectile["Z"], path + "experimentalSetup.projectile.Z", atLeast: 1)
      let mass = projectile["M"]?.finiteNumber
      if let z = z.flatMap({ Int(exactly: $0) }) {
        record.ion =
          Isotope.natural(of: z).min { a, b in
            guard let mass else { return a.abundance > b.abundance }
            return (a.mass - mass).magnitude < (b.mass - mass).magnitude
          }?.name
      }
    }
    let base = path + "experimentalSetup."
    record.energy = try Self.number(setup?["E0"], base + "E0", atLeast: 0, isAbove: true)
    record.charge = try Self.number(setup?["charge"], base + "charge", atLeast: 0)
    record.incidence = setup?["alpha"]?.finiteNumber?.magnitude
    record.scattering = setup?["theta"]?.finiteNumber?.magnitude
    record.exit = setup?["beta"]?.finiteNumber?.magnitude
    let other = path + "detectorSetup."
    record.solidAngle = try Self.number(
      detector?["solidAngle"], other + "solidAngle", atLeast: 0, isAbove: true)
    record.fwhm = try Self.number(detector?["resolution"], other + "resolution", atLeast: 0)
    if let calibration = detector?["calibration"],
      let factor = try Self.number(
        calibration["factor"], other + "calibration.factor", atLeast: 0, isAbove: true)
    {
      record.calibration = FileCalibration(
        [calibration["offset"]?.finiteNumber ?? 0, factor], channelEnergy: .left,
        source: other + "calibration")
    }
    if let incidence = record.incidence, let scattering = record.scattering {
      // Ruthelde knows an exit angle only; it is IBM where the three lie in a plane.
      let near = [180 - scattering - incidence, 180 - scattering + incidence].map(\.magnitude)
      let exit = record.exit
      record.geometry =
        exit == nil || near.contains { ($0 - (exit ?? 0)).magnitude < 0.5 } ? .ibm : .general
    }
    var simulation = SimulationRecord(table: table)
    simulation.energySpread = try Self.number(setup?["deltaE0"], base + "deltaE0", atLeast: 0)
    if simulation.energySpread == 0 { simulation.energySpread = nil }
    simulation.channels = calculation?["numberOfChannels"]?.finiteNumber.flatMap {
      Int(exactly: $0)
    }
    let screening = calculation?["screeningMode"]?.text?.lowercased() ?? ""
    if screening.hasPrefix("and") { simulation.screening = .andersen }
    if screening.contains("ecuyer") { simulation.screening = .lecuyer }
    if screening == "none" { simulation.screening = Screening.none }
    let straggling = calculation?["stragglingMode"]?.text?.lowercased() ?? ""
    simulation.straggling =
      straggling == "none" ? Straggling.none : Straggling(rawValue: straggling)
    let stopping = calculation?["stoppingPowerCalculationMode"]?.text?.lowercased() ?? ""
    if stopping.hasPrefix("zb") { simulation.stopping = .zbl95 }
    for (key, isKnown) in [
      ("screeningMode", simulation.screening != nil),
      ("stragglingMode", simulation.straggling != nil),
      ("stoppingPowerCalculationMode", simulation.stopping != nil),
    ] where !isKnown && calculation?[key] != nil {
      tables.diagnostics.warn(
        "rbs.not-modelled", at: .entry(path + "calculationSetup." + key),
        found: "the file asks for \(key) '\(calculation?[key]?.text?.prefix(40) ?? "")'",
        expected: "simulations here take their default")
    }
    asked.append(simulation)
    let counts = Self.elements(own["experimentalSpectrum"] ?? own["spectrum"])
    guard counts.contains(where: { ($0.finiteNumber ?? 0) != 0 }) else {
      tables.records.append(record)
      tables.diagnostics.note(
        "ruthelde.no-spectrum", at: .entry(path + "experimentalSpectrum"),
        found: "no measured counts", expected: "its settings are given")
      return
    }
    var content = SpectrumContent(counts: .real(counts.map { $0.finiteNumber ?? .nan }))
    content.record = record
    content.labels = ("channel", "experimentalSpectrum")
    content.origin = Origin(member: path + "experimentalSpectrum", steps: ["JSON numbers"])
    content.calibrationPlace = .entry(other + "calibration")
    try tables.add(content)
  }

  private mutating func readLayers(_ layers: [ResultValue]) throws(ReadFailure) -> Table {
    var thickness: [Double] = []
    var fractions: [[(element: String, value: Double)]] = []
    for (i, layer) in layers.enumerated() {
      let path = "target.layerList[\(i)]"
      guard
        let total = try Self.number(layer["arealDensity"], path + ".arealDensity", atLeast: 0)
      else {
        throw ReadFailure(
          "ruthelde.layer", at: .entry(path), found: "the layer has no arealDensity",
          expected: "expected a number in 1e15 at/cm2")
      }
      var parts: [(element: String, value: Double)] = []
      for (k, element) in Self.elements(layer["elementList"]).enumerated() {
        let place = "\(path).elementList[\(k)]"
        var amount = try Self.number(
          element["arealDensity"], place + ".arealDensity", atLeast: 0)
        if amount == nil {
          amount = try Self.number(element["ratio"], place + ".ratio", atLeast: 0)
        }
        guard let z = element["atomicNumber"]?.finiteNumber.flatMap({ Int(exactly: $0) }),
          ChemicalElement.symbols.indices.contains(z - 1), let amount
        else {
          throw ReadFailure(
            "ruthelde.layer", at: .entry(place), found: "no atomicNumber or no amount",
            expected: "expected both")
        }
        parts.append((Self.name(z, Self.elements(element["isotopeList"])), amount))
      }
      let sum = parts.reduce(0) { $0 + $1.value }
      guard sum > 0 else {
        throw ReadFailure(
          "ruthelde.layer", at: .entry(path), found: "the layer has no atoms",
          expected: "expected elements with amounts above 0")
      }
      thickness.append(total)
      fractions.append(parts.map { ($0.element, $0.value / sum) })
    }
    return LayerTable.table(
      "layers", thickness, fractions,
      Origin(member: "target.layerList", steps: ["areal densities → atom fractions"]))
  }

  /// The symbol, or the isotope where one alone is listed of an element with several.
  private static func name(_ z: Int, _ isotopes: [ResultValue]) -> String {
    let symbol = ChemicalElement.symbols[z - 1]
    let natural = Isotope.natural(of: z)
    guard isotopes.count == 1, natural.count > 1, let mass = isotopes[0]["mass"]?.finiteNumber
    else { return symbol }
    let near = natural.min { ($0.mass - mass).magnitude < ($1.mass - mass).magnitude }
    return near?.name ?? symbol
  }

  /// Keeps every other value under its path.
  private func keepRest(_ root: ResultValue, in dataset: inout Dataset) {
    var pending: [(path: String, value: ResultValue)] = [("", root)]
    while let (path, value) = pending.popLast() {
      switch value {
      case .object(let object):
        for key in object.keys.reversed() where key != "experimentalSpectrum" {
          guard let inner = object[key] else { continue }
          pending.append((path.isEmpty ? key : "\(path).\(key)", inner))
        }
      case .list(let list):
        for (i, inner) in list.enumerated().reversed() { pending.append(("\(path)[\(i)]", inner)) }
      case .integer(let number): dataset.metadata.append(path, .integer(Int64(number)))
      case .number(let number): dataset.metadata.append(path, .real(number))
      case .text(let text): dataset.metadata.append(path, text)
      case .flag(let flag): dataset.metadata.append(path, flag ? "true" : "false")
      case .null, .quantity: break
      }
    }
  }
}
