import Interphase

/// The layers that readers and commands stand on.
enum FuzzLayers {
  /// The fast number reader against the standard library's, which is exact.
  ///
  /// Only texts of the plain grammar are compared: the library also takes names and hexadecimal.
  static let number: FuzzTarget.Body = { bytes in
    let found = NumberScanner().outcome(ByteView(bytes))
    let plain = bytes.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
    guard plain, let expected = Double(String(decoding: bytes, as: UTF8.self)) else {
      if plain, case .number(let x) = found, !isFortran(bytes) { fatalError("read \(x)") }
      return
    }
    switch found {
    case .number(let x):
      guard x.bitPattern == expected.bitPattern else { fatalError("\(x) is not \(expected)") }
    case .overflow:
      guard expected.isInfinite else { fatalError("\(expected) is no overflow") }
    case .invalid: fatalError("\(expected) was refused")
    }
  }

  /// An exponent without a letter, such as `1.0-102`, which the library does not take.
  private static func isFortran(_ bytes: [UInt8]) -> Bool {
    bytes.dropFirst().contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  }

  /// What JSON reads, it writes, and reads again as the same.
  static let json: FuzzTarget.Body = { bytes in
    guard let value = try? JSONText.parse(ByteView(bytes)) else { return }
    let written = JSONWriter.document(value)
    guard let again = try? JSONText.parse(ByteView(written)), JSONWriter.document(again) == written
    else { fatalError("written JSON reads as something else") }
  }

  static let xml: FuzzTarget.Body = { bytes in _ = try? XMLTree(ByteView(bytes), area: "xml") }

  static let zip: FuzzTarget.Body = { bytes in
    guard let archive = try? ZipArchive(ByteView(bytes)) else { return }
    for entry in archive.entries { _ = try? archive.read(entry) }
  }

  static let gzip: FuzzTarget.Body = { bytes in _ = try? Gzip.inflate(ByteView(bytes)) }

  /// What is read as a unit is written as UCUM and read again as the same.
  static let unit: FuzzTarget.Body = { bytes in
    guard let unit = PhysicalUnit.loose(String(decoding: bytes, as: UTF8.self))?.unit else {
      return
    }
    guard let again = try? PhysicalUnit(ucum: unit.ucum), again.isEquivalent(to: unit) else {
      fatalError("\(unit.ucum) reads as something else")
    }
  }

  static let quantity: FuzzTarget.Body = { bytes in
    _ = try? QuantityText.parse(
      String(decoding: bytes, as: UTF8.self), dimension: nil, defaultUnit: .one)
  }

  static let label: FuzzTarget.Body = { bytes in
    let label = ColumnLabel(String(decoding: bytes, as: UTF8.self))
    guard !label.slug.isEmpty else { fatalError("an empty slug") }
  }

  static let detection: FuzzTarget.Body = { bytes in
    _ = FormatRegistry.detect(FileHead(ByteView(bytes), name: "input.csv"))
  }
}
