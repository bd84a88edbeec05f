internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The curves of a JPK archive, read one after the other.
struct JPKArchive {
  private(set) var tables: [Table] = []
  private(set) var metadata = Metadata()
  private(set) var origins: [String: Origin] = [:]
  private(set) var settings: [InstrumentSetting] = []
  private(set) var diagnostics = JPKDiagnostics()
  private(set) var complete = true

  private let archive: ZipArchive
  private let members: JPKMembers
  private let limits: ReadLimits
  private let isSalvaged: Bool
  private var shared: JavaProperties?
  private var curvePattern: JPKHeader.Pattern?
  private var segmentPatterns: [Int: JPKHeader.Pattern] = [:]
  private var plans: [Int: JPKSegmentPlan] = [:]
  /// Metadata of the curves, which follow those of the file.
  private var curveMetadata: [(key: String, value: String)] = []
  /// The number of entries of `metadata` that are those of the file.
  private var fileEntries = 0
  private var lostCurves = 0

  init(_ bytes: ByteView, limits: ReadLimits) throws(ReadFailure) {
    self.limits = limits
    (archive, isSalvaged) = try Self.open(bytes, limits, &diagnostics)
    members = JPKMembers(archive)
    complete = !isSalvaged && archive.diagnostics.isEmpty
    for diagnostic in archive.diagnostics { diagnostics.add(diagnostic) }
  }

  /// The archive by its directory, or by the headers of its members where the directory is lost.
  private static func open(
    _ bytes: ByteView, _ limits: ReadLimits, _ diagnostics: inout JPKDiagnostics
  ) throws(ReadFailure) -> (ZipArchive, Bool) {
    var expansion = limits.expansion
    // A QI image of 256 × 256 curves has over a million members; each takes 76 bytes of the file.
    expansion.members = max(expansion.members, 4_000_000)
    do {
      return (try ZipArchive(bytes, limits: expansion), false)
    } catch {
      guard ["zip.truncated", "zip.directory"].contains(error.diagnostic.code),
        let salvaged = try? ZipArchive(salvaging: bytes, limits: expansion)
      else { throw error }
      diagnostics.warn(
        "jpk.no-directory", at: error.diagnostic.place,
        found: "\(error.diagnostic.found); \(salvaged.entries.count) whole members are left",
        expected: "expected a whole zip archive; what they hold is given")
      return (salvaged, true)
    }
  }

  /// Reads everything.
  mutating func read() throws(ReadFailure) {
    guard !members.curves.isEmpty else {
      throw ReadFailure(
        "jpk.no-curves", found: "the archive has no member segments/N/ or index/I/segments/N/",
        expected: "expected the segments of a force curve")
    }
    try readHeaders()
    let isGrouped =
      members.curves.count > 1 || members.curves.contains { ($0.number ?? 0) > 0 }
    for curve in members.curves { try read(curve, isGrouped: isGrouped) }
    fileEntries = metadata.count
    for (key, value) in curveMetadata { metadata.append(key, value) }
    report()
    guard !tables.isEmpty else {
      let cause = diagnostics.all.first { $0.severity == .warning }
      throw ReadFailure(
        "jpk.no-curves", at: cause?.place ?? .whole,
        found: "no segment can be read" + (cause.map { ": \($0.found)" } ?? ""),
        expected: "expected at least one whole segment")
    }
  }

  // MARK: Headers

  private mutating func readHeaders() throws(ReadFailure) {
    if let header = properties("header.properties") {
      for entry in header.entries { keep(entry, member: "header.properties", prefix: "") }
    } else if !members.hasHeader {
      complete = false
      diagnostics.warn(
        "jpk.missing-member", at: .entry("header.properties"),
        found: "the archive has no header of the file",
        expected: "expected header.properties; its settings are absent")
    }
    if members.hasShared {
      shared = properties(JPKSource.sharedMember)
      for entry in shared?.entries ?? [] {
        keep(entry, member: JPKSource.sharedMember, prefix: "shared-data/")
      }
    }
  }

  /// The properties of a member; nil where it is absent or damaged, which is said.
  private mutating func properties(_ name: String) -> JavaProperties? {
    guard let view = content(name) else { return nil }
    let properties = JavaProperties(view)
    warn(properties.repeated, name)
    return properties
  }

  /// The content of a member; nil where it is absent or damaged, which is said.
  private mutating func content(_ name: String) -> ByteView? {
    guard let entry = archive[name] else { return nil }
    do {
      return try archive.read(entry)
    } catch {
      complete = false
      diagnostics.warn(
        "jpk.damaged-member", at: .entry(name), found: error.diagnostic.found,
        expected: "expected an undamaged header; it is left out")
      return nil
    }
  }

  private mutating func warn(_ repeated: [String], _ member: String) {
    guard let key = repeated.first else { return }
    diagnostics.warn(
      "jpk.repeated-key", at: .entry(member), found: "\(key) occurs twice with different values",
      expected: "expected it once; the last one counts, as in Java")
  }

  private mutating func keep(_ entry: JavaProperties.Entry, member: String, prefix: String) {
    metadata.append(prefix + entry.key, entry.value)
    origins[prefix + entry.key] = Origin(bytes: [entry.bytes], member: member)
  }

  /// Keeps the entries of a curve's header: all of the first one, then only what differs from it.
  private mutating func keep(_ header: JPKHeader, folder: String) {
    for entry in header.entries {
      curveMetadata.append((folder + entry.key, entry.value))
      if header.isPattern {
        origins[folder + entry.key] = Origin(bytes: [entry.bytes], member: header.member)
      }
    }
    if !header.absent.isEmpty {
      curveMetadata.append((folder + "(absent)", header.absent.joined(separator: " ")))
    }
    warn(header.repeated, header.member)
  }

  // MARK: Curves

  private mutating func read(_ curve: JPKMembers.Curve, isGrouped: Bool) throws(ReadFailure) {
    if curve.hasHeader, let view = content(curve.folder + "header.properties") {
      let member = curve.folder + "header.properties"
      let header: JPKHeader
      if let pattern = curvePattern {
        header = JPKHeader(member: member, pattern: pattern, bytes: view)
      } else {
        let pattern = JPKHeader.Pattern(view)
        curvePattern = pattern
        header = JPKHeader(member: member, pattern: pattern)
      }
      keep(header, folder: curve.folder)
    }
    let group = isGrouped ? curve.number.map { "\($0)" } : nil
    var own: [Table] = []
    var kinds: [String: Int] = [:]
    var start: Double? = 0
    var isLost = false
    for segment in curve.segments {
      guard let (plan, source) = try plan(of: segment, in: curve) else {
        isLost = isLost || isGrouped
        continue
      }
      var reading = JPKSegment(plan, source)
      reading.read(archive, start: start)
      diagnostics.add(reading.diagnostics)
      if reading.hasDamage || reading.hasGap { complete = false }
      if isGrouped, reading.hasDamage || reading.hasGap && isSalvaged { isLost = true }
      start = start.flatMap { before in reading.duration.map { before + $0 } }
      let n = (kinds[plan.kind] ?? 0) + 1
      kinds[plan.kind] = n
      let kind = n == 1 ? plan.kind : "\(plan.kind)_\(n)"
      guard !reading.columns.isEmpty else { continue }
      addSettings(plan, group: group)
      own.append(
        Table(
          name: group.map { "\($0)/\(kind)" } ?? kind, columns: reading.columns,
          indexColumns: reading.columns.contains { $0.name == "time" } ? ["time"] : []))
    }
    if isLost {
      lostCurves += 1
      complete = false
    } else {
      tables += own
    }
  }

  /// The plan of a segment; nil where its header is absent or damaged, which is said.
  private mutating func plan(
    of segment: JPKMembers.Segment, in curve: JPKMembers.Curve
  ) throws(ReadFailure) -> (JPKSegmentPlan, JPKSource)? {
    let folder = curve.folder + "segments/\(segment.number)/"
    let member = folder + "segment-header.properties"
    guard segment.hasHeader else {
      complete = false
      diagnostics.warn(
        "jpk.missing-member", at: .entry(member), found: "a segment has data but no header",
        expected: "expected segment-header.properties; the segment is left out")
      return nil
    }
    guard let view = content(member) else { return nil }
    let header: JPKHeader
    if let pattern = segmentPatterns[segment.number] {
      header = JPKHeader(member: member, pattern: pattern, bytes: view)
    } else {
      let pattern = JPKHeader.Pattern(view)
      segmentPatterns[segment.number] = pattern
      header = JPKHeader(member: member, pattern: pattern)
    }
    keep(header, folder: folder)
    let source = JPKSource(folder: folder, header: header, shared: shared)
    if !header.isPattern, header.absent.isEmpty, let plan = plans[segment.number],
      header.changed.allSatisfy({ JPKSegmentPlan.leavesPlan($0.key) })
    {
      return (plan, source)
    }
    if shared == nil, header.entries.contains(where: { $0.key.hasSuffix(".lcd-info.*") }) {
      throw ReadFailure(
        "jpk.no-shared-data", at: .entry(JPKSource.sharedMember),
        found: members.hasShared
          ? "the header with the scaling of all channels is damaged"
          : "the header with the scaling of all channels is missing",
        expected: "expected shared-data/header.properties, which the segments refer to")
    }
    let files = segment.data.map { String(archive.entries[$0].name.dropFirst(folder.count)) }
    let plan = JPKSegmentPlan(source, files: files, limit: limits.columns)
    if header.isPattern { plans[segment.number] = plan }
    return (plan, source)
  }

  // MARK: Settings

  /// Keeps calibration and set point of a segment, for its curve where they differ from the file's.
  private mutating func addSettings(_ plan: JPKSegmentPlan, group: String?) {
    for channel in plan.channels {
      if let k = channel.springConstant {
        add(.springConstant(k.value, key: k.property.key, origin: k.property.origin), group)
      }
      if let s = channel.invOLS {
        add(.invOLS(s.value, key: s.property.key, origin: s.property.origin), group)
      }
    }
    if let trigger = plan.trigger, let volts = trigger.number {
      // JPK's set point is in volts of the vertical deflection, relative to the baseline.
      add(.triggerVoltage(volts, key: trigger.key, origin: trigger.origin), group)
    }
  }

  private mutating func add(_ setting: InstrumentSetting, _ group: String?) {
    guard let first = settings.first(where: { $0.name == setting.name && $0.group == nil }) else {
      settings.append(setting)
      return
    }
    guard first.value != setting.value else { return }
    if let group {
      if settings.last(where: { $0.name == setting.name })?.group == group { return }
      var own = setting
      own.group = group
      settings.append(own)
    } else if setting.name != "trigger_voltage" {
      diagnostics.warn(
        "jpk.repeated-setting", at: .entry(setting.origin.member ?? ""),
        found: "\(setting.name) is \(first.value) and in a later segment \(setting.value)",
        expected: "expected one value; the first is used")
    }
  }

  // MARK: Report

  /// What there is to say about the archive as a whole.
  private mutating func report() {
    if lostCurves > 0 {
      diagnostics.warn(
        "jpk.lost-curves", at: .whole,
        found: "\(lostCurves) of \(members.curves.count) curves are damaged",
        expected: "they are left out; the others are given")
    }
    let hasDeflection = tables.contains { table in
      table.columns.contains { $0.label == "vDeflection" }
    }
    let names = Set(settings.map(\.name))
    if hasDeflection, !names.contains("spring_constant") {
      diagnostics.note(
        "jpk.not-calibrated", at: .whole,
        found: names.contains("invols")
          ? "the file gives no spring constant"
          : "the file gives neither InvOLS nor spring constant",
        expected: names.contains("invols")
          ? "the deflection is given in metres" : "the deflection is given in volts")
    }
    if !members.others.isEmpty {
      let shown = members.others.prefix(5).joined(separator: ", ")
      diagnostics.note(
        "jpk.other-members", at: .entry(members.others[0]),
        found:
          "\(members.others.count) member\(members.others.count == 1 ? "" : "s") without curves: "
          + shown + (members.others.count > 5 ? ", …" : ""),
        expected: "images and thumbnails are not read")
    }
    reportCounts()
  }

  /// Notes curves and segments that the headers declare and the archive lacks.
  private mutating func reportCounts() {
    for entry in metadata.entries.prefix(fileEntries) {
      guard case .text(let text) = entry.value, let declared = Int(text) else { continue }
      if entry.key.hasSuffix("-map.indexes.max"), declared >= members.curves.count {
        diagnostics.note(
          "jpk.curve-count", at: .entry("header.properties"),
          found:
            "the header declares curves up to \(declared), \(members.curves.count) are in the file",
          expected: "an extract of a map has fewer")
      }
      if entry.key.hasSuffix("-series.force-segments.count"),
        let present = members.curves.first?.segments.count, declared != present
      {
        diagnostics.note(
          "jpk.segment-count", at: .entry("header.properties"),
          found: "the header declares \(declared) segments, \(present) are in the file",
          expected: "segments without points are not written")
      }
    }
  }
}
