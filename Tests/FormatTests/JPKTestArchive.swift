import Bytes
import ForceMicroscopy
import Reading
import Tables

/// A JPK archive in the making: stored members, of which every byte can be changed.
struct JPKTestArchive {
  var members: [(name: String, content: [UInt8])] = []
  /// Members whose content is changed after their checksum was taken.
  var damaged: Set<String> = []

  /// A curve of one approach with the given channel lines and files.
  static func curve(
    _ lines: [String], files: [String: [UInt8]], style: String = "extend", points: Int = 3
  ) -> JPKTestArchive {
    var archive = JPKTestArchive()
    archive.add("header.properties", ["type=force-scan-series"])
    archive.addSegment("segments/0/", lines, files: files, style: style, points: points)
    return archive
  }

  mutating func add(_ name: String, _ lines: [String]) {
    members.append((name, Array((["#made for tests"] + lines).joined(separator: "\n").utf8)))
  }

  mutating func addSegment(
    _ folder: String, _ lines: [String], files: [String: [UInt8]], style: String = "extend",
    points: Int = 3
  ) {
    let header = "force-segment-header."
    add(
      folder + "segment-header.properties",
      [
        header + "num-points=\(points)", header + "duration=1.5",
        header + "settings.style=\(style)",
      ] + lines)
    for name in files.keys.sorted() {
      members.append((folder + "channels/\(name).dat", files[name] ?? []))
    }
  }

  /// The lines of a vertical deflection of shorts: 0.001 V a count, 50 nm/V, 2 N/m.
  static let deflection =
    ["channels.list=vDeflection"] + scaled("vDeflection", "signedshort", 0.001, 0)
    + conversions("vDeflection", "force", ["distance": 5e-8, "force": 2], ["m", "N"])

  static func scaled(_ name: String, _ type: String, _ multiplier: Double, _ offset: Double)
    -> [String]
  {
    let own = "channel.\(name).data.encoder."
    return [
      own + "type=\(type)", own + "scaling.type=linear", own + "scaling.style=offsetmultiplier",
      own + "scaling.multiplier=\(multiplier)", own + "scaling.offset=\(offset)",
      own + "scaling.unit.unit=V",
    ]
  }

  /// The chain volts → distance → force with its multipliers.
  static func conversions(
    _ name: String, _ shown: String, _ factors: [String: Double], _ units: [String]
  ) -> [String] {
    let own = "channel.\(name).conversion-set."
    var lines = [
      own + "conversions.list=distance force", own + "conversions.default=\(shown)",
      own + "conversions.base=volts",
    ]
    for (slot, below, unit) in [("distance", "volts", units[0]), ("force", "distance", units[1])] {
      let key = own + "conversion.\(slot)."
      guard let factor = factors[slot] else {
        lines.append(key + "defined=false")
        continue
      }
      lines += [
        key + "defined=true", key + "base-calibration-slot=\(below)",
        key + "scaling.multiplier=\(factor)", key + "scaling.offset=0.0",
        key + "scaling.unit.unit=\(unit)",
      ]
    }
    return lines
  }

  static func big<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
    values.flatMap { value in
      (0..<MemoryLayout<T>.size).reversed().map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
    }
  }

  /// The archive; without its directory where `hasDirectory` is false.
  func bytes(hasDirectory: Bool = true) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let start = body.count
      let crc = Self.crc32(content)
      let sizes = Self.little(crc) + Self.little(UInt32(content.count))
      let common = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + Self.little(UInt32(content.count))
      let length = Self.little(UInt16(name.utf8.count))
      var stored = content
      if damaged.contains(name), !stored.isEmpty { stored[0] ^= 1 }
      body += [0x50, 0x4B, 3, 4] + common + length + [0, 0] + Array(name.utf8) + stored
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common + length
      directory += [UInt8](repeating: 0, count: 12) + Self.little(UInt32(start)) + Array(name.utf8)
    }
    if !hasDirectory { return body }
    let count = Self.little(UInt16(members.count))
    return body + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + Self.little(UInt32(directory.count)) + Self.little(UInt32(body.count)) + [0, 0]
  }

  func read(hasDirectory: Bool = true) -> Result<Dataset, ReadFailure> {
    TestSupportReading.read(bytes(hasDirectory: hasDirectory))
  }

  private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<MemoryLayout<T>.size).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
  }

  /// CRC-32 of ISO 3309, bit by bit.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}

/// Reads bytes with the JPK reader.
enum TestSupportReading {
  static func read(_ bytes: [UInt8]) -> Result<Dataset, ReadFailure> {
    do throws(ReadFailure) {
      return .success(
        try JPKForceCurve.read(ByteView(bytes), name: "made.jpk-force", options: ReadOptions()))
    } catch {
      return .failure(error)
    }
  }
}
