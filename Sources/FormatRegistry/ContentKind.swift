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
    for (magic, name) in magics where file.head.starts(with: magic) { return "it is \(name)" }
    let head = file.head.prefix(4096).array
    if head.allSatisfy({ $0 == 0 }) { return "it holds only zero bytes" }
    let text = String(decoding: head.prefix(512), as: UTF8.self).lowercased()
    if text.contains("<!doctype html") || text.contains("<html") { return "it is an HTML page" }
    if text.contains("<?xml") { return "it is XML of a kind that is not known" }
    let printable = head.filter { $0 >= 32 || $0 == 9 || $0 == 10 || $0 == 13 }.count
    return printable * 20 >= head.count * 19
      ? "it is text without a table of numbers" : "it is binary data of an unknown kind"
  }
}
