/// Where in an input something stands.
public enum Place: Hashable, Sendable, CustomStringConvertible, Codable {
  /// The file as a whole.
  case whole
  /// A byte offset from the start of the file.
  case byte(Int)
  /// A line, from 1.
  case line(Int)
  /// A cell: line and column number, both from 1.
  case cell(line: Int, column: Int)
  /// A member of a container.
  case entry(String)
  /// A path of XML elements.
  case element(String)

  /// The text of the contract: `byte N`, `line N`, `line N, column M`, `entry NAME`, `element PATH`, `-`.
  public var description: String {
    switch self {
    case .whole: "-"
    case .byte(let offset): "byte \(offset)"
    case .line(let line): "line \(line)"
    case .cell(let line, let column): "line \(line), column \(column)"
    case .entry(let name): "entry \(name)"
    case .element(let path): "element \(path)"
    }
  }
}

/// One thing that the user must or may know about an input.
///
/// A diagnostic says what was found and what was expected, where it stands, and carries a stable code
/// (`area.kind`, listed in docs/diagnostics.md). The same kind many times in one input is one
/// diagnostic with a count.
public struct Diagnostic: Hashable, Sendable, Codable {
  /// How much it matters.
  public enum Severity: String, Sendable, Comparable, CaseIterable, Codable {
    case note, warning, error

    /// Notes stand below warnings, warnings below errors.
    public static func < (a: Severity, b: Severity) -> Bool {
      func rank(_ s: Severity) -> Int { s == .note ? 0 : s == .warning ? 1 : 2 }
      return rank(a) < rank(b)
    }
  }

  /// How much it matters.
  public var severity: Severity
  /// The stable code, `area.kind`.
  public var code: String
  /// Where the cause stands.
  public var place: Place
  /// What was found.
  public var found: String
  /// What was expected instead.
  public var expected: String
  /// How often it occurred.
  public var count: Int
  /// Up to ten further places.
  public var places: [Place]

  /// A diagnostic from its parts.
  public init(
    _ severity: Severity, _ code: String, at place: Place = .whole, found: String, expected: String,
    count: Int = 1, places: [Place] = []
  ) {
    self.severity = severity
    self.code = code
    self.place = place
    self.found = found
    self.expected = expected
    self.count = count
    self.places = places
  }

  /// Both halves: `what was found; what was expected`.
  public var message: String {
    let times = count > 1 ? " (\(count) times)" : ""
    return expected.isEmpty ? found + times : "\(found)\(times); \(expected)"
  }
}

/// The error that every reader throws: an input gives no result, and why.
public struct ReadFailure: Error, Hashable, Sendable {
  /// What was wrong; its severity is `error`.
  public var diagnostic: Diagnostic

  /// A failure with its stable code, place, finding and expectation.
  public init(_ code: String, at place: Place = .whole, found: String, expected: String) {
    diagnostic = Diagnostic(.error, code, at: place, found: found, expected: expected)
  }
}

/// Collects diagnostics of one input and folds repeats of one code and finding into a count.
public struct DiagnosticList: Sendable {
  /// The diagnostics so far, in order of first occurrence.
  public private(set) var all: [Diagnostic] = []
  /// Where a diagnostic of that severity, code and message stands in `all`.
  private var index: [Key: Int] = [:]

  private struct Key: Hashable {
    let severity: Diagnostic.Severity
    let code: String
    let found: String
    let expected: String
  }

  /// An empty list.
  public init() {}

  /// Adds a diagnostic; one with the same severity, code and messages as an earlier one is counted there.
  public mutating func add(_ diagnostic: Diagnostic) {
    let key = Key(
      severity: diagnostic.severity, code: diagnostic.code, found: diagnostic.found,
      expected: diagnostic.expected)
    if let i = index[key] {
      all[i].count += diagnostic.count
      for place in [diagnostic.place] + diagnostic.places where all[i].places.count < 10 {
        all[i].places.append(place)
      }
    } else {
      index[key] = all.count
      all.append(diagnostic)
    }
  }

  /// Adds a warning.
  public mutating func warn(
    _ code: String, at place: Place = .whole, found: String, expected: String, count: Int = 1,
    places: [Place] = []
  ) {
    add(
      Diagnostic(
        .warning, code, at: place, found: found, expected: expected, count: count, places: places))
  }

  /// Adds a note.
  public mutating func note(
    _ code: String, at place: Place = .whole, found: String, expected: String = ""
  ) {
    add(Diagnostic(.note, code, at: place, found: found, expected: expected))
  }

  /// Adds the diagnostics of another list.
  public mutating func add(contentsOf other: [Diagnostic]) {
    for diagnostic in other { add(diagnostic) }
  }

  /// Whether anything of that severity or above is in the list.
  public func contains(atLeast severity: Diagnostic.Severity) -> Bool {
    all.contains { $0.severity >= severity }
  }
}
