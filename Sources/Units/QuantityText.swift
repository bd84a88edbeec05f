/// A quantity as people write it: `25 GPa`, `25 ± 5 GPa`, `35 N/m ± 1.8`, `1.35um`, `25.0(5) GPa`.
public struct QuantityText: Hashable, Sendable {
  /// The text as it was given.
  public let text: String
  /// The number in `unit`.
  public let number: Double
  /// The standard uncertainty in `unit` (differences for temperatures); nil where none is given.
  public let uncertainty: Double?
  /// The unit as written, or the default one.
  public let unit: PhysicalUnit
  /// Whether the unit stands in the text.
  public let hasUnit: Bool
  /// What had to be decided to read the unit.
  public let remark: LooseUnit.Remark?
  private let digits: DecimalText

  /// Reads a quantity.
  ///
  /// - Parameters:
  ///   - text: a number with its unit and, if known, its standard uncertainty (`±`, `+-`, `+/-`, or
  ///     in parentheses in units of the last digit); an uncertainty in `%` is relative.
  ///   - dimension: what it must measure; nil where anything will do.
  ///   - defaultUnit: the unit of a bare number; nil makes that an error unless a pure number is due.
  /// - Throws: ``UnitError`` naming what is wrong.
  public static func parse(
    _ text: String, dimension: Dimension?, defaultUnit: PhysicalUnit? = nil
  ) throws(UnitError) -> QuantityText {
    var rest = Substring(LooseSpelling.trim(text))
    guard rest.utf8.count <= 200 else { throw .outOfRange(text: "\(rest.prefix(40))…") }
    guard let value = DecimalText.scan(&rest), let number = value.shifted(by: 0) else {
      throw .noNumber(text: text)
    }
    guard number.isFinite else { throw .outOfRange(text: text) }
    let concise = DecimalText.scanConcise(&rest, of: value)
    var parts = rest.replacing("+/-", with: "±").replacing("+-", with: "±")
      .split(separator: "±", omittingEmptySubsequences: false)
      .map { LooseSpelling.trim(String($0)) }
    guard parts.count <= 2, parts.count == 1 || concise == nil else {
      throw .badUncertainty(text: text)
    }
    let before = parts.removeFirst()
    var written: LooseUnit? = try before.isEmpty ? nil : readUnit(before, text, dimension)
    var u: (value: DecimalText, unit: String)?
    if let after = parts.first {
      var tail = Substring(after)
      guard let value = DecimalText.scan(&tail), !value.isNegative else {
        throw .badUncertainty(text: text)
      }
      u = (value, LooseSpelling.trim(String(tail)))
    }
    let isRelative = u?.unit == "%" && (written.map { $0.unit.ucum != "%" } ?? (dimension != .one))
    if written == nil, let unit = u?.unit, !unit.isEmpty, !isRelative {
      written = try readUnit(unit, text, dimension)
    }
    let unit: PhysicalUnit
    if let written {
      unit = written.unit
    } else if let fallback = defaultUnit ?? (dimension == .one ? PhysicalUnit.one : nil) {
      unit = fallback
    } else {
      guard let dimension else { throw .noUnit(text: text, expected: .one) }
      throw .noUnit(text: text, expected: dimension)
    }
    var uncertainty = concise
    if let u {
      guard let size = u.value.shifted(by: 0) else { throw .badUncertainty(text: text) }
      if isRelative {
        uncertainty = abs(number) * size / 100
      } else if u.unit.isEmpty || before.isEmpty {
        uncertainty = size
      } else {
        uncertainty = try readUnit(u.unit, text, unit.dimension).unit.convertDifference(
          size, to: unit)
      }
    }
    if let uncertainty, !uncertainty.isFinite { throw .badUncertainty(text: text) }
    return QuantityText(
      text: text, number: number, uncertainty: uncertainty, unit: unit, hasUnit: written != nil,
      remark: written?.remark, digits: value)
  }

  private static func readUnit(
    _ unit: String, _ text: String, _ dimension: Dimension?
  ) throws(UnitError) -> LooseUnit {
    guard let loose = PhysicalUnit.loose(unit, expecting: dimension) else {
      throw .unknown(text: text, part: unit)
    }
    if let dimension {
      guard loose.unit.dimension == dimension else {
        throw .unexpected(loose.unit, expected: dimension)
      }
      guard !loose.unit.isArbitrary else { throw .arbitrary(loose.unit) }
    }
    return loose
  }

  /// The number of another unit: the Double nearest to the decimal text where the factor is a power of ten.
  ///
  /// - Throws: ``UnitError`` where the units do not convert.
  public func value(in other: PhysicalUnit) throws(UnitError) -> Double {
    let converter = try UnitConverter(from: unit, to: other)
    if let tens = converter.decimalExponent, let value = digits.shifted(by: tens) { return value }
    return converter(number)
  }

  /// The standard uncertainty in another unit; nil where none is given.
  ///
  /// - Throws: ``UnitError`` where the units do not convert.
  public func uncertainty(in other: PhysicalUnit) throws(UnitError) -> Double? {
    guard let uncertainty else { return nil }
    return try unit.convertDifference(uncertainty, to: other)
  }

  /// The standard uncertainty of a number as it is printed: q/√12 for a last place q.
  ///
  /// The true value lies anywhere within half a last place (JCGM 100 §4.3.7): `1.23` gives 0.0028868.
  /// Nil where the text is no number.
  public static func digitUncertainty(ofNumber text: String) -> Double? {
    var rest = Substring(LooseSpelling.trim(text))
    guard let number = DecimalText.scan(&rest), rest.isEmpty else { return nil }
    return number.lastPlace.map { $0 / 12.0.squareRoot() }
  }

  /// The quantity with its type.
  ///
  /// - Throws: ``UnitError`` where the text measures something else.
  public func measured<D: PhysicalDimension>(
    _: D.Type = D.self, source: String = ""
  ) throws(UnitError) -> Measured<D> {
    guard unit.dimension == D.dimension else { throw .unexpected(unit, expected: D.dimension) }
    guard !unit.isArbitrary else { throw .arbitrary(unit) }
    let u = try uncertainty(in: unit.coherent)
    return Measured(
      Quantity(si: try value(in: unit.coherent)), u: u.map(Quantity.init(si:)), source: source)
  }
}

/// The text of a number, taken apart so that its decimal exponent can be moved.
struct DecimalText: Hashable, Sendable {
  private var mantissa: String
  private var exponent: Int
  /// The number of digits behind the point.
  private var places: Int

  /// One unit of the last digit; nil beyond the range of Double.
  var lastPlace: Double? {
    Double("1e\(exponent - places)").flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  var isNegative: Bool { mantissa.hasPrefix("-") }

  /// Takes a number from the start of a text; nil, and the text untouched, where none stands there.
  static func scan(_ text: inout Substring) -> DecimalText? {
    var scalars = text.unicodeScalars
    var mantissa = ""
    if let sign = scalars.first, "+-−".unicodeScalars.contains(sign) {
      if sign != "+" { mantissa = "-" }
      scalars.removeFirst()
    }
    var digits = 0
    var places = 0
    var point = false
    while let c = scalars.first {
      if c >= "0" && c <= "9" {
        digits += 1
        if point { places += 1 }
      } else if c == ".", !point {
        point = true
        if digits == 0 { mantissa += "0" }
      } else {
        break
      }
      mantissa.unicodeScalars.append(c)
      scalars.removeFirst()
    }
    guard digits > 0 else { return nil }
    if point, places == 0 { mantissa += "0" }
    var exponent = 0
    if let e = scalars.first, e == "e" || e == "E" {
      var tail = scalars.dropFirst()
      var sign = 1
      if let c = tail.first, "+-−".unicodeScalars.contains(c) {
        sign = c == "+" ? 1 : -1
        tail.removeFirst()
      }
      let power = tail.prefix { $0 >= "0" && $0 <= "9" }
      if !power.isEmpty {
        // Five digits are beyond any Double; the result is then infinite or zero.
        exponent = sign * (Int(String(power.prefix(5))) ?? 0)
        scalars = tail.dropFirst(power.count)
      }
    }
    text = Substring(scalars)
    return DecimalText(mantissa: mantissa, exponent: exponent, places: places)
  }

  /// `(5)` directly behind a number: the uncertainty in units of the last digit.
  static func scanConcise(_ text: inout Substring, of value: DecimalText) -> Double? {
    guard text.first == "(", let close = text.firstIndex(of: ")") else { return nil }
    let inside = text[text.index(after: text.startIndex)..<close]
    guard !inside.isEmpty, inside.utf8.count <= 6,
      inside.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
      let u = Double("\(inside)e\(value.exponent - value.places)")
    else { return nil }
    text = text[text.index(after: close)...]
    return u
  }

  /// The nearest Double to the number times a power of ten.
  func shifted(by tens: Int) -> Double? { Double("\(mantissa)e\(exponent + tens)") }
}
