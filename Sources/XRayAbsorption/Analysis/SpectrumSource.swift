internal import RealModule
public import Tables
internal import Units

/// One spectrum of a file before its analysis: energies, absorption, and where both come from.
public struct SpectrumSource: Sendable, Codable {
  /// A column that a number came from.
  struct Origin: Sendable, Codable {
    var label: String
    var origin: Tables.Origin
  }

  /// What a project stores for a spectrum.
  struct Stored: Sendable, Codable {
    var choices = NormalisationChoices()
    var shift = 0.0
    var isStepFixed = false
    /// Whether anything but a shift is stored.
    var hasParameters = false
  }

  /// The name of the group, scan, entry or pair.
  public var name: String
  /// The energies in eV as the file has them, in the order of its rows.
  public var energy: [Double]
  /// The absorption.
  public var mu: [Double]
  /// What was taken for the absorption.
  public var signal: SignalCandidate
  /// The other ways that the file offers.
  public var others: [SignalCandidate]
  /// The label of the energy column.
  public var energyLabel: String
  /// The absorber and its edge by the file or an option, and which.
  public var element: String?, edge: String?
  /// `file` or `option`.
  public var elementSource: String?
  /// The absorption of the reference foil.
  var referenceMu: [Double]?
  var referenceText: String?
  var stored: Stored?
  var energyOrigin: Origin
  var energySteps: [String] = []
  var signalOrigins: [Origin] = []
  /// The file that it came from.
  public var input: InputIdentity
}

/// Makes the spectra of a dataset.
struct SpectrumSources {
  let dataset: Dataset
  let options: XASOptions
  let input: InputIdentity

  /// The spectra of all tables that hold one, with what is to be said about the others.
  ///
  /// - Throws: the reason of the first table where there is no spectrum at all.
  func all(_ diagnostics: inout DiagnosticList) throws(ReadFailure) -> [SpectrumSource] {
    var list: [SpectrumSource] = []
    var failures: [(String, ReadFailure)] = []
    var matched = false
    for table in dataset.tables {
      if !options.select.isEmpty {
        guard options.select.contains(where: { NamePattern.matches($0, table.name) }) else {
          continue
        }
      }
      matched = true
      do {
        list.append(try source(table, &diagnostics))
      } catch {
        failures.append((table.name, error))
      }
    }
    if !matched, !dataset.tables.isEmpty {
      let names = dataset.tables.prefix(20).map { $0.name }.joined(separator: ", ")
      throw ReadFailure(
        "xas.select", found: "no spectrum fits '\(options.select.joined(separator: "', '"))'",
        expected: "expected one of \(names)")
    }
    guard !list.isEmpty else {
      guard var first = failures.first?.1 else {
        throw ReadFailure(
          "xas.no-spectrum", found: "the file holds no table",
          expected: "expected energies and an absorption")
      }
      if failures.count > 1 {
        first.diagnostic.found =
          "none of \(failures.count) tables holds a spectrum; the first: \(first.diagnostic.found)"
      }
      throw first
    }
    for (name, failure) in failures {
      diagnostics.note(
        failure.diagnostic.code, at: .entry(name), found: failure.diagnostic.found,
        expected: "no spectrum; it is left out")
    }
    return list
  }

  // MARK: one table

  private func source(
    _ table: Table, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> SpectrumSource {
    guard table.rows > 0 else {
      throw ReadFailure(
        "xas.no-energy", found: "'\(table.name)' has no rows",
        expected: "expected energies and an absorption")
    }
    let columns = SignalColumns(table)
    let axis = try energy(columns, &diagnostics)
    let finite = axis.values.filter { $0.isFinite }
    guard let low = finite.min(), let high = finite.max(), high > low else {
      throw ReadFailure(
        "xas.constant", found: "the energy in column '\(axis.label)' does not change",
        expected: "expected a scan over energies")
    }
    let said = named()
    let ownTable = metadataElement(table.metadata)
    let element = options.element ?? ownTable.element ?? said.element
    let edge = options.edge ?? ownTable.edge ?? said.edge ?? (element == nil ? nil : "K")
    let candidates = SignalCandidates(
      columns: columns, energy: axis.place, element: element, range: low...high,
      deadTime: options.deadTime)
    let choice = try choose(candidates, columns, axis.values, &diagnostics)
    var source = SpectrumSource(
      name: table.name, energy: axis.values, mu: choice.values, signal: choice.signal,
      others: choice.others, energyLabel: axis.label, element: element,
      edge: element == nil ? nil : edge,
      elementSource: options.element != nil ? "option" : element == nil ? nil : "file",
      energyOrigin: .init(label: axis.label, origin: columns.table.columns[axis.place].origin),
      input: input)
    source.energySteps = axis.steps
    source.signalOrigins = choice.signal.expression.references.compactMap { reference in
      place(reference, columns).map {
        .init(label: table.columns[$0].label, origin: table.columns[$0].origin)
      }
    }
    if options.mode != .reference, let reference = candidates.referenceChannel(),
      let values = try? evaluate(reference.expression, columns)
    {
      source.referenceMu = values
      source.referenceText = reference.expression.text
    }
    source.stored = Self.stored(table.metadata)
    return source
  }

  // MARK: the energy

  private struct Axis {
    var place: Int
    var label: String
    var values: [Double]
    var steps: [String]
  }

  private func energy(
    _ columns: SignalColumns, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> Axis {
    let table = columns.table
    func numbers(_ place: Int) -> [Double] { table.columns[place].real ?? [] }
    var chosen: Int?
    if let name = options.energy {
      guard let found = place(named: name, columns) else {
        throw ReadFailure(
          "xas.column", found: "no column of '\(table.name)' is called '\(name)'",
          expected: "expected one of \(labels(table))")
      }
      guard table.columns[found].real != nil else {
        throw ReadFailure(
          "xas.column", found: "column '\(name)' of '\(table.name)' holds text",
          expected: "expected numbers")
      }
      chosen = found
    } else {
      var ranked: [(rank: Int, place: Int)] = []
      for (place, role) in columns.roles.enumerated() {
        if case .energy(let rank) = role { ranked.append((rank, place)) }
      }
      // Exact names come first; a column that does not change is a setting.
      ranked.sort { ($0.rank, $0.place) < ($1.rank, $1.place) }
      chosen =
        ranked.first { SignalColumns.varies(numbers($0.place)) }?.place ?? ranked.first?.place
      if chosen == nil {
        chosen = columns.places(.angle).first { SignalColumns.varies(numbers($0)) }
      }
      if chosen == nil, columns.places(.otherAxis).isEmpty { chosen = unlabelledAxis(columns) }
    }
    guard let chosen else {
      let axis = columns.places(.otherAxis).first.map { "its axis is \(table.columns[$0].name)" }
      throw ReadFailure(
        "xas.no-energy",
        found: "no column of '\(table.name)' can be the energy\(axis.map { "; \($0)" } ?? "")",
        expected: "name one with --energy; the columns are \(labels(table))")
    }
    let column = table.columns[chosen]
    var values = column.real ?? []
    while values.count < table.rows { values.append(.nan) }
    var steps: [String] = []
    try convert(&values, column, &steps, &diagnostics)
    return Axis(place: chosen, label: column.label, values: values, steps: steps)
  }

  /// The first column where the labels say nothing and its numbers run one way through energies.
  private func unlabelledAxis(_ columns: SignalColumns) -> Int? {
    guard
      let place = columns.table.columns.indices.first(where: {
        columns.table.columns[$0].real != nil
      }), let values = columns.table.columns[place].real
    else { return nil }
    let finite = values.filter { $0.isFinite }
    guard finite.count >= 5, let low = finite.min(), let high = finite.max(), low > 0,
      high < 1e7, high > low
    else { return nil }
    let rising = zip(finite, finite.dropFirst()).count { $0 < $1 }
    let falling = zip(finite, finite.dropFirst()).count { $0 > $1 }
    return max(rising, falling) * 10 >= 9 * (finite.count - 1) ? place : nil
  }

  /// Brings the axis to eV by the option, its unit, or its numbers.
  private func convert(
    _ values: inout [Double], _ column: Column, _ steps: inout [String],
    _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    var unit = options.energyUnit
    var isGuess = false
    if unit == nil, let own = column.unit.unit {
      if own.dimension == EnergyAxis.electronvolt.dimension {
        guard own != EnergyAxis.electronvolt else { return }
        let tens = own.decimalExponent(to: EnergyAxis.electronvolt)
        let factor = own.scale / EnergyAxis.electronvolt.scale
        values = values.map {
          tens == 3 ? $0 * 1000 : tens == 0 ? $0 : tens == -3 ? $0 / 1000 : $0 * factor
        }
        if tens != 0 { steps.append("\(own.ucum) → eV") }
        return
      }
      if own.dimension == XASUnit.unit("deg").dimension, own.scale != 1 { unit = .deg }
    }
    if unit == nil {
      unit = Self.guess(values)
      let hasName = ["ev", "kev"].contains { SignalColumns.words(column.label).contains($0) }
      isGuess = !hasName
      if SignalColumns.words(column.label).contains("kev") { unit = .keV }
    }
    switch unit ?? .eV {
    case .eV: break
    case .keV:
      values = values.map { $0 * 1000 }
      steps.append("keV → eV")
    case .deg: try bragg(&values, 1, "degrees", column, &steps)
    case .mdeg: try bragg(&values, 1e-3, "millidegrees", column, &steps)
    case .steps:
      guard let scale = options.stepsPerDegree else {
        throw ReadFailure(
          "xas.axis", found: "column '\(column.label)' holds motor steps",
          expected: "give --steps-per-degree and --d-spacing, or --energy-unit")
      }
      try bragg(&values, 1 / scale, "steps", column, &steps)
    }
    let isTold = dataset.diagnostics.contains { $0.code == "xas.axis-guessed" }
    if isGuess, !isTold {
      diagnostics.warn(
        "xas.axis-guessed", found: "the energy column '\(column.label)' has no unit",
        expected: "taken as \((unit ?? .eV).rawValue) from its values; --energy-unit sets it")
    }
  }

  /// What the numbers of an axis without unit look like.
  static func guess(_ values: [Double]) -> XASOptions.AxisUnit {
    let finite = values.filter { $0.isFinite }
    guard let low = finite.min(), let high = finite.max(), let first = finite.first,
      let last = finite.last
    else { return .eV }
    if last < first, high < 90, low > 0 { return .deg }
    if high > 200_000 { return .steps }
    let steps = zip(finite, finite.dropFirst()).map { ($1 - $0).magnitude }.filter { $0 > 0 }
    return high < 120 && (steps.min() ?? 1) < 0.005 ? .keV : .eV
  }

  /// E = hc / (2 d sin θ).
  private func bragg(
    _ values: inout [Double], _ degrees: Double, _ words: String, _ column: Column,
    _ steps: inout [String]
  ) throws(ReadFailure) {
    let stored = dataset.metadata.entries.first {
      let key = $0.key.lowercased()
      return key == "mono.d_spacing" || key == "d_spacing" || key == "d-spacing"
    }
    let own = stored.flatMap { entry -> Double? in
      switch entry.value {
      case .real(let x): return x
      case .integer(let n): return Double(n)
      case .text(let text):
        var rest = Substring(text).drop { $0 == " " }
        return XDIConformance.leadingNumber(&rest)
      }
    }
    guard let spacing = options.spacing ?? own, spacing > 0 else {
      throw ReadFailure(
        "xas.axis",
        found: "column '\(column.label)' holds \(words), the lattice spacing is not known",
        expected: "give --d-spacing (Si(111): 3.1356 Ao), or --energy-unit")
    }
    values = values.map { value in
      let sine = Double.sin(value * degrees * Double.pi / 180)
      return sine > 0 ? EnergyAxis.hc / (2 * spacing * sine) : .nan
    }
    steps.append("E = hc/(2 d sin θ), d = \(spacing) Å")
  }

  // MARK: the absorption

  private struct Choice {
    var signal: SignalCandidate
    var values: [Double]
    var others: [SignalCandidate]
  }

  private func choose(
    _ candidates: SignalCandidates, _ columns: SignalColumns, _ energy: [Double],
    _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> Choice {
    let table = columns.table
    if let expression = options.mu {
      let values = try evaluate(expression, columns)
      try check(values, energy, expression.text)
      let mode = options.mode == .auto ? XASOptions.Mode.mu : options.mode
      return Choice(
        signal: SignalCandidate(mode: mode, expression: expression), values: values,
        others: candidates.all(.auto))
    }
    let all = candidates.all(options.mode)
    guard !all.isEmpty else {
      throw ReadFailure(
        "xas.no-signal",
        found: "no column of '\(table.name)' is known as the \(Self.words(options.mode))",
        expected: "name it with --mu; the columns are \(labels(table))")
    }
    var first: (Int, [Double])?
    var good: (Int, [Double], Double)?
    var failure: ReadFailure?
    var rivals: [Int] = []
    for (position, candidate) in all.prefix(8).enumerated() {
      let values: [Double]
      do {
        values = try evaluate(candidate.expression, columns)
        try check(values, energy, candidate.expression.text)
      } catch {
        failure = failure ?? error
        continue
      }
      if first == nil { first = (position, values) }
      // One way only: nothing to decide, the analysis itself tells whether there is an edge.
      if all.count == 1 { break }
      guard let quality = quality(energy, values) else { continue }
      if let (best, _, found) = good {
        if quality > found / 2, all[position].mode == all[best].mode, all[best].isLabelled,
          all[best].mode != .mu, all[position].rank == all[best].rank
        {
          rivals.append(position)
        }
      } else {
        good = (position, values, quality)
        if candidate.mode == .mu, candidate.isLabelled { break }
      }
    }
    guard let (position, values) = good.map({ ($0.0, $0.1) }) ?? first else {
      throw failure
        ?? ReadFailure(
          "xas.no-signal", found: "no column of '\(table.name)' gives an absorption",
          expected: "name it with --mu")
    }
    let chosen = all[position]
    if chosen.lacksRates {
      throw ReadFailure(
        "xas.dead-time",
        found:
          "no input and output count rates belong to \(chosen.expression.text) of '\(table.name)'",
        expected:
          "expected columns such as ICR and OCR, or the formula with --mu: {ROI}*{ICR}/{OCR}/{I0}")
    }
    if !chosen.isLabelled {
      diagnostics.warn(
        "xas.signal-ambiguous",
        found: "the labels of '\(table.name)' do not say what the absorption is",
        expected: "\(chosen.expression.text) was taken; --mu sets it")
    } else if !rivals.isEmpty {
      let texts = rivals.map { all[$0].expression.text }.joined(separator: ", ")
      diagnostics.warn(
        "xas.signal-ambiguous",
        found: "'\(table.name)' holds several signals of similar quality: "
          + "\(chosen.expression.text), \(texts)",
        expected: "the first was taken; --mu sets it")
    }
    return Choice(
      signal: chosen, values: values,
      others: all.indices.filter { $0 != position }.map { all[$0] })
  }

  private static func words(_ mode: XASOptions.Mode) -> String {
    switch mode {
    case .auto: "absorption"
    case .mu: "stored absorption"
    case .transmission: "transmitted intensity"
    case .fluorescence: "fluorescence yield"
    case .yield: "electron yield"
    case .reference: "intensity behind the reference"
    }
  }

  /// The step over the noise; nil without an edge or with ratios at or below zero.
  private func quality(_ energy: [Double], _ values: [Double]) -> Double? {
    let finite = values.count { $0.isFinite }
    let usable = zip(energy, values).count { $0.isFinite && $1.isFinite }
    guard usable >= 8, finite * 20 >= 19 * energy.count(where: { $0.isFinite }) else { return nil }
    let scan = AbsorptionScan(energy: energy, mu: values)
    let found = InterphaseConvention.normalise(
      scan, NormalisationChoices(), sensitivity: false, limits: { _ in [] })
    guard let result = found, result.hasEdge else { return nil }
    return result.spectrum.edgeStep.magnitude / max(result.noise, 1e-300)
  }

  private func check(
    _ values: [Double], _ energy: [Double], _ text: String
  ) throws(ReadFailure) {
    let usable = zip(energy, values).filter { $0.isFinite && $1.isFinite }.map { $1 }
    guard !usable.isEmpty else {
      throw ReadFailure(
        "xas.signal", found: "\(text) has no value in any row",
        expected: "expected positive intensities")
    }
    guard SignalColumns.varies(usable) else {
      throw ReadFailure(
        "xas.constant", found: "\(text) does not change over the scan",
        expected: "expected an absorption that rises at an edge")
    }
  }

  private func evaluate(
    _ expression: SignalExpression, _ columns: SignalColumns
  ) throws(ReadFailure) -> [Double] {
    var numbers: [SignalExpression.Reference: [Double]] = [:]
    for reference in expression.references {
      guard let place = place(reference, columns) else {
        throw ReadFailure(
          "xas.expression",
          found: "\(expression.text) names a column that '\(columns.table.name)' does not have",
          expected: "expected $1 to $\(columns.table.columns.count), or a label: "
            + labels(columns.table))
      }
      guard let values = columns.table.columns[place].real else {
        throw ReadFailure(
          "xas.expression", found: "\(expression.text) names a column of text",
          expected: "expected columns of numbers")
      }
      numbers[reference] = values
    }
    return expression.values(rows: columns.table.rows, numbers)
  }

  private func place(_ reference: SignalExpression.Reference, _ columns: SignalColumns) -> Int? {
    switch reference {
    case .place(let number): columns.table.columns.indices.contains(number - 1) ? number - 1 : nil
    case .label(let label): place(named: label, columns)
    }
  }

  /// A column by `$N`, label, canonical name, or label in any case.
  private func place(named name: String, _ columns: SignalColumns) -> Int? {
    let all = columns.table.columns
    if name.hasPrefix("$"), let number = Int(name.dropFirst()), all.indices.contains(number - 1) {
      return number - 1
    }
    return all.firstIndex { $0.label == name } ?? all.firstIndex { $0.name == name }
      ?? all.firstIndex { $0.label.lowercased() == name.lowercased() }
  }

  private func labels(_ table: Table) -> String {
    let shown = table.columns.prefix(20).map { $0.label.isEmpty ? $0.name : $0.label }
    return shown.joined(separator: ", ")
      + (table.columns.count > 20 ? " and \(table.columns.count - 20) more" : "")
  }

  // MARK: what the file says

  private func named() -> (element: String?, edge: String?) { metadataElement(dataset.metadata) }

  /// What a key of a header may name.
  private enum Naming { case element, edge }

  private static let kinds = LabelMemo<Naming?>()

  private static func kind(_ key: String) -> Naming? {
    switch key.lowercased() {
    case "element.symbol", "element/symbol", "element", "bkg_z", "absorber", "edge.element":
      .element
    case "element.edge", "edge/name", "edge", "fft_edge", "edge.name": .edge
    default: nil
    }
  }

  /// The absorber and edge that a header names.
  private func metadataElement(_ metadata: Metadata) -> (element: String?, edge: String?) {
    var element: String?
    var edge: String?
    for entry in metadata.entries {
      guard let kind = Self.kinds.value(entry.key, Self.kind), case .text(let text) = entry.value
      else { continue }
      let value = text.split(separator: " ").first.map(String.init) ?? ""
      switch kind {
      case .element where element == nil:
        let symbol = value.prefix(1).uppercased() + value.dropFirst().lowercased()
        if ChemicalElement.isSymbol(symbol) { element = symbol }
      case .edge where edge == nil:
        let upper = value.uppercased()
        if ["K", "L1", "L2", "L3", "M4", "M5"].contains(upper) { edge = upper }
      default: break
      }
    }
    return (element, edge)
  }

  /// The parameters of an Athena group.
  private static func stored(_ metadata: Metadata) -> SpectrumSource.Stored? {
    func number(_ key: String) -> Double? {
      metadata.text(key).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }
    guard metadata["bkg_e0"] != nil || metadata["bkg_eshift"] != nil else { return nil }
    var stored = SpectrumSource.Stored()
    stored.shift = number("bkg_eshift") ?? 0
    if let e0 = number("bkg_e0"), e0 > 0 {
      stored.choices.e0 = e0
      stored.hasParameters = true
    }
    func range(_ a: String, _ b: String) -> ClosedRange<Double>? {
      guard let a = number(a), let b = number(b), a != b else { return nil }
      return min(a, b)...max(a, b)
    }
    stored.choices.pre = range("bkg_pre1", "bkg_pre2")
    stored.choices.post = range("bkg_nor1", "bkg_nor2")
    let count = number("bkg_nnorm").flatMap { Int(exactly: $0) } ?? 3
    stored.choices.degree = max(0, min(5, count - 1))
    if number("bkg_fixstep") == 1, let step = number("bkg_step"), step > 0 {
      stored.choices.edgeStep = step
      stored.isStepFixed = true
    }
    return stored
  }
}

/// Shell-like patterns over names: `*` and `?`.
enum NamePattern {
  /// Whether the whole name fits the pattern.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let pattern = Array(pattern)
    let name = Array(name)
    var (p, n) = (0, 0)
    var star: (p: Int, n: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let back = star {
        p = back.p + 1
        n = back.n + 1
        star = (back.p, n)
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == "*" { p += 1 }
    return p == pattern.count
  }
}
