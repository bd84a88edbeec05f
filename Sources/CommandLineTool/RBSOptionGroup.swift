internal import ArgumentParser
internal import Interphase

/// The measurement and the physics of backscattering spectra; names, units and defaults stand in
/// `RBSOptions.descriptions`.
struct RBSSetupOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Sample file whose measurement counts, not its layers.", valueName: "file"))
  var setup: String?
  @Option(help: "The ion, such as 4He.")
  var ion: String?
  @Option(help: "Energy of the beam, keV.")
  var energy: String?
  @Option(help: "Number of ions.")
  var particles: String?
  @Option(help: "Charge of singly charged ions, uC.")
  var charge: String?
  @Option(help: "ibm, cornell or general.")
  var geometry: String?
  @Option(parsing: .unconditional, help: "Angle between beam and sample normal, deg.")
  var incidence: String?
  @Option(help: "Scattering angle, deg.")
  var scattering: String?
  @Option(parsing: .unconditional, help: "Exit angle, deg (default: derived).")
  var exit: String?
  @Option(help: "Solid angle of the detector, msr.")
  var solidAngle: String?
  @Option(parsing: .unconditional, help: "Energy of channel 0, keV.")
  var offset: String?
  @Option(help: "keV per channel.")
  var slope: String?
  @Option(parsing: .unconditional, help: "keV per channel squared.")
  var quadratic: String?
  @Option(help: "Energy resolution, full width at half maximum, keV.")
  var fwhm: String?
  @Option(help: "What the energy of a channel number means: left (lower edge) or centre.")
  var channelEnergy: String?
  @Option(help: "zbl95, zbl95+kkk, icru49, or a file of tables; files repeatable.")
  var stopping: [String] = []
  @Option(help: "bohr, chu, yang or none (default: chu).")
  var straggling: String?
  @Option(help: "andersen, lecuyer or none (default: andersen).")
  var screening: String?
  @Option(help: ArgumentHelp("Measured cross sections; repeatable.", valueName: "file"))
  var r33: [String] = []
  @Flag(help: "Take cross sections that were measured at another angle.")
  var force = false
  @Option(help: "Where a simulation ends, keV (default: 50).")
  var minEnergy: String?
  @Option(help: "Spread of energies by spot and aperture: on or off (default: as the file says).")
  var geometricSpread: String?

  var settings: [(String, String?)] {
    [
      ("setup", setup), ("ion", ion), ("energy", energy), ("particles", particles),
      ("charge", charge), ("geometry", geometry), ("incidence", incidence),
      ("scattering", scattering), ("exit", exit), ("solid-angle", solidAngle), ("offset", offset),
      ("slope", slope), ("quadratic", quadratic), ("fwhm", fwhm),
      ("channel-energy", channelEnergy), ("straggling", straggling), ("screening", screening),
      ("force", force ? "true" : nil), ("min-energy", minEnergy),
      ("geometric-spread", geometricSpread),
    ] + stopping.map { ("stopping", $0) } + r33.map { ("r33", $0) }
  }
}

/// How a sample is fitted.
struct RBSFitOptionGroup: ParsableArguments {
  @Option(help: ArgumentHelp("Sample file to start from.", valueName: "file"))
  var sample: String?
  @Option(help: "Density of layers that state none, g/cm3, with its uncertainty: '1.9 ± 0.1'.")
  var density: String?
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Range in keV or, as 200ch:449ch, in channels; repeatable.", valueName: "lo:hi"))
  var range: [String] = []
  @Option(help: "Free parameters, such as film.Al,film.O,particles.")
  var free: String?
  @Option(help: "Parameters that stay.")
  var fix: String?
  @Option(help: "lm or global (default: lm).")
  var method: String?
  @Option(help: "Relative standard uncertainty of charge and solid angle (default: 0.02).")
  var chargeUncertainty: String?
  @Option(help: "Relative standard uncertainty of the stopping of an element (default: 0.04).")
  var stoppingUncertainty: String?
  @Flag(help: "Repeat the fit under each stopping set.")
  var sensitivity = false

  var settings: [(String, String?)] {
    [
      ("sample", sample), ("density", density), ("free", free), ("fix", fix), ("method", method),
      ("charge-uncertainty", chargeUncertainty), ("stopping-uncertainty", stoppingUncertainty),
      ("sensitivity", sensitivity ? "true" : nil),
    ] + range.map { ("range", $0) }
  }
}

extension RBSOptions {
  /// Options from their names and texts; usage errors name the option and what it takes.
  init(settings: [(String, String?)]) throws {
    self.init()
    for case (let name, let text?) in settings {
      do {
        try setOption(name: name, text: text)
      } catch {
        throw UsageFailure("--\(name): \(error.diagnostic.message)")
      }
    }
    if particles != nil, charge != nil {
      throw UsageFailure("--particles and --charge: both say how many ions; expected one of them")
    }
  }
}
