/// A time span as cyclers write it: `12:34:56.789`, hours beyond 24 too, or `2d 02:52:51.57`.
struct CyclerDuration: Equatable {
  /// The span in seconds.
  let seconds: Double

  /// Takes a span apart; nil where the text is none.
  ///
  /// Minutes and seconds have one or two digits, seconds a fraction with point or comma. `mm:ss` is
  /// not read: it may as well be `hh:mm`.
  init?(_ text: String) {
    var whole: Int64 = 0
    var parts = 0
    var isNegative = false
    var value: Int64 = 0
    var digits = 0
    var hasDays = false
    var fraction: Double?
    var scale = 1.0
    var mantissa: Int64 = 0
    var hasEnded = false
    for byte in text.utf8 {
      switch byte {
      case 0x20, 0x09:
        if digits > 0 { hasEnded = true }
      case UInt8(ascii: "-"):
        guard digits == 0, parts == 0, !isNegative, !hasDays else { return nil }
        isNegative = true
      case 48...57:
        guard !hasEnded else { return nil }
        if fraction != nil {
          if scale < 1e15 {
            mantissa = mantissa * 10 + Int64(byte - 48)
            scale *= 10
          }
        } else {
          guard digits < 9 else { return nil }
          value = value * 10 + Int64(byte - 48)
          digits += 1
        }
      case UInt8(ascii: "d"), UInt8(ascii: "D"):
        guard digits > 0, parts == 0, !hasDays, fraction == nil else { return nil }
        hasDays = true
        whole = value * 86400
        (value, digits, hasEnded) = (0, 0, false)
      case UInt8(ascii: ":"):
        guard digits > 0, parts < 2, fraction == nil else { return nil }
        whole += value * (parts == 0 ? 3600 : 60)
        if parts == 1, value >= 60 { return nil }
        parts += 1
        (value, digits, hasEnded) = (0, 0, false)
      case UInt8(ascii: "."), UInt8(ascii: ","):
        guard parts == 2, digits > 0, fraction == nil, !hasEnded else { return nil }
        fraction = 0
      default: return nil
      }
    }
    guard parts == 2, digits > 0, value <= 60 else { return nil }
    let sum = Double(whole + value) + Double(mantissa) / scale
    seconds = isNegative ? -sum : sum
  }
}
