internal import Bytes
internal import Tables

/// One `.ndc` file: its kind, its version, and its records.
struct NewareMember {
  /// What the file holds, by its first byte.
  enum Kind: UInt8 {
    case main = 1
    case auxiliary = 5
    case step = 7
    case log = 9
    case es = 16
    case runInfo = 18
  }

  /// Versions that were compared with real files.
  static let verified: Set<UInt8> = [2, 5, 11, 14, 16, 17]
  /// Versions whose columns the file itself describes, which are not read.
  static let selfDescribed: Set<UInt8> = [7, 15]

  /// The name in the archive.
  var name: String
  var kind: Kind
  /// The version as the file states it.
  var version: UInt8
  var bytes: ByteView

  /// The head of the file; nil where it is none of Neware's.
  init?(_ bytes: ByteView, name: String) {
    guard let first = bytes[0], let kind = Kind(rawValue: first), bytes[1] == 0,
      let version = bytes[2], version > 0, bytes[3] == 0
    else { return nil }
    self.name = name
    self.kind = kind
    self.version = version
    self.bytes = bytes
  }

  /// Whether charges and energies are in mAs and mWs, voltages in 0.1 mV and currents in mA.
  var isMilli: Bool { [9, 11, 13, 16].contains(version) }

  /// Whether the records stand in pages of 512 bytes without a mask.
  var hasSmallPages: Bool { version < 5 }

  /// The filled records of one size, with warnings for what is missing of them.
  func records(
    size: Int, index: Int = 0, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> StoredRecords {
    let page = hasSmallPages ? 512 : 4096
    guard bytes.count >= page else {
      throw ReadFailure(
        "neware.header", at: .entry(name), found: "the file has \(bytes.count) bytes",
        expected: "expected a header of \(page) bytes")
    }
    let pages = StoredRecords.Pages(
      size: page, start: hasSmallPages ? 5 : 132, end: 1, mask: hasSmallPages ? nil : 4)
    var cut = 0
    let records = StoredRecords(pagesOf: bytes, size: size, pages: pages, cut: &cut) { at in
      bytes[(at + index)..<(at + index + 4)].withBytes { $0.contains { $0 != 0 } }
    }
    if cut > 0 || bytes.count % page != 0 {
      diagnostics.warn(
        "neware.cut-page", at: .entry(name),
        found: "the last page ends after \(bytes.count % page) of \(page) bytes; "
          + "\(cut) of its records are lost",
        expected: "expected whole pages")
    }
    if !hasSmallPages { checkPages(size: size, &diagnostics) }
    return records
  }

  /// Warns where the number that a page states is not the number of its filled places.
  private func checkPages(size: Int, _ diagnostics: inout DiagnosticList) {
    let places = max(0, (4096 - 132 - 1) / max(1, size))
    var page = 4096
    while page + 132 <= bytes.count {
      let stated = Int(bytes[page + 2] ?? 0) | Int(bytes[page + 3] ?? 0) << 8
      var filled = 0
      bytes[(page + 4)..<(page + 132)].withBytes { mask in
        for (i, byte) in mask.enumerated() where i * 8 < places {
          let bits = min(8, places - i * 8)
          filled += (byte & UInt8(truncatingIfNeeded: 0xFF >> (8 - bits))).nonzeroBitCount
        }
      }
      if stated != filled {
        diagnostics.warn(
          "neware.page-count", at: .entry(name),
          found: "a page states \(stated) records and marks \(filled)",
          expected: "expected the same number; the marked ones are read")
      }
      page += 4096
    }
  }

  /// Warns of a version that was never compared with real files.
  func checkVersion(into diagnostics: inout DiagnosticList) throws(ReadFailure) {
    if Self.selfDescribed.contains(version) {
      throw ReadFailure(
        "neware.version", at: .entry(name),
        found: "ndc version \(version), whose columns differ from file to file",
        expected: "expected 2, 5, 11, 14, 16 or 17; export the test as csv with BTSDA")
    }
    if !Self.verified.contains(version) {
      diagnostics.warn(
        "neware.unverified", at: .entry(name),
        found: "ndc version \(version), which was never compared with the vendor's export",
        expected: "expected 2, 5, 11, 14, 16 or 17; check the values against the vendor's program")
    }
  }

  /// Where the records stand, for the columns.
  func origin(_ steps: String) -> Origin { Origin(member: name, steps: [steps]) }
}
