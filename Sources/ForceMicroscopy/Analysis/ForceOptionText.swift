public import Tables
internal import Units

/// One option of the analysis, for help pages and for checking study files.
public struct ForceOptionDescription: Hashable, Sendable {
  /// The long name without dashes, such as `hole-radius`.
  public var name: String
  /// The unit of a bare number (UCUM), or the allowed words divided by blanks.
  public var unit: String
  /// The default in words; empty where there is none.
  public var standard: String
  /// One line of help.
  public var help: String
}

extension ForceAnalysisOptions {
  /// All options, in the order of the help page.
  public static let descriptions: [ForceOptionDescription] = {
    func option(_ name: String, _ unit: String, _ standard: String, _ help: String)
      -> ForceOptionDescription
    {
      ForceOptionDescription(name: name, unit: unit, standard: standard, help: help)
    }
    let quantities = [
      option("spring-constant", "N/m", "the file's", "spring constant of the cantilever"),
      option("invols", "nm/V", "the file's", "inverse optical lever sensitivity"),
      option("hole-radius", "nm", "", "radius of the hole that the film spans"),
      option("hole-diameter", "nm", "", "diameter of the hole, instead of its radius"),
      option("tip-radius", "nm", "", "radius of the tip, needed by the exact models"),
      option("half-angle", "deg", "", "angle of a cone or of a pyramid's faces to the axis"),
      option("poisson", "1", "0.2", "Poisson ratio of the film"),
      option("thickness", "nm", "", "thickness of the film"),
      option("substrate-e2d", "N/m", "", "2-D modulus of the sheet that carries the film"),
    ]
    let uncertainties = quantities.map {
      option("\($0.name)-u", $0.unit, "", "standard uncertainty of --\($0.name)")
    }
    return quantities + uncertainties + [
      option("no-substrate", "true false", "false", "the film stands on no sheet"),
      option(
        "model",
        (["auto", "textbook", "membrane", "plate"] + ContactModel.allCases.map(\.rawValue)).joined(
          separator: " "), "auto", "model that gives the results; the last six: supported samples"),
      option("elastic-limit", "nN", "60", "greatest force of the fit; none: up to failure"),
      option("failure-rule", "to by", "to", "failure when the force falls to, or by, a part"),
      option("failure-percent", "%", "20", "the part of the running maximum, in per cent"),
      option(
        "contact-method", ContactMethod.allCases.map(\.rawValue).joined(separator: " "), "fit",
        "how the contact point is found"),
      option("sample", "text", "", "name of the sample, for all files"),
      option("group-by", "folder file note:KEY", "folder", "what makes curves one sample"),
      option("include-suspect", "true false", "false", "suspect curves enter the summary"),
      option("joint", "true false", "false", "fit all elastic curves of a sample with one modulus"),
    ]
  }()

  /// Sets an option from its long name and its text.
  ///
  /// `_` may stand for `-`, and `poisson_ratio` for `poisson`. A quantity is a number in the option's
  /// unit, or a number with a unit of the same dimension; `± u` or `+- u` gives its standard
  /// uncertainty.
  ///
  /// - Throws: `option.unknown` or `option.value`.
  public mutating func setOption(name: String, text: String) throws(ReadFailure) {
    var name = String(name.map { $0 == "_" ? "-" : $0 })
    if name == "poisson-ratio" { name = "poisson" }
    if name == "poisson-ratio-u" { name = "poisson-u" }
    let value = trimmed(text)
    switch name {
    case "spring-constant":
      springConstant = try Self.measured(name, value, .newtonPerMetre, old: springConstant)
    case "invols":
      invOLS = try Self.measured(name, value, Self.nanometrePerVolt, old: invOLS)
    case "hole-radius":
      holeRadius = try Self.measured(name, value, .nanometre, old: holeRadius)
    case "hole-diameter":
      let d: Measured<Length> = try Self.measured(name, value, .nanometre, old: nil)
      holeRadius = Measured(d.value / 2, u: d.u.map { $0 / 2 } ?? holeRadius?.u, source: "option")
    case "tip-radius":
      tipRadius = try Self.measured(name, value, .nanometre, old: tipRadius)
    case "half-angle":
      halfAngle = try Self.measured(
        name, value, .degree, old: halfAngle, in: 1e-6...(Double.pi / 2 - 1e-6))
    case "poisson":
      poissonRatio = try Self.measured(
        name, value, .one, old: poissonRatio, in: -0.999...0.5)
    case "thickness":
      thickness = try Self.measured(name, value, .nanometre, old: thickness)
    case "substrate-e2d":
      substrateE2D = try Self.measured(name, value, .newtonPerMetre, old: substrateE2D, in: 0...1e6)
      noSubstrate = false
    case "no-substrate":
      noSubstrate = try Self.flag(name, value)
      if noSubstrate { substrateE2D = nil }
    case "model":
      contactModel = ContactModel(rawValue: value)
      if contactModel == nil {
        guard let film = FilmModel(rawValue: value) else {
          let words =
            ["auto", "textbook", "membrane", "plate"] + ContactModel.allCases.map(\.rawValue)
          throw Self.bad(name, value, "one of " + words.joined(separator: ", "))
        }
        model = film
      }
    case "elastic-limit":
      if value == "none" {
        elasticLimit = nil
      } else {
        let limit: Measured<Force> = try Self.measured(name, value, .nanonewton, old: nil)
        elasticLimit = limit.value
      }
    case "failure-rule": failureRule = try Self.word(name, value)
    case "failure-percent":
      guard let p = Double(value.last == "%" ? trimmed(String(value.dropLast())) : value), p > 0,
        p < 100
      else { throw Self.bad(name, value, "a number above 0 and below 100") }
      failurePercent = p
    case "contact-method":
      let words = String(value.map { $0 == "-" ? "_" : $0 })
      contactMethod = try Self.word(name, words)
    case "sample": sample = value.isEmpty ? nil : value
    case "group-by":
      if value == "folder" {
        groupBy = .folder
      } else if value == "file" {
        groupBy = .file
      } else if value.hasPrefix("note:"), value.count > 5 {
        groupBy = .note(String(value.dropFirst(5)))
      } else {
        throw Self.bad(name, value, "folder, file or note:KEY")
      }
    case "include-suspect": includeSuspect = try Self.flag(name, value)
    case "joint": joint = try Self.flag(name, value)
    default:
      guard name.hasSuffix("-u") else { throw Self.unknown(name) }
      try setUncertainty(String(name.dropLast(2)), name: name, value)
    }
  }

  /// Sets the standard uncertainty of a quantity given before or after it.
  private mutating func setUncertainty(
    _ base: String, name: String, _ value: String
  ) throws(ReadFailure) {
    switch base {
    case "spring-constant":
      springConstant = try Self.uncertain(name, value, .newtonPerMetre, springConstant)
    case "invols":
      invOLS = try Self.uncertain(name, value, Self.nanometrePerVolt, invOLS)
    case "hole-radius":
      holeRadius = try Self.uncertain(name, value, .nanometre, holeRadius)
    case "hole-diameter":
      let diameter: Measured<Length>? = try Self.uncertain(name, value, .nanometre, nil)
      let u = diameter?.u.map { $0 / 2 }
      holeRadius = Measured(
        holeRadius?.value ?? Quantity(si: .nan), u: u, source: holeRadius?.source ?? "")
    case "tip-radius": tipRadius = try Self.uncertain(name, value, .nanometre, tipRadius)
    case "half-angle": halfAngle = try Self.uncertain(name, value, .degree, halfAngle)
    case "poisson": poissonRatio = try Self.uncertain(name, value, .one, poissonRatio)
    case "thickness": thickness = try Self.uncertain(name, value, .nanometre, thickness)
    case "substrate-e2d":
      substrateE2D = try Self.uncertain(name, value, .newtonPerMetre, substrateE2D)
    default: throw Self.unknown(name)
    }
  }

  private static let nanometrePerVolt: UnitOf<OpticalLeverSensitivity>? =
    (try? PhysicalUnit(ucum: "nm/V")).flatMap { try? UnitOf($0) }

  /// An uncertainty alone; a value that is not there yet is held as NaN and filled in later.
  private static func uncertain<D: PhysicalDimension>(
    _ name: String, _ text: String, _ unit: UnitOf<D>?, _ old: Measured<D>?
  ) throws(ReadFailure) -> Measured<D> {
    let u: Measured<D> = try measured(name, text, unit, old: nil, in: 0...Double.infinity)
    return Measured(old?.value ?? Quantity(si: .nan), u: u.value, source: old?.source ?? "")
  }

  /// A quantity from text; the uncertainty of `old` is kept where the text gives none.
  private static func measured<D: PhysicalDimension>(
    _ name: String, _ text: String, _ unit: UnitOf<D>?, old: Measured<D>?,
    in range: ClosedRange<Double> = Double.leastNonzeroMagnitude...Double.infinity
  ) throws(ReadFailure) -> Measured<D> {
    guard let unit else { throw bad(name, text, "a quantity") }
    let wanted = "a number in \(unit.unit.ucum), or with a unit of that dimension"
    let (value, given): (Double, Double?)
    if let parts = splitQuantity(text), let written = Self.unit(parts.unit, or: unit) {
      (value, given) = (written.toSI(parts.value), parts.u.map { written.toSI($0) })
    } else {
      // The less common spellings: 25.0(5), 25 ± 3 %, a unit as people write it.
      do {
        let parsed = try QuantityText.parse(
          text, dimension: D.dimension, defaultUnit: unit.unit)
        value = parsed.unit.toSI(try parsed.value(in: parsed.unit))
        given = try parsed.uncertainty(in: parsed.unit).map { parsed.unit.toSI($0) }
      } catch {
        throw bad(name, text, wanted)
      }
    }
    guard value.isFinite, range.contains(value) else {
      throw bad(name, text, "\(wanted), in range")
    }
    var u = old?.u
    if let given {
      guard given >= 0, given.isFinite else { throw bad(name, text, "an uncertainty of 0 or more") }
      u = Quantity(si: given)
    }
    return Measured(Quantity(si: value), u: u, source: "option")
  }

  /// The unit that is written, or the option's own; nil where another text has to be tried.
  private static func unit<D: PhysicalDimension>(
    _ text: String?, or own: UnitOf<D>
  ) -> PhysicalUnit? {
    guard let text else { return own.unit }
    guard let parsed = try? PhysicalUnit(ucum: plainUnit(text)), parsed.dimension == D.dimension
    else { return nil }
    return parsed
  }

  private static func word<T: RawRepresentable & CaseIterable>(
    _ name: String, _ text: String
  ) throws(ReadFailure) -> T where T.RawValue == String {
    guard let value = T(rawValue: text) else {
      throw bad(
        name, text, "one of " + T.allCases.map { "\($0.rawValue)" }.joined(separator: ", "))
    }
    return value
  }

  private static func flag(_ name: String, _ text: String) throws(ReadFailure) -> Bool {
    switch text {
    case "", "true", "yes", "1": return true
    case "false", "no", "0": return false
    default: throw bad(name, text, "true or false")
    }
  }

  private static func bad(_ name: String, _ text: String, _ wanted: String) -> ReadFailure {
    ReadFailure("option.value", found: "\(name) is “\(text)”", expected: "expected \(wanted)")
  }

  private static func unknown(_ name: String) -> ReadFailure {
    ReadFailure(
      "option.unknown", found: "option \(name)",
      expected: "one of " + descriptions.map(\.name).joined(separator: ", "))
  }
}

/// Text without blanks at its ends.
private func trimmed(_ text: String) -> String {
  var part = Substring(text)
  while let c = part.first, c.isWhitespace { part.removeFirst() }
  while let c = part.last, c.isWhitespace { part.removeLast() }
  return String(part)
}

/// The plain spelling of a unit: `µm` as `um`, `·` as `.`.
private func plainUnit(_ text: String) -> String {
  String(
    text.map { c in
      switch c {
      case "\u{B5}", "\u{3BC}": "u"
      case "·": "."
      default: c
      }
    })
}

/// `25 ± 5 GPa`, `1.35um`, `35 N/m ± 1.8`, `0.2` in their parts.
private func splitQuantity(_ text: String) -> (value: Double, u: Double?, unit: String?)? {
  var plain = ""
  for c in text where !c.isWhitespace { plain.append(c == "−" ? "-" : c) }
  var halves: [String] = [plain]
  for mark in ["±", "+-", "+/-"] {
    if let range = plain.firstRange(of: mark) {
      halves = [String(plain[..<range.lowerBound]), String(plain[range.upperBound...])]
      break
    }
  }
  func split(_ part: String) -> (number: Double, unit: String)? {
    let allowed = Set("0123456789.+-")
    var end = part.startIndex
    var longest: (Double, String.Index)?
    while end < part.endIndex {
      let c = part[end]
      guard allowed.contains(c) || c == "e" || c == "E" else { break }
      end = part.index(after: end)
      if c.isNumber || c == ".", let x = Double(part[..<end]) { longest = (x, end) }
    }
    guard let (number, stop) = longest else { return nil }
    return (number, String(part[stop...]))
  }
  guard let first = split(halves[0]) else { return nil }
  var unit = first.unit
  var u: Double?
  if halves.count == 2 {
    guard let second = split(halves[1]) else { return nil }
    u = second.number
    if unit.isEmpty {
      unit = second.unit
    } else if !second.unit.isEmpty, second.unit != unit {
      return nil
    }
  }
  return (first.number, u, unit.isEmpty ? nil : unit)
}
