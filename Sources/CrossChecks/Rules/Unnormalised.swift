internal import Tables
internal import Units

/// `unnormalised`: what is called normalised absorption is 0 before the edge and rises by 1.
enum Unnormalised: LintRule {
  static let code = "unnormalised"
  static let formula =
    "edge step: mean from 30 eV (of a short scan the last fifth) to 150 eV above the edge, less the mean of "
    + "the first fifth before it; pre-edge level: that mean"
  static let threshold = "step outside 0.5 to 1.5, or pre-edge level beyond ±0.5"
  static let source = "definition of the normalised absorption (xas.md)"
  static let needs = "photon energy and a column called normalised or flattened"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table in
      ["norm", "flat"].compactMap { name -> LintCheck? in
        guard let signal = AbsorptionSignal(table, subject, names: [name]) else { return nil }
        if let size = LintNumbers.medianMagnitude(signal.signal), size > 10 {
          return LintCheck(
            false, size, limit: 1.5, table, at: LintSubject.place(table[name], row: 0),
            "the median of '\(table[name]?.label ?? name)' is \(LintNumbers.short(size)); it was not "
              + "normalised, is in per cent, or another column was taken")
        }
        guard let best = signal.rise(width: 5).max(by: { $0.rise < $1.rise }),
          let low = signal.energy.first, let high = signal.energy.last,
          best.energy - low > 10, high - best.energy > 30
        else { return nil }
        let below = (best.energy - low) / 5
        let far = min(30, (high - best.energy) * 0.8)
        guard let before = signal.mean(low..<(low + max(below, 5))),
          let after = signal.mean((best.energy + far)..<min(high + 1, best.energy + 150))
        else { return nil }
        let step = after - before
        let isLevel = before.magnitude <= 0.5
        let holds = step >= 0.5 && step <= 1.5 && isLevel
        let value = isLevel ? step : before
        return LintCheck(
          holds, value, limit: isLevel ? (step < 1 ? 0.5 : 1.5) : 0.5, table,
          at: LintSubject.place(table[name], row: 0),
          "'\(table[name]?.label ?? name)' is \(LintNumbers.short(before)) before the edge and rises by "
            + LintNumbers.short(step)
            + (holds ? "" : "; it was not normalised, or another column was taken"))
      }
    }
  }
}
