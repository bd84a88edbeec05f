public import Tables
internal import Units

/// One option of the analysis of cycler logs, for help pages and for checking study files.
public struct CyclingOptionDescription: Hashable, Sendable {
  /// The long name without dashes, such as `rest-current`.
  public var name: String
  /// The unit of a bare number (UCUM), or the allowed words divided by blanks.
  public var unit: String
  /// The default in words; empty where there is none.
  public var standard: String
  /// One line of help.
  public var help: String
}

extension CyclingOptions {
  /// All options, in the order of the help page.
  public static let descriptions: [CyclingOptionDescription] = {
    func option(_ name: String, _ unit: String, _ standard: String, _ help: String)
      -> CyclingOptionDescription
    {
      CyclingOptionDescription(name: name, unit: unit, standard: standard, help: help)
    }
    return [
      option("cell", "symmetric half full", "", "kind of cell; a symmetric one is detected"),
      option("working", "anode cathode", "", "working electrode of a half cell"),
      option("area", "cm2", "the file's", "area of an electrode"),
      option("disc", "mm", "", "diameter of a disc, instead of the area"),
      option("mass", "mg", "", "active mass"),
      option("per-electrode", "true false", "false", "halve overpotentials and resistances"),
      option("rest-current", "mA", "0", "least current that counts as load"),
      option("reference-cycles", "N-N", "3-10", "cycles of the reference overpotential"),
      option("settle", "%", "20", "part of a half cycle in which it settles"),
      option("ir-window", "s", "1", "longest time from a change of current to the ohmic drop"),
      option("short-drop", "%", "50", "fall that makes a hard short"),
      option("short-window", "s", "60", "time before a fall that its reference is taken from"),
      option("short-hold", "s", "60", "time that a fall must last"),
      option("soft-drop", "%", "10", "fall that makes a soft short"),
      option("recovery", "%", "80", "part of a fall that a soft short regains"),
      option("polarisation-factor", "1", "2", "growth of the overpotential that ends a cell"),
      option("voltage-accuracy", "mV", "", "accuracy of the voltmeter, for the uncertainties"),
      option(
        "ce", "conventional reservoir", "conventional", "how a Coulombic efficiency is stated"),
      option("retention-reference", "N", "1", "cycle that retention counts from"),
      option("dqdv", "true false", "false", "compute dQ/dV and its peaks"),
      option("dqdv-step", "mV", "1", "step of the voltage grid of dQ/dV"),
      option("dqdv-window", "N", "11", "points of the smoothing window of dQ/dV, odd"),
      option("merge", "true false", "false", "the files are one continued test"),
      option("flip-current", "true false", "false", "turn the sign of the current around"),
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
    let value = Self.trimmed(text)
    switch name {
    case "cell":
      guard let word = CellType(rawValue: value), word != .unknown else {
        throw Self.bad(name, value, "symmetric, half or full")
      }
      cell = word
    case "working":
      guard let word = WorkingElectrode(rawValue: value) else {
        throw Self.bad(name, value, "anode or cathode")
      }
      working = word
    case "area": area = try Self.number(name, value, "cm2", in: 1e-9...1e4)
    case "disc": area = Self.discArea(try Self.number(name, value, "mm", in: 1e-3...1e3))
    case "mass": mass = try Self.number(name, value, "mg", in: 1e-9...1e9)
    case "per-electrode": perElectrode = try Self.flag(name, value)
    case "rest-current":
      restCurrent = 1e-3 * (try Self.number(name, value, "mA", in: 0...1e9))
    case "reference-cycles": referenceCycles = try Self.range(name, value)
    case "settle": settle = try Self.percent(name, value)
    case "ir-window": ohmicWindow = try Self.number(name, value, "s", in: 0...1e6)
    case "short-drop": shortDrop = try Self.percent(name, value)
    case "short-window": shortWindow = try Self.number(name, value, "s", in: 0...1e6)
    case "short-hold": shortHold = try Self.number(name, value, "s", in: 0...1e6)
    case "soft-drop": softDrop = try Self.percent(name, value)
    case "recovery": recovery = try Self.percent(name, value)
    case "polarisation-factor":
      polarisationFactor = try Self.number(name, value, "1", in: 1...1e6)
    case "voltage-accuracy":
      voltageAccuracy = 1e-3 * (try Self.number(name, value, "mV", in: 0...1e6))
    case "ce":
      guard let word = EfficiencyMethod(rawValue: value) else {
        throw Self.bad(name, value, "conventional or reservoir")
      }
      efficiency = word
    case "retention-reference": retentionReference = try Self.whole(name, value, in: 1...1_000_000)
    case "dqdv": differential = try Self.flag(name, value)
    case "dqdv-step":
      differentialStep = 1e-3 * (try Self.number(name, value, "mV", in: 1e-3...1e3))
    case "dqdv-window":
      let window = try Self.whole(name, value, in: 5...999)
      guard window % 2 == 1 else { throw Self.bad(name, value, "an odd number from 5 to 999") }
      differentialWindow = window
    case "merge": merge = try Self.flag(name, value)
    case "flip-current": flipCurrent = try Self.flag(name, value)
    default:
      let known = Self.descriptions.map { $0.name }
      let nearest = known.min {
        EditDistance.between(name, $0) < EditDistance.between(name, $1)
      }
      throw ReadFailure(
        "option.unknown", found: "no option is called '\(name)'",
        expected: "did you mean '\(nearest ?? "cell")'?")
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
    while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
    return String(text)
  }

  private static func bad(_ name: String, _ text: String, _ expected: String) -> ReadFailure {
    ReadFailure("option.value", found: "'\(text)' for \(name)", expected: "expected \(expected)")
  }

  private static func flag(_ name: String, _ text: String) throws(ReadFailure) -> Bool {
    switch text.lowercased() {
    case "true", "yes", "on", "1", "": return true
    case "false", "no", "off", "0": return false
    default: throw bad(name, text, "true or false")
    }
  }

  /// A number in the option's unit, or with a unit of the same dimension behind it.
  private static func number(
    _ name: String, _ text: String, _ unit: String, in range: ClosedRange<Double>
  ) throws(ReadFailure) -> Double {
    var digits = text[...]
    var words = ""[...]
    if let space = text.firstIndex(of: " ") {
      digits = text[..<space]
      words = text[text.index(after: space)...]
    } else if Double(text) == nil,
      let start = text.firstIndex(where: { $0.isLetter && $0 != "e" && $0 != "E" || $0 == "%" })
    {
      digits = text[..<start]
      words = text[start...]
    }
    let target = CyclingUnit.unit(unit)
    var factor = 1.0
    let given = trimmed(String(words))
    if !given.isEmpty {
      guard let own = PhysicalUnit.loose(given)?.unit,
        own.dimension == target.dimension, target.scale > 0
      else { throw bad(name, text, "a number in \(unit)") }
      factor = own.scale / target.scale
    }
    guard let number = Double(digits), number.isFinite,
      range.contains(number * factor)
    else {
      throw bad(
        name, text, "a number in \(unit) from \(range.lowerBound) to \(range.upperBound)")
    }
    return number * factor
  }

  private static func percent(_ name: String, _ text: String) throws(ReadFailure) -> Double {
    let digits = text.last == "%" ? trimmed(String(text.dropLast())) : text
    guard let number = Double(digits), number > 0, number < 100 else {
      throw bad(name, text, "a percentage above 0 and below 100")
    }
    return number / 100
  }

  private static func whole(
    _ name: String, _ text: String, in range: ClosedRange<Int>
  ) throws(ReadFailure) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw bad(name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// `3-10` or a single number.
  private static func range(
    _ name: String, _ text: String
  ) throws(ReadFailure) -> ClosedRange<Int> {
    let parts = text.split(separator: "-").map { Int(trimmed(String($0))) }
    guard let low = parts.first ?? nil, low >= 1, parts.count <= 2,
      let high = parts.count == 2 ? parts[1] : low, high >= low
    else { throw bad(name, text, "cycles such as 3-10") }
    return low...high
  }
}
