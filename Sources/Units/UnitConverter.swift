/// A conversion between two units, prepared once for many values.
///
/// A value whose shortest text has at most 15 digits is converted as that decimal number where the
/// factor is one (12.3 mV is the Double nearest to 0.0123 V, and back gives the same bits); all
/// others are multiplied once by the factor held to 32 digits, and rounded once.
public struct UnitConverter: Sendable {
  /// The power of ten between the units, where the conversion is nothing else.
  public let decimalExponent: Int?
  private let decimal: (numerator: UInt64, tens: Int, shift: Int128, shiftTens: Int)?
  private let factor: WideDouble
  private let shift: WideDouble

  /// The conversion from one unit to another.
  ///
  /// - Throws: ``UnitError`` where the units measure different things or one is arbitrary.
  public init(from: PhysicalUnit, to: PhysicalUnit) throws(UnitError) {
    guard from.dimension == to.dimension else { throw .mismatch(from: from, to: to) }
    if from.ucum != to.ucum {
      if from.isArbitrary { throw .arbitrary(from) }
      if to.isArbitrary { throw .arbitrary(to) }
    }
    let same = from.ucum == to.ucum
    var exact: ExactFactor? = same ? .one : nil
    if !same, let a = from.exactScale, let b = to.exactScale?.inverse { exact = a.times(b) }
    factor = exact?.wide ?? (WideDouble(from.scale) / WideDouble(to.scale))
    if same || (from.exactOffset == nil && to.exactOffset == nil && from.offset == to.offset) {
      shift = WideDouble(0.0)
      decimalExponent = exact?.powerOfTen
      decimal = exact.flatMap { $0.isDecimal ? ($0.numerator, $0.tens, 0, 0) : nil }
      return
    }
    // y = (x·a + zero(a) − zero(b)) / b
    let zeroes =
      (from.exactOffset?.wide ?? WideDouble(from.offset))
      + -(to.exactOffset?.wide ?? WideDouble(to.offset))
    shift = zeroes / (to.exactScale?.wide ?? WideDouble(to.scale))
    decimalExponent = nil
    decimal = Self.decimalShift(from, to).flatMap { shift in
      exact.flatMap { $0.isDecimal ? ($0.numerator, $0.tens, shift.digits, shift.tens) : nil }
    }
  }

  /// The difference of the zeroes in units of `to`, where it is a decimal number.
  private static func decimalShift(
    _ from: PhysicalUnit, _ to: PhysicalUnit
  ) -> (digits: Int128, tens: Int)? {
    guard let scale = to.exactScale?.inverse, scale.isDecimal else { return nil }
    var digits = Int128(0)
    var tens = 0
    for (zero, sign) in [(from.exactOffset, Int128(1)), (to.exactOffset, -1)] {
      guard let zero else { continue }
      guard let part = zero.times(scale), part.isDecimal,
        let sum = DecimalNumber.sum(
          digits, tens, sign * Int128(part.numerator), part.tens)
      else { return nil }
      (digits, tens) = sum
    }
    return (digits, tens)
  }

  /// The decimal number in the other unit, rounded once; nil where 128 bits do not hold it.
  private func convert(
    _ number: DecimalNumber,
    _ decimal: (numerator: UInt64, tens: Int, shift: Int128, shiftTens: Int)
  ) -> Double? {
    let tens = number.tens + decimal.tens
    if decimal.shift == 0, let factor = Int64(exactly: decimal.numerator) {
      let (product, overflow) = number.digits.multipliedReportingOverflow(by: factor)
      if !overflow { return DecimalNumber.double(product, tens: tens) }
    }
    let (product, overflow) = Int128(number.digits).multipliedReportingOverflow(
      by: Int128(decimal.numerator))
    guard !overflow,
      let sum = DecimalNumber.sum(product, tens, decimal.shift, decimal.shiftTens)
    else { return nil }
    return DecimalNumber.double(sum.digits, tens: sum.tens)
  }

  /// The value in the other unit.
  public func callAsFunction(_ value: Double) -> Double {
    if decimalExponent == 0 || !value.isFinite { return value }
    if let decimal, let number = DecimalNumber(shortest: value),
      let result = convert(number, decimal)
    {
      return result == 0 && value == 0 ? value : result
    }
    let product = WideDouble(value) * factor
    return shift.high == 0 ? product.rounded : (product + shift).rounded
  }
}

extension PhysicalUnit {
  /// A value of this unit in another one.
  ///
  /// - Throws: ``UnitError`` where the units measure different things or one is arbitrary.
  public func convert(_ value: Double, to other: PhysicalUnit) throws(UnitError) -> Double {
    try UnitConverter(from: self, to: other)(value)
  }

  /// The power of ten that turns numbers of this unit into numbers of the other one.
  ///
  /// Nil where the conversion is anything else, so that a number scanner knows when it can fold the
  /// conversion into the decimal exponent.
  public func decimalExponent(to other: PhysicalUnit) -> Int? {
    (try? UnitConverter(from: self, to: other))?.decimalExponent
  }

  /// The factor between differences of the two units (1 K for 1 `Cel`), for uncertainties and slopes.
  ///
  /// - Throws: ``UnitError`` where the units measure different things or one is arbitrary.
  public func convertDifference(
    _ value: Double, to other: PhysicalUnit
  ) throws(UnitError) -> Double {
    try UnitConverter(from: withoutZero, to: other.withoutZero)(value)
  }

  private var withoutZero: PhysicalUnit {
    if exactOffset == nil && offset == 0 { return self }
    return PhysicalUnit(
      ucum: ucum, dimension: dimension, scale: scale, exactScale: exactScale, exactOffset: nil,
      isArbitrary: isArbitrary)
  }
}
