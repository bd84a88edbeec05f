/// How wide text will be, near enough to lay out labels and legends.
enum TextMetrics {
  /// The width of a text in the size's unit, on the safe side for Helvetica, Arial and Liberation Sans.
  static func width(_ text: String, size: Double) -> Double {
    var width = 0.0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", "!": width += 0.28
      case " ", "f", "t", "r", "/", "(", ")", "[", "]", "·", "-": width += 0.34
      case "m", "w", "M", "W", "%", "@": width += 0.87
      case "A"..."Z", "±", "×", "\u{2212}", "+", "=", "<", ">": width += 0.70
      case "\u{2070}"..."\u{209F}", "¹", "²", "³": width += 0.38
      case "\u{1100}"..."\u{10FFFF}" where scalar.value > 0x2E80: width += 1.0
      default: width += 0.56
      }
    }
    return width * size * 1.06
  }

  /// The text cut with an ellipsis so that it is at most that wide.
  static func fitted(_ text: String, size: Double, width limit: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = text
    while !kept.isEmpty && width(kept + "…", size: size) > limit { kept.removeLast() }
    return kept + "…"
  }
}
