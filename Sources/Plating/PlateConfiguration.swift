public import Materials
public import Tables

/// What `plate` runs: cases, the parameters as given, and what reading them had to say.
public struct PlateConfiguration: Sendable {
  /// The cases in order.
  public var cases: [PlateCase]
  /// Every parameter before the cases' own settings, with its source.
  public var parameters: ResultObject
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// The configuration file; nil for a configuration made by a program.
  public var input: InputIdentity?
  /// The files from which measured parameters were taken, by the name in their `source`.
  public var measuredInputs: [String: InputIdentity] = [:]

  /// A configuration from its cases; `base` gives the parameters that are printed.
  ///
  /// - Throws: ``ReadFailure`` where a setting is out of range or two cases have one label.
  public init(base: PlateCase, cases: [PlateCase], diagnostics: [Diagnostic] = [])
    throws(ReadFailure)
  {
    var labels: Set<String> = []
    for plateCase in cases {
      guard labels.insert(plateCase.label).inserted else {
        throw ReadFailure(
          "plate.label", found: "two cases are labelled `\(plateCase.label)`",
          expected: "a label of its own for each case")
      }
      try plateCase.checkRanges()
    }
    guard !cases.isEmpty else {
      throw ReadFailure("plate.no-cases", found: "no case", expected: "at least one case")
    }
    self.cases = cases
    parameters = base.parameterList
    self.diagnostics = diagnostics
  }
}

/// A film of a study, ready to be simulated.
public struct PlateFilm: Hashable, Sendable {
  /// The name of the sample.
  public var label: String
  /// The metals to plate under it, in order.
  public var metals: [Metal]
  /// Thickness, modulus and Poisson's ratio, each with its source and trace.
  public var film: FilmParameters

  /// A film from its parts.
  public init(label: String, metals: [Metal], film: FilmParameters) {
    self.label = label
    self.metals = metals
    self.film = film
  }
}

/// One configuration for many measured films: a case for each film and metal.
///
/// With several metals the label of a case is `FILM, METAL`. Everything else is taken from `base`.
///
/// - Throws: ``ReadFailure`` where a parameter is out of range or two labels are the same.
public func plateCases(
  for films: [PlateFilm], base: PlateCase = PlateCase(label: "case")
) throws(ReadFailure) -> PlateConfiguration {
  var cases: [PlateCase] = []
  for film in films {
    for metal in film.metals {
      var plateCase = base
      plateCase.label = film.metals.count > 1 ? "\(film.label), \(metal.name)" : film.label
      plateCase.metal = metal
      plateCase.film = film.film
      cases.append(plateCase)
    }
  }
  return try PlateConfiguration(base: base, cases: cases)
}
