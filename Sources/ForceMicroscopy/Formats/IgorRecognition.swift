internal import Bytes
internal import Reading
internal import Tables

/// How sure it is that a file is an Igor binary wave, sound or damaged.
enum IgorRecognition {
  static func score(_ file: FileHead) -> Recognition {
    let hasExtension = ["ibw", "bwav"].contains(file.pathExtension)
    guard file.head.count > 2, let (version, order) = IgorHeader.signature(file.head) else {
      return .none
    }
    guard IgorHeader.versions.contains(version) else {
      // An unknown version is ours only where the rest has the layout of version 5.
      guard hasExtension, looksLikeVersion5(file.head, order) else { return .none }
      return Recognition(60, ["layout of an Igor binary wave", "unknown version \(version)"])
    }
    do throws(ReadFailure) {
      let header = try IgorHeader(file.head)
      let sizes = "header sizes that agree"
      if header.checksumHolds == true {
        return Recognition(100, ["Igor binary wave version \(version)", "header checksum", sizes])
      }
      return Recognition(
        version == 5 ? 90 : 85, ["Igor binary wave version \(version)", sizes])
    } catch {
      let bonus = hasExtension ? 10 : 0
      let marks = damageMarks(file.head, version, order)
      guard marks > 0 || hasExtension else { return .none }
      return Recognition(
        min(80, 45 + 10 * marks) + bonus,
        ["Igor binary wave version \(version)", "damaged: \(error.diagnostic.code)"])
    }
  }

  /// How many parts of a damaged version 5 header still look right.
  private static func damageMarks(_ view: ByteView, _ version: Int, _ order: ByteOrder) -> Int {
    guard version == 5 else { return 0 }
    var marks = 0
    if let sizes = view.integers(.int32, count: 13, at: 4, order: order),
      sizes.allSatisfy({ $0 >= 0 }), sizes[0] >= 320
    {
      marks += 1
    }
    if let type = view.integers(.int16, count: 1, at: 80, order: order)?.first,
      let word = Int16(exactly: type), IgorNumberType(word) != nil
    {
      marks += 1
    }
    if let words = view.integers(.uint16, count: 192, order: order),
      words.reduce(0, +) % 65536 == 0
    {
      marks += 2
    }
    return marks
  }

  private static func looksLikeVersion5(_ view: ByteView, _ order: ByteOrder) -> Bool {
    guard let size = view.integers(.int32, count: 1, at: 4, order: order)?.first,
      let points = view.integers(.int32, count: 1, at: 76, order: order)?.first,
      let word = view.integers(.int16, count: 1, at: 80, order: order)?.first,
      let type = Int16(exactly: word).flatMap({ IgorNumberType($0) })
    else { return false }
    guard points >= 0, size >= 320 else { return false }
    return type.pointSize.map { size - 320 == points * Int64($0) } ?? true
  }
}

/// What tells an Asylum file from any other Igor wave.
enum AsylumMarks {
  /// Whether a whole wave is an Asylum curve or image: its note has Asylum's keys, and its last
  /// dimension has labels of which at least one is a known channel.
  static func holds(_ shape: IgorShape) -> Bool {
    guard shape.dimensions.count > 1,
      shape.note.entries.contains(where: { noteKeys.contains($0.key) })
    else { return false }
    return shape.columnLabels.contains { label in
      AsylumChannels.curve(label, dataUnits: shape.dataUnits) != nil
        || AsylumChannels.image(label, dataUnits: shape.dataUnits) != nil
    }
  }

  private static let noteKeys = ["InvOLS", "SpringConstant", "Indexes", "ImagingMode"]

  /// The marks found in the head and tail of a file, in words.
  static func find(_ file: FileHead) -> [String] {
    guard let header = try? IgorHeader(file.head), !header.type.isText else { return [] }
    var marks: [String] = []
    let start = header.size + header.dataBytes + header.padding + header.formulaBytes
    let tailStart = file.size - file.tail.count
    let parts = [
      file.head[start..<max(start, min(start + header.noteBytes, file.head.count))],
      file.tail.dropFirst(max(0, start - tailStart)),
    ]
    for key in noteKeys
    where parts.contains(where: { $0.firstRange(of: "\(key):") != nil }) {
      marks.append("note key \(key)")
    }
    let end = file.tail.suffix(6).array
    if end.elementsEqual(" Force".utf8) || end.elementsEqual(" MFP3D".utf8) {
      marks.append("Asylum's text at the end")
    }
    if marks.count < 2, hasLayout(header) {
      marks.append("labelled channels in metres, with a note")
    }
    return marks
  }

  /// A curve is samples over time with labelled columns, an image has labelled layers.
  private static func hasLayout(_ header: IgorHeader) -> Bool {
    guard header.version == 5, header.dataUnits == "m", header.noteBytes > 1000 else {
      return false
    }
    let last = header.dimensions.count - 1
    guard last == 1 || last == 2 else { return false }
    return header.dimensionLabelBytes[last] == 32 * (header.dimensions[last] + 1)
      && header.dimensionUnits[0] == (last == 1 ? "s" : "m")
  }
}
