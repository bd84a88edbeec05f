public import Bytes
public import Reading
public import Tables

/// LAND / LANHE binary logs (`.ccs`): a header, then blocks of 128 bytes with six records each.
public enum LandFile: FileFormat {
  /// `land-ccs`.
  public static let id = "land-ccs"
  /// One line for people.
  public static let title = "LAND / LANHE .ccs"
  /// Battery cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["ccs"]
  /// How it is recognised.
  public static let recognisedBy =
    "a step header and a data block that points to it, from byte 2560"

  /// 95 for blocks with the maker's name, 85 for blocks alone, 60 for the name in an `.ccs` file.
  public static func recognise(_ file: FileHead) -> Recognition {
    let isLand = LandHeader.namesMaker(file.head)
    if LandHeader.start(of: file.head) != nil {
      return Recognition(
        isLand ? 95 : 85,
        ["a step header with its data block"] + (isLand ? ["the maker's name"] : []))
    }
    guard isLand, file.pathExtension == "ccs" else { return .none }
    return Recognition(60, ["the maker's name"])
  }

  /// Reads the log.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    guard let start = LandHeader.start(of: bytes) else {
      throw ReadFailure(
        "land.no-data", at: .byte(min(bytes.count, LandHeader.length)),
        found: "no step header with a data block in \(bytes.count) bytes",
        expected:
          "expected them from byte \(LandHeader.length) on: the file may be cut in its header")
    }
    var blocks = LandBlocks(bytes, start: start)
    blocks.walk()
    return try blocks.dataset(metadata: LandHeader.metadata(bytes, end: start))
  }
}

/// LAND's `.cex`, which is named and refused: its layout is not known.
public enum LandExchangeFile {
  /// Why a file that no format reads is refused, where it looks like a `.cex`; nil for any other.
  ///
  /// The layout is not published, so binary content under the extension is taken for one, and so is
  /// the maker's name in a binary file without the blocks of a `.ccs`.
  public static func refusal(_ file: FileHead) -> ReadFailure? {
    let isBinary = file.head.prefix(4096).withBytes { $0.contains(0) }
    guard isBinary, file.pathExtension == "cex" || LandHeader.namesMaker(file.head) else {
      return nil
    }
    return ReadFailure(
      "land.cex-unsupported", at: .byte(0),
      found: "this looks like a .cex file of LAND's program, whose layout is not published",
      expected: "open it in LAND's program and export it as xlsx or text, or give the .ccs file")
  }
}
