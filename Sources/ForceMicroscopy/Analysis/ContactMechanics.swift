internal import RealModule

/// The force law of a tip on a sample: force and its derivatives at one indentation.
struct ContactLaw: Sendable {
  let model: ContactModel
  /// R for round tips, tan α for sharp ones.
  private let shape: Double
  /// 1/(1 − ν²).
  private let plane: Double
  /// The coefficients of the powers 1…4 of √(Rδ)/h; empty for a half space.
  private let layer: [Double]
  private let thickness: Double

  /// A law from its inputs; nil where one that the model needs is absent or out of range.
  init?(_ model: ContactModel, _ inputs: ContactInputs) {
    self.model = model
    if model.needsHalfAngle {
      guard let angle = inputs.halfAngle, angle > 0, angle < Double.pi / 2 else { return nil }
      shape = Double.tan(angle)
    } else {
      guard let radius = inputs.tipRadius, radius > 0 else { return nil }
      shape = radius
    }
    guard inputs.poisson > -1, inputs.poisson <= 0.5 else { return nil }
    plane = 1 / (1 - inputs.poisson * inputs.poisson)
    let h = inputs.thickness ?? 0
    thickness = h
    layer = model == .hertzSphere && h > 0 ? Self.bondedLayer(poisson: inputs.poisson) : []
  }

  /// The radius of the tip; nil for sharp ones.
  var radius: Double? { model.needsHalfAngle ? nil : shape }

  /// E* = E/(1 − ν²) for E = 1.
  var planeStrain: Double { plane }

  /// The coefficients of χ…χ⁴ of a layer bonded to a rigid base, χ = √(Rδ)/h.
  ///
  /// E. K. Dimitriadis et al., Biophys. J. 82 (2002) 2798, α₀ and β₀ of a bonded layer. The fourth
  /// coefficient is taken with the sign of the printed form for ν = ½ (1.133, 1.283, 0.769, +0.0975):
  /// the general form gives −0.0975 there and lies farther from the exact solution.
  static func bondedLayer(poisson nu: Double) -> [Double] {
    let alpha = -(1.2876 - 1.4678 * nu + 1.3442 * nu * nu) / (1 - nu)
    let beta = (0.6387 - 1.0277 * nu + 1.5164 * nu * nu) / (1 - nu)
    let pi = Double.pi
    let cube = alpha * alpha * alpha
    return [
      -2 * alpha / pi, 4 * alpha * alpha / (pi * pi),
      -8 / (pi * pi * pi) * (cube + 4 * pi * pi / 15 * beta),
      -16 * alpha / (pi * pi * pi * pi) * (cube + 3 * pi * pi / 5 * beta),
    ]
  }

  /// F/E without adhesion at an indentation, and its derivative; 0 before contact.
  func elastic(_ depth: Double) -> (value: Double, slope: Double) {
    guard depth > 0 else { return (0, 0) }
    switch model {
    case .hertzSphere, .dmt, .jkr:
      let root = depth.squareRoot()
      let c = 4.0 / 3 * plane * shape.squareRoot()
      guard !layer.isEmpty else { return (c * depth * root, 1.5 * c * root) }
      let x = (shape * depth).squareRoot() / thickness
      let sum = 1 + x * (layer[0] + x * (layer[1] + x * (layer[2] + x * layer[3])))
      let turn = x * (layer[0] + x * (2 * layer[1] + x * (3 * layer[2] + x * 4 * layer[3])))
      return (c * depth * root * sum, c * root * (1.5 * sum + 0.5 * turn))
    case .hertzCone:
      let c = 2 / Double.pi * plane * shape
      return (c * depth * depth, 2 * c * depth)
    case .hertzPyramid:
      let c = 0.7453 * plane * shape
      return (c * depth * depth, 2 * c * depth)
    case .sphere:
      let (force, slope) = Self.sphere(depth / shape)
      return (plane * shape * shape * force, plane * shape * slope)
    }
  }

  /// F/(E*R²) of a rigid sphere and its derivative, at δ/R.
  ///
  /// With t = a/R: δ/R = t artanh t and F/(E*R²) = (1 + t²) artanh t − t; dF/dδ = 2E*a.
  private static func sphere(_ depth: Double) -> (value: Double, slope: Double) {
    // t = √δ is the start for small depths, tanh δ for large ones.
    var t = depth < 1 ? (depth / (1 + depth / 3)).squareRoot() : Double.tanh(depth)
    for _ in 0..<50 {
      t = min(t, 1 - 1e-16)
      let at = Double.atanh(t)
      // Newton in s = artanh t, where the function is nearly linear for large depths.
      let inside = 1 - t * t
      let slope = t + at * inside
      guard slope > 0 else { break }
      let step = (t * at - depth) / slope
      let next = Double.tanh(max(at - step, at / 4))
      let change = abs(next - t)
      t = next
      if change <= 1e-15 * t { break }
    }
    t = min(t, 1 - 1e-16)
    // The series where the closed form cancels.
    let value: Double
    if t < 0.02 {
      let q = t * t
      // (1 + t²)artanh t − t = Σ t^(2n+1) [1/(2n+1) + 1/(2n−1)], n ≥ 1.
      value = t * q * (4.0 / 3 + q * (8.0 / 15 + q * (12.0 / 35 + q * 16.0 / 63)))
    } else {
      value = (1 + t * t) * Double.atanh(t) - t
    }
    return (value, 2 * t)
  }

  /// Force and its derivatives by depth, modulus and work of adhesion on the branch in contact.
  func force(
    _ depth: Double, modulus e: Double, work w: Double
  ) -> (value: Double, byDepth: Double, byModulus: Double, byWork: Double) {
    guard model == .jkr, w > 0, e > 0 else {
      let g = elastic(depth)
      let pull = model.isAdhesive ? 2 * Double.pi * shape : 0
      return (e * g.value - pull * w, e * g.slope, g.value, -pull)
    }
    // a = s u with s³ = 2πWR²/E*: δ = (s²/R)(u² − √u), F = 2πRW (4u³/3 − 2u^1.5).
    let scale = 2 * Double.pi * shape * w
    let s2 = Double.pow(scale * shape / (e * plane), 2.0 / 3)
    let length = s2 / shape
    let x = depth / length
    let least = Double.pow(0.25, 2.0 / 3)
    let lowest = least * least - least.squareRoot()
    // Below the least depth of the branch in contact there is none: hold the last force.
    guard x > lowest else {
      let u = least
      let f = 4.0 / 3 * u * u * u - 2 * u * u.squareRoot()
      return (scale * f, 0, 0, 2 * Double.pi * shape * f)
    }
    var u = x > 1 ? (x + 1).squareRoot() : 1 + x / 2
    u = max(u, least * 1.0001)
    for _ in 0..<60 {
      let root = u.squareRoot()
      let slope = 2 * u - 0.5 / root
      let step = (u * u - root - x) / max(slope, 1e-6)
      let next = max(u - step, (u + least) / 2)
      let change = abs(next - u)
      u = next
      if change <= 1e-14 * u { break }
    }
    let root = u.squareRoot()
    let f = 4.0 / 3 * u * u * u - 2 * u * root
    let turn = (4 * u * u - 3 * root) / max(2 * u - 0.5 / root, 1e-3)
    let byX = scale * turn
    return (
      scale * f, byX / length, 2.0 / 3 * byX * x / e,
      2 * Double.pi * shape * f - 2.0 / 3 * byX * x / w
    )
  }
}
