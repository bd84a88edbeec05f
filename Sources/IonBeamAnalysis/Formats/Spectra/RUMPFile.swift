public import Bytes
public import Reading
public import Tables

/// RUMP's binary spectra `.rbs` (docs/formats/rump-binary.md).
public enum RUMPFile: FileFormat {
  /// The id.
  public static let id = "rump-binary"
  /// One line for people.
  public static let title = "RUMP binary spectrum (.rbs)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["rbs"]
  /// How it is recognised.
  public static let recognisedBy = "big-endian record of type 0 with the program id 0x10211210"

  /// Looks for the first record.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head[4..<12].array == [0, 0, 0, 0, 0x10, 0x21, 0x12, 0x10] else { return .none }
    return Recognition(100, ["record type 0", "the program id 0x10211210"])
  }

  /// Reads counts in any of the four compressions, with beam, geometry, detector and calibration.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    // Runs of zeros may give more counts than the file has bytes, but not without end.
    var records = RUMPRecords(room: bytes.count + (1 << 20))
    var cursor = ByteCursor(bytes, order: .big, area: "rump-binary")
    while cursor.remaining > 0 {
      let start = cursor.offset
      guard cursor.remaining >= 4 else {
        records.cut(start, "\(cursor.remaining) bytes", &result)
        break
      }
      let length = Int(try cursor.u32("the length of a record"))
      guard length >= 3 else {
        throw ReadFailure(
          "rump-binary.length", at: .byte(start), found: "a record of \(length) words",
          expected: "expected at least 3: length, type and checksum")
      }
      guard length - 1 <= cursor.remaining / 4 else {
        records.cut(start, "\(cursor.remaining + 4) of \(length) · 4 bytes of a record", &result)
        break
      }
      try checkSum(bytes[start..<(start + 4 * length)], at: start)
      let type = Int(try cursor.u32("the type of a record"))
      let data = try cursor.slice(4 * (length - 3), "the data of a record")
      try cursor.skip(4, "checksum")
      if start == 0, type != 0 {
        throw ReadFailure(
          "rump-binary.program", at: .byte(0), found: "the first record is of type \(type)",
          expected: "expected type 0 with the program id")
      }
      try records.add(type, data, at: start, &result)
    }
    try records.finish(&result)
    guard !result.tables.isEmpty else {
      throw ReadFailure(
        "rump-binary.no-data", at: .byte(bytes.count), found: "no record holds counts",
        expected: "expected records of the types 0x10 and 0x11 to 0x15")
    }
    return result.dataset(id)
  }

  /// The words of a record add up to 0 modulo 2³².
  private static func checkSum(_ record: ByteView, at start: Int) throws(ReadFailure) {
    var sum: UInt32 = 0
    var cursor = ByteCursor(record, order: .big, area: "rump-binary", base: start)
    while cursor.remaining >= 4 { sum &+= try cursor.u32("a word") }
    guard sum == 0 else {
      throw ReadFailure(
        "rump-binary.checksum", at: .byte(start),
        found: "the words of the record add up to \(sum)", expected: "expected 0")
    }
  }
}

/// The records of a file, from which spectra are put together.
private struct RUMPRecords {
  private var record = SpectrumRecord()
  private var first: Int64 = 0
  private var compression = 0
  private var points = 0
  private var promisePlace = Place.whole
  private var whole: [Int64] = []
  private var real: [Double] = []
  private var bytes: [Range<Int>] = []
  private var finished: [SpectrumContent] = []
  private var isCut = false
  private var calibrationPlace = Place.whole
  private var hasPoints = false
  /// How many counts the file may still give.
  private var room: Int

  init(room: Int) { self.room = room }

  mutating func cut(_ place: Int, _ found: String, _ result: inout SpectrumTables) {
    isCut = true
    result.complete = false
    result.diagnostics.warn(
      "rump-binary.truncated", at: .byte(place), found: "the file ends with \(found)",
      expected: "expected whole records; this one is lost")
  }

  mutating func add(
    _ type: Int, _ data: ByteView, at place: Int, _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    var cursor = ByteCursor(data, order: .big, area: "rump-binary", base: place + 8)
    switch type {
    case 0:
      let program = try cursor.u32("the program id")
      guard program == 0x1021_1210 else {
        throw ReadFailure(
          "rump-binary.program", at: .byte(place + 8), found: "the program id is \(program)",
          expected: "expected 0x10211210")
      }
      let version = try cursor.u32("the version")
      result.metadata.append("version", "\(version >> 16).\(version & 0xFFFF)")
    case 1, 2: result.metadata.append("comment", try text(&cursor))
    case 0x10:
      try finishOne(&result)
      compression = Int(try cursor.u32("the compression"))
      points = Int(try cursor.u32("the number of points"))
      hasPoints = true
      promisePlace = .byte(place + 12)
      guard (0...3).contains(compression), points > 0 else {
        throw ReadFailure(
          "rump-binary.data", at: .byte(place + 8),
          found: "\(points) points in the compression \(compression)",
          expected: "expected at least one point and a compression of 0 to 3")
      }
    case 0x11: try values(compression, data, at: place, &result)
    case 0x12...0x15: try values(type - 0x12, data, at: place, &result)
    case 0x101:
      let title = try text(&cursor)
      result.metadata.append("identifier", title)
      record.title = title
    case 0x102: times(try text(&cursor), place, &result)
    case 0x103: date(try text(&cursor), place, &result)
    case 0x111: try beam(&cursor, place, &result)
    case 0x112:
      let slope = Double(try cursor.f32("keV per channel"))
      let offset = Double(try cursor.f32("the energy of channel 0"))
      first = Int64(try cursor.i32("the first channel"))
      record.fwhm = Double(try cursor.f32("the resolution"))
      calibrationPlace = .byte(place)
      record.calibration = FileCalibration([offset, slope], source: "record 0x112")
    case 0x120: try geometry(&cursor, place, &result)
    default:
      // 0x20, 0x110 and what other programs add: kept as words where it is short.
      if data.count <= 64 {
        var words: [String] = []
        while cursor.remaining >= 4 { words.append(hexadecimal(try cursor.u32("a word"))) }
        result.metadata.append(
          "record \(hexadecimal(UInt32(truncatingIfNeeded: type)))",
          words.joined(separator: " "))
      } else {
        result.metadata.append(
          "record \(hexadecimal(UInt32(truncatingIfNeeded: type)))", "\(data.count) bytes, not read"
        )
      }
    }
  }

  private func hexadecimal(_ word: UInt32) -> String { "0x" + String(word, radix: 16) }

  /// A text: the count of its bytes and the bytes, filled up to words.
  private func text(_ cursor: inout ByteCursor) throws(ReadFailure) -> String {
    let whole = try cursor.slice(cursor.remaining, "a text")
    var inside = ByteCursor(whole, order: .big, area: "rump-binary")
    // Some writers leave the length out: then the record holds nothing but the text.
    if let count = try? inside.u32("the length of a text"), Int(count) <= inside.remaining {
      return SpectrumText.trimmed(
        try inside.slice(Int(count), "a text").latin1(cutAtNUL: true))
    }
    return SpectrumText.trimmed(whole.latin1(cutAtNUL: true))
  }

  /// `LT=540.25 CT=552.75`: live and clock time in seconds.
  private mutating func times(_ text: String, _ place: Int, _ result: inout SpectrumTables) {
    result.metadata.append("times", text)
    var found = false
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      let parts = word.split(separator: "=")
      guard parts.count == 2, let seconds = NumberScanner.parse(parts[1]) else { continue }
      if parts[0] == "LT" { record.liveTime = seconds }
      if parts[0] == "CT" || parts[0] == "RT" { record.realTime = seconds }
      found = true
    }
    if !found {
      result.diagnostics.note(
        "rump-binary.times", at: .byte(place), found: "the times are `\(text.prefix(60))`",
        expected: "expected LT= and CT= in seconds; kept as metadata")
    }
  }

  private mutating func date(_ text: String, _ place: Int, _ result: inout SpectrumTables) {
    result.metadata.append("date", text)
    guard !text.isEmpty else { return }
    SpectrumText.start(text, at: .byte(place), into: &record, &result.diagnostics)
  }

  private mutating func beam(
    _ cursor: inout ByteCursor, _ place: Int, _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    let energy = Double(try cursor.f32("the energy")) * 1000
    let number = Int(try cursor.i32("the atomic number"))
    let mass = Double(try cursor.f32("the mass"))
    let state = try cursor.i32("the charge state")
    let charge = Double(try cursor.f32("the charge"))
    let current = Double(try cursor.f32("the current"))
    record.energy = try positive(energy, "energy", place)
    if charge != 0 { record.charge = try positive(charge, "charge", place) }
    if state > 0 { record.chargeState = Double(state) }
    if current.isFinite { result.metadata.append("current (nA)", .real(current)) }
    if mass.isFinite { result.metadata.append("mass (u)", .real(mass)) }
    result.metadata.append("atomic number", .integer(Int64(number)))
    guard let whole = Int(exactly: mass.rounded()), (1...92).contains(number),
      let ion = Ion("\(whole)\(ChemicalElement.symbols[number - 1])")
    else {
      result.diagnostics.warn(
        "rump-binary.ion", at: .byte(place),
        found: "the ion has the atomic number \(number) and the mass \(mass)",
        expected: "expected those of an isotope; it is not known")
      return
    }
    record.ion = ion.name
  }

  private mutating func geometry(
    _ cursor: inout ByteCursor, _ place: Int, _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    let kind = try cursor.i32("the kind of geometry")
    let theta = Double(try cursor.f32("theta"))
    let phi = Double(try cursor.f32("phi"))
    let psi = Double(try cursor.f32("psi"))
    let solidAngle = Double(try cursor.f32("the solid angle"))
    switch kind {
    case -1: record.geometry = .general
    case 0: record.geometry = .cornell
    case 1: record.geometry = .ibm
    default:
      result.diagnostics.warn(
        "rump-binary.geometry", at: .byte(place), found: "the kind of geometry is \(kind)",
        expected: "expected -1 (general), 0 (Cornell) or 1 (IBM); it is not known")
    }
    for (name, angle) in [("theta", theta), ("phi", phi), ("psi", psi)] {
      guard angle.isFinite, angle.magnitude <= 180 else {
        throw ReadFailure(
          "rump-binary.angle", at: .byte(place), found: "\(name) is \(angle)°",
          expected: "expected an angle up to 180°")
      }
      result.metadata.append("\(name) (deg)", .real(angle))
    }
    record.incidence = theta.magnitude
    record.scattering = 180 - phi.magnitude
    record.exit = psi.magnitude
    if solidAngle != 0 { record.solidAngle = try positive(solidAngle, "solid angle", place) }
  }

  private func positive(
    _ value: Double, _ name: String, _ place: Int
  ) throws(ReadFailure) -> Double {
    guard value.isFinite, value > 0 else {
      throw ReadFailure(
        "rump-binary.value", at: .byte(place), found: "the \(name) is \(value)",
        expected: "expected a number above 0")
    }
    return value
  }

  private mutating func values(
    _ mode: Int, _ data: ByteView, at place: Int, _ result: inout SpectrumTables
  ) throws(ReadFailure) {
    bytes.append((place + 8)..<(place + 8 + data.count))
    if !hasPoints { promisePlace = .byte(place) }
    let present = whole.count + real.count
    defer { room -= whole.count + real.count - present }
    guard room > 0 else {
      throw ReadFailure(
        "rump-binary.expansion", at: .byte(place), found: "the records give ever more counts",
        expected: "expected at most 2²⁰ beyond the bytes of the file")
    }
    let left = min(room, hasPoints ? points - present : room)
    switch mode {
    case 0:
      let numbers = data.reals(Float.self, count: data.count / 4, at: 0, order: .big) ?? []
      real += whole.map { Double($0) } + numbers.prefix(left)
      whole = []
      if numbers.count > left { extra(numbers.count - left, place, &result) }
    case 1:
      var cursor = ByteCursor(data, order: .big, area: "rump-binary", base: place + 8)
      var numbers: [Int64] = []
      while cursor.remaining >= 4 { numbers.append(Int64(try cursor.i32("a count"))) }
      append(numbers, left)
      if numbers.count > left { extra(numbers.count - left, place, &result) }
    default:
      let steps = mode == 3 ? try RUMPSteps.expanded(data, left, at: place + 8) : data
      let read = try RUMPSteps.counts(steps, left, at: place + 8)
      append(read.counts, left)
      if !hasPoints { dropFilling(read.repeated, place, &result) }
    }
  }

  private mutating func append(_ numbers: [Int64], _ left: Int) {
    if real.isEmpty {
      whole += numbers.prefix(left)
    } else {
      real += numbers.prefix(left).map { Double($0) }
    }
  }

  /// Takes off what fills the last word of a record where no record says how many counts there are.
  ///
  /// A filling byte reads as one more count like the last. What leaves a multiple of 64 is the most likely;
  /// else none of them counts. Behind counts of 0 it makes no difference.
  private mutating func dropFilling(
    _ repeated: Int, _ place: Int, _ result: inout SpectrumTables
  ) {
    let present = whole.count + real.count
    let most = min(3, repeated)
    guard most > 0, (whole.last ?? 0) != 0 || (real.last ?? 0) != 0 else { return }
    let dropped = (0...most).first { (present - $0) % 64 == 0 } ?? most
    if real.isEmpty {
      whole.removeLast(min(dropped, whole.count))
    } else {
      real.removeLast(min(dropped, real.count))
    }
    result.diagnostics.warn(
      "rump-binary.filling", at: .byte(place),
      found:
        "no record says how many counts there are, and \(most) zero byte\(most == 1 ? "" : "s") at the end "
        + "may be counts or fill the last word",
      expected: "expected a record of type 0x10; \(dropped) left out")
  }

  private func extra(_ count: Int, _ place: Int, _ result: inout SpectrumTables) {
    result.diagnostics.warn(
      "rump-binary.extra", at: .byte(place), found: "\(count) counts more than promised",
      expected: "expected \(points); the others are left out")
  }

  /// Makes a spectrum of the counts so far.
  private mutating func finishOne(_ result: inout SpectrumTables) throws(ReadFailure) {
    guard hasPoints || !whole.isEmpty || !real.isEmpty else { return }
    if hasPoints {
      try result.checkPromise(whole.count + real.count, of: points, at: promisePlace)
    }
    // Float32 holds whole counts exactly; they stay whole.
    var content = SpectrumContent(
      first: first, counts: real.isEmpty ? .integer(whole) : .real(real))
    content.record = record
    content.calibrationPlace = calibrationPlace
    content.origin = Origin(
      bytes: bytes,
      steps: [
        ["Float32 big-endian", "Int32 big-endian", "differences", "differences without zeros"][
          min(max(compression, 0), 3)]
      ])
    finished.append(content)
    (whole, real, bytes, hasPoints) = ([], [], [], false)
  }

  /// Adds all spectra to the result.
  mutating func finish(_ result: inout SpectrumTables) throws(ReadFailure) {
    try finishOne(&result)
    for (number, content) in finished.enumerated() {
      var content = content
      content.record.table = finished.count > 1 ? "spectrum_\(number + 1)" : "spectrum"
      try result.add(content)
    }
  }
}

/// RUMP's compressions 2 and 3.
enum RUMPSteps {
  /// Counts after which the differences start anew.
  private static let restart = 1024

  /// The counts of one record: a start as int32, then differences.
  ///
  /// A difference is an int8; 0x80 in its place is followed by an int16, and 0x8000 there by the count
  /// itself as int32. After every 1024 counts a start follows again; up to three bytes fill the last word:
  /// `repeated` says how many bytes of 0, differences or filling, the record ends with.
  static func counts(
    _ data: ByteView, _ limit: Int, at place: Int
  ) throws(ReadFailure) -> (counts: [Int64], repeated: Int) {
    var cursor = ByteCursor(data, order: .big, area: "rump-binary", base: place)
    var counts: [Int64] = []
    var value: Int64 = 0
    var repeated = 0
    while cursor.remaining > 0, counts.count < limit {
      if counts.count % restart == 0 {
        // What is left may be no more than the filling of the last word.
        if !counts.isEmpty, cursor.remaining < 4 { break }
        value = Int64(try cursor.i32("a first count"))
        repeated = 0
      } else {
        let step = try cursor.i8("a difference")
        repeated = step == 0 ? repeated + 1 : 0
        if step != .min {
          value &+= Int64(step)
        } else {
          let wide = try cursor.i16("a difference of 16 bits")
          value = wide != .min ? value &+ Int64(wide) : Int64(try cursor.i32("a count"))
        }
      }
      counts.append(value)
    }
    return (counts, repeated)
  }

  /// The bytes with runs of zeros put back.
  ///
  /// The record starts with 0x80 and the marker; behind the marker a number stands for as many zeros, and
  /// 0 for the marker itself.
  static func expanded(
    _ data: ByteView, _ limit: Int, at place: Int
  ) throws(ReadFailure) -> ByteView {
    guard data[0] == 0x80, let marker = data[1] else {
      throw ReadFailure(
        "rump-binary.marker", at: .byte(place),
        found: "the record starts with the byte \(data[0] ?? 0)",
        expected: "expected 0x80 and the marker of runs of zeros")
    }
    var result: [UInt8] = []
    var i = 2
    // No count needs more than seven bytes; what is beyond the last one is not needed.
    let most = 7 * min(max(limit, 0), 1 << 40) + 16
    while let byte = data[i], result.count < most {
      i += 1
      guard byte == marker else {
        result.append(byte)
        continue
      }
      guard let count = data[i] else { break }
      i += 1
      if count == 0 {
        result.append(marker)
      } else {
        result.append(contentsOf: repeatElement(0, count: Int(count)))
      }
    }
    return ByteView(result)
  }
}
