internal import IonBeamAnalysis
internal import Output
internal import Study
internal import Tables

/// The backscattering spectra in the report: setup, elements found, fitted samples, figures.
enum BackscatteringSection {
  /// How many files are drawn in the page; the figures of all stand in the folder `figures`.
  private static let drawnFiles = 4

  static func section(_ run: StudyRun) -> ReportDocument.Section {
    let inputs = run.inputs.filter { $0.backscattering != nil }
    var blocks: [ReportDocument.Block] = []
    for table in [
      densities(inputs), layers(inputs), setups(inputs), calibrations(inputs), fronts(inputs),
      totals(inputs),
    ]
    where !table.rows.isEmpty {
      blocks.append(.table(table))
    }
    for input in inputs.prefix(drawnFiles) {
      let figures = Array(input.figures.prefix(8))
      if figures.isEmpty { continue }
      blocks.append(.heading(input.report.file))
      blocks.append(.figures(figures))
    }
    return .init("Backscattering spectra", blocks)
  }

  private static func value(_ result: ResultValue?) -> ReportTable.Cell {
    .optional(StudyReport.measured(result), else: "–")
  }

  private static func object(_ value: ResultValue?) -> ResultObject {
    if case .object(let object)? = value { return object }
    return ResultObject()
  }

  /// Every spectrum with its entry of the result and its name in tables.
  private static func spectra(
    _ inputs: [StudyInput]
  ) -> [(name: String, entry: ResultValue)] {
    inputs.flatMap { input in
      let entries = StudyReport.list(input.report.fields["result"]?["spectra"])
      return entries.map { entry in
        let name =
          entries.count == 1
          ? input.report.file : "\(input.report.file)#\(entry["name"]?.text ?? "")"
        return (name, entry)
      }
    }
  }

  private static func densities(_ inputs: [StudyInput]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for input in inputs {
      let result = input.report.fields["result"]
      let elements = object(result?["areal_density"])
      for name in elements.keys {
        let parts = result?["u_parts"]?[name]
        rows.append([
          .text(input.report.file), .text(name), value(elements[name]), value(parts?["counting"]),
          value(parts?["charge"]), value(parts?["stopping"]),
        ])
      }
    }
    return ReportTable(
      caption: """
        Areal densities of the film by the fit. The uncertainty is that of counting; those of charge and \
        solid angle, and of the stopping data, stand beside it and are common to all spectra.
        """,
      columns: [
        "spectrum", "element", "areal density", "u, counting", "u, charge", "u, stopping",
      ],
      rows: rows)
  }

  private static func layers(_ inputs: [StudyInput]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for input in inputs {
      for layer in StudyReport.list(input.report.fields["result"]?["layers"])
      where layer["mass"] != nil && layer["substrate"] != .flag(true) {
        rows.append([
          .text(input.report.file), .text(layer["name"]?.text ?? ""), value(layer["areal_density"]),
          value(layer["mass"]), value(layer["density"]),
          .text(layer["density_source"]?.text ?? "–"), value(layer["thickness"]),
        ])
      }
    }
    return ReportTable(
      caption: "Layers by the fit. A thickness needs a density, which RBS does not measure.",
      columns: [
        "spectrum", "layer", "areal density", "mass per area", "density", "stated by", "thickness",
      ], rows: rows)
  }

  private static func setups(_ inputs: [StudyInput]) -> ReportTable {
    let rows = spectra(inputs).map { name, entry -> [ReportTable.Cell] in
      let setup = entry["setup"]
      return [
        .text(name), .text(setup?["ion"]?.text ?? "–"), value(setup?["energy"]),
        .text(setup?["geometry"]?.text ?? "–"), value(setup?["incidence"]),
        value(setup?["scattering"]), value(setup?["particles_solid_angle"]),
      ]
    }
    return ReportTable(
      caption: "Beam and geometry as the files and options say; a dash is what nobody says.",
      columns: [
        "spectrum", "ion", "energy", "geometry", "incidence", "scattering",
        "particles × solid angle",
      ], rows: rows)
  }

  /// Who stated a calibration, without the elements around the one that did.
  private static func source(_ text: String?) -> String {
    guard let text else { return "–" }
    guard let last = text.split(separator: "/").last, last.utf8.count < text.utf8.count else {
      return text
    }
    return "…/\(last)"
  }

  private static func calibrations(_ inputs: [StudyInput]) -> ReportTable {
    let rows = spectra(inputs).map { name, entry -> [ReportTable.Cell] in
      let calibration = entry["calibration"]
      return [
        .text(name), .integer(StudyReport.integer(entry["channels"]) ?? 0),
        value(entry["total_counts"]), value(entry["live_time"]), value(calibration?["offset"]),
        value(calibration?["slope"]), .text(source(calibration?["source"]?.text)),
      ]
    }
    return ReportTable(
      caption: "Counts and energy calibration; the slope is per channel.",
      columns: [
        "spectrum", "channels", "counts", "live time", "offset", "slope", "calibration by",
      ], rows: rows)
  }

  private static func fronts(_ inputs: [StudyInput]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for (name, entry) in spectra(inputs) {
      for (key, kind) in [("edges", "front"), ("peaks", "peak")] {
        for item in StudyReport.list(entry[key]) {
          let candidates = StudyReport.list(item["candidates"])
          let others = candidates.dropFirst().prefix(3).compactMap { $0["element"]?.text }
          rows.append([
            .text(name), .text(kind), value(item["energy"]),
            .text(candidates.first?["element"]?.text ?? "–"), value(candidates.first?["energy"]),
            .text(others.isEmpty ? "–" : others.joined(separator: ", ")), value(item["area"]),
            value(candidates.first?["areal_density"]),
          ])
        }
      }
    }
    return ReportTable(
      caption: """
        Fronts at the surface and closed peaks, with the element whose K·E0 lies nearest and the next \
        candidates; areal densities where charge and solid angle are known.
        """,
      columns: [
        "spectrum", "kind", "energy", "element", "K·E0", "or", "counts", "areal density",
      ], rows: rows)
  }

  private static func totals(_ inputs: [StudyInput]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for input in inputs where input.backscattering?.amounts == nil {
      let result = input.report.fields["result"]
      let elements = object(result?["element_counts"])
      guard !elements.keys.isEmpty else { continue }
      rows.append([
        .text(input.report.file), .text("total"), value(result?["total_counts"]),
        value(result?["stored"]?["total_counts"]),
      ])
      for name in elements.keys {
        rows.append([.text(input.report.file), .text(name), value(elements[name]), .text("–")])
      }
    }
    return ReportTable(
      caption: "Simulated counts, and those of the simulation that the file holds.",
      columns: ["sample", "element", "counts", "stored"], rows: rows)
  }
}
