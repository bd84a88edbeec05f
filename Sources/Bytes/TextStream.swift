#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A large text file that is read in pieces of whole lines, each of them once and in order.
///
/// Only text of which a piece says all that there is to know can be read so: UTF-8 without a bad byte,
/// or another 8-bit encoding of which only the head needs to be known. For anything else, and for every
/// error, the stream is `isRefused`: the caller then reads the file as a whole.
///
/// One reader uses it at a time.
public final class TextStream: @unchecked Sendable {
  /// The first lines of the file, as many as fit into ``headBytes``.
  public let head: ByteView
  /// The last bytes of the file, 4 kB or all.
  public let tail: ByteView
  /// The number of bytes of the file.
  public let size: Int
  /// Whether the file cannot be read in pieces after all.
  public private(set) var isRefused = false

  /// The bytes of the head and of every piece.
  ///
  /// The layout of a table is found from its first lines, up
  /// to 1 MiB; a piece and its columns should fit into a processor's own cache.
  public struct Sizes: Sendable {
    /// Of the head, at most.
    public var head = 4 << 20
    /// Of a piece, at most.
    public var piece = 1 << 20

    /// The usual sizes.
    public init() {}
  }

  private let descriptor: Int32
  private let opened: stat
  private let sizes: Sizes
  /// Whether the head is UTF-8 as it stands; else only ASCII may follow.
  private let isUTF8: Bool
  private let headHash: SHA256.Stream
  private let hashes: Bool

  /// Where the next piece starts in the file, and where the next byte is read.
  private var pieceStart: Int
  private var offset: Int
  /// Bytes behind the last whole line of the piece before.
  private var carried: [UInt8] = []
  private var hash: SHA256.Stream
  private let memory = PieceMemory()

  /// Opens a file; nil where it is smaller than `least` bytes, or cannot be read in pieces.
  public init?(
    pathBytes: [UInt8], least: Int, sizes: Sizes = Sizes(), hashes: Bool = true
  ) {
    guard let descriptor = try? FileSource.openRegular(pathBytes) else { return nil }
    self.descriptor = descriptor
    self.sizes = sizes
    self.hashes = hashes
    var info = stat()
    let isRegular = fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    opened = info
    size = Int(info.st_size)
    var raw = ByteView([])
    var end = ByteView([])
    if isRegular, size >= least, size > sizes.head {
      raw = Self.read(descriptor, sizes.head, at: 0)
      end = Self.read(descriptor, min(4096, size), at: size - min(4096, size))
    }
    tail = end
    head = Self.wholeLines(raw)
    let survey = head.withBytes { EightBitSurvey($0) }
    isUTF8 = survey.badCount == 0
    offset = head.count
    pieceStart = head.count
    var hash = SHA256.Stream()
    if hashes { head.withBytes { hash.add($0) } }
    headHash = hash
    self.hash = hash
    let isMarked = head.starts(with: [0xEF, 0xBB, 0xBF])
    let isOther =
      head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
      || head.starts(with: [0x1F, 0x8B])
    // A head in another encoding must stay so whatever follows.
    let isSettled = isUTF8 || (!isMarked && survey.badCount >= survey.sequences)
    guard head.count > 0, survey.firstNUL == nil, !isOther, isSettled else { return nil }
  }

  deinit { close(descriptor) }

  /// Where the next piece starts in the file.
  var nextOffset: Int { pieceStart }

  /// The next whole lines, the last ones without a line end if the file has none; nil at the end, or
  /// where the stream is refused.
  func next() -> ByteView? {
    guard !isRefused else { return nil }
    if offset >= size {
      guard !carried.isEmpty else { return nil }
      let rest = ByteView(carried)
      carried = []
      return accept(rest)
    }
    let wanted = min(sizes.piece, carried.count + size - offset)
    guard wanted > carried.count, let filled = fill(wanted) else {
      refuse()
      return nil
    }
    if offset >= size { return accept(filled) }
    let lines = Self.wholeLines(filled)
    guard lines.count > 0 else {
      refuse()
      return nil
    }
    carried = filled.dropFirst(lines.count).array
    return accept(lines)
  }

  /// What was carried and the next bytes of the file, `count` of both.
  private func fill(_ count: Int) -> ByteView? {
    let start = carried.count
    let wanted = count - start
    var read = 0
    let view = memory.view(capacity: count) { target in
      carried.withUnsafeBytes { target.copyMemory(from: $0) }
      let room = UnsafeMutableRawBufferPointer(rebasing: target[start..<count])
      read = Self.read(descriptor, into: room, at: offset)
      if hashes { hash.add(UnsafeRawBufferPointer(rebasing: room[..<max(0, read)])) }
      return start + max(0, read)
    }
    guard read == wanted else {
      refuse()
      return nil
    }
    carried = []
    offset += read
    return view
  }

  private func accept(_ piece: ByteView) -> ByteView? {
    let survey = piece.withBytes { EightBitSurvey($0) }
    let isPlain = survey.sequences == 0 && survey.badCount == 0
    guard survey.firstNUL == nil, isUTF8 ? survey.badCount == 0 : isPlain else {
      refuse()
      return nil
    }
    pieceStart += piece.count
    return piece
  }

  /// Says that the file cannot be read in pieces.
  public func refuse() { isRefused = true }

  /// Goes back to the piece behind the head.
  func rewind() {
    offset = head.count
    pieceStart = head.count
    carried = []
    hash = headHash
  }

  /// The SHA-256 of the whole file once all was read, empty where none is taken; nil before, and where the
  /// file has changed since.
  public var sha256: String? {
    var now = stat()
    guard !isRefused, offset == size, carried.isEmpty, fstat(descriptor, &now) == 0,
      FileSource.unchanged(opened, now)
    else { return nil }
    return hashes ? hash.hex : ""
  }

  /// The lines of a text that are whole; nothing where none is.
  private static func wholeLines(_ text: ByteView) -> ByteView {
    text.withBytes { bytes in
      if let feed = bytes.lastIndex(of: 0x0A) { return text.prefix(feed + 1) }
      // A CR at the very end, or before another one, may be a part of a longer line end.
      var i = bytes.count - 2
      while i >= 0, bytes[i] != 0x0D || bytes[i + 1] == 0x0D { i -= 1 }
      return text.prefix(i + 1)
    }
  }

  private static func read(_ descriptor: Int32, _ count: Int, at offset: Int) -> ByteView {
    ByteView(capacity: count) { max(0, read(descriptor, into: $0, at: offset)) }
  }

  /// Reads until the buffer is full or the file ends; -1 on an error.
  private static func read(
    _ descriptor: Int32, into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) -> Int {
    var filled = 0
    while filled < target.count {
      let n = pread(
        descriptor, target.baseAddress.map { $0 + filled }, target.count - filled,
        off_t(offset + filled))
      if n < 0 {
        if errno == EINTR { continue }
        return -1
      }
      if n == 0 { break }
      filled += n
    }
    return filled
  }
}
