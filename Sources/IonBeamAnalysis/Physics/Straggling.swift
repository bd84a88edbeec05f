internal import RealModule

/// How energy loss scatters, as a ratio to Bohr's value.
public enum Straggling: String, Hashable, Sendable, CaseIterable, Codable {
  /// Bohr 1915: free electrons at rest.
  case bohr
  /// W. K. Chu, Phys. Rev. A 13 (1976) 2057.
  case chu
  /// Q. Yang, D. J. O'Connor, Z. Wang, Nucl. Instrum. Methods B 61 (1991) 149.
  case yang
  /// No straggling.
  case none

  /// Bohr's variance in keV² per 1e15 at/cm2: 4π (e²)² Z1² Z2.
  public static func bohr(_ ion: Ion, _ target: Int) -> Double {
    let charge = ElasticCrossSection.coulomb
    let z1 = Double(ion.atomicNumber)
    return 4 * Double.pi * charge * charge * 1e15 * z1 * z1 * Double(target)
  }

  /// The ratio to Bohr's variance at an energy in keV.
  public func ratio(_ ion: Ion, _ target: Int, _ energy: Double) -> Double {
    switch self {
    case .bohr: return 1
    case .none: return 0
    case .chu: return Self.chuRatio(target, energy / ion.mass)
    case .yang: return Self.yangRatio(ion, target, energy / ion.mass)
    }
  }

  /// Chu's ratio at an energy in keV/u, clamped to the table's range.
  static func chuRatio(_ z: Int, _ perMass: Double) -> Double {
    let columns = chuLogarithms.count
    guard (1...92).contains(z), perMass > 0, columns > 1 else { return 1 }
    let at = Double.log(perMass)
    let row = (z - 1) * columns
    let values = PhysicsTables.chu
    guard at > chuLogarithms[0] else { return values[row] }
    guard at < chuLogarithms[columns - 1] else { return values[row + columns - 1] }
    var low = 0
    while low + 2 < columns, chuLogarithms[low + 1] <= at { low += 1 }
    return CubicHermite.value(
      at, chuLogarithms[low], chuLogarithms[low + 1], values[row + low], values[row + low + 1],
      chuSlopes[row + low], chuSlopes[row + low + 1])
  }

  private static let chuLogarithms = PhysicsTables.chuEnergies.map { Double.log($0) }
  private static let chuSlopes: [Double] = {
    let columns = chuLogarithms.count
    var slopes: [Double] = []
    for row in stride(from: 0, to: PhysicsTables.chu.count - columns + 1, by: columns) {
      slopes += CubicHermite.monotonicSlopes(
        chuLogarithms, Array(PhysicsTables.chu[row..<(row + columns)]))
    }
    return slopes
  }()

  /// Yang's ratio: Chu's, with the effective charge of helium, and collective excitations.
  static func yangRatio(_ ion: Ion, _ z: Int, _ perMass: Double) -> Double {
    let chu = chuRatio(z, perMass)
    let z1 = Double(ion.atomicNumber)
    let z2 = Double(z)
    let charge: Double
    let factor: Double
    let reduced: Double
    let b: (Double, Double, Double, Double)
    if ion.atomicNumber == 1 {
      charge = 1
      factor = 1
      reduced = perMass / 1000
      b = (0.1955, 0.6941, 2.522, 1.040)
    } else {
      charge = ElectronicStopping.heliumCharge(Double.log(max(1, perMass)))
      factor = Double.pow(z1, 4.0 / 3) / Double.pow(z2, 1.0 / 3)
      reduced = perMass / 1000 / (Double.pow(z1, 1.5) * z2.squareRoot())
      b = (0.01273, 0.03458, 0.3951, 3.812)
    }
    let width = b.2 * (1 - Double.exp(-b.3 * reduced))
    let off = reduced - b.1
    return charge * chu + factor * b.0 * width / (off * off + width * width)
  }
}
