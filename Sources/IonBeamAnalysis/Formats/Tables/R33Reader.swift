internal import Bytes
internal import Tables
internal import Units

/// What an R33 file holds.
struct R33Reader {
  var diagnostics = DiagnosticList()
  /// Keys in lower case with their values and lines.
  private var fields: [(key: String, label: String, value: String, line: Int)] = []
  private var rows: [[Double]] = []
  private var rowLines: [Int] = []
  private var encoding = ""
  private var size = 0
  /// `mb`, `rr` or `tot`.
  private var unit = "mb"
  private var isAngular = false

  private static let known: Set<String> = [
    "comment", "version", "source", "name", "address1", "address2", "address3", "address4",
    "address5", "address6", "address7", "address8", "address9", "serial number", "subfile",
    "x4number", "reaction", "distribution", "composition", "masses", "zeds", "qvalue", "qvalues",
    "theta", "energy", "sigfactors", "enfactors", "units", "energyunits", "nvalues", "data",
    "enddata",
  ]
  /// Keys that end a comment even where the blank line behind it is missing.
  private static let endsComment: Set<String> = [
    "version", "source", "reaction", "distribution", "masses", "zeds", "theta", "units",
    "sigfactors", "enfactors", "data", "nvalues",
  ]

  /// The key of a line such as `Theta: 170.0`, in lower case; nil for any other line.
  static func key(_ line: String) -> String? {
    let head = line.prefix { $0 != ":" }
    let word = IDFNumbers.trimmed(String(head)).lowercased()
    guard head.endIndex < line.endIndex || word == "enddata" else { return nil }
    return known.contains(word) ? word : nil
  }

  mutating func read(_ bytes: ByteView) throws(ReadFailure) {
    let text = try SetLines(bytes, into: &diagnostics)
    encoding = text.encoding
    size = text.size
    var inComment = false
    var inData = false
    var hasEnded = false
    var promised = 0
    let start = text.lines.first { ["data", "nvalues"].contains(Self.key($0.text) ?? "") }
    // A comment ends with a blank line; where the head has none, with a key that cannot be missed.
    let hasBlank = text.lines.contains { $0.text.isEmpty && $0.number < start?.number ?? 0 }
    for line in text.lines {
      if hasEnded {
        if !line.text.isEmpty {
          fields.append(("after the data", "after EndData", line.text, line.number))
        }
        continue
      }
      if inData {
        if line.text.isEmpty { continue }
        if line.text.lowercased().hasPrefix("end") {
          hasEnded = true
          continue
        }
        try addRow(line)
        if promised > 0, rows.count == promised { hasEnded = true }
        continue
      }
      let key = Self.key(line.text)
      if inComment {
        if line.text.isEmpty {
          inComment = false
          continue
        }
        guard let key, !hasBlank, Self.endsComment.contains(key) else {
          if let last = fields.indices.last { fields[last].value += "\n" + line.text }
          continue
        }
        inComment = false
      }
      guard let key else {
        if !line.text.isEmpty {
          fields.append(("line", "line \(line.number)", line.text, line.number))
        }
        continue
      }
      let colon = line.text.firstIndex(of: ":") ?? line.text.endIndex
      let value = IDFNumbers.trimmed(String(line.text[colon...].dropFirst()))
      fields.append((key, String(line.text[..<colon]), value, line.number))
      if key == "comment" { inComment = true }
      if key == "data" { inData = true }
      if key == "nvalues" {
        inData = true
        promised = Int(value) ?? 0
      }
    }
    if promised > 0, rows.count < promised {
      diagnostics.warn(
        "r33.short", at: .line(text.lines.last?.number ?? 1),
        found: "Nvalues promises \(promised) points, \(rows.count) are there",
        expected: "\(promised - rows.count) are lost")
    } else if !hasEnded {
      diagnostics.note(
        "r33.no-end", at: .line(text.lines.last?.number ?? 1),
        found: "there is no line EndData", expected: "the last points may be lost")
    }
    try settle()
  }

  private mutating func addRow(_ line: SetLines.Line) throws(ReadFailure) {
    guard let numbers = line.numbers(), (2...4).contains(numbers.count) else {
      throw ReadFailure(
        "r33.row", at: .line(line.number), found: "'\(line.text.prefix(60))'",
        expected: "expected energy, its error, cross section, its error")
    }
    // Two numbers are energy and cross section.
    let row =
      numbers.count == 2
      ? [numbers[0], 0, numbers[1], 0] : numbers + (numbers.count == 3 ? [0] : [])
    guard row[2] >= 0, row[0] >= 0 else {
      throw ReadFailure(
        "r33.row", at: .line(line.number),
        found: "'\(line.text.prefix(60))' holds a negative value",
        expected: "expected 0 or more")
    }
    rows.append(row)
    rowLines.append(line.number)
  }

  /// Units, factors and order.
  private mutating func settle() throws(ReadFailure) {
    guard field("reaction") != nil else {
      throw ReadFailure(
        "r33.reaction", at: .line(1), found: "there is no line Reaction:",
        expected: "expected the reaction, such as 16O(a,a0)16O")
    }
    guard !rows.isEmpty else {
      throw ReadFailure(
        "r33.no-data", at: .line(fields.last?.line ?? 1), found: "there are no points",
        expected: "expected rows of numbers behind Data:")
    }
    isAngular = ["angle", "theta"].contains(field("distribution")?.value.lowercased() ?? "")
    var factor = factors("sigfactors").first ?? 1
    if let given = field("units") {
      let word = given.value.lowercased().filter { $0 != " " }
      switch word {
      case "", "mb", "mb/sr", "mbarn", "mbarn/sr": unit = "mb"
      case "b", "b/sr":
        unit = "mb"
        factor *= 1000
      case "ub", "ub/sr", "µb/sr":
        unit = "mb"
        factor /= 1000
      case "rr": unit = "rr"
      case "tot": unit = "tot"
      default:
        throw ReadFailure(
          "r33.units", at: .line(given.line), found: "the unit is '\(given.value.prefix(40))'",
          expected: "expected mb, rr or tot")
      }
    }
    let energyFactors = factors("enfactors")
    if energyFactors.count > 2, energyFactors[2...].contains(where: { $0 != 0 }) {
      diagnostics.warn(
        "r33.factors", at: .line(field("enfactors")?.line ?? 1),
        found: "Enfactors holds more than a factor and its error",
        expected: "the first is used")
    }
    var scale = isAngular ? 1 : energyFactors.first ?? 1
    if !isAngular, let given = field("energyunits") {
      switch given.value.lowercased() {
      case "kev", "": break
      case "mev": scale *= 1000
      case "ev": scale /= 1000
      default:
        throw ReadFailure(
          "r33.units", at: .line(given.line),
          found: "the energies are in '\(given.value.prefix(40))'",
          expected: "expected keV, MeV or eV")
      }
    }
    if factor != 1 || scale != 1 {
      for i in rows.indices {
        rows[i] = [
          rows[i][0] * scale, rows[i][1] * scale, rows[i][2] * factor, rows[i][3] * factor,
        ]
      }
    }
    let steps = zip(rows, rows.dropFirst()).filter { $0[0] > $1[0] }.count
    if steps > 0 {
      diagnostics.warn(
        "axis.unordered", at: .line(rowLines.first ?? 1),
        found: "the energies step back \(steps) times", expected: "expected them to rise; sorted")
      let order = rows.indices.sorted { (rows[$0][0], $0) < (rows[$1][0], $1) }
      rows = order.map { rows[$0] }
    }
  }

  private func field(_ key: String) -> (value: String, line: Int)? {
    fields.first { $0.key == key && !$0.value.isEmpty }.map { ($0.value, $0.line) }
  }

  private func factors(_ key: String) -> [Double] {
    guard let value = field(key)?.value else { return [] }
    let numbers = value.split { $0 == "," || $0 == " " || $0 == "\t" }.compactMap {
      NumberScanner.parse($0)
    }
    // A factor of 0 is an unfilled field.
    return numbers.first == 0 ? [] : numbers
  }

  /// The laboratory angle in degrees.
  private var theta: Double? { field("theta").flatMap { NumberScanner.parse($0.value) } }

  var dataset: Dataset {
    let origin = SetLines.origin(rowLines, size, "decimal text")
    func column(_ i: Int, _ name: String, _ unit: ColumnUnit) -> Column {
      Column(name: name, label: name, values: .real(rows.map { $0[i] }), unit: unit, origin: origin)
    }
    let kev = ColumnUnit.known(.kiloelectronvolt)
    let area = ColumnUnit.known(
      (unit == "tot" ? PhysicalUnit.loose("mb") : PhysicalUnit.loose("mb/sr"))?.unit ?? .one)
    let sigma =
      unit == "rr" ? "cross_section_ratio" : unit == "tot" ? "cross_section_total" : "cross_section"
    let valueUnit = unit == "rr" ? ColumnUnit.known(.one) : area
    var columns =
      isAngular
      ? [column(0, "angle", .known(.degree)), column(1, "angle_u", .known(.degree))]
      : [column(0, "energy", kev), column(1, "energy_u", kev)]
    columns += [column(2, sigma, valueUnit), column(3, "cross_section_u", valueUnit)]
    let table = Table(
      name: "cross_section", columns: columns, indexColumns: [isAngular ? "angle" : "energy"])
    var dataset = Dataset(
      format: R33Format.id, technique: .rbs, tables: [table], diagnostics: diagnostics.all,
      reading: ["encoding": encoding])
    for field in fields where field.key != "data" {
      dataset.keep(field.label, field.value, line: field.line)
    }
    return dataset
  }

  /// The parts of `16O(a,a0)16O`: target, ion, what comes out.
  private func reaction() -> (target: String, ion: String, exit: String)? {
    guard let text = field("reaction")?.value, let open = text.firstIndex(of: "("),
      let comma = text[open...].firstIndex(of: ","), let close = text[comma...].firstIndex(of: ")")
    else { return nil }
    func part(_ range: Substring) -> String { IDFNumbers.trimmed(String(range)) }
    return (
      part(text[..<open]), part(text[open..<comma].dropFirst()),
      part(text[comma..<close].dropFirst())
    )
  }

  func crossSection(
    ion: Ion, scattering: Double, force: Bool, into notes: inout DiagnosticList
  ) throws(ReadFailure) -> MeasuredCrossSection {
    let line = Place.line(field("reaction")?.line ?? 1)
    func refuse(_ found: String, _ expected: String) -> ReadFailure {
      ReadFailure("r33.unfit", at: line, found: found, expected: expected)
    }
    guard let parts = reaction() else {
      throw refuse(
        "the reaction is '\(field("reaction")?.value.prefix(60) ?? "")'",
        "expected TARGET(ION,EXIT)REST, such as 16O(a,a0)16O")
    }
    guard let beam = Ion(parts.ion), beam.atomicNumber == ion.atomicNumber,
      beam.massNumber == ion.massNumber
    else { throw refuse("the data are for the ion '\(parts.ion)'", "expected \(ion.name)") }
    // `a`, `a0` and `el` are elastic; `a1`, `p` and the like are not.
    let exit = parts.exit.lowercased()
    let bare = exit.last == "0" ? String(exit.dropLast()) : exit
    guard bare == "el" || Ion(bare).map({ $0.name == beam.name }) == true else {
      throw refuse(
        "the reaction \(field("reaction")?.value ?? "") is no elastic scattering",
        "expected one such as 16O(a,a0)16O")
    }
    guard !isAngular, unit != "tot" else {
      throw refuse(
        isAngular ? "the data are an angular distribution" : "the data are total cross sections",
        "expected differential cross sections against energy")
    }
    guard let theta else { throw refuse("there is no Theta", "expected the laboratory angle") }
    if (theta - scattering).magnitude > 1 {
      let found = "the data are for \(theta)°, the detector stands at \(scattering)°"
      guard force else {
        throw ReadFailure(
          "r33.angle", at: .line(field("theta")?.line ?? 1), found: found,
          expected: "expected at most 1° between them, or --force")
      }
      notes.warn("r33.angle", found: found, expected: "taken all the same")
    }
    // Element or isotope: `natSi`, `0Si` and `Si` hold for all isotopes.
    var name = Substring(parts.target)
    if name.hasPrefix("nat") { name = name.dropFirst(3) }
    let digits = name.prefix { $0.isASCII && $0.isNumber }
    let mass = Int(digits) ?? 0
    let symbol = String(name.dropFirst(digits.count))
    guard let target = TargetNuclei(mass > 0 ? "\(mass)\(symbol)" : symbol) else {
      throw refuse("the target '\(parts.target)' is no nucleus known here", "expected such as 16O")
    }
    guard
      let result = MeasuredCrossSection(
        atomicNumber: target.atomicNumber, massNumber: mass > 0 ? mass : nil,
        kind: unit == "rr" ? .ratio : .millibarn, energies: rows.map { $0[0] },
        values: rows.map { $0[2] })
    else { throw refuse("there are \(rows.count) points", "expected two or more") }
    return result
  }
}
