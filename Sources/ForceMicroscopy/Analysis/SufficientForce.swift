internal import NumericalMethods
internal import RealModule

extension FilmFit {
  /// The u above which a modulus or a pretension counts as undetermined, as a part of its value.
  static let undetermined = 0.3

  /// The least force up to which a curve like this one would fix modulus and pretension.
  ///
  /// The smallest possible u follows from the Jacobian of the model along a curve of the same film,
  /// with the same noise, point spacing and baseline, that goes on to a greater force (Cramér–Rao
  /// bound; the noise counts with its autocorrelation). Forces are tried upward by a quarter, up to 40
  /// times the limit.
  ///
  /// - Parameters:
  ///   - data: the rows that were fitted.
  ///   - inputs: the inputs of the fit.
  ///   - limit: the force that the fit went to, N.
  /// - Returns: the force in newton; nil where none of them would do.
  func sufficientForce(data: FitData, inputs: FilmInputs, limit: Double) -> Double? {
    guard limit > 0, !data.reduced, let k = inputs.springConstant, k > 0, rows.count > 8,
      let table = FilmResponse(
        model, modulus: parameters.modulus, tension: parameters.tension, inputs: inputs,
        greatestForce: 40 * limit)
    else { return nil }
    let z = data.z[rows]
    guard let low = z.first, let high = z.last, high > parameters.contact else { return nil }
    let spacing = (high - low) / Double(rows.count - 1)
    guard spacing > 0 else { return nil }
    let sheet = inputs.sheet ?? 0
    var force = 1.25 * limit
    while force <= 40 * limit {
      guard let depth = table.depth(at: force) else { return nil }
      var points = FitPoints()
      points.add(from: low, to: parameters.contact, count: 60, spacing: spacing)
      points.add(
        from: parameters.contact, to: parameters.contact + depth + force / k, count: 300,
        spacing: spacing)
      var residuals: [Double] = []
      var jacobian: DenseMatrix? = DenseMatrix(rows: 0, columns: 5)
      Self.evaluate(
        parameters.values, points: points, scale: 1 / k, response: table, centre: centre,
        noise: rms * correlation.squareRoot(), residuals: &residuals, jacobian: &jacobian)
      if let covariance = jacobian?.gram.flatMap({ CholeskyFactor($0)?.inverse() }),
        covariance[0, 0].squareRoot() < Self.undetermined * (parameters.modulus - sheet),
        covariance[1, 1].squareRoot() < Self.undetermined * abs(parameters.tension)
      {
        return force
      }
      force *= 1.25
    }
    return nil
  }
}

extension FitPoints {
  /// Adds positions at equal steps that stand for all rows of a spacing.
  fileprivate mutating func add(from low: Double, to high: Double, count: Int, spacing: Double) {
    guard high > low else { return }
    let rows = max(1, (high - low) / spacing)
    let weight = (rows / Double(count)).squareRoot()
    for i in 0..<count {
      z.append(low + (high - low) * (Double(i) + 0.5) / Double(count))
      signal.append(0)
      self.weight.append(weight)
    }
  }
}
