internal import RealModule
public import Units

/// The shape of the metal surface at the start.
public enum SurfaceShape: Hashable, Sendable {
  /// A bump height·exp(−x²/2·radius²) at the centre; the radius is the standard deviation.
  case gaussian(height: Quantity<Length>, radius: Quantity<Length>)
  /// One wave over the width of the domain, height·½(1 + cos 2πx/width), highest at the centre.
  case cosine(height: Quantity<Length>)
  /// A measured profile: heights at rising positions, joined by straight lines and level beyond.
  case profile(positions: [Quantity<Length>], heights: [Quantity<Length>])

  /// The word that names the shape in a configuration.
  public var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .cosine: "cosine"
    case .profile: "file"
    }
  }

  /// The highest less the lowest point.
  public var height: Quantity<Length> {
    switch self {
    case .gaussian(let height, _), .cosine(let height): height
    case .profile(_, let heights):
      (heights.max() ?? .zero) - (heights.min() ?? .zero)
    }
  }

  /// The heights in nm at x_i = −width/2 + i·width/points, for a width in nm.
  func heights(points: Int, width: Double) -> [Double] {
    (0..<points).map { i in
      // From the centre outwards, so that a symmetric shape is symmetric to the last bit.
      let x = Double(i - points / 2) * width / Double(points)
      switch self {
      case .gaussian(let height, let radius):
        let r = x / radius.value(in: .nanometre)
        return height.value(in: .nanometre) * Double.exp(-r * r / 2)
      case .cosine(let height):
        return height.value(in: .nanometre) * (1 + Double.cos(2 * .pi * x / width)) / 2
      case .profile(let positions, let heights):
        return Self.interpolate(x, positions, heights)
      }
    }
  }

  private static func interpolate(
    _ x: Double, _ positions: [Quantity<Length>], _ heights: [Quantity<Length>]
  ) -> Double {
    let count = min(positions.count, heights.count)
    guard count > 0 else { return 0 }
    let at = Quantity<Length>(x, .nanometre)
    guard let right = positions[..<count].firstIndex(where: { $0 >= at }) else {
      return heights[count - 1].value(in: .nanometre)
    }
    guard right > 0 else { return heights[0].value(in: .nanometre) }
    let span = positions[right] - positions[right - 1]
    let share = span.si > 0 ? (at - positions[right - 1]) / span : 1
    let height = heights[right - 1] + share * (heights[right] - heights[right - 1])
    return height.value(in: .nanometre)
  }
}
