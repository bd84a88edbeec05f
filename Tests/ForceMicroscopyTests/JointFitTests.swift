import NumericalMethods
import Reading
import Tables
import TestSupport
import Testing

@testable import ForceMicroscopy

/// Films of the corpus whose curves alone fix only a combination of modulus and pretension.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct JointFitTests {
  /// Options of the synthetic films, and the analysis of a curve with them.
  func options(thickness: Int, limit: Double = 60) throws -> ForceAnalysisOptions {
    var options = ForceAnalysisOptions()
    for (name, text) in [
      ("hole-radius", "1350"), ("tip-radius", "50"), ("poisson", "0.2"), ("substrate-e2d", "340"),
      ("thickness", "\(thickness)"), ("elastic-limit", "\(limit)"),
    ] { try options.setOption(name: name, text: text) }
    return options
  }

  func analyze(_ path: String, thickness: Int, limit: Double = 60) throws -> ForceFileAnalysis {
    try analyzed(
      path,
      [
        "hole-radius": "1350", "tip-radius": "50", "poisson": "0.2", "substrate-e2d": "340",
        "thickness": "\(thickness)", "elastic-limit": "\(limit)",
      ])
  }

  /// Four elastic curves of the 20 nm film (58 GPa, 1.1 N/m), each within 60 nN.
  @Test func determinesTogetherWhatNoCurveDoes() throws {
    var options = try self.options(thickness: 20)
    options.joint = true
    let files = try (0..<4).map {
      try analyze("afm/synthetic/50c-20nm/elastic_\($0).ibw", thickness: 20)
    }
    #expect(files.allSatisfy { $0.curves[0].flags == ["afm.undetermined"] })
    let joint = try #require(JointFit(files, options: options))
    let modulus = (joint.modulus - 340) / 20e-9
    let u = joint.noiseU / 20e-9
    #expect(u < 0.35 * 58e9 && abs(modulus - 58e9) < 3 * u, "\(modulus) ± \(u)")
    #expect(joint.members.count == 4)
    for member in joint.members { #expect(abs(member.pretension - 1.1) < 0.35) }
    let single = try #require(JointFit(Array(files.prefix(2)), options: options))
    #expect(single.noiseU > joint.noiseU)
    #expect(JointFit(Array(files.prefix(1)), options: options) == nil)

    var trace = TraceGraph(prefix: "t")
    let summary = summarizeForceSamples(files, options: options, trace: &trace)
    let record = try #require(summary.handover.first)
    #expect(record.isReady && record.n == 4)
    let found = try #require(record.modulus)
    #expect(abs((found.value ?? 0) - modulus / 1e9) < 1e-9)
    options.joint = false
    let alone = summarizeForceSamples(files, options: options, trace: &trace)
    #expect(alone.handover.first?.isReady == false)
  }

  /// A well-determined film: the joint modulus is the weighted mean of the curves' own.
  @Test func isTheWeightedMeanOfCurvesThatKnow() throws {
    let options = try self.options(thickness: 10)
    let files = try (0..<3).map {
      try analyze("afm/synthetic/25c-10nm/elastic_\($0).ibw", thickness: 10)
    }
    let fits = files.compactMap { $0.curves[0].fit }
    let joint = try #require(JointFit(files, options: options))
    let mean = try #require(
      weightedMean(fits.map(\.parameters.modulus), u: fits.compactMap { $0.u(0) }))
    #expect(abs(joint.modulus - mean.mean) < 0.2 * mean.u)
    #expect(abs(joint.noiseU / max(1, joint.birgeRatio ?? 1) / mean.u - 1) < 0.1)
  }

  /// At the force that is named, with a margin for this curve's noise, both are determined.
  @Test func namesTheForceThatWouldDo() throws {
    let path = "afm/synthetic/50c-20nm/fail_0.ibw"
    let file = try analyze(path, thickness: 20)
    let force = try #require(file.curves[0].sufficientForce)
    #expect(force > 60e-9 && force < 200e-9)
    let again = try analyze(path, thickness: 20, limit: 1.3 * force * 1e9)
    #expect(!again.curves[0].flags.contains("afm.undetermined"))
    let advice = file.diagnostics.first { $0.code == "afm.undetermined" }?.message ?? ""
    #expect(advice.contains("--elastic-limit") && advice.contains("nN"), "\(advice)")
  }
}
