internal import FilmElasticity
internal import RealModule

/// The periodic grid of the metal surface and the film's answer on it.
///
/// Positions are x_i = −width/2 + i·width/N, so that the centre is a grid point. A surface that is its
/// own mirror image about the centre is held by its points from the centre outwards: N/2 + 1 unknowns
/// in place of N.
struct SurfaceGrid: Sendable {
  /// The number of points N, even.
  let points: Int
  /// The width of the domain in nm.
  let width: Double
  /// Whether the unknowns are those of the half from the centre outwards.
  let mirrored: Bool
  /// The normal stress is −normal·z: MPa per nm.
  let normal: PackedMatrix
  /// The tangential stress at the base is tangential·z: MPa per nm.
  let tangential: PackedMatrix

  /// A grid with the film's exact response for each of its Fourier modes.
  init(points: Int, width: Double, mirrored: Bool, film: FilmOnMetal) {
    self.points = points
    self.width = width
    self.mirrored = mirrored
    // Pa per m to MPa per nm
    let scale = 1e-15
    var normalModes: [Double] = []
    var tangentialModes: [Double] = []
    for mode in 1...(points / 2) {
      let k = 2 * Double.pi * Double(mode) / (width * 1e-9)
      normalModes.append(film.response(wavenumber: k) * scale)
      tangentialModes.append(film.baseTangentialStress(wavenumber: k) * scale)
    }
    normal = Self.matrix(modes: normalModes, points: points, mirrored: mirrored)
    tangential = Self.matrix(modes: tangentialModes, points: points, mirrored: mirrored)
  }

  /// The number of unknowns.
  var unknowns: Int { mirrored ? points / 2 + 1 : points }

  /// The distance of two points in nm.
  var spacing: Double { width / Double(points) }

  /// The positions of all points in nm, from −width/2.
  var positions: [Double] {
    (0..<points).map { -width / 2 + Double($0) * width / Double(points) }
  }

  /// The unknown that is the surface's centre.
  var centre: Int { mirrored ? 0 : points / 2 }

  /// The two neighbours of an unknown.
  func neighbours(_ i: Int) -> (left: Int, right: Int) {
    let last = unknowns - 1
    if mirrored { return (i == 0 ? 1 : i - 1, i == last ? last - 1 : i + 1) }
    return (i == 0 ? last : i - 1, i == last ? 0 : i + 1)
  }

  /// The unknowns of a surface given at all points.
  func reduce(_ all: [Double]) -> [Double] {
    mirrored ? Array(all[(points / 2)...]) + [all[0]] : all
  }

  /// The values at all points of a surface given by its unknowns.
  func expand(_ unknown: [Double]) -> [Double] {
    guard mirrored else { return unknown }
    return (0..<points).map { unknown[abs($0 - points / 2)] }
  }

  /// How many points stand behind each unknown: 2 for mirrored ones, else 1.
  func weight(_ i: Int) -> Double { mirrored && i > 0 && i < points / 2 ? 2 : 1 }

  /// The circulant matrix with the given eigenvalues for modes 1 … N/2 and 0 for mode 0, folded
  /// about the centre where mirrored.
  private static func matrix(modes: [Double], points: Int, mirrored: Bool) -> PackedMatrix {
    let cosines = (0..<points).map { Double.cos(2 * .pi * Double($0) / Double(points)) }
    var kernel = [Double](repeating: 0, count: points)
    for distance in 0...(points / 2) {
      var sum = 0.0
      for (i, value) in modes.enumerated() {
        let share = i + 1 == points / 2 ? 1.0 : 2.0
        sum += share * value * cosines[(i + 1) * distance % points]
      }
      kernel[distance] = sum / Double(points)
      kernel[(points - distance) % points] = sum / Double(points)
    }
    let size = mirrored ? points / 2 + 1 : points
    var matrix = PackedMatrix(size: size)
    for row in 0..<size {
      for column in 0..<size {
        var value = kernel[abs(row - column)]
        if mirrored && column > 0 && column < points / 2 {
          value += kernel[(row + column) % points]
        }
        matrix[row, column] = value
      }
    }
    return matrix
  }
}
