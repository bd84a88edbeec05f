import Foundation
import NumericalMethods
import RealModule
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

@Suite struct MergeTests {
  static func truth(_ key: String) throws -> [String: Any] {
    let all = try #require(
      JSONSerialization.jsonObject(
        with: Data(
          contentsOf: URL(fileURLWithPath: Corpus.path("xas/merge_rebin.truth.json"))))
        as? [String: Any])
    return try #require(all[key] as? [String: Any])
  }

  /// Energy and absorption as they stand beside a corpus file.
  static func scan(_ name: String) throws -> AbsorptionScan {
    let text = try String(contentsOfFile: Corpus.path("xas/\(name).norm.csv"), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",").prefix(2).map { Double($0) ?? .nan }
    }
    return AbsorptionScan(energy: rows.map { $0[0] }, mu: rows.map { $0[1] })
  }

  /// larch 2026.3 `merge_groups` (merge_rebin.truth.json).
  @Test(
    .enabled(if: Corpus.available, "corpus absent"),
    arguments: [
      "merge P65 goethite 0+1", "merge gypsum 01+02+03",
    ])
  func meansAreThoseOfLarch(_ key: String) throws {
    let wanted = try Self.truth(key)
    let names = try #require(wanted["files"] as? [String])
    var diagnostics = DiagnosticList()
    let merge = try SpectrumMerge(
      names: names, names.map(Self.scan), method: .mean, diagnostics: &diagnostics)
    let ends = try #require(wanted["E"] as? [Double])
    #expect(merge.scan.count == wanted["n"] as? Int)
    #expect(((merge.scan.energy.first ?? 0) - ends[0]).magnitude < 1e-5)
    // The energies beside the file were moved apart by 0.0005 eV where they repeat, and are once more.
    #expect(((merge.scan.energy.last ?? 0) - ends[1]).magnitude < 6e-4)
    let sum = try #require(wanted["mu_sum"] as? Double)
    #expect((merge.scan.mu.reduce(0, +) / sum - 1).magnitude < 1e-7)
    let top = try #require(wanted["mu_max"] as? Double)
    #expect(((merge.scan.mu.max() ?? 0) / top - 1).magnitude < 1e-7)
    let ours = try #require(LarchConvention.normalise(merge.scan))
    #expect((ours.e0 - (wanted["e0"] as? Double ?? 0)).magnitude < 1e-5)
    #expect((ours.edgeStep / (wanted["edge_step"] as? Double ?? 0) - 1).magnitude < 1e-6)
    #expect(merge.standardError.count == merge.scan.count)
    #expect(merge.inputs.allSatisfy { ($0.weight - 1 / Double(names.count)).magnitude < 1e-12 })
  }

  /// Weights follow the noise, errors hold what they say, and the odd one out is named.
  @Test func noisyRepeatsCountLess() throws {
    let energy = (0..<300).map { 1545 + 0.2 * Double($0) }
    var random = CounterRandom(seed: 5)
    func repeated(_ noise: Double, shift: Double = 0) -> AbsorptionScan {
      AbsorptionScan(
        energy: energy,
        mu: energy.map { ShiftTests.aluminium($0, shift: shift) + noise * random.normal() })
    }
    let scans = [repeated(0.01), repeated(0.01), repeated(0.02), repeated(0.01)]
    var diagnostics = DiagnosticList()
    let names = ["a", "b", "c", "d"]
    let merge = try SpectrumMerge(
      names: names, scans, method: .weighted, diagnostics: &diagnostics)
    #expect(diagnostics.all.isEmpty)
    let weights = merge.inputs.map(\.weight)
    #expect((weights.reduce(0, +) - 1).magnitude < 1e-12)
    #expect(weights[2] < 0.4 * weights[0] && weights[2] > 0.1 * weights[0])
    var (squares, errors) = (0.0, 0.0)
    for (i, e) in merge.scan.energy.enumerated() {
      let d = merge.scan.mu[i] - ShiftTests.aluminium(e, shift: 0)
      squares += d * d
      errors += merge.standardError[i] * merge.standardError[i]
    }
    #expect((0.6...1.3).contains((squares / errors).squareRoot()))
    // One that lies 0.5 eV higher stands out, and no longer so once it is moved back.
    let moved = scans + [repeated(0.01, shift: 0.5)]
    let odd = try SpectrumMerge(
      names: names + ["odd"], moved, method: .weighted, diagnostics: &diagnostics)
    #expect(odd.inputs.map(\.isOutlier) == [false, false, false, false, true])
    #expect(diagnostics.all.map(\.code) == ["xas.merge-outlier"])
    let aligned = try SpectrumMerge(
      names: names + ["odd"], moved, method: .weighted, shifts: [0, 0, 0, 0, -0.5],
      diagnostics: &diagnostics)
    #expect(aligned.inputs.allSatisfy { !$0.isOutlier } && aligned.inputs[4].shift == -0.5)
    #expect(throws: ReadFailure.self) {
      try SpectrumMerge(names: ["a"], [scans[0]], method: .mean, diagnostics: &diagnostics)
    }
    var far = scans[1]
    far.energy = far.energy.map { $0 + 100 }
    #expect(throws: ReadFailure.self) {
      try SpectrumMerge(
        names: ["a", "b"], [scans[0], far], method: .mean, diagnostics: &diagnostics)
    }
  }

  /// larch 2026.3 `rebin_xafs`; sums to 1e-3 (design page, 3.7).
  @Test(
    .enabled(if: Corpus.available, "corpus absent"),
    arguments: [
      "columns/APS10BM_2019.dat", "columns/mn3o4.201",
    ])
  func binsAreThoseOfLarch(_ name: String) throws {
    let wanted = try Self.truth("rebin \(name) boxcar")
    let text = try String(contentsOfFile: Corpus.path("xas/\(name)"), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).map {
      $0.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    }
    let width = rows.last?.count ?? 0
    let table = rows.drop { $0.count != width || width < 3 }.filter { $0.count == width }
    let scan = AbsorptionScan(
      energy: table.map { $0[0] }, mu: table.map { Double.log($0[1] / $0[2]) })
    let e0 = try #require(wanted["e0"] as? Double)
    let bins = try #require(scan.rebinned(e0))
    let ends = try #require(wanted["E"] as? [Double])
    #expect(bins.count == wanted["n"] as? Int)
    #expect(((bins.energy.first ?? 0) - ends[0]).magnitude < 1e-3)
    #expect(((bins.energy.last ?? 0) - ends[1]).magnitude < 1e-2)
    let (energies, sum) = (wanted["E_sum"] as? Double ?? 0, wanted["mu_sum"] as? Double ?? 0)
    #expect((bins.energy.reduce(0, +) / energies - 1).magnitude < 1e-6)
    #expect((bins.mu.reduce(0, +) / sum - 1).magnitude < 1e-3, "\(bins.mu.reduce(0, +)) \(sum)")
  }

  @Test func fewPointsAreInterpolated() throws {
    let scan = AbsorptionScan(
      energy: (0..<120).map { 1500 + Double($0) }, mu: (0..<120).map { 0.01 * Double($0) })
    let bins = try #require(scan.rebinned(1560))
    #expect(bins.energy.allSatisfy { $0 >= 1500 && $0 <= 1619 })
    for (e, mu) in zip(bins.energy, bins.mu) {
      #expect((mu - 0.01 * (e - 1500)).magnitude < 0.02)
    }
    #expect(scan.rebinned(1700) == nil && scan.rebinned(.nan) == nil)
  }
}
