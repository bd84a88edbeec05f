public import Tables

extension TraceGraph {
  /// The `traces` object of a results document: one step by id, in the order in which they were made.
  public var result: ResultValue {
    var fields = ResultObject()
    for step in steps { fields[step.id.text] = step.result }
    return .object(fields)
  }
}

extension TraceStep {
  /// The JSON object of one step; parts that a step lacks are absent.
  public var result: ResultValue {
    var fields = ResultObject()
    fields.reserve(8)
    fields.add("id", .text(id.text))
    fields.add("kind", .text(kind.rawValue))
    fields.add("summary", .text(summary))
    fields.add("inputs", .list(inputs.map { .text($0.text) }))
    if !parameters.fields.isEmpty { fields.add("parameters", .object(parameters)) }
    if let rows {
      fields.add("rows", .list([.integer(rows.lowerBound), .integer(rows.upperBound)]))
    }
    if let source { fields.add("source", source.result) }
    if let formula { fields.add("formula", .text(formula)) }
    if let reference { fields.add("reference", .text(reference)) }
    return .object(fields)
  }
}

extension TraceStep.Source {
  /// The JSON object of a source: file, hash, place, and byte ranges `[first, last]` (inclusive).
  public var result: ResultValue {
    var fields = ResultObject()
    fields["file"] = .text(file)
    fields["sha256"] = .text(sha256)
    fields["place"] = .text(place)
    if !bytes.isEmpty {
      fields["bytes"] = .list(
        bytes.filter { !$0.isEmpty }.map {
          .list([.integer($0.lowerBound), .integer($0.upperBound - 1)])
        })
    }
    return .object(fields)
  }
}
