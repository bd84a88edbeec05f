internal import Bytes
internal import Reading
internal import Tables

/// The three layers of a nested export on their way to three flat texts.
struct NewareNesting {
  /// One layer: its labels, and its rows as text with the number of the line each stood on.
  struct Layer {
    var labels: [String]
    var text: [UInt8] = []
    var lines: [Int] = []
    let delimiter: UInt8
    /// Whether the last row had its line end.
    var endsWithNewline = true

    mutating func append(_ cells: some Sequence<UInt8>, line: Int) {
      if !text.isEmpty { text.append(0x0A) }
      text += cells
      lines.append(line)
    }

    /// The table of the layer; what is said about a row names the line of the file.
    func read(
      options: ReadOptions, into diagnostics: inout DiagnosticList
    ) throws(ReadFailure) -> (content: CyclerTable.Content, labels: [String]) {
      var found = DiagnosticList()
      let table = CyclerTable(
        labels: labels.map(NewareLabels.translated), units: labels.map(NewareLabels.unit),
        labelLine: 0, dataStart: 0, dataLine: 1, delimiter: .character(delimiter),
        vendor: NewareLabels.vendor)
      do throws(ReadFailure) {
        let ending: [UInt8] = endsWithNewline ? [0x0A] : []
        let decoded = try DecodedText.decode(ByteView(text + ending), into: &found)
        let content = try table.read(decoded, options: options, into: &found)
        for diagnostic in found.all { diagnostics.add(placed(diagnostic)) }
        return (content, labels)
      } catch {
        var failure = error
        failure.diagnostic = placed(error.diagnostic)
        throw failure
      }
    }

    private func placed(_ diagnostic: Diagnostic) -> Diagnostic {
      func place(_ place: Place) -> Place {
        switch place {
        case .line(let n): .line(original(n))
        case .cell(let n, let column): .cell(line: original(n), column: column)
        default: place
        }
      }
      var diagnostic = diagnostic
      diagnostic.place = place(diagnostic.place)
      diagnostic.places = diagnostic.places.map(place)
      return diagnostic
    }

    private func original(_ line: Int) -> Int {
      line >= 1 && line <= lines.count ? lines[line - 1] : 3
    }
  }

  private(set) var cycles: Layer
  private(set) var steps: Layer
  private(set) var records: Layer
  /// Lines that belong to no layer.
  private(set) var lost = 0
  private let delimiter: UInt8
  private let start: Int
  private let cycleCells: Int

  /// The labels of the first three lines.
  init(_ text: DecodedText) throws(ReadFailure) {
    let lines = TextLines(text.utf8)
    var head: [String] = []
    var start = 0
    for line in lines {
      head.append(lines.string(line))
      start = line.next
      if head.count == 3 { break }
    }
    let failure = ReadFailure(
      "neware.labels", at: .line(1), found: "the first three lines are no labels of three layers",
      expected: "expected labels of cycles, of steps (one empty cell first) and of records (two)")
    guard head.count == 3, case .character(let delimiter) = NewareLabels.delimiter(head[0]) else {
      throw failure
    }
    let cells = head.map {
      TableDialect(delimiter: .character(delimiter)).cells(ByteView(utf8: $0))
    }
    var empty = cells.map { $0.prefix { $0.isEmpty }.count }
    empty[0] = cells[0].first?.isEmpty ?? true ? 9 : 0
    guard empty == [0, 1, 2], cells[2].count > 4,
      NewareLabels.parts(cells[0][0]).english == "Cycle Index",
      NewareLabels.count(cells[2]).known >= 4, NewareLabels.count(cells[1]).known >= 2
    else { throw failure }
    func named(_ labels: ArraySlice<String>) -> [String] {
      var labels = Array(labels)
      while labels.last == "" { labels.removeLast() }
      return labels
    }
    let (cycle, step, record) = (
      named(cells[0][...]), named(cells[1].dropFirst()), named(cells[2].dropFirst(2))
    )
    self.delimiter = delimiter
    self.start = start
    cycleCells = cycle.count
    cycles = Layer(labels: cycle, delimiter: delimiter)
    steps = Layer(labels: [cycle[0]] + step, delimiter: delimiter)
    records = Layer(
      labels: [cycle[0]] + Self.stepNames(step) + record, delimiter: delimiter)
  }

  /// The cells of a step that each of its records repeats: index, number and type.
  private static func stepNames(_ labels: [String]) -> [String] {
    labels.filter { label in
      ["Step Index", "Step Number", "Step Type"].contains(NewareLabels.parts(label).english)
    }
  }

  /// Sorts all lines into their layers; a record repeats its cycle and its step.
  mutating func flatten(_ text: DecodedText, into diagnostics: inout DiagnosticList) {
    var cycle: [UInt8] = []
    var head: [UInt8] = []
    let places = steps.labels.indices.dropFirst().filter {
      ["Step Index", "Step Number", "Step Type"].contains(
        NewareLabels.parts(steps.labels[$0]).english)
    }.map { $0 - 1 }
    if places.count < 3 {
      diagnostics.warn(
        "neware.step-labels", at: .line(2),
        found: "\(places.count) of the labels Step Index, Step Number and Step Type",
        expected: "expected all three; records are given without the others")
    }
    let all = TextLines(text.utf8, from: start, number: 4)
    for line in all {
      let bytes = text.utf8[line.range].array
      if bytes.allSatisfy({ $0 == delimiter || $0 == 0x20 }) { continue }
      if bytes.starts(with: [delimiter, delimiter]) {
        records.append(cycle + [delimiter] + head + bytes.dropFirst(2), line: line.number)
      } else if bytes.first == delimiter {
        addStep(Array(bytes.dropFirst()), cycle, &head, places, line.number)
      } else if let first = bytes.first, first &- 48 <= 9 {
        let cells = bytes.split(separator: delimiter, omittingEmptySubsequences: false)
        cycle = cells.first.map(Array.init) ?? []
        head = Array(repeating: delimiter, count: places.count)
        cycles.append(
          Array(cells.prefix(cycleCells).joined(separator: [delimiter])), line: line.number)
        // The first step of the first cycle stands on the cycle's own line.
        if cells.count > cycleCells + 1, !(cells[cycleCells].isEmpty) {
          addStep(
            Array(cells.dropFirst(cycleCells).joined(separator: [delimiter])), cycle, &head, places,
            line.number)
        }
      } else {
        lost += 1
        diagnostics.warn(
          "neware.layer", at: .line(line.number), found: "a line of no cycle, step or record",
          expected: "expected a number in the first, second or third cell; left out")
      }
    }
    if !text.endsWithNewline, let last = records.lines.last,
      last > max(steps.lines.last ?? 0, cycles.lines.last ?? 0)
    {
      records.endsWithNewline = false
    } else if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", at: .line(max(steps.lines.last ?? 4, cycles.lines.last ?? 4)),
        found: "the last line has no line end", expected: "its last number may be cut")
    }
  }

  private mutating func addStep(
    _ cells: [UInt8], _ cycle: [UInt8], _ head: inout [UInt8], _ places: [Int], _ line: Int
  ) {
    let parts = cells.split(separator: delimiter, omittingEmptySubsequences: false)
    head = []
    for place in places {
      if place < parts.count { head += parts[place] }
      head.append(delimiter)
    }
    steps.append(cycle + [delimiter] + cells, line: line)
  }
}
