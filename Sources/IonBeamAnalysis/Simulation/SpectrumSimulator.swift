internal import NumericalMethods
internal import RealModule

/// Simulates backscattering spectra of one measurement; samples may change between calls.
public struct SpectrumSimulator: Sendable {
  /// The measurement.
  public private(set) var setup: BackscatteringSetup
  /// Ions that leave the sample with less, in keV, are not counted.
  ///
  /// Detectors do not tell them from noise, and stopping and single scattering mean little there.
  static let leastExitEnergy = 18.5
  let nodes: EnergyNodes
  /// The energies of the nodes in keV.
  private let energies: [Double]
  let inverseIn: Double
  let inverseOut: Double
  private let scattering: Double
  /// Stopping and straggling of the elements asked so far, by name.
  private var elements: [String: ElementTable] = [:]

  /// What an element does to the ion at the energies of the nodes.
  private struct ElementTable: Sendable {
    /// keV per 1e15 at/cm2.
    var stopping: [Double]
    /// keV² per 1e15 at/cm2.
    var straggling: [Double]
  }

  /// A simulator of one measurement.
  ///
  /// - Throws: `SimulationFailure.invalid` where a number of the setup cannot be.
  public init(_ setup: BackscatteringSetup) throws(SimulationFailure) {
    self.setup = setup
    guard setup.energy.isFinite, setup.energy > 0, setup.energy < 1e6 else {
      throw .invalid("the energy of the beam, \(setup.energy) keV, is not above 0")
    }
    let geometry = setup.geometry
    guard geometry.scattering > 90, geometry.scattering <= 180 else {
      throw .invalid(
        "the scattering angle, \(geometry.scattering)°, is not backward: above 90° to 180°")
    }
    let radian = Double.pi / 180
    let cosIn = Double.cos(geometry.incidence * radian)
    let cosOut = Double.cos(geometry.exitAngle * radian)
    guard cosIn > 1e-3, cosOut > 1e-3 else {
      throw .invalid(
        "incidence \(geometry.incidence)° and exit \(geometry.exitAngle)° must be below 90°")
    }
    let calibration = setup.detector.calibration
    guard calibration.slope > 0, calibration.slope.isFinite, calibration.offset.isFinite,
      calibration.quadratic.isFinite
    else {
      throw .invalid("the calibration's slope, \(calibration.slope) keV, is not above 0")
    }
    guard setup.detector.fwhm >= 0, setup.detector.fwhm.isFinite else {
      throw .invalid("the resolution, \(setup.detector.fwhm) keV, is negative")
    }
    guard setup.particles >= 0, setup.particles.isFinite, setup.detector.solidAngle > 0,
      setup.detector.solidAngle.isFinite
    else { throw .invalid("particles and solid angle must be positive") }
    inverseIn = 1 / cosIn
    inverseOut = 1 / cosOut
    scattering = geometry.scattering * radian
    nodes = EnergyNodes(upTo: setup.energy)
    energies = nodes.energies
  }

  /// Takes another setup and keeps the tables of elements where ion, energy and physics are the same.
  ///
  /// - Throws: `SimulationFailure.invalid` where a number of the setup cannot be.
  mutating func change(to other: BackscatteringSetup) throws(SimulationFailure) {
    guard other != setup else { return }
    var next = try SpectrumSimulator(other)
    if other.ion == setup.ion, other.energy == setup.energy,
      other.physics.stopping == setup.physics.stopping,
      other.physics.straggling == setup.physics.straggling
    {
      next.elements = elements
    }
    self = next
  }

  private func table(_ nuclei: TargetNuclei) throws(SimulationFailure) -> ElementTable {
    let z = nuclei.atomicNumber
    let physics = setup.physics
    var table = ElementTable(stopping: [], straggling: [])
    table.stopping.reserveCapacity(energies.count)
    table.straggling.reserveCapacity(energies.count)
    let bohr = Straggling.bohr(setup.ion, z)
    for energy in energies {
      guard let electronic = physics.stopping(setup.ion, z, energy) else {
        throw .noStopping(ion: setup.ion.name, element: nuclei.name)
      }
      let nuclear = NuclearStopping.value(setup.ion, nuclei, energy)
      table.stopping.append((electronic + nuclear) / 1000)
      table.straggling.append(bohr * physics.straggling.ratio(setup.ion, z, energy))
    }
    return table
  }

  /// Tables of a layer's material by Bragg's rule.
  mutating func material(_ layer: SampleLayer) throws(SimulationFailure) -> EnergyLoss {
    let total = layer.arealDensity
    guard total > 0, total.isFinite, layer.stoppingScale > 0, layer.stoppingScale.isFinite else {
      throw .invalid("layer \(layer.name) has no atoms")
    }
    var stopping = [Double](repeating: 0, count: energies.count)
    var straggling = stopping
    for part in layer.parts where part.arealDensity > 0 {
      let name = part.nuclei.name
      if elements[name] == nil { elements[name] = try table(part.nuclei) }
      guard let element = elements[name] else { continue }
      let fraction = part.arealDensity / total
      let factor = fraction * layer.stoppingScale
      for i in energies.indices {
        stopping[i] += factor * element.stopping[i]
        straggling[i] += fraction * element.straggling[i]
      }
    }
    guard stopping.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw .invalid("layer \(layer.name) does not slow the ion down")
    }
    return EnergyLoss(nodes: nodes, stopping: stopping, straggling: straggling)
  }

  /// The edges of the channels in keV, for the highest energy that can be scattered.
  private func edges(upTo highest: Double) -> [Double] {
    let detector = setup.detector
    let calibration = detector.calibration
    var count = detector.channels ?? 0
    if detector.channels == nil {
      while count < 65536, calibration.lowerEdge(detector.firstChannel + count) < 1.05 * highest {
        count += 1
      }
    }
    return (0...max(1, min(count, 1 << 20))).map {
      calibration.lowerEdge(detector.firstChannel + $0)
    }
  }

  /// The spectrum of a sample without roughness.
  ///
  /// - Parameter layers: From the surface down.
  /// - Throws: `SimulationFailure` for an element without stopping data or a layer without atoms.
  mutating func smooth(_ layers: [SampleLayer]) throws(SimulationFailure) -> SimulatedSpectrum {
    let layers = layers.filter { $0.arealDensity > 0 }
    var materials: [EnergyLoss] = []
    for layer in layers { materials.append(try material(layer)) }
    var foils: [(loss: EnergyLoss, length: Double)] = []
    for foil in setup.detector.foil { foils.append((try material(foil), foil.arealDensity)) }
    var names: [String] = []
    for part in layers.flatMap(\.parts) where !names.contains(part.nuclei.name) {
      names.append(part.nuclei.name)
    }
    let nuclei = scatterers(layers, names)
    let edges = edges(
      upTo: setup.energy * (nuclei.flatMap { $0 }.map(\.kinematic).max() ?? 1))
    let channels = edges.count - 1
    var counts = names.map { _ in [Double](repeating: 0, count: channels) }
    let detector = setup.detector.fwhm / 2.354820045030949
    let response = detector * detector
    let integral = NormalIntegral.table
    let spread =
      setup.physics.geometricSpread
      ? GeometricSpread(setup.geometry, setup.detector) : nil
    let tangentOut = (inverseOut * inverseOut - 1).squareRoot()
    let perAtom = setup.particlesSolidAngle * 1e-12 * inverseIn

    var beam = Flight(
      root: setup.energy.squareRoot(), variance: setup.energySpread * setup.energySpread)
    depth: for (l, layer) in layers.enumerated() {
      let material = materials[l]
      let targets = nuclei[l]
      var done = 0.0
      let thickness = layer.arealDensity
      var states: [Flight?] = targets.map { target in
        leave(target.scattered(beam), from: l, depth: 0, materials, layers, foils)
      }
      var yields = targets.map { $0.crossSection(beam) }
      var starts = targets.map { _ in channels }
      let hardest = targets.indices.max { targets[$0].kinematic < targets[$1].kinematic }
      // What a unit of depth costs the ion by the time it is seen, from the slab before.
      var lost: Double?
      while done < thickness {
        // A slab as thick as 0.8 standard deviations of what the detector sees of the hardest nucleus,
        // thinner where the variance grows so fast that the slab's share would be skew.
        let width: Double
        if let hardest {
          let here = targets[hardest]
          let spread = (response + (states[hardest]?.variance ?? 0)).squareRoot()
          let loss =
            lost
            ?? here.kinematic * material.stopping(beam.root) * inverseIn
            + material.stopping(here.root * beam.root) * inverseOut
          let seen = max(spread, 0.5)
          let growth =
            material.straggling(beam.root)
            * (here.kinematic * here.kinematic * inverseIn + inverseOut)
          width = min(
            0.8 * seen / loss,
            (0.012 * seen * seen * seen / (loss * max(growth, 1e-12))).squareRoot())
        } else {
          width = thickness
        }
        let pieces = ((thickness - done) / width).rounded(.up)
        var step = pieces <= 1 ? thickness - done : (thickness - done) / pieces
        guard step > 0 else { break }
        var isLast = false
        var next = beam.after(step * inverseIn, in: material)
        if next.map({ $0.energy < setup.physics.minimumEnergy }) ?? true {
          // Down to the least energy, and no further.
          let least = material.path(setup.physics.minimumEnergy.squareRoot())
          step = (material.path(beam.root) - least) / inverseIn
          guard step > 0 else { break depth }
          next = beam.after(step * inverseIn, in: material)
          isLast = true
        }
        guard let deeper = next, let middle = beam.after(step / 2 * inverseIn, in: material)
        else { break depth }
        done = step == thickness - done ? thickness : done + step
        for (t, target) in targets.enumerated() {
          let end = leave(target.scattered(deeper), from: l, depth: done, materials, layers, foils)
          let y = target.crossSection(deeper)
          if let a = states[t], let b = end {
            var mean = (yields[t] + 4 * target.crossSection(middle) + y) / 6
            if let measured = target.measured {
              mean =
                measured.mean(
                  deeper.energy, beam.energy, deviation: middle.variance.squareRoot()) ?? mean
            }
            let width = a.energy - b.energy
            if t == hardest { lost = width / step }
            var variance = response + 0.5 * (a.variance + b.variance) + width * width / 12
            if let spread {
              let depth = done - step / 2
              let seen = 0.5 * (a.energy + b.energy)
              let turned = target.scattered(middle, lessAngle: 1e-3)
              let other = leave(turned, from: l, depth: depth, materials, layers, foils)
              let straight = leave(
                target.scattered(middle), from: l, depth: depth, materials, layers, foils)
              let longer = leave(
                target.scattered(middle), from: l, depth: depth, materials, layers, foils,
                lengthened: 1 + 1e-3 * tangentOut)
              let here = straight?.energy ?? seen
              variance += spread.variance(
                (here - (other?.energy ?? here)) / 1e-3, ((longer?.energy ?? here) - here) / 1e-3)
            }
            integral.add(
              mean * step * target.fraction * perAtom * layer.yieldScale,
              mean: 0.5 * (a.energy + b.energy), deviation: max(variance.squareRoot(), 1e-6),
              edges: edges, start: &starts[t], to: &counts[target.element])
          }
          states[t] = end
          yields[t] = y
        }
        beam = deeper
        if isLast { break depth }
      }
    }
    var total = [Double](repeating: 0, count: channels)
    for element in counts { for i in total.indices { total[i] += element[i] } }
    return SimulatedSpectrum(
      firstChannel: setup.detector.firstChannel, total: total, names: names, counts: counts)
  }

  /// The nuclei of every layer that scatter backward.
  func scatterers(_ layers: [SampleLayer], _ names: [String]) -> [[Scatterer]] {
    layers.map { layer in
      let total = layer.arealDensity
      return layer.parts.flatMap { part -> [Scatterer] in
        guard part.arealDensity > 0, let element = names.firstIndex(of: part.nuclei.name) else {
          return []
        }
        return zip(part.nuclei.isotopes, part.nuclei.fractions).compactMap { isotope, fraction in
          Scatterer(
            setup, isotope, angle: scattering, fraction: fraction * part.arealDensity / total,
            element: element)
        }
      }
    }
  }

  /// An ion scattered at a depth in a layer, after it has left sample and foils; nil where it does not.
  @inline(__always)
  func leave(
    _ start: Flight, from layer: Int, depth: Double, _ materials: [EnergyLoss],
    _ layers: [SampleLayer], _ foils: [(loss: EnergyLoss, length: Double)],
    lengthened: Double = 1
  ) -> Flight? {
    var ion = start
    let slant = inverseOut * lengthened
    if depth > 0 {
      guard let next = ion.after(depth * slant, in: materials[layer]) else { return nil }
      ion = next
    }
    var above = layer - 1
    while above >= 0 {
      let length = layers[above].arealDensity * slant
      guard let next = ion.after(length, in: materials[above]) else { return nil }
      ion = next
      above -= 1
    }
    guard ion.energy > Self.leastExitEnergy else { return nil }
    for foil in foils {
      guard let next = ion.after(foil.length, in: foil.loss) else { return nil }
      ion = next
    }
    return ion
  }
}

/// One isotope of a layer that scatters the beam to the detector.
struct Scatterer: Sendable {
  /// K.
  let kinematic: Double
  /// √K.
  let root: Double
  /// Atoms per atom of the layer.
  let fraction: Double
  /// Which of the spectrum's elements it belongs to.
  let element: Int
  /// Measured data, where there are any.
  let measured: ResonanceMean?
  /// K at a scattering angle less by 1e-3 rad.
  private let lessTurned: Double
  private let rutherford: ElasticCrossSection
  private let screening: Screening

  /// An isotope; nil where it cannot scatter the ion backward.
  init?(
    _ setup: BackscatteringSetup, _ isotope: Isotope, angle: Double, fraction: Double, element: Int
  ) {
    guard
      let kinematic = Kinematics.factor(
        ion: setup.ion.mass, target: isotope.mass, angle: angle),
      let cross = ElasticCrossSection(setup.ion, isotope, angle: angle)
    else { return nil }
    self.kinematic = kinematic
    root = kinematic.squareRoot()
    self.fraction = fraction
    self.element = element
    rutherford = cross
    let data = setup.physics.crossSections.last { $0.holds(for: isotope) }
    measured = data.flatMap { ResonanceMean($0, cross, setup.physics.screening) }
    screening = setup.physics.screening
    lessTurned =
      Kinematics.factor(ion: setup.ion.mass, target: isotope.mass, angle: angle - 1e-3)
      ?? kinematic
  }

  /// The ion after scattering by an angle that is less by 1e-3 rad.
  func scattered(_ beam: Flight, lessAngle: Double) -> Flight {
    let factor = kinematic + (lessTurned - kinematic) * lessAngle / 1e-3
    return Flight(
      root: beam.root * factor.squareRoot(), variance: beam.variance * factor * factor)
  }

  /// The ion after scattering: energy K E, variance K² σ².
  @inline(__always)
  func scattered(_ beam: Flight) -> Flight {
    Flight(root: beam.root * root, variance: beam.variance * kinematic * kinematic)
  }

  /// The cross section in mb/sr, averaged over the energies of the beam.
  ///
  /// Rutherford's is taken at the mean energy: the mean of E⁻² over the straggled beam is 1 + 3σ²/E²
  /// of that, 3e-4 at most of a spectrum above 200 keV.
  @inline(__always)
  func crossSection(_ beam: Flight) -> Double { rutherford(beam.energy, screening) }
}

extension SpectrumSimulator {
  /// The spectrum of a sample, averaged over the thicknesses of its rough layers.
  ///
  /// A rough layer's thickness follows a gamma distribution of its areal density and FWHM; as many
  /// thicknesses are simulated as the resolution can tell apart.
  ///
  /// - Parameter layers: From the surface down.
  /// - Throws: `SimulationFailure` for an element without stopping data or a layer without atoms.
  public mutating func simulate(
    _ layers: [SampleLayer]
  ) throws(SimulationFailure) -> SimulatedSpectrum {
    var weighted: [(layers: [SampleLayer], weight: Double)] = [(layers, 1)]
    for (i, layer) in layers.enumerated() where layer.roughness > 0 && layer.arealDensity > 0 {
      let deviation = layer.roughness / 2.354820045030949
      let count = roughNodes(layer, deviation, others: weighted.count)
      guard
        let rule = GammaRule(mean: layer.arealDensity, deviation: deviation, count: count)
      else {
        throw .invalid(
          "the roughness of layer \(layer.name), \(layer.roughness), is too wide for its "
            + "\(layer.arealDensity) 10*15/cm2")
      }
      weighted = weighted.flatMap { sample in
        zip(rule.points, rule.weights).compactMap { point, weight in
          guard weight > 1e-9 else { return nil }
          var changed = sample.layers
          changed[i] = layer.scaled(by: point / layer.arealDensity)
          return (changed, sample.weight * weight)
        }
      }
    }
    guard weighted.count > 1 else { return try smooth(layers) }
    var sum: SimulatedSpectrum?
    for sample in weighted {
      let spectrum = try smooth(sample.layers)
      sum = sum?.adding(spectrum, times: sample.weight) ?? spectrum.times(sample.weight)
    }
    if let sum { return sum }
    return try smooth(layers)
  }

  /// How many thicknesses of a rough layer the detector can tell apart.
  private mutating func roughNodes(
    _ layer: SampleLayer, _ deviation: Double, others: Int
  ) -> Int {
    let loss =
      layer.parts.compactMap { part -> Double? in
        setup.physics.stopping(setup.ion, part.nuclei.atomicNumber, 0.6 * setup.energy)
      }.max() ?? 50
    let seen = 2.5 * loss / 1000 * deviation / max(1, setup.detector.fwhm / 2.3548)
    let wanted = 12 + min(100, (12 * seen).rounded(.up))
    return max(4, min(Int(wanted), 4000 / max(1, others)))
  }
}

extension SimulatedSpectrum {
  /// The same with every count times a factor.
  func times(_ factor: Double) -> SimulatedSpectrum {
    var result = self
    for i in total.indices { result.total[i] *= factor }
    for k in counts.indices { for i in counts[k].indices { result.counts[k][i] *= factor } }
    return result
  }

  /// The sum with so many times another spectrum of the same channels and elements.
  func adding(_ other: SimulatedSpectrum, times factor: Double) -> SimulatedSpectrum {
    var result = self
    for i in zip(total.indices, other.total.indices).map(\.0) {
      result.total[i] += factor * other.total[i]
    }
    for k in counts.indices where k < other.counts.count {
      for i in zip(counts[k].indices, other.counts[k].indices).map(\.0) {
        result.counts[k][i] += factor * other.counts[k][i]
      }
    }
    return result
  }
}
