internal import FilmElasticity
internal import RealModule

/// Displacement and stress inside a film, on columns along the surface and levels across the film.
///
/// The sum over the waves of the surface of the exact solution for each (``FilmStrip/stress``). The film
/// takes the share of the shape that the metal under it does not.
struct FilmField: Sendable {
  /// The columns: every `stride`-th point of the surface.
  let columns: Int
  /// The levels, evenly from the base to the top, the first and the last included.
  let levels: Int
  /// Film at its columns and levels, level by level from the base: nm and MPa.
  private(set) var displacementX: [Double]
  private(set) var displacementY: [Double]
  private(set) var stressXX: [Double]
  private(set) var stressYY: [Double]
  private(set) var stressXY: [Double]

  /// Waves weaker than this share of the strongest are left out.
  private static let weakest = 1e-10

  /// The field over a surface.
  ///
  /// - Parameters:
  ///   - heights: of the interface in nm, at x_i = (i − N/2)·width/N.
  ///   - width: of the domain in nm.
  ///   - depth: how much of the film in nm, from its base.
  init(
    _ film: FilmOnMetal, heights: [Double], width: Double, stride: Int, levels: Int, depth: Double
  ) {
    let count = heights.count
    let stride = max(1, stride)
    let columns = (count + stride - 1) / stride
    self.columns = columns
    self.levels = max(2, levels)
    let zeros = [Double](repeating: 0, count: columns * self.levels)
    displacementX = zeros
    displacementY = zeros
    stressXX = zeros
    stressYY = zeros
    stressXY = zeros
    guard count > 1 else { return }
    let table = (0..<count).map { Double.cos(2 * .pi * Double($0) / Double(count)) }
    let waves = Self.waves(heights, table: table)
    for wave in waves { add(wave, film, width, count, stride, depth, table) }
  }

  /// One wave of the surface: cosine·cos kx + sine·sin kx.
  private struct Wave {
    var number: Int
    var cosine: Double, sine: Double
    var size: Double { (cosine * cosine + sine * sine).squareRoot() }
  }

  /// sin of 2π·index/count from the table of cosines, exact in its symmetry for counts that 4 divides.
  private static func sine(_ index: Int, _ table: [Double]) -> Double {
    let count = table.count
    return count % 4 == 0
      ? table[(index + 3 * count / 4) % count]
      : Double.sin(2 * .pi * Double(index) / Double(count))
  }

  private static func waves(_ heights: [Double], table: [Double]) -> [Wave] {
    let count = heights.count
    let all = (1...(count / 2)).map { number -> Wave in
      var wave = Wave(number: number, cosine: 0, sine: 0)
      for (i, height) in heights.enumerated() {
        let phase = number * (i + count - count / 2) % count
        wave.cosine += height * table[phase]
        wave.sine += height * sine(phase, table)
      }
      let scale = (2 * number == count ? 1 : 2) / Double(count)
      wave.cosine *= scale
      wave.sine *= scale
      return wave
    }
    let least = weakest * (all.map(\.size).max() ?? 0)
    return all.filter { $0.size > least }
  }

  private mutating func add(
    _ wave: Wave, _ film: FilmOnMetal, _ width: Double, _ count: Int, _ stride: Int,
    _ depth: Double, _ table: [Double]
  ) {
    let k = 2 * Double.pi * Double(wave.number) / (width * 1e-9)
    let share = film.filmShare(wavenumber: k)
    // cos kx and sin kx of the shape as it stands, and a quarter of a wave on.
    var along: [Double] = []
    var shifted: [Double] = []
    for column in 0..<columns {
      let phase = wave.number * (column * stride + count - count / 2) % count
      let (c, s) = (table[phase], Self.sine(phase, table))
      along.append(wave.cosine * c + wave.sine * s)
      shifted.append(wave.cosine * s - wave.sine * c)
    }
    for level in 0..<levels {
      let height = depth * 1e-9 * Double(level) / Double(levels - 1)
      let stress = film.film.stress(wavenumber: k, height: height)
      let displacement = film.film.displacement(wavenumber: k, height: height)
      // Pa per m to MPa per nm
      let scale = 1e-15 * share
      let (xx, yy, xy) = (scale * stress.xx, scale * stress.yy, scale * stress.xy)
      let (u, v) = (share * displacement.x, share * displacement.y)
      for column in 0..<columns {
        let at = level * columns + column
        displacementX[at] += u * shifted[column]
        displacementY[at] += v * along[column]
        stressXX[at] += xx * along[column]
        stressYY[at] += yy * along[column]
        stressXY[at] += xy * shifted[column]
      }
    }
  }

  /// The von Mises stress in plane strain, for a Poisson's ratio.
  func vonMises(poissonRatio: Double) -> [Double] {
    stressXX.indices.map { i in
      let (x, y, xy) = (stressXX[i], stressYY[i], stressXY[i])
      let z = poissonRatio * (x + y)
      let sum = (x - y) * (x - y) + (y - z) * (y - z) + (z - x) * (z - x) + 6 * xy * xy
      return (sum / 2).squareRoot()
    }
  }
}
