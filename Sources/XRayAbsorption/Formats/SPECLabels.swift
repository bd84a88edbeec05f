internal import Bytes
internal import Tables
internal import Units

/// The labels of scans and what they mean, looked up once for every line of labels.
struct SPECLabels {
  private struct Key: Hashable {
    var line: String
    var cells: Int?
  }

  private var known: [Key: [ColumnHeading]] = [:]
  private var meanings: [String: ColumnHeading] = [:]

  /// Energies under names that only SPEC files use.
  private static let energies: Set<String> = [
    "ene", "ener", "nrj", "zap_energy", "arr_energy", "mono_nrj", "en_mono", "eneenc", "energyenc",
    "energy_enc", "ekev", "ev_mono",
  ]

  /// One heading a column; labels that do not fit the rows are told.
  mutating func headings(
    _ outline: SPECOutline, _ scan: SPECOutline.Scan, rowCells: Int?,
    into diagnostics: inout DiagnosticList
  ) -> [ColumnHeading] {
    let line = scan.labels.map { outline.string(outline.controls[$0].value) } ?? ""
    let labelLine = scan.labels.map { outline.controls[$0].line } ?? scan.line
    let wanted = rowCells ?? scan.columnCount
    let key = Key(line: line, cells: wanted)
    if let rowCells, let count = scan.columnCount, count != rowCells {
      diagnostics.warn(
        "spec.column-count", at: .line(scan.firstRowLine),
        found: "a scan whose `#N` is not the number of cells of its rows",
        expected: "expected as many columns as `#N` says; the rows count")
    }
    if let result = known[key] { return result }
    let labels = Self.split(line, cells: wanted)
    if let rowCells, labels.count != rowCells {
      diagnostics.warn(
        "spec.labels", at: .line(labelLine),
        found: scan.labels == nil
          ? "a scan without a line of labels (`#L`)"
          : "\(labels.count) labels for rows of \(rowCells) cells",
        expected: "expected a label for every column, with two blanks between; the others are named"
          + " by their numbers")
    }
    let count = rowCells ?? labels.count
    var result: [ColumnHeading] = []
    result.reserveCapacity(count)
    for i in 0..<count {
      // Labels that do not fit could belong to any column.
      let label = labels.count == count ? labels[i] : i < labels.count ? labels[i] : "col\(i + 1)"
      result.append(heading(label))
    }
    // A wrong line is told every time.
    if labels.count == count { known[key] = result }
    return result
  }

  private mutating func heading(_ label: String) -> ColumnHeading {
    if let heading = meanings[label] { return heading }
    var heading = ColumnHeading(label)
    if heading.meaning == nil, Self.energies.contains(label.lowercased()) {
      heading.meaning = ColumnNames.meaning(of: "energy")
    }
    meanings[label] = heading
    return heading
  }

  /// The labels: split at two blanks, or at tabs, or where that gives another count at every blank.
  static func split(_ line: String, cells: Int?) -> [String] {
    let double = pieces(line) { $0 >= 2 }
    guard let cells, double.count != cells else { return double }
    let tabs = line.split(separator: "\t").map { XDIHeader.trimmed($0) }.filter { !$0.isEmpty }
    if tabs.count == cells { return tabs }
    let single = pieces(line) { $0 >= 1 }
    return single.count == cells ? single : double
  }

  /// The pieces of a text between runs of blanks of a length that parts them.
  private static func pieces(_ line: String, _ parts: (Int) -> Bool) -> [String] {
    var result: [String] = []
    var piece: [UInt8] = []
    var blanks = 0
    for byte in line.utf8 {
      if byte == 0x20 || byte == 0x09 {
        // A tab parts as two blanks do.
        blanks += byte == 0x09 ? 2 : 1
        continue
      }
      if !piece.isEmpty, blanks > 0 {
        if parts(blanks) {
          result.append(String(decoding: piece, as: UTF8.self))
          piece.removeAll(keepingCapacity: true)
        } else {
          piece.append(contentsOf: repeatElement(0x20, count: blanks))
        }
      }
      blanks = 0
      piece.append(byte)
    }
    if !piece.isEmpty { result.append(String(decoding: piece, as: UTF8.self)) }
    return result
  }
}
