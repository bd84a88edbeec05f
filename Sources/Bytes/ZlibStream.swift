public import Tables

/// Data compressed with zlib (RFC 1950), as VTK and other formats embed it.
public enum ZlibStream {
  /// The decompressed content of one stream, whose checksum is verified.
  ///
  /// - Parameters:
  ///   - bytes: the stream, from its first byte on; what follows it is ignored.
  ///   - area: the first part of the codes of errors.
  ///   - size: the size after decompression, where it is known: the first buffer.
  ///   - limits: caps on the decompressed size.
  ///   - offset: where the stream starts in the file, for messages; nil where that means nothing.
  /// - Throws: `AREA.truncated`, `AREA.checksum`, `AREA.damaged`, `AREA.size` or `AREA.ratio`.
  public static func inflate(
    _ bytes: ByteView, area: String, size: Int, limits: ExpansionLimits = ExpansionLimits(),
    offset: Int?
  ) throws(ReadFailure) -> ByteView {
    try Inflate.stream(
      bytes, framing: .zlib, area: area, limits: limits, sizeHint: max(0, size),
      place: { consumed in offset.map { .byte($0 + consumed) } ?? .whole }
    ).output
  }
}
