import Foundation
import IonBeamAnalysis
import NumericalMethods
import Tables
import Units

/// Clean synthetic data sets of every technique, seeded: what a rule must not warn of.
enum CleanData {
  static func column(
    _ name: String, _ values: [Double], _ ucum: String, label: String? = nil
  ) -> Column {
    Column(
      name: name, label: label ?? name, values: .real(values),
      unit: (try? PhysicalUnit(ucum: ucum)).map { .known($0) } ?? .absent)
  }

  /// Values rounded to a step, as a converter gives them.
  static func rounded(_ values: [Double], to step: Double) -> [Double] {
    values.map { ($0 / step).rounded() * step }
  }

  /// An approach on a rigid surface: free, then bent as far as the piezo moves.
  static func forceCurve(_ seed: UInt64) -> Dataset {
    var random = CounterRandom(seed: seed, stream: 1)
    let rows = 800
    let constant = 0.05 * pow(2, 10 * random.uniform())
    let reach = 1e-6 * (0.5 + 3 * random.uniform())
    let contact = reach * (0.5 + 0.2 * random.uniform())
    let sensitivity = 4e-8 * (1 + random.uniform())
    var position: [Double] = []
    var deflection: [Double] = []
    for row in 0..<rows {
      let z = reach * Double(row) / Double(rows - 1)
      position.append(z + 1e-10 * random.normal())
      deflection.append(max(0, z - contact) + 2e-10 * random.normal())
    }
    let interval = 1e-4 * pow(10, random.uniform())
    let table = Table(
      name: "approach",
      columns: [
        column("time", (0..<rows).map { Double($0) * interval }, "s"),
        column("sensor_position", position, "m"), column("deflection", deflection, "m"),
        column("deflection_voltage", deflection.map { $0 / sensitivity }, "V"),
        column("force", deflection.map { $0 * constant }, "N"),
      ])
    var metadata = Metadata()
    metadata.append("Sample", "glass")
    return Dataset(
      format: "synthetic", technique: .afm, tables: [table], metadata: metadata,
      settings: [
        InstrumentSetting("spring_constant", constant, .newtonPerMetre, key: "k"),
        InstrumentSetting("invols", sensitivity, .metrePerVolt, key: "s"),
      ])
  }

  /// A K-edge scan in transmission with its normalised absorption.
  static func scan(_ seed: UInt64) -> Dataset {
    var random = CounterRandom(seed: seed, stream: 2)
    let edges = [("Ti", 4966.0), ("Fe", 7112), ("Ni", 8333), ("Cu", 8979), ("Zr", 17998)]
    let (element, edge) = edges[Int(random.uniform() * 5) % 5]
    var energy: [Double] = []
    var e = edge - 150
    while e < edge + 400 {
      energy.append((e * 1000).rounded() / 1000)
      e += (e - edge).magnitude < 40 ? 0.5 : 4
    }
    let step = 0.3 + random.uniform()
    let shape = energy.map { x -> Double in
      let above = (x - edge - 2) / 2.5
      let white = 0.5 * exp(-((x - edge - 6) / 4) * ((x - edge - 6) / 4))
      return 1 / (1 + exp(-above)) + white
    }
    let mu = shape.enumerated().map { 0.4 + step * $1 - 1e-4 * (energy[$0] - edge) }
    let incident = energy.map { _ in 250_000 * (1 + 0.01 * random.normal()) }
    let transmitted = zip(incident, mu).map { $0 * exp(-$1) * (1 + 1e-4 * random.normal()) }
    let noisy = zip(incident, transmitted).map { log($0 / $1) }
    let norm = zip(noisy, energy).map { (m: Double, e: Double) -> Double in
      (m - 0.4 + 1e-4 * (e - edge)) / step
    }
    let table = Table(
      name: "scan",
      columns: [
        column("photon_energy", energy, "eV"),
        column("incident_intensity", rounded(incident, to: 1), "{count}"),
        column("transmitted_intensity", rounded(transmitted, to: 1), "{count}"),
        column("mu", noisy, "1"),
        column("norm", norm, "1"),
      ], indexColumns: ["photon_energy"])
    var metadata = Metadata()
    metadata.append("Element.symbol", element)
    metadata.append("Element.edge", "K")
    return Dataset(format: "synthetic", technique: .xas, tables: [table], metadata: metadata)
  }

  /// A cycler log: charge, rest, discharge, rest, with counters of charge and energy.
  ///
  /// Optional columns are left out in three of ten logs, each by its own draw.
  static func cycler(_ seed: UInt64, whole: Bool = false) -> Dataset {
    var random = CounterRandom(seed: seed, stream: 3)
    let capacity = 3.6 * pow(10, 3 * random.uniform())  // C
    let current = capacity / 3600 / (2 + 6 * random.uniform())
    let interval = (10 + 50 * random.uniform()).rounded()
    let area = 1e-4 * (0.2 + 0.5 * random.uniform())
    var time = 0.0
    var filled = 0.05 * capacity
    var names = ["time", "current", "voltage", "charge", "discharge", "in", "out", "step", "cycle"]
    var columns = [String: [Double]](uniqueKeysWithValues: names.map { ($0, []) })
    func add(_ name: String, _ value: Double) { columns[name, default: []].append(value) }
    for cycle in 1...2 {
      for (kind, way) in [1.0, 0, -1, 0].enumerated() {
        var (charge, energy, row) = (0.0, 0.0, 0)
        let rows = way == 0 ? 30 : Int(0.85 * capacity / current / interval)
        while row < min(rows, 400) {
          let share = filled / capacity
          let potential =
            3.3 + 0.6 * share + 0.15 * share * share + way * 0.03 + 2e-4 * random.normal()
          for (name, value) in [
            ("time", time), ("current", way * current * (1 + 1e-4 * random.normal())),
            ("voltage", (potential * 1e5).rounded() / 1e5), ("charge", way > 0 ? charge : 0),
            ("discharge", way < 0 ? charge : 0), ("in", way > 0 ? energy : 0),
            ("out", way < 0 ? energy : 0), ("step", Double(4 * cycle + kind)),
            ("cycle", Double(cycle)),
          ] { add(name, value) }
          time += interval
          filled += way * current * interval
          charge += way.magnitude * current * interval
          energy += way.magnitude * current * interval * potential
          row += 1
        }
      }
    }
    func values(_ name: String) -> [Double] { columns[name] ?? [] }
    let start = 1_700_000_000.0
    func keeps() -> Bool { random.uniform() < 0.7 || whole }
    var list = [
      column("test_time", values("time"), "s"), column("current", values("current"), "A"),
      column("voltage", values("voltage"), "V"), column("step_count", values("step"), "1"),
      column("cycle_count", values("cycle"), "1"),
    ]
    if keeps() { list.append(column("unix_time", values("time").map { start + $0 }, "s")) }
    let hasCharge = keeps()
    if hasCharge {
      list.append(column("step_charging_capacity", values("charge").map { $0 / 3600 }, "A.h"))
      list.append(column("step_discharging_capacity", values("discharge").map { $0 / 3600 }, "A.h"))
    }
    if keeps() || !hasCharge {
      list.append(column("step_charging_energy", values("in").map { $0 / 3600 }, "W.h"))
      list.append(column("step_discharging_energy", values("out").map { $0 / 3600 }, "W.h"))
    }
    if keeps() {
      list.append(column("current_density", values("current").map { $0 / area / 10 }, "mA/cm2"))
    }
    let temperatures = values("time").map { _ in (250 + 3 * random.normal()).rounded() / 10 }
    if keeps() { list.append(column("ambient_temperature", temperatures, "Cel")) }
    names = []
    var metadata = Metadata()
    metadata.append("Current range", "\(current * 3 * 1000) mA")
    return Dataset(
      format: "synthetic", technique: .cycling, tables: [Table(name: "data", columns: list)],
      metadata: metadata,
      settings: [InstrumentSetting("electrode_area", area, .squareMetre, key: "area")])
  }

  /// A spectrum of R + (R|C) + (R|C) with what potentiostats store beside the two parts.
  static func impedance(_ seed: UInt64, whole: Bool = false) -> Dataset {
    var random = CounterRandom(seed: seed, stream: 4)
    let (r0, r1, r2) = (
      5 + 20 * random.uniform(), 20 + 100 * random.uniform(), 50 + 200 * random.uniform()
    )
    let (t1, t2) = (1e-4 * (1 + random.uniform()), 0.05 * (1 + random.uniform()))
    let frequency = (0..<61).map { 1e5 * pow(10, -Double($0) / 10) }
    var (real, imaginary): ([Double], [Double]) = ([], [])
    for f in frequency {
      let (a, b) = (2 * Double.pi * f * t1, 2 * Double.pi * f * t2)
      let z = (
        r0 + r1 / (1 + a * a) + r2 / (1 + b * b), -r1 * a / (1 + a * a) - r2 * b / (1 + b * b)
      )
      let size = (z.0 * z.0 + z.1 * z.1).squareRoot()
      real.append(z.0 + 1e-3 * size * random.normal())
      imaginary.append(z.1 + 1e-3 * size * random.normal())
    }
    var list = [
      column("frequency", frequency, "Hz"), column("impedance_real", real, "Ohm"),
      column("impedance_imaginary", imaginary, "Ohm"),
    ]
    if random.uniform() < 0.7 || whole {
      let size = zip(real, imaginary).map { ($0 * $0 + $1 * $1).squareRoot() }
      list.append(column("impedance_modulus", size, "Ohm"))
      list.append(
        column("impedance_phase", zip(real, imaginary).map { atan2($1, $0) * 180 / .pi }, "deg"))
      list.append(
        column(
          "series_capacitance", zip(frequency, imaginary).map { -1 / (2 * .pi * $0 * $1) }, "F"))
    }
    return Dataset(
      format: "synthetic", technique: .impedance, tables: [Table(name: "spectrum", columns: list)])
  }

  /// A backscattering spectrum: a light substrate and a heavy film on it, Poisson noise.
  static func spectrum(_ seed: UInt64) -> Dataset {
    var random = CounterRandom(seed: seed, stream: 5)
    let heavy = ["Ta", "Au", "Ni", "Zr"][Int(random.uniform() * 4) % 4]
    let beam = 1500 + 1000 * random.uniform()
    let (offset, gain) = (20 + 10 * random.uniform(), 2.0)
    func edge(_ element: String) -> Double {
      let mass = TargetNuclei(element)?.mass ?? 1
      return (Kinematics.factor(ion: 4.0026, target: mass, angle: 165 * .pi / 180) ?? 0) * beam
    }
    var counts: [Int64] = []
    for channel in 0..<1024 {
      let e = offset + gain * Double(channel)
      let substrate = e < edge("Si") ? 400 * (edge("Si") / max(e, 100)) : 0
      let film = 1500 * exp(-((e - edge(heavy) + 30) / 18) * ((e - edge(heavy) + 30) / 18))
      let mean = e < 60 ? 0 : substrate + film + (e < edge(heavy) ? 1.5 : 0)
      counts.append(max(0, Int64((mean + mean.squareRoot() * random.normal()).rounded())))
    }
    let channels = (0..<1024).map { Int64($0) }
    let table = Table(
      name: "spectrum",
      columns: [
        Column(name: "channel", label: "channel", values: .integer(channels), unit: .known(.one)),
        column("energy", channels.map { offset + gain * Double($0) }, "keV"),
        Column(name: "counts", label: "counts", values: .integer(counts), unit: .known(.count)),
      ])
    let layers = Table(
      name: "layers",
      columns: [
        column("areal_density", [300, 50_000], "10*15/cm2"),
        column("fraction_\(heavy)", [1, 0], "1"), column("fraction_Si", [0, 1], "1"),
      ])
    var record = SpectrumRecord()
    record.liveTime = 590 + random.uniform()
    record.realTime = 600 + random.uniform()
    record.ion = "4He"
    record.energy = beam
    record.scattering = 165
    record.solidAngle = 2.5
    record.fwhm = 15
    return with(
      Dataset(format: "synthetic", technique: .rbs, tables: [table, layers]), record)
  }

  /// A dataset with what a file says of its spectrum.
  static func with(_ dataset: Dataset, _ record: SpectrumRecord) -> Dataset {
    var result = dataset
    result.metadata = Metadata()
    result.append(record)
    return result
  }

  /// A sputter profile through a film: two species, dose and fluence.
  static func profile(_ seed: UInt64) -> Dataset {
    var random = CounterRandom(seed: seed, stream: 6)
    let rows = 240
    let interval = 1 + 4 * random.uniform()
    let time = (0..<rows).map { Double($0 + 1) * interval }
    let area = 1e-8 * (4 + 5 * random.uniform())  // m2
    let dose = time.map { $0 * 6.25e9 }
    func species(_ mean: (Int) -> Double) -> [Double] {
      (0..<rows).map { row in
        let m = mean(row)
        return max(0, (m + m.squareRoot() * random.normal()).rounded())
      }
    }
    let film = species { 4000 / (1 + exp(Double($0 - 130) / 8)) + 5 }
    let substrate = species { 9000 / (1 + exp(-Double($0 - 130) / 8)) + 5 }
    let table = Table(
      name: "profile",
      columns: [
        column("sputter_time", time, "s"), column("dose", dose, "1"),
        column("fluence", dose.map { $0 / area / 1e4 }, "/cm2"),
        column("intensity", film, "{count}", label: "Li+"),
        column("intensity", substrate, "{count}", label: "Si+"),
      ])
    var metadata = Metadata()
    metadata.append("Sputter area", "\(area * 1e4) cm2")
    return Dataset(format: "synthetic", technique: .sims, tables: [table], metadata: metadata)
  }
}
