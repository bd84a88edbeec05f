internal import Tables

/// A fractal heap: where dense groups keep their links and objects many attributes.
struct HDF5FractalHeap {
  private let address: Int
  private let idSize: Int
  private let width: Int
  private let startSize: Int
  private let maxDirect: Int
  private let root: Int?
  private let rootRows: Int
  private let hugeTree: Int?
  /// The bytes of an offset and of a length in an id.
  private let offsetBytes: Int
  private let lengthBytes: Int
  private let isFiltered: Bool

  /// Reads the header of the heap at an address.
  init(_ file: HDF5File, at address: Int) throws(ReadFailure) {
    let (o, l) = (file.offsetSize, file.lengthSize)
    self.address = address
    let place = Place.byte(file.base.plus(address))
    let plain = 26 + 12 * l + 3 * o
    var probe = try file.structure(address, 9, "fractal heap")
    try probe.seek(to: 7)
    let filterBytes = Int(try probe.u16("fractal heap"))
    isFiltered = filterBytes > 0
    let size = plain + (isFiltered ? l + 4 + filterBytes : 0)
    var cursor = try file.structure(address, size, "fractal heap")
    try file.check(&cursor, "FRHP", checked: true)
    try cursor.skip(1, "fractal heap")
    idSize = Int(try cursor.u16("size of ids"))
    try cursor.skip(2, "fractal heap")
    try cursor.skip(1, "flags")
    let maxManaged = try cursor.length(4, "largest object")
    try cursor.skip(l, "fractal heap")
    hugeTree = try cursor.address(o, "huge objects")
    try cursor.skip(l + o + 8 * l, "fractal heap")
    width = Int(try cursor.u16("width"))
    startSize = try cursor.length(l, "size of the first block")
    maxDirect = try cursor.length(l, "largest direct block")
    let bits = Int(try cursor.u16("size of heap"))
    try cursor.skip(2, "fractal heap")
    root = try cursor.address(o, "root block")
    rootRows = Int(try cursor.u16("rows of the root block"))
    guard bits <= 64, bits > 0, width > 0, startSize > 0, startSize.nonzeroBitCount == 1,
      width.nonzeroBitCount == 1, maxDirect >= startSize, maxDirect.nonzeroBitCount == 1,
      maxDirect < 1 << 40, rootRows <= 64
    else {
      throw ReadFailure(
        "hdf5.damaged", at: place, found: "a heap of \(width) blocks of \(startSize) bytes a row",
        expected: "expected powers of two")
    }
    offsetBytes = (bits + 7) / 8
    lengthBytes = min((maxDirect.log2Floor + 7) / 8, maxManaged.bytesNeeded)
  }

  /// The object of an id, as a cursor over its bytes.
  func object(_ id: ByteView, in file: HDF5File) throws(ReadFailure) -> ByteCursor {
    var cursor = ByteCursor(id, area: "hdf5", base: file.base.plus(address))
    let lead = try cursor.u8("heap id")
    switch lead >> 4 & 3 {
    case 0:
      let offset = try cursor.length(offsetBytes, "heap id")
      let length = try cursor.length(lengthBytes, "heap id")
      return try managed(offset, length, file)
    case 1: return try huge(cursor, file)
    default:
      var length = Int(lead & 0xF) + 1
      if idSize > 18 { length = (Int(lead & 0xF) << 8 | Int(try cursor.u8("heap id"))) + 1 }
      let position = cursor.offset
      return ByteCursor(
        try cursor.slice(length, "heap object"), area: "hdf5",
        base: file.base.plus(address).plus(position))
    }
  }

  private func damaged(_ file: HDF5File, _ found: String) -> ReadFailure {
    ReadFailure(
      "hdf5.damaged", at: .byte(file.base.plus(address)), found: found,
      expected: "expected an object within the heap")
  }

  /// The size of the blocks of a row.
  private func blockSize(_ row: Int) -> Int {
    row < 2 ? startSize : startSize.times(row - 1 < 62 ? 1 << (row - 1) : .max)
  }

  private func managed(
    _ offset: Int, _ length: Int, _ file: HDF5File
  ) throws(ReadFailure) -> ByteCursor {
    guard !isFiltered else {
      throw ReadFailure(
        "hdf5.unsupported", at: .byte(file.base.plus(address)), found: "a compressed heap",
        expected: "expected a heap without filters; repack the file with h5repack")
    }
    let o = file.offsetSize
    var block = root
    var rows = rootRows
    var rest = offset
    var size = startSize
    // Down through indirect blocks; each covers less than the one before.
    while rows > 0 {
      let first = width.times(startSize)
      let row = rest < first ? 0 : 1 + (rest / first).log2Floor
      guard row < rows else { throw damaged(file, "an object at \(offset), beyond the heap") }
      size = blockSize(row)
      let start = row == 0 ? 0 : first.times(1 << (row - 1))
      let column = (rest - start) / size
      rest -= start + column * size
      let directRows = maxDirect.log2Floor - startSize.log2Floor + 2
      let head = 5 + o + offsetBytes
      var cursor = try file.structure(
        block, head + rows * width * o + 4, "indirect block of a heap")
      try file.check(&cursor, "FHIB", checked: false)
      try cursor.seek(to: head + (row * width + column) * o)
      block = try cursor.address(o, "block of a heap")
      if row < directRows { break }
      let below = (size / first).log2Floor + 1
      guard below < rows else { throw damaged(file, "a heap that does not come to an end") }
      rows = below
    }
    guard rest.plus(length) <= size, rest >= 5 + o + offsetBytes else {
      throw damaged(file, "\(length) bytes at \(rest) of a block of \(size)")
    }
    guard let block else { throw damaged(file, "an object in a block that was never written") }
    var lead = try file.structure(block, 4, "direct block of a heap")
    try file.check(&lead, "FHDB", checked: false)
    return try file.structure(block.plus(rest), length, "object of a heap")
  }

  private func huge(_ id: ByteCursor, _ file: HDF5File) throws(ReadFailure) -> ByteCursor {
    var cursor = id
    let (o, l) = (file.offsetSize, file.lengthSize)
    guard !isFiltered else {
      throw ReadFailure(
        "hdf5.unsupported", at: cursor.place, found: "a compressed heap",
        expected: "expected a heap without filters; repack the file with h5repack")
    }
    if idSize - 1 >= o + l {
      let address = try cursor.address(o, "huge object")
      return try file.structure(address, cursor.length(l, "huge object"), "huge object")
    }
    let key = try cursor.length(min(8, cursor.remaining), "huge object")
    guard let hugeTree else { throw damaged(file, "a huge object without a list of them") }
    for record in try file.treeRecords(at: hugeTree, kinds: [1]).records {
      var fields = ByteCursor(record, area: "hdf5")
      let address = try fields.address(o, "huge object")
      let length = try fields.length(l, "huge object")
      if try fields.length(l, "huge object") == key {
        return try file.structure(address, length, "huge object")
      }
    }
    throw damaged(file, "a huge object that is not in the list of them")
  }
}
