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
    let fine = 50 * resolution(stamps)
    return median(times, stamps, least: fine) ?? median(times, stamps, least: 0)
  }

  /// The unit in which elapsed times are written, or nil where the clock does not settle it.
  static func unit(times: [Double], stamps: [Double]) -> Unit? {
    guard let ratio = ratio(times: times, stamps: stamps) else { return nil }
    return Unit.allCases.first { abs(ratio / $0.seconds - 1) <= 0.02 }
  }

  /// The factor by which a clock contradicts times in seconds: 60, 3600 or one over them; else nil.
  static func contradiction(seconds: [Double], stamps: [Double]) -> Double? {
    guard let ratio = ratio(times: seconds, stamps: stamps) else { return nil }
    return [60, 3600, 1.0 / 60, 1.0 / 3600].first { abs(ratio / $0 - 1) <= 0.02 }
  }

  /// A whole minute, a whole second, or finer.
  private static func resolution(_ stamps: [Double]) -> Double {
    var result = 60.0
    for stamp in stamps where stamp.isFinite {
      if stamp != stamp.rounded() { return 0.001 }
      if (stamp / 60).rounded() * 60 != stamp { result = 1 }
    }
    return result
  }

  private static func median(_ times: [Double], _ stamps: [Double], least: Double) -> Double? {
    var ratios: [Double] = []
    var last: (time: Double, stamp: Double)?
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
        if ratios.count >= mostSteps { break }
      }
    }
    guard ratios.count >= leastSteps else { return nil }
    ratios.sort()
    let middle = ratios.count / 2
    return ratios.count % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2
  }
}
