/// What the wall clock of a file says about the unit of its elapsed times.
enum WallClock {
  /// A unit of time that elapsed times are written in.
  enum Unit: String, CaseIterable {
    case second = "s"
    case minute = "min"
    case hour = "h"

    /// Its length in seconds.
    var seconds: Double {
      switch self {
      case .second: 1
      case .minute: 60
      case .hour: 3600
      }
    }
  }

  /// Steps that a verdict needs.
  static let leastSteps = 20
  /// Steps that are looked at, at most.
  private static let mostSteps = 20_000

  /// Seconds of the wall clock in one unit of elapsed time: the median over the steps of a file.
  ///
  /// A pause or daylight saving changes single steps, hence the median. Stamps of whole seconds say
  /// little about shorter steps, so steps are taken over 50 units of the stamps' resolution where the
  /// file is long enough for that. Nil where there are fewer than 20 steps.
  static func ratio(times: [Double], stamps: [Double]) -> Double? {
    var resolution = Resolution()
    resolution.add(stamps)
    var fine = Steps(least: 50 * resolution.seconds)
    fine.add(times, stamps)
    if let ratio = fine.median { return ratio }
    var all = Steps(least: 0)
    all.add(times, stamps)
    return all.median
  }

  /// The unit in which elapsed times are written, or nil where the clock does not settle it.
  static func unit(times: [Double], stamps: [Double]) -> Unit? {
    unit(ratio: ratio(times: times, stamps: stamps))
  }

  /// The unit that a ratio stands for.
  static func unit(ratio: Double?) -> Unit? {
    guard let ratio else { return nil }
    return Unit.allCases.first { abs(ratio / $0.seconds - 1) <= 0.02 }
  }

  /// The factor by which a clock contradicts times in seconds: 60, 3600 or one over them; else nil.
  static func contradiction(seconds: [Double], stamps: [Double]) -> Double? {
    contradiction(ratio: ratio(times: seconds, stamps: stamps))
  }

  /// The factor that a ratio stands for.
  static func contradiction(ratio: Double?) -> Double? {
    guard let ratio else { return nil }
    return [60, 3600, 1.0 / 60, 1.0 / 3600].first { abs(ratio / $0 - 1) <= 0.02 }
  }

  /// The ratio of a file whose records come in pieces.
  struct Ratio {
    private var resolution = Resolution()
    private var steps = [0, 50 * Resolution.fraction, 50, 3000].map { Steps(least: $0) }

    /// Takes up the records of the next piece.
    mutating func add(_ times: [Double], _ stamps: [Double]) {
      resolution.add(stamps)
      for i in steps.indices { steps[i].add(times, stamps) }
    }

    /// The same as ``WallClock/ratio(times:stamps:)`` of all records.
    var value: Double? {
      steps.dropFirst().first { $0.least == 50 * resolution.seconds }?.median ?? steps[0].median
    }
  }

  /// A whole minute, a whole second, or finer.
  struct Resolution {
    static let fraction = 0.001
    private(set) var seconds = 60.0

    mutating func add(_ stamps: [Double]) {
      guard seconds != Self.fraction else { return }
      for stamp in stamps where stamp.isFinite {
        if stamp != stamp.rounded() {
          seconds = Self.fraction
          return
        }
        if (stamp / 60).rounded() * 60 != stamp { seconds = 1 }
      }
    }
  }

  /// The steps of the clock over those of the times, where the clock steps by `least` or more.
  struct Steps {
    let least: Double
    private var ratios: [Double] = []
    private var last: (time: Double, stamp: Double)?

    init(least: Double) { self.least = least }

    mutating func add(_ times: [Double], _ stamps: [Double]) {
      guard ratios.count < WallClock.mostSteps else { return }
      for (time, stamp) in zip(times, stamps) where time.isFinite && stamp.isFinite {
        guard let from = last else {
          last = (time, stamp)
          continue
        }
        // A clock or a time that steps back starts anew.
        if stamp < from.stamp || time < from.time {
          last = (time, stamp)
          continue
        }
        if stamp > from.stamp, time > from.time, stamp - from.stamp >= least {
          ratios.append((stamp - from.stamp) / (time - from.time))
          last = (time, stamp)
          if ratios.count >= WallClock.mostSteps { break }
        }
      }
    }

    /// The median; nil where there are too few.
    var median: Double? {
      guard ratios.count >= WallClock.leastSteps else { return nil }
      let ratios = ratios.sorted()
      let middle = ratios.count / 2
      return ratios.count % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2
    }
  }
}
