internal import Tables

extension HDF5File {
  /// The elements of a dataset one after the other, as the file stores each.
  func raw(_ dataset: HDF5Dataset) throws(ReadFailure) -> ByteView {
    let total = dataset.count.times(dataset.type.size)
    try HDF5Filters.check(dataset)
    try reserveData(total, dataset.path)
    func short(_ count: Int) -> ReadFailure {
      ReadFailure(
        "hdf5.damaged", at: .byte(dataset.position),
        found: "'\(dataset.path)' has \(count) bytes of data", expected: "expected \(total)")
    }
    switch dataset.layout {
    case .compact(let view):
      guard view.count >= total else { throw short(view.count) }
      return view.prefix(total)
    case .contiguous(let address, let size):
      guard let address else { return filled(total, dataset) }
      guard size >= total else { throw short(size) }
      return try data(address, total, dataset.path)
    case .chunked(let index): return try assemble(dataset, index, total)
    case .external:
      throw ReadFailure(
        "hdf5.unsupported", at: .entry(dataset.path), found: "the data stand in another file",
        expected: "expected data in this file; repack it with h5repack")
    case .virtual:
      throw ReadFailure(
        "hdf5.unsupported", at: .entry(dataset.path),
        found: "a virtual dataset, put together from others",
        expected: "expected data in this file; repack it with h5repack")
    }
  }

  /// Bytes of data, checked against the file's end.
  private func data(_ address: Int, _ count: Int, _ what: String) throws(ReadFailure) -> ByteView {
    let start = base.plus(address)
    guard start >= 0, start.plus(count) <= bytes.count else {
      throw ReadFailure(
        "hdf5.truncated", at: .byte(min(start, bytes.count)),
        found: "'\(what)' needs \(count) bytes from byte \(start) on, the file has \(bytes.count)",
        expected: "expected a whole file")
    }
    return bytes[start..<(start + count)]
  }

  /// Elements that were never written.
  private func filled(_ total: Int, _ dataset: HDF5Dataset) -> ByteView {
    ByteView(capacity: total) { target in
      Self.fill(target, dataset)
      return total
    }
  }

  private static func fill(_ target: UnsafeMutableRawBufferPointer, _ dataset: HDF5Dataset) {
    guard let fill = dataset.fill, fill.count == dataset.type.size else {
      target.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    fill.withBytes { source in
      for i in 0..<target.count { target[i] = source[i % source.count] }
    }
  }

  private func assemble(
    _ dataset: HDF5Dataset, _ index: HDF5ChunkIndex, _ total: Int
  ) throws(ReadFailure) -> ByteView {
    let chunks = try chunks(index, dataset)
    let whole = index.byteCount
    var failure: ReadFailure?
    let view = ByteView(capacity: total) { target in
      Self.fill(target, dataset)
      for chunk in chunks {
        do throws(ReadFailure) {
          try copy(chunk, index, dataset, whole, to: target)
        } catch {
          failure = error
          return 0
        }
      }
      return total
    }
    if let failure { throw failure }
    return view
  }

  private func copy(
    _ chunk: HDF5Chunk, _ index: HDF5ChunkIndex, _ dataset: HDF5Dataset, _ whole: Int,
    to target: UnsafeMutableRawBufferPointer
  ) throws(ReadFailure) {
    let shape = dataset.shape
    let rank = shape.count
    var extent: [Int] = []
    for d in 0..<rank {
      guard chunk.start[d] % index.sizes[d] == 0 else {
        throw ReadFailure(
          "hdf5.damaged", at: .byte(base.plus(chunk.address)),
          found: "a chunk of '\(dataset.path)' starts at \(chunk.start)",
          expected: "expected multiples of \(index.sizes)")
      }
      // Chunks beyond the end remain where a dataset was made shorter.
      guard chunk.start[d] < shape[d] else { return }
      extent.append(min(index.sizes[d], shape[d] - chunk.start[d]))
    }
    let isEdge = extent != index.sizes
    var content = try data(chunk.address, chunk.size, dataset.path)
    if !dataset.filters.isEmpty && !(isEdge && index.wholeEdges) {
      try reserveData(whole, dataset.path)
      content = try HDF5Filters.undo(
        content, dataset, mask: chunk.mask, size: whole, place: base + chunk.address)
    }
    guard content.count >= whole else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(chunk.address)),
        found: "a chunk of '\(dataset.path)' of \(content.count) bytes",
        expected: "expected \(whole)")
    }
    let size = dataset.type.size
    let rowBytes = extent[rank - 1] * size
    var position = Array(repeating: 0, count: rank)
    content.withBytes { source in
      while true {
        var from = 0
        var to = 0
        for d in 0..<rank {
          from = from * index.sizes[d] + position[d]
          to = to * shape[d] + chunk.start[d] + position[d]
        }
        // The row lies within both: the extent is clipped to the chunk and to the dataset.
        let row = source[(from * size)..<(from * size + rowBytes)]
        UnsafeMutableRawBufferPointer(rebasing: target[(to * size)..<(to * size + rowBytes)])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: row))
        var d = rank - 2
        while d >= 0 {
          position[d] += 1
          if position[d] < extent[d] { break }
          position[d] = 0
          d -= 1
        }
        if d < 0 { return }
      }
    }
  }

  /// An object of the global heap.
  func heapObject(_ address: Int, _ number: Int) throws(ReadFailure) -> ByteView {
    if collections[address] == nil { collections[address] = try collection(at: address) }
    guard let range = collections[address]?[number] else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)),
        found: "no object \(number) in a collection of the global heap",
        expected: "expected the text or list that an element points to")
    }
    return bytes[range]
  }

  private func collection(at address: Int) throws(ReadFailure) -> [Int: Range<Int>] {
    var head = try structure(address, 8 + lengthSize, "global heap")
    try check(&head, "GCOL", checked: false)
    try head.skip(4, "global heap")
    let size = try head.length(lengthSize, "size of global heap")
    var cursor = try structure(address, size, "global heap")
    try cursor.skip(8 + lengthSize, "global heap")
    var objects: [Int: Range<Int>] = [:]
    while cursor.remaining >= 8 + lengthSize {
      let number = Int(try cursor.u16("object of global heap"))
      if number == 0 { break }
      try cursor.skip(6, "object of global heap")
      let length = try cursor.length(lengthSize, "object of global heap")
      let start = cursor.base + cursor.offset
      try cursor.skip(length, "object of global heap")
      try cursor.skip(min((8 - length % 8) % 8, cursor.remaining), "padding")
      objects[number] = start..<(start + length)
    }
    return objects
  }
}
