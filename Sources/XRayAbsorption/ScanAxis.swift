internal import Tables

/// The axis of a table of a scan that may have moved any motor, not only the monochromator.
enum ScanAxis {
  /// Completes energies as ``EnergyAxis`` does; an energy that is only counted beside another motor
  /// is no axis, and may repeat and jitter without a warning.
  ///
  /// - Parameters:
  ///   - axis: the column that is the axis where no label says which (`0` for the first).
  ///   - place: where a row stands in the file.
  /// - Returns: the names of the columns that serve as axis.
  static func complete(
    _ columns: inout [Column], mono: EnergyAxis.Monochromator = EnergyAxis.Monochromator(),
    axis: Int? = nil, place: (_ row: Int) -> Place, into diagnostics: inout DiagnosticList
  ) -> [String] {
    var own = DiagnosticList()
    EnergyAxis.complete(&columns, mono: mono, axis: axis, place: place, into: &own)
    let name = EnergyAxis.index(of: columns).first
    let index = columns.firstIndex { $0.name == name } ?? 0
    let isAxis = index == 0 || columns.indices.contains(index) && moves(columns[index])
    for diagnostic in own.all where isAxis || !diagnostic.code.hasPrefix("axis.") {
      diagnostics.add(diagnostic)
    }
    return isAxis ? name.map { [$0] } ?? [] : columns.first.map { [$0.name] } ?? []
  }

  /// Whether a column is scanned: it moves by more than a few parts in ten thousand.
  private static func moves(_ column: Column) -> Bool {
    guard let values = column.real else { return false }
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    return high - low > 3e-4 * max(abs(high), abs(low))
  }
}
