public import Tables
internal import Units

extension ForceAnalysisOptions {
  /// Takes settings by sample from a table with a column `sample` and columns such as `thickness`,
  /// `hole_radius`, `elastic_limit` with their units.
  ///
  /// - Throws: `afm.samples` where the column `sample` is absent or a value does not fit.
  public mutating func useSamples(_ table: Table) throws(ReadFailure) {
    guard let names = table.columns.first(where: { lowercasedName($0) == "sample" }) else {
      throw ReadFailure(
        "afm.samples", found: "no column sample",
        expected: "a table with a column `sample` and one column a setting")
    }
    for row in 0..<table.rows {
      let sample = cell(names, row)
      if sample.isEmpty { continue }
      var settings: [SampleSetting] = []
      for column in table.columns where column.name != names.name {
        let text = cell(column, row)
        if text.isEmpty { continue }
        let unit = column.unit.ucum == "1" ? "" : column.unit.ucum
        settings.append(SampleSetting(name: lowercasedName(column), text: text + unit))
      }
      bySample[sample] = settings
      do {
        _ = try resolved(forSample: sample)
      } catch {
        throw ReadFailure(
          "afm.samples", at: .line(row + 2), found: error.diagnostic.found,
          expected: error.diagnostic.expected)
      }
    }
  }

  private func lowercasedName(_ column: Column) -> String { column.name.lowercased() }

  /// A cell as text; empty where missing.
  private func cell(_ column: Column, _ row: Int) -> String {
    guard row < column.count, !column.missing.contains(row) else { return "" }
    switch column.values {
    case .real(let v): return "\(v[row])"
    case .integer(let v): return "\(v[row])"
    case .text(let v): return v[row]
    case .category(let levels, let codes):
      let code = Int(codes[row])
      return levels.indices.contains(code) ? levels[code] : ""
    case .instant: return ""
    }
  }
}
