public import Tables
internal import Units

/// Writes result trees as JSON (RFC 8259).
///
/// The same tree always gives the same bytes. Keys stand in the order of the tree, numbers in the
/// shortest form that reads back as the same bits (a real number always has a point or an exponent,
/// so `2.0` is real and `2` whole), numbers that are not finite as `null`, and every control
/// character escaped. In the pretty form quantities and lists of plain values stand on one line.
public enum JSONWriter {
  /// The bytes of a document, ending in a newline.
  public static func document(_ value: ResultValue) -> [UInt8] {
    var writer = Writer(pretty: true)
    writer.write(value)
    writer.out.add(UInt8(ascii: "\n"))
    return writer.out.bytes
  }

  /// The bytes of a value on one line, without a newline at the end.
  public static func line(_ value: ResultValue) -> [UInt8] {
    var writer = Writer(pretty: false)
    writer.write(value)
    return writer.out.bytes
  }
}

extension MeasuredValue {
  /// The fields of the JSON quantity, in the order in which they are printed.
  public var resultFields: ResultObject {
    var fields = ResultObject()
    fields["value"] = value.map(ResultValue.number) ?? .null
    fields["unit"] = .text(unit.ucum)
    fields["u"] = u.map(ResultValue.number)
    fields["u_kind"] = uKind.map(ResultValue.text)
    fields["interval"] = interval.map {
      .list([.number($0.lowerBound), .number($0.upperBound)])
    }
    fields["source"] = source.map(ResultValue.text)
    fields["trace"] = trace.map { .text($0.text) }
    return fields
  }
}

/// One pass over a tree, with an explicit stack: the depth of a document costs no call stack.
private struct Writer {
  var out = ByteBuffer()
  let pretty: Bool

  /// An object or list that is being written.
  struct Level {
    var keys: [String]?
    var values: [ResultValue]
    var position = 0
    var oneLine: Bool
  }

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ root: ResultValue) {
    var stack: [Level] = []
    open(root, &stack)
    while let level = stack.last {
      if level.position == level.values.count {
        stack.removeLast()
        if !level.oneLine { newline(stack.count) }
        out.add(level.keys == nil ? UInt8(ascii: "]") : UInt8(ascii: "}"))
        continue
      }
      if level.position > 0 {
        out.add(UInt8(ascii: ","))
        if level.oneLine && pretty { out.add(UInt8(ascii: " ")) }
      }
      if !level.oneLine { newline(stack.count) }
      if let key = level.keys?[level.position] {
        string(key)
        out.add(UInt8(ascii: ":"))
        if pretty { out.add(UInt8(ascii: " ")) }
      }
      stack[stack.count - 1].position += 1
      open(level.values[level.position], &stack)
    }
  }

  /// Writes a plain value, or the opening bracket of an object or list, which goes on the stack.
  private mutating func open(_ value: ResultValue, _ stack: inout [Level]) {
    switch value {
    case .null: out.add("null")
    case .flag(let flag): flag ? out.add("true") : out.add("false")
    case .integer(let number): out.add(number)
    case .number(let number): number.isFinite ? out.add(number) : out.add("null")
    case .text(let text): string(text)
    case .quantity(let quantity): object(quantity.resultFields, oneLine: true, &stack)
    case .object(let fields): object(fields, oneLine: isPlainQuantity(fields), &stack)
    case .list(let values):
      out.add(UInt8(ascii: "["))
      let oneLine = stack.last?.oneLine == true || values.allSatisfy { !$0.isContainer }
      stack.append(Level(keys: nil, values: values, oneLine: !pretty || oneLine))
    }
  }

  private mutating func object(
    _ fields: ResultObject, oneLine: Bool, _ stack: inout [Level]
  ) {
    out.add(UInt8(ascii: "{"))
    let flat = !pretty || oneLine || fields.keys.isEmpty || stack.last?.oneLine == true
    stack.append(
      Level(keys: fields.keys, values: fields.keys.map { fields[$0] ?? .null }, oneLine: flat))
  }

  /// Whether an object is a quantity, or an object of a few plain values with a unit.
  private func isPlainQuantity(_ fields: ResultObject) -> Bool {
    fields["value"] != nil && fields["unit"] != nil
      && fields.keys.allSatisfy { key in
        if case .object? = fields[key] { return false }
        return true
      }
  }

  private mutating func newline(_ depth: Int) {
    out.add(UInt8(ascii: "\n"))
    for _ in 0..<depth { out.add("  ") }
  }

  private mutating func string(_ text: String) {
    out.add(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out.add("\\\"")
      case "\\": out.add("\\\\")
      case "\n": out.add("\\n")
      case "\r": out.add("\\r")
      case "\t": out.add("\\t")
      default:
        if scalar.isControlOrMark {
          out.add("\\u")
          let digits = String(scalar.value, radix: 16)
          for _ in digits.utf8.count..<4 { out.add(UInt8(ascii: "0")) }
          out.add(digits)
        } else {
          bytes(of: scalar)
        }
      }
    }
    out.add(UInt8(ascii: "\""))
  }

  private mutating func bytes(of scalar: Unicode.Scalar) {
    if scalar.isASCII {
      out.add(UInt8(truncatingIfNeeded: scalar.value))
    } else {
      out.bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }
}

extension ResultValue {
  /// Whether the value is printed with brackets.
  var isContainer: Bool {
    switch self {
    case .quantity, .object, .list: true
    default: false
    }
  }
}

extension Unicode.Scalar {
  /// Whether the scalar may not stand bare in a message: a control character, a line or paragraph
  /// separator, or a mark that turns the direction of text.
  public var isControlOrMark: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
