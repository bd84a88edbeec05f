internal import Bytes
internal import Tables

/// An Igor binary wave taken apart: its header, and the bytes of each part that is present.
///
/// A file that ends early gives the parts that are whole, with `lost` saying what is missing.
struct IgorSections {
  /// The checked header.
  let header: IgorHeader
  /// The data that are present: whole points, fewer than declared where the file was cut.
  let data: ByteView
  /// Where the data start.
  var dataStart: Int { header.size }
  /// The dependency formula.
  private(set) var formula = ""
  /// The note, whole or up to the cut.
  private(set) var note = IgorNote()
  /// The note as text where no line of it is `key:value`.
  private(set) var noteText: String?
  /// The units of the data: the long text where there is one, else that of the header.
  private(set) var dataUnits: String
  /// The units of each dimension, likewise.
  private(set) var dimensionUnits: [String]
  /// The labels of each dimension: the first names the dimension, the others its elements.
  private(set) var labels: [[String]] = [[], [], [], []]
  /// The bytes of the index of a text wave.
  private(set) var textIndex: Range<Int>?
  /// Bytes after all standard parts.
  private(set) var trailing = 0
  /// The first part that the file does not hold whole, with the bytes needed and present.
  private(set) var lost: (part: String, place: Int, needed: Int, present: Int)?

  /// Takes a file apart.
  ///
  /// - Throws: what the header throws, and `ibw.truncated` where not one point is left.
  init(_ view: ByteView) throws(ReadFailure) {
    header = try IgorHeader(view)
    dataUnits = header.dataUnits
    dimensionUnits = header.dimensionUnits
    let present = view.count - header.size
    if present < header.dataBytes {
      try Self.checkSalvage(header, present: present)
      let whole = present / max(1, header.type.pointSize ?? 1) * (header.type.pointSize ?? 1)
      data = view[header.size..<(header.size + whole)]
      lost = ("the data", view.count, header.dataBytes, present)
      return
    }
    data = view[header.size..<(header.size + header.dataBytes)]
    readParts(view)
  }

  /// Refuses to salvage where a cut is not the likely cause, or nothing whole is left.
  ///
  /// A cut leaves the header as it was: where its checksum fails, the count lies.
  private static func checkSalvage(_ header: IgorHeader, present: Int) throws(ReadFailure) {
    let salvageable = (header.type.pointSize).map { present >= $0 } ?? false
    guard salvageable, header.checksumHolds != false else {
      throw ReadFailure(
        "ibw.truncated", at: .byte(IgorHeader.Field.points(header.version)),
        found: "the header declares \(header.points) points in \(header.dataBytes) bytes of data, "
          + "\(present) bytes are left",
        expected: "expected all data to be in the file")
    }
  }

  /// The parts after the data, in the order of the version; stops at the first that is cut.
  private mutating func readParts(_ view: ByteView) {
    var position = header.size + header.dataBytes + header.padding
    if header.version != 5 {
      takeNote(view, &position)
      if let bytes = part("the formula", header.formulaBytes, view, &position) {
        formula = OneByteText.field(bytes)
      }
    } else {
      if let bytes = part("the formula", header.formulaBytes, view, &position) {
        formula = OneByteText.field(bytes)
      }
      takeNote(view, &position)
      if let bytes = part("the data units", header.dataUnitBytes, view, &position), bytes.count > 0
      {
        dataUnits = OneByteText.field(bytes)
      }
      for (i, size) in header.dimensionUnitBytes.enumerated() {
        if let bytes = part("the dimension units", size, view, &position), bytes.count > 0 {
          dimensionUnits[i] = OneByteText.field(bytes)
        }
      }
      for (i, size) in header.dimensionLabelBytes.enumerated() {
        if let bytes = part("the dimension labels", size, view, &position) {
          labels[i] = Self.labels(bytes)
        }
      }
      let start = position
      if part("the text index", header.textIndexBytes, view, &position) != nil {
        textIndex = start..<position
      }
    }
    if lost == nil { trailing = max(0, view.count - position) }
  }

  /// The bytes of the next part; nil, and `lost` set, where the file does not hold it whole.
  private mutating func part(
    _ name: String, _ size: Int, _ view: ByteView, _ position: inout Int
  ) -> ByteView? {
    guard lost == nil else { return nil }
    if size == 0 { return view[0..<0] }
    let present = view.count - position
    guard size <= present else {
      lost = (name, view.count, size, max(0, present))
      return nil
    }
    defer { position += size }
    return view[position..<(position + size)]
  }

  /// The note; where it is cut, the lines that are whole.
  private mutating func takeNote(_ view: ByteView, _ position: inout Int) {
    let start = position
    let whole = part("the note", header.noteBytes, view, &position)
    guard let bytes = whole ?? (lost?.part == "the note" ? view.dropFirst(start) : nil) else {
      return
    }
    note = IgorNote(bytes, base: start, cut: whole == nil)
    if note.pairs == 0 && bytes.count > 0 { noteText = OneByteText.field(bytes) }
  }

  /// Labels are 32-byte C strings: what stands after the first NUL is stale.
  private static func labels(_ bytes: ByteView) -> [String] {
    var result: [String] = []
    var offset = 0
    while offset + 32 <= bytes.count {
      result.append(OneByteText.field(bytes[offset..<(offset + 32)]))
      offset += 32
    }
    return result
  }
}
