public import Bytes
public import Reading
public import Tables

/// Ortec's spectra in records of 128 bytes, `.Spc` (docs/formats/ortec-spc.md).
public enum OrtecRecordFile: FileFormat {
  /// The id.
  public static let id = "ortec-spc"
  /// One line for people.
  public static let title = "Ortec record spectrum (.Spc)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["spc"]
  /// How it is recognised.
  public static let recognisedBy = "int16 1 at 0, 1 or 5 at 2, pointers to records of 128 bytes"

  private static let recordSize = 128

  /// Looks for the two types, the pointers and the date.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.count >= recordSize, let type = word(file.head, 0), type == 1,
      let kind = word(file.head, 2), kind == 1 || kind == 5,
      let first = word(file.head, 60), let records = word(file.head, 62), first > 1, records > 0,
      let channels = word(file.head, 64), channels > 0, channels * 4 <= records * recordSize
    else { return .none }
    var reasons = ["the types 1 and \(kind)", "\(channels) channels in \(records) records"]
    let acquisition = word(file.head, 8) ?? 0
    var score = 70
    if let date = clock(file.head, acquisition) {
      score += 20
      reasons.append("the date \(date)")
    }
    if file.size % recordSize == 0, (first - 1 + records) * recordSize <= file.size {
      score += 10
      reasons.append("records of 128 bytes")
    }
    return Recognition(score, reasons)
  }

  private static func word(_ bytes: ByteView, _ offset: Int) -> Int? {
    guard let low = bytes[offset], let high = bytes[offset + 1] else { return nil }
    return Int(low) | Int(high) << 8
  }

  /// Where a record starts; records count from 1.
  private static func start(_ record: Int) -> Int { (record - 1) * recordSize }

  private static func clock(_ bytes: ByteView, _ record: Int) -> String? {
    guard record > 1 else { return nil }
    let field = bytes[start(record)..<(start(record) + 40)]
    let words = field[16..<28].latin1(cutAtNUL: true)
    // DD-MMM-YY and a digit for the century.
    let parts = SpectrumText.trimmed(words).split(separator: "-")
    guard parts.count == 3, let day = Int(parts[0].filter { $0 != " " }),
      let month = FileClock.month(parts[1]), let year = Int(parts[2].prefix(2)),
      let date = FileClock.iso(
        year: year + (parts[2].dropFirst(2).first == "1" ? 2000 : 1900), month: month, day: day),
      let time = FileClock.parse("1-1-2000 " + field[28..<38].latin1(cutAtNUL: true))?.text
    else { return nil }
    return date + time.dropFirst(10)
  }

  /// Reads counts, times, start, calibration and descriptions.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    var header = ByteCursor(bytes, area: "ortec-spc")
    var words: [Int] = []
    for n in 0..<45 { words.append(Int(try header.u16("word \(n) of the first record"))) }
    guard words[0] == 1, words[1] == 1 || words[1] == 5 else {
      throw ReadFailure(
        "ortec-spc.type", at: .byte(0), found: "the types are \(words[0]) and \(words[1])",
        expected: "expected 1 and then 1 (int32 counts) or 5 (float32 counts)")
    }
    let (first, records, channels) = (words[30], words[31], words[32])
    let real = Double(try header.f32("the real time"))
    let live = Double(try header.f32("the live time"))
    try checkPointers(words, bytes, &result)
    guard first > 1, records > 0, channels > 0, channels * 4 <= records * recordSize else {
      throw ReadFailure(
        "ortec-spc.spectrum", at: .byte(60),
        found: "\(channels) channels in \(records) records from record \(first) on",
        expected: "expected room for 4 bytes a channel, behind record 1")
    }
    let offset = start(first)
    guard offset < bytes.count else {
      throw ReadFailure(
        "ortec-spc.pointer", at: .byte(60),
        found: "the spectrum starts at byte \(offset), the file has \(bytes.count)",
        expected: "expected a record within the file")
    }
    if channels * 4 <= (records - 1) * recordSize {
      result.diagnostics.warn(
        "ortec-spc.room", at: .byte(62),
        found: "\(channels) channels in \(records) records of 32 channels",
        expected: "expected as many records as the channels need; the rest is not read")
    }
    let present = min(channels, (bytes.count - offset) / 4)
    try result.checkPromise(present, of: channels, at: .byte(64))
    var content = SpectrumContent(
      counts: try counts(bytes, at: offset, present, isReal: words[1] == 5))
    content.origin = Origin(
      bytes: [offset..<(offset + 4 * present)],
      steps: [words[1] == 5 ? "Float32 little-endian" : "UInt32 little-endian"])
    content.record.realTime = real
    content.record.liveTime = live
    try describe(words, bytes, &content, &result)
    try result.add(content)
    return result.dataset(id)
  }

  private static func counts(
    _ bytes: ByteView, at offset: Int, _ count: Int, isReal: Bool
  ) throws(ReadFailure) -> ColumnValues {
    if isReal {
      return .real(bytes.reals(Float.self, count: count, at: offset, order: .little) ?? [])
    }
    var cursor = ByteCursor(bytes, area: "ortec-spc")
    try cursor.seek(to: offset)
    var counts: [Int64] = []
    counts.reserveCapacity(count)
    for _ in 0..<count { counts.append(Int64(try cursor.u32("a count"))) }
    return .integer(counts)
  }

  /// The pointers of record 1, which must lie within the file.
  private static let pointers = [
    (4, "acquisition"), (5, "sample"), (6, "detector"), (17, "calibration"),
  ]

  private static func checkPointers(
    _ words: [Int], _ bytes: ByteView, _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    for (word, name) in pointers where words[word] > 0 && start(words[word]) >= bytes.count {
      throw ReadFailure(
        "ortec-spc.pointer", at: .byte(2 * word),
        found: "the \(name) record is number \(words[word]), the file ends at byte \(bytes.count)",
        expected: "expected a record within the file")
    }
    // The other numbers from word 7 on are pointers or counts of records that are not read.
    let end = (bytes.count + recordSize - 1) / recordSize
    for word in 7..<30 where words[word] > end {
      result.complete = false
      result.diagnostics.warn(
        "ortec-spc.lost-record", at: .byte(2 * word),
        found: "record 1 names record \(words[word]), the file has \(end)",
        expected: "expected records within the file; the spectrum is given")
    }
    if bytes.count % recordSize != 0 {
      result.complete = false
      result.diagnostics.warn(
        "ortec-spc.size", at: .byte(bytes.count),
        found: "the last record has \(bytes.count % recordSize) of 128 bytes",
        expected: "expected whole records")
    }
  }

  private static func describe(
    _ words: [Int], _ bytes: ByteView, _ content: inout SpectrumContent,
    _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    let acquisition = words[4]
    content.record.start = clock(bytes, acquisition)
    if content.record.start == nil {
      result.diagnostics.warn(
        "spectrum.clock", at: acquisition > 0 ? .byte(start(acquisition) + 16) : .byte(8),
        found: "the acquisition record holds no date and time",
        expected: "expected DD-MMM-YY1 and HH:MM:SS; the start is not known")
    }
    func text(_ record: Int, _ offset: Int, _ count: Int) -> String {
      guard record > 0 else { return "" }
      let field = bytes[(start(record) + offset)..<(start(record) + offset + count)]
      return SpectrumText.trimmed(field.latin1(cutAtNUL: true))
    }
    for (key, value) in [
      ("name", text(acquisition, 0, 16)), ("date", text(acquisition, 16, 12)),
      ("time", text(acquisition, 28, 10)), ("live time", text(acquisition, 38, 10)),
      ("real time", text(acquisition, 48, 10)),
    ] where !value.isEmpty {
      result.metadata.append(key, value)
    }
    for (key, record) in [("sample", words[5]), ("detector", words[6])] {
      guard record > 0 else {
        result.diagnostics.note(
          "ortec-spc.no-record", at: .byte(2 * (key == "sample" ? 5 : 6)),
          found: "there is no record of the \(key)", expected: "it is left out")
        continue
      }
      let value = text(record, 0, 128)
      if value.isEmpty {
        result.diagnostics.note(
          "ortec-spc.empty-record", at: .byte(start(record)),
          found: "the record of the \(key) holds no text", expected: "it is left out")
      } else {
        result.metadata.append(key, value)
      }
    }
    let sample = text(words[5], 0, 64)
    if !sample.isEmpty { content.record.title = sample }
    let calibration = words[17]
    guard calibration > 0 else {
      content.calibrationPlace = .byte(34)
      return
    }
    var cursor = ByteCursor(bytes, area: "ortec-spc")
    try cursor.seek(to: start(calibration))
    try cursor.skip(20, "calibration record")
    content.calibrationPlace = cursor.place
    var numbers: [Double] = []
    for _ in 0..<3 { numbers.append(Double(try cursor.f32("a coefficient"))) }
    if numbers.contains(where: { $0 != 0 }) {
      content.record.calibration = FileCalibration(
        numbers, source: "calibration record \(calibration)")
    }
  }
}
