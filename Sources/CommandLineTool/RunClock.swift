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
      started: Self.text(Self.fixedInstant ?? start), ended: Self.text(Self.fixedInstant ?? Date()))
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

  /// ISO 8601 in UTC, whole seconds.
  static func text(_ date: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
    let c = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    func two(_ n: Int?) -> String { (n ?? 0) < 10 ? "0\(n ?? 0)" : "\(n ?? 0)" }
    return
      "\(c.year ?? 1970)-\(two(c.month))-\(two(c.day))T\(two(c.hour)):\(two(c.minute)):\(two(c.second))Z"
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
