public import Tables

/// Files compressed with gzip (RFC 1952).
public enum Gzip {
  /// Whether bytes start like a gzip file.
  public static func recognises(_ bytes: ByteView) -> Bool { bytes.starts(with: [0x1F, 0x8B, 8]) }

  /// The decompressed content of all members of a gzip file.
  ///
  /// Every member's CRC-32 and size are verified and the limits are checked while inflating.
  ///
  /// - Throws: `gzip.truncated`, `gzip.checksum`, `gzip.damaged`, `gzip.size`, `gzip.ratio`,
  ///   `gzip.trailing`, or `gzip.not-gzip`.
  public static func inflate(
    _ bytes: ByteView, limits: ExpansionLimits = ExpansionLimits()
  ) throws(ReadFailure) -> ByteView {
    guard recognises(bytes) else {
      throw ReadFailure(
        "gzip.not-gzip", at: .byte(0), found: "the data do not start with the gzip bytes 1f 8b 08",
        expected: "expected a gzip file")
    }
    var parts: [ByteView] = []
    var total = 0
    var offset = 0
    while offset < bytes.count {
      let rest = bytes.dropFirst(offset)
      guard recognises(rest) else {
        if rest.withBytes({ $0.allSatisfy { $0 == 0 } }) { break }  // padding of tapes and blocks
        throw ReadFailure(
          "gzip.trailing", at: .byte(offset),
          found: "\(rest.count) bytes after the compressed data are no gzip member",
          expected: "expected the end of the file or another gzip member")
      }
      var left = limits
      left.memberBytes = min(limits.memberBytes, limits.totalBytes - total)
      let start = offset
      let stream = try Inflate.stream(
        rest, framing: .gzip, area: "gzip", limits: left, sizeHint: declaredSize(bytes),
        place: { .byte(start + $0) })
      parts.append(stream.output)
      total += stream.output.count
      offset += max(1, stream.consumed)
    }
    return parts.count == 1 ? parts[0] : ByteView(joining: parts)
  }

  /// What the first member of a gzip file that is cut holds before the cut, its checksum unproven.
  ///
  /// Empty where it expands too far.
  public static func head(
    of bytes: ByteView, limits: ExpansionLimits = ExpansionLimits()
  ) -> ByteView {
    recognises(bytes) ? Inflate.head(of: bytes, framing: .gzip, limits: limits) : ByteView([])
  }

  /// The size modulo 2^32 that stands in the last four bytes, as a hint.
  private static func declaredSize(_ bytes: ByteView) -> Int {
    bytes.suffix(4).array.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

extension ByteView {
  /// The bytes of several views one after the other.
  init(joining parts: [ByteView]) {
    let total = parts.reduce(0) { $0 + $1.count }
    self.init(capacity: total) { target in
      var filled = 0
      for part in parts {
        part.withBytes { source in
          UnsafeMutableRawBufferPointer(rebasing: target[filled..<(filled + source.count)])
            .copyMemory(from: source)
        }
        filled += part.count
      }
      return filled
    }
  }
}
