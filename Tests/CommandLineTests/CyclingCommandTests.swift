import Foundation
import TestSupport
import Testing

@Suite("Command line: cycler logs")
struct CyclingCommandTests {
  static let demo = "TestData/demo/cycling/(1ALD-1MLD)25.mpt"

  /// A square wave of 30 mV at 1 mA in half cycles of an hour, with one spike of one record.
  private func log(in folder: String, hours: Int, spikeAt row: Int) throws -> String {
    var text = "Test Time / s,Voltage / V,Current / A\n"
    for i in 0..<(hours * 360) {
      let s = (i / 360) % 2 == 0 ? 1.0 : -1.0
      text += "\(i * 10),\(i == row ? 0.5 : s * 0.03),\(s * 0.001)\n"
    }
    let path = folder + "/log.csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func temporaryFolder() throws -> String {
    let path = NSTemporaryDirectory() + "cycling-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func result(_ run: Tool.Result, _ n: Int = 0) throws -> [String: Any] {
    let inputs = try #require(run.json?["inputs"] as? [[String: Any]])
    return try #require(inputs[n]["result"] as? [String: Any])
  }

  @Test func aSymmetricCell() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try log(in: folder, hours: 20, spikeAt: 1000)
    let run = try Tool.run(["cycling", path, "--area", "2", "--json", "-o", folder + "/out"])
    #expect(run.status == 0, "\(run.err)")
    let found = try result(run)
    #expect(found["cell_type"] as? String == "symmetric")
    #expect(found["cell_type_source"] as? String == "detected")
    let cycles = try #require(found["cycles"] as? [String: Any])
    #expect(cycles["rows"] as? Int == 10)
    let density = try #require(found["current_density"] as? [String: Any])
    #expect(abs((density["value"] as? Double ?? 0) - 0.5) < 1e-9)
    let life = try #require(found["lifetime"] as? [String: Any])
    #expect(life["censored"] as? Bool == true && life["ended_by"] is NSNull)
    #expect((found["events"] as? [Any])?.isEmpty == true)
    // One record of 7200 stays in the figure and in its numbers.
    let numbers = try String(
      contentsOfFile: folder + "/out/figures/log.csv-trace.csv", encoding: .utf8)
    #expect(numbers.contains("500"))
    for file in ["log.csv-cycles.csv", "log.csv-half_cycles.csv", "results.csv", "report.html"] {
      #expect(FileManager.default.fileExists(atPath: folder + "/out/" + file), "\(file)")
    }
    // The log itself stands beside the results in the Battery Data Format.
    let bdf = try String(contentsOfFile: folder + "/out/log.csv.bdf.csv", encoding: .utf8)
    #expect(bdf.hasPrefix("Test Time / s,Voltage / V,Current / A\n"))
    #expect(bdf.split(separator: "\n").count == 7201)
    let crate = try String(
      contentsOfFile: folder + "/out/ro-crate-metadata.json", encoding: .utf8)
    #expect(crate.contains("log.csv.bdf.csv"))
    let why = try Tool.run(["why", folder + "/out/results.json", "overpotential_initial"])
    #expect(why.status == 0 && why.out.contains("half cycles"), "\(why.out) \(why.err)")
  }

  @Test func mergedFilesStandAtTheFirst() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let copy = folder + "/again.mpt"
    try FileManager.default.copyItem(atPath: Tool.packageRoot + "/" + Self.demo, toPath: copy)
    let run = try Tool.run(["cycling", Self.demo, copy, "--merge", "--json"])
    let inputs = try #require(run.json?["inputs"] as? [[String: Any]])
    try #require(inputs.count == 2)
    #expect(inputs[0]["result"] != nil && inputs[1]["result"] == nil)
    #expect(inputs[1]["merged_into"] as? String == inputs[0]["file"] as? String)
    // Twice the same instants: an overlap, which is said.
    #expect(run.status == 0 && run.err.contains("before the file before it ends"), "\(run.err)")
  }

  @Test func wrongUses() throws {
    #expect(try Tool.run(["cycling", Self.demo, "--working", "anode"]).status == 64)
    #expect(try Tool.run(["cycling", Self.demo, "--cell", "coin"]).status == 64)
    #expect(try Tool.run(["cycling", Self.demo, "--area", "1", "--disc", "10"]).status == 64)
    #expect(try Tool.run(["cycling", Self.demo, "--dqdv-window", "4"]).status == 64)
    let other = try Tool.run(["cycling", "TestData/demo/xas/(1ALD-1MLD)25.xdi", "--json"])
    #expect(other.status == 1)
  }
}
