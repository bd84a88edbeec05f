public import Tables

extension ZipArchive {
  /// The whole members of an archive whose directory is lost, found by their local headers.
  ///
  /// A member counts as whole where its sizes and its CRC-32 hold: those of its own header, or of the
  /// descriptor behind its data where the archive was written as a stream. Of two members with one
  /// name the first is kept. At most 16 damaged members are passed over.
  ///
  /// - Throws: `AREA.truncated` where no whole member is left.
  public init(
    salvaging bytes: ByteView, area: String = "zip", limits: ExpansionLimits = ExpansionLimits()
  ) throws(ReadFailure) {
    var salvage = ZipSalvage(bytes, area: area, limits: limits)
    salvage.run()
    guard !salvage.entries.isEmpty else {
      throw ReadFailure(
        "\(area).truncated", at: .byte(bytes.count),
        found: "the archive has no directory and no whole member",
        expected: "expected a whole zip archive")
    }
    self.init(bytes, entries: salvage.entries, area: area, limits: limits)
  }
}

/// A walk over the local headers of an archive.
private struct ZipSalvage {
  private let bytes: ByteView
  private let area: String
  private let limits: ExpansionLimits
  private(set) var entries: [ZipArchive.Entry] = []
  private var names: Set<String> = []
  private var total = 0

  init(_ bytes: ByteView, area: String, limits: ExpansionLimits) {
    self.bytes = bytes
    self.area = area
    self.limits = limits
  }

  mutating func run() {
    var position = 0
    var failures = 0
    while failures < 16, entries.count < limits.members {
      guard let next = bytes.firstRange(of: "PK\u{3}\u{4}", from: position) else { return }
      do throws(ReadFailure) {
        position = try member(at: next.lowerBound)
      } catch {
        failures += 1
        position = next.upperBound
      }
    }
  }

  /// Reads the member at a local header and gives the offset behind it.
  private mutating func member(at start: Int) throws(ReadFailure) -> Int {
    var cursor = ByteCursor(bytes, area: area)
    try cursor.seek(to: start + 6)
    let flags = try cursor.u16("flags")
    let method = try cursor.u16("method")
    try cursor.skip(4)
    var crc = try cursor.u32("CRC-32")
    var packed = Int(try cursor.u32("compressed size"))
    var size = Int(try cursor.u32("size"))
    let nameLength = Int(try cursor.u16("name length"))
    let extraLength = Int(try cursor.u16("extra length"))
    let name = String(decoding: try cursor.slice(nameLength, "name").array, as: UTF8.self)
    let extra = try cursor.slice(extraLength, "extra fields")
    var header = 0
    try ZipDirectory.large(extra, &size, &packed, &header, entry: name, area: area)
    let dataStart = cursor.offset
    guard flags & 0x2041 == 0, method == 0 || method == 8,
      ZipDirectory.refusal(name, nameLength, 0) == nil
    else { throw damaged(name) }
    if flags & 8 != 0 {
      guard method == 8 else { throw damaged(name) }
      let stream = try Inflate.stream(
        bytes.dropFirst(dataStart), framing: .raw, area: area, limits: remaining, sizeHint: 4096,
        place: { _ in .entry(name) })
      packed = stream.consumed
      size = stream.output.count
      try cursor.seek(to: dataStart + packed)
      let first = try cursor.u32("data descriptor")
      crc = first == 0x0807_4B50 ? try cursor.u32("data descriptor") : first
      guard crc == CRC32.of(stream.output) else { throw damaged(name) }
      // The sizes that follow are of four bytes each, or of eight in large archives.
      let sizes = cursor.offset
      let small = (Int(try cursor.u32("size")), Int(try cursor.u32("size")))
      if small != (packed, size) {
        try cursor.seek(to: sizes)
        let large = (try cursor.u64("size"), try cursor.u64("size"))
        guard large == (UInt64(packed), UInt64(size)) else { throw damaged(name) }
      }
    } else {
      try cursor.skip(packed, "member")
    }
    let entry = ZipArchive.Entry(
      name: name, size: size, compressedSize: packed, isFolder: name.hasSuffix("/"),
      method: method, crc: crc, headerStart: start, dataStart: dataStart)
    if flags & 8 == 0 {
      let single = ZipArchive(bytes, entries: [entry], area: area, limits: remaining)
      _ = try single.read(entry)
    }
    total += size
    if names.insert(name).inserted { entries.append(entry) }
    return cursor.offset
  }

  /// What is left of the limits.
  private var remaining: ExpansionLimits {
    var limits = limits
    limits.memberBytes = max(0, min(limits.memberBytes, limits.totalBytes - total))
    return limits
  }

  private func damaged(_ name: String) -> ReadFailure {
    ReadFailure(
      "\(area).damaged", at: .entry(name), found: "the member cannot be read without a directory",
      expected: "expected a whole member")
  }
}
