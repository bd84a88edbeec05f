/// The kinds of steps that Neware's files number.
enum NewareStepType {
  /// The vendor's names by number, in the spelling of its own tables.
  static let names: [Int64: String] = [
    0: "Undefined", 1: "CC_Chg", 2: "CC_DChg", 3: "CV_Chg", 4: "Rest", 5: "Cycle", 6: "End",
    7: "CCCV_Chg", 8: "CP_DChg", 9: "CP_Chg", 10: "CR_DChg", 11: "CR_Chg", 12: "IR", 13: "Pause",
    16: "Pulse", 17: "SIM", 18: "PCCCV_Chg", 19: "CV_DChg", 20: "CCCV_DChg", 21: "Control",
    22: "OCV", 23: "SubStep", 24: "Follow", 25: "Ramp", 26: "CPCV_DChg", 27: "CPCV_Chg",
    28: "CRCV_DChg", 29: "CRCV_Chg", 30: "CyclicVoltammetry",
  ]

  /// Version 15 (BTS 9) numbers two kinds otherwise.
  static func standard(ofBTS9 type: Int64) -> Int64 { type == 21 ? 27 : type == 22 ? 26 : type }

  /// The name of a number; `type N` for one that is not known.
  static func name(_ type: Int64) -> String { names[type] ?? "type \(type)" }

  /// 1 for a step that charges, -1 for one that discharges, 0 for any other.
  static func direction(_ type: Int64) -> Int {
    switch type {
    case 1, 3, 7, 9, 11, 18, 27, 29: 1
    case 2, 8, 10, 19, 20, 26, 28: -1
    default: 0
    }
  }
}
