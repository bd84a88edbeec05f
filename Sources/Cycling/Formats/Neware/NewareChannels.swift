internal import Bytes
internal import Tables
internal import Units

/// An auxiliary channel of a Neware file: probe temperatures, extra voltages and the like.
struct NewareChannel {
  /// What TestInfo.xml says of a channel.
  struct Description {
    /// Its number, from 1.
    var id: Int
    /// The number of the device's channel.
    var realID: Int?
    /// What it measures.
    var type: Int?
  }

  /// What a kind of channel measures and in which unit (the numbers of ChlType in TestInfo.xml).
  static func quantity(_ type: Int?) -> (name: String, ucum: String)? {
    switch type {
    case 102, 105: ("voltage", "V")
    case 103, 106: ("temperature", "Cel")
    case 104, 107: ("current", "A")
    case 108: ("clamp_temperature", "Cel")
    case 109: ("clamp_weight", "kg")
    case 110: ("clamp_air_pressure", "kPa")
    case 111: ("leader_temperature", "Cel")
    case 112: ("red_temperature", "Cel")
    case 113: ("humidity", "")
    case 114: ("thickness", "mm")
    case 117: ("pressure", "bar")
    case 118: ("force", "N")
    case 335: ("temperature_setpoint", "Cel")
    case 345: ("humidity", "%")
    default: nil
    }
  }

  /// The values of one quantity with the numbers of the records that they belong to.
  struct Series {
    var quantity: String
    var ucum: String
    var values: [Double]
  }

  var id: Int
  /// The numbers of the main records; empty where the values stand in their order.
  var index: [Int64] = []
  var series: [Series] = []
  var origin: Origin

  /// The columns, each value beside its record.
  func columns(beside records: [Int64]) -> [Column] {
    series.map { one in
      var name = "aux\(id)_\(one.quantity)"
      if one.quantity == "temperature", (1...5).contains(id) { name = "temperature_t\(id)" }
      return Column(
        name: name, label: "Aux\(id) \(one.quantity)", values: .real(aligned(one.values, records)),
        unit: (try? PhysicalUnit(ucum: one.ucum)).flatMap { one.ucum.isEmpty ? nil : .known($0) }
          ?? .absent, origin: origin)
    }
  }

  private func aligned(_ values: [Double], _ records: [Int64]) -> [Double] {
    if index.isEmpty || index == records, values.count == records.count { return values }
    guard !index.isEmpty else {
      return records.indices.map { $0 < values.count ? values[$0] : .nan }
    }
    var row = 0
    return records.map { record in
      while row < index.count, index[row] < record { row += 1 }
      return row < index.count && row < values.count && index[row] == record ? values[row] : .nan
    }
  }

  /// A channel that was not read yet.
  init(
    id: Int, index: [Int64] = [], series: [Series] = [], origin: Origin
  ) {
    self.id = id
    self.index = index
    self.series = series
    self.origin = origin
  }

  /// Takes out quantities that are zero throughout: they were not connected.
  mutating func dropEmpty(of count: Int, into diagnostics: inout DiagnosticList) {
    for one in series where series.count > 1 && one.values.allSatisfy({ $0 == 0 }) {
      diagnostics.note(
        "neware.empty-channel", at: origin.member.map { .entry($0) } ?? .whole,
        found: "the \(one.quantity) of channel \(id) is 0 in every record",
        expected: "taken as not connected")
    }
    if series.count > 1 {
      series.removeAll { one in one.values.allSatisfy { $0 == 0 } }
    }
  }
}

extension NewareMember {
  /// The channel of an auxiliary file.
  func channel(
    _ description: NewareChannel.Description?, number: Int, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> NewareChannel {
    try checkVersion(into: &diagnostics)
    var channel = NewareChannel(
      id: description?.id ?? number, origin: origin("little-endian"))
    switch version {
    case ...5:
      let (size, first) = version < 5 ? (94, 8) : (87, 1)
      let records = try records(size: size, index: first, into: &diagnostics)
      channel.index = records.integers(.uint32, at: first)
      channel.series = [
        .init(
          quantity: "voltage", ucum: "V", values: records.reals(.int32, at: first + 23, over: 1e4)),
        .init(
          quantity: "temperature", ucum: "Cel",
          values: records.reals(.int16, at: first + 33, over: 10)),
        .init(
          quantity: "temperature_setpoint", ucum: "Cel",
          values: records.reals(.int16, at: first + 35, over: 10)),
      ]
    case 9, 11, 13, 16:
      channel = try tagged(channel, &diagnostics)
    default:
      let records = try records(size: 4, into: &diagnostics)
      let known = NewareChannel.quantity(description?.type)
      if known == nil {
        diagnostics.warn(
          "neware.channel-type", at: .entry(name),
          found:
            "channel \(channel.id) is of type \(description?.type.map { "\($0)" } ?? "unknown")",
          expected: "expected a type with a known quantity; the values are given without a unit")
      }
      channel.series = [
        .init(
          quantity: known?.name ?? "value", ucum: known?.ucum ?? "",
          values: records.reals(.float32, at: 0))
      ]
      if !records.isDense { channel.index = records.slots(plus: 1) }
    }
    channel.dropEmpty(of: channel.series.first?.values.count ?? 0, into: &diagnostics)
    return channel
  }

  /// Versions whose first record tells how long they are.
  private func tagged(
    _ channel: NewareChannel, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> NewareChannel {
    var channel = channel
    switch bytes[4096 + 132] {
    case 0x65:
      let records = try records(size: 7, into: &diagnostics)
      channel.series = [
        .init(
          quantity: "voltage", ucum: "V", values: records.reals(.float32, at: 1, over: 1e4)),
        .init(
          quantity: "temperature", ucum: "Cel", values: records.reals(.int16, at: 5, over: 10)),
      ]
      if !records.isDense { channel.index = records.slots(plus: 1) }
    case 0x74:
      let records = try records(size: 88, into: &diagnostics)
      channel.index = records.integers(.uint32, at: 1)
      channel.series = [
        .init(
          quantity: "temperature", ucum: "Cel", values: records.reals(.int16, at: 35, over: 10))
      ]
    case nil: break
    case let tag?:
      diagnostics.warn(
        "neware.channel-records", at: .entry(name),
        found: "records that start with byte \(tag)", expected: "expected 101 or 116; left out")
    }
    return channel
  }
}
