public import Tables

/// The physics cross-checks of `lint` (docs/lint.md).
public enum CrossChecks {
  /// Every rule, in the order of docs/lint.md.
  public static let rules: [any LintRule.Type] = [
    ClockAgainstElapsed.self, ChargeAgainstIntegral.self, EnergyAgainstIntegral.self,
    CurrentSign.self, CurrentRange.self, TimeOrder.self,
    ForceAgainstStiffness.self, ContactSlope.self, BaselineForce.self,
    EdgeAgainstElement.self, EnergyStep.self, Unnormalised.self,
    BackscatteringEdge.self, LiveTime.self, Saturation.self, Quantisation.self, DeadChannels.self,
    RepeatedRows.self, ImpedanceParts.self, KramersKronigResidual.self, FrequencyOrder.self,
    AreaForgotten.self, UnitMagnitude.self, DigitCount.self,
  ]

  /// The rules that the analyzers run on every file.
  ///
  /// Those that take one pass over a few columns and that no reader or analysis has a check of its own for.
  public static let analyzerRules: [any LintRule.Type] = [
    EnergyAgainstIntegral.self, CurrentRange.self, ForceAgainstStiffness.self, Unnormalised.self,
    AreaForgotten.self, UnitMagnitude.self,
  ]

  /// The most warnings of one rule on one input; more are counted in the last of them.
  private static let most = 20

  /// What the rules find in a dataset, in the order of the rules.
  ///
  /// A rule gives one finding where it passes or does not apply, and one for each comparison that fails.
  public static func findings(
    in dataset: Dataset, rules: [any LintRule.Type] = CrossChecks.rules
  ) -> [LintFinding] {
    let subject = LintSubject(dataset)
    return rules.flatMap { findings(of: $0, subject) }
  }

  /// The warnings of the rules as diagnostics `lint.CODE`.
  ///
  /// Tables of more than 200 000 rows are left to the command: an analysis should not wait for it.
  public static func diagnostics(
    for dataset: Dataset, rules: [any LintRule.Type] = CrossChecks.analyzerRules
  ) -> [Diagnostic] {
    var dataset = dataset
    dataset.tables.removeAll { $0.rows > 200_000 }
    return findings(in: dataset, rules: rules).filter { $0.outcome == .warn }.map { finding in
      let code = finding.code
      return Diagnostic(
        .warning, "lint.\(code)", at: finding.place, found: finding.message, expected: "")
    }
  }

  private static func findings(
    of rule: any LintRule.Type, _ subject: LintSubject
  ) -> [LintFinding] {
    let checks = rule.check(subject)
    func finding(_ check: LintCheck, _ outcome: LintOutcome) -> LintFinding {
      LintFinding(
        code: rule.code, outcome: outcome, value: check.value.isFinite ? check.value : nil,
        threshold: check.threshold.isFinite ? check.threshold : nil, place: check.place,
        table: subject.dataset.tables.count > 1 ? check.table : nil, message: check.message)
    }
    let failed = checks.filter { !$0.holds }
    if !failed.isEmpty {
      var list = failed.prefix(most).map { finding($0, .warn) }
      if failed.count > most {
        list[most - 1].message += " (and \(failed.count - most) more of this kind)"
      }
      return list
    }
    guard let first = checks.first else {
      return [
        LintFinding(
          code: rule.code, outcome: .notApplicable, value: nil, threshold: nil, place: .whole,
          table: nil, message: "needs \(rule.needs)")
      ]
    }
    // Of several comparisons that hold the first stands for all.
    var one = finding(first, .pass)
    if checks.count > 1 { one.message += " (\(checks.count) comparisons hold)" }
    return [one]
  }
}
