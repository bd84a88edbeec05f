internal import RealModule

/// A set of electronic stopping cross sections that Interphase carries.
public enum StoppingSet: String, Hashable, Sendable, CaseIterable, Codable {
  /// Ziegler, Biersack, Littmark in the revision of 1995.
  case zbl95
  /// Konac and Kalbitzer for C and Si, ZBL95 elsewhere.
  case zbl95KonacKalbitzer = "zbl95+kkk"
  /// ICRU Report 49 for helium; ZBL95 for hydrogen.
  case icru49
}

/// A table of stopping cross sections that a user brought, for one ion in one element.
public struct StoppingTable: Hashable, Sendable, Codable {
  /// The logarithms of energy per nucleon mass (keV/u), ascending.
  private let x: [Double]
  /// The logarithms of the stopping cross section in eV/(1e15 at/cm2).
  private let y: [Double]
  private let slopes: [Double]

  /// A table of at least two rows of positive numbers; nil for anything else.
  ///
  /// Between rows a natural cubic spline in the logarithms holds, beyond them its end slopes.
  ///
  /// - Parameters:
  ///   - energies: Energies in keV/u, ascending.
  ///   - values: Stopping cross sections in eV/(1e15 at/cm2).
  public init?(energies: [Double], values: [Double]) {
    guard energies.count == values.count, energies.count >= 2,
      energies.allSatisfy({ $0.isFinite && $0 > 0 }), values.allSatisfy({ $0.isFinite && $0 > 0 }),
      zip(energies, energies.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    x = energies.map { Double.log($0) }
    y = values.map { Double.log($0) }
    slopes = Self.splineSlopes(x, y)
  }

  /// The slopes at the knots of a natural cubic spline.
  private static func splineSlopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let n = x.count
    var diagonal = [Double](repeating: 0, count: n)
    var right = [Double](repeating: 0, count: n)
    var upper = [Double](repeating: 0, count: n)
    for i in 0..<n {
      let before = i > 0 ? 1 / (x[i] - x[i - 1]) : 0
      let after = i + 1 < n ? 1 / (x[i + 1] - x[i]) : 0
      diagonal[i] = 2 * (before + after)
      upper[i] = after
      if i > 0 { right[i] += 3 * before * before * (y[i] - y[i - 1]) }
      if i + 1 < n { right[i] += 3 * after * after * (y[i + 1] - y[i]) }
      if i > 0 {
        let factor = before / diagonal[i - 1]
        diagonal[i] -= factor * upper[i - 1]
        right[i] -= factor * right[i - 1]
      }
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      if i + 1 < n { right[i] -= upper[i] * right[i + 1] }
      right[i] /= diagonal[i]
    }
    return right
  }

  /// The stopping cross section in eV/(1e15 at/cm2) at an energy in keV/u.
  func callAsFunction(_ perMass: Double) -> Double {
    let at = Double.log(perMass)
    guard at > x[0] else { return Double.exp(y[0] + slopes[0] * (at - x[0])) }
    let end = x.count - 1
    guard at < x[end] else { return Double.exp(y[end] + slopes[end] * (at - x[end])) }
    var (low, high) = (0, end)
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= at { low = middle } else { high = middle }
    }
    return Double.exp(
      CubicHermite.value(
        at, x[low], x[high], y[low], y[high], slopes[low], slopes[high]))
  }
}

/// Electronic stopping cross sections of hydrogen and helium ions.
public struct ElectronicStopping: Hashable, Sendable, Codable {
  /// The set that holds where no table was brought.
  public var set: StoppingSet
  /// Tables of the user by atomic number of the target; they stand before the set.
  public var tables: [Int: StoppingTable] = [:]
  /// Factors on the stopping of elements by atomic number; 1 for those that do not stand here.
  public var factors: [Int: Double] = [:]

  /// Stopping after a set, with tables of the user in front of it.
  public init(_ set: StoppingSet = .zbl95KonacKalbitzer, tables: [Int: StoppingTable] = [:]) {
    self.set = set
    self.tables = tables
  }

  /// Whether the ion and the element are covered.
  public func covers(_ ion: Ion, _ target: Int) -> Bool {
    tables[target] != nil || ((1...2).contains(ion.atomicNumber) && (1...92).contains(target))
  }

  /// The cross section in eV/(1e15 at/cm2); nil for an ion or element without data.
  ///
  /// - Parameters:
  ///   - ion: The ion: hydrogen or helium, unless a table was brought.
  ///   - target: The atomic number of the target.
  ///   - energy: The energy of the ion in keV, above 0.
  public func callAsFunction(_ ion: Ion, _ target: Int, _ energy: Double) -> Double? {
    guard energy > 0, covers(ion, target) else { return nil }
    let plain = unscaled(ion, target, energy / ion.mass)
    return factors.isEmpty ? plain : plain * (factors[target] ?? 1)
  }

  private func unscaled(_ ion: Ion, _ target: Int, _ perMass: Double) -> Double {
    if let table = tables[target] { return table(perMass) }
    if set == .zbl95KonacKalbitzer, let row = Self.konacRow(ion, target) {
      return Self.konacKalbitzer(row, perMass)
    }
    guard ion.atomicNumber == 2 else { return Self.proton(target, perMass) }
    return set == .icru49 ? Self.icru49(target, perMass) : Self.helium(target, perMass)
  }

  /// Protons after ZBL95: E in keV/u, result in eV/(1e15 at/cm2).
  static func proton(_ z: Int, _ e: Double) -> Double {
    let c = PhysicsTables.zbl95
    let row = (z - 1) * 12
    guard e >= 10 else {
      return proton(z, 10) * Double.pow(e / 10, z <= 6 ? 0.35 : 0.45)
    }
    guard e <= 1e4 else {
      let x = Double.log(e) / e
      return c[row + 8] + c[row + 9] * x + c[row + 10] * x * x + c[row + 11] / x
    }
    let logE = Double.log(e)
    let low =
      c[row] * Double.exp(c[row + 1] * logE) + c[row + 2] * Double.exp(c[row + 3] * logE)
    let high =
      c[row + 4] * Double.exp(-c[row + 5] * logE) * Double.log(c[row + 6] / e + c[row + 7] * e)
    return low * high / (low + high)
  }

  /// The square of helium's effective charge over 2 at b = ln(E in keV/u) (ZBL 1985).
  static func heliumCharge(_ b: Double) -> Double {
    let sum =
      0.2865 + b * (0.1266 + b * (-0.001429 + b * (0.02402 + b * (-0.01135 + b * 0.001475))))
    return 1 - Double.exp(-min(30, sum))
  }

  /// Helium after ZBL95, from protons of the same velocity.
  static func helium(_ z: Int, _ e: Double) -> Double {
    guard e >= 1 else { return helium(z, 1) * e.squareRoot() }
    let b = Double.log(e)
    let k = 1 + (0.007 + 5e-5 * Double(z)) * Double.exp(-(7.6 - b) * (7.6 - b))
    return 4 * proton(z, e) * heliumCharge(b) * k * k
  }

  /// Helium after ICRU Report 49.
  static func icru49(_ z: Int, _ e: Double) -> Double {
    let c = PhysicsTables.icru49
    let row = (z - 1) * 5
    let t = e * 4.002603 / 1000
    guard t >= 0.001 else { return icru49(z, 1 / 4.002603) * (1000 * t).squareRoot() }
    let low = c[row] * Double.pow(1000 * t, c[row + 1])
    let high = Double.log(1 + c[row + 3] / t + c[row + 4] * t) * c[row + 2] / t
    return low * high / (low + high)
  }

  /// Where the row of Konac and Kalbitzer for an ion and element begins.
  private static func konacRow(_ ion: Ion, _ z: Int) -> Int? {
    guard z == 6 || z == 14 else { return nil }
    let table = PhysicsTables.konacKalbitzer
    return stride(from: 0, to: table.count - 11, by: 12).first {
      table[$0] == Double(ion.atomicNumber) && table[$0 + 1] == Double(ion.massNumber)
        && table[$0 + 2] == Double(z)
    }
  }

  private static func konacKalbitzer(_ row: Int, _ perMass: Double) -> Double {
    let c = PhysicsTables.konacKalbitzer
    let e = perMass / 1000
    let s = c[row + 4]
    let quarter = e.squareRoot().squareRoot()
    let bottom =
      c[row + 5] + c[row + 6] * quarter + c[row + 7] * quarter * quarter
      + c[row + 8] * quarter * quarter * quarter + c[row + 9] * e
      + c[row + 10] * Double.pow(e, 1 + s)
    return c[row + 3] * Double.pow(e, s) * Double.log(Double.exp(1) + c[row + 11] * e) / bottom
  }
}
