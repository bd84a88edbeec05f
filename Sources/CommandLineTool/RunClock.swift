internal import Foundation
internal import Interphase

/// When a command started and how long it took: the fields of the JSON object `run`.
struct RunClock {
  private let start = Date()

  /// `started`, `elapsed_s` and the host's kind; with SOURCE_DATE_EPOCH set only that instant.
  var run: ResultObject {
    var fields = ResultObject()
    if let epoch = Self.fixedInstant {
      fields["started"] = .text(Self.text(epoch))
      return fields
    }
    fields["started"] = .text(Self.text(start))
    fields["elapsed_s"] = .number((Date().timeIntervalSince(start) * 1000).rounded() / 1000)
    fields["host"] = .fields([
      "cores": .integer(ProcessInfo.processInfo.activeProcessorCount), "system": .text(Self.system),
    ])
    return fields
  }

  /// Start and end for the report and the crate.
  var times: ResultsWriter.Times {
    .init(
      started: Self.text(Self.fixedInstant ?? start), ended: Self.text(Self.fixedInstant ?? Date()),
      areFixed: Self.fixedInstant != nil)
  }

  /// What a body gives, with the seconds it took; nil where SOURCE_DATE_EPOCH fixes every time.
  static func timed<Result>(_ body: () throws -> Result) rethrows -> (Result, Double?) {
    let start = Date()
    let result = try body()
    guard fixedInstant == nil else { return (result, nil) }
    return (result, (Date().timeIntervalSince(start) * 1000).rounded() / 1000)
  }

  private static var fixedInstant: Date? {
    ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Double.init).map(
      Date.init(timeIntervalSince1970:))
  }

  /// ISO 8601 in UTC, whole seconds, by arithmetic: Foundation's calendars load its time zones, which
  /// takes as long as reading a small file.
  static func text(_ date: Date) -> String {
    // Year 1 to 9999.
    let limits = -62_135_596_800.0...253_402_300_799.0
    let seconds = date.timeIntervalSince1970.rounded(.down)
    let whole = seconds.isNaN ? 0 : Int(min(max(seconds, limits.lowerBound), limits.upperBound))
    let second = (whole % 86400 + 86400) % 86400
    let days = (whole - second) / 86400
    // Civil date from a day number: H. Hinnant, "chrono-compatible low-level date algorithms".
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * part + 2) / 5 + 1
    let month = part < 10 ? part + 3 : part - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    return "\(year)-\(two(month))-\(two(day))T\(clock)Z"
  }

  private static var system: String {
    #if os(Linux)
    "Linux"
    #elseif os(macOS)
    "macOS"
    #else
    "other"
    #endif
  }
}
