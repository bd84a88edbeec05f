internal import Bytes
internal import Tables

/// One block of an ARDF file: a header of 16 bytes with checksum, size and name, then its content.
struct ARDFBlock {
  /// Where the header starts.
  let offset: Int
  /// The checksum as written: CRC-32 of all bytes after it.
  let checksum: UInt32
  /// Bytes of the block with its header.
  let size: Int
  /// Four letters.
  let name: String

  /// Bytes of the header.
  static let headerSize = 16

  /// The block at an offset; nil where its header lies beyond the end of the file.
  init?(_ view: ByteView, at offset: Int) {
    guard offset >= 0, offset <= view.count - Self.headerSize,
      let words = view.integers(.uint32, count: 2, at: offset, order: .little)
    else { return nil }
    self.offset = offset
    checksum = UInt32(truncatingIfNeeded: words[0])
    size = Int(words[1])
    name = view[(offset + 8)..<(offset + 12)].latin1()
  }

  /// The byte after the block.
  var end: Int { offset + size }
  /// Where the block stands, for messages.
  var place: Place { .byte(offset) }
  /// Whether there is no block: the file is filled with zeros here.
  var isBlank: Bool { checksum == 0 && size == 0 }

  /// Whether the file holds the block whole.
  func isWhole(in view: ByteView) -> Bool { size >= Self.headerSize && end <= view.count }

  /// Whether the checksum is that of the bytes.
  func holds(in view: ByteView) -> Bool {
    isWhole(in: view) && CRC32.of(view[(offset + 4)..<end]) == checksum
  }

  /// A cursor over the content.
  func cursor(_ view: ByteView) -> ByteCursor {
    ByteCursor(
      view[(offset + Self.headerSize)..<max(offset + Self.headerSize, end)], area: "ardf",
      base: offset + Self.headerSize)
  }
}

/// A table of contents: a block whose entries are blocks of equal size that follow its 32 bytes.
struct ARDFTable {
  /// The block of the table.
  let block: ARDFBlock
  /// The byte after its last entry.
  let end: Int
  /// Bytes of an entry.
  let stride: Int
  /// The entries that are filled, in order.
  private(set) var entries: [ARDFBlock] = []
  /// How many entries there are, filled or blank.
  let declared: Int

  /// The names of blocks that are tables.
  static let names: Set<String> = ["FTOC", "TTOC", "IMAG", "VOLM", "VTOC", "IBOX"]

  /// Reads a table, which must be of that name.
  ///
  /// - Throws: `ardf.block` where another block stands there, `ardf.table` where its sizes contradict
  ///   each other, `ardf.truncated` where the file ends before it does.
  init(_ view: ByteView, at offset: Int, named name: String) throws(ReadFailure) {
    block = try ARDFBlock.expect(name, view, at: offset)
    var cursor = block.cursor(view)
    let size = try cursor.u64("size of the table")
    declared = Int(try cursor.u32("number of entries"))
    stride = Int(try cursor.u32("size of an entry"))
    let (space, overflow) = declared.multipliedReportingOverflow(by: stride)
    guard stride >= ARDFBlock.headerSize, !overflow, let bytes = Int(exactly: size),
      bytes == space + 32
    else {
      throw ReadFailure(
        "ardf.table", at: .byte(offset + 16),
        found: "\(name) takes \(size) bytes and has \(declared) entries of \(stride) bytes",
        expected: "expected 32 bytes more than the entries take")
    }
    guard bytes <= view.count - offset else {
      throw ReadFailure(
        "ardf.truncated", at: .byte(view.count),
        found: "\(name) at byte \(offset) needs \(bytes) bytes, \(view.count - offset) are left",
        expected: "expected a whole table")
    }
    end = offset + bytes
    for i in 0..<declared {
      guard let entry = ARDFBlock(view, at: offset + 32 + i * stride) else { break }
      if !entry.isBlank { entries.append(entry) }
    }
  }

  /// The 64-bit number at the end of an entry: where it points to, or a count.
  func pointer(_ entry: ARDFBlock, _ view: ByteView) -> Int? {
    view.integers(.int64, count: 1, at: entry.offset + stride - 8, order: .little)?.first
      .flatMap { Int(exactly: $0) }
  }
}

extension ARDFBlock {
  /// The whole block of a name at an offset.
  ///
  /// - Throws: `ardf.block` where another block stands there, `ardf.truncated` where it is cut.
  static func expect(
    _ name: String, _ view: ByteView, at offset: Int
  ) throws(ReadFailure) -> ARDFBlock {
    guard let block = ARDFBlock(view, at: offset) else {
      throw ReadFailure(
        "ardf.truncated", at: .byte(view.count),
        found: "\(name) should stand at byte \(offset), the file has \(view.count) bytes",
        expected: "expected a whole file")
    }
    guard block.name == name else {
      let letters = block.name.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) }
      throw ReadFailure(
        "ardf.block", at: .byte(offset),
        found: letters ? "a block named \(block.name)" : "no name of a block",
        expected: "expected \(name)")
    }
    guard block.isWhole(in: view) else {
      throw ReadFailure(
        "ardf.truncated", at: .byte(offset),
        found: "\(name) needs \(block.size) bytes, \(view.count - offset) are left",
        expected: "expected a whole block")
    }
    return block
  }
}
