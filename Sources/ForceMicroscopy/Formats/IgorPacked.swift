public import Bytes
public import Reading
public import Tables

/// An Igor packed experiment: waves, variables and texts of a whole experiment in one file.
///
/// Usage: `.pxp` and `.pxt` of Igor Pro, as analysis software for Asylum curves saves them.
/// Tables: one a wave, named by its path (`root/folder/wave`); an Asylum force curve is one table a
/// segment, `root/folder/wave/approach` and so on, an Asylum image `root/folder/wave/scan`.
/// Metadata: variables, history and procedures, and the header and note of every wave under its path.
/// Structure: docs/formats/igor-packed.md.
public enum IgorPacked: FileFormat {
  /// The id, `igor-packed`.
  public static let id = "igor-packed"
  /// One line for people.
  public static let title = "Igor packed experiment"
  /// The content tells what was measured, or not.
  public static let technique = Technique.any
  /// Igor's extensions: experiment, template, and the backup's.
  public static let extensions = ["pxp", "pxt", "uxp"]
  /// Records one after another, with known content.
  public static let recognisedBy = "a chain of records, with waves, variables or texts in them"

  /// How sure we are: 95 where the chain of records reaches the end of the file.
  public static func recognise(_ file: FileHead) -> Recognition {
    let records = PackedRecords(file.head, size: file.size, limit: 64)
    let known = records.all.filter { holds($0, file.head) == true }
    let wrong = records.all.contains { holds($0, file.head) == false }
    let hasExtension = extensions.contains(file.pathExtension)
    guard let first = records.all.first else {
      // One record that the file does not hold whole.
      guard hasExtension, records.problem?.isCut == true else { return .none }
      return Recognition(60, ["an Igor packed experiment, cut in its first record"])
    }
    let kinds = Set(known.compactMap(\.kind?.word)).sorted().joined(separator: ", ")
    let reason = "records of a packed experiment: \(kinds)"
    if !known.isEmpty, !wrong, records.problem == nil {
      let reachesEnd = records.all.last?.range.upperBound == file.size
      let waves = known.contains { $0.kind == .wave }
      let sure = reachesEnd || waves || known.count > 2
      return Recognition(sure ? (reachesEnd ? 95 : 90) : hasExtension ? 80 : 60, [reason])
    }
    if hasExtension, !known.isEmpty || first.type == settingsType {
      return Recognition(75, [reason, "some of them damaged"])
    }
    if first.type == settingsType, hasMiscMark(first, file.head) {
      return Recognition(85, ["the settings record of a packed experiment"])
    }
    return .none
  }

  /// The type of the records that open most experiments, with the name `Misc_Start`.
  private static let settingsType = 11

  private static func hasMiscMark(_ record: PackedRecord, _ head: ByteView) -> Bool {
    head[record.range].prefix(64).firstRange(of: "Misc_Start") != nil
  }

  /// Whether the content of a record is what its type says; nil where that cannot be told.
  private static func holds(_ record: PackedRecord, _ head: ByteView) -> Bool? {
    let content = head[record.range]
    switch record.kind {
    case .wave:
      guard record.range.lowerBound + 2 <= head.count,
        let (version, _) = IgorHeader.signature(content)
      else { return nil }
      return IgorHeader.versions.contains(version) && record.range.count >= 118
    case .variables:
      guard record.range.lowerBound + 8 <= head.count else { return nil }
      return PackedVariables.isPlausible(content, size: record.range.count)
    case .folderStart:
      guard content.count >= 2 else { return nil }
      return record.range.count <= 256 && (content[0] ?? 0) >= 0x20
    case .folderEnd: return record.range.isEmpty ? nil : false
    case .history, .recreation, .procedure, .getHistory:
      if content.count == 0 { return nil }
      return content.prefix(512).array.contains(0) ? false : record.range.count > 8 ? true : nil
    case .unused, .longFolderStart, nil: return nil
    }
  }

  /// Reads all waves and variables.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let records = PackedRecords(bytes, size: bytes.count)
    guard !records.all.isEmpty else {
      let place = Place.byte(records.problem?.place ?? 0)
      let expected = "expected the records of an Igor packed experiment"
      let found = records.problem?.found ?? "the file holds no record"
      throw records.problem?.isCut == true
        ? ReadFailure("pxp.truncated", at: place, found: found, expected: expected)
        : ReadFailure("pxp.damaged", at: place, found: found, expected: expected)
    }
    var experiment = PackedExperiment(bytes, options: options)
    for record in records.all { try experiment.take(record) }
    return try experiment.dataset(records, format: id)
  }
}
