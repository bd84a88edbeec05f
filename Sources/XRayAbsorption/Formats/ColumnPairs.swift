public import Bytes
public import Reading
public import Tables
internal import Units

/// Text tables whose columns come in pairs of an energy and a signal, each pair with a grid of its own
/// (docs/formats/column-pairs.md).
public enum ColumnPairs: FileFormat {
  /// The id.
  public static let id = "column-pairs"
  /// One line for people.
  public static let title = "Text table of energy and signal pairs"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["csv", "tsv", "txt", "dat"]
  /// How it is recognised.
  public static let recognisedBy = "labels in pairs such as E_20,ZnPc_20,E_40,ZnPc_40"

  /// Looks for a line of paired labels above numbers.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(16384), into: &ignored),
      let heading = PairedLabels(text.utf8)
    else { return .none }
    return Recognition(
      heading.isNumbered ? 90 : 80,
      ["line \(heading.line) labels \(heading.pairs.count) pairs of energy and signal"])
  }

  /// Reads every pair as a table of its own length.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let heading = PairedLabels(text.utf8) else {
      throw ReadFailure(
        "column-pairs.labels", found: "there is no line of labels in pairs above numbers",
        expected: "expected labels such as E_20,ZnPc_20,E_40,ZnPc_40")
    }
    var rows = PairedRows(text.utf8, heading)
    try rows.read(options, into: &diagnostics)
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
    var tables: [Table] = []
    var seen: [String: Int] = [:]
    var own = DiagnosticList()
    for (i, pair) in heading.pairs.enumerated() {
      var table = rows.table(i, pair, text, into: &own)
      let count = (seen[table.name] ?? 0) + 1
      seen[table.name] = count
      if count > 1 { table.name += "_\(count)" }
      tables.append(table)
    }
    diagnostics.add(contentsOf: Self.folded(own.all))
    var dataset = Dataset(
      format: id, technique: technique, tables: tables, diagnostics: diagnostics.all,
      complete: rows.complete)
    heading.header.describe(into: &dataset)
    dataset.reading["encoding"] = text.encoding.rawValue
    dataset.reading["delimiter"] = heading.dialect.delimiter.name
    dataset.reading["decimal mark"] = String(Character(Unicode.Scalar(heading.dialect.decimalMark)))
    return dataset
  }

  /// One diagnostic a code, with the count of all: what is so of one pair is so of all as a rule.
  private static func folded(_ all: [Diagnostic]) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for one in all {
      if let i = result.firstIndex(where: { $0.code == one.code && $0.severity == one.severity }) {
        result[i].count += one.count
        for place in [one.place] + one.places where result[i].places.count < 10 && place != .whole {
          result[i].places.append(place)
        }
      } else {
        result.append(one)
      }
    }
    return result
  }
}

/// A line of labels that come in pairs, and what stands above it.
struct PairedLabels {
  /// The labels of one pair.
  struct Pair {
    var energy: String
    var signal: String
  }

  private(set) var pairs: [Pair] = []
  private(set) var dialect: TableDialect
  private(set) var header = ScanHeader()
  private(set) var line = 1
  /// Whether the two labels of each pair end alike, as in `E_20,ZnPc_20`.
  private(set) var isNumbered = false
  /// Where the first row starts.
  private(set) var dataStart = 0

  /// Lines looked at for the labels.
  private static let mostLines = 60

  init?(_ text: ByteView) {
    dialect = TableDialect(delimiter: .blanks)
    let lines = TextLines(text)
    for line in lines.prefix(Self.mostLines) {
      let content = text[line.range]
      for mark in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] {
        var found = TableDialect(delimiter: .character(mark))
        guard let pairs = Self.pairs(found.cells(content)) else { continue }
        // The first row decides the decimal mark.
        let rest = TextLines(text, from: line.next, number: line.number + 1)
        guard let row = rest.first(where: { !text[$0.range].isBlankOrEndMark }) else { return nil }
        let cells = found.cells(text[row.range])
        if mark != UInt8(ascii: ","), cells.contains(where: { $0.contains(",") }) {
          found.decimalMark = UInt8(ascii: ",")
        }
        let scanner = NumberScanner(decimalMark: found.decimalMark)
        guard cells.count > 1, cells.contains(where: { scanner.parse($0) != nil }) else {
          return nil
        }
        self.pairs = pairs.all
        isNumbered = pairs.areNumbered
        dialect = found
        self.line = line.number
        dataStart = line.next
        return
      }
      header.append(line, text)
    }
    return nil
  }

  /// The pairs of a line of labels; nil where it holds none.
  private static func pairs(_ cells: [String]) -> (all: [Pair], areNumbered: Bool)? {
    var cells = cells
    if let first = cells.first, first.hasPrefix("#") {
      cells[0] = XDIHeader.trimmed(first.drop { $0 == "#" })
    }
    while cells.last?.isEmpty == true { cells.removeLast() }
    guard cells.count >= 4, cells.count % 2 == 0 else { return nil }
    var pairs: [Pair] = []
    var numbered = 0
    var bare = 0
    for i in stride(from: 0, to: cells.count, by: 2) {
      guard let ending = energyEnding(cells[i]), !cells[i + 1].isEmpty,
        Double(cells[i + 1]) == nil, energyEnding(cells[i + 1]) == nil
      else { return nil }
      if ending.isEmpty {
        bare += 1
      } else if cells[i + 1].lowercased().hasSuffix(ending) {
        numbered += 1
      }
      pairs.append(Pair(energy: cells[i], signal: cells[i + 1]))
    }
    guard numbered == pairs.count || bare == pairs.count else { return nil }
    return (pairs, numbered == pairs.count)
  }

  /// What stands behind the word for an energy, in lower case; nil where the label is no energy.
  private static func energyEnding(_ label: String) -> String? {
    let name = ColumnLabel(label).name.lowercased()
    for word in ["photon energy", "photon_energy", "energy", "ev", "en", "hv", "e"]
    where name.hasPrefix(word) {
      let rest = name.dropFirst(word.count)
      guard let next = rest.first else { return "" }
      if next.isLetter { continue }
      return String(rest.drop { $0 == "_" || $0 == " " || $0 == "-" || $0 == "." })
    }
    return nil
  }
}

/// The rows of a table of pairs: as many cells as there are, shorter pairs end with empty ones.
struct PairedRows {
  private let text: ByteView
  private let heading: PairedLabels
  private var values: [[Double]]
  private var lengths: [Int]
  private var lines: [Int] = []
  private var bytes: Range<Int>
  private(set) var complete = true

  init(_ text: ByteView, _ heading: PairedLabels) {
    self.text = text
    self.heading = heading
    values = Array(repeating: [], count: 2 * heading.pairs.count)
    lengths = Array(repeating: 0, count: heading.pairs.count)
    bytes = heading.dataStart..<heading.dataStart
  }

  mutating func read(
    _ options: ReadOptions, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let columns = values.count
    let scanner = NumberScanner(decimalMark: heading.dialect.decimalMark)
    let source = TextLines(text, from: heading.dataStart, number: heading.line + 1)
    var bad: [Diagnostic] = []
    var badCount = 0
    var row = 0
    for line in source where !text[line.range].isBlankOrEndMark {
      let cells = heading.dialect.cells(text[line.range])
      var numbers: [Double] = []
      var flaw: Diagnostic?
      for (column, cell) in cells.enumerated() {
        let number = cell.isEmpty ? nil : scanner.parse(cell)
        if column >= columns {
          if !cell.isEmpty, flaw == nil {
            flaw = Diagnostic(
              .warning, "text.ragged-row", at: .line(line.number), found: "\(cells.count) cells",
              expected: "expected at most \(columns)")
          }
        } else {
          numbers.append(number ?? .nan)
          let word = cell.lowercased()
          if number == nil, !cell.isEmpty, word != "nan", flaw == nil {
            flaw = Diagnostic(
              .warning, "text.not-a-number", at: .cell(line: line.number, column: column + 1),
              found: "'\(cell.prefix(80))' in column \(column + 1)",
              expected: "expected a number or nothing")
          }
        }
      }
      if let flaw {
        badCount += 1
        if bad.count < 11 { bad.append(flaw) }
        continue
      }
      for column in 0..<columns {
        values[column].append(column < numbers.count ? numbers[column] : .nan)
      }
      row += 1
      for pair in lengths.indices
      where 2 * pair + 1 < cells.count && !(cells[2 * pair].isEmpty && cells[2 * pair + 1].isEmpty)
      {
        lengths[pair] = row
      }
      lines.append(line.number)
      bytes = bytes.lowerBound..<line.range.upperBound
    }
    if let first = bad.first {
      guard badCount <= (row + badCount) / 100 else {
        throw ReadFailure(first.code, at: first.place, found: first.found, expected: first.expected)
      }
      complete = false
      for flaw in bad {
        diagnostics.warn(
          flaw.code, at: flaw.place, found: flaw.found,
          expected: "\(flaw.expected); the row is left out")
      }
    }
    guard row > 0 else {
      throw ReadFailure(
        "column-pairs.no-data", at: .line(heading.line), found: "there is no row of numbers",
        expected: "expected rows of numbers below the labels")
    }
  }

  /// The table of a pair, as long as the pair has numbers.
  func table(
    _ i: Int, _ pair: PairedLabels.Pair, _ decoded: DecodedText,
    into diagnostics: inout DiagnosticList
  ) -> Table {
    let origin = Origin(
      bytes: [decoded.sourceOffset(bytes.lowerBound)..<decoded.sourceOffset(bytes.upperBound)],
      lines: (heading.line + 1)...max(heading.line + 1, lines.last ?? 0),
      steps: ["columns \(2 * i + 1) and \(2 * i + 2), decimal text"])
    let energies = Array(values[2 * i].prefix(lengths[i]))
    let signal = Array(values[2 * i + 1].prefix(lengths[i]))
    for (label, column) in [(pair.energy, energies), (pair.signal, signal)] {
      let holes = column.count { $0.isNaN }
      if holes > 0 {
        diagnostics.warn(
          "text.missing", found: "an empty cell in column '\(label)'",
          expected: "counted as missing", count: holes)
      }
    }
    let meaning = ColumnNames.meaning(of: Self.bare(pair.signal))
    let written = ColumnLabel(pair.energy, expecting: EnergyAxis.electronvolt.dimension).unit
    var columns = [
      Column(
        name: "photon_energy", label: pair.energy, values: .real(energies),
        unit: written.map { .known($0.unit) } ?? .absent, origin: origin),
      Column(
        name: meaning?.name ?? "mu", label: pair.signal, values: .real(signal),
        unit: meaning == nil || meaning?.unit == "1" ? .known(.one) : .absent, origin: origin),
    ]
    EnergyAxis.complete(
      &columns, spacing: nil,
      place: { $0 < lines.count ? .line(lines[$0]) : .whole }, into: &diagnostics)
    return Table(name: pair.signal, columns: columns, indexColumns: EnergyAxis.index(of: columns))
  }

  /// The label of a signal without what stands behind its last underline.
  private static func bare(_ label: String) -> String {
    label.lastIndex(of: "_").map { String(label[..<$0]) } ?? label
  }
}
