internal import RealModule
internal import Tables
internal import Units

/// The spectra of a table: frequencies and two parts of the impedance, sweep by sweep.
struct ImpedanceColumns {
  /// The column of frequencies.
  let column: Column
  /// The rows of each sweep; rows of direct current are in none.
  let sweeps: [[Int]]
  private let frequency: [Double]
  private let real: [Double]
  private let imaginary: [Double]

  /// The spectra of a table; nil where frequencies or parts are missing.
  init?(_ table: Table, _ subject: LintSubject) {
    guard let column = table["frequency"],
      let frequency = subject.values("frequency", in: table, .hertz, bare: true)
    else { return nil }
    func ohms(_ name: String) -> [Double]? { subject.values(name, in: table, .ohm, bare: true) }
    if let re = ohms("impedance_real"), let im = ohms("impedance_imaginary") {
      (real, imaginary) = (re, im)
    } else if let size = ohms("impedance_modulus"),
      let phase = subject.values("impedance_phase", in: table, .degree, bare: true)
    {
      let radians = phase.map { $0 * .pi / 180 }
      real = zip(size, radians).map { $0 * .cos($1) }
      imaginary = zip(size, radians).map { $0 * .sin($1) }
    } else {
      return nil
    }
    self.column = column
    self.frequency = frequency
    let cycles = table["cycle_count"]?.real ?? table["cycle_number"]?.real
    sweeps = Self.sweeps(frequency, cycles)
  }

  /// The rows of each sweep in the order of the file.
  ///
  /// A sweep ends where the frequency jumps back against its direction by more than a factor 1.5, or the
  /// cycle changes (impedance.md). Rows with frequency 0 were taken at direct current.
  static func sweeps(_ frequency: [Double], _ cycles: [Double]?) -> [[Int]] {
    var sweeps: [[Int]] = []
    var rows: [Int] = []
    var isRising: Bool?
    func close() {
      if !rows.isEmpty { sweeps.append(rows) }
      rows = []
      isRising = nil
    }
    for row in frequency.indices where frequency[row].isFinite && frequency[row] > 0 {
      if let last = rows.last {
        let ratio = frequency[row] / frequency[last]
        let isNewCycle = cycles.map { row < $0.count && $0[row] != $0[last] } ?? false
        let isBack = isRising.map { $0 ? ratio < 1 / 1.5 : ratio > 1.5 } ?? false
        if isNewCycle || isBack {
          close()
        } else if isRising == nil, ratio != 1 {
          isRising = ratio > 1
        }
      }
      rows.append(row)
    }
    close()
    return sweeps
  }

  /// The points of a sweep whose parts are finite.
  func points(_ rows: [Int]) -> [KramersKronigResidual.Point] {
    rows.compactMap { row in
      guard row < real.count, row < imaginary.count, real[row].isFinite, imaginary[row].isFinite
      else { return nil }
      return .init(
        omega: 2 * .pi * frequency[row], real: real[row], imaginary: imaginary[row])
    }
  }
}
