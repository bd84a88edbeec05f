import Cycling
import NumericalMethods

/// Logs of symmetric cells whose answers are known in closed form.
struct SymmetricCellGenerator {
  enum Kind: CaseIterable {
    case healthy, dip, conditioning, polarising, shortInside, shortAtReversal, softShort
  }

  /// A log with its answers.
  struct Cell {
    var kind: Kind
    var records: CyclingRecords
    /// The time of the short or soft short on the clock of the test, s.
    var eventTime: Double?
    /// The half cycle of it, from 0, and the depth of a soft short.
    var eventHalf: Int?
    var depth: Double?
    /// The exact mean overpotential of each cycle without noise, V, over the sampled records.
    var means: [Double] = []
    var startTime = 0.0
    var sampling = 0.0
  }

  /// The cell of a seed; the kinds take turns.
  static func make(seed: UInt64, kind wanted: Kind? = nil) -> Cell {
    let kinds = Kind.allCases
    let kind = wanted ?? kinds[Int(seed % UInt64(kinds.count))]
    var random = CounterRandom(seed: seed, stream: 6)
    func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    let current = 1e-3 * exponential(2.302585 * between(-1, 0.7))
    let sampling = [10.0, 20, 30, 60][Int(random.uniform() * 4)]
    let perHalf = 60 + Int(random.uniform() * 80)
    let halves = 24 + 2 * Int(random.uniform() * 8)
    let rest = random.uniform() < 0.5 ? 0 : Int(1 + random.uniform() * 6)
    let level = between(0.02, 0.2)
    let relativeNoise = random.uniform() < 0.3 ? 0 : between(0.0005, 0.015)
    let noise = relativeNoise * level
    let offset = between(-0.05, 0.05) * level
    let start = random.uniform() < 0.5 ? 0 : between(0, 2e5)
    let dip = kind == .dip ? between(0.2, 1.5) : 0
    let decay = sampling * between(3, 15)
    // Somewhere between the first quarter and the last cycles, clear of the ends of a half cycle.
    let eventHalf = 8 + Int(random.uniform() * Double(halves - 16))
    let eventRow = perHalf / 4 + 5 + Int(random.uniform() * Double(perHalf) * 0.5)
    let residual = between(0.01, 0.3)
    let depth = between(0.20, 0.45)
    let heal = Int(between(0.3, 2.5) * Double(perHalf))

    var time: [Double] = []
    var voltage: [Double] = []
    var currents: [Double] = []
    var cell = Cell(kind: kind, records: CyclingRecords(time: [], voltage: [], current: []))
    var t = start
    var sinceEvent = -1
    var sums: [Double] = []
    for half in 0..<halves {
      let sign = half % 2 == 0 ? 1.0 : -1.0
      var exact: [Double] = []
      for row in 0..<perHalf {
        let progress = (Double(half) + Double(row) / Double(perHalf)) / Double(halves)
        var a = level
        if kind == .conditioning { a = level * (1 / 3.0 + 2 / 3.0 * exponential(-6 * progress)) }
        if kind == .polarising { a = level * (1 + 4 * progress * progress) }
        a *= 1 + dip * exponential(-Double(row) * sampling / decay)
        let isEvent =
          half == eventHalf && row == (kind == .shortAtReversal ? 0 : eventRow)
        if isEvent {
          switch kind {
          case .shortInside, .shortAtReversal, .softShort:
            sinceEvent = 0
            cell.eventTime = t
            cell.eventHalf = half
            cell.depth = kind == .softShort ? depth : 1 - residual
          default: break
          }
        }
        if sinceEvent >= 0 {
          if kind == .softShort {
            let left = max(0, 1 - Double(sinceEvent) / Double(heal))
            a *= 1 - depth * left
          } else {
            a *= residual
          }
          sinceEvent += 1
        }
        exact.append(sign * a + offset)
        time.append(t)
        voltage.append(sign * a + offset + noise * random.normal())
        currents.append(sign * current)
        t += sampling
      }
      // Trapezoid over equal steps.
      let inner = exact.dropFirst().dropLast().reduce(0, +)
      sums.append(
        (inner + 0.5 * ((exact.first ?? 0) + (exact.last ?? 0))) / Double(perHalf - 1))
      for _ in 0..<rest {
        time.append(t)
        voltage.append(offset + noise * random.normal())
        currents.append(0)
        t += sampling
      }
    }
    cell.means = stride(from: 0, to: halves - 1, by: 2).map { (sums[$0] - sums[$0 + 1]) / 2 }
    cell.records = CyclingRecords(time: time, voltage: voltage, current: currents)
    cell.startTime = start
    cell.sampling = sampling
    return cell
  }
}
