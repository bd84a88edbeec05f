extension CanonicalName {
  /// The canonical name of what simulations call a series; nil for a label that is not known.
  ///
  /// - Parameter slug: the label in snake_case.
  public static func simulation(_ slug: String) -> String? { simulationLabels[slug] }

  /// What simulations call their series, in snake_case, with the canonical names.
  public static let simulationLabels: [String: String] = {
    let names: [(String, String)] = [
      ("time", "time t"),
      ("solid_fraction", "fraction solid_fraction volume_fraction"),
      ("free_energy", "energy free_energy total_energy total_free_energy"),
      ("bulk_energy", "bulk_energy"),
      ("tip_position", "tip_position"),
      ("particle_count", "particle_count"),
      ("time_step", "dt time_step timestep"),
      ("mesh_size", "mesh_size grid dx"),
      ("l2_error", "l2 l2_error"),
      ("wall_time", "walltime wall_time runtime run_time"),
      ("memory", "mem_usage memory memory_usage"),
      ("order_parameter", "xi phi eta order_parameter"),
      ("interface_height", "interface_height"),
      ("normal_stress", "normal_stress sigma_n"),
      ("tangential_stress", "tangential_stress sigma_t"),
      ("arc_length", "arc_length"),
      ("displacement_x", "displacement_x"),
      ("displacement_y", "displacement_y"),
      ("stress_xx", "stress_xx"), ("stress_yy", "stress_yy"), ("stress_xy", "stress_xy"),
      ("stress_von_mises", "stress_von_mises von_mises mises"),
    ]
    var words: [String: String] = [:]
    for (name, labels) in names {
      for label in labels.split(separator: " ") { words[String(label)] = name }
    }
    return words
  }()
}
