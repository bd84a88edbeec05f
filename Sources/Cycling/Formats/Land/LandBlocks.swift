internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The blocks of a `.ccs` file: step headers (kind 2) and blocks of up to six records (kind 3).
struct LandBlocks {
  /// One step of the test as its header and its blocks tell it.
  private struct Step {
    /// Where the header stands.
    var offset: Int
    var code: Int
    /// Time of the test at which it starts, ms.
    var elapsed: Int64
    /// The instant at which it starts, ms since 1970.
    var instant: Int64
    /// Its first record.
    var first: Int
  }

  private let bytes: ByteView
  private let start: Int
  private var records: StoredRecords
  private var steps: [Step] = []
  private var diagnostics = DiagnosticList()
  private var isComplete = true

  init(_ bytes: ByteView, start: Int) {
    self.bytes = bytes
    self.start = start
    records = StoredRecords(bytes, size: 20)
  }

  mutating func walk() {
    var position = start
    var partial: Int?
    var slot = 0
    let end = bytes.count
    while position < end {
      let kind = bytes[position]
      let isWhole = position + LandHeader.block <= end
      if kind == 2, LandHeader.isStepHeader(bytes, at: position) {
        addStep(at: position)
        partial = nil
      } else if kind == 3 {
        if let partial {
          lose(
            "land.partial-block", partial, "a block of less than six records within a step",
            "expected one at the end of a step only")
        }
        partial = addRecords(at: position, &slot, isWhole: isWhole)
      } else if bytes[position..<min(end, position + LandHeader.block)].withBytes({
        $0.allSatisfy { $0 == 0 }
      }) {
        // Room that was never written to.
        if position + LandHeader.block < end, bytes[position + LandHeader.block] ?? 0 != 0 {
          lose(
            "land.block-kind", position, "an empty block within the data",
            "expected a step header (2) or records (3)")
        }
      } else {
        lose(
          "land.block-kind", position, "a block of kind \(kind ?? 0)",
          "expected a step header (2) or records (3); left out")
      }
      if !isWhole {
        lose(
          "land.cut-block", position,
          "the last block ends after \(end - position) of \(LandHeader.block) bytes",
          "expected whole blocks")
      }
      position += LandHeader.block
    }
  }

  private mutating func lose(_ code: String, _ offset: Int, _ found: String, _ expected: String) {
    isComplete = false
    switch code {
    case "land.partial-block":
      diagnostics.warn("land.partial-block", at: .byte(offset), found: found, expected: expected)
    case "land.cut-block":
      diagnostics.warn("land.cut-block", at: .byte(offset), found: found, expected: expected)
    default:
      diagnostics.warn("land.block-kind", at: .byte(offset), found: found, expected: expected)
    }
  }

  private mutating func addStep(at position: Int) {
    let previous = steps.last?.offset ?? 0
    if let pointer = LandHeader.u32(bytes, position + 4), pointer != previous {
      isComplete = false
      diagnostics.warn(
        "land.step-chain", at: .byte(position + 4),
        found: "the step says that the one before stands at byte \(pointer)",
        expected: "expected \(previous): a step may be lost")
    }
    steps.append(
      Step(
        offset: position, code: Int(bytes[position + 8] ?? 0),
        elapsed: Int64(LandHeader.u32(bytes, position + 24) ?? 0),
        instant: bytes.integers(.int64, count: 1, at: position + 0x38, order: .little)?.first ?? 0,
        first: records.count))
  }

  /// Adds the valid records of a block; gives the block's place where it holds less than six.
  private mutating func addRecords(at position: Int, _ slot: inout Int, isWhole: Bool) -> Int? {
    let stated = Int(bytes[position + 1] ?? 0)
    if !(1...6).contains(stated) {
      diagnostics.warn(
        "land.record-count", at: .byte(position + 1), found: "a block of \(stated) records",
        expected: "expected 1 to 6")
      isComplete = false
    }
    if let pointer = LandHeader.u32(bytes, position + 4), pointer != steps.last?.offset ?? 0 {
      diagnostics.warn(
        "land.step-pointer", at: .byte(position + 4),
        found: "a block names byte \(pointer) as its step",
        expected: "expected the step header before it")
    }
    let count = min(6, stated)
    slot += records.append(count, at: position + 8, slot: slot)
    return count < 6 ? position : nil
  }

  func dataset(metadata: Metadata) throws(ReadFailure) -> Dataset {
    guard records.count > 0 else {
      throw ReadFailure(
        "land.no-data", at: .byte(start), found: "no whole record is left",
        expected: "expected at least one")
    }
    var diagnostics = diagnostics
    let intervals = records.integers(.uint32, at: 0)
    let current = records.reals(.float32, at: 8)
    let charge = records.reals(.float32, at: 12)
    var elapsed: [Int64] = []
    var stepTime: [Double] = []
    var unix: [Double] = []
    var number: [Int64] = []
    var codes: [Int32] = []
    var levels: [String] = []
    var clock: Int64 = 0
    for (place, step) in steps.enumerated() {
      let end = place + 1 < steps.count ? steps[place + 1].first : records.count
      if step.elapsed != clock {
        diagnostics.warn(
          "land.elapsed", at: .byte(step.offset + 24),
          found: "step \(place + 1) starts after \(step.elapsed) ms, its records after \(clock) ms",
          expected: "expected the sum of the intervals; "
            + (step.elapsed > clock ? "the later time is taken" : "the sum is kept"))
        clock = max(clock, step.elapsed)
      }
      let begin = clock
      let name = LandStep.name(step.code)
      let code =
        levels.firstIndex(of: name)
        ?? {
          levels.append(name)
          return levels.count - 1
        }()
      for row in step.first..<max(step.first, end) {
        clock = clock &+ intervals[row]
        elapsed.append(clock)
        stepTime.append(Double(clock &- begin) / 1000)
        unix.append(Double(step.instant &+ clock &- begin) / 1000)
        number.append(Int64(place) + 1)
        codes.append(Int32(clamping: code))
      }
    }
    checkCharge(intervals, current, charge, &diagnostics)
    let origin = Origin(
      bytes: [start..<bytes.count], steps: ["little-endian, blocks of 128 bytes"])
    func column(_ name: String, _ label: String, _ ucum: String, _ values: ColumnValues) -> Column {
      Column(
        name: name, label: label, values: values,
        unit: (try? PhysicalUnit(ucum: ucum)).map { .known($0) } ?? .absent, origin: origin)
    }
    let columns = [
      column("test_time", "sum of dt", "s", .real(elapsed.map { Double($0) / 1000 })),
      column("step_time", "sum of dt in the step", "s", .real(stepTime)),
      column("unix_time", "step start + dt", "s", .real(unix)),
      column("voltage", "V", "V", .real(records.reals(.float32, at: 4))),
      column("current", "I", "A", .real(current)),
      column("step_count", "step headers", "1", .integer(number)),
      Column(
        name: "step_type", label: "step code", values: .category(levels: levels, codes: codes),
        unit: .absent, origin: origin),
      column("charge_increment", "dQ", "A.h", .real(charge)),
      column("energy_increment", "dE", "W.h", .real(records.reals(.float32, at: 16))),
    ]
    CyclerChecks.run(columns, into: &diagnostics)
    return Dataset(
      format: LandFile.id, technique: .cycling,
      tables: [Table(name: "data", columns: columns, indexColumns: ["test_time"])],
      metadata: metadata, diagnostics: diagnostics.all, complete: isComplete,
      reading: ["steps": "\(steps.count)"])
  }

  /// Warns where the charges of a step are not the integral of its current.
  private func checkCharge(
    _ intervals: [Int64], _ current: [Double], _ charge: [Double],
    _ diagnostics: inout DiagnosticList
  ) {
    for (place, step) in steps.enumerated() {
      let end = place + 1 < steps.count ? steps[place + 1].first : records.count
      var sum = 0.0
      var integral = 0.0
      for row in step.first..<max(step.first, end) {
        sum += charge[row]
        integral += abs(current[row]) * Double(intervals[row]) / 3.6e6
      }
      let scale = max(abs(sum), integral)
      guard scale > 0, !(abs(sum - integral) <= 0.01 * scale) else { continue }
      diagnostics.warn(
        "land.charge", at: .byte(step.offset),
        found: "step \(place + 1): charges of \(sum) Ah, current over time gives \(integral) Ah",
        expected: "expected the same within 1 %")
    }
  }
}
