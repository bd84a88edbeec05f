import IonBeamAnalysis
import Tables
import Testing
import Units

/// What `rbs physics` prints, against the reference table of the specification.
@Suite("RBS physics of targets")
struct TargetPhysicsTests {
  /// 4He of 2000 keV at 170°: K, edge in keV, σ in mb/sr, stopping by three sets in eV/(1e15 at/cm2).
  @Test func table() throws {
    let rows: [(String, Double, Double, Double, [StoppingSet: Double])] = [
      ("Li", 0.076104, 152.21, 5.4419, [.zbl95: 15.9591, .icru49: 15.925]),
      (
        "C", 0.252302, 504.60, 37.5429,
        [.zbl95: 27.7068, .zbl95KonacKalbitzer: 28.4209, .icru49: 28.162]
      ),
      ("16O", 0.362374, 724.75, 74.1380, [.zbl95: 34.0221, .icru49: 35.223]),
      ("Na", 0.497435, 994.87, 149.8493, [.zbl95: 44.6260, .icru49: 38.635]),
      ("27Al", 0.552508, 1105.02, 212.8407, [.zbl95: 44.2217, .icru49: 44.129]),
      (
        "28Si", 0.564465, 1128.93, 247.6103,
        [.zbl95: 48.6316, .zbl95KonacKalbitzer: 45.5699, .icru49: 47.873]
      ),
      ("Au", 0.922490, 1844.98, 8205.5474, [.zbl95: 110.0025, .icru49: 108.736]),
    ]
    let helium = try #require(Ion("4He"))
    for set in StoppingSet.allCases {
      let list = try TargetPhysics.targets(
        rows.map(\.0), ion: helium, energy: 2000, scattering: 170,
        stopping: ElectronicStopping(set))
      for (row, found) in zip(rows, list) {
        let k = try #require(found.kinematicFactor)
        #expect(abs(k / row.1 - 1) < 1e-5)
        #expect(abs((found.edgeEnergy ?? 0) - row.2) < 6e-3)
        #expect(abs((found.crossSection ?? 0) / row.3 - 1) < 1e-5)
        // Where a set has no values of its own ZBL95 holds.
        let wanted = try #require(row.4[set] ?? row.4[.zbl95])
        let electronic = try #require(found.electronicStopping)
        // The table has three or four decimals.
        #expect(abs(electronic - wanted) < 1e-5 * wanted + 6e-4, "\(row.0) \(set)")
      }
    }
  }

  /// Nuclei lighter than the ion give no edge and no cross section, but slow it down.
  @Test func lightNuclei() throws {
    let helium = try #require(Ion("4He"))
    let list = try TargetPhysics.targets(
      ["H", "2H", "3He", "12C"], ion: helium, energy: 2000, scattering: 170)
    for light in list.prefix(3) {
      #expect(light.kinematicFactor == nil && light.crossSection == nil)
      #expect(light.result["edge_energy"] == .null && light.result["screening_factor"] == .null)
      #expect((light.electronicStopping ?? 0) > 1)
    }
    #expect(list[3].result["cross_section"]?.quantity?.unit.ucum == "mb/sr")
    #expect(list[3].result["electronic_stopping"]?.quantity?.unit.ucum == "10*-15.eV.cm2")
    // Protons are scattered back from deuterium.
    let proton = try #require(Ion("1H"))
    let deuterium = try TargetPhysics.targets(["2H"], ion: proton, energy: 1000, scattering: 165)
    #expect(deuterium[0].kinematicFactor != nil)
  }

  @Test func refusals() throws {
    let helium = try #require(Ion("4He"))
    func code(_ names: [String], _ energy: Double, _ angle: Double) -> String {
      do {
        _ = try TargetPhysics.targets(names, ion: helium, energy: energy, scattering: angle)
        return ""
      } catch {
        return error.diagnostic.code
      }
    }
    #expect(code(["Xx"], 2000, 170) == "rbs.no-element")
    #expect(code(["Al"], 0, 170) == "rbs.setup")
    #expect(code(["Al"], .nan, 170) == "rbs.setup")
    #expect(code(["Al"], 2000, 200) == "rbs.setup")
  }
}
