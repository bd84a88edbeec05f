internal import Bytes
internal import Reading
internal import Tables

/// An `.nda` file of a version before BTS 9.
struct NewareOldFile {
  private let bytes: ByteView
  private let version: UInt8
  private let layout: NewareRowLayout
  private var diagnostics = DiagnosticList()
  private var isComplete = true
  private var main: StoredRecords
  /// Auxiliary records by channel.
  private var channels: [UInt8: StoredRecords] = [:]
  private var logs = 0

  init(_ bytes: ByteView, version: UInt8, layout: NewareRowLayout) throws(ReadFailure) {
    self.bytes = bytes
    self.version = version
    self.layout = layout
    main = StoredRecords(bytes, size: layout.size)
    if !layout.isVerified {
      diagnostics.warn(
        "neware.unverified", at: .byte(14),
        found: "nda version \(version), which was never compared with the vendor's export",
        expected: "expected 8, 22, 26 or 29; check the values against the vendor's program")
    }
    let (begin, length) = try region()
    walk(from: begin, length: length)
    if let auxiliary = u32(72), auxiliary > 0, auxiliary < bytes.count,
      auxiliary != begin, let size = u32(76), size > 0
    {
      walk(from: auxiliary, length: size)
    }
    if logs > 0 {
      diagnostics.note(
        "neware.log-records", found: "\(logs) records of the device's log",
        expected: "not decoded")
    }
  }

  private func u32(_ offset: Int) -> Int? {
    bytes.integers(.uint32, count: 1, at: offset, order: .little)?.first.map { Int($0) }
  }

  /// Where the records start, and how many bytes they take; 0 for up to the end of the file.
  private mutating func region() throws(ReadFailure) -> (begin: Int, length: Int) {
    let begin = u32(64) ?? 0
    let length = u32(68) ?? 0
    if begin >= 76, begin < bytes.count { return (begin, length) }
    // Versions from 26 on: the first data record has the index 1.
    if version >= 26 {
      let first: [UInt8] = [0x55, 0, 1, 0, 0, 0]
      var from = 0
      while let next = bytes.firstRange(of: "U\u{0}\u{1}\u{0}\u{0}\u{0}", from: from) {
        if bytes.dropFirst(next.lowerBound).starts(with: first) {
          diagnostics.warn(
            "neware.pointer", at: .byte(64),
            found: "the records are said to start at byte \(begin)",
            expected: "expected an offset in the file; the first record stands at "
              + "byte \(next.lowerBound)")
          return (next.lowerBound, 0)
        }
        from = next.upperBound
      }
    }
    throw ReadFailure(
      "neware.pointer", at: .byte(64),
      found: "the records are said to start at byte \(begin) of \(bytes.count)",
      expected: "expected an offset in the file: the file may be cut before its first record")
  }

  /// Sorts the records of a region by their kind.
  private mutating func walk(from begin: Int, length: Int) {
    let size = layout.size
    let isOpen = length == 0
    let (declared, overflow) = begin.addingReportingOverflow(isOpen ? bytes.count - begin : length)
    let end = overflow ? bytes.count : min(declared, bytes.count)
    var position = begin
    var slot = 0
    while position + size <= end {
      let kind = layout.identifier.flatMap { bytes[position + $0.at] }
      let isData =
        layout.identifier.map { identifier in kind.map { identifier.data.contains($0) } ?? false }
        ?? (u32(position) ?? 0 > 0)
      if isData {
        main.append(1, at: position, slot: slot)
        slot += 1
      } else if kind == 0x65 {
        let channel = bytes[position + 1] ?? 0
        channels[channel, default: StoredRecords(bytes, size: size)].append(
          1, at: position, slot: 0)
      } else if kind == 0xAA || kind == 0xFF {
        logs += 1
      } else if kind != nil {
        if isOpen { break }
        isComplete = false
        diagnostics.warn(
          "neware.record-kind", at: .byte(position),
          found: "a record that starts with byte \(kind ?? 0)",
          expected: "expected 85 (data), 101 (auxiliary) or 170 (log); left out")
      }
      position += size
    }
    let lost = isOpen ? min(end - position, 1) : (declared - position + size - 1) / size
    if declared > bytes.count || (position < end && end - position < size) {
      isComplete = false
      diagnostics.warn(
        "neware.cut-records", at: .byte(end),
        found: "the file ends within its records; \(max(lost, 0)) are lost",
        expected: "expected \(isOpen ? "whole records" : "\(length) bytes of records")")
    }
  }

  func dataset() throws(ReadFailure) -> Dataset {
    var diagnostics = diagnostics
    guard main.count > 0 else {
      if !isComplete {
        throw ReadFailure(
          "neware.no-records", at: .byte(bytes.count), found: "no whole record is left",
          expected: "expected at least one")
      }
      diagnostics.warn(
        "neware.empty", found: "the test holds no record",
        expected: "expected a test that was started"
      )
      return Dataset(
        format: NewareFile.id, technique: .cycling, tables: [NewareSeries().table()],
        metadata: metadata(&diagnostics), diagnostics: diagnostics.all)
    }
    let fixed = u32(16).flatMap {
      bytes.integers(.int32, count: 1, at: $0 + 26, order: .little)?.first
    }
    var series = NewareSeries(main, layout, fixedRange: fixed ?? 0)
    series.sort(into: &diagnostics)
    series.checkGaps(into: &diagnostics)
    series.origin = Origin(steps: ["little-endian"])
    let aux = auxiliary(&diagnostics)
    series.channels = aux.flatMap { $0.columns(beside: series.index) }
    let table = series.table()
    CyclerChecks.run(table.columns, into: &diagnostics)
    let metadata = metadata(&diagnostics)
    return Dataset(
      format: NewareFile.id, technique: .cycling, tables: [table], metadata: metadata,
      diagnostics: diagnostics.all, complete: isComplete, reading: ["nda version": "\(version)"])
  }

  /// Probe voltages (0.1 mV) and temperatures (0.1 °C) of auxiliary channels.
  private func auxiliary(_ diagnostics: inout DiagnosticList) -> [NewareChannel] {
    let isShort = layout.size == 69
    guard layout.size == 86 || isShort else {
      if !channels.isEmpty {
        diagnostics.warn(
          "neware.channel-records", found: "auxiliary records of version \(version)",
          expected: "expected those of versions 11 to 18, 20 to 24, 26, 28 or 29; left out")
      }
      return []
    }
    return channels.keys.sorted().compactMap { key in
      guard let records = channels[key] else { return nil }
      var channel = NewareChannel(
        id: Int(key), index: records.integers(.uint32, at: 2), origin: Origin())
      channel.series = [
        .init(
          quantity: "voltage", ucum: "V",
          values: records.reals(.int32, at: isShort ? 21 : 22, over: 1e4)),
        .init(
          quantity: "temperature", ucum: "Cel",
          values: records.reals(.int16, at: isShort ? 33 : 34, over: 10)),
      ]
      channel.dropEmpty(of: records.count, into: &diagnostics)
      return channel
    }
  }

  /// The last of the records that describe the test, and the program's version.
  private func metadata(_ diagnostics: inout DiagnosticList) -> Metadata {
    var metadata = Metadata()
    metadata.append("nda version", .integer(Int64(version)))
    if let mass = u32(version >= 9 ? 152 : version == 8 ? 144 : 80), mass > 0 {
      metadata.append("active mass (mg)", .real(Double(mass) / 1000))
    }
    let size =
      switch version {
      case 29...: 503
      case 17...28: 383
      case 16: 343
      case 11...15: 327
      default: 211
      }
    let start = version < 11 ? 36 : 37
    var fields: [(String, Int, Int)] = [("start time", start, 20)]
    if version < 11 {
      fields += [("creator", 76, 15), ("serial number", 91, 20), ("remarks", 111, 100)]
    } else {
      fields += [("creator", 77, 60), ("serial number", 137, 90), ("remarks", 227, 100)]
    }
    if version >= 17 { fields.append(("barcode", 343, 40)) }
    if version >= 29 { fields += [("test name", 383, 60), ("step name", 443, 60)] }
    let begin = u32(24) ?? 0
    let length = u32(28) ?? 0
    let isPresent = length >= size && begin > 0 && begin <= bytes.count - length
    let place = begin + (max(size, length) / size - 1) * size + start
    // A start time such as 2023-11-14 22:13:20 shows that the description is where it is said to be.
    let stamp = isPresent ? bytes[place..<(place + 4)].array : []
    if stamp.isEmpty || !stamp.allSatisfy({ $0 &- 48 <= 9 }) {
      diagnostics.warn(
        "neware.test-info", at: .byte(24),
        found: "no start time in the description of the test, said to be \(length) bytes at "
          + "byte \(begin)",
        expected: "expected a date there; names and remarks may be lost")
    }
    if isPresent {
      let record = begin + (length / size - 1) * size
      for (key, at, count) in fields {
        let text = NewareText.decode(bytes[(record + at)..<(record + at + count)])
        if !text.isEmpty { metadata.append(key, text) }
      }
    }
    for (key, mark) in [("server", "BTSServer"), ("device program", "BTS_XWJ")] {
      if let place = bytes.prefix(65536).firstRange(of: mark) {
        let text = NewareText.decode(bytes[place.lowerBound..<(place.lowerBound + 50)])
        metadata.append(key, text)
      }
    }
    return metadata
  }
}
