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
    /// The values, in the unit of the label, from those of the sources.
    var values: ([[Double]]) -> ColumnValues
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
      ) { meanCurrent($0[0], $0[1]) }
    ]
    let charge = ["Q charge/discharge/mA.h"]
    all += [
      Rule(label: "Q charge/mA.h", sources: charge, formula: "its positive part") {
        .real($0[0].map { max($0, 0) })
      },
      Rule(
        label: "Q discharge/mA.h", sources: charge, formula: "its negative part, sign reversed"
      ) { .real($0[0].map { max(0 - $0, 0) }) },
      Rule(label: "Capacity/mA.h", sources: charge, formula: "its magnitude") {
        .real($0[0].map { abs($0) })
      },
    ]
    all += [
      Rule(
        label: "control/V", sources: ["mode", "control/V/mA"],
        formula: "the control value in mode 2, else 0"
      ) { .real(zip($0[0], $0[1]).map { $0 == 2 ? $1 : 0 }) },
      Rule(
        label: "control/mA", sources: ["mode", "control/V/mA"],
        formula: "the control value in mode 1, else 0"
      ) { .real(zip($0[0], $0[1]).map { $0 == 1 ? $1 : 0 }) },
      Rule(
        label: "cycle number", sources: ["half cycle"],
        formula: "half of the half cycle, rounded down"
      ) { .integer($0[0].map { Int64(exactly: ($0 / 2).rounded(.down)) ?? 0 }) },
      Rule(
        label: "Ewe-Ece/V", sources: [potential, counter, "mode"],
        formula: "\(potential) − \(counter)"
      ) { .real(zip($0[0], $0[1]).map { $0 - $1 }) },
      Rule(
        label: "Re(Z)/Ohm", sources: ["|Z|/Ohm", "Phase(Z)/deg"], formula: "|Z| cos(phase)"
      ) { .real(zip($0[0], $0[1]).map { $0 * .cos($1 * .pi / 180) }) },
      Rule(
        label: "-Im(Z)/Ohm", sources: ["|Z|/Ohm", "Phase(Z)/deg"], formula: "−|Z| sin(phase)"
      ) { .real(zip($0[0], $0[1]).map { 0 - $0 * .sin($1 * .pi / 180) }) },
    ]
    return all.filter { rule in
      !present.contains(rule.label) && rule.sources.allSatisfy { present.contains($0) }
    }
  }

  /// `3600 dq/dt` in mA from mA.h and s; 0 in the first row and where the time stands still.
  private static func meanCurrent(_ charge: [Double], _ time: [Double]) -> ColumnValues {
    var current: [Double] = []
    current.reserveCapacity(charge.count)
    var last = Double.nan
    for (dq, t) in zip(charge, time) {
      let dt = t - last
      current.append(dt.isNaN || dt == 0 ? 0 : 3600 * dq / dt)
      last = t
    }
    return .real(current)
  }
}
