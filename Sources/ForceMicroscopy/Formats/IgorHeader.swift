internal import Bytes
internal import Tables

/// The header of an Igor binary wave, read and checked: which bytes are data, note, labels.
///
/// Byte tables: docs/formats/igor-ibw.md (WaveMetrics technical note 3). Every size is checked
/// against the others here, so that nobody else has to believe a count.
struct IgorHeader {
  /// 1, 2, 3 or 5.
  var version = 0
  /// The order of the bytes of all numbers.
  var order = ByteOrder.little
  /// Bytes of both headers, where the data start.
  var size = 0
  /// The number of points.
  var points = 0
  /// What a point is.
  var type = IgorNumberType.float32
  /// The type word as it stands.
  var typeWord: Int16 = 0
  /// The name of the wave.
  var name = ""
  /// The lengths of the dimensions in use.
  var dimensions: [Int] = []
  /// The step and the origin of each dimension (`sfA`, `sfB`).
  var steps: [Double] = [], origins: [Double] = []
  /// The units of the data and of each dimension; empty where there is none.
  var dataUnits = ""
  var dimensionUnits: [String] = []
  /// Seconds since 1904-01-01 in local time.
  var created: UInt32 = 0, modified: UInt32 = 0
  /// Bytes of the data, and of the padding after them.
  var dataBytes = 0, padding = 0
  /// Bytes of the parts after the data.
  var formulaBytes = 0, noteBytes = 0, dataUnitBytes = 0
  var dimensionUnitBytes: [Int] = [], dimensionLabelBytes: [Int] = []
  var textIndexBytes = 0
  /// Whether the sum over the header is right; nil where the version's rule is not known.
  var checksumHolds: Bool?

  /// The versions that exist.
  static let versions = [1, 2, 3, 5]

  /// Where a field stands, for messages.
  struct Field {
    static func points(_ version: Int) -> Int {
      version == 5 ? 76 : IgorHeader.prefix(version) + 42
    }
    static func type(_ version: Int) -> Int { version == 5 ? 80 : IgorHeader.prefix(version) }
    static func waveSize(_ version: Int) -> Int { version == 5 ? 4 : 2 }
    static let dimensions = 132
    static let sampleInterval = 148
  }

  /// Bytes of the first header.
  static func prefix(_ version: Int) -> Int {
    switch version {
    case 1: 8
    case 2: 16
    case 3: 20
    default: 64
    }
  }

  /// Bytes of both headers.
  static func size(_ version: Int) -> Int { prefix(version) + (version == 5 ? 320 : 110) }

  /// The version and byte order of the first two bytes: the low byte of a small number is not 0.
  static func signature(_ view: ByteView) -> (version: Int, order: ByteOrder)? {
    guard let first = view[0], let second = view[1] else { return nil }
    if first == 0 { return (Int(second), .big) }
    return second == 0 ? (Int(first), .little) : nil
  }
}

extension IgorNumberType {
  /// A 32-bit float, the type that a header has before it is read.
  static var float32: IgorNumberType { IgorNumberType(layout: .float32, isComplex: false) }
}
