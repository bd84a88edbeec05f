import Bytes
import FormatRegistry
import Foundation
import Reading
import Study
import Tables
import Testing

/// `FILE.meta.yaml` and `inputs` of a study: what they say, who is stronger, and what is wrong with them.
@Suite struct SidecarTests {
  /// A folder with files, which is removed afterwards.
  private func folder(
    _ files: [String: String], _ body: (String) throws -> Void
  ) throws {
    let path = FileManager.default.temporaryDirectory.path + "/sidecar-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (name, text) in files {
      try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    }
    try body(path)
  }

  private static let table =
    "Time (s),foo\n" + (0..<12).map { "\($0),1.\($0)5\n" }.joined()

  @Test func whatStandsBesideAFileCounts() throws {
    try folder([
      "a.csv": Self.table,
      "a.csv.meta.yaml": "units: {foo: mV}\nsettings: {spring_constant: 35 ± 1.8 N/m}\n",
    ]) { path in
      let inputs = try InputList.expand([path])
      #expect(inputs.map(\.shown) == ["a.csv"])
      let input = try #require(inputs.first)
      let dataset = try input.read(with: InputReader()).outcome.get()
      #expect(dataset.tables[0]["foo"]?.unit.ucum == "mV")
      #expect(dataset.setting("spring_constant")?.u == 1.8)
      #expect(dataset.overrides.first?.source.hasPrefix("a.csv.meta.yaml line 1") == true)
      // A flag counts before it.
      var said = InputStatements()
      said.units = [InputStatement(key: "foo", text: "A", source: "--unit")]
      var options = ReadOptions()
      try options.take(said)
      let flagged = try input.read(with: InputReader(options: options)).outcome.get()
      #expect(flagged.tables[0]["foo"]?.unit.ucum == "A")
      #expect(flagged.overrides.map(\.source).contains("--unit"))
    }
  }

  @Test func aStudySpeaksByPatterns() throws {
    let settings = try StudyFile.read(
      ByteView(utf8: "inputs: {\"*.csv\": {units: {foo: mV}}, \"**\": {units: {foo: V}}}\n"))
    #expect(settings.inputs.map(\.pattern) == ["*.csv", "**"])
    try folder(["a.csv": Self.table, "b.txt": Self.table]) { path in
      var options = ReadOptions()
      options.saidByPattern = settings.inputs
      let units = try InputList.expand([path]).map { input in
        try input.read(with: InputReader(options: options)).outcome.get().tables[0]["foo"]?.unit
          .ucum
      }
      #expect(units == ["mV", "V"])
    }
  }

  @Test func whatIsWrongIsNamedWithItsLine() throws {
    for (text, code) in [
      ("unit: {foo: mV}\n", "config.unknown-key"), ("units: {foo: xyz}\n", "unit.unknown"),
      ("settings: {spring_constant: 35}\n", "quantity.unit"),
      ("time_zone: Mars/Olympus\n", "time.zone-unknown"), ("join: glue\n", "config.choice"),
      ("units: [1]\n", "config.type"),
    ] {
      try folder(["a.csv": Self.table, "a.csv.meta.yaml": text]) { path in
        let input = try #require(try InputList.expand([path]).first)
        guard case .failure(let failure) = input.read(with: InputReader()).outcome else {
          Issue.record("'\(text)' was taken")
          return
        }
        #expect(failure.diagnostic.code == code, "\(text)")
        #expect(failure.diagnostic.found.hasPrefix("a.csv.meta.yaml: "), "\(text)")
        #expect(failure.diagnostic.place != .whole, "\(text)")
      }
    }
  }
}
