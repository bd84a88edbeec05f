internal import RealModule

extension SurfaceSearch {
  /// Takes names from fronts that have a plainer reason than an element at the surface.
  mutating func clean(_ list: inout [Named], _ steps: [SpectrumStep], _ fronts: ElementFronts) {
    dropOverfull(&list, steps, fronts)
    for k in list.indices where !list[k].candidates.isEmpty && !list[k].isMinor {
      if isBuriedSame(list, k, steps, fronts) || isRareBelow(list, k, steps)
        || isBuriedLayer(list, k, fronts)
      {
        list[k].element = nil
        list[k].candidates = []
        list[k].closing = nil
      }
    }
    for k in list.indices where !list[k].candidates.isEmpty && !list[k].isMinor {
      if isFootOfBuried(list, k) || isMinorOfBuried(list, k, fronts) {
        list[k].element = nil
        list[k].candidates = []
      }
    }
    // No nucleus at the surface scatters to so little energy: what the counts do there is of the depth.
    let lowest = fronts.elements.map { $0.isotopes.last?.energy ?? $0.main.energy }.min() ?? 0
    list.removeAll { $0.candidates.isEmpty && $0.closing == nil && $0.energy < 0.95 * lowest }
  }

  /// Takes the names from thick layers where the fronts named ask for more atoms at the surface than there
  /// is room for: an element that begins below a film.
  ///
  /// Heights give atom fractions, H = NΩσc/[ε]; those of a surface add to 1, less what light atoms take.
  private func dropOverfull(
    _ list: inout [Named], _ steps: [SpectrumStep], _ fronts: ElementFronts
  ) {
    guard let product = setup.particlesSolidAngle, product > 0 else { return }
    for _ in 0..<3 {
      var seen: [(at: Int, fraction: Double)] = []
      let named = list.indices.filter { list[$0].element != nil && !list[$0].isMinor }
      let amounts = named.compactMap { k -> (Int, Double)? in
        guard let element = list[k].element else { return nil }
        return (
          element.nuclei.atomicNumber,
          list[k].height / max(fronts.meanCrossSection(element, fronts.energy), 1e-9)
        )
      }
      let total = amounts.reduce(0) { $0 + $1.1 }
      guard total > 0 else { return }
      let mixture = amounts.map { ($0.0, $0.1 / total) }
      for k in named {
        guard let element = list[k].element else { continue }
        let full = product * fronts.height(element, fraction: 1, others: mixture)
        if full > 0 { seen.append((k, list[k].height / full)) }
      }
      let sum = seen.reduce(0) { $0 + $1.fraction }
      let thick = seen.filter {
        list[$0.at].closing == nil && isOpen(list[$0.at].step, steps) && $0.fraction > 0.45
          && sum - $0.fraction > 0.5 && !liesUnderFilm(list, $0.at, fronts, product)
      }
      guard sum > 1.35, let buried = thick.max(by: { $0.fraction < $1.fraction }) else { return }
      // What else of it stands above has no back either.
      for (k, fraction) in seen
      where k == buried.at
        || (fraction < 0.15 && list[k].closing == nil
          && list[k].energy > list[buried.at].energy
          && list[k].energy < list[buried.at].energy + 0.1 * fronts.energy)
      {
        list[k].element = nil
        list[k].candidates = []
      }
    }
  }

  /// Whether an element lies where it is found also under the film that the closed signals make: so thin is
  /// that film.
  private func liesUnderFilm(
    _ list: [Named], _ k: Int, _ fronts: ElementFronts, _ product: Double
  ) -> Bool {
    guard let element = list[k].element else { return false }
    let film = list.compactMap { other -> (atomicNumber: Int, amount: Double)? in
      guard let scatterer = other.element, let closing = other.closing, !other.isMinor else {
        return nil
      }
      let sigma = max(fronts.meanCrossSection(scatterer, fronts.energy), 1e-9)
      return (
        scatterer.nuclei.atomicNumber, roughArea(other, closing) * 1e12 / (sigma * product)
      )
    }
    let end = fronts.buried(under: film, kinematic: element.main.kinematic)
    return !film.isEmpty && (list[k].energy - end).magnitude < 0.5 * fwhm
  }

  /// A front right above a larger one that no element at the surface gives: heavier isotopes of the same
  /// buried element.
  private func isFootOfBuried(_ list: [Named], _ k: Int) -> Bool {
    list.contains { other in
      other.candidates.isEmpty && other.energy < list[k].energy
        && list[k].energy - other.energy < 1.1 * fwhm
        && other.step.height > 1.5 * list[k].step.height
    }
  }

  /// A small front above a large buried one, as far and as small as a heavier isotope of a buried element
  /// is.
  private func isMinorOfBuried(_ list: [Named], _ k: Int, _ fronts: ElementFronts) -> Bool {
    list.contains { other in
      guard other.candidates.isEmpty, other.energy < list[k].energy,
        list[k].energy - other.energy < 6 * fwhm, other.step.height > 5 * list[k].step.height
      else { return false }
      let ratio = list[k].step.height / other.step.height
      return fronts.elements.contains { element in
        // It begins at some depth, not far below the surface.
        let depth = element.main.energy - other.energy
        guard element.prior == 1, depth > 0.5 * fwhm, depth < 0.3 * element.main.energy else {
          return false
        }
        return element.isotopes.contains { line in
          let split = (line.energy - element.main.energy) * other.energy / element.main.energy
          let near = element.isotopes.filter {
            ($0.energy - line.energy).magnitude < 1.5 * fwhm && $0.energy > element.main.energy
          }
          let wanted = near.reduce(0) { $0 + $1.weight } / element.main.weight
          return split > 0.5 * fwhm
            && (list[k].energy - other.energy - split).magnitude < 0.5 * fwhm
            && ratio < 2 * wanted + 0.005 && ratio > 0.4 * line.weight / element.main.weight
        }
      }
    }
  }

  /// A front where an element that is already seen at the surface, bound to light atoms, becomes pure: an
  /// oxide on its own metal.
  ///
  /// Both heights add up to that of the pure element.
  private func isBuriedSame(
    _ list: [Named], _ k: Int, _ steps: [SpectrumStep], _ fronts: ElementFronts
  ) -> Bool {
    let light = ["C", "N", "O", "F"]
    guard let product = setup.particlesSolidAngle, list[k].closing == nil,
      isOpen(list[k].step, steps), !light.contains(list[k].element?.nuclei.name ?? "O"),
      list.contains(where: { light.contains($0.element?.nuclei.name ?? "") })
    else { return false }
    return list.contains { other in
      guard let element = other.element, !other.isMinor, element.prior == 1,
        element.nuclei.name != list[k].element?.nuclei.name,
        other.energy - list[k].energy > 3 * fwhm,
        other.energy - list[k].energy < 0.25 * other.energy
      else { return false }
      let pure =
        product
        * fronts.height(element, fraction: 1, others: [(element.nuclei.atomicNumber, 1)])
      let sum = other.height + list[k].height
      return other.height < 0.75 * pure && sum > 0.85 * pure && sum < 1.2 * pure
    }
  }

  /// A peak of an element that is seldom met, where a usual one would lie under the film that the other
  /// peaks make.
  private func isBuriedLayer(_ list: [Named], _ k: Int, _ fronts: ElementFronts) -> Bool {
    guard let taken = list[k].element, taken.prior < 1, list[k].closing != nil,
      let product = setup.particlesSolidAngle, product > 0
    else { return false }
    let film = list.compactMap { other -> (atomicNumber: Int, amount: Double)? in
      guard let element = other.element, element.prior == 1, !other.isMinor,
        let closing = other.closing, other.energy < list[k].energy
      else { return nil }
      let sigma = max(fronts.meanCrossSection(element, fronts.energy), 1e-9)
      return (element.nuclei.atomicNumber, roughArea(other, closing) * 1e12 / (sigma * product))
    }
    guard film.count > 1 else { return false }
    return fronts.elements.contains { element in
      guard element.prior == 1 else { return false }
      let end = fronts.buried(under: film, kinematic: element.main.kinematic)
      let shift = element.main.energy - end
      return shift > 0.7 * fwhm
        && (list[k].energy - end).magnitude < max(0.5 * fwhm, 0.15 * shift)
    }
  }

  /// An element that is seldom met, as a thick layer below a front that is named: rather something usual
  /// that begins deeper.
  private func isRareBelow(_ list: [Named], _ k: Int, _ steps: [SpectrumStep]) -> Bool {
    guard let element = list[k].element, element.prior < 0.1, list[k].closing == nil else {
      return false
    }
    return list.contains { other in
      other.energy > list[k].energy && (other.element?.prior ?? 0) > element.prior
    }
  }
}
