internal import RealModule

/// One layer of a film.
public struct FilmLayer: Hashable, Sendable {
  /// The thickness in m.
  public var thickness: Double
  /// What it is made of.
  public var material: ElasticMaterial

  /// A layer of a thickness in m.
  public init(thickness: Double, material: ElasticMaterial) {
    self.thickness = thickness
    self.material = material
  }
}

/// A film of bonded layers in plane strain: traction-free on top, displaced at its base.
///
/// For each wavenumber the state (displacements and tractions) passes through a layer by the 4×4
/// propagator exp(A·y). From the free top downwards the 2×2 matrix Z of tractions over displacements
/// is carried along; steps of kh ≤ 1 keep it stable at any thickness, and at small kh nothing cancels,
/// because a thin film's Z grows from zero.
public struct LayeredFilm: Hashable, Sendable {
  /// The layers from the base to the top.
  public var layers: [FilmLayer]
  /// How the base follows the metal.
  public var base: FilmBase

  /// A film from its layers, base first.
  public init(layers: [FilmLayer], base: FilmBase = .lubricated) {
    self.layers = layers
    self.base = base
  }

  /// The thickness of all layers in m.
  public var thickness: Double { layers.reduce(0) { $0 + $1.thickness } }

  /// The response S(k) in Pa/m at a wavenumber in 1/m, as of ``FilmStrip/response(wavenumber:)``.
  public func response(wavenumber k: Double) -> Double {
    guard k > 0 else { return 0 }
    let scale = layers.map(\.material.planeStrainModulus).max() ?? 1
    var impedance = Impedance()
    for layer in layers.reversed() {
      let x = min(k * layer.thickness, Self.saturation)
      guard x > 0 else { continue }
      let steps = max(1, Int(x.rounded(.up)))
      let propagator = Propagator(
        layer.material, over: x / Double(steps), scale: scale)
      for _ in 0..<steps { impedance = propagator.carry(impedance) }
    }
    // The normal traction on the film is −S·ẑ.
    let normal: Double
    switch base {
    case .lubricated: normal = impedance.nv - impedance.nu * impedance.tv / impedance.tu
    case .bonded: normal = impedance.nv
    }
    return -normal * k * scale
  }

  /// The value of kh of one layer from which the layers above it are not felt.
  private static let saturation = 1000.0
}

/// The stresses N = σ_yy, T = σ_xy at a height for unit displacements there, in units of k·scale.
private struct Impedance {
  var nu = 0.0
  var nv = 0.0
  var tu = 0.0
  var tv = 0.0
}

/// The propagator of a layer downwards over kh, of the state (U, V, N, T).
///
/// u = U sin kx, v = V cos kx, σ_yy = N cos kx, σ_xy = T sin kx, and with c = ν/(1 − ν), per unit of
/// k·y upwards: U′ = V + T/μ, V′ = −cU + (1 − c²)N/E′, N′ = −T, T′ = E′U + cN.
private struct Propagator {
  private var matrix: [[Double]]

  init(_ material: ElasticMaterial, over x: Double, scale: Double) {
    let stiffness = material.planeStrainModulus / scale
    let shear = material.shearModulus / scale
    let nu = material.poissonRatio
    let c = nu / (1 - nu)
    // Downwards: the sign of each slope turns.
    let a: [[Double]] = [
      [0, -1, 0, -1 / shear], [c, 0, -(1 - c * c) / stiffness, 0], [0, 0, 0, 1],
      [-stiffness, 0, -c, 0],
    ]
    var term = Self.unit
    var sum = Self.unit
    // x ≤ 1: the terms fall below the last place within 24 steps.
    for n in 1...26 {
      term = Self.product(term, a, factor: x / Double(n))
      for i in 0..<4 { for j in 0..<4 { sum[i][j] += term[i][j] } }
    }
    matrix = sum
  }

  private static let unit = (0..<4).map { i in (0..<4).map { $0 == i ? 1.0 : 0.0 } }

  private static func product(_ a: [[Double]], _ b: [[Double]], factor: Double) -> [[Double]] {
    (0..<4).map { i in
      (0..<4).map { j in
        var sum = 0.0
        for k in 0..<4 { sum += a[i][k] * b[k][j] }
        return sum * factor
      }
    }
  }

  /// The impedance below the layer from that above it: Z′ = (P_TU + P_TT·Z)(P_UU + P_UT·Z)⁻¹.
  func carry(_ z: Impedance) -> Impedance {
    func row(_ i: Int) -> (u: Double, v: Double) {
      let p = matrix[i]
      return (p[0] + p[2] * z.nu + p[3] * z.tu, p[1] + p[2] * z.nv + p[3] * z.tv)
    }
    let (u, v, n, t) = (row(0), row(1), row(2), row(3))
    let determinant = u.u * v.v - u.v * v.u
    return Impedance(
      nu: (n.u * v.v - n.v * v.u) / determinant, nv: (n.v * u.u - n.u * u.v) / determinant,
      tu: (t.u * v.v - t.v * v.u) / determinant, tv: (t.v * u.u - t.u * u.v) / determinant)
  }
}
