internal import Tables
internal import Units

/// The units that Igor waves of force microscopes carry.
enum IgorUnits {
  static let metre = PhysicalUnit(ucum: "m", dimension: Dimension(.length), scale: 1)
  static let second = PhysicalUnit(ucum: "s", dimension: Dimension(.time), scale: 1)
  static let hertz = PhysicalUnit(ucum: "Hz", dimension: Dimension(.time, -1), scale: 1)
  static let ampere = PhysicalUnit(ucum: "A", dimension: Dimension(.current), scale: 1)
  static let degree = PhysicalUnit(
    ucum: "deg", dimension: Dimension(.angle), scale: .pi / 180)
  static let newton = PhysicalUnit(
    ucum: "N", dimension: Dimension(.mass) * Dimension(.length) * Dimension(.time, -2), scale: 1)
  static let volt = PhysicalUnit(
    ucum: "V",
    dimension: newton.dimension * Dimension(.length) / (Dimension(.current) * Dimension(.time)),
    scale: 1)

  /// The unit of a text such as `m`; unknown or absent otherwise.
  static func column(_ text: String) -> ColumnUnit {
    switch text {
    case "": .absent
    case "m": .known(metre)
    case "s": .known(second)
    case "Hz": .known(hertz)
    case "A": .known(ampere)
    case "deg", "\u{B0}": .known(degree)
    case "N": .known(newton)
    case "V": .known(volt)
    default: .unknown(text)
    }
  }
}
