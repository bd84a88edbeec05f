internal import Tables
internal import Units

/// What the EXAFS Data Collector of SSRL calls its columns, in its text and in its binary files.
enum SSRLColumns {
  /// The name and unit of a label such as `Achieved Energy`, `SCA1CH12` or `ICR3`.
  static func role(_ label: String) -> (name: String, unit: ColumnUnit) {
    let words = label.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
    let bare = words.prefix { $0.isLetter || $0 == "_" }
    switch words {
    case "real_time_clock": return ("dwell_time", unit("s"))
    case "requested_energy": return ("photon_energy_requested", unit("eV"))
    case "achieved_energy": return ("photon_energy_achieved", unit("eV"))
    case "energy": return ("photon_energy", unit("eV"))
    default: break
    }
    switch bare {
    case "sca": return ("fluorescence_yield", .absent)
    case "icr": return ("input_count_rate", .absent)
    case "live": return ("live_time", .absent)
    default: return (ColumnNames.meaning(of: label)?.name ?? ColumnLabel.slug(label), .absent)
    }
  }

  private static func unit(_ ucum: String) -> ColumnUnit {
    (try? PhysicalUnit(ucum: ucum)).map { .known($0) } ?? .absent
  }

  /// `PTS: 455 COLS: 6`, in any spacing.
  static func counts(_ line: String) -> (points: Int, columns: Int)? {
    let words = line.split { $0 == " " || $0 == "\t" || $0 == ":" }
    guard words.count >= 4, words[0].uppercased() == "PTS", words[2].uppercased() == "COLS",
      let points = Int(words[1]), let columns = Int(words[3]), points >= 0, columns > 0
    else { return nil }
    return (points, columns)
  }

  /// The monochromator's lattice spacing in a line such as `2-3 unfocused 0.000 -2 Si(220) 1.920156`.
  static func spacing(_ line: String) -> Double? {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard let crystal = words.firstIndex(where: { $0.hasPrefix("Si") || $0.hasPrefix("Ge") }),
      crystal + 1 < words.count, let spacing = Double(words[crystal + 1]), spacing > 0
    else { return nil }
    return spacing
  }
}
