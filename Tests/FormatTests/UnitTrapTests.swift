import Bytes
import DelimitedText
import Reading
import Tables
import Testing
import Units

/// The trap list of units: what instruments write, through bytes to a column with its unit.
///
/// What a text means is written here by hand: prefix and atom with their factors to SI from
/// ucum-essence 2.2 (<https://ucum.org>) and CODATA 2018, never by the parser under test.
@Suite struct UnitTrapTests {
  /// One text with what it must mean; a unit of nil means that it must not be read at all.
  struct Trap {
    var label: String
    /// The UCUM text, and 1 of it in SI.
    var ucum: String?
    var scale = 1.0
    /// What must be said about it.
    var code: String?
  }

  private enum Encoding: String, CaseIterable {
    case utf8 = "UTF-8", utf8Mark = "UTF-8 with mark", utf16le = "UTF-16LE", utf16be = "UTF-16BE"
    case utf16leMark = "UTF-16LE with mark", windows = "Windows-1252"

    func bytes(_ text: String) -> [UInt8]? {
      switch self {
      case .utf8: return Array(text.utf8)
      case .utf8Mark: return [0xEF, 0xBB, 0xBF] + text.utf8
      case .utf16le: return text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      case .utf16leMark:
        return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      case .utf16be: return text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      case .windows:
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
          guard scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) else { return nil }
          bytes.append(UInt8(scalar.value))
        }
        return bytes
      }
    }
  }

  private static let prefixes: [(texts: [String], ucum: String, factor: Double)] = [
    (["p", "pico"], "p", 1e-12), (["n", "nano"], "n", 1e-9),
    (["\u{B5}", "\u{3BC}", "u", "micro"], "u", 1e-6), (["m", "milli"], "m", 1e-3),
    (["k", "kilo"], "k", 1e3), (["M", "mega"], "M", 1e6), (["G", "giga"], "G", 1e9),
  ]

  /// Atoms: how they are written, their UCUM text, 1 of them in SI, and the prefixes in use.
  private static let atoms: [(texts: [String], ucum: String, factor: Double, prefixes: String)] = [
    (["m"], "m", 1, "pnum"), (["A"], "A", 1, "pnumk"), (["V"], "V", 1, "numk"),
    (["W"], "W", 1, "numkMG"), (["N"], "N", 1, "pnumk"), (["J"], "J", 1, "pnumk"),
    (["Pa"], "Pa", 1, "mkMG"), (["S"], "S", 1, "num"), (["F"], "F", 1, "pnum"),
    (["Hz"], "Hz", 1, "mkMG"), (["eV"], "eV", 1.602176634e-19, "mkM"),
    (["\u{3A9}", "\u{2126}", "Ohm", "ohm"], "Ohm", 1, "umkMG"), (["g"], "g", 1e-3, "num"),
    (["s"], "s", 1, "pnum"),
  ]

  /// Prefix × atom × code point.
  private static let prefixed: [Trap] = atoms.flatMap { atom in
    prefixes.filter { atom.prefixes.contains($0.ucum) }.flatMap { prefix in
      prefix.texts.flatMap { p in
        atom.texts.map {
          Trap(
            label: "x (\(p)\($0))", ucum: prefix.ucum + atom.ucum,
            scale: prefix.factor * atom.factor)
        }
      }
    }
  }

  private static func each(_ texts: [String], _ ucum: String, _ scale: Double) -> [Trap] {
    texts.map { Trap(label: "x (\($0))", ucum: ucum, scale: scale) }
  }

  /// The rows of the loose table.
  private static let spelled: [Trap] =
    each(["\u{C5}", "\u{212B}", "A\u{30A}", "A°", "angstrom", "Ang"], "Ao", 1e-10)
    + each(["°C", "degC", "Deg C", "℃"], "Cel", 1)
    + each(["°", "deg", "degree", "degrees"], "deg", 0.017453292519943295)
    + each(["cm²", "cm^2", "cm**2", "cm2"], "cm2", 1e-4)
    + each(["cm³", "cm^3"], "cm3", 1e-6)
    + each(["cm⁻²", "cm^-2", "cm**-2", "cm-2", "1/cm²", "1/cm^2"], "/cm2", 1e4)
    + each(["cm⁻¹", "1/cm", "cm^-1", "cm-1"], "/cm", 100)
    + each(
      ["mA·cm⁻²", "mA∙cm⁻²", "mA*cm^-2", "mA×cm^-2", "mA cm-2", "mA/cm²", "mA.cm-2"], "mA/cm2", 10)
    + each(["Ω·cm²", "Ω cm²", "Ohm*cm^2", "Ohm.cm2", "ohm cm^2"], "Ohm.cm2", 1e-4)
    + each(["sec", "secs", "Sec", "second", "seconds"], "s", 1) + each(["msec"], "ms", 1e-3)
    + each(["Min", "minutes", "min"], "min", 60) + each(["hr", "Hr", "hours", "h"], "h", 3600)
    + each(["days", "d"], "d", 86400) + each(["Amps", "amp"], "A", 1)
    + each(["Volts", "volt"], "V", 1) + each(["mAmp"], "mA", 1e-3) + each(["Watts"], "W", 1)
    + each(["Newton"], "N", 1) + each(["Ah", "Amp-hr", "A.h", "A·h"], "A.h", 3600)
    + each(["mAhr", "mAh", "mA.h"], "mA.h", 3.6) + each(["mAh/g", "mAh g-1"], "mA.h/g", 3600)
    + each(["Wh", "Watt-hr"], "W.h", 3600) + each(["mWh"], "mW.h", 3.6)
    + each(["mAs"], "mA.s", 1e-3) + each(["C"], "C", 1)
    + each(["at/cm2", "atoms/cm²", "at/cm²"], "/cm2", 1e4)
    + each(["1e15 at/cm2", "10^15 at/cm2", "TFU", "10*15/cm2"], "10*15/cm2", 1e19)
    + each(["cts", "counts"], "{count}", 1) + each(["cps", "c/s", "counts/s"], "{count}/s", 1)
    + each(["a.u.", "arb. units", "arb", "norm."], "[arb'U]", 1) + each(["%"], "%", 0.01)
    + each(["-", "none", "unitless"], "1", 1) + each(["mmHg"], "mm[Hg]", 133.322)
    + each(["N/m", "N m^-1", "N·m⁻¹"], "N/m", 1) + each(["nN/nm"], "nN/nm", 1)
    + each(["µA h", "\u{3BC}Ah"], "uA.h", 3.6e-3)

  /// What the column's name says settles a unit, aloud.
  private static let settled: [Trap] = [
    Trap(label: "Temperature (C)", ucum: "Cel", scale: 1, code: "unit.ambiguous"),
    Trap(label: "Deflection (A)", ucum: "m", scale: 1, code: "unit.ambiguous"),
    Trap(label: "k (A^-1)", ucum: "/Ao", scale: 1e10, code: "unit.ambiguous"),
    Trap(label: "q (1/A)", ucum: "/Ao", scale: 1e10, code: "unit.ambiguous"),
    Trap(label: "Deflection (nm)", ucum: "m", scale: 1),
    Trap(label: "Deflection (\u{B5}m)", ucum: "m", scale: 1),
    Trap(label: "Charge (C)", ucum: "C", scale: 1), Trap(label: "Current (A)", ucum: "A", scale: 1),
    Trap(label: "Frequency (KHZ)", ucum: "Hz", scale: 1, code: "unit.case"),
    Trap(label: "Time (S)", ucum: "s", scale: 1, code: "unit.case"),
    Trap(label: "Time (mS)", ucum: "s", scale: 1, code: "unit.case"),
    Trap(label: "Time (H)", ucum: "s", scale: 1, code: "unit.case"),
    Trap(label: "Voltage (mA)", ucum: "mA", scale: 1e-3),
    Trap(label: "Frequency (mhz)", ucum: nil, code: "unit.unknown"),
  ]

  /// Every form of a label.
  private static let labels: [Trap] = [
    Trap(label: "x [nm]", ucum: "nm", scale: 1e-9), Trap(label: "x / nm", ucum: "nm", scale: 1e-9),
    Trap(label: "x/nm", ucum: "nm", scale: 1e-9), Trap(label: "x, nm", ucum: "nm", scale: 1e-9),
    Trap(label: "<x>/mA", ucum: "mA", scale: 1e-3),
    Trap(label: "x (nm) [7]", ucum: "nm", scale: 1e-9), Trap(label: "dQ/dV", ucum: nil),
    Trap(label: "Z'/Ohm", ucum: "Ohm", scale: 1), Trap(label: "force_nN", ucum: "N", scale: 1),
    Trap(label: "x", ucum: nil), Trap(label: "x_nm", ucum: nil),
    Trap(label: "x (foo)", ucum: nil, code: "unit.unknown"),
    Trap(label: "x (W/m K)", ucum: nil, code: "unit.absent"),
    Trap(label: "x (5 V)", ucum: nil, code: "unit.absent"),
  ]

  private static let values = [2.5, 3.5, -1.25, 7]

  /// The value of a column whose unit is converted to the canonical one.
  private static let converted: [String: Double] = [
    "Deflection (A)": 1e-10, "Deflection (nm)": 1e-9, "Deflection (\u{B5}m)": 1e-6,
    "Frequency (KHZ)": 1e3, "Time (mS)": 1e-3, "Time (H)": 3600, "force_nN": 1e-9,
  ]

  /// What went wrong with one text in one encoding; nil where nothing did.
  private static func slip(_ trap: Trap, _ bytes: [UInt8]) throws -> String? {
    let dataset = try DelimitedTable.read(
      ByteView(bytes), name: "trap.txt", options: ReadOptions())
    guard let column = dataset.tables.first?.columns.last, column.label == trap.label else {
      return "label '\(dataset.tables.first?.columns.last?.label ?? "")'"
    }
    let unit = column.unit.unit
    if unit?.ucum != trap.ucum { return "read as '\(unit?.ucum ?? "nothing")'" }
    if let unit, abs(unit.scale / trap.scale - 1) > 1e-15 { return "1 of it is \(unit.scale) SI" }
    let factor = converted[trap.label] ?? 1
    for (value, written) in zip(column.real ?? [], values)
    where abs(value - written * factor) > 1e-15 * abs(written * factor) {
      return "\(written) became \(value)"
    }
    let codes = dataset.diagnostics.map(\.code)
    if let code = trap.code, !codes.contains(code) { return "no \(code)" }
    if trap.code == nil, codes.contains(where: { $0.hasPrefix("unit.") && $0 != "unit.absent" }) {
      return "said \(codes.joined(separator: ", "))"
    }
    return nil
  }

  /// Done-point 2 of the data model: 0 slips over the whole list, in every encoding that holds the text.
  @Test func noSlipOverTheTrapList() throws {
    let traps = Self.prefixed + Self.spelled + Self.settled + Self.labels
    var slips: [String] = []
    var table = "label | unit | encodings | slips\n"
    var cases = 0
    for trap in traps {
      let text =
        "n\t\(trap.label)\n" + Self.values.enumerated().map { "\($0)\t\($1)\n" }.joined()
      var count = 0
      var found: [String] = []
      for encoding in Encoding.allCases {
        guard let bytes = encoding.bytes(text) else { continue }
        count += 1
        if let slip = try Self.slip(trap, bytes) { found.append("\(encoding.rawValue): \(slip)") }
      }
      cases += count
      table += "\(trap.label) | \(trap.ucum ?? "–") | \(count) | \(found.count)\n"
      slips += found.map { "'\(trap.label)' in \($0)" }
    }
    print(table)
    print("\(traps.count) texts, \(cases) cases through bytes, \(slips.count) slips")
    #expect(traps.count >= 200)
    #expect(slips.isEmpty, "\(slips.joined(separator: "\n"))")
  }

  /// Pairs that must never be the same, whatever is expected.
  @Test func pairsThatDiffer() throws {
    for (a, b, expected) in [
      ("mS", "ms", nil), ("M", "m", nil), ("h", "H", nil), ("S", "s", nil), ("mPa", "MPa", nil),
      ("mHz", "MHz", nil), ("Pa", "PA", nil), ("g", "G", nil), ("k", "K", nil), ("nm", "Nm", nil),
      ("A", "A", Length.dimension), ("cd", "Cd", nil), ("T", "t", nil), ("mA.h", "mA/h", nil),
      ("cm-2", "cm2", nil), ("d", "D", nil), ("min", "Min-1", nil), ("eV", "EV", nil),
    ] as [(String, String, Dimension?)] {
      let left = PhysicalUnit.loose(a)
      let right = PhysicalUnit.loose(b, expecting: expected)
      let isSame =
        left != nil && right != nil && left?.unit.dimension == right?.unit.dimension
        && left?.unit.scale == right?.unit.scale && right?.remark == nil
      #expect(!isSame, "\(a) and \(b)")
    }
  }

  /// Every unit that was read prints UCUM which is read as the same unit again.
  @Test func printedUnitsAreReadAgain() throws {
    for trap in Self.prefixed + Self.spelled {
      let text = String(trap.label.dropFirst(3).dropLast())
      let unit = try #require(PhysicalUnit.loose(text)?.unit, "\(text)")
      let again = try PhysicalUnit(ucum: unit.ucum)
      #expect(again.ucum == unit.ucum && again.dimension == unit.dimension)
      #expect(again.scale == unit.scale && again.canonical.ucum == unit.ucum)
    }
  }
}
