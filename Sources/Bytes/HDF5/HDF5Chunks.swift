internal import Tables

/// Where the chunks of a dataset are listed.
struct HDF5ChunkIndex {
  /// The kinds of lists.
  enum Form {
    case tree(Int?)
    case single(Int?, stored: (size: Int, mask: UInt32)?)
    case implicit(Int?)
    case fixedArray(Int?)
    case extensibleArray(Int?)
    case newTree(Int?)
  }

  /// The elements of a chunk along each dimension.
  let sizes: [Int]
  /// The bytes of an element.
  let elementSize: Int
  let form: Form
  /// Whether chunks that reach beyond the end went through no filter.
  let wholeEdges: Bool
  /// Whether sizes of chunks take as many bytes as a length.
  let wideSizes: Bool

  /// - Parameter sizes: the chunk's lengths, and the bytes of an element behind them.
  init(
    _ sizes: [Int], _ form: Form, at place: Place, wholeEdges: Bool = false, wideSizes: Bool = false
  ) throws(ReadFailure) {
    guard let element = sizes.last, sizes.count >= 2, sizes.allSatisfy({ $0 > 0 }) else {
      throw ReadFailure(
        "hdf5.damaged", at: place, found: "chunks of \(sizes) elements",
        expected: "expected lengths above 0")
    }
    self.sizes = Array(sizes.dropLast())
    elementSize = element
    self.form = form
    self.wholeEdges = wholeEdges
    self.wideSizes = wideSizes
  }

  /// The bytes of a chunk.
  var byteCount: Int { sizes.reduce(elementSize) { $0.times($1) } }
}

/// One chunk: where it lies in the dataset and in the file.
struct HDF5Chunk {
  /// The first element along each dimension.
  var start: [Int]
  var address: Int
  /// The bytes in the file.
  var size: Int
  var mask: UInt32
}

extension HDF5File {
  /// The chunks that were written.
  func chunks(_ index: HDF5ChunkIndex, _ dataset: HDF5Dataset) throws(ReadFailure) -> [HDF5Chunk] {
    let shape = dataset.shape
    let rank = shape.count
    let whole = index.byteCount
    guard rank == index.sizes.count, index.elementSize == dataset.type.size else {
      throw ReadFailure(
        "hdf5.damaged", at: .entry(dataset.path),
        found: "chunks of rank \(index.sizes.count), \(index.elementSize) bytes an element",
        expected: "expected rank \(rank) and \(dataset.type.size) bytes")
    }
    let isFiltered = !dataset.filters.isEmpty
    // Chunks are numbered over the greatest shape, the last dimension fastest.
    let most = (0..<rank).map { dataset.maxShape[$0] ?? shape[$0] }
    let grid = (0..<rank).map { most[$0].dividedUp(by: index.sizes[$0]) }
    switch index.form {
    case .tree(let root):
      guard let root else { return [] }
      var result: [HDF5Chunk] = []
      for leaf in try treeLeaves(at: root, kind: 1, keySize: 8 + 8 * (rank + 1)) {
        var key = ByteCursor(leaf.key, area: "hdf5")
        let size = Int(try key.u32("size of chunk"))
        let mask = try key.u32("filter mask")
        var start: [Int] = []
        for _ in 0..<rank { start.append(try key.length(8, "start of chunk")) }
        result.append(HDF5Chunk(start: start, address: leaf.child, size: size, mask: mask))
      }
      return result
    case .single(let address, let stored):
      guard let address else { return [] }
      return [
        HDF5Chunk(
          start: Array(repeating: 0, count: rank), address: address, size: stored?.size ?? whole,
          mask: stored?.mask ?? 0)
      ]
    case .implicit(let address):
      guard let address else { return [] }
      let total = grid.reduce(1) { $0.times($1) }
      _ = try structure(address, total.times(whole), "chunks of '\(dataset.path)'")
      var numbers = HDF5ChunkNumbers(grid, index.sizes)
      var result: [HDF5Chunk] = []
      for i in 0..<total {
        result.append(
          HDF5Chunk(
            start: numbers.next(), address: address.plus(i.times(whole)), size: whole, mask: 0))
      }
      return result
    case .fixedArray(let address):
      guard let address else { return [] }
      let entries = try fixedArray(at: address, index, isFiltered: isFiltered)
      return place(entries, HDF5ChunkNumbers(grid, index.sizes))
    case .extensibleArray(let address):
      guard let address else { return [] }
      // The one dimension without end is the slowest.
      let endless = dataset.maxShape.firstIndex { $0 == nil } ?? 0
      let entries = try extensibleArray(at: address, index, isFiltered: isFiltered)
      return place(entries, HDF5ChunkNumbers(grid, index.sizes, slowest: endless))
    case .newTree(let address):
      guard let address else { return [] }
      let (kind, records) = try treeRecords(at: address, kinds: [10, 11])
      var result: [HDF5Chunk] = []
      for record in records {
        var fields = ByteCursor(record, area: "hdf5")
        let place = try fields.address(offsetSize, "chunk")
        let size =
          kind == 11
          ? try fields.length(record.count - offsetSize - 4 - 8 * rank, "size of chunk") : whole
        let mask = kind == 11 ? try fields.u32("filter mask") : 0
        var start: [Int] = []
        for d in 0..<rank {
          start.append(try fields.length(8, "start of chunk").times(index.sizes[d]))
        }
        guard let place else { continue }
        result.append(HDF5Chunk(start: start, address: place, size: size, mask: mask))
      }
      return result
    }
  }

  private func place(_ entries: [HDF5ArrayEntry], _ numbers: HDF5ChunkNumbers) -> [HDF5Chunk] {
    entries.compactMap { entry in
      guard let start = numbers.start(of: entry.number) else { return nil }
      return HDF5Chunk(start: start, address: entry.address, size: entry.size, mask: entry.mask)
    }
  }
}

/// The starts of chunks by their number.
struct HDF5ChunkNumbers {
  private let grid: [Int]
  private let sizes: [Int]
  /// The dimensions from the slowest to the fastest.
  private let order: [Int]
  private var number = 0

  init(_ grid: [Int], _ sizes: [Int], slowest: Int = 0) {
    self.grid = grid
    self.sizes = sizes
    order = [slowest] + grid.indices.filter { $0 != slowest }
  }

  /// The start of a chunk; nil where no such chunk can be.
  func start(of number: Int) -> [Int]? {
    var rest = number
    var start = Array(repeating: 0, count: grid.count)
    for d in order.dropFirst().reversed() {
      guard grid[d] > 0 else { return nil }
      start[d] = (rest % grid[d]).times(sizes[d])
      rest /= grid[d]
    }
    if let d = order.first { start[d] = rest.times(sizes[d]) }
    return start
  }

  /// The starts one after the other.
  mutating func next() -> [Int] {
    defer { number += 1 }
    return start(of: number) ?? []
  }
}
