/// What a fit may change.
public enum FitTarget: Hashable, Sendable {
  /// The areal density of an element of a layer in 1e15 at/cm2.
  case element(layer: Int, part: Int)
  /// The areal density of a layer, its composition kept, in 1e15 at/cm2.
  case arealDensity(layer: Int)
  /// The FWHM of a layer's thickness in 1e15 at/cm2.
  case roughness(layer: Int)
  /// The factor on a layer's yield.
  case yieldScale(layer: Int)
  /// The factor on a layer's stopping.
  case stoppingScale(layer: Int)
  /// The number of ions.
  case particles
  /// The energy of the beam in keV.
  case energy
  /// The calibration's energy of channel 0 in keV.
  case offset
  /// The calibration's keV per channel.
  case slope
  /// The resolution in keV.
  case fwhm

  /// The target of a name such as `film.Al`, `film.areal_density`, `particles`; nil for any other.
  public init?(_ name: String, layers: [SampleLayer]) {
    switch name {
    case "particles": self = .particles
    case "energy": self = .energy
    case "offset": self = .offset
    case "slope": self = .slope
    case "fwhm": self = .fwhm
    default:
      guard let dot = name.lastIndex(of: "."),
        let layer = layers.firstIndex(where: { $0.name == name[..<dot] })
      else { return nil }
      switch name[name.index(after: dot)...] {
      case "areal_density": self = .arealDensity(layer: layer)
      case "roughness_fwhm": self = .roughness(layer: layer)
      case "yield_scale": self = .yieldScale(layer: layer)
      case "stopping_scale": self = .stoppingScale(layer: layer)
      case let element:
        guard let part = layers[layer].parts.firstIndex(where: { $0.nuclei.name == element }) else {
          return nil
        }
        self = .element(layer: layer, part: part)
      }
    }
  }

  /// The name that stands in sample files.
  public func name(_ layers: [SampleLayer]) -> String {
    switch self {
    case .particles: return "particles"
    case .energy: return "energy"
    case .offset: return "offset"
    case .slope: return "slope"
    case .fwhm: return "fwhm"
    case .element(let l, let p): return "\(layers[l].name).\(layers[l].parts[p].nuclei.name)"
    case .arealDensity(let l): return "\(layers[l].name).areal_density"
    case .roughness(let l): return "\(layers[l].name).roughness_fwhm"
    case .yieldScale(let l): return "\(layers[l].name).yield_scale"
    case .stoppingScale(let l): return "\(layers[l].name).stopping_scale"
    }
  }

  /// The unit of the value, as UCUM text.
  public var unit: String {
    switch self {
    case .element, .arealDensity, .roughness: return "10*15/cm2"
    case .energy, .offset, .slope, .fwhm: return "keV"
    case .yieldScale, .stoppingScale, .particles: return "1"
    }
  }

  /// The value in a setup and sample.
  public func value(_ setup: BackscatteringSetup, _ layers: [SampleLayer]) -> Double {
    switch self {
    case .particles: return setup.particles
    case .energy: return setup.energy
    case .offset: return setup.detector.calibration.offset
    case .slope: return setup.detector.calibration.slope
    case .fwhm: return setup.detector.fwhm
    case .element(let l, let p): return layers[l].parts[p].arealDensity
    case .arealDensity(let l): return layers[l].arealDensity
    case .roughness(let l): return layers[l].roughness
    case .yieldScale(let l): return layers[l].yieldScale
    case .stoppingScale(let l): return layers[l].stoppingScale
    }
  }

  /// Sets the value in a setup and sample.
  public func set(
    _ value: Double, _ setup: inout BackscatteringSetup, _ layers: inout [SampleLayer]
  ) {
    switch self {
    case .particles: setup.particles = value
    case .energy: setup.energy = value
    case .offset: setup.detector.calibration.offset = value
    case .slope: setup.detector.calibration.slope = value
    case .fwhm: setup.detector.fwhm = value
    case .element(let l, let p): layers[l].parts[p].arealDensity = value
    case .arealDensity(let l):
      let now = layers[l].arealDensity
      if now > 0 { layers[l] = layers[l].scaled(by: value / now) }
    case .roughness(let l): layers[l].roughness = value
    case .yieldScale(let l): layers[l].yieldScale = value
    case .stoppingScale(let l): layers[l].stoppingScale = value
    }
  }

  /// The least value that means anything.
  var lowerLimit: Double {
    switch self {
    case .element, .roughness, .yieldScale, .particles: return 0
    case .arealDensity: return 1e-6
    case .stoppingScale: return 1e-3
    case .energy, .slope: return 1e-6
    case .fwhm: return 0
    case .offset: return -.infinity
    }
  }
}

/// A parameter that follows another one: value = factor × other.
public struct FitTie: Hashable, Sendable {
  /// What follows.
  public var target: FitTarget
  /// What it follows.
  public var other: FitTarget
  /// The factor.
  public var factor: Double

  /// A tie.
  public init(_ target: FitTarget, to other: FitTarget, factor: Double) {
    self.target = target
    self.other = other
    self.factor = factor
  }
}

/// A free parameter of a fit.
public struct FreeParameter: Hashable, Sendable {
  /// What it changes.
  public var target: FitTarget
  /// The least value allowed.
  public var lower: Double
  /// The greatest value allowed.
  public var upper: Double

  /// A parameter within bounds; the least is never below what can be.
  public init(_ target: FitTarget, lower: Double = -.infinity, upper: Double = .infinity) {
    self.target = target
    self.lower = max(lower, target.lowerLimit)
    self.upper = max(upper, self.lower)
  }
}
