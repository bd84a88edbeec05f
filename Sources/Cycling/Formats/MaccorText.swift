public import Bytes
public import Reading
public import Tables
internal import Units

/// Text exports of Maccor testers: both tab dialects and comma-separated ones.
public enum MaccorText: FileFormat {
  /// `maccor-text`.
  public static let id = "maccor-text"
  /// One line for people.
  public static let title = "Maccor text export"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions in use; exports are also named by channel, `.010`, `.081`.
  public static let extensions = ["txt", "csv", "010", "001"]
  /// How it is recognised.
  public static let recognisedBy =
    "a line of labels that starts with 'Rec#' or 'Rec' and holds Maccor's names (Cyc#, Amp-hr, DPt Time …)"

  private static let marks: Set<String> = [
    "cyc#", "cycle p", "cycle c", "step", "test (sec)", "test (min)", "test (hr)", "testtime",
    "test time (sec)", "test time (min)", "test time (hr)", "step (sec)", "step (min)", "step (hr)",
    "steptime", "step time (sec)", "amp-hr", "mamp-hr", "watt-hr", "mwatt-hr", "amps", "mamps",
    "volts", "md", "es", "dpt time", "cap. [ah]", "ener. [wh]",
  ]

  /// Whether cells are Maccor's labels.
  private static func areLabels(_ cells: [String]) -> Bool {
    guard cells.count >= 5, let first = cells.first?.lowercased(),
      ["rec#", "rec", "rec num", "record"].contains(first)
    else { return false }
    return Set(cells.map { $0.lowercased() }).intersection(marks).count >= (first == "rec#" ? 2 : 3)
  }

  /// 90 for a line of Maccor's labels.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(16384), into: &diagnostics),
      let found = CyclerLabelLine(text.utf8, lines: 200, start: "rec", accepts: areLabels)
    else { return .none }
    return Recognition(90, ["line \(found.line.number) holds Maccor's labels"])
  }

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let found = CyclerLabelLine(text.utf8, start: "rec", accepts: areLabels) else {
      throw ReadFailure(
        "maccor.header", at: .line(1), found: "no line of Maccor's labels",
        expected: "expected labels that start with 'Rec#' or 'Rec'")
    }
    let labels = MaccorLabels(found.labels)
    if labels.isMilli {
      diagnostics.note(
        "maccor.millivolts", at: .line(found.line.number),
        found: "the current is in mA ('mAmps')",
        expected: "such exports hold mV under 'Volts'; --unit voltage=V says otherwise")
    }
    let plan = CyclerTable(
      labels: found.labels, labelLine: found.line.number, dataStart: found.line.next,
      dataLine: found.line.number + 1, delimiter: found.delimiter, vendor: labels.vendor)
    var content = try plan.read(text, options: options, into: &diagnostics)
    var preamble = CyclerPreamble(found.above, of: text, delimiter: found.delimiter)
    labels.warnOfUnits(content.columns, line: found.line.number, into: &diagnostics)
    let sign = signCurrent(&content.columns)
    preamble.note("current sign", sign)
    return content.dataset(
      format: id, preamble: preamble, text: text, diagnostics: &diagnostics)
  }

  /// Gives an unsigned current the sign of the state column; says where the sign is from.
  private static func signCurrent(_ columns: inout [Column]) -> String {
    guard let place = columns.firstIndex(where: { $0.name == "current" }),
      case .real(var values) = columns[place].values
    else { return "no current" }
    if values.contains(where: { $0 < 0 }) { return "as in the file" }
    guard let state = columns.first(where: { $0.name == "step_type" }),
      case .text(let states) = state.values
    else { return "as in the file: no value is negative, and there is no state column" }
    var changed = false
    for (row, text) in states.enumerated() where row < values.count && values[row] > 0 {
      guard let first = text.utf8.first(where: { $0 != 0x20 }), first | 0x20 == 0x64 else {
        continue
      }
      values[row] = -values[row]
      changed = true
    }
    if changed {
      var column = columns[place]
      column.origin.steps.append("negative where '\(state.label)' is D")
      columns[place] = Column(
        name: column.name, label: column.label, values: .real(values), unit: column.unit,
        missing: column.missing, origin: column.origin)
    }
    return "from '\(state.label)' (C +, D −): no value of '\(columns[place].label)' is negative"
  }
}

/// What Maccor's labels mean.
struct MaccorLabels {
  /// Whether the current is in mA, so that `Volts` holds mV.
  let isMilli: Bool
  private let hasCycleC: Bool

  init(_ labels: [String]) {
    let lower = Set(labels.map { $0.lowercased() })
    isMilli = lower.contains("mamps")
    hasCycleC = lower.contains("cycle c")
  }

  /// Names, and the units that Maccor's words stand for.
  var vendor: CyclerColumns.Vendor {
    let isMilli = isMilli
    let hasCycleC = hasCycleC
    return CyclerColumns.Vendor(
      names: ["cycle_p": hasCycleC ? "" : "cycle_count", "status": "", "range": ""],
      units: ["voltage": "V", "current": "A"],
      rewrite: { label in
        let lower = label.lowercased()
        switch lower {
        case "amps": return "current (A)"
        case "mamps": return "current (mA)"
        case "volts": return isMilli ? "voltage (mV)" : "voltage (V)"
        case "amp-hr": return "capacity (A.h)"
        case "mamp-hr": return "capacity (mA.h)"
        case "watt-hr": return "energy (W.h)"
        case "mwatt-hr": return "energy (mW.h)"
        default: break
        }
        // `Test (Sec)` and `Step (Sec)` are times; `Step` alone is the step of the program.
        if lower.hasPrefix("test (") { return "test_time" + label.dropFirst(4) }
        if lower.hasPrefix("step (") { return "step_time" + label.dropFirst(4) }
        return nil
      })
  }

  /// Warns where plain `Current` and `Voltage` were taken as A and V.
  func warnOfUnits(_ columns: [Column], line: Int, into diagnostics: inout DiagnosticList) {
    let plain = columns.filter { ["current", "voltage"].contains($0.label.lowercased()) }
    guard !plain.isEmpty else { return }
    diagnostics.warn(
      "maccor.unit", at: .line(line),
      found: "no unit for column \(plain.map { "'\($0.label)'" }.joined(separator: ", "))",
      expected: "read as V and A, in which Maccor writes; --unit says otherwise")
  }
}
