internal import Tables

/// The central directory of a zip archive while it is read.
struct ZipDirectory {
  private let bytes: ByteView
  private let area: String
  private let limits: ExpansionLimits
  /// Whether a member that cannot be read costs only itself.
  private let isFolder: Bool
  private(set) var entries: [ZipArchive.Entry] = []
  private(set) var unreadable: [ZipArchive.UnreadableEntry] = []
  private(set) var diagnostics = DiagnosticList()

  init(_ bytes: ByteView, area: String, limits: ExpansionLimits, isFolder: Bool = false) {
    self.isFolder = isFolder
    self.bytes = bytes
    self.area = area
    self.limits = limits
  }

  mutating func read() throws(ReadFailure) {
    let end = try endRecord()
    guard end.count <= limits.members else {
      throw ReadFailure(
        "\(area).members", at: .byte(end.place), found: "the archive declares \(end.count) members",
        expected: "expected at most \(limits.members)")
    }
    // A record takes 46 bytes at least: a count that the directory cannot hold is a lie.
    guard end.offset >= 0, end.size >= 0, end.offset <= end.place,
      end.size <= end.place - end.offset, end.count * 46 <= end.size
    else {
      throw ReadFailure(
        "\(area).directory", at: .byte(end.place),
        found:
          "the directory of \(end.count) members is declared at byte \(end.offset) with \(end.size) bytes",
        expected: "expected it within the \(end.place) bytes before its end record")
    }
    var cursor = ByteCursor(
      bytes[end.offset..<(end.offset + end.size)], area: area, base: end.offset)
    var names: Set<String> = []
    var total = 0
    for _ in 0..<end.count {
      guard let entry = try record(&cursor) else { continue }
      guard names.insert(entry.name).inserted else {
        throw ReadFailure(
          "\(area).duplicate", at: .entry(entry.name), found: "two members have this name",
          expected: "expected every name once")
      }
      total += entry.size
      guard total <= limits.totalBytes else {
        throw ReadFailure(
          "\(area).size", at: .entry(entry.name),
          found: "the members together are declared to expand beyond \(limits.totalBytes) bytes",
          expected: "expected less, or a higher limit (--max-expand)")
      }
      entries.append(entry)
    }
    guard cursor.remaining == 0 else {
      throw ReadFailure(
        "\(area).directory", at: cursor.place,
        found: "the directory has \(cursor.remaining) bytes beyond its \(end.count) members",
        expected: "expected their number and size to agree")
    }
    try checkOverlap(directoryStart: end.offset)
  }

  // MARK: End record

  private struct End {
    /// Where the end record stands.
    var place: Int
    var count: Int
    var size: Int
    var offset: Int
  }

  private func endRecord() throws(ReadFailure) -> End {
    // 22 bytes and a comment of at most 65535; searched from the end.
    let tail = bytes.suffix(22 + 65535)
    let tailStart = bytes.count - tail.count
    var position = tail.count - 22
    while position >= 0 {
      if tail[position] == 0x50, tail.dropFirst(position).starts(with: [0x50, 0x4B, 5, 6]) {
        var cursor = ByteCursor(tail.dropFirst(position), area: area, base: tailStart + position)
        try cursor.skip(4)
        let disk = try cursor.u16("disk number")
        let directoryDisk = try cursor.u16("directory disk")
        let here = try cursor.u16("member count")
        let count = try cursor.u16("member count")
        let size = try cursor.u32("directory size")
        let offset = try cursor.u32("directory offset")
        let comment = try cursor.u16("comment length")
        if Int(comment) == cursor.remaining {
          let place = tailStart + position
          if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF,
            let large = try largeEndRecord(before: place)
          {
            return large
          }
          guard disk == 0, directoryDisk == 0, here == count else {
            throw ReadFailure(
              "\(area).directory", at: .byte(place),
              found: "the archive is one of several parts",
              expected: "expected an archive in one file")
          }
          return End(place: place, count: Int(count), size: Int(size), offset: Int(offset))
        }
      }
      position -= 1
    }
    throw ReadFailure(
      "\(area).truncated", at: .byte(bytes.count),
      found: "the archive has no end-of-directory record",
      expected: "expected a whole zip archive")
  }

  /// The ZIP64 end record that the locator before `place` points to; nil where there is no locator.
  private func largeEndRecord(before place: Int) throws(ReadFailure) -> End? {
    let locator = place - 20
    guard locator >= 0, bytes.dropFirst(locator).starts(with: [0x50, 0x4B, 6, 7]) else {
      return nil
    }
    var cursor = ByteCursor(bytes, area: area)
    try cursor.seek(to: locator + 8)
    let offset = Int(clamping: try cursor.u64("ZIP64 end record offset"))
    guard offset <= locator - 56, bytes.dropFirst(offset).starts(with: [0x50, 0x4B, 6, 6]) else {
      throw ReadFailure(
        "\(area).directory", at: .byte(locator),
        found: "the ZIP64 locator points to byte \(offset), where no record stands",
        expected: "expected a ZIP64 end record")
    }
    try cursor.seek(to: offset + 32)
    let count = Int(clamping: try cursor.u64("member count"))
    let size = Int(clamping: try cursor.u64("directory size"))
    let start = Int(clamping: try cursor.u64("directory offset"))
    return End(place: offset, count: count, size: size, offset: start)
  }

  // MARK: Records

  /// The next record; nil for a member that is left out with a warning.
  private mutating func record(_ cursor: inout ByteCursor) throws(ReadFailure) -> ZipArchive.Entry?
  {
    let place = cursor.place
    guard try cursor.u32("directory record") == 0x0201_4B50 else {
      throw ReadFailure(
        "\(area).directory", at: place, found: "no directory record stands here",
        expected: "expected the mark PK 01 02")
    }
    try cursor.skip(4, "directory record")
    let flags = try cursor.u16("flags")
    let method = try cursor.u16("method")
    try cursor.skip(4, "directory record")
    let crc = try cursor.u32("CRC-32")
    var packed = Int(try cursor.u32("compressed size"))
    var size = Int(try cursor.u32("size"))
    let nameLength = Int(try cursor.u16("name length"))
    let extraLength = Int(try cursor.u16("extra length"))
    let commentLength = Int(try cursor.u16("comment length"))
    try cursor.skip(4, "directory record")
    let attributes = try cursor.u32("attributes")
    var header = Int(try cursor.u32("member offset"))
    let nameBytes = try cursor.slice(nameLength, "member name")
    let extra = try cursor.slice(extraLength, "extra fields")
    try cursor.skip(commentLength, "member comment")
    let name = String(decoding: nameBytes.array, as: UTF8.self)
    try Self.large(extra, &size, &packed, &header, entry: name, area: area)

    if let reason = Self.refusal(name, nameLength, attributes) {
      if isFolder {
        let shown = String(name.prefix(200))
        unreadable.append(
          ZipArchive.UnreadableEntry(
            name: shown,
            failure: ReadFailure(
              "\(area).name", at: .entry(shown), found: "the member \(reason)",
              expected: "expected a relative path between slashes; it is not read")))
        return nil
      }
      diagnostics.warn(
        "\(area).name", at: .entry(String(name.prefix(80))), found: "the member \(reason)",
        expected: "it is left out")
      return nil
    }
    let entry = ZipArchive.Entry(
      name: name, size: size, compressedSize: packed, isFolder: name.hasSuffix("/"),
      method: method, crc: crc, headerStart: header, dataStart: 0)
    do throws(ReadFailure) {
      return try checked(entry, flags: flags)
    } catch {
      guard isFolder else { throw error }
      unreadable.append(ZipArchive.UnreadableEntry(name: name, failure: error))
      return nil
    }
  }

  /// The entry with the start of its data, where it can be read at all.
  private func checked(
    _ entry: ZipArchive.Entry, flags: UInt16
  ) throws(ReadFailure) -> ZipArchive.Entry {
    let at = Place.entry(entry.name)
    guard flags & 0x2041 == 0 else {
      throw ReadFailure(
        "\(area).encrypted", at: at, found: "the member is encrypted",
        expected: "expected members that are not encrypted")
    }
    guard entry.method == 0 || entry.method == 8 else {
      throw ReadFailure(
        "\(area).method", at: at, found: "the member is compressed by method \(entry.method)",
        expected: "expected 0 (stored) or 8 (deflate)")
    }
    try checkSizes(entry.size, entry.compressedSize, entry.method, at)
    var result = entry
    result.dataStart = try dataStart(entry.headerStart, packed: entry.compressedSize, at)
    return result
  }

  /// Replaces sizes and offsets of 0xFFFFFFFF by those of the ZIP64 extra field.
  static func large(
    _ extra: ByteView, _ size: inout Int, _ packed: inout Int, _ header: inout Int, entry: String,
    area: String
  ) throws(ReadFailure) {
    guard size == 0xFFFF_FFFF || packed == 0xFFFF_FFFF || header == 0xFFFF_FFFF else { return }
    var fields = ByteCursor(extra, area: area)
    while fields.remaining >= 4 {
      let id = try fields.u16("extra field")
      let length = Int(try fields.u16("extra field"))
      guard length <= fields.remaining else { break }
      var field = ByteCursor(try fields.slice(length, "extra field"), area: area)
      guard id == 1 else { continue }
      if size == 0xFFFF_FFFF, field.remaining >= 8 { size = Int(clamping: try field.u64("size")) }
      if packed == 0xFFFF_FFFF, field.remaining >= 8 {
        packed = Int(clamping: try field.u64("size"))
      }
      if header == 0xFFFF_FFFF, field.remaining >= 8 {
        header = Int(clamping: try field.u64("offset"))
      }
      return
    }
    throw ReadFailure(
      "\(area).directory", at: .entry(entry), found: "the ZIP64 sizes are missing",
      expected: "expected a ZIP64 extra field")
  }

  /// Why a member's name is not followed; nil where it is fine.
  static func refusal(_ name: String, _ length: Int, _ attributes: UInt32) -> String? {
    if length == 0 { return "has no name" }
    if length > 4096 { return "has a name of \(length) bytes" }
    // Byte by byte: maps have a million members.
    var dots = 0
    var isPart = true
    var position = 0
    for byte in name.utf8 {
      if byte == UInt8(ascii: "/") {
        if position == 0 { return "has an absolute path" }
        if isPart, dots == 2 { return "leads out of the archive (..)" }
        (dots, isPart) = (0, true)
      } else if byte == UInt8(ascii: ".") {
        dots += 1
      } else {
        if byte == UInt8(ascii: ":"), position == 1 { return "has an absolute path" }
        if byte == UInt8(ascii: "\\") { return "has a backslash in its name" }
        if byte < 0x20 || byte == 0x7F { return "has control characters in its name" }
        isPart = false
      }
      position += 1
    }
    if isPart, dots == 2 { return "leads out of the archive (..)" }
    if attributes >> 28 == 0xA { return "is a link" }
    return nil
  }

  private func checkSizes(
    _ size: Int, _ packed: Int, _ method: UInt16, _ at: Place
  ) throws(ReadFailure) {
    if method == 0, size != packed {
      throw ReadFailure(
        "\(area).size", at: at,
        found: "a stored member declares \(packed) bytes in the archive and \(size) outside it",
        expected: "expected the same number")
    }
    if size > limits.memberBytes {
      throw ReadFailure(
        "\(area).size", at: at, found: "the member is declared to expand to \(size) bytes",
        expected: "expected at most \(limits.memberBytes), or a higher limit (--max-expand)")
    }
    if size > limits.ratioFloor, size / max(1, limits.ratio) > packed {
      throw ReadFailure(
        "\(area).ratio", at: at,
        found: "\(packed) bytes are declared to expand to \(size) when decompressed",
        expected: "expected a ratio below \(limits.ratio), or a higher limit (--limits off)")
    }
  }

  /// Where a member's data start, from its local header, which must lie before the directory.
  private func dataStart(_ header: Int, packed: Int, _ at: Place) throws(ReadFailure) -> Int {
    let outside = ReadFailure(
      "\(area).directory", at: at,
      found: "the member's \(packed) bytes at byte \(header) lie outside the archive",
      expected: "expected them before the directory")
    guard header >= 0, header <= bytes.count - 30,
      bytes.dropFirst(header).starts(with: [0x50, 0x4B, 3, 4])
    else { throw outside }
    var cursor = ByteCursor(bytes, area: area)
    try cursor.seek(to: header + 26)
    let nameLength = Int(try cursor.u16("name length"))
    let extraLength = Int(try cursor.u16("extra length"))
    let start = header + 30 + nameLength + extraLength
    guard start <= bytes.count, packed <= bytes.count - start else { throw outside }
    return start
  }

  /// Demands that no two members share bytes and that none reaches into the directory.
  private func checkOverlap(directoryStart: Int) throws(ReadFailure) {
    let sorted = entries.sorted { $0.headerStart < $1.headerStart }
    for (i, entry) in sorted.enumerated() {
      let end = entry.dataStart + entry.compressedSize
      let next = i + 1 < sorted.count ? sorted[i + 1].headerStart : directoryStart
      guard end <= next, end <= directoryStart else {
        throw ReadFailure(
          "\(area).overlap", at: .entry(entry.name),
          found: "the member's data overlap with another part of the archive",
          expected: "expected every byte in one member")
      }
    }
  }
}
