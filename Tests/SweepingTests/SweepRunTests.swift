import Configuration
import NumericalMethods
import Sweeping
import Tables
import Testing

private func numbers(_ table: Table, _ name: String) throws -> [Double] {
  try #require(table[name]?.real)
}

@Suite struct SweepRunTests {
  /// A point is the same whoever runs it and whatever was run before.
  @Test func aPointDependsOnItsNumberAlone() throws {
    let configuration = try sweep(
      """
      sweep:
        set: {\(coarse)}
        axes: {film.thickness: [4 nm, 8 nm]}
        sample:
          count: 4
          seed: 11
          film.modulus: {lognormal: {mean: 25 GPa, cv: 0.2}}
          metal.surface_energy: {uniform: {low: 0.3 J/m2, high: 0.6 J/m2}}
      """)
    let runner = SweepRunner(configuration)
    let all = (1...8).map(runner.run)
    let other = SweepRunner(configuration, design: SweepDesign(configuration))
    for point in [8, 3, 5] { #expect(other.run(point) == all[point - 1]) }
    // The same draws at each thickness, so that the axes are compared on equal terms.
    for point in 0..<4 {
      #expect(all[point].rows[0].inputs[1] == all[point + 4].rows[0].inputs[1])
    }
    // A record goes through its line without losing a bit.
    let plan = try #require(
      SweepPlan(SweepPlan.tree(configuration, version: "test"), file: "sweep.yaml"))
    for record in all {
      let tree = ResultValue.object(record.tree(mark: "m", plan: nil))
      #expect(PointRecord(tree, plan: plan) == record)
    }
    let cut = ResultValue.fields(["point": .integer(9), "rows": .list([]), "notes": .list([])])
    #expect(PointRecord(cut, plan: plan) == nil)
  }

  /// Mean and standard deviation of the draws are those of the distribution: a Latin hypercube of 1000
  /// leaves errors far below those of random draws (0.6 % and 2 %).
  @Test func drawsFollowTheirDistribution() throws {
    let design = LatinHypercube(count: 1000, dimensions: 3, seed: 5)
    let distributions: [(Distribution, mean: Double, sd: Double)] = [
      (.lognormal(mean: 25, cv: 0.2), 25, 5), (.normal(mean: -3, sd: 2), -3, 2),
      (.uniform(low: 2, high: 8), 5, 6 / 12.0.squareRoot()),
    ]
    for (dimension, item) in distributions.enumerated() {
      let values = try (0..<1000).map {
        try #require(item.0.quantile(design.draw($0)[dimension]))
      }
      let found = try #require(mean(values))
      let spread = try #require(standardDeviation(values))
      #expect(abs(found - item.mean) < 1e-3 * item.sd)
      #expect(abs(spread / item.sd - 1) < 0.01)
    }
  }

  /// A draw that the model cannot take is a row without numbers, said once, and the rest goes on.
  @Test func aPointThatFailsIsARow() throws {
    let found = try results(
      sweep(
        """
        sweep:
          set: {\(coarse)}
          sample: {count: 6, film.thickness: {normal: {mean: 2 nm, sd: 4 nm}}}
        """))
    let thickness = try numbers(found.table, "film.thickness")
    let ratio = try #require(found.table["pv_ratio"])
    guard case .text(let status)? = found.table["status"]?.values else {
      Issue.record("no status")
      return
    }
    var failed = 0
    for row in 0..<6 {
      #expect((status[row] == "failed") == (thickness[row] <= 0))
      #expect(ratio.missing.contains(row) == (thickness[row] <= 0))
      failed += thickness[row] <= 0 ? 1 : 0
    }
    #expect(failed > 0 && failed < 6)
    #expect(found.result["failed"] == .integer(failed))
    let said = found.diagnostics.filter { $0.code == "sweep.failed" }
    #expect(said.count == 1 && said.first?.count == failed)
  }

  /// Statistics and orderings against sums over the rows of the table.
  @Test func statisticsAreThoseOfTheRows() throws {
    let found = try results(
      sweep(
        """
        sweep:
          base: {cases: [{label: a, film.thickness: 4 nm}, {label: b, film.thickness: 9 nm}]}
          set: {\(coarse)}
          sample: {count: 16, film.modulus: {normal: {mean: 25 GPa, sd: 5 GPa}}}
          orderings: ["pv_ratio: a > b", "pv_ratio: a < b", "tip_stress_final: b < a"]
        """))
    #expect(found.table.rows == 32)
    let ratio = try numbers(found.table, "pv_ratio")
    let ofB = stride(from: 1, to: 32, by: 2).map { ratio[$0] }
    guard case .list(let list)? = found.result["statistics"] else {
      Issue.record("no statistics")
      return
    }
    let entry = try #require(
      list.first { $0["case"]?.text == "b" && $0["key"]?.text == "pv_ratio" })
    let average = ofB.reduce(0, +) / 16
    let variance = ofB.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 15
    func number(_ key: String) -> Double {
      if case .number(let x)? = entry[key] { return x }
      return .nan
    }
    #expect(abs(number("mean") - average) < 1e-12)
    #expect(abs(number("sd") - variance.squareRoot()) < 1e-12)
    #expect(number("p05") <= number("median") && number("median") <= number("p95"))
    // One input explains everything but what its groups blur.
    guard case .number(let share)? = entry["sobol"]?["film.modulus"] else {
      Issue.record("no index")
      return
    }
    #expect(share > 0.8 && share <= 1)
    guard case .list(let orderings)? = found.result["orderings"] else {
      Issue.record("no orderings")
      return
    }
    let shares = orderings.map { $0["probability"]?.quantity?.value }
    #expect(shares[0] == 1 && shares[1] == 0)
    for entry in orderings {
      let probability = try #require(entry["probability"]?.quantity)
      let p = try #require(probability.value)
      #expect(probability.u == (p * (1 - p) / 16).squareRoot())
      #expect(probability.interval?.contains(p) == true)
    }
  }

  /// Rows, map and point numbers fit together: the first axis runs along x.
  @Test func theMapHoldsTheRows() throws {
    let found = try results(
      sweep(
        """
        sweep:
          set: {\(coarse)}
          axes:
            film.thickness: {from: 4 nm, to: 8 nm, count: 3}
            film.modulus: {values: [10 GPa, 100 GPa]}
          wavelength: 32 nm
        """))
    let map = try #require(found.map)
    #expect(map.axes.map(\.count) == [3, 2])
    #expect(map.axes[0].origin == 4 && map.axes[0].step == 2)
    #expect(map.axes[1].origin == 10 && map.axes[1].step == 90)
    let ratio = try #require(map.channels.first { $0.name == "pv_ratio" }?.real)
    let rows = try numbers(found.table, "pv_ratio")
    for x in 0..<3 { for y in 0..<2 { #expect(ratio[y * 3 + x] == rows[x * 2 + y]) } }
    #expect(found.figures.map(\.id) == ["map", "map-growth_rate"])
    #expect(found.figures.allSatisfy { $0.fields.allSatisfy(\.isWhole) })
    // A full factorial: the shares of both axes stay below one together.
    guard case .list(let list)? = found.result["statistics"] else { return }
    let entry = try #require(list.first { $0["key"]?.text == "pv_ratio" })
    var sum = 0.0
    for key in ["film.thickness", "film.modulus"] {
      if case .number(let share)? = entry["sobol"]?[key] { sum += share }
    }
    #expect(sum > 0.3 && sum <= 1 + 1e-12)
  }

  /// The growth rate of the page's formula, worked out by itself in Python with math.sinh.
  @Test func growthRates() throws {
    let expected: [(h: String, e: String, wave: String, kappa: String, rate: Double)] = [
      ("10 nm", "25 GPa", "32 nm", "1e-6 S/m", 0.2782288330380658),
      ("4 nm", "10 GPa", "64 nm", "1e-4 S/m", -0.11346048586924568),
      ("20 nm", "50 GPa", "16 nm", "1e-7 S/m", 2.780513512433572),
    ]
    for item in expected {
      let found = try results(
        sweep(
          """
          sweep:
            set: {\(coarse), film.modulus: \(item.e)}
            axes: {film.thickness: [\(item.h)]}
            wavelength: \(item.wave)
            conductivity: \(item.kappa)
          """))
      let rate = try numbers(found.table, "growth_rate")[0]
      #expect(abs(rate / item.rate - 1) < 1e-9, "\(item.h): \(rate)")
    }
  }

  /// Every second point also by the phase field.
  @Test func controlPointsAreRepeatedByThePhaseField() throws {
    let found = try results(
      sweep(
        """
        sweep:
          set: {numerics.points: 64, numerics.spacing: 1 nm, numerics.interface_half_width: 2 nm, domain.height: 48 nm,
                stop.growth: 0.2 nm}
          axes: {film.thickness: [8 nm, 12 nm, 16 nm, 20 nm]}
          control: 2
        """))
    let table = try #require(found.controlTable)
    #expect(try numbers(table, "point") == [2, 4])
    guard case .list(let list)? = found.result["control"]?["differences"] else {
      Issue.record("no differences")
      return
    }
    let entry = try #require(list.first { $0["key"]?.text == "pv_ratio" })
    let difference = try #require(entry["greatest_difference"]?.quantity?.value)
    // A coarse phase field: a tenth, but no copy of the sharp run.
    #expect(entry["n"] == .integer(2) && difference > 0 && difference < 0.2)
  }

  /// Films that come off have no opening; how many do is the mean of a flag.
  @Test func delaminationMaySplitTheDraws() throws {
    let found = try results(
      sweep(
        """
        sweep:
          command: delaminate
          set: {mesh: {columns: 20, rows: 1}}
          axes: {load.pressure: [10 MPa, 2 GPa]}
        """))
    let flags = try numbers(found.table, "delaminates")
    #expect(flags == [0, 1])
    let opening = try #require(found.table["opening"])
    #expect(!opening.missing.contains(0) && opening.missing.contains(1))
  }

  /// E lognormal, 25 GPa, 20 %: means and spreads of the design page, from Gauss–Hermite quadrature over
  /// runs of 512 points with an implicit method of high order; 128 points leave 0.7 %.
  @Test func uncertaintyOfTheThreeFilms() throws {
    let found = try results(
      sweep(
        """
        sweep:
          base:
            numerics: {points: 128, tolerance: 1e-5}
            cases:
              - {label: h4, film.thickness: 4 nm}
              - {label: h10, film.thickness: 10 nm}
              - {label: h20, film.thickness: 20 nm}
          sample: {count: 12, film.modulus: {lognormal: {mean: 25 GPa, cv: 0.2}}}
          orderings: ["pv_ratio: h4 > h10 > h20"]
        """))
    let expected: [(String, pv: Double, pvSd: Double, tip: Double, tipSd: Double)] = [
      ("h4", 0.6245, 0.0074, -64.9, 1.0), ("h10", 0.3416, 0.0307, -101.0, 0.8),
      ("h20", 0.1746, 0.0145, -102.0, 4.3),
    ]
    guard case .list(let list)? = found.result["statistics"] else {
      Issue.record("no statistics")
      return
    }
    for item in expected {
      for (key, average, spread, allowed) in [
        ("pv_ratio", item.pv, item.pvSd, 0.01), ("tip_stress_final", item.tip, item.tipSd, 0.01),
      ] {
        let entry = try #require(
          list.first { $0["case"]?.text == item.0 && $0["key"]?.text == key })
        guard case .number(let mean)? = entry["mean"], case .number(let sd)? = entry["sd"] else {
          Issue.record("no numbers for \(item.0)")
          continue
        }
        #expect(abs(mean / average - 1) < allowed, "\(item.0) \(key): \(mean)")
        #expect(abs(sd / spread - 1) < 0.25, "\(item.0) \(key): \(sd)")
      }
    }
    guard case .list(let orderings)? = found.result["orderings"] else { return }
    #expect(orderings[0]["probability"]?.quantity?.value == 1)
  }
}
