internal import Configuration
internal import Materials
internal import NumericalMethods
internal import Plating
internal import Simulation
internal import Tables
internal import Units

/// The draws of a sweep as shares of the distributions, from 0 to 1.
package struct SweepDesign: Sendable {
  private let hypercube: LatinHypercube?
  private let sobol: SobolSequence?

  /// The design that a configuration asks for.
  package init(_ configuration: SweepConfiguration) {
    let dimensions = configuration.varied.reduce(0) { $0 + configuration.dimensions(of: $1) }
    let sampling = configuration.sampling
    hypercube =
      sampling?.method == .latinHypercube
      ? sampling.map { LatinHypercube(count: $0.count, dimensions: dimensions, seed: $0.seed) }
      : nil
    sobol =
      sampling?.method == .sobol
      ? sampling.map { SobolSequence(dimensions: dimensions, seed: $0.seed) } : nil
  }

  /// One share for each sampled key; draws are counted from 0.
  package func shares(_ draw: Int) -> [Double] {
    hypercube?.draw(draw) ?? sobol?.point(draw) ?? []
  }
}

/// Runs the points of a sweep; a point depends on its number and the configuration alone.
package struct SweepRunner {
  let configuration: SweepConfiguration
  let baseFiles: ConfiguredFiles
  let ownFiles: ConfiguredFiles
  private let design: SweepDesign

  /// A runner for one point or one worker; the design is made once and shared.
  package init(_ configuration: SweepConfiguration, design: SweepDesign? = nil) {
    self.configuration = configuration
    self.design = design ?? SweepDesign(configuration)
    baseFiles = ConfiguredFiles(configuration.baseFiles, open: configuration.openBase)
    ownFiles = ConfiguredFiles(configuration.ownFiles, open: configuration.openOwn)
  }

  /// The value of each axis at a point, counted from 1, by position in the axis.
  package static func axisPositions(_ point: Int, counts: [Int], draws: Int) -> [Int] {
    var rest = (point - 1) / max(draws, 1)
    var positions = [Int](repeating: 0, count: counts.count)
    for i in counts.indices.reversed() {
      positions[i] = rest % max(counts[i], 1)
      rest /= max(counts[i], 1)
    }
    return positions
  }

  /// Runs all cases of a point, counted from 1.
  package func run(_ point: Int) -> PointRecord {
    let draw = (point - 1) % configuration.draws
    let shares = design.shares(draw)
    let counts = configuration.axes.map { $0.axisValues?.count ?? 1 }
    let positions = Self.axisPositions(point, counts: counts, draws: configuration.draws)
    let repeats = configuration.control.map { point % $0 == 0 } ?? false
    var record = PointRecord(point: point, rows: [], notes: [])
    for (index, one) in configuration.cases.enumerated() {
      record.rows.append(
        run(one, index, positions, shares, repeats: repeats, notes: &record.notes))
    }
    return record
  }

  private func run(
    _ start: ConfigValues, _ index: Int, _ positions: [Int], _ shares: [Double], repeats: Bool,
    notes: inout [PointRecord.Note]
  ) -> PointRecord.Row {
    let outputs = configuration.outputs
    var row = PointRecord.Row(
      status: PointRecord.failed,
      inputs: [ConfigScalar?](repeating: nil, count: configuration.varied.count),
      outputs: [Double?](repeating: nil, count: outputs.count), control: nil)
    func add(_ diagnostic: Diagnostic) {
      notes.append(PointRecord.Note(diagnostic, case: index))
    }
    var values = start
    do throws(ReadFailure) {
      try place(positions, shares, index, in: &values, inputs: &row.inputs)
      let model = configuration.command.model
      let point = try model.run(values, files: baseFiles)
      row.status = point.status
      for (i, output) in outputs.enumerated() { row.outputs[i] = output.number(in: point.result) }
      for diagnostic in point.diagnostics { add(diagnostic) }
      if let wave = configuration.wave,
        let i = outputs.firstIndex(where: { $0.key == "growth_rate" })
      {
        let rate = try SweptPlating.growthRate(
          values, files: baseFiles, wavelength: wave.wavelength, conductivity: wave.conductivity)
        row.outputs[i] = rate.isFinite ? rate : nil
      }
      if repeats {
        try values.replace("solver", with: "phase-field", source: "sweep.control")
        let check = try model.run(values, files: baseFiles)
        row.control = outputs.map { $0.number(in: check.result) }
      }
    } catch {
      // A point that cannot be run is a row without numbers, and the sweep goes on.
      let inner = error.diagnostic
      add(
        Diagnostic(
          .warning, "sweep.failed", found: "\(inner.found); \(inner.expected)",
          expected: "a point that the model can run"))
    }
    return row
  }

  /// Puts the point's values in place of those of a case.
  private func place(
    _ positions: [Int], _ shares: [Double], _ index: Int, in values: inout ConfigValues,
    inputs: inout [ConfigScalar?]
  ) throws(ReadFailure) {
    var axis = 0
    var dimension = 0
    var measured: [(item: Int, share: Double)] = []
    for (i, item) in configuration.varied.enumerated() {
      switch item.course {
      case .axis(let list):
        guard axis < positions.count, list.indices.contains(positions[axis]) else { continue }
        inputs[i] = list[positions[axis]]
        axis += 1
      case .sampled(let distribution):
        var own = dimension
        if case .ownOfCases = distribution { own += index }
        dimension += configuration.dimensions(of: item)
        guard own < shares.count else { continue }
        let share = shares[own]
        if let value = distribution.quantile(share) {
          inputs[i] = .number(value, u: nil)
        } else {
          measured.append((i, share))
        }
      }
    }
    for (item, input) in zip(configuration.varied, inputs) {
      guard let input else { continue }
      try values.replace(item.key.path, with: item.text(input), source: "sweep")
    }
    // A measured 2-D modulus becomes a modulus at the point's own thickness: it comes last.
    for (i, share) in measured {
      let item = configuration.varied[i]
      guard let spread = try spread(item, values) else { continue }
      let cv = (spread.u ?? 0) / spread.value.magnitude
      guard let value = Distribution.lognormal(mean: spread.value, cv: cv).quantile(share) else {
        continue
      }
      inputs[i] = .number(value, u: nil)
      try values.replace(item.key.path, with: item.text(.number(value, u: nil)), source: "sweep")
    }
  }

  /// Value and uncertainty of a measured quantity in the unit of its key, at the values of a case; nil
  /// for a key with another distribution.
  func spread(
    _ item: SweptKey, _ values: ConfigValues
  ) throws(ReadFailure) -> (value: Double, u: Double?)? {
    guard case .sampled(let distribution) = item.course, let unit = item.unit else { return nil }
    let reference: ConfigReference
    let files: ConfiguredFiles
    switch distribution {
    case .measured(let own): (reference, files) = (own, ownFiles)
    case .ownOfCases:
      guard let own = values.reference(item.key.path) else {
        let written = ConfigNode(
          .text(values.writtenText(item.key.path) ?? ""), at: values.place(item.key.path))
        guard case .number(let value, let u) = try values.schema.checked(item.key, written) else {
          return nil
        }
        return (value, u)
      }
      (reference, files) = (own, baseFiles)
    case .normal, .lognormal, .uniform: return nil
    }
    guard item.key.path == "film.modulus" else { return try files.number(reference, in: unit) }
    var values = values
    try values.replace(item.key.path, with: reference)
    let baseFiles = baseFiles
    let thickness = try values.quantity(
      "film.thickness", Length.self,
      resolve: { reference throws(ReadFailure) in try baseFiles.quantity(reference) })
    let modulus = try files.modulus(values, thickness: thickness).modulus
    let gigapascal = UnitOf<Pressure>.gigapascal
    return (modulus.value.value(in: gigapascal), modulus.u?.value(in: gigapascal))
  }
}
