public import Bytes
public import Reading
public import Tables

internal import Units

/// The layers of an NDF run (`.prf`; docs/formats/ndf.md).
public enum NDFProfile: FileFormat {
  /// The id.
  public static let id = "ndf-prf"
  /// One line for people.
  public static let title = "NDF layers"
  /// What it is for.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["prf"]
  /// How it is recognised.
  public static let recognisedBy = "a count, rows of numbers, a line `molecules N`"

  /// Looks for the count on line 1 and the line `molecules`.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.mayHold("olecules", "OLECULES", within: 8192) else { return .none }
    let lines = SetLines.head(file)
    guard let first = lines.first, let count = Int(first.text), count > 0,
      lines.contains(where: { NDFMolecules.count($0) != nil }),
      lines.count > 1, lines[1].numbers() != nil
    else { return .none }
    return Recognition(90, ["a count on line 1", "a line molecules"])
  }

  /// Reads areal densities and atom fractions of the layers.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try SetLines(bytes, into: &diagnostics)
    let lines = text.lines
    guard let count = lines.first.flatMap({ Int($0.text) }), count > 0, count < lines.count else {
      throw ReadFailure(
        "ndf.layers", at: .line(1), found: "line 1 is '\(lines.first?.text.prefix(40) ?? "")'",
        expected: "expected the number of layers, with a line for each")
    }
    guard let head = lines.firstIndex(where: { NDFMolecules.count($0) != nil }),
      let molecules = NDFMolecules.count(lines[head]), molecules > 0, head > count,
      head + molecules < lines.count
    else {
      throw ReadFailure(
        "ndf.layers", at: .line(lines.count), found: "no line molecules N with N lines behind it",
        expected: "expected the density and the name of each molecule")
    }
    var parts: [[(element: String, value: Double)]] = []
    for line in lines[(head + 1)...(head + molecules)] {
      guard let first = line.words.first, let density = NumberScanner.parse(first), density >= 0
      else {
        throw ReadFailure(
          "ndf.layers", at: .line(line.number), found: "'\(line.text.prefix(60))'",
          expected: "expected a density and a molecule")
      }
      parts.append(
        try IDFDocument.atoms(
          line.words.dropFirst().joined(separator: " "), at: .line(line.number)))
    }
    var thickness: [Double] = []
    var fractions: [[(element: String, value: Double)]] = []
    for line in lines[1...count] {
      guard let values = line.numbers(), values.count == molecules + 1,
        values.allSatisfy({ $0 >= 0 })
      else {
        throw ReadFailure(
          "ndf.layers", at: .line(line.number), found: "'\(line.text.prefix(60))'",
          expected: "expected the areal density and \(molecules) percentages")
      }
      let sum = values.dropFirst().reduce(0, +)
      guard sum > 0 else {
        throw ReadFailure(
          "ndf.layers", at: .line(line.number), found: "the layer holds no molecule",
          expected: "expected percentages above 0")
      }
      var own: [(element: String, value: Double)] = []
      for (share, molecule) in zip(values.dropFirst(), parts) where share > 0 {
        for atom in molecule {
          let value = share / sum * atom.value
          if let i = own.firstIndex(where: { $0.element == atom.element }) {
            own[i].value += value
          } else {
            own.append((atom.element, value))
          }
        }
      }
      thickness.append(values[0])
      fractions.append(own)
    }
    let origin = SetLines.origin(
      [2, count + 1], text.size, "percent of molecules → atom fractions")
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [LayerTable.table("layers", thickness, fractions, origin)],
      diagnostics: diagnostics.all, reading: ["encoding": text.encoding])
    for line in lines.dropFirst(count + 1) where !line.text.isEmpty {
      dataset.keep("line \(line.number)", line.text, line: line.number)
    }
    return dataset
  }
}

/// The limits of an NDF run (`.str`; docs/formats/ndf.md).
public enum NDFStructure: FileFormat {
  /// The id.
  public static let id = "ndf-str"
  /// One line for people.
  public static let title = "NDF molecules and limits"
  /// What it is for.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["str"]
  /// How it is recognised.
  public static let recognisedBy = "a flag, a count, then molecules with two lines of limits each"

  /// Looks at the first molecule and its two lines of limits.
  public static func recognise(_ file: FileHead) -> Recognition {
    let lines = SetLines.head(file, lines: 5)
    guard lines.count >= 5, Int(lines[0].text) != nil, let count = Int(lines[1].text), count > 0,
      (try? IDFDocument.atoms(lines[2].text, at: .whole)) != nil,
      lines[3].numbers()?.count == 2, lines[4].numbers()?.count == 2
    else { return .none }
    return Recognition(85, ["a flag, a count, the molecule \(lines[2].text.prefix(20))"])
  }

  /// Reads the molecules with the limits of their thickness and share.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try SetLines(bytes, into: &diagnostics)
    let lines = text.lines
    guard lines.count >= 2, let count = Int(lines[1].text), count > 0, count <= lines.count / 3
    else {
      throw ReadFailure(
        "ndf.structure", at: .line(min(2, lines.count)),
        found: "line 2 is '\(lines.count > 1 ? String(lines[1].text.prefix(40)) : "")'",
        expected: "expected the number of molecules, with three lines for each")
    }
    var names: [String] = []
    var limits: [[Double]] = []
    for i in 0..<count {
      let at = 2 + 3 * i
      guard at + 2 < lines.count, let thickness = lines[at + 1].numbers(),
        let share = lines[at + 2].numbers(), thickness.count == 2, share.count == 2
      else {
        throw ReadFailure(
          "ndf.structure", at: .line(min(at + 1, lines.count)),
          found: "molecule \(i + 1) has no two lines of limits",
          expected: "expected a name, two limits of thickness, two of the share")
      }
      _ = try IDFDocument.atoms(lines[at].text, at: .line(at + 1))
      names.append(lines[at].text)
      limits.append(thickness + share)
    }
    let origin = SetLines.origin([3, 2 + 3 * count], text.size)
    let tfu = ColumnUnit.known(.atoms1e15PerSquareCentimetre)
    func column(_ name: String, _ i: Int, _ unit: ColumnUnit) -> Column {
      Column(
        name: name, label: name, values: .real(limits.map { $0[i] }), unit: unit, origin: origin)
    }
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [
        Table(
          name: "molecules",
          columns: [
            Column(
              name: "molecule", label: "molecule", values: .text(names), unit: .absent,
              origin: origin),
            column("areal_density_min", 0, tfu), column("areal_density_max", 1, tfu),
            column("share_min", 2, .known(.one)), column("share_max", 3, .known(.one)),
          ])
      ], diagnostics: diagnostics.all, reading: ["encoding": text.encoding])
    dataset.keep("flag", lines[0].text, line: 1)
    for line in lines.dropFirst(2 + 3 * count) where !line.text.isEmpty {
      dataset.keep("line \(line.number)", line.text, line: line.number)
    }
    return dataset
  }
}

/// The list of spectra of an NDF run (`.spc` text; docs/formats/ndf.md).
public enum NDFList: FileFormat {
  /// The id.
  public static let id = "ndf-list"
  /// One line for people.
  public static let title = "NDF list of spectra"
  /// What it is for.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["spc"]
  /// How it is recognised.
  public static let recognisedBy = "lines of four words: data file, number, geometry, structure"

  private static func isEntry(_ line: SetLines.Line) -> Bool {
    let words = line.words
    return words.count == 4 && words[0].contains(".") && words[0].first != "."
      && NumberScanner.parse(words[0]) == nil && Int(words[1]) != nil
      && words[2...].allSatisfy { $0.contains(where: \.isLetter) }
  }

  /// Looks at every line of the head.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.size <= 8192 else { return .none }
    let lines = SetLines.head(file).filter { !$0.text.isEmpty }
    guard !lines.isEmpty, lines.allSatisfy({ isEntry($0) }) else { return .none }
    return Recognition(
      file.pathExtension == "spc" ? 80 : 70, ["\(lines.count) lines of file, number, two names"])
  }

  /// Reads which data go with which geometry and structure.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try SetLines(bytes, into: &diagnostics)
    var columns: [[String]] = [[], [], []]
    var numbers: [Int64] = []
    for line in text.lines where !line.text.isEmpty {
      let words = line.words
      guard isEntry(line), let number = Int64(words[1]) else {
        throw ReadFailure(
          "ndf.list", at: .line(line.number), found: "'\(line.text.prefix(60))'",
          expected: "expected data file, number, geometry, structure")
      }
      numbers.append(number)
      for (i, at) in [0, 2, 3].enumerated() { columns[i].append(String(words[at])) }
    }
    guard !numbers.isEmpty else {
      throw ReadFailure(
        "ndf.list", at: .line(1), found: "there are no lines",
        expected: "expected four words a line")
    }
    let origin = Origin(bytes: [0..<text.size])
    func words(_ name: String, _ i: Int) -> Column {
      Column(name: name, label: name, values: .text(columns[i]), unit: .absent, origin: origin)
    }
    return Dataset(
      format: id, technique: technique,
      tables: [
        Table(
          name: "runs",
          columns: [
            words("file", 0),
            Column(
              name: "number", label: "number", values: .integer(numbers), unit: .known(.one),
              origin: origin), words("geometry", 1), words("structure", 2),
          ])
      ], diagnostics: diagnostics.all, reading: ["encoding": text.encoding])
  }
}

/// The line `molecules N` of NDF.
enum NDFMolecules {
  /// N; nil for any other line.
  static func count(_ line: SetLines.Line) -> Int? {
    let words = line.words
    guard words.count == 2, words[0].lowercased() == "molecules" else { return nil }
    return Int(words[1])
  }
}
