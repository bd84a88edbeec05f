public import Bytes
public import Reading
public import Tables

/// Neware's `.nda`: one binary file a test, of many versions.
public enum NewareFile: FileFormat {
  /// `neware-nda`.
  public static let id = "neware-nda"
  /// One line for people.
  public static let title = "Neware BTS .nda"
  /// Battery cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["nda"]
  /// How it is recognised.
  public static let recognisedBy = "the magic NEWARE and a known version in byte 14"

  /// 95 for the magic with a known version, 80 for the magic alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.starts(with: "NEWARE") else { return .none }
    let version = file.head[14] ?? 0
    let isKnown = version >= 129 || NewareRowLayout.nda(version) != nil
    return Recognition(isKnown ? 95 : 80, ["magic NEWARE", "version \(version)"])
  }

  /// Reads the file.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    guard bytes.starts(with: "NEWARE"), let version = bytes[14] else {
      throw ReadFailure(
        "neware.magic", at: .byte(0), found: "the file does not start with NEWARE",
        expected: "expected a Neware .nda file")
    }
    if version == 129 || version == 130 { return try NewareBTS9(bytes).dataset(version) }
    guard let layout = NewareRowLayout.nda(version) else {
      throw ReadFailure(
        "neware.version", at: .byte(14), found: "nda version \(version)",
        expected: "expected 1 to 20, 22 to 29, 129 or 130; export the test as csv with BTSDA")
    }
    return try NewareOldFile(bytes, version: version, layout: layout).dataset()
  }
}
