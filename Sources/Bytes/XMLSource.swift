internal import Tables

/// The bytes of an XML document in the encoding that they really have.
///
/// Where the declared encoding and the bytes disagree the bytes win, with a warning.
struct XMLSource {
  /// UTF-8, or bytes in a declared encoding that only libxml2 knows.
  var bytes: ByteView
  /// Whether `bytes` is UTF-8, whatever the document declares.
  var isUTF8 = true
  /// Where `bytes` starts in the file; nil where it was transcoded and offsets mean nothing.
  var base: Int? = 0
  /// What was said about the encoding.
  var diagnostics = DiagnosticList()

  init(_ source: ByteView, area: String) throws(ReadFailure) {
    bytes = source
    guard source.count > 0, source.count < Int(Int32.max) else {
      throw ReadFailure(
        "\(area).size", at: .byte(0), found: "the document has \(source.count) bytes",
        expected: "expected 1 byte to 2 GiB")
    }
    let declared = Self.declaredEncoding(source)?.lowercased() ?? "utf-8"
    let isWide = ["utf-16", "utf-32", "ucs-", "iso-10646"].contains { declared.hasPrefix($0) }
    let isUnicode = declared == "utf-8" || declared == "utf8" || isWide
    let isLatin = ["iso-8859-1", "latin1", "windows-1252", "cp1252"].contains(declared)
    let isASCII = declared == "us-ascii" || declared == "ascii"
    guard isUnicode || isLatin || isASCII else {
      isUTF8 = false
      return
    }
    var notes = DiagnosticList()
    let text = try DecodedText.decode(source, into: &notes)
    bytes = text.utf8
    let isCopy = text.encoding == .utf8 && text.utf8.count + text.markLength == source.count
    base = isCopy ? text.markLength : nil
    // What is said about Windows-1252 goes without saying where the document declares it.
    for note in notes.all where !(isLatin && note.code == "text.encoding") { diagnostics.add(note) }
    let holdsMore = source.withBytes { $0.contains { $0 >= 0x80 } }
    let contradicts =
      switch text.encoding {
      case .utf8: isWide || (holdsMore && !isUnicode)
      case .windows1252: !isLatin
      case .utf16le, .utf16be: !isWide && Self.declaredEncoding(source) != nil
      }
    if contradicts {
      diagnostics.warn(
        "\(area).encoding", at: .line(1),
        found: "the document declares \(declared) and holds other bytes",
        expected: "read as \(text.encoding.rawValue)")
    }
  }

  /// The name in `<?xml … encoding="NAME"?>`.
  private static func declaredEncoding(_ source: ByteView) -> String? {
    let head = source.prefix(400)
    guard let end = head.firstRange(of: "?>"),
      let key = head.prefix(end.lowerBound).firstRange(of: "encoding")
    else { return nil }
    let rest = head[key.upperBound..<end.lowerBound].latin1().drop { $0 == " " || $0 == "=" }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != quote })
  }
}
