internal import Tables
internal import Units

/// `current-range`: the largest current fits the range or the capacity that the file declares.
enum CurrentRange: LintRule {
  static let code = "current-range"
  static let formula = "max|I| over the declared range; max|I|·1 h over the declared capacity"
  static let threshold = "above the range or below 1/1000 of it; beyond 100 C or below C/1000"
  static let source =
    "an instrument measures no more than its range, and one set 1000 times too wide would not be used"
  static let needs = "a current, and a declared current range or capacity"

  /// An instrument may read a little over its range.
  private static let over = 1.2
  private static let under = 1e-3

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table -> [LintCheck] in
      guard let current = subject.values("current", in: table, .ampere),
        let range = LintNumbers.extremes(current)
      else { return [] }
      let largest = max(range.low.magnitude, range.high.magnitude)
      guard largest > 0 else { return [] }
      let place = LintSubject.place(table["current"], row: 0)
      var checks: [LintCheck] = []
      if let declared = declaredRange(subject, table) {
        let share = largest / declared
        let holds = share <= over && share >= under
        let words =
          "the largest current is \(LintNumbers.short(largest)) A, the declared range "
          + "\(LintNumbers.short(declared)) A"
        checks.append(
          LintCheck(
            holds, share, limit: share > 1 ? over : under, table, at: place,
            words + (holds ? "" : cause(share))))
      }
      if let capacity = capacity(subject, table) {
        let rate = largest / capacity
        let holds = rate <= 100 && rate >= 1e-3
        let words =
          "the largest current is \(LintNumbers.short(rate)) times what charges the declared "
          + "\(LintNumbers.short(capacity)) A.h in one hour"
        checks.append(
          LintCheck(
            holds, rate, limit: rate > 1 ? 100 : 1e-3, table, at: place,
            words + (holds ? "" : cause(rate))))
      }
      return checks
    }
  }

  private static func cause(_ share: Double) -> String {
    share > 1
      ? "; mA under A, or the range is that of another channel"
      : "; A under mA, or the range is that of another channel"
  }

  private static let words: Set = ["irange", "currentrange", "currrange", "currentrangea"]

  /// The largest range that the file names in so many words, in A; nil where one of them is automatic.
  private static func declaredRange(_ subject: LintSubject, _ table: Table) -> Double? {
    if let own = subject.dataset.setting("current_range"), own.value > 0 { return own.value }
    guard let entry = subject.metadata(words, of: table), case .text(let text) = entry.value
    else { return nil }
    // EC-Lab writes one range for each step of the program.
    var largest = 0.0
    for part in text.split(whereSeparator: { $0 == "\t" || $0 == ";" || $0 == "," }) {
      let trimmed = String(part.drop { $0 == " " })
      if trimmed.lowercased().contains("auto") { return nil }
      if let value = LintSubject.quantity(.text(trimmed), .ampere, fallback: nil) {
        largest = max(largest, value)
      }
    }
    return largest > 0 ? largest : nil
  }

  /// The declared capacity in A.h; the vendor's 0.000 is none.
  private static func capacity(_ subject: LintSubject, _ table: Table) -> Double? {
    if let own = subject.dataset.setting("nominal_capacity"), own.value > 0 {
      return (try? own.unit.convert(own.value, to: .ampereHour)) ?? nil
    }
    let words: Set = ["batterycapacity", "nominalcapacity", "ratedcapacity", "designcapacity"]
    guard let entry = subject.metadata(words, of: table), case .text = entry.value,
      let value = LintSubject.quantity(entry.value, .ampereHour, fallback: nil), value > 0
    else { return nil }
    return value
  }
}
