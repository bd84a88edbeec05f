internal import Tables
internal import Units

/// From the numbers of a NanoScope channel to a quantity: steps of the converter, then a sensitivity.
struct NanoScopeScale {
  /// The unit of the converter's steps, volts as a rule.
  private(set) var hardUnit: ColumnUnit
  /// The converter's step in `hardUnit`; nil where the file gives none.
  var step: Double?
  /// From `hardUnit` to `unit`; nil where the file gives no sensitivity.
  private(set) var sensitivity: Double?
  /// The unit after the sensitivity; `hardUnit` where there is none.
  private(set) var unit: ColumnUnit
  /// The line of the sensitivity.
  private(set) var entry: NanoScopeHeader.Entry?
  /// What was taken for granted about the sensitivity's unit.
  private(set) var doubt: String?

  /// The unit as the file spells it.
  var writtenUnit: String {
    switch unit {
    case .known(let known): known.ucum
    case .unknown(let text): text
    case .absent: ""
    }
  }

  /// From a step to the quantity.
  var factor: Double { (step ?? 1) * (sensitivity ?? 1) }

  /// The scale of a key such as `@4:Z scale`.
  ///
  /// - Parameter step: the converter's step in the unit of the brackets, where it is not theirs.
  init(
    _ value: NanoScopeValue, step own: Double? = nil, unit ownUnit: String? = nil,
    in header: NanoScopeHeader
  ) {
    let text = ownUnit ?? value.stepUnit
    let hard = Self.known(text)
    hardUnit = hard?.unit ?? (text.isEmpty ? .absent : .unknown(text))
    step = (own ?? value.step).map { $0 * (hard?.factor ?? 1) }
    unit = hardUnit
    guard let soft = value.soft, let entry = Self.sensitivity(soft, in: header) else { return }
    let found = NanoScopeValue(entry.value)
    guard let number = found.value, number.isFinite, number != 0 else { return }
    self.entry = entry
    var written = found.unit
    if written.isEmpty {
      guard soft.lowercased().contains("defl"), number != 1 else {
        if number != 1 { doubt = "@\(soft) is \(number) without a unit: it is not applied" }
        return
      }
      doubt = "@\(soft) is \(number) without a unit: taken as nm/V"
      written = "nm/V"
    }
    let (top, bottom) = Self.quotient(written, hard: text)
    let per = bottom.flatMap { Self.known($0) }?.factor ?? 1
    if let target = Self.known(top) {
      sensitivity = number * target.factor / per
      unit = target.unit
    } else {
      sensitivity = number / per
      unit = .unknown(top)
    }
  }

  /// A unit text as one of ours with the factor to it: lengths in m, voltages in V, forces in N.
  static func known(_ text: String) -> (unit: ColumnUnit, factor: Double)? {
    let plain = text.hasPrefix("~") ? "u" + text.dropFirst() : text
    if ["º", "°", "?", "deg", "Deg"].contains(plain) { return (.known(.degree), 1) }
    guard !plain.isEmpty, let loose = PhysicalUnit.loose(plain)?.unit, !loose.isArbitrary,
      loose.offset == 0
    else { return nil }
    for target in [PhysicalUnit.metre, .volt, .newton, .second, .ampere, .hertz]
    where target.dimension == loose.dimension {
      return (.known(target), loose.scale)
    }
    return (.known(loose), 1)
  }

  /// `nm/V` as `nm` and `V`; `Pa/Arb` and `N/m*Arb` lose the arbitrary unit.
  private static func quotient(_ text: String, hard: String) -> (String, String?) {
    if text.hasSuffix("*Arb") { return (String(text.dropLast(4)), nil) }
    guard let slash = text.lastIndex(of: "/") else { return (text, nil) }
    let bottom = String(text[text.index(after: slash)...])
    let isVolts = known(bottom)?.unit == .known(.volt)
    guard isVolts || bottom == hard || bottom.contains("Arb") else { return (text, nil) }
    return (String(text[..<slash]), isVolts ? bottom : nil)
  }

  /// The line of a sensitivity, under its name or the one of other versions.
  static func sensitivity(_ soft: String, in header: NanoScopeHeader) -> NanoScopeHeader.Entry? {
    let others = [
      "sens. deflsens": "Sens. Deflection", "sens. deflection": "Sens. DeflSens",
      "sens. zsens": "Sens. Zscan", "sens. zscan": "Sens. Zsens",
    ]
    return header.entry("@" + soft) ?? others[soft.lowercased()].flatMap { header.entry("@" + $0) }
  }
}
