internal import RealModule

/// A measured cross section, averaged over slabs and the beam's energies.
///
/// The cross section is linear between knots, which stand close enough for Rutherford's beyond the
/// data; its mean over an interval of energies, smeared by a normal distribution, is exact: a resonance
/// narrower than slab or beam keeps its area.
struct ResonanceMean: Sendable {
  /// Energies of the knots in keV, ascending.
  private let knots: [Double]
  /// By how much the cross section (mb/sr) jumps at each knot, and by how much its slope changes.
  private let jumps: [Double]
  private let bends: [Double]
  /// The cross section at the first knot.
  private let start: Double
  /// Where the data begin and end, in keV.
  private let range: ClosedRange<Double>

  /// Measured data inside their range, screened Rutherford's around it; nil for data without a range.
  init?(_ data: MeasuredCrossSection, _ cross: ElasticCrossSection, _ screening: Screening) {
    guard let first = data.energies.first(where: { $0 > 0 }), let last = data.energies.last,
      last > first
    else { return nil }
    range = first...last
    let scale = { (energy: Double) in data.kind == .ratio ? cross.rutherford(energy) : 1 }
    var points: [(energy: Double, value: Double)] = []
    for k in stride(from: 25, through: 0, by: -1) {
      let energy = first * Double.exp(-0.006 * Double(k))
      points.append((energy, cross(energy, screening)))
    }
    for i in data.energies.indices where data.energies[i] > 0 {
      let energy = data.energies[i]
      if i > 0, data.energies[i - 1] > 0, energy > 1.006 * data.energies[i - 1] {
        let from = data.energies[i - 1]
        let pieces = min(2000, Int(Double.log(energy / from) / 0.006) + 1)
        for k in 1..<max(1, pieces) {
          let t = Double(k) / Double(pieces)
          let at = from + t * (energy - from)
          let value = data.values[i - 1] + t * (data.values[i] - data.values[i - 1])
          points.append((at, value * scale(at)))
        }
      }
      points.append((energy, data.values[i] * scale(energy)))
    }
    for k in 0...25 {
      let energy = last * Double.exp(0.006 * Double(k))
      points.append((energy, cross(energy, screening)))
    }
    var bends = [Double](repeating: 0, count: points.count)
    var jumps = bends
    for i in points.indices.dropFirst() {
      let width = points[i].energy - points[i - 1].energy
      let rise = points[i].value - points[i - 1].value
      if width > 0 {
        bends[i - 1] += rise / width
        bends[i] -= rise / width
      } else {
        jumps[i] = rise
      }
    }
    knots = points.map(\.energy)
    start = points[0].value
    self.jumps = jumps
    self.bends = bends
  }

  /// The mean cross section in mb/sr over energies from `low` to `high`, smeared by a standard
  /// deviation, in keV; nil where the data do not reach.
  func mean(_ low: Double, _ high: Double, deviation: Double) -> Double? {
    let reach = 7 * deviation
    guard high > low, high + reach > range.lowerBound, low - reach < range.upperBound else {
      return nil
    }
    var sum = 0.0
    for i in knots.indices {
      if knots[i] >= high + reach { break }
      let a = Self.integrals(low - knots[i], deviation)
      let b = Self.integrals(high - knots[i], deviation)
      sum += jumps[i] * (b.0 - a.0) + bends[i] * (b.1 - a.1)
    }
    return max(0, start + sum / (high - low))
  }

  /// The first and second integral of the normal integral of standard deviation s.
  private static func integrals(_ x: Double, _ s: Double) -> (Double, Double) {
    if x >= 7 * s { return (x, 0.5 * (x * x + s * s)) }
    if x <= -7 * s { return (0, 0) }
    let z = x / s
    let normal = 0.5 * Double.erfc(-z / 2.0.squareRoot())
    let density = s * Double.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    return (x * normal + density, 0.5 * ((x * x + s * s) * normal + x * density))
  }
}
