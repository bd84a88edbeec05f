public import Tables
internal import Units

/// What kind of cell a log belongs to.
public enum CellType: String, Hashable, Sendable, CaseIterable, Codable {
  /// Two electrodes of the same metal.
  case symmetric
  /// One working electrode against an alkali metal.
  case half
  /// Cathode against anode.
  case full
  /// Not given, and not told by the data.
  case unknown
}

/// The working electrode of a half cell.
public enum WorkingElectrode: String, Hashable, Sendable, CaseIterable, Codable {
  /// The electrode that is charged first by a negative current (graphite, Cu for plating).
  case anode
  /// The electrode that is charged by a positive current.
  case cathode
}

/// How a Coulombic efficiency is stated.
public enum EfficiencyMethod: String, Hashable, Sendable, CaseIterable, Codable {
  /// Cycle by cycle.
  case conventional
  /// From a reservoir that is plated once and stripped at the end.
  case reservoir
}

/// Every rule of the analysis of cycler logs, with its default.
public struct CyclingOptions: Hashable, Sendable, Codable {
  /// The kind of cell; nil detects a symmetric one.
  public var cell: CellType?
  /// The working electrode of a half cell.
  public var working: WorkingElectrode?
  /// The area of an electrode, cm²; nil takes the file's.
  public var area: Double?
  /// Who says the area: `option`, `sidecar` or `study`.
  public var areaSource = "option"
  /// The active mass, mg; nil for none.
  public var mass: Double?
  /// Whether overpotentials are halved, to be those of one electrode.
  public var perElectrode = false
  /// The least current that counts as load, A.
  public var restCurrent = 0.0
  /// The part of the 95th percentile of |I| below which a record rests.
  public var restFraction = 0.02
  /// The cycles of the reference overpotential.
  public var referenceCycles = 3...10
  /// The part of a half cycle in which it settles: nucleation peak in, soft shorts out.
  public var settle = 0.2
  /// The longest time from the last record before a change of current to the ohmic drop, s.
  public var ohmicWindow = 1.0
  /// The fall that makes a hard short.
  public var shortDrop = 0.5
  /// The time before a fall that its reference is the median of, s.
  public var shortWindow = 60.0
  /// The time that a fall must last, s.
  public var shortHold = 60.0
  /// The fall that makes a soft short.
  public var softDrop = 0.1
  /// The part of a fall that must be regained for a soft short, or for a collapse to be none.
  public var recovery = 0.8
  /// The growth of the overpotential that ends a cell.
  public var polarisationFactor = 2.0
  /// The accuracy of the voltmeter, V; nil leaves it out of the uncertainties.
  public var voltageAccuracy: Double?
  /// How a Coulombic efficiency is stated.
  public var efficiency = EfficiencyMethod.conventional
  /// The cycle that retention counts from.
  public var retentionReference = 1
  /// Whether dQ/dV is computed.
  public var differential = false
  /// The step of the voltage grid of dQ/dV, V.
  public var differentialStep = 1e-3
  /// The points of the smoothing window of dQ/dV, odd.
  public var differentialWindow = 11
  /// Whether files given together are one continued test.
  public var merge = false
  /// Whether the sign of the current is turned around.
  public var flipCurrent = false

  /// The defaults.
  public init() {}

  /// The area of a disc in cm² by its diameter in mm.
  public static func discArea(_ millimetres: Double) -> Double {
    Double.pi * millimetres * millimetres / 400
  }

  /// Every option with its value, defaults included, for the provenance.
  public var resolved: ResultObject {
    var list = ResultObject()
    func quantity(_ key: String, _ value: Double?, _ unit: String) {
      list[key] = value.map { .quantity(CyclingUnit.quantity($0, unit)) } ?? .null
    }
    list["cell"] = cell.map { .text($0.rawValue) } ?? .null
    list["working"] = working.map { .text($0.rawValue) } ?? .null
    quantity("area", area, "cm2")
    quantity("mass", mass, "mg")
    list["per_electrode"] = .flag(perElectrode)
    quantity("rest_current", restCurrent * 1e3, "mA")
    quantity("rest_fraction", restFraction * 100, "%")
    list["reference_cycles"] = .text("\(referenceCycles.lowerBound)-\(referenceCycles.upperBound)")
    quantity("settle", settle * 100, "%")
    quantity("ir_window", ohmicWindow, "s")
    quantity("short_drop", shortDrop * 100, "%")
    quantity("short_window", shortWindow, "s")
    quantity("short_hold", shortHold, "s")
    quantity("soft_drop", softDrop * 100, "%")
    quantity("recovery", recovery * 100, "%")
    quantity("polarisation_factor", polarisationFactor, "1")
    quantity("voltage_accuracy", voltageAccuracy.map { $0 * 1e3 }, "mV")
    list["ce"] = .text(efficiency.rawValue)
    list["retention_reference"] = .integer(retentionReference)
    list["dqdv"] = .flag(differential)
    quantity("dqdv_step", differentialStep * 1e3, "mV")
    list["dqdv_window"] = .integer(differentialWindow)
    list["merge"] = .flag(merge)
    list["flip_current"] = .flag(flipCurrent)
    return list
  }
}

/// Units of the results by their UCUM text.
enum CyclingUnit {
  static func unit(_ ucum: String) -> PhysicalUnit { (try? PhysicalUnit(ucum: ucum)) ?? .one }

  static func quantity(
    _ value: Double?, _ ucum: String, u: Double? = nil, trace: TraceID? = nil,
    source: String? = nil
  ) -> MeasuredValue {
    MeasuredValue(
      value, unit(ucum), u: u, uKind: u == nil ? nil : "propagated", trace: trace, source: source)
  }
}
