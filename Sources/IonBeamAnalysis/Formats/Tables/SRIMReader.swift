internal import Bytes
internal import Tables

extension StoppingFile {
  /// Reads the output of SRIM for one ion in one target.
  mutating func readSRIM(_ bytes: ByteView) throws(ReadFailure) {
    let text = try SetLines(bytes, into: &diagnostics)
    encoding = text.encoding
    var head = SRIMHead()
    var inTable = false
    var isAfter = false
    var electronic: [Double] = []
    var nuclear: [Double] = []
    for line in text.lines where !line.text.isEmpty {
      if isAfter {
        head.readConversion(line)
      } else if !inTable {
        head.read(line)
        if line.text.hasPrefix("---"), head.hasColumns { inTable = true }
      } else if line.text.hasPrefix("---") || line.text.lowercased().hasPrefix("multiply") {
        isAfter = true
      } else {
        let words = line.words.map { SRIMHead.dotted($0) }
        guard (4...10).contains(words.count), let energy = NumberScanner.parse(words[0]),
          let scale = SRIMHead.scale(words[1]), let s = NumberScanner.parse(words[2]),
          let n = NumberScanner.parse(words[3]), energy > 0
        else {
          throw ReadFailure(
            "stopping.row", at: .line(line.number), found: "'\(line.text.prefix(60))'",
            expected: "expected an energy with its unit and two numbers")
        }
        energies.append(energy * scale)
        electronic.append(s)
        nuclear.append(n)
        lines.append(line.number)
      }
      if !inTable || isAfter { fields.append(("line \(line.number)", line.text, line.number)) }
    }
    if !isAfter {
      diagnostics.warn(
        "stopping.short", at: .line(text.lines.last?.number ?? 1),
        found: "the table does not end with a line and the conversion of units",
        expected: "the last rows may be lost")
    }
    guard let mass = head.mass, mass > 0, let ion = head.ion else {
      throw ReadFailure(
        "stopping.srim", at: .line(1), found: "the head names no ion with its mass",
        expected: "expected a line such as Ion = Helium [2] , Mass = 4.003 amu")
    }
    let factor = try head.factor()
    energies = energies.map { $0 / mass }
    let target = head.targets.count == 1 ? head.targets[0].number : nil
    series = [
      Series(
        ion: ion, target: target, label: head.targets.map(\.name).joined(separator: "-"),
        electronic: electronic.map { $0 * factor }, nuclear: nuclear.map { $0 * factor })
    ]
  }
}

/// What stands around the table of SRIM's output.
private struct SRIMHead {
  var ion: Int?
  var mass: Double?
  /// atoms/cm3.
  var density: Double?
  var targets: [(name: String, number: Int, percent: Double)] = []
  var unit = ""
  var unitLine = 1
  var hasColumns = false
  /// Factors by unit from the end of the file.
  var conversions: [String: Double] = [:]

  private static func number(_ text: some StringProtocol) -> Double? {
    NumberScanner.parse(dotted(text))
  }

  /// A text with decimal points for commas.
  static func dotted(_ text: some StringProtocol) -> String {
    String(text.map { $0 == "," ? "." : $0 })
  }

  /// What an energy unit is in keV.
  static func scale(_ unit: String) -> Double? {
    switch unit {
    case "eV": 1e-3
    case "keV": 1
    case "MeV": 1e3
    case "GeV": 1e6
    default: nil
    }
  }

  private static func plain(_ unit: String) -> String {
    unit.filter { $0 != " " && $0 != "\t" }.lowercased()
  }

  mutating func read(_ line: SetLines.Line) {
    let words = line.words
    if line.text.contains("dE/dx") {
      hasColumns = true
    } else if line.text.hasPrefix("Ion") {
      if let open = line.text.firstIndex(of: "["), let close = line.text.firstIndex(of: "]"),
        open < close
      {
        ion = Int(IDFNumbers.trimmed(String(line.text[open..<close].dropFirst())))
      }
      if let at = words.firstIndex(of: "Mass"), at + 2 < words.count {
        mass = Self.number(words[at + 2])
      }
    } else if line.text.hasPrefix("Target Density") {
      if let at = words.lastIndex(of: "="), at + 1 < words.count {
        density = Self.number(words[at + 1])
      }
    } else if let range = line.text.firstRange(of: "Stopping Units =") {
      unit = Self.plain(String(line.text[range.upperBound...]))
      unitLine = line.number
    } else if words.count == 4, ChemicalElement.isSymbol(String(words[0])),
      let number = Int(words[1]), let percent = Self.number(words[2]), !hasColumns
    {
      targets.append((String(words[0]), number, percent))
    }
  }

  mutating func readConversion(_ line: SetLines.Line) {
    let words = line.words
    guard words.count >= 2, let value = Self.number(words[0]), value > 0 else { return }
    conversions[Self.plain(words.dropFirst().joined())] = value
  }

  /// What turns the table's values into eV/(1e15 at/cm2).
  func factor() throws(ReadFailure) -> Double {
    let wanted = "ev/(1e15atoms/cm2)"
    if unit == wanted { return 1 }
    if let own = conversions[unit], let other = conversions[wanted] { return other / own }
    // Lengths need atoms per volume: eV/Å over n·1e-8/1e15.
    let lengths = ["ev/angstrom": 1.0, "kev/micron": 0.1, "mev/mm": 0.1]
    if let length = lengths[unit], let density, density > 0 {
      return length * 1e23 / density
    }
    throw ReadFailure(
      "stopping.units", at: .line(unitLine),
      found: "the unit is '\(unit.prefix(40))' and the file does not convert it",
      expected: "expected eV / (1E15 atoms/cm2), or the conversion at the end of the file")
  }
}
