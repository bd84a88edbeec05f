public import Tables

/// How the clocks of a region stand to UTC, from the system's IANA time zone database.
///
/// The machine's own zone plays no part: a zone is always named. The database is read by a reader of
/// our own (RFC 8536, versions 1 to 4), bounded by the size of the file.
public struct TimeZoneRules: Hashable, Sendable {
  /// The name, such as `Europe/Berlin` or `+02:00`.
  public let name: String
  /// Seconds since 1970 in UTC at which the offset changes, ascending.
  private let changes: [Int64]
  /// The offset in seconds from each change on, east positive.
  private let offsets: [Int32]
  /// The offset before the first change.
  private let first: Int32
  /// The rule for the time after the last change.
  private let rule: ClockRule?

  /// The zone of a name: an IANA name, `UTC`, or an offset such as `+02:00`.
  ///
  /// - Throws: `time.zone-unknown` with the nearest names, `time.zone-damaged` for a file that is no
  ///   time zone file.
  public init(named name: String) throws(ReadFailure) {
    self.name = name
    if let offset = Self.fixedOffset(name) {
      (changes, offsets, first, rule) = ([], [], offset, nil)
      return
    }
    let file = try ZoneFile(Self.bytes(of: name), name: name)
    changes = file.changes
    offsets = file.offsets
    first = file.first
    rule = file.rule
  }

  /// `UTC`, `Z` and offsets such as `+02:00`, `-0330`.
  private static func fixedOffset(_ name: String) -> Int32? {
    if ["UTC", "Etc/UTC", "GMT", "Z"].contains(name) { return 0 }
    guard let sign = name.first, sign == "+" || sign == "-" else { return nil }
    let digits = name.dropFirst().filter { $0 != ":" }
    guard digits.utf8.count == 4, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
      let number = Int32(digits), number % 100 < 60, number / 100 <= 18
    else { return nil }
    let seconds = number / 100 * 3600 + number % 100 * 60
    return sign == "-" ? -seconds : seconds
  }

  /// Folders in which systems keep the database.
  private static let folders = [
    "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
  ]

  private static func bytes(of name: String) throws(ReadFailure) -> ByteView {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty
        && part.utf8.allSatisfy {
          ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 || $0 == 45
            || $0 == 43
        }
    }
    if isPlain, name.utf8.count <= 64 {
      for folder in folders where !FileSource.isFolder(path: "\(folder)/\(name)") {
        if let bytes = try? FileSource.open(path: "\(folder)/\(name)"), bytes.count <= 1 << 20 {
          return bytes
        }
      }
    }
    let known = names
    guard !known.isEmpty else {
      throw ReadFailure(
        "time.zone-unknown", found: "no time zone is called '\(name)'",
        expected: "this system has no time zone database (tzdata): give an offset such as +02:00")
    }
    let folded = name.lowercased()
    let nearest = known.map { ($0, EditDistance.between(folded, $0.lowercased())) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(3).map(\.0)
    throw ReadFailure(
      "time.zone-unknown", found: "no time zone is called '\(name)'",
      expected: "expected an IANA name (\(nearest.joined(separator: ", ")) …) or an offset such as "
        + "+02:00")
  }

  /// The names of the database's table of zones; empty where there is none.
  static var names: [String] {
    for folder in folders {
      for table in ["tzdata.zi", "zone.tab"] {
        guard let bytes = try? FileSource.open(path: "\(folder)/\(table)") else { continue }
        let text = bytes.withBytes { String(decoding: $0, as: UTF8.self) }
        let found = text.split(separator: "\n").compactMap { line -> String? in
          if table == "zone.tab" {
            let cells = line.split(separator: "\t")
            return line.hasPrefix("#") || cells.count < 3 ? nil : String(cells[2])
          }
          let words = line.split(separator: " ")
          if line.hasPrefix("Z "), words.count > 1 { return String(words[1]) }
          return line.hasPrefix("L ") && words.count > 2 ? String(words[2]) : nil
        }
        if !found.isEmpty { return found }
      }
    }
    return []
  }

  /// Seconds that the clocks stand ahead of UTC at an instant, given in seconds since 1970.
  public func offset(at instant: Int64) -> Int64 {
    if let last = changes.last, instant >= last, let rule { return rule.offset(at: instant) }
    if changes.isEmpty, let rule { return rule.offset(at: instant) }
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return Int64(low == 0 ? first : offsets[low - 1])
  }

  /// The instants at which the clocks showed a time, both in seconds since 1970, the earlier first.
  ///
  /// As a rule there is one; two in the hour that clocks show twice, none in the hour that they leave out.
  public func instants(ofClock shown: Int64) -> [Int64] {
    // No zone stands further than 26 hours from UTC, so both offsets of a change are among these.
    var found: [Int64] = []
    for probe in [shown &- 93_600, shown &+ 93_600, shown] {
      let instant = shown &- offset(at: probe)
      if offset(at: instant) == shown &- instant, !found.contains(instant) { found.append(instant) }
    }
    return found.sorted()
  }
}
