internal import Bytes
internal import Tables
internal import Units

/// The records of a result file by test, in the order of their numbers.
struct ArbinRecords {
  /// One test.
  struct Test {
    /// Its number; 0 where the database has none.
    var id: Int64
    /// Its rows in the order of `Data_Point`.
    var rows: [Int]
    /// The data points of the rows.
    var points: [Int64]
    /// Columns of the auxiliary channels.
    var auxiliary: [Column] = []
  }

  let tests: [Test]

  /// Splits the records by `Test_ID` and sorts them by `Data_Point`; pages stand in the order in which
  /// the database filled them.
  init(_ content: JetContent) {
    let ids = Self.integers(content["Test_ID"]) ?? Array(repeating: 0, count: content.rows)
    let points = Self.integers(content["Data_Point"]) ?? (0..<content.rows).map { Int64($0) }
    var order = Array(0..<content.rows)
    let isSorted = zip(order, order.dropFirst()).allSatisfy {
      (ids[$0], points[$0]) <= (ids[$1], points[$1])
    }
    if !isSorted { order.sort { (ids[$0], points[$0], $0) < (ids[$1], points[$1], $1) } }
    var tests: [Test] = []
    var start = 0
    for end in 1..<(order.count + 1)
    where end == order.count || ids[order[end]] != ids[order[start]] {
      let rows = Array(order[start..<end])
      tests.append(Test(id: ids[order[start]], rows: rows, points: rows.map { points[$0] }))
      start = end
    }
    self.tests = tests.isEmpty ? [Test(id: 0, rows: [], points: [])] : tests
  }

  /// The whole numbers of a column.
  static func integers(_ values: JetContent.Values?) -> [Int64]? {
    guard case .integer(let numbers)? = values?.values else { return nil }
    return numbers
  }
}

/// Joins the readings of auxiliary channels (thermocouples, voltage taps) to the records.
struct ArbinAuxiliary {
  private var units: [Channel: String] = [:]

  private struct Channel: Hashable, Comparable {
    var type: Int64
    var index: Int64

    static func < (a: Channel, b: Channel) -> Bool { (a.type, a.index) < (b.type, b.index) }
  }

  /// The kinds of channels by number, in the order of the columns `Mapped_Aux_…_Number` of
  /// `Global_Table`, with the units that Arbin's programs show.
  private static let kinds = [
    "voltage", "temperature", "pressure", "ph", "flow_rate", "concentration", "digital_input",
    "digital_output",
  ]

  /// - Parameter units: the rows of `Aux_Global_Data_Table`.
  init(units content: JetContent?) {
    guard let content, let types = ArbinRecords.integers(content["Data_Type"]),
      let indexes = ArbinRecords.integers(content["Auxiliary_Index"]),
      case .text(let texts)? = content["Unit"]?.values
    else { return }
    for row in 0..<content.rows where !texts[row].isEmpty {
      let channel = Channel(type: types[row], index: indexes[row])
      // Channels of several cyclers in one file: a unit counts where they agree.
      if let known = units[channel], known != texts[row] {
        units[channel] = ""
      } else {
        units[channel] = texts[row]
      }
    }
  }

  /// Adds a column a channel; false, with nothing added, where a reading has no record or two readings
  /// have one.
  func join(_ content: JetContent, to tests: inout [ArbinRecords.Test]) -> Bool {
    guard let ids = ArbinRecords.integers(content["Test_ID"]),
      let points = ArbinRecords.integers(content["Data_Point"]),
      let types = ArbinRecords.integers(content["Data_Type"]),
      let indexes = ArbinRecords.integers(content["Auxiliary_Index"]),
      case .real(let readings)? = content["X"]?.values
    else { return false }
    var rates: [Double]?
    if case .real(let values)? = content["dX_dt"]?.values { rates = values }
    var places: [[Int64: Int]] = []
    for test in tests {
      places.append(
        [Int64: Int](
          test.points.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first }))
    }
    let numbers = [Int64: Int](
      tests.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var rows: [[Channel: [Int32]]] = tests.map { _ in [:] }
    var cells = 0
    for row in 0..<content.rows {
      guard let test = numbers[ids[row]], let place = places[test][points[row]] else {
        return false
      }
      let channel = Channel(type: types[row], index: indexes[row])
      if rows[test][channel] == nil {
        // As many cells as records for each channel: a hostile file names a channel a reading.
        cells += tests[test].rows.count
        guard cells <= 64 * (content.rows + 1024) else { return false }
        rows[test][channel] = Array(repeating: -1, count: tests[test].rows.count)
      }
      guard rows[test][channel]?[place] == -1 else { return false }
      rows[test][channel]?[place] = Int32(clamping: row)
    }
    for test in tests.indices {
      for channel in rows[test].keys.sorted() {
        guard let picked = rows[test][channel] else { continue }
        let value = { (values: [Double]) in picked.map { $0 < 0 ? .nan : values[Int($0)] } }
        tests[test].auxiliary.append(column(channel, value(readings), content, isRate: false))
        if let rates {
          tests[test].auxiliary.append(column(channel, value(rates), content, isRate: true))
        }
      }
    }
    return true
  }

  private func column(
    _ channel: Channel, _ values: [Double], _ content: JetContent, isRate: Bool
  ) -> Column {
    let kind =
      Int(exactly: channel.type).flatMap { Self.kinds.indices.contains($0) ? Self.kinds[$0] : nil }
      ?? "type_\(channel.type)"
    let number = channel.index.addingReportingOverflow(1).partialValue
    var unit = units[channel].map { $0.isEmpty ? nil : $0 } ?? nil
    if unit == nil, channel.type < 2 { unit = channel.type == 0 ? "V" : "C" }
    let temperature = PhysicalUnit.loose("Cel")?.unit
    let loose = unit.flatMap {
      PhysicalUnit.loose($0, expecting: channel.type == 1 ? temperature?.dimension : nil)?.unit
    }
    let label =
      "\(isRate ? "dX_dt" : "X") of Data_Type \(channel.type), Auxiliary_Index \(channel.index)"
    let origin = Origin(
      bytes: content.bytes, steps: ["float32", "joined by Test_ID and Data_Point"])
    if isRate {
      let perSecond: ColumnUnit =
        switch channel.type {
        case 0: ArbinLabels.unit("dv_dt")
        case 1: (try? PhysicalUnit(ucum: "K/s")).map { .known($0) } ?? .absent
        default: .absent
        }
      return Column(
        name: "aux_\(kind)_\(number)_rate", label: label, values: .real(values), unit: perSecond,
        origin: origin, storage: .float32)
    }
    let isProbe = channel.type == 1 && (1...5).contains(number) && loose != nil
    let known = CyclerColumn(
      label: label, name: isProbe ? "temperature_t\(number)" : "aux_\(kind)_\(number)",
      written: loose.map { .known($0) } ?? unit.map { .unknown($0) } ?? .absent,
      target: isProbe ? temperature : nil, isCanonical: isProbe)
    return known.column(values, origin: origin, storage: .float32)
  }
}
