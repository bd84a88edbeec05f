internal import Bytes
package import Configuration
internal import Delamination
internal import Plating
package import Simulation
package import Tables
internal import Units

/// The model that a sweep runs.
package enum SweepCommand: String, Hashable, Sendable, CaseIterable {
  case plate
  case delaminate

  var model: any SweptModel.Type {
    switch self {
    case .plate: SweptPlating.self
    case .delaminate: SweptDelamination.self
    }
  }
}

/// A sweep as read from its configuration: what is varied, over which cases, and what is asked of it.
package struct SweepConfiguration: Sendable {
  /// The wave whose growth rate is asked for.
  package struct Wave: Hashable, Sendable {
    /// In m.
    package var wavelength: Double
    /// The film's conductivity in S/m.
    package var conductivity: Double
  }

  package var command: SweepCommand
  /// The cases of the base, with `set` above them.
  package var cases: [ConfigValues]
  /// The keys that vary: the axes, then the sampled keys, in the order of the configuration.
  package var varied: [SweptKey]
  package var sampling: Sampling?
  package var orderings: [Ordering]
  /// Every how many points the phase field repeats the run; nil for never.
  package var control: Int?
  package var wave: Wave?
  package var outputs: [ModelOutput]
  /// Every parameter before the cases' own settings, with its source.
  package var parameters: ResultObject
  package var diagnostics: [Diagnostic]
  package var input: InputIdentity
  /// The base and the files with measured values, in the order of reading.
  package var otherInputs: [InputIdentity]

  /// Files that the base names, and those that the sweep itself names.
  var baseFiles: ConfiguredFiles.Read
  var ownFiles: ConfiguredFiles.Read
  var openBase: @Sendable (String) throws(ReadFailure) -> ByteView
  var openOwn: @Sendable (String) throws(ReadFailure) -> ByteView

  /// The labels of the cases.
  package var labels: [String] { cases.map { $0.label ?? "case" } }

  /// The axes among the varied keys.
  package var axes: [SweptKey] { varied.filter { $0.axisValues != nil } }

  /// The number of draws at each combination of the axes' values.
  package var draws: Int { sampling?.count ?? 1 }

  /// The number of points.
  package var points: Int {
    axes.reduce(draws) { $0 * max($1.axisValues?.count ?? 1, 1) }
  }

  /// How many shares a draw of a key takes: one, or one for each case.
  func dimensions(of item: SweptKey) -> Int {
    guard case .sampled(let distribution) = item.course else { return 0 }
    if case .ownOfCases = distribution { return cases.count }
    return 1
  }
}
