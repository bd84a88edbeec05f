import CKernels
import Tables
import Testing
import Verification

@Suite struct PhaseFieldBenchmarkTests {
  private func rows(_ id: String, _ sets: String...) throws -> [VerificationRow] {
    try #require(Verification.named(id)).run(sets: sets)
  }

  /// Small runs: what must hold at any size.
  @Test func invariantsHold() throws {
    let spinodal = try rows("bm1a", "cells=20", "time=1.7")
    #expect(
      spinodal.map(\.quantity) == [
        "free_energy", "mass_drift", "free_energy_rise", "free_energy_1",
      ])
    #expect(spinodal[1].passes == true && spinodal[2].passes == true)
    #expect(spinodal[0].reference == nil && spinodal[0].passes == nil)
    // The seed keeps its size at first; numpy: mean of ½[1 − tanh((r − 5.05)/√2)] on 250² cell centres.
    let nucleation = try rows("bm8a", "time=0.5", "spacing=1", "step=0.05")
    #expect(
      nucleation.map(\.quantity) == [
        "fraction", "free_energy", "free_energy_initial", "fraction", "free_energy",
      ])
    let spectral = try #require(nucleation[0].result)
    let differences = try #require(nucleation[3].result)
    #expect(abs(spectral / 0.0085 - 1) < 0.05 && abs(differences / spectral - 1) < 0.05)
    // 3.643545 with points enough.
    #expect(abs(try #require(nucleation[2].result) / 3.643545 - 1) < 1e-3)
  }

  /// One quarter with a mirror in the middle of a cell gives the same as one with a mirror at its face.
  @Test func oddAndEvenCellsAgree() throws {
    let even = try rows("bm8a", "scheme=fd5", "time=1", "spacing=1", "step=0.05")
    let odd = try rows("bm8a", "scheme=fd5", "time=1", "spacing=0.99009900990099", "step=0.05")
    let (a, b) = (try #require(even[0].result), try #require(odd[0].result))
    #expect(abs(a / b - 1) < 2e-3)
    let (e, f) = (try #require(even[1].result), try #require(odd[1].result))
    #expect(abs(e / f - 1) < 2e-2)
  }

  @Test func manufacturedSolution() throws {
    // numpy, the same scheme: 0.0421997.
    let coarse = try rows("bm7a", "cells=50")
    let error = try #require(coarse[0].result)
    #expect(abs(error / 0.0421997 - 1) < 1e-4)
    for cells in ["7", "ten", "", "100;200", "4000"] {
      #expect(throws: ReadFailure.self) { try rows("bm7a", "cells=\(cells)") }
    }
  }

  @Test func wrongParametersAreRefused() throws {
    #expect(throws: ReadFailure.self) { try rows("bm1a", "cells=22") }
    #expect(throws: ReadFailure.self) { try rows("bm8a", "spacing=0.3") }
    #expect(throws: ReadFailure.self) { try rows("bm8a", "step=0.1") }
    #expect(throws: ReadFailure.self) { try rows("bm8a", "step=1e-9") }
    #expect(throws: ReadFailure.self) { try rows("bm8a", "scheme=fft") }
  }

  /// The loops for newer instruction sets give what the plain one gives, also after 1,000 steps.
  @Test func instructionSetsAgree() {
    let n = 61
    var start = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      for i in 0..<n { start[j * n + i] = Double((i * 37 + j * 101 + i * j) % 89) / 89 }
    }
    for edges in [(0, 0), (1, 0), (-1, -1)] {
      var rule = ck_allen_cahn(
        dt: 0.01, g: 6.25, a: 1.4, b: 2, lowEdge: edges.0, highEdge: edges.1)
      var (x, y) = (start, start)
      ck_allen_cahn_steps(&x, &y, n, n, &rule, 1000)
      var (p, q) = (start, start)
      ck_allen_cahn_steps_plain(&p, &q, n, n, &rule, 1000)
      var worst = 0.0
      for i in x.indices { worst = max(worst, abs(x[i] - p[i])) }
      #expect(worst < 1e-12)
      #expect(x == p, "the same bits")
      #expect(x.contains { $0 > 0.5 } || x.contains { $0 < 0.5 })
      #expect(x != start)
    }
  }

  #if !DEBUG
  @Test func referencesHold() throws {
    for sets in [
      ["time=200", "scheme=spectral"], ["time=150", "scheme=spectral"],
      ["time=50", "scheme=spectral"], ["ratio=0.99", "time=50", "scheme=spectral"],
      ["ratio=0.99", "time=100"], ["ratio=1.05"],
    ] {
      let found = try #require(Verification.named("bm8a")).run(sets: sets)
      for row in found where row.reference != nil {
        #expect(row.passes == true, "\(sets): \(row)")
      }
      #expect(found.contains { $0.passes == true })
    }
  }
  #endif
}
