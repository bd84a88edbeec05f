internal import Bytes
internal import Tables
internal import Units

extension IDFDocument {
  /// What `process/physicsdefaults` asks for; what we lack is named in a warning.
  mutating func readPhysics(
    _ spectrum: Node, into asked: inout SimulationRecord
  ) throws(ReadFailure) {
    for node in spectrum.first("process", "simulations")?.all("simulation") ?? [] {
      nameCrossSections(node)
    }
    nameCrossSections(spectrum["reactions"])
    if spectrum.first("beam", "beamfoil", "foillayers")?["layer"] != nil {
      notModelled("a foil in the beam", spectrum["beam"])
    }
    guard let defaults = spectrum.first("process", "physicsdefaults") else { return }
    if let node = defaults.first("crosssectiondefault", "screening"), !node.text.isEmpty {
      let word = node.text.lowercased()
      if word.hasPrefix("andersen") {
        asked.screening = .andersen
      } else if word.contains("ecuyer") {
        asked.screening = .lecuyer
      } else if word == "none" || word == "off" || word == "false" {
        asked.screening = Screening.none
      } else {
        notModelled("the screening '\(node.text.prefix(40))'", node)
      }
    }
    if let node = defaults.first("stoppingpowerdefault", "computercode", "name"),
      !node.text.isEmpty
    {
      asked.stopping = Self.stoppingSet(node.text)
      if asked.stopping == nil {
        diagnostics.note(
          "idf.stopping", at: node.place,
          found: "the file asks for the stopping set '\(node.text.prefix(40))'",
          expected: "it is not carried here: --stopping FILE brings a table")
      }
    }
    guard let spread = defaults["energyspreaddefault"] else {
      return try readCalculation(defaults, into: &asked)
    }
    if let node = spread["energylossstraggling"], !node.text.isEmpty {
      let word = node.text.lowercased()
      if word.contains("yang") {
        asked.straggling = .yang
      } else if word.contains("chu") {
        asked.straggling = .chu
      } else if word.contains("bohr") {
        asked.straggling = .bohr
      } else if ["none", "no", "off", "false"].contains(word) {
        asked.straggling = Straggling.none
      } else {
        notModelled("the straggling '\(node.text.prefix(40))'", node)
      }
    }
    let geometric = spread["geometricspread"]
    if geometric != nil {
      let hasSpot = Self.isTrue(geometric?["beamsize"])
      let hasAperture = Self.isTrue(geometric?["detectoraperture"])
      asked.geometricSpread = hasSpot || hasAperture
      if hasAperture, !hasSpot { asked.spot = nil }
      if hasSpot, !hasAperture { asked.aperture = nil }
    }
    for (name, words) in [
      ("multiplescattering", "multiple scattering"), ("Dopplereffect", "the Doppler effect"),
      ("beamangularspread", "the angular spread of the beam"),
    ] where Self.isTrue(spread[name]) { notModelled(words, spread[name]) }
    if let shape = spread["energyspreadshape"], !shape.text.isEmpty,
      shape.text.lowercased() != "gaussian"
    {
      notModelled("the energy spread '\(shape.text.prefix(40))'", shape)
    }
    try readCalculation(defaults, into: &asked)
  }

  private mutating func readCalculation(
    _ defaults: Node, into asked: inout SimulationRecord
  ) throws(ReadFailure) {
    for (path, words) in [
      (("dualscatteringdefault", "dualscattering"), "dual scattering"),
      (("pileupcalculationdefault", "pileup"), "pile-up"),
    ] {
      let node = defaults.first(path.0, path.1)
      if Self.isTrue(node) { notModelled(words, node) }
    }
    let least = defaults.first("energylosscalculationdefault", "energymin")
    asked.minimumEnergy = try quantity(least, in: .kiloelectronvolt, atLeast: 0)
  }

  /// Cross sections of the file that are not Rutherford's.
  private mutating func nameCrossSections(_ parent: Node?) {
    let sections = parent?.first("physics", "crosssections") ?? parent?["crosssections"]
    for section in sections?.all("crosssection") ?? [] {
      guard let flag = section.first("crosssectionoverride", "Rutherford"),
        flag.text.lowercased() == "false"
      else { continue }
      let target = section.first("reaction", "initialtargetparticle")?.text ?? "a nucleus"
      notModelled(
        "the cross section of \(target), which is not Rutherford's", section, "--r33 FILE")
    }
  }

  private mutating func notModelled(_ what: String, _ node: Node?, _ option: String = "") {
    diagnostics.warn(
      "rbs.not-modelled", at: node?.place ?? .whole, found: "the file asks for \(what)",
      expected: option.isEmpty
        ? "simulations here do without" : "simulations here do without, unless \(option) brings it")
  }

  private static func isTrue(_ node: Node?) -> Bool {
    ["true", "1", "on", "yes"].contains(node?.text.lowercased() ?? "")
  }

  /// The set that a name of SIMNRA or of our own export means; nil for one that is not carried.
  private static func stoppingSet(_ text: String) -> StoppingSet? {
    let word = text.lowercased()
    if let set = StoppingSet(rawValue: word) { return set }
    if word.contains("icru") { return .icru49 }
    if word.contains("kkk") || word.contains("kalbitzer") { return .zbl95KonacKalbitzer }
    if word.contains("zbl") || word.contains("biersack") || word == "zb" { return .zbl95 }
    return nil
  }
}
