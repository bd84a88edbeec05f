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
    (Array("SQLite format 3".utf8), "an SQLite database"),
    (Array("version https://git-lfs".utf8), "a Git LFS pointer, not the data itself"),
    (Array("BIO-LOGIC MODULAR FILE".utf8), "a BioLogic .mpr file"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"),
  ]

  /// Whether a file starts like a zip archive.
  static func isZip(_ file: FileHead) -> Bool { ZipArchive.recognises(file.head) }

  /// Names of members that stand at the start of archives which are files of a kind of their own.
  private static let zipKinds: [(String, String)] = [
    ("[Content_Types].xml", "an Office document (xlsx, docx, pptx)"),
    ("mimetypeapplication/", "an OpenDocument file"),
    ("META-INF/MANIFEST.MF", "a Java archive"),
    ("header.properties", "a JPK archive"),
    ("VersionInfo.xml", "a Neware .ndax file"),
    (".npyPK", "a NumPy .npz archive"),
  ]

  /// What a zip archive is that is no folder of files; nil for any other archive.
  ///
  /// The names stand in the headers of the first members and in the directory at the end.
  static func zipKind(_ file: FileHead) -> String? {
    guard isZip(file) else { return nil }
    let head = file.head.array
    let tail = file.tail.array
    for (name, kind) in zipKinds where holds(head, name) || holds(tail, name) { return kind }
    return nil
  }

  private static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
    let needle = Array(text.utf8)
    guard let first = needle.first, bytes.count >= needle.count else { return false }
    for start in 0...(bytes.count - needle.count)
    where bytes[start] == first && bytes[start..<(start + needle.count)].elementsEqual(needle) {
      return true
    }
    return false
  }

  /// Where HDF5's signature stands: at byte 0, or at 512, 1024, 2048 … behind a user block
  /// (HDF5 File Format Specification 3.0, section II.A); nil where there is none.
  static func hdf5Signature(_ file: FileHead) -> Int? {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    var offset = 0
    while offset < file.head.count {
      if file.head.dropFirst(offset).starts(with: signature) { return offset }
      offset = offset == 0 ? 512 : offset * 2
    }
    return nil
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
