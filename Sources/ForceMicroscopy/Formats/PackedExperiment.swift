internal import Bytes
internal import Reading
internal import Tables

/// What the records of a packed experiment add up to.
struct PackedExperiment {
  private let bytes: ByteView
  private let options: ReadOptions
  private var dataset = Dataset(format: "", technique: .any, tables: [])
  private var diagnostics = DiagnosticList()
  /// The open data folders; `root` is always there.
  private var folders = ["root"]
  /// How many records of each kind there are.
  private var counts: [String: Int] = [:]
  private var otherTypes: [Int: Int] = [:]
  private var superseded = 0
  private var lostWaves = 0
  private var paths: [String: Int] = [:]
  private var complete = true

  init(_ bytes: ByteView, options: ReadOptions) {
    self.bytes = bytes
    self.options = options
  }

  private var folder: String { folders.joined(separator: "/") }

  /// Takes the next record.
  ///
  /// - Throws: `pxp.nesting` where folders stand too deep in one another.
  mutating func take(_ record: PackedRecord) throws(ReadFailure) {
    counts[record.kind?.word ?? "other", default: 0] += 1
    if record.kind == nil { otherTypes[record.type, default: 0] += 1 }
    guard !record.isSuperseded else {
      superseded += 1
      return
    }
    let content = bytes[record.range]
    switch record.kind {
    case .wave: takeWave(record, content)
    case .variables: takeVariables(record, content)
    case .history, .recreation, .procedure, .getHistory: takeText(record, content)
    case .folderStart: try open(OneByteText.field(content.prefix(256)), record)
    case .longFolderStart: try open(longName(record, content), record)
    case .folderEnd: closeFolder(record)
    case .unused, nil: break
    }
  }

  /// The longest path of a folder, in bytes; Igor's own limit is below it.
  private static let longestPath = 2000

  private mutating func open(_ name: String, _ record: PackedRecord) throws(ReadFailure) {
    folders.append(name)
    guard folder.utf8.count <= Self.longestPath else {
      throw ReadFailure(
        "pxp.nesting", at: record.place,
        found: "the path of a folder takes more than \(Self.longestPath) bytes",
        expected: "expected folders that Igor can open")
    }
  }

  private mutating func closeFolder(_ record: PackedRecord) {
    guard folders.count > 1 else {
      diagnostics.warn(
        "pxp.folders", at: record.place, found: "a folder ends that was not opened",
        expected: "expected one end for every start of a folder")
      return
    }
    folders.removeLast()
  }

  /// A count of bytes, then the name.
  private mutating func longName(_ record: PackedRecord, _ content: ByteView) -> String {
    let count = content.integers(.uint32, count: 1, order: record.order)?.first ?? -1
    let name = content.dropFirst(4).prefix(1024)
    if Int(count) != name.count {
      diagnostics.warn(
        "pxp.folders", at: record.place,
        found: "the name of a folder takes another number of bytes than it declares",
        expected: "expected both to be the same")
    }
    let bytes = name.array
    return OneByteText.any(Array(bytes[..<(bytes.firstIndex(of: 0) ?? bytes.endIndex)]))
  }

  private mutating func takeText(_ record: PackedRecord, _ content: ByteView) {
    guard content.count > 0, let kind = record.kind else { return }
    let text = content.array
    if text.contains(0) {
      diagnostics.warn(
        "pxp.text", at: record.place,
        found: "a \(kind.word) record holds NUL bytes",
        expected: "expected text")
    }
    dataset.metadata.append(kind.word, OneByteText.any(text))
    note(kind.word, Origin(bytes: [record.range], steps: ["text"]))
  }

  private mutating func note(_ key: String, _ origin: Origin) {
    if dataset.settingOrigins[key] == nil { dataset.settingOrigins[key] = origin }
  }

  private mutating func takeVariables(_ record: PackedRecord, _ content: ByteView) {
    let variables = PackedVariables(content, base: record.range.lowerBound)
    // System variables outside the root folder are to be passed over (PTN003).
    for entry in (folders.count == 1 ? variables.system : []) + variables.user {
      let key = "\(folder)/\(entry.name)"
      dataset.metadata.append(key, entry.value)
      note(key, Origin(bytes: [entry.bytes], steps: ["variable of a packed experiment"]))
    }
    if let problem = variables.problem {
      complete = false
      diagnostics.warn(
        "pxp.variables", at: problem.place,
        found: "variables of \(folder) cannot be read: \(problem.words)",
        expected: "those before are kept, \(variables.rest) bytes are not")
    } else if variables.rest > 0 {
      diagnostics.note(
        "pxp.variables", at: .byte(record.range.upperBound - variables.rest),
        found: "\(variables.rest) bytes follow the variables of \(folder) and are not read")
    }
  }

  private mutating func takeWave(_ record: PackedRecord, _ content: ByteView) {
    let base = record.range.lowerBound
    do throws(ReadFailure) {
      let sections = try IgorSections(content)
      let own = sections.header.name.isEmpty ? "wave" : sections.header.name
      let isAsylum = !sections.header.type.isText && AsylumMarks.holds(sections.shape)
      var wave =
        isAsylum
        ? try AsylumForceCurve.dataset(of: sections, options: options)
        : try IgorWave.dataset(of: sections, content, options: options)
      // A wave without numbers or points is nothing odd among others.
      for i in wave.diagnostics.indices
      where ["ibw.text-wave", "ibw.no-points"].contains(wave.diagnostics[i].code) {
        wave.diagnostics[i].severity = .note
      }
      let path = freePath("\(folder)/\(own)", record)
      add(wave.rebased(by: base).placed(at: path, named: isAsylum ? "" : own))
    } catch {
      lostWaves += 1
      let inner = error.diagnostic.rebased(by: base)
      diagnostics.warn(
        "pxp.wave", at: inner.place,
        found: "a wave of \(folder) cannot be read: \(inner.found)",
        expected: "\(inner.expected); the other waves are kept")
    }
  }

  /// The path of a wave; one that is taken gets `_2`, `_3`.
  private mutating func freePath(_ path: String, _ record: PackedRecord) -> String {
    let n = (paths[path] ?? 0) + 1
    paths[path] = n
    guard n > 1 else { return path }
    diagnostics.warn(
      "pxp.duplicate-wave", at: record.place,
      found: "a wave has the name of an earlier one in its folder",
      expected: "expected one of each name; the later ones get _2, _3 and so on")
    return "\(path)_\(n)"
  }

  private mutating func add(_ wave: Dataset) {
    dataset.tables += wave.tables
    dataset.grids += wave.grids
    for entry in wave.metadata.entries { dataset.metadata.append(entry.key, entry.value) }
    dataset.settingOrigins.merge(wave.settingOrigins) { first, _ in first }
    dataset.settings += wave.settings
    diagnostics.add(contentsOf: wave.diagnostics)
    if wave.technique == .afm { dataset.technique = .afm }
    complete = complete && wave.complete
  }

  /// The dataset of all records taken.
  ///
  /// - Throws: `pxp.truncated` or `pxp.damaged` where the chain of records breaks before any wave.
  mutating func dataset(
    _ records: PackedRecords, format: String
  ) throws(ReadFailure) -> Dataset {
    if let problem = records.problem { try say(problem, whole: records.all.count) }
    if folders.count > 1, records.problem == nil {
      diagnostics.warn(
        "pxp.folders", found: "\(folders.count - 1) folders are not closed",
        expected: "expected one end for every start of a folder")
    }
    if superseded > 0 {
      diagnostics.note(
        "pxp.superseded",
        found: "\(superseded) records are superseded by later ones and are not read")
    }
    if !otherTypes.isEmpty || counts["unused"] != nil {
      let types = otherTypes.sorted { $0.key < $1.key }.map { "\($0.value) of type \($0.key)" }
      let unused = counts["unused"].map { ["\($0) unused"] } ?? []
      diagnostics.note(
        "pxp.other-records",
        found: "records that hold Igor's own settings, pictures and windows are counted, not read: "
          + (types + unused).joined(separator: ", "))
    }
    if lostWaves > 0 { complete = false }
    if dataset.tables.isEmpty, lostWaves > 0 {
      let first = diagnostics.all.first { $0.code == "pxp.wave" }
      throw ReadFailure(
        "pxp.wave", at: first?.place ?? .whole, found: first?.found ?? "no wave can be read",
        expected: "expected at least one wave that is whole")
    }
    if dataset.tables.isEmpty {
      diagnostics.warn(
        "pxp.no-waves", found: "the experiment holds no waves",
        expected: "expected at least one wave")
    }
    appendCounts(records.all.count)
    dataset.format = format
    dataset.diagnostics = diagnostics.all
    dataset.complete = complete
    dataset.reading = ["encoding": "windows-1252"]
    return dataset
  }

  private mutating func say(
    _ problem: (place: Int, found: String, isCut: Bool), whole: Int
  ) throws(ReadFailure) {
    let place = Place.byte(problem.place)
    let expected = "expected another record, or the end of the file"
    guard !dataset.tables.isEmpty else {
      let none = "\(expected); no wave stands before it"
      throw problem.isCut
        ? ReadFailure("pxp.truncated", at: place, found: problem.found, expected: none)
        : ReadFailure("pxp.damaged", at: place, found: problem.found, expected: none)
    }
    complete = false
    let lost = "\(problem.found); the last \(bytes.count - problem.place) bytes are lost"
    let kept = "\(expected); the \(whole) records before it are kept"
    if problem.isCut {
      diagnostics.warn("pxp.truncated", at: place, found: lost, expected: kept)
    } else {
      diagnostics.warn("pxp.damaged", at: place, found: lost, expected: kept)
    }
  }

  private mutating func appendCounts(_ total: Int) {
    dataset.metadata.append("records", .integer(Int64(total)))
    for (word, count) in counts.sorted(by: { $0.key < $1.key }) {
      dataset.metadata.append("records_\(word)", .integer(Int64(count)))
    }
  }
}
