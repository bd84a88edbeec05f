import Foundation
import TestSupport
import Testing

@Suite("Command line: lint")
struct LintCommandTests {
  /// A charge at 1 mA whose counter has hours for seconds, as a small Battery Data Format file.
  private func file(_ folder: String, factor: Double) throws -> String {
    var text = "Test Time / s,Voltage / V,Current / A,Charging Capacity / Ah\n"
    for row in 0..<40 {
      let time = Double(row) * 60
      text += "\(time),\(3.3 + 0.005 * Double(row)),0.001,\(0.001 * time / 3600 * factor)\n"
    }
    let path = folder + "/log-\(Int(factor)).bdf.csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func findings(_ run: Tool.Result) throws -> [[String: Any]] {
    let inputs = try #require(run.json?["inputs"] as? [[String: Any]])
    return try #require(inputs.first?["lint"] as? [[String: Any]])
  }

  @Test func wrongUnitIsAWarningWithPlaceAndCause() throws {
    let folder = NSTemporaryDirectory() + "lint-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let wrong = try Tool.run(["lint", try file(folder, factor: 3600), "--json"])
    #expect(wrong.status == 0)
    let all = try findings(wrong)
    #expect(all.count == 24)
    for finding in all {
      for key in ["code", "outcome", "value", "threshold", "place", "message"] {
        #expect(finding[key] != nil, "\(key) of \(finding["code"] ?? "")")
      }
    }
    let warning = try #require(all.first { $0["outcome"] as? String == "warn" })
    #expect(warning["code"] as? String == "charge-vs-integral")
    #expect(warning["place"] as? String == "line 2")
    #expect((warning["message"] as? String)?.contains("a factor 3600") == true)
    let ratio = try #require(warning["value"] as? Double)
    #expect(abs(ratio - 3600) < 1)

    let right = try Tool.run(["lint", try file(folder, factor: 1), "--json"])
    #expect(try !findings(right).contains { $0["outcome"] as? String == "warn" })
    let text = try Tool.run(["lint", try file(folder, factor: 3600)])
    #expect(text.out.contains("1 warn"))
    #expect(text.out.contains("charge-vs-integral: line 2: "))
  }

  @Test func exitStatus() throws {
    let unknown = try Tool.run(["lint", "--rule", "kk-residuals", "TestData/demo"])
    #expect(unknown.status == 64)
    #expect(unknown.err.contains("did you mean 'kk-residual'?"))
    #expect(try Tool.run(["lint"]).status == 64)
    #expect(try Tool.run(["lint", "TestData/no-such-file"]).status == 1)
    #expect(try Tool.run(["lint", "--list"]).out.contains("charge-vs-integral"))
  }

  /// The demo is clean.
  @Test func demoGivesNoWarning() throws {
    let run = try Tool.run(["lint", "TestData/demo", "--json"])
    #expect(run.status == 0)
    let summary = try #require(run.json?["summary"] as? [String: Any])
    #expect(summary["warnings"] as? Int == 0)
  }
}
