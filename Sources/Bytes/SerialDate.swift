/// The ways in which instruments and spreadsheets count time from a start of their own.
public enum SerialDate: String, Hashable, Sendable, CaseIterable {
  /// Days of spreadsheets since 1899-12-31, in which 1900 has a 29 February (ECMA-376 part 1, §18.17.4.1).
  case excel1900
  /// Days of spreadsheets since 1904-01-01.
  case excel1904
  /// Days since 1899-12-30; before it the fraction still counts forward.
  case ole
  /// LabVIEW's seconds since 1904-01-01T00:00:00Z.
  case labview
  /// Unix time: since 1970-01-01T00:00:00Z.
  case unixSeconds, unixMilliseconds, unixMicroseconds, unixNanoseconds

  /// Whether the count starts from an instant, not from what some clock showed.
  public var isInstant: Bool {
    switch self {
    case .excel1900, .excel1904, .ole: false
    case .labview, .unixSeconds, .unixMilliseconds, .unixMicroseconds, .unixNanoseconds: true
    }
  }

  /// The count in words, for messages and origins.
  public var title: String {
    switch self {
    case .excel1900: "days of a spreadsheet (1900)"
    case .excel1904: "days of a spreadsheet (1904)"
    case .ole: "OLE days since 1899-12-30"
    case .labview: "LabVIEW seconds since 1904"
    case .unixSeconds: "seconds since 1970"
    case .unixMilliseconds: "milliseconds since 1970"
    case .unixMicroseconds: "microseconds since 1970"
    case .unixNanoseconds: "nanoseconds since 1970"
    }
  }

  /// Days from the start of the count to 1970-01-01.
  private var days: Double {
    switch self {
    case .excel1900, .ole: 25_569
    case .excel1904, .labview: 24_107
    default: 0
    }
  }

  /// Nanoseconds since 1970-01-01 00:00:00; nil outside the years 1771 to 2169, and for the
  /// 29 February 1900 that was none.
  ///
  /// Days are rounded to the microsecond: a Double holds no more of a date of our time.
  public func nanoseconds(_ value: Double) -> Int64? {
    guard value.isFinite else { return nil }
    switch self {
    case .excel1900:
      if value < 0 || (value >= 60 && value < 61) { return nil }
      return Self.microseconds((value - days + (value < 60 ? 1 : 0)) * 86400e6)
    case .excel1904: return value < 0 ? nil : Self.microseconds((value - days) * 86400e6)
    case .ole:
      let whole = value.rounded(.towardZero)
      return Self.microseconds((whole + abs(value - whole) - days) * 86400e6)
    case .labview: return Self.microseconds((value - days * 86400) * 1e6)
    case .unixSeconds: return Self.microseconds(value * 1e6)
    case .unixMilliseconds: return Self.microseconds(value * 1e3)
    case .unixMicroseconds: return Self.microseconds(value)
    case .unixNanoseconds: return Int64(exactly: value.rounded())
    }
  }

  private static func microseconds(_ value: Double) -> Int64? {
    guard abs(value) < 6.3e15, let whole = Int64(exactly: value.rounded()) else { return nil }
    return whole * 1000
  }

  /// The count that a number of our time (1990 to 2069) stands for by its size; nil where none fits.
  ///
  /// Days are taken as those of the 1900 system; LabVIEW's seconds are told from Unix time where they
  /// stand beyond 2055 in that.
  public static func bySize(_ value: Double) -> SerialDate? {
    switch value {
    case 32_874..<62_093: .excel1900
    case 631_152_000..<2_713_910_400: .unixSeconds
    case 2_713_910_400..<5_239_000_000: .labview
    case 631_152_000e3..<3_155_760_000e3: .unixMilliseconds
    case 631_152_000e6..<3_155_760_000e6: .unixMicroseconds
    case 631_152_000e9..<3_155_760_000e9: .unixNanoseconds
    default: nil
    }
  }
}
