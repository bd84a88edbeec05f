internal import Tables
internal import Units

/// What the columns of a table are for an absorption spectrum.
struct SignalColumns {
  /// What a column is.
  enum Role: Hashable {
    /// An energy; smaller ranks come first.
    case energy(Int)
    case angle, incident, transmitted, reference, fluorescence, electronYield
    case mu, norm, flat, referenceMu
    /// Another axis: no energy scan.
    case otherAxis
    case other
  }

  let table: Table
  /// The role of every column; columns of text have none.
  let roles: [Role]

  init(_ table: Table) {
    self.table = table
    roles = table.columns.map { $0.real == nil ? .other : Self.role($0) }
  }

  /// The places of the columns of a role.
  func places(_ role: Role) -> [Int] { roles.indices.filter { roles[$0] == role } }

  /// Columns of numbers that differ from row to row.
  var varying: [Int] {
    table.columns.indices.filter { table.columns[$0].real.map(Self.varies) ?? false }
  }

  static func varies(_ values: [Double]) -> Bool {
    guard let first = values.first(where: { $0.isFinite }) else { return false }
    return values.contains { $0.isFinite && $0 != first }
  }

  // MARK: roles

  private static let canonical: [String: Role] = [
    "photon_energy": .energy(0), "photon_energy_achieved": .energy(2),
    "photon_energy_requested": .energy(3), "mono_angle": .angle, "encoder": .otherAxis,
    "pixel": .otherAxis, "wave_number": .otherAxis, "incident_intensity": .incident,
    "transmitted_intensity": .transmitted, "reference_intensity": .reference,
    "fluorescence_yield": .fluorescence, "electron_yield": .electronYield, "mu": .mu,
    "norm": .norm, "flat": .flat, "chi": .otherAxis, "input_count_rate": .other,
    "output_count_rate": .other, "dead_time_factor": .other, "live_time": .other,
    "dwell_time": .other, "ring_current": .other,
  ]

  private static let memo = LabelMemo<Role>()

  private static func role(_ column: Column) -> Role {
    memo.value("\(column.name)\u{0}\(column.label)") { _ in found(column) }
  }

  private static func found(_ column: Column) -> Role {
    var name = column.name
    var known = canonical[name]
    if known == nil, let bar = name.lastIndex(of: "_"),
      name[name.index(after: bar)...].allSatisfy({ $0.isNumber })
    {
      name = String(name[..<bar])
      known = canonical[name]
    }
    let words = words(column.label)
    let isReference = words.contains { $0.hasPrefix("ref") || $0 == "murefer" }
    if known == nil, let meaning = ColumnNames.meaning(of: column.label) {
      known = canonical[meaning.name]
    }
    if known == .mu || known == .norm, isReference { return .referenceMu }
    if let known { return known }
    if words.contains("mu"), isReference { return .referenceMu }
    return roleByWords(words)
  }

  /// The words of a label in lower case.
  static func words(_ label: String) -> [String] {
    known.value(label) { label in
      label.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }
  }

  private static let known = LabelMemo<[String]>()

  private static func roleByWords(_ words: [String]) -> Role {
    let joined = words.joined()
    if joined.contains("energ") {
      let isAsked = ["request", "setpoint", "setting", "target"].contains { joined.contains($0) }
      let isRead = ["achiev", "readback", "feedback", "enc", "rbv"].contains { joined.contains($0) }
      if joined.contains("undulator") || joined.contains("gap") || joined.contains("name") {
        return .other
      }
      return .energy(isAsked ? 4 : isRead ? 3 : 1)
    }
    for word in words {
      switch word {
      case "i0", "io", "izero", "mon", "monitor": return .incident
      case "it", "i1", "itrans", "itran": return .transmitted
      case "iref", "i2", "ir", "irefer": return .reference
      case "tey", "ey", "pey", "drain", "sampledrain": return .electronYield
      default: break
      }
      let stem = String(word.reversed().drop { $0.isNumber }.reversed())
      if ["if", "ifch", "ifluor", "fluor", "fluo", "roi", "tfy", "pfy"].contains(stem) {
        return .fluorescence
      }
    }
    return .other
  }
}

/// Emission lines in labels, as in `AlKa_sum_cps` or `D1_FeKa`.
enum EmissionLine {
  /// The element whose line a label names; nil for none.
  static func element(in label: String) -> String? { memo.value(label, found) }

  private static let memo = LabelMemo<String?>()

  private static func found(_ label: String) -> String? {
    for word in label.split(whereSeparator: { !($0.isLetter || $0.isNumber) }) {
      for ending in ["Ka", "Kb", "La", "Lb"] {
        guard let range = word.firstRange(of: ending) else { continue }
        let symbol = String(word[..<range.lowerBound])
        let rest = word[range.upperBound...]
        if ChemicalElement.isSymbol(symbol), rest.allSatisfy({ $0.isNumber }) { return symbol }
      }
    }
    return nil
  }
}
