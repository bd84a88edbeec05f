internal import Bytes
internal import Reading
internal import Tables

/// The `.ndc` files of one test, joined to one table.
struct NewareTest {
  var members: [NewareMember]
  /// Members that are cut, by name.
  var cut: Set<String> = []
  var described: [NewareChannel.Description] = []
  var diagnostics = DiagnosticList()
  var isComplete = true

  func dataset(format: String, metadata: Metadata) throws(ReadFailure) -> Dataset {
    var diagnostics = diagnostics
    var metadata = metadata
    var isComplete = isComplete
    func first(_ kind: NewareMember.Kind) -> NewareMember? {
      let all = members.filter { $0.kind == kind }
      return all.first { $0.name.lowercased().hasPrefix("data") } ?? all.first
    }
    guard let main = first(.main) else {
      throw ReadFailure(
        "neware.no-data", found: "there is no member with voltages and currents (data.ndc)",
        expected: "expected one among \(members.map(\.name).joined(separator: ", "))")
    }
    var series = try main.main(into: &diagnostics)
    // Of a cut member at least the header must be there.
    if let runInfo = first(.runInfo), !cut.contains(runInfo.name) || runInfo.bytes.count > 4096 {
      let info = try runInfo.runInfo(into: &diagnostics)
      let lost = series.join(info, isCut: cut.contains(runInfo.name))
      if lost > 0 {
        isComplete = false
        diagnostics.warn(
          "neware.no-times", at: .entry(runInfo.name),
          found: "\(lost) of \(series.count) records have no time",
          expected: "expected run information for each stretch of records")
      }
      try joinSteps(first(.step), &series, &diagnostics, &isComplete)
    } else if series.stepTime.isEmpty, series.count > 0 {
      isComplete = false
      diagnostics.warn(
        "neware.no-run-info", at: .entry(main.name),
        found: "\(series.count) voltages and currents without times: there is no runInfo file",
        expected: "expected it in the archive or beside the file")
    }
    series.channels = try channels(beside: series, &diagnostics)
    for member in members where member.kind == .log || member.kind == .es {
      metadata.append(member.name, "\(member.bytes.count) bytes, version \(member.version)")
      diagnostics.note(
        "neware.not-decoded", at: .entry(member.name),
        found: "\(member.bytes.count) bytes of a kind without numbers of the test",
        expected: "not decoded")
    }
    for member in members where member.kind == .main && member.name != main.name {
      isComplete = false
      diagnostics.warn(
        "neware.extra-member", at: .entry(member.name), found: "a second member of main records",
        expected: "expected one; not read")
    }
    if series.count == 0 {
      if cut.contains(main.name) || !isComplete {
        throw ReadFailure(
          "neware.no-records", at: .entry(main.name), found: "no whole record is left",
          expected: "expected at least one")
      }
      diagnostics.warn(
        "neware.empty", at: .entry(main.name), found: "the test holds no record",
        expected: "expected a test that was started")
    }
    isComplete = isComplete && !diagnostics.all.contains { $0.code == "neware.cut-page" }
    let table = series.table()
    CyclerChecks.run(table.columns, into: &diagnostics)
    return Dataset(
      format: format, technique: .cycling, tables: [table], metadata: metadata,
      diagnostics: diagnostics.all, complete: isComplete,
      reading: ["ndc version": "\(main.version)"])
  }

  private func joinSteps(
    _ member: NewareMember?, _ series: inout NewareSeries, _ diagnostics: inout DiagnosticList,
    _ isComplete: inout Bool
  ) throws(ReadFailure) {
    guard let member else {
      isComplete = isComplete && series.count == 0
      diagnostics.warn(
        "neware.no-steps", found: "there is no step file (data_step.ndc)",
        expected: "expected one; cycles and steps are not known")
      return
    }
    let timed = series.stepCount.count { $0 != NewareSeries.absent }
    let lost = series.join(try member.steps(into: &diagnostics)) - (series.count - timed)
    if lost > 0 {
      isComplete = false
      diagnostics.warn(
        "neware.unlisted-step", at: .entry(member.name),
        found: "\(lost) records belong to steps that are not listed",
        expected: "expected every step in the list")
    }
  }

  /// The auxiliary channels, in the order of the numbers in their names.
  private func channels(
    beside series: NewareSeries, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> [Column] {
    let files = members.filter { $0.kind == .auxiliary }
      .map { ($0, Self.numbers($0.name)) }
      .sorted { ($0.1.map { ($0) }).lexicographicallyPrecedes($1.1) }
    var columns: [Column] = []
    for (place, (member, numbers)) in files.enumerated() {
      let isNamed = member.name.uppercased().contains("_AUX_")
      let match =
        described.first { isNamed ? $0.realID == numbers.first : $0.id == numbers.last }
        ?? (described.count == files.count ? described[place] : nil)
      let channel = try member.channel(match, number: place + 1, into: &diagnostics)
      columns += channel.columns(beside: series.index)
    }
    return columns
  }

  /// The numbers in a name, `data_AUX_225_3_1.ndc` → 225, 3, 1.
  private static func numbers(_ name: String) -> [Int] {
    name.dropLast(4).split { !$0.isNumber }.compactMap { Int($0) }
  }
}
