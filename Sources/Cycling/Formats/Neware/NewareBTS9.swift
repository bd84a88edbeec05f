internal import Bytes
internal import Reading
internal import Tables

/// An `.nda` file of BTS 9 (versions 129 and 130).
struct NewareBTS9 {
  private let bytes: ByteView
  private var diagnostics = DiagnosticList()
  private var isComplete = true

  init(_ bytes: ByteView) { self.bytes = bytes }

  private func u64(_ offset: Int) -> Int? {
    bytes.integers(.int64, count: 1, at: offset, order: .little)?.first.map { Int($0) }
  }

  /// A stretch of records.
  private struct Block {
    var begin: Int
    var length: Int
  }

  /// The stretches: one that the head names, or a chain of heads of 1024 bytes.
  private func blocks() throws(ReadFailure) -> [Block] {
    guard let begin = u64(82), let total = u64(90) else { throw cutHeader }
    guard begin == 0, bytes.dropFirst(1024).starts(with: "NEWARE") else {
      return [Block(begin: begin, length: total)]
    }
    var blocks: [Block] = []
    var head = 1024
    var last = 0
    while head > last, bytes.dropFirst(head).starts(with: "NEWARE") {
      last = head
      guard let start = u64(head + 82), let length = u64(head + 90), let foot = u64(head + 242),
        let footLength = u64(head + 250)
      else { break }
      if length > 0 { blocks.append(Block(begin: start, length: length)) }
      let (next, overflow) = foot.addingReportingOverflow(footLength)
      if overflow { break }
      head = next
    }
    return blocks
  }

  private var cutHeader: ReadFailure {
    ReadFailure(
      "neware.header", at: .byte(bytes.count), found: "the file has \(bytes.count) bytes",
      expected: "expected a header of 1024 bytes")
  }

  /// The layouts of the records: 88 bytes with the mark behind a tag of four bytes, or the mark first.
  private enum Kind { case tagged, plain }

  func dataset(_ version: UInt8) throws(ReadFailure) -> Dataset {
    var reader = self
    return try reader.run(version)
  }

  private mutating func run(_ version: UInt8) throws(ReadFailure) -> Dataset {
    let release = bytes.integers(.uint16, count: 1, at: 16, order: .little)?.first ?? 0
    let blocks = try blocks()
    guard let first = blocks.first, first.begin > 0, first.begin < bytes.count else {
      throw ReadFailure(
        "neware.pointer", at: .byte(82),
        found:
          "the records are said to start at byte \(blocks.first?.begin ?? 0) of \(bytes.count)",
        expected: "expected an offset in the file: the file may be cut before its first record")
    }
    let kind: Kind
    if bytes[first.begin] == 0x55 {
      kind = .plain
    } else if bytes[first.begin + 4] == 0x55 {
      kind = .tagged
    } else {
      throw ReadFailure(
        "neware.record-kind", at: .byte(first.begin),
        found:
          "records that start with \(NewareArchive.hex(bytes[first.begin..<(first.begin + 5)]))",
        expected: "expected the mark 55 as first or fifth byte")
    }
    if ![2, 3, 19].contains(release) {
      diagnostics.warn(
        "neware.unverified", at: .byte(16),
        found: "records of release \(release), never compared with the vendor's export",
        expected: "expected 2, 3 or 19; check the values against the vendor's program")
    }
    let size = try recordSize(kind, first, total: blocks.reduce(0) { $0 &+ $1.length })
    let records = collect(blocks, size: size, markAt: kind == .plain ? 0 : 4)
    guard records.count > 0 else {
      throw ReadFailure(
        "neware.no-records", at: .byte(first.begin), found: "no whole record is left",
        expected: "expected at least one")
    }
    var series = kind == .plain ? plain(records) : tagged(records)
    series.sort(into: &diagnostics)
    series.checkGaps(into: &diagnostics)
    if series.cycle.isEmpty {
      diagnostics.note(
        "neware.no-cycles", found: "the file stores no cycle number",
        expected: "the column cycle_count is left out")
    }
    var metadata = Metadata()
    metadata.append("nda version", .integer(Int64(version)))
    metadata.append("record release", .integer(release))
    metadata.append("record size", .integer(Int64(size)))
    let table = series.table()
    CyclerChecks.run(table.columns, into: &diagnostics)
    return Dataset(
      format: NewareFile.id, technique: .cycling, tables: [table], metadata: metadata,
      diagnostics: diagnostics.all, complete: isComplete, reading: ["nda version": "\(version)"])
  }

  /// The length of a record: the one at which marks and rising indices follow one another.
  private func recordSize(
    _ kind: Kind, _ block: Block, total: Int
  ) throws(ReadFailure) -> Int {
    let candidates = kind == .plain ? [52, 56, 60] : [88]
    let (mark, index) = kind == .plain ? (0, 8) : (4, 16)
    let end = min(bytes.count, block.begin &+ max(0, block.length))
    for size in candidates {
      let count = max(0, min(200, (end - block.begin) / size))
      let numbers = (0..<count).compactMap {
        bytes.integers(.uint32, count: 1, at: block.begin + $0 * size + index, order: .little)?
          .first
      }
      let marks = (0..<count).count { bytes[block.begin + $0 * size + mark] == 0x55 }
      let rises = zip(numbers.dropFirst(), numbers).count { $0 == $1 + 1 }
      if count > 0, marks * 10 >= count * 9, rises * 10 >= (count - 1) * 9 { return size }
    }
    throw ReadFailure(
      "neware.record-size", at: .byte(block.begin),
      found: "records of a length that is not known (\(total) bytes in all)",
      expected: "expected \(candidates.map { "\($0)" }.joined(separator: ", ")) bytes a record")
  }

  private mutating func collect(_ blocks: [Block], size: Int, markAt: Int) -> StoredRecords {
    var records = StoredRecords(bytes, size: size)
    var slot = 0
    for block in blocks where block.begin > 0 {
      let present = max(0, min(block.length, bytes.count - block.begin))
      if block.length > present || block.length % size != 0 {
        isComplete = false
        diagnostics.warn(
          "neware.cut-records", at: .byte(min(bytes.count, block.begin &+ present)),
          found: "\(block.length) bytes of records declared, \(present) are there; "
            + "\(max(0, block.length &- present) / size + 1) records are lost",
          expected: "expected a multiple of \(size) bytes")
      }
      for number in 0..<(present / size) {
        let position = block.begin + number * size
        if bytes[position + markAt] == 0x55 {
          records.append(1, at: position, slot: slot)
          slot += 1
        } else {
          isComplete = false
          diagnostics.warn(
            "neware.record-kind", at: .byte(position),
            found: "a record that starts with byte \(bytes[position + markAt] ?? 0)",
            expected: "expected 85 (data); left out")
        }
      }
    }
    return records
  }

  /// Seconds and nanoseconds as one time.
  private func time(_ records: StoredRecords, _ at: Int) -> [Double] {
    let seconds = records.integers(.uint32, at: at)
    let nano = records.integers(.uint32, at: at + 4)
    return zip(seconds, nano).map { Double($0 * 1_000_000_000 + $1) / 1e9 }
  }

  private func plain(_ records: StoredRecords) -> NewareSeries {
    var series = NewareSeries()
    let isLong = records.size == 60
    series.index = records.integers(.uint32, at: 8)
    series.step = records.integers(.uint8, at: 2)
    series.type = records.integers(.uint8, at: 3)
    series.stepCount = NewareSeries.changes([series.step])
    series.testTime = time(records, 12)
    series.current = records.reals(.float32, at: 20, over: 1e3)
    series.voltage = records.reals(.float32, at: 24)
    let charge = records.reals(.float32, at: 28, over: 3.6e6)
    let energy = records.reals(.float32, at: 32, over: 3.6e6)
    series.chargeIn = charge.map { max($0, 0) }
    series.chargeOut = charge.map { max(-$0, 0) }
    series.energyIn = energy.map { max($0, 0) }
    series.energyOut = energy.map { max(-$0, 0) }
    series.cycle = records.integers(.uint32, at: isLong ? 52 : 36).map { $0 + 1 }
    series.unixTime = time(records, isLong ? 36 : 44)
    if records.size > 52 {
      let channel = NewareChannel(
        id: 1,
        series: [
          .init(
            quantity: "temperature", ucum: "Cel",
            values: records.reals(.float32, at: isLong ? 48 : 52))
        ], origin: Origin())
      series.channels = channel.columns(beside: series.index)
    }
    // The step's own time is not stored: it counts from the end of the step before.
    var before = 0.0
    for row in series.testTime.indices {
      if row > 0, series.stepCount[row] != series.stepCount[row - 1] {
        before = series.testTime[row - 1]
      }
      series.stepTime.append(((series.testTime[row] - before) * 1e9).rounded() / 1e9)
    }
    return series
  }

  private func tagged(_ records: StoredRecords) -> NewareSeries {
    var series = NewareSeries()
    series.step = records.integers(.uint8, at: 9)
    series.type = records.integers(.uint8, at: 10)
    series.stepCount = NewareSeries.changes([series.step])
    series.index = records.integers(.uint32, at: 16)
    series.stepTime = records.reals(.uint64, at: 28, over: 1e6)
    series.testTime = NewareSeries.elapsed(series.stepTime, series.stepCount)
    series.voltage = records.reals(.float32, at: 36)
    series.current = records.reals(.float32, at: 40, over: 1e3)
    func charge(_ at: Int) -> [Double] {
      records.reals(.float32, at: at, over: 3.6e6).map { abs($0) }
    }
    series.chargeIn = charge(52)
    series.energyIn = charge(56)
    series.chargeOut = charge(60)
    series.energyOut = charge(64)
    series.unixTime = records.reals(.uint64, at: 68, over: 1e6)
    return series
  }
}
