internal import Bytes
internal import Tables

/// One record of a packed experiment: a kind and its bytes.
struct PackedRecord {
  /// What a record holds (WaveMetrics technical note PTN003; 101 since Igor Pro 8).
  enum Kind: Int {
    case unused = 0
    case variables = 1
    case history = 2
    case wave = 3
    case recreation = 4
    case procedure = 5
    case getHistory = 7
    case folderStart = 9
    case folderEnd = 10
    case longFolderStart = 101

    /// The word for it in metadata and messages.
    var word: String {
      switch self {
      case .unused: "unused"
      case .variables: "variables"
      case .history: "history"
      case .wave: "wave"
      case .recreation: "recreation"
      case .procedure: "procedure"
      case .getHistory: "get_history"
      case .folderStart: "folder_start"
      case .folderEnd: "folder_end"
      case .longFolderStart: "long_folder_start"
      }
    }

    /// Whether the content is text.
    var isText: Bool {
      switch self {
      case .history, .recreation, .procedure, .getHistory: true
      default: false
      }
    }
  }

  /// The type without its flag; types without a kind are settings, pictures and windows.
  var type: Int
  /// Whether a later record stands in its place.
  var isSuperseded: Bool
  /// The order of the bytes of the record's own header.
  var order: ByteOrder
  /// Where the record's header starts in the file.
  var start: Int
  /// The bytes of the content in the file.
  var range: Range<Int>

  /// What the record holds; nil where only Igor knows.
  var kind: Kind? { Kind(rawValue: type) }
  /// Where the record stands, for messages.
  var place: Place { .byte(start) }
}

/// The records of a packed experiment, one after another.
struct PackedRecords {
  /// The records that are whole.
  private(set) var all: [PackedRecord] = []
  /// What stands where a record should: the file is cut or damaged there; nil at a proper end.
  private(set) var problem: (place: Int, found: String, isCut: Bool)?

  /// Types beyond this one do not exist.
  private static let greatestType = 255
  /// Bytes of a record's header.
  static let headerSize = 8

  /// Walks over the records of a view that holds the first bytes of a file of `size` bytes.
  ///
  /// Records that start within the view are listed, even where their content goes beyond it.
  init(_ view: ByteView, size: Int, limit: Int = .max) {
    var order = ByteOrder.little
    var start = 0
    while start < size, all.count < limit {
      guard size - start >= Self.headerSize else {
        problem = (start, "\(size - start) bytes are left", true)
        return
      }
      guard start <= view.count - Self.headerSize else { return }
      switch Self.header(view, start, size: size, previous: order) {
      case .record(let record):
        order = record.order
        all.append(record)
        start = record.range.upperBound
      case .cut(let needed):
        problem = (
          start, "the record needs \(needed) bytes, \(size - start - Self.headerSize) are left",
          true
        )
        return
      case .none:
        problem = (start, "the bytes there are no header of a record", false)
        return
      }
    }
  }

  private enum Header {
    case record(PackedRecord)
    case cut(needed: Int)
    case none
  }

  /// The record at an offset: its type is small in one order of bytes only, unless it is 0.
  private static func header(
    _ view: ByteView, _ start: Int, size: Int, previous: ByteOrder
  ) -> Header {
    var needed: Int?
    for order in previous == .little ? [ByteOrder.little, .big] : [.big, .little] {
      guard let word = view.integers(.uint16, count: 1, at: start, order: order)?.first,
        let length = view.integers(.uint32, count: 1, at: start + 4, order: order)?.first,
        Int(word & 0x7FFF) <= greatestType
      else { continue }
      let content = start + headerSize
      guard Int(length) <= size - content else {
        needed = needed ?? Int(length)
        continue
      }
      return .record(
        PackedRecord(
          type: Int(word & 0x7FFF), isSuperseded: word & 0x8000 != 0, order: order, start: start,
          range: content..<(content + Int(length))))
    }
    return needed.map { .cut(needed: $0) } ?? .none
  }
}
