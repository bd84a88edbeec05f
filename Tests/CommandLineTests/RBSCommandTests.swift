import Foundation
import TestSupport
import Testing

@Suite("Command line: backscattering spectra")
struct RBSCommandTests {
  private static func sample(aluminium: Double) -> String {
    """
    beam: {ion: 4He, energy: 2 MeV, charge: 20 uC}
    geometry: {type: ibm, incidence: 0, scattering: 170}
    detector: {solid_angle: 3 msr, offset: 20, slope: 2, fwhm: 15, channels: 700}
    layers:
      - {name: film, elements: {Al: \(aluminium), O: 600}, density: 3 g/cm3}
      - {name: Na, substrate: true, areal_density: 6e4, atoms: {Na: 1}}
    fit: {range: [[300ch, 600ch]]}
    """
  }

  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "rbs-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func result(_ run: Tool.Result, _ n: Int = 0) throws -> [String: Any] {
    let inputs = try #require(run.json?["inputs"] as? [[String: Any]], "\(run.err)")
    return try #require(inputs[n]["result"] as? [String: Any], "\(run.err)")
  }

  private func value(_ quantity: Any?) -> Double {
    (quantity as? [String: Any])?["value"] as? Double ?? .nan
  }

  /// What is simulated is found again by a fit that starts elsewhere, and by its own export.
  @Test func simulateThenFit() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.sample(aluminium: 400).write(
      toFile: folder + "/film.yaml", atomically: true, encoding: .utf8)
    let simulated = try Tool.run([
      "rbs", "simulate", folder + "/film.yaml", "--json", "-o", folder + "/simulated",
    ])
    #expect(simulated.status == 0, "\(simulated.err)")
    let spectrum = try #require(try result(simulated)["spectrum"] as? [String: Any])
    let total = try #require(spectrum["total"] as? [String: Any])
    let counts = try #require(total["values"] as? [Double])
    #expect(counts.count == 700)
    let text = counts.map { "\(Int($0.rounded()))" }.joined(separator: "\n") + "\n"
    try text.write(toFile: folder + "/counts.txt", atomically: true, encoding: .utf8)
    try Self.sample(aluminium: 300).write(
      toFile: folder + "/start.yaml", atomically: true, encoding: .utf8)
    let fitted = try Tool.run([
      "rbs", "fit", folder + "/counts.txt", "--sample", folder + "/start.yaml", "--json", "-o",
      folder + "/fitted",
    ])
    #expect(fitted.status == 0, "\(fitted.err)")
    #expect(!fitted.err.contains("calibration"), "the sample file gives one: \(fitted.err)")
    let fit = try result(fitted)
    let densities = try #require(fit["areal_density"] as? [String: Any])
    let aluminium = try #require(densities["Al"] as? [String: Any])
    let u = try #require(aluminium["u"] as? Double)
    #expect((value(aluminium) - 400).magnitude < max(0.3 * u, 0.4))
    #expect(u > 0.1 && u < 20 && aluminium["unit"] as? String == "10*15/cm2")
    #expect(value(fit["thickness"]) > 10)
    for file in ["counts.csv", "counts.xnra", "report.html", "results.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder + "/fitted/" + file), "\(file)")
    }
    let again = try Tool.run(["rbs", "simulate", folder + "/simulated/film.xnra", "--json"])
    #expect(again.status == 0, "\(again.err)")
    let (first, second) = (
      value(try result(simulated)["total_counts"]), value(try result(again)["total_counts"])
    )
    #expect((second / first - 1).magnitude < 1e-9)
    let ratio = try #require(try result(again)["stored"] as? [String: Any])
    #expect((value(ratio["ratio"]) - 1).magnitude < 1e-9)
    let why = try Tool.run(["why", folder + "/fitted/results.json", "counts.txt#areal_density.Al"])
    #expect(why.status == 0 && why.out.contains("OK"), "\(why.out)\(why.err)")
  }

  /// Reference: design of the technique, 4He of 2000 keV at 170°.
  @Test func physicsOfTargets() throws {
    let run = try Tool.run([
      "rbs", "physics", "--targets", "Al,H", "--stopping", "zbl95", "--json",
    ])
    let summary = try #require(run.json?["summary"] as? [String: Any])
    let targets = try #require(summary["targets"] as? [[String: Any]])
    #expect((value(targets[0]["kinematic_factor"]) - 0.552508).magnitude < 1e-5)
    #expect((value(targets[0]["electronic_stopping"]) / 44.2217 - 1).magnitude < 1e-5)
    #expect(targets[1]["kinematic_factor"] is NSNull)
  }

  @Test func optionsStandBeforeTheFile() throws {
    let run = try Tool.run([
      "rbs", "TestData/rbs/amptek-mca/oxide.mca", "--ion", "4He", "--energy", "2 MeV",
      "--scattering", "165", "--fwhm", "15", "--offset", "20", "--slope", "2", "--json",
    ])
    #expect(run.status == 0, "\(run.err)")
    let spectra = try #require(try result(run)["spectra"] as? [[String: Any]])
    let setup = try #require(spectra[0]["setup"] as? [String: Any])
    #expect(value(setup["energy"]) == 2000 && setup["ion"] as? String == "4He")
    let calibration = try #require(spectra[0]["calibration"] as? [String: Any])
    #expect(value(calibration["slope"]) == 2 && calibration["source"] as? String == "option")
  }

  @Test func mistakesEndWith64() throws {
    let spectrum = "TestData/rbs/amptek-mca/oxide.mca"
    for (arguments, word) in [
      (["rbs", "fit", spectrum], "--sample"), (["rbs", spectrum, "--energy", "2 mm"], "keV"),
      (["rbs", spectrum, "--ion", "Xx"], "4He"),
      (["rbs", spectrum, "--setup", "no-such.yaml"], "no-such.yaml"),
      (["rbs", "physics", "--targets", "Qq"], "element"),
      (["rbs", spectrum, "--elements", "Al,Zz"], "Zz"),
    ] {
      let run = try Tool.run(arguments)
      #expect(run.status == 64 && run.out.isEmpty, "\(arguments): \(run.status)")
      #expect(run.err.contains(word), "\(arguments): \(run.err)")
    }
  }

  /// A study that names a sample fits the spectra of its folder and hands the densities to the summary.
  @Test func studyFits() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.sample(aluminium: 400).write(
      toFile: folder + "/start.yaml", atomically: true, encoding: .utf8)
    let simulated = try Tool.run(["rbs", "simulate", folder + "/start.yaml", "--json"])
    let spectrum = try #require(try result(simulated)["spectrum"] as? [String: Any])
    let total = try #require((spectrum["total"] as? [String: Any])?["values"] as? [Double])
    try FileManager.default.createDirectory(
      atPath: folder + "/n10", withIntermediateDirectories: true)
    try (total.map { "\(Int($0.rounded()))" }.joined(separator: "\n") + "\n").write(
      toFile: folder + "/n10/counts.txt", atomically: true, encoding: .utf8)
    try "study: 1\nrbs: {sample: start.yaml}\n".write(
      toFile: folder + "/study.yaml", atomically: true, encoding: .utf8)
    let run = try Tool.run(["run", folder, "--json"])
    #expect(run.status == 0, "\(run.err)")
    let summary = try #require(run.json?["summary"] as? [String: Any])
    let samples = try #require(summary["samples"] as? [[String: Any]])
    let densities = samples.compactMap { $0["areal_density"] as? [String: Any] }
    #expect(densities.count == 1)
    #expect((value(densities.first?["Al"]) - 400).magnitude < 0.5)
  }
}
