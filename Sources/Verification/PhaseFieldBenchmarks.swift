internal import Configuration
internal import RealModule
internal import Tables
internal import Units

extension VerificationCase {
  /// PFHub 1a by Fourier modes.
  static let spinodal = VerificationCase(
    "bm1a", "PFHub 1a: spinodal decomposition, periodic",
    keys: [
      .number("time", default: "100", limit: .between(0, 100_000), "the end"),
      .integer("cells", default: 200, limit: .from(20, to: 1000), "along each side"),
    ]
  ) { values throws(ReadFailure) in
    let end = try values.number("time")
    let cells = try values.integer("cells")
    guard var run = SpinodalBenchmark(cells: cells) else { throw noTransform(values, "cells") }
    let start = run.findings
    let source = "Fourier modes and semi-implicit steps (SBDF2) of our own, 200² points"
    var onTheWay: [VerificationRow] = []
    var drift = 0.0
    func row(_ name: String, _ time: Double, _ found: Double) -> VerificationRow {
      let known = cells == 200 ? spinodalEnergies.first { $0.time == time } : nil
      var row = VerificationRow(
        name, .one, result: found, reference: known?.energy, source: source, .absolute,
        tolerance: known?.tolerance)
      row.parameters["time"] = plain(time)
      return row
    }
    for known in spinodalEnergies where known.time < end {
      run.advance(to: known.time, step: 0.5)
      let found = run.findings
      drift = max(drift, (found.mean - start.mean).magnitude)
      onTheWay.append(row("free_energy_\(Int(known.time))", known.time, found.freeEnergy))
    }
    run.advance(to: end, step: 0.5)
    let found = run.findings
    drift = max(drift, (found.mean - start.mean).magnitude)
    return [
      row("free_energy", end, found.freeEnergy),
      VerificationRow(
        "mass_drift", .one, result: drift, reference: 0, source: "conservation", .absolute,
        tolerance: 1e-10),
      VerificationRow(
        "free_energy_rise", .one, result: run.greatestRise, reference: 0,
        source: "the free energy never rises", .absolute, tolerance: 1e-9),
    ] + onTheWay
  }

  /// F(t) of PFHub 1a; other codes agree with the last three to the tolerances.
  private static let spinodalEnergies: [(time: Double, energy: Double, tolerance: Double)] = [
    (1, 318.8557, 0.001), (5, 316.395, 0.005), (10, 297.97, 0.05), (20, 213.155, 0.15),
    (50, 167.45, 0.3), (100, 136.45, 0.5),
  ]

  /// PFHub 7a by five-point differences.
  static let manufacturedAllenCahn = VerificationCase(
    "bm7a", "PFHub 7a: Allen–Cahn with a manufactured solution",
    keys: [
      .text("cells", default: "100, 200", "along x; one or several numbers")
    ]
  ) { values throws(ReadFailure) in
    let text = try values.text("cells")
    var rows: [VerificationRow] = []
    var errors: [Int: Double] = [:]
    func error(_ cells: Int) -> Double {
      if let known = errors[cells] { return known }
      let found = ManufacturedAllenCahn.error(cells: cells)
      errors[cells] = found
      return found
    }
    for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
      guard let cells = Int(part), (10...800).contains(cells), cells.isMultiple(of: 2),
        rows.count < 8
      else {
        throw values.failure(
          "cells", "verify.cells", found: "cells: '\(part)'",
          expected: "an even number from 10 to 800, or several such as `100, 200`")
      }
      let known = [100: 6.758e-3, 200: 1.391e-3][cells]
      let (found, finer) = (error(cells), error(2 * cells))
      var row = VerificationRow(
        "l2_error", .one, result: found, reference: known,
        source: "the same differences in numpy", tolerance: 0.01,
        order: Double.log2(found / finer), expectedOrder: cells >= 200 ? 2 : nil)
      row.parameters["cells"] = plain(Double(cells))
      rows.append(row)
    }
    guard !rows.isEmpty else {
      throw values.failure(
        "cells", "verify.cells", found: "cells: nothing", expected: "numbers such as `100, 200`")
    }
    return rows
  }

  /// PFHub 8a by Fourier modes and by five-point differences.
  static let nucleation = VerificationCase(
    "bm8a", "PFHub 8a: a seed near its critical radius",
    keys: [
      .number("ratio", default: "1.01", limit: .between(0, 8), "radius over the critical one"),
      .number("time", default: "100", limit: .between(0, 10_000), "the end"),
      .choice(
        "scheme", of: ["both", "spectral", "fd5"], default: "both",
        "Fourier modes or five-point differences"),
      .number(
        "spacing", default: "0.4", limit: .from(0.05, to: 5),
        "of the points; where not given, spectral takes 0.5"),
      .number(
        "step", default: "0.01", limit: .above(0),
        "in time; where not given, spectral takes 0.2"),
    ]
  ) { values throws(ReadFailure) in
    let problem = NucleationBenchmark(ratio: try values.number("ratio"))
    let end = try values.number("time")
    let scheme = try values.text("scheme")
    var rows: [VerificationRow] = []
    if scheme != "spectral" {
      let (spacing, step) = (try values.number("spacing"), try values.number("step"))
      guard step <= spacing * spacing / 4 else {
        throw values.failure(
          "step", "verify.step", found: "step: \(step) is not stable at the spacing \(spacing)",
          expected: "at most \(spacing * spacing / 4)")
      }
    }
    if scheme != "fd5" {
      let spacing = values.isGiven("spacing") ? try values.number("spacing") : 0.5
      let longest = values.isGiven("step") ? try values.number("step") : 0.2
      let points = try cells(values, spacing)
      let steps = try count(values, end, longest)
      guard
        let found = problem.bySpectrum(points: points, step: end / Double(steps), steps: steps)
      else { throw noTransform(values, "spacing") }
      let known = spectralFractions.first { $0.ratio == problem.ratio && $0.time == end }
      let source = "Fourier modes and ETDRK4 of our own, 256² points"
      var own = [
        VerificationRow(
          "fraction", .one, result: found.end.fraction, reference: known?.fraction,
          source: source, known?.fraction == 0 ? .absolute : .relative,
          tolerance: known?.fraction == 0 ? 1e-6 : 5e-5),
        VerificationRow(
          "free_energy", .one, result: found.end.freeEnergy, reference: known?.energy,
          source: source, known?.energy == 0 ? .absolute : .relative, tolerance: 1e-4),
        VerificationRow(
          "free_energy_initial", .one, result: found.start.freeEnergy,
          reference: [0.99, 1.01].contains(problem.ratio) && spacing <= 0.5 ? 3.643545 : nil,
          source: source,
          tolerance: 1e-6),
      ]
      for i in own.indices {
        own[i].parameters["scheme"] = word("spectral")
        own[i].parameters["spacing"] = plain(spacing)
        own[i].parameters["step"] = plain(end / Double(steps))
      }
      rows += own
    }
    if scheme != "spectral" {
      let spacing = try values.number("spacing")
      let step = try values.number("step")
      let cells = try cells(values, spacing)
      let steps = try count(values, end, step)
      let found = problem.byDifferences(cells: cells, step: end / Double(steps), steps: steps)
      let known = differenceFractions.first {
        $0.ratio == problem.ratio && $0.time == end && spacing == 0.4 && step == 0.01
      }
      var own = [
        VerificationRow(
          "fraction", .one, result: found.fraction, reference: known?.fraction,
          source: "py-pde 0.59", .absolute, tolerance: 1e-10),
        VerificationRow(
          "free_energy", .one, result: found.freeEnergy, reference: nil, source: nil,
          tolerance: nil),
      ]
      for i in own.indices { own[i].parameters["scheme"] = word("fd5") }
      rows += own
    }
    return rows
  }

  private static let spectralFractions:
    [(ratio: Double, time: Double, fraction: Double, energy: Double?)] = [
      (1.01, 50, 0.0094334898, 3.620750986), (1.01, 100, 0.01538255, 3.10618),
      (1.01, 150, 0.0390027, -1.847536), (1.01, 200, 0.0962305, nil),
      (0.99, 50, 0.0069999, 3.608364826), (0.99, 100, 0, 0),
    ]

  /// Means of py-pde 0.59: `laplace(c) - 2*c*(1-c)*(1-2*c) + 30*f*(c*(1-c))**2` on 250² cells, Euler.
  private static let differenceFractions: [(ratio: Double, time: Double, fraction: Double)] = [
    (0.99, 100, 5.41200708479026e-12), (1.01, 100, 0.016411662120603),
    (1.05, 100, 0.03339601479014812),
  ]

  private static func cells(
    _ values: ConfigValues, _ spacing: Double
  ) throws(ReadFailure) -> Int {
    let cells = (NucleationBenchmark.side / spacing).rounded()
    guard (cells * spacing - NucleationBenchmark.side).magnitude < 1e-4, let n = Int(exactly: cells)
    else {
      throw values.failure(
        "spacing", "verify.spacing",
        found: "spacing: \(spacing) does not divide the side of 100",
        expected: "such as 0.4 or 0.5")
    }
    return n
  }

  private static func count(
    _ values: ConfigValues, _ end: Double, _ step: Double
  ) throws(ReadFailure) -> Int {
    guard let steps = Int(exactly: max((end / step - 1e-9).rounded(.up), 1)), steps <= 10_000_000
    else {
      throw values.failure(
        "step", "verify.step", found: "step: \(step) needs too many steps",
        expected: "at most ten million")
    }
    return steps
  }

  private static func noTransform(_ values: ConfigValues, _ key: String) -> ReadFailure {
    values.failure(
      key, "verify.cells", found: "\(key): no transform for this number of points",
      expected: "an even number of points with the prime factors 2, 3 and 5")
  }

  private static func plain(_ x: Double) -> ResultValue {
    .fields(["value": .number(x), "source": .text("as run")])
  }

  private static func word(_ text: String) -> ResultValue {
    .fields(["value": .text(text), "source": .text("as run")])
  }
}
