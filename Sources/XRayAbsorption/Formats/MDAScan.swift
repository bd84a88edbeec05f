internal import Bytes
internal import Tables

/// One scan record of an MDA file: what it moved, what it counted, and where its numbers stand.
struct MDAScan {
  /// What was moved.
  struct Positioner {
    var number: Int
    var name: String
    var description: String
    var mode: String
    var unit: String
    var readbackName: String
    var readbackDescription: String
    var readbackUnit: String
  }

  /// What was counted.
  struct Detector {
    var number: Int
    var name: String
    var description: String
    var unit: String
  }

  /// What started the counting of a point.
  struct Trigger {
    var number: Int
    var name: String
    var command: Float
  }

  var rank: Int
  var points: Int
  var done: Int
  /// Where the inner scans start; 0 for those that were not made.
  var inner: [Int]
  var name: String
  var time: String
  var positioners: [Positioner] = []
  var detectors: [Detector] = []
  var triggers: [Trigger] = []
  /// Where the record starts, where its numbers start, and where they should end.
  var start: Int
  var data: Int
  var end: Int

  /// Reads a record up to its numbers, which are not touched.
  init(_ cursor: inout ByteCursor, rank: Int) throws(ReadFailure) {
    start = cursor.offset
    let rankPlace = cursor.place
    self.rank = Int(try cursor.i32("rank of the scan"))
    guard self.rank == rank else {
      throw ReadFailure(
        "mda.rank", at: rankPlace, found: "a scan of rank \(self.rank)",
        expected: "expected rank \(rank)")
    }
    let pointsPlace = cursor.place
    points = Int(try cursor.i32("points requested"))
    done = Int(try cursor.i32("points done"))
    guard points > 0 else {
      throw ReadFailure(
        "mda.points", at: pointsPlace, found: "\(points) points requested",
        expected: "expected at least one")
    }
    guard done >= 0, done <= points else {
      throw ReadFailure(
        "mda.points", at: pointsPlace, found: "\(done) points done of \(points) requested",
        expected: "expected 0 to \(points)")
    }
    inner = []
    if rank > 1 {
      let table = try cursor.slice(
        points.multipliedReportingOverflow(by: 4).partialValue, "pointers")
      inner = (table.integers(.int32, count: points, order: .big) ?? []).map { Int($0) }
    }
    name = try MDAText.read(&cursor, "name of the scan")
    time = try MDAText.read(&cursor, "time of the scan")
    let counts = (
      try Self.count(&cursor, "positioners"), try Self.count(&cursor, "detectors"),
      try Self.count(&cursor, "triggers")
    )
    for _ in 0..<counts.0 {
      let number = Int(try cursor.i32("number of a positioner"))
      var texts: [String] = []
      for _ in 0..<7 { texts.append(try MDAText.read(&cursor, "text of a positioner")) }
      positioners.append(
        Positioner(
          number: number, name: texts[0], description: texts[1], mode: texts[2], unit: texts[3],
          readbackName: texts[4], readbackDescription: texts[5], readbackUnit: texts[6]))
    }
    for _ in 0..<counts.1 {
      let number = Int(try cursor.i32("number of a detector"))
      let name = try MDAText.read(&cursor, "name of a detector")
      let description = try MDAText.read(&cursor, "description of a detector")
      let unit = try MDAText.read(&cursor, "unit of a detector")
      detectors.append(
        Detector(number: number, name: name, description: description, unit: unit))
    }
    for _ in 0..<counts.2 {
      let number = Int(try cursor.i32("number of a trigger"))
      let name = try MDAText.read(&cursor, "name of a trigger")
      triggers.append(
        Trigger(number: number, name: name, command: try cursor.f32("command of a trigger")))
    }
    data = cursor.offset
    // Both factors are below 2^31 and 2^17: no overflow.
    end = data + points * (8 * positioners.count + 4 * detectors.count)
  }

  /// A count of descriptions, each of which takes at least 12 bytes.
  private static func count(
    _ cursor: inout ByteCursor, _ what: String
  ) throws(ReadFailure) -> Int {
    let place = cursor.place
    let count = Int(try cursor.i32("number of \(what)"))
    guard count >= 0, count <= cursor.remaining / 8, count <= 1 << 16 else {
      throw ReadFailure(
        "mda.count", at: place, found: "\(count) \(what), \(cursor.remaining) bytes left",
        expected: "expected at least 8 bytes for each")
    }
    return count
  }

  /// The numbers of all positioners and detectors that stand whole in the file, points done only.
  func columns(_ file: ByteView) -> [(values: [Double], bytes: Range<Int>)] {
    var result: [(values: [Double], bytes: Range<Int>)] = []
    var offset = data
    for i in 0..<(positioners.count + detectors.count) {
      let isPositioner = i < positioners.count
      let size = points * (isPositioner ? 8 : 4)
      guard offset <= file.count, size <= file.count - offset,
        let values = file.reals(
          isPositioner ? .float64 : .float32, count: done, at: offset, order: .big)
      else { break }
      result.append((values, offset..<(offset + done * (isPositioner ? 8 : 4))))
      offset += size
    }
    return result
  }
}

/// Texts of MDA files: a length and, where it is not 0, the length again, the bytes and padding.
enum MDAText {
  /// The next text, as UTF-8 or else Latin-1.
  static func read(_ cursor: inout ByteCursor, _ what: String) throws(ReadFailure) -> String {
    let place = cursor.place
    let length = Int(try cursor.i32("length of a \(what)"))
    if length == 0 { return "" }
    let again = Int(try cursor.i32("length of a \(what)"))
    guard length > 0, again == length else {
      throw ReadFailure(
        "mda.text", at: place, found: "the \(what) has the lengths \(length) and \(again)",
        expected: "expected the same positive length twice")
    }
    let bytes = try cursor.slice(length, what)
    try cursor.skip((4 - length % 4) % 4)
    let whole = bytes.withBytes { $0.firstIndex(of: 0) }.map { bytes.prefix($0) } ?? bytes
    return String(validating: whole.array, as: UTF8.self) ?? whole.latin1()
  }
}
