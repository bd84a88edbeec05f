public import Bytes
public import Reading
public import Tables

/// A Bruker (Veeco, Digital Instruments) NanoScope file: single ramps, force volumes and images.
///
/// Usage: `.spm`, `.000` and other numbers, `.pfc`.
/// Columns of a curve: `deflection_voltage`, `deflection` and `force` where the file has the
/// calibration, `sensor_position` or the commanded ramp as `piezo_position`, and `time`; one table a
/// segment (`approach`, `dwell`, `retract`), `INDEX/approach` in a force volume.
/// Columns of an image: one a layer, in the table `scan`, with a grid beside it.
/// Values: the approach is stored from the turning point outward and given in time order.
/// Structure: docs/formats/nanoscope.md.
public enum NanoScopeFile: FileFormat {
  /// The id, `nanoscope`.
  public static let id = "nanoscope"
  /// One line for people.
  public static let title = "Bruker NanoScope force curves, force volumes and images"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// The usual extensions; numbers are as common.
  public static let extensions = ["spm", "pfc", "000", "001"]
  /// The first section of the header.
  public static let recognisedBy = "\\*Force file list or \\*File list on line 1"

  /// How sure we are: 100 with the first section and a version, 90 with the section alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.starts(with: "\\*") else { return .none }
    let line = file.head.prefix(64).latin1().prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
    guard line.lowercased().hasSuffix("file list") else { return .none }
    guard file.head.prefix(2048).firstRange(of: "\\Version:") != nil else {
      return Recognition(90, ["the section \(line.dropFirst(2))"])
    }
    return Recognition(100, ["the section \(line.dropFirst(2))", "a version"])
  }

  /// Reads the curves and images.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let header = NanoScopeHeader(bytes)
    try check(header, bytes)
    var diagnostics = DiagnosticList()
    describe(header, &diagnostics)
    var channels: [NanoScopeChannel] = []
    let (expected, isVolume, isCapture) = curves(header)
    for section in header.all("Ciao force image list") {
      channels.append(try NanoScopeChannel(section, in: header, expected: expected))
    }
    // The plainest channel of deflection is the one that forces come from.
    if let main = channels.filter({ $0.role == .deflection })
      .min(by: { NanoScopeChannel.rank($0) < NanoScopeChannel.rank($1) }),
      let i = channels.firstIndex(where: { $0.section.start == main.section.start }), i > 0
    {
      channels.remove(at: i)
      channels.insert(main, at: 0)
    }
    let images = NanoScopeImages(bytes, header)
    var tables: [Table] = []
    var settings: [InstrumentSetting] = []
    var complete = images.complete
    if let first = channels.first {
      if first.role != .deflection {
        diagnostics.warn(
          "nanoscope.no-deflection", at: .byte(first.section.start),
          found: "the channels are "
            + channels.map { "\u{201C}\($0.label)\u{201D}" }.joined(separator: ", "),
          expected: "expected one of deflection")
      }
      let read = NanoScopeSettings(
        header, deflection: channels.first { $0.role == .deflection }?.section)
      diagnostics.add(contentsOf: read.diagnostics.all)
      settings = read.settings
      let curves = NanoScopeCurves(
        bytes, header, channels, read, isVolume: isVolume, isCapture: isCapture)
      diagnostics.add(contentsOf: curves.diagnostics.all)
      tables = curves.tables
      complete = complete && curves.complete
    }
    diagnostics.add(contentsOf: images.diagnostics.all)
    tables += images.tables
    guard !tables.isEmpty else {
      throw ReadFailure(
        "nanoscope.no-data", at: .byte(bytes.count),
        found: "no whole curve or layer is in the \(bytes.count) bytes of the file",
        expected: "expected the samples that the header announces")
    }
    var (metadata, origins) = header.metadata()
    let end = dataEnd(header)
    if bytes.count > end {
      metadata.append("trailing_bytes", .integer(Int64(bytes.count - end)))
      diagnostics.note(
        "nanoscope.trailing", at: .byte(end),
        found: "\(bytes.count - end) bytes follow the data that the header announces")
    }
    origins["section"] = nil
    return Dataset(
      format: id, technique: technique, tables: tables, grids: images.grids, metadata: metadata,
      diagnostics: diagnostics.all, complete: complete, reading: ["encoding": "windows-1252"],
      settingOrigins: origins, settings: settings)
  }

  private static func check(
    _ header: NanoScopeHeader, _ bytes: ByteView
  ) throws(ReadFailure) {
    guard header.isClosed else {
      throw ReadFailure(
        "nanoscope.header", at: .byte(bytes.count),
        found: "the header has \(header.sections.count) sections and no end",
        expected: "expected \\*File list end")
    }
    guard header.sections.count <= 512 else {
      throw ReadFailure(
        "nanoscope.header", at: .byte(0),
        found: "the header has \(header.sections.count) sections", expected: "expected at most 512")
    }
    let images = header.sections.contains {
      NanoScopeImages.sections.contains($0.name.lowercased())
    }
    guard images || !header.all("Ciao force image list").isEmpty else {
      throw ReadFailure(
        "nanoscope.no-data", at: .byte(0),
        found: "the header lists "
          + header.sections.map { "\u{201C}\($0.name)\u{201D}" }.prefix(12).joined(separator: ", "),
        expected: "expected a Ciao force image list or Ciao image list")
    }
  }

  /// Notes on lines and sections that are not understood.
  private static func describe(_ header: NanoScopeHeader, _ diagnostics: inout DiagnosticList) {
    if let odd = header.oddLines.first {
      diagnostics.warn(
        "nanoscope.line", at: .byte(odd.bytes.lowerBound),
        found: "\(header.oddLines.count) lines of the header are no \\key: value",
        expected: "kept in the metadata as they are")
    }
    let known = NanoScopeImages.sections + ["ciao force image list"]
    for section in header.sections
    where section.entry("Data offset") != nil && !known.contains(section.name.lowercased()) {
      diagnostics.warn(
        "nanoscope.unknown-section", at: .byte(section.start),
        found: "the section \u{201C}\(section.name)\u{201D} announces data",
        expected: "expected a force image list or an image list; its data are not read")
    }
  }

  /// The counts of curves that the header allows, and whether it is a volume or a PeakForce capture.
  private static func curves(_ header: NanoScopeHeader) -> ([Int], Bool, Bool) {
    let scan = header.first("Ciao scan list")
    let mode = scan?.entry("Operating mode")?.value.lowercased() ?? ""
    let context = header.sections.first?.entry("Start context")?.value.uppercased() ?? ""
    let isCapture =
      scan?.entry("PeakForce Capture")?.value.lowercased().hasPrefix("allow") ?? false
    let isVolume = mode.contains("volume") || context.hasPrefix("FVOL") || isCapture
    let perLine = header.first("Ciao force list")?.counts("force/line").first ?? 0
    let lines = scan?.counts("Lines").first ?? perLine
    var volume: [Int] = []
    for n in [lines, perLine] {
      let (product, overflow) = perLine.multipliedReportingOverflow(by: n)
      if !overflow, product > 0, !volume.contains(product) { volume.append(product) }
    }
    return (isVolume ? volume + [1] : [1] + volume, isVolume, isCapture)
  }

  /// The byte behind the last data that the header announces.
  private static func dataEnd(_ header: NanoScopeHeader) -> Int {
    var end = 0
    for section in header.sections {
      guard let offset = section.counts("Data offset").first,
        let length = section.counts("Data length").first
      else { continue }
      end = max(end, offset + length)
    }
    return end
  }
}
