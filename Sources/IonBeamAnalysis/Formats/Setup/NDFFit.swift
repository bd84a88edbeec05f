public import Bytes
public import Reading
public import Tables

internal import Units

/// A spectrum with its fit as NDF writes it (`…f0101.dat`; docs/formats/ndf.md).
public enum NDFFit: FileFormat {
  /// The id.
  public static let id = "ndf-fit"
  /// One line for people.
  public static let title = "NDF spectrum with its fit"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["dat"]
  /// How it is recognised.
  public static let recognisedBy = "`NDF v` in the head and a line `channel data fit`"

  /// Looks for the program's name and the line of column names.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.mayHold("NDF v") else { return .none }
    let lines = SetLines.head(file)
    guard lines.contains(where: { $0.text.contains("NDF v") }),
      lines.contains(where: { isHeader($0) })
    else { return .none }
    return Recognition(95, ["`NDF v`", "a line channel data fit"])
  }

  private static func isHeader(_ line: SetLines.Line) -> Bool {
    let words = line.words.map { $0.lowercased() }
    return words.starts(with: ["channel", "data", "fit"])
  }

  /// Reads the counts as `spectrum` and each fit as a simulation.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var found = SpectrumTables()
    let text = try SetLines(bytes, into: &found.diagnostics)
    found.reading["encoding"] = text.encoding
    guard let head = text.lines.firstIndex(where: { isHeader($0) }) else {
      throw ReadFailure(
        "ndf.columns", at: .line(1), found: "there is no line channel data fit",
        expected: "expected the names of the columns")
    }
    let names = text.lines[head].words.map(String.init)
    var channels: [Int64] = []
    var columns = names.dropFirst().map { _ in [Double]() }
    var numbers: [Int] = []
    for line in text.lines[(head + 1)...] where !line.text.isEmpty {
      guard let values = line.numbers(), values.count == names.count,
        let channel = Int64(exactly: values[0])
      else {
        throw ReadFailure(
          "ndf.row", at: .line(line.number), found: "'\(line.text.prefix(60))'",
          expected: "expected a channel and \(names.count - 1) numbers")
      }
      channels.append(channel)
      numbers.append(line.number)
      for i in columns.indices { columns[i].append(values[i + 1]) }
    }
    guard !channels.isEmpty else {
      throw ReadFailure(
        "ndf.no-data", at: .line(text.lines[head].number), found: "no rows follow",
        expected: "expected a row for each channel")
    }
    let origin = SetLines.origin(numbers, text.size, "decimal text")
    if columns[0].contains(where: { $0 != 0 }) {
      var content = SpectrumContent(counts: .real(columns[0]))
      content.channels = channels
      content.labels = (names[0], names[1])
      content.origin = origin
      content.calibrationPlace = .line(text.lines[head].number)
      try found.add(content)
    } else {
      found.diagnostics.note(
        "ndf.no-spectrum", at: .line(text.lines[head].number),
        found: "the column of data holds only zeros", expected: "no measured spectrum is given")
    }
    for (i, values) in columns.enumerated().dropFirst() {
      let kind = i == 1 ? "total" : names[i + 1]
      found.tables.append(
        Table(
          name: "simulation_\(kind)",
          columns: [
            Column(
              name: "channel", label: names[0], values: .integer(channels), unit: .known(.one),
              origin: origin),
            Column(
              name: "counts_simulated", label: names[i + 1], values: .real(values),
              unit: .known(.one), origin: origin),
          ], indexColumns: ["channel"]))
    }
    var dataset = found.dataset(id)
    for line in text.lines[..<head] where !line.text.isEmpty {
      dataset.keep("line \(line.number)", line.text, line: line.number)
    }
    return dataset
  }
}
