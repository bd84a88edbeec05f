import Foundation
import TestSupport
import Testing

/// The queries of docs/outputs.md on the database of a real batch.
@Suite("Command line: queries of results.sqlite")
struct DatabaseQueryTests {
  /// The statements of the page, each with the comment before it.
  private static func queries() throws -> [(title: String, sql: String)] {
    let page = try String(contentsOfFile: Tool.packageRoot + "/docs/outputs.md", encoding: .utf8)
    let blocks = page.components(separatedBy: "```sql\n").dropFirst()
    return blocks.flatMap { block in
      (block.components(separatedBy: "```").first ?? "").components(separatedBy: "-- ").dropFirst()
        .map { text in
          let lines = text.split(separator: "\n", maxSplits: 1).map(String.init)
          return (lines.first ?? "", lines.last ?? "")
        }
    }
  }

  @Test func everyQueryOfThePageGivesRows() throws {
    let folder = try ScratchFolder()
    let demo = URL(fileURLWithPath: Tool.packageRoot + "/TestData/demo/afm/(1ALD-1MLD)25")
    for n in 1...3 {
      let curve = try Data(contentsOf: demo.appendingPathComponent("curve_0\(n).ibw"))
      try folder.write("data/curve_0\(n).ibw", Array(curve))
      if n == 1 { try folder.write("data/cut.ibw", Array(curve.prefix(200))) }
    }
    let out = folder.path + "/results"
    let run = try Tool.run(
      ["afm", folder.path + "/data", "-o", out, "--quiet"] + PipelineTests.film)
    #expect(run.status == 1, "\(run.err)")
    let path = out + "/results.sqlite"
    let queries = try Self.queries()
    #expect(queries.count == 9)
    var answers: [String: [String]] = [:]
    for (title, sql) in queries {
      let rows = DatabaseText.rows(path, sql)
      // Every query asks for several columns; the words of a failure hold no bar.
      #expect(!rows.isEmpty && rows.allSatisfy { $0.contains("|") }, "\(title) \(rows)")
      answers[String(title.prefix { $0 != "," && $0 != "." })] = rows
    }
    // Three curves, as results.json has them, the largest first.
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: out + "/results.json")))
    let inputs = try #require((json as? [String: Any])?["inputs"] as? [[String: Any]])
    let values = inputs.compactMap { input -> Double? in
      let curves = (input["result"] as? [String: Any])?["curves"] as? [[String: Any]]
      return (curves?.first?["e2d"] as? [String: Any])?["value"] as? Double
    }
    let one = try #require(answers["One number of every input"])
    #expect(one.map { $0.split(separator: "|")[2] } == ["N/m", "N/m", "N/m"])
    let found = one.compactMap { Double($0.split(separator: "|")[1]) }
    #expect(values.count == 3 && found.count == 3)
    for (a, b) in zip(found, values.sorted(by: >)) { #expect(abs(a / b - 1) < 1e-12) }
    #expect(answers["The same out of the wide view"]?.count == 3)
    #expect(
      answers["How some keys scatter over the batch"]?.allSatisfy { $0.contains("|3|") } == true)
    #expect(answers["Inputs that failed"]?.count == 1)
    #expect(answers["Inputs that failed"]?.first?.hasPrefix("cut.ibw|") == true)
    let bytes = try #require(answers["The bytes that a number was made of"])
    #expect(bytes.allSatisfy { $0.hasPrefix("curve_01.ibw|byte ") })
    #expect(answers["Which program and command made all this"]?.contains("command|afm") == true)
  }
}
