/// How often a stated 95 % interval holds the truth, over synthetic cases.
public struct CoverageCount: Sendable {
  /// Cases in all, and those whose interval holds the truth.
  public private(set) var cases = 0, inside = 0
  /// Cases without a value or an uncertainty.
  public private(set) var missing = 0

  /// The cases that `tools/coverage-study` asks for; nil in a normal run of the tests.
  public static var asked: Int? {
    TestSetting.text("INTERPHASE_COVERAGE").flatMap { Int($0) }
  }

  /// The number of cases: what is asked for, else the few of a normal run.
  public static func cases(few: Int) -> Int { asked ?? few }

  /// No case.
  public init() {}

  /// Takes up a case; a normal distribution about the value is what `u` states.
  public mutating func add(_ value: Double?, u: Double?, truth: Double) {
    guard let value, let u, u > 0 else {
      missing += 1
      return
    }
    cases += 1
    if abs(value - truth) <= 1.959964 * u { inside += 1 }
  }

  /// The share of cases whose interval holds the truth.
  public var share: Double { cases > 0 ? Double(inside) / Double(cases) : .nan }

  /// Whether the share is 93–97 % (data model §3), or for fewer than 1000 cases within four standard
  /// deviations of a binomial about that.
  public var isRight: Bool {
    guard cases > 0, missing == 0 else { return false }
    let slack = cases >= 1000 ? 0 : 4 * (0.95 * 0.05 / Double(cases)).squareRoot()
    return share >= 0.93 - slack && share <= 0.97 + slack
  }

  /// A line of the table that the study prints.
  public func row(_ name: String) -> String {
    "coverage | \(name) | \(cases) | \((share * 1000).rounded() / 10) % | \(missing) without u"
  }
}
