public import Bytes
public import Reading
public import Tables

/// Canberra's Genie 2000 spectra `.cnf` (docs/formats/canberra-cnf.md).
public enum CanberraSpectrumFile: FileFormat {
  /// The id.
  public static let id = "canberra-cnf"
  /// One line for people.
  public static let title = "Canberra Genie 2000 spectrum (.cnf)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["cnf"]
  /// How it is recognised.
  public static let recognisedBy = "48-byte block headers from byte 112"

  private static let directory = 112
  private static let headerSize = 48

  /// Looks for the first header of the list of blocks.
  public static func recognise(_ file: FileHead) -> Recognition {
    let head = file.head
    guard isHeader(head, directory) else { return .none }
    // The length of the header stands in it; without it, a further header must follow.
    let isSized = head[directory + 16] == 48 && head[directory + 17] == 0
    guard isSized || isHeader(head, directory + headerSize) else { return .none }
    var reasons = ["a header of a block at byte 112"]
    var cursor = ByteCursor(head, area: "canberra-cnf")
    if (try? cursor.seek(to: directory + 10)) != nil,
      let offset = (try? cursor.u32("")).flatMap({ Int(exactly: $0) }), isHeader(head, offset),
      head[offset] == head[directory]
    {
      reasons.append("the same header at the start of the block")
      return Recognition(100, reasons)
    }
    return Recognition(isSized ? 85 : 70, reasons)
  }

  /// Whether the marks of a block's header stand at an offset.
  private static func isHeader(_ bytes: ByteView, _ offset: Int) -> Bool {
    bytes[offset + 1] == 0x20 && bytes[offset + 2] == 0x01 && (bytes[offset] ?? 255) < 64
  }

  /// A block by its header.
  private struct Block {
    var type: Int
    var start: Int
    var place: Int
    /// Whether its header stands at its start too.
    var repeats: Bool
  }

  /// Whether a block without a header at its start is there: nothing stands there, and an acquisition
  /// says its kind.
  private static func hasKind(_ bytes: ByteView, _ type: Int, _ start: Int) -> Bool {
    guard bytes[start..<(start + 3)].array.allSatisfy({ $0 == 0 }) else { return false }
    let kind = start + headerSize + 128
    return type != 0 || bytes[kind..<(kind + 3)].array == Array("PHA".utf8)
  }

  /// Reads every spectrum with its times, start, calibration and title.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    let blocks = try blocks(bytes)
    let acquisitions = blocks.filter { $0.type == 0 }
    let data = blocks.filter { $0.type == 5 }
    guard let acquisition = acquisitions.first, !data.isEmpty else {
      throw ReadFailure(
        "canberra-cnf.no-data", at: .byte(directory),
        found: acquisitions.isEmpty
          ? "no block of the acquisition is listed" : "no block of channel data is listed",
        expected: "expected both")
    }
    if blocks.count > acquisitions.count + data.count {
      let others = blocks.filter { ![0, 1, 5].contains($0.type) }.map { "\($0.type)" }
      if !others.isEmpty {
        result.metadata.append("blocks not read", others.joined(separator: " "))
      }
    }
    let sample = blocks.first { $0.type == 1 }
    let title = try sample.map { block throws(ReadFailure) in try self.title(bytes, block) } ?? ""
    if !title.isEmpty { result.metadata.append("sample title", title) }
    var total = 0
    for (number, block) in data.enumerated() {
      let settings = number < acquisitions.count ? acquisitions[number] : acquisition
      var content = try spectrum(bytes, settings, block, &result)
      // Blocks that overlap could make more counts than a file can hold.
      total += content.channels.count
      guard total <= bytes.count else {
        throw ReadFailure(
          "canberra-cnf.overlap", at: .byte(block.place),
          found: "\(total) counts in a file of \(bytes.count) bytes",
          expected: "expected blocks that do not overlap")
      }
      content.record.table = data.count > 1 ? "spectrum_\(number + 1)" : "spectrum"
      if !title.isEmpty { content.record.title = title }
      try result.add(content)
    }
    return result.dataset(id)
  }

  /// The blocks of the list, which ends where the marks do.
  private static func blocks(_ bytes: ByteView) throws(ReadFailure) -> [Block] {
    var blocks: [Block] = []
    var place = directory
    while isHeader(bytes, place) {
      var cursor = ByteCursor(bytes, area: "canberra-cnf")
      try cursor.seek(to: place)
      let header = try cursor.slice(headerSize, "header of a block")
      var field = ByteCursor(header, area: "canberra-cnf", base: place)
      try field.skip(10)
      let start = Int(try field.u32("the offset of a block"))
      let type = Int(header[0] ?? 0)
      guard start < bytes.count else {
        throw ReadFailure(
          "canberra-cnf.pointer", at: .byte(place + 10),
          found: "the block of type \(type) starts at byte \(start), the file has \(bytes.count)",
          expected: "expected a block within the file")
      }
      // The header stands once more where the block starts; some writers leave it out everywhere.
      let repeats = isHeader(bytes, start) && Int(bytes[start] ?? 0) == type
      if !repeats, !blocks.contains(where: { $0.repeats }), hasKind(bytes, type, start) {
        blocks.append(Block(type: type, start: start, place: place, repeats: false))
        place += headerSize
        continue
      }
      guard repeats else {
        throw ReadFailure(
          "canberra-cnf.block", at: .byte(place + 10),
          found: "no block of type \(type) starts at byte \(start)",
          expected: "expected the header of the block there")
      }
      blocks.append(Block(type: type, start: start, place: place, repeats: true))
      place += headerSize
    }
    guard !blocks.isEmpty else {
      throw ReadFailure(
        "canberra-cnf.directory", at: .byte(directory), found: "no header of a block",
        expected: "expected the marks 0x20 0x01 behind the type of a block")
    }
    // A header whose marks are damaged must not end the list without a word.
    if bytes[place + 16] == 48, bytes[place + 17] == 0,
      bytes[place + 10] ?? 0 | (bytes[place + 11] ?? 0) != 0
    {
      throw ReadFailure(
        "canberra-cnf.directory", at: .byte(place),
        found: "the list of blocks holds an entry without the marks 0x20 0x01",
        expected: "expected the type of a block and the marks")
    }
    return blocks
  }

  private static func title(_ bytes: ByteView, _ block: Block) throws(ReadFailure) -> String {
    var cursor = ByteCursor(bytes, area: "canberra-cnf")
    try cursor.seek(to: block.start)
    try cursor.skip(headerSize, "header of the sample")
    return SpectrumText.trimmed(try cursor.latin1(64, "the title of the sample"))
  }

  private static func spectrum(
    _ bytes: ByteView, _ block: Block, _ data: Block, _ result: inout SpectrumTables
  ) throws(ReadFailure) -> SpectrumContent {
    var cursor = ByteCursor(bytes, area: "canberra-cnf")
    try cursor.seek(to: block.start)
    try cursor.skip(34, "header of the acquisition")
    let energyOffset = Int(try cursor.u16("the offset of the calibration"))
    let timeOffset = Int(try cursor.u16("the offset of the times"))
    let mode = block.start + headerSize + 128
    try cursor.seek(to: mode)
    let word = try cursor.latin1(3, "the kind of the acquisition")
    guard word == "PHA" else {
      throw ReadFailure(
        "canberra-cnf.kind", at: .byte(mode), found: "the acquisition is of the kind `\(word)`",
        expected: "expected PHA")
    }
    try cursor.seek(to: mode + 10)
    let channels = 256 * Int(try cursor.u16("the number of channels"))
    guard channels > 0 else {
      throw ReadFailure(
        "canberra-cnf.channels", at: .byte(mode + 10), found: "the spectrum has 0 channels",
        expected: "expected a multiple of 256")
    }
    let start = data.start + 512
    let present = max(0, min(channels, (bytes.count - start) / 4))
    try result.checkPromise(present, of: channels, at: .byte(mode + 10))
    try cursor.seek(to: start)
    var counts: [Int64] = []
    counts.reserveCapacity(present)
    for _ in 0..<present { counts.append(Int64(try cursor.u32("a count"))) }
    var content = SpectrumContent(counts: .integer(counts))
    content.origin = Origin(bytes: [start..<cursor.offset], steps: ["UInt32 little-endian"])
    try times(bytes, at: block.start + headerSize + timeOffset + 1, &content.record, &result)
    try calibration(bytes, at: block.start + headerSize + 32 + energyOffset + 36, &content, &result)
    return content
  }

  /// Start, real and live time: 100 ns since 17 November 1858, and negative lengths of 100 ns.
  private static func times(
    _ bytes: ByteView, at start: Int, _ record: inout SpectrumRecord,
    _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    var cursor = ByteCursor(bytes, area: "canberra-cnf")
    try cursor.seek(to: start)
    let date = try cursor.u64("the start")
    let real = try cursor.i64("the real time")
    let live = try cursor.i64("the live time")
    // 40 587 days lie between 17 November 1858 and 1 January 1970.
    let seconds = Int(exactly: date / 10_000_000).map { $0 - 40_587 * 86400 } ?? -1
    record.start = FileClock.iso(unixSeconds: seconds)
    if record.start == nil {
      result.diagnostics.warn(
        "spectrum.clock", at: .byte(start), found: "the start is \(date) · 100 ns",
        expected: "expected a time since 1858-11-17 after 1970; the start is not known")
    }
    func length(_ value: Int64, _ name: String, _ place: Int) -> Double? {
      // Thirty years: more is no time of a measurement.
      guard value <= 0, value > -10_000_000_000_000_000 else {
        result.diagnostics.warn(
          "canberra-cnf.time", at: .byte(place), found: "the \(name) time is \(value) · 100 ns",
          expected: "expected a negative length below 30 years; it is not known")
        return nil
      }
      return Double(-value) / 1e7
    }
    record.realTime = length(real, "real", start + 8)
    record.liveTime = length(live, "live", start + 16)
  }

  private static func calibration(
    _ bytes: ByteView, at start: Int, _ content: inout SpectrumContent,
    _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    content.calibrationPlace = .byte(start)
    var cursor = ByteCursor(bytes, area: "canberra-cnf")
    try cursor.seek(to: start)
    var numbers: [Double] = []
    for _ in 0..<4 { numbers.append(middleEndian(try cursor.u32("a coefficient"))) }
    let unit = SpectrumText.trimmed(bytes[(start + 28)..<(start + 32)].latin1(cutAtNUL: true))
    if let scale = SpectrumText.kiloelectronvolts(unit), scale != 1 {
      numbers = numbers.map { $0 * scale }
    }
    if numbers.contains(where: { $0 != 0 }) {
      content.record.calibration = FileCalibration(numbers, source: "the acquisition block")
    }
  }

  /// A float of the PDP-11: its two 16-bit words stand the other way round, its exponent is two larger.
  static func middleEndian(_ raw: UInt32) -> Double {
    Double(Float(bitPattern: raw << 16 | raw >> 16)) / 4
  }
}
