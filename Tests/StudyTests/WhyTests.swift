import Bytes
import Foundation
import Output
import Study
import Tables
import TestSupport
import Testing

/// Every number of a results document leads to what it was made from (data-model.md §9).
@Suite("Why")
struct WhyTests {
  /// The places of all numbers of a document.
  private static func numbers(_ document: ResultValue) -> [ResultPath] {
    var found: [ResultPath] = []
    var open: [(value: ResultValue, path: [ResultPath.Step])] = [(document, [])]
    while let (value, path) = open.popLast() {
      switch value {
      case .number, .integer, .quantity: found.append(ResultPath(path))
      case .list(let list):
        for (n, element) in list.enumerated() { open.append((element, path + [.position(n)])) }
      case .object(let object):
        for key in object.keys where path.isEmpty ? key != "traces" : true {
          open.append((object[key] ?? .null, path + [.key(key)]))
        }
      default: break
      }
    }
    return found
  }

  @Test func everyNumberOfAMixedBatchResolves() throws {
    let run = try StudyRunTests.run(try StudyRunTests.folder(), jobs: 2)
    let bytes = run.document(run: ResultObject()).json
    let document = try JSONText.parse(ByteView(bytes))
    let places = Self.numbers(document)
    #expect(places.count > 500)
    var bases: [WhyAnswer.Basis: Int] = [:]
    for place in places {
      let answer = WhyAnswer(place, in: document)
      bases[answer.basis, default: 0] += 1
      #expect(answer.chain.lines.allSatisfy { $0.step != nil }, "\(place)")
      // What comes from a file ends in one, unless it is an option or the file could not be read.
      if answer.basis == .value {
        #expect(answer.chain.lines.contains { $0.step?["source"] != nil }, "\(place)")
      }
    }
    #expect((bases[.value] ?? 0) + (bases[.around] ?? 0) > 300, "\(bases)")
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
