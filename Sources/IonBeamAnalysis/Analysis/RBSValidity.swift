internal import RealModule
public import Tables

/// What a simulation leaves out, and where its cross sections end.
public enum RBSValidity {
  /// The energy in keV above which scattering near 170° is no longer Rutherford's; nil for ions other
  /// than hydrogen and helium.
  ///
  /// Measured for helium on C, O, F, Mg, Al, Si, Cl (Leavitt et al. 1989; Cheng et al. 1993, 1994);
  /// elsewhere Bozoian, Hubbard, Nastasi, Nucl. Instrum. Methods B 51 (1990) 311: helium
  /// 0.25 Z2 + 0.4 MeV, protons 0.12 Z2 − 0.5 MeV.
  public static func rutherfordLimit(_ ion: Ion, _ atomicNumber: Int) -> (
    energy: Double, isMeasured: Bool
  )? {
    let z = Double(atomicNumber)
    switch ion.atomicNumber {
    case 2:
      let measured: [Int: Double] = [
        3: 1200, 6: 2200, 8: 2350, 9: 2600, 11: 3100, 12: 3200, 13: 3600, 14: 3800, 17: 4500,
      ]
      if let limit = measured[atomicNumber] {
        return (limit, atomicNumber != 3 && atomicNumber != 11)
      }
      return (250 * z + 400, false)
    case 1: return (max(100, 120 * z - 500), false)
    default: return nil
    }
  }

  /// Warnings about elements beyond Rutherford scattering, grazing angles and slow ions.
  ///
  /// An element whose nuclei have measured cross sections up to the beam's energy is not named.
  public static func warnings(
    _ setup: BackscatteringSetup, _ layers: [SampleLayer]
  ) -> [Diagnostic] {
    var list: [Diagnostic] = []
    var seen: [Int] = []
    for part in layers.flatMap(\.parts) where part.arealDensity > 0 {
      let z = part.nuclei.atomicNumber
      guard !seen.contains(z) else { continue }
      seen.append(z)
      guard let limit = rutherfordLimit(setup.ion, z), setup.energy > limit.energy,
        part.nuclei.isotopes.contains(where: {
          ElasticCrossSection(setup.ion, $0, angle: setup.geometry.scattering * .pi / 180) != nil
        }),
        !setup.physics.crossSections.contains(where: {
          $0.holds(for: part.nuclei.principal) && ($0.energies.last ?? 0) >= setup.energy
        })
      else { continue }
      list.append(
        Diagnostic(
          .warning, "rbs.non-rutherford",
          found:
            "\(setup.ion.name) of \(RBSUnit.words(setup.energy)) keV on \(part.nuclei.name): "
            + "scattering is not Rutherford's above about \(RBSUnit.words(limit.energy)) keV"
            + (limit.isMeasured ? "" : " (estimate)"),
          expected: "expected a measured cross section: --r33 FILE"))
    }
    if setup.geometry.kind != .general, let exit = setup.geometry.exit,
      (exit.magnitude - setup.geometry.exitAngle).magnitude > 0.5
    {
      list.append(
        Diagnostic(
          .warning, "rbs.exit-angle",
          found: "an exit angle of \(RBSUnit.words(exit.magnitude, 2))° in "
            + "\(setup.geometry.kind == .ibm ? "IBM" : "Cornell") geometry",
          expected:
            "the other angles give \(RBSUnit.words(setup.geometry.exitAngle, 2))°, which is "
            + "taken; --geometry general takes the stated one"))
    }
    if setup.physics.geometricSpread,
      setup.detector.distance == nil
        || (setup.detector.spot == nil && setup.detector.aperture == nil)
    {
      list.append(
        Diagnostic(
          .warning, "rbs.geometric-spread",
          found: "geometric spread is asked for, but the sizes of spot and aperture are not known",
          expected: "expected detector.aperture with its distance, or detector.spot, in the sample "
            + "file; it is left out"))
    }
    let steepest = max(setup.geometry.incidence.magnitude, setup.geometry.exitAngle)
    if steepest > 75 {
      list.append(
        Diagnostic(
          .warning, "rbs.multiple-scattering",
          found: "an angle of \(RBSUnit.words(steepest, 1))° to the normal",
          expected: "multiple and dual scattering are not modelled; they matter above 75°"))
    }
    if setup.energy < 500 {
      list.append(
        Diagnostic(
          .warning, "rbs.multiple-scattering",
          found: "ions of \(RBSUnit.words(setup.energy)) keV",
          expected: "multiple and dual scattering are not modelled; they matter below 500 keV"))
    }
    return list
  }

  /// The energy in keV below which a sample has no atoms left to scatter from, though a real one has.
  ///
  /// The highest energy at which ions leave that were scattered at the back of the last layer; nil where
  /// the beam does not get there.
  public static func backEnergy(
    _ setup: BackscatteringSetup, _ layers: [SampleLayer]
  ) -> Double? {
    guard var simulator = try? SpectrumSimulator(setup) else { return nil }
    return simulator.backEnergy(layers)
  }

  /// A warning where a spectrum goes on below the energy of the last layer's back.
  static func thinWarning(
    _ setup: BackscatteringSetup, _ layers: [SampleLayer], above lowest: Double,
    counts: (_ below: Double) -> Double
  ) -> Diagnostic? {
    guard let last = layers.last, let back = backEnergy(setup, layers), back > lowest else {
      return nil
    }
    let missed = counts(back)
    guard missed >= 25 else { return nil }
    return Diagnostic(
      .warning, "rbs.thin-sample",
      found:
        "the last layer, \(last.name), ends at \(RBSUnit.words(back, 1)) keV; "
        + "\(RBSUnit.words(missed, 0)) counts of the range lie below",
      expected: "expected a substrate as thick as the range of the beam")
  }
}

extension SpectrumSimulator {
  /// The highest energy of ions scattered at the back of the last layer, in keV.
  mutating func backEnergy(_ layers: [SampleLayer]) -> Double? {
    let layers = layers.filter { $0.arealDensity > 0 }
    guard let last = layers.indices.last else { return nil }
    var materials: [EnergyLoss] = []
    for layer in layers {
      guard let material = try? material(layer) else { return nil }
      materials.append(material)
    }
    var beam: Flight? = Flight(root: setup.energy.squareRoot(), variance: 0)
    for (layer, material) in zip(layers, materials) {
      beam = beam?.after(layer.arealDensity * inverseIn, in: material)
    }
    guard let beam, beam.energy > setup.physics.minimumEnergy else { return nil }
    let names = layers.flatMap(\.parts).map(\.nuclei.name)
    return scatterers(layers, names)[last].compactMap {
      leave(
        $0.scattered(beam), from: last, depth: layers[last].arealDensity, materials, layers, []
      )?.energy
    }.max()
  }
}

extension SimulationFailure {
  /// The failure as an error of the program.
  public var failure: ReadFailure {
    switch self {
    case .noStopping(let ion, let element):
      return ReadFailure(
        "rbs.no-stopping", found: "no stopping of \(ion) in \(element)",
        expected: "expected hydrogen or helium ions, or a table: --stopping FILE")
    case .invalid(let what):
      return ReadFailure(
        "rbs.setup", found: what, expected: "expected a measurement and a sample that can be")
    }
  }
}
