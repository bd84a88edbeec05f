internal import NumericalMethods
internal import Tables
internal import Units

/// Force against deflection with fit and marks, and the residual of the fit.
func forceFigures(_ a: ForceCurveAnalysis, file: String, several: Bool) -> [Figure] {
  let k = a.curve.reduced ? 1 : a.curve.springConstant?.value.si
  guard k != nil, !a.force.isEmpty else { return [] }
  let base = file.split(separator: "/").last.map(String.init) ?? file
  let stem = base.split(separator: ".").first.map(String.init) ?? base
  let id = several ? "\(stem)-\(a.number)" : stem
  if a.contactInputs != nil { return contactFigures(a, id: id) }
  var series: [Figure.Series] = []
  let (x, y) = thinned(a.depth, a.force)
  series.append(.init("approach", .points, x: x, y: y))
  if !a.retractForce.isEmpty {
    let (x, y) = thinned(a.retractDepth, a.retractForce)
    series.append(.init("retract", .dashed, x: x, y: y))
  }
  var marks: [Figure.Mark] = []
  if let fit = a.fit {
    series.append(
      .init(
        "\(fit.model.rawValue) fit", .line, x: [0] + fit.response.depth.map { $0 * 1e9 },
        y: [0] + fit.response.force.map { $0 * 1e9 }))
    marks.append(.init(x: 0, y: 0, label: "contact"))
    if let limit = a.limitForce, let depth = fit.response.depth(at: limit) {
      marks.append(.init(x: depth * 1e9, y: limit * 1e9, label: "elastic limit"))
    }
  }
  if let f = a.failure, f.index < a.depth.count {
    marks.append(.init(x: a.depth[f.index] * 1e9, y: a.force[f.index] * 1e9, label: "failure"))
  }
  var caption = "Force on the film against its deflection"
  if let e = a.value(.e2d), let s = a.value(.pretension), let model = a.model {
    caption +=
      "; \(model.rawValue) model: E2D \(rounded(e.value)) N/m, pretension \(rounded(s.value)) N/m"
  }
  caption += ". Verdict: \(a.verdict.rawValue)"
  caption += a.flags.isEmpty ? "." : " (\(a.flags.joined(separator: ", ")))."
  var figures = [
    Figure(
      id: "\(id)-force-deflection", title: "\(a.sample): force and deflection", caption: caption,
      xAxis: .init("film deflection", unit: "nm"), yAxis: .init("force", unit: "nN"),
      series: series, marks: marks)
  ]
  if let fit = a.fit, let k {
    let rows = Array(fit.rows)
    let x = rows.map { (a.curve.approachZ[$0] - fit.parameters.contact) * 1e9 }
    let r = fit.residuals.map { -$0 * k * 1e9 }
    let (rx, ry) = thinned(x, r, scale: 1)
    figures.append(
      Figure(
        id: "\(id)-residual", title: "\(a.sample): residual of the fit",
        caption: "Measured less fitted force against position from contact; "
          + "a right model leaves noise without pattern.",
        xAxis: .init("position from contact", unit: "nm"), yAxis: .init("residual", unit: "nN"),
        series: [.init("residual", .points, x: rx, y: ry)]))
  }
  return figures
}

/// At most about 1500 points, in nano units.
private func thinned(
  _ x: [Double], _ y: [Double], scale: Double = 1e9
) -> ([Double], [Double]) {
  let n = min(x.count, y.count)
  let step = max(1, n / 1500)
  let rows = stride(from: 0, to: n, by: step)
  return (rows.map { x[$0] * scale }, rows.map { y[$0] * scale })
}

/// Three significant digits, for captions.
private func rounded(_ x: Double) -> String {
  guard x.isFinite, x != 0 else { return "0" }
  var factor = 1.0
  while abs(x) * factor < 100, factor < 1e12 { factor *= 10 }
  return "\((x * factor).rounded() / factor)"
}
