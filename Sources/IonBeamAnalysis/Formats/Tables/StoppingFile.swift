internal import Bytes
internal import RealModule
internal import Tables
internal import Units

/// Stopping cross sections as a file holds them.
struct StoppingFile {
  /// Values for one ion in one target over the energies.
  struct Series {
    /// The atomic number of the ion; nil where the file does not say.
    var ion: Int?
    /// The atomic number of the target; nil for a compound.
    var target: Int?
    /// What the file calls the target.
    var label: String
    /// eV/(1e15 at/cm2).
    var electronic: [Double]
    /// eV/(1e15 at/cm2), where the file has it.
    var nuclear: [Double] = []
  }

  var dialect: StoppingDialect
  var diagnostics = DiagnosticList()
  /// keV/u.
  var energies: [Double] = []
  var series: [Series] = []
  var fields: [(key: String, value: String, line: Int)] = []
  var encoding = "binary"
  var lines: [Int] = []

  /// Reads one of the three forms.
  init(_ bytes: ByteView) throws(ReadFailure) {
    guard let dialect = StoppingDialect(bytes) else {
      throw ReadFailure(
        "stopping.form", found: "the file is no table of stopping cross sections",
        expected: "expected a header E_keV_per_u,Z…, GSTO, or the output of SRIM")
    }
    self.dialect = dialect
    switch dialect {
    case .csv: try readCSV(bytes)
    case .gsto: try readGSTO(bytes)
    case .srim: try readSRIM(bytes)
    }
    let steps = zip(energies, energies.dropFirst()).contains { $0 >= $1 }
    guard energies.count >= 2, !steps, energies.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw ReadFailure(
        "stopping.energies", at: .line(lines.first ?? 1),
        found: "there are \(energies.count) energies, or they do not rise from above 0",
        expected: "expected at least two energies in rising order")
    }
  }

  private mutating func readCSV(_ bytes: ByteView) throws(ReadFailure) {
    let text = try SetLines(bytes, into: &diagnostics)
    encoding = text.encoding
    var hasHeader = false
    for line in text.lines where !line.text.isEmpty {
      if line.text.hasPrefix("#") {
        if hasHeader {
          diagnostics.note(
            "stopping.comment", at: .line(line.number), found: "a comment stands among the rows",
            expected: "expected comments in the head")
        }
        fields.append(("comment", IDFNumbers.trimmed(String(line.text.dropFirst())), line.number))
        continue
      }
      let cells = line.text.split(separator: ",", omittingEmptySubsequences: false).map {
        IDFNumbers.trimmed(String($0))
      }
      if !hasHeader {
        hasHeader = true
        for cell in cells.dropFirst() {
          let z = cell.hasPrefix("Z") ? Int(cell.dropFirst()) : nil
          let named = ChemicalElement.symbols.firstIndex(of: cell).map { $0 + 1 }
          guard let target = z ?? named, (1...118).contains(target) else {
            throw ReadFailure(
              "stopping.header", at: .line(line.number), found: "the column '\(cell.prefix(40))'",
              expected: "expected Z and an atomic number, such as Z13")
          }
          series.append(Series(target: target, label: cell, electronic: []))
        }
        continue
      }
      let numbers = cells.compactMap { NumberScanner.parse($0) }
      guard numbers.count == cells.count, numbers.count == series.count + 1 else {
        throw ReadFailure(
          "stopping.row", at: .line(line.number), found: "'\(line.text.prefix(60))'",
          expected: "expected \(series.count + 1) numbers")
      }
      energies.append(numbers[0])
      lines.append(line.number)
      for i in series.indices { series[i].electronic.append(numbers[i + 1]) }
    }
  }

  /// The tables for an ion, by the atomic number of the target.
  func tables(for ion: Ion) throws(ReadFailure) -> [(target: Int, table: StoppingTable)] {
    var result: [(target: Int, table: StoppingTable)] = []
    let fitting = series.filter { $0.ion.map { $0 == ion.atomicNumber } ?? true }
    guard !fitting.isEmpty else {
      let ions = Set(series.compactMap(\.ion)).sorted().map { "Z \($0)" }
      throw ReadFailure(
        "stopping.ion", found: "the file holds stopping of \(ions.joined(separator: ", "))",
        expected: "expected the ion of the beam, \(ion.name)")
    }
    for one in fitting {
      guard let target = one.target else {
        throw ReadFailure(
          "stopping.compound", found: "the target '\(one.label.prefix(60))' is no element",
          expected: "expected stopping in one element")
      }
      guard let table = StoppingTable(energies: energies, values: one.electronic) else {
        throw ReadFailure(
          "stopping.values", found: "stopping in \(one.label) is not above 0 everywhere",
          expected: "expected positive numbers")
      }
      result.append((target, table))
    }
    return result
  }

  func dataset(_ size: Int) -> Dataset {
    let origin = SetLines.origin(
      lines, size, dialect == .gsto ? "GSTO, energies from x-min, x-max, x-scale" : "decimal text")
    let unit = ColumnUnit.known(PhysicalUnit.loose("eV/(10*15/cm2)")?.unit ?? .one)
    let perMass = ColumnUnit.known(PhysicalUnit.loose("keV/u")?.unit ?? .one)
    var columns = [
      Column(
        name: "energy_per_mass", label: "E", values: .real(energies), unit: perMass, origin: origin)
    ]
    for one in series {
      let symbol = one.target.flatMap { z in
        ChemicalElement.symbols.indices.contains(z - 1) ? ChemicalElement.symbols[z - 1] : nil
      }
      let ions = Set(series.map(\.ion)).count > 1
      let beam = ions ? one.ion.map { "Z\($0)_in_" } ?? "" : ""
      let name = "stopping_electronic_\(beam)\(symbol ?? one.label)"
      columns.append(
        Column(
          name: name, label: one.label, values: .real(one.electronic), unit: unit, origin: origin))
      if !one.nuclear.isEmpty {
        columns.append(
          Column(
            name: "stopping_nuclear_\(symbol ?? one.label)", label: "Nuclear",
            values: .real(one.nuclear), unit: unit, origin: origin))
      }
    }
    var dataset = Dataset(
      format: StoppingFormat.id, technique: .rbs,
      tables: [Table(name: "stopping", columns: columns, indexColumns: ["energy_per_mass"])],
      diagnostics: diagnostics.all, reading: ["encoding": encoding])
    for field in fields { dataset.keep(field.key, field.value, line: field.line) }
    return dataset
  }
}
