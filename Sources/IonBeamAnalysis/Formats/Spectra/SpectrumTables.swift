internal import Bytes
internal import Tables
internal import Units

/// One measured spectrum on its way from a reader into a dataset.
struct SpectrumContent {
  /// What the file says of it; the table's name stands in it.
  var record = SpectrumRecord()
  /// The channel number of each count.
  var channels: [Int64]
  /// The counts as stored: `.integer` or `.real`.
  var counts: ColumnValues
  /// What the file calls channel and counts.
  var labels = (channel: "channel", counts: "counts")
  /// Where the counts stand and how they are stored.
  var origin = Origin()
  /// Where the calibration stands, or should stand.
  var calibrationPlace = Place.whole
  /// The energies as the file gives them, where it has a column of them.
  var energies: Column?
  /// Further columns of the file.
  var more: [Column] = []

  /// Counts of consecutive channels.
  init(first: Int64 = 0, counts: ColumnValues) {
    channels = (0..<Int64(counts.count)).map { first &+ $0 }
    self.counts = counts
  }
}

/// Tables, records and common remarks of all readers of spectra.
struct SpectrumTables {
  var tables: [Table] = []
  var records: [SpectrumRecord] = []
  var metadata = Metadata()
  var diagnostics = DiagnosticList()
  var reading: [String: String] = [:]
  var complete = true

  /// The finished dataset.
  func dataset(_ format: String) -> Dataset {
    var dataset = Dataset(
      format: format, technique: .rbs, tables: tables, metadata: metadata,
      diagnostics: diagnostics.all, complete: complete, reading: reading)
    for record in records { dataset.append(record) }
    return dataset
  }

  /// Adds a spectrum: its table, its record, and what is odd about its numbers.
  ///
  /// - Throws: `spectrum.slope` for a calibration that no spectrum can have.
  mutating func add(_ content: SpectrumContent) throws(ReadFailure) {
    var record = content.record
    record.calibration = try usable(record.calibration, at: content.calibrationPlace)
    var columns = [
      Column(
        name: "channel", label: content.labels.channel, values: .integer(content.channels),
        unit: .known(.one), origin: content.origin)
    ]
    if let energies = content.energies {
      columns.append(energies)
    } else if let calibration = record.calibration {
      let energies = content.channels.map { calibration.energy(Double($0)) }
      columns.append(
        Column(
          name: "energy", label: "energy", values: .real(energies), unit: .known(.kiloelectronvolt),
          origin: Origin(steps: [calibration.formula, calibration.source])))
    }
    columns.append(
      Column(
        name: "counts", label: content.labels.counts, values: content.counts, unit: .known(.one),
        origin: content.origin))
    columns += content.more
    checkCounts(content.counts, record.table, content.origin)
    checkTimes(record)
    checkFirstChannels(content)
    tables.append(Table(name: record.table, columns: columns, indexColumns: ["channel"]))
    records.append(record)
  }

  /// The calibration where it is one; nil, with a warning, where the file has none or only zeros.
  private mutating func usable(
    _ calibration: FileCalibration?, at place: Place
  ) throws(ReadFailure) -> FileCalibration? {
    guard var calibration else {
      diagnostics.warn(
        "spectrum.no-calibration", at: place, found: "the file has no energy calibration",
        expected: "only channels and counts are given")
      return nil
    }
    while calibration.coefficients.count > 3, calibration.coefficients.last == 0 {
      calibration.coefficients.removeLast()
    }
    let words = calibration.coefficients.map { "\($0)" }.joined(separator: " ")
    guard calibration.coefficients.allSatisfy(\.isFinite), calibration.slope >= 0 else {
      throw ReadFailure(
        "spectrum.slope", at: place, found: "the energy calibration is \(words)",
        expected: "expected finite numbers and a slope above zero")
    }
    if calibration.slope == 0 {
      diagnostics.warn(
        "spectrum.no-calibration", at: place,
        found: "the energy calibration has the slope 0 (\(words))",
        expected: "only channels and counts are given")
      return nil
    }
    return calibration
  }

  private mutating func checkCounts(_ counts: ColumnValues, _ table: String, _ origin: Origin) {
    var negative = 0
    var fractions = 0
    var largest = -Double.infinity
    var first: Int?
    switch counts {
    case .integer(let values):
      for (row, value) in values.enumerated() where value < 0 {
        negative += 1
        first = first ?? row
      }
    case .real(let values):
      let missing = values.count { !$0.isFinite }
      if missing > 0 {
        diagnostics.warn(
          "spectrum.missing", at: .entry(table),
          found: "\(missing) of \(values.count) values are no finite numbers",
          expected: "expected counts; these are missing")
      }
      for (row, value) in values.enumerated() where value.isFinite {
        largest = max(largest, value)
        if value < 0 { negative += 1 } else if value != value.rounded() { fractions += 1 }
        if value < 0 || value != value.rounded() { first = first ?? row }
      }
    default: break
    }
    guard negative + fractions > 0 else { return }
    let place: Place = origin.lines.map { .line($0.lowerBound + (first ?? 0)) } ?? .entry(table)
    if negative == 0, largest <= 1 {
      diagnostics.warn(
        "spectrum.normalised", at: place,
        found: "the values lie between 0 and \(largest): they are normalised, not counts",
        expected: "expected counts; no Poisson uncertainty follows from them")
    } else {
      diagnostics.warn(
        "spectrum.not-counts", at: place,
        found: "\(negative + fractions) of \(counts.count) values are negative or not whole",
        expected: "expected counts; no Poisson uncertainty follows from them")
    }
  }

  /// Channels 0 and 1 often hold times or rubbish: they are kept, and noted where they stand out.
  private mutating func checkFirstChannels(_ content: SpectrumContent) {
    guard content.channels.count > 16, content.channels[0] == 0 else { return }
    var values: [Double] = []
    switch content.counts {
    case .integer(let list): values = list.prefix(12).map { Double($0) }
    case .real(let list): values = Array(list.prefix(12))
    default: return
    }
    let others = values.dropFirst(2)
    guard let least = others.min(), let most = others.max() else { return }
    let odd = values.prefix(2).enumerated().filter { _, value in
      value > max(10, 5 * most) || (least > 25 && value < least / 5)
    }
    guard !odd.isEmpty else { return }
    let words = odd.map { "\($0.offset) (\($0.element))" }.joined(separator: " and ")
    diagnostics.note(
      "spectrum.first-channels", at: .entry(content.record.table),
      found: "the counts of channel \(words) stand out from the next ones",
      expected: "some programs keep times there; all counts are given")
  }

  private mutating func checkTimes(_ record: SpectrumRecord) {
    for (name, time) in [("live", record.liveTime), ("real", record.realTime)] {
      if let time, time < 0 || !time.isFinite {
        diagnostics.warn(
          "spectrum.time", at: .entry(record.table), found: "the \(name) time is \(time) s",
          expected: "expected 0 or more")
      }
    }
    if let live = record.liveTime, let real = record.realTime, live > real {
      diagnostics.warn(
        "spectrum.live-time", at: .entry(record.table),
        found: "the live time of \(live) s is above the real time of \(real) s",
        expected: "expected it at most as long")
    }
  }

  /// Says that fewer counts are there than the file promises; refuses where it is under half.
  ///
  /// - Throws: `spectrum.truncated` where less than half is there, or nothing.
  mutating func checkPromise(
    _ present: Int, of promised: Int, at place: Place, _ detail: String = ""
  ) throws(ReadFailure) {
    guard present < promised else { return }
    let found =
      "the file promises \(promised) channels, \(present) are there"
      + (detail.isEmpty ? "" : detail)
    if present == 0 || present < promised / 2 {
      throw ReadFailure(
        "spectrum.truncated", at: place, found: found,
        expected: "\(promised - present) channels are lost: more than half")
    }
    complete = false
    diagnostics.warn(
      "spectrum.short", at: place, found: found,
      expected: "\(promised - present) channels are lost; those present are given")
  }
}
