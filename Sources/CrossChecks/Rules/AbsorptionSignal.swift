internal import RealModule
internal import Tables
internal import Units

/// The absorption of a table in ascending energy, made from the columns that it has.
struct AbsorptionSignal {
  /// The column that the energy stands in.
  var energyColumn: Column
  /// The energies in eV, ascending.
  var energy: [Double]
  /// The absorption, on any scale.
  var signal: [Double]

  /// The signal of a table; nil where energy or absorption is missing.
  ///
  /// - Parameter names: the absorption columns to take; by default what the file calls absorption, then
  ///   ln(I0/It), then a yield over I0.
  init?(_ table: Table, _ subject: LintSubject, names: [String] = ["mu", "norm", "flat"]) {
    guard let column = table["photon_energy"],
      let energy = subject.values("photon_energy", in: table, .electronvolt),
      let signal = Self.signal(table, names), signal.count == energy.count
    else { return nil }
    let rows = energy.indices.filter { energy[$0].isFinite && signal[$0].isFinite }
      .sorted { energy[$0] != energy[$1] ? energy[$0] < energy[$1] : $0 < $1 }
    guard rows.count >= 10 else { return nil }
    energyColumn = column
    self.energy = rows.map { energy[$0] }
    self.signal = rows.map { signal[$0] }
  }

  private static func signal(_ table: Table, _ names: [String]) -> [Double]? {
    for name in names {
      if let values = table[name]?.real { return values }
    }
    guard names.contains("mu"), let incident = table["incident_intensity"]?.real else { return nil }
    func over(_ other: [Double], _ make: (Double, Double) -> Double) -> [Double] {
      zip(incident, other).map { i0, i in
        let value = make(i0, i)
        return value.isFinite ? value : .nan
      }
    }
    if let transmitted = table["transmitted_intensity"]?.real {
      return over(transmitted) { $1 == 0 ? .nan : .log(($0 / $1).magnitude) }
    }
    for name in ["fluorescence_yield", "electron_yield"] {
      if let yield = table[name]?.real { return over(yield) { $0 == 0 ? .nan : $1 / $0 } }
    }
    return nil
  }

  /// The mean signal between two energies; nil where no point lies there.
  func mean(_ range: Range<Double>) -> Double? {
    let first = position(range.lowerBound)
    let last = position(range.upperBound)
    guard first < last else { return nil }
    return signal[first..<last].reduce(0, +) / Double(last - first)
  }

  /// The first point at or above an energy.
  func position(_ value: Double) -> Int {
    var (low, high) = (0, energy.count)
    while low < high {
      let middle = (low + high) / 2
      if energy[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The rise across each point: the mean over `width` above it less that over `width` below it.
  func rise(width: Double) -> [(energy: Double, rise: Double)] {
    energy.compactMap { e in
      guard let below = mean((e - width)..<e), let above = mean(e..<(e + width)) else { return nil }
      return (e, above - below)
    }
  }
}
