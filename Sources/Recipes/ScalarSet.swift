/// A set of Unicode scalars: sorted ranges that neither touch nor overlap, and a bit for each of ASCII.
struct ScalarSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  static let greatest: UInt32 = 0x10FFFF

  init(_ ranges: [ClosedRange<UInt32>] = []) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
        let end = max(last.upperBound, range.upperBound)
        self.ranges[self.ranges.count - 1] = last.lowerBound...end
      } else {
        self.ranges.append(range)
      }
    }
    for range in self.ranges where range.lowerBound < 128 {
      for scalar in range.lowerBound...min(127, range.upperBound) {
        if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
      }
    }
  }

  init(_ scalar: Unicode.Scalar) { self.init([scalar.value...scalar.value]) }

  func contains(_ scalar: UInt32) -> Bool {
    if scalar < 64 { return low >> UInt64(scalar) & 1 == 1 }
    if scalar < 128 { return high >> UInt64(scalar - 64) & 1 == 1 }
    var (from, to) = (0, ranges.count)
    while from < to {
      let middle = (from + to) / 2
      if ranges[middle].upperBound < scalar { from = middle + 1 } else { to = middle }
    }
    return from < ranges.count && ranges[from].contains(scalar)
  }

  /// Every scalar that is not in the set.
  var inverted: ScalarSet {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= Self.greatest { result.append(next...Self.greatest) }
    return ScalarSet(result)
  }

  func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  /// The set with the letters of the other case; ranges of more than 2048 scalars count as having them.
  var foldingCase: ScalarSet {
    var more: [ClosedRange<UInt32>] = ranges
    for range in ranges where range.count <= 2048 {
      for value in range {
        guard let scalar = Unicode.Scalar(value) else { continue }
        for mapped in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
          let scalars = mapped.unicodeScalars
          if let first = scalars.first, scalars.count == 1 {
            more.append(first.value...first.value)
          }
        }
      }
    }
    return ScalarSet(more)
  }

  private static func of(_ ranges: ClosedRange<Unicode.Scalar>...) -> ScalarSet {
    ScalarSet(ranges.map { $0.lowerBound.value...$0.upperBound.value })
  }

  static let digits = of("0"..."9")
  static let word = of("0"..."9", "A"..."Z", "a"..."z", "_"..."_")
  static let blank = of(
    "\t"..."\r", " "..." ", "\u{85}"..."\u{85}", "\u{A0}"..."\u{A0}", "\u{1680}"..."\u{1680}",
    "\u{2000}"..."\u{200A}", "\u{2028}"..."\u{2029}", "\u{202F}"..."\u{202F}",
    "\u{205F}"..."\u{205F}", "\u{3000}"..."\u{3000}")
  static let any = ScalarSet([0...greatest])
  static let anyButLineEnd = of("\n"..."\n", "\r"..."\r").inverted

  /// The classes `[:name:]`, of ASCII.
  static func named(_ name: String) -> ScalarSet? {
    switch name {
    case "alpha": of("A"..."Z", "a"..."z")
    case "digit": digits
    case "alnum": of("0"..."9", "A"..."Z", "a"..."z")
    case "upper": of("A"..."Z")
    case "lower": of("a"..."z")
    case "space": blank
    case "blank": of("\t"..."\t", " "..." ")
    case "punct": of("!"..."/", ":"..."@", "["..."`", "{"..."~")
    case "xdigit": of("0"..."9", "A"..."F", "a"..."f")
    case "word": word
    default: nil
    }
  }
}
