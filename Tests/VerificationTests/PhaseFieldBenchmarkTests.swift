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
    let (n, m, pitch) = (61, 47, 80)
    var start = [Double](repeating: 0, count: pitch * (m + 3))
    for j in 0..<m {
      for i in 0..<n { start[(j + 1) * pitch + 8 + i] = Double((i * 37 + j * 101) % 89) / 89 }
    }
    func cells(_ field: [Double], _ high: Int32) -> [Double] {
      (0..<m).flatMap { j in
        let row = (j + (high == 0 ? 1 : 2)) * pitch + 8
        return field[row..<(row + n)]
      }
    }
    for edge in [CK_PERIODIC, CK_NO_FLUX, CK_MIRROR] {
      var layout = ck_field(
        columns: n, rows: m, pitch: pitch, high: 0, column_edge: Int32(edge),
        row_edge: Int32(edge))
      let column = (0..<n).map { 0.02 + 0.001 * Double($0) }
      var (a, b, c, d) = (start, start, start, start)
      for _ in 0..<1000 {
        ck_allen_cahn_step(&a, &layout, 0.0625, 0.04, -0.02, 0.014)
        ck_plain_allen_cahn_step(&b, &layout, 0.0625, 0.04, -0.02, 0.014)
        ck_allen_cahn_columns(&c, &layout, column, column, column)
        ck_plain_allen_cahn_columns(&d, &layout, column, column, column)
        layout.high = layout.high == 0 ? 1 : 0
      }
      for (any, plain) in [(a, b), (c, d)] {
        let pairs = zip(cells(any, layout.high), cells(plain, layout.high))
        #expect(pairs.allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(cells(any, layout.high) == cells(plain, layout.high), "the same bits")
        #expect(cells(any, layout.high) != cells(start, 0))
      }
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
