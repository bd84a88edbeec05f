/// A simulated spectrum, and what each element gives to it.
public struct SimulatedSpectrum: Hashable, Sendable, Codable {
  /// The number of the first channel.
  public var firstChannel: Int
  /// Counts a channel.
  public var total: [Double]
  /// The names of elements and isotopes, in the order in which the sample names them first.
  public var names: [String]
  /// The counts of each of `names`.
  public var counts: [[Double]]

  /// The counts of an element; nil where the sample does not name it.
  public func counts(of name: String) -> [Double]? {
    names.firstIndex(of: name).map { counts[$0] }
  }
}

/// Why a simulation cannot be done.
public enum SimulationFailure: Error, Hashable, Sendable {
  /// The stopping set has no data for this ion in this element.
  case noStopping(ion: String, element: String)
  /// A number is not positive, not finite, or out of its range.
  case invalid(String)
}
