internal import Tables

/// What a dataset is: its shape, its type, and how its data are stored; no data.
public struct HDF5Dataset: Sendable {
  /// A filter that the data went through.
  public struct Filter: Hashable, Sendable {
    /// The registered number, such as 1 for deflate.
    public let id: Int
    /// Its name as the file or the register has it.
    public let name: String
    let isOptional: Bool
    let values: [UInt32]
  }

  /// How the elements are stored.
  enum Layout {
    case compact(ByteView)
    case contiguous(address: Int?, size: Int)
    case chunked(HDF5ChunkIndex)
    case external
    case virtual
  }

  /// The path in the file, for messages.
  public let path: String
  /// The length along each dimension; empty for a single value.
  public let shape: [Int]
  /// The longest that each dimension may become; nil where there is no end.
  let maxShape: [Int?]
  /// Whether the dataset holds no value at all, not even an empty list.
  public let isNull: Bool
  /// The type of an element.
  public let type: HDF5Datatype
  /// The filters in the order in which the data went through them.
  public let filters: [Filter]
  let layout: Layout
  let fill: ByteView?
  /// Where the header stands in the file.
  public let position: Int

  /// The bytes of the file that hold the data, where they stand in one piece.
  public let dataRange: Range<Int>?

  /// The number of dimensions.
  public var rank: Int { shape.count }

  /// Type and shape in words, such as `float64 2 × 348`.
  public var summary: String {
    let dimensions = shape.map { "\($0)" }.joined(separator: " × ")
    return isNull ? "\(type.summary), no value" : "\(type.summary) \(dimensions)"
  }

  /// The number of elements.
  public var count: Int { isNull ? 0 : shape.reduce(1) { $0.times($1) } }
}

/// The lengths of a dataspace.
struct HDF5Dataspace {
  var shape: [Int] = []
  var most: [Int?] = []
  var isNull = false
}

extension HDF5File {
  /// The dataspace at the cursor.
  func dataspace(_ cursor: inout ByteCursor) throws(ReadFailure) -> HDF5Dataspace {
    let start = cursor.place
    let version = try cursor.u8("dataspace")
    let rank = Int(try cursor.u8("rank"))
    let flags = try cursor.u8("dataspace")
    let type = try cursor.u8("dataspace")
    guard version == 1 || version == 2, rank <= 32 else {
      throw ReadFailure(
        "hdf5.damaged", at: start, found: "a dataspace of version \(version) and rank \(rank)",
        expected: "expected version 1 or 2 and at most 32 dimensions")
    }
    if version == 1 { try cursor.skip(4, "dataspace") }
    var space = HDF5Dataspace()
    space.isNull = version == 2 && type == 2
    for _ in 0..<rank { space.shape.append(try cursor.length(lengthSize, "length")) }
    if flags & 1 != 0 {
      for _ in 0..<rank { space.most.append(try cursor.address(lengthSize, "greatest length")) }
    } else {
      space.most = space.shape.map { $0 }
    }
    return space
  }

  /// What the header of a dataset says.
  func dataset(_ header: HDF5Header, path: String) throws(ReadFailure) -> HDF5Dataset {
    func missing(_ what: String) -> ReadFailure {
      ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(header.address)),
        found: "the header of '\(path)' has no \(what)", expected: "expected a whole header")
    }
    guard let spaceMessage = header.first(.dataspace) else { throw missing("dataspace") }
    guard let typeMessage = header.first(.datatype) else { throw missing("datatype") }
    guard let layoutMessage = header.first(.layout) else { throw missing("layout") }
    var spaceCursor = try content(of: spaceMessage)
    let space = try dataspace(&spaceCursor)
    var typeCursor = try content(of: typeMessage)
    let type = try HDF5DatatypeParser.parse(&typeCursor)
    var filters: [HDF5Dataset.Filter] = []
    if let message = header.first(.filters) { filters = try pipeline(content(of: message)) }
    var layout = try readLayout(layoutMessage.cursor, space, type)
    if header.first(.externalFiles) != nil { layout = .external }
    var range: Range<Int>?
    if case .contiguous(let address?, let size) = layout {
      let start = base.plus(address)
      if start.plus(size) <= bytes.count { range = start..<(start + size) }
    }
    return HDF5Dataset(
      path: path, shape: space.shape, maxShape: space.most, isNull: space.isNull, type: type,
      filters: filters, layout: layout, fill: try fillValue(header),
      position: base + header.address,
      dataRange: range)
  }

  /// The value of elements that were never written; nil where it is 0 or undefined.
  private func fillValue(_ header: HDF5Header) throws(ReadFailure) -> ByteView? {
    if let message = header.first(.fillValue) {
      var cursor = try content(of: message)
      let version = try cursor.u8("fill value")
      if version < 3 {
        try cursor.skip(2, "fill value")
        guard try cursor.u8("fill value") != 0, cursor.remaining >= 4 else { return nil }
      } else {
        guard try cursor.u8("fill value") & 0x20 != 0 else { return nil }
      }
      let size = Int(try cursor.u32("fill value"))
      return size > 0 ? try cursor.slice(size, "fill value") : nil
    }
    if let message = header.first(.oldFillValue) {
      var cursor = try content(of: message)
      let size = Int(try cursor.u32("fill value"))
      return size > 0 ? try cursor.slice(size, "fill value") : nil
    }
    return nil
  }

  private func readLayout(
    _ message: ByteCursor, _ space: HDF5Dataspace, _ type: HDF5Datatype
  ) throws(ReadFailure) -> HDF5Dataset.Layout {
    var cursor = message
    let version = Int(try cursor.u8("layout"))
    guard version >= 1, version <= 5 else {
      throw ReadFailure(
        "hdf5.unsupported", at: message.place, found: "a layout of version \(version)",
        expected: "expected version 1 to 5")
    }
    if version < 3 { return try oldLayout(&cursor, type) }
    let kind = try cursor.u8("layout")
    switch kind {
    case 0: return .compact(try cursor.slice(Int(cursor.u16("layout")), "compact data"))
    case 1:
      let address = try cursor.address(offsetSize, "data")
      return .contiguous(address: address, size: try cursor.length(lengthSize, "data"))
    case 2 where version == 3:
      let rank = Int(try cursor.u8("rank of chunks"))
      let address = try cursor.address(offsetSize, "chunks")
      var sizes: [Int] = []
      for _ in 0..<rank { sizes.append(Int(try cursor.u32("size of chunk"))) }
      return .chunked(
        try HDF5ChunkIndex(sizes, .tree(address), at: message.place))
    case 2: return .chunked(try newChunks(&cursor, version, message.place))
    case 3: return .virtual
    default:
      throw ReadFailure(
        "hdf5.damaged", at: message.place, found: "a layout of class \(kind)",
        expected: "expected compact, contiguous, chunked or virtual")
    }
  }

  private func oldLayout(
    _ cursor: inout ByteCursor, _ type: HDF5Datatype
  ) throws(ReadFailure) -> HDF5Dataset.Layout {
    let place = cursor.place
    let rank = Int(try cursor.u8("layout"))
    let kind = try cursor.u8("layout")
    try cursor.skip(5, "layout")
    let address = kind == 0 ? nil : try cursor.address(offsetSize, "data")
    var sizes: [Int] = []
    for _ in 0..<rank { sizes.append(Int(try cursor.u32("size"))) }
    switch kind {
    case 0: return .compact(try cursor.slice(Int(cursor.u32("layout")), "compact data"))
    case 1: return .contiguous(address: address, size: sizes.reduce(type.size) { $0.times($1) })
    default: return .chunked(try HDF5ChunkIndex(sizes, .tree(address), at: place))
    }
  }

  private func newChunks(
    _ cursor: inout ByteCursor, _ version: Int, _ place: Place
  ) throws(ReadFailure) -> HDF5ChunkIndex {
    let flags = try cursor.u8("chunks")
    let rank = Int(try cursor.u8("rank of chunks"))
    let width = Int(try cursor.u8("size of sizes"))
    guard width >= 1, width <= 8 else {
      throw ReadFailure(
        "hdf5.damaged", at: place, found: "chunk sizes of \(width) bytes",
        expected: "expected 1 to 8")
    }
    var sizes: [Int] = []
    for _ in 0..<rank { sizes.append(try cursor.length(width, "size of chunk")) }
    let kind = try cursor.u8("index of chunks")
    var single: (size: Int, mask: UInt32)?
    var parameters: [Int] = []
    switch kind {
    case 1:
      if flags & 2 != 0 {
        let size = try cursor.length(lengthSize, "size of chunk")
        single = (size, try cursor.u32("filter mask"))
      }
    case 2: break
    case 3: parameters = [Int(try cursor.u8("page bits"))]
    case 4: for _ in 0..<5 { parameters.append(Int(try cursor.u8("extensible array"))) }
    case 5: try cursor.skip(6, "tree of chunks")
    default:
      throw ReadFailure(
        "hdf5.unsupported", at: place, found: "a chunk index of type \(kind)",
        expected: "expected type 1 to 5")
    }
    let address = try cursor.address(offsetSize, "index of chunks")
    let form: HDF5ChunkIndex.Form =
      switch kind {
      case 1: .single(address, stored: single)
      case 2: .implicit(address)
      case 3: .fixedArray(address)
      case 4: .extensibleArray(address)
      default: .newTree(address)
      }
    return try HDF5ChunkIndex(
      sizes, form, at: place, wholeEdges: flags & 1 != 0, wideSizes: version > 4)
  }

  /// The filters of a pipeline message.
  func pipeline(_ message: ByteCursor) throws(ReadFailure) -> [HDF5Dataset.Filter] {
    var cursor = message
    let version = try cursor.u8("filters")
    let count = Int(try cursor.u8("filters"))
    if version == 1 { try cursor.skip(6, "filters") }
    var filters: [HDF5Dataset.Filter] = []
    for _ in 0..<count {
      let id = Int(try cursor.u16("filter"))
      let length = version == 1 || id >= 256 ? Int(try cursor.u16("name of filter")) : 0
      let flags = try cursor.u16("flags of filter")
      let values = Int(try cursor.u16("values of filter"))
      let padded = version == 1 ? length.dividedUp(by: 8) * 8 : length
      let name = try cursor.slice(padded, "name of filter").latin1(cutAtNUL: true)
      var numbers: [UInt32] = []
      for _ in 0..<values { numbers.append(try cursor.u32("value of filter")) }
      if version == 1 && values % 2 == 1 { try cursor.skip(4, "filter") }
      filters.append(
        .init(
          id: id, name: HDF5Filters.name(id) ?? (name.isEmpty ? "unknown" : name),
          isOptional: flags & 1 != 0, values: numbers))
    }
    return filters
  }
}
