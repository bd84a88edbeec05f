internal import Bytes
internal import Tables

extension IgorSections {
  /// All settings of the wave: those of the header under names of ours, then the note's own keys.
  ///
  /// Lines of the note that are no `key:value` stand under `note`.
  func metadata() -> (values: Metadata, origins: [String: Origin]) {
    var values = Metadata()
    var origins: [String: Origin] = [:]
    values.append("wave_name", header.name)
    values.append("wave_version", .integer(Int64(header.version)))
    values.append("wave_byte_order", header.order.rawValue)
    values.append("wave_type", header.type.words)
    values.append("wave_points", .integer(Int64(header.points)))
    for (i, length) in header.dimensions.enumerated() {
      values.append("nDim[\(i)]", .integer(Int64(length)))
      if i < header.steps.count, header.steps[i].isFinite {
        values.append("sfA[\(i)]", .real(header.steps[i]))
        let sizes = header.version == 5 ? 148 : IgorHeader.prefix(header.version) + 48
        origins["sfA[\(i)]"] = Origin(
          bytes: [(sizes + 8 * i)..<(sizes + 8 * i + 8)],
          steps: ["float64, \(header.order.rawValue)-endian"])
      }
      if i < header.origins.count, header.origins[i].isFinite {
        values.append("sfB[\(i)]", .real(header.origins[i]))
      }
      if i < dimensionUnits.count, !dimensionUnits[i].isEmpty {
        values.append("dimUnits[\(i)]", dimensionUnits[i])
      }
      if i < labels.count, let name = labels[i].first, !name.isEmpty {
        values.append("dimLabel[\(i)]", name)
      }
    }
    if !dataUnits.isEmpty { values.append("dataUnits", dataUnits) }
    if !formula.isEmpty { values.append("formula", formula) }
    append(date: header.created, "creationDate", to: &values)
    append(date: header.modified, "modDate", to: &values)
    values.append("trailing_bytes", .integer(Int64(trailing)))

    if let noteText {
      values.append("note", noteText)
      return (values, origins)
    }
    let steps = ["text, Windows-1252"]
    for entry in note.entries {
      values.append(entry.key.isEmpty ? "note" : entry.key, entry.value)
      if !entry.key.isEmpty, origins[entry.key] == nil {
        origins[entry.key] = Origin(bytes: [entry.bytes], steps: steps)
      }
    }
    return (values, origins)
  }

  private func append(date: UInt32, _ key: String, to values: inout Metadata) {
    guard date != 0 else { return }
    values.append(key, .integer(Int64(date)))
    values.append("\(key)_local", IgorDate.text(date))
  }

  /// What every reader of a wave has to say about its header and its parts.
  func diagnostics(series: IgorSeries?) -> DiagnosticList {
    var list = DiagnosticList()
    if header.checksumHolds == false {
      list.warn(
        "ibw.checksum", at: .byte(2),
        found: "the sum of the header's words is not 0: the header may be damaged",
        expected: "expected the sum of the first \(header.size / 2) words to be 0")
    }
    for i in header.dimensions.indices where i < header.steps.count && i < header.origins.count {
      let (step, origin) = (header.steps[i], header.origins[i])
      guard !step.isFinite || !origin.isFinite || step == 0 else { continue }
      list.warn(
        "ibw.scaling", at: .byte(header.version == 5 ? 148 + 8 * i : header.size - 62),
        found: "the scaling of dimension \(i) is \(origin) + \(step) · index",
        expected: "expected finite numbers and a step that is not 0; it is not used")
    }
    if let lost {
      var found = "the file ends at byte \(lost.place)"
      if let series, series.isCut {
        found +=
          series.rows < series.declaredRows
          ? ": \(series.rows) of \(series.declaredRows) rows are whole and kept, "
          : ": \(series.columns) of \(series.declaredColumns) columns are whole and kept, "
        found += "the note and the labels are missing"
      } else {
        found += ", within or before \(lost.part), and what follows is missing"
      }
      list.warn(
        "ibw.truncated", at: .byte(lost.place), found: found,
        expected: "expected \(lost.needed) bytes of \(lost.part), \(lost.present) are present")
    }
    if trailing > 0 {
      list.note(
        "ibw.trailing", at: .whole,
        found: "\(trailing) bytes follow the standard parts of the wave and are not read")
    }
    for (i, labels) in self.labels.enumerated() where header.version == 5 {
      let size = header.dimensionLabelBytes.count > i ? header.dimensionLabelBytes[i] : 0
      if size % 32 != 0, lost == nil {
        list.warn(
          "ibw.labels", at: .byte(36 + 4 * i),
          found: "the labels of dimension \(i) take \(size) bytes",
          expected: "expected a multiple of 32; \(labels.count) labels are read")
      }
    }
    return list
  }
}
