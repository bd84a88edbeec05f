internal import ArgumentParser
internal import Interphase

/// The options of the analysis of absorption spectra; their names, units and defaults stand in
/// `XASOptions.descriptions`.
struct XASOptionGroup: ParsableArguments {
  @Option(help: "interphase, larch or athena (default: interphase).")
  var convention: String?
  @Option(help: "auto or stored: whether a project's parameters count.")
  var parameters: String?
  @Option(help: "Column of the energy: label, canonical name or $N.")
  var energy: String?
  @Option(help: "Unit of the energy column: eV, keV, deg, mdeg or steps.")
  var energyUnit: String?
  @Option(help: "Lattice spacing of the monochromator, Ao, for angles.")
  var dSpacing: String?
  @Option(help: "Motor steps in a degree, for an axis of steps.")
  var stepsPerDegree: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Formula of the absorption over $N and {label}: 'ln($3/$4)', '({If1} + {If2})/{I0}'.",
      valueName: "expr"))
  var mu: String?
  @Option(help: "auto, mu, transmission, fluorescence, yield or reference.")
  var mode: String?
  @Option(help: "Group, scan or entry to take, with * and ?; repeatable.")
  var select: [String] = []
  @Option(help: "The absorber (default: the file's, else the nearest edge).")
  var element: String?
  @Option(help: "K, L1, L2, L3, M4 or M5.")
  var edge: String?
  @Option(help: "Elements whose edges limit the fit, such as Al,Si.")
  var sample: String?
  @Option(help: "The edge energy, eV (default: found).")
  var e0: String?
  @Option(parsing: .unconditional, help: "Pre-edge range A:B, eV relative to e0.")
  var pre: String?
  @Option(parsing: .unconditional, help: "Post-edge range A:B, eV relative to e0.")
  var norm: String?
  @Option(help: "Degree of the pre-edge: auto, 0 or 1.")
  var preDegree: String?
  @Option(help: "Degree of the post-edge, 0 to 5.")
  var degree: String?
  @Option(help: "Victoreen exponent of the pre-edge.")
  var victoreen: String?
  @Option(help: "edge-step, area, max, mback or none (default: edge-step).")
  var normalise: String?
  @Option(
    parsing: .unconditional, help: "Where the white line is looked for (default: e0-5:e0+25).")
  var peakWindow: String?
  @Option(
    help: ArgumentHelp(
      "Reference of shifts: FILE, FILE#SPECTRUM or #SPECTRUM.", valueName: "ref"))
  var reference: String?
  @Option(parsing: .unconditional, help: "Where shifts are fitted (default: e0-10:e0+20).")
  var shiftWindow: String?
  @Flag(help: "Move spectra onto the reference before they are merged.")
  var align = false
  @Option(help: "The e0 that the reference is given, eV; all spectra move along.")
  var calibrate: String?
  @Option(parsing: .unconditional, help: "What is added to every energy, eV.")
  var energyShift: String?
  @Option(
    help: ArgumentHelp(
      "Step and peaks: TERM+TERM…, TERM atan, erf, gauss, lorentz or pvoigt@CENTER[key=fixed,key~start]; or auto.",
      valueName: "model"))
  var fit: String?
  @Option(parsing: .unconditional, help: "Where the model is fitted (default: e0-10:e0+15).")
  var fitWindow: String?
  @Option(help: "What is fitted: norm, flat or mu (default: norm).")
  var fitArray: String?
  @Option(
    help: ArgumentHelp("Standard of a linear combination; repeatable.", valueName: "ref"))
  var standard: [String] = []
  @Option(
    parsing: .unconditional, help: "Where a combination is fitted (default: e0-20:e0+30).")
  var lcfWindow: String?
  @Flag(help: "Weights of a combination sum to one.")
  var sumToOne = false
  @Flag(help: "Weights of a combination are not negative.")
  var nonNegative = false
  @Option(help: "Merge the spectra of the batch: mean or weighted.")
  var merge: String?
  @Option(help: "Bin continuous scans before the analysis: boxcar.")
  var rebin: String?
  @Flag(help: "Take the dead time out of fluorescence, each detector by its rates: ROI*ICR/OCR.")
  var deadTime = false
  @Option(help: ArgumentHelp("Spectrum of the blank, to be divided by.", valueName: "file"))
  var blank: String?
  @Option(help: "Parameter of the over-absorption correction.")
  var alpha: String?
  @Flag(help: "Add the arrays to the JSON.")
  var arrays = false

  /// The options of the analysis; usage errors name the option and what it takes.
  func resolve() throws -> XASOptions {
    let settings: [(String, String?)] =
      [
        ("convention", convention), ("parameters", parameters), ("energy", energy),
        ("energy-unit", energyUnit), ("d-spacing", dSpacing),
        ("steps-per-degree", stepsPerDegree), ("mu", mu), ("mode", mode), ("element", element),
        ("edge", edge), ("sample", sample), ("e0", e0), ("pre", pre), ("norm", norm),
        ("pre-degree", preDegree), ("degree", degree), ("victoreen", victoreen),
        ("normalise", normalise), ("peak-window", peakWindow), ("reference", reference),
        ("shift-window", shiftWindow), ("align", align ? "true" : nil), ("calibrate", calibrate),
        ("energy-shift", energyShift), ("fit", fit), ("fit-window", fitWindow),
        ("fit-array", fitArray), ("lcf-window", lcfWindow),
        ("sum-to-one", sumToOne ? "true" : nil), ("non-negative", nonNegative ? "true" : nil),
        ("merge", merge), ("rebin", rebin), ("dead-time", deadTime ? "true" : nil),
        ("blank", blank), ("alpha", alpha),
        ("arrays", arrays ? "true" : nil),
      ] + select.map { ("select", $0) } + standard.map { ("standard", $0) }
    var options = XASOptions()
    for case (let name, let text?) in settings {
      do {
        try options.setOption(name: name, text: text)
      } catch {
        throw UsageFailure("--\(name): \(error.diagnostic.message)")
      }
    }
    return options
  }
}
