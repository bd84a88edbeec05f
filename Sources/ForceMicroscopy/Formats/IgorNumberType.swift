internal import Bytes

/// The `type` word of an Igor wave: what a point is and how it is stored.
///
/// The low bits name the number, 0x40 makes whole numbers unsigned, 1 makes every point complex
/// (real part, then imaginary part); 0 is a text wave (WaveMetrics technical note 3).
struct IgorNumberType: Hashable {
  /// How one number is stored; nil for a text wave.
  let layout: NumberLayout?
  /// Whether a point is two numbers.
  let isComplex: Bool

  /// Whether the points are text.
  var isText: Bool { layout == nil }

  /// Bytes of one point; nil for text, whose points differ in length.
  var pointSize: Int? { layout.map { $0.size * (isComplex ? 2 : 1) } }

  /// A type from its parts.
  init(layout: NumberLayout?, isComplex: Bool) {
    self.layout = layout
    self.isComplex = isComplex
  }

  /// The type of a word of the header; nil where it is none of those known.
  init?(_ word: Int16) {
    let bits = Int(word)
    guard bits & ~0xFF == 0 else { return nil }
    isComplex = bits & 1 != 0
    let unsigned = bits & 0x40 != 0
    switch bits & ~0x41 {
    case 0 where bits == 0: layout = nil
    case 0x02 where !unsigned: layout = .float32
    case 0x04 where !unsigned: layout = .float64
    case 0x08: layout = unsigned ? .uint8 : .int8
    case 0x10: layout = unsigned ? .uint16 : .int16
    case 0x20: layout = unsigned ? .uint32 : .int32
    case 0x80: layout = unsigned ? .uint64 : .int64
    default: return nil
    }
  }

  /// The type in words, such as `complex float32`.
  var words: String {
    guard let layout else { return "text" }
    return (isComplex ? "complex " : "") + layout.rawValue
  }
}
