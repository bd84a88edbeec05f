import Foundation
import TestSupport
import Testing

@Suite("Command line: analysis, simulation, provenance")
struct PipelineTests {
  static let demo = "TestData/demo/afm/(1ALD-1MLD)25/curve_01.ibw"
  static let film = [
    "--hole-radius", "1.35um", "--tip-radius", "50", "--poisson", "0.2", "--thickness",
    "10 ± 0.2 nm",
    "--elastic-limit", "none",
  ]

  static func curve(_ result: Tool.Result) throws -> [String: Any] {
    let input = try #require((result.json?["inputs"] as? [[String: Any]])?.first)
    let curves = try #require((input["result"] as? [String: Any])?["curves"] as? [[String: Any]])
    return try #require(curves.first)
  }

  @Test func aModulusNeedsTheSheetTakenOff() throws {
    let without = try Tool.run(["afm", Self.demo, "--json"] + Self.film)
    #expect(without.status == 0, "\(without.err)")
    let curve = try Self.curve(without)
    #expect(curve["modulus"] is NSNull)
    #expect((curve["e2d"] as? [String: Any])?["unit"] as? String == "N/m")
    let summary = try #require(without.json?["summary"] as? [String: Any])
    let handover = try #require((summary["handover"] as? [[String: Any]])?.first)
    #expect(handover["status"] as? String == "refused")
    #expect(handover["modulus"] is NSNull)

    let with = try Tool.run(
      ["afm", Self.demo, "--json", "--substrate-e2d", "340", "--substrate-e2d-u", "30"] + Self.film)
    let modulus = try #require(try Self.curve(with)["modulus"] as? [String: Any])
    let value = try #require(modulus["value"] as? Double)
    #expect(modulus["unit"] as? String == "GPa" && modulus["u"] is Double)
    // truth.json of the demo: 61 GPa on average, scatter 5 %.
    #expect(value > 50 && value < 72)
  }

  /// A row of the reference table of the exact plate: ν 0.2, σ/Y 6e-4, R/a 0.037, D/Ya² 4.8e-6; δ/a at
  /// F/Ya 1e-6, 2e-5, 4e-4 (design page of the technique; two independent solvers).
  @Test func predictionOfAPlate() throws {
    // Y 1000 N/m, a 1 µm: F/Ya = 1e-6 is 1 nN, D = 4.8e-6·Y·a² = 4.8 fJ.
    let result = try Tool.run([
      "afm", "--predict", "--json", "--model", "plate", "--e2d", "1000", "--pretension", "0.6",
      "--poisson", "0.2", "--hole-radius", "1000", "--tip-radius", "37", "--bending-stiffness",
      "4.8", "--thickness", "10", "--forces", "1,20,400",
    ])
    #expect(result.status == 0, "\(result.err)")
    let summary = try #require(result.json?["summary"] as? [String: Any])
    let prediction = try #require(summary["prediction"] as? [String: Any])
    let deflection = try #require(prediction["deflection"] as? [String: Any])
    #expect(deflection["unit"] as? String == "nm")
    let values = try #require(deflection["values"] as? [Double])
    for (found, known) in zip(values, [0.58458, 10.634, 62.727]) {
      #expect(abs(found / known - 1) < 1e-3, "\(found) nm, \(known) nm")
    }
    #expect(values.count == 3)
  }

  /// A soft sample on a hard base is no film: no modulus, whatever the options leave out.
  @Test func withoutAHoleThereIsNoModulus() throws {
    let result = try Tool.run(["afm", Self.demo, "--json"])
    #expect(result.status == 0)
    let curve = try Self.curve(result)
    #expect(curve["modulus"] is NSNull && curve["e2d"] is NSNull)
    #expect((curve["stiffness"] as? [String: Any])?["value"] is Double)
    #expect(result.err.contains("hole-radius"))
  }

  @Test func plateGivesTheContractsKeys() throws {
    let folder = try ScratchFolder()
    let result = try Tool.run(
      [
        "plate", "docs/examples/films.yaml", "--json", "--set", "stop.growth=0.5 nm", "--set",
        "numerics.spacing=0.5 nm", "-o", folder.path + "/out",
      ])
    #expect(result.status == 0, "\(result.err)")
    let inputs = try #require(result.json?["inputs"] as? [[String: Any]])
    #expect(inputs.first?["format"] as? String == "config-yaml")
    let cases = try #require(
      (inputs.first?["result"] as? [String: Any])?["cases"] as? [[String: Any]])
    #expect(
      cases.map { $0["label"] as? String } == ["(1ALD-1MLD)10", "(1ALD-1MLD)25", "(1ALD-1MLD)50"])
    for plate in cases {
      for key in [
        "pv_initial", "pv_final", "pv_ratio", "growth", "far_field_rise", "time",
        "tip_stress_initial", "valley_stress_initial", "tip_stress_final", "valley_stress_final",
        "tip_stress_extreme", "hoop_stress_final", "mean_speed", "film_thickness", "film_modulus",
      ] {
        let quantity = plate[key] as? [String: Any]
        #expect(quantity?["value"] is Double || quantity?["value"] is Int, "\(key)")
        #expect(quantity?["unit"] is String, "\(key)")
      }
      #expect(
        plate["status"] as? String == "finished" && plate["solver"] as? String == "phase-field")
    }
    let summary = try #require(result.json?["summary"] as? [String: Any])
    #expect(summary["cases"] as? Int == 3)
    for name in [
      "results.json", "results.csv", "results.sqlite", "report.html", "ro-crate-metadata.json",
    ] {
      #expect(FileManager.default.fileExists(atPath: "\(folder.path)/out/\(name)"), "\(name)")
    }
  }

  @Test func delaminateGivesTheContractsKeys() throws {
    let folder = try ScratchFolder()
    let result = try Tool.run(
      [
        "delaminate", "docs/examples/delamination.yaml", "absent.yaml", "--json", "--set",
        "mesh.columns=50", "--set", "mesh.rows=1", "-o", folder.path + "/out",
      ])
    // The batch goes on after a configuration that cannot be read.
    #expect(result.status == 1 && result.err.contains("error: absent.yaml: "), "\(result.err)")
    let inputs = try #require(result.json?["inputs"] as? [[String: Any]])
    let cases = try #require(
      (inputs.first?["result"] as? [String: Any])?["cases"] as? [[String: Any]])
    #expect(inputs.count == 2 && cases.count == 12)
    for item in cases {
      for (key, unit) in [
        ("pressure", "MPa"), ("opening", "nm"), ("opening_over_thickness", "1"),
        ("stable_load_fraction", "1"), ("max_damage", "1"), ("crack_length", "nm"),
        ("process_zone_length", "nm"), ("film_thickness", "nm"), ("film_modulus", "GPa"),
      ] {
        let quantity = item[key] as? [String: Any]
        #expect(quantity?["value"] is Double || quantity?["value"] is Int, "\(key)")
        #expect(quantity?["unit"] as? String == unit, "\(key)")
      }
      #expect(item["status"] as? String == "finished" && item["delaminates"] as? Bool == false)
      #expect(item["load_steps"] is Int && item["iterations"] is Int)
    }
    let files = try #require(
      (inputs.first?["result"] as? [String: Any])?["files"] as? [String])
    #expect(files.contains("figures/thickness.svg") && files.count == 13)
    for name in files + ["results.json", "results.csv", "report.html", "figures/thickness.csv"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder.path)/out/\(name)"), "\(name)")
    }
    let summary = try #require(result.json?["summary"] as? [String: Any])
    #expect(summary["delaminated"] as? Int == 0 && summary["cases"] as? Int == 12)
  }

  /// The rows of `verify` with the contract's keys; exit 1 where one fails, unknown answers are null.
  @Test func verifyGivesTheContractsKeys() throws {
    let good = try Tool.run(["verify", "dcb", "patch-test", "--json"])
    #expect(good.status == 0, "\(good.err)")
    let summary = try #require(good.json?["summary"] as? [String: Any])
    let rows = try #require(summary["cases"] as? [[String: Any]])
    #expect(rows.count == 5 && summary["passed"] as? Int == 5 && summary["failed"] as? Int == 0)
    #expect((good.json?["inputs"] as? [Any])?.isEmpty == true)
    for row in rows {
      #expect(
        Set(row.keys) == [
          "id", "quantity", "unit", "parameters", "reference", "reference_source", "result",
          "error",
          "error_kind", "tolerance", "order", "order_expected", "pass",
        ])
      #expect(row["pass"] as? Bool == true)
    }
    let times = (good.json?["run"] as? [String: Any])?["cases"] as? [String: Any]
    #expect(times?["dcb"] is Double || times?["dcb"] is Int)
    // A crack as long as the arm is thick is no beam: nobody knows the answer.
    let unknown = try Tool.run(["verify", "dcb", "--set", "crack_length=2 mm", "--json"])
    #expect(unknown.status == 0)
    let none = (unknown.json?["summary"] as? [String: Any])?["cases"] as? [[String: Any]]
    #expect(none?.first?["reference"] is NSNull && none?.first?["pass"] is NSNull)
    // On a foundation stiffer than the arm itself beam theory fails, and the row with it.
    let bad = try Tool.run(["verify", "dcb", "--set", "interface_stiffness=1e17 Pa/m"])
    #expect(bad.status == 1 && bad.out.contains("FAIL"), "\(bad.out)")
  }

  /// No equilibrium is a finding: a warning, a share of the load, no opening, exit 0.
  @Test func aFilmThatComesOffIsAFinding() throws {
    let sets = [
      "geometry.initial_damage=16 nm", "geometry.half_length=80 nm",
      "interface.strength=100 MPa", "interface.energy=0.2 J/m2",
    ]
    let result = try Tool.run(
      ["delaminate", "-", "--json"] + sets.flatMap { ["--set", $0] }, input: Data())
    #expect(result.status == 0)
    #expect(result.err.contains("delaminates at 37 % of the load of 100 MPa"), "\(result.err)")
    let inputs = try #require(result.json?["inputs"] as? [[String: Any]])
    let only = try #require(
      ((inputs.first?["result"] as? [String: Any])?["cases"] as? [[String: Any]])?.first)
    #expect(inputs.first?["status"] as? String == "warning")
    #expect(only["opening"] is NSNull && only["delaminates"] as? Bool == true)
    #expect(only["status"] as? String == "delaminated")
  }

  /// The printed defaults are a valid configuration that equals an empty one.
  @Test func printedDefaultsEqualAnEmptyConfiguration() throws {
    let defaults = try Tool.run(["plate", "--print-defaults"])
    #expect(defaults.status == 0)
    let sets = ["--set", "stop.growth=0.3 nm", "--set", "numerics.spacing=0.5 nm", "--json"]
    let runs = try [defaults.out, ""].map {
      try Tool.run(
        ["plate", "-"] + sets, input: Data($0.utf8), environment: ["SOURCE_DATE_EPOCH": "0"])
    }
    let results = try runs.map { run -> NSDictionary in
      let input = try #require((run.json?["inputs"] as? [[String: Any]])?.first)
      let result = try #require(input["result"] as? [String: Any])
      // The sources differ, and should: a printed default stands in a line of the configuration.
      return ["cases": Self.withoutSources(try #require(result["cases"]))] as NSDictionary
    }
    #expect(results[0] == results[1])
  }

  static func withoutSources(_ value: Any) -> Any {
    if let list = value as? [Any] { return list.map(withoutSources) }
    guard let object = value as? [String: Any] else { return value }
    return object.filter { $0.key != "source" }.mapValues(withoutSources)
  }

  @Test func aFolderThatCannotBeWrittenIsAnError() throws {
    let folder = try ScratchFolder()
    let file = try folder.write("taken", [1])
    let result = try Tool.run(["plate", "docs/examples/films.yaml", "-o", file])
    #expect(result.status == 1 && result.err.hasPrefix("error: \(file): "), "\(result.err)")
  }

  /// `why` ends in bytes, and names the file that changed.
  @Test func whyLeadsToBytesAndSeesAChange() throws {
    let folder = try ScratchFolder()
    let curve = try Data(contentsOf: URL(fileURLWithPath: Tool.packageRoot + "/" + Self.demo))
    let path = try folder.write("raw/n25/curve.ibw", Array(curve))
    let out = folder.path + "/out"
    let run = try Tool.run(
      ["afm", folder.path + "/raw", "-o", out, "--quiet", "--substrate-e2d", "340 ± 30"] + Self.film
    )
    #expect(run.status == 0, "\(run.err)")
    let journal = try String(contentsOfFile: out + "/journal.jsonl", encoding: .utf8)
    let lines = journal.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("\"options_sha256\""))
    #expect(lines[1].contains("n25/curve.ibw") && lines[1].contains("\"mtime_ns\""))
    let key = "n25/curve.ibw#result.curves[0].modulus"
    let whole = try Tool.run(["why", out + "/results.json", key])
    #expect(whole.status == 0, "\(whole.err)")
    #expect(whole.out.contains("n25/curve.ibw bytes "))
    #expect(whole.out.contains("  OK\n") && !whole.out.contains("CHANGED"))

    var damaged = Array(curve)
    damaged[9000] ^= 1
    try Data(damaged).write(to: URL(fileURLWithPath: path))
    let changed = try Tool.run(["why", out + "/results.json", key, "--json"])
    #expect(changed.status == 1)
    let sources = try #require(changed.json?["sources"] as? [[String: Any]])
    #expect(!sources.isEmpty && sources.allSatisfy { $0["status"] as? String == "CHANGED" })

    let unknown = try Tool.run(["why", out + "/results.json", "modulos"])
    #expect(unknown.status == 64 && unknown.out.isEmpty)
  }
}
