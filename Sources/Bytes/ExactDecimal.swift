/// Rounding of decimals of any length by comparing whole numbers: slow, exact, rarely needed.
enum ExactDecimal {
  /// Digits beyond these only tell whether the number lies above what the kept ones say: the
  /// halfway points between Doubles have at most 767 significant digits.
  static let keptDigits = 800

  /// The Double nearest to 0.d1d2d3… · 10^`point`, ties to even; infinity where it overflows.
  ///
  /// - Parameters:
  ///   - digits: 0…9 each, the first not 0.
  ///   - point: the number of digits before the decimal point; it may be negative or beyond the end.
  static func nearest(digits: [UInt8], point: Int) -> Double {
    guard point > -400 else { return 0 }
    guard point < 400 else { return .infinity }
    var kept = Array(digits.prefix(keptDigits))
    if digits.dropFirst(keptDigits).contains(where: { $0 != 0 }) { kept.append(1) }
    let exponent = point - kept.count
    var estimateDigits: UInt64 = 0
    let lead = kept.prefix(19)
    for digit in lead { estimateDigits = estimateDigits * 10 + UInt64(digit) }
    var x = PowersOfFive.shared.nearest(estimateDigits, exponent: point - lead.count)
    if x == .infinity { x = .greatestFiniteMagnitude }
    let number = WholeNumber(digits: kept)

    // The estimate is at most a few steps away; each turn moves one step or returns.
    for _ in 0..<16 {
      switch compare(number, exponent, halfwayAbove: x) {
      case 1:
        x = x.nextUp
        if x == .infinity { return x }
      case 0:
        return x.significandBitPattern & 1 == 0 ? x : x.nextUp
      default:
        if x == 0 { return 0 }
        let below = x.nextDown
        switch compare(number, exponent, halfwayAbove: below) {
        case 1: return x
        case 0: return below.significandBitPattern & 1 == 0 ? below : x
        default: x = below
        }
      }
    }
    return x
  }

  /// -1, 0 or 1: how `number` · 10^`exponent` stands to the middle between `x` and the next Double.
  private static func compare(
    _ number: WholeNumber, _ exponent: Int, halfwayAbove x: Double
  ) -> Int {
    let biased = Int(x.exponentBitPattern)
    let fraction = x.significandBitPattern
    let significand = biased == 0 ? fraction : fraction | 1 << 52
    let power = max(biased, 1) - 1075
    var left = number
    var right = WholeNumber(2 * significand + 1)
    left.multiplyByPowerOfFive(max(exponent, 0))
    right.multiplyByPowerOfFive(max(-exponent, 0))
    let shift = exponent - (power - 1)
    if shift >= 0 { left.shiftLeft(shift) } else { right.shiftLeft(-shift) }
    return left.compared(to: right)
  }
}

/// A whole number of any size, in words of 32 bits, the lowest first, without leading zeros.
struct WholeNumber {
  private var words: [UInt32]

  init(_ value: UInt64) {
    words = [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
    trim()
  }

  /// The number that decimal digits spell.
  init(digits: [UInt8]) {
    words = []
    for digit in digits { multiply(by: 10, adding: UInt32(digit)) }
  }

  private mutating func trim() { while words.last == 0 { words.removeLast() } }

  private mutating func multiply(by factor: UInt32, adding summand: UInt32 = 0) {
    var carry = UInt64(summand)
    for i in words.indices {
      let product = UInt64(words[i]) * UInt64(factor) + carry
      words[i] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    if carry != 0 { words.append(UInt32(truncatingIfNeeded: carry)) }
  }

  mutating func multiplyByPowerOfFive(_ exponent: Int) {
    var rest = exponent
    while rest >= 13 {
      multiply(by: 1_220_703_125)  // 5^13
      rest -= 13
    }
    for _ in 0..<max(rest, 0) { multiply(by: 5) }
  }

  mutating func shiftLeft(_ bits: Int) {
    multiply(by: 1 << UInt32(bits % 32))
    if !words.isEmpty {
      words.insert(contentsOf: [UInt32](repeating: 0, count: bits / 32), at: 0)
    }
  }

  func compared(to other: WholeNumber) -> Int {
    if words.count != other.words.count { return words.count < other.words.count ? -1 : 1 }
    for i in words.indices.reversed() where words[i] != other.words[i] {
      return words[i] < other.words[i] ? -1 : 1
    }
    return 0
  }
}
