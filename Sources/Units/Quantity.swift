/// A unit of a known kind of quantity, such as `UnitOf<Length>.nanometre`.
public struct UnitOf<D: PhysicalDimension>: Hashable, Sendable {
  /// The unit.
  public let unit: PhysicalUnit

  /// The unit as one of this kind of quantity.
  ///
  /// - Throws: ``UnitError`` where it measures something else.
  public init(_ unit: PhysicalUnit) throws(UnitError) {
    guard unit.dimension == D.dimension else {
      throw .unexpected(unit, expected: D.dimension)
    }
    self.unit = unit
  }

  /// A unit that the table of common units vouches for (tested).
  init(trusted unit: PhysicalUnit) { self.unit = unit }
}

/// A number of SI units of one kind of quantity, at the cost of a Double.
@frozen
public struct Quantity<D: PhysicalDimension>: Sendable, Hashable, Comparable, Codable {
  /// The value in the coherent SI unit.
  public var si: Double

  /// A quantity from its value in the coherent SI unit.
  @inlinable
  public init(si: Double) { self.si = si }

  /// A quantity from a number and its unit.
  public init(_ value: Double, _ unit: UnitOf<D>) { si = unit.unit.toSI(value) }

  /// A quantity from a number and a unit known only at run time.
  ///
  /// - Throws: ``UnitError`` where the unit measures something else or is arbitrary.
  public init(_ value: Double, unit: PhysicalUnit) throws(UnitError) {
    guard !unit.isArbitrary else { throw .arbitrary(unit) }
    self.init(value, try UnitOf<D>(unit))
  }

  /// The number of the given units.
  public func value(in unit: UnitOf<D>) -> Double { unit.unit.fromSI(si) }

  /// Nothing of it.
  @inlinable
  public static var zero: Quantity { Quantity(si: 0) }

  /// Whether the left one is smaller.
  @inlinable
  public static func < (a: Quantity, b: Quantity) -> Bool { a.si < b.si }

  /// The sum.
  @inlinable
  public static func + (a: Quantity, b: Quantity) -> Quantity { Quantity(si: a.si + b.si) }

  /// The difference.
  @inlinable
  public static func - (a: Quantity, b: Quantity) -> Quantity { Quantity(si: a.si - b.si) }

  /// The negative.
  @inlinable
  public static prefix func - (a: Quantity) -> Quantity { Quantity(si: -a.si) }

  /// Adds to the left one.
  @inlinable
  public static func += (a: inout Quantity, b: Quantity) { a.si += b.si }

  /// A multiple.
  @inlinable
  public static func * (a: Double, b: Quantity) -> Quantity { Quantity(si: a * b.si) }

  /// A multiple.
  @inlinable
  public static func * (a: Quantity, b: Double) -> Quantity { Quantity(si: a.si * b) }

  /// A part.
  @inlinable
  public static func / (a: Quantity, b: Double) -> Quantity { Quantity(si: a.si / b) }

  /// The ratio of two quantities of one kind, a number.
  @inlinable
  public static func / (a: Quantity, b: Quantity) -> Double { a.si / b.si }

  /// The absolute value.
  @inlinable public var magnitude: Quantity { Quantity(si: abs(si)) }
}

extension PhysicalUnit {
  /// A value of this unit in coherent SI units, rounded as a conversion is.
  public func toSI(_ value: Double) -> Double {
    if let tens = pureTens, let number = DecimalNumber(shortest: value), number.digits != 0 {
      return DecimalNumber.double(number.digits, tens: number.tens + tens)
    }
    return (try? UnitConverter(from: self, to: coherent))?(value) ?? value * scale + offset
  }

  /// A value in coherent SI units as a number of this unit, rounded as a conversion is.
  public func fromSI(_ value: Double) -> Double {
    if let tens = pureTens, let number = DecimalNumber(shortest: value), number.digits != 0 {
      return DecimalNumber.double(number.digits, tens: number.tens - tens)
    }
    return (try? UnitConverter(from: coherent, to: self))?(value) ?? (value - offset) / scale
  }

  /// The power of ten to SI where the unit is nothing else: the common case, without a converter.
  private var pureTens: Int? { offset == 0 ? exactScale?.powerOfTen : nil }

  /// The coherent SI unit of the same dimension.
  var coherent: PhysicalUnit {
    PhysicalUnit(
      ucum: "SI", dimension: dimension, scale: 1, exactScale: .one, exactOffset: nil,
      isArbitrary: false)
  }
}
