internal import Bytes
internal import Tables

/// The labels of Neware's text exports, English and Chinese.
enum NewareLabels {
  /// Labels as the vendor writes them, without unit, in lower case, and the English one they stand for.
  private static let words: [String: String] = {
    var result: [String: String] = [:]
    for (label, spellings) in [
      ("DataPoint", "datapoint|data point|record id|record number|record index|数据序号|记录序号|记录号"),
      ("Cycle Index", "cycle index|cycle id|cycle number|循环号|循环序号"),
      ("Step Index", "step index|step id|工步号|工步序号"), ("Step Number", "step number|工步数"),
      ("Step Type", "step type|step name|工步类型|工步名称|工作模式|状态"),
      ("Time", "time|step time|时间|工步时间|测试时间"),
      ("Total Time", "total time|cumulative time|总时间|累计时间"),
      ("Current", "current|cur|电流"), ("Voltage", "voltage|vol|volt|电压"),
      ("Capacity", "capacity|cap|容量"), ("Energy", "energy|能量"),
      ("Spec. Cap.", "spec. cap.|比容量"), ("Spec. Energy", "spec. energy|比能量"),
      ("Chg. Cap.", "chg. cap.|充电容量"), ("DChg. Cap.", "dchg. cap.|放电容量"),
      ("Chg. Energy", "chg. energy|充电能量"), ("DChg. Energy", "dchg. energy|放电能量"),
      ("Chg. Spec. Cap.", "chg. spec. cap.|充电比容量"),
      ("DChg. Spec. Cap.", "dchg. spec. cap.|放电比容量"),
      ("Date", "date|realtime|绝对时间|系统时间|日期"), ("Power", "power|功率"),
      ("Contact resistance", "contact resistance|接触电阻"),
    ] {
      for spelling in spellings.split(separator: "|") { result[String(spelling)] = label }
    }
    return result
  }()

  /// Labels that hardly any other program writes.
  private static let marks: Set<String> = [
    "DataPoint", "Cycle Index", "Step Index", "Step Type", "Chg. Cap.", "DChg. Cap.", "Chg. Energy",
    "DChg. Energy",
  ]

  private static let units: Set<String> = [
    "A", "mA", "uA", "µA", "μA", "V", "mV", "Ah", "mAh", "uAh", "As", "mAs", "Wh", "mWh", "Ws",
    "mWs", "W", "mW", "mAh/g", "Ah/kg", "mWh/g", "mO", "mΩ", "Ω", "s", "min", "h", "%", "℃", "°C",
    "h:min:s.ms", "H:M:S:ms", "hh:mm:ss", "mAh/V", "mAh/V.g",
  ]

  /// The label taken apart at its bracket: English words and the unit.
  static func parts(_ label: String) -> (english: String?, unit: String?) {
    var name = label
    var unit: String?
    if let open = label.firstIndex(where: { $0 == "(" || $0 == "（" }) {
      name = String(label[..<open])
      let rest = label[label.index(after: open)...]
      unit = String(rest.prefix { $0 != ")" && $0 != "）" })
    }
    let key = name.lowercased().split(separator: " ").joined(separator: " ")
    return (words[key], unit)
  }

  /// How many labels are known with a known unit or none, and how many of them are marks of Neware.
  static func count(_ labels: [String]) -> (known: Int, marks: Int) {
    var known: Set<String> = []
    for label in labels {
      let (english, unit) = parts(label)
      if let english, unit.map({ units.contains($0) }) ?? true { known.insert(english) }
    }
    return (known.count, known.intersection(marks).count)
  }

  /// The label that names a column: English, the unit in a spelling that units are read in.
  static func translated(_ label: String) -> String {
    let (english, unit) = parts(label)
    guard let english else { return label }
    return unit.map { "\(english)(\(spelled($0)))" } ?? english
  }

  /// The unit of a label in a spelling that is read, or nothing where the label's own will do.
  static func unit(_ label: String) -> String {
    guard let unit = parts(label).unit, spelled(unit) != unit else { return "" }
    return spelled(unit)
  }

  private static func spelled(_ unit: String) -> String {
    switch unit {
    // The export loses the sign of the ohm.
    case "mO": "mOhm"
    case "℃": "°C"
    case "h:min:s.ms", "H:M:S:ms": "hh:mm:ss"
    default: unit
    }
  }

  /// What the labels mean beyond the words that all cyclers share.
  static let vendor = CyclerColumns.Vendor(names: [
    "time": "step_time", "cumulative_time": "test_time", "datapoint": "record_index",
    "step_number": "step_count", "chg_cap": "step_charging_capacity",
    "dchg_cap": "step_discharging_capacity", "chg_energy": "step_charging_energy",
    "dchg_energy": "step_discharging_energy", "capacity": "", "energy": "",
  ])

  /// What stands between the cells of a line of labels.
  static func delimiter(_ line: String) -> TableDialect.Delimiter {
    let counts = [UInt8(ascii: ","), 0x09, UInt8(ascii: ";")].map { mark in
      (mark, line.utf8.count { $0 == mark })
    }
    return .character(counts.max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ","))
  }

  /// The cells of a line of labels; a blank around them is no part of them.
  static func cells(_ line: String) -> [String] {
    TableDialect(delimiter: delimiter(line)).cells(ByteView(utf8: line))
  }
}
