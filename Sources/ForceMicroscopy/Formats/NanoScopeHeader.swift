internal import Bytes
internal import Tables

/// The text header of a NanoScope file: sections of `\key: value` lines.
///
/// Names of sections and keys differ in case between versions, so that both are compared without it.
/// Where a key repeats within a section, the first one counts: NanoScope appends a second set of keys
/// when a calibration is changed afterwards.
struct NanoScopeHeader {
  /// One `\key: value` line.
  struct Entry {
    /// The key as written, without the backslash.
    let key: String
    /// The value, without blanks around it.
    let value: String
    /// The bytes of the line in the file.
    let bytes: Range<Int>
  }

  /// One `\*name` section.
  struct Section {
    /// The name as written.
    let name: String
    /// The byte at which it starts.
    let start: Int
    /// The entries in the file's order.
    fileprivate(set) var entries: [Entry] = []
    private var places: [String: Int] = [:]

    fileprivate init(name: String, start: Int) {
      self.name = name
      self.start = start
    }

    fileprivate mutating func append(_ entry: Entry) {
      let key = entry.key.lowercased()
      if places[key] == nil { places[key] = entries.count }
      entries.append(entry)
    }

    /// The first entry of a key.
    func entry(_ key: String) -> Entry? { places[key.lowercased()].map { entries[$0] } }

    /// The first entry of one of the keys whose channel number (`@4:`) is left open.
    func numbered(_ names: [String]) -> Entry? {
      for name in names {
        if let found = entries.first(where: { NanoScopeHeader.plain($0.key) == name }) {
          return found
        }
      }
      return nil
    }

    /// The whole numbers of a value, such as `1024 1024`.
    func counts(_ key: String) -> [Int] {
      guard let text = entry(key)?.value else { return [] }
      return text.split { $0 == " " || $0 == "\t" }.prefix { Int($0) != nil }
        .compactMap { Int($0) }.map { min(max($0, 0), 1 << 40) }
    }

    /// The number at the start of a value.
    func number(_ key: String) -> Double? {
      entry(key).flatMap { NanoScopeValue($0.value).value }
    }
  }

  /// The sections in the file's order.
  private(set) var sections: [Section] = []
  /// Whether the closing line was found.
  private(set) var isClosed = false
  /// Lines that are neither a section nor `\key: value`, with their bytes.
  private(set) var oddLines: [(text: String, bytes: Range<Int>)] = []

  /// An empty header.
  init() {}

  /// The header at the start of a binary file: up to `\*File list end` or the byte 0x1A.
  init(_ file: ByteView) {
    let end = file.withBytes { bytes in bytes.firstIndex { $0 == 0x1A || $0 == 0 } } ?? file.count
    for line in TextLines(file.prefix(end)) {
      let bytes = file[line.range].array
      let text = String(validating: bytes, as: UTF8.self) ?? OneByteText.decode(bytes[...])
      if !add(text, line.range) { break }
    }
  }

  /// Takes a line; false once the closing line has come.
  mutating func add(_ line: String, _ bytes: Range<Int>) -> Bool {
    let text = Self.trimmed(line)
    guard !text.isEmpty else { return true }
    if text.hasPrefix("\\*") || text.hasPrefix("\\?") {
      let name = Self.trimmed(text.dropFirst(2))
      if name.lowercased().hasSuffix("list end") {
        isClosed = true
        return false
      }
      sections.append(Section(name: name, start: bytes.lowerBound))
      return true
    }
    guard text.hasPrefix("\\"), let colon = Self.colon(text), !sections.isEmpty else {
      oddLines.append((text, bytes))
      return true
    }
    let key = Self.trimmed(text[text.index(after: text.startIndex)..<colon])
    let value = Self.trimmed(text[text.index(after: colon)...])
    sections[sections.count - 1].append(Entry(key: key, value: value, bytes: bytes))
    return true
  }

  /// The colon behind the key; that of a channel number (`@4:`) is part of the key.
  private static func colon(_ text: String) -> String.Index? {
    var start = text.index(after: text.startIndex)
    if text[start...].hasPrefix("@") {
      var i = text.index(after: start)
      while i < text.endIndex, text[i].isASCII, text[i].isNumber { i = text.index(after: i) }
      if i < text.endIndex, text[i] == ":", i != text.index(after: start) {
        start = text.index(after: i)
      }
    }
    return text[start...].firstIndex(of: ":")
  }

  /// A key in lower case without `@` and channel number.
  static func plain(_ key: String) -> String {
    guard key.hasPrefix("@") else { return key.lowercased() }
    let rest = key.dropFirst()
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let after = rest.dropFirst(digits.count)
    return (digits.isEmpty || !after.hasPrefix(":") ? rest : after.dropFirst()).lowercased()
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var part = text[...]
    while let first = part.first, first == " " || first == "\t" { part = part.dropFirst() }
    while let last = part.last, last == " " || last == "\t" { part = part.dropLast() }
    return String(part)
  }
}

extension NanoScopeHeader {
  /// The sections of a name.
  func all(_ name: String) -> [Section] {
    sections.filter { $0.name.lowercased() == name.lowercased() }
  }

  /// The first section of a name.
  func first(_ name: String) -> Section? {
    sections.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The first entry of a key in any section.
  func entry(_ key: String) -> Entry? {
    for section in sections { if let found = section.entry(key) { return found } }
    return nil
  }

  /// The version number, such as 0x09200000; nil where the file gives none.
  var version: UInt32? {
    guard let text = entry("Version")?.value.lowercased(), text.hasPrefix("0x") else { return nil }
    return UInt32(text.dropFirst(2).prefix { $0.isHexDigit }, radix: 16)
  }

  /// All keys in order, each section under its own line `section`, and where the keys stand.
  func metadata() -> (Metadata, [String: Origin]) {
    var metadata = Metadata()
    var origins: [String: Origin] = [:]
    for section in sections {
      metadata.append("section", section.name)
      for entry in section.entries {
        metadata.append(entry.key, entry.value)
        if origins[entry.key] == nil { origins[entry.key] = Origin(bytes: [entry.bytes]) }
      }
    }
    for line in oddLines { metadata.append("line", line.text) }
    return (metadata, origins)
  }
}
