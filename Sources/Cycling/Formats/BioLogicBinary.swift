public import Bytes
public import Reading
public import Tables
internal import Units

/// EC-Lab and BT-Lab binary files (`.mpr`): cycling, and impedance spectra.
public enum BioLogicBinary: FileFormat {
  /// `biologic-mpr`.
  public static let id = "biologic-mpr"
  /// One line for people.
  public static let title = "BioLogic EC-Lab / BT-Lab binary"
  /// Cycling; a file that is a spectrum only is given as impedance.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["mpr"]
  /// How it is recognised.
  public static let recognisedBy = "'BIO-LOGIC MODULAR FILE' and a module behind it"

  /// 100 for the magic with a module behind it, 90 for the magic.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.starts(with: BioLogicModules.magic) else { return .none }
    let hasModule = file.head[52..<58].starts(with: "MODULE")
    return Recognition(
      hasModule ? 100 : 90,
      ["starts with 'BIO-LOGIC MODULAR FILE'"] + (hasModule ? ["a module at byte 52"] : []))
  }

  /// Reads the file.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let modules = try BioLogicModules(bytes, into: &diagnostics)
    let settings = BioLogicSettings(modules, into: &diagnostics)
    guard let data = modules["VMP data"] else {
      throw ReadFailure(
        "mpr.no-data", at: .byte(bytes.count),
        found: "no module VMP data (\(modules.all.map(\.name).joined(separator: ", ")))",
        expected: "expected one; the file may be cut or hold settings alone")
    }
    let records = try BioLogicRecords(data, bytes, into: &diagnostics)
    let isCut = cut(modules, into: &diagnostics)
    let rules = BioLogicDerived.rules(for: records.columns.map(\.label))
    let columns = BioLogicColumns(records.columns.map(\.label) + rules.map(\.label))
    let plan = columns.plan(
      kinds: [], options: options, at: { _ in .byte(data.payload + 5) }, into: &diagnostics)
    let stored = try series(records, plan, bytes, data)
    let made = derived(rules, stored, records, plan)
    if records.declared == 0 {
      diagnostics.note(
        "mpr.no-rows", at: .byte(data.payload), found: "no row in the module VMP data",
        expected: "a technique that records nothing, such as WAIT, has none")
    }
    if modules["VMP LOG"] == nil {
      diagnostics.note(
        "mpr.no-log", at: .byte(bytes.count), found: "no module VMP LOG",
        expected: "expected one; start, channel and versions are not in the file")
    }
    let all = stored + made
    if let time = all.first(where: { $0.name == "test_time" }) { checkOrder(time, &diagnostics) }
    let axis = columns.isImpedance ? "frequency" : "test_time"
    return Dataset(
      format: id, technique: columns.isImpedance ? .impedance : .cycling,
      tables: [
        Table(
          name: "data", columns: all,
          indexColumns: all.contains { $0.name == axis } ? [axis] : [])
      ],
      metadata: settings.metadata, diagnostics: diagnostics.all,
      complete: records.isComplete && !isCut
        && !diagnostics.all.contains { $0.code == "mpr.module" },
      settingOrigins: settings.origins, settings: settings.settings)
  }

  /// Warns of modules other than the data that the file ends in; true where there is one.
  private static func cut(
    _ modules: BioLogicModules, into diagnostics: inout DiagnosticList
  ) -> Bool {
    var isCut = diagnostics.all.contains { $0.code == "mpr.truncated" }
    for module in modules.all where module.isCut && module.name != "VMP data" {
      isCut = true
      diagnostics.warn(
        "mpr.truncated", at: .byte(module.start),
        found: "the file ends inside the module \(module.name): "
          + "\(module.bytes.count) of \(module.declared) bytes",
        expected: "expected all; what stands in the rest of it is lost")
    }
    return isCut
  }

  /// The columns that stand in the file, in canonical units.
  private static func series(
    _ records: BioLogicRecords, _ plan: [TextColumn], _ file: ByteView,
    _ module: BioLogicModules.Module
  ) throws(ReadFailure) -> [Column] {
    let fields = zip(records.columns, plan).map { column, plan in
      var field = column.field
      field.divisor = divisor(plan)
      return field
    }
    guard
      let values = file.records(
        size: records.size, count: records.count, at: min(records.start, file.count),
        order: .little, fields: records.count == 0 ? [] : fields)
    else {
      throw ReadFailure(
        "mpr.truncated", at: .byte(module.start),
        found: "\(records.count) records of \(records.size) bytes lie outside the file",
        expected: "expected them within it")
    }
    let range = records.start..<(records.start + records.count * records.size)
    return zip(records.columns, plan).enumerated().map { i, pair in
      let (column, plan) = pair
      let layout = column.field.layout
      var steps = [
        "\(layout.rawValue) little-endian at byte \(column.field.offset) of each "
          + "\(records.size)-byte record"
      ]
      if let bits = column.field.bits { steps.append("bits \(bits.mask)") }
      if plan.isNegated { steps.append("sign reversed") }
      if let from = plan.written.unit, let to = plan.target, from.ucum != to.ucum {
        steps.append("\(from.ucum) → \(to.ucum)")
      }
      let empty: ColumnValues = layout.isInteger ? .integer([]) : .real([])
      return Column(
        name: plan.name, label: plan.label, values: i < values.count ? values[i] : empty,
        unit: unit(plan), origin: Origin(bytes: [range], steps: steps),
        storage: layout.isInteger
          ? .integer : layout == .float32 && fields[i].divisor == 1 ? .float32 : .float64)
    }
  }

  /// The unit of the values in memory; a column that nobody knows has none.
  private static func unit(_ plan: TextColumn) -> ColumnUnit {
    plan.label.hasPrefix("unknown_") ? .absent : plan.target.map { .known($0) } ?? plan.written
  }

  /// What the stored numbers are divided by: mA → A is 1000, C → A.h 3600, a reversed sign −1.
  private static func divisor(_ plan: TextColumn) -> Double {
    let sign = plan.isNegated ? -1.0 : 1
    guard let from = plan.written.unit, let to = plan.target, from.ucum != to.ucum else {
      return sign
    }
    return sign * (to.scale / from.scale)
  }

  private static func derived(
    _ rules: [BioLogicDerived.Rule], _ stored: [Column], _ records: BioLogicRecords,
    _ plan: [TextColumn]
  ) -> [Column] {
    return rules.enumerated().compactMap { i, rule in
      let sources = rule.sources.compactMap { label in
        stored.firstIndex { $0.label == label }
      }
      guard sources.count == rule.sources.count, stored.count + i < plan.count else { return nil }
      let own = plan[stored.count + i]
      let values = rule.values(
        sources.map { source in
          // Rules work in EC-Lab's units; whole numbers have no other.
          BioLogicDerived.Source(
            values: stored[source].values,
            scale: records.columns[source].field.layout.isInteger
              ? 1 : Self.divisor(plan[source]))
        }, Self.divisor(own))
      return Column(
        name: own.name, label: own.label, values: values, unit: unit(own),
        origin: Origin(
          bytes: stored[sources[0]].origin.bytes,
          steps: ["made from \(rule.sources.joined(separator: " and ")): \(rule.formula)"]))
    }
  }

  /// Warns where the time steps back, at the first row that does.
  private static func checkOrder(_ time: Column, _ diagnostics: inout DiagnosticList) {
    guard case .real(let values) = time.values else { return }
    var last = -Double.infinity
    var first: Int?
    var count = 0
    for (row, value) in values.enumerated() where value.isFinite {
      if value < last {
        first = first ?? row
        count += 1
      }
      last = value
    }
    guard let first else { return }
    diagnostics.warn(
      "series.restart", found: "column '\(time.label)' steps back at row \(first + 1)",
      expected: "expected values that never fall", count: count)
  }
}
