internal import CZlib

/// Makes a zip archive of deflated members, the same bytes for the same content.
///
/// Members carry no time (1980-01-01, the zero of zip) and no attributes. Without ZIP64: archives and members stay
/// below 4 GiB, else ``finish()`` gives nil (PKWARE APPNOTE 6.3, deflate of RFC 1951).
public struct ZipArchiveWriter {
  private struct Member {
    var name: [UInt8]
    var start: Int
    var crc: UInt32 = 0
    var size = 0
    var packed = 0
  }

  /// Room that deflate fills before its output is moved on.
  private static let room = 1 << 16

  private var bytes: [UInt8] = []
  private var members: [Member] = []
  private var failed = false

  /// An empty archive.
  public init() {}

  /// Adds a member with its whole content.
  ///
  /// - Parameters:
  ///   - name: the path in the archive, with `/`.
  ///   - pieces: hands its content over piece by piece, so that it need not be held at once.
  public mutating func add(_ name: String, _ pieces: ((borrowing [UInt8]) -> Void) -> Void) {
    var member = Member(name: Array(name.utf8), start: bytes.count)
    header(member, central: false)
    let dataStart = bytes.count
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      failed = true
      return
    }
    defer { deflateEnd(&stream) }
    var out = [UInt8](repeating: 0, count: Self.room)
    var crc = crc32(0, nil, 0)
    var size = 0
    var packed: [UInt8] = []
    pieces { piece in
      crc = piece.withUnsafeBufferPointer { crc32(crc, $0.baseAddress, UInt32($0.count)) }
      size += piece.count
      Self.deflate(piece, flush: Z_NO_FLUSH, &stream, &out, into: &packed)
    }
    Self.deflate([], flush: Z_FINISH, &stream, &out, into: &packed)
    bytes += packed
    member.crc = UInt32(truncatingIfNeeded: crc)
    member.size = size
    member.packed = bytes.count - dataStart
    if member.size > Int(UInt32.max) || bytes.count > Int(UInt32.max) { failed = true }
    members.append(member)
    // The sizes are known only now: the header is written again in its place.
    var head = ZipArchiveWriter()
    head.header(member, central: false)
    bytes.replaceSubrange(member.start..<member.start + head.bytes.count, with: head.bytes)
  }

  /// Adds a member whose content is at hand.
  public mutating func add(_ name: String, _ content: [UInt8]) { add(name) { $0(content) } }

  /// The archive; nil where a member or the whole is beyond 4 GiB.
  public consuming func finish() -> [UInt8]? {
    let directory = bytes.count
    for member in members { header(member, central: true) }
    let size = bytes.count - directory
    guard !failed, bytes.count <= Int(UInt32.max), members.count < 0xFFFF else { return nil }
    word(0x0605_4B50)
    half(0)
    half(0)
    half(members.count)
    half(members.count)
    word(size)
    word(directory)
    half(0)
    return bytes
  }

  private static func deflate(
    _ input: borrowing [UInt8], flush: Int32, _ stream: inout z_stream, _ out: inout [UInt8],
    into packed: inout [UInt8]
  ) {
    input.withUnsafeBufferPointer { input in
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      while true {
        let (status, made) = out.withUnsafeMutableBufferPointer { out -> (Int32, Int) in
          stream.next_out = out.baseAddress
          stream.avail_out = UInt32(out.count)
          let status = CZlib.deflate(&stream, flush)
          return (status, out.count - Int(stream.avail_out))
        }
        packed += out.prefix(made)
        if status != Z_OK || (made < out.count && flush == Z_NO_FLUSH) { break }
      }
      stream.next_in = nil
    }
  }

  /// A local header, or the entry of the central directory.
  private mutating func header(_ member: Member, central: Bool) {
    word(central ? 0x0201_4B50 : 0x0403_4B50)
    if central { half(20) }
    half(20)
    half(0x0800)
    half(8)
    half(0)
    half(0x21)
    word(Int(member.crc))
    word(min(member.packed, Int(UInt32.max)))
    word(min(member.size, Int(UInt32.max)))
    half(member.name.count)
    half(0)
    if central {
      half(0)
      half(0)
      half(0)
      word(0)
      word(min(member.start, Int(UInt32.max)))
    }
    bytes += member.name
  }

  private mutating func half(_ value: Int) {
    bytes.append(UInt8(truncatingIfNeeded: value))
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  private mutating func word(_ value: Int) {
    half(value & 0xFFFF)
    half(value >> 16 & 0xFFFF)
  }
}
