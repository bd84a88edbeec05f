internal import ArgumentParser
internal import Interphase

/// The options of the analysis of cycler logs; their names, units and defaults stand in
/// `CyclingOptions.descriptions`.
struct CyclingOptionGroup: ParsableArguments {
  @Option(help: "symmetric, half or full; a symmetric cell is detected, others are not.")
  var cell: String?
  @Option(help: "Working electrode of a half cell: anode (also Li||Cu) or cathode.")
  var working: String?
  @Option(help: "Area of an electrode, cm2 (default: the file's).")
  var area: String?
  @Option(help: "Diameter of a disc, mm, in place of the area.")
  var disc: String?
  @Option(help: "Active mass, mg.")
  var mass: String?
  @Flag(help: "Halve overpotentials and resistances: those of one electrode.")
  var perElectrode = false
  @Option(help: "Least current that counts as load, mA (default: 2 % of the 95th percentile).")
  var restCurrent: String?
  @Option(help: "Cycles of the reference overpotential (default: 3-10).")
  var referenceCycles: String?
  @Option(help: "Part of a half cycle in which it settles, % (default: 20).")
  var settle: String?
  @Option(help: "Longest time from a change of current to the ohmic drop, s (default: 1).")
  var irWindow: String?
  @Option(help: "Fall that makes a hard short, % (default: 50).")
  var shortDrop: String?
  @Option(help: "Time before a fall that its reference is the median of, s (default: 60).")
  var shortWindow: String?
  @Option(help: "Time that a fall must last, s (default: 60).")
  var shortHold: String?
  @Option(help: "Fall that makes a soft short, % (default: 10).")
  var softDrop: String?
  @Option(help: "Part of a fall that a soft short regains, % (default: 80).")
  var recovery: String?
  @Option(help: "Growth of the overpotential that ends a cell (default: 2).")
  var polarisationFactor: String?
  @Option(help: "Accuracy of the voltmeter, mV, for the uncertainties.")
  var voltageAccuracy: String?
  @Option(help: "Coulombic efficiency: conventional or reservoir (default: conventional).")
  var ce: String?
  @Option(help: "Cycle that retention counts from (default: 1).")
  var retentionReference: String?
  @Flag(help: "Compute dQ/dV and its peaks.")
  var dqdv = false
  @Option(help: "Step of the voltage grid of dQ/dV, mV (default: 1).")
  var dqdvStep: String?
  @Option(help: "Points of the smoothing window of dQ/dV, odd (default: 11).")
  var dqdvWindow: String?
  @Flag(help: "The files are one continued test.")
  var merge = false
  @Flag(help: "Turn the sign of the current around.")
  var flipCurrent = false

  /// The options of the analysis; usage errors name the option and what it takes.
  func resolve() throws -> CyclingOptions {
    if area != nil, disc != nil { throw UsageFailure("--area and --disc exclude each other") }
    let settings: [(String, String?)] = [
      ("cell", cell), ("working", working), ("area", area), ("disc", disc), ("mass", mass),
      ("per-electrode", perElectrode ? "true" : nil), ("rest-current", restCurrent),
      ("reference-cycles", referenceCycles), ("settle", settle), ("ir-window", irWindow),
      ("short-drop", shortDrop), ("short-window", shortWindow), ("short-hold", shortHold),
      ("soft-drop", softDrop), ("recovery", recovery),
      ("polarisation-factor", polarisationFactor), ("voltage-accuracy", voltageAccuracy),
      ("ce", ce), ("retention-reference", retentionReference), ("dqdv", dqdv ? "true" : nil),
      ("dqdv-step", dqdvStep), ("dqdv-window", dqdvWindow), ("merge", merge ? "true" : nil),
      ("flip-current", flipCurrent ? "true" : nil),
    ]
    var options = CyclingOptions()
    for case (let name, let text?) in settings {
      do {
        try options.setOption(name: name, text: text)
      } catch {
        throw UsageFailure("--\(name): \(error.diagnostic.message)")
      }
    }
    if options.working != nil, options.cell != .half {
      throw UsageFailure("--working needs --cell half")
    }
    return options
  }
}
