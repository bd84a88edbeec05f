import Bytes
import Cycling
import ForceMicroscopy
import Foundation
import FormatRegistry
import Output
import Report
import Study
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// A batch taken up from any beginning of its journal ends as if it had never stopped.
@Suite("Resumed batches")
struct ResumeTests {
  /// A technique with a small batch of its own.
  private struct Job {
    var command: String
    var arguments: [String]
    /// Reads the batch, and what all its documents hold.
    var run: (ResultsFolder?, StudyBatch.Resumption) throws -> (Read, StudyRun)
  }

  private struct Read {
    var inputs: [StudyInput]
    var fromJournal: Int?

    init(_ run: StudyRun) {
      inputs = run.inputs
      if case .integer(let n)? = run.reading["from_journal"] { fromJournal = n }
    }
  }

  private static func demo(_ path: String) -> String { Tool.packageRoot + "/TestData/" + path }

  private static func copy(_ files: [String], to folder: ScratchFolder) throws {
    for file in files {
      let name = file.split(separator: "/").suffix(2).joined(separator: "/")
      try folder.write(name, Array(Data(contentsOf: URL(fileURLWithPath: demo(file)))))
    }
    try folder.write("zz/notes.txt", Array("a word to myself\n".utf8))
  }

  private static func job(_ command: String, _ folder: ScratchFolder) -> Job {
    let arguments = [folder.path]
    func batch(_ results: ResultsFolder?, _ resumption: StudyBatch.Resumption) -> StudyBatch {
      StudyBatch(command: command, folder: results, resumption: resumption, jobs: 2)
    }
    return Job(command: command, arguments: arguments) { results, resumption in
      let inputs = try InputList.expand(arguments)
      switch command {
      case "afm":
        var options = ForceAnalysisOptions()
        try options.setOption(name: "hole_radius", text: "1350 nm")
        try options.setOption(name: "tip_radius", text: "50 nm")
        try options.setOption(name: "thickness", text: "10 nm")
        try options.setOption(name: "substrate_e2d", text: "340 ± 30 N/m")
        let reader = StudyReader(
          reader: InputReader(), selection: InputSelection(technique: .afm), force: options)
        let read = try batch(results, resumption).read(
          inputs, with: reader, options: StudyRun.journalOptions(options))
        let run = StudyRun.forceCurves(read, options: options, title: "t")
        return (Read(run), run)
      case "cycling":
        var options = CyclingOptions()
        options.cell = .symmetric
        options.differential = true
        let reader = StudyReader(
          reader: InputReader(), selection: InputSelection(technique: .cycling), cycling: options)
        let read = try batch(results, resumption).read(
          inputs, with: reader, options: StudyRun.cyclingJournalOptions(options))
        let run = StudyRun.cyclerLogs(read, options: options, title: "t")
        return (Read(run), run)
      case "xas":
        var options = XASOptions()
        options.select = []
        let reader = StudyReader(
          reader: InputReader(), selection: InputSelection(technique: .xas), absorption: options)
        let read = try batch(results, resumption).read(
          inputs, with: reader, options: StudyRun.absorptionJournalOptions(options))
        let run = try StudyRun.absorptionSpectra(
          read, options: options, title: "t", reader: reader)
        return (Read(run), run)
      default:
        let (path, settings) = try StudyFile.find(folder.path)
        let run = try Study(
          folder: path, settings: settings, reader: InputReader(), jobs: 2
        ).run(batch: batch(results, resumption))
        return (Read(run), run)
      }
    }
  }

  /// Everything that the results folder would hold, but for the journal.
  private static func documents(_ run: StudyRun) -> [[UInt8]] {
    var run = run
    run.reading = ResultObject()
    let document = run.document(run: ResultObject())
    return [document.json, ResultsCSV.bytes(document.inputs)]
      + [HTMLReport.render(StudyReport.document(run, instant: "1970-01-01T00:00:00Z"))]
      + run.inputs.flatMap { $0.figures.map { SVGFigure.document($0) + FigureCSV.bytes($0) } }
      + run.inputs.flatMap { ($0.cycling?.tables ?? []).map { CSVWriter.bytes($0) } }
  }

  private static let files: [String: [String]] = [
    "afm": [
      "demo/afm/(1ALD-1MLD)25/curve_01.ibw", "demo/afm/(1ALD-1MLD)25/curve_02.ibw",
      "demo/afm/(1ALD-1MLD)50/curve_12.ibw",
    ],
    "cycling": ["demo/cycling/(1ALD-1MLD)25.mpt"],
    "xas": ["demo/xas/(1ALD-1MLD)25.xdi", "xas/athena/three_groups.prj"],
    "run": [
      "demo/afm/(1ALD-1MLD)25/curve_01.ibw", "demo/xas/(1ALD-1MLD)25.xdi",
      "demo/cycling/(1ALD-1MLD)25.mpt",
    ],
  ]

  @Test(arguments: ["afm", "cycling", "xas", "run"])
  func anyBeginningOfTheJournal(_ command: String) throws {
    let data = try ScratchFolder()
    try Self.copy(Self.files[command] ?? [], to: data)
    try data.write("aa/broken.ibw", [5, 0, 1, 2, 3])
    try data.write("aa/broken.mpr", Array("BIO-LOGIC MODULAR FILE\u{1A}".utf8))
    try data.write("aa/broken.xdi", Array("# XDI/1.0\n".utf8))
    if command == "cycling" {
      for n in 0..<3 {
        var text = "Test Time / s,Voltage / V,Current / A\n"
        for i in 0..<600 {
          let s = (i / (60 + n)) % 2 == 0 ? 1.0 : -1.0
          text += "\(i * 10),\(s * (0.03 + Double(n) * 0.01)),\(s * 0.001)\n"
        }
        try data.write("b/cell_\(n).csv", Array(text.utf8))
      }
    }
    let job = Self.job(command, data)
    let whole = try ScratchFolder()
    let (first, run) = try job.run(try ResultsFolder(whole.path), .init())
    #expect(first.fromJournal == 0)
    let wanted = Self.documents(run)
    let journal = [UInt8](try Data(contentsOf: URL(fileURLWithPath: whole.path + "/journal.jsonl")))
    let ends = journal.indices.filter { journal[$0] == 10 }.map { $0 + 1 }
    #expect(ends.count == 1 + run.inputs.count, "a header and one line an input")
    var cuts = Set(ends)
    for (a, b) in zip([0] + ends, ends) { cuts.formUnion([(a + b) / 2, b - 1]) }
    if command == "afm" || command == "run" {
      // Fits take their time: inside the header, at the end of a line, inside one, and the whole.
      cuts = [ends[0] / 2, ends[1], (ends[1] + ends[2]) / 2, journal.count]
    }
    for cut in cuts.sorted() {
      let results = try ScratchFolder()
      try results.write("journal.jsonl", Array(journal[..<cut]))
      let (reading, again) = try job.run(
        try ResultsFolder(results.path), .init(resumes: true, verifies: cut % 2 == 0))
      #expect(reading.fromJournal == max(0, ends.count { $0 <= cut } - 1), "cut at \(cut)")
      #expect(Self.documents(again) == wanted, "\(command): cut at \(cut)")
      // What was gone on with can be gone on with once more.
      let (last, _) = try job.run(try ResultsFolder(results.path), .init(resumes: true))
      #expect(last.fromJournal == run.inputs.count)
    }
  }

  @Test("Another file before it moves the ids of traces; a changed one is read again")
  func otherInputs() throws {
    let data = try ScratchFolder()
    try Self.copy(Self.files["afm"] ?? [], to: data)
    let job = Self.job("afm", data)
    let results = try ScratchFolder()
    _ = try job.run(try ResultsFolder(results.path), .init())
    let curve = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Self.demo("demo/afm/(1ALD-1MLD)10/curve_01.ibw"))))
    try data.write("(1ALD-1MLD)10/curve_01.ibw", curve)
    let (more, run) = try job.run(try ResultsFolder(results.path), .init(resumes: true))
    #expect(more.fromJournal == 3)
    let fresh = try ScratchFolder()
    let (_, plain) = try job.run(try ResultsFolder(fresh.path), .init())
    #expect(Self.documents(run) == Self.documents(plain))
    // The same size and another content: only --verify sees it where the time is put back too.
    var changed = curve
    changed[changed.count / 2] ^= 1
    let path = data.path + "/(1ALD-1MLD)10/curve_01.ibw"
    let time = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    try data.write("(1ALD-1MLD)10/curve_01.ibw", changed)
    let (seen, _) = try job.run(try ResultsFolder(results.path), .init(resumes: true))
    #expect(seen.fromJournal == 3)
    try data.write("(1ALD-1MLD)10/curve_01.ibw", curve)
    try FileManager.default.setAttributes(
      [.modificationDate: try #require(time)], ofItemAtPath: path)
    // An input that vanished is dropped.
    try FileManager.default.removeItem(atPath: path)
    let (fewer, _) = try job.run(try ResultsFolder(results.path), .init(resumes: true))
    #expect(fewer.fromJournal == 3 && fewer.inputs.count(where: { $0.skipped == nil }) == 3)
  }

  @Test("A journal of other options says which; failed inputs are read again when asked for")
  func otherOptions() throws {
    let data = try ScratchFolder()
    try Self.copy(Self.files["xas"] ?? [], to: data)
    try data.write("aa/broken.xdi", Array("# XDI/1.0\n".utf8))
    let results = try ScratchFolder()
    let job = Self.job("xas", data)
    let (first, _) = try job.run(try ResultsFolder(results.path), .init())
    let failed = first.inputs.count { $0.report.status == .error }
    #expect(failed > 0)
    let (again, _) = try job.run(
      try ResultsFolder(results.path), .init(resumes: true, retriesFailed: true))
    #expect(again.fromJournal == first.inputs.count { $0.skipped == nil } - failed)
    var options = XASOptions()
    options.convention = .larch
    let reader = StudyReader(
      reader: InputReader(), selection: InputSelection(technique: .xas), absorption: options)
    let batch = StudyBatch(
      command: "xas", folder: try ResultsFolder(results.path), resumption: .init(resumes: true),
      jobs: 1)
    let inputs = try InputList.expand(job.arguments)
    let failure = #expect(throws: OutputFailure.self) {
      try batch.read(
        inputs, with: reader, options: StudyRun.absorptionJournalOptions(options))
    }
    #expect(failure?.kind == .journal)
    #expect(failure?.reason.contains("convention is interphase there and larch now") == true)
  }
}
