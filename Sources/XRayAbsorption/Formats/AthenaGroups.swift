internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The groups of a project and what stands beside them.
struct AthenaGroups {
  /// One group: its parameters and its arrays.
  struct Group {
    var id: String
    var line: Int?
    var parameters: [(key: String, value: String)] = []
    var arrays: [(name: String, items: [String])] = []

    func parameter(_ key: String) -> String? { parameters.first { $0.key == key }?.value }
  }

  private(set) var groups: [Group] = []
  /// Comments of the head, journal and the like.
  private(set) var header: [(String, String)] = []
  private(set) var unreadable: [(line: Int, text: String)] = []
  private(set) var isCut = false

  // MARK: Perl

  mutating func readPerl(_ text: ByteView) {
    for line in TextLines(text) {
      let content = TextLines.string(text[line.range])
      guard content.hasPrefix("#") else { break }
      let words = content.dropFirst().drop { $0 == " " }
      header.append(("header_\(header.count + 1)", String(words)))
    }
    var literals = PerlLiterals(text)
    var open: Group?
    while let statement = literals.next() {
      switch statement.name {
      case "$old_group":
        open = Group(id: statement.items.first ?? "", line: statement.line)
      case "[record]":
        if let group = open {
          groups.append(group)
        } else {
          unreadable.append((statement.line, "[record] without a $old_group before it"))
        }
        open = nil
      case "@args" where open != nil:
        for i in stride(from: 0, to: statement.items.count - 1, by: 2) {
          open?.parameters.append((statement.items[i], statement.items[i + 1]))
        }
        if statement.items.count % 2 == 1, let last = statement.items.last {
          unreadable.append((statement.line, "@args ends with a lone '\(last)'"))
        }
      case let name where open != nil && name.hasPrefix("@"):
        open?.arrays.append((String(name.dropFirst()), statement.items))
      case let name where open != nil:
        open?.parameters.append((String(name.dropFirst()), statement.items.joined(separator: ", ")))
      default:
        let text = statement.items.joined(separator: statement.name == "@journal" ? "\n" : ", ")
        if !text.isEmpty { header.append((String(statement.name.dropFirst()), text)) }
      }
    }
    isCut = literals.isCut || open != nil || !literals.hasEnd
    unreadable += literals.unreadable
  }

  // MARK: JSON

  mutating func readJSON(_ text: ByteView, limits: ReadLimits) throws(ReadFailure) {
    let whole = try JSONText.parse(text, nesting: limits.nesting)
    guard case .object(let fields) = whole else {
      throw ReadFailure(
        "athena.json", found: "the JSON is no object", expected: "expected an Athena project")
    }
    for key in fields.keys {
      guard let value = fields[key] else { continue }
      if !key.hasPrefix("_____"), case .object(let entry) = value, entry["x"] != nil {
        var group = Group(id: key, line: nil)
        if case .object(let parameters)? = entry["args"] {
          for name in parameters.keys {
            group.parameters.append((key: name, value: Self.text(parameters[name])))
          }
        }
        for name in entry.keys where name != "args" {
          if case .list(let items)? = entry[name] {
            group.arrays.append((name: name, items: items.map { Self.text($0) }))
          } else {
            group.parameters.append((key: name, value: Self.text(entry[name])))
          }
        }
        groups.append(group)
      } else {
        let name = String(key.drop { $0 == "_" })
        header.append((name, Self.text(value)))
      }
    }
  }

  /// A value as the text that Perl would have held.
  private static func text(_ value: ResultValue?) -> String {
    switch value {
    case .text(let text)?: text
    case .integer(let number)?: "\(number)"
    case .number(let number)?: "\(number)"
    case .flag(let flag)?: flag ? "1" : "0"
    case .list(let items)?: items.map { text($0) }.joined(separator: ", ")
    case .object(let fields)?:
      fields.keys.map { "\($0): \(text(fields[$0]))" }.joined(separator: ", ")
    default: ""
    }
  }
}

extension AthenaGroups.Group {
  /// The arrays under canonical names, the parameters as the table's metadata.
  ///
  /// - Returns: the group's table, and one for each array of another length.
  func tables(into diagnostics: inout DiagnosticList) -> (main: Table, others: [Grid]) {
    let label = parameter("label").flatMap { $0.isEmpty ? nil : $0 } ?? id
    func isSet(_ key: String) -> Bool {
      parameter(key).flatMap(Double.init).map { $0 != 0 } ?? false
    }
    let isChi = isSet("is_chi")
    let isPixel = isSet("is_pixel")
    let ordinate = isChi ? "chi" : isSet("is_nor") ? "norm" : "mu"
    var columns: [Column] = []
    for (name, items) in arrays {
      let meaning: (name: String, unit: String?)
      switch name {
      case "x" where isChi: meaning = ("wave_number", "/Ao")
      case "x" where isPixel: meaning = ("pixel", "1")
      case "x": meaning = ("photon_energy", "eV")
      case "y": meaning = (ordinate, "1")
      case "i0": meaning = ("incident_intensity", nil)
      case "signal": meaning = ("signal", nil)
      case "stddev": meaning = ("standard_deviation", nil)
      default: meaning = (ColumnLabel.slug(name), nil)
      }
      columns.append(column(name, items, meaning, label, &diagnostics))
    }
    // Arrays that do not fit the energies stand beside the tables, each on its own axis.
    let rows = columns.first { $0.label == "x" }?.count ?? columns.map(\.count).max() ?? 0
    let others = columns.filter { $0.count != rows }
    columns.removeAll { $0.count != rows }
    for other in others {
      diagnostics.warn(
        "athena.lengths", at: line.map { .line($0) } ?? .whole,
        found: "@\(other.label) of group '\(label)' has \(other.count) numbers, @x has \(rows)",
        expected: "expected arrays of one length; it stands beside the tables, as a grid")
    }
    var table = Table(
      name: label, columns: columns, indexColumns: columns.first.map { [$0.name] } ?? [])
    table.metadata.append("group", id)
    for (key, value) in parameters { table.metadata.append(key, value) }
    let grids = others.map { other in
      Grid(
        name: "\(label) \(other.label)",
        axes: [GridAxis(name: "point", count: other.count, origin: 0, step: 1, unit: .absent)],
        channels: [other])
    }
    return (table, grids)
  }

  private func column(
    _ name: String, _ items: [String], _ meaning: (name: String, unit: String?), _ label: String,
    _ diagnostics: inout DiagnosticList
  ) -> Column {
    var values: [Double] = []
    var bad = 0
    for item in items {
      let number = Double(item.trimmingBlanks)
      if number == nil { bad += 1 }
      values.append(number ?? .nan)
    }
    if bad > 0 {
      diagnostics.warn(
        "athena.cell", at: line.map { .line($0) } ?? .whole,
        found: "\(bad) of \(items.count) items of @\(name) in group '\(label)' are no numbers",
        expected: "expected numbers; those cells are missing")
    }
    let unit = meaning.unit.flatMap { try? PhysicalUnit(ucum: $0) }
    return Column(
      name: meaning.name, label: name, values: .real(values),
      unit: unit.map { .known($0) } ?? .absent, origin: Origin(lines: line.map { $0...$0 }))
  }
}

extension String {
  fileprivate var trimmingBlanks: Substring {
    drop { $0 == " " }
  }
}
