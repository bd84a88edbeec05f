internal import Configuration
public import Tables
internal import Units

extension SampleFile {
  private static let tfu = unit("10*15/cm2")
  private static let microcoulomb = unit("uC")
  private static let millisteradian = unit("msr")
  private static let elementaryCharge = 1.602176634e-13  // µC

  private static func unit(_ text: String) -> PhysicalUnit {
    PhysicalUnit.loose(text)?.unit ?? .one
  }

  /// Reads a sample file, YAML or JSON.
  ///
  /// - Parameter needsLayers: whether a file without layers is an error.
  /// - Throws: `ReadFailure` with line and column: an unknown key, a missing value, a unit that does not
  ///   fit, an element that is none.
  public static func parse(
    _ text: String, needsLayers: Bool = true
  ) throws(ReadFailure) -> SampleFile {
    let root = try ConfigNode.parse(text)
    let keys = try SampleKeys(
      root, "",
      known: ["beam", "geometry", "detector", "layers", "physics", "fit", "name", "notes"])
    var setup = try setup(keys)
    var crossSections: [String] = []
    var stopping: [String] = []
    if let node = keys["physics"] {
      (setup.physics, crossSections, stopping) = try physics(node)
    }
    var layers: [SampleLayer] = []
    if let node = keys["layers"] { layers = try self.layers(node) }
    guard !needsLayers || !layers.isEmpty else {
      throw ReadFailure(
        "config.missing", at: root.place, found: "layers: no layer",
        expected: "expected a list of layers from the surface down")
    }
    var charge: Double?
    if let beam = keys["beam"], let text = beam["charge"], !text.isEmpty {
      charge = try SampleKeys.number(text, "beam.charge", in: microcoulomb, atLeast: 0)
    }
    return SampleFile(
      setup: setup, layers: layers,
      fit: try keys["fit"].map { node throws(ReadFailure) in try fit(node) },
      crossSectionFiles: crossSections, stoppingFiles: stopping, charge: charge)
  }

  private static func setup(_ keys: SampleKeys) throws(ReadFailure) -> BackscatteringSetup {
    guard let beamNode = keys["beam"], let geometryNode = keys["geometry"],
      let detectorNode = keys["detector"]
    else {
      throw ReadFailure(
        "config.missing", at: keys.place, found: "no beam, geometry or detector",
        expected: "expected the three, each a mapping of keys")
    }
    let beam = try SampleKeys(
      beamNode, "beam",
      known: ["ion", "energy", "particles", "charge", "charge_state", "energy_spread_fwhm"])
    guard let name = try beam.text("ion"), let ion = Ion(name) else {
      throw ReadFailure(
        "config.choice", at: beam["ion"]?.place ?? beam.place,
        found: "beam.ion: '\(beam["ion"]?.text ?? "")'",
        expected: "expected an ion such as 4He or 1H")
    }
    let energy = try beam.needed("energy", in: .kiloelectronvolt, atLeast: 0, isAbove: true)
    let state = try beam.integer("charge_state", in: 1...100) ?? 1
    var particles = try beam.number("particles", in: .one, atLeast: 0)
    if let charge = try beam.number("charge", in: microcoulomb, atLeast: 0) {
      guard particles == nil else {
        throw ReadFailure(
          "config.range", at: beam["charge"]?.place ?? beam.place,
          found: "beam: both particles and charge", expected: "expected one of the two")
      }
      particles = charge / (elementaryCharge * Double(state))
    }
    let geometry = try SampleKeys(
      geometryNode, "geometry", known: ["type", "incidence", "scattering", "exit"])
    let kind = try geometry.choice("type", BackscatteringGeometry.Kind.self) ?? .ibm
    let exit = try geometry.number("exit", in: .degree)
    if kind == .general, exit == nil {
      throw ReadFailure(
        "config.missing", at: geometry.place, found: "geometry.exit: no value",
        expected: "expected the exit angle of a general geometry in degrees")
    }
    let scattering = try geometry.needed("scattering", in: .degree)
    guard scattering > 90, scattering <= 180 else {
      throw ReadFailure(
        "config.range", at: geometry["scattering"]?.place ?? geometry.place,
        found: "geometry.scattering: \(scattering)° is out of range",
        expected: "expected a backward angle, above 90° to 180°")
    }
    var setup = BackscatteringSetup(
      ion: ion, energy: energy, particles: particles ?? 0,
      geometry: BackscatteringGeometry(
        kind, incidence: try geometry.number("incidence", in: .degree) ?? 0,
        scattering: scattering, exit: exit),
      detector: try detector(detectorNode))
    if let spread = try beam.number("energy_spread_fwhm", in: .kiloelectronvolt, atLeast: 0) {
      setup.energySpread = spread / 2.354820045030949
    }
    return setup
  }

  private static func detector(_ node: ConfigNode) throws(ReadFailure) -> BackscatteringDetector {
    let keys = try SampleKeys(
      node, "detector",
      known: [
        "solid_angle", "offset", "slope", "quadratic", "fwhm", "channels", "first_channel",
        "channel_energy", "foil", "spot", "aperture",
      ])
    var detector = BackscatteringDetector(
      solidAngle: try keys.needed("solid_angle", in: millisteradian, atLeast: 0, isAbove: true),
      calibration: ChannelCalibration(
        offset: try keys.number("offset", in: .kiloelectronvolt) ?? 0,
        slope: try keys.needed("slope", in: .kiloelectronvolt, atLeast: 0, isAbove: true),
        quadratic: try keys.number("quadratic", in: .kiloelectronvolt) ?? 0,
        channelEnergy: try keys.choice("channel_energy", ChannelEnergy.self) ?? .left),
      fwhm: try keys.needed("fwhm", in: .kiloelectronvolt, atLeast: 0),
      channels: try keys.integer("channels", in: 1...(1 << 20)))
    detector.firstChannel = try keys.integer("first_channel", in: 0...(1 << 20)) ?? 0
    if let foil = keys["foil"] { detector.foil = try layers(foil, path: "detector.foil") }
    if let node = keys["spot"] {
      detector.spot = try shape(node, "detector.spot", known: ["shape", "l1", "l2"]).0
    }
    if let node = keys["aperture"] {
      let (shape, distance) = try shape(
        node, "detector.aperture", known: ["shape", "l1", "l2", "distance"])
      detector.aperture = shape
      detector.distance = distance
    }
    return detector
  }

  private static func shape(
    _ node: ConfigNode, _ path: String, known: [String]
  ) throws(ReadFailure) -> (ApertureShape, Double?) {
    let keys = try SampleKeys(node, path, known: known)
    let outline = try keys.choice("shape", ApertureShape.Outline.self) ?? .rectangular
    let first = try keys.needed("l1", in: .millimetre, atLeast: 0)
    let distance =
      known.contains("distance")
      ? try keys.number("distance", in: .millimetre, atLeast: 0, isAbove: true) : nil
    return (
      ApertureShape(outline, first, try keys.number("l2", in: .millimetre, atLeast: 0)), distance
    )
  }

  private static func layers(
    _ node: ConfigNode, path: String = "layers"
  ) throws(ReadFailure) -> [SampleLayer] {
    guard let nodes = node.elements else {
      throw ReadFailure(
        "config.type", at: node.place, found: "\(path): no list",
        expected: "expected a list of layers from the surface down")
    }
    var result: [SampleLayer] = []
    for (i, node) in nodes.enumerated() {
      let keys = try SampleKeys(
        node, "\(path)[\(i)]",
        known: [
          "name", "areal_density", "atoms", "elements", "substrate", "density", "roughness_fwhm",
          "stopping_scale", "yield_scale",
        ])
      var parts: [SampleLayer.Part] = []
      if let elements = keys["elements"] {
        guard keys["atoms"] == nil, keys["areal_density"] == nil else {
          throw ReadFailure(
            "config.range", at: elements.place,
            found: "\(keys.path): elements beside atoms or areal_density",
            expected: "expected either the areal density of each element, or the layer's with atoms"
          )
        }
        parts = try composition(elements, "\(keys.path).elements", in: tfu)
      } else if let atoms = keys["atoms"] {
        let total = try keys.needed("areal_density", in: tfu, atLeast: 0, isAbove: true)
        let ratio = try composition(atoms, "\(keys.path).atoms", in: .one)
        let sum = ratio.reduce(0) { $0 + $1.arealDensity }
        guard sum > 0 else {
          throw ReadFailure(
            "config.range", at: atoms.place, found: "\(keys.path).atoms: no atoms",
            expected: "expected a number above 0")
        }
        parts = ratio.map { SampleLayer.Part($0.nuclei, total * $0.arealDensity / sum) }
      } else {
        throw ReadFailure(
          "config.missing", at: node.place, found: "\(keys.path): neither atoms nor elements",
          expected:
            "expected atoms: {Al: 2, O: 3} with areal_density, or elements: {Al: 300, O: 450}")
      }
      var layer = SampleLayer(try keys.text("name") ?? "layer\(i + 1)", parts)
      layer.isSubstrate = try keys.flag("substrate") ?? false
      let density = try keys.measured(
        "density", in: .gramPerCubicCentimetre, atLeast: 0, isAbove: true)
      layer.density = density?.value
      layer.densityUncertainty = density?.u
      if let stated = keys["density"] { layer.densitySource = "sample file, \(stated.place)" }
      layer.roughness = try keys.number("roughness_fwhm", in: tfu, atLeast: 0) ?? 0
      layer.stoppingScale =
        try keys.number("stopping_scale", in: .one, atLeast: 0, isAbove: true) ?? 1
      layer.yieldScale = try keys.number("yield_scale", in: .one, atLeast: 0) ?? 1
      guard !result.contains(where: { $0.name == layer.name }) else {
        throw ReadFailure(
          "config.repeated-key", at: node.place, found: "two layers are called '\(layer.name)'",
          expected: "expected a name of its own for each")
      }
      result.append(layer)
    }
    return result
  }

  private static func composition(
    _ node: ConfigNode, _ path: String, in unit: PhysicalUnit
  ) throws(ReadFailure) -> [SampleLayer.Part] {
    guard let entries = node.entries, !entries.isEmpty else {
      throw ReadFailure(
        "config.type", at: node.place, found: "\(path): no elements",
        expected: "expected a mapping such as {Al: 2, O: 3}")
    }
    var parts: [SampleLayer.Part] = []
    for entry in entries {
      guard let nuclei = TargetNuclei(entry.key) else {
        throw ReadFailure(
          "rbs.no-element", at: entry.place,
          found: "\(path): '\(entry.key)' \(TargetNuclei.whyNot(entry.key))",
          expected: "expected a symbol such as Al, or an isotope such as 18O")
      }
      let amount = try SampleKeys.number(
        entry.value, "\(path).\(entry.key)", in: unit, atLeast: 0)
      parts.append(SampleLayer.Part(nuclei, amount))
    }
    return parts
  }

  private static func physics(
    _ node: ConfigNode
  ) throws(ReadFailure) -> (BackscatteringPhysics, [String], [String]) {
    let keys = try SampleKeys(
      node, "physics",
      known: [
        "stopping", "straggling", "screening", "min_energy", "cross_sections", "geometric_spread",
      ])
    var physics = BackscatteringPhysics()
    var files: [String] = []
    if let node = keys["stopping"] {
      for element in node.elements ?? [node] {
        guard let text = element.text else {
          throw ReadFailure(
            "config.type", at: element.place, found: "physics.stopping: no text",
            expected:
              "expected \(StoppingSet.allCases.map(\.rawValue).joined(separator: ", ")) or a file")
        }
        if let set = StoppingSet(rawValue: text.lowercased()) {
          physics.stopping.set = set
        } else if text.contains(".") || text.contains("/") {
          files.append(text)
        } else {
          throw ReadFailure(
            "config.choice", at: element.place, found: "physics.stopping: '\(text)'",
            expected:
              "expected \(StoppingSet.allCases.map(\.rawValue).joined(separator: ", ")) or a file")
        }
      }
    }
    physics.straggling = try keys.choice("straggling", Straggling.self) ?? .chu
    physics.screening = try keys.choice("screening", Screening.self) ?? .andersen
    physics.minimumEnergy =
      try keys.number("min_energy", in: .kiloelectronvolt, atLeast: 1) ?? 50
    physics.geometricSpread = try keys.flag("geometric_spread") ?? false
    var sections: [String] = []
    if let node = keys["cross_sections"] {
      for element in node.elements ?? [node] {
        if let text = element.text { sections.append(text) }
      }
    }
    return (physics, sections, files)
  }

  private static func fit(_ node: ConfigNode) throws(ReadFailure) -> FitSection {
    let keys = try SampleKeys(node, "fit", known: ["range", "free", "tie", "bounds"])
    var section = FitSection(ranges: [], free: nil, ties: [], bounds: [])
    if let node = keys["range"] {
      let lists = node.elements?.first?.elements == nil ? [node] : node.elements ?? []
      for list in lists {
        guard let ends = list.elements, ends.count == 2 else {
          throw ReadFailure(
            "config.type", at: list.place, found: "fit.range: no pair",
            expected: "expected [LOW, HIGH], energies in keV or channels such as 115ch")
        }
        section.ranges.append(
          FitSection.Range(lower: try limit(ends[0]), upper: try limit(ends[1])))
      }
    }
    if let node = keys["free"] {
      section.free = (node.elements ?? [node]).compactMap(\.text)
    }
    for entry in keys["tie"]?.entries ?? [] {
      let words = (entry.value.text ?? "").split(separator: "*").map {
        String($0.filter { $0 != " " })
      }
      let factor = words.count == 2 ? Double(words[0]) : 1
      guard let factor, let other = words.last, words.count <= 2, !other.isEmpty else {
        throw ReadFailure(
          "config.type", at: entry.value.place,
          found: "fit.tie.\(entry.key): '\(entry.value.text ?? "…")'",
          expected: "expected FACTOR * LAYER.ELEMENT, such as 2 * film.C")
      }
      section.ties.append(FitSection.Tie(target: entry.key, factor: factor, other: other))
    }
    for entry in keys["bounds"]?.entries ?? [] {
      guard let ends = entry.value.elements, ends.count == 2,
        let low = ends[0].text.flatMap({ Double($0) }),
        let high = ends[1].text.flatMap({ Double($0) }),
        low <= high
      else {
        throw ReadFailure(
          "config.type", at: entry.value.place,
          found: "fit.bounds.\(entry.key): no pair of numbers",
          expected: "expected [LEAST, GREATEST]")
      }
      section.bounds.append(FitSection.Bound(name: entry.key, lower: low, upper: high))
    }
    return section
  }

  private static func limit(_ node: ConfigNode) throws(ReadFailure) -> FitSection.Limit {
    if let text = node.text, text.hasSuffix("ch") {
      let digits = text.dropLast(2).filter { $0 != " " }
      if let channel = Int(digits), channel >= 0 { return .channel(channel) }
    }
    return .energy(try SampleKeys.number(node, "fit.range", in: .kiloelectronvolt))
  }
}
