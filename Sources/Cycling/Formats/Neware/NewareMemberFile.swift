public import Bytes
public import Reading
public import Tables
internal import Units

/// A single `.ndc` file outside its `.ndax` archive.
public enum NewareMemberFile: FileFormat {
  /// `neware-ndc`.
  public static let id = "neware-ndc"
  /// One line for people.
  public static let title = "Neware BTS .ndc (one part of an .ndax)"
  /// Battery cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["ndc"]
  /// How it is recognised.
  public static let recognisedBy = "type and version in bytes 0 and 2, pages whose type is one more"

  /// 90 where the first page has the number of its file's type plus one, 55 for the head alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let member = NewareMember(file.head, name: file.name), member.version <= 40,
      file.head[4] == 1 || member.hasSmallPages
    else { return .none }
    let reasons = ["type \(member.kind.rawValue), version \(member.version)"]
    if !member.hasSmallPages, file.head[4096] == member.kind.rawValue + 1, file.head[4097] == 0 {
      return Recognition(90, reasons + ["page of type \(member.kind.rawValue + 1)"])
    }
    let page = member.hasSmallPages ? 512 : 4096
    guard file.pathExtension == "ndc" || (file.size % page == 0 && file.size > 0) else {
      return .none
    }
    return Recognition(file.pathExtension == "ndc" ? 60 : 30, reasons)
  }

  /// Reads the file; times and steps come from the files beside it.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    guard let member = NewareMember(bytes, name: name) else {
      throw ReadFailure(
        "neware.header", at: .byte(0),
        found: "the file starts with \(NewareArchive.hex(bytes.prefix(4)))",
        expected: "expected type and version of a Neware .ndc file")
    }
    var diagnostics = DiagnosticList()
    switch member.kind {
    case .main: return try test(member, options)
    case .log, .es:
      throw ReadFailure(
        "neware.no-data", at: .byte(0),
        found: "a file of type \(member.kind.rawValue), which holds no numbers of the test",
        expected: "expected data.ndc, or the whole .ndax")
    case .runInfo:
      let info = try member.runInfo(into: &diagnostics)
      var series = NewareSeries()
      series.index = info.index
      series.stepTime = info.stepTime.map { Double($0) / 1000 }
      series.unixTime = info.unixTime
      series.stepCount = info.stepCount
      series.chargeIn = info.chargeIn
      series.chargeOut = info.chargeOut
      series.energyIn = info.energyIn
      series.energyOut = info.energyOut
      return part(member, series.table(name: "run_info"), diagnostics)
    case .step:
      let steps = try member.steps(into: &diagnostics)
      var series = NewareSeries()
      series.index = steps.cycle.indices.map { Int64($0) + 1 }
      series.cycle = steps.cycle
      series.step = steps.step
      series.type = steps.type
      return part(member, series.table(name: "steps"), diagnostics)
    case .auxiliary:
      let channel = try member.channel(nil, number: 1, into: &diagnostics)
      let count = channel.series.first?.values.count ?? 0
      let index = channel.index.isEmpty ? (0..<count).map { Int64($0) + 1 } : channel.index
      var series = NewareSeries()
      series.index = index
      series.channels = channel.columns(beside: index)
      return part(member, series.table(name: "auxiliary"), diagnostics)
    }
  }

  private static func part(
    _ member: NewareMember, _ table: Table, _ diagnostics: DiagnosticList
  ) -> Dataset {
    var diagnostics = diagnostics
    diagnostics.warn(
      "neware.part", at: .entry(member.name),
      found: "a part of a test without its voltages and currents",
      expected: "expected data.ndc or the whole .ndax")
    return Dataset(
      format: id, technique: .cycling, tables: [table], diagnostics: diagnostics.all,
      complete: !diagnostics.all.contains { $0.code == "neware.cut-page" },
      reading: ["ndc version": "\(member.version)"])
  }

  private static func test(
    _ main: NewareMember, _ options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let stem = main.name.lowercased().hasSuffix(".ndc") ? String(main.name.dropLast(4)) : main.name
    var members = [main]
    for part in ["runInfo", "step"] + (1...8).map({ "\($0)" }) {
      let name = "\(stem)_\(part).ndc"
      if let content = options.companion(name), let member = NewareMember(content, name: name),
        member.kind != .main
      {
        members.append(member)
      }
    }
    var metadata = Metadata()
    for member in members.dropFirst() { metadata.append("read beside the file", member.name) }
    return try NewareTest(members: members).dataset(format: id, metadata: metadata)
  }
}
