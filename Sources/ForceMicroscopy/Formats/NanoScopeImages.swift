internal import Bytes
internal import Tables
internal import Units

/// The images of a NanoScope file: one table a shape, one column a layer.
///
/// A value is raw · hard value / 256^(Bytes/pixel) · sensitivity; the width of the stored numbers is
/// the data length over the pixels. Rows are as stored, from the bottom of the image upward.
struct NanoScopeImages {
  /// The layers: `scan`, then `scan_2` for those of another shape.
  private(set) var tables: [Table] = []
  /// The same pixels with their axes.
  private(set) var grids: [Grid] = []
  /// What there is to say.
  private(set) var diagnostics = DiagnosticList()
  /// Whether all layers were there.
  private(set) var complete = true
  private let file: ByteView
  private let header: NanoScopeHeader

  /// The names of the sections that describe an image.
  static let sections = ["ciao image list", "afm image list", "ncafm image list", "stm image list"]

  private struct Layer {
    var shape: [Int]
    var axes: [GridAxis]
    var column: Column
  }

  init(_ file: ByteView, _ header: NanoScopeHeader) {
    self.file = file
    self.header = header
    var layers: [Layer] = []
    var lost = 0
    let lists = header.sections.filter { Self.sections.contains($0.name.lowercased()) }
    for section in lists {
      if let layer = layer(section) { layers.append(layer) } else { lost += 1 }
    }
    if lost > 0 {
      complete = false
      diagnostics.warn(
        "nanoscope.image-lost", at: .byte(file.count),
        found: "\(lost) of \(lists.count) image layers are not whole in the file",
        expected: "expected all of them; the whole ones are given")
    }
    var shapes: [[Int]] = []
    for layer in layers where !shapes.contains(layer.shape) { shapes.append(layer.shape) }
    for (position, shape) in shapes.enumerated() {
      let own = layers.filter { $0.shape == shape }
      let name = position == 0 ? "scan" : "scan_\(position + 1)"
      let table = Table(name: name, columns: own.map(\.column))
      tables.append(table)
      grids.append(Grid(name: name, axes: own[0].axes, channels: table.columns))
    }
  }

  /// One layer; nil where its samples are not whole in the file.
  private mutating func layer(_ section: NanoScopeHeader.Section) -> Layer? {
    let label = NanoScopeChannel.label(section)
    guard let offset = section.counts("Data offset").first,
      let length = section.counts("Data length").first,
      let (x, y, width) = shape(section, length: length),
      let number = [1: NumberLayout.int8, 2: .int16, 4: .int32, 8: .int64][width],
      let raw = file.integers(number, count: x * y, at: offset, order: .little)
    else { return nil }
    let stated = section.counts("Bytes/pixel").first.flatMap {
      [1, 2, 4, 8].contains($0) ? $0 : nil
    }
    let value = section.numbered(["z scale", "z scale zsensor", "z scale x scan"])
      .map { NanoScopeValue($0.value) }
    var scale = NanoScopeScale(NanoScopeValue(""), in: header)
    if let value, let full = value.value, full != 0 {
      let steps: [Int: Double] = [1: 256, 2: 65536, 4: 4_294_967_296, 8: 1.8446744073709552e19]
      scale = NanoScopeScale(
        value, step: full / (steps[stated ?? 2] ?? 65536), unit: value.unit, in: header)
    } else if let value, value.step != nil {
      scale = NanoScopeScale(value, in: header)
    }
    var origin = Origin(
      bytes: [offset..<(offset + x * y * width)], steps: ["\(number.rawValue) little-endian"])
    let column: Column
    if let step = scale.step {
      if let doubt = scale.doubt {
        diagnostics.warn(
          "nanoscope.unit-assumed", at: .byte(section.start), found: doubt,
          expected: "expected a unit such as nm/V")
      }
      let factor = step * (scale.sensitivity ?? 1)
      origin.steps.append("× \(factor) \(scale.unit.ucum)")
      if scale.unit.unit == nil {
        diagnostics.warn(
          "unit.unknown", at: .byte(section.start),
          found: "the scale of \u{201C}\(label)\u{201D} is in \u{201C}\(scale.writtenUnit)\u{201D}",
          expected: "expected a known unit")
      }
      column = Column(
        name: Self.name(label, scale.unit), label: label,
        values: .real(raw.map { Double($0) * factor }), unit: scale.unit, origin: origin)
    } else {
      diagnostics.warn(
        "nanoscope.no-scale", at: .byte(section.start),
        found: "the layer \u{201C}\(label)\u{201D} has no scale",
        expected: "expected Z scale; its numbers are given as stored")
      column = Column(
        name: Self.slug(label), label: label, values: .integer(raw), unit: .unknown("LSB"),
        origin: origin)
    }
    return Layer(shape: [x, y], axes: axes(section, x: x, y: y), column: column)
  }

  /// Pixels of a line, lines, and bytes of a pixel: the layer's own, else those of the scan.
  private func shape(_ section: NanoScopeHeader.Section, length: Int) -> (Int, Int, Int)? {
    let own = section.counts("Samps/line")
    let scan =
      header.first("Ciao scan list") ?? header.first("Afm list") ?? header.first("NC Afm list")
    var candidates: [(Int, Int)] = []
    if let x = own.first {
      if let y = section.counts("Number of lines").first { candidates.append((x, y)) }
      if own.count > 1 { candidates.append((x, own[1])) }
    }
    if let x = scan?.counts("Samps/line").first, let y = scan?.counts("Lines").first {
      candidates.append((x, y))
    }
    for (x, y) in candidates where x > 0 && y > 0 {
      for width in [2, 4, 1, 8] {
        let (pixels, overflow) = x.multipliedReportingOverflow(by: y)
        guard !overflow, pixels <= 1 << 40, pixels * width == length else { continue }
        return (x, y, width)
      }
    }
    return nil
  }

  /// The axes: `Scan Size: 2 2 ~m`, whose second number belongs to a square image.
  private func axes(_ section: NanoScopeHeader.Section, x: Int, y: Int) -> [GridAxis] {
    let entry = section.entry("Scan Size") ?? header.first("Ciao scan list")?.entry("Scan Size")
    let words = (entry?.value ?? "").split(separator: " ").map(String.init)
    let numbers = words.prefix { NanoScopeValue.number($0) != nil }.compactMap {
      NanoScopeValue.number($0)
    }
    guard let width = numbers.first, width > 0, let last = words.last,
      let (unit, factor) = NanoScopeScale.known(last), unit == .known(.metre)
    else {
      return [("x", x), ("y", y)].map {
        GridAxis(name: $0.0, count: $0.1, origin: 0, step: 1, unit: .absent)
      }
    }
    var height = numbers.count > 1 && numbers[1] > 0 ? numbers[1] : width
    let ratio = (section.entry("Aspect Ratio")?.value ?? "1:1").split(separator: ":")
      .compactMap { NanoScopeValue.number($0) }
    if ratio.count == 2, ratio[0] > 0, ratio[1] > 0, height == width {
      height = width * ratio[1] / ratio[0]
    }
    return [("x", x, width), ("y", y, height)].map {
      GridAxis(name: $0.0, count: $0.1, origin: 0, step: $0.2 * factor / Double($0.1), unit: unit)
    }
  }

  /// The canonical name of a layer.
  private static func name(_ label: String, _ unit: ColumnUnit) -> String {
    let text = label.lowercased().filter { $0 != " " }
    if unit == .known(.metre) {
      if text == "heightsensor" || text == "zsensor" { return "sensor_position" }
      if text.hasPrefix("height") || text == "z" || text == "topography" { return "height" }
      if text.contains("defl") { return "deflection" }
      if text.hasPrefix("amplitude") { return "amplitude" }
    }
    if unit == .known(.volt) {
      if text.contains("defl") { return "deflection_voltage" }
      if text.hasPrefix("amplitude") { return "amplitude" }
      if text.hasPrefix("friction") || text.hasPrefix("lateral") {
        return "lateral_deflection_voltage"
      }
    }
    if text.hasPrefix("phase"), unit == .known(.degree) { return "phase" }
    return slug(label)
  }

  private static func slug(_ label: String) -> String {
    let slug = ColumnLabel.slug(label)
    return slug.isEmpty ? "layer" : CanonicalName.entry(slug) == nil ? slug : slug + "_layer"
  }
}
