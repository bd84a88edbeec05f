internal import Bytes
internal import Tables

/// Judges a header by the XDI 1.0 specification, as its reference library does.
///
/// Ravel and Newville, Journal of Physics Conference Series 712 (2016) 012148.
enum XDIConformance {
  private static let edges: Set<String> = [
    "K", "L", "L1", "L2", "L3", "M", "M1", "M2", "M3", "M4", "M5", "N", "N1", "N2", "N3", "N4",
    "N5", "N6", "N7", "O", "O1", "O2", "O3", "O4", "O5", "O6", "O7",
  ]

  /// Adds what is wrong with the header of a table of `columns` columns.
  static func judge(_ header: inout XDIHeader, columns: Int) {
    if header.version == nil {
      header.flaws.add(
        .invalid,
        Diagnostic(
          .warning, "xdi.version", at: .line(1),
          found: "line 1 is no version line", expected: "expected `# XDI/1.0`"))
    }
    judgeElement(&header)
    if !header.hasDashes {
      header.flaws.add(
        .deviates,
        Diagnostic(
          .warning, "xdi.dashes", at: .line(header.dataLine),
          found: "no line of dashes between header and data",
          expected: "expected `#---`"))
    }
    judgeColumns(&header, columns)
    judgeDates(&header)
    judgeValues(&header)
  }

  /// Which of the recommended fields are missing.
  static func missingRecommendations(_ header: XDIHeader) -> [String] {
    let names = [
      ("Facility", "name"), ("Facility", "xray_source"), ("Beamline", "name"),
      ("Scan", "start_time"),
    ]
    return names.filter { header.field($0.0, $0.1) == nil }.map { "\($0.0).\($0.1)" }
  }

  private static func judgeElement(_ header: inout XDIHeader) {
    let symbol = header.field("Element", "symbol")
    if symbol.map({ ChemicalElement.isSymbol($0.value, ignoringCase: true) }) != true {
      header.flaws.add(
        .deviates,
        Diagnostic(
          .warning, "xdi.element", at: symbol.map { .line($0.line) } ?? .whole,
          found: symbol.map { "the element `\($0.value.prefix(40))` is not known" }
            ?? "no Element.symbol", expected: "expected the symbol of a chemical element"))
    }
    let edge = header.field("Element", "edge")
    if edge.map({ edges.contains($0.value.uppercased()) }) != true {
      header.flaws.add(
        .deviates,
        Diagnostic(
          .warning, "xdi.edge", at: edge.map { .line($0.line) } ?? .whole,
          found: edge.map { "the edge `\($0.value.prefix(40))` is not known" } ?? "no Element.edge",
          expected: "expected an edge such as K or L3"))
    }
  }

  private static func judgeColumns(_ header: inout XDIHeader, _ columns: Int) {
    let named = header.fields.filter { $0.name.family == "column" }
    let numbers = named.compactMap { Int($0.key) }
    if Set(numbers) != Set(1...max(1, columns)) || numbers.count != Set(numbers).count {
      header.flaws.add(
        .deviates,
        Diagnostic(
          .warning, "xdi.columns", at: named.first.map { .line($0.line) } ?? .whole,
          found: "the rows have \(columns) columns, the header names columns \(list(numbers))",
          expected: "expected Column.1 to Column.\(columns)"))
    }
    guard let first = named.first(where: { $0.key == "1" }),
      first.value.lowercased().hasPrefix("angle"), header.field("Mono", "d_spacing") == nil
    else { return }
    header.flaws.add(
      .deviates,
      Diagnostic(
        .warning, "xdi.d-spacing", at: .line(first.line),
        found: "an angle as axis without Mono.d_spacing",
        expected: "expected the lattice spacing that turns angles into energies"))
  }

  private static func list(_ numbers: [Int]) -> String {
    numbers.isEmpty ? "none" : numbers.prefix(20).map { "\($0)" }.joined(separator: " ")
  }

  private static func judgeDates(_ header: inout XDIHeader) {
    for key in ["start_time", "end_time"] {
      guard let field = header.field("Scan", key), !isDate(field.value) else { continue }
      header.flaws.add(
        .deviates,
        Diagnostic(
          .warning, "xdi.date", at: .line(field.line),
          found: "Scan.\(key) is `\(field.value.prefix(40))`",
          expected: "expected a date such as 2001-06-26T22:27:31"))
    }
  }

  /// Whether a text starts with a date and time of ISO 8601 within their ranges.
  static func isDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
      bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
    else { return false }
    func number(_ range: Range<Int>) -> Int {
      bytes[range].reduce(0) { $1 >= 48 && $1 < 58 && $0 >= 0 ? $0 * 10 + Int($1) - 48 : -1 }
    }
    return number(0..<4) >= 1900 && (1...12).contains(number(5..<7))
      && (1...31).contains(number(8..<10)) && (0...23).contains(number(11..<13))
      && (0...59).contains(number(14..<16)) && (0...60).contains(number(17..<19))
  }

  private static func judgeValues(_ header: inout XDIHeader) {
    let checks: [(family: String, key: String, units: [String]?)] = [
      ("Mono", "d_spacing", nil), ("Sample", "temperature", ["c", "f", "k", "deg"]),
      ("Facility", "energy", ["gev", "mev"]), ("Facility", "current", ["ma", "a"]),
    ]
    for check in checks {
      guard let field = header.field(check.family, check.key) else { continue }
      var rest = Substring(field.value)
      let number = leadingNumber(&rest)
      let unit = XDIHeader.trimmed(rest).lowercased()
      let fits = check.units.map { $0.contains { unit.hasPrefix($0) } } ?? true
      if number == nil || !fits {
        header.flaws.add(
          .deviates,
          Diagnostic(
            .warning, "xdi.value", at: .line(field.line),
            found: "\(check.family).\(check.key) is `\(field.value.prefix(40))`",
            expected: check.units == nil ? "expected a number" : "expected a number with its unit"))
      }
    }
  }

  /// The number that a text starts with; it is taken off.
  static func leadingNumber(_ text: inout Substring) -> Double? {
    let digits = text.prefix { $0.isNumber || "+-.eE".contains($0) }
    guard var end = digits.indices.last.map({ text.index(after: $0) }) else { return nil }
    // The longest beginning that is a number: `3.13897 A.` and `7.00 GeV` both have one.
    while end > text.startIndex {
      if let value = NumberScanner.parse(text[..<end]) {
        text = text[end...]
        return value
      }
      end = text.index(before: end)
    }
    return nil
  }
}
