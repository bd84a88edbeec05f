/// A spectrum as XDI/1.0 text, whatever its labels and comments hold.
///
/// The text keeps to what the reference library (libxdifile) reads: rows without blanks before them, no
/// line beyond its buffer, names of letters, digits and underlines.
public struct XDIDocument: Sendable {
  /// One column.
  public struct Series: Sendable {
    /// The label; what may not stand in one is changed when the text is made.
    public var label: String
    /// The unit as it is to stand in the file; empty for none.
    public var unit: String
    /// What stands behind `||`, as a process variable does; empty for nothing.
    public var remark: String
    /// The values, one a row.
    public var values: [Double]

    /// A column from its parts.
    public init(label: String, unit: String, remark: String = "", values: [Double]) {
      self.label = label
      self.unit = unit
      self.remark = remark
      self.values = values
    }
  }

  /// One `Family.key: value`.
  public struct Field: Hashable, Sendable {
    /// The family and the key with the dot between them.
    public var key: String
    /// The value.
    public var value: String

    /// A field from its parts.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// What stands behind `Interphase/VERSION` on line 1: what wrote the file before us.
  public var application = ""
  /// The fields behind those of the columns.
  public var fields: [Field] = []
  /// The lines of comment.
  public var comments: [String] = []
  /// The columns, the axis first.
  public var series: [Series] = []
  /// The version of Interphase on line 1.
  public var version: String

  /// The most columns that libxdifile reads.
  public static let mostColumns = 128
  /// The most lines that libxdifile reads.
  public static let mostLines = 16383
  /// The least bytes that larch takes for a file.
  static let leastBytes = 256
  /// Longer lines are written as several; libxdifile has room for 8192 bytes.
  static let longestLine = 2000

  /// A document without columns.
  public init(version: String) { self.version = version }

  /// The labels as they are written: one word each, no two alike.
  public var labels: [String] {
    var seen: [String: Int] = [:]
    return series.map { one in
      var label = Self.word(one.label)
      var n = seen[label.lowercased()] ?? 0
      while n > 0 {
        n += 1
        let next = "\(label)_\(n)"
        if seen[next.lowercased()] == nil {
          seen[label.lowercased()] = n
          label = next
          break
        }
      }
      seen[label.lowercased()] = max(1, seen[label.lowercased()] ?? 0)
      return label
    }
  }

  /// The number of rows: that of the shortest column.
  public var rows: Int { series.map(\.values.count).min() ?? 0 }

  /// The text, in UTF-8 with LF.
  public var bytes: [UInt8] {
    let labels = labels
    var head = ["# XDI/1.0 Interphase/\(version)"]
    let application = Self.words(Self.clean(application).prefix(200))
    if !application.isEmpty { head[0] += " " + application }
    for (i, one) in series.enumerated() {
      var parts = [labels[i]]
      let unit = Self.words(Self.clean(one.unit).prefix(100))
      let remark = Self.words(Self.clean(one.remark).prefix(300))
      if !unit.isEmpty { parts.append(unit) }
      if !remark.isEmpty { parts.append("|| " + remark) }
      head.append("# Column.\(i + 1): " + parts.joined(separator: " "))
    }
    var remarks: [String] = []
    for field in fields {
      let value = Self.trimmed(Self.clean(field.value))
      if Self.isKey(field.key), !value.isEmpty {
        for (n, part) in Self.chunks(value).enumerated() {
          head.append("# \(field.key)\(n == 0 ? "" : "_part\(n + 1)"): \(part)")
        }
      } else {
        remarks.append("\(field.key): \(value)")
      }
    }
    var foot = (comments + remarks).flatMap { comment in
      Self.clean(comment).split(separator: "\n", omittingEmptySubsequences: false)
        .flatMap { Self.chunks(Self.trimmed($0)) }.map { Self.comment($0) }
    }
    func size() -> Int { (head + foot).reduce(40) { $0 + $1.utf8.count + 1 } }
    while size() < Self.leastBytes { foot.append("# Written by Interphase, X-ray absorption") }
    let lines =
      head + ["# ///"] + foot + ["#----------", "# " + labels.joined(separator: " ")]
    var result = Array(lines.joined(separator: "\n").utf8)
    result.append(0x0A)
    for row in 0..<rows {
      for (i, one) in series.enumerated() {
        if i > 0 { result.append(0x20) }
        result += "\(one.values[row])".utf8
      }
      result.append(0x0A)
    }
    return result
  }

  // MARK: - What may stand where

  /// Names that larch's reader has for its own things: a label would take their place.
  private static let taken: Set<String> = [
    "data", "attrs", "comments", "status", "filename", "read", "write", "element", "edge", "npts",
    "narrays", "nouter", "nmetadata", "narray_labels", "array", "array_labels", "array_units",
    "array_addrs", "dspacing", "dspacing_units", "error_line", "error_lineno", "error_message",
    "outer_label", "outer_array", "outer_breakpts", "xdi_version", "xdi_libversion",
    "xdi_pyversion", "extra_version", "user_labels", "meta_families", "meta_keywords",
    "meta_values",
  ]

  /// A label: one word of letters, digits and underlines that starts with a letter, and no name of
  /// larch's own.
  static func word(_ label: String) -> String {
    let word = plainWord(label)
    guard let first = word.first, first.isLetter else {
      return "col_" + (word.isEmpty ? "x" : word)
    }
    return taken.contains(word.lowercased()) ? word + "_column" : word
  }

  /// The letters, digits and underlines of a text; what stands between them becomes one underline.
  static func plainWord(_ label: String) -> String {
    var word = ""
    for scalar in label.unicodeScalars {
      let isKept = scalar.isASCII && (scalar == "_" || scalar.properties.isAlphabetic)
      let isDigit = ("0"..."9").contains(scalar)
      if isKept || isDigit {
        word.unicodeScalars.append(scalar)
      } else if word.last != "_", !word.isEmpty {
        word.append("_")
      }
      if word.utf8.count >= 48 { break }
    }
    while word.count > 1, word.last == "_" { word.removeLast() }
    return word
  }

  /// Whether a text is `Family.key` as libxdifile takes it.
  static func isKey(_ key: String) -> Bool {
    let parts = key.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count >= 2, !parts[1].isEmpty, key.utf8.count <= 200,
      let first = parts[0].unicodeScalars.first, !("0"..."9").contains(first)
    else { return false }
    return parts.allSatisfy { part in
      part.unicodeScalars.allSatisfy {
        $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0))
      }
    }
  }

  /// A line of comment; what would end the comments is broken up.
  private static func comment(_ text: String) -> String {
    let isMark = text.hasPrefix("---") || text.hasPrefix("///")
    return "# " + (isMark ? "\(text.prefix(1)) \(text.dropFirst())" : text)
  }

  /// The text with blanks in place of control characters; line ends become LF.
  private static func clean(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      defer { last = scalar }
      if scalar == "\n", last == "\r" { continue }
      if scalar == "\r" || scalar == "\n" {
        result.append("\n")
      } else {
        result.append(scalar.value < 32 && scalar != "\t" || scalar.value == 127 ? " " : scalar)
      }
    }
    return String(result)
  }

  /// The words of a text on one line.
  private static func words(_ text: some StringProtocol) -> String {
    text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" || $0 == "\n" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" && $0 != "\n" }) else {
      return ""
    }
    return String(start[...last])
  }

  /// A text in parts that fit a line; line ends become blanks.
  private static func chunks(_ text: String) -> [String] {
    let line = text.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: " ")
    guard line.utf8.count > longestLine else { return [line] }
    var parts: [String] = [""]
    var size = 0
    for character in line {
      let length = character.utf8.count
      // A character may be any number of scalars; such a one is left out.
      if length > 100 { continue }
      if size + length > longestLine {
        parts.append("")
        size = 0
      }
      parts[parts.count - 1].append(character)
      size += length
    }
    return parts.map { trimmed($0) }.filter { !$0.isEmpty }
  }
}
