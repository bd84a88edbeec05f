public import Tables

/// Reads JSON (RFC 8259) strictly, without recursion.
///
/// A key that repeats in one object, a lone surrogate, a number beyond the range of Double and the
/// words `NaN` and `Infinity` are errors: nothing is picked or rounded silently. Whole numbers that
/// fit become ``Tables/ResultValue/integer(_:)``.
public enum JSONText {
  /// The value of a JSON text.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, with or without a byte order mark.
  ///   - area: the first part of the codes of errors.
  ///   - nesting: how deep lists and objects may nest.
  /// - Throws: `AREA.syntax`, `AREA.truncated`, `AREA.nesting`, `AREA.duplicate-key`, `AREA.number`
  ///   or `AREA.encoding`, at line and column.
  public static func parse(
    _ bytes: ByteView, area: String = "json", nesting: Int = 256
  ) throws(ReadFailure) -> ResultValue {
    var parser = JSONParser(scanner: JSONScanner(bytes, area: area), nesting: nesting)
    return try parser.document()
  }
}

/// The grammar of values, lists and objects, on an explicit stack.
struct JSONParser {
  var scanner: JSONScanner
  let nesting: Int

  /// A list or object whose end has not been reached.
  private struct Open {
    var isList: Bool
    var list: [ResultValue] = []
    var object = ResultObject()
    /// The key whose value comes next.
    var key = ""
  }
  private var stack: [Open] = []

  init(scanner: JSONScanner, nesting: Int) {
    self.scanner = scanner
    self.nesting = nesting
  }

  mutating func document() throws(ReadFailure) -> ResultValue {
    while true {
      guard var value = try begin() else { continue }
      // A value is whole: it belongs to the innermost open container, which may end with it.
      while true {
        guard let top = stack.indices.last else {
          try scanner.end()
          return value
        }
        if stack[top].isList {
          stack[top].list.append(value)
        } else {
          stack[top].object[stack[top].key] = value
        }
        let isList = stack[top].isList
        if scanner.take(UInt8(ascii: ",")) {
          if !isList { try key() }
          break
        }
        try scanner.expect(
          isList ? UInt8(ascii: "]") : UInt8(ascii: "}"),
          isList ? "expected `,` or `]` in a list" : "expected `,` or `}` in an object")
        value = close()
      }
    }
  }

  /// Reads a scalar or an empty container and gives it; opens a container and gives nil.
  private mutating func begin() throws(ReadFailure) -> ResultValue? {
    if scanner.take(UInt8(ascii: "[")) {
      try open(isList: true)
      return scanner.take(UInt8(ascii: "]")) ? close() : nil
    }
    if scanner.take(UInt8(ascii: "{")) {
      try open(isList: false)
      if scanner.take(UInt8(ascii: "}")) { return close() }
      try key()
      return nil
    }
    return try scanner.scalar()
  }

  private mutating func open(isList: Bool) throws(ReadFailure) {
    guard stack.count < nesting else {
      throw ReadFailure(
        "\(scanner.area).nesting", at: scanner.place(before: 1),
        found: "lists and objects nest deeper than \(nesting)",
        expected: "expected a depth of at most \(nesting)")
    }
    stack.append(Open(isList: isList))
  }

  private mutating func close() -> ResultValue {
    guard let open = stack.popLast() else { return .null }
    return open.isList ? .list(open.list) : .object(open.object)
  }

  private mutating func key() throws(ReadFailure) {
    let start = scanner.mark()
    guard let text = try scanner.string() else {
      throw scanner.unexpected("expected a key in double quotes")
    }
    guard let top = stack.indices.last else { return }
    if stack[top].object[text] != nil {
      throw ReadFailure(
        "\(scanner.area).duplicate-key", at: scanner.place(of: start),
        found: "the key `\(text)` repeats in one object", expected: "expected every key once")
    }
    stack[top].key = text
    try scanner.expect(UInt8(ascii: ":"), "expected `:` after the key `\(text)`")
  }
}
