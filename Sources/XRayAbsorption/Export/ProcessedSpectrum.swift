public import Tables
internal import Units

extension SpectrumAnalysis {
  /// The numbers of the analysis as a table: energies, absorption, both curves, normalised, flattened.
  ///
  /// They are those of the result, bit for bit. A spectrum that was not normalised has its energies and
  /// its absorption only.
  public var processed: Table {
    var columns = [
      Self.column("photon_energy", "energy", energy, .electronvolt),
      Self.column("mu", "mu", curves?.scan.mu ?? scan.mu, .one),
    ]
    if let curves {
      columns += [
        Self.column("pre_edge", "pre_edge", curves.pre, .one),
        Self.column("post_edge", "post_edge", curves.post, .one),
      ]
    }
    if norm.count == energy.count { columns.append(Self.column("norm", "norm", norm, .one)) }
    if curves != nil, flat.count == energy.count {
      columns.append(Self.column("flat", "flat", flat, .one))
    }
    return Table(name: name, columns: columns, indexColumns: ["photon_energy"])
  }

  private static func column(
    _ name: String, _ label: String, _ values: [Double], _ unit: PhysicalUnit
  ) -> Column {
    Column(
      name: name, label: label, values: .real(values), unit: .known(unit),
      origin: Origin(steps: ["\(name) of the analysis"]))
  }

  /// What an export says of how the numbers came about.
  public var exportFacts: [(key: String, value: String)] {
    var facts: [(String, String)] = [
      ("convention", convention.rawValue), ("energy_column", source.energyLabel),
      ("mu_expression", source.signal.expression.text), ("mode", source.signal.mode.rawValue),
      ("calibration_method", calibration.method.rawValue),
      ("calibration_shift", "\(calibration.shift) eV"),
    ]
    if let reference = calibration.reference { facts.append(("calibration_reference", reference)) }
    if let e0 { facts.append(("e0", "\(e0) eV")) }
    if let e0U { facts.append(("e0_uncertainty", "\(e0U) eV")) }
    if let curves {
      facts += [
        ("edge_step", "\(curves.edgeStep)"),
        ("pre_range", "\(curves.preEdge.from) \(curves.preEdge.to) eV from e0"),
        ("pre_degree", "\(curves.preEdge.degree)"),
        ("norm_range", "\(curves.postEdge.from) \(curves.postEdge.to) eV from e0"),
        ("norm_degree", "\(curves.postEdge.degree)"), ("normalise", scaling.rawValue),
      ]
      if curves.preEdge.victoreen != 0 {
        facts.append(("victoreen", "\(curves.preEdge.victoreen)"))
      }
    }
    return facts
  }

  /// The absorber, and whether the file, an option or the nearest edge names it.
  public var absorber: XDIExport.Absorber? {
    guard let element, let edge else { return nil }
    return .init(symbol: element, edge: edge, source: elementSource ?? "file")
  }

  /// The columns of ``processed`` for an XDI file.
  public var processedSeries: [XDIDocument.Series] {
    processed.columns.map { column in
      let unit = column.name == "photon_energy" ? "eV" : ""
      return .init(label: column.label, unit: unit, values: column.real ?? [])
    }
  }
}
