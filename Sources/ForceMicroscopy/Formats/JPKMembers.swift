internal import Bytes
internal import Tables

/// What a member of a JPK archive is, by its name.
enum JPKMember: Hashable {
  /// `header.properties`.
  case header
  /// `shared-data/header.properties`.
  case shared
  /// `index/I/header.properties`.
  case curve(Int)
  /// `segments/N/segment-header.properties` or `index/I/segments/N/segment-header.properties`.
  case segment(curve: Int?, number: Int)
  /// A data file of a segment.
  case data(curve: Int?, segment: Int)
  /// Anything else.
  case other

  /// The kind of member that a name tells.
  init(_ name: String) {
    self = .other
    var rest = name.utf8[...]
    if name == "header.properties" {
      self = .header
      return
    }
    if name == "shared-data/header.properties" {
      self = .shared
      return
    }
    var curve: Int?
    if Self.take("index/", from: &rest) {
      guard let number = Self.number(from: &rest) else { return }
      curve = number
      if rest.elementsEqual("header.properties".utf8) {
        self = .curve(number)
        return
      }
    }
    guard Self.take("segments/", from: &rest), let segment = Self.number(from: &rest) else {
      return
    }
    if rest.elementsEqual("segment-header.properties".utf8) {
      self = .segment(curve: curve, number: segment)
    } else if !rest.isEmpty, rest.last != UInt8(ascii: "/") {
      self = .data(curve: curve, segment: segment)
    }
  }

  private static func take(_ prefix: String, from rest: inout Substring.UTF8View) -> Bool {
    guard rest.starts(with: prefix.utf8) else { return false }
    rest = rest.dropFirst(prefix.utf8.count)
    return true
  }

  /// A number of at most nine digits and the slash behind it.
  private static func number(from rest: inout Substring.UTF8View) -> Int? {
    var value = 0
    var digits = 0
    while let byte = rest.first, byte >= 0x30, byte <= 0x39, digits < 9 {
      value = value * 10 + Int(byte - 0x30)
      digits += 1
      rest = rest.dropFirst()
    }
    guard digits > 0, rest.first == UInt8(ascii: "/") else { return nil }
    rest = rest.dropFirst()
    return value
  }
}

/// The curves of an archive, by the names of its members.
struct JPKMembers {
  /// One segment of a curve.
  struct Segment {
    var number: Int
    /// Whether its header is in the archive.
    var hasHeader = false
    /// The positions of its data files among the archive's members.
    var data: [Int] = []
  }

  /// One curve.
  struct Curve {
    /// The `I` of `index/I/`; nil for the curve of a single file.
    var number: Int?
    var hasHeader = false
    /// By number.
    var segments: [Segment] = []

    /// The folder of the curve: empty or `index/I/`.
    var folder: String { number.map { "index/\($0)/" } ?? "" }

    mutating func segment(_ number: Int) -> Int {
      if let last = segments.indices.last, segments[last].number == number { return last }
      if let i = segments.firstIndex(where: { $0.number == number }) { return i }
      segments.append(Segment(number: number))
      return segments.count - 1
    }
  }

  /// The curves by number.
  private(set) var curves: [Curve] = []
  /// Whether there are `header.properties` and `shared-data/header.properties`.
  private(set) var hasHeader = false, hasShared = false
  /// Names of members that hold no curve data, such as images.
  private(set) var others: [String] = []

  init(_ archive: ZipArchive) {
    var places: [Int: Int] = [:]
    func place(_ number: Int?) -> Int {
      // The members of a curve mostly follow one another.
      if let last = curves.indices.last, curves[last].number == number { return last }
      if let known = places[number ?? -1] { return known }
      places[number ?? -1] = curves.count
      curves.append(Curve(number: number))
      return curves.count - 1
    }
    for (position, entry) in archive.entries.enumerated() where !entry.isFolder {
      switch JPKMember(entry.name) {
      case .header: hasHeader = true
      case .shared: hasShared = true
      case .curve(let number): curves[place(number)].hasHeader = true
      case .segment(let number, let segment):
        let i = place(number)
        let j = curves[i].segment(segment)
        curves[i].segments[j].hasHeader = true
      case .data(let number, let segment):
        let i = place(number)
        let j = curves[i].segment(segment)
        curves[i].segments[j].data.append(position)
      case .other: others.append(entry.name)
      }
    }
    curves.sort { ($0.number ?? -1) < ($1.number ?? -1) }
    for i in curves.indices { curves[i].segments.sort { $0.number < $1.number } }
  }
}
