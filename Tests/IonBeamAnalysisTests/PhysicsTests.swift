import IonBeamAnalysis
import Testing

@Suite("Ion-beam physics")
struct PhysicsTests {
  private let helium = Ion("4He")
  private let angle = 170 * Double.pi / 180

  /// The table of 4He of 2000 keV at 170°.
  ///
  /// K, edge, Rutherford cross section, screening after Andersen and L'Ecuyer, Andersen's at 500 keV. Source: the reference table of the RBS specification, to the digits given.
  @Test func kinematicsAndCrossSections() throws {
    let table: [(String, Double, Double, Double, Double, Double, Double)] = [
      ("7Li", 0.076104, 152.21, 5.4419, 0.99956, 0.99967, 0.99824),
      ("12C", 0.252302, 504.60, 37.5429, 0.99914, 0.99929, 0.99656),
      ("16O", 0.362374, 724.75, 74.1380, 0.99885, 0.99903, 0.99541),
      ("23Na", 0.497435, 994.87, 149.8493, 0.99839, 0.99860, 0.99360),
      ("27Al", 0.552508, 1105.02, 212.8407, 0.99806, 0.99829, 0.99228),
      ("28Si", 0.564465, 1128.93, 247.6103, 0.99788, 0.99812, 0.99157),
      ("197Au", 0.922490, 1844.98, 8205.5474, 0.98266, 0.98315, 0.93326),
    ]
    let helium = try #require(helium)
    for row in table {
      let isotope = try #require(TargetNuclei(row.0)?.principal)
      let k = try #require(
        Kinematics.factor(ion: helium.mass, target: isotope.mass, angle: angle))
      #expect(abs(k - row.1) < 6e-7, "\(row.0)")
      #expect(abs(2000 * k - row.2) < 6e-3)
      let sigma = try #require(ElasticCrossSection(helium, isotope, angle: angle))
      #expect(abs(sigma.rutherford(2000) / row.3 - 1) < 1e-5, "\(row.0)")
      #expect(abs(sigma.screening(.andersen, 2000) - row.4) < 6e-6)
      #expect(abs(sigma.screening(.lecuyer, 2000) - row.5) < 6e-6)
      #expect(abs(sigma.screening(.andersen, 500) - row.6) < 6e-6)
    }
    for light in ["1H", "2H", "3He"] {
      let isotope = try #require(TargetNuclei(light)?.principal)
      #expect(Kinematics.factor(ion: helium.mass, target: isotope.mass, angle: angle) == nil)
      #expect(ElasticCrossSection(helium, isotope, angle: angle) == nil)
    }
  }

  /// Stopping in eV/(1e15 at/cm2).
  ///
  /// He at 100…3000 keV, H at 100…2000 keV after ZBL95, nuclear He at 2000 keV, ICRU-49 He at 1000 and 2000. Source: the reference table of the RBS
  /// specification, whose coefficients were compared with libdedx.
  @Test func stopping() throws {
    let table: [(String, [Double], [Double], Double, [Double])] = [
      (
        "Li", [12.4911, 23.6591, 21.5091, 15.9591, 12.6891], [8.4557, 4.1205, 2.6433, 1.6261],
        0.01069, [21.891, 15.925]
      ),
      (
        "C", [24.7122, 40.4270, 37.7606, 27.7068, 21.9104], [14.4117, 7.1547, 4.5751, 2.8653],
        0.02286, [37.709, 28.162]
      ),
      (
        "O", [18.6125, 40.1457, 42.2872, 34.0221, 27.5632], [13.7437, 8.7797, 5.7883, 3.6172],
        0.02942, [47.209, 35.223]
      ),
      (
        "Na", [36.5442, 57.7078, 55.0802, 44.6260, 36.3811], [21.0412, 11.5138, 7.6510, 4.7912],
        0.03707, [46.879, 38.635]
      ),
      (
        "Al", [39.2619, 55.5283, 53.4209, 44.2217, 36.5199], [20.3640, 11.4065, 7.7438, 4.9361],
        0.04302, [54.865, 44.129]
      ),
      (
        "Si", [39.4873, 71.0526, 62.6997, 48.6316, 39.4386], [26.3036, 12.5492, 8.3057, 5.2736],
        0.04736, [63.213, 47.873]
      ),
      (
        "Au", [50.6905, 108.1470, 124.4828, 110.0025, 94.9957],
        [36.4140, 28.3299, 20.9561, 15.1217], 0.15302, [124.997, 108.736]
      ),
    ]
    let helium = try #require(helium)
    let proton = try #require(Ion("1H"))
    let zbl = ElectronicStopping(.zbl95)
    let icru = ElectronicStopping(.icru49)
    func near(_ a: Double?, _ b: Double, _ what: String) {
      #expect(abs((a ?? 0) / b - 1) < 1e-5 + 5e-5 / b, "\(what): \(a ?? 0), wanted \(b)")
    }
    for row in table {
      let nuclei = try #require(TargetNuclei(row.0))
      let z = nuclei.atomicNumber
      for (e, s) in zip([100.0, 500, 1000, 2000, 3000], row.1) {
        near(zbl(helium, z, e), s, "He \(e) in \(row.0)")
      }
      for (e, s) in zip([100.0, 500, 1000, 2000], row.2) {
        near(zbl(proton, z, e), s, "H \(e) in \(row.0)")
      }
      let nuclear = NuclearStopping.value(helium, nuclei, 2000)
      #expect(abs(nuclear - row.3) < 6e-6, "\(row.0)")
      for (e, s) in zip([1000.0, 2000], row.4) {
        let found = try #require(icru(helium, z, e))
        #expect(abs(found - s) < 6e-4, "\(row.0)")
      }
    }
    let konac = ElectronicStopping(.zbl95KonacKalbitzer)
    for (e, c, si) in [
      (500.0, 39.5245, 67.4134), (1000, 37.2977, 59.9538), (2000, 28.4209, 45.5699),
    ] {
      near(konac(helium, 6, e), c, "He in C")
      near(konac(helium, 14, e), si, "He in Si")
    }
    for (e, c, si) in [
      (500.0, 7.3673, 11.9542), (1000, 4.5859, 8.2757), (2000, 2.7363, 5.4418),
    ] {
      near(konac(proton, 6, e), c, "H in C")
      near(konac(proton, 14, e), si, "H in Si")
    }
  }

  /// Ratios to Bohr, from the same specification.
  @Test func straggling() throws {
    let helium = try #require(helium)
    let proton = try #require(Ion("H"))
    #expect(abs(Straggling.chu.ratio(helium, 13, 2000) - 0.70984) < 6e-6)
    #expect(abs(Straggling.yang.ratio(helium, 13, 2000) - 0.88270) < 6e-6)
    #expect(abs(Straggling.yang.ratio(helium, 13, 500) - 0.61063) < 6e-6)
    #expect(abs(Straggling.yang.ratio(proton, 14, 1000) - 0.96684) < 6e-6)
    #expect(abs(Straggling.bohr(helium, 13) * 1000 - 13.5493) < 6e-5)
  }
}
