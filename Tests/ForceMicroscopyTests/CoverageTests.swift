import NumericalMethods
import Tables
import TestSupport
import Testing

@testable import ForceMicroscopy

@Suite struct CoverageTests {
  /// Curves a film.
  private let count = CoverageCount.cases(few: 4)

  /// (estimate − truth)/u over generated curves has mean 0 and rms 1, for white and coloured noise.
  @Test func uncertaintiesCoverTheTruth() throws {
    var films: [(String, MadeFilm)] = [("4 nm", MadeFilm())]
    var thick = MadeFilm()
    thick.inputs.thickness = 10e-9
    thick.modulus = 61e9
    thick.tension = 0.6
    films.append(("10 nm", thick))
    var coloured = thick
    coloured.colour = 0.8
    films.append(("10 nm, coloured", coloured))
    var all: [Double] = []
    for (name, film) in films {
      var scores: [[Double]] = [[], [], []]
      var held = [CoverageCount(), CoverageCount(), CoverageCount()]
      for seed in 0..<count {
        let (dataset, contact) = try #require(film.dataset(seed: UInt64(seed)))
        var options = ForceAnalysisOptions()
        try options.setOption(name: "hole-radius", text: "1.35 um")
        try options.setOption(name: "tip-radius", text: "50")
        try options.setOption(name: "poisson", text: "0.2")
        try options.setOption(
          name: "thickness", text: "\((film.inputs.thickness ?? 0) * 1e9) nm")
        try options.setOption(name: "substrate-e2d", text: "340 N/m")
        let a = try #require(
          analyzeForceCurves(
            dataset, input: InputIdentity(path: "made", bytes: 0, sha256: ""), sample: "s",
            options: options, tracePrefix: "t"
          ).curves.first)
        let e = try #require(a.value(.modulus))
        let s = try #require(a.value(.pretension))
        scores[0].append((e.value - film.modulus / 1e9) / (e.u ?? .nan))
        scores[1].append((s.value - film.tension) / (s.u ?? .nan))
        scores[2].append(((a.contact ?? .nan) - contact) / (a.contactU ?? .nan))
        held[0].add(e.value, u: e.u, truth: film.modulus / 1e9)
        held[1].add(s.value, u: s.u, truth: film.tension)
        held[2].add(a.contact, u: a.contactU, truth: contact)
      }
      for (i, (key, z)) in zip(["modulus", "pretension", "contact"], scores).enumerated() {
        if CoverageCount.asked != nil {
          print(held[i].row("afm \(key), film \(name)"))
          #expect(held[i].isRight, "\(name) \(key): \(held[i])")
        }
        let rms = rootMeanSquare(z) ?? .nan
        let bias = mean(z) ?? .nan
        // The rms of n normal scores has standard deviation 1/√(2n).
        #expect(abs(rms - 1) < 4 / (2 * Double(count)).squareRoot(), "\(name) \(key): \(rms)")
        // The mean has 1/√n. A curved model is biased besides: a quarter of u takes 0.7 % from a 95 % interval.
        #expect(abs(bias) < max(4 / Double(count).squareRoot(), 0.25), "\(name) \(key): \(bias)")
        all += z
      }
    }
    let rms = rootMeanSquare(all) ?? .nan
    #expect(rms > 0.5 && rms < 1.5)
  }
}
