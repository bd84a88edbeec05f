extension PhysicalUnit: Codable {
  /// Reads the UCUM text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(ucum: text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no unit: \(text)")
    }
  }

  /// Stores the UCUM text; a unit that its text does not give back cannot be stored.
  public func encode(to encoder: any Encoder) throws {
    guard let again = try? PhysicalUnit(ucum: ucum), again.dimension == dimension,
      again.scale == scale, again.offset == offset
    else {
      throw EncodingError.invalidValue(
        ucum, .init(codingPath: encoder.codingPath, debugDescription: "no UCUM text"))
    }
    var container = encoder.singleValueContainer()
    try container.encode(ucum)
  }
}
