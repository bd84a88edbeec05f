internal import RealModule

/// How beam, sample and detector stand to one another.
public struct BackscatteringGeometry: Hashable, Sendable, Codable {
  /// Where the exit direction lies.
  public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
    /// In the plane of beam and sample normal.
    case ibm
    /// The detector stands below the beam; the tilt axis goes through it.
    case cornell
    /// The exit angle is given.
    case general
  }

  /// Where the exit direction lies.
  public var kind: Kind
  /// The angle between beam and sample normal in degrees.
  public var incidence: Double
  /// The scattering angle in degrees, laboratory.
  public var scattering: Double
  /// The angle between exit direction and sample normal in degrees, where it is given.
  public var exit: Double?

  /// A geometry; the exit angle follows from the others in IBM and Cornell geometry.
  public init(_ kind: Kind, incidence: Double, scattering: Double, exit: Double? = nil) {
    self.kind = kind
    self.incidence = incidence
    self.scattering = scattering
    self.exit = exit
  }

  /// The exit angle in degrees: as given, else IBM |180 − θ − α|, Cornell cos β = −cos θ cos α.
  public var exitAngle: Double {
    let radian = Double.pi / 180
    if kind != .general || exit == nil {
      let derived: Double
      switch kind {
      case .cornell:
        let cosine = -Double.cos(scattering * radian) * Double.cos(incidence * radian)
        return Double.acos(min(1, max(-1, cosine))) / radian
      case .ibm, .general:
        derived = (180 - scattering - incidence).magnitude
        // A tilt away from the detector: the file's own exit angle says so.
        let other = (180 - scattering + incidence).magnitude
        if let exit, (exit.magnitude - other).magnitude < (exit.magnitude - derived).magnitude {
          return other
        }
      }
      return derived
    }
    return (exit ?? 0).magnitude
  }
}

/// What the energy of a channel number means.
public enum ChannelEnergy: String, Hashable, Sendable, CaseIterable, Codable {
  /// The lower edge of the channel (SIMNRA, RUMP, JaBS).
  case left
  /// The centre of the channel (calibrations made from peaks).
  case centre
}

/// The energies of channel numbers: offset + slope n + quadratic n².
public struct ChannelCalibration: Hashable, Sendable, Codable {
  /// Energy of channel number 0 in keV.
  public var offset: Double
  /// keV per channel.
  public var slope: Double
  /// keV per channel squared.
  public var quadratic: Double
  /// Whether the polynomial gives the lower edge or the centre of a channel.
  public var channelEnergy: ChannelEnergy

  /// A calibration in keV.
  public init(
    offset: Double, slope: Double, quadratic: Double = 0, channelEnergy: ChannelEnergy = .left
  ) {
    self.offset = offset
    self.slope = slope
    self.quadratic = quadratic
    self.channelEnergy = channelEnergy
  }

  /// The polynomial at a channel number, in keV.
  public func energy(_ channel: Double) -> Double {
    offset + channel * (slope + channel * quadratic)
  }

  /// The lower edge of a channel in keV.
  public func lowerEdge(_ channel: Int) -> Double {
    energy(Double(channel) - (channelEnergy == .centre ? 0.5 : 0))
  }
}

/// The width of a beam spot or a detector aperture.
public struct ApertureShape: Hashable, Sendable, Codable {
  /// The outline.
  public enum Outline: String, Hashable, Sendable, CaseIterable, Codable {
    /// A circle; the first width is its diameter.
    case circular
    /// A rectangle of two widths.
    case rectangular
  }
  /// The outline.
  public var outline: Outline
  /// Diameter, or the width across the plane of scattering's normal, in mm.
  public var first: Double
  /// The other width in mm.
  public var second: Double

  /// A shape by its widths in mm.
  public init(_ outline: Outline, _ first: Double, _ second: Double? = nil) {
    self.outline = outline
    self.first = first
    self.second = second ?? first
  }

  /// The variances of a point within the shape along both axes in mm²: w²/12, or D²/16 for a circle.
  var variances: (Double, Double) {
    switch outline {
    case .circular: return (first * first / 16, first * first / 16)
    case .rectangular: return (first * first / 12, second * second / 12)
    }
  }
}

/// The detector and its electronics.
public struct BackscatteringDetector: Hashable, Sendable, Codable {
  /// Solid angle in msr.
  public var solidAngle: Double
  /// The energies of the channels.
  public var calibration: ChannelCalibration
  /// Energy resolution, full width at half maximum, in keV.
  public var fwhm: Double
  /// The number of channels; nil ends the spectrum 5 % above the highest edge.
  public var channels: Int?
  /// The number of the first channel.
  public var firstChannel = 0
  /// What stands before the detector, from the sample's side; crossed at normal incidence.
  public var foil: [SampleLayer] = []
  /// The beam spot on the sample, seen along the beam.
  public var spot: ApertureShape?
  /// The detector's aperture.
  public var aperture: ApertureShape?
  /// The distance from sample to aperture in mm.
  public var distance: Double?

  /// A detector.
  public init(
    solidAngle: Double, calibration: ChannelCalibration, fwhm: Double, channels: Int? = nil
  ) {
    self.solidAngle = solidAngle
    self.calibration = calibration
    self.fwhm = fwhm
    self.channels = channels
  }
}

/// A homogeneous layer of a sample.
public struct SampleLayer: Hashable, Sendable, Codable {
  /// One kind of atom in the layer.
  public struct Part: Hashable, Sendable, Codable {
    /// The nuclei, as the sample names them.
    public var nuclei: TargetNuclei
    /// Atoms per area in 1e15 at/cm2.
    public var arealDensity: Double

    /// So many atoms per area (1e15 at/cm2) of an element.
    public init(_ nuclei: TargetNuclei, _ arealDensity: Double) {
      self.nuclei = nuclei
      self.arealDensity = arealDensity
    }
  }

  /// The name.
  public var name: String
  /// What it is made of.
  public var parts: [Part]
  /// Whether this is what the film lies on.
  public var isSubstrate = false
  /// The density that the user states, in g/cm3.
  public var density: Double?
  /// The standard uncertainty of that density in g/cm3; nil where none is stated.
  public var densityUncertainty: Double?
  /// Where the density was stated, such as `line 7`.
  public var densitySource: String?
  /// Full width at half maximum of the distribution of its thickness, in 1e15 at/cm2.
  public var roughness = 0.0
  /// A factor on its stopping.
  public var stoppingScale = 1.0
  /// A factor on its yield.
  public var yieldScale = 1.0

  /// A layer of given parts.
  public init(_ name: String, _ parts: [Part]) {
    self.name = name
    self.parts = parts
  }

  /// Atoms per area in 1e15 at/cm2.
  public var arealDensity: Double { parts.reduce(0) { $0 + $1.arealDensity } }

  /// The same with every areal density times a factor.
  func scaled(by factor: Double) -> SampleLayer {
    var result = self
    for i in parts.indices { result.parts[i].arealDensity *= factor }
    return result
  }
}

/// Which physics a simulation uses.
public struct BackscatteringPhysics: Hashable, Sendable, Codable {
  /// Electronic stopping.
  public var stopping = ElectronicStopping()
  /// Straggling.
  public var straggling = Straggling.chu
  /// Screening of the Rutherford cross section.
  public var screening = Screening.andersen
  /// Depths where the beam has less energy are not simulated, in keV.
  public var minimumEnergy = 50.0
  /// Measured or evaluated cross sections, which stand before Rutherford's.
  public var crossSections: [MeasuredCrossSection] = []
  /// Whether the sizes of spot and aperture spread the energies.
  public var geometricSpread = false

  /// The defaults: ZBL95 with Konac and Kalbitzer, Chu, Andersen, 50 keV.
  public init() {}
}

/// A measurement: beam, geometry, detector, physics.
public struct BackscatteringSetup: Hashable, Sendable, Codable {
  /// The ion.
  public var ion: Ion
  /// The energy of the beam in keV.
  public var energy: Double
  /// The standard deviation of the beam's energy in keV.
  public var energySpread = 0.0
  /// The number of ions.
  public var particles: Double
  /// The geometry.
  public var geometry: BackscatteringGeometry
  /// The detector.
  public var detector: BackscatteringDetector
  /// The physics.
  public var physics = BackscatteringPhysics()

  /// A setup.
  public init(
    ion: Ion, energy: Double, particles: Double, geometry: BackscatteringGeometry,
    detector: BackscatteringDetector
  ) {
    self.ion = ion
    self.energy = energy
    self.particles = particles
    self.geometry = geometry
    self.detector = detector
  }

  /// Ions times solid angle in sr: only this product can be told from a spectrum.
  public var particlesSolidAngle: Double { particles * detector.solidAngle / 1000 }
}
