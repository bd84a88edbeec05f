internal import Tables

/// A node of a B-tree of version 1: keys and the addresses between them.
struct HDF5TreeNode {
  let level: Int
  /// The keys as bytes, one more than there are children.
  let keys: [ByteView]
  let children: [Int]
}

extension HDF5File {
  /// The leaves of a B-tree of version 1 in their order: the key before each child, and its address.
  ///
  /// - Parameters:
  ///   - kind: 0 for the names of a group, 1 for the chunks of a dataset.
  ///   - keySize: the bytes of a key.
  func treeLeaves(
    at root: Int, kind: UInt8, keySize: Int
  ) throws(ReadFailure) -> [(key: ByteView, child: Int)] {
    var leaves: [(key: ByteView, child: Int)] = []
    var open = [(address: root, level: Int.max)]
    var seen: Set<Int> = []
    while let next = open.popLast() {
      guard seen.insert(next.address).inserted else {
        throw loop("B-tree", next.address)
      }
      let node = try treeNode(at: next.address, kind: kind, keySize: keySize)
      guard node.level < next.level else { throw loop("B-tree", next.address) }
      if node.level == 0 {
        for (i, child) in node.children.enumerated() { leaves.append((node.keys[i], child)) }
      } else {
        for child in node.children.reversed() { open.append((child, node.level)) }
      }
    }
    return leaves
  }

  func loop(_ what: String, _ address: Int) -> ReadFailure {
    ReadFailure(
      "hdf5.damaged", at: .byte(base.plus(address)), found: "the \(what) leads back to itself",
      expected: "expected every node once")
  }

  private func treeNode(
    at address: Int, kind: UInt8, keySize: Int
  ) throws(ReadFailure) -> HDF5TreeNode {
    let head = 8 + 2 * offsetSize
    var prefix = try structure(address, head, "B-tree node")
    try check(&prefix, "TREE", checked: false)
    let type = try prefix.u8("type of node")
    let level = Int(try prefix.u8("level of node"))
    let count = Int(try prefix.u16("entries of node"))
    guard type == kind else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)), found: "a B-tree of type \(type)",
        expected: "expected type \(kind)")
    }
    let size = head + count * (keySize + offsetSize) + keySize
    var cursor = try structure(address, size, "B-tree node")
    try cursor.skip(head, "B-tree node")
    var keys: [ByteView] = []
    var children: [Int] = []
    for _ in 0..<count {
      keys.append(try cursor.slice(keySize, "key"))
      guard let child = try cursor.address(offsetSize, "child") else {
        throw ReadFailure(
          "hdf5.damaged", at: cursor.place, found: "a child without address",
          expected: "expected \(count) children")
      }
      children.append(child)
    }
    keys.append(try cursor.slice(keySize, "key"))
    return HDF5TreeNode(level: level, keys: keys, children: children)
  }

  /// The records of a B-tree of version 2, in their order.
  ///
  /// - Parameter kinds: the types of records that are expected.
  func treeRecords(
    at address: Int, kinds: Set<Int>
  ) throws(ReadFailure) -> (kind: Int, records: [ByteView]) {
    var head = try structure(address, 22 + offsetSize + lengthSize, "B-tree header")
    try check(&head, "BTHD", checked: true)
    try head.skip(1, "B-tree header")
    let kind = Int(try head.u8("type of B-tree"))
    let nodeSize = try head.length(4, "size of node")
    let recordSize = Int(try head.u16("size of record"))
    let depth = Int(try head.u16("depth of B-tree"))
    try head.skip(2, "B-tree header")
    let root = try head.address(offsetSize, "root of B-tree")
    let rootCount = Int(try head.u16("records of root"))
    let total = try head.length(lengthSize, "records of B-tree")
    guard kinds.contains(kind), recordSize > 0, nodeSize > 10, depth < 32 else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)),
        found: "a B-tree of type \(kind), depth \(depth) and records of \(recordSize) bytes",
        expected: "expected type \(kinds.sorted().map(String.init).joined(separator: " or "))")
    }
    guard let root else { return (kind, []) }
    // How wide the counts beside a child's address are, level by level.
    var pointerSizes = [0]
    let leafMost = (nodeSize - 10) / recordSize
    var totalMost = leafMost
    let countSize = leafMost.bytesNeeded
    var totalSize = 0
    for _ in 0..<depth {
      let pointer = offsetSize + countSize + totalSize
      pointerSizes.append(pointer)
      let most = max(0, nodeSize - 10 - pointer) / (recordSize + pointer)
      totalMost = most.plus(1).times(totalMost).plus(most)
      totalSize = totalMost.bytesNeeded
    }
    var records: [ByteView] = []
    var seen: Set<Int> = []
    // Nodes still to open, and records that stand between their children.
    enum Step { case node(address: Int, count: Int, level: Int), record(ByteView) }
    var steps = [Step.node(address: root, count: rootCount, level: depth)]
    while let step = steps.popLast() {
      guard case .node(let address, let count, let level) = step else {
        if case .record(let record) = step { records.append(record) }
        continue
      }
      guard seen.insert(address).inserted else { throw loop("B-tree", address) }
      let pointer = pointerSizes[level]
      let used = 10 + count.times(recordSize) + (level > 0 ? (count + 1) * pointer : 0)
      guard used <= nodeSize else {
        throw ReadFailure(
          "hdf5.damaged", at: .byte(base.plus(address)),
          found: "a node of \(nodeSize) bytes with \(count) records",
          expected: "expected no more than fit in it")
      }
      // The checksum stands behind what is used of a node.
      var cursor = try structure(address, used, "B-tree node")
      try check(&cursor, level > 0 ? "BTIN" : "BTLF", checked: true)
      try cursor.skip(2, "B-tree node")
      var own: [ByteView] = []
      for _ in 0..<count { own.append(try cursor.slice(recordSize, "record")) }
      if level == 0 {
        records += own
        continue
      }
      var children: [Step] = []
      for i in 0...count {
        let child = try cursor.address(offsetSize, "child")
        let childCount = try cursor.length(countSize, "records of child")
        try cursor.skip(pointer - offsetSize - countSize, "records below child")
        guard let child else { throw loop("B-tree", address) }
        children.append(.node(address: child, count: childCount, level: level - 1))
        if i < count { children.append(.record(own[i])) }
      }
      steps += children.reversed()
    }
    guard records.count == total else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)),
        found: "a B-tree of \(records.count) records", expected: "expected \(total)")
    }
    return (kind, records)
  }
}
