internal import Bytes
internal import Tables
internal import Units

/// What a volume of an ARDF file says about its curves: size, time step, segments, channels.
struct ARDFVolume {
  /// One channel and its unit as the file writes it.
  struct Channel {
    var label: String
    var unit: String
  }

  /// Points in a line, lines.
  private(set) var points = 0, lines = 0
  /// The number of curves that are there, as the file counts them (NSET); nil where it does not say.
  private(set) var declaredCurves: Int?
  /// The distance of two points, of two lines and of two samples, and their units.
  private(set) var steps: [Double] = [], stepUnits: [String] = []
  /// The names of the segments, in the order of their offsets.
  private(set) var segments: [String] = []
  /// The channels; a curve's data name them by their number.
  private(set) var channels: [Channel] = []
  /// The description of the experiment.
  private(set) var experiment = ""
  /// Where the first curve of each line stands.
  private(set) var lineStarts: [Int] = []
  /// Lines that were not begun.
  private(set) var blankLines = 0
  /// The byte after the definition.
  private(set) var end = 0
  /// The bytes of the time step.
  private(set) var timeStepBytes = 0..<0

  /// Reads the volume at an offset, and its notes into the metadata.
  init(
    _ view: ByteView, at offset: Int, number: Int, _ flaws: inout ARDFFlaws,
    _ dataset: inout Dataset, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let table = try ARDFTable(view, at: offset, named: "VOLM")
    _ = flaws.check(table.block, view)
    for entry in table.entries {
      _ = flaws.check(entry, view)
      if entry.name == "NSET" {
        declaredCurves = table.pointer(entry, view)
      } else if entry.name != "NEXT" {
        flaws.skip(entry.name, bytes: table.stride)
      }
    }
    let notes = try ARDFNotes(view, at: table.end, &flaws, &diagnostics)
    let prefix = "volume[\(number)]."
    _ = notes.append(to: &dataset.metadata, &dataset.settingOrigins, prefix: prefix)
    let definition = try ARDFBlock.expect("VDEF", view, at: notes.end)
    _ = flaws.check(definition, view)
    try define(definition, view)
    try readChannels(view, from: definition.end, &flaws)
    append(to: &dataset.metadata, prefix: prefix)
  }

  /// VDEF: points, lines, 24 bytes, three steps, three units, the segments' names, their number.
  private mutating func define(_ block: ARDFBlock, _ view: ByteView) throws(ReadFailure) {
    var cursor = block.cursor(view)
    points = Int(try cursor.u32("points"))
    lines = Int(try cursor.u32("lines"))
    try cursor.skip(24)
    let start = cursor.base + cursor.offset
    for _ in 0..<3 { steps.append(try cursor.f64("step")) }
    timeStepBytes = (start + 16)..<(start + 24)
    for _ in 0..<3 { stepUnits.append(OneByteText.field(try cursor.slice(32, "unit"))) }
    let names = OneByteText.field(try cursor.slice(32, "names of the segments"))
    segments = names.split(separator: ";").map(String.init)
  }

  /// Any number of VCHN, then XDEF and VTOC, then MLOV closes the volume.
  private mutating func readChannels(
    _ view: ByteView, from start: Int, _ flaws: inout ARDFFlaws
  ) throws(ReadFailure) {
    var position = start
    while let block = ARDFBlock(view, at: position), block.name == "VCHN", block.isWhole(in: view) {
      _ = flaws.check(block, view)
      var cursor = block.cursor(view)
      let label = OneByteText.field(try cursor.slice(32, "name of the channel"))
      let unit = OneByteText.field(try cursor.slice(32, "unit of the channel"))
      channels.append(Channel(label: label, unit: unit))
      position = block.end
    }
    let block = try ARDFBlock.expect("XDEF", view, at: position)
    _ = flaws.check(block, view)
    var cursor = block.cursor(view)
    try cursor.skip(4)
    let length = Int(try cursor.u32("length of the text"))
    experiment = OneByteText.field(try cursor.slice(length, "description of the experiment"))
    let table = try ARDFTable(view, at: block.end, named: "VTOC")
    end = table.end
    guard flaws.spend(table, view) else { return }
    _ = flaws.check(table.block, view)
    for entry in table.entries {
      guard flaws.check(entry, view), entry.name == "VOFF",
        let pointer = table.pointer(entry, view), pointer > 0
      else { continue }
      lineStarts.append(pointer)
    }
    blankLines = table.declared - table.entries.count
    if let close = ARDFBlock(view, at: end), close.name == "MLOV", close.isWhole(in: view) {
      _ = flaws.check(close, view)
      end = close.end
    }
  }

  private func append(to metadata: inout Metadata, prefix: String) {
    metadata.append("\(prefix)points", .integer(Int64(points)))
    metadata.append("\(prefix)lines", .integer(Int64(lines)))
    if let declaredCurves { metadata.append("\(prefix)curves", .integer(Int64(declaredCurves))) }
    for (name, (step, unit)) in zip(["x", "y", "t"], zip(steps, stepUnits)) {
      if step.isFinite { metadata.append("\(prefix)\(name)_step", .real(step)) }
      if !unit.isEmpty { metadata.append("\(prefix)\(name)_unit", unit) }
    }
    metadata.append("\(prefix)segments", segments.joined(separator: ";"))
    for (i, channel) in channels.enumerated() {
      metadata.append("\(prefix)channel[\(i)]", "\(channel.label) (\(channel.unit))")
    }
    if !experiment.isEmpty { metadata.append("\(prefix)experiment", experiment) }
  }
}
