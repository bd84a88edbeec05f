package import Bytes
internal import Configuration
internal import Delamination
internal import NumericalMethods
internal import Plating
internal import Simulation
package import Tables
internal import Units

extension SweepConfiguration {
  /// The greatest number of rows: their numbers stay below 200 MB.
  package static let mostRows = 1_000_000

  private static let schema = ConfigSchema(
    title: "A sweep over the configurations of a model (interphase sweep)",
    keys: [
      .choice("sweep.command", of: ["plate", "delaminate"], default: "plate", "the model"),
      .tree("sweep.base", example: "plate.yaml", "a configuration of it: a file, or a mapping"),
      .tree("sweep.set", example: "{solver: sharp}", "keys of it that hold for all points"),
      .tree(
        "sweep.axes", example: "{film.thickness: {from: 4 nm, to: 20 nm, count: 17}}",
        "keys and their values, full factorial"),
      .tree(
        "sweep.sample",
        example: "{count: 256, seed: 1, film.modulus: {lognormal: {mean: 25 GPa, cv: 0.2}}}",
        "keys and their distributions"),
      .list("sweep.orderings", example: "\"pv_ratio: a > b\"", "inequalities over the cases"),
      .integer(
        "sweep.control", default: nil, limit: .from(1, to: 1e9), example: "16",
        "every how many points the phase field repeats the run"),
      .quantity(
        "sweep.wavelength", in: .nanometre, default: nil, limit: .positive, example: "32 nm",
        "wavelength at which growth_rate is given"),
      .quantity(
        "sweep.conductivity", in: .siemensPerMetre, default: "1e-6 S/m", limit: .positive,
        "the film's ionic conductivity, for growth_rate"),
    ])

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - bytes: the YAML text.
  ///   - name: the file's name.
  ///   - open: gives the content of a file that the configuration names, relative to it.
  /// - Throws: ``ReadFailure`` at line and column for the first thing that is wrong.
  package static func read(
    _ bytes: ByteView, name: String,
    open: @escaping @Sendable (String) throws(ReadFailure) -> ByteView
  ) throws(ReadFailure) -> SweepConfiguration {
    var notes = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &notes)
    let root = try ConfigNode.parse(TextLines.string(text.utf8))
    guard root["sweep"] != nil else {
      throw ReadFailure(
        "sweep.missing", at: root.place, found: "no `sweep:`",
        expected: "`sweep:` with command, base, and axes or sample")
    }
    let values = try schema.read(root).base
    let command: SweepCommand = try values.choice("sweep.command")
    let base = try SweepBase.read(values, command, open: open)
    notes.add(contentsOf: base.notes)
    let schema = command.model.schema
    let ownFiles = ConfiguredFiles(open: open)
    let keys = SweepKeys(schema: schema, files: ownFiles)
    var varied = try keys.axes(values.tree("sweep.axes"))
    let sample = try keys.sample(values.tree("sweep.sample"))
    for key in sample?.keys ?? [] {
      if varied.contains(where: { $0.key.path == key.key.path }) {
        throw values.failure(
          "sweep.sample", "sweep.twice", found: "`\(key.key.path)` is an axis and sampled",
          expected: "one of the two")
      }
    }
    varied += sample?.keys ?? []
    guard !varied.isEmpty else {
      throw ReadFailure(
        "sweep.empty", at: root["sweep"]?.place ?? .whole, found: "nothing varies",
        expected: "`axes:`, `sample:` or both")
    }
    for item in varied {
      if case .sampled(.ownOfCases) = item.course { continue }
      let path = item.key.path
      for one in base.cases where one.writtenText(path) != base.values.writtenText(path) {
        notes.warn(
          "sweep.case-key", at: one.place(path),
          found: "case `\(one.label ?? "")` sets `\(path)`, which the sweep varies",
          expected: "a key in one place; the sweep's values are used")
      }
    }
    var outputs = command.model.outputs
    var wave: Wave?
    if let wavelength = try values.optionalQuantity("sweep.wavelength", Length.self) {
      guard command == .plate else {
        throw values.failure(
          "sweep.wavelength", "sweep.growth-rate", found: "a wavelength with `command: delaminate`",
          expected: "`command: plate`, which gives `growth_rate`")
      }
      let conductivity = try values.quantity("sweep.conductivity", Conductivity.self)
      wave = Wave(wavelength: wavelength.value.si, conductivity: conductivity.value.si)
      outputs.append(ModelOutput("growth_rate", PhysicalUnit.perSecond))
    }
    let labels = base.cases.map { $0.label ?? "case" }
    var orderings: [Ordering] = []
    for expression in values.list("sweep.orderings") {
      orderings.append(
        try Ordering(
          expression, outputs: outputs.map(\.key), labels: labels,
          at: values.place("sweep.orderings")))
    }
    var configuration = SweepConfiguration(
      command: command, cases: base.cases, varied: varied, sampling: sample?.sampling,
      orderings: orderings,
      control: try values.has("sweep.control") ? values.integer("sweep.control") : nil,
      wave: wave, outputs: outputs, parameters: base.parameters, diagnostics: [],
      input: InputIdentity(path: name, bytes: bytes.count, sha256: SHA256.hex(of: bytes)),
      otherInputs: [], baseFiles: base.files.read, ownFiles: ownFiles.read, openBase: base.open,
      openOwn: open)
    try configuration.checkSize(at: values.place("sweep.axes"))
    let dimensions = varied.reduce(0) { $0 + configuration.dimensions(of: $1) }
    if configuration.sampling?.method == .sobol, dimensions > SobolSequence.mostDimensions {
      throw values.failure(
        "sweep.sample", "sweep.method", found: "\(dimensions) dimensions with method: sobol",
        expected: "at most \(SobolSequence.mostDimensions), or latin-hypercube")
    }
    try configuration.checkMeasured(&notes)
    try configuration.checkControl(values)
    if let sampling = sample?.sampling, sampling.method == .sobol,
      sampling.count & (sampling.count - 1) != 0
    {
      notes.note(
        "sweep.sobol-count", at: values.place("sweep.sample"),
        found: "\(sampling.count) points of a Sobol sequence",
        expected: "a power of two keeps the sequence balanced")
    }
    configuration.diagnostics = notes.all
    // Reading measured distributions may have opened more files.
    configuration.otherInputs =
      base.identity.map { [$0] } ?? []
    let others = [configuration.baseFiles.identities, configuration.ownFiles.identities]
    for files in others {
      configuration.otherInputs += files.keys.sorted().compactMap { files[$0] }
    }
    return configuration
  }

  private func checkSize(at place: Place) throws(ReadFailure) {
    var rows = cases.count
    var factors: [String] = []
    for count in axes.map({ $0.axisValues?.count ?? 1 }) + (sampling.map { [$0.count] } ?? []) {
      factors.append("\(count)")
      let (product, overflow) = rows.multipliedReportingOverflow(by: count)
      rows = product
      guard !overflow, rows <= Self.mostRows else {
        throw ReadFailure(
          "sweep.size", at: place,
          found: "\(factors.joined(separator: " × ")) points of \(cases.count) "
            + "case\(cases.count == 1 ? "" : "s") and more",
          expected: "at most \(Self.mostRows) rows (points times cases)")
      }
    }
  }

  /// Reads the measured distributions once, so that what is wrong with them is an error of the
  /// configuration and not of every point.
  private mutating func checkMeasured(_ notes: inout DiagnosticList) throws(ReadFailure) {
    let runner = SweepRunner(self)
    for item in varied {
      for values in cases {
        guard let spread = try runner.spread(item, values) else { continue }
        guard let u = spread.u, u > 0 else {
          throw ReadFailure(
            "sweep.no-spread", at: values.place(item.key.path),
            found: "`\(item.key.path)` of case `\(values.label ?? "case")` has no uncertainty",
            expected: "a value with `u`, or a distribution written out")
        }
      }
    }
    ownFiles = runner.ownFiles.read
    baseFiles = runner.baseFiles.read
  }

  private func checkControl(_ values: ConfigValues) throws(ReadFailure) {
    guard control != nil else { return }
    guard command == .plate else {
      throw values.failure(
        "sweep.control", "sweep.control", found: "a control with `command: delaminate`",
        expected: "`command: plate`, which has two solvers")
    }
    let runner = SweepRunner(self)
    for one in cases {
      var one = one
      try one.replace("solver", with: "phase-field", source: "sweep.control")
      _ = try command.model.parameters(one, files: runner.baseFiles)
    }
  }
}

/// The configuration that a sweep starts from.
struct SweepBase {
  var values: ConfigValues
  var cases: [ConfigValues]
  var parameters: ResultObject
  var notes: [Diagnostic]
  /// The file; nil for a mapping in the sweep itself.
  var identity: InputIdentity?
  var files: ConfiguredFiles
  var open: @Sendable (String) throws(ReadFailure) -> ByteView

  static func read(
    _ values: ConfigValues, _ command: SweepCommand,
    open: @escaping @Sendable (String) throws(ReadFailure) -> ByteView
  ) throws(ReadFailure) -> SweepBase {
    let schema = command.model.schema
    let node = values.tree("sweep.base") ?? ConfigNode(.mapping([]), at: .whole)
    var identity: InputIdentity?
    var inFolder = open
    let reading: ConfigReading
    if let path = node.text, !path.isEmpty {
      do throws(ReadFailure) {
        let bytes = try open(path)
        identity = InputIdentity(
          path: path, bytes: bytes.count, sha256: SHA256.hex(of: bytes))
        var notes = DiagnosticList()
        let text = try DecodedText.decode(bytes, into: &notes)
        reading = try schema.read(TextLines.string(text.utf8))
      } catch {
        // The failure stands in the other file; its place is told in words.
        let inner = error.diagnostic
        throw ReadFailure(
          inner.code, at: node.place, found: "\(path), \(inner.place): \(inner.found)",
          expected: inner.expected)
      }
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      if !folder.isEmpty {
        let prefix = folder.joined(separator: "/") + "/"
        inFolder = { (file: String) throws(ReadFailure) in
          try open(file.hasPrefix("/") ? file : prefix + file)
        }
      }
    } else {
      reading = try schema.read(node.isEmpty ? ConfigNode(.mapping([]), at: node.place) : node)
    }
    var base = reading.base
    var cases = reading.cases
    let isWhole = { (node: ConfigNode) in node["value"] != nil || node["from"] != nil }
    let settings = try values.tree("sweep.set").map { node throws(ReadFailure) in
      try schema.leaves(of: node, in: "sweep.set", endsAt: isWhole)
    }
    for (key, entry) in settings ?? [] {
      let source = entry.value.line.map { "config line \($0)" } ?? "config"
      try base.replace(key.path, with: entry.value, source: source)
      for i in cases.indices { try cases[i].replace(key.path, with: entry.value, source: source) }
    }
    if command == .plate {
      // A sweep takes the fast solver unless it is told otherwise.
      if !base.isGiven("solver") { try base.replace("solver", with: "sharp", source: "default") }
      for i in cases.indices where !cases[i].isGiven("solver") {
        try cases[i].replace("solver", with: "sharp", source: "default")
      }
    }
    let files = ConfiguredFiles(open: inFolder)
    let parameters = try command.model.parameters(base, files: files)
    for one in cases { _ = try command.model.parameters(one, files: files) }
    return SweepBase(
      values: base, cases: cases, parameters: parameters, notes: reading.diagnostics,
      identity: identity, files: files, open: inFolder)
  }
}
