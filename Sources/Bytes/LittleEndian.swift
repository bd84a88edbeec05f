extension [UInt8] {
  /// Appends the eight bytes of a number, the least significant first.
  public mutating func append(littleEndian number: Double) {
    Swift.withUnsafeBytes(of: number.bitPattern.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends numbers of eight bytes each, the least significant byte first.
  public mutating func append(littleEndian numbers: [Double]) {
    // The order of the machine where it is this one.
    if 1.littleEndian == 1 {
      numbers.withUnsafeBytes { append(contentsOf: $0) }
    } else {
      for number in numbers { append(littleEndian: number) }
    }
  }
}
