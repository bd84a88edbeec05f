import Bytes
import Foundation
import Output
import Report
import Study
import Tables
import TestSupport
import Testing

/// Every number of a results document leads to what it was made from (data-model.md §9).
@Suite("Why")
struct WhyTests {
  /// The files of the shipped study by technique, few of each.
  private static func mixed() throws -> ScratchFolder {
    let folder = try StudyRunTests.folder()
    for file in ["cycling/(1ALD-1MLD)25.mpt", "rbs/(1ALD-1MLD)25.xnra"] {
      try folder.write(
        file,
        Array(Data(contentsOf: URL(fileURLWithPath: Tool.packageRoot + "/TestData/demo/" + file))))
    }
    return folder
  }

  @Test func everyNumberOfAMixedBatchResolves() throws {
    let run = try StudyRunTests.run(try Self.mixed(), jobs: 2)
    let document = try JSONText.parse(ByteView(run.document(run: ResultObject()).json))
    let report = HTMLReport.render(StudyReport.document(run, instant: "1970-01-01T00:00:00Z"))
    let audit = WhyAudit(document, report: ByteView(report))
    #expect(audit.unresolved.isEmpty, "\(audit.unresolved.prefix(10))")
    #expect(audit.numbers > 1200 && (audit.shown ?? 0) > 80)
    let near = [WhyAnswer.Basis.value, .around, .beside].reduce(0) { $0 + (audit.bases[$1] ?? 0) }
    #expect(near * 10 > audit.numbers * 8, "\(audit.bases)")
    #expect((audit.bases[.value] ?? 0) > 300, "\(audit.bases)")
    #expect(audit.sources.count == run.inputs.count)
    // As people type it: the file, then the key.
    var asked = 0
    for place in WhyAudit.places(document) {
      guard case .key("inputs")? = place.steps.first, case .position(let n) = place.steps[1],
        let file = document["inputs"]?[n]?["file"]?.text
      else { continue }
      let key = "\(file)#\(ResultPath(Array(place.steps.dropFirst(2))))"
      if asked % 7 == 0 { #expect(try document.find(key).path == place, "\(key)") }
      asked += 1
    }
    #expect(asked > 1000)

    // What is cut out of the middle is seen, in the document and in the report.
    guard case .object(var fields) = document, case .object(var traces)? = fields["traces"] else {
      Issue.record("no traces")
      return
    }
    let gone = try #require(traces.keys.first)
    traces[gone] = nil
    fields["traces"] = .object(traces)
    let torn = WhyAudit(.object(fields))
    #expect(torn.unresolved.contains { $0.hasSuffix("step \(gone) is missing") })
    let unlinked = String(decoding: report, as: UTF8.self)
      .replacingOccurrences(of: "href=\"#in-", with: "title=\"#in-")
    #expect(!WhyAudit(document, report: ByteView(utf8: unlinked)).unresolved.isEmpty)
  }

  @Test func whatChangedBetweenTwoRuns() throws {
    let folder = try StudyRunTests.folder()
    let first = try StudyRunTests.run(folder, jobs: 2)
    let a = try JSONText.parse(ByteView(first.document(run: ResultObject()).json))
    #expect(RunComparison(a, a).isSame)
    try FileManager.default.removeItem(atPath: folder.path + "/afm/(1ALD-1MLD)25/curve_02.ibw")
    let second = try StudyRunTests.run(folder, jobs: 2)
    let b = try JSONText.parse(ByteView(second.document(run: ResultObject()).json))
    let comparison = RunComparison(a, b)
    #expect(
      comparison.inputs.map(\.key) == ["afm/(1ALD-1MLD)25/curve_02.ibw"]
        && comparison.inputs.first?.after == nil)
    let modulus = try #require(
      comparison.numbers.first {
        $0.key == "summary.handover[sample=(1ALD-1MLD)25].modulus" && $0.after != nil
      })
    // By hand: the difference over the larger u of both documents.
    func quantity(_ document: ResultValue) throws -> (Double, Double) {
      let found = try document.find("summary.handover[sample=(1ALD-1MLD)25].modulus").value
      guard case .number(let x)? = found["value"], case .number(let u)? = found["u"] else {
        return (0, 1)
      }
      return (x, u)
    }
    let (p, q) = (try quantity(a), try quantity(b))
    #expect(modulus.inUncertainties == (q.0 - p.0) / max(p.1, q.1))
    #expect(comparison.program.isEmpty && comparison.options.isEmpty)
  }
}
