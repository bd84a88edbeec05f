public import Tables
internal import Units

/// A window of energies in eV: absolute, or counted from e0.
public struct EnergyWindow: Hashable, Sendable {
  /// One end of a window.
  public enum Limit: Hashable, Sendable {
    /// An energy in eV.
    case absolute(Double)
    /// A distance from e0 in eV.
    case fromEdge(Double)

    func energy(_ e0: Double) -> Double {
      switch self {
      case .absolute(let energy): energy
      case .fromEdge(let distance): e0 + distance
      }
    }

    /// The limit in words, such as `e0-5` or `1556`.
    var text: String {
      switch self {
      case .absolute(let energy): XASText.number(energy)
      case .fromEdge(let distance):
        distance < 0
          ? "e0\(XASText.number(distance))" : "e0+\(XASText.number(distance))"
      }
    }
  }

  /// Both ends.
  public var from: Limit, to: Limit

  /// The energies for an edge energy; nil where the ends are in the wrong order.
  func range(_ e0: Double) -> ClosedRange<Double>? {
    let (a, b) = (from.energy(e0), to.energy(e0))
    return a < b ? a...b : nil
  }

  /// The window as `A:B`.
  public var text: String { "\(from.text):\(to.text)" }
}

/// Every rule of the analysis of absorption spectra, with its default.
public struct XASOptions: Hashable, Sendable {
  /// How a spectrum is normalised.
  public enum Convention: String, Hashable, Sendable, CaseIterable {
    /// The default: docs/xas.md.
    case interphase
    /// As larch does.
    case larch
    /// As Athena does.
    case athena
  }

  /// Whether the parameters that a project stores are used.
  public enum Parameters: String, Hashable, Sendable, CaseIterable {
    /// What the convention finds; Athena's convention uses stored ones.
    case auto
    /// What the file stores.
    case stored
  }

  /// What was measured.
  public enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
    /// What the labels and the data tell.
    case auto
    /// A stored absorption.
    case mu
    /// ln(I0/It).
    case transmission
    /// Fluorescence over I0.
    case fluorescence
    /// Electron yield over I0.
    case yield
    /// ln(It/Iref).
    case reference
  }

  /// The unit of the energy axis.
  public enum AxisUnit: String, Hashable, Sendable, CaseIterable {
    /// Energies.
    case eV, keV
    /// Bragg angles.
    case deg, mdeg
    /// Motor steps.
    case steps
  }

  /// What the ordinate is divided by.
  public enum Scaling: String, Hashable, Sendable, CaseIterable {
    /// The edge step.
    case edgeStep = "edge-step"
    /// The area over the peak window.
    case area
    /// The maximum in the peak window.
    case max
    /// A match to tabulated scattering factors.
    case mback
    /// The values as they are.
    case none
  }

  /// How repeats are merged.
  public enum Merging: String, Hashable, Sendable, CaseIterable {
    /// The plain mean.
    case mean
    /// Weights 1/σ².
    case weighted
  }

  /// The array that is fitted.
  public enum FitArray: String, Hashable, Sendable, CaseIterable {
    /// The normalised, the flattened absorption, the absorption itself.
    case norm, flat, mu
  }

  /// The convention.
  public var convention = Convention.interphase
  /// Whether stored parameters count.
  public var parameters: Parameters?
  /// The column that is the energy: a label, a canonical name or `$N`.
  public var energy: String?
  /// The unit of that column.
  public var energyUnit: AxisUnit?
  /// The lattice spacing of the monochromator in Å, for angles.
  public var spacing: Double?
  /// Motor steps per degree, for `steps`.
  public var stepsPerDegree: Double?
  /// The formula of the absorption.
  public var mu: SignalExpression?
  /// What was measured.
  public var mode = Mode.auto
  /// Patterns of the names of the spectra that are taken; empty takes all.
  public var select: [String] = []
  /// The absorber.
  public var element: String?
  /// The edge.
  public var edge: String?
  /// Elements whose edges limit the fit.
  public var sample: [String] = []
  /// What the user fixed of the normalisation.
  public var choices = NormalisationChoices()
  /// What the ordinate is divided by; nil takes the edge step, or nothing for a normalised column.
  public var scaling: Scaling?
  /// Where the white line is looked for.
  public var peakWindow: EnergyWindow?
  /// The reference of shifts: `FILE`, `FILE#SPECTRUM` or `#SPECTRUM`.
  public var reference: String?
  /// Where shifts are fitted.
  public var shiftWindow: EnergyWindow?
  /// Whether spectra are moved onto the reference before they are merged.
  public var align = false
  /// The e0 that the reference is given, in eV.
  public var calibrate: Double?
  /// What is added to every energy, in eV.
  public var energyShift: Double?
  /// The model of a fit, or `auto`.
  public var fit: String?
  /// Where it is fitted.
  public var fitWindow: EnergyWindow?
  /// What is fitted.
  public var fitArray = FitArray.norm
  /// The standards of a linear combination.
  public var standards: [String] = []
  /// Where a linear combination is fitted.
  public var mixtureWindow: EnergyWindow?
  /// Whether weights sum to one.
  public var sumToOne = false
  /// Whether weights are at least zero.
  public var nonNegative = false
  /// How repeats are merged; nil for not at all.
  public var merge: Merging?
  /// Whether continuous scans are binned.
  public var rebin = false
  /// Whether the dead time of the detector is taken out of fluorescence.
  public var deadTime = false
  /// A spectrum of the blank, to be divided by.
  public var blank: String?
  /// The absorption of that blank, once it is read.
  public var blankScan: AbsorptionScan?
  /// The parameter of the over-absorption correction.
  public var alpha: Double?
  /// Whether arrays stand in the result.
  public var arrays = false

  /// The defaults.
  public init() {}

  /// Every option with its value, defaults included, for the provenance.
  public var resolved: ResultObject {
    var list = ResultObject()
    func text(_ key: String, _ value: String?) { list[key] = value.map { .text($0) } ?? .null }
    func number(_ key: String, _ value: Double?, _ unit: String) {
      list[key] = value.map { .quantity(XASUnit.quantity($0, unit)) } ?? .null
    }
    func range(_ key: String, _ value: ClosedRange<Double>?) {
      text(key, value.map { "\(XASText.number($0.lowerBound)):\(XASText.number($0.upperBound))" })
    }
    text("convention", convention.rawValue)
    text("parameters", (parameters ?? (convention == .athena ? .stored : .auto)).rawValue)
    text("energy", energy)
    text("energy_unit", energyUnit?.rawValue)
    number("d_spacing", spacing, "Ao")
    number("steps_per_degree", stepsPerDegree, "1")
    text("mu", mu?.text)
    text("mode", mode.rawValue)
    list["select"] = .list(select.map { .text($0) })
    text("element", element)
    text("edge", edge)
    list["sample"] = .list(sample.map { .text($0) })
    number("e0", choices.e0, "eV")
    range("pre", choices.pre)
    range("norm", choices.post)
    text("pre_degree", choices.preDegree.map { "\($0)" } ?? "auto")
    list["degree"] = choices.degree.map { .integer($0) } ?? .null
    list["victoreen"] = .integer(choices.victoreen)
    text("normalise", scaling?.rawValue)
    text("peak_window", peakWindow?.text ?? "e0-5:e0+25")
    text("reference", reference)
    text("shift_window", shiftWindow?.text ?? "e0-10:e0+20")
    list["align"] = .flag(align)
    number("calibrate", calibrate, "eV")
    number("energy_shift", energyShift, "eV")
    text("fit", fit)
    text("fit_window", fitWindow?.text)
    text("fit_array", fitArray.rawValue)
    list["standard"] = .list(standards.map { .text($0) })
    text("lcf_window", mixtureWindow?.text)
    list["sum_to_one"] = .flag(sumToOne)
    list["non_negative"] = .flag(nonNegative)
    text("merge", merge?.rawValue)
    text("rebin", rebin ? "boxcar" : nil)
    list["dead_time"] = .flag(deadTime)
    text("blank", blank)
    number("alpha", alpha, "1")
    list["arrays"] = .flag(arrays)
    return list
  }
}

/// Units of the results by their UCUM text.
enum XASUnit {
  /// The unit of nearly every number.
  private static let electronvolt = (try? PhysicalUnit(ucum: "eV")) ?? .one

  static func unit(_ ucum: String) -> PhysicalUnit {
    switch ucum {
    case "eV": electronvolt
    case "1": .one
    default: (try? PhysicalUnit(ucum: ucum)) ?? .one
    }
  }

  static func quantity(
    _ value: Double?, _ ucum: String, u: Double? = nil, kind: String = "propagated",
    trace: TraceID? = nil, source: String? = nil
  ) -> MeasuredValue {
    MeasuredValue(
      value, unit(ucum), u: u, uKind: u == nil ? nil : kind, trace: trace, source: source)
  }
}

/// Numbers in diagnostics and captions.
enum XASText {
  /// A number without a trailing `.0`.
  static func number(_ x: Double) -> String {
    guard x.isFinite else { return "–" }
    if let whole = Int64(exactly: x) { return "\(whole)" }
    return "\(x)"
  }

  /// A number rounded to so many decimals.
  static func rounded(_ x: Double, _ decimals: Int) -> String {
    guard x.isFinite, x.magnitude < 1e12 else { return number(x) }
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    return number((x * factor).rounded() / factor)
  }
}
