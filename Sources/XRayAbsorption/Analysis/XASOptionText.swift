public import Tables
internal import Units

/// One option of the analysis of absorption spectra, for help pages and for checking study files.
public struct XASOptionDescription: Hashable, Sendable {
  /// The long name without dashes, such as `peak-window`.
  public var name: String
  /// The unit of a bare number (UCUM), the allowed words divided by blanks, or the form of the text.
  public var unit: String
  /// The default in words; empty where there is none.
  public var standard: String
  /// One line of help.
  public var help: String
  /// Whether it may be given several times; texts add up.
  public var isRepeatable = false
}

extension XASOptions {
  private static func words<Choice: CaseIterable & RawRepresentable>(
    _ choice: Choice.Type
  ) -> String where Choice.RawValue == String {
    choice.allCases.map { $0.rawValue }.joined(separator: " ")
  }

  /// All options, in the order of the help page.
  public static let descriptions: [XASOptionDescription] = {
    func option(_ name: String, _ unit: String, _ standard: String, _ help: String)
      -> XASOptionDescription
    {
      XASOptionDescription(
        name: name, unit: unit, standard: standard, help: help,
        isRepeatable: ["select", "standard"].contains(name))
    }
    return [
      option("convention", words(Convention.self), "interphase", "how spectra are normalised"),
      option(
        "parameters", words(Parameters.self), "auto", "whether a project's stored parameters count"
      ),
      option("energy", "COL", "", "column of the energy: label, canonical name or $N"),
      option("energy-unit", words(AxisUnit.self), "the file's", "unit of the energy column"),
      option("d-spacing", "Ao", "the file's", "lattice spacing of the monochromator, for angles"),
      option("steps-per-degree", "1", "", "motor steps in a degree, for an axis of steps"),
      option("mu", "EXPR", "", "formula of the absorption, such as ln($3/$4) or {If}/{I0}"),
      option("mode", words(Mode.self), "auto", "what was measured"),
      option("select", "NAME", "", "spectra to take, * and ? as in a shell; repeatable"),
      option("element", "SYMBOL", "the file's", "the absorber"),
      option("edge", "K L1 L2 L3 M4 M5", "the file's", "the edge"),
      option("sample", "SYMBOLS", "", "elements whose edges limit the fit, such as Al,Si"),
      option("e0", "eV", "found", "the edge energy"),
      option("pre", "A:B", "auto", "pre-edge range, relative to e0"),
      option("norm", "A:B", "auto", "post-edge range, relative to e0"),
      option("pre-degree", "auto 0 1", "auto", "degree of the pre-edge"),
      option("degree", "0…5", "auto", "degree of the post-edge"),
      option("victoreen", "N", "0", "Victoreen exponent of the pre-edge"),
      option("normalise", words(Scaling.self), "edge-step", "what the ordinate is divided by"),
      option("peak-window", "A:B", "e0-5:e0+25", "where the white line is looked for"),
      option("reference", "REF", "first of the edge", "FILE, FILE#SPECTRUM or #SPECTRUM"),
      option("shift-window", "A:B", "e0-10:e0+20", "where shifts are fitted"),
      option("align", "true false", "false", "move spectra onto the reference before merging"),
      option("calibrate", "eV", "", "the e0 that the reference is given; all spectra move along"),
      option("energy-shift", "eV", "0", "what is added to every energy"),
      option("fit", "MODEL", "", "step and peaks, such as atan@1567.1+gauss@1567.6, or auto"),
      option("fit-window", "A:B", "e0-10:e0+15", "where the model is fitted"),
      option("fit-array", words(FitArray.self), "norm", "what is fitted"),
      option("standard", "REF", "", "standard of a linear combination; repeatable"),
      option("lcf-window", "A:B", "e0-20:e0+30", "where a combination is fitted"),
      option("sum-to-one", "true false", "false", "weights of a combination sum to one"),
      option("non-negative", "true false", "false", "weights of a combination are not negative"),
      option("merge", words(Merging.self), "", "merge the spectra of the batch"),
      option("rebin", "boxcar", "", "bin continuous scans before the analysis"),
      option(
        "dead-time", "true false", "false", "take the dead time out of fluorescence: ROI*ICR/OCR"),
      option("blank", "FILE", "", "spectrum of the blank, to be divided by"),
      option("alpha", "1", "", "parameter of the over-absorption correction"),
      option("arrays", "true false", "false", "add the arrays to the JSON"),
    ]
  }()

  /// Sets an option from its long name and its text.
  ///
  /// `_` may stand for `-`. A quantity is a number in the option's unit, or a number with a unit of the
  /// same dimension. Repeatable options add to what was set before.
  ///
  /// - Throws: `option.unknown` or `option.value`.
  public mutating func setOption(name: String, text: String) throws(ReadFailure) {
    let name = String(name.map { $0 == "_" ? "-" : $0 })
    let value = Self.trimmed(text)
    switch name {
    case "convention": convention = try Self.word(name, value)
    case "parameters": parameters = try Self.word(name, value) as Parameters
    case "energy": energy = try Self.filled(name, value)
    case "energy-unit": energyUnit = try Self.word(name, value) as AxisUnit
    case "d-spacing": spacing = try Self.number(name, value, "Ao", in: 0.1...1000)
    case "steps-per-degree": stepsPerDegree = try Self.number(name, value, "1", in: 1e-6...1e12)
    case "mu": mu = try SignalExpression(value)
    case "mode": mode = try Self.word(name, value)
    case "select": select.append(try Self.filled(name, value))
    case "element": element = try Self.symbol(name, value)
    case "edge":
      let upper = value.uppercased()
      guard ["K", "L1", "L2", "L3", "M4", "M5"].contains(upper) else {
        throw Self.bad(name, value, "K, L1, L2, L3, M4 or M5")
      }
      edge = upper
    case "sample":
      sample = []
      for part in value.split(whereSeparator: { $0 == "," || $0 == " " }) {
        sample.append(try Self.symbol(name, String(part)))
      }
    case "e0": choices.e0 = try Self.number(name, value, "eV", in: 1...1e6)
    case "pre": choices.pre = try Self.relative(name, value)
    case "norm": choices.post = try Self.relative(name, value)
    case "pre-degree":
      choices.preDegree = value == "auto" ? nil : try Self.whole(name, value, in: 0...1)
    case "degree": choices.degree = value == "auto" ? nil : try Self.whole(name, value, in: 0...5)
    case "victoreen": choices.victoreen = try Self.whole(name, value, in: 0...5)
    case "normalise", "normalize": scaling = try Self.word(name, value) as Scaling
    case "peak-window": peakWindow = try Self.window(name, value)
    case "reference": reference = try Self.filled(name, value)
    case "shift-window": shiftWindow = try Self.window(name, value)
    case "align": align = try Self.flag(name, value)
    case "calibrate": calibrate = try Self.number(name, value, "eV", in: 1...1e6)
    case "energy-shift": energyShift = try Self.number(name, value, "eV", in: -1e5...1e5)
    case "fit":
      if value != "auto" { _ = try EdgeModel(value) }
      fit = value
    case "fit-window": fitWindow = try Self.window(name, value)
    case "fit-array": fitArray = try Self.word(name, value)
    case "standard": standards.append(try Self.filled(name, value))
    case "lcf-window": mixtureWindow = try Self.window(name, value)
    case "sum-to-one": sumToOne = try Self.flag(name, value)
    case "non-negative": nonNegative = try Self.flag(name, value)
    case "merge": merge = try Self.word(name, value) as Merging
    case "rebin":
      guard value == "boxcar" || value == "none" else {
        throw Self.bad(name, value, "boxcar")
      }
      rebin = value == "boxcar"
    case "dead-time": deadTime = try Self.flag(name, value)
    case "blank": blank = try Self.filled(name, value)
    case "alpha": alpha = try Self.number(name, value, "1", in: 1e-6...1e12)
    case "arrays": arrays = try Self.flag(name, value)
    default:
      let known = Self.descriptions.map { $0.name }
      let nearest = known.min {
        EditDistance.between(name, $0) < EditDistance.between(name, $1)
      }
      throw ReadFailure(
        "option.unknown", found: "no option is called '\(name)'",
        expected: "did you mean '\(nearest ?? "e0")'?")
    }
  }

  // MARK: forms of text

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
    while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
    return String(text)
  }

  private static func bad(_ name: String, _ text: String, _ expected: String) -> ReadFailure {
    ReadFailure("option.value", found: "'\(text)' for \(name)", expected: "expected \(expected)")
  }

  private static func filled(_ name: String, _ text: String) throws(ReadFailure) -> String {
    guard !text.isEmpty else { throw bad(name, text, "a text") }
    return text
  }

  private static func word<Choice: CaseIterable & RawRepresentable>(
    _ name: String, _ text: String
  ) throws(ReadFailure) -> Choice where Choice.RawValue == String {
    guard
      let choice = Choice.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() })
    else {
      throw bad(
        name, text, Choice.allCases.map { $0.rawValue }.joined(separator: ", "))
    }
    return choice
  }

  private static func flag(_ name: String, _ text: String) throws(ReadFailure) -> Bool {
    switch text.lowercased() {
    case "true", "yes", "on", "1", "": return true
    case "false", "no", "off", "0": return false
    default: throw bad(name, text, "true or false")
    }
  }

  private static func symbol(_ name: String, _ text: String) throws(ReadFailure) -> String {
    let symbol = text.prefix(1).uppercased() + text.dropFirst().lowercased()
    guard ChemicalElement.isSymbol(symbol) else {
      throw bad(name, text, "the symbol of an element")
    }
    return symbol
  }

  private static func whole(
    _ name: String, _ text: String, in range: ClosedRange<Int>
  ) throws(ReadFailure) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw bad(name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number in the option's unit, or with a unit of the same dimension behind it.
  private static func number(
    _ name: String, _ text: String, _ unit: String, in range: ClosedRange<Double>
  ) throws(ReadFailure) -> Double {
    guard let (digits, given) = split(text), var number = Double(digits) else {
      throw bad(name, text, "a number in \(unit)")
    }
    let target = XASUnit.unit(unit)
    if !given.isEmpty {
      guard let own = PhysicalUnit.loose(given)?.unit, own.dimension == target.dimension,
        target.scale > 0
      else { throw bad(name, text, "a number in \(unit)") }
      // The decimal point is moved in the text: 1.5596 keV is 1559.6 eV in the last digit too.
      if let exponent = own.decimalExponent(to: target),
        !digits.contains(where: { "eE".contains($0) }),
        let moved = Double("\(digits)e\(exponent)")
      {
        number = moved
      } else {
        number *= own.scale / target.scale
      }
    }
    guard range.contains(number) else {
      throw bad(
        name, text, "a number in \(unit) from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number and the unit behind it.
  private static func split(_ text: String) -> (String, String)? {
    if let number = Double(text), number.isFinite { return (text, "") }
    let end = text.firstIndex { $0.isLetter && $0 != "e" && $0 != "E" } ?? text.endIndex
    let digits = trimmed(String(text[..<end]))
    if let number = Double(digits), number.isFinite {
      return (digits, trimmed(String(text[end...])))
    }
    // `5eV`: the e is the unit's.
    if let e = text.firstIndex(where: { $0 == "e" || $0 == "E" }),
      let number = Double(trimmed(String(text[..<e]))), number.isFinite
    {
      return (trimmed(String(text[..<e])), trimmed(String(text[e...])))
    }
    return nil
  }

  private static func parts(
    _ name: String, _ text: String
  ) throws(ReadFailure) -> (String, String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw bad(name, text, "a window A:B, such as e0-5:e0+25 or 1556:1576")
    }
    return (trimmed(String(parts[0])), trimmed(String(parts[1])))
  }

  /// A range relative to e0; `e0` before a number is allowed.
  private static func relative(
    _ name: String, _ text: String
  ) throws(ReadFailure) -> ClosedRange<Double> {
    let (a, b) = try parts(name, text)
    func limit(_ part: String) throws(ReadFailure) -> Double {
      let rest = part.lowercased().hasPrefix("e0") ? trimmed(String(part.dropFirst(2))) : part
      if rest.isEmpty { return 0 }
      return try number(name, rest, "eV", in: -1e6...1e6)
    }
    let (from, to) = (try limit(a), try limit(b))
    guard from < to else { throw bad(name, text, "a range A:B with A below B, relative to e0") }
    return from...to
  }

  private static func window(_ name: String, _ text: String) throws(ReadFailure) -> EnergyWindow {
    let (a, b) = try parts(name, text)
    func limit(_ part: String) throws(ReadFailure) -> EnergyWindow.Limit {
      guard part.lowercased().hasPrefix("e0") else {
        return .absolute(try number(name, part, "eV", in: 1...1e6))
      }
      let rest = part.dropFirst(2).filter { $0 != " " }
      if rest.isEmpty { return .fromEdge(0) }
      guard rest.first == "+" || rest.first == "-" else {
        throw bad(name, text, "limits such as e0-5 or 1576")
      }
      return .fromEdge(try number(name, String(rest), "eV", in: -1e6...1e6))
    }
    let window = EnergyWindow(from: try limit(a), to: try limit(b))
    switch (window.from, window.to) {
    case (.absolute(let from), .absolute(let to)) where from >= to,
      (.fromEdge(let from), .fromEdge(let to)) where from >= to:
      throw bad(name, text, "a window A:B with A below B")
    default: return window
    }
  }
}
