internal import Bytes
internal import Cycling
public import Reading
public import Tables

/// How the format of one file was found: every score with its reasons, and the verdict.
public struct Detection: Sendable {
  /// A format with its score.
  public struct Candidate: Sendable {
    /// The format.
    public var format: FormatEntry
    /// The score, 0…100.
    public var score: Int
    /// Why.
    public var reasons: [String]
  }

  /// The verdict.
  public enum Verdict: Sendable {
    /// One format, clearly.
    case recognised(FormatEntry)
    /// No instrument format, but text with numbers.
    case fallback(FormatEntry)
    /// Several formats within ten points.
    case ambiguous
    /// No format; what the content looks like.
    case unrecognised(String)
  }

  /// All candidates with a score above 0, the best first; equal scores by id.
  public var candidates: [Candidate]
  /// The verdict.
  public var verdict: Verdict
}

extension FormatRegistry {
  /// The least score that recognises a format.
  static let recognised = 50
  /// How far the best must stand ahead of the second.
  static let margin = 10

  /// Finds the format of a file by its content (docs/architecture.md, "How a file finds its format").
  ///
  /// The winner needs 50 points and a lead of 10; below 50 numeric text goes to the fallback reader.
  ///
  /// - Parameter added: the formats that the user adds (`--recipes`).
  public static func detect(_ file: FileHead, added: [FormatEntry] = []) -> Detection {
    var candidates: [Detection.Candidate] = []
    for format in entries(added: added) {
      let recognition = format.recognise(file)
      guard recognition.score > 0 else { continue }
      candidates.append(
        Detection.Candidate(
          format: format, score: min(recognition.score, 100), reasons: recognition.reasons))
    }
    candidates.sort { ($1.score, $0.format.id) < ($0.score, $1.format.id) }
    let strong = candidates.filter { $0.score >= recognised && $0.format.id != fallback }
    if let best = strong.first {
      if strong.count > 1, best.score - strong[1].score < margin {
        return Detection(candidates: candidates, verdict: .ambiguous)
      }
      return Detection(candidates: candidates, verdict: .recognised(best.format))
    }
    if let foreign = ForeignFiles.kind(file) {
      return Detection(candidates: candidates, verdict: .unrecognised("it is \(foreign.name)"))
    }
    if let text = candidates.first(where: { $0.format.id == fallback }),
      !ContentKind.isBinary(file)
    {
      return Detection(candidates: candidates, verdict: .fallback(text.format))
    }
    return Detection(
      candidates: candidates, verdict: .unrecognised(ContentKind.describe(file)))
  }

  /// Finds the format as ``detect(_:)`` does, without asking those that cannot win.
  ///
  /// A format that is usual for the name's extension and scores 95 or more (a magic, or several independent
  /// marks) is the verdict: no other may then come within ten points, which a test holds over all
  /// samples. Its candidate is the only one listed.
  public static func detectQuickly(_ file: FileHead, added: [FormatEntry] = []) -> Detection {
    let ending = file.pathExtension
    for format in entries(added: added) where !ending.isEmpty && format.isUsual(extension: ending) {
      let recognition = format.recognise(file)
      guard recognition.score >= 95 else { continue }
      let candidate = Detection.Candidate(
        format: format, score: min(recognition.score, 100), reasons: recognition.reasons)
      return Detection(candidates: [candidate], verdict: .recognised(format))
    }
    return detect(file, added: added)
  }

  /// Whether a file is a zip archive that no format claims and whose members are files of their own.
  public static func isArchive(_ file: FileHead, _ detection: Detection) -> Bool {
    guard case .unrecognised = detection.verdict else { return false }
    return ContentKind.isZip(file) && ContentKind.zipKind(file) == nil
  }

  /// The format to read a file with: the one asked for, or the one detected.
  ///
  /// Throws `format.unknown-id` for an id that is not registered, `format.ambiguous` and
  /// `format.unrecognised` where the content does not decide.
  public static func choose(
    _ file: FileHead, id: String?, detection: Detection, added: [FormatEntry] = []
  ) throws(ReadFailure) -> FormatEntry {
    if let id {
      let known = entries(added: added)
      if let format = known.first(where: { $0.id == id }) { return format }
      throw ReadFailure(
        "format.unknown-id", found: "no format is called '\(id)'",
        expected: "expected one of \(known.map { $0.id }.sorted().joined(separator: ", "))")
    }
    switch detection.verdict {
    case .recognised(let format), .fallback(let format): return format
    case .ambiguous:
      let list = detection.candidates.prefix(4).map { "\($0.format.id) (\($0.score))" }
      throw ReadFailure(
        "format.ambiguous",
        found: "several formats claim the content: \(list.joined(separator: ", "))",
        expected: "name one with --format ID")
    case .unrecognised(let kind):
      if file.size == 0 {
        throw ReadFailure(
          "format.empty", at: .byte(0), found: "the file is empty (0 bytes)",
          expected: "expected a file with data")
      }
      if let foreign = ForeignFiles.kind(file) {
        throw ReadFailure(
          "simulation.unsupported", at: .byte(0),
          found: "this is \(foreign.name), which Interphase does not read", expected: foreign.export
        )
      }
      if let failure = ForeignHDF5.refusal(file) { throw failure }
      if file.head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
        throw ReadFailure(
          "office.unsupported", at: .byte(0),
          found: "this is an old Microsoft Office file (.xls), or a workbook under a password",
          expected: "open it in a spreadsheet program and save it as .xlsx or .csv")
      }
      if file.head.starts(with: "PAR1") {
        throw ReadFailure(
          "parquet.unsupported", at: .byte(0),
          found: "this is a Parquet file, a container that Interphase does not read",
          expected: "write it as text, for instance with pandas: "
            + "read_parquet(FILE).to_csv(OTHER, index=False)")
      }
      if let failure = LandExchangeFile.refusal(file) { throw failure }
      if isArchive(file, detection) {
        throw ReadFailure(
          "format.archive", at: .byte(0),
          found:
            "this is a ZIP archive of several files, given on standard input or within another "
            + "archive",
          expected: "expected the archive as a file of its own: its members are then read like the "
            + "files of a folder")
      }
      throw ReadFailure(
        "format.unrecognised", at: .byte(0), found: "no format recognises the content: \(kind)",
        expected: "see 'interphase formats' for what can be read")
    }
  }
}
