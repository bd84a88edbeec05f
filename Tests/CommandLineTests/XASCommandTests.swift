import Foundation
import TestSupport
import Testing

@Suite("Command line: absorption spectra")
struct XASCommandTests {
  static let sample = "TestData/xas/xdi/al_k_edge.xdi"
  static let project = "TestData/xas/athena/three_groups.prj"

  private func temporaryFolder() throws -> String {
    let path = NSTemporaryDirectory() + "xas-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func spectra(_ run: Tool.Result, _ n: Int = 0) throws -> [[String: Any]] {
    let inputs = try #require(run.json?["inputs"] as? [[String: Any]])
    let result = try #require(inputs[n]["result"] as? [String: Any])
    return try #require(result["spectra"] as? [[String: Any]])
  }

  /// A copy of the sample with all energies 0.3 eV lower is found there.
  @Test func shiftsOfACopy() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = try String(contentsOfFile: Tool.packageRoot + "/" + Self.sample, encoding: .utf8)
    var moved = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let cells = line.split(separator: " ")
      if let first = cells.first, let energy = Double(first) {
        moved += "\(energy - 0.3) \(cells.dropFirst().joined(separator: " "))\n"
      } else {
        moved += line + "\n"
      }
    }
    let copy = folder + "/after.xdi"
    try moved.write(toFile: copy, atomically: true, encoding: .utf8)
    let run = try Tool.run(
      ["xas", Self.sample, copy, "--reference", Self.sample, "--json", "-o", folder + "/out"])
    #expect(run.status == 0, "\(run.err)")
    let inputs = try #require(run.json?["inputs"] as? [[String: Any]])
    let after = try #require(
      inputs.firstIndex { ($0["file"] as? String)?.hasSuffix("after.xdi") == true })
    let shift = try #require(try spectra(run, after)[0]["shift"] as? [String: Any])
    let value = try #require(shift["value"] as? [String: Any])
    #expect(((value["value"] as? Double ?? 0) + 0.3).magnitude < 1e-3)
    #expect((value["u"] as? Double ?? 1) < 0.01 && value["unit"] as? String == "eV")
    let summary = try #require(run.json?["summary"] as? [String: Any])
    #expect(summary["spectra"] as? Int == 2 && summary["reference"] as? String == Self.sample)
    for file in [
      "results.json", "results.csv", "results.sqlite", "report.html", "ro-crate-metadata.json",
      "journal.jsonl", "figures/after.xdi-raw.svg", "figures/after.xdi-norm.svg",
      "figures/after.xdi-peak.svg", "figures/overlay-al-k.svg",
    ] {
      #expect(FileManager.default.fileExists(atPath: folder + "/out/" + file), "\(file)")
    }
    let why = try Tool.run(
      ["why", folder + "/out/results.json", "after.xdi#spectra[0].shift.value"])
    #expect(why.status == 0, "\(why.err)")
    #expect(why.out.contains("after.xdi") && why.out.contains("al_k_edge.xdi"), "\(why.out)")
  }

  @Test func aProjectGivesARowASpectrum() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try Tool.run(
      [
        "xas", Self.project, "--json", "--arrays", "--pre", "-50:-20", "--e0", "1.5665 keV",
        "--normalise=none", "-o", folder + "/out",
      ])
    #expect(run.status == 0, "\(run.err)")
    let all = try spectra(run)
    #expect(all.count >= 2)
    let arrays = try #require(all[0]["arrays"] as? [String: Any])
    #expect((arrays["energy"] as? [Any])?.isEmpty == false)
    let csv = try String(contentsOfFile: folder + "/out/results.csv", encoding: .utf8)
    #expect(csv.split(separator: "\n").count == all.count + 1)
  }

  @Test func textForPeople() throws {
    let run = try Tool.run(["xas", Self.sample])
    #expect(run.status == 0 && run.out.contains("Al K") && run.out.contains("{mutrans}"))
    #expect(run.out.contains("E0") && run.out.contains("calibration"))
  }

  @Test func wrongUses() throws {
    for arguments in [
      ["--e0", "abc"], ["--pre", "-20"], ["--mu", "ln($1"], ["--convention", "ifeffit"],
      ["--element", "Xx"],
    ] {
      let run = try Tool.run(["xas", Self.sample] + arguments)
      #expect(run.status == 64, "\(arguments) \(run.err)")
    }
    #expect(try Tool.run(["xas"]).status == 64)
    let absent = try Tool.run(["xas", Self.sample, "--reference", "#nothing"])
    #expect(absent.status == 1 && absent.err.contains("nothing"), "\(absent.err)")
    let column = try Tool.run(["xas", Self.sample, "--mu", "$9/$1"])
    #expect(column.status == 1 && column.err.contains("$9"), "\(column.err)")
  }
}
