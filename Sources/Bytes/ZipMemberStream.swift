internal import CZlib
internal import Tables

/// How far a consumer of a member's bytes came.
enum StreamProgress {
  /// So many bytes from the start of the buffer are done with; the rest is given again with more.
  case consumed(Int)
  /// Nothing more is wanted.
  case stop
}

extension ZipArchive {
  /// Zero bytes that stand behind what a consumer is given, so that it may look ahead.
  static let streamPadding = 64

  /// Decompresses a member piece by piece, so that memory does not grow with it.
  ///
  /// - Parameters:
  ///   - keepsDamaged: gives what can be decompressed before the data stop or are damaged, and all of
  ///     it where only the checksum fails; the failure is returned.
  ///   - chunk: bytes of a piece; a consumer that takes nothing of a full buffer gets a larger one, up
  ///     to 64 MiB.
  ///   - consume: takes bytes from the start of the buffer, which is followed by ``streamPadding`` zero
  ///     bytes; the flag says that nothing follows.
  /// - Returns: what is wrong with the member, where `keepsDamaged`.
  /// - Throws: `AREA.checksum`, `AREA.size`, `AREA.ratio`, `AREA.truncated`, `AREA.damaged` or
  ///   `AREA.piece` at the member, and what `consume` throws. A consumer that stops has nothing
  ///   verified.
  func stream(
    _ entry: Entry, keepsDamaged: Bool = false, chunk: Int = 1 << 17,
    into consume: (UnsafeRawBufferPointer, Bool) throws(ReadFailure) -> StreamProgress
  ) throws(ReadFailure) -> ReadFailure? {
    let place = Place.entry(entry.name)
    let stored = bytes[entry.dataStart..<(entry.dataStart + entry.compressedSize)]
    var source = MemberSource(stored, isDeflated: entry.method == 8)
    defer { source.close() }
    guard source.isOpen else {
      throw ReadFailure(
        "\(area).memory", at: place, found: "the decompressor could not start",
        expected: "expected enough memory to decompress")
    }
    var capacity = chunk
    var buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: capacity + Self.streamPadding, alignment: 16)
    defer { buffer.deallocate() }
    var filled = 0
    var total = 0
    var failure: ReadFailure?
    while true {
      let state = stored.withBytes { raw in
        source.fill(raw, UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<capacity]))
      }
      filled += state.made
      total += state.made
      if total > min(limits.memberBytes, entry.size) {
        throw ReadFailure(
          "\(area).size", at: place,
          found: "the data expand beyond the \(entry.size) bytes that the directory declares",
          expected: "expected exactly that many")
      }
      if total > limits.ratioFloor, total / max(1, limits.ratio) > source.consumed {
        throw ReadFailure(
          "\(area).ratio", at: place,
          found: "\(source.consumed) bytes expand to more than \(total) bytes when decompressed",
          expected: "expected a ratio below \(limits.ratio), or a higher limit (--limits off)")
      }
      if let problem = state.problem {
        failure = ReadFailure(
          "\(area).\(problem.code)", at: place,
          found: "\(problem.found) after \(source.consumed) bytes (\(total) bytes decompressed)",
          expected: "expected a whole member")
      } else if state.isEnd, total != entry.size {
        failure = ReadFailure(
          "\(area).size", at: place,
          found: "the directory declares \(entry.size) bytes, \(total) are there",
          expected: "expected exactly that many")
      } else if state.isEnd, source.checksum != entry.crc {
        failure = ReadFailure(
          "\(area).checksum", at: place, found: "the CRC-32 of the content is not the stored one",
          expected: "expected undamaged content")
      }
      if let failure, !keepsDamaged { throw failure }
      let isLast = state.isEnd || failure != nil
      for i in filled..<(filled + Self.streamPadding) { buffer[i] = 0 }
      switch try consume(UnsafeRawBufferPointer(rebasing: buffer[..<filled]), isLast) {
      case .stop: return failure
      case .consumed(let count):
        if isLast { return failure }
        let taken = min(max(0, count), filled)
        if taken > 0, let base = buffer.baseAddress {
          base.copyMemory(from: base + taken, byteCount: filled - taken)
          filled -= taken
        } else if filled == capacity {
          guard capacity < 64 << 20 else {
            throw ReadFailure(
              "\(area).piece", at: place, found: "one piece of more than \(capacity) bytes",
              expected: "expected cells and rows of ordinary size")
          }
          let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: 2 * capacity + Self.streamPadding, alignment: 16)
          larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
          buffer.deallocate()
          buffer = larger
          capacity *= 2
        }
      }
    }
  }
}

/// The bytes of one member on their way out of the archive.
private struct MemberSource {
  private let stored: ByteView
  private let isDeflated: Bool
  /// In a place of its own: zlib refuses a stream that was moved.
  private let z: UnsafeMutablePointer<z_stream>
  let isOpen: Bool
  private(set) var consumed = 0
  private(set) var checksum: UInt32 = 0

  /// What one filling of the buffer came to.
  struct State {
    var made = 0
    var isEnd = false
    var problem: (code: String, found: String)?
  }

  init(_ stored: ByteView, isDeflated: Bool) {
    self.stored = stored
    self.isDeflated = isDeflated
    z = .allocate(capacity: 1)
    z.initialize(to: z_stream())
    isOpen =
      !isDeflated
      || inflateInit2_(
        z, Inflate.Framing.raw.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  mutating func close() {
    if isDeflated && isOpen { inflateEnd(z) }
    z.deallocate()
  }

  /// Fills room with the next bytes; `raw` are the stored ones.
  mutating func fill(
    _ raw: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
  ) -> State {
    var state = State()
    if isDeflated {
      inflate(raw, room, &state)
    } else {
      let n = min(room.count, raw.count - consumed)
      if n > 0 {
        room.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[consumed..<(consumed + n)]))
        consumed += n
        state.made = n
      }
      state.isEnd = consumed == raw.count
    }
    checksum = UInt32(
      truncatingIfNeeded: CZlib.crc32(
        UInt(checksum), room.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(state.made)))
    return state
  }

  private mutating func inflate(
    _ raw: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer, _ state: inout State
  ) {
    while state.made < room.count {
      let input = min(raw.count - consumed, 1 << 30)
      let space = min(room.count - state.made, 1 << 30)
      z.pointee.next_in = raw.baseAddress.map {
        UnsafeMutableRawPointer(mutating: $0 + consumed).assumingMemoryBound(to: UInt8.self)
      }
      z.pointee.avail_in = UInt32(input)
      z.pointee.next_out = room.baseAddress.map {
        ($0 + state.made).assumingMemoryBound(to: UInt8.self)
      }
      z.pointee.avail_out = UInt32(space)
      let code = CZlib.inflate(z, Z_NO_FLUSH)
      let taken = input - Int(z.pointee.avail_in)
      let given = space - Int(z.pointee.avail_out)
      consumed += taken
      state.made += given
      if code == Z_STREAM_END {
        state.isEnd = true
        return
      }
      if code != Z_OK && code != Z_BUF_ERROR {
        state.problem = ("damaged", "decompression failed")
        return
      }
      if taken == 0 && given == 0 {
        state.problem = ("truncated", "the compressed data stop")
        return
      }
    }
  }
}
