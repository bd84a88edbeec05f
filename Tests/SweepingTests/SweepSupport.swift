import Bytes
import Sweeping
import Tables
import Testing

/// Reads a sweep whose files stand in a dictionary.
func sweep(
  _ text: String, files: [String: String] = [:]
) throws(ReadFailure) -> SweepConfiguration {
  try SweepConfiguration.read(ByteView(utf8: text), name: "sweep.yaml") {
    file throws(ReadFailure) in
    guard let text = files[file] else {
      throw ReadFailure("io.missing", found: "no such file", expected: "a file")
    }
    return ByteView(utf8: text)
  }
}

/// The results of a sweep, run point by point.
func results(_ configuration: SweepConfiguration) throws -> SweepResults {
  let runner = SweepRunner(configuration)
  let plan = try #require(
    SweepPlan(SweepPlan.tree(configuration, version: "test"), file: "sweep.yaml"))
  return SweepResults(plan, (1...configuration.points).map(runner.run))
}

/// Settings of a coarse run that takes a few milliseconds.
let coarse = "numerics.points: 16, numerics.tolerance: 1e-2, stop.growth: 0.5 nm"

/// The code, place and words of the failure that a text gives.
func failure(_ text: String, files: [String: String] = [:]) -> Diagnostic? {
  do {
    _ = try sweep(text, files: files)
    return nil
  } catch {
    return error.diagnostic
  }
}
