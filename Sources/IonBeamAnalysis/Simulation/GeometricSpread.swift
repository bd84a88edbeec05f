internal import RealModule

/// How far scattering and exit angle spread, because beam spot and aperture have a size.
///
/// The beam runs along z; the sample's normal is n = (sin α cos φ, sin α sin φ, −cos α) with
/// cos φ = (cos β + cos α cos θ)/(sin α sin θ), and the detector stands along D = (sin θ, 0, cos θ). Each
/// of four coordinates is shifted: the beam along and across the plane of incidence, the point on the
/// aperture in and out of the scattering plane. The changes of θ and β are linear in them.
struct GeometricSpread: Sendable {
  /// Variances and covariance of θ and β in rad².
  let scattering: Double
  let exit: Double
  let covariance: Double

  /// The spread of a geometry; nil where neither spot nor aperture has a size, or the distance is missing.
  init?(_ geometry: BackscatteringGeometry, _ detector: BackscatteringDetector) {
    guard let distance = detector.distance, distance > 0,
      detector.spot != nil || detector.aperture != nil
    else { return nil }
    let radian = Double.pi / 180
    let alpha = geometry.incidence.magnitude * radian
    let theta = geometry.scattering * radian
    let beta = geometry.exitAngle * radian
    let flat = Double.sin(alpha) * Double.sin(theta)
    let cosPhi =
      flat > 1e-9
      ? min(1, max(-1, (Double.cos(beta) + Double.cos(alpha) * Double.cos(theta)) / flat)) : 1
    let sinPhi = (1 - cosPhi * cosPhi).squareRoot()
    let normal = Vector(
      Double.sin(alpha) * cosPhi, Double.sin(alpha) * sinPhi, -Double.cos(alpha))
    let centre = Vector(
      distance * Double.sin(theta), 0, distance * Double.cos(theta))
    func angles(beam: Vector, aperture: Vector) -> (Double, Double) {
      // Where the shifted beam meets the sample's plane.
      let hit = Vector(
        beam.x, beam.y, -(beam.x * normal.x + beam.y * normal.y) / normal.z)
      let way = Vector(
        centre.x + aperture.x - hit.x, centre.y + aperture.y - hit.y,
        centre.z + aperture.z - hit.z)
      let length = way.dot(way).squareRoot()
      return (
        Double.acos(min(1, max(-1, way.z / length))),
        Double.acos(min(1, max(-1, way.dot(normal) / length)))
      )
    }
    let none = Vector(0, 0, 0)
    let step = 1e-3 * distance
    var sums = (0.0, 0.0, 0.0)
    func add(_ variance: Double, _ direction: Vector, isBeam: Bool) {
      let plus = direction.times(step)
      let minus = direction.times(-step)
      let a = angles(beam: isBeam ? plus : none, aperture: isBeam ? none : plus)
      let b = angles(beam: isBeam ? minus : none, aperture: isBeam ? none : minus)
      let dTheta = (a.0 - b.0) / (2 * step)
      let dBeta = (a.1 - b.1) / (2 * step)
      sums.0 += variance * dTheta * dTheta
      sums.1 += variance * dBeta * dBeta
      sums.2 += variance * dTheta * dBeta
    }
    if let spot = detector.spot?.variances {
      add(spot.0, Vector(cosPhi, sinPhi, 0), isBeam: true)
      add(spot.1, Vector(-sinPhi, cosPhi, 0), isBeam: true)
    }
    if let aperture = detector.aperture?.variances {
      add(aperture.0, Vector(Double.cos(theta), 0, -Double.sin(theta)), isBeam: false)
      add(aperture.1, Vector(0, 1, 0), isBeam: false)
    }
    (scattering, exit, covariance) = sums
  }

  /// The variance of an energy from its changes with θ and β, in keV per radian.
  func variance(_ byScattering: Double, _ byExit: Double) -> Double {
    max(
      0,
      scattering * byScattering * byScattering + exit * byExit * byExit
        + 2 * covariance * byScattering * byExit)
  }

  private struct Vector {
    var x: Double
    var y: Double
    var z: Double
    init(_ x: Double, _ y: Double, _ z: Double) {
      self.x = x
      self.y = y
      self.z = z
    }
    func dot(_ other: Vector) -> Double { x * other.x + y * other.y + z * other.z }
    func times(_ factor: Double) -> Vector { Vector(x * factor, y * factor, z * factor) }
  }
}
