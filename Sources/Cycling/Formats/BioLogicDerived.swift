internal import Bytes
internal import RealModule
internal import Tables

/// The columns that EC-Lab's text export makes from those in the file.
///
/// The formulas hold for every pair of a file and its text export in the corpus; current, cycle number
/// and charges to the last digit of a Double, the others to that of a Float.
struct BioLogicDerived {
  /// One column that is not in the file.
  struct Rule {
    /// EC-Lab's name for it.
    var label: String
    /// The columns that it is made from.
    var sources: [String]
    /// How, in words.
    var formula: String
    /// The values from those of the sources; real ones divided by a number at the end.
    var values: ([Source], Double) -> ColumnValues
  }

  /// The values of one source; real ones are in EC-Lab's unit once they are multiplied by `scale`.
  struct Source {
    var values: ColumnValues
    var scale: Double

    /// The values as real numbers, in EC-Lab's unit.
    var real: [Double] {
      switch values {
      case .real(let values):
        scale == 1 ? values : LongSeries.map(values) { [scale] in $0 * scale }
      case .integer(let values): LongSeries.map(values) { Double($0) }
      default: []
      }
    }

    /// Real numbers made from the values.
    @inline(__always)
    func made(_ value: (Double) -> Double) -> ColumnValues {
      guard case .real(let values) = values else { return .real(LongSeries.map(real, value)) }
      return .real(LongSeries.map(values) { value($0 * scale) })
    }

    /// The values of `other` in the rows where this one is that number, else 0.
    @inline(__always)
    func select(_ number: Int64, _ other: Source, over divisor: Double) -> ColumnValues {
      guard case .integer(let own) = values, case .real(let others) = other.values else {
        return .real(
          LongSeries.map(real, other.real) { ($0 == Double(number) ? $1 : 0) / divisor })
      }
      let scale = other.scale
      return .real(LongSeries.map(own, others) { ($0 == number ? $1 * scale : 0) / divisor })
    }
  }

  /// The rules whose sources a file has, and whose results it has not, in EC-Lab's order.
  static func rules(for labels: [String]) -> [Rule] {
    let present = Set(labels)
    // An instantaneous or a mean current is in the file of most techniques.
    let current = ["I/mA", "<I>/mA"].first { present.contains($0) } ?? "<I>/mA"
    let potential = ["Ewe/V", "<Ewe>/V"].first { present.contains($0) } ?? "Ewe/V"
    let counter = ["Ece/V", "<Ece>/V"].first { present.contains($0) } ?? "Ece/V"
    let hasCurrent = present.contains(current)
    var all = [
      Rule(
        label: "<I>/mA", sources: hasCurrent ? ["I/mA", "-"] : ["dq/mA.h", "time/s"],
        formula: "3600 · dq/dt, 0 in the first row"
      ) { meanCurrent($0[0].real, $0[1].real, over: $1) }
    ]
    let charge = ["Q charge/discharge/mA.h"]
    all += [
      Rule(label: "Q charge/mA.h", sources: charge, formula: "its positive part") { sources, d in
        sources[0].made { max($0, 0) / d }
      },
      Rule(
        label: "Q discharge/mA.h", sources: charge, formula: "its negative part, sign reversed"
      ) { sources, d in sources[0].made { max(0 - $0, 0) / d } },
      Rule(label: "Capacity/mA.h", sources: charge, formula: "its magnitude") { sources, d in
        sources[0].made { abs($0) / d }
      },
    ]
    all += [
      Rule(
        label: "control/V", sources: ["mode", "control/V/mA"],
        formula: "the control value in mode 2, else 0"
      ) { $0[0].select(2, $0[1], over: $1) },
      Rule(
        label: "control/mA", sources: ["mode", "control/V/mA"],
        formula: "the control value in mode 1, else 0"
      ) { $0[0].select(1, $0[1], over: $1) },
      Rule(
        label: "cycle number", sources: ["half cycle"],
        formula: "half of the half cycle, rounded down"
      ) { sources, _ in half(sources[0]) },
      Rule(
        label: "Ewe-Ece/V", sources: [potential, counter, "mode"],
        formula: "\(potential) − \(counter)"
      ) { sources, d in
        .real(LongSeries.map(sources[0].real, sources[1].real) { ($0 - $1) / d })
      },
      Rule(
        label: "Re(Z)/Ohm", sources: ["|Z|/Ohm", "Phase(Z)/deg"], formula: "|Z| cos(phase)"
      ) { sources, d in
        .real(LongSeries.map(sources[0].real, sources[1].real) { $0 * .cos($1 * .pi / 180) / d })
      },
      Rule(
        label: "-Im(Z)/Ohm", sources: ["|Z|/Ohm", "Phase(Z)/deg"], formula: "−|Z| sin(phase)"
      ) { sources, d in
        .real(
          LongSeries.map(sources[0].real, sources[1].real) {
            (0 - $0 * .sin($1 * .pi / 180)) / d
          })
      },
    ]
    return all.filter { rule in
      !present.contains(rule.label) && rule.sources.allSatisfy { present.contains($0) }
    }
  }

  /// `3600 dq/dt` in mA from mA.h and s; 0 in the first row and where the time stands still.
  private static func meanCurrent(
    _ charge: [Double], _ time: [Double], over divisor: Double
  ) -> ColumnValues {
    var last = Double.nan
    return .real(
      LongSeries.map(charge, time) { dq, t in
        let dt = t - last
        last = t
        return dt.isNaN || dt == 0 ? 0 : 3600 * dq / dt / divisor
      })
  }

  /// Half of each number, rounded down.
  private static func half(_ source: Source) -> ColumnValues {
    if case .integer(let numbers) = source.values {
      return .integer(LongSeries.map(numbers) { $0 >> 1 })
    }
    return .integer(LongSeries.map(source.real) { Int64(exactly: ($0 / 2).rounded(.down)) ?? 0 })
  }
}
