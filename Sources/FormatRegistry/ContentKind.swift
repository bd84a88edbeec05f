internal import Bytes
internal import Reading

/// Names content that no format claims, so that the message says what the file is.
enum ContentKind {
  private static let magics: [([UInt8], String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"),
    ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    ([0x47, 0x49, 0x46, 0x38], "a GIF picture"),
    ([0x49, 0x49, 0x2A, 0x00], "a TIFF picture"),
    ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF picture"),
    (Array("%PDF".utf8), "a PDF document"),
    ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"),
    ([0x1F, 0x8B], "gzip-compressed data"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Microsoft Office file"),
    (Array("PAR1".utf8), "a Parquet file"),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    (Array("version https://git-lfs".utf8), "a Git LFS pointer, not the data itself"),
    (Array("BIO-LOGIC MODULAR FILE".utf8), "a BioLogic .mpr file"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"),
  ]

  /// Whether a file starts like a picture, an archive or another file that holds no text, though its bytes
  /// may look like text in UTF-16.
  static func isBinary(_ file: FileHead) -> Bool {
    magics.contains { magic, _ in
      magic.contains { $0 < 9 || $0 >= 0x7F } && file.head.starts(with: magic)
    }
  }

  /// Whether a file starts like a zip archive.
  static func isZip(_ file: FileHead) -> Bool { ZipArchive.recognises(file.head) }

  /// What a zip archive with these members is that is no folder of files; nil for any other archive.
  static func zipKind(names: [String]) -> String? {
    for name in names {
      switch name {
      case "[Content_Types].xml": return "an Office document (xlsx, docx, pptx)"
      case "mimetype": return "an OpenDocument file"
      case "META-INF/MANIFEST.MF": return "a Java archive"
      case "VersionInfo.xml", "data.ndc": return "a Neware .ndax file"
      case "header.properties", "shared-data/header.properties": return "a JPK archive"
      default: continue
      }
    }
    // Artemis: a journal and folders of fits and of the scattering paths that they use.
    if names.contains("journal") || names.contains("order") || names.contains("HORAE"),
      names.contains(where: { $0.hasPrefix("feff/") || $0.hasPrefix("descriptions/artemis") })
    {
      return "an Artemis project (.fpj, .apj); its Athena project (.prj) can be read"
    }
    let isJPK = names.contains {
      ($0.hasPrefix("segments/") || $0.hasPrefix("index/")) && $0.hasSuffix(".properties")
    }
    if isJPK { return "a JPK archive" }
    let files = names.filter { !$0.hasSuffix("/") }
    return !files.isEmpty && files.allSatisfy { $0.hasSuffix(".npy") }
      ? "a NumPy .npz archive" : nil
  }

  /// What a zip archive is that is no folder of files; nil for any other file.
  static func zipKind(_ file: FileHead) -> String? {
    isZip(file) ? zipKind(names: zipNames(file)) : nil
  }

  /// The names of the members as far as head and tail tell them: never those of archives within.
  static func zipNames(_ file: FileHead) -> [String] {
    var names: [String] = []
    var position = 0
    while let header = localHeader(file.head, at: position) {
      names.append(header.name)
      guard let next = header.next else { break }
      position = next
    }
    // The directory, where the tail holds all of it.
    guard
      let end = (0..<max(0, file.tail.count - 21)).last(where: {
        file.tail.dropFirst($0).starts(with: [0x50, 0x4B, 5, 6])
      }), let size = number(file.tail, end + 12, 4), size <= end
    else { return names }
    var record = end - size
    while record + 46 <= end, file.tail.dropFirst(record).starts(with: [0x50, 0x4B, 1, 2]),
      let length = number(file.tail, record + 28, 2), let extra = number(file.tail, record + 30, 2),
      let comment = number(file.tail, record + 32, 2), record + 46 + length <= end
    {
      let name = file.tail[(record + 46)..<(record + 46 + length)]
      names.append(String(decoding: name.array, as: UTF8.self))
      record += 46 + length + extra + comment
    }
    return names
  }

  /// The member at a local header, and where the next one stands if its size is written here.
  private static func localHeader(_ head: ByteView, at start: Int) -> (name: String, next: Int?)? {
    guard start + 30 <= head.count, head.dropFirst(start).starts(with: [0x50, 0x4B, 3, 4]),
      let flags = number(head, start + 6, 2), let packed = number(head, start + 18, 4),
      let length = number(head, start + 26, 2), let extra = number(head, start + 28, 2),
      start + 30 + length <= head.count
    else { return nil }
    let name = String(decoding: head[(start + 30)..<(start + 30 + length)].array, as: UTF8.self)
    let isWritten = flags & 8 == 0 && packed < 0xFFFF_FFFF
    return (name, isWritten ? start + 30 + length + extra + packed : nil)
  }

  /// A little-endian number of a few bytes.
  private static func number(_ bytes: ByteView, _ offset: Int, _ count: Int) -> Int? {
    var value = 0
    for i in 0..<count {
      guard let byte = bytes[offset + i] else { return nil }
      value |= Int(byte) << (8 * i)
    }
    return value
  }

  static func describe(_ file: FileHead) -> String {
    if file.size == 0 { return "the file is empty" }
    if let kind = zipKind(file) { return "it is \(kind)" }
    for (magic, name) in magics where file.head.starts(with: magic) { return "it is \(name)" }
    let head = file.head.prefix(4096).array
    if head.allSatisfy({ $0 == 0 }) { return "it holds only zero bytes" }
    let text = String(decoding: head.prefix(512), as: UTF8.self).lowercased()
    if text.contains("<!doctype html") || text.contains("<html") { return "it is an HTML page" }
    if text.contains("<?xml") { return "it is XML of a kind that is not known" }
    if let first = text.unicodeScalars.first(where: { $0.value > 0x20 && $0.value != 0xFEFF }),
      first == "{" || first == "[", text.contains("\"")
    {
      return "it is JSON of a kind that is not known"
    }
    let printable = head.filter { $0 >= 32 || $0 == 9 || $0 == 10 || $0 == 13 }.count
    return printable * 20 >= head.count * 19
      ? "it is text without a table of numbers" : "it is binary data of an unknown kind"
  }
}
