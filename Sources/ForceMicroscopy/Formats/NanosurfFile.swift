public import Bytes
public import Reading
public import Tables
internal import Units

/// A Nanosurf file: force curves, maps of them, and images.
///
/// Usage: `.nid` (and `.ezd`) of easyScan, FlexAFM, CoreAFM and others.
/// Columns of a curve: `force`, `deflection` or `deflection_voltage` by the unit of the block,
/// `sensor_position`, `piezo_position` and `time`; one table a segment, `INDEX/approach` in a map.
/// Columns of an image: one a layer, in the tables `scan` (forward) and `scan_2` (backward).
/// Values: from the stored whole numbers by range and least value; the backward curves are stored along
/// the axis and given in time order.
/// Structure: docs/formats/nanosurf-nid.md.
public enum NanosurfFile: FileFormat {
  /// The id, `nanosurf-nid`.
  public static let id = "nanosurf-nid"
  /// One line for people.
  public static let title = "Nanosurf force curves and images"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Nanosurf's extensions.
  public static let extensions = ["nid", "ezd"]
  /// The first section and the groups.
  public static let recognisedBy = "[DataSet] on line 1 and the key GroupCount"

  /// How sure we are: 100 with the first section and its groups, 60 with the section alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.starts(with: "[DataSet]") else { return .none }
    guard file.head.prefix(4096).firstRange(of: "\nGroupCount=") != nil else {
      return Recognition(60, ["the section [DataSet]"])
    }
    return Recognition(100, ["the section [DataSet]", "the key GroupCount"])
  }

  /// Reads the curves and images.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let header = NanosurfHeader(bytes)
    guard let start = header.dataStart else {
      throw ReadFailure(
        "nid.header", at: .byte(bytes.count),
        found: "the header has \(header.sections.count) sections and no mark #!",
        expected: "expected the mark before the data")
    }
    var diagnostics = DiagnosticList()
    let channels = try channels(header, start: start, into: &diagnostics)
    let isCurve = { (c: NanosurfChannel) in NanosurfChannel.segments[c.frame.lowercased()] != nil }
    let curves = NanosurfCurves(bytes, header, channels.filter(isCurve))
    diagnostics.add(contentsOf: curves.diagnostics.all)
    let others = NanosurfImages(bytes, channels.filter { !isCurve($0) })
    diagnostics.add(contentsOf: others.diagnostics.all)
    let tables = curves.tables + others.tables
    let lost = channels.filter { $0.wholeLines(bytes) < $0.lines }
    if !lost.isEmpty {
      let lines = lost.reduce(0) { $0 + $1.lines - $1.wholeLines(bytes) }
      diagnostics.warn(
        "nid.truncated", at: .byte(bytes.count),
        found: "\(lines) lines of \(lost.count) of \(channels.count) blocks are not in the file",
        expected: "expected all of them; the whole ones are given")
    }
    guard !tables.isEmpty else {
      throw ReadFailure(
        "nid.no-data", at: .byte(bytes.count),
        found: "no whole line of the \(channels.count) blocks is in the file",
        expected: "expected the data that the header announces")
    }
    let settings =
      channels.contains(where: isCurve) ? NanosurfSettings.all(header, into: &diagnostics) : []
    var (metadata, origins) = header.metadata()
    origins["section"] = nil
    let end = channels.map { $0.offset + $0.size }.max() ?? start
    if bytes.count > end {
      metadata.append("trailing_bytes", .integer(Int64(bytes.count - end)))
      diagnostics.note(
        "nid.trailing", at: .byte(end),
        found: "\(bytes.count - end) bytes follow the data that the header announces")
    }
    return Dataset(
      format: id, technique: technique, tables: tables, grids: others.grids, metadata: metadata,
      diagnostics: diagnostics.all, complete: lost.isEmpty, settingOrigins: origins,
      settings: settings)
  }

  /// The blocks in the order in which they stand.
  private static func channels(
    _ header: NanosurfHeader, start: Int, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> [NanosurfChannel] {
    guard let list = header["DataSet"] else {
      throw ReadFailure(
        "nid.header", at: .byte(0), found: "there is no section [DataSet]",
        expected: "expected the list of groups")
    }
    if let odd = header.oddLines.first {
      diagnostics.warn(
        "nid.line", at: .byte(odd.bytes.lowerBound),
        found: "\(header.oddLines.count) lines of the header are no key=value",
        expected: "kept in the metadata as they are")
    }
    var blocks: [(group: Int, channel: Int, section: String)] = []
    for entry in list.entries {
      // `Gr0-Ch7=DataSet-0:7`
      let parts = entry.key.split(separator: "-")
      guard parts.count == 2, parts[0].hasPrefix("Gr"), parts[1].hasPrefix("Ch"),
        let group = Int(parts[0].dropFirst(2)), let channel = Int(parts[1].dropFirst(2))
      else { continue }
      blocks.append((group, channel, entry.value))
    }
    guard blocks.count <= 1024 else {
      throw ReadFailure(
        "nid.header", at: .byte(list.start), found: "[DataSet] lists \(blocks.count) blocks",
        expected: "expected at most 1024")
    }
    blocks.sort { ($0.group, $0.channel) < ($1.group, $1.channel) }
    var result: [NanosurfChannel] = []
    var offset = start
    for block in blocks {
      guard let section = header[block.section] else {
        throw ReadFailure(
          "nid.block", at: .byte(list.start),
          found: "the block \(block.section) has no section",
          expected: "expected one, since it places every block behind it")
      }
      let channel = try NanosurfChannel(
        group: block.group, name: list.text("Gr\(block.group)-Name") ?? "", section, at: offset,
        into: &diagnostics)
      let (pixels, over) = channel.points.multipliedReportingOverflow(by: channel.lines)
      let (size, far) = pixels.multipliedReportingOverflow(by: channel.layout.size)
      guard !over, !far, size <= 1 << 48 else {
        throw ReadFailure(
          "nid.block", at: .byte(section.start),
          found: "\(section.name) has \(channel.points) points on \(channel.lines) lines",
          expected: "expected a size that a file can have")
      }
      offset += size
      result.append(channel)
    }
    let named = Set(blocks.map(\.section))
    for section in header.sections
    where section["SaveBits"] != nil && !named.contains(section.name) {
      diagnostics.warn(
        "nid.unlisted", at: .byte(section.start),
        found: "the block \(section.name) is in no group of [DataSet]",
        expected: "expected it there; blocks behind it may be misplaced")
    }
    guard !result.isEmpty else {
      throw ReadFailure(
        "nid.no-data", at: .byte(list.start), found: "[DataSet] lists no block",
        expected: "expected keys such as Gr0-Ch0")
    }
    return result
  }
}
