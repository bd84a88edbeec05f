import Foundation
import TestSupport
import Testing

/// The results of `tools/demo`, checked against what the generator of the curves knows.
@Suite("The shipped study, as run by tools/demo")
struct DemoTests {
  static let results = Tool.packageRoot + "/demo-results/results.json"

  static func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// Each film's modulus lies within its stated uncertainty of the truth: 36 curves, three films.
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: results), "run tools/demo first: no demo-results"))
  func recoversTheModuli() throws {
    let summary = try #require(try Self.json(Self.results)["summary"] as? [String: Any])
    let samples = try #require(summary["samples"] as? [[String: Any]])
    let truth = try Self.json(Tool.packageRoot + "/TestData/demo/truth.json")
    let films = try #require(truth["samples"] as? [String: [String: Any]])
    #expect(samples.count == 3)
    for sample in samples {
      let name = try #require(sample["sample"] as? String)
      let modulus = try #require(sample["modulus"] as? [String: Any])
      let value = try #require(modulus["value"] as? Double)
      let u = try #require(modulus["u"] as? Double)
      let known = try #require(films[name]?["true_mean_modulus_GPa"] as? Double)
      print("\(name): \(value) ± \(u) GPa, known \(known) GPa")
      #expect(modulus["unit"] as? String == "GPa")
      #expect(abs(value - known) < 2 * u, "\(name)")
      #expect(u < 0.2 * known, "\(name): an uncertainty that says something")
      let plate = try #require(sample["plate"] as? [[String: Any]])
      #expect(plate.count == 1 && plate[0]["status"] as? String == "finished")
    }
  }
}
