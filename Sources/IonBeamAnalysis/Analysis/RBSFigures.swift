internal import RealModule
internal import Tables

/// The figures of simulations and fits.
struct RBSFigures {
  let stem: String
  let title: String

  /// Data, simulation, and one line per element.
  func spectrum(
    _ spectrum: SimulatedSpectrum, _ calibration: ChannelCalibration, measured: [Double]?,
    ranges: [ClosedRange<Int>]
  ) -> Figure {
    let x = spectrum.total.indices.map {
      calibration.energy(Double($0 + spectrum.firstChannel))
    }
    // Nothing is to be seen above the last count.
    let top = max(
      spectrum.total.lastIndex { $0 >= 0.5 } ?? 0, measured?.lastIndex { $0 > 0 } ?? 0)
    let shown = 0..<min(x.count, top + 1 + max(10, top / 20))
    var series: [Figure.Series] = []
    if let measured {
      let both = shown.clamped(to: 0..<measured.count)
      series.append(.init("data", .points, x: Array(x[both]), y: Array(measured[both])))
    }
    series.append(
      .init(
        measured == nil ? "total" : "fit", .line, x: Array(x[shown]),
        y: Array(spectrum.total[shown])))
    for (name, counts) in zip(spectrum.names, spectrum.counts)
    where counts.contains(where: { $0 > 0 }) {
      series.append(.init(name, .dashed, x: Array(x[shown]), y: Array(counts[shown])))
    }
    let said = ranges.map { range in
      let low = calibration.energy(Double(range.lowerBound))
      let high = calibration.energy(Double(range.upperBound))
      return "\(RBSUnit.words(low, 0)) to \(RBSUnit.words(high, 0)) keV"
    }
    return Figure(
      id: "\(stem)-spectrum", title: "\(title): spectrum",
      caption: measured == nil
        ? "The simulated spectrum, and what each element gives to it."
        : "Counts and the fitted spectrum, with what each element gives to it; fitted from "
          + "\(said.joined(separator: ", ")).",
      xAxis: .init("energy", unit: "keV"), yAxis: .init("counts", unit: "1"), series: series)
  }

  /// (y − μ)/√max(μ, 1) in the channels that were fitted.
  func residuals(
    _ spectrum: SimulatedSpectrum, _ calibration: ChannelCalibration, measured: [Double],
    wanted: [Int]
  ) -> Figure {
    var x: [Double] = []
    var y: [Double] = []
    for i in wanted where spectrum.total.indices.contains(i) && measured.indices.contains(i) {
      x.append(calibration.energy(Double(i + spectrum.firstChannel)))
      y.append((measured[i] - spectrum.total[i]) / max(spectrum.total[i], 1).squareRoot())
    }
    return Figure(
      id: "\(stem)-residuals", title: "\(title): residuals",
      caption: "Counts less the fit, in standard deviations of the counts.",
      xAxis: .init("energy", unit: "keV"), yAxis: .init("residual", unit: "1"),
      series: [.init("residuals", .points, x: x, y: y)])
  }

  /// Atom fractions against depth, with bands of one standard uncertainty.
  ///
  /// A band carries the name of its line, and with it the colour. Every other line is dashed: elements of
  /// one fraction lie on one another.
  func profile(_ profile: ElementProfile) -> Figure {
    var series: [Figure.Series] = []
    for element in profile.elements {
      series.append(
        .init(
          element.name, .band, x: profile.depth,
          y: zip(element.fraction, element.u).map { max(0, $0 - $1) },
          u: zip(element.fraction, element.u).map { $0 + $1 }))
    }
    for (k, element) in profile.elements.enumerated() {
      series.append(
        .init(
          element.name, k % 2 == 0 ? .line : .dashed, x: profile.depth, y: element.fraction))
    }
    return Figure(
      id: "\(stem)-profile", title: "\(title): depth profile",
      caption: "Atom fractions against depth, with bands of one standard uncertainty of the fit.",
      xAxis: .init("depth", unit: "10*15/cm2"), yAxis: .init("atom fraction", unit: "1"),
      series: series)
  }
}
