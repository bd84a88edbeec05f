public import Bytes
public import Reading
public import Tables

/// Neware's `.ndax`: a zip archive of binary records with settings as XML.
public enum NewareZip: FileFormat {
  /// `neware-ndax`.
  public static let id = "neware-ndax"
  /// One line for people.
  public static let title = "Neware BTS .ndax"
  /// Battery cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["ndax"]
  /// How it is recognised.
  public static let recognisedBy =
    "a zip archive with data.ndc, or with VersionInfo.xml and .ndc members"

  /// 95 for an archive whose members are those of Neware, by the names in head and tail.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard ZipArchive.recognises(file.head) else { return .none }
    var found: Set<String> = []
    // Only headers of this archive count: one within a member would name the members of another.
    for name in ZipArchive.memberNames(head: file.head, tail: file.tail) {
      let last = name.split(separator: "/").last.map { $0.lowercased() } ?? ""
      if last.hasSuffix(".ndc") { found.insert("a member .ndc") }
      if ["versioninfo.xml", "testinfo.xml", "step.xml", "editstep.xml"].contains(last) {
        found.insert("a member \(last)")
      }
    }
    guard !found.isEmpty else { return .none }
    let reasons = ["zip archive"] + found.sorted()
    if found.contains("a member .ndc") { return Recognition(found.count > 1 ? 95 : 85, reasons) }
    return Recognition(found.count > 1 ? 90 : 60, reasons)
  }

  /// Reads the archive.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let archive = try NewareArchive(bytes, options: options)
    let described = archive.channels()
    return try NewareTest(
      members: archive.members, cut: archive.cut, described: described,
      diagnostics: archive.diagnostics, isComplete: archive.isComplete
    ).dataset(format: id, metadata: archive.metadata())
  }
}
