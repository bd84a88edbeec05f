/// Numbers in diagnostics and captions.
enum CyclingText {
  /// Four significant digits.
  static func short(_ x: Double) -> String {
    guard x.isFinite, x != 0 else { return "0" }
    var factor = 1.0
    while abs(x) * factor < 1000, factor < 1e15 { factor *= 10 }
    let rounded = (x * factor).rounded() / factor
    return rounded == rounded.rounded() && abs(rounded) < 1e15
      ? "\(Int64(rounded))" : "\(rounded)"
  }
}
