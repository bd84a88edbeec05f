internal import NumericalMethods
public import Tables
internal import Units

/// What a batch of spectra says together: shifts against the reference, and statistics by edge.
public struct XASSummary: Sendable {
  /// `{"spectra", "failed", "reference", "e0", "peak", "shifts", "merge", "outliers"}`.
  public var summary: ResultObject
  /// The spectra over one another.
  public var figures: [Figure]
}

/// The spectra of several files, compared with one reference.
public struct XASBatch: Sendable {
  /// A file with the path to print.
  public struct File: Sendable {
    /// The path to print.
    public var file: String
    /// Its analysis.
    public var analysis: XASFileAnalysis

    /// A file of a batch.
    public init(file: String, analysis: XASFileAnalysis) {
      self.file = file
      self.analysis = analysis
    }
  }

  /// The place of a spectrum in a batch.
  private struct Place: Hashable {
    /// The position of the file; −1, −2 … for those that are no part of the batch.
    var file: Int
    var spectrum: Int
  }

  /// An absorber and its edge.
  private struct Edge: Hashable {
    var element: String?, edge: String?

    init(_ spectrum: SpectrumAnalysis) {
      element = spectrum.element
      edge = spectrum.edge
    }
  }

  /// The files in their order.
  public var files: [File]
  /// Files that are only compared with, such as a reference from another folder.
  public var outside: [File]
  /// The options.
  public var options: XASOptions
  private var reference: Place?
  private var standards: [Place] = []
  /// References that were smoothed already; nil where one has too few points.
  private var smoothed: [Place: SpectrumShift.Reference?] = [:]
  /// The first normalised spectrum of each edge.
  private var firstOfEdge: [Edge: Place] = [:]
  private var merged: ResultValue = .null
  private var outliers: [String] = []
  private var mergedFigure: Figure?

  /// A batch of analyzed files.
  ///
  /// - Parameter outside: files of `--reference` and `--standard` that are none of the files.
  public init(_ files: [File], outside: [File] = [], options: XASOptions) {
    self.files = files
    self.outside = outside
    self.options = options
  }

  /// The file and the spectrum that a reference names; nil for the file means any of the batch.
  ///
  /// `isFile` tells whether a path exists, so that a `#` in a name does no harm.
  public static func parts(
    of reference: String, isFile: (String) -> Bool
  ) -> (file: String?, spectrum: String?) {
    if reference.hasPrefix("#") { return (nil, String(reference.dropFirst())) }
    if isFile(reference) { return (reference, nil) }
    guard let hash = reference.lastIndex(of: "#") else { return (reference, nil) }
    return (String(reference[..<hash]), String(reference[reference.index(after: hash)...]))
  }

  // MARK: the reference

  private func file(_ place: Place) -> File? {
    let list = place.file < 0 ? outside : files
    let position = place.file < 0 ? -1 - place.file : place.file
    return list.indices.contains(position) ? list[position] : nil
  }

  private subscript(_ place: Place) -> SpectrumAnalysis? {
    guard let file = file(place),
      file.analysis.spectra.indices.contains(place.spectrum)
    else { return nil }
    return file.analysis.spectra[place.spectrum]
  }

  private func name(_ place: Place) -> String {
    guard let file = file(place)
    else { return "" }
    let spectra = file.analysis.spectra
    guard spectra.count > 1, spectra.indices.contains(place.spectrum) else { return file.file }
    return "\(file.file)#\(spectra[place.spectrum].name)"
  }

  /// Finds the spectrum that `--reference` names.
  ///
  /// - Throws: `xas.reference` where there is none.
  private func named(
    _ text: String, isFile: (String) -> Bool
  ) throws(ReadFailure) -> Place {
    let (file, spectrum) = Self.parts(of: text, isFile: isFile)
    var places: [Place] = []
    if let file, let n = outside.firstIndex(where: { $0.file == file }) {
      places = outside[n].analysis.spectra.indices.map { Place(file: -1 - n, spectrum: $0) }
    } else {
      for (n, candidate) in files.enumerated()
      where file == nil || candidate.file == file || candidate.analysis.input.path == file {
        places += candidate.analysis.spectra.indices.map { Place(file: n, spectrum: $0) }
      }
    }
    if let spectrum {
      places = places.filter { place in self[place].map { $0.name == spectrum } ?? false }
    }
    guard let first = places.first else {
      throw ReadFailure(
        "xas.reference", found: "no spectrum is called '\(text)'",
        expected: "expected FILE, FILE#SPECTRUM or #SPECTRUM of a file that can be analyzed")
    }
    // Of several the first that was normalised.
    return places.first { place in self[place].map { !$0.norm.isEmpty } ?? false } ?? first
  }

  // MARK: comparison

  /// Calibrates, fits the shifts and writes what all spectra say together.
  ///
  /// - Parameters:
  ///   - failed: how many files could not be analyzed.
  ///   - isFile: whether a path exists.
  /// - Throws: `xas.reference` where the reference that was asked for is not there.
  public mutating func compare(
    failed: Int, isFile: (String) -> Bool
  ) throws(ReadFailure) -> XASSummary {
    if let text = options.reference { reference = try named(text, isFile: isFile) }
    standards = []
    for text in options.standards { standards.append(try named(text, isFile: isFile)) }
    if let target = options.calibrate { calibrate(to: target) }
    firstOfEdge = [:]
    for place in places() {
      guard let spectrum = self[place], !spectrum.norm.isEmpty else { continue }
      let edge = Edge(spectrum)
      if firstOfEdge[edge] == nil { firstOfEdge[edge] = place }
    }
    for place in places() { fitShift(place) }
    if !standards.isEmpty { for place in places() { fitMixture(place) } }
    if let merging = options.merge { merge(merging) }
    return XASSummary(
      summary: summary(failed: failed), figures: overlays() + [mergedFigure].compactMap { $0 })
  }

  private func places() -> [Place] {
    files.indices.flatMap { n in
      files[n].analysis.spectra.indices.map { Place(file: n, spectrum: $0) }
    }
  }

  /// Moves all energies so that the reference's e0 is the target.
  private mutating func calibrate(to target: Double) {
    let place =
      reference ?? places().first { place in self[place].map { $0.e0 != nil } ?? false }
    guard let place, let e0 = self[place]?.e0 else {
      for n in files.indices {
        files[n].analysis.diagnostics.append(
          Diagnostic(
            .warning, "xas.not-calibrated", found: "no spectrum of the batch has an edge",
            expected: "the energies are the file's"))
      }
      return
    }
    let label = name(place)
    for n in files.indices { files[n].analysis.calibrate(by: target - e0, label, target) }
    for n in outside.indices { outside[n].analysis.calibrate(by: target - e0, label, target) }
  }

  /// The reference of a spectrum: the named one, else the first of the same edge.
  private func reference(of place: Place) -> Place? {
    guard let own = self[place] else { return nil }
    if let reference {
      guard let other = self[reference] else { return nil }
      let differ = own.element != nil && other.element != nil && own.element != other.element
      return differ ? nil : reference
    }
    return firstOfEdge[Edge(own)]
  }

  private mutating func fitShift(_ place: Place) {
    guard let spectrum = self[place], !spectrum.norm.isEmpty,
      let other = reference(of: place), other != place, let base = self[other], let e0 = base.e0
    else { return }
    let window =
      options.shiftWindow.flatMap { $0.range(e0) } ?? (e0 - 10)...(e0 + 20)
    var changed = spectrum
    let label = name(other)
    let at = Tables.Place.entry(spectrum.name)
    let own = spectrum.energy.points(in: window).count
    let common = base.energy.points(in: window).count
    guard own >= 10, common >= 10 else {
      add(
        Diagnostic(
          options.reference == nil ? .warning : .error, "xas.overlap", at: at,
          found: "\(min(own, common)) points of '\(spectrum.name)' and of its reference \(label) "
            + "lie in \(XASText.rounded(window.lowerBound, 2))…"
            + "\(XASText.rounded(window.upperBound, 2)) eV",
          expected: "expected 10 or more; no shift is given"), to: place)
      return
    }
    if smoothed[other] == nil {
      smoothed[other] = .some(
        SpectrumShift.Reference(energy: base.energy, norm: base.norm, window: window))
    }
    guard let ready = smoothed[other] ?? nil,
      let shift = SpectrumShift(energy: spectrum.energy, spectrum.norm, reference: ready)
    else {
      add(
        Diagnostic(
          .warning, "xas.no-shift", at: at,
          found: "no shift of '\(spectrum.name)' against \(label) fits",
          expected: "expected curves of one shape"), to: place)
      return
    }
    if shift.shapesDiffer {
      add(
        Diagnostic(
          .warning, "xas.shape-differs", at: at,
          found:
            "'\(spectrum.name)' and its reference \(label) differ by more than noise and shift: "
            + "reduced χ² \(XASText.rounded(shift.reducedChiSquare, 1))",
          expected: "the uncertainty of the shift is widened"), to: place)
    }
    changed.shift = shift
    changed.shiftReference = label
    changed.e0Difference = spectrum.e0.map {
      WhiteLine.Estimate(value: $0 - e0, u: Self.combined(spectrum.e0U, base.e0U))
    }
    if let peak = spectrum.peak, let line = base.peak,
      let a = peak.estimates[line.best], let b = line.estimates[line.best]
    {
      changed.peakDifference = .init(value: a.value - b.value, u: Self.combined(a.u, b.u))
    }
    files[place.file].analysis.take(changed, at: place.spectrum, reference: base)
  }

  private static func combined(_ a: Double?, _ b: Double?) -> Double? {
    guard let a, let b else { return nil }
    return (a * a + b * b).squareRoot()
  }

  private mutating func add(_ diagnostic: Diagnostic, to place: Place) {
    files[place.file].analysis.diagnostics.append(diagnostic)
  }

  // MARK: standards and repeats

  /// Fits a spectrum by the standards.
  private mutating func fitMixture(_ place: Place) {
    guard !standards.contains(place), let spectrum = self[place], let e0 = spectrum.e0,
      !spectrum.norm.isEmpty
    else { return }
    let at = Tables.Place.entry(spectrum.name)
    let window = options.mixtureWindow.map { $0.range(e0) } ?? (e0 - 20)...(e0 + 30)
    let parts = standards.compactMap { place in
      self[place].map { (name(place), $0) }
    }.filter { !$0.1.norm.isEmpty }
    guard let window, parts.count == standards.count else {
      add(
        Diagnostic(
          .error, "xas.lcf-standards", at: at,
          found: parts.count < standards.count
            ? "\(standards.count - parts.count) of the standards were not normalised"
            : "the window of the combination is empty",
          expected: "expected normalised standards and a window A:B"), to: place)
      return
    }
    var list = DiagnosticList()
    var changed = spectrum
    do {
      changed.mixture = try LinearCombination(
        .init(name: spectrum.name, energy: spectrum.energy, values: spectrum.norm),
        standards: parts.map { .init(name: $0.0, energy: $0.1.energy, values: $0.1.norm) },
        window: window, sumsToOne: options.sumToOne, nonNegative: options.nonNegative, place: at,
        diagnostics: &list)
    } catch {
      list.add(error.diagnostic)
    }
    for diagnostic in list.all { add(diagnostic, to: place) }
    files[place.file].analysis.take(changed, at: place.spectrum, standards: parts.map(\.1))
  }

  /// Merges the spectra of the first edge; every one that was found counts.
  private mutating func merge(_ merging: XASOptions.Merging) {
    let all = places().filter { place in self[place].map { $0.e0 != nil } ?? false }
    guard let first = all.first, let base = self[first] else { return }
    let chosen = all.filter { place in
      self[place].map { $0.element == base.element && $0.edge == base.edge } ?? false
    }
    let spectra = chosen.compactMap { self[$0] }
    let shifts =
      options.align
      ? zip(chosen, spectra).map { place, spectrum in
        place == reference ? 0 : spectrum.shift.map { -$0.shift } ?? 0
      } : []
    var list = DiagnosticList()
    do {
      let result = try SpectrumMerge(
        names: chosen.map { name($0) }, spectra.map(\.scan),
        method: merging == .mean ? .mean : .weighted, shifts: shifts, diagnostics: &list)
      outliers = result.inputs.filter { $0.isOutlier }.map(\.name)
      describe(result, like: base, &list)
    } catch {
      list.add(error.diagnostic)
    }
    for diagnostic in list.all { add(diagnostic, to: first) }
  }

  /// Analyzes the merged spectrum as one of its inputs.
  private mutating func describe(
    _ result: SpectrumMerge, like base: SpectrumAnalysis, _ list: inout DiagnosticList
  ) {
    var source = base.source
    source.name = "merged"
    source.energy = result.scan.energy
    source.mu = result.scan.mu
    source.stored = nil
    source.referenceMu = nil
    var options = options
    options.energyShift = nil
    options.rebin = false
    options.blankScan = nil
    options.alpha = nil
    let analysis = SpectrumAnalysis(source, options: options, diagnostics: &list)
    options.arrays = true
    let tree = XASResult(a: analysis, options: options).value()
    var o = ResultObject()
    o["method"] = .text(result.method.rawValue)
    o["inputs"] = .list(
      result.inputs.map { input in
        .fields([
          "spectrum": .text(input.name),
          "shift": .quantity(XASUnit.quantity(input.shift, "eV")),
          "weight": .number(input.weight),
          "z_score": input.zScore.map { .number($0) } ?? .null,
        ])
      })
    o["points"] = .integer(result.scan.count)
    for key in ["e0", "edge_step", "peak"] { o[key] = tree[key] ?? .null }
    if case .object(var arrays)? = tree["arrays"] {
      arrays["standard_error"] = .list(result.standardError.map { .number($0) })
      o["arrays"] = .object(arrays)
    }
    merged = .object(o)
    let x = result.scan.energy
    mergedFigure = Figure(
      id: "merged", title: "Merged spectrum",
      caption: "Mean of \(result.inputs.count) spectra (\(result.method.rawValue)) with the "
        + "standard error of each point.",
      xAxis: .init("photon energy", unit: "eV"), yAxis: .init("absorption", unit: "1"),
      series: [
        .init(
          "standard error", .band, x: x,
          y: zip(result.scan.mu, result.standardError).map { $0 - $1 },
          u: zip(result.scan.mu, result.standardError).map { $0 + $1 }),
        .init("merged", .line, x: x, y: result.scan.mu),
      ])
  }

  // MARK: summary

  private func summary(failed: Int) -> ResultObject {
    var o = ResultObject()
    let all = places().compactMap { place in self[place].map { (place, $0) } }
    o["spectra"] = .integer(all.count)
    o["failed"] = .integer(failed)
    let used = reference ?? all.compactMap { reference(of: $0.0) }.first
    o["reference"] = used.map { .text(name($0)) } ?? .null
    var groups: [(element: String?, edge: String?, spectra: [SpectrumAnalysis])] = []
    for (_, spectrum) in all where spectrum.e0 != nil {
      if let n = groups.firstIndex(where: {
        $0.element == spectrum.element && $0.edge == spectrum.edge
      }) {
        groups[n].spectra.append(spectrum)
      } else {
        groups.append((spectrum.element, spectrum.edge, [spectrum]))
      }
    }
    func statistics(_ value: (SpectrumAnalysis) -> Double?) -> ResultValue {
      .list(
        groups.map { group in
          let values = group.spectra.compactMap(value)
          var fields = ResultObject()
          fields["element"] = group.element.map { .text($0) } ?? .null
          fields["edge"] = group.edge.map { .text($0) } ?? .null
          fields["mean"] =
            mean(values).map { .quantity(XASUnit.quantity($0, "eV")) } ?? .null
          fields["standard_deviation"] =
            values.count > 1
            ? standardDeviation(values).map { .quantity(XASUnit.quantity($0, "eV")) } ?? .null
            : .null
          fields["n"] = .integer(values.count)
          return .object(fields)
        })
    }
    o["e0"] = statistics { $0.e0 }
    o["peak"] = statistics { spectrum in
      spectrum.peak.flatMap { $0.estimates[$0.best]?.value }
    }
    o["shifts"] = .list(
      all.compactMap { place, spectrum in
        spectrum.shift.map { shift in
          .fields([
            "spectrum": .text(name(place)),
            "value": .quantity(
              XASUnit.quantity(
                shift.shift, "eV", u: shift.u, trace: spectrum.steps["shift"])),
            "reference": spectrum.shiftReference.map { .text($0) } ?? .null,
          ])
        }
      })
    o["merge"] = merged
    o["outliers"] = .list(outliers.map { .text($0) })
    return o
  }

  /// The normalised curves of each edge over one another, at most twelve of them.
  private func overlays() -> [Figure] {
    let all = places().filter { place in self[place].map { !$0.norm.isEmpty } ?? false }
    guard all.count > 1 else { return [] }
    var edges: [String] = []
    var members: [String: [Place]] = [:]
    for place in all {
      guard let spectrum = self[place] else { continue }
      let key = [spectrum.element, spectrum.edge].compactMap { $0 }.joined(separator: " ")
      if members[key] == nil { edges.append(key) }
      members[key, default: []].append(place)
    }
    return edges.compactMap { key -> Figure? in
      let group = (members[key] ?? []).prefix(12)
      guard group.count > 1 else { return nil }
      let series = group.compactMap { place -> Figure.Series? in
        guard let spectrum = self[place], let e0 = spectrum.e0 else { return nil }
        let first = spectrum.energy.partition { $0 > e0 - 30 }
        let inside = first..<max(first, spectrum.energy.partition { $0 >= e0 + 100 })
        return Figure.Series(
          String(name(place).split(separator: "/").last ?? ""), .line,
          x: Array(spectrum.energy[inside]), y: Array(spectrum.norm[inside]))
      }
      let slug = key.lowercased().map { $0 == " " ? "-" : String($0) }.joined()
      return Figure(
        id: slug.isEmpty ? "overlay" : "overlay-\(slug)",
        title: key.isEmpty ? "Spectra together" : "\(key) spectra together",
        caption: "Normalised absorption of "
          + (group.count < (members[key] ?? []).count
            ? "the first \(group.count) of \((members[key] ?? []).count)" : "\(group.count)")
          + " spectra, 30 eV below to 100 eV above the edge.",
        xAxis: .init("photon energy", unit: "eV"),
        yAxis: .init("normalised absorption", unit: "1"), series: series)
    }
  }
}

extension XASFileAnalysis {
  /// Moves all energies as a calibration says, and keeps what it was compared with.
  mutating func calibrate(by shift: Double, _ reference: String, _ energy: Double) {
    move(by: shift)
    for n in spectra.indices {
      spectra[n].calibration.method = .calibrate
      spectra[n].calibration.reference = reference
      spectra[n].calibration.referenceEnergy = energy
    }
  }

  /// Takes over a spectrum that was compared with its reference.
  mutating func take(
    _ spectrum: SpectrumAnalysis, at position: Int, reference: SpectrumAnalysis
  ) {
    guard spectra.indices.contains(position) else { return }
    var spectrum = spectrum
    builder.addShift(&spectrum, reference: reference)
    spectra[position] = spectrum
  }

  /// Takes over a spectrum that was fitted by standards.
  mutating func take(
    _ spectrum: SpectrumAnalysis, at position: Int, standards: [SpectrumAnalysis]
  ) {
    guard spectra.indices.contains(position) else { return }
    var spectrum = spectrum
    builder.addMixture(&spectrum, standards: standards)
    spectra[position] = spectrum
  }
}
