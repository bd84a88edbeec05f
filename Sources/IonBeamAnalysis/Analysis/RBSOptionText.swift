public import Tables
internal import Units

/// One option of the analysis of backscattering spectra, for help pages and for checking study files.
public struct RBSOptionDescription: Hashable, Sendable {
  /// The long name without dashes, such as `solid-angle`.
  public var name: String
  /// The unit of a bare number (UCUM), the allowed words divided by blanks, or the form of the text.
  public var unit: String
  /// The default in words; empty where there is none.
  public var standard: String
  /// One line of help.
  public var help: String
}

extension RBSOptions {
  private static func words<Choice: CaseIterable & RawRepresentable>(
    _ choice: Choice.Type
  ) -> String where Choice.RawValue == String {
    choice.allCases.map { $0.rawValue }.joined(separator: " ")
  }

  /// All options, in the order of the help page.
  public static let descriptions: [RBSOptionDescription] = {
    func option(_ name: String, _ unit: String, _ standard: String, _ help: String)
      -> RBSOptionDescription
    { RBSOptionDescription(name: name, unit: unit, standard: standard, help: help) }
    return [
      option("setup", "FILE", "", "sample file whose measurement counts and whose layers do not"),
      option("ion", "ION", "the file's", "the ion, such as 4He"),
      option("energy", "keV", "the file's", "energy of the beam"),
      option("particles", "1", "the file's", "number of ions"),
      option("charge", "uC", "the file's", "charge of singly charged ions"),
      option("geometry", words(BackscatteringGeometry.Kind.self), "the file's", "exit direction"),
      option("incidence", "deg", "the file's", "angle between beam and sample normal"),
      option("scattering", "deg", "the file's", "scattering angle"),
      option("exit", "deg", "derived", "exit angle"),
      option("solid-angle", "msr", "the file's", "solid angle of the detector"),
      option("offset", "keV", "the file's", "energy of channel 0"),
      option("slope", "keV", "the file's", "keV per channel"),
      option("quadratic", "keV", "the file's", "keV per channel squared"),
      option("fwhm", "keV", "the file's", "energy resolution"),
      option("channel-energy", words(ChannelEnergy.self), "left", "what a channel's energy means"),
      option(
        "stopping", words(StoppingSet.self) + " FILE", "zbl95+kkk", "stopping; FILE repeatable"),
      option("straggling", words(Straggling.self), "chu", "energy straggling"),
      option("screening", words(Screening.self), "andersen", "screening of the nuclei"),
      option("r33", "FILE", "", "measured cross sections; repeatable"),
      option("force", "true false", "false", "take cross sections of another angle"),
      option("min-energy", "keV", "50", "where a simulation ends"),
      option("geometric-spread", "on off", "as the file says", "spread by spot and aperture"),
      option("elements", "SYMBOLS", "all", "elements that may be there, such as Al,C,O"),
      option("significance", "1", "5", "least significance of a front"),
      option("sample", "FILE", "", "sample file that a fit starts from"),
      option("density", "g/cm3", "", "density of layers that state none"),
      option("range", "LO:HI", "the file's", "range of a fit, keV or channels (200ch:449ch)"),
      option("free", "NAMES", "the file's", "free parameters, such as film.Al,particles"),
      option("fix", "NAMES", "", "parameters that stay"),
      option("method", words(RBSFitOptions.Method.self), "lm", "how the minimum is found"),
      option("charge-uncertainty", "1", "0.02", "relative, of charge and solid angle"),
      option("stopping-uncertainty", "1", "0.04", "relative, of the stopping of an element"),
      option("sensitivity", "true false", "false", "repeat the fit under each stopping set"),
    ]
  }()

  /// Sets an option from its long name and its text.
  ///
  /// `_` may stand for `-`. A quantity is a number in the option's unit, or a number with a unit of the
  /// same dimension.
  ///
  /// - Throws: `option.unknown` or `option.value`.
  public mutating func setOption(name: String, text: String) throws(ReadFailure) {
    let name = String(name.map { $0 == "_" ? "-" : $0 })
    switch name {
    case "setup": setupFile = try Self.filled(name, text)
    case "ion":
      guard let value = Ion(text) else { throw Self.bad(name, text, "an ion such as 4He or 1H") }
      ion = value
    case "energy": energy = try Self.number(name, text, "keV", above: 0)
    case "particles": particles = try Self.number(name, text, "1", above: 0)
    case "charge": charge = try Self.number(name, text, "uC", above: 0)
    case "geometry": geometry = try Self.word(name, text) as BackscatteringGeometry.Kind
    case "incidence": incidence = try Self.number(name, text, "deg", from: -89.999, to: 89.999)
    case "scattering": scattering = try Self.number(name, text, "deg", above: 0, to: 180)
    case "exit": exit = try Self.number(name, text, "deg", from: -89.999, to: 89.999)
    case "solid-angle": solidAngle = try Self.number(name, text, "msr", above: 0)
    case "offset": offset = try Self.number(name, text, "keV", from: -1e6)
    case "slope": slope = try Self.number(name, text, "keV", above: 0)
    case "quadratic": quadratic = try Self.number(name, text, "keV", from: -1e3)
    case "fwhm": fwhm = try Self.number(name, text, "keV", above: 0)
    case "channel-energy":
      channelEnergy = try Self.word(name, text == "center" ? "centre" : text) as ChannelEnergy
    case "stopping":
      if let set = StoppingSet(rawValue: text.lowercased()) {
        stopping = set
      } else {
        let file = try Self.filled(name, text)
        guard file.contains(".") || file.contains("/") else {
          throw Self.bad(name, text, "\(Self.words(StoppingSet.self)) or a file")
        }
        stoppingFiles.append(file)
      }
    case "straggling": straggling = try Self.word(name, text) as Straggling
    case "screening": screening = try Self.word(name, text) as Screening
    case "r33": crossSectionFiles.append(try Self.filled(name, text))
    case "force": force = try Self.flag(name, text)
    case "min-energy": minimumEnergy = try Self.number(name, text, "keV", above: 0)
    case "geometric-spread": geometricSpread = try Self.flag(name, text)
    case "elements": search.elements = try Self.elements(name, text)
    case "significance": search.significance = try Self.number(name, text, "1", above: 0)
    case "sample": sampleFile = try Self.filled(name, text)
    case "density":
      density = try Self.number(name, text, "g/cm3", above: 0)
      let stated = try? QuantityText.parse(
        text, dimension: PhysicalUnit.gramPerCubicCentimetre.dimension,
        defaultUnit: .gramPerCubicCentimetre)
      densityUncertainty = try? stated?.uncertainty(in: .gramPerCubicCentimetre)
    case "range":
      guard let range = SampleFile.FitSection.Range(text) else {
        throw Self.bad(name, text, "LO:HI in keV, or in channels as 200ch:449ch")
      }
      ranges.append(range)
    case "free": free = Self.list(text)
    case "fix": fixed += Self.list(text)
    case "method": method = try Self.word(name, text)
    case "charge-uncertainty":
      chargeUncertainty = try Self.number(name, text, "1", from: 0, to: 1)
    case "stopping-uncertainty":
      stoppingUncertainty = try Self.number(name, text, "1", from: 0, to: 1)
    case "sensitivity": sensitivity = try Self.flag(name, text)
    default:
      let nearest = Self.descriptions.map(\.name).min {
        EditDistance.between(name, $0) < EditDistance.between(name, $1)
      }
      throw ReadFailure(
        "option.unknown", found: "no option is called '\(name)'",
        expected: "did you mean '\(nearest ?? "energy")'?")
    }
  }

  // MARK: forms of text

  private static func bad(_ name: String, _ text: String, _ expected: String) -> ReadFailure {
    ReadFailure("option.value", found: "'\(text)' for \(name)", expected: "expected \(expected)")
  }

  private static func filled(_ name: String, _ text: String) throws(ReadFailure) -> String {
    guard text.contains(where: { $0 != " " }) else { throw bad(name, text, "a text") }
    return text
  }

  private static func list(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
  }

  private static func elements(_ name: String, _ text: String) throws(ReadFailure) -> [String] {
    let symbols = list(text)
    guard !symbols.isEmpty else { throw bad(name, text, "symbols such as Al,C,O") }
    for symbol in symbols where !ChemicalElement.isSymbol(symbol) {
      throw bad(name, symbol, "the symbol of an element")
    }
    return symbols
  }

  private static func word<Choice: CaseIterable & RawRepresentable>(
    _ name: String, _ text: String
  ) throws(ReadFailure) -> Choice where Choice.RawValue == String {
    guard
      let choice = Choice.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() })
    else { throw bad(name, text, Choice.allCases.map { $0.rawValue }.joined(separator: ", ")) }
    return choice
  }

  private static func flag(_ name: String, _ text: String) throws(ReadFailure) -> Bool {
    switch text.lowercased() {
    case "true", "yes", "on", "1", "": return true
    case "false", "no", "off", "0": return false
    default: throw bad(name, text, "on or off")
    }
  }

  /// A number in the option's unit, or with a unit of the same dimension behind it.
  private static func number(
    _ name: String, _ text: String, _ unit: String, above: Double? = nil, from: Double? = nil,
    to: Double = .greatestFiniteMagnitude
  ) throws(ReadFailure) -> Double {
    let target = RBSUnit.unit(unit)
    let value: Double
    do {
      let quantity = try QuantityText.parse(text, dimension: target.dimension, defaultUnit: target)
      value = try quantity.value(in: target)
    } catch {
      throw bad(name, text, "a number in \(unit)")
    }
    let least = above ?? from ?? -.greatestFiniteMagnitude
    guard value.isFinite, value >= least, above == nil || value > least, value <= to else {
      var range = above.map { "above \($0)" } ?? from.map { "from \($0)" } ?? ""
      if to < .greatestFiniteMagnitude { range += " to \(to)" }
      throw bad(name, text, "a number in \(unit) \(range)")
    }
    return value
  }
}
