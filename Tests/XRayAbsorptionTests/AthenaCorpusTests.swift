import Foundation
import FormatRegistry
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// Every Athena project of the corpus: groups, points and sums as larch reads them, the steps that
/// Athena stored, and larch's own normalisation of each group (truth files, larch 2026.3).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct AthenaCorpusTests {
  static let files = [
    "ESRF_Athena0920", "Fe-K-ALS-10.3.2", "FeO", "FeS2", "MoO3-tutorial", "P_CAMD", "cyanobacteria",
    "dispersive", "json_unzipped", "sulfate",
  ]

  struct Group {
    var table: Table
    var truth: [String: Any]
    var names: Set<String>
    func number(_ key: String) -> Double? { table.metadata.text(key).flatMap(Double.init) }
    var scan: AbsorptionScan? {
      guard let energy = table["photon_energy"]?.real, let mu = table["mu"]?.real else {
        return nil
      }
      return AbsorptionScan(energy: energy, mu: mu)
    }
  }

  static func groups(_ name: String) throws -> [Group] {
    let path = Corpus.path("xas/prj/\(name).prj")
    let dataset = try InputReader().read(path: path).outcome.get()
    #expect(dataset.format == "athena" && dataset.complete)
    let truth = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: path + ".truth.json"))) as? [String: Any])
    let wanted = try #require(truth["groups"] as? [[String: Any]])
    // Arrays of another length than their group's energies stand beside the tables.
    let odd = dataset.diagnostics.filter { $0.code == "athena.lengths" }.map(\.count).reduce(0, +)
    try #require(dataset.tables.count == wanted.count, "\(name)")
    #expect(dataset.grids.count == odd, "\(name)")
    let names = Set(dataset.tables.map(\.name) + dataset.grids.map(\.name))
    return zip(dataset.tables, wanted).map { Group(table: $0, truth: $1, names: names) }
  }

  @Test(arguments: files) func groupsHoldWhatTheyShould(_ name: String) throws {
    for group in try Self.groups(name) {
      let label = try #require(group.truth["label"] as? String)
      #expect(group.table.metadata.text("label") == label)
      #expect(group.table.rows == group.truth["n"] as? Int, "\(label)")
      let x = try #require(group.table.columns.first { $0.label == "x" }?.real)
      let y = try #require(group.table.columns.first { $0.label == "y" }?.real)
      func close(_ a: Double?, _ key: String) {
        guard let b = group.truth[key] as? Double, let a else { return }
        #expect((a - b).magnitude <= 1e-9 * max(1, b.magnitude), "\(key) of \(label)")
      }
      close(x.first, "x_first")
      close(x.last, "x_last")
      close(y.reduce(0, +), "y_sum")
      close(y.min(), "y_min")
      close(y.max(), "y_max")
      if let hasI0 = group.truth["has_i0"] as? Bool {
        let found =
          group.table["incident_intensity"] != nil || group.names.contains("\(label) i0")
        #expect(found == hasI0, "\(label)")
      }
    }
  }

  /// larch's defaults on every group, and Athena's own step by its stored parameters.
  @Test func stepsAreThoseOfThePrograms() throws {
    var (larch, stored, asDescribed, near) = (0, 0, 0, 0)
    for name in Self.files {
      for group in try Self.groups(name) {
        guard let scan = group.scan else { continue }
        let label = "\(name): \(group.table.name)"
        if let wanted = group.truth["pre_edge_larch_defaults"] as? [String: Any],
          let e0 = wanted["e0"] as? Double, let step = wanted["edge_step"] as? Double
        {
          let ours = try #require(LarchConvention.normalise(scan), "\(label)")
          larch += 1
          #expect((ours.e0 - e0).magnitude < 1e-5, "larch's e0 of \(label)")
          #expect((ours.edgeStep / step - 1).magnitude < 1e-6, "larch's step of \(label)")
        }
        guard let wanted = group.truth["athena_mode"] as? [String: Any],
          let step = wanted["edge_step"] as? Double
        else { continue }
        var choices = NormalisationChoices()
        choices.e0 = group.number("bkg_e0")
        func range(_ a: String, _ b: String) -> ClosedRange<Double>? {
          guard let a = group.number(a), let b = group.number(b) else { return nil }
          return min(a, b)...max(a, b)
        }
        choices.pre = range("bkg_pre1", "bkg_pre2")
        choices.post = range("bkg_nor1", "bkg_nor2")
        choices.degree = Int(group.number("bkg_nnorm") ?? 3) - 1
        var shifted = scan
        let shift = group.number("bkg_eshift") ?? 0
        shifted.energy = scan.energy.map { $0 + shift }
        let ours = try #require(AthenaConvention.normalise(shifted, choices), "\(label)")
        stored += 1
        if (ours.edgeStep / step - 1).magnitude < 1e-4 {
          asDescribed += 1
        }
        if let own = wanted["step_stored_by_Athena"] as? Double,
          (ours.edgeStep / own - 1).magnitude < 1e-4
        {
          near += 1
        }
      }
    }
    #expect(larch == 60 && stored == 60)
    #expect(asDescribed == stored && near >= 39)
  }

  /// A project whose gzip is cut gives its nine whole groups and says so.
  @Test func cutProjectGivesItsWholeGroups() throws {
    let path = Corpus.path("xas/derived/P_CAMD.gzcut.prj")
    let dataset = try InputReader().read(path: path).outcome.get()
    #expect(dataset.tables.count == 9 && !dataset.complete)
    #expect(dataset.diagnostics.contains { $0.code == "athena.cut" })
    #expect(dataset.diagnostics.contains { $0.code == "gzip.truncated" })
  }
}
