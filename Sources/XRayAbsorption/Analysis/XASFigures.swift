internal import Tables

/// The figures of one spectrum.
struct XASFigures {
  let a: SpectrumAnalysis
  let stem: String
  let title: String

  init(_ analysis: SpectrumAnalysis, file: String, isOnly: Bool) {
    a = analysis
    let base = file.split(separator: "/").last.map(String.init) ?? file
    stem = isOnly ? base : "\(base)-\(analysis.name)"
    title = isOnly ? base : "\(base), \(analysis.name)"
  }

  /// Raw with both lines, the normalised curve, the peak region: those that there are numbers for.
  func all() -> [Figure] { [raw(), normalised(), peak(), fit(), mixture()].compactMap { $0 } }

  private func raw() -> Figure? {
    guard a.scan.count > 1 else { return nil }
    var series = [Figure.Series("mu", .line, x: a.energy, y: a.curves?.scan.mu ?? a.scan.mu)]
    var marks: [Figure.Mark] = []
    var caption = "Absorption \(a.source.signal.expression.text) as measured"
    if let curves = a.curves {
      series.append(.init("pre-edge", .dashed, x: a.energy, y: curves.pre))
      series.append(.init("post-edge", .dashed, x: a.energy, y: curves.post))
      let level = curves.scan.mu[curves.scan.nearest(to: curves.e0)]
      marks.append(.init(x: curves.e0, y: level, label: "E0"))
      caption += ", with the curves below and above the edge (\(a.convention.rawValue))"
    }
    return Figure(
      id: "\(stem)-raw", title: "\(title): absorption", caption: caption + ".",
      xAxis: .init("photon energy", unit: "eV"), yAxis: .init("absorption", unit: "1"),
      series: series, marks: marks)
  }

  private func normalised() -> Figure? {
    guard a.curves != nil, !a.norm.isEmpty, !a.flat.isEmpty else { return nil }
    return Figure(
      id: "\(stem)-norm", title: "\(title): normalised",
      caption: "Normalised absorption (\(a.scaling.rawValue)), and flattened above the edge.",
      xAxis: .init("photon energy", unit: "eV"), yAxis: .init("normalised absorption", unit: "1"),
      series: [
        .init("normalised", .line, x: a.energy, y: a.norm),
        .init("flattened", .dashed, x: a.energy, y: a.flat),
      ])
  }

  private func fit() -> Figure? {
    guard let fit = a.fit else { return nil }
    var series = [
      Figure.Series("data", .points, x: fit.energy, y: fit.data),
      Figure.Series("fit", .line, x: fit.energy, y: fit.fit),
    ]
    if !fit.stepCurve.isEmpty {
      series.append(.init("step", .dashed, x: fit.energy, y: fit.stepCurve))
    }
    for (n, peak) in fit.peaks.enumerated() {
      series.append(.init("peak \(n + 1)", .dashed, x: fit.energy, y: peak.curve))
    }
    return Figure(
      id: "\(stem)-fit", title: "\(title): step and peaks",
      caption: "Least squares of \(fit.model.text).",
      xAxis: .init("photon energy", unit: "eV"), yAxis: .init("normalised absorption", unit: "1"),
      series: series)
  }

  private func mixture() -> Figure? {
    guard let mixture = a.mixture else { return nil }
    return Figure(
      id: "\(stem)-lcf", title: "\(title): combination of standards",
      caption: "Linear combination of \(mixture.parts.count) standards, R = "
        + "\(XASText.rounded(mixture.rFactor, 7)).",
      xAxis: .init("photon energy", unit: "eV"), yAxis: .init("normalised absorption", unit: "1"),
      series: [
        .init("data", .points, x: mixture.energy, y: mixture.data),
        .init("combination", .line, x: mixture.energy, y: mixture.fit),
        .init(
          "difference", .dashed, x: mixture.energy,
          y: zip(mixture.data, mixture.fit).map { $0 - $1 }),
      ])
  }

  private func peak() -> Figure? {
    guard let peak = a.peak, let e0 = a.e0 else { return nil }
    let window = min(peak.window.lowerBound, e0 - 10)...max(peak.window.upperBound, e0 + 30)
    let inside = a.energy.indices.filter { window.contains(a.energy[$0]) }
    guard inside.count > 2 else { return nil }
    let x = inside.map { a.energy[$0] }
    let y = inside.map { a.norm[$0] }
    func at(_ energy: Double) -> Double { interpolate([energy], x, y).first ?? 0 }
    var marks = [Figure.Mark(x: e0, y: at(e0), label: "E0")]
    if let best = peak.estimates[peak.best]?.value {
      marks.append(.init(x: best, y: at(best), label: "peak"))
    }
    return Figure(
      id: "\(stem)-peak", title: "\(title): white line",
      caption: "The region of the white line; its position by \(peak.best.rawValue).",
      xAxis: .init("photon energy", unit: "eV"), yAxis: .init("normalised absorption", unit: "1"),
      series: [.init("normalised", .line, x: x, y: y), .init("points", .points, x: x, y: y)],
      marks: marks)
  }
}
