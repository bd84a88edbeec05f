public import Bytes
public import Reading
public import Tables

/// Ortec's binary spectra `.Chn` (docs/formats/ortec-chn.md).
public enum OrtecChannelFile: FileFormat {
  /// The id.
  public static let id = "ortec-chn"
  /// One line for people.
  public static let title = "Ortec binary spectrum (.Chn)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["chn"]
  /// How it is recognised.
  public static let recognisedBy = "int16 -1 at 0, date, the size that the channel count gives"

  private static let headerSize = 32
  private static let trailerSize = 512

  /// Looks for the mark, the date and the size.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.count >= headerSize, file.head.starts(with: [0xFF, 0xFF]) else { return .none }
    let channels = Int(file.head[30] ?? 0) + Int(file.head[31] ?? 0) << 8
    let size = headerSize + 4 * channels
    let date = file.head[16..<28].latin1()
    let hasDate = clock(date) != nil
    guard channels > 0 else { return .none }
    let fits = file.size == size || file.size == size + trailerSize
    switch (fits, hasDate) {
    case (true, true):
      return Recognition(
        100, ["-1 at byte 0", "the date \(date)", "the size of \(channels) channels"])
    case (true, false):
      return Recognition(85, ["-1 at byte 0", "the size of \(channels) channels"])
    case (false, true): return Recognition(85, ["-1 at byte 0", "the date \(date)"])
    default: return .none
    }
  }

  /// Reads counts, times, start, calibration and descriptions.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    var cursor = ByteCursor(bytes, area: "ortec-chn")
    let mark = try cursor.i16("the mark")
    guard mark == -1 else {
      throw ReadFailure(
        "ortec-chn.mark", at: .byte(0), found: "the first number is \(mark)",
        expected: "expected -1")
    }
    result.metadata.append("MCA", .integer(Int64(try cursor.i16("the number of the MCA"))))
    result.metadata.append("segment", .integer(Int64(try cursor.i16("the segment"))))
    let seconds = try cursor.latin1(2, "the seconds")
    let real = try cursor.i32("the real time")
    let live = try cursor.i32("the live time")
    let date = try cursor.slice(12, "the date").latin1()
    let first = try cursor.i16("the first channel")
    let channels = Int(try cursor.u16("the number of channels"))
    guard channels > 0 else {
      throw ReadFailure(
        "ortec-chn.channels", at: .byte(30), found: "the file has 0 channels",
        expected: "expected at least one")
    }
    let present = min(channels, cursor.remaining / 4)
    let start = cursor.offset
    try result.checkPromise(
      present, of: channels, at: .byte(30), " (\(cursor.remaining) bytes are left for them)")
    var counts: [Int64] = []
    counts.reserveCapacity(present)
    for _ in 0..<present { counts.append(Int64(try cursor.u32("a count"))) }
    var content = SpectrumContent(first: Int64(first), counts: .integer(counts))
    content.origin = Origin(bytes: [start..<cursor.offset], steps: ["UInt32 little-endian"])
    content.record.realTime = Double(real) * 0.02
    content.record.liveTime = Double(live) * 0.02
    let time = clock(date, seconds: seconds)
    if time == nil {
      result.diagnostics.warn(
        "spectrum.clock", at: .byte(16),
        found: "`\(date)` with the seconds `\(seconds)` is no date and time",
        expected: "expected DDMmmYY1HHMM; the start is not known")
    }
    content.record.start = time
    result.metadata.append("date", date)
    result.metadata.append("seconds", seconds)
    content.calibrationPlace = .byte(cursor.offset)
    if present == channels { try readTrailer(&cursor, &content.record, &result) }
    try result.add(content)
    return result.dataset(id)
  }

  /// ISO 8601 of `DDMmmYY1HHMM` and seconds: a last `1` of the date is the 21st century.
  private static func clock(_ text: String, seconds: String = "00") -> String? {
    let letters = Array(text)
    guard letters.count == 12 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      Int(String(letters[range]).filter { $0 != " " })
    }
    guard let day = number(0..<2), let month = FileClock.month(String(letters[2..<5])),
      let year = number(5..<7), let hour = number(8..<10), let minute = number(10..<12),
      let second = Int(seconds.filter { $0 != " " && $0 != "\0" })
    else { return nil }
    let century = letters[7] == "1" ? 2000 : 1900
    guard let date = FileClock.iso(year: century + year, month: month, day: day),
      let time = FileClock.iso(hour: hour, minute: minute, second: second)
    else { return nil }
    return "\(date)T\(time)"
  }

  /// The trailer: calibration, peak shape and two descriptions.
  private static func readTrailer(
    _ cursor: inout ByteCursor, _ record: inout SpectrumRecord, _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    let start = cursor.offset
    guard cursor.remaining > 0 else { return }
    guard cursor.remaining >= 28 else {
      lost(cursor.remaining, start, &result)
      return
    }
    let mark = try cursor.i16("the mark of the trailer")
    guard mark == -101 || mark == -102 else {
      result.complete = false
      result.diagnostics.warn(
        "ortec-chn.trailer", at: .byte(start),
        found: "\(cursor.remaining + 2) bytes with the mark \(mark) follow the counts",
        expected: "expected a trailer with the mark -101 or -102; it is not read")
      return
    }
    result.metadata.append("trailer", .integer(Int64(mark)))
    try cursor.skip(2)
    var numbers: [Double] = []
    for _ in 0..<6 { numbers.append(Double(try cursor.f32("a coefficient"))) }
    // The older trailer has straight lines: what stands behind the slope is no quadratic term.
    let energy = Array(numbers.prefix(mark == -102 ? 3 : 2))
    if mark == -101 {
      result.diagnostics.note(
        "ortec-chn.old-trailer", at: .byte(start), found: "the trailer has the mark -101",
        expected: "its calibration is a straight line; its other numbers are kept as metadata")
    }
    if energy.contains(where: { $0 != 0 }) {
      record.calibration = FileCalibration(energy, source: "trailer \(mark)")
    }
    for (key, value) in zip(
      ["calibration", "calibration", "calibration", "shape", "shape", "shape"], numbers)
    where value.isFinite {
      result.metadata.append("trailer \(key)", .real(value))
    }
    if cursor.view.count - start < trailerSize {
      lost(cursor.view.count - start, start, &result)
    }
    for (key, offset) in [("detector", 256), ("sample", 320)] {
      let field = cursor.view[(start + offset)..<(start + offset + 64)]
      let length = min(Int(field[0] ?? 0), 63)
      let text = SpectrumText.trimmed(field.dropFirst(1).prefix(length).latin1(cutAtNUL: true))
      guard !text.isEmpty else { continue }
      result.metadata.append(key, text)
      if key == "sample" { record.title = text }
    }
    let extra = cursor.view.count - start - trailerSize
    if extra > 0 {
      result.diagnostics.warn(
        "ortec-chn.extra-bytes", at: .byte(start + trailerSize),
        found: "\(extra) bytes follow the trailer", expected: "expected the end of the file")
    }
  }

  private static func lost(_ present: Int, _ start: Int, _ result: inout SpectrumTables) {
    result.complete = false
    result.diagnostics.warn(
      "ortec-chn.trailer", at: .byte(start),
      found: "\(present) of \(trailerSize) bytes of the trailer are there",
      expected: "expected a whole trailer; what is missing is lost")
  }
}
