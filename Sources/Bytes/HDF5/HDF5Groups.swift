internal import Tables

/// A link of a group: a name and where it leads.
public struct HDF5Link: Sendable {
  /// Where a link leads.
  public enum Target: Hashable, Sendable {
    /// The address of an object's header.
    case hard(Int)
    /// A path in the same file.
    case soft(String)
    /// A path in another file.
    case external(file: String, path: String)
    /// A kind of link that only its writer knows.
    case other(Int)
  }
  /// The name.
  public let name: String
  /// Where it leads.
  public let target: Target
  /// When it was made, where the group keeps count.
  let order: Int?
}

/// The links of a group in the order of names, or of creation where the group keeps count.
public struct HDF5Links: Sendable {
  /// All links.
  public let all: [HDF5Link]
  private let index: [String: Int]

  init(_ links: [HDF5Link]) {
    let isOrdered = !links.isEmpty && links.allSatisfy { $0.order != nil }
    all = links.sorted {
      isOrdered ? ($0.order ?? 0) < ($1.order ?? 0) : Array($0.name.utf8) < Array($1.name.utf8)
    }
    var index: [String: Int] = [:]
    for (i, link) in all.enumerated() where index[link.name] == nil { index[link.name] = i }
    self.index = index
  }

  /// The link of that name.
  public subscript(name: String) -> HDF5Link? { index[name].map { all[$0] } }
}

extension Array where Element == UInt8 {
  fileprivate static func < (a: [UInt8], b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }
}

extension HDF5File {
  /// The links of a group's header, from a symbol table, from messages and from a heap.
  func readLinks(_ header: HDF5Header) throws(ReadFailure) -> HDF5Links {
    var links: [HDF5Link] = []
    for message in header.messages {
      switch message.type {
      case .symbolTable: links += try symbolTable(message.cursor)
      case .link: links.append(try link(message.cursor))
      case .linkInfo:
        var cursor = message.cursor
        try cursor.skip(1, "link info")
        let flags = try cursor.u8("link info")
        if flags & 1 != 0 { try cursor.skip(8, "link info") }
        let heap = try cursor.address(offsetSize, "heap of links")
        let names = try cursor.address(offsetSize, "index of links")
        guard let heap, let names else { continue }
        let store = try HDF5FractalHeap(self, at: heap)
        for record in try treeRecords(at: names, kinds: [5]).records {
          links.append(try link(store.object(record.dropFirst(4), in: self)))
        }
      default: continue
      }
    }
    return HDF5Links(links)
  }

  private func link(_ body: ByteCursor) throws(ReadFailure) -> HDF5Link {
    var cursor = body
    let version = try cursor.u8("link")
    let flags = try cursor.u8("link")
    guard version == 1 else {
      throw ReadFailure(
        "hdf5.damaged", at: body.place, found: "a link of version \(version)",
        expected: "expected version 1")
    }
    let type = flags & 8 != 0 ? Int(try cursor.u8("link")) : 0
    let order = flags & 4 != 0 ? try cursor.length(8, "link") : nil
    if flags & 16 != 0 { try cursor.skip(1, "link") }
    let length = try cursor.length(1 << Int(flags & 3), "link")
    let name = try cursor.slice(length, "name of a link").hdf5Text
    switch type {
    case 0:
      guard let address = try cursor.address(offsetSize, "link") else {
        throw ReadFailure(
          "hdf5.damaged", at: body.place, found: "the link '\(name)' has no address",
          expected: "expected the address of an object")
      }
      return HDF5Link(name: name, target: .hard(address), order: order)
    case 1:
      let path = try cursor.slice(Int(cursor.u16("link")), "path of a link").hdf5Text
      return HDF5Link(name: name, target: .soft(path), order: order)
    case 64:
      var value = ByteCursor(
        try cursor.slice(Int(cursor.u16("link")), "external link"), area: "hdf5",
        base: cursor.base + cursor.offset)
      try value.skip(1, "external link")
      let file = try value.nulText("file of an external link")
      let path = try value.nulText("path of an external link")
      return HDF5Link(name: name, target: .external(file: file, path: path), order: order)
    default: return HDF5Link(name: name, target: .other(type), order: order)
    }
  }

  /// The names of a group of the first kind: a B-tree over nodes of symbols, names in a local heap.
  private func symbolTable(_ body: ByteCursor) throws(ReadFailure) -> [HDF5Link] {
    var cursor = body
    let tree = try cursor.address(offsetSize, "tree of names")
    let heapAddress = try cursor.address(offsetSize, "heap of names")
    guard let tree else { return [] }
    var heap = try structure(heapAddress, 8 + 2 * lengthSize + offsetSize, "heap of names")
    try check(&heap, "HEAP", checked: false)
    try heap.skip(4, "heap of names")
    let size = try heap.length(lengthSize, "heap of names")
    try heap.skip(lengthSize, "heap of names")
    let data = try structure(heap.address(offsetSize, "heap of names"), size, "names of a group")
    func text(_ offset: Int) throws(ReadFailure) -> String {
      var part = data
      try part.seek(to: offset)
      let text = try part.nulText("name of a link")
      // Names may overlap in a hostile heap: each one counts.
      _ = try structure(0, min(text.utf8.count, bytes.count - base), "names of a group")
      return text
    }
    let entrySize = 2 * offsetSize + 24
    var links: [HDF5Link] = []
    for leaf in try treeLeaves(at: tree, kind: 0, keySize: lengthSize) {
      var head = try structure(leaf.child, 8, "node of names")
      try check(&head, "SNOD", checked: false)
      try head.skip(2, "node of names")
      let count = Int(try head.u16("number of names"))
      var node = try structure(leaf.child, 8 + count * entrySize, "node of names")
      try node.skip(8, "node of names")
      for _ in 0..<count {
        let place = node.place
        let name = try text(node.length(offsetSize, "name"))
        let address = try node.address(offsetSize, "address")
        let kind = try node.u32("kind of entry")
        try node.skip(4, "entry")
        var scratch = ByteCursor(try node.slice(16, "entry"), area: "hdf5")
        if kind == 2 {
          let path = try text(Int(scratch.u32("soft link")))
          links.append(HDF5Link(name: name, target: .soft(path), order: nil))
        } else if let address {
          links.append(HDF5Link(name: name, target: .hard(address), order: nil))
        } else {
          throw ReadFailure(
            "hdf5.damaged", at: place, found: "the entry '\(name)' has no address",
            expected: "expected the address of an object")
        }
      }
    }
    return links
  }
}
