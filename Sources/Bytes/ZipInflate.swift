#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import CKernels
internal import CZlib
internal import Tables

/// Caps on decompressed data, which keep a small hostile file from filling the memory.
public struct ExpansionLimits: Hashable, Sendable {
  /// Bytes of one decompressed member or stream.
  public var memberBytes: Int
  /// Bytes of all decompressed members of one input together.
  public var totalBytes: Int
  /// Decompressed over compressed bytes, checked beyond `ratioFloor`.
  public var ratio: Int
  /// Decompressed bytes up to which any ratio is accepted.
  public var ratioFloor: Int
  /// Members of one archive.
  public var members: Int

  /// Limits; the defaults are 1 GiB a member, 2 GiB an input, and a ratio of 200 beyond 16 MiB.
  public init(
    memberBytes: Int = 1 << 30, totalBytes: Int = 2 << 30, ratio: Int = 200,
    ratioFloor: Int = 16 << 20, members: Int = 200_000
  ) {
    self.memberBytes = memberBytes
    self.totalBytes = totalBytes
    self.ratio = ratio
    self.ratioFloor = ratioFloor
    self.members = members
  }
}

/// Decompression through zlib with limits that hold while it runs.
enum Inflate {
  /// How the compressed bytes are framed.
  enum Framing: Int32 {
    /// A gzip member: zlib reads its header and verifies its CRC-32 and size.
    case gzip = 31
    /// A bare deflate stream, as in zip members.
    case raw = -15
    /// A zlib stream (RFC 1950) with its own checksum.
    case zlib = 15
  }

  /// One decompressed stream.
  struct Stream {
    /// The decompressed bytes.
    var output: ByteView
    /// How many input bytes the stream took.
    var consumed: Int
  }

  /// Decompresses one stream from the start of `input`.
  ///
  /// - Parameters:
  ///   - place: where the stream stands, given the offset of the cause in `input`.
  ///   - sizeHint: a guess at the decompressed size, used only to start with a fitting buffer.
  static func stream(
    _ input: ByteView, framing: Framing, area: String, limits: ExpansionLimits, sizeHint: Int,
    place: (Int) -> Place
  ) throws(ReadFailure) -> Stream {
    guard let run = run(input, framing: framing, limits: limits, sizeHint: sizeHint) else {
      throw ReadFailure(
        "\(area).memory", at: place(0), found: "the decompressor could not start",
        expected: "expected enough memory to decompress")
    }
    if let failure = failure(
      run.outcome, area, place(run.consumed), made: run.output.count, run.consumed, run.message,
      limits)
    {
      throw failure
    }
    return Stream(output: run.output, consumed: run.consumed)
  }

  /// The content of an undamaged raw stream of known size, in less time than zlib needs; nil for every
  /// other stream, and for sizes that the limits look at.
  static func whole(_ input: ByteView, size: Int, limits: ExpansionLimits) -> ByteView? {
    // No deflate stream expands beyond 1032 times.
    guard size > 0, size <= min(limits.ratioFloor, limits.memberBytes), size / 1032 <= input.count
    else { return nil }
    var isWhole = false
    let output = ByteView(capacity: size) { target in
      var consumed = 0
      isWhole = input.withBytes { source in
        ck_inflate(
          source.baseAddress?.assumingMemoryBound(to: UInt8.self), source.count,
          target.baseAddress?.assumingMemoryBound(to: UInt8.self), size, &consumed) != 0
      }
      return size
    }
    return isWhole ? output : nil
  }

  /// What a stream that is cut or damaged gives before that; empty where it expands too far.
  static func head(of input: ByteView, framing: Framing, limits: ExpansionLimits) -> ByteView {
    guard let run = run(input, framing: framing, limits: limits, sizeHint: 4096),
      run.outcome != .size, run.outcome != .ratio
    else { return ByteView([]) }
    return run.output
  }

  /// What came of decompressing.
  private struct Run {
    var output: ByteView
    var consumed: Int
    var outcome: Outcome
    var message: String
  }

  /// Decompresses until the stream ends or cannot go on; nil where it cannot start.
  private static func run(
    _ input: ByteView, framing: Framing, limits: ExpansionLimits, sizeHint: Int
  ) -> Run? {
    var z = z_stream()
    guard
      inflateInit2_(&z, framing.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&z) }
    var buffer = GrowingBuffer(capacity: min(max(sizeHint, 4096), 32 << 20))
    var consumed = 0
    var outcome = Outcome.more
    input.withBytes { source in
      while outcome == .more {
        guard buffer.reserve(1 << 15) else {
          outcome = .memory
          return
        }
        let inputChunk = min(source.count - consumed, 1 << 30)
        let room = min(buffer.room, 1 << 24)
        z.next_in = source.baseAddress.map {
          UnsafeMutableRawPointer(mutating: $0 + consumed).assumingMemoryBound(to: UInt8.self)
        }
        z.avail_in = UInt32(inputChunk)
        z.next_out = buffer.end?.assumingMemoryBound(to: UInt8.self)
        z.avail_out = UInt32(room)
        let code = inflate(&z, Z_NO_FLUSH)
        let taken = inputChunk - Int(z.avail_in)
        let given = room - Int(z.avail_out)
        consumed += taken
        buffer.count += given
        if buffer.count > limits.memberBytes {
          outcome = .size
        } else if buffer.count > limits.ratioFloor, buffer.count / max(1, limits.ratio) > consumed {
          outcome = .ratio
        } else if code == Z_STREAM_END {
          outcome = .end
        } else if code == Z_OK || code == Z_BUF_ERROR {
          if taken == 0 && given == 0 { outcome = .cut }
        } else {
          outcome = .damaged
        }
      }
    }
    let message = z.msg.map { String(cString: $0) } ?? "damaged data"
    // The view owns the memory from here on.
    return Run(output: buffer.view(), consumed: consumed, outcome: outcome, message: message)
  }

  private enum Outcome { case more, end, cut, damaged, size, ratio, memory }

  private static func failure(
    _ outcome: Outcome, _ area: String, _ place: Place, made: Int, _ consumed: Int,
    _ message: String, _ limits: ExpansionLimits
  ) -> ReadFailure? {
    switch outcome {
    case .end, .more: return nil
    case .cut:
      return ReadFailure(
        "\(area).truncated", at: place,
        found: "the compressed data stop after \(consumed) bytes (\(made) bytes decompressed)",
        expected: "expected the end of the compressed stream")
    case .damaged:
      if message.contains("data check") || message.contains("length check") {
        return ReadFailure(
          "\(area).checksum", at: place,
          found: "decompression failed after \(consumed) bytes: \(message)",
          expected: "expected data that match their checksum and size")
      }
      return ReadFailure(
        "\(area).damaged", at: place,
        found: "decompression failed after \(consumed) bytes: \(message)",
        expected: "expected a whole deflate stream")
    case .size:
      return ReadFailure(
        "\(area).size", at: place,
        found: "the data expand beyond \(limits.memberBytes) bytes when decompressed",
        expected: "expected less, or a higher limit (--max-expand)")
    case .ratio:
      return ReadFailure(
        "\(area).ratio", at: place,
        found: "\(consumed) bytes expand to more than \(made) bytes when decompressed",
        expected: "expected a ratio below \(limits.ratio), or a higher limit (--limits off)")
    case .memory:
      return ReadFailure(
        "\(area).memory", at: place, found: "no memory to decompress beyond \(made) bytes",
        expected: "expected enough memory")
    }
  }
}

/// Memory that grows while it is filled and becomes a view without a copy.
private struct GrowingBuffer {
  private var base: UnsafeMutableRawPointer?
  private var capacity: Int
  var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    base = malloc(capacity)
    if base == nil { self.capacity = 0 }
  }

  var room: Int { capacity - count }
  var end: UnsafeMutableRawPointer? { base.map { $0 + count } }

  /// Makes room for at least `n` more bytes; doubles up to 32 MiB, then grows by a quarter.
  mutating func reserve(_ n: Int) -> Bool {
    if room >= n { return true }
    let grown = capacity < 32 << 20 ? max(capacity * 2, capacity + n) : capacity + capacity / 4
    guard let larger = realloc(base, grown) else { return false }
    base = larger
    capacity = grown
    return true
  }

  /// Hands the memory over to a view.
  func view() -> ByteView {
    ByteView(
      storage: ByteStorage(base: base.map { UnsafeRawPointer($0) }, count: count) { pointer, _ in
        free(UnsafeMutableRawPointer(mutating: pointer))
      })
  }
}
