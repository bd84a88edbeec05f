internal import NumericalMethods
internal import RealModule

extension FilmFit {
  /// First parameters from straight algebra: for a row of contact points the baseline by a line and
  /// the textbook cubic by linear least squares; the best of them.
  ///
  /// The linear coefficient may be tension or bending: one start for each of several shares.
  static func starts(data: FitData, inputs: FilmInputs, contactRow: Int) -> [FilmParameters] {
    let rows = data.rows
    guard rows.count > 8 else { return [] }
    let last = rows.upperBound - 1
    let a = inputs.holeRadius
    let q3 = inputs.q * inputs.q * inputs.q
    let k = inputs.springConstant ?? 1
    let centre = (data.z[rows.lowerBound] + data.z[last]) / 2
    let row = min(max(contactRow, rows.lowerBound), last - 4)
    let span = data.z[last] - data.z[row]
    guard span > 0 || data.reduced else { return [] }
    // At most some hundred points.
    let step = max(1, rows.count / 400)
    var best: (cost: Double, linear: Double, modulus: Double, rest: [Double])?
    let fixed = data.reduced ? 0.0 : data.fixedContact
    let trials =
      fixed.map { [$0] }
      ?? (-12...4).map { data.z[row] + Double($0) * 0.06 * span }
    for z0 in trials {
      var offset = 0.0
      var slope = 0.0
      if !data.reduced {
        // Positions are ascending up to noise: the baseline ends where z passes the trial.
        var end = rows.lowerBound
        while end < rows.upperBound, data.z[end] < z0 { end += 1 }
        if let line = fitLine(data.z, data.signal, in: rows.lowerBound..<end),
          end - rows.lowerBound > 20
        {
          offset = line.value(at: centre)
          slope = line.slope
        } else {
          offset = data.signal[rows.lowerBound]
        }
      }
      // F = c₁δ + c₃δ³ over the points in contact.
      var s11 = 0.0
      var s13 = 0.0
      var s33 = 0.0
      var t1 = 0.0
      var t3 = 0.0
      var cost0 = 0.0
      var count = 0
      var i = rows.lowerBound
      while i <= last {
        let z = data.z[i]
        let e = data.signal[i] - offset - slope * (z - centre)
        let f = data.reduced ? e : k * e
        let d = data.reduced ? z : z - z0 - e
        if z <= z0 || d <= 0 {
          cost0 += f * f
        } else {
          let x = d / a
          let x3 = x * x * x
          s11 += x * x
          s13 += x * x3
          s33 += x3 * x3
          t1 += x * f
          t3 += x3 * f
          cost0 += f * f
          count += 1
        }
        i += step
      }
      guard count > 4, s11 > 0 else { continue }
      let det = s11 * s33 - s13 * s13
      var c1 = det > 0 ? (t1 * s33 - t3 * s13) / det : t1 / s11
      var c3 = det > 0 ? (s11 * t3 - s13 * t1) / det : 0
      if c1 <= 0 {
        c3 = s33 > 0 ? t3 / s33 : 0
        c1 = 1e-3 * abs(t1 / s11)
      }
      if c3 <= 0 {
        c1 = t1 / s11
        c3 = 1e-2 * abs(c1)
      }
      let cost =
        cost0 - 2 * (c1 * t1 + c3 * t3) + c1 * c1 * s11 + 2 * c1 * c3 * s13 + c3 * c3 * s33
      if cost < best?.cost ?? .infinity, cost.isFinite {
        best = (cost, c1 / a, c3 / (q3 * a), [z0, offset, slope])
      }
    }
    guard let best else { return [] }
    // c₁ = (16πD/a² + πσ)a, c₃ = q³Ya.
    let sheet = inputs.sheet ?? 0
    func bendingPart(_ y: Double) -> Double { 16 * Double.pi * inputs.bending(y).value / (a * a) }
    func parameters(_ y: Double) -> FilmParameters {
      let sigma = max((best.linear - bendingPart(y)) / Double.pi, 0.03 * best.linear / Double.pi)
      return FilmParameters(values: [y, sigma] + best.rest)
    }
    var result = [parameters(max(best.modulus, sheet * 1.1, 1e-3))]
    if inputs.bending(1 + sheet).value > 0 {
      for share in [0.25, 0.5, 0.8] {
        // D grows with Y: bisect for the Y whose bending takes this share of the stiffness.
        var low = sheet
        var high = max(2 * sheet, 1)
        while bendingPart(high) < share * best.linear, high < 1e7 { high *= 2 }
        for _ in 0..<60 {
          let middle = (low + high) / 2
          if bendingPart(middle) < share * best.linear { low = middle } else { high = middle }
        }
        if high > sheet * 1.001 { result.append(parameters(high)) }
      }
    }
    return result
  }
}
