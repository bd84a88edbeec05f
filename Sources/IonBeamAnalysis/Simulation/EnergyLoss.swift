internal import RealModule

/// How an ion slows down in one material: stopping, path and straggling against energy.
///
/// R(E) = ∫dE/S is the path to rest, Q(E) = ∫B/S³ dE carries the straggling B. The energy after a path
/// t is R⁻¹(R(E) − t): no step is taken and none errs. Everything stands on a grid uniform in √E, on
/// which R is almost linear where S goes with the velocity.
struct EnergyLoss: Sendable {
  /// The spacing of √E.
  private let step: Double
  /// Stopping in keV per 1e15 at/cm2 at every half step.
  private let stopping: [Double]
  /// The growth of variance in keV² per 1e15 at/cm2 at every half step.
  private let straggling: [Double]
  /// Path to rest in 1e15 at/cm2, its derivative by √E, and Q, at every step.
  private let path: [Double]
  private let slope: [Double]
  private let spread: [Double]
  private let last: Int

  /// Tables up to an energy in keV from stopping (keV per 1e15 at/cm2) and straggling (keV² per
  /// 1e15 at/cm2) at the energies of `nodes`.
  init(nodes: EnergyNodes, stopping: [Double], straggling: [Double]) {
    let step = nodes.step
    let count = nodes.count
    var path = [Double](repeating: 0, count: count)
    var slope = [Double](repeating: 0, count: count)
    var spread = [Double](repeating: 0, count: count)
    func lossSlope(_ half: Int) -> Double { Double(half) * step / stopping[half] }
    func spreadSlope(_ half: Int) -> Double {
      let s = stopping[half]
      return Double(half) * step * straggling[half] / (s * s * s)
    }
    // At rest both u and S vanish; the first half step stands for the limit.
    slope[0] = lossSlope(1)
    for i in 1..<count {
      slope[i] = lossSlope(2 * i)
      let before = i == 1 ? slope[0] : lossSlope(2 * i - 2)
      path[i] = path[i - 1] + step / 6 * (before + 4 * lossSlope(2 * i - 1) + slope[i])
      if i > 1 {
        spread[i] =
          spread[i - 1] + step / 6
          * (spreadSlope(2 * i - 2) + 4 * spreadSlope(2 * i - 1) + spreadSlope(2 * i))
      }
    }
    self.step = step
    self.stopping = stopping
    self.straggling = straggling
    self.path = path
    self.slope = slope
    self.spread = spread
    last = count - 1
  }

  /// Stopping in keV per 1e15 at/cm2 at √E.
  @inline(__always)
  func stopping(_ root: Double) -> Double {
    let at = root / step * 2
    let low = min(max(0, Int(at)), 2 * last - 1)
    let t = at - Double(low)
    return stopping[low] + t * (stopping[low + 1] - stopping[low])
  }

  /// The growth of variance along a path in keV² per 1e15 at/cm2, near √E.
  @inline(__always)
  func straggling(_ root: Double) -> Double {
    straggling[min(max(0, Int(root / step * 2)), 2 * last)]
  }

  /// The path to rest at √E, in 1e15 at/cm2.
  @inline(__always)
  func path(_ root: Double) -> Double {
    let low = min(max(0, Int(root / step)), last - 1)
    let t = root / step - Double(low)
    return CubicHermite.value(
      t, step, path[low], path[low + 1], slope[low], slope[low + 1])
  }

  /// Q at √E.
  @inline(__always)
  func spread(_ root: Double) -> Double {
    let low = min(max(0, Int(root / step)), last - 1)
    let t = root / step - Double(low)
    return spread[low] + t * (spread[low + 1] - spread[low])
  }

  /// √E of the ion that has a path left; nil where it has come to rest.
  @inline(__always)
  func root(pathLeft: Double) -> Double? {
    guard pathLeft > 0 else { return nil }
    var (low, high) = (0, last)
    while high - low > 1 {
      let middle = (low + high) / 2
      if path[middle] <= pathLeft { low = middle } else { high = middle }
    }
    let width = path[high] - path[low]
    let t = (pathLeft - path[low]) / width
    return CubicHermite.value(
      t, width, Double(low) * step, Double(high) * step, 1 / slope[low], 1 / slope[high])
  }
}

/// An ion on its way: √E and the variance of E.
struct Flight: Sendable {
  /// √E, E in keV.
  var root: Double
  /// The variance of the energy in keV².
  var variance: Double

  /// The energy in keV.
  var energy: Double { root * root }

  /// The ion after a path of 1e15 at/cm2 in a material; nil where it has come to rest.
  ///
  /// σ²(E2) = S(E2)² [σ²(E1)/S(E1)² + ∫B/S³ dE] from E2 to E1, which is exact for a Gaussian that
  /// stays narrow against the changes of S.
  @inline(__always)
  func after(_ length: Double, in material: EnergyLoss) -> Flight? {
    guard let end = material.root(pathLeft: material.path(root) - length) else { return nil }
    let s1 = material.stopping(root)
    let s2 = material.stopping(end)
    let added = max(0, material.spread(root) - material.spread(end))
    return Flight(root: end, variance: s2 * s2 * (variance / (s1 * s1) + added))
  }
}

/// The energies at which the elements' stopping is tabulated, and those tables.
struct EnergyNodes: Sendable {
  /// The spacing of √E, √keV.
  let step: Double
  /// The number of whole steps, rest included.
  let count: Int

  /// Nodes from rest to an energy in keV.
  init(upTo energy: Double, count: Int = 120) {
    self.count = count
    step = (energy * 1.0001).squareRoot() / Double(count - 1)
  }

  /// The energies of all half steps in keV; the first stands for rest.
  var energies: [Double] {
    (0..<(2 * count - 1)).map {
      let root = max(0.5, Double($0)) * step / 2
      return root * root
    }
  }
}
