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

  /// Viridis whole, for maps.
  private static let sequential: [(Double, Double, Double)] = ramp + [(253, 231, 37)]

  /// Blue over white to red: lightness falls to both ends alike (after Brewer's RdBu, 2003).
  private static let diverging: [(Double, Double, Double)] = [
    (5, 48, 97), (33, 102, 172), (67, 147, 195), (146, 197, 222), (247, 247, 247), (244, 165, 130),
    (214, 96, 77), (178, 24, 43), (103, 0, 31),
  ]

  /// The colour of a map at a place from 0 to 1.
  static func map(_ place: Double, diverging isDiverging: Bool) -> String {
    mixed(isDiverging ? diverging : sequential, at: place)
  }

  /// The colour of one of `count` series: distinct ones up to seven, then a ramp in their order.
  static func colour(_ index: Int, of count: Int) -> String {
    if count <= distinct.count { return distinct[max(0, index) % distinct.count] }
    return mixed(ramp, at: Double(index) / Double(max(1, count - 1)))
  }

  /// The colour between the anchors of a ramp, from 0 at the first to 1 at the last.
  private static func mixed(_ ramp: [(Double, Double, Double)], at share: Double) -> String {
    let place = min(max(share, 0), 1) * Double(ramp.count - 1)
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
