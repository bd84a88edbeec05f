internal import Bytes
internal import Tables

/// One image of an ARDF file: a channel of a scan, line by line.
struct ARDFImage {
  /// Points in a line, lines.
  let points: Int, lines: Int
  /// The distance of two points and of two lines, and their units.
  let steps: [Double], stepUnits: [String]
  /// The pixels.
  let column: Column
  /// Lines that are blank or damaged: their pixels are missing.
  let blankLines: Int, damagedLines: Int
  /// Where it starts.
  let offset: Int

  /// Reads the image at an offset, and its notes into the metadata.
  init(
    _ view: ByteView, at offset: Int, number: Int, _ flaws: inout ARDFFlaws,
    _ dataset: inout Dataset, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    self.offset = offset
    let table = try ARDFTable(view, at: offset, named: "IMAG")
    _ = flaws.check(table.block, view)
    for entry in table.entries where entry.name != "NEXT" {
      flaws.skip(entry.name, bytes: table.stride)
    }
    let notes = try ARDFNotes(view, at: table.end, &flaws, &diagnostics)
    _ = notes.append(
      to: &dataset.metadata, &dataset.settingOrigins, prefix: "image[\(number)].")
    let definition = try ARDFBlock.expect("IDEF", view, at: notes.end)
    _ = flaws.check(definition, view)
    var cursor = definition.cursor(view)
    points = Int(try cursor.u32("points"))
    lines = Int(try cursor.u32("lines"))
    try cursor.skip(16)
    steps = [try cursor.f64("step"), try cursor.f64("step")]
    stepUnits = [
      OneByteText.field(try cursor.slice(32, "unit")),
      OneByteText.field(try cursor.slice(32, "unit")),
    ]
    let label = OneByteText.field(try cursor.slice(32, "name"))
    let unit = OneByteText.field(try cursor.slice(32, "unit"))
    let box = try ARDFTable(view, at: definition.end, named: "IBOX")
    _ = flaws.check(box.block, view)
    guard box.declared == lines, box.stride == ARDFBlock.headerSize + 4 * points, points > 0,
      flaws.spend(box, view)
    else {
      throw ReadFailure(
        "ardf.image", at: box.block.place,
        found: "the image \(label) has \(points) × \(lines) pixels, its data \(box.declared) lines "
          + "of \(box.stride) bytes", expected: "expected 16 bytes more than the points take")
    }
    var values: [Double] = []
    values.reserveCapacity(points * lines)
    var blank = 0
    var damaged = 0
    for line in 0..<lines {
      let start = box.block.offset + 32 + line * box.stride
      if let row = ARDFBlock(view, at: start), !row.isBlank,
        let pixels = view.reals(Float.self, count: points, at: start + 16, order: .little)
      {
        if row.size == box.stride, flaws.check(row, view) {
          values += pixels
          continue
        }
        damaged += 1
      } else {
        blank += 1
      }
      values += repeatElement(.nan, count: points)
    }
    (blankLines, damagedLines) = (blank, damaged)
    column = Self.column(
      label, unit, values, bytes: (box.block.offset + 32)..<box.end, position: number, &diagnostics)
    if let close = ARDFBlock(view, at: box.end), close.name == "GAMI", close.isWhole(in: view) {
      _ = flaws.check(close, view)
    }
  }

  private static func column(
    _ label: String, _ unit: String, _ values: [Double], bytes: Range<Int>, position: Int,
    _ diagnostics: inout DiagnosticList
  ) -> Column {
    let known = AsylumChannels.image(label, dataUnits: unit)
    let written = IgorUnits.column(unit)
    if case .unknown = written {
      diagnostics.warn(
        "unit.unknown", found: "the unit of the image \(label) is \u{201C}\(unit)\u{201D}",
        expected: "expected a unit such as m, V or deg")
    }
    return Column(
      name: known?.name ?? IgorUnits.name(label, fallback: "layer_\(position)"), label: label,
      values: .real(values), unit: written == .absent ? known?.unit ?? .absent : written,
      origin: Origin(
        bytes: [bytes], steps: ["float32, little-endian", "16 bytes before each line"]),
      storage: .float32)
  }

  /// Whether another image shows the same pixels.
  private func matches(_ other: ARDFImage) -> Bool {
    points == other.points && lines == other.lines && stepUnits == other.stepUnits
      && steps.map(\.bitPattern) == other.steps.map(\.bitPattern)
  }

  /// One table and grid for all images of the same pixels: `scan`, `scan_2` and so on.
  static func scans(_ images: [ARDFImage]) -> [(table: Table, grid: Grid)] {
    var groups: [[ARDFImage]] = []
    for image in images {
      if let i = groups.firstIndex(where: { $0[0].matches(image) }) {
        groups[i].append(image)
      } else {
        groups.append([image])
      }
    }
    return groups.enumerated().map { i, group in
      let name = i == 0 ? "scan" : "scan_\(i + 1)"
      let table = Table(name: name, columns: group.map(\.column))
      let axes = [(group[0].points, 0), (group[0].lines, 1)].map { count, axis in
        GridAxis(
          name: ["x", "y"][axis], count: count, origin: 0,
          step: group[0].steps[axis].isFinite ? group[0].steps[axis] : 1,
          unit: IgorUnits.column(group[0].stepUnits[axis]))
      }
      return (table, Grid(name: name, axes: axes, channels: table.columns))
    }
  }
}
