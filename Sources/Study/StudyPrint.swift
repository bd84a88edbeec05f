internal import Bytes
internal import Cycling
internal import ForceMicroscopy
internal import IonBeamAnalysis
internal import FormatRegistry
internal import Reading
public import Tables
internal import Units
internal import XRayAbsorption

extension Study {
  /// The study that would be used, with every default and where it comes from, ready to edit.
  ///
  /// - Throws: `ReadFailure` where the folder cannot be listed.
  public func printed() throws(ReadFailure) -> String {
    let inputs = try InputList.expand([folder], reader: reader)
    var names: [String] = []
    for input in inputs where isRecognised(input) {
      let name = settings.sample(of: input, folder: folderName)
      if !names.contains(name) { names.append(name) }
    }
    var lines = ["study: 1", "title: \(quoted(settings.title ?? folderName))"]
    let growth = settings.growthPerPair
    lines.append(
      "growth_per_pair: \(text(growth.value.value(in: .nanometre), growth.u?.value(in: .nanometre))) nm"
        + "  # \(growth.source)")
    lines.append("samples:")
    for name in names {
      var parts: [String] = []
      var comment = "thickness not known: neither given nor in the name"
      if let h = thickness(ofSample: name) {
        let value = text(h.value.value(in: .nanometre), h.u?.value(in: .nanometre))
        parts.append("thickness: \(value) nm")
        comment = "from \(h.source)"
      }
      if let metal = settings[sample: name]?.metal { parts.append("metal: \(metal)") }
      if let files = settings[sample: name]?.files, !files.isEmpty {
        parts.append("files: [\(files.map(quoted).joined(separator: ", "))]")
      }
      lines.append("  \(quoted(name)): {\(parts.joined(separator: ", "))}  # \(comment)")
    }
    lines.append("afm:")
    for option in ForceAnalysisOptions.descriptions where !option.name.hasSuffix("-u") {
      let key = String(option.name.map { $0 == "-" ? "_" : $0 })
      let spellings = [key, option.name] + (key == "poisson" ? ["poisson_ratio"] : [])
      if let given = settings.force.last(where: { spellings.contains($0.key) }) {
        lines.append("  \(key): \(given.text)  # \(given.source); \(option.help)")
      } else {
        let standard = option.standard.isEmpty ? "none" : option.standard
        lines.append("  # \(key): \(standard)  # default; \(option.help), \(option.unit)")
      }
    }
    lines.append("cycling:")
    for option in CyclingOptions.descriptions where option.name != "merge" {
      let key = String(option.name.map { $0 == "-" ? "_" : $0 })
      if let given = settings.cycling.last(where: { $0.key == key || $0.key == option.name }) {
        lines.append("  \(key): \(given.text)  # \(given.source); \(option.help)")
      } else {
        let standard = option.standard.isEmpty ? "none" : option.standard
        lines.append("  # \(key): \(standard)  # default; \(option.help), \(option.unit)")
      }
    }
    lines.append("xas:")
    for option in XASOptions.descriptions {
      let key = String(option.name.map { $0 == "-" ? "_" : $0 })
      if let given = settings.absorption.last(where: { $0.key == key || $0.key == option.name }) {
        lines.append("  \(key): \(given.text)  # \(given.source); \(option.help)")
      } else {
        let standard = option.standard.isEmpty ? "none" : option.standard
        lines.append("  # \(key): \(standard)  # default; \(option.help), \(option.unit)")
      }
    }
    lines.append("rbs:")
    for option in RBSOptions.descriptions {
      let key = String(option.name.map { $0 == "-" ? "_" : $0 })
      if let given = settings.backscattering.last(where: { $0.key == key || $0.key == option.name })
      {
        lines.append("  \(key): \(given.text)  # \(given.source); \(option.help)")
      } else {
        let standard = option.standard.isEmpty ? "none" : option.standard
        lines.append("  # \(key): \(standard)  # default; \(option.help), \(option.unit)")
      }
    }
    lines.append("simulate:")
    let metals = settings.metals.map { "[\($0.joined(separator: ", "))]" }
    lines.append(
      metals.map { "  metals: \($0)" }
        ?? "  # metals: [Li, Na]  # default, where a sample names none")
    lines.append(
      settings.plate.isEmpty ? "  # plate: {}  # see interphase plate --print-defaults" : "  plate:"
    )
    for setting in settings.plate {
      lines.append("    \(setting.key): \(setting.text)  # \(setting.source)")
    }
    return lines.joined(separator: "\n")
  }

  /// Whether a format claims the file, so that `run` would read it.
  private func isRecognised(_ input: BatchInput) -> Bool {
    if input.member != nil {
      guard let verdict = input.read(with: reader).detection?.verdict else { return false }
      if case .unrecognised = verdict { return false }
      return true
    }
    guard input.problem == nil, let bytes = try? FileSource.open(pathBytes: input.pathBytes) else {
      return false
    }
    let name = String(input.shown.split(separator: "/").last ?? "")
    let detection = FormatRegistry.detect(
      FileHead(bytes, name: name), added: reader.options.addedFormats)
    if case .unrecognised = detection.verdict { return false }
    return true
  }

  private func text(_ value: Double, _ u: Double?) -> String {
    u.map { "\(value) ± \($0)" } ?? "\(value)"
  }

  private func quoted(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character == "\"" || character == "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return "\"\(escaped)\""
  }
}
