internal import Tables

/// A chunk in a fixed or extensible array: its number, and where it stands.
struct HDF5ArrayEntry {
  var number: Int
  var address: Int
  var size: Int
  var mask: UInt32
}

extension HDF5File {
  /// The elements of an array block, those of chunks that were written.
  private func entries(
    _ cursor: inout ByteCursor, count: Int, from first: Int, width: Int, index: HDF5ChunkIndex,
    isFiltered: Bool, into result: inout [HDF5ArrayEntry]
  ) throws(ReadFailure) {
    for i in 0..<count {
      let address = try cursor.address(offsetSize, "chunk")
      var size = index.byteCount
      var mask: UInt32 = 0
      if isFiltered {
        size = try cursor.length(width - offsetSize - 4, "size of chunk")
        mask = try cursor.u32("filter mask")
      }
      guard let address else { continue }
      result.append(
        HDF5ArrayEntry(number: first.plus(i), address: address, size: size, mask: mask))
    }
  }

  private func checkWidth(
    _ width: Int, _ isFiltered: Bool, _ address: Int
  ) throws(ReadFailure) {
    let size = width - offsetSize - (isFiltered ? 4 : 0)
    guard isFiltered ? size >= 1 && size <= 8 : size == 0 else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)),
        found: "an index of chunks with entries of \(width) bytes",
        expected: "expected an address, and a size and a mask where the data are filtered")
    }
  }

  /// The chunks of a fixed array.
  func fixedArray(
    at address: Int, _ index: HDF5ChunkIndex, isFiltered: Bool
  ) throws(ReadFailure) -> [HDF5ArrayEntry] {
    var head = try structure(address, 12 + lengthSize + offsetSize, "fixed array")
    try check(&head, "FAHD", checked: true)
    try head.skip(2, "fixed array")
    let width = Int(try head.u8("size of entry"))
    let pageBits = Int(try head.u8("page bits"))
    let count = try head.length(lengthSize, "number of chunks")
    try checkWidth(width, isFiltered, address)
    guard let block = try head.address(offsetSize, "block of array") else { return [] }
    let prefix = 6 + offsetSize
    let pageCount = pageBits < 48 ? 1 << pageBits : .max
    var result: [HDF5ArrayEntry] = []
    guard count > pageCount else {
      var cursor = try structure(block, prefix.plus(count.times(width)).plus(4), "fixed array")
      try check(&cursor, "FADB", checked: true)
      try cursor.seek(to: prefix)
      try entries(
        &cursor, count: count, from: 0, width: width, index: index, isFiltered: isFiltered,
        into: &result)
      return result
    }
    let pages = count.dividedUp(by: pageCount)
    let bitmap = pages.plus(7) / 8
    var cursor = try structure(block, prefix.plus(bitmap).plus(4), "fixed array")
    try check(&cursor, "FADB", checked: true)
    try cursor.seek(to: prefix)
    let written = try cursor.slice(bitmap, "pages of array")
    var next = block.plus(prefix + bitmap + 4)
    for page in 0..<pages {
      let n = min(pageCount, count - page * pageCount)
      let size = n.times(width).plus(4)
      if written[page / 8].map({ $0 & (0x80 >> UInt8(page % 8)) != 0 }) ?? false {
        var part = try structure(next, size, "page of a fixed array")
        try checkSum(part.view, part.place, "page of a fixed array")
        try entries(
          &part, count: n, from: page * pageCount, width: width, index: index,
          isFiltered: isFiltered, into: &result)
      }
      next = next.plus(size)
    }
    return result
  }

  /// The chunks of an extensible array: some in its index block, the rest in blocks that grow.
  func extensibleArray(
    at address: Int, _ index: HDF5ChunkIndex, isFiltered: Bool
  ) throws(ReadFailure) -> [HDF5ArrayEntry] {
    var head = try structure(address, 16 + 6 * lengthSize + offsetSize, "extensible array")
    try check(&head, "EAHD", checked: true)
    try head.skip(2, "extensible array")
    let width = Int(try head.u8("size of entry"))
    let maxBits = Int(try head.u8("size of array"))
    let inIndex = Int(try head.u8("entries of index block"))
    let leastBlock = Int(try head.u8("least block"))
    let leastPointers = Int(try head.u8("least pointers"))
    let pageBits = Int(try head.u8("page bits"))
    try head.skip(4 * lengthSize, "extensible array")
    let used = try head.length(lengthSize, "greatest index")
    try head.skip(lengthSize, "extensible array")
    try checkWidth(width, isFiltered, address)
    guard maxBits <= 64, leastBlock > 0, leastBlock.nonzeroBitCount == 1, leastPointers > 1,
      leastPointers.nonzeroBitCount == 1, pageBits < 48, maxBits >= leastBlock.log2Floor
    else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)), found: "an extensible array of odd sizes",
        expected: "expected powers of two")
    }
    guard let indexBlock = try head.address(offsetSize, "index block") else { return [] }
    var result: [HDF5ArrayEntry] = []
    let superBlocks = 1 + maxBits - leastBlock.log2Floor
    let directSupers = min(superBlocks, 2 * leastPointers.log2Floor)
    let directBlocks = 2 * (leastPointers - 1)
    let superAddresses = superBlocks - directSupers
    let prefix = 6 + offsetSize
    let blockSize = prefix + inIndex * width + (directBlocks + superAddresses) * offsetSize + 4
    var cursor = try structure(indexBlock, blockSize, "index block")
    try check(&cursor, "EAIB", checked: true)
    try cursor.seek(to: prefix)
    try entries(
      &cursor, count: inIndex, from: 0, width: width, index: index, isFiltered: isFiltered,
      into: &result)
    let arrayOffset = (maxBits + 7) / 8
    var number = inIndex
    /// A block of entries; those beyond the greatest index were never written.
    func dataBlock(_ block: Int?, _ count: Int) throws(ReadFailure) {
      defer { number = number.plus(count) }
      guard let block, number < used else { return }
      let head = prefix + arrayOffset
      let page = 1 << pageBits
      if count <= page {
        var part = try structure(block, head.plus(count.times(width)).plus(4), "block of an array")
        try check(&part, "EADB", checked: true)
        try part.seek(to: head)
        try entries(
          &part, count: count, from: number, width: width, index: index, isFiltered: isFiltered,
          into: &result)
        return
      }
      var lead = try structure(block, head + 4, "block of an array")
      try check(&lead, "EADB", checked: true)
      var next = block.plus(head + 4)
      for first in stride(from: 0, to: count, by: page) where number.plus(first) < used {
        var part = try structure(next, page.times(width).plus(4), "page of an array")
        // Pages that were never written hold anything.
        if (try? checkSum(part.view, part.place, "page of an array")) != nil {
          try entries(
            &part, count: page, from: number.plus(first), width: width, index: index,
            isFiltered: isFiltered, into: &result)
        } else if !part.view.withBytes({ $0.allSatisfy { $0 == 0 } }) {
          try checkSum(part.view, part.place, "page of an array")
        }
        next = next.plus(page.times(width).plus(4))
      }
    }
    func blocks(_ level: Int) -> Int { 1 << (level / 2) }
    func elements(_ level: Int) -> Int { leastBlock.times(1 << ((level + 1) / 2)) }
    for level in 0..<directSupers {
      for _ in 0..<blocks(level) {
        try dataBlock(cursor.address(offsetSize, "block of an array"), elements(level))
      }
    }
    for level in directSupers..<max(directSupers, superBlocks) {
      let superBlock = try cursor.address(offsetSize, "super block")
      guard number < used else { break }
      let (count, each) = (blocks(level), elements(level))
      guard let superBlock else {
        number = number.plus(count.times(each))
        continue
      }
      let pages = each > 1 << pageBits ? (each >> pageBits).plus(7) / 8 : 0
      let bitmaps = count.times(pages)
      let size = (prefix + arrayOffset).plus(bitmaps).plus(count.times(offsetSize)).plus(4)
      var part = try structure(superBlock, size, "super block")
      try check(&part, "EASB", checked: true)
      try part.seek(to: (prefix + arrayOffset).plus(bitmaps))
      for _ in 0..<count {
        guard number < used else { break }
        try dataBlock(part.address(offsetSize, "block of an array"), each)
      }
    }
    return result
  }
}
