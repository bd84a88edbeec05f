internal import Tables
internal import Units

/// Force against indentation with the fit, and the residual of the fit.
func contactFigures(_ a: ForceCurveAnalysis, id: String) -> [Figure] {
  let nano = 1e9
  func points(_ x: [Double], _ y: [Double]) -> ([Double], [Double]) {
    let n = min(x.count, y.count)
    let rows = stride(from: 0, to: n, by: max(1, n / 1500))
    return (rows.map { x[$0] * nano }, rows.map { y[$0] * nano })
  }
  var (x, y) = points(a.depth, a.force)
  var series = [Figure.Series("approach", .points, x: x, y: y)]
  if !a.retractForce.isEmpty {
    (x, y) = points(a.retractDepth, a.retractForce)
    series.append(.init("retract", .dashed, x: x, y: y))
  }
  var caption = "Force on the sample against its indentation"
  var figures: [Figure] = []
  if let fit = a.contactFit, let inputs = a.contactInputs, let law = ContactLaw(fit.model, inputs) {
    let tips = fit.data.tip[fit.data.contact].map { $0 - fit.contact }
    let low = tips.min() ?? 0
    let high = tips.max() ?? 0
    let depths = (0...200).map { low + (high - low) * Double($0) / 200 }
    let forces = depths.map { law.force($0, modulus: fit.modulus, work: fit.work).value * nano }
    series.append(.init("\(fit.model.rawValue) fit", .line, x: depths.map { $0 * nano }, y: forces))
    caption += "; \(fit.model.rawValue) model: Young's modulus \(threeDigits(fit.modulus)) Pa"
    let rows = (0..<fit.data.count).map { fit.data.row($0) }
    (x, y) = points(
      rows.map { fit.data.tip[$0] - fit.contact }, fit.residuals.map { -$0 })
    figures.append(
      Figure(
        id: "\(id)-residual", title: "\(a.sample): residual of the fit",
        caption: "Measured less fitted force against indentation; "
          + "a right model leaves noise without pattern.",
        xAxis: .init("indentation", unit: "nm"), yAxis: .init("residual", unit: "nN"),
        series: [.init("residual", .points, x: x, y: y)]))
  }
  caption += ". Verdict: \(a.verdict.rawValue)"
  caption += a.flags.isEmpty ? "." : " (\(a.flags.joined(separator: ", ")))."
  let marks: [Figure.Mark] = a.contactFit == nil ? [] : [.init(x: 0, y: 0, label: "contact")]
  figures.insert(
    Figure(
      id: "\(id)-force-indentation", title: "\(a.sample): force and indentation", caption: caption,
      xAxis: .init("indentation", unit: "nm"), yAxis: .init("force", unit: "nN"),
      series: series, marks: marks), at: 0)
  return figures
}

/// Three significant digits without an exponent up to a million.
private func threeDigits(_ x: Double) -> String {
  guard x.isFinite, x > 0 else { return "\(x)" }
  var factor = 1.0
  while x * factor < 100, factor < 1e12 { factor *= 10 }
  while x * factor >= 1000, factor > 1e-15 { factor /= 10 }
  let value = (x * factor).rounded() / factor
  return value >= 100 && value < 1e6 ? "\(Int(value.rounded()))" : "\(value)"
}
