import Bytes
import Study
import Tables
import Testing
import Units

@Suite("study.yaml")
struct StudyFileTests {
  @Test func everyPart() throws {
    let text = """
      study: 1
      title: Hybrid films
      growth_per_pair: 0.38 ± 0.02 nm
      samples:
        "(1ALD-1MLD)10": {thickness: 4 ± 0.3 nm, metal: Na, files: ["afm/n10*/**"]}
        bare Na: {metal: Na}
      afm: {hole_radius: 1.35 um, substrate_e2d: 340 ± 30 N/m}
      cycling: {area: 0.785 cm2}
      impedance: {symmetric: true}
      simulate: {metals: [Li, Na], plate: {growth: 2 nm, kinetics: {overpotential: -0.05 V}}}
      """
    let settings = try StudyFile.read(ByteView(utf8: text))
    #expect(settings.title == "Hybrid films")
    #expect(abs(settings.growthPerPair.value.value(in: .nanometre) - 0.38) < 1e-12)
    #expect(settings.samples.map { $0.name } == ["(1ALD-1MLD)10", "bare Na"])
    let film = try #require(settings[sample: "(1ALD-1MLD)10"])
    let thickness = try #require(film.thickness)
    #expect(abs(thickness.value.value(in: .nanometre) - 4) < 1e-12)
    #expect(abs((thickness.u?.value(in: .nanometre) ?? 0) - 0.3) < 1e-12)
    #expect(film.metal == "Na" && film.files == ["afm/n10*/**"])
    #expect(settings.force.map { $0.key } == ["hole_radius", "substrate_e2d"])
    #expect(settings.force.map { $0.text } == ["1.35 um", "340 ± 30 N/m"])
    #expect(settings.force.first?.source == "study.yaml line 7")
    #expect(settings.plate.map { $0.key } == ["stop.growth", "kinetics.overpotential"])
    #expect(settings.metals == ["Li", "Na"])
    #expect(settings.cycling.map { $0.key } == ["area"])
    #expect(settings.cycling.map { $0.text } == ["0.785 cm2"])
    #expect(settings.diagnostics.map { $0.code } == ["study.unused-section"])
  }

  @Test func anEmptyStudyIsTheDefault() throws {
    let settings = try StudyFile.read(ByteView(utf8: ""))
    #expect(settings.samples.isEmpty && settings.force.isEmpty && settings.metals == nil)
    #expect(settings.growthPerPair.value == SampleName.growthPerPair)
  }

  /// Each error names line, column and what would be right.
  @Test func errorsNameTheirPlace() {
    let cases: [(String, Place, String)] = [
      ("titel: x\n", .cell(line: 1, column: 1), "title"),
      ("growth_per_pair: 0.4\n", .cell(line: 1, column: 18), "unit"),
      ("growth_per_pair: 0.4 s\n", .cell(line: 1, column: 18), "length"),
      ("samples:\n  a: {thicknes: 4 nm}\n", .cell(line: 2, column: 7), "thickness"),
      ("samples:\n  a: {metal: K}\n", .cell(line: 2, column: 14), "Li"),
      ("study: 2\n", .cell(line: 1, column: 8), "1"),
    ]
    for (text, place, word) in cases {
      do {
        _ = try StudyFile.read(ByteView(utf8: text))
        Issue.record("no error for \(text)")
      } catch {
        let message = error.diagnostic.message
        #expect(error.diagnostic.place == place, "\(text): \(error.diagnostic)")
        #expect(message.contains(word), "\(text): \(message)")
      }
    }
  }
}
