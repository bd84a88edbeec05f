import Tables
import TestSupport
import Testing

@testable import ForceMicroscopy

/// Contact candidates against nanite 4.2.3 on every curve of the corpus that has them.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct ContactRuleTests {
  /// Curves whose contact no model finds: nanite's simplex stops anywhere or leaves the data.
  private static let withoutModel: Set<String> = [
    "afm/jpk/fmt-jpk-fd_single_bad_2017-01-16_1.jpk-force",
    "afm/jpk/fmt-jpk-fd_single_bad_bead10_2017-04-27.jpk-force",
    "afm/jpk/fmt-jpk-fd_single-modified_2023.jpk-force",
    "afm/jpk/fmt-jpk-fd_2020.02.07-16.29.05.036.jpk-qi-data",
    "afm/text/fmt-afm-workshop-fd_single_2021-01-15.csv",
  ]

  /// The three direct rules within one row, the fits within 1 % of the rows (at least three).
  @Test func candidatesEqualNanites() throws {
    var compared = 0
    for (path, curves) in try NaniteTruth.all() {
      guard let analysis = NaniteTruth.analysis(path, curves, settings: [:]) else { continue }
      for item in curves {
        guard let a = analysis.curves.first(where: { $0.number == item.number }) else { continue }
        let n = a.curve.approachZ.count
        for (method, index) in item.contacts {
          guard let found = a.candidates.first(where: { $0.method == method })?.index else {
            continue
          }
          let direct = ![
            .fitConstantLine, .fitConstantPolynomial, .fitLinePolynomial,
          ].contains(method)
          if !direct, Self.withoutModel.contains(path) || index >= n { continue }
          let tolerance = direct ? 1 : max(3, n / 100)
          #expect(
            abs(found - index) <= tolerance,
            "\(path) \(item.number) \(method.rawValue): \(found) and \(index) of \(n)")
          compared += 1
        }
      }
    }
    #expect(compared >= 24)
  }
}
