internal import Bytes
internal import Tables
internal import Units

/// A value of a header with the place where it stands.
struct JPKProperty: Sendable {
  var value: String
  /// The key of the metadata.
  var key: String
  var origin: Origin

  /// The value as a finite number.
  var number: Double? { NumberScanner.parse(value).flatMap { $0.isFinite ? $0 : nil } }
}

/// The headers that describe one segment: its own, and the shared data of newer files.
struct JPKSource: Sendable {
  /// The name of the shared header.
  static let sharedMember = "shared-data/header.properties"

  /// The folder of the segment, such as `index/3/segments/0/`.
  let folder: String
  let header: JPKHeader
  let shared: JavaProperties?

  /// A property of the segment's own header.
  func own(_ key: String) -> JPKProperty? {
    header[key].map {
      JPKProperty(
        value: $0.value, key: folder + key,
        origin: Origin(bytes: [$0.bytes], member: header.member))
    }
  }

  /// A property of the shared header.
  func shared(_ key: String) -> JPKProperty? {
    shared?[key].map {
      JPKProperty(
        value: $0.value, key: "shared-data/" + key,
        origin: Origin(bytes: [$0.bytes], member: Self.sharedMember))
    }
  }

  /// A property below `owner` in this header, else below what `owner.LIST.*` points to in the shared one.
  func find(_ owner: String, pointer: String, _ key: String) -> JPKProperty? {
    if let found = own("\(owner).\(key)") { return found }
    guard let index = header["\(owner).\(pointer).*"]?.value else { return nil }
    return shared("\(pointer).\(index).\(key)")
  }

  /// A property of the segment: `settings.style` and the like.
  func segment(_ key: String) -> JPKProperty? {
    find("force-segment-header", pointer: "force-segment-header-info", key)
  }

  /// A property of a channel: below `channel.NAME`, `channel.NAME.data` or the shared `lcd-info.N`.
  func channel(_ name: String, _ key: String) -> JPKProperty? {
    own("channel.\(name).data.\(key)") ?? find("channel.\(name)", pointer: "lcd-info", key)
  }
}

/// Diagnostics of an archive: one of each code, however many curves share it.
struct JPKDiagnostics: Sendable {
  private(set) var all: [Diagnostic] = []
  private var index: [String: Int] = [:]

  init() {}

  mutating func warn(_ code: String, at place: Place, found: String, expected: String) {
    add(Diagnostic(.warning, code, at: place, found: found, expected: expected))
  }

  mutating func note(_ code: String, at place: Place, found: String, expected: String) {
    add(Diagnostic(.note, code, at: place, found: found, expected: expected))
  }

  mutating func add(_ diagnostic: Diagnostic) {
    guard let i = index[diagnostic.code] else {
      index[diagnostic.code] = all.count
      all.append(diagnostic)
      return
    }
    all[i].count += diagnostic.count
    for place in [diagnostic.place] + diagnostic.places where all[i].places.count < 10 {
      if place != all[i].place, !all[i].places.contains(place) { all[i].places.append(place) }
    }
    all[i].severity = max(all[i].severity, diagnostic.severity)
  }

  mutating func add(_ other: JPKDiagnostics) {
    for diagnostic in other.all { add(diagnostic) }
  }
}
