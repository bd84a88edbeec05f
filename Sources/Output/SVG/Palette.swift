/// Colours that remain apart for readers with any colour vision, in print and on a screen.
enum Palette {
  /// The colours of Okabe and Ito (2008) without yellow, which is too light on white.
  static let distinct = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
  ]

  /// Anchors of the viridis map of van der Walt and Smith (2015), its lightest end left out.
  private static let ramp: [(Double, Double, Double)] = [
    (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141), (39, 173, 129),
    (92, 200, 99), (170, 220, 50),
  ]

  /// The colour of one of `count` series: distinct ones up to seven, then a ramp in their order.
  static func colour(_ index: Int, of count: Int) -> String {
    if count <= distinct.count { return distinct[max(0, index) % distinct.count] }
    let place = Double(index) / Double(max(1, count - 1)) * Double(ramp.count - 1)
    let i = min(max(0, Int(place)), ramp.count - 2)
    let t = place - Double(i)
    func channel(_ a: Double, _ b: Double) -> String {
      let n = Int((a + (b - a) * t).rounded())
      return (n < 16 ? "0" : "") + String(min(255, max(0, n)), radix: 16)
    }
    let (a, b) = (ramp[i], ramp[i + 1])
    return "#" + channel(a.0, b.0) + channel(a.1, b.1) + channel(a.2, b.2)
  }
}
