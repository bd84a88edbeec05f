/// What a sample file says: a measurement, a sample, and a fit to do.
public struct SampleFile: Hashable, Sendable {
  /// The measurement.
  public var setup: BackscatteringSetup
  /// The layers from the surface down; none where the file gives a setup only.
  public var layers: [SampleLayer]
  /// What to fit.
  public var fit: FitSection?
  /// Paths of cross sections that the file names, relative to it.
  public var crossSectionFiles: [String]
  /// Paths of stopping tables that the file names, relative to it.
  public var stoppingFiles: [String]
  /// The charge in µC from which the number of ions was computed; nil where ions are given.
  public var charge: Double?

  /// The `fit:` section.
  public struct FitSection: Hashable, Sendable {
    /// An end of a range.
    public enum Limit: Hashable, Sendable {
      /// The number of a channel.
      case channel(Int)
      /// An energy in keV.
      case energy(Double)
    }
    /// A range of channels or energies, both ends in it.
    public struct Range: Hashable, Sendable {
      /// The lower end.
      public var lower: Limit
      /// The upper end.
      public var upper: Limit

      /// A range of channels or energies.
      public init(lower: Limit, upper: Limit) {
        self.lower = lower
        self.upper = upper
      }

      /// The range of a text such as `400:900` (keV) or `200ch:449ch`; nil for anything else.
      public init?(_ text: String) {
        let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { end in
          let word = end.filter { $0 != " " }
          if word.hasSuffix("ch") { return Int(word.dropLast(2)).map { Limit.channel($0) } }
          let number = word.hasSuffix("keV") ? String(word.dropLast(3)) : String(word)
          return Double(number).flatMap { $0.isFinite ? Limit.energy($0) : nil }
        }
        guard ends.count == 2, let low = ends[0], let high = ends[1] else { return nil }
        self.init(lower: low, upper: high)
      }

      /// The numbers of the channels within, for a calibration.
      public func channels(_ calibration: ChannelCalibration, count: Int) -> ClosedRange<Int>? {
        func channel(_ limit: Limit, isLower: Bool) -> Int {
          switch limit {
          case .channel(let number): return number
          case .energy(let energy):
            var (low, high) = (0, max(1, count))
            while low < high {
              let middle = (low + high) / 2
              if calibration.energy(Double(middle)) < energy {
                low = middle + 1
              } else {
                high = middle
              }
            }
            return isLower ? low : low - 1
          }
        }
        let from = channel(lower, isLower: true)
        let to = channel(upper, isLower: false)
        return from <= to ? from...to : nil
      }
    }

    /// The ranges that count; none for the whole spectrum.
    public var ranges: [Range]
    /// The names of free parameters; nil for the default.
    public var free: [String]?
    /// Parameters that follow others: target, factor, other.
    public var ties: [Tie]
    /// Bounds by name.
    public var bounds: [Bound]

    /// A tie by names.
    public struct Tie: Hashable, Sendable {
      /// What follows.
      public var target: String
      /// The factor.
      public var factor: Double
      /// What it follows.
      public var other: String
    }
    /// Bounds of a parameter.
    public struct Bound: Hashable, Sendable {
      /// The parameter.
      public var name: String
      /// The least value.
      public var lower: Double
      /// The greatest value.
      public var upper: Double
    }
  }

  /// The parameters that are free where nobody says: the ions, and every element that is heavier than the
  /// ion in layers that are no substrate.
  public static func defaultFree(
    _ setup: BackscatteringSetup, _ layers: [SampleLayer]
  ) -> [String] {
    var names: [String] = []
    for layer in layers where !layer.isSubstrate {
      for part in layer.parts where part.nuclei.mass > setup.ion.mass {
        names.append("\(layer.name).\(part.nuclei.name)")
      }
    }
    return names + ["particles"]
  }
}
