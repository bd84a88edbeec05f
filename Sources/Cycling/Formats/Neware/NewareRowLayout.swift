internal import Bytes

/// Where the fields of a Neware record stand, for versions whose records hold everything.
///
/// These are the `.ndc` versions up to 5 and all `.nda` versions before BTS 9.
struct NewareRowLayout {
  /// A field of a record.
  struct Field {
    var at: Int
    var kind: NumberLayout
    init(_ at: Int, _ kind: NumberLayout) {
      self.at = at
      self.kind = kind
    }
  }

  /// How the number of the cycle is stored.
  enum Cycle { case fromZero, fromOne }
  /// How charge and energy are stored.
  enum Charge {
    /// Four numbers from an offset: charge in, charge out, energy in, energy out.
    case split(Int, NumberLayout)
    /// Charge, and energy where there is one; their direction is that of the step.
    case joined(charge: Int, energy: Int?)
  }
  /// How the clock is stored.
  enum Clock {
    case none
    case unix(Field)
    /// Year (two bytes), month, day, hour, minute, second.
    case parts(Int)
  }

  var size: Int
  /// Where the record's kind stands and which bytes mean data; nil where the index tells.
  var identifier: (at: Int, data: Set<UInt8>)?
  var index: Field?
  var cycle: Field
  var cycleStart = Cycle.fromZero
  var step: Field
  var type: Int
  /// A counter of jumps between steps, which separates repeated steps.
  var jumps: Int?
  var time: Field
  /// What the stored time is divided by to give seconds.
  var timeDivisor: Double
  var voltage: Int
  var current: Int
  var charge: Charge
  var clock: Clock
  var range: Int?
  /// Whether the layout was compared with real files.
  var isVerified = false
  /// Version 1 numbers the kinds of steps otherwise.
  var hasOldTypes = false

  /// The layout of an `.nda` version before 129; nil for an unknown one.
  static func nda(_ version: UInt8) -> NewareRowLayout? {
    switch version {
    case 1:
      NewareRowLayout(
        size: 38, index: Field(0, .uint32), cycle: Field(4, .uint32), step: Field(8, .uint8),
        type: 9, time: Field(10, .uint32), timeDivisor: 1, voltage: 14, current: 18,
        charge: .joined(charge: 30, energy: nil), clock: .none, hasOldTypes: true)
    case 2:
      NewareRowLayout(
        size: 39, identifier: (0, [0]), cycle: Field(5, .uint32), cycleStart: .fromOne,
        step: Field(10, .uint8), type: 9, time: Field(11, .uint32), timeDivisor: 1, voltage: 15,
        current: 19, charge: .joined(charge: 31, energy: nil), clock: .none)
    case 3, 4:
      NewareRowLayout(
        size: 43, identifier: (0, [0, 0x55]), index: Field(1, .uint32), cycle: Field(5, .uint32),
        step: Field(9, .uint8), type: 10, time: Field(11, .uint32), timeDivisor: 1, voltage: 15,
        current: 19, charge: .joined(charge: 31, energy: nil), clock: .none)
    case 5...8:
      NewareRowLayout(
        size: 59, identifier: (0, [0, 0x55]), index: Field(1, .uint32), cycle: Field(5, .uint32),
        cycleStart: version % 2 == 0 ? .fromOne : .fromZero, step: Field(9, .uint8), type: 10,
        time: Field(11, .uint32), timeDivisor: 1, voltage: 15, current: 19,
        charge: .joined(charge: 31, energy: 39), clock: .unix(Field(47, .uint64)),
        isVerified: version == 8)
    case 9:
      NewareRowLayout(
        size: 60, identifier: (0, [0x55]), index: Field(2, .uint32), cycle: Field(6, .uint32),
        step: Field(10, .uint8), type: 11, time: Field(12, .uint32), timeDivisor: 1, voltage: 16,
        current: 20, charge: .joined(charge: 32, energy: 40), clock: .unix(Field(48, .uint64)))
    case 10:
      NewareRowLayout(
        size: 64, identifier: (0, [0x55]), index: Field(2, .uint32), cycle: Field(6, .uint32),
        step: Field(10, .uint8), type: 11, time: Field(12, .uint64), timeDivisor: 1, voltage: 20,
        current: 24, charge: .joined(charge: 36, energy: 44), clock: .unix(Field(52, .uint64)))
    case 11, 12, 13, 15, 18:
      NewareRowLayout(
        size: 69, identifier: (0, [0x55]), index: Field(2, .uint32), cycle: Field(6, .uint32),
        step: Field(10, .uint16), type: 12, time: Field(13, .uint64), timeDivisor: 1000,
        voltage: 21, current: 25, charge: .joined(charge: 37, energy: 45),
        clock: .unix(Field(53, .uint64)), range: 61)
    case 14, 16, 17, 20, 22...24:
      NewareRowLayout(
        size: 86, identifier: (0, [0x55]), index: Field(2, .uint32), cycle: Field(6, .uint32),
        step: Field(10, .uint16), type: 12, jumps: 13, time: Field(14, .uint64),
        timeDivisor: 1000, voltage: 22, current: 26, charge: .split(38, .int64),
        clock: .unix(Field(70, .uint64)), range: 78, isVerified: version == 22)
    case 19:
      NewareRowLayout(
        size: 68, identifier: (0, [0x55]), index: Field(8, .uint32), cycle: Field(12, .uint32),
        step: Field(16, .uint16), type: 18, time: Field(24, .uint32), timeDivisor: 1, voltage: 28,
        current: 32, charge: .split(44, .int32), clock: .unix(Field(60, .uint32)))
    case 25, 27:
      NewareRowLayout(
        size: 70, identifier: (0, [0x55]), index: Field(2, .uint32), cycle: Field(6, .uint32),
        step: Field(10, .uint16), type: 12, jumps: 65, time: Field(13, .uint64),
        timeDivisor: 1000, voltage: 21, current: 25, charge: .joined(charge: 37, energy: 45),
        clock: .unix(Field(53, .uint64)), range: 61)
    case 26, 28, 29:
      NewareRowLayout(
        size: 86, identifier: (0, [0x55]), index: Field(2, .uint32), cycle: Field(6, .uint32),
        step: Field(10, .uint16), type: 12, jumps: 13, time: Field(14, .uint64),
        timeDivisor: 1000, voltage: 22, current: 26, charge: .split(38, .int64), clock: .parts(70),
        range: 78, isVerified: version != 28)
    default: nil
    }
  }

  /// The layout of the main records of an `.ndc` version up to 5; nil for any other.
  static func ndc(_ version: UInt8) -> NewareRowLayout? {
    switch version {
    case 1, 3:
      NewareRowLayout(
        size: 83, index: Field(8, .uint32), cycle: Field(12, .uint32), step: Field(16, .uint8),
        type: 17, time: Field(20, .uint64), timeDivisor: 1000, voltage: 28, current: 32,
        charge: .split(40, .int64), clock: .parts(72), range: 79)
    case 2, 4:
      NewareRowLayout(
        size: 94, index: Field(8, .uint32), cycle: Field(12, .uint32), step: Field(16, .uint8),
        type: 17, time: Field(23, .uint64), timeDivisor: 1000, voltage: 31, current: 35,
        charge: .split(43, .int64), clock: .parts(75), range: 82, isVerified: version == 2)
    case 5:
      NewareRowLayout(
        size: 87, index: Field(1, .uint32), cycle: Field(5, .uint32), step: Field(9, .uint8),
        type: 10, time: Field(16, .uint64), timeDivisor: 1000, voltage: 24, current: 28,
        charge: .split(36, .int64), clock: .parts(68), range: 75, isVerified: true)
    default: nil
    }
  }
}
