public import Bytes
public import Tables

/// What a journal holds, as far as it is whole.
public struct JournalText: Sendable {
  /// A line about an input.
  public struct Line: Sendable {
    /// Path, size, time, hash and status, as ``Journal/Entry`` wrote them.
    public var head: ResultValue
    /// What was kept, as text of the base 64; empty where nothing was.
    public var state: ByteView
  }

  /// What stands before the state in a line.
  static let stateKey = Array(",\"state\":\"".utf8)

  /// The first line; nil where there is no whole one.
  public private(set) var header: ResultValue?
  /// The lines about inputs, in order.
  public private(set) var lines: [Line] = []
  /// Lines that are no whole JSON object; a run that was killed leaves one.
  public private(set) var cutLines = 0
  /// Whether the last line has no end.
  public private(set) var endsInside = false

  /// Reads the bytes of a journal; a line that is not whole is counted and left out.
  public init(_ bytes: ByteView) {
    var start = 0
    var ends: [Int] = []
    bytes.withBytes { all in
      for i in 0..<all.count where all[i] == UInt8(ascii: "\n") { ends.append(i) }
    }
    for end in ends {
      add(bytes[start..<end])
      start = end + 1
    }
    endsInside = start < bytes.count
    if endsInside { cutLines += 1 }
  }

  private mutating func add(_ bytes: ByteView) {
    let (head, state) = Self.split(bytes)
    guard let value = try? JSONText.parse(head, area: "journal"), case .object = value else {
      cutLines += 1
      return
    }
    if header == nil, lines.isEmpty {
      // Without a header nobody knows what the lines belong to.
      guard value["journal"] == .integer(1) else {
        cutLines += 1
        return
      }
      header = value
    } else if value["file"]?.text != nil {
      lines.append(Line(head: value, state: state))
    } else {
      cutLines += 1
    }
  }

  /// The JSON of a line without its state, and the state.
  ///
  /// A state holds no quotation mark, so that it starts behind the last but one of its line.
  private static func split(_ line: ByteView) -> (head: ByteView, state: ByteView) {
    let place: (start: Int, key: Int)? = line.withBytes { all -> (start: Int, key: Int)? in
      let end = all.count - 2
      guard end > stateKey.count, all[end] == UInt8(ascii: "\""), all[end + 1] == UInt8(ascii: "}")
      else { return nil }
      var start = end - 1
      while start > 0, all[start] != UInt8(ascii: "\"") { start -= 1 }
      let key = start + 1 - stateKey.count
      guard key > 0 else { return nil }
      for (i, byte) in stateKey.enumerated() where all[key + i] != byte { return nil }
      return (start + 1, key)
    }
    guard let place else { return (line, ByteView([])) }
    return (
      ByteView(line[0..<place.key].array + [UInt8(ascii: "}")]),
      line[place.start..<line.count - 2]
    )
  }

  /// In which parts a header differs from the one that a run would write, in words; empty where in none.
  public func differences(to own: Journal.Header) -> [String] {
    guard let header, let wanted = try? JSONText.parse(ByteView(JSONWriter.line(own.result))) else {
      return ["the journal has no header"]
    }
    var words: [String] = []
    for key in ["version", "command"] where header[key] != wanted[key] {
      words.append(
        "\(key) is \(header[key]?.text ?? "none") there and \(wanted[key]?.text ?? "none") now")
    }
    guard words.isEmpty, header["options_sha256"] != wanted["options_sha256"] else { return words }
    let before = Self.leaves(header["options"] ?? .null, "")
    let now = Self.leaves(wanted["options"] ?? .null, "")
    for (key, value) in before where now[key] != value {
      words.append("\(key) is \(value) there and \(now[key] ?? "not given") now")
    }
    for (key, value) in now where before[key] == nil {
      words.append("\(key) is not given there and \(value) now")
    }
    words.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return words.isEmpty ? ["the options differ"] : words
  }

  /// The leaves of a tree of options by their dotted names, each in words.
  private static func leaves(_ value: ResultValue, _ path: String) -> [String: String] {
    var found: [String: String] = [:]
    var open = [(value, path)]
    while let (value, path) = open.popLast() {
      if case .object(let object) = value, object["unit"] == nil || object["value"] == nil {
        for key in object.keys {
          open.append((object[key] ?? .null, path.isEmpty ? key : "\(path).\(key)"))
        }
      } else {
        found[path] = TraceChain.words(value)
      }
    }
    return found
  }
}
