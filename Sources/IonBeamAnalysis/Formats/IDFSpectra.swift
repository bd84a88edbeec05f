internal import Bytes
internal import Tables
internal import Units

extension IDFDocument {
  /// Reads the measured and the simulated spectra of one `spectrum` element.
  mutating func readSpectrum(_ spectrum: Node, number: Int?) throws(ReadFailure) {
    let suffix = number.map { "_\($0)" } ?? ""
    var calibration = try calibration(spectrum)
    if let mode = spectrum.first("data", "channelmode")?.text, !mode.isEmpty {
      reading["channel\(suffix)"] =
        mode == "left" ? "the energy of a channel number is its lower edge" : mode
      if mode == "left" { calibration?.channelEnergy = .left }
      if mode.hasPrefix("cent") || mode == "middle" { calibration?.channelEnergy = .centre }
    }
    try readRecord(spectrum, table: "spectrum\(suffix)", calibration: calibration)
    if let foil = spectrum.first("detection", "stoppingfoil", "foillayers") {
      try readLayers(foil.all("layer"), table: "foil\(suffix)")
    }
    var hasData = false
    if let data = spectrum.first("data", "simpledata"),
      let table = try table(
        data, name: "spectrum\(suffix)", counts: "counts", calibration: calibration)
    {
      hasData = true
      if calibration == nil {
        diagnostics.warn(
          "idf.no-calibration", at: spectrum.place,
          found: "the spectrum has no energy calibration with numbers",
          expected: "only channels and counts are given")
      }
      checkCounts(table, data)
      tables.append(table)
    }
    if !hasData {
      diagnostics.note(
        "idf.no-spectrum", at: spectrum.place, found: "no measured counts",
        expected: "its settings are given")
    }
    if let smoothed = spectrum.first("processeddata", "smootheddata", "simpledata"),
      let table = try table(
        smoothed, name: "smoothed\(suffix)", counts: "counts_smoothed", calibration: calibration)
    {
      tables.append(table)
    }
    var names: Set<String> = []
    for simulation in spectrum.first("process", "simulations")?.all("simulation") ?? [] {
      try readSimulation(simulation, suffix: suffix, calibration: calibration, names: &names)
    }
  }

  private mutating func readSimulation(
    _ simulation: Node, suffix: String, calibration: FileCalibration?, names: inout Set<String>
  ) throws(ReadFailure) {
    guard
      let data = simulation["simpledata"]
        ?? simulation.first("ndf", "fitresults", "data", "simpledata")
    else { return }
    let type = simulation["simulationtype"]?.text ?? ""
    let target = simulation["initialtargetparticle"]?.text ?? ""
    let kind = !target.isEmpty ? target : type.isEmpty ? "total" : type
    let base = "simulation_\(kind)\(suffix)"
    var name = base
    var n = 2
    while !names.insert(name).inserted {
      name = "\(base)_\(n)"
      n += 1
    }
    guard
      let table = try table(
        data, name: name, counts: "counts_simulated", calibration: calibration)
    else {
      diagnostics.note(
        "idf.no-simulation", at: simulation.place, found: "the simulation `\(kind)` is empty",
        expected: "it is left out")
      return
    }
    tables.append(table)
  }

  /// The first energy calibration with numbers, in keV.
  ///
  /// - Throws: `spectrum.slope` for a slope that is negative.
  private mutating func calibration(_ spectrum: Node) throws(ReadFailure) -> FileCalibration? {
    let all = spectrum.first("calibrations", "energycalibrations")?.all("energycalibration") ?? []
    for candidate in all {
      let mode = candidate["calibrationmode"]?.text ?? "energy"
      guard mode.isEmpty || mode == "energy",
        let parameters = candidate["calibrationparameters"]?.all("calibrationparameter")
      else { continue }
      let numbers = parameters.compactMap { IDFNumbers.number($0) }
      guard numbers.count == parameters.count, numbers.count >= 2, numbers.count <= 8,
        numbers.dropFirst().contains(where: { $0 != 0 })
      else { continue }
      guard numbers[1] >= 0 else {
        throw ReadFailure(
          "spectrum.slope", at: parameters[1].place,
          found: "the slope of the calibration is \(parameters[1].text)",
          expected: "expected a number above zero (line \(candidate.element.line))")
      }
      var coefficients: [Double] = []
      for (node, number) in zip(parameters, numbers) {
        coefficients.append(number * energyFactor(node))
      }
      return FileCalibration(coefficients, source: candidate.path)
    }
    return nil
  }

  /// What a calibration parameter in `MeV/channel` or the like is in keV.
  private mutating func energyFactor(_ node: Node) -> Double {
    let text = node.element.attribute("units") ?? ""
    let energy = text.prefix { $0 != "/" }
    switch energy.lowercased() {
    case "", "kev": return 1
    case "mev" where energy.first == "M": return 1000
    case "ev": return 1e-3
    default:
      diagnostics.warn(
        "unit.unknown", at: node.place, found: "the unit `\(text.prefix(40))` is not known",
        expected: "expected keV, which is taken")
      return 1
    }
  }

  /// A table of channels, energies and counts; nil for blanks and for SIMNRA's dummy of zeros.
  private mutating func table(
    _ data: Node, name: String, counts: String, calibration: FileCalibration?
  ) throws(ReadFailure) -> Table? {
    guard let y = data["y"] else { return nil }
    let values = try IDFNumbers.list(y)
    let x = data["x"] ?? y
    var channels = x.path == y.path ? [] : try IDFNumbers.list(x)
    if values.isEmpty || (values.count <= 2 && values.allSatisfy { $0 == 0 }) { return nil }
    if channels.isEmpty {
      diagnostics.warn(
        "idf.no-channels", at: data.place, found: "the \(values.count) counts have no channels",
        expected: "counted from channel 0")
      channels = values.indices.map { Double($0) }
    }
    guard channels.count == values.count else {
      throw ReadFailure(
        "idf.lengths", at: data.place,
        found: "x holds \(channels.count) numbers and y \(values.count)",
        expected: "expected as many (line \(data.element.line))")
    }
    consumed.insert(x.path)
    consumed.insert(y.path)
    let missing = values.filter { !$0.isFinite }.count
    if missing > 0 {
      diagnostics.warn(
        "idf.missing", at: y.place, found: "\(missing) values are no finite numbers",
        expected: "counted as missing")
    }
    let words = "blank-separated decimal text"
    let xLabel = data.first("xaxis", "axisname")?.text ?? "x"
    let yLabel = data.first("yaxis", "axisname")?.text ?? "y"
    var columns: [Column] = []
    let unit = data.first("xaxis", "axisunit")?.text.lowercased() ?? ""
    if unit == "kev" || unit == "mev" {
      let scale = unit == "mev" ? 1000.0 : 1
      columns.append(
        Column(
          name: "energy", label: xLabel, values: .real(channels.map { $0 * scale }),
          unit: .known(.kiloelectronvolt), origin: x.origin(words)))
    } else {
      let whole = channels.compactMap { Int64(exactly: $0) }
      columns.append(
        Column(
          name: "channel", label: xLabel,
          values: whole.count == channels.count ? .integer(whole) : .real(channels),
          unit: .known(.one), origin: x.origin(words)))
      if let calibration {
        columns.append(
          Column(
            name: "energy", label: "energycalibration",
            values: .real(channels.map(calibration.energy)), unit: .known(.kiloelectronvolt),
            origin: x.origin(words, calibration.formula, calibration.source)))
      }
    }
    checkOrder(channels, x)
    columns.append(
      Column(
        name: counts, label: yLabel, values: .real(values), unit: .known(.one),
        origin: y.origin(words)))
    return Table(name: name, columns: columns, indexColumns: columns.first.map { [$0.name] } ?? [])
  }

  private mutating func checkOrder(_ channels: [Double], _ x: Node) {
    let steps = zip(channels, channels.dropFirst()).map { $1 - $0 }
    let back = steps.filter { $0 < 0 }.count
    let equal = steps.filter { $0 == 0 }.count
    let gaps = steps.filter { $0 > 1 }.count
    if back > 0 {
      diagnostics.warn(
        "axis.unordered", at: x.place, found: "the channel numbers step back \(back) times",
        expected: "expected them to rise; the rows keep their order")
    }
    if equal > 0 {
      diagnostics.warn(
        "axis.repeated", at: x.place, found: "\(equal) channel numbers are repeated",
        expected: "expected every channel once; all rows are kept")
    }
    if gaps > 0, back == 0 {
      diagnostics.warn(
        "axis.gap", at: x.place, found: "channels are left out at \(gaps) places",
        expected: "expected every channel between the first and the last")
    }
  }

  private mutating func checkCounts(_ table: Table, _ data: Node) {
    guard case .real(let counts)? = table["counts"]?.values else { return }
    let odd = counts.filter { $0.isFinite && ($0 < 0 || $0 != $0.rounded()) }.count
    if odd > 0 {
      diagnostics.warn(
        "idf.not-counts", at: data["y"]?.place ?? data.place,
        found: "\(odd) of \(counts.count) values are negative or not whole",
        expected: "expected counts; no Poisson uncertainty follows from them")
    }
  }
}
