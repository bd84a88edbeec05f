extension SurfaceSearch {
  /// Fronts of minor isotopes go to their element.
  func minor(_ list: inout [Named], _ fronts: ElementFronts) {
    for k in list.indices {
      for other in list.indices where other != k && !list[other].isMinor {
        guard let element = list[other].element,
          list[other].step.height > 1.5 * list[k].step.height
        else { continue }
        let shift = list[other].energy - element.main.energy
        for line in element.isotopes where line.name != element.main.name {
          let off = list[k].energy - line.energy - shift
          let ratio = list[k].step.height / list[other].step.height
          let wanted = line.weight / element.main.weight
          guard off.magnitude < max(3 * list[k].u, 0.5 * fwhm), ratio < 2.5 * wanted + 0.01,
            ratio > 0.3 * wanted
          else { continue }
          list[k].isMinor = true
          list[k].element = element
          list[k].candidates = [
            SurfaceFindings.Candidate(
              element: element.nuclei.name, isotope: line.name, energy: line.energy,
              offset: list[k].energy - line.energy, score: 1, arealDensity: nil,
              arealDensityU: nil)
          ]
        }
      }
    }
  }

  /// Takes the candidates from fronts that lie under the film.
  ///
  /// The peaks that close tell how many atoms the film has. A front that nothing closes, which would lie
  /// where it is found if an element began under that film, is buried.
  func bury(
    _ list: inout [Named], _ steps: [SpectrumStep], _ fronts: ElementFronts
  ) {
    let film = list.filter { $0.closing != nil && !$0.isMinor && $0.element != nil }
    guard !film.isEmpty else { return }
    // The thickness as each peak's width tells it, in atoms of the mixture.
    let total = film.reduce(0.0) { sum, named in
      guard let element = named.element else { return sum }
      let sigma = fronts.meanCrossSection(element, fronts.energy)
      return sum + (named.closing.map { roughArea(named, $0) } ?? 0) / max(sigma, 1e-9)
    }
    guard total > 0 else { return }
    let mixture = film.compactMap { named -> (atomicNumber: Int, amount: Double)? in
      guard let element = named.element, let closing = named.closing else { return nil }
      let sigma = fronts.meanCrossSection(element, fronts.energy)
      return (element.nuclei.atomicNumber, roughArea(named, closing) / max(sigma, 1e-9) / total)
    }
    // How many atoms make the widest peak as wide as it is.
    var amounts: [Double] = []
    for named in film {
      guard let element = named.element, let closing = named.closing else { continue }
      let width = named.energy - (energy(closing.lowerEnd) ?? named.energy)
      guard width > 0.3 * fwhm else { continue }
      var (low, high) = (0.0, 50000.0)
      for _ in 0..<40 {
        let middle = 0.5 * (low + high)
        let end = fronts.buried(
          under: mixture.map { ($0.atomicNumber, $0.amount * middle) },
          kinematic: element.main.kinematic)
        if element.main.energy - end > width { high = middle } else { low = middle }
      }
      amounts.append(0.5 * (low + high))
    }
    let product = setup.particlesSolidAngle
    let counted = product.map { total * 1e12 / $0 }
    amounts.sort()
    // What the counts say, and what the widths say, which see light atoms too.
    let thicknesses = [amounts.isEmpty ? nil : amounts[amounts.count / 2], counted].compactMap {
      $0
    }
    for k in list.indices where list[k].closing == nil && list[k].element != nil {
      guard !list[k].isMinor, let taken = list[k].element, isOpen(list[k].step, steps) else {
        continue
      }
      let lowest = film.map(\.energy).min() ?? 0
      guard list[k].energy < lowest else { continue }
      let own = (list[k].energy - taken.main.energy).magnitude
      for element in fronts.elements where element.prior >= 0.2 {
        let fits = thicknesses.contains { thickness in
          let end = fronts.buried(
            under: mixture.map { ($0.atomicNumber, $0.amount * thickness) },
            kinematic: element.main.kinematic)
          let shift = element.main.energy - end
          return shift > fwhm && (list[k].energy - end).magnitude < max(0.4 * fwhm, 0.12 * shift)
        }
        guard fits, own > 0 else { continue }
        if let product {
          let most = fronts.height(
            element, fraction: 1, others: [(element.nuclei.atomicNumber, 1)])
          // A substrate of one element reaches its full height.
          guard list[k].height > 0.5 * most * product else { continue }
        }
        list[k].element = nil
        list[k].candidates = []
        break
      }
    }
  }

  /// Whether nothing ends between a front and the next one below.
  func isOpen(_ step: SpectrumStep, _ steps: [SpectrumStep]) -> Bool {
    guard step.kind == .front else { return false }
    let next = steps.first { $0.position < step.position && $0.size > 0.25 * step.size }
    return next?.kind != .back || step.position - (next?.position ?? 0) > 60 * finder.sigma
  }

  func roughArea(_ named: Named, _ closing: Closing) -> Double {
    named.step.kind == .peak
      ? named.step.size : named.step.size * (named.step.position - closing.lowerEnd)
  }
}
