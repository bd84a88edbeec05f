internal import Bytes
internal import Tables
internal import Units

/// Extent, origin and spacing of VTK image data.
struct VTKFrame {
  /// First and last index of each of the three axes.
  let extent: [ClosedRange<Int>]
  private let origin: [Double]
  private let spacing: [Double]
  private let unit: ColumnUnit

  init(_ image: XMLTree.Element, lengthUnit: String?) throws(ReadFailure) {
    guard let written = image.attribute("WholeExtent"), let extent = Self.extent(written) else {
      throw ReadFailure(
        "vti.extent", at: .line(image.line),
        found: "WholeExtent=\"\(image.attribute("WholeExtent") ?? "")\"",
        expected: "expected six whole numbers, each first one not above its last")
    }
    self.extent = extent
    origin = try Self.three(image, "Origin", absent: 0)
    spacing = try Self.three(image, "Spacing", absent: 1)
    unit =
      lengthUnit.map { text in
        (try? PhysicalUnit(ucum: text)).map { .known($0) }
          ?? PhysicalUnit.loose(text).map { .known($0.unit) } ?? .unknown(text)
      } ?? .absent
  }

  private static func three(
    _ image: XMLTree.Element, _ name: String, absent: Double
  ) throws(ReadFailure) -> [Double] {
    guard let text = image.attribute(name) else { return [absent, absent, absent] }
    let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { NumberScanner.parse($0) }
    guard numbers.count == 3, text.split(whereSeparator: \.isWhitespace).count == 3 else {
      throw ReadFailure(
        "vti.extent", at: .line(image.line), found: "\(name)=\"\(text)\"",
        expected: "expected three numbers")
    }
    return numbers
  }

  /// `x0 x1 y0 y1 z0 z1`; nil for anything else, and where the points could not be counted.
  static func extent(_ text: String) -> [ClosedRange<Int>]? {
    let words = text.split(whereSeparator: \.isWhitespace)
    let numbers = words.compactMap { Int($0) }
    guard words.count == 6, numbers.count == 6 else { return nil }
    var result: [ClosedRange<Int>] = []
    var points = 1
    for axis in 0..<3 {
      let (low, high) = (numbers[2 * axis], numbers[2 * axis + 1])
      guard low <= high, low > -(1 << 40), high < 1 << 40 else { return nil }
      let (product, overflow) = points.multipliedReportingOverflow(by: high - low + 1)
      guard !overflow, product < 1 << 48 else { return nil }
      points = product
      result.append(low...high)
    }
    return result
  }

  /// Points or cells along each axis of an extent; an axis of one point has one cell.
  static func counts(_ extent: [ClosedRange<Int>], ofCells: Bool) -> [Int] {
    extent.map { ofCells ? max(1, $0.count - 1) : $0.count }
  }

  /// The axes; a third one of a single point is left out.
  func axes(ofCells: Bool) -> [GridAxis] {
    let counts = Self.counts(extent, ofCells: ofCells)
    let shown = counts[2] > 1 ? 3 : 2
    return (0..<shown).map { axis in
      let shift = ofCells && extent[axis].count > 1 ? 0.5 : 0
      return GridAxis(
        name: ["x", "y", "z"][axis], count: counts[axis],
        origin: origin[axis] + (Double(extent[axis].lowerBound) + shift) * spacing[axis],
        step: spacing[axis], unit: unit)
    }
  }

  /// Whether nine numbers are the unit matrix.
  static func isIdentity(_ direction: String) -> Bool {
    let numbers = direction.split(whereSeparator: \.isWhitespace).compactMap {
      NumberScanner.parse($0)
    }
    return numbers == [1, 0, 0, 0, 1, 0, 0, 0, 1]
  }
}
