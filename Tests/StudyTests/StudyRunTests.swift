import Bytes
import ForceMicroscopy
import Foundation
import ForceMicroscopy
import FormatRegistry
import Output
import Study
import Tables
import TestSupport
import Testing
import Units

/// The pipeline on a few curves of the shipped study, whose truth its generator knows.
@Suite("Study run")
struct StudyRunTests {
  /// Two curves of the 10 nm film, one of the 20 nm film, an XDI scan and a file that nobody knows.
  static func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let demo = Tool.packageRoot + "/TestData/demo/"
    for file in [
      "study.yaml", "afm/(1ALD-1MLD)25/curve_01.ibw", "afm/(1ALD-1MLD)25/curve_02.ibw",
      "afm/(1ALD-1MLD)50/curve_12.ibw", "xas/(1ALD-1MLD)25.xdi",
    ] {
      try folder.write(file, Array(Data(contentsOf: URL(fileURLWithPath: demo + file))))
    }
    try folder.write("notes.txt", Array("a word to myself\n".utf8))
    try folder.write("afm/(1ALD-1MLD)25/broken.ibw", [5, 0, 1, 2, 3])
    return folder
  }

  static func run(_ folder: ScratchFolder, jobs: Int) throws -> StudyRun {
    let (path, settings) = try StudyFile.find(folder.path)
    return try Study(folder: path, settings: settings, reader: InputReader(), jobs: jobs).run()
  }

  @Test func fromFilesToSimulatedFilms() throws {
    let folder = try Self.folder()
    let run = try Self.run(folder, jobs: 2)
    #expect(run.samples.map { $0.name } == ["(1ALD-1MLD)25", "(1ALD-1MLD)50"])
    #expect(run.skipped.map { $0.file } == ["notes.txt"])
    let broken = run.inputs.filter { $0.report.status == .error }
    #expect(broken.map { $0.report.file } == ["afm/(1ALD-1MLD)25/broken.ibw"])

    // Truth: the generator's own numbers for these specimens.
    let truth = try #require(
      try JSONSerialization.jsonObject(
        with: Data(
          contentsOf: URL(fileURLWithPath: Tool.packageRoot + "/TestData/demo/truth.json")))
        as? [String: Any])
    let samples = try #require(truth["samples"] as? [String: [String: Any]])
    for input in run.inputs where input.force != nil && input.report.status != .error {
      let specimens = try #require(samples[input.sample]?["specimens"] as? [[String: Any]])
      let specimen = try #require(
        specimens.first { $0["file"] as? String == input.report.file })
      let known = try #require(specimen["modulus_GPa"] as? Double)
      let modulus = try #require(
        input.force?.result["curves"]?[0]?["modulus"]?.quantity)
      let value = try #require(modulus.value)
      let u = try #require(modulus.u)
      #expect(abs(value - known) < 3 * u + 0.02 * known, "\(input.report.file): \(value) ± \(u)")
      #expect(modulus.unit.ucum == "GPa")
    }
    for sample in run.samples {
      #expect(sample.refusal == nil, "\(sample.name): \(sample.refusal ?? "")")
      #expect(sample.plateCases.compactMap { $0["metal"]?.text } == ["Na"])
      let solver = sample.plateCases.first?["solver"]?.text
      #expect(solver == "sharp")
    }
    let thick = try #require(run.samples[1].plateCases[0]["pv_ratio"]?.quantity?.value)
    let thin = try #require(run.samples[0].plateCases[0]["pv_ratio"]?.quantity?.value)
    #expect(thick < thin, "a thicker film levels the bump further")
  }

  /// Every quantity with a trace leads to a file, its hash and a byte range.
  @Test func everyTraceEndsInBytes() throws {
    let run = try Self.run(try Self.folder(), jobs: 1)
    var numbers = 0
    func visit(_ value: ResultValue, _ path: String) {
      switch value {
      case .quantity(let quantity):
        guard let id = quantity.trace else { return }
        numbers += 1
        var open = [id]
        var seen: Set<TraceID> = []
        var readsBytes = false
        while let next = open.popLast() {
          guard seen.insert(next).inserted else { continue }
          guard let step = run.traces[next] else {
            Issue.record("\(path): no step \(next.text)")
            return
          }
          if let source = step.source, source.sha256.count == 64, !source.bytes.isEmpty {
            readsBytes = true
          }
          open += step.inputs
        }
        #expect(readsBytes, "\(path) leads to no bytes")
      case .list(let list):
        for (i, element) in list.enumerated() { visit(element, "\(path)[\(i)]") }
      case .object(let object):
        for key in object.keys { if let v = object[key] { visit(v, "\(path).\(key)") } }
      default: break
      }
    }
    visit(.object(run.summary), "summary")
    for input in run.inputs { visit(.object(input.report.fields), input.report.file) }
    #expect(numbers > 100, "\(numbers) traced numbers")
  }

  /// What `--print-study` prints is a study that says the same.
  @Test func thePrintedStudyReadsBack() throws {
    let folder = try Self.folder()
    let (path, settings) = try StudyFile.find(folder.path)
    let study = Study(folder: path, settings: settings, reader: InputReader(), jobs: 1)
    let again = try StudyFile.read(ByteView(utf8: try study.printed()))
    #expect(again.title == settings.title)
    #expect(again.growthPerPair.value == settings.growthPerPair.value)
    func key(_ key: String) -> String { key == "poisson_ratio" ? "poisson" : key }
    #expect(
      again.force.map { "\(key($0.key))=\($0.text)" }.sorted()
        == settings.force.map { "\(key($0.key))=\($0.text)" }.sorted())
    #expect(again.samples.map { $0.name } == ["(1ALD-1MLD)25", "(1ALD-1MLD)50"])
    for sample in again.samples {
      let given = try #require(settings[sample: sample.name])
      #expect(sample.thickness?.value == given.thickness?.value)
      #expect(sample.thickness?.u == given.thickness?.u && sample.metal == given.metal)
    }
  }

  @Test func theSameBytesForAnyNumberOfJobs() throws {
    let folder = try Self.folder()
    let documents = try [1, 3].map {
      try Self.run(folder, jobs: $0).document(run: ResultObject()).json
    }
    #expect(documents[0] == documents[1])
  }

  @Test func withoutAHoleRadiusNothingIsSimulated() throws {
    let folder = try Self.folder()
    try FileManager.default.removeItem(atPath: folder.path + "/study.yaml")
    let run = try Self.run(folder, jobs: 2)
    #expect(run.plating == nil)
    for sample in run.samples {
      #expect(sample.refusal != nil, "\(sample.name)")
      #expect(sample.thickness?.source == "growth")
      #expect(sample.handover?["stiffness"] == nil)
    }
    #expect(run.assumptions.contains { $0.key == "growth_per_pair" })
    let stiffness = run.inputs.compactMap {
      $0.force?.result["curves"]?[0]?["stiffness"]?.quantity?.value
    }
    #expect(stiffness.count == 3 && stiffness.allSatisfy { $0 > 0 })
  }
}
