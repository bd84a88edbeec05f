internal import Bytes
internal import Tables

/// What is wrong with the blocks of an ARDF file, gathered to be said once each.
struct ARDFFlaws {
  private var damaged: [String: [ARDFBlock]] = [:]
  private var lost: [(number: Int, place: Place, reason: String)] = []
  private var skipped: [String: (count: Int, bytes: Int)] = [:]
  /// Bytes of blocks that were read; no byte of a sound file belongs to two of them.
  private var spent = 0
  private var overlap: Place?
  /// Whether anything was lost.
  private(set) var isComplete = true

  /// Notes a block whose checksum is wrong; returns whether it is right.
  mutating func check(_ block: ARDFBlock, _ view: ByteView) -> Bool {
    if block.holds(in: view) { return true }
    damaged[block.name, default: []].append(block)
    return false
  }

  /// Whether blocks were found that lie within one another.
  var isOverlapping: Bool { overlap != nil }

  /// Counts the bytes of a block; false once more were read than the file holds.
  ///
  /// Pointers that lead to the same bytes again and again must not use up time and memory.
  mutating func spend(_ block: ARDFBlock, _ view: ByteView) -> Bool {
    spend(block.offset..<max(block.offset + ARDFBlock.headerSize, block.end), view)
  }

  /// Counts the bytes of a table with all its entries.
  mutating func spend(_ table: ARDFTable, _ view: ByteView) -> Bool {
    spend(table.block.offset..<table.end, view)
  }

  private mutating func spend(_ range: Range<Int>, _ view: ByteView) -> Bool {
    let bytes = min(range.upperBound, view.count) - range.lowerBound
    guard spent <= view.count - bytes else {
      overlap = overlap ?? .byte(range.lowerBound)
      isComplete = false
      return false
    }
    spent += bytes
    return true
  }

  /// A curve that cannot be given.
  mutating func lose(_ number: Int, _ place: Place, _ reason: String) {
    lost.append((number, place, reason))
    isComplete = false
  }

  /// Something that could not be read.
  mutating func lose() { isComplete = false }

  /// A block that is counted and not read.
  mutating func skip(_ name: String, bytes: Int) {
    let old = skipped[name] ?? (0, 0)
    skipped[name] = (old.count + 1, old.bytes + bytes)
  }

  /// Says what was gathered.
  func report(_ diagnostics: inout DiagnosticList) {
    for (name, blocks) in damaged.sorted(by: { $0.key < $1.key }) {
      guard let first = blocks.first else { continue }
      let isData = ["VDAT", "VSET", "IDAT"].contains(name)
      diagnostics.warn(
        "ardf.checksum", at: first.place,
        found: "the CRC-32 of \(blocks.count) \(name) blocks is wrong",
        expected: isData
          ? "what they hold is left out" : "what they hold is used and may be damaged",
        places: blocks.dropFirst().prefix(10).map(\.place))
    }
    if let overlap {
      diagnostics.warn(
        "ardf.overlap", at: overlap, found: "blocks lie within one another",
        expected: "expected every byte in one block; what follows is not read")
    }
    if let first = lost.first {
      let numbers = lost.prefix(10).map { "\($0.number)" }.joined(separator: ", ")
      diagnostics.warn(
        "ardf.curve-lost", at: first.place,
        found: "\(lost.count) curves are lost (\(numbers)\(lost.count > 10 ? ", …" : "")), the "
          + "first since \(first.reason)",
        expected: "the other curves are kept",
        places: lost.dropFirst().prefix(10).map(\.place))
    }
    for (name, sum) in skipped.sorted(by: { $0.key < $1.key }) {
      diagnostics.note(
        "ardf.not-read", found: "\(sum.count) \(name) blocks of \(sum.bytes) bytes are not read")
    }
  }
}
