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
    var writer = JSONStream(pretty: true)
    writer.write(value)
    writer.out.add(UInt8(ascii: "\n"))
    return writer.out.bytes
  }

  /// The bytes of a value on one line, without a newline at the end.
  public static func line(_ value: ResultValue) -> [UInt8] {
    var writer = JSONStream(pretty: false)
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

/// Writes trees one behind another, with an explicit stack: the depth of a tree costs no call stack.
struct JSONStream {
  var out = ByteBuffer()
  let pretty: Bool

  /// An object or list that is being written.
  private struct Level {
    var fields: [ResultObject.Field] = []
    var values: [ResultValue] = []
    var isObject: Bool
    var position = 0
    var oneLine: Bool
  }

  init(pretty: Bool) { self.pretty = pretty }

  /// Writes a tree that stands so many levels deep in what is written already.
  mutating func write(_ root: ResultValue, depth: Int = 0) {
    var stack: [Level] = []
    guard var level = open(root, inLine: false) else { return }
    while true {
      let count = level.isObject ? level.fields.count : level.values.count
      if level.position == count {
        if !level.oneLine { newline(depth + stack.count) }
        out.add(level.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        guard let outer = stack.popLast() else { return }
        level = outer
        continue
      }
      if level.position > 0 {
        out.add(UInt8(ascii: ","))
        if level.oneLine && pretty { out.add(UInt8(ascii: " ")) }
      }
      if !level.oneLine { newline(depth + stack.count + 1) }
      let position = level.position
      level.position += 1
      let inner: Level?
      if level.isObject {
        key(level.fields[position].key)
        inner = open(level.fields[position].value, inLine: level.oneLine)
      } else {
        inner = open(level.values[position], inLine: level.oneLine)
      }
      if let inner {
        stack.append(level)
        level = inner
      }
    }
  }

  /// Writes a plain value or a quantity, or the opening bracket of an object or list, which is returned.
  private mutating func open(_ value: ResultValue, inLine: Bool) -> Level? {
    switch value {
    case .object(let object):
      out.add(UInt8(ascii: "{"))
      let flat = !pretty || object.fields.isEmpty || inLine || isPlainQuantity(object)
      return Level(fields: object.fields, isObject: true, oneLine: flat)
    case .list(let values):
      out.add(UInt8(ascii: "["))
      guard values.allSatisfy({ !$0.isContainer }) else {
        return Level(values: values, isObject: false, oneLine: !pretty || inLine)
      }
      let comma: StaticString = pretty ? ", " : ","
      for (n, value) in values.enumerated() {
        if n > 0 { out.add(comma) }
        plain(value)
      }
      out.add(UInt8(ascii: "]"))
    case .quantity(let quantity): write(quantity)
    default: plain(value)
    }
    return nil
  }

  private mutating func plain(_ value: ResultValue) {
    switch value {
    case .flag(let flag): flag ? out.add("true") : out.add("false")
    case .integer(let number): out.add(number)
    case .number(let number): number.isFinite ? out.add(number) : out.add("null")
    case .text(let text): string(text)
    default: out.add("null")
    }
  }

  /// The fields of ``MeasuredValue/resultFields`` on one line.
  private mutating func write(_ quantity: MeasuredValue) {
    let comma: StaticString = pretty ? ", " : ","
    let colon: StaticString = pretty ? "\": " : "\":"
    func field(_ name: StaticString, _ out: inout ByteBuffer) {
      out.add(comma)
      out.add(UInt8(ascii: "\""))
      out.add(name)
      out.add(colon)
    }
    out.add("{\"value")
    out.add(colon)
    if let value = quantity.value, value.isFinite { out.add(value) } else { out.add("null") }
    field("unit", &out)
    string(quantity.unit.ucum)
    if let u = quantity.u {
      field("u", &out)
      u.isFinite ? out.add(u) : out.add("null")
    }
    if let kind = quantity.uKind {
      field("u_kind", &out)
      string(kind)
    }
    if let interval = quantity.interval {
      field("interval", &out)
      out.add(UInt8(ascii: "["))
      interval.lowerBound.isFinite ? out.add(interval.lowerBound) : out.add("null")
      out.add(comma)
      interval.upperBound.isFinite ? out.add(interval.upperBound) : out.add("null")
      out.add(UInt8(ascii: "]"))
    }
    if let source = quantity.source {
      field("source", &out)
      string(source)
    }
    if let trace = quantity.trace {
      field("trace", &out)
      string(trace.text)
    }
    out.add(UInt8(ascii: "}"))
  }

  /// Whether an object is a quantity, or an object of a few plain values with a unit.
  private func isPlainQuantity(_ object: ResultObject) -> Bool {
    object["value"] != nil && object["unit"] != nil
      && object.fields.allSatisfy { field in
        if case .object = field.value { return false }
        return true
      }
  }

  /// Writes a field's name and its colon.
  mutating func key(_ text: String) {
    string(text)
    out.add(UInt8(ascii: ":"))
    if pretty { out.add(UInt8(ascii: " ")) }
  }

  /// Starts a new line so many levels deep.
  mutating func newline(_ depth: Int) {
    out.add(UInt8(ascii: "\n"))
    for _ in 0..<depth { out.add("  ") }
  }

  private mutating func string(_ text: String) {
    out.add(UInt8(ascii: "\""))
    var text = text
    let isPlain = text.withUTF8 { bytes in
      let isPlain = bytes.allSatisfy {
        $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
      }
      if isPlain { out.bytes.append(contentsOf: bytes) }
      return isPlain
    }
    if !isPlain { escaped(text) }
    out.add(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ text: String) {
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
