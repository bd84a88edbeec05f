public import Tables

extension EdgeFit {
  /// Fits an arctangent and one to three Gaussians, as many as the data ask for.
  ///
  /// Each further peak is tried at several places of the window on top of the best fit without it. The
  /// fewest peaks whose criterion (``bic``) lies within 6 of the best are taken.
  ///
  /// - Parameters:
  ///   - energy: energies in eV, ascending.
  ///   - y: the normalised curve.
  ///   - e0: the edge energy in eV.
  ///   - window: where points count; e0 − 10 eV … e0 + 15 eV unless given.
  public static func auto(
    energy: [Double], _ y: [Double], e0: Double, window: ClosedRange<Double>? = nil,
    isNormalised: Bool = true, place: Place = .whole, diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> EdgeFit {
    let window = window ?? (e0 - 10)...(e0 + 15)
    var fits: [EdgeFit] = []
    var terms = [EdgeModel.Term(.atan, at: e0)]
    var failure: ReadFailure?
    for _ in 1...3 {
      var best: EdgeFit?
      for width in [2.0, 6] {
        for place in 1...10 {
          let share = Double(place) / 11
          let center = window.lowerBound + share * (window.upperBound - window.lowerBound)
          let peak = EdgeModel.Term(
            .gauss, at: center, [.fwhm: EdgeModel.Setting(width, isFixed: false)])
          do throws(ReadFailure) {
            let fit = try EdgeFitProblem(
              EdgeModel(terms + [peak]), energy: energy, y, window: window,
              isNormalised: isNormalised
            ).solve()
            let (isBetter, isSounder) = (fit.chiSquare < best?.chiSquare ?? .infinity, fit.isSound)
            if let held = best, held.isSound != isSounder ? !isSounder : !isBetter { continue }
            best = fit
          } catch {
            failure = error
          }
        }
      }
      guard let best else { break }
      fits.append(best)
      terms = best.openTerms
    }
    let sound = fits.contains(where: \.isSound) ? fits.filter(\.isSound) : fits
    let limit = (sound.map(\.bic).min() ?? 0) + 6
    guard let chosen = sound.first(where: { $0.bic <= limit }) else {
      throw failure
        ?? ReadFailure(
          "xas.fit-points", found: "no fit in \(window.lowerBound)…\(window.upperBound) eV",
          expected: "expected points in the window")
    }
    chosen.report(place, &diagnostics)
    return chosen
  }

  /// The terms with what was found as their starts.
  private var openTerms: [EdgeModel.Term] {
    func setting(_ p: Parameter) -> EdgeModel.Setting {
      EdgeModel.Setting(p.value, isFixed: p.isFixed)
    }
    var terms: [EdgeModel.Term] = []
    if let step {
      terms.append(
        EdgeModel.Term(
          step.shape, at: step.center.value,
          [.width: setting(step.width), .height: setting(step.height)]))
    }
    for peak in peaks {
      terms.append(
        EdgeModel.Term(
          peak.shape, at: peak.center.value,
          [.fwhm: setting(peak.fwhm), .area: setting(peak.area)]))
    }
    return terms
  }
}
