internal import Bytes
internal import Reading
internal import Tables

/// The members of an `.ndax` archive, as far as they can be read.
struct NewareArchive {
  /// The `.ndc` members.
  private(set) var members: [NewareMember] = []
  /// The XML members, with their names without `.xml`.
  private(set) var documents: [(name: String, root: XMLTree.Element)] = []
  /// Members that are cut, by name.
  private(set) var cut: Set<String> = []
  /// What was said about members, those of version and records not among it.
  private(set) var diagnostics = DiagnosticList()
  /// Whether a member or a part of one is lost.
  private(set) var isComplete = true
  private let options: ReadOptions

  init(_ bytes: ByteView, options: ReadOptions) throws(ReadFailure) {
    self.options = options
    let archive = try open(bytes)
    diagnostics.add(contentsOf: archive.diagnostics)
    for entry in archive.entries where !entry.isFolder {
      let name = entry.name.split(separator: "/").last.map(String.init) ?? entry.name
      let kind = name.lowercased()
      if kind.hasSuffix(".ndc") {
        try addMember(entry, name, of: archive)
      } else if kind.hasSuffix(".xml") {
        addDocument(entry, name, of: archive)
      } else {
        diagnostics.note(
          "neware.other-member", at: .entry(entry.name),
          found: "a member of \(entry.size) bytes that is no .ndc and no .xml",
          expected: "not read")
      }
    }
  }

  /// The archive by its directory, or by what its members say where that is lost.
  private mutating func open(_ bytes: ByteView) throws(ReadFailure) -> ZipArchive {
    let limits = options.limits.expansion
    do throws(ReadFailure) {
      return try ZipArchive(bytes, limits: limits)
    } catch {
      guard error.diagnostic.code == "zip.truncated" || options.salvage else { throw error }
      let archive = try ZipArchive(salvaging: bytes, limits: limits, keepsDamaged: true)
      isComplete = false
      let whole = archive.entries.count { $0.damage == nil }
      diagnostics.warn(
        "neware.cut-archive", at: error.diagnostic.place, found: error.diagnostic.found,
        expected: "expected a whole archive; \(whole) whole members and "
          + "\(archive.entries.count - whole) damaged ones were found by their own headers")
      return archive
    }
  }

  private mutating func addMember(
    _ entry: ZipArchive.Entry, _ name: String, of archive: ZipArchive
  ) throws(ReadFailure) {
    let (content, failure) = archive.salvage(entry)
    let member = NewareMember(content, name: name)
    if let failure {
      isComplete = false
      let holdsNumbers = member.map { $0.kind != .log && $0.kind != .es } ?? true
      if holdsNumbers {
        guard failure.diagnostic.code == "zip.truncated" || options.salvage else { throw failure }
        cut.insert(name)
      }
      diagnostics.warn(
        "neware.damaged-member", at: .entry(entry.name), found: failure.diagnostic.found,
        expected: "\(failure.diagnostic.expected); \(content.count) of \(entry.size) bytes are used"
      )
    }
    if let member {
      members.append(member)
    } else if content.count > 0 {
      isComplete = false
      diagnostics.warn(
        "neware.unknown-member", at: .entry(entry.name),
        found: "a member that starts with \(Self.hex(content.prefix(4)))",
        expected: "expected the type (1, 5, 7, 9, 16 or 18) and the version; not read")
    }
  }

  private mutating func addDocument(
    _ entry: ZipArchive.Entry, _ name: String, of archive: ZipArchive
  ) {
    do throws(ReadFailure) {
      let content = try archive.read(entry)
      documents.append((String(name.dropLast(4)), try Self.tree(content)))
    } catch {
      isComplete = false
      diagnostics.warn(
        "neware.document", at: .entry(entry.name), found: error.diagnostic.found,
        expected: "\(error.diagnostic.expected); its settings are lost")
    }
  }

  /// The elements of a document, which is GB2312 or what its program took for it.
  ///
  /// The text is decoded here: where the declared encoding does not have a character, other bytes than
  /// ASCII become `?`.
  private static func tree(_ content: ByteView) throws(ReadFailure) -> XMLTree.Element {
    guard content.starts(with: "<?xml"), let end = content.prefix(400).firstRange(of: "?>") else {
      return try XMLTree(content, area: "neware.xml").root
    }
    let body = content.dropFirst(end.upperBound)
    let isASCII = body.withBytes { bytes in bytes.allSatisfy { $0 < 0x80 } }
    if isASCII { return try XMLTree(body, area: "neware.xml").root }
    let head = content.prefix(end.upperBound).latin1().lowercased()
    if head.contains("gb") {
      let plain = ByteView(body.array.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") })
      return try XMLTree(ChineseText.utf8(fromGB18030: body) ?? plain, area: "neware.xml").root
    }
    return try XMLTree(content, area: "neware.xml").root
  }

  static func hex(_ bytes: ByteView) -> String {
    bytes.array.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  /// The settings of all documents, by their path; an attribute `Value` stands for its element.
  func metadata() -> Metadata {
    var metadata = Metadata()
    for (name, root) in documents {
      // An explicit stack: documents nest as deep as the reader allows.
      var open: [(path: String, element: XMLTree.Element)] = [(name, root["config"] ?? root)]
      while let (path, element) = open.popLast() {
        for attribute in element.attributes {
          metadata.append(
            attribute.name == "Value" ? path : "\(path)/\(attribute.name)", attribute.value)
        }
        for child in element.children.reversed() {
          open.append(("\(path)/\(child.name)", child))
        }
      }
    }
    return metadata
  }

  /// What TestInfo.xml says about auxiliary channels.
  func channels() -> [NewareChannel.Description] {
    guard let root = documents.first(where: { $0.name == "TestInfo" })?.root,
      let info = root.first("config", "TestInfo")
    else { return [] }
    return info.children.filter { $0.name.lowercased().hasPrefix("aux") }.enumerated().map {
      place, element in
      func number(_ key: String) -> Int? { element.attribute(key).flatMap { Int($0) } }
      return NewareChannel.Description(
        id: number("AuxID") ?? place + 1, realID: number("RealChlID"), type: number("ChlType"))
    }
  }
}
