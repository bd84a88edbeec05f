public import Tables
public import Units

/// A film as a simulation takes it: measured or assumed parameters, each with its source.
public struct FilmParameters: Hashable, Sendable {
  /// The thickness h.
  public var thickness: Measured<Length>
  /// The trace step that made the thickness, where it comes from results of this run.
  public var thicknessTrace: TraceID?
  /// Young's modulus, with its uncertainty and trace.
  public var modulus: MeasuredModulus
  /// Poisson's ratio.
  public var poissonRatio: Measured<PureNumber>

  /// A film from its parameters.
  public init(
    thickness: Measured<Length>, thicknessTrace: TraceID? = nil, modulus: MeasuredModulus,
    poissonRatio: Measured<PureNumber>
  ) {
    self.thickness = thickness
    self.thicknessTrace = thicknessTrace
    self.modulus = modulus
    self.poissonRatio = poissonRatio
  }

  /// The film where nothing is measured: 4 nm (ten pairs of 0.4 nm), 25 GPa, ν 0.24.
  ///
  /// The modulus of aluminium alkoxide films is 21–37 GPa in the literature.
  public static let assumed = FilmParameters(
    thickness: Measured(Quantity(4, .nanometre), source: "default"),
    modulus: MeasuredModulus(Measured(Quantity(25, .gigapascal), source: "default")),
    poissonRatio: Measured(Quantity(0.24, .one), source: "default"))
}
