internal import NumericalMethods
internal import RealModule

/// Atom fractions against depth, with bands.
public struct ElementProfile: Hashable, Sendable {
  /// One element.
  public struct Element: Hashable, Sendable {
    /// The name.
    public var name: String
    /// Atom fractions.
    public var fraction: [Double]
    /// Their standard uncertainties.
    public var u: [Double]
  }

  /// Depths in 1e15 at/cm2.
  public var depth: [Double]
  /// The elements in the order in which the sample names them.
  public var elements: [Element]

  /// The profile of a fit.
  ///
  /// The fractions are those of the minimum; boundaries of rough layers are smeared by a normal
  /// distribution of the layers' FWHM. The bands come from 400 samples drawn from the covariance.
  init(_ problem: SpectrumFitProblem, _ values: [Double], _ covariance: DenseMatrix?) {
    let layers = problem.state(values).layers
    let film = layers.filter { !$0.isSubstrate }.reduce(0) { $0 + $1.arealDensity }
    let whole = layers.reduce(0) { $0 + $1.arealDensity }
    let end = film > 0 ? min(1.2 * film, whole) : min(1000, whole)
    let count = 121
    depth = (0..<count).map { end * Double($0) / Double(count - 1) }
    var names: [String] = []
    for part in layers.flatMap(\.parts) where !names.contains(part.nuclei.name) {
      names.append(part.nuclei.name)
    }
    let best = Self.fractions(layers, names, depth)
    var squares = names.map { _ in [Double](repeating: 0, count: count) }
    let draws = 400
    if let covariance {
      let inner = values.indices.filter { covariance[$0, $0] > 0 }
      let scale = inner.map { covariance[$0, $0].squareRoot() }
      if let lower = Self.lowerFactor(covariance, inner, scale) {
        var random = CounterRandom(seed: 9, stream: problem.seed)
        for _ in 0..<draws {
          let normals = inner.map { _ in random.normal() }
          var p = values
          for (a, i) in inner.enumerated() {
            var sum = 0.0
            for b in 0...a { sum += lower[a][b] * normals[b] }
            p[i] = min(
              max(values[i] + scale[a] * sum, problem.free[i].lower), problem.free[i].upper)
          }
          let drawn = Self.fractions(problem.state(p).layers, names, depth)
          for k in names.indices {
            for i in 0..<count {
              let off = drawn[k][i] - best[k][i]
              squares[k][i] += off * off
            }
          }
        }
      }
    }
    elements = names.indices.map { k in
      Element(
        name: names[k], fraction: best[k],
        u: squares[k].map { ($0 / Double(draws)).squareRoot() })
    }
  }

  /// The lower Cholesky factor of the correlations of some parameters.
  private static func lowerFactor(
    _ covariance: DenseMatrix, _ inner: [Int], _ scale: [Double]
  ) -> [[Double]]? {
    var lower = inner.map { _ in [Double](repeating: 0, count: inner.count) }
    for a in inner.indices {
      for b in 0...a {
        var sum = covariance[inner[a], inner[b]] / (scale[a] * scale[b])
        for k in 0..<b { sum -= lower[a][k] * lower[b][k] }
        if a == b {
          guard sum > 0 else { return nil }
          lower[a][a] = sum.squareRoot()
        } else {
          lower[a][b] = sum / lower[b][b]
        }
      }
    }
    return lower
  }

  /// Atom fractions of elements at depths.
  static func fractions(
    _ layers: [SampleLayer], _ names: [String], _ depth: [Double]
  ) -> [[Double]] {
    var result = names.map { _ in [Double](repeating: 0, count: depth.count) }
    /// How much of each depth lies below the boundary above the layer.
    var below = [Double](repeating: 1, count: depth.count)
    var boundary = 0.0
    var variance = 0.0
    for (l, layer) in layers.enumerated() {
      let total = layer.arealDensity
      guard total > 0 else { continue }
      boundary += total
      let deviation = layer.roughness / 2.354820045030949
      variance += deviation * deviation
      let smear = variance.squareRoot()
      let isLast = !layers[(l + 1)...].contains { $0.arealDensity > 0 }
      let beyond = depth.map { z -> Double in
        if isLast { return 0 }
        guard smear > 0 else { return z > boundary ? 1 : 0 }
        return 0.5 * Double.erfc((boundary - z) / (smear * 2.0.squareRoot()))
      }
      for part in layer.parts {
        guard let k = names.firstIndex(of: part.nuclei.name) else { continue }
        let fraction = part.arealDensity / total
        for i in depth.indices { result[k][i] += fraction * max(0, below[i] - beyond[i]) }
      }
      below = beyond
    }
    return result
  }
}
