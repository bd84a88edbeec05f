public import Bytes
public import Reading
public import Tables

/// The input of Ruthelde's simulations and fits (docs/formats/ruthelde.md).
public enum RutheldeFormat: FileFormat {
  /// The id.
  public static let id = "ruthelde"
  /// One line for people.
  public static let title = "Ruthelde setup, sample and spectrum (JSON)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["json"]
  /// How it is recognised.
  public static let recognisedBy =
    "JSON with the keys target and experimentalSetup or measurements"

  /// Looks for the keys in the first 64 kB and the last 4.
  public static func recognise(_ file: FileHead) -> Recognition {
    // UTF-16 shows as bytes with zeros in between.
    guard file.head.prefix(128).firstRange(of: "{") != nil else { return .none }
    let head = IDFNumbers.withoutZeros(file.head)
    let tail = IDFNumbers.withoutZeros(file.tail)
    func has(_ key: String) -> Bool {
      head.firstRange(of: "\"\(key)\"") != nil || tail.firstRange(of: "\"\(key)\"") != nil
    }
    guard has("target"), has("experimentalSetup") || has("measurements"),
      has("layerList") || has("detectorSetup")
    else { return .none }
    return Recognition(95, ["the keys target and experimentalSetup"])
  }

  /// Reads sample, setup and spectrum; each measurement where there are several.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var found = SpectrumTables()
    let text = try DecodedText.decode(bytes, into: &found.diagnostics)
    found.reading["encoding"] = text.encoding.rawValue
    let root = try JSONText.parse(text.utf8, nesting: options.limits.nesting)
    guard case .object = root else {
      throw ReadFailure(
        "ruthelde.keys", found: "the outermost value is no object",
        expected: "expected the keys target and experimentalSetup")
    }
    var reader = RutheldeReader(tables: found)
    return try reader.read(root)
  }
}
