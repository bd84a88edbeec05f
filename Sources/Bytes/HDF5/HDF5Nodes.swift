public import Tables

/// An object of the file: a group, a dataset or a committed datatype.
public struct HDF5Node: Sendable {
  /// The path by which it was reached, `/` for the root.
  public let path: String
  let header: HDF5Header

  /// Where its header stands, counted from the superblock: the same for every link to it.
  public var address: Int { header.address }
  /// Whether it holds links.
  public var isGroup: Bool {
    header.messages.contains { $0.type == .symbolTable || $0.type == .linkInfo || $0.type == .link }
      || (!isDataset && header.first(.groupInfo) != nil)
  }
  /// Whether it holds data.
  public var isDataset: Bool { header.first(.layout) != nil }
  /// The last part of the path.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? "/" }

  /// The path of something within.
  public func path(of name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }
}

/// A named value beside a group or a dataset.
public struct HDF5Attribute: Sendable {
  /// The name.
  public let name: String
  /// The length along each dimension; empty for a single value.
  public let shape: [Int]
  /// The values, one series for each member.
  public let series: [HDF5Series]

  /// The single text of the attribute; nil where it is none.
  public var text: String? {
    guard let first = series.first, first.values.count == 1, case .text(let text)? = first.value(0)
    else { return nil }
    return text
  }
}

extension HDF5File {
  /// The root group.
  public func root() throws(ReadFailure) -> HDF5Node {
    HDF5Node(path: "/", header: try header(at: rootAddress))
  }

  /// The links of a group.
  public func links(_ node: HDF5Node) throws(ReadFailure) -> HDF5Links {
    if let known = linksOfGroups[node.address] { return known }
    let links = try readLinks(node.header)
    linksOfGroups[node.address] = links
    return links
  }

  /// The object that a link of a group leads to; nil for a link that leads nowhere, which is counted.
  public func open(_ link: HDF5Link, in group: HDF5Node) throws(ReadFailure) -> HDF5Node? {
    let path = group.path(of: link.name)
    if case .hard(let address) = link.target {
      return HDF5Node(path: path, header: try header(at: address))
    }
    guard let found = try resolve(link, in: group) else {
      danglingLinks.append(path)
      return nil
    }
    return HDF5Node(path: path, header: found.header)
  }

  /// The object at a path below a group; nil where there is none.
  public func node(_ path: String, in group: HDF5Node) throws(ReadFailure) -> HDF5Node? {
    var current = group
    var parts = Array(path.split(separator: "/").reversed())
    if path.hasPrefix("/") { current = try root() }
    var hops = 0
    while let part = parts.popLast() {
      if part == "." { continue }
      guard current.isGroup, let link = try links(current)[String(part)] else { return nil }
      switch link.target {
      case .hard(let address):
        current = HDF5Node(path: current.path(of: link.name), header: try header(at: address))
      case .soft(let target):
        hops += 1
        // Soft links may lead to one another in a ring.
        guard hops <= 32, parts.count < 4096 else { return nil }
        if target.hasPrefix("/") { current = try root() }
        parts += target.split(separator: "/").reversed()
      case .external, .other: return nil
      }
    }
    return current
  }

  private func resolve(_ link: HDF5Link, in group: HDF5Node) throws(ReadFailure) -> HDF5Node? {
    guard case .soft(let target) = link.target else { return nil }
    return try node(target, in: group)
  }

  /// What a dataset's header says; nil for a group.
  public func dataset(_ node: HDF5Node) throws(ReadFailure) -> HDF5Dataset? {
    node.isDataset ? try dataset(node.header, path: node.path) : nil
  }

  /// The attributes of an object; one that cannot be read is left out with a warning.
  public func attributes(_ node: HDF5Node) -> [HDF5Attribute] {
    var result: [HDF5Attribute] = []
    for message in node.header.messages {
      do throws(ReadFailure) {
        if message.type == .attribute {
          result.append(try attribute(content(of: message), node.path))
        } else if message.type == .attributeInfo {
          result += try denseAttributes(message.cursor, node.path)
        }
      } catch {
        lose(error, node.path)
      }
    }
    return result
  }

  private func denseAttributes(
    _ message: ByteCursor, _ path: String
  ) throws(ReadFailure) -> [HDF5Attribute] {
    var cursor = message
    try cursor.skip(1, "attribute info")
    let flags = try cursor.u8("attribute info")
    if flags & 1 != 0 { try cursor.skip(2, "attribute info") }
    let heap = try cursor.address(offsetSize, "heap of attributes")
    let names = try cursor.address(offsetSize, "index of attributes")
    guard let heap, let names else { return [] }
    let store = try HDF5FractalHeap(self, at: heap)
    var found: [(order: UInt64, attribute: HDF5Attribute)] = []
    for record in try treeRecords(at: names, kinds: [8]).records {
      do throws(ReadFailure) {
        var fields = ByteCursor(record, area: "hdf5")
        let id = try fields.slice(8, "heap id")
        let flags = try fields.u8("flags of attribute")
        let order = UInt64(try fields.u32("creation order"))
        var body = try store.object(id, in: self)
        if flags & 2 != 0 { body = try shared(body, .attribute) }
        found.append((order, try attribute(body, path)))
      } catch {
        lose(error, path)
      }
    }
    return found.sorted { ($0.order, $0.attribute.name) < ($1.order, $1.attribute.name) }
      .map(\.attribute)
  }

  /// An attribute message of version 1, 2 or 3.
  private func attribute(
    _ message: ByteCursor, _ path: String
  ) throws(ReadFailure) -> HDF5Attribute {
    var cursor = message
    let version = try cursor.u8("attribute")
    let flags = try cursor.u8("attribute")
    guard version >= 1, version <= 3 else {
      throw ReadFailure(
        "hdf5.damaged", at: message.place, found: "an attribute of version \(version)",
        expected: "expected version 1, 2 or 3")
    }
    let sizes = [
      Int(try cursor.u16("attribute")), Int(try cursor.u16("attribute")),
      Int(try cursor.u16("attribute")),
    ]
    if version == 3 { try cursor.skip(1, "attribute") }
    func part(_ i: Int, _ what: String) throws(ReadFailure) -> ByteCursor {
      let position = cursor.base + cursor.offset
      let view = try cursor.slice(sizes[i], what)
      if version == 1 {
        try cursor.skip(min((8 - sizes[i] % 8) % 8, cursor.remaining), what)
      }
      return ByteCursor(view, area: "hdf5", base: position)
    }
    let nameBytes = try part(0, "name of attribute").view
    let nameEnd = nameBytes.withBytes { $0.firstIndex(of: 0) } ?? nameBytes.count
    let name = nameBytes.prefix(nameEnd).hdf5Text
    var typeCursor = try part(1, "type of attribute")
    if version > 1 && flags & 1 != 0 { typeCursor = try shared(typeCursor, .datatype) }
    let type = try HDF5DatatypeParser.parse(&typeCursor)
    var spaceCursor = try part(2, "dataspace of attribute")
    if version > 1 && flags & 2 != 0 { spaceCursor = try shared(spaceCursor, .dataspace) }
    let space = try dataspace(&spaceCursor)
    let count = space.isNull ? 0 : space.shape.reduce(1) { $0.times($1) }
    let raw = try cursor.slice(count.times(type.size), "attribute '\(name)'")
    let series = try decode(raw, type, count: count, "\(path)@\(name)")
    return HDF5Attribute(name: name, shape: space.shape, series: series)
  }
}
