internal import Bytes
internal import Tables
internal import Units

/// One block of a Nanosurf file: lines of points of one signal.
struct NanosurfChannel {
  /// One dimension: what it is called, its unit, its least value and its extent.
  struct Axis {
    var name: String
    var unit: String
    var least: Double
    var extent: Double
  }

  /// The number of its group, and the group's name or frame.
  let group: Int
  let frame: String
  /// Its part of the header.
  let section: NanosurfHeader.Section
  /// Points of a line, and lines.
  let points: Int, lines: Int
  /// How a point is stored.
  let layout: NumberLayout
  let order: ByteOrder
  /// The byte at which the block starts.
  let offset: Int
  /// What a point means; nil where the header does not say.
  let value: Axis?

  /// Bytes of the block.
  var size: Int { points * lines * layout.size }

  /// The names of the groups that hold force curves, and their segments.
  static let segments = [
    "spec forward": "approach", "spec backward": "retract", "spec fwd pause": "dwell",
    "spec bwd pause": "dwell_2",
  ]

  /// Throws where the extent of the block is not given: the blocks behind it could not be found.
  init(
    group: Int, name: String, _ section: NanosurfHeader.Section, at offset: Int,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    self.group = group
    self.section = section
    self.offset = offset
    let own = section.text("Frame") ?? ""
    let isKnown = Self.segments[own.lowercased()] != nil || own.lowercased().contains("scan")
    frame = isKnown ? own : name
    if !own.isEmpty, own != name {
      diagnostics.warn(
        "nid.frame", at: .byte(section.start),
        found: "the frame of \(section.name) is \u{201C}\(own)\u{201D}",
        expected: "expected the group's name, \u{201C}\(name)\u{201D}")
    }
    guard let points = section.count("Points"), let lines = section.count("Lines"),
      let bits = section.count("SaveBits"), [8, 16, 32, 64].contains(bits)
    else {
      throw ReadFailure(
        "nid.block", at: .byte(section.start),
        found: "the section \(section.name) has no usable Points, Lines and SaveBits",
        expected: "expected them, since they place every block behind it")
    }
    self.points = points
    self.lines = lines
    if let mode = section.text("SaveMode"), mode.lowercased() != "binary" {
      throw ReadFailure(
        "nid.save-mode", at: .byte(section["SaveMode"]?.bytes.lowerBound ?? section.start),
        found: "the data of \(section.name) are saved as \u{201C}\(mode)\u{201D}",
        expected: "expected Binary")
    }
    let isUnsigned = section.text("SaveSign")?.lowercased().hasPrefix("unsigned") ?? false
    let layouts: [Int: (NumberLayout, NumberLayout)] = [
      8: (.int8, .uint8), 16: (.int16, .uint16), 32: (.int32, .uint32), 64: (.int64, .uint64),
    ]
    let pair = layouts[bits] ?? (.int32, .uint32)
    layout = isUnsigned ? pair.1 : pair.0
    order = section.text("SaveOrder")?.lowercased() == "motorola" ? .big : .little
    value = Self.axis(2, section)
    for (key, known) in [
      ("SaveSign", ["signed", "unsigned"]), ("SaveOrder", ["intel", "motorola"]),
    ] {
      guard let text = section.text(key), !known.contains(text.lowercased()) else { continue }
      diagnostics.warn(
        "nid.save-mode", at: .byte(section[key]?.bytes.lowerBound ?? section.start),
        found: "\(key) of \(section.name) is \u{201C}\(text)\u{201D}",
        expected: "expected \(known.joined(separator: " or ")); taken as \(known[0])")
    }
  }

  /// A dimension of a section; nil where its range is not given.
  static func axis(_ number: Int, _ section: NanosurfHeader.Section) -> Axis? {
    guard let least = section.number("Dim\(number)Min"),
      let extent = section.number("Dim\(number)Range")
    else { return nil }
    return Axis(
      name: section.text("Dim\(number)Name") ?? "", unit: section.text("Dim\(number)Unit") ?? "",
      least: least, extent: extent)
  }

  /// The points that a line really has; the rest of it is padding.
  func pointCount(_ line: Int) -> Int {
    min(points, section.count("LineDim\(line)Points") ?? points)
  }

  /// The axis along a line: its own, else that of the block.
  func lineAxis(_ line: Int) -> Axis? {
    let all = Self.axis(0, section)
    guard let least = section.number("LineDim\(line)Min"),
      let extent = section.number("LineDim\(line)Range")
    else { return all }
    return Axis(name: all?.name ?? "", unit: all?.unit ?? "", least: least, extent: extent)
  }

  /// How many lines are whole in a file.
  func wholeLines(_ file: ByteView) -> Int {
    let line = points * layout.size
    guard line > 0, offset < file.count else { return 0 }
    return min(lines, (file.count - offset) / line)
  }

  /// The values of points, and where they stand; nil where they are not in the file.
  func column(
    _ file: ByteView, line: Int, count n: Int, reversed: Bool, image: Bool
  ) -> Column? {
    let start = offset + line * points * layout.size
    guard var raw = file.integers(layout, count: n, at: start, order: order) else { return nil }
    if reversed { raw.reverse() }
    var steps = ["\(layout.rawValue) \(order.rawValue) endian"]
    if reversed { steps.append("reversed to time order") }
    let label = value?.name ?? ""
    let bytes = [start..<(start + n * layout.size)]
    guard let value else {
      return Column(
        name: slug(label), label: label, values: .integer(raw), unit: .unknown("LSB"),
        origin: Origin(bytes: bytes, steps: steps))
    }
    let (unit, factor) =
      NanoScopeScale.known(value.unit) ?? (
        value.unit.isEmpty ? .absent : .unknown(value.unit), 1
      )
    let bits = Double(sign: .plus, exponent: layout.size * 8, significand: 1)
    let shift = [.int8, .int16, .int32, .int64].contains(layout) ? 0.5 : 0
    steps.append("\(value.least) + \(value.extent) · (n / 2^\(layout.size * 8) + \(shift))")
    return Column(
      name: name(unit, image: image), label: label,
      values: .real(
        raw.map { ((Double($0) / bits + shift) * value.extent + value.least) * factor }),
      unit: unit, origin: Origin(bytes: bytes, steps: steps))
  }

  /// The canonical name of the signal; the unit tells a deflection from a force.
  private func name(_ unit: ColumnUnit, image: Bool) -> String {
    let label = (value?.name ?? "").lowercased()
    switch (label, unit) {
    case ("deflection", .known(.newton)): return "force"
    case ("deflection", .known(.metre)): return "deflection"
    case ("deflection", .known(.volt)): return "deflection_voltage"
    case ("z-axis sensor", .known(.metre)), ("z-position", .known(.metre)),
      ("z-axis position", .known(.metre)):
      return "sensor_position"
    case ("z-axis", .known(.metre)): return image ? "height" : "piezo_position"
    case ("topography", .known(.metre)): return "height"
    case ("amplitude", .known(.metre)), ("amplitude", .known(.volt)): return "amplitude"
    case ("phase", .known(.degree)): return "phase"
    case ("friction force", .known(.volt)): return "lateral_deflection_voltage"
    default: return slug(value?.name ?? "")
    }
  }

  private func slug(_ label: String) -> String {
    let slug = ColumnLabel.slug(label)
    return slug.isEmpty ? "channel" : CanonicalName.entry(slug) == nil ? slug : slug + "_channel"
  }
}
