public import Tables

extension ZipArchive {
  /// The whole members of an archive whose directory is lost, found by their local headers.
  ///
  /// A member counts as whole where its sizes and its CRC-32 hold: those of its own header, or of the
  /// descriptor behind its data where the archive was written as a stream. Of two members with one
  /// name the first is kept. At most 16 damaged members are passed over.
  ///
  /// - Parameters:
  ///   - keepsDamaged: keeps a member that is cut or whose checksum fails too: its
  ///     ``Entry/damage`` says what is wrong, and ``salvage(_:)`` gives what is there.
  /// - Throws: `AREA.truncated` where no whole member is left.
  public init(
    salvaging bytes: ByteView, area: String = "zip", limits: ExpansionLimits = ExpansionLimits(),
    keepsDamaged: Bool = false
  ) throws(ReadFailure) {
    var salvage = ZipSalvage(bytes, area: area, limits: limits, keepsDamaged: keepsDamaged)
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
  private let keepsDamaged: Bool
  private(set) var entries: [ZipArchive.Entry] = []
  private var names: Set<String> = []
  private var total = 0

  init(_ bytes: ByteView, area: String, limits: ExpansionLimits, keepsDamaged: Bool) {
    self.bytes = bytes
    self.area = area
    self.limits = limits
    self.keepsDamaged = keepsDamaged
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
    let crc = try cursor.u32("CRC-32")
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
    do throws(ReadFailure) {
      return try content(
        &cursor,
        ZipArchive.Entry(
          name: name, size: size, compressedSize: packed, isFolder: name.hasSuffix("/"),
          method: method, crc: crc, headerStart: start, dataStart: dataStart), flags)
    } catch {
      guard keepsDamaged, names.insert(name).inserted else { throw error }
      let present = bytes.count - dataStart
      let isSized = flags & 8 == 0 && packed >= 0
      entries.append(
        ZipArchive.Entry(
          name: name, size: size, compressedSize: isSized ? min(packed, present) : present,
          isFolder: false, method: method, crc: crc, headerStart: start, dataStart: dataStart,
          damage: error))
      // A member that is whole but for its checksum does not hide those behind it.
      return isSized && packed <= present ? dataStart + packed : dataStart
    }
  }

  /// Checks the content of a member whose header was read, and gives the offset behind it.
  private mutating func content(
    _ cursor: inout ByteCursor, _ header: ZipArchive.Entry, _ flags: UInt16
  ) throws(ReadFailure) -> Int {
    var (crc, packed, size) = (header.crc, header.compressedSize, header.size)
    let (name, method, dataStart) = (header.name, header.method, header.dataStart)
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
      method: method, crc: crc, headerStart: header.headerStart, dataStart: dataStart)
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

extension ZipArchive {
  /// The names of the members as far as the head and the tail of an archive tell them.
  ///
  /// Local headers are walked as far as their sizes are written; then the directory, where the tail holds
  /// its start. Headers within a member are never taken for those of the archive.
  public static func memberNames(head: ByteView, tail: ByteView) -> [String] {
    var names: [String] = []
    var cursor = ByteCursor(head, area: "zip")
    do throws(ReadFailure) {
      while try cursor.u32("header") == 0x0403_4B50 {
        try cursor.skip(2)
        let flags = try cursor.u16("flags")
        try cursor.skip(10)
        var packed = Int(try cursor.u32("compressed size"))
        var size = Int(try cursor.u32("size"))
        let nameLength = Int(try cursor.u16("name length"))
        let extraLength = Int(try cursor.u16("extra length"))
        let name = String(decoding: try cursor.slice(nameLength, "name").array, as: UTF8.self)
        names.append(name)
        var header = 0
        try ZipDirectory.large(
          try cursor.slice(extraLength, "extra fields"), &size, &packed, &header, entry: name,
          area: "zip")
        guard flags & 8 == 0 else { break }
        try cursor.skip(packed)
      }
    } catch {
      // The head ends here.
    }
    guard
      let end = (0..<max(0, tail.count - 21)).last(where: {
        tail.dropFirst($0).starts(with: [0x50, 0x4B, 5, 6])
      })
    else { return names }
    var directory = ByteCursor(tail, area: "zip")
    do throws(ReadFailure) {
      try directory.seek(to: end + 12)
      let size = Int(try directory.u32("directory size"))
      guard size <= end else { return names }
      try directory.seek(to: end - size)
      while directory.offset < end, try directory.u32("record") == 0x0201_4B50 {
        try directory.skip(24)
        let nameLength = Int(try directory.u16("name length"))
        let rest = Int(try directory.u16("extra length")) + Int(try directory.u16("comment length"))
        try directory.skip(12)
        names.append(
          String(decoding: try directory.slice(nameLength, "name").array, as: UTF8.self))
        try directory.skip(rest)
      }
    } catch {
      // The names so far are those that are whole.
    }
    return names
  }
}
