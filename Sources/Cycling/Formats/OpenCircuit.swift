public import Tables

/// Whether a log records an open circuit, so that a missing current is zero.
public enum OpenCircuit {
  /// Whether the log has no current and a setting of it names an open-circuit technique.
  public static func isRecorded(in dataset: Dataset) -> Bool {
    if dataset.tables.contains(where: { $0["current"] != nil }) { return false }
    let words = ["open circuit", "corrosion potential"]
    let names: Set<String> = ["ocv", "ocp", "corpot", "wait"]
    return dataset.metadata.entries.contains { entry in
      guard case .text(let text) = entry.value, text.utf8.count <= 80 else { return false }
      let lower = text.lowercased()
      return names.contains(lower) || words.contains { lower.contains($0) }
    }
  }
}
