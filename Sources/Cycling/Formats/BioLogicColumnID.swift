internal import Bytes

/// What the numbers of columns in a `VMP data` module stand for.
///
/// The numbers were found by the authors of readers (galvani, yadg) and checked against text exports of
/// the same tests. From EC-Lab 11 on most numbers from 174 up are written with 256 added.
enum BioLogicColumnID {
  /// What a column is.
  enum Meaning: Equatable {
    /// Bits of the one flag byte of each record.
    case flag(String, mask: Int64, shift: Int64)
    /// A number under EC-Lab's name for it.
    case number(String, NumberLayout)
    /// Nobody knows.
    case unknown
  }

  /// The parts of the flag byte.
  private static let flags: [Int: (String, Int64, Int64)] = [
    1: ("mode", 0x03, 0), 2: ("ox/red", 0x04, 2), 3: ("error", 0x08, 3),
    21: ("control changes", 0x10, 4), 31: ("Ns changes", 0x20, 5), 65: ("counter inc.", 0x80, 7),
  ]

  private static let doubles: [Int: String] = [
    4: "time/s", 7: "dq/mA.h", 11: "<I>/mA", 13: "(Q-Qo)/mA.h", 23: "dQ/mA.h", 24: "cycle number",
    74: "|Energy|/W.h", 110: "Energy ce/W.h", 112: "Energy we/W.h", 115: "Energy ce charge/W.h",
    116: "Energy ce discharge/W.h", 123: "Energy charge/W.h", 124: "Energy discharge/W.h",
    125: "Capacitance charge/µF", 126: "Capacitance discharge/µF", 182: "step time/s",
    211: "Q charge/discharge/mA.h", 438: "step time/s", 467: "Q charge/discharge/mA.h",
  ]

  private static let floats: [Int: String] = [
    5: "control/V/mA", 6: "Ewe/V", 8: "I/mA", 9: "Ece/V", 15: "Phase(Z1)/deg",
    16: "Analog IN 1/V", 17: "Analog IN 2/V", 19: "control/V", 20: "control/mA", 26: "Rapp/Ohm",
    27: "Ewe-Ece/V", 32: "freq/Hz", 33: "|Ewe|/V", 34: "|I|/A", 35: "Phase(Z)/deg",
    36: "|Z|/Ohm", 37: "Re(Z)/Ohm", 38: "-Im(Z)/Ohm", 45: "|Z1|/Ohm", 46: "|Z2|/Ohm",
    69: "R/Ohm", 70: "P/W", 75: "Analog OUT/V", 76: "<I>/mA", 77: "<Ewe>/V",
    78: "Cs-2/µF-2", 96: "|Ece|/V", 98: "Phase(Zce)/deg", 99: "|Zce|/Ohm", 100: "Re(Zce)/Ohm",
    101: "-Im(Zce)/Ohm", 105: "-Im(Z1)/Ohm", 106: "-Im(Z2)/Ohm", 135: "<E1>/V", 136: "<E2>/V",
    163: "|Estack|/V", 166: "Phase(Zstack)/deg", 167: "|Zstack|/Ohm", 168: "Rcmp/Ohm",
    169: "Cs/µF", 172: "Cp/µF", 173: "Cp-2/µF-2", 174: "<Ewe>/V", 175: "|Zwe-ce|/Ohm",
    176: "Re(Zwe-ce)/Ohm", 177: "-Im(Zwe-ce)/Ohm", 178: "(Q-Qo)/C", 179: "dQ/C",
    185: "<Ece>/V", 206: "Temperature/°C", 215: "<Ece>/V", 217: "THD Ewe/%", 218: "THD I/%",
    219: "THD Ece/%", 220: "NSD Ewe/%", 221: "NSD I/%", 222: "NSD Ece/%", 223: "NSR Ewe/%",
    224: "NSR I/%", 225: "NSR Ece/%", 230: "|Ewe h2|/V", 231: "|Ewe h3|/V", 232: "|Ewe h4|/V",
    233: "|Ewe h5|/V", 234: "|Ewe h6|/V", 235: "|Ewe h7|/V", 236: "|I h2|/A", 237: "|I h3|/A",
    238: "|I h4|/A", 239: "|I h5|/A", 240: "|I h6|/A", 241: "|I h7|/A", 242: "|Ece h2|/V",
    243: "|Ece h3|/V", 244: "|Ece h4|/V", 245: "|Ece h5|/V", 246: "|Ece h6|/V",
    247: "|Ece h7|/V", 248: "Rac/Ohm", 249: "Rdc/Ohm", 271: "Phase(Z1)/deg",
    272: "Phase(Z2)/deg", 301: "|Z1|/Ohm", 302: "|Z2|/Ohm", 331: "Re(Z1)/Ohm", 332: "Re(Z2)/Ohm",
    361: "-Im(Z1)/Ohm", 362: "-Im(Z2)/Ohm", 391: "<E1>/V", 392: "<E2>/V",
    422: "Phase(Zstack)/deg", 423: "|Zstack|/Ohm", 424: "Re(Zstack)/Ohm", 425: "-Im(Zstack)/Ohm",
    426: "<Estack>/V",
  ]

  private static let others: [Int: (String, NumberLayout)] = [
    39: ("I Range", .uint16), 131: ("Ns", .uint16), 212: ("half cycle", .uint32),
    468: ("half cycle", .uint32), 213: ("z cycle", .uint32), 469: ("z cycle", .uint32),
    253: ("Acir/Dcir Control", .uint8), 509: ("Acir/Dcir Control", .uint8),
  ]

  /// Numbers with a second meaning of another size: the harmonics of the counter electrode in spectra,
  /// charges that EC-Lab stores itself in files of other techniques.
  private static let second: [Int: String] = [
    498: "Q charge/mA.h", 499: "Q discharge/mA.h", 500: "step time/s", 501: "Efficiency/%",
    502: "Capacity/mA.h",
  ]

  /// What a column is, in the company of all columns of the file.
  ///
  /// - Parameter alternative: whether the second meanings count.
  static func meaning(of id: Int, among ids: Set<Int>, alternative: Bool) -> Meaning {
    if let flag = flags[id] { return .flag(flag.0, mask: flag.1, shift: flag.2) }
    if alternative, let label = second[id] { return .number(label, .float64) }
    // <Ewe> where nothing else is the potential, the phase of Zwe-ce beside Ewe or <Ewe>.
    if id == 174 || id == 430 {
      let isPhase = !ids.isDisjoint(with: [6, 77]) || !ids.isDisjoint(with: [175, 431])
      return .number(isPhase ? "Phase(Zwe-ce)/deg" : "<Ewe>/V", .float32)
    }
    return plain(id) ?? (id > 255 ? plain(id % 256) : nil) ?? .unknown
  }

  /// Whether the meaning of a number is taken from the one below 256 that it is written for.
  static func isRelated(_ id: Int) -> Bool {
    id > 511 && plain(id) == nil && plain(id % 256) != nil
  }

  private static func plain(_ id: Int) -> Meaning? {
    if let label = floats[id] { return .number(label, .float32) }
    if let label = doubles[id] { return .number(label, .float64) }
    return others[id].map { .number($0.0, $0.1) }
  }

  /// The names of techniques by the first byte of the settings.
  static let techniques: [UInt8: String] = [
    0x04: "Galvanostatic Cycling with Potential Limitation", 0x06: "Cyclic Voltammetry",
    0x0B: "Open Circuit Voltage", 0x16: "Modular Potentio", 0x18: "Chronoamperometry",
    0x19: "Chronopotentiometry", 0x1C: "Wait",
    0x1D: "Potentio Electrochemical Impedance Spectroscopy",
    0x1E: "Galvano Electrochemical Impedance Spectroscopy", 0x32: "IR compensation (PEIS)",
    0x6C: "Linear Sweep Voltammetry", 0x75: "Constant Voltage", 0x76: "Constant Current",
    0x77: "Galvanostatic Cycling with Potential Limitation", 0x7F: "Modulo Bat",
    0x88: "Battery Capacity Determination",
  ]
}
