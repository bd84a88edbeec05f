internal import Bytes
internal import Tables

/// The properties of one header of a JPK archive, kept as what differs from a pattern.
///
/// The headers of a map repeat the same lines thousands of times; only lines that differ from those
/// of the first curve are turned into text.
struct JPKHeader: Sendable {
  /// The header that the others are compared with.
  struct Pattern: Sendable {
    let bytes: [UInt8]
    let properties: JavaProperties
    /// Whether every entry stands on one line of its own, so that lines may be compared as bytes.
    let isPlain: Bool

    init(_ view: ByteView) {
      let bytes = view.array
      let properties = JavaProperties(view)
      self.bytes = bytes
      self.properties = properties
      isPlain =
        properties.repeated.isEmpty
        && !properties.entries.contains { entry in
          bytes[entry.bytes].contains { PropertyText.isLineEnd($0) }
        }
    }
  }

  /// The member's name, such as `segments/0/segment-header.properties`.
  let member: String
  private let pattern: Pattern
  /// Entries that the pattern lacks or has with another value.
  private(set) var changed: [JavaProperties.Entry] = []
  /// Keys of the pattern that are absent here.
  private(set) var absent: [String] = []
  /// Where a key stands in `changed`, and which are absent, in headers of another structure.
  private var index: [String: Int?] = [:]
  /// Keys that occur twice with different values.
  private(set) var repeated: [String] = []
  /// Whether this is the header that the pattern was made from.
  let isPattern: Bool

  /// The header that is the pattern itself.
  init(member: String, pattern: Pattern) {
    self.member = member
    self.pattern = pattern
    isPattern = true
    repeated = pattern.properties.repeated
  }

  /// A header as its differences from a pattern.
  init(member: String, pattern: Pattern, bytes view: ByteView) {
    self.member = member
    self.pattern = pattern
    isPattern = false
    if let quick = Self.lines(pattern, view.array) {
      changed = quick
      return
    }
    let own = JavaProperties(view)
    repeated = own.repeated
    for entry in own.entries where pattern.properties[entry.key]?.value != entry.value {
      changed.append(entry)
    }
    for entry in pattern.properties.entries where own[entry.key] == nil {
      absent.append(entry.key)
    }
    for key in absent { index[key] = .some(nil) }
    for (i, entry) in changed.enumerated() { index[entry.key] = i }
  }

  /// All entries where this is the pattern, else those that differ.
  var entries: [JavaProperties.Entry] { isPattern ? pattern.properties.entries : changed }

  /// The entry of a key.
  subscript(key: String) -> JavaProperties.Entry? {
    if let known = index[key] { return known.map { changed[$0] } }
    // Without an index the few changed lines are looked through.
    if index.isEmpty, let own = changed.last(where: { $0.key == key }) { return own }
    return pattern.properties[key]
  }

  /// The lines that differ, where both headers hold the same keys line by line; nil where they do not.
  private static func lines(_ pattern: Pattern, _ bytes: [UInt8]) -> [JavaProperties.Entry]? {
    guard pattern.isPlain else { return nil }
    let model = pattern.bytes
    var changed: [JavaProperties.Entry] = []
    var start = 0
    var modelStart = 0
    while start < bytes.count, modelStart < model.count {
      var p = start
      var q = modelStart
      while p < bytes.count, q < model.count, bytes[p] == model[q], bytes[p] != 0x0A {
        p += 1
        q += 1
      }
      let isSame = p < bytes.count && q < model.count && bytes[p] == 0x0A && model[q] == 0x0A
      while p < bytes.count, bytes[p] != 0x0A { p += 1 }
      while q < model.count, model[q] != 0x0A { q += 1 }
      if !isSame {
        let line = trimmed(bytes, start..<p)
        let modelLine = trimmed(model, modelStart..<q)
        let isComment = line.first.map { bytes[$0] == UInt8(ascii: "#") } ?? false
        let isModelComment = modelLine.first.map { model[$0] == UInt8(ascii: "#") } ?? false
        if isComment || isModelComment || line.isEmpty || modelLine.isEmpty {
          guard isComment == isModelComment, line.isEmpty == modelLine.isEmpty else { return nil }
        } else {
          // A lone carriage return or a continuation needs the whole reader.
          guard !bytes[line].contains(0x0D), bytes[line].last != UInt8(ascii: "\\") else {
            return nil
          }
          let entry = PropertyText.entry(bytes, line)
          guard entry.key == PropertyText.entry(model, modelLine).key else { return nil }
          if pattern.properties[entry.key]?.value != entry.value { changed.append(entry) }
        }
      }
      start = p + 1
      modelStart = q + 1
    }
    return start >= bytes.count && modelStart >= model.count ? changed : nil
  }

  /// A line without the blanks before it and the carriage return behind it.
  private static func trimmed(_ bytes: [UInt8], _ line: Range<Int>) -> Range<Int> {
    var start = line.lowerBound
    var end = line.upperBound
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    while start < end, PropertyText.isBlank(bytes[start]) { start += 1 }
    return start..<end
  }
}
