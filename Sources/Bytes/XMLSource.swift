internal import Tables

/// The bytes of an XML document in the encoding that they really have.
///
/// Where the declared encoding and the bytes disagree the bytes win, with a warning.
struct XMLSource {
  /// UTF-8, or bytes in a declared encoding that libxml2 knows.
  var bytes: ByteView
  /// Whether `bytes` is UTF-8, whatever the document declares.
  var isUTF8 = true
  /// Whether `bytes` is the file's content as it stands, so that offsets mean something.
  var isOriginal = true
  var diagnostics: [Diagnostic] = []

  init(_ source: ByteView, area: String) throws(ReadFailure) {
    bytes = source
    guard source.count > 0, source.count < Int(Int32.max) else {
      throw ReadFailure(
        "\(area).size", at: .byte(0), found: "the document has \(source.count) bytes",
        expected: "expected 1 byte to 2 GiB")
    }
    if let order = Self.utf16Order(source) {
      let units = source.array
      var text = ""
      text.unicodeScalars.reserveCapacity(units.count / 2)
      let start = Self.hasUTF16Mark(source) ? 2 : 0
      let codes = stride(from: start, to: units.count - 1, by: 2).map { i in
        order == .little
          ? UInt16(units[i]) | UInt16(units[i + 1]) << 8
          : UInt16(units[i]) << 8 | UInt16(units[i + 1])
      }
      text = String(decoding: codes, as: UTF16.self)
      bytes = ByteView(utf8: text)
      isOriginal = false
      return
    }
    let declared = Self.declaredEncoding(source)
    let bad = Self.firstBadUTF8(source)
    switch declared?.lowercased() {
    case nil, "utf-8", "utf8":
      guard let bad else { return }
      transcodeLatin(area, at: bad, declared ?? "UTF-8")
    case "iso-8859-1", "latin1", "windows-1252", "cp1252", "us-ascii", "ascii":
      let isASCII = source.withBytes { $0.allSatisfy { $0 < 0x80 } }
      if isASCII { return }
      if bad == nil {
        warn(area, line: 1, "the document declares \(declared ?? "") but holds UTF-8", "UTF-8")
      } else {
        bytes = Self.latin(source)
        isOriginal = false
      }
    case .some(let name)
    where name.hasPrefix("utf-16") || name.hasPrefix("utf-32")
      || name.hasPrefix("ucs-") || name.hasPrefix("iso-10646"):
      warn(area, line: 1, "the document declares \(name) but holds 8-bit text", "UTF-8")
      if let bad { transcodeLatin(area, at: bad, "UTF-8") }
    default:
      isUTF8 = false
    }
  }

  private mutating func transcodeLatin(_ area: String, at offset: Int, _ declared: String) {
    let line = bytes.prefix(offset).withBytes { $0.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 } }
    warn(
      area, line: line, "the document should be \(declared) but holds other bytes", "Windows-1252")
    bytes = Self.latin(bytes)
    isOriginal = false
  }

  private mutating func warn(_ area: String, line: Int, _ found: String, _ used: String) {
    diagnostics.append(
      Diagnostic(
        .warning, "\(area).encoding", at: .line(line), found: found,
        expected: "read as \(used)"))
  }

  private static func hasUTF16Mark(_ source: ByteView) -> Bool {
    source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF])
  }

  /// The byte order of UTF-16 text, by its mark or by the zero beside the first `<`.
  private static func utf16Order(_ source: ByteView) -> ByteOrder? {
    if source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0x3C, 0]) { return .little }
    if source.starts(with: [0xFE, 0xFF]) || source.starts(with: [0, 0x3C]) { return .big }
    return nil
  }

  /// The name in `<?xml … encoding="NAME"?>`.
  private static func declaredEncoding(_ source: ByteView) -> String? {
    let head = source.prefix(400).latin1()
    guard let end = head.range(of: "?>"), let key = head[..<end].range(of: "encoding") else {
      return nil
    }
    let rest = head[key...].dropFirst("encoding".count).drop { $0 == " " || $0 == "=" }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != quote })
  }

  /// The offset of the first byte that is no UTF-8, or nil.
  private static func firstBadUTF8(_ source: ByteView) -> Int? {
    source.withBytes { bytes in
      var i = 0
      while i < bytes.count {
        let lead = bytes[i]
        if lead < 0x80 {
          i += 1
          continue
        }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead <= 0xF4, i + length <= bytes.count else { return i }
        let second = bytes[i + 1]
        let isShort = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90)
        let isOutside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F)
        if isShort || isOutside { return i }
        for j in (i + 1)..<(i + length) where bytes[j] & 0xC0 != 0x80 { return i }
        i += length
      }
      return nil
    }
  }

  /// Windows-1252 as UTF-8; the five undefined bytes become U+FFFD.
  private static func latin(_ source: ByteView) -> ByteView {
    var scalars = String.UnicodeScalarView()
    source.withBytes { bytes in
      for byte in bytes {
        if byte >= 0x80 && byte < 0xA0 {
          scalars.append(windows1252[Int(byte - 0x80)])
        } else {
          scalars.append(Unicode.Scalar(byte))
        }
      }
    }
    return ByteView(utf8: String(scalars))
  }

  /// The scalars of the bytes 0x80–0x9F (Unicode's mapping CP1252.TXT).
  private static let windows1252: [Unicode.Scalar] = Array(
    "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)
}

extension Substring {
  /// The index where a text starts for the first time.
  fileprivate func range(of needle: String) -> Index? { String(self).range(of: needle) }
}

extension String {
  /// The index where a text starts for the first time.
  fileprivate func range(of needle: String) -> Index? {
    var i = startIndex
    while i < endIndex {
      if self[i...].hasPrefix(needle) { return i }
      i = index(after: i)
    }
    return nil
  }
}
