public import Bytes
public import Configuration
public import Tables
internal import Units

/// `study.yaml`: what the user says about a folder (docs/study.md).
public enum StudyFile {
  /// What is said about one sample.
  static let sampleSchema = ConfigSchema(
    title: "a sample",
    keys: [
      .quantity(
        "thickness", in: .nanometre, default: nil, limit: .positive, example: "4 ± 0.3 nm",
        "film thickness; without it growth gives it"),
      .choice("metal", of: ["Li", "Na"], default: nil, "the metal to plate under the film"),
      .list(
        "files", example: "[\"afm/n10*/**\"]", "patterns of the paths that belong to the sample"),
    ])

  /// All keys of a study.
  public static let schema = ConfigSchema(
    title: "interphase run",
    keys: [
      .integer("study", default: 1, limit: .from(1, to: 1), "version of this layout"),
      .text("title", default: nil, example: "Nano-hybrid interfaces", "title of the report"),
      .quantity(
        "growth_per_pair", in: .nanometre, default: "0.4 nm", limit: .positive,
        "thickness that one ALD and one MLD cycle add, where nothing is measured"),
      .map(
        "samples", of: sampleSchema,
        example: "{\"(1ALD-1MLD)10\": {thickness: 4 ± 0.3 nm, metal: Na}}", "samples by name"),
      .map(
        "inputs", of: Sidecar.schema,
        example: "{\"afm/**\": {settings: {spring_constant: 35 ± 1.8 N/m}}}",
        "what holds for files whose path fits a pattern; the first that fits counts"),
      .tree(
        "afm", example: "{hole_radius: 1.35 um, tip_radius: 50 nm}",
        "long options of 'interphase afm' with _ for -"),
      .tree(
        "xas", example: "{element: Al, edge: K}", "long options of 'interphase xas' with _ for -"),
      .tree(
        "cycling", example: "{area: 0.785 cm2, cell: symmetric}",
        "long options of 'interphase cycling' with _ for -"),
      .tree(
        "rbs", example: "{sample: start.yaml, density: 1.9 ± 0.1 g/cm3}",
        "long options of 'interphase rbs fit' with _ for -"),
      .tree("impedance", example: "{}", "options of that technique; not used by this version"),
      .list("simulate.metals", example: "[Li, Na]", "metals to plate, where a sample names none"),
      .tree(
        "simulate.plate", example: "{growth: 3 nm}",
        "dotted keys of the plating configuration; growth stands for stop.growth"),
      .tree("simulate.delaminate", example: "{}", "not used by this version"),
    ])

  /// The folder and the settings that a path on the command line stands for.
  ///
  /// The path is a folder, with or without a `study.yaml`, or a `study.yaml` whose folder is meant.
  ///
  /// - Throws: `ReadFailure` with line and column where the file does not fit, and `io.*` where the path
  ///   leads to neither.
  public static func find(
    _ path: String
  ) throws(ReadFailure) -> (folder: String, settings: StudySettings) {
    if FileSource.isFolder(path: path) {
      let file = path.hasSuffix("/") ? path + "study.yaml" : path + "/study.yaml"
      let entries = try FileSource.list(folder: path)
      guard entries.contains(where: { $0.relativePath == "study.yaml" }) else {
        return (path, StudySettings())
      }
      return (path, try read(try FileSource.open(path: file)))
    }
    let bytes = try FileSource.open(path: path)
    let name = path.split(separator: "/").last ?? ""
    guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      throw ReadFailure(
        "study.not-a-study", found: "'\(name)' is no folder and no study.yaml",
        expected: "expected a folder of raw files, or its study.yaml")
    }
    let folder = path.dropLast(name.count)
    return (folder.isEmpty ? "." : String(folder), try read(bytes))
  }

  /// Reads a study.
  ///
  /// - Throws: `ReadFailure` with line and column for the first thing that is wrong.
  public static func read(_ bytes: ByteView) throws(ReadFailure) -> StudySettings {
    let text = bytes.withBytes { String(decoding: $0, as: UTF8.self) }
    let reading = try schema.read(text)
    let values = reading.base
    var settings = StudySettings()
    settings.diagnostics = reading.diagnostics
    settings.title = values.optionalText("title")
    settings.growthPerPair = try values.quantity("growth_per_pair")
    for (name, sample) in values.map("samples") {
      settings.samples.append(
        StudySettings.Sample(
          name: name, thickness: try sample.optionalQuantity("thickness"),
          metal: sample.optionalText("metal"), files: sample.list("files")))
    }
    for (pattern, said) in values.map("inputs") {
      settings.inputs.append((pattern, try Sidecar.statements(said, file: "study.yaml")))
    }
    settings.force = try Self.settings(values.tree("afm"), prefix: "")
    settings.cycling = try Self.settings(values.tree("cycling"), prefix: "")
    settings.absorption = try Self.settings(values.tree("xas"), prefix: "")
    settings.backscattering = try Self.settings(values.tree("rbs"), prefix: "")
    if !values.list("simulate.metals").isEmpty { settings.metals = values.list("simulate.metals") }
    for metal in settings.metals ?? [] where metal != "Li" && metal != "Na" {
      throw values.failure(
        "simulate.metals", "config.choice", found: "'\(metal)'", expected: "Li or Na")
    }
    settings.plate = try Self.settings(values.tree("simulate.plate"), prefix: "").map { setting in
      var setting = setting
      if setting.key == "growth" { setting.key = "stop.growth" }
      return setting
    }
    for key in ["impedance", "simulate.delaminate"]
    where values.isGiven(key) {
      settings.diagnostics.append(
        Diagnostic(
          .note, "study.unused-section", at: values.place(key),
          found: "the section `\(key)` is not used by this version",
          expected: "no number depends on it"))
    }
    return settings
  }

  /// The leaves of a tree as dotted keys with their text.
  private static func settings(
    _ root: ConfigNode?, prefix: String
  ) throws(ReadFailure) -> [StudySettings.Setting] {
    guard let root, !root.isEmpty else { return [] }
    guard let entries = root.entries else {
      throw ReadFailure(
        "config.type", at: root.place, found: "no mapping", expected: "keys with their values")
    }
    var list: [StudySettings.Setting] = []
    // An explicit stack: the order of the file is kept by pushing in reverse.
    var open = entries.reversed().map { (prefix, $0) }
    while let (path, entry) = open.popLast() {
      let key = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      if let text = entry.value.text {
        let line = entry.value.line.map { " line \($0)" } ?? ""
        list.append(.init(key: key, text: text, source: "study.yaml\(line)"))
      } else if let children = entry.value.entries {
        open += children.reversed().map { (key, $0) }
      } else {
        throw ReadFailure(
          "config.type", at: entry.value.place, found: "a list under `\(key)`",
          expected: "one value")
      }
    }
    return list
  }
}
