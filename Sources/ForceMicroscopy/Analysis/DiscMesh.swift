internal import NumericalMethods
internal import RealModule

/// The nodes of a disc in ln r, as fractions of the way from the inner radius (0) to the edge (1).
struct DiscMesh: Hashable, Sendable {
  /// A node with what its equations need, all for an interval of unit length.
  struct Node: Hashable, Sendable {
    /// The place, 0 at the inner radius and 1 at the edge.
    var fraction: Double
    /// The steps to the node before and the node after.
    var before = 0.0, after = 0.0
    /// The weights of y″ at the node before, here and after in ∫ hat · y″.
    var weightBefore = 0.0, weightHere = 0.0, weightAfter = 0.0
    /// The weight of the node in Simpson's rule.
    var simpson = 0.0
  }

  /// The nodes, from the inner radius to the edge.
  let nodes: [Node]
  /// The finest steps in ln r at the contact and at the edge, and the length of the interval.
  let contact: Double, edge: Double, length: Double

  /// The number of intervals: the error of the depth is then below 1e-5 (tests).
  static let intervals = 96
  /// The step in ln r far from any layer, and the growth of steps away from one.
  static let coarse = 0.15
  private static let growth = 0.12

  /// A mesh of an interval in ln r that is fine at both ends.
  ///
  /// - Parameters:
  ///   - length: the length of the interval.
  ///   - contact: the step wanted at the inner end.
  ///   - edge: the step wanted at the outer end.
  init(length: Double, contact: Double, edge: Double) {
    self.length = length
    self.contact = contact
    self.edge = edge
    let n = Self.intervals
    let growth = Self.growth
    // Number of intervals up to a distance t from the inner end, and its derivative.
    let whole = edge + growth * length
    func count(_ t: Double) -> Double {
      t / Self.coarse
        + Double.log((1 + growth * t / contact) * (whole / (whole - growth * t))) / growth
    }
    func density(_ t: Double) -> Double {
      1 / Self.coarse + 1 / (contact + growth * t) + 1 / (whole - growth * t)
    }
    let total = count(length)
    var places = [Double](repeating: 0, count: n + 1)
    var t = 0.0
    for i in 1..<n {
      let target = total * Double(i) / Double(n)
      var low = t
      var high = length
      t = min(high, t + total / Double(n) / density(t))
      for _ in 0..<30 {
        let miss = count(t) - target
        if miss > 0 { high = t } else { low = t }
        if abs(miss) < 1e-6 { break }
        let next = t - miss / density(t)
        t = next > low && next < high ? next : (low + high) / 2
      }
      places[i] = t / length
    }
    places[n] = 1
    let simpson = simpsonWeights(places)
    var nodes = places.indices.map { Node(fraction: places[$0], simpson: simpson[$0]) }
    for i in 0...n {
      if i > 0 { nodes[i].before = places[i] - places[i - 1] }
      if i < n { nodes[i].after = places[i + 1] - places[i] }
      guard i > 0, i < n else { continue }
      let h = nodes[i].before
      let k = nodes[i].after
      nodes[i].weightBefore = (h * h + h * k - k * k) / (12 * h)
      nodes[i].weightAfter = (k * k + h * k - h * h) / (12 * k)
      nodes[i].weightHere = (h + k) / 2 - nodes[i].weightBefore - nodes[i].weightAfter
    }
    self.nodes = nodes
  }

  /// Whether a mesh of other layers would be about the same: no step off by more than a half.
  func fits(length: Double, contact: Double, edge: Double) -> Bool {
    func near(_ a: Double, _ b: Double) -> Bool { a < 1.5 * b && b < 1.5 * a }
    return near(length, self.length) && near(contact, self.contact) && near(edge, self.edge)
  }
}
