/// What the words of a column's name say about its dimension.
enum LabelHint {
  /// The dimension, for names with one of the words below; nil for all others.
  static func dimension(of name: String) -> Dimension? {
    if name.contains("dT/dt") { return Temperature.dimension / TimeSpan.dimension }
    let words = name.lowercased().split { !$0.isLetter }
    if words.contains(where: { $0.hasPrefix("temp") }) { return Temperature.dimension }
    if words.contains(where: { wave.contains(String($0)) }) { return WaveNumber.dimension }
    if words.contains(where: { lengths.contains(String($0)) }) { return Length.dimension }
    return nil
  }

  private static let wave: Set = ["k", "q", "wavenumber"]
  private static let lengths: Set = [
    "depth", "height", "distance", "thickness", "wavelength", "spacing", "position", "deflection",
    "separation", "roughness", "radius", "diameter", "displacement", "length",
  ]
}
