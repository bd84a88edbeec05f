internal import Tables

/// What of a dataset's metadata goes into an XDI file, and how.
struct XDISource {
  /// What the file's `Column.N` says beside the label.
  struct Heading {
    var unit = ""
    var variable = ""
  }

  private let dataset: Dataset
  private let isXDI: Bool

  init(_ dataset: Dataset) {
    self.dataset = dataset
    isXDI = dataset.format == XDIFormat.id
  }

  /// What wrote an XDI source, without our own part.
  var application: String {
    guard isXDI, let text = dataset.metadata.text("application") else { return "" }
    return text.split(separator: " ").filter { !$0.hasPrefix("Interphase/") }
      .joined(separator: " ")
  }

  /// The lines of comment of an XDI source.
  var comments: [String] {
    guard isXDI, let text = dataset.metadata.text("comments") else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      .filter { !$0.isEmpty }
  }

  /// What the file's own field says of a column of an XDI source.
  func remark(_ column: Int) -> Heading? {
    guard isXDI else { return nil }
    let key = "column.\(column + 1)"
    guard let entry = dataset.metadata.entries.first(where: { $0.key.lowercased() == key }),
      case .text(let value) = entry.value
    else { return nil }
    var words = value.split { $0 == " " || $0 == "\t" }
    var heading = Heading()
    if let bars = words.firstIndex(of: "||") {
      heading.variable = words[(bars + 1)...].joined(separator: " ")
      words = Array(words[..<bars])
    }
    heading.unit = words.dropFirst().joined(separator: " ")
    return heading
  }

  /// A lattice spacing as a bare number: larch takes none with a unit.
  private static func spacing(_ value: String) -> String? {
    let number = value.prefix { $0.isASCII && ($0.isNumber || ".+-eE".contains($0)) }
    return Double(number).flatMap { $0.isFinite ? String(number) : nil }
  }

  /// Whether a reader takes the value of a field for a lattice spacing.
  private static func isSpacing(_ family: String, _ key: String) -> Bool {
    let key = key.lowercased()
    return family.contains("mono") && (key.contains("d_spacing") || key.contains("dspacing"))
  }

  /// Families of the specification, whose fields are written as they are.
  private static let families: Set<String> = [
    "facility", "beamline", "mono", "detector", "sample", "scan", "element",
  ]

  /// All fields: those of an XDI source as they are, others under `Interphase.source_…`.
  func fields(_ table: Table) -> [XDIDocument.Field] {
    var fields: [XDIDocument.Field] = []
    var seen: [String: Int] = [:]
    for (position, entry) in (dataset.metadata.entries + table.metadata.entries).enumerated() {
      let key = entry.key
      let value: String
      switch entry.value {
      case .text(let text): value = text
      case .integer(let number): value = "\(number)"
      case .real(let number): value = "\(number)"
      }
      let family = key.split(separator: ".").first.map { $0.lowercased() } ?? ""
      if Self.isSpacing(family, key), XDIDocument.isKey(key), Double(value) == nil {
        // What the file says is kept beside the number.
        let number = Self.spacing(value)
        fields.append(.init(number == nil ? "\(key) of the source" : key, number ?? value))
        if number != nil { fields.append(.init("Interphase.source_d_spacing", value)) }
        continue
      }
      if isXDI, position < dataset.metadata.count {
        if ["version", "application", "comments"].contains(key) { continue }
        if family == "column" {
          // Our own `Column.N` stand for these; one of no column becomes a comment.
          let number = Int(key.dropFirst(7)) ?? 0
          if !table.columns.indices.contains(number - 1) {
            fields.append(.init("Column \(key.dropFirst(7))", value))
          }
          continue
        }
        // The reference library takes the value of an outer scan for a number.
        let isOuter = key.lowercased() == "outer.value" && Double(value) == nil
        fields.append(.init(isOuter ? "Outer value" : key, value))
      } else if Self.families.contains(family), XDIDocument.isKey(key) {
        fields.append(.init(key, value))
      } else if !value.isEmpty {
        // larch takes every field with `element` in its name for the absorber.
        var name = "source_" + XDIDocument.plainWord(key)
        if name.lowercased().contains("element") { name = "source_entry_\(position + 1)" }
        let count = (seen[name] ?? 0) + 1
        seen[name] = count
        if count > 1 { name += "_\(count)" }
        fields.append(.init("Interphase.\(name)", value))
      }
    }
    return fields
  }
}
