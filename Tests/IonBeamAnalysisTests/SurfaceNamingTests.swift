import Bytes
import IonBeamAnalysis
import Reading
import Tables
import Testing

/// Fronts that lie under a film have no name; those at the surface have the right one.
///
/// Spectra are simulated without noise, 4He 2 MeV, 170°, 15 keV, 20 µC, 3 msr.
@Suite("RBS edges and peaks: what lies deeper")
struct SurfaceNamingTests {
  func file(_ layers: String, detector: String = "", exit: String = "") throws -> SampleFile {
    try SampleFile.parse(
      """
      beam: {ion: 4He, energy: 2000, charge: 20}
      geometry: {type: ibm, incidence: 0, scattering: 170\(exit)}
      detector: {solid_angle: 3, offset: 20, slope: 2, fwhm: 15, channels: 1024\(detector)}
      layers:
      \(layers)
      """)
  }

  func findings(_ layers: String, fwhm: Double? = 15) throws -> SurfaceFindings {
    let file = try file(layers)
    var simulator = try SpectrumSimulator(file.setup)
    let counts = try simulator.simulate(file.layers).total.map { $0.rounded() }
    var setup = KnownSetup(file.setup)
    setup.fwhm = fwhm
    return SurfaceFindings(StoredSpectrum("spectrum", counts: counts), setup: setup)
  }

  func names(_ findings: SurfaceFindings) -> Set<String> {
    Set(findings.edges.compactMap { $0.candidates.first?.element })
  }

  @Test func whatIsBuriedHasNoName() throws {
    // Both isotopes of copper under LiF lie where Mn and Cr would.
    let copper = try findings(
      """
        - {areal_density: 1500, atoms: {Li: 1, F: 1}}
        - {substrate: true, areal_density: 100000, atoms: {Cu: 1}}
      """)
    #expect(names(copper) == ["F"])
    // Silicon under its oxide lies where sodium would.
    let silicon = try findings(
      """
        - {areal_density: 2000, atoms: {Si: 1, O: 2}}
        - {substrate: true, areal_density: 100000, atoms: {Si: 1}}
      """)
    #expect(names(silicon) == ["Si", "O"])
    // Sodium under an alucone lies where neon would.
    let sodium = try findings(
      """
        - {areal_density: 2000, atoms: {Al: 2, C: 2, O: 4, H: 4}}
        - {substrate: true, areal_density: 100000, atoms: {Na: 1}}
      """)
    #expect(names(sodium).subtracting(["C"]) == ["Al", "O"])
    // 29Si and 30Si under gold lie where aluminium would.
    let gold = try findings(
      """
        - {areal_density: 300, atoms: {Au: 1}}
        - {substrate: true, areal_density: 100000, atoms: {Si: 1}}
      """)
    #expect(names(gold) == ["Au"])
  }

  /// Heights ask for no more atoms at the surface than there is room for: what is left over lies deeper.
  @Test func aSurfaceIsFullOnce() throws {
    // Iron and nickel under alumina lie where chromium and manganese would.
    let steel = try findings(
      """
        - {areal_density: 500, atoms: {Al: 2, O: 3}}
        - {substrate: true, areal_density: 100000, atoms: {Fe: 70, Cr: 19, Ni: 9, Mn: 2}}
      """)
    #expect(names(steel) == ["Al", "O"])
    // Silicon under tantalum oxide lies where aluminium would.
    let oxide = try findings(
      """
        - {areal_density: 300, atoms: {Ta: 2, O: 5}}
        - {substrate: true, areal_density: 100000, atoms: {Si: 1}}
      """)
    #expect(names(oxide).isDisjoint(with: ["Al", "Si"]) && names(oxide).contains("O"))
    // An alloy fills its surface once.
    let alloy = try findings("  - {substrate: true, areal_density: 100000, atoms: {Fe: 8, Ni: 2}}")
    #expect(names(alloy).isSuperset(of: ["Fe", "Ni"]))
  }

  @Test func isotopesOfANeighbour() throws {
    // Tin stands beside indium, whose front lies among those of its isotopes.
    let oxide = try findings(
      """
        - {areal_density: 800, atoms: {In: 1.8, Sn: 0.2, O: 3}}
        - {substrate: true, areal_density: 100000, atoms: {Si: 0.33, O: 0.67}}
      """)
    #expect(names(oxide).isSuperset(of: ["In", "Sn"]))
    // The seven isotopes of molybdenum make one peak of 30e15 at/cm2.
    let molybdenum = try findings(
      """
        - {areal_density: 30, atoms: {Mo: 1}}
        - {substrate: true, areal_density: 100000, atoms: {C: 1}}
      """)
    let peak = try #require(molybdenum.peaks.first)
    #expect(peak.candidates.first?.element == "Mo")
    #expect(abs((peak.candidates.first?.arealDensity ?? 0) - 30) < 0.025 * 30)
  }

  /// Without a resolution that of the sharpest front is taken.
  @Test func resolutionOfTheSpectrum() throws {
    let film = """
        - {areal_density: 800, atoms: {Al: 2, O: 3}}
        - {substrate: true, areal_density: 100000, atoms: {Li: 1}}
      """
    let found = try findings(film, fwhm: nil)
    #expect(names(found).isSuperset(of: ["Al", "O"]))
    let note = try #require(found.diagnostics.first { $0.code == "rbs.resolution-assumed" })
    let words = note.message.split { !"0123456789.".contains($0) }.compactMap { Double($0) }
    #expect(words.contains { $0 > 13 && $0 < 17 }, "\(note.message)")
  }

  /// A million channels take no longer than a thousand, and mean the same.
  @Test func fineChannels() throws {
    var counts = [Double](repeating: 4, count: 1 << 20)
    for i in 0..<400_000 { counts[i] = 40 }
    let free = SurfaceFindings(
      StoredSpectrum("spectrum", firstChannel: 10, counts: counts), setup: KnownSetup())
    let edge = try #require(free.edges.max { $0.height < $1.height })
    // A step of 36 at channel 400 010, found to the 3495 channels that are assumed as resolution.
    #expect(abs(edge.channel - 400_010) < 3495 && abs(edge.height - 36) < 15)
    // 0.1 keV a channel: 15 keV are 64 channels.
    let file = try file("  - {substrate: true, areal_density: 100000, atoms: {Al: 1}}")
    var setup = file.setup
    setup.detector.calibration = ChannelCalibration(
      offset: 20, slope: 0.1, channelEnergy: .centre)
    setup.detector.channels = 20000
    var simulator = try SpectrumSimulator(setup)
    let spectrum = try simulator.simulate(file.layers).total
    let fine = SurfaceFindings(
      StoredSpectrum("spectrum", counts: spectrum), setup: KnownSetup(setup))
    let front = try #require(fine.edges.first)
    // K·E0 of 27Al at 2 MeV and 170° is 1105.02 keV.
    #expect(front.candidates.first?.element == "Al")
    #expect(abs((front.energy ?? 0) - 1105.02) < 1.5)
    #expect(abs(front.channel - (1105.02 - 20) / 0.1) < 20)
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let layers = "  - {substrate: true, areal_density: 100000, atoms: {C: 1}}"
    let turned = try file(layers, exit: ", exit: 40")
    let codes = RBSValidity.warnings(turned.setup, turned.layers).map(\.code)
    #expect(codes.contains("rbs.exit-angle"))
    let right = try file(layers, exit: ", exit: 10")
    #expect(!RBSValidity.warnings(right.setup, right.layers).map(\.code).contains("rbs.exit-angle"))
    var spread = right
    spread.setup.physics.geometricSpread = true
    #expect(
      RBSValidity.warnings(spread.setup, spread.layers).map(\.code)
        .contains("rbs.geometric-spread"))
    // A foil that stops every ion.
    let foil = try file(layers, detector: ", foil: [{areal_density: 1e6, atoms: {Si: 1}}]")
    let empty = try RBSSimulation(setup: foil.setup, layers: foil.layers)
    #expect(empty.diagnostics.map(\.code).contains("rbs.empty-spectrum"))
  }

  @Test func elementsWithoutData() throws {
    let error = #expect(throws: ReadFailure.self) {
      try self.file("  - {substrate: true, areal_density: 1000, atoms: {No: 1}}")
    }
    #expect(error?.diagnostic.message.contains("no natural isotopes") ?? false)
  }
}
