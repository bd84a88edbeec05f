import IonBeamAnalysis
import NumericalMethods
import Tables
import Units

/// One thing wrong with a data set: what was done, and to which technique.
struct Damage: Sendable {
  var technique: Technique
  var name: String
  /// Does it; false where the data set lacks what would be damaged.
  var apply: @Sendable (inout Dataset, inout CounterRandom) -> Bool
}

extension Damage {
  static func column(
    _ technique: Technique, _ name: String, _ columns: [String],
    _ change: @escaping @Sendable (Double) -> Double
  ) -> Damage {
    Damage(technique: technique, name: name) { dataset, _ in
      var done = false
      for t in dataset.tables.indices {
        for c in dataset.tables[t].columns.indices
        where columns.contains(dataset.tables[t].columns[c].name) {
          guard let real = dataset.tables[t].columns[c].real else { continue }
          dataset.tables[t].columns[c].values = .real(real.map(change))
          done = true
        }
      }
      return done
    }
  }

  /// The numbers of a column under the unit of another: multiplied by a factor.
  static func factor(
    _ technique: Technique, _ name: String, _ columns: [String], _ factor: Double
  ) -> Damage {
    column(technique, name, columns) { $0 * factor }
  }

  static func swap(_ technique: Technique, _ name: String, _ a: String, _ b: String) -> Damage {
    Damage(technique: technique, name: name) { dataset, _ in
      for t in dataset.tables.indices {
        guard let i = dataset.tables[t].columns.firstIndex(where: { $0.name == a }),
          let j = dataset.tables[t].columns.firstIndex(where: { $0.name == b })
        else { continue }
        let values = dataset.tables[t].columns[i].values
        dataset.tables[t].columns[i].values = dataset.tables[t].columns[j].values
        dataset.tables[t].columns[j].values = values
        return true
      }
      return false
    }
  }

  /// A block of 30 rows written over later ones; in all columns, or in all but the first.
  static func block(_ technique: Technique, _ name: String, skipsFirst: Bool) -> Damage {
    Damage(technique: technique, name: name) { dataset, random in
      guard let rows = dataset.tables.first?.rows, rows > 60 else { return false }
      let from = Int(random.uniform() * Double(rows / 2 - 30))
      let to = rows / 2 + Int(random.uniform() * Double(rows / 2 - 30))
      for c in dataset.tables[0].columns.indices.dropFirst(skipsFirst ? 1 : 0) {
        switch dataset.tables[0].columns[c].values {
        case .real(var values):
          for i in 0..<30 { values[to + i] = values[from + i] }
          dataset.tables[0].columns[c].values = .real(values)
        case .integer(var values):
          guard c > 0 else { continue }
          for i in 0..<30 { values[to + i] = values[from + i] }
          dataset.tables[0].columns[c].values = .integer(values)
        default: continue
        }
      }
      return true
    }
  }

  static func setting(_ technique: Technique, _ name: String, _ key: String, _ factor: Double)
    -> Damage
  {
    Damage(technique: technique, name: name) { dataset, _ in
      guard let i = dataset.settings.firstIndex(where: { $0.name == key }) else { return false }
      dataset.settings[i].value *= factor
      return true
    }
  }

  static func record(
    _ name: String, _ change: @escaping @Sendable (inout SpectrumRecord) -> Void
  ) -> Damage {
    Damage(technique: .rbs, name: name) { dataset, _ in
      guard var record = dataset.spectrumRecords.first else { return false }
      change(&record)
      dataset = CleanData.with(dataset, record)
      return true
    }
  }

  /// The area forgotten: the column per area holds the bare quantity, in the unit per cm².
  static func area(_ technique: Technique, _ column: String, of bare: String, scale: Double)
    -> Damage
  {
    Damage(technique: technique, name: "\(column) without the area") { dataset, _ in
      guard let t = dataset.tables.firstIndex(where: { $0[column] != nil }),
        let values = dataset.tables[t][bare]?.real,
        let c = dataset.tables[t].columns.firstIndex(where: { $0.name == column })
      else { return false }
      dataset.tables[t].columns[c].values = .real(values.map { $0 * scale })
      return true
    }
  }

  static let all: [Damage] = [
    // Force curves.
    factor(.afm, "deflection: nm under m", ["deflection"], 1e9),
    factor(.afm, "deflection: V under m", ["deflection"], 1 / 5e-8),
    factor(.afm, "deflection: um under nm", ["deflection"], 1e-3),
    factor(.afm, "position: um under m", ["sensor_position"], 1e6),
    factor(.afm, "position: um under nm", ["sensor_position"], 1e-3),
    factor(.afm, "position: nm under um", ["sensor_position"], 1e3),
    factor(.afm, "force: nN under N", ["force"], 1e9),
    factor(.afm, "force: nN under pN", ["force"], 1e-3),
    factor(.afm, "force: sign", ["force"], -1),
    factor(.afm, "time: ms under s", ["time"], 1e3),
    setting(.afm, "spring constant: mN/m under N/m", "spring_constant", 1e3),
    setting(.afm, "sensitivity: nm/V under m/V", "invols", 1e9),
    swap(.afm, "deflection and position swapped", "deflection", "sensor_position"),
    block(.afm, "block copied", skipsFirst: true),
    // Absorption.
    factor(.xas, "energy: keV under eV", ["photon_energy"], 1e-3),
    factor(.xas, "energy: eV under keV", ["photon_energy"], 1e3),
    factor(.xas, "mu and norm: sign", ["mu", "norm"], -1),
    factor(.xas, "norm: per cent", ["norm"], 100),
    factor(.xas, "norm: milli", ["norm"], 1e3),
    swap(.xas, "mu and norm swapped with energy", "mu", "photon_energy"),
    swap(.xas, "norm and I0 swapped", "norm", "incident_intensity"),
    block(.xas, "block copied", skipsFirst: true),
    block(.xas, "block copied with its energies", skipsFirst: false),
    // Cycler logs.
    factor(.cycling, "time: ms under s", ["test_time"], 1e3),
    factor(.cycling, "time: min under s", ["test_time"], 1 / 60.0),
    factor(.cycling, "time: h under s", ["test_time"], 1 / 3600.0),
    factor(.cycling, "time: s under h", ["test_time"], 3600),
    factor(.cycling, "current: mA under A", ["current"], 1e3),
    factor(.cycling, "current: A under mA", ["current"], 1e-3),
    factor(.cycling, "current: sign", ["current"], -1),
    column(.cycling, "current: unsigned", ["current"]) { $0.magnitude },
    factor(.cycling, "voltage: mV under V", ["voltage"], 1e3),
    factor(.cycling, "voltage: V under mV", ["voltage"], 1e-3),
    factor(
      .cycling, "charge: mA.h under A.h",
      ["step_charging_capacity", "step_discharging_capacity"], 1e3),
    factor(
      .cycling, "charge: C under A.h", ["step_charging_capacity", "step_discharging_capacity"],
      3600),
    factor(
      .cycling, "energy: mW.h under W.h", ["step_charging_energy", "step_discharging_energy"], 1e3),
    factor(
      .cycling, "energy: J under W.h", ["step_charging_energy", "step_discharging_energy"], 3600),
    factor(.cycling, "clock: ms under s", ["unix_time"], 1e3),
    column(.cycling, "temperature: K under Cel", ["ambient_temperature"]) { $0 + 273.15 },
    area(.cycling, "current_density", of: "current", scale: 1e3),
    swap(.cycling, "current and voltage swapped", "current", "voltage"),
    swap(
      .cycling, "charge and discharge swapped", "step_charging_capacity",
      "step_discharging_capacity"),
    block(.cycling, "block copied", skipsFirst: true),
    block(.cycling, "block copied with its times", skipsFirst: false),
    // Impedance.
    factor(.impedance, "Z'': sign", ["impedance_imaginary"], -1),
    factor(.impedance, "Z': kOhm under Ohm", ["impedance_real"], 1e-3),
    factor(.impedance, "Z'': Ohm under kOhm", ["impedance_imaginary"], 1e3),
    factor(.impedance, "Z: kOhm under Ohm", ["impedance_real", "impedance_imaginary"], 1e-3),
    factor(.impedance, "phase: rad under deg", ["impedance_phase"], .pi / 180),
    factor(.impedance, "frequency: kHz under Hz", ["frequency"], 1e-3),
    factor(.impedance, "frequency: angular", ["frequency"], 2 * .pi),
    factor(.impedance, "capacitance: uF under F", ["series_capacitance"], 1e6),
    swap(.impedance, "Z' and Z'' swapped", "impedance_real", "impedance_imaginary"),
    swap(.impedance, "frequency and Z' swapped", "frequency", "impedance_real"),
    // Ion beams.
    factor(.rbs, "energy: MeV under keV", ["energy"], 1e-3),
    factor(.rbs, "energy: eV under keV", ["energy"], 1e3),
    factor(.rbs, "areal density: /cm2 under 10*15/cm2", ["areal_density"], 1e15),
    column(.rbs, "fractions: per cent", ["fraction_Si", "fraction_Ta", "fraction_Au"]) { $0 * 100 },
    record("beam energy: MeV under keV") { $0.energy = $0.energy.map { $0 / 1000 } },
    record("beam energy: eV under keV") { $0.energy = $0.energy.map { $0 * 1000 } },
    record("scattering angle: rad under deg") { $0.scattering = 2.88 },
    record("solid angle: sr under msr") { $0.solidAngle = 0.0025 },
    record("live and real time swapped") {
      ($0.liveTime, $0.realTime) = ($0.realTime, $0.liveTime)
    },
    record("live time: ms under s") { $0.liveTime = $0.liveTime.map { $0 * 1000 } },
    record("live time: min under s") { $0.liveTime = $0.liveTime.map { $0 / 60 } },
    swap(.rbs, "channel and counts swapped", "channel", "counts"),
    block(.rbs, "block copied", skipsFirst: true),
    // Depth profiles.
    factor(.sims, "sputter time: ms under s", ["sputter_time"], 1e3),
    factor(.sims, "sputter time: min under s", ["sputter_time"], 1 / 60.0),
    factor(.sims, "sputter time: h under s", ["sputter_time"], 1 / 3600.0),
    area(.sims, "fluence", of: "dose", scale: 1),
    swap(.sims, "time and intensity swapped", "sputter_time", "intensity"),
    block(.sims, "block copied", skipsFirst: true),
    block(.sims, "block copied with its times", skipsFirst: false),
  ]
}
