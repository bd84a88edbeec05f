internal import Bytes
internal import Tables

/// The head of an MDA file and its outer scan.
struct MDAFile {
  let bytes: ByteView
  let version: Float
  let number: Int
  let rank: Int
  let dimensions: [Int]
  let isRegular: Bool
  /// Where the extra process variables stand; 0 where there are none (a scan that never ended).
  let extras: Int
  let scan: MDAScan

  init(_ bytes: ByteView) throws(ReadFailure) {
    self.bytes = bytes
    var cursor = ByteCursor(bytes, order: .big, area: "mda")
    version = try cursor.f32("version")
    guard MDAFormat.isKnown(version) else {
      throw ReadFailure(
        "mda.version", at: .byte(0), found: "version \(version)",
        expected: "expected 1.2, 1.3 or 1.4")
    }
    number = Int(try cursor.i32("scan number"))
    let place = cursor.place
    rank = Int(try cursor.i32("rank"))
    guard rank > 0, rank <= 16 else {
      throw ReadFailure(
        "mda.rank", at: place, found: "rank \(rank)", expected: "expected 1 to 16")
    }
    var dimensions: [Int] = []
    for _ in 0..<rank { dimensions.append(Int(try cursor.i32("dimension"))) }
    self.dimensions = dimensions
    isRegular = try cursor.i32("regularity") != 0
    extras = Int(try cursor.i32("pointer to the extra variables"))
    scan = try MDAScan(&cursor, rank: rank)
    guard scan.points == dimensions[0] else {
      throw ReadFailure(
        "mda.dimensions", at: .byte(scan.start + 4),
        found: "\(scan.points) points requested, the head of the file says \(dimensions[0])",
        expected: "expected the same number")
    }
  }

  /// The head of the file as metadata.
  func describe(into dataset: inout Dataset) {
    // The float nearest to 1.3 is written 1.3.
    dataset.metadata.append("version", "\(version)")
    dataset.metadata.append("scan number", .integer(Int64(number)))
    dataset.metadata.append("rank", .integer(Int64(rank)))
    dataset.metadata.append(
      "dimensions", dimensions.map { "\($0)" }.joined(separator: " × "))
    dataset.metadata.append("regular", isRegular ? "yes" : "no")
  }

  /// Adds the extra process variables; what cannot be read is told.
  ///
  /// - Parameter end: where the last scan record ends; the variables should start there and reach to
  ///   the end of the file.
  func readExtras(
    after end: Int, into dataset: inout Dataset, _ diagnostics: inout DiagnosticList
  ) {
    guard extras != 0 else {
      diagnostics.note(
        "mda.no-extras", at: .byte(12 + 4 * rank + 4), found: "no extra process variables",
        expected: "the scan was still running when the file was last written, or none are saved")
      return
    }
    if extras != end {
      dataset.complete = false
      diagnostics.warn(
        "mda.layout", at: .byte(12 + 4 * rank + 4),
        found: "the extra variables start at byte \(extras), the scans end at \(end)",
        expected: "expected the same place; a count or a pointer may be wrong")
    }
    do throws(ReadFailure) {
      var cursor = ByteCursor(bytes, order: .big, area: "mda")
      try cursor.seek(to: max(0, extras))
      let place = cursor.place
      let count = Int(try cursor.i32("number of extra variables"))
      guard count >= 0, count <= cursor.remaining / 12 else {
        throw ReadFailure(
          "mda.count", at: place, found: "\(count) extra variables, \(cursor.remaining) bytes left",
          expected: "expected at least 12 bytes for each")
      }
      for _ in 0..<count { try Self.extra(&cursor, into: &dataset) }
      if cursor.remaining > 0 {
        diagnostics.warn(
          "mda.trailing", at: cursor.place,
          found: "\(cursor.remaining) bytes behind the extra variables",
          expected: "expected the end of the file")
      }
    } catch {
      dataset.complete = false
      diagnostics.warn(
        "mda.extras", at: error.diagnostic.place,
        found: "the extra variables cannot be read to their end (\(error.diagnostic.found))",
        expected: error.diagnostic.expected)
    }
  }

  /// One process variable: its value with its unit, and its description where that says more.
  private static func extra(
    _ cursor: inout ByteCursor, into dataset: inout Dataset
  ) throws(ReadFailure) {
    let start = cursor.offset
    let name = try MDAText.read(&cursor, "name of a variable")
    let description = try MDAText.read(&cursor, "description of a variable")
    let place = cursor.place
    let type = try cursor.i32("type of a variable")
    var value: String
    if type == 0 {
      value = try MDAText.read(&cursor, "value of a variable")
    } else {
      guard let size = [32: 4, 29: 4, 33: 4, 30: 4, 34: 8][Int(type)] else {
        throw ReadFailure(
          "mda.type", at: place, found: "type \(type) of the variable `\(name.prefix(60))`",
          expected: "expected 0, 29, 30, 32, 33 or 34")
      }
      let countPlace = cursor.place
      let count = Int(try cursor.i32("count of a variable"))
      let unit = try MDAText.read(&cursor, "unit of a variable")
      guard count >= 0, count <= cursor.remaining / size else {
        throw ReadFailure(
          "mda.count", at: countPlace, found: "\(count) values, \(cursor.remaining) bytes left",
          expected: "expected \(size) bytes for each")
      }
      value = try values(&cursor, type: Int(type), count: count)
      if !unit.isEmpty { value += " \(unit)" }
    }
    dataset.metadata.append(name, value)
    if !description.isEmpty { dataset.metadata.append("\(name) description", description) }
    if dataset.settingOrigins[name] == nil {
      dataset.settingOrigins[name] = Origin(bytes: [start..<cursor.offset])
    }
  }

  private static func values(
    _ cursor: inout ByteCursor, type: Int, count: Int
  ) throws(ReadFailure) -> String {
    if type == 32 {
      // Characters, each in four bytes, up to the first 0.
      var text: [UInt8] = []
      var isOver = false
      for _ in 0..<count {
        let character = try cursor.i32("character")
        isOver = isOver || character == 0
        if !isOver { text.append(UInt8(truncatingIfNeeded: character)) }
      }
      return String(validating: text, as: UTF8.self) ?? ByteView(text).latin1()
    }
    var words: [String] = []
    for _ in 0..<count {
      switch type {
      case 30: words.append("\(try cursor.f32("value"))")
      case 34: words.append("\(try cursor.f64("value"))")
      default: words.append("\(try cursor.i32("value"))")
      }
    }
    return words.joined(separator: " ")
  }
}
