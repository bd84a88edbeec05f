import Configuration
import Sweeping
import Tables
import Testing

private func numbers(_ key: SweptKey) -> [Double] {
  (key.axisValues ?? []).compactMap { value in
    if case .number(let x, _) = value { return x }
    return nil
  }
}

@Suite struct SweepReadingTests {
  @Test func axesMayBeWrittenInFiveWays() throws {
    let configuration = try sweep(
      """
      sweep:
        base: {cases: [{label: a}, {label: b, metal: Na}]}
        axes:
          film.thickness: {from: 4 nm, to: 20 nm, count: 17}
          film: {modulus: {from: 10 GPa, to: 100000 MPa, count: 3, spacing: log}}
          metal: [Li, Na]
          numerics.points: {from: 32, to: 64, count: 2}
          film.base: {values: [bonded]}
      """)
    let varied = configuration.varied
    #expect(
      varied.map(\.key.path) == [
        "film.thickness", "film.modulus", "metal", "numerics.points", "film.base",
      ])
    #expect(numbers(varied[0]) == (4...20).map(Double.init))
    let modulus = numbers(varied[1])
    #expect(modulus.first == 10 && modulus.last == 100)
    #expect(abs(modulus[1] - 31.622776601683793) < 1e-12)
    #expect(varied[2].axisValues == [.word("Li"), .word("Na")])
    #expect(configuration.points == 17 * 3 * 2 * 2)
    #expect(configuration.labels == ["a", "b"])
    // The second case sets a key that the sweep varies: said, and the sweep's value counts.
    #expect(configuration.diagnostics.map(\.code) == ["sweep.case-key"])
  }

  /// The last axis runs fastest, and the draws faster still.
  @Test func pointsRunThroughTheLastAxisFirst() {
    #expect(SweepRunner.axisPositions(1, counts: [2, 3], draws: 4) == [0, 0])
    #expect(SweepRunner.axisPositions(5, counts: [2, 3], draws: 4) == [0, 1])
    #expect(SweepRunner.axisPositions(12, counts: [2, 3], draws: 4) == [0, 2])
    #expect(SweepRunner.axisPositions(13, counts: [2, 3], draws: 4) == [1, 0])
    #expect(SweepRunner.axisPositions(24, counts: [2, 3], draws: 4) == [1, 2])
  }

  @Test func aBaseInAFileNamesFilesBesideIt() throws {
    let results = """
      {"summary": {"modulus": {"value": 24.0, "unit": "GPa", "u": 3.0}}}
      """
    let files = [
      "films/plate.yaml": "film: {modulus: {from: results.json#summary.modulus}}",
      "films/results.json": results,
    ]
    let configuration = try sweep(
      """
      sweep:
        base: films/plate.yaml
        axes: {film.thickness: [4 nm, 5 nm]}
      """, files: files)
    #expect(configuration.otherInputs.map(\.path) == ["films/plate.yaml", "results.json"])
    // What is wrong in the base is told with its own place.
    let wrong = failure(
      "sweep: {base: p.yaml, axes: {film.thickness: [4 nm]}}",
      files: ["p.yaml": "film:\n  thikness: 4 nm\n"])
    #expect(wrong?.code == "config.unknown-key")
    #expect(wrong?.found.contains("p.yaml, line 2, column 3") == true)
  }

  @Test func whatIsWrongIsNamedWithItsPlace() {
    let axes = "sweep:\n  axes: {"
    let sample = "sweep:\n  sample: {count: 4, "
    let cases: [(String, String, String)] = [
      ("film: {}", "sweep.missing", "no `sweep:`"),
      ("sweep: {command: plate}", "sweep.empty", "nothing varies"),
      ("sweep: {comand: plate}", "config.unknown-key", "comand"),
      ("sweep: {command: plait, axes: {film.thickness: [4 nm]}}", "config.choice", "plait"),
      (axes + "film.thikness: [4 nm]}", "config.unknown-key", "film.thikness"),
      (axes + "film.thickness: [4 GPa]}", "config.dimension", "film.thickness"),
      (axes + "film.thickness: [4]}", "config.unit", "film.thickness"),
      (axes + "film.thickness: [-4 nm]}", "config.range", "-4 nm"),
      (axes + "film.thickness: []}", "sweep.axis", "no values"),
      (axes + "film.thickness: [4 nm, 4 nm]}", "sweep.axis", "a second time"),
      (axes + "film.thickness: [4 ± 1 nm]}", "sweep.axis", "uncertainty"),
      (axes + "film.thickness: 4 nm}", "sweep.axis", "4 nm"),
      (axes + "film.thickness: {from: 4 nm, to: 8 nm}}", "sweep.axis", "count"),
      (axes + "film.thickness: {from: 4 nm, to: 8 nm, count: 0}}", "sweep.count", "'0'"),
      (axes + "film.thickness: {from: 4 nm, to: 8 nm, count: x}}", "sweep.count", "'x'"),
      (axes + "film.thickness: {from: 4 nm, to: 4 nm, count: 3}}", "sweep.axis", "from 4.0"),
      (
        axes + "film.thickness: {from: 4 nm, to: 8 nm, count: 3, spacing: cubic}}", "sweep.axis",
        "cubic"
      ),
      (
        axes + "kinetics.overpotential: {from: -0.1 V, to: 0.1 V, count: 3, spacing: log}}",
        "config.range", "0.1 V"
      ),
      (axes + "numerics.points: {from: 16, to: 18, count: 4}}", "sweep.axis", "on the way"),
      (
        axes + "film.thickness: {from: 4 nm, to: 8 nm, count: 999999},\n"
          + " film.modulus: {from: 4 GPa, to: 8 GPa, count: 999999}}", "sweep.size",
        "999999 × 999999"
      ),
      (
        sample + "method: halton, film.modulus: {uniform: {low: 1 GPa, high: 2 GPa}}}",
        "sweep.method", "halton"
      ),
      (
        sample + "seed: -1, film.modulus: {uniform: {low: 1 GPa, high: 2 GPa}}}", "sweep.seed",
        "-1"
      ),
      (
        "sweep:\n  sample: {film.modulus: {uniform: {low: 1 GPa, high: 2 GPa}}}", "sweep.count",
        "without a count"
      ),
      (
        "sweep:\n  sample: {count: 0, film.modulus: {uniform: {low: 1 GPa, high: 2 GPa}}}",
        "sweep.count", "'0'"
      ),
      (
        "sweep:\n  sample: {count: 99999999999, film.modulus: {uniform: {low: 1 GPa, high: 2 GPa}}}",
        "sweep.count", "99999999999"
      ),
      ("sweep:\n  sample: {count: 4}", "sweep.distribution", "without a key"),
      (sample + "film.modulus: 25 GPa}", "sweep.distribution", "25 GPa"),
      (sample + "film.modulus: {normal: {mean: 25 GPa}}}", "sweep.distribution", "without sd"),
      (sample + "film.modulus: {normal: {mean: 25 GPa, sd: 5 nm}}}", "config.dimension", "sd"),
      (sample + "film.modulus: {normal: {mean: 25 GPa, sd: 0 GPa}}}", "sweep.distribution", "sd"),
      (sample + "film.modulus: {lognormal: {mean: 25 GPa, cv: -1}}}", "sweep.distribution", "cv"),
      (sample + "film.modulus: {uniform: {low: 2 GPa, high: 1 GPa}}}", "sweep.distribution", "low"),
      (
        sample + "film.modulus: {uniform: {low: 2 GPa, high: 3 GPa, mode: 2 GPa}}}",
        "config.unknown-key", "mode"
      ),
      (sample + "film.base: {uniform: {low: 2, high: 3}}}", "sweep.distribution", "film.base"),
      (sample + "film.modulus: {from: r.json#modulus}}", "io.missing", "r.json"),
      (
        axes + "film.modulus: [4 GPa]}\n  sample: {count: 2, film.modulus: {normal: {mean: 5 GPa, "
          + "sd: 1 GPa}}}", "sweep.twice", "film.modulus"
      ),
      (
        axes + "film.modulus: [4 GPa]}\n  orderings: [\"pv_ratio: a > b\"]", "sweep.ordering",
        "labelled `a`"
      ),
      (
        axes + "film.modulus: [4 GPa]}\n  command: delaminate\n  wavelength: 32 nm",
        "sweep.growth-rate", "wavelength"
      ),
      (
        axes + "film.modulus: [4 GPa]}\n  command: delaminate\n  control: 16", "sweep.control",
        "control"
      ),
      (axes + "film.modulus: [4 GPa]}\n  control: 0", "config.range", "0"),
    ]
    for (text, code, words) in cases {
      let found = failure(text)
      #expect(found?.code == code, "\(text): \(found?.code ?? "read")")
      #expect(found?.found.contains(words) == true, "\(text): \(found?.found ?? "")")
      #expect(found?.place != .whole || code == "sweep.missing" || code == "sweep.size", "\(text)")
    }
  }

  @Test func measuredDistributionsNeedAnUncertainty() throws {
    let text = """
      sweep:
        base:
          numerics: {points: 16, tolerance: 1e-2}
          stop: {growth: 0.5 nm}
          cases: [{label: a, film.thickness: 4 nm}, {label: b, film.thickness: 8 nm}]
        sample: {count: 8, film.modulus: {from: r.json#m}}
      """
    #expect(
      failure(text, files: ["r.json": #"{"m": {"value": 24.0, "unit": "GPa"}}"#])?.code
        == "sweep.no-spread")
    let planar = #"{"m": {"value": 440.0, "unit": "N/m", "u": 20.0}}"#
    #expect(failure(text, files: ["r.json": planar])?.code == "materials.substrate")
    // With the substrate taken off, 100 N/m is 25 GPa at 4 nm and 12.5 GPa at 8 nm.
    let corrected =
      #"{"r": {"m": {"value": 100.0, "unit": "N/m", "u": 20.0}, "substrate_corrected": true}}"#
    let configuration = try sweep(
      text.replacing("r.json#m", with: "r.json#r.m"), files: ["r.json": corrected])
    let runner = SweepRunner(configuration)
    for point in 1...8 {
      let record = runner.run(point)
      guard case .number(let a, _)? = record.rows[0].inputs[0],
        case .number(let b, _)? = record.rows[1].inputs[0]
      else {
        Issue.record("no modulus at point \(point)")
        continue
      }
      #expect(abs(a / b - 2) < 1e-12)
      #expect(a > 10 && a < 60)
    }
  }

  /// Each case's own value and uncertainty, drawn for each by itself.
  @Test func casesMayBringTheirOwnSpread() throws {
    let text = """
      sweep:
        base:
          numerics: {points: 16, tolerance: 1e-2}
          stop: {growth: 0.5 nm}
          cases:
            - {label: a, film.modulus: 20 ± 2 GPa}
            - {label: b, film.modulus: {from: r.json#m}}
        sample: {count: 16, film.modulus: {from: cases}}
      """
    let files = ["r.json": #"{"m": {"value": 50.0, "unit": "GPa", "u": 5.0}}"#]
    let found = try results(sweep(text, files: files))
    let modulus = try #require(found.table["film.modulus"]?.real)
    let a = stride(from: 0, to: 32, by: 2).map { modulus[$0] / 20 }
    let b = stride(from: 1, to: 32, by: 2).map { modulus[$0] / 50 }
    for values in [a, b] {
      let average = values.reduce(0, +) / 16
      #expect(abs(average - 1) < 0.01)
      #expect(values.allSatisfy { $0 > 0.7 && $0 < 1.4 })
    }
    // Both have a spread of 10 %, and other draws.
    #expect(zip(a, b).contains { abs($0 - $1) > 0.02 })
    let none = text.replacing("20 ± 2 GPa", with: "20 GPa")
    #expect(failure(none, files: files)?.code == "sweep.no-spread")
  }
}
