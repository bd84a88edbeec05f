import TestSupport
import Testing

@testable import ForceMicroscopy

/// Trigger and contact slope of real curves of all readers.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct TriggerTests {
  /// No curve that nanite describes is flagged; the ratios are near those of an own evaluation in numpy
  /// with the mean of the first 1 % of the points.
  @Test func goodCurvesPass() throws {
    let ratios: [String: [Double]] = [
      "afm/jpk/fmt-jpk-fd_spot3-0192.jpk-force": [0.9930],
      "afm/jpk/fmt-jpk-fd_flipsign_2015.05.22-15.31.49.352.jpk-force": [0.9862],
      "afm/jpk/fmt-jpk-fd_map2x2_extracted.jpk-force-map": [1.0032, 0.9887, 0.9906],
      "afm/jpk/fmt-jpk-fd_single_tilted-baseline-drift-mitotic_2021-01-29.jpk-force": [1.0019],
    ]
    for (path, curves) in try NaniteTruth.all() {
      guard let analysis = NaniteTruth.analysis(path, curves, settings: [:]) else { continue }
      for (i, item) in curves.enumerated() {
        guard let a = analysis.curves.first(where: { $0.number == item.number }) else { continue }
        if item.trusted {
          #expect(!a.flags.contains("afm.trigger-mismatch"), "\(path): \(a.triggerRatio ?? 0)")
          #expect(!a.flags.contains("afm.slope-impossible"), "\(path): \(a.contactSlope ?? 0)")
        }
        if let expected = ratios[path], i < expected.count {
          #expect(
            abs((a.triggerRatio ?? 0) - expected[i]) < 0.02, "\(path): \(a.triggerRatio ?? 0)")
        }
      }
    }
  }

  /// A set point that the ramp never reached is said.
  @Test func anUnreachedSetPointIsFlagged() throws {
    let path = "afm/jpk/fmt-jpk-fd_single_bad_2017-01-16_1.jpk-force"
    guard let analysis = NaniteTruth.analysis(path, [], settings: [:]) else { return }
    #expect(analysis.curves.first?.flags.contains("afm.trigger-mismatch") == true)
  }
}
