internal import Tables

/// The superblock: how wide addresses are, and where the root group stands.
struct HDF5Superblock {
  let version: Int
  let offsetSize: Int
  let lengthSize: Int
  /// The header of the root group.
  let root: Int
  /// The byte behind the last of the file, counted from the superblock.
  let end: Int?
  let extensionAddress: Int?
  /// Whether a program has the file open for writing.
  let isOpen: Bool
  /// The driver of a file in parts.
  let driver: String?

  /// Reads the bytes from the signature on.
  init(_ bytes: ByteView, base: Int) throws(ReadFailure) {
    var cursor = ByteCursor(bytes, area: "hdf5", base: base)
    try cursor.skip(8, "signature")
    version = Int(try cursor.u8("superblock"))
    guard version <= 3 else {
      throw ReadFailure(
        "hdf5.superblock", at: .byte(base + 8), found: "a superblock of version \(version)",
        expected: "expected version 0, 1, 2 or 3")
    }
    if version < 2 { try cursor.skip(4, "superblock") }
    offsetSize = Int(try cursor.u8("size of offsets"))
    lengthSize = Int(try cursor.u8("size of lengths"))
    guard [2, 4, 8].contains(offsetSize), [2, 4, 8].contains(lengthSize) else {
      throw ReadFailure(
        "hdf5.superblock", at: .byte(base + cursor.offset - 2),
        found: "addresses of \(offsetSize) and lengths of \(lengthSize) bytes",
        expected: "expected 2, 4 or 8 bytes")
    }
    var drivers: Int?
    var extending: Int?
    let baseAddress: Int?
    let written: Int?
    if version < 2 {
      try cursor.skip(5, "superblock")
      try cursor.skip(4, "consistency flags")
      if version == 1 { try cursor.skip(4, "superblock") }
      isOpen = false
      baseAddress = try cursor.address(offsetSize, "base address")
      _ = try cursor.address(offsetSize, "free space address")
      written = try cursor.address(offsetSize, "end of file address")
      drivers = try cursor.address(offsetSize, "driver address")
      _ = try cursor.address(offsetSize, "root entry")
    } else {
      isOpen = try cursor.u8("consistency flags") & 1 != 0
      baseAddress = try cursor.address(offsetSize, "base address")
      extending = try cursor.address(offsetSize, "superblock extension")
      written = try cursor.address(offsetSize, "end of file address")
    }
    // A file that was moved into or out of a user block keeps its old base address: addresses count
    // from where the superblock stands, the end from where it stood.
    end = written.map { $0 == .max ? $0 : $0 - min($0, baseAddress ?? 0) }
    let address = try cursor.address(offsetSize, "root group address")
    if version >= 2 {
      let sum = HDF5Checksum.lookup3(bytes.prefix(cursor.offset))
      guard try cursor.u32("superblock checksum") == sum else {
        throw ReadFailure(
          "hdf5.checksum", at: .byte(base), found: "the checksum of the superblock is wrong",
          expected: "expected an undamaged superblock")
      }
    }
    guard let address else {
      throw ReadFailure(
        "hdf5.superblock", at: .byte(base), found: "the file has no root group",
        expected: "expected the address of its header")
    }
    root = address
    extensionAddress = extending
    if let drivers, let block = Self.driver(bytes.dropFirst(drivers)) {
      driver = block
    } else {
      driver = nil
    }
  }

  private static func driver(_ bytes: ByteView) -> String? {
    guard bytes.count >= 16, bytes[0] == 0 else { return nil }
    let name = bytes[8..<16].latin1(cutAtNUL: true)
    return name.hasPrefix("NCSA") ? name : nil
  }
}

extension HDF5File {
  /// Reads where shared messages stand; nothing else of the extension matters to a reader.
  func readExtension(at address: Int) {
    do throws(ReadFailure) {
      for message in try header(at: address).messages where message.type == .sharedTable {
        var cursor = message.cursor
        try cursor.skip(1, "shared message table")
        let table = try cursor.address(offsetSize, "shared message table")
        let count = Int(try cursor.u8("shared message table"))
        let entry = 14 + 2 * offsetSize
        var block = try structure(table, 8 + count * entry, "shared message table")
        try check(&block, "SMTB", checked: true)
        for _ in 0..<count {
          try block.skip(2, "shared message index")
          let types = Int(try block.u16("types of shared messages"))
          try block.skip(10 + offsetSize, "shared message index")
          if let heap = try block.address(offsetSize, "heap of shared messages") {
            sharedMessages.append((types, heap))
          }
        }
      }
    } catch {
      lose(error, "superblock extension")
    }
  }
}
