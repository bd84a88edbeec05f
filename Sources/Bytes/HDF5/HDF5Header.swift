internal import Tables

/// One message of an object header.
struct HDF5Message {
  /// The kinds of messages that matter here.
  enum Kind: Int {
    case null, dataspace, linkInfo, datatype, oldFillValue, fillValue, link, externalFiles, layout
    case bogus, groupInfo, filters, attribute, comment, oldTime, sharedTable, continuation
    case symbolTable, time, treeParameters, driver, attributeInfo, references
    case unknown = -1
  }

  let type: Kind
  let flags: UInt8
  let body: ByteView
  /// Where the body stands in the file.
  let position: Int

  /// A cursor over the body.
  var cursor: ByteCursor { ByteCursor(body, area: "hdf5", base: position) }
}

/// The header of an object: its messages, those of continuation blocks behind the others.
struct HDF5Header {
  let address: Int
  var messages: [HDF5Message] = []

  /// The first message of a kind.
  func first(_ kind: HDF5Message.Kind) -> HDF5Message? { messages.first { $0.type == kind } }
}

extension HDF5File {
  /// The header at an address, of version 1 or 2.
  func header(at address: Int) throws(ReadFailure) -> HDF5Header {
    var lead = try structure(address, 4, "object header")
    return try lead.slice(4, "object header").starts(with: "OHDR")
      ? newHeader(at: address) : oldHeader(at: address)
  }

  private func oldHeader(at address: Int) throws(ReadFailure) -> HDF5Header {
    var prefix = try structure(address, 16, "object header")
    let version = try prefix.u8("object header")
    guard version == 1 else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)),
        found: "an object header of version \(version)", expected: "expected version 1, or 'OHDR'")
    }
    try prefix.skip(1, "object header")
    let count = Int(try prefix.u16("number of messages"))
    try prefix.skip(4, "reference count")
    let size = Int(try prefix.u32("size of object header"))
    var header = HDF5Header(address: address)
    var blocks = [(address: address.plus(16), size: size)]
    var seen: Set<Int> = []
    var read = 0
    while !blocks.isEmpty {
      let block = blocks.removeFirst()
      guard seen.insert(block.address).inserted else { continue }
      var cursor = try structure(block.address, block.size, "object header")
      while cursor.remaining >= 8 {
        let type = Int(try cursor.u16("message"))
        let length = Int(try cursor.u16("message"))
        let flags = try cursor.u8("message")
        try cursor.skip(3, "message")
        let position = cursor.base + cursor.offset
        let body = try cursor.slice(length, "message of an object header")
        read += 1
        try append(type, flags, body, position, to: &header, &blocks)
      }
    }
    guard read >= count else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)),
        found: "an object header of \(read) messages", expected: "expected \(count)")
    }
    return header
  }

  private func newHeader(at address: Int) throws(ReadFailure) -> HDF5Header {
    var prefix = try structure(address, 6, "object header")
    try prefix.skip(4, "object header")
    let version = try prefix.u8("object header")
    guard version == 2 else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)),
        found: "an object header of version \(version)", expected: "expected version 2")
    }
    let flags = try prefix.u8("object header")
    let widths = 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
    let sizeBytes = 1 << Int(flags & 3)
    var sizes = try structure(address, widths + sizeBytes, "object header")
    try sizes.seek(to: widths)
    let size = try sizes.length(sizeBytes, "size of object header")
    var header = HDF5Header(address: address)
    var blocks = [(address: address, size: (widths + sizeBytes + 4).plus(size))]
    var seen: Set<Int> = []
    while !blocks.isEmpty {
      let block = blocks.removeFirst()
      guard seen.insert(block.address).inserted else { continue }
      let isFirst = seen.count == 1
      var cursor = try structure(block.address, block.size, "object header")
      try check(&cursor, isFirst ? "OHDR" : "OCHK", checked: true)
      if isFirst { try cursor.seek(to: widths + sizeBytes) }
      let head = flags & 4 != 0 ? 6 : 4
      while cursor.remaining - 4 >= head {
        let type = Int(try cursor.u8("message"))
        let length = Int(try cursor.u16("message"))
        let messageFlags = try cursor.u8("message")
        if flags & 4 != 0 { try cursor.skip(2, "creation order") }
        let position = cursor.base + cursor.offset
        guard length <= cursor.remaining - 4 else {
          throw ReadFailure(
            "hdf5.damaged", at: .byte(position), found: "a message of \(length) bytes",
            expected: "expected at most the \(cursor.remaining - 4) that are left")
        }
        let body = try cursor.slice(length, "message of an object header")
        try append(type, messageFlags, body, position, to: &header, &blocks)
      }
    }
    return header
  }

  private func append(
    _ type: Int, _ flags: UInt8, _ body: ByteView, _ position: Int, to header: inout HDF5Header,
    _ blocks: inout [(address: Int, size: Int)]
  ) throws(ReadFailure) {
    let kind = HDF5Message.Kind(rawValue: type) ?? .unknown
    if kind == .null { return }
    if kind == .unknown && flags & 0x80 != 0 {
      throw ReadFailure(
        "hdf5.unsupported", at: .byte(position), found: "a message of type \(type)",
        expected: "expected one that the specification 3.0 knows: the file forbids to ignore it")
    }
    let message = HDF5Message(type: kind, flags: flags, body: body, position: position)
    if kind == .continuation {
      var cursor = message.cursor
      let address = try cursor.address(offsetSize, "continuation")
      let size = try cursor.length(lengthSize, "continuation")
      if let address { blocks.append((address, size)) }
      return
    }
    header.messages.append(message)
  }

  /// The content of a message that may be shared: a committed datatype, or one in a heap.
  func content(of message: HDF5Message) throws(ReadFailure) -> ByteCursor {
    guard message.flags & 2 != 0 else { return message.cursor }
    return try shared(message.cursor, message.type)
  }

  /// What a reference to a shared message leads to.
  func shared(
    _ reference: ByteCursor, _ kind: HDF5Message.Kind
  ) throws(ReadFailure) -> ByteCursor {
    var cursor = reference
    let version = try cursor.u8("shared message")
    let type = try cursor.u8("shared message")
    if version == 3 && type == 1 {
      let id = try cursor.slice(8, "shared message")
      let mask = 1 << max(0, kind.rawValue)
      guard let heap = sharedMessages.first(where: { $0.types & mask != 0 })?.heap else {
        throw ReadFailure(
          "hdf5.damaged", at: reference.place, found: "a message in a heap that is not there",
          expected: "expected a table of shared messages in the superblock")
      }
      return try HDF5FractalHeap(self, at: heap).object(id, in: self)
    }
    if version == 1 { try cursor.skip(6, "shared message") }
    guard let address = try cursor.address(offsetSize, "shared message") else {
      throw ReadFailure(
        "hdf5.damaged", at: reference.place, found: "a shared message without address",
        expected: "expected the address of its header")
    }
    guard let found = try header(at: address).first(kind), found.flags & 2 == 0 else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(base.plus(address)), found: "no such message in the header",
        expected: "expected the shared message that another header points to")
    }
    return found.cursor
  }
}
