public import Bytes
public import Reading
public import Tables

/// SIMNRA's `.xnra`, a dialect of the ion beam data format (docs/formats/xnra.md).
public enum SIMNRAFormat: FileFormat {
  /// The id.
  public static let id = "xnra"
  /// One line for people.
  public static let title = "SIMNRA spectrum and sample (.xnra)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["xnra"]
  /// How it is recognised.
  public static let recognisedBy =
    "XML, root idf of http://idf.schemas.itn.pt, simnra:filetype xnra"

  /// Looks for the root element, its namespace and SIMNRA's file type.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let marks = IDFMarks(file), marks.isSIMNRA else { return .none }
    return Recognition(100, marks.reasons)
  }

  /// Reads spectra, simulations, layers and all settings.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    try IDFDocument.read(bytes, format: id, options: options)
  }
}

/// The ion beam data format IDF as DataFurnace, pyIBA, JaBS and others write it.
public enum IDFFormat: FileFormat {
  /// The id.
  public static let id = "idf"
  /// One line for people.
  public static let title = "Ion beam data format (IDF)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["xml", "idf"]
  /// How it is recognised.
  public static let recognisedBy = "XML, root idf of http://idf.schemas.itn.pt, no SIMNRA file type"

  /// Looks for the root element and its namespace.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let marks = IDFMarks(file), !marks.isSIMNRA else { return .none }
    return Recognition(95, marks.reasons)
  }

  /// Reads spectra, simulations, layers and all settings.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    try IDFDocument.read(bytes, format: id, options: options)
  }
}

/// What the head of an IDF file shows before it is parsed.
private struct IDFMarks {
  var isSIMNRA: Bool
  var reasons: [String]

  /// Nil where the head is no IDF.
  init?(_ file: FileHead) {
    // XML starts with `<`, behind blanks or a mark at most; most other files end here.
    guard file.head.prefix(64).withBytes({ $0.contains(UInt8(ascii: "<")) }) else { return nil }
    let head = IDFNumbers.withoutZeros(file.head)
    guard let root = head.firstRange(of: "<idf") ?? head.firstRange(of: ":idf"),
      head.firstRange(of: "idf.schemas.itn.pt", from: root.upperBound) != nil
    else { return nil }
    // Nothing but the declaration, comments and a DOCTYPE may stand before the root.
    guard head.firstRange(of: "<").map({ $0.lowerBound <= root.lowerBound }) == true else {
      return nil
    }
    reasons = ["an element idf", "the namespace idf.schemas.itn.pt"]
    isSIMNRA = false
    if let type = head.firstRange(of: "filetype>"),
      head.dropFirst(type.upperBound).prefix(40).latin1().drop(while: { $0.isWhitespace })
        .hasPrefix("xnra")
    {
      isSIMNRA = true
      reasons.append("simnra:filetype is xnra")
    }
  }
}
