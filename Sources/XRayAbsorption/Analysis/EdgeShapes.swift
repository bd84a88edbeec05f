internal import RealModule

extension EdgeModel.Shape {
  /// The height of a Gaussian of unit area and width: √(4 ln 2/π).
  static let gaussHeight = (4 * Double.log(2) / Double.pi).squareRoot()
  /// The height of a Lorentzian of unit area and width: 2/π.
  static let lorentzHeight = 2 / Double.pi

  /// The value at an energy, and what its parameters (``keys``) change.
  ///
  /// - Parameters:
  ///   - energy: where, in eV.
  ///   - p: the parameters in the order of ``keys``.
  ///   - slopes: gets the derivatives from `at` on.
  func value(
    _ energy: Double, _ p: ArraySlice<Double>, slopes: inout [Double], at: Int = 0
  ) -> Double {
    let first = p.startIndex
    let (center, width, size) = (p[first], p[first + 1], p[first + 2])
    let x = energy - center
    switch self {
    case .atan:
      let t = x / width
      let shape = Double.atan(t) / .pi + 0.5
      let slope = size / (.pi * width * (1 + t * t))
      slopes[at] = -slope
      slopes[at + 1] = -slope * t
      slopes[at + 2] = shape
      return size * shape
    case .erf:
      let t = x / width
      let shape = 0.5 * (1 + Double.erf(t))
      let slope = size * Double.exp(-t * t) / (width * Double.pi.squareRoot())
      slopes[at] = -slope
      slopes[at + 1] = -slope * t
      slopes[at + 2] = shape
      return size * shape
    case .gauss:
      let g = Self.gauss(x, width)
      slopes[at] = size * g.center
      slopes[at + 1] = size * g.width
      slopes[at + 2] = g.value
      return size * g.value
    case .lorentz:
      let l = Self.lorentz(x, width)
      slopes[at] = size * l.center
      slopes[at + 1] = size * l.width
      slopes[at + 2] = l.value
      return size * l.value
    case .pvoigt:
      let (g, l, f) = (Self.gauss(x, width), Self.lorentz(x, width), p[first + 3])
      let value = (1 - f) * g.value + f * l.value
      slopes[at] = size * ((1 - f) * g.center + f * l.center)
      slopes[at + 1] = size * ((1 - f) * g.width + f * l.width)
      slopes[at + 2] = value
      slopes[at + 3] = size * (l.value - g.value)
      return size * value
    }
  }

  private typealias Unit = (value: Double, center: Double, width: Double)

  /// A Gaussian of unit area with its slopes along centre and width.
  private static func gauss(_ x: Double, _ width: Double) -> Unit {
    let k = 4 * Double.log(2)
    let t = x / width
    let value = gaussHeight / width * Double.exp(-k * t * t)
    return (value, value * 2 * k * t / width, value * (2 * k * t * t - 1) / width)
  }

  /// A Lorentzian of unit area with its slopes along centre and width.
  private static func lorentz(_ x: Double, _ width: Double) -> Unit {
    let below = x * x + width * width / 4
    let value = width / (2 * .pi * below)
    return (value, value * 2 * x / below, value * (1 / width - width / (2 * below)))
  }

  /// The height of a peak over its area and width.
  func heightFactor(_ fraction: Double) -> Double {
    switch self {
    case .lorentz: Self.lorentzHeight
    case .pvoigt: (1 - fraction) * Self.gaussHeight + fraction * Self.lorentzHeight
    default: Self.gaussHeight
    }
  }
}
