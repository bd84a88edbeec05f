import Interphase

/// What people write: recipes, studies, configurations, options, keys of `why`.
enum FuzzTexts {
  private static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }

  /// The bytes before and behind the first byte of 0; all of them where there is none.
  private static func halves(_ bytes: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    guard let cut = bytes.firstIndex(of: 0) else { return (bytes[...], []) }
    return (bytes[..<cut], bytes[(cut + 1)...])
  }

  /// A recipe, and behind a byte of 0 the file that it reads; without one, a file like most text exports.
  static let recipe: FuzzTarget.Body = { bytes in
    let (yaml, data) = halves(bytes)
    guard let recipe = try? Recipe(text(yaml)) else { return }
    let plain = "Time;Voltage\n# s;V\n0;1,5\n1;1,25\nx;;\n\n2;1.0E-2\n"
    let view = data.isEmpty ? ByteView(utf8: plain) : ByteView(Array(data))
    let entry = recipe.entry
    guard (0...100).contains(entry.recognise(FileHead(view, name: "input")).score) else {
      fatalError("a score beyond 100")
    }
    FuzzFormat.check(entry, view)
  }

  /// The recipe that `recipe learn` drafts from a file, which must read as one.
  static let recipeDraft: FuzzTarget.Body = { bytes in
    _ = try? RecipeDraft(ByteView(bytes), name: "input.txt")
  }

  static let study: FuzzTarget.Body = { bytes in _ = try? StudyFile.read(ByteView(bytes)) }

  /// A configuration as `plate` and as `delaminate` read it.
  static let configuration: FuzzTarget.Body = { bytes in
    let open = { (path: String) throws(ReadFailure) -> ByteView in
      throw ReadFailure("io.missing", found: path, expected: "expected a file")
    }
    _ = try? PlateConfiguration.read(ByteView(bytes), name: "input.yaml", open: open)
    _ = try? DelaminateConfiguration.read(ByteView(bytes), name: "input.yaml", open: open)
  }

  /// The name of an option of a technique, `=`, and its text.
  static let option: FuzzTarget.Body = { bytes in
    guard let cut = bytes.firstIndex(of: UInt8(ascii: "=")) else { return }
    let (name, value) = (text(bytes[..<cut]), text(bytes[(cut + 1)...]))
    var backscattering = RBSOptions()
    try? backscattering.setOption(name: name, text: value)
    _ = JSONWriter.document(.object(backscattering.resolved))
    var absorption = XASOptions()
    try? absorption.setOption(name: name, text: value)
    var cycling = CyclingOptions()
    try? cycling.setOption(name: name, text: value)
    var force = ForceAnalysisOptions()
    try? force.setOption(name: name, text: value)
  }

  /// A key, and behind the first line end the document of results that it names a place in.
  ///
  /// What is found is found again by its path, in dots and as JSON Pointer.
  static let why: FuzzTarget.Body = { bytes in
    let cut = bytes.firstIndex(of: 10) ?? bytes.endIndex
    let json = bytes[cut...].dropFirst()
    let standard =
      #"{"inputs":[{"file":"a.ibw","bytes":1,"sha256":"0","result":{"k":{"value":1,"trace":"t1"}}}],"#
      + #""summary":{"samples":[{"sample":"n1","k":2}]},"traces":{"t1":{"kind":"fit","inputs":["t2","t1"]},"#
      + #""t2":{"kind":"read","file":"a.ibw","sha256":"0"}}}"#
    let view = json.isEmpty ? ByteView(utf8: standard) : ByteView(Array(json))
    guard let document = try? JSONText.parse(view),
      let found = try? document.find(text(bytes[..<cut]))
    else { return }
    guard let again = try? document.find(found.path.pointer), again.value == found.value else {
      fatalError("\(found.path.pointer) is not found again")
    }
    let answer = WhyAnswer(found.path, in: document)
    _ = answer.chain.text(key: found.path.description, value: found.value) { _, _ in .missing }
    _ = JSONWriter.document(
      answer.chain.json(key: found.path.description, value: found.value) { _, _ in .missing })
  }
}

/// The analyses of backscattering spectra behind their readers.
enum FuzzBackscattering {
  private static let identity = InputIdentity(path: "input", bytes: 0, sha256: "")

  /// A spectrum in any text, with a setup, through the search for fronts and peaks.
  static let inspect: FuzzTarget.Body = { bytes in
    guard
      let dataset = try? PlainSpectrum.read(
        ByteView(bytes), name: "input.txt", options: ReadOptions())
    else { return }
    var options = RBSOptions()
    for (name, text) in [
      ("ion", "4He"), ("energy", "2000"), ("scattering", "170"), ("slope", "2"), ("fwhm", "15"),
      ("particles", "1e14"), ("solid-angle", "3"),
    ] { try? options.setOption(name: name, text: text) }
    let analysis = RBSFileAnalysis(inspecting: dataset, input: identity, options: options)
    _ = JSONWriter.document(analysis.result)
  }

  /// A sample file through a simulation; nothing is lost to a count that is not finite.
  ///
  /// Huge spectra and energies are left out: they only take long.
  static let simulate: FuzzTarget.Body = { bytes in
    guard let file = try? SampleFile.parse(String(decoding: bytes, as: UTF8.self)) else { return }
    let detector = file.setup.detector
    let nodes = file.layers.count { $0.roughness > 0 }
    guard detector.channels ?? 1024 <= 4096, file.setup.energy < 5000, nodes < 2,
      file.setup.energy < 200 * detector.calibration.slope * 100
    else { return }
    guard
      let simulation = try? RBSSimulation(
        setup: file.setup, layers: file.layers, charge: file.charge)
    else { return }
    guard simulation.spectrum.total.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      fatalError("counts that are no counts")
    }
    _ = JSONWriter.document(simulation.result())
  }

  /// Tables of stopping and of cross sections, put to use.
  static let tables: FuzzTarget.Body = { bytes in
    guard let ion = Ion("4He") else { return }
    var notes = DiagnosticList()
    var stopping = ElectronicStopping()
    if (try? stopping.add(ByteView(bytes), ion: ion, into: &notes)) != nil {
      for z in [1, 6, 14, 92] {
        for energy in [0.1, 100, 2000, 1e6] where stopping.covers(ion, z) {
          if let value = stopping(ion, z, energy), value.isNaN || value < 0 {
            fatalError("a stopping power of \(value)")
          }
        }
      }
    }
    _ = try? MeasuredCrossSection.r33(
      ByteView(bytes), ion: ion, scattering: 170, force: true, into: &notes)
  }
}
