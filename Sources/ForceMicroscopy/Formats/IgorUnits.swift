internal import Tables
internal import Units

/// The units that Igor waves carry beside their data, and names for what no list knows.
enum IgorUnits {
  /// The unit of a text such as `m`; unknown where it cannot be read, absent where there is none.
  static func column(_ text: String) -> ColumnUnit {
    if text.isEmpty { return .absent }
    return PhysicalUnit.loose(text).map { .known($0.unit) } ?? .unknown(text)
  }

  /// A column name from a label: its slug, or the fallback where the label is empty.
  static func name(_ label: String, fallback: String) -> String {
    label.isEmpty ? fallback : ColumnLabel.slug(label)
  }
}
