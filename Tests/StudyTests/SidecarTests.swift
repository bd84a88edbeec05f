import Bytes
import Cycling
import FormatRegistry
import Foundation
import Output
import Reading
import Study
import Tables
import TestSupport
import Testing
import Units

@testable import ForceMicroscopy

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
      ("units: [1]\n", "config.type"), ("units: {foo: mAh}\n", "unit.unknown"),
      ("settings:\n  sprng_constant: 3 N/m\n", "option.unknown"),
      ("settings: {area: 0.785}\n", "quantity.unit"),
      ("settings: {area: 3 V}\n", "option.value"), ("settings: {cell: round}\n", "option.value"),
      ("settings: {merge: true}\n", "option.batch"),
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
        // A command says so before it reads anything.
        #expect(throws: SidecarFailure.self) { try InputList.checked([path]) }
      }
    }
  }

  /// Half cycles of a symmetric cell as a text that no cycler writes.
  private static let log =
    "time / s,current / mA,voltage / V\n"
    + (0..<40).map { "\(60 * $0),\($0 < 20 ? 1 : -1),\($0 < 20 ? 0.1 : -0.1)\n" }.joined()

  private func areas(_ path: String, _ reader: StudyReader) throws -> [Double?] {
    try InputList.checked([path], reader: reader.reader).enumerated().map { position, input in
      let read = reader.read(input, position: position)
      return read.cycling?.result["electrode_area"]?.quantity?.value
    }
  }

  /// Sidecar before study pattern before the study's own options, and a flag before all of them.
  @Test func optionsOfTheAnalysisFollowTheInput() throws {
    let settings = try StudyFile.read(
      ByteView(
        utf8: "inputs: {\"b*\": {settings: {area: 2 cm2}}, \"a*\": {settings: {area: 9 cm2}}}\n"))
    try folder([
      "a.csv": Self.log, "a.csv.meta.yaml": "settings: {area: 3 cm2, cell: symmetric}\n",
      "b.csv": Self.log, "c.csv": Self.log,
    ]) { path in
      var options = ReadOptions()
      options.saidByPattern = settings.inputs
      var reader = StudyReader(
        reader: InputReader(options: options), selection: InputSelection(technique: .cycling))
      reader.cycling.area = 1
      #expect(try areas(path, reader) == [3, 2, 1])
      let a = try #require(try InputList.checked([path]).first)
      let read = reader.read(a, position: 0)
      #expect(read.cycling?.result["cell_type"]?.text == "symmetric")
      #expect(read.report.result["provenance"]?["overrides"]?[0]?["key"]?.text == "area")
      reader.given = ["disc"]
      #expect(try areas(path, reader) == [1, 1, 1])
      // In a study too, where the technique is that of the file.
      reader.given = []
      reader.selection = InputSelection()
      #expect(try areas(path, reader) == [3, 2, 1])
    }
  }

  /// What is said of a file counts before what a study says of its sample.
  @Test func aFileCountsBeforeItsSample() throws {
    let table =
      "deflection (m),force (N)\n"
      + (0..<80).map { "\(Double($0) * 1e-9),\(Double($0) * 2e-9)\n" }.joined()
    try folder(["a.csv": table, "a.csv.meta.yaml": "settings: {thickness: 5 nm}\n", "b.csv": table])
    { path in
      var reader = StudyReader(
        reader: InputReader(), selection: InputSelection(), sampleOfFile: { _ in "s" })
      reader.force.bySample["s"] = [.init(name: "thickness", text: "8 nm")]
      let found = try InputList.checked([path]).map {
        reader.read($0, position: 0).force?.options.thickness?.value.value(in: .nanometre)
      }
      #expect(found == [5, 8])
    }
  }

  /// What counts stands in the overrides, from whatever place it was said, and what it beats does not.
  @Test func overridesHoldWhatCounts() throws {
    try folder(["a.csv": Self.log, "a.csv.meta.yaml": "settings: {area: 3 cm2, mass: 5 mg}\n"]) {
      path in
      let input = try #require(try InputList.checked([path]).first)
      func read(_ reader: StudyReader) -> (overrides: [String], source: String?) {
        let read = reader.read(input, position: 0)
        let list = read.report.result["provenance"]?["overrides"]
        var texts: [String] = []
        while let item = list?[texts.count] {
          texts.append(
            ["key", "value", "source"].map { item[$0]?.text ?? "" }.joined(separator: " "))
        }
        return (texts, read.cycling?.result["area_source"]?.text)
      }
      var reader = StudyReader(
        reader: InputReader(), selection: InputSelection(technique: .cycling))
      #expect(
        read(reader).overrides == [
          "area 3 cm2 a.csv.meta.yaml line 1, column 18",
          "mass 5 mg a.csv.meta.yaml line 1, column 31",
        ])
      #expect(read(reader).source == "sidecar")
      reader.given = ["area"]
      reader.cycling.area = 1
      reader.take(
        commandLine: ["cycling", path, "--area", "1 cm2", "--settle=30", "--json", "--area=2 cm2"],
        of: .cycling)
      // The last of two flags counts, and a setting of the analysis is no override.
      #expect(
        read(reader).overrides == [
          "mass 5 mg a.csv.meta.yaml line 1, column 31", "area 2 cm2 --area",
        ])
      #expect(read(reader).source == "option")
      // The options of a study count after what is said of the file.
      reader.given = []
      reader.stated[.cycling] = [
        InputStatement(key: "area", text: "7 cm2", source: "study.yaml line 2"),
        InputStatement(key: "cell", text: "symmetric", source: "study.yaml line 3"),
        InputStatement(key: "voltage_accuracy", text: "1 mV", source: "study.yaml line 4"),
      ]
      #expect(
        read(reader).overrides == [
          "area 3 cm2 a.csv.meta.yaml line 1, column 18",
          "mass 5 mg a.csv.meta.yaml line 1, column 31",
          "voltage_accuracy 1 mV study.yaml line 4",
        ])
    }
  }

  /// An override names what the file says in its place.
  @Test func overridesNameWhatTheyReplace() throws {
    let path = TestData.path("demo/afm/(1ALD-1MLD)25/curve_01.ibw")
    var reader = StudyReader(reader: InputReader(), selection: InputSelection(technique: .afm))
    reader.take(
      commandLine: ["afm", path, "--spring-constant", "31 N/m ± 1", "--no-substrate"], of: .afm)
    let input = try #require(try InputList.checked([path]).first)
    let list = reader.read(input, position: 0).report.result["provenance"]?["overrides"]
    #expect(list?[1]?["key"]?.text == "spring_constant")
    #expect(list?[1]?["value"]?.text == "31 N/m ± 1")
    #expect(list?[1]?["replaced"]?.text == "35.0 N/m")
    #expect(list?[0]?["key"]?.text == "no_substrate" && list?[0]?["value"]?.text == "true")
  }

  /// A link to nothing beside a file is a slip of the user, not a file without statements.
  @Test func aLinkToNothingIsNoSidecar() throws {
    try folder(["a.csv": Self.table]) { path in
      try FileManager.default.createSymbolicLink(
        atPath: path + "/a.csv.meta.yaml", withDestinationPath: "nowhere.yaml")
      let failure = #expect(throws: SidecarFailure.self) { try InputList.checked([path]) }
      #expect(failure?.diagnostic.code == "io.dangling-link")
      #expect(failure?.path.hasSuffix("a.csv.meta.yaml") == true)
    }
  }
}
