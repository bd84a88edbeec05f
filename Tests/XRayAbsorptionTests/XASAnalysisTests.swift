import FormatRegistry
import Foundation
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

/// Spectra from bytes to the tree of results.
@Suite struct XASAnalysisTests {
  static func analyze(
    _ path: String, _ settings: [(String, String)] = [], prefix: String = "x1."
  ) throws -> XASFileAnalysis {
    var options = XASOptions()
    for (name, text) in settings { try options.setOption(name: name, text: text) }
    let reading = InputReader().read(path: path)
    return try XASFileAnalysis(
      reading.outcome.get(), input: reading.identity, options: options, tracePrefix: prefix)
  }

  static func data(_ name: String) -> String { TestData.path("xas/" + name) }

  /// A made table: two columns without labels, an edge of arctangent shape at 1565 eV.
  static func table(
    _ columns: [(String, [Double])], metadata: [(String, String)] = [],
    technique: Technique = .xas
  ) -> Dataset {
    var table = Table(
      name: "scan",
      columns: columns.map { label, values in
        let name = ColumnNames.meaning(of: label)?.name ?? label
        return Column(name: name, label: label, values: .real(values), unit: .absent)
      })
    for (key, value) in metadata { table.metadata.append(key, value) }
    return Dataset(format: "made", technique: technique, tables: [table])
  }

  static let energies = (0..<250).map { 1530 + 0.5 * Double($0) }

  static func edge(_ e: Double, at e0: Double = 1565) -> Double {
    let x = (e - e0 - 2) / 1.2
    return 0.5 + atan(e - e0) / Double.pi + 0.8 / (1 + x * x) + 1e-3 * sin(37 * e)
  }

  static func run(
    _ dataset: Dataset, _ settings: [(String, String)] = []
  ) throws -> XASFileAnalysis {
    var options = XASOptions()
    for (name, text) in settings { try options.setOption(name: name, text: text) }
    return try XASFileAnalysis(
      dataset, input: InputIdentity(path: "made", bytes: 0, sha256: ""), options: options,
      tracePrefix: "x1.")
  }

  /// The generator of the sample puts the edge at 1566.5 eV.
  @Test func sampleOfTheRepository() throws {
    let file = try Self.analyze(Self.data("xdi/al_k_edge.xdi"))
    let spectrum = try #require(file.spectra.first)
    #expect(spectrum.element == "Al" && spectrum.edge == "K" && spectrum.elementSource == "file")
    #expect(spectrum.source.signal.expression.text == "{mutrans}")
    let e0 = try #require(spectrum.e0)
    let u = try #require(spectrum.e0U)
    #expect((e0 - 1566.5).magnitude < 0.1 && u > 0 && u < 0.05)
    let result = try #require(file.result["spectra"]?[0])
    for key in [
      "name", "mode", "mu_expression", "energy_column", "candidates", "element", "edge",
      "element_source", "points", "points_used", "non_finite", "backward_steps",
      "repeated_energies", "energy_first", "energy_last", "energy_step", "convention", "e0",
      "e0_grid", "edge_step", "edge_step_sensitivity", "noise", "pre_edge", "post_edge",
      "norm_mean", "flat_mean", "peak", "calibration", "shift",
    ] {
      #expect(result[key] != nil, "\(key)")
    }
    #expect(result["arrays"] == nil)
    let edge = result["calibration"]?["edge_table"]?["value"]?.quantity?.value
    #expect(edge == 1559.6)
  }

  /// Every quantity leads to a step, and every step to bytes of the file.
  @Test func numbersLeadToBytes() throws {
    let file = try Self.analyze(Self.data("xdi/al_k_edge.xdi"))
    let result = try #require(file.result["spectra"]?[0])
    for key in ["e0", "edge_step"] {
      var open = [try #require(result[key]?.quantity?.trace)]
      var files: Set<String> = []
      while let id = open.popLast() {
        let step = try #require(file.trace[id])
        if let source = step.source, !source.bytes.isEmpty { files.insert(source.file) }
        open += step.inputs
      }
      #expect(files.count == 1, "\(key)")
    }
  }

  @Test func choiceOfTheSignal() throws {
    let e = Self.energies
    let mu = e.map { Self.edge($0) }
    let flatLine = e.map { 2 + 1e-3 * sin(91 * $0) }
    let i0 = e.map { _ in 1000.0 }
    let behind = mu.map { 1000 * exp(-$0) }
    let counts = mu.map { 500 * $0 }
    func text(_ columns: [(String, [Double])], _ settings: [(String, String)] = []) throws -> String
    {
      let file = try Self.run(Self.table(columns), settings)
      return try #require(file.spectra.first).source.signal.expression.text
    }
    #expect(try text([("energy", e), ("i0", i0), ("itrans", behind)]) == "ln({i0}/{itrans})")
    #expect(try text([("energy", e), ("i0", i0), ("ifluor", counts)]) == "{ifluor}/{i0}")
    // A stored absorption stands before intensities, and falls back without an edge.
    let all = [("energy", e), ("xmu", mu), ("i0", i0), ("itrans", behind)]
    #expect(try text(all) == "{xmu}")
    let empty = [("energy", e), ("xmu", flatLine), ("i0", i0), ("itrans", behind)]
    #expect(try text(empty) == "ln({i0}/{itrans})")
    // Negative intensities have no logarithm.
    let dark = [("energy", e), ("i0", i0), ("itrans", behind.map { -$0 }), ("TEY", counts)]
    #expect(try text(dark) == "{TEY}/{i0}")
    // Elements of one detector are summed, and the line of the absorber is taken.
    #expect(
      try text([("energy", e), ("I0", i0), ("ROI1", counts), ("ROI2", counts)])
        == "({ROI1} + {ROI2})/{I0}")
    #expect(
      try text([("energy", e), ("I0", i0), ("MgKa_sum", flatLine), ("AlKa_sum", counts)])
        == "{AlKa_sum}/{I0}")
    #expect(try text(all, [("mode", "transmission")]) == "ln({i0}/{itrans})")
    #expect(try text(all, [("mu", "$2*2")]) == "$2*2")
    // Two columns without a word about them.
    #expect(try text([("a", e), ("b", mu)]) == "{b}")
    // The setpoint comes behind what was reached.
    let two = try Self.run(
      Self.table([("energy_requested", e), ("energy_achieved", e), ("mu", mu)]))
    #expect(two.spectra.first?.source.energyLabel == "energy_achieved")
  }

  @Test func axesInOtherUnits() throws {
    let e = Self.energies
    let mu = e.map { Self.edge($0) }
    let kilo = try Self.run(Self.table([("energy", e.map { $0 / 1000 }), ("mu", mu)]))
    #expect((kilo.spectra[0].e0 ?? 0) > 1560 && (kilo.spectra[0].e0 ?? 0) < 1570)
    #expect(kilo.diagnostics.contains { $0.code == "xas.axis-guessed" })
    // θ = asin(hc / 2dE), d of Si(111) 3.13556 Å.
    let angle = e.map { asin(12398.419843320026 / (2 * 3.13556 * $0 * 2)) * 180 / Double.pi }
    let doubled = Self.table([("theta", angle), ("mu", mu)])
    let found = try Self.run(doubled, [("d-spacing", "3.13556"), ("energy-unit", "deg")])
    #expect(((found.spectra[0].e0 ?? 0) / 2 - (kilo.spectra[0].e0 ?? 0)).magnitude < 0.5)
    #expect(throws: ReadFailure.self) { try Self.run(doubled) }
  }

  @Test func whatIsRefused() throws {
    let e = Self.energies
    let mu = e.map { Self.edge($0) }
    func code(_ columns: [(String, [Double])], _ settings: [(String, String)] = []) -> String {
      do {
        _ = try Self.run(Self.table(columns), settings)
        return "no failure"
      } catch let failure as ReadFailure {
        return failure.diagnostic.code
      } catch {
        return "\(error)"
      }
    }
    #expect(code([("energy", e), ("mu", e.map { _ in 1 })]) == "xas.constant")
    #expect(code([("energy", e.map { _ in 1 }), ("mu", mu)]) == "xas.constant")
    #expect(code([("wave_number", e), ("chi", mu)]) == "xas.no-energy")
    #expect(code([("k", e), ("chi", mu)]) == "xas.no-energy")
    #expect(code([("energy", e), ("mu", mu)], [("mu", "$9")]) == "xas.expression")
    #expect(code([("energy", e), ("mu", mu)], [("mu", "{nothing}")]) == "xas.expression")
    #expect(code([("energy", e), ("mu", mu)], [("energy", "nothing")]) == "xas.column")
    #expect(code([("energy", e), ("mu", mu)], [("select", "x*")]) == "xas.select")
    #expect(code([("energy", []), ("mu", [])]) == "xas.no-energy")
    #expect(code([("energy", e)]) == "xas.no-signal")
    #expect(code([("energy", e), ("mu", e.map { _ in .nan })]) == "xas.signal")
  }

  @Test func whatIsWarnedAbout() throws {
    let e = Self.energies
    var mu = e.map { Self.edge($0) }
    func codes(_ dataset: Dataset, _ settings: [(String, String)] = []) throws -> [String] {
      try Self.run(dataset, settings).diagnostics.map(\.code)
    }
    let noise = Self.table([("energy", e), ("mu", e.map { 1 + 0.01 * sin(7919 * $0) })])
    let empty = try Self.run(noise)
    #expect(empty.diagnostics.contains { $0.code == "xas.no-edge" })
    #expect(empty.spectra[0].curves == nil && empty.spectra[0].peak == nil)
    // The edge of silicon where aluminium was named.
    #expect(
      try codes(Self.table([("energy", e), ("mu", mu)]), [("element", "Si")])
        .contains("xas.other-edge"))
    mu[7] = .nan
    var order = e
    order.swapAt(40, 41)
    let odd = try Self.run(Self.table([("energy", order), ("mu", mu)]))
    #expect(odd.spectra[0].scan.nonFinite == 1 && odd.spectra[0].scan.backwardSteps == 1)
    #expect(odd.diagnostics.contains { $0.code == "xas.non-finite" })
    // An aborted scan: the last rows are missing.
    let cut = Self.table([
      ("energy", Array(e.prefix(80))), ("mu", e.prefix(80).map { Self.edge($0) }),
    ])
    let aborted = try Self.run(cut)
    #expect(aborted.diagnostics.contains { $0.code == "xas.aborted" })
    #expect(aborted.spectra[0].curves == nil)
  }

  @Test func otherScalings() throws {
    let e = Self.energies
    let dataset = Self.table([("energy", e), ("mu", e.map { 7 * Self.edge($0) })])
    let area = try Self.run(dataset, [("normalise", "area")]).spectra[0]
    let window = try #require(area.peak).window
    let inside = area.energy.indices.filter { window.contains(area.energy[$0]) }
    let sum = zip(inside, inside.dropFirst()).reduce(0) {
      $0 + (area.energy[$1.1] - area.energy[$1.0]) * (area.norm[$1.0] + area.norm[$1.1]) / 2
    }
    #expect((sum - 1).magnitude < 1e-12)
    let top = try Self.run(dataset, [("normalise", "max")]).spectra[0]
    #expect((inside.map { top.norm[$0] }.max() ?? 0) == 1)
    let none = try Self.run(dataset, [("normalise", "none")]).spectra[0]
    #expect(none.norm == none.curves?.scan.mu)
    // A normalised column stays as it is without being asked.
    let norm = Self.table([("energy", e), ("munorm", e.map { Self.edge($0) })])
    let kept = try Self.run(norm).spectra[0]
    #expect(kept.scaling == .none && kept.norm == norm.tables[0].columns[1].real)
    let larch = try Self.run(norm, [("convention", "larch")]).spectra[0]
    #expect(larch.scaling == .edgeStep)
  }

  @Test func shiftsAndCalibration() throws {
    let e = Self.energies
    func file(_ name: String, _ shift: Double, _ options: XASOptions) throws -> XASBatch.File {
      let dataset = Self.table([("energy", e), ("mu", e.map { Self.edge($0 - shift) })])
      return XASBatch.File(
        file: name,
        analysis: try XASFileAnalysis(
          dataset, input: InputIdentity(path: name, bytes: 0, sha256: ""), options: options,
          tracePrefix: name + "."))
    }
    var options = XASOptions()
    var batch = XASBatch(
      [try file("a", 0, options), try file("b", -0.3, options)], options: options)
    let summary = try batch.compare(failed: 0) { _ in false }
    #expect(batch.files[0].analysis.spectra[0].shift == nil)
    let shift = try #require(batch.files[1].analysis.spectra[0].shift)
    #expect((shift.shift + 0.3).magnitude < 4 * shift.u + 0.002 && shift.u < 0.02)
    #expect(summary.summary["reference"] == .text("a") && summary.figures.count == 1)
    let listed = summary.summary["shifts"]?[0]?["value"]?.quantity
    #expect(listed?.value == shift.shift && listed?.u == shift.u)
    // The step of the shift stands on the columns of both files.
    let trace = try #require(listed?.trace)
    let graph = batch.files[1].analysis.trace
    #expect(graph[trace]?.inputs.contains { $0.text.hasPrefix("a.") } == true)

    try options.setOption(name: "reference", text: "b")
    try options.setOption(name: "calibrate", text: "1560")
    batch = XASBatch([try file("a", 0, options), try file("b", -0.3, options)], options: options)
    _ = try batch.compare(failed: 0) { _ in false }
    let calibrated = batch.files[1].analysis.spectra[0]
    #expect(((calibrated.e0 ?? 0) - 1560).magnitude < 1e-6)
    #expect(calibrated.calibration.method == .calibrate)
    #expect(calibrated.calibration.reference == "b")
    let other = try #require(batch.files[0].analysis.spectra[0].shift)
    #expect((other.shift - 0.3).magnitude < 4 * other.u + 0.002)

    try options.setOption(name: "reference", text: "#nothing")
    batch = XASBatch([try file("a", 0, options)], options: options)
    #expect(throws: ReadFailure.self) { try batch.compare(failed: 0) { _ in false } }
  }

  @Test func projectsWithStoredParameters() throws {
    let path = Self.data("athena/three_groups.prj")
    let plain = try Self.analyze(path)
    #expect(plain.spectra.count >= 2)
    let stored = try Self.analyze(path, [("convention", "athena")])
    #expect(stored.spectra.count == plain.spectra.count)
    let first = try #require(stored.spectra.first { $0.source.stored?.choices.e0 != nil })
    #expect(first.e0 == first.source.stored?.choices.e0)
    let chosen = try Self.analyze(path, [("select", first.name)])
    #expect(chosen.spectra.map(\.name) == [first.name])
  }
}

/// The reference numbers of the design page, section 5, from the files themselves.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct XASReferenceTests {
  @Test func phoenix() throws {
    let path = Corpus.path("xas/al_k/SLS_PHOENIX_2023.dat")
    let larch = try XASAnalysisTests.analyze(path, [("convention", "larch"), ("mu", "$3/$4")])
    let a = try #require(larch.spectra.first)
    #expect(a.scan.count == 301 && a.scan.backwardSteps == 1)
    #expect(((a.e0 ?? 0) - 1565.400439).magnitude < 1e-5)
    #expect(((a.curves?.edgeStep ?? 0) / 586545.365 - 1).magnitude < 1e-6)
    #expect(a.curves?.preEdge.from == -80 && a.curves?.preEdge.to == -40)
    #expect(a.curves?.postEdge.from == 25 && a.curves?.postEdge.degree == 1)
    #expect(((a.curves?.postEdge.to ?? 0) - 274.664444).magnitude < 1e-5)
    for (estimator, wanted) in [
      (WhiteLine.Estimator.parabola, 1570.926239), (.quadratic, 1570.730223),
      (.centroid80, 1570.636767), (.halfRise, 1564.811551), (.area, 21.84286),
    ] {
      let found = a.peak?.estimates[estimator]?.value ?? 0
      #expect((found - wanted).magnitude < 1e-4, "\(estimator)")
    }
    let expert = try XASAnalysisTests.analyze(
      path,
      [
        ("convention", "larch"), ("mu", "$3/$4"), ("pre", "-75:-20"), ("norm", "30:240"),
        ("degree", "1"),
      ])
    #expect(((expert.spectra.first?.curves?.edgeStep ?? 0) / 589767.0934 - 1).magnitude < 1e-7)
    // Nothing but the file: the sum of the aluminium line is found by its labels.
    let own = try XASAnalysisTests.analyze(path)
    let b = try #require(own.spectra.first)
    #expect(b.source.signal.expression.text == "{AlKa_sum_cps_c3}/{I0_KEITHLEY1_c4}")
    #expect(((b.e0 ?? 0) - 1565.36).magnitude < 0.05 && ((b.e0U ?? 0) - 0.02).magnitude < 0.01)
    #expect(((b.curves?.edgeStep ?? 0) / 6.01e5 - 1).magnitude < 0.03)
    #expect(((b.normMean ?? 0) - 1.06).magnitude < 0.03)
    #expect(((b.flatMean ?? 0) - 1).magnitude < 0.03)
    #expect(own.diagnostics.contains { $0.code == "xas.next-edge" })
    #expect(b.element == "Al" && b.edge == "K")
  }

  @Test func copperAndGypsum() throws {
    for (name, e0, step) in [
      ("columns/cu_rt01.xmu", 8980.56, 2.83), ("xdi_S_K/gypsum_rt_01.xdi", 2480.656, 0.00287),
    ] {
      let file = try XASAnalysisTests.analyze(Corpus.path("xas/" + name))
      let a = try #require(file.spectra.first)
      #expect(((a.e0 ?? 0) - e0).magnitude < 0.05, "\(name)")
      #expect(((a.curves?.edgeStep ?? 0) / step - 1).magnitude < 0.03, "\(name)")
    }
  }

  @Test func gypsumShifts() throws {
    let wanted = [
      (-0.007, 0.005), (-0.002, 0.004), (-0.044, 0.016), (-0.035, 0.014), (-0.036, 0.014),
    ]
    var options = XASOptions()
    try options.setOption(name: "convention", text: "larch")
    let files = try (1...6).map { n in
      let path = Corpus.path("xas/xdi_S_K/gypsum_rt_0\(n).xdi")
      return XASBatch.File(
        file: path,
        analysis: try XASAnalysisTests.analyze(
          path, [("convention", "larch"), ("mu", "$2/$3")], prefix: "x\(n)."))
    }
    var batch = XASBatch(files, options: options)
    _ = try batch.compare(failed: 0) { _ in false }
    for (n, (value, u)) in wanted.enumerated() {
      let shift = try #require(batch.files[n + 1].analysis.spectra.first?.shift)
      #expect((shift.shift - value).magnitude < 0.002, "gypsum \(n + 2)")
      #expect((shift.u / u - 1).magnitude < 0.25, "gypsum \(n + 2)")
      #expect(batch.files[n + 1].analysis.diagnostics.contains { $0.code == "xas.shape-differs" })
    }
  }

  /// The larch convention of the command against the arrays of larch, on every file that has them.
  @Test func larchConvention() throws {
    var compared = 0
    for peer in try LarchCorpusTests.peers() {
      let path = Corpus.path("xas/" + peer.name)
      guard let file = try? XASAnalysisTests.analyze(path, [("convention", "larch")]),
        let a = file.spectra.first, let curves = a.curves, curves.norm.count == peer.norm.count,
        // Where a file holds mu beside the intensities, the peer took the other one: equal to its last digits.
        zip(curves.scan.mu, peer.mu).allSatisfy({
          ($0 - $1).magnitude < 1e-7 * max(1, $1.magnitude)
        })
      else { continue }
      compared += 1
      let e0 = (a.e0 ?? 0) - peer.e0
      #expect(e0.magnitude < 1e-5, "\(peer.name)")
      let worst = zip(a.norm, peer.norm).map { ($0 - $1).magnitude / max(1, $1.magnitude) }.max()
      #expect((worst ?? 1) < 1e-6, "\(peer.name)")
    }
    print("larch: \(compared) files through the command")
    #expect(compared > 30)
  }
}
