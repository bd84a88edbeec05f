internal import NumericalMethods
internal import RealModule
public import Tables

/// A step and peaks fitted to an edge by least squares.
///
/// Every point weighs the same; the covariance is (JᵀJ)⁻¹·RSS/(n − p), as lmfit scales it.
public struct EdgeFit: Hashable, Sendable {
  /// A parameter of the fit, or what follows from several.
  public struct Parameter: Hashable, Sendable {
    /// Its value.
    public var value: Double
    /// Its standard uncertainty; nil where it is held, at a bound, or not determined.
    public var u: Double?
    /// Whether it was held.
    public var isFixed: Bool
    /// Whether it ended on the limit of what makes sense.
    public var isAtBound: Bool
  }

  /// The step; energies in eV.
  public struct Step: Hashable, Sendable {
    /// `atan` or `erf`.
    public var shape: EdgeModel.Shape
    /// The centre, the width w and the height.
    public var center: Parameter, width: Parameter, height: Parameter
  }

  /// A peak; energies in eV.
  public struct Peak: Hashable, Sendable {
    /// Its shape.
    public var shape: EdgeModel.Shape
    /// Centre, full width at half maximum, area.
    public var center: Parameter, fwhm: Parameter, area: Parameter
    /// The height, which follows from width and area.
    public var height: Parameter
    /// The share of the Lorentzian; nil but for `pvoigt`.
    public var fraction: Parameter?
    /// The peak's curve over ``EdgeFit/energy``.
    public var curve: [Double]
  }

  /// The model with everything that was held or given, as it can be used again.
  public var model: EdgeModel
  /// The window in eV; its ends are open.
  public var window: ClosedRange<Double>
  /// The step; nil for peaks alone.
  public var step: Step?
  /// The peaks by rising centre.
  public var peaks: [Peak]
  /// The sum of squared residuals.
  public var chiSquare: Double
  /// That sum over n − p.
  public var reducedChiSquare: Double
  /// n ln(RSS/n) + p ln n.
  public var bic: Double
  /// The number n of points, and that of free parameters p.
  public var points: Int, freeParameters: Int
  /// Whether the fit came to an end, and every free parameter is determined and off its bounds.
  public var isSound: Bool
  /// The energies of the points in eV, what was fitted, and the sum of the terms there.
  public var energy: [Double], data: [Double], fit: [Double]
  /// The step's curve over ``energy``; empty without one.
  public var stepCurve: [Double]

  /// Fits a model.
  ///
  /// What the text leaves open: a step's width is held at 0.5 eV and its height at 1, a fraction at 0,
  /// because they cannot be told from the widths of two peaks; widths of peaks start at 3 eV.
  ///
  /// - Parameters:
  ///   - model: the terms.
  ///   - energy: energies in eV, ascending.
  ///   - y: the curve.
  ///   - window: the energies in eV strictly between which points count.
  ///   - isNormalised: whether the curve's step is 1; otherwise a step's height is free.
  ///   - place: what diagnostics say about where.
  ///   - diagnostics: gets warnings about bounds and about what is not determined.
  public init(
    _ model: EdgeModel, energy: [Double], _ y: [Double], window: ClosedRange<Double>,
    isNormalised: Bool = true, place: Place = .whole, diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let result = try EdgeFitProblem(
      model, energy: energy, y, window: window, isNormalised: isNormalised
    ).solve()
    self = result
    report(place, &diagnostics)
  }

  init(
    model: EdgeModel, window: ClosedRange<Double>, step: Step?, peaks: [Peak], chiSquare: Double,
    points: Int, freeParameters: Int, isSound: Bool, energy: [Double], data: [Double],
    fit: [Double], stepCurve: [Double]
  ) {
    self.model = model
    self.window = window
    self.step = step
    self.peaks = peaks
    self.chiSquare = chiSquare
    self.points = points
    self.freeParameters = freeParameters
    reducedChiSquare = chiSquare / Double(max(1, points - freeParameters))
    let n = Double(points)
    bic = n * Double.log(max(chiSquare, 1e-250 * n) / n) + Double(freeParameters) * Double.log(n)
    self.isSound = isSound
    self.energy = energy
    self.data = data
    self.fit = fit
    self.stepCurve = stepCurve
  }

  /// All parameters with their names, the step's first.
  public var parameters: [(name: String, parameter: Parameter)] {
    var all: [(name: String, parameter: Parameter)] = []
    if let step {
      all += [("step center", step.center), ("step width", step.width)]
      all.append(("step height", step.height))
    }
    for (i, peak) in peaks.enumerated() {
      let name = "peak \(i + 1)"
      all += [("\(name) center", peak.center), ("\(name) fwhm", peak.fwhm)]
      all.append(("\(name) area", peak.area))
      if let fraction = peak.fraction { all.append(("\(name) fraction", fraction)) }
    }
    return all
  }

  /// Says what the numbers are not worth.
  func report(_ place: Place, _ diagnostics: inout DiagnosticList) {
    let bounded = parameters.filter { $0.parameter.isAtBound }.map(\.name)
    if !bounded.isEmpty {
      diagnostics.warn(
        "xas.fit-bound", at: place,
        found: "the fit ends on a bound of \(bounded.joined(separator: ", "))",
        expected: "expected every parameter inside; these have no uncertainty")
    }
    let loose = parameters.filter {
      !$0.parameter.isFixed && !$0.parameter.isAtBound && $0.parameter.u == nil
    }.map(\.name)
    if !loose.isEmpty {
      diagnostics.warn(
        "xas.fit-degenerate", at: place,
        found: "the data do not determine \(loose.joined(separator: ", "))",
        expected: "expected fewer or fixed parameters; these have no uncertainty")
    } else if bounded.isEmpty, !isSound {
      diagnostics.warn(
        "xas.fit-stopped", at: place, found: "the fit did not come to rest",
        expected: "expected starting values closer to the data")
    }
  }
}
