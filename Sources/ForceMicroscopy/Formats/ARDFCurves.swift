internal import Bytes
internal import Tables

/// The curves of an ARDF file in the order in which they stand: each VSET with its data.
///
/// From a curve the next one is found in two ways: behind its data, and by its own pointer; the
/// table of lines gives further starts. A block damaged in one way does not hide what follows.
struct ARDFCurves {
  /// A curve: what its VSET says, and the blocks of its channels.
  struct Curve {
    /// The number in the file, from 0.
    var number: Int
    /// The line and point of the scan.
    var line: Int, point: Int
    /// The kind of volume and the direction of the scan.
    var type: Int
    /// What the file calls it.
    var name: String
    /// The blocks of its channels.
    var data: [ARDFBlock]
    /// Where it stands.
    var offset: Int
  }

  /// The curves whose headers are sound.
  private(set) var all: [Curve] = []
  /// How many there are, damaged ones too.
  private(set) var found = 0
  /// The byte behind the last block of curves.
  private(set) var end = 0
  private let view: ByteView
  private var visited: Set<Int> = []

  /// The curves that start at any of these offsets, and all that follow them.
  ///
  /// Where a stopped scan left no start, the first curve behind one of the `volumes`.
  init(_ view: ByteView, starts: [Int], volumes: [Int], _ flaws: inout ARDFFlaws) {
    self.view = view
    for start in starts + volumes.compactMap({ Self.first(view, from: $0) }) {
      var next: Int? = start
      while let offset = next, visited.insert(offset).inserted {
        next = take(offset, &flaws)
      }
    }
  }

  /// The first VSET at or behind an offset, block by block.
  private static func first(_ view: ByteView, from start: Int) -> Int? {
    var position = start
    while let block = ARDFBlock(view, at: position), block.isWhole(in: view) {
      if block.name == "VSET" { return position }
      guard ARDFTable.names.contains(block.name) else {
        position = block.end
        continue
      }
      guard let table = try? ARDFTable(view, at: position, named: block.name) else { return nil }
      position = table.end
    }
    return nil
  }

  /// Takes the curve at an offset; gives the offset of the one after it.
  private mutating func take(_ offset: Int, _ flaws: inout ARDFFlaws) -> Int? {
    guard let set = ARDFBlock(view, at: offset), set.name == "VSET" else { return nil }
    guard flaws.spend(set, view) else { return nil }
    let number = found
    found += 1
    let sound = flaws.check(set, view)
    var cursor = set.cursor(view)
    guard sound, let fields = try? Self.fields(&cursor) else {
      flaws.lose(number, set.place, "its VSET block is damaged or cut")
      // VSET always takes 48 bytes.
      let follow = walk(from: offset + 48, &flaws, number: number).next
      return follow
    }
    let content = walk(from: set.end, &flaws, number: number)
    all.append(
      Curve(
        number: number, line: fields.line, point: fields.point, type: fields.type,
        name: content.name, data: content.data, offset: offset))
    return content.next ?? (fields.next > offset ? fields.next : nil)
  }

  private static func fields(
    _ cursor: inout ByteCursor
  ) throws(ReadFailure) -> (line: Int, point: Int, type: Int, next: Int) {
    try cursor.skip(4, "number of the curve")
    let line = Int(try cursor.u32("line"))
    let point = Int(try cursor.u32("point"))
    let type = Int(try cursor.u32("type"))
    try cursor.skip(8, "previous curve")
    let next = Int(exactly: try cursor.u64("next curve")) ?? 0
    return (line, point, type, next)
  }

  /// The blocks behind a VSET up to the next one: the name, the data, extra data.
  private mutating func walk(
    from start: Int, _ flaws: inout ARDFFlaws, number: Int
  ) -> (name: String, data: [ARDFBlock], next: Int?) {
    var name = ""
    var data: [ARDFBlock] = []
    var position = start
    while let block = ARDFBlock(view, at: position) {
      if block.name == "VSET" { return (name, data, position) }
      guard flaws.spend(block, view) else { return (name, data, nil) }
      switch block.name {
      case "VNAM":
        if flaws.check(block, view) { name = Self.name(block, view) }
      case "VDAT": data.append(block)
      case "XDAT":
        if block.size > ARDFBlock.headerSize {
          flaws.skip("XDAT", bytes: block.size - ARDFBlock.headerSize)
        }
      default:
        end = max(end, position)
        return (name, data, nil)
      }
      guard block.isWhole(in: view) else {
        end = view.count
        return (name, data, nil)
      }
      position = block.end
      end = max(end, position)
    }
    return (name, data, nil)
  }

  private static func name(_ block: ARDFBlock, _ view: ByteView) -> String {
    var cursor = block.cursor(view)
    guard (try? cursor.skip(12)) != nil, let length = try? cursor.u32("length"),
      let text = try? cursor.slice(Int(length), "name")
    else { return "" }
    return OneByteText.field(text)
  }
}
