internal import Bytes
internal import RealModule
internal import Tables

extension StoppingFile {
  /// The head of a GSTO file.
  private struct GSTOHead {
    var values: [String: (text: String, line: Int)] = [:]
    /// Where the data start, and in which line.
    var end = 0
    var line = 1

    func whole(_ keys: String..., in range: ClosedRange<Int>) throws(ReadFailure) -> Int {
      for key in keys {
        guard let (text, line) = values[key] else { continue }
        guard let value = Int(text), range.contains(value) else {
          throw ReadFailure(
            "stopping.gsto", at: .line(line), found: "\(key) is '\(text.prefix(40))'",
            expected: "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
      }
      throw ReadFailure(
        "stopping.gsto", at: .line(line), found: "there is no \(keys.last ?? "key")",
        expected: "expected it in the head")
    }

    func number(_ key: String) throws(ReadFailure) -> Double {
      guard let (text, line) = values[key], let value = NumberScanner.parse(text), value > 0 else {
        throw ReadFailure(
          "stopping.gsto", at: .line(values[key]?.line ?? self.line),
          found: "\(key) is '\(values[key]?.text.prefix(40) ?? "missing")'",
          expected: "expected a number above 0")
      }
      _ = line
      return value
    }
  }

  /// Reads GSTO of JIBAL, ASCII or binary.
  mutating func readGSTO(_ source: ByteView) throws(ReadFailure) {
    var bytes = source
    if source.prefix(8192).firstRange(of: "format=binary") == nil {
      let text = try DecodedText.decode(source, into: &diagnostics)
      bytes = text.utf8
      encoding = text.encoding.rawValue
    }
    let head = gstoHead(bytes)
    for key in ["type", "sto-unit"] {
      let text = head.values[key]?.text ?? ""
      let known = key == "type" ? ["electronic"] : ["eV/(1e15 atoms/cm2)", "Jm2"]
      guard known.contains(text) else {
        throw ReadFailure(
          "stopping.gsto", at: .line(head.values[key]?.line ?? 1),
          found: "\(key) is '\(text.prefix(40))'",
          expected: "expected \(known.joined(separator: " or "))")
      }
    }
    let firstIon = try head.whole("z1", "z1-min", in: 1...118)
    let lastIon = try head.whole("z1", "z1-max", in: firstIon...118)
    let first = try head.whole("z2", "z2-min", in: 1...118)
    let last = try head.whole("z2", "z2-max", in: first...118)
    let points = try head.whole("x-points", in: 2...1_000_000)
    let scale = head.values["x-scale"]?.text ?? ""
    let combinations = (lastIon - firstIon + 1) * (last - first + 1)
    let isBinary = head.values["format"]?.text == "binary"
    let wanted = combinations * points
    // Each value takes at least two bytes of text, or eight.
    guard wanted <= (bytes.count - head.end) / (isBinary ? 8 : 2) + 1 else {
      throw ReadFailure(
        "stopping.truncated", at: .byte(head.end),
        found: "the head promises \(wanted) values, the file is too short for them",
        expected: "expected \(combinations) × \(points) values")
    }
    var values =
      isBinary ? binary(bytes, from: head.end) : try ascii(bytes, from: head.end, line: head.line)
    if scale == "arb" {
      energies = Array(values.prefix(points))
      values = Array(values.dropFirst(points))
    } else {
      let (low, high) = (try head.number("x-min"), try head.number("x-max"))
      guard scale == "log10" || scale == "lin", high > low else {
        throw ReadFailure(
          "stopping.gsto", at: .line(head.values["x-scale"]?.line ?? 1),
          found: "x-scale is '\(scale.prefix(40))' from \(low) to \(high)",
          expected: "expected log10, lin or arb, and x-max above x-min")
      }
      energies = (0..<points).map { i in
        let t = Double(i) / Double(points - 1)
        if i == 0 { return low }
        if i == points - 1 { return high }
        return scale == "lin" ? low + (high - low) * t : low * Double.pow(high / low, t)
      }
    }
    guard values.count == wanted else {
      throw ReadFailure(
        "stopping.truncated", at: .byte(bytes.count),
        found: "\(values.count) values are there", expected: "expected \(combinations) × \(points)")
    }
    try convertEnergies(head.values["x-unit"]?.text ?? "", head.values["x-unit"]?.line ?? 1)
    // J m² in eV/(1e15 at/cm2): 1e19 /m² and e (SI 2019).
    let factor = head.values["sto-unit"]?.text == "Jm2" ? 1e19 / 1.602176634e-19 : 1
    var at = 0
    for ion in firstIon...lastIon {
      for target in first...last {
        let own = values[at..<(at + points)]
        series.append(
          Series(
            ion: ion, target: target, label: "Z\(target)",
            electronic: factor == 1 ? Array(own) : own.map { $0 * factor }))
        at += points
      }
    }
  }

  private mutating func gstoHead(_ bytes: ByteView) -> GSTOHead {
    var head = GSTOHead()
    let source = TextLines(bytes)
    for line in source {
      let text = IDFNumbers.trimmed(source.string(line))
      head.line = line.number
      guard let equals = text.firstIndex(of: "="), text.count <= 400 else {
        // The blank line that ends the head, or the first value where it is missing.
        head.end = text.isEmpty ? line.next : line.range.lowerBound
        if text.isEmpty || text.hasPrefix("=") || !fields.isEmpty { break }
        continue
      }
      let key = IDFNumbers.trimmed(String(text[..<equals]))
      let value = IDFNumbers.trimmed(String(text[equals...].dropFirst()))
      head.values[key] = (value, line.number)
      fields.append((key, value, line.number))
      head.end = line.next
    }
    return head
  }

  private func binary(_ bytes: ByteView, from start: Int) -> [Double] {
    let data = bytes.dropFirst(start)
    var values: [Double] = []
    values.reserveCapacity(data.count / 8)
    for i in stride(from: 0, to: data.count - 7, by: 8) {
      var word: UInt64 = 0
      for k in 0..<8 { word |= UInt64(data[i + k] ?? 0) << UInt64(8 * k) }
      values.append(Double(bitPattern: word))
    }
    return values
  }

  private mutating func ascii(
    _ bytes: ByteView, from start: Int, line: Int
  ) throws(ReadFailure) -> [Double] {
    let source = TextLines(bytes, from: start, number: line)
    var values: [Double] = []
    for line in source {
      let text = source.string(line)
      for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
        guard let value = NumberScanner.parse(word) else {
          throw ReadFailure(
            "stopping.row", at: .line(line.number), found: "'\(word.prefix(40))'",
            expected: "expected a number")
        }
        values.append(value)
        lines.append(line.number)
      }
    }
    if let last = bytes[bytes.count - 1], last != 0x0A, last != 0x0D {
      diagnostics.note(
        "text.no-final-newline", at: .line(lines.last ?? 1), found: "the last line has no line end",
        expected: "its last value may be cut")
    }
    return values
  }

  private mutating func convertEnergies(_ unit: String, _ line: Int) throws(ReadFailure) {
    let mass = 1.66053906892e-27  // kg, CODATA 2022
    let joule = 1.602176634e-16  // keV
    switch unit {
    case "keV/u": break
    case "MeV/u": energies = energies.map { $0 * 1000 }
    case "m/s": energies = energies.map { 0.5 * mass * $0 * $0 / joule }
    case "J/kg": energies = energies.map { $0 * mass / joule }
    default:
      throw ReadFailure(
        "stopping.gsto", at: .line(line), found: "x-unit is '\(unit.prefix(40))'",
        expected: "expected keV/u, MeV/u, m/s or J/kg")
    }
  }
}
