internal import Bytes
internal import Tables
internal import Units

/// A span of time as instruments write it: `0:01:02.5`, `100:00:10`, `1d 02:03:04`, `1.02:03:04`, `1h 2m 3.5s`.
struct DurationText {
  /// The span in seconds, the nearest Double to what is written.
  let seconds: Double
  /// The hours of the day where the text may as well be a time of day; nil beyond 24 hours or with days.
  let hourOfDay: Int64?

  /// Takes a span apart; nil where the text is none.
  ///
  /// Two parts are minutes and seconds only where the seconds have a fraction: `12:30` may as well be
  /// hours and minutes.
  init?(_ text: String) {
    var scan = Scan(Array(text.utf8))
    scan.skipBlanks()
    let isNegative = scan.take("-")
    if !isNegative { _ = scan.take("+") }
    guard let first = scan.number() else { return nil }
    var days: Int64 = 0
    var parts: [Int64] = []
    if let unit = scan.unit() {
      // Numbers with units: 1d 02:03:04 and 1h 2m 3.5s.
      if unit == "d" {
        days = first
        scan.skipBlanks()
        guard let hours = scan.number() else { return nil }
        parts.append(hours)
      } else {
        guard let spelled = Self.spelled(first, unit, &scan) else { return nil }
        seconds = isNegative ? -spelled : spelled
        hourOfDay = nil
        return
      }
    } else if scan.take(".") || scan.take("-") {
      // 1.02:03:04 of .NET.
      days = first
      guard let hours = scan.number(), hours < 24 else { return nil }
      parts.append(hours)
    } else {
      parts.append(first)
    }
    while parts.count < 3, scan.take(":") {
      guard let number = scan.number() else { return nil }
      parts.append(number)
    }
    guard parts.count >= 2 else { return nil }
    var fraction = ""
    if scan.take(".") || scan.take(",") { fraction = scan.digits() }
    scan.skipBlanks()
    guard scan.isAtEnd, parts.count == 3 || !fraction.isEmpty && days == 0 else { return nil }
    guard parts.dropFirst().dropLast().allSatisfy({ $0 < 60 }), (parts.last ?? 0) <= 60,
      parts.count == 3 || parts[0] < 6000
    else { return nil }
    let whole = parts.reduce(Int64(0)) { $0 * 60 + $1 } + days * 86_400
    guard let value = NumberScanner.parse(fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)")
    else { return nil }
    seconds = isNegative ? -value : value
    hourOfDay = parts.count == 3 && days == 0 && !isNegative && parts[0] < 24 ? parts[0] : nil
  }

  /// `1h 2m 3.5s` from its first number and unit.
  private static func spelled(_ first: Int64, _ unit: String, _ scan: inout Scan) -> Double? {
    let sizes: [String: Int64] = ["h": 3600, "m": 60, "s": 1]
    guard var size = sizes[unit] else { return nil }
    var whole = first * size
    var fraction = ""
    while true {
      scan.skipBlanks()
      if scan.isAtEnd { break }
      guard fraction.isEmpty, let number = scan.number() else { return nil }
      if scan.take(".") { fraction = scan.digits() }
      guard let unit = scan.unit(), let next = sizes[unit], next < size,
        fraction.isEmpty || next == 1
      else { return nil }
      whole += number * next
      size = next
    }
    // A single number with a unit is a quantity, not a span written in parts.
    guard whole != first * (sizes[unit] ?? 1) || size == 1, unit != "s" else { return nil }
    return NumberScanner.parse(fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)")
  }

  /// Reads the parts of a text in order.
  private struct Scan {
    private let bytes: [UInt8]
    private var i = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes.count <= 40 ? bytes : [] }

    var isAtEnd: Bool { i >= bytes.count }

    mutating func skipBlanks() {
      while i < bytes.count, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
    }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
      guard i < bytes.count, bytes[i] == UInt8(ascii: mark) else { return false }
      i += 1
      return true
    }

    mutating func digits() -> String {
      let start = i
      while i < bytes.count, bytes[i] &- 48 <= 9 { i += 1 }
      return String(decoding: bytes[start..<i], as: UTF8.self)
    }

    /// A whole number of at most nine digits.
    mutating func number() -> Int64? {
      let text = digits()
      return text.utf8.count <= 9 ? Int64(text) : nil
    }

    /// `d`, `h`, `m` or `s`, also written out.
    mutating func unit() -> String? {
      let start = i
      skipBlanks()
      let from = i
      while i < bytes.count, (bytes[i] | 0x20) &- 97 < 26 { i += 1 }
      let word = String(decoding: bytes[from..<i], as: UTF8.self).lowercased()
      switch word {
      case "d", "day", "days": return "d"
      case "h", "hr", "hrs", "hour", "hours": return "h"
      case "m", "min", "mins", "minute", "minutes": return "m"
      case "s", "sec", "secs", "second", "seconds": return "s"
      default:
        i = start
        return nil
      }
    }
  }
}

/// Columns of spans of time.
enum RecipeDurations {
  /// The column in seconds; a warning for texts that are no spans, which become missing.
  static func read(
    _ column: Column, lines: ClosedRange<Int>?, into diagnostics: inout DiagnosticList
  ) -> Column {
    guard case .text(let texts) = column.values else { return column }
    var values: [Double] = []
    values.reserveCapacity(texts.count)
    var missing = column.missing
    var odd = 0
    var first: (row: Int, text: String)?
    for (row, text) in texts.enumerated() {
      if let duration = DurationText(text) {
        values.append(duration.seconds)
        continue
      }
      if !text.isEmpty, !missing.contains(row) {
        odd += 1
        if first == nil { first = (row, text) }
      }
      missing.insert(row)
      values.append(.nan)
    }
    if let first {
      let line = lines.flatMap { $0.count == texts.count ? $0.lowerBound + first.row : nil }
      diagnostics.warn(
        "recipe.duration", at: line.map { .line($0) } ?? .whole,
        found: "'\(first.text.prefix(40))' in column '\(column.label)'",
        expected: "expected a span such as 0:01:02.5 or 1d 02:03:04; the cell is missing",
        count: odd)
    }
    var origin = column.origin
    origin.steps.append("span of time → s")
    var result = Column(
      name: column.name, label: column.label, values: .real(values), unit: .known(.second),
      missing: missing, origin: origin)
    result.key = column.key
    result.attached = column.attached
    return result
  }
}
