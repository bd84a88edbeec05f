internal import Bytes
internal import Tables

/// The text of a Nanosurf file: `[section]` and `key=value` lines up to the mark `#!`.
struct NanosurfHeader {
  /// One `key=value` line.
  struct Entry {
    /// The key as written.
    let key: String
    /// The value as written, without blanks around it.
    let value: String
    /// The bytes of the line in the file.
    let bytes: Range<Int>
  }

  /// One `[name]` section.
  struct Section {
    /// The name between the brackets.
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
      if places[entry.key] == nil { places[entry.key] = entries.count }
      entries.append(entry)
    }

    /// The first entry of a key.
    subscript(key: String) -> Entry? { places[key].map { entries[$0] } }

    /// The value of a key as text; nil where it is absent or empty.
    func text(_ key: String) -> String? {
      self[key].flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// The value of a key as a finite number.
    func number(_ key: String) -> Double? {
      self[key].flatMap { NumberScanner.parse($0.value) }
    }

    /// The value of a key as a count of at most 2^31.
    func count(_ key: String) -> Int? {
      self[key].flatMap { Int($0.value) }.flatMap { (0...(1 << 31)).contains($0) ? $0 : nil }
    }

    /// The value of a parameter such as `D[2.72436]*[N/m]`: its inside and its unit.
    func parameter(_ key: String) -> (text: String, unit: String, entry: Entry)? {
      guard let entry = self[key], let open = entry.value.firstIndex(of: "["),
        let close = entry.value[open...].firstIndex(of: "]")
      else { return nil }
      let inside = String(entry.value[entry.value.index(after: open)..<close])
      let rest = entry.value[entry.value.index(after: close)...]
      guard let from = rest.firstIndex(of: "["), let to = rest.lastIndex(of: "]"), from < to else {
        return (inside, "", entry)
      }
      return (inside, String(rest[rest.index(after: from)..<to]), entry)
    }
  }

  /// The sections in the file's order.
  private(set) var sections: [Section] = []
  /// Where the data start; nil without the mark `#!`.
  private(set) var dataStart: Int?
  /// Lines that are neither a section nor `key=value`.
  private(set) var oddLines: [(text: String, bytes: Range<Int>)] = []
  private var places: [String: Int] = [:]

  init(_ file: ByteView) {
    var end = file.count
    if let mark = file.firstRange(of: "\n#!") {
      end = mark.lowerBound + 1
      dataStart = mark.upperBound
    }
    for line in TextLines(file.prefix(end)) {
      let bytes = file[line.range].array
      add(String(validating: bytes, as: UTF8.self) ?? OneByteText.decode(bytes[...]), line.range)
    }
  }

  private mutating func add(_ line: String, _ bytes: Range<Int>) {
    let text = Self.trimmed(line[...])
    guard !text.isEmpty else { return }
    if text.first == "[", text.last == "]" {
      let name = String(text.dropFirst().dropLast())
      if places[name] == nil { places[name] = sections.count }
      sections.append(Section(name: name, start: bytes.lowerBound))
      return
    }
    guard let equals = text.firstIndex(of: "="), !sections.isEmpty else {
      oddLines.append((String(text), bytes))
      return
    }
    sections[sections.count - 1].append(
      Entry(
        key: String(Self.trimmed(text[..<equals])),
        value: String(Self.trimmed(text[text.index(after: equals)...])), bytes: bytes))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var part = text
    while let first = part.first, first == " " || first == "\t" { part = part.dropFirst() }
    while let last = part.last, last == " " || last == "\t" { part = part.dropLast() }
    return part
  }

  /// The first section of a name.
  subscript(name: String) -> Section? { places[name].map { sections[$0] } }

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
