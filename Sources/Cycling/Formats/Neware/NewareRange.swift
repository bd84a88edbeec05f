/// What one count of a current, charge or energy is worth, from the range that Neware's files state.
enum NewareRange {
  /// Milliampere (milliampere second, milliwatt second) for one count at a range in mA; ranges below
  /// zero are finer.
  static func milliamperes(_ range: Int64) -> Double {
    if range == 0 || range < -2_000_000_000 { return 1e-1 }
    let size = range.magnitude
    if range > 0 {
      return size < 10 ? 1e-4 : size < 100 ? 1e-3 : size < 1000 ? 1e-2 : 1e-1
    }
    if size < 10 { return 1e-5 }
    if size < 100 { return 1e-4 }
    if size < 1000 { return 1e-3 }
    if size < 1_000_000 { return 1e-2 }
    if size < 10_000_000 { return 1e-8 }
    return size < 100_000_000 ? 1e-7 : 1e-6
  }

  /// How many of those counts make an ampere: a power of ten, so that dividing by it rounds once.
  static func countsPerAmpere(_ range: Int64) -> Double {
    (1000 / milliamperes(range)).rounded()
  }
}
