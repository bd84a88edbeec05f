internal import Bytes
package import Configuration
package import Tables

/// What became of one point: a line of `points-i-of-N.jsonl`.
package struct PointRecord: Hashable, Sendable {
  /// One case at the point.
  package struct Row: Hashable, Sendable {
    /// The model's status, or ``PointRecord/failed``.
    package var status: String
    /// The value of each varied key; nil where it could not be found.
    package var inputs: [ConfigScalar?]
    /// The numbers of the model; nil where there is none.
    package var outputs: [Double?]
    /// The same numbers from the phase field, where the point is a control.
    package var control: [Double?]?
  }

  /// Something that the model had to say.
  package struct Note: Hashable, Sendable {
    package var severity: Diagnostic.Severity
    package var code: String
    /// The case by number.
    package var index: Int
    package var found: String
    package var expected: String

    init(_ diagnostic: Diagnostic, case index: Int) {
      severity = diagnostic.severity
      code = diagnostic.code
      self.index = index
      found = diagnostic.found
      expected = diagnostic.expected
    }
  }

  /// The status of a case that the model could not run.
  package static let failed = "failed"

  /// The number of the point, from 1.
  package var point: Int
  package var rows: [Row]
  package var notes: [Note]
}

extension PointRecord {
  /// The line as a tree; `sweep` is the mark of the plan that it belongs to.
  package func tree(mark: String, plan: SweepPlan?) -> ResultObject {
    var object = ResultObject()
    object["point"] = .integer(point)
    object["sweep"] = .text(mark)
    if let plan {
      object["file"] = .text(plan.file)
      object["plan"] = plan.tree
    }
    object["rows"] = .list(
      rows.map { row in
        var fields = ResultObject()
        fields["status"] = .text(row.status)
        fields["inputs"] = .list(row.inputs.map(Self.value))
        fields["outputs"] = .list(row.outputs.map { $0.map(ResultValue.number) ?? .null })
        if let control = row.control {
          fields["control"] = .list(control.map { $0.map(ResultValue.number) ?? .null })
        }
        return .object(fields)
      })
    object["notes"] = .list(
      notes.map {
        .list([
          .text($0.severity.rawValue), .text($0.code), .integer($0.index), .text($0.found),
          .text($0.expected),
        ])
      })
    return object
  }

  private static func value(_ scalar: ConfigScalar?) -> ResultValue {
    switch scalar {
    case .number(let number, _)?: .number(number)
    case .word(let word)?: .text(word)
    case nil: .null
    }
  }

  /// The record of a line; nil where the tree is none of this plan.
  package init?(_ tree: ResultValue, plan: SweepPlan) {
    guard case .integer(let point)? = tree["point"], point >= 1, point <= plan.points,
      case .list(let rows)? = tree["rows"], rows.count == plan.cases.count,
      case .list(let notes)? = tree["notes"]
    else { return nil }
    self.init(point: point, rows: [], notes: [])
    for row in rows {
      guard let status = row["status"]?.text, case .list(let inputs)? = row["inputs"],
        case .list(let outputs)? = row["outputs"], inputs.count == plan.varied.count,
        outputs.count == plan.outputs.count
      else { return nil }
      var control: [Double?]?
      if let value = row["control"] {
        guard case .list(let list) = value, list.count == outputs.count else { return nil }
        control = list.map(\.finiteNumber)
      }
      self.rows.append(
        Row(
          status: status, inputs: inputs.map(Self.scalar), outputs: outputs.map(\.finiteNumber),
          control: control))
    }
    for note in notes {
      guard let severity = note[0]?.text.flatMap(Diagnostic.Severity.init(rawValue:)),
        let code = note[1]?.text, case .integer(let index)? = note[2],
        plan.cases.indices.contains(index), let found = note[3]?.text, let expected = note[4]?.text
      else { return nil }
      self.notes.append(
        Note(Diagnostic(severity, code, found: found, expected: expected), case: index))
    }
  }

  private static func scalar(_ value: ResultValue) -> ConfigScalar? {
    if let word = value.text { return .word(word) }
    return value.finiteNumber.map { .number($0, u: nil) }
  }
}
