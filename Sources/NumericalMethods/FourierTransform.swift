internal import CKernels
internal import RealModule

/// A discrete Fourier transform of a length with the prime factors 2, 3 and 5.
///
/// Stockham's self-sorting form (Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992).
/// Many columns are transformed at once: number j of column c stands at j·columns + c.
struct FourierTransform: Sendable {
  private struct Pass {
    var radix: Int
    var groups: Int
    /// The product of the radices before.
    var done: Int
    var twiddles: [Double]
  }

  /// The length.
  let length: Int
  private let passes: [Pass]

  /// A transform of a length; nil where it is below 1 or has a prime factor above 5.
  init?(length: Int) {
    guard length >= 1 else { return nil }
    self.length = length
    var passes: [Pass] = []
    var rest = length
    while rest > 1 {
      guard let radix = [4, 5, 3, 2].first(where: { rest.isMultiple(of: $0) }) else { return nil }
      let groups = rest / radix
      var twiddles: [Double] = []
      twiddles.reserveCapacity(2 * groups * (radix - 1))
      for q in 0..<groups {
        for r in 1..<radix {
          let angle = -2 * Double.pi * Double(q * r % rest) / Double(rest)
          twiddles += [Double.cos(angle), Double.sin(angle)]
        }
      }
      passes.append(
        Pass(radix: radix, groups: groups, done: length / rest, twiddles: twiddles))
      rest = groups
    }
    self.passes = passes
  }

  /// Room for the numbers of a transform.
  struct Columns {
    var re: [Double], im: [Double]
    fileprivate var otherRe: [Double], otherIm: [Double]

    init(count: Int) {
      re = [Double](repeating: 0, count: count)
      im = re
      otherRe = re
      otherIm = re
    }
  }

  /// Σ x(j)·exp(∓2πi·jk/length) of every column in place, without a factor.
  func apply(_ x: inout Columns, columns: Int, inverse: Bool = false) {
    guard columns > 0, x.re.count == length * columns, x.im.count == x.re.count else { return }
    // The inverse is the transform with real and imaginary part exchanged, before and after.
    if inverse { swap(&x.re, &x.im) }
    for pass in passes {
      ck_fourier_pass(
        pass.radix, pass.groups, pass.done * columns, pass.twiddles, x.re, x.im, &x.otherRe,
        &x.otherIm)
      swap(&x.re, &x.otherRe)
      swap(&x.im, &x.otherIm)
    }
    if inverse { swap(&x.re, &x.im) }
  }
}

/// Fourier transforms of real numbers on a rectangular grid.
///
/// The spectrum holds the wave numbers of the rows' axis from 0 to rows/2 only: the others are their
/// conjugates. Wave numbers (i of the columns' axis, k of the rows' axis) stand at i·(rows/2 + 1) + k.
public struct FourierGrid: Sendable {
  /// The number of rows and columns of the grid; x(row, column) stands at row·columns + column.
  public let rows: Int, columns: Int
  private let alongRows: FourierTransform
  private let alongColumns: FourierTransform
  private var pairs: FourierTransform.Columns
  private var halves: FourierTransform.Columns

  /// A grid; nil where a size is odd, below 2 or above 16384, or has a prime factor above 5.
  public init?(rows: Int, columns: Int) {
    guard (2...16384).contains(rows), (2...16384).contains(columns), rows.isMultiple(of: 2),
      columns.isMultiple(of: 2), let down = FourierTransform(length: rows),
      let across = FourierTransform(length: columns)
    else { return nil }
    self.rows = rows
    self.columns = columns
    alongRows = down
    alongColumns = across
    pairs = FourierTransform.Columns(count: rows * (columns / 2))
    halves = FourierTransform.Columns(count: columns * (rows / 2 + 1))
  }

  /// The number of complex numbers of a spectrum.
  public var spectrumCount: Int { columns * (rows / 2 + 1) }

  /// Real and imaginary parts of a spectrum.
  public struct Spectrum: Sendable {
    /// The real and the imaginary parts.
    public var re: [Double], im: [Double]

    /// A spectrum of zeros.
    public init(count: Int) {
      re = [Double](repeating: 0, count: max(0, count))
      im = re
    }
  }

  /// The spectrum Σ x·exp(−i(k·r)) of the values of a grid, without a factor.
  ///
  /// Values of another count give a spectrum of zeros.
  public mutating func spectrum(of values: [Double], into result: inout Spectrum) {
    if result.re.count != spectrumCount { result = Spectrum(count: spectrumCount) }
    guard values.count == rows * columns else { return }
    let half = columns / 2
    ck_fourier_pair(values, rows, half, &pairs.re, &pairs.im)
    alongRows.apply(&pairs, columns: half)
    ck_fourier_split(pairs.re, pairs.im, rows, half, &halves.re, &halves.im)
    alongColumns.apply(&halves, columns: rows / 2 + 1)
    swap(&result.re, &halves.re)
    swap(&result.im, &halves.im)
  }

  /// The values of a spectrum, divided by their count: the way back from ``spectrum(of:into:)``.
  public mutating func values(of spectrum: Spectrum, into result: inout [Double]) {
    if result.count != rows * columns { result = [Double](repeating: 0, count: rows * columns) }
    guard spectrum.re.count == spectrumCount, spectrum.im.count == spectrumCount else { return }
    let half = columns / 2
    for i in spectrum.re.indices {
      halves.re[i] = spectrum.re[i]
      halves.im[i] = spectrum.im[i]
    }
    alongColumns.apply(&halves, columns: rows / 2 + 1, inverse: true)
    ck_fourier_join(halves.re, halves.im, rows, half, &pairs.re, &pairs.im)
    alongRows.apply(&pairs, columns: half, inverse: true)
    ck_fourier_unpair(
      pairs.re, pairs.im, rows, half, 1 / Double(rows * columns), &result)
  }
}
