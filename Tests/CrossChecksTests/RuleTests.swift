import CrossChecks
import IonBeamAnalysis
import NumericalMethods
import Tables
import Testing
import Units

/// Every rule with one data set that trips it and one that does not.
@Suite struct RuleTests {
  struct Case {
    var code: String
    var clean: Dataset
    var damaged: Dataset
    /// Words that the message must hold: the likely cause.
    var says: String

    init(
      _ code: String, _ clean: Dataset, says: String, _ damage: (inout Dataset) -> Void
    ) {
      self.code = code
      self.clean = clean
      self.says = says
      damaged = clean
      damage(&damaged)
    }
  }

  static func change(
    _ dataset: inout Dataset, _ name: String, _ change: (inout [Double]) -> Void
  ) {
    for t in dataset.tables.indices {
      for c in dataset.tables[t].columns.indices where dataset.tables[t].columns[c].name == name {
        guard var values = dataset.tables[t].columns[c].real else { continue }
        change(&values)
        dataset.tables[t].columns[c].values = .real(values)
      }
    }
  }

  static func scale(_ dataset: inout Dataset, _ name: String, _ factor: Double) {
    change(&dataset, name) { values in values = values.map { $0 * factor } }
  }

  static let log = CleanData.cycler(7, whole: true)
  static let curve = CleanData.forceCurve(7)
  static let scan = CleanData.scan(7)
  static let spectrum = CleanData.spectrum(7)
  static let impedance = CleanData.impedance(7, whole: true)

  /// A reduced curve as a text table gives it: the force alone, its zero far from contact.
  static let reduced: Dataset = {
    var dataset = curve
    dataset.format = "delimited-table"
    dataset.tables[0].columns.removeAll { $0.name == "deflection_voltage" }
    return dataset
  }()

  static let resolved: Dataset = {
    var dataset = log
    dataset.metadata.append("voltage resolution", "0.01 mV")
    return dataset
  }()

  static let cases: [Case] = [
    Case("clock-vs-elapsed", log, says: "milliseconds under s") { scale(&$0, "test_time", 1000) },
    Case("charge-vs-integral", log, says: "3600") { scale(&$0, "step_charging_capacity", 3600) },
    Case("energy-vs-integral", log, says: "1000") { scale(&$0, "step_charging_energy", 1000) },
    Case("current-sign", log, says: "positive on discharge") { scale(&$0, "current", -1) },
    Case("current-range", log, says: "mA under A") { scale(&$0, "current", 1000) },
    Case("time-order", log, says: "steps back") {
      change(&$0, "test_time") { $0[50] = $0[20] }
    },
    Case("force-vs-stiffness", curve, says: "1000") { scale(&$0, "force", 1e-3) },
    Case("contact-slope", curve, says: "1000") { scale(&$0, "sensor_position", 1e-3) },
    Case("baseline-force", reduced, says: "baseline") {
      change(&$0, "force") { values in values = values.map { $0 + 5e-7 } }
    },
    Case("edge-vs-element", scan, says: "keV under eV") { scale(&$0, "photon_energy", 1e-3) },
    Case("energy-step", scan, says: "no steps forward") {
      change(&$0, "photon_energy") { $0[60] = $0[59] }
    },
    Case("unnormalised", scan, says: "not normalised") { scale(&$0, "norm", 2) },
    Case("rbs-edge", spectrum, says: "heavier element") { scale(&$0, "energy", 1.3) },
    Case("live-time", spectrum, says: "swapped") { dataset in
      guard var record = dataset.spectrumRecords.first else { return }
      (record.liveTime, record.realTime) = (record.realTime, record.liveTime)
      dataset = CleanData.with(dataset, record)
    },
    Case("saturation", curve, says: "end of its range") {
      change(&$0, "deflection_voltage") { values in
        let end = (values.max() ?? 0) / 2
        values = values.map { min($0, end) }
      }
    },
    Case("quantisation", resolved, says: "100 times the declared resolution") {
      change(&$0, "voltage") { $0 = CleanData.rounded($0, to: 1e-3) }
    },
    Case("dead-channels", spectrum, says: "8 channels") { dataset in
      change(&dataset, "counts") { for i in 200..<208 { $0[i] = 0 } }
    },
    Case("repeated-rows", log, says: "block was copied") { dataset in
      for name in ["current", "voltage", "ambient_temperature", "current_density"] {
        change(&dataset, name) { for i in 0..<25 { $0[150 + i] = $0[20 + i] } }
      }
      for name in ["charging", "discharging"].flatMap({
        ["step_\($0)_capacity", "step_\($0)_energy"]
      }) {
        change(&dataset, name) { for i in 0..<25 { $0[150 + i] = $0[20 + i] } }
      }
    },
    Case("impedance-parts", impedance, says: "rad under deg") {
      scale(&$0, "impedance_phase", .pi / 180)
    },
    Case("kk-residual", impedance, says: "a sign is reversed") {
      scale(&$0, "impedance_imaginary", -1)
    },
    Case("frequency-order", impedance, says: "occur again") {
      change(&$0, "frequency") { $0[11] = $0[10] }
    },
    Case("area-forgotten", log, says: "the area was forgotten") { dataset in
      let bare = dataset.tables[0]["current"]?.real ?? []
      change(&dataset, "current_density") { $0 = bare.map { $0 * 1000 } }
    },
    Case("unit-magnitude", curve, says: "nm") { scale(&$0, "deflection", 1e9) },
    Case("digit-count", log, says: "spreadsheet") {
      change(&$0, "test_time") { values in
        values = values.map { value in
          guard value > 0 else { return value }
          var step = 1.0
          while value / step >= 1000 { step *= 10 }
          return (value / step).rounded() * step
        }
      }
    },
  ]

  @Test func everyRuleHasACase() {
    #expect(Set(Self.cases.map(\.code)) == Set(CrossChecks.rules.map { $0.code }))
  }

  @Test func eachRulePassesOneDataSetAndWarnsOfAnother() {
    for one in Self.cases {
      let rules = CrossChecks.rules.filter { $0.code == one.code }
      let clean = CrossChecks.findings(in: one.clean, rules: rules)
      #expect(clean.map(\.outcome) == [.pass], "\(one.code): \(clean.map(\.message))")
      let damaged = CrossChecks.findings(in: one.damaged, rules: rules)
      #expect(damaged.first?.outcome == .warn, "\(one.code): \(damaged.map(\.message))")
      #expect(
        damaged.contains { $0.message.contains(one.says) },
        "\(one.code) says \(damaged.map(\.message))")
      for finding in damaged {
        #expect(finding.value != nil && finding.threshold != nil, "\(one.code)")
      }
    }
  }

  /// Without what it compares, a rule does not apply and says what it needs.
  @Test func rulesDoNotApplyToAnEmptyDataset() {
    let empty = Dataset(format: "none", technique: .any, tables: [])
    for finding in CrossChecks.findings(in: empty) {
      #expect(finding.outcome == .notApplicable, "\(finding.code)")
      #expect(finding.message.hasPrefix("needs "), "\(finding.code)")
    }
  }

  /// Columns of NaN, of one row, of zeros, of infinities: no rule traps, and none warns of nothing.
  @Test func degenerateColumnsAreSurvived() {
    let contents: [[Double]] = [
      [], [1], [0, 0, 0], Array(repeating: .nan, count: 40), Array(repeating: 0, count: 40),
      Array(repeating: 1e308, count: 40), (0..<40).map { $0 % 2 == 0 ? -1e308 : 1e308 },
      (0..<40).map { Double($0) * Double.leastNonzeroMagnitude },
    ]
    for source in [Self.log, Self.curve, Self.scan, Self.spectrum, Self.impedance] {
      for values in contents {
        var dataset = source
        for t in dataset.tables.indices {
          for c in dataset.tables[t].columns.indices {
            let old = dataset.tables[t].columns[c]
            dataset.tables[t].columns[c] = Column(
              name: old.name, label: old.label, values: .real(values), unit: old.unit)
          }
        }
        #expect(CrossChecks.findings(in: dataset).count >= CrossChecks.rules.count)
        // Columns of different lengths.
        var ragged = source
        for c in ragged.tables[0].columns.indices where c % 2 == 0 {
          let old = ragged.tables[0].columns[c]
          ragged.tables[0].columns[c] = Column(
            name: old.name, label: old.label, values: .real(values), unit: old.unit)
        }
        #expect(CrossChecks.findings(in: ragged).count >= CrossChecks.rules.count)
      }
    }
  }

  /// The diagnostics of the analyzers carry the rule's code.
  @Test func warningsBecomeDiagnostics() {
    var dataset = Self.log
    Self.scale(&dataset, "step_charging_energy", 1000)
    let said = CrossChecks.diagnostics(for: dataset)
    #expect(said.map(\.code) == ["lint.energy-vs-integral"])
    #expect(said.map(\.severity) == [.warning])
  }
}
