internal import Bytes
internal import Reading
internal import Tables

/// The scans within the points of the outer one, as arrays: one grid for each rank.
struct MDAInnerScans {
  private(set) var grids: [Grid] = []
  /// How many scans of each rank were read, for the metadata.
  private(set) var counts: [(key: String, value: Int)] = []
  private(set) var complete = true
  /// Where the last record ends.
  private(set) var end: Int

  private let bytes: ByteView
  private let file: MDAFile
  /// Bytes of all records read so far: no more than the file has, whatever the pointers say.
  private var consumed = 0
  private var records: [(rank: Int, start: Int, end: Int)]

  init(_ bytes: ByteView, _ file: MDAFile) {
    self.bytes = bytes
    self.file = file
    end = file.scan.end
    records = [(file.scan.rank, file.scan.start, file.scan.end)]
  }

  mutating func read(_ options: ReadOptions, into diagnostics: inout DiagnosticList) {
    var outer = [file.scan]
    var rank = file.rank - 1
    var outerPoints = [file.scan.done]
    while rank > 0, !outer.isEmpty {
      let scans = inner(of: outer, rank: rank, into: &diagnostics)
      counts.append(("scans of rank \(rank)", scans.count))
      if let first = scans.first {
        addGrid(scans, like: first, outerPoints, options, into: &diagnostics)
        outerPoints.append(first.points)
      }
      outer = scans
      rank -= 1
    }
    checkLayout(into: &diagnostics)
  }

  /// Every record ends where the next one starts, or where the scans end: a wrong count would shift
  /// its numbers.
  private func checkLayout(into diagnostics: inout DiagnosticList) {
    let starts = Set(records.map(\.start))
    for record in records where !starts.contains(record.end) && record.end != end {
      diagnostics.warn(
        "mda.layout", at: .byte(record.start),
        found:
          "a scan of rank \(record.rank) ends at byte \(record.end), where no other one starts",
        expected: "expected records without gaps; a count may be wrong")
    }
  }

  /// The scans of the next lower rank, those of points done.
  private mutating func inner(
    of scans: [MDAScan], rank: Int, into diagnostics: inout DiagnosticList
  ) -> [MDAScan] {
    var result: [MDAScan] = []
    var missing = 0
    for scan in scans {
      for (point, offset) in scan.inner.enumerated() where point < scan.done || offset != 0 {
        guard offset != 0 else {
          missing += 1
          continue
        }
        do throws(ReadFailure) {
          var cursor = ByteCursor(bytes, order: .big, area: "mda")
          try cursor.seek(to: max(0, offset))
          let record = try MDAScan(&cursor, rank: rank)
          consumed += max(0, record.end - record.start)
          guard record.start >= file.scan.end, consumed <= bytes.count + 4096 * 1024,
            record.end <= bytes.count
          else {
            throw ReadFailure(
              "mda.truncated", at: .byte(offset),
              found: "a scan from byte \(record.start) to \(record.end)",
              expected: "expected scans that lie within the \(bytes.count) bytes and do not overlap"
            )
          }
          end = max(end, record.end)
          records.append((record.rank, record.start, record.end))
          // The record of a point that was not finished is there, but not its point.
          if point < scan.done { result.append(record) }
        } catch {
          complete = false
          diagnostics.warn(
            "mda.inner-scan", at: error.diagnostic.place,
            found: "an inner scan cannot be read (\(error.diagnostic.found))",
            expected: error.diagnostic.expected)
          if consumed > bytes.count { return result }
        }
      }
    }
    if missing > 0 {
      complete = false
      diagnostics.warn(
        "mda.inner-scan", at: .byte(file.scan.start + 12),
        found: "\(missing) points done without their inner scan",
        expected: "expected a pointer to a scan for each")
    }
    return result
  }

  private mutating func addGrid(
    _ scans: [MDAScan], like first: MDAScan, _ outerPoints: [Int], _ options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) {
    let descriptions = first.descriptions
    let names = descriptions.map(\.name)
    guard !names.isEmpty,
      scans.allSatisfy({ $0.points == first.points && $0.descriptions.map(\.name) == names })
    else {
      complete = false
      diagnostics.warn(
        "mda.irregular", at: .byte(first.start),
        found: "\(scans.count) inner scans that differ in their points or detectors",
        expected: "expected the same in all; they are counted, not given")
      return
    }
    let total = scans.count * first.points
    var series = names.map { _ in [Double]() }
    for i in series.indices { series[i].reserveCapacity(total) }
    var unfinished = 0
    for scan in scans {
      if scan.done < scan.points { unfinished += 1 }
      for (i, column) in scan.columns(bytes).enumerated() where series.indices.contains(i) {
        series[i].append(contentsOf: column.values)
        series[i].append(
          contentsOf: repeatElement(.nan, count: max(0, scan.points - column.values.count)))
      }
    }
    if unfinished > 0 {
      diagnostics.warn(
        "mda.partial", at: .byte(first.start),
        found: "\(unfinished) of \(scans.count) inner scans are not finished",
        expected: "the points that were not done are missing")
    }
    guard series.allSatisfy({ $0.count == total }) else { return }
    let range = first.data..<(scans.last?.end ?? first.end)
    var channels: [Column] = []
    for (description, values) in zip(descriptions, series) {
      channels.append(
        MDAColumns.column(
          description, values,
          origin: Origin(
            bytes: [range],
            steps: [description.isFloat32 ? "Float32 big-endian" : "Float64 big-endian"]),
          place: .byte(range.lowerBound), options: options, into: &diagnostics))
    }
    // Fastest first: the points of a scan, then the points of the scans around it.
    var axes = [
      GridAxis(name: "point", count: first.points, origin: 0, step: 1, unit: .absent)
    ]
    let product = outerPoints.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    if outerPoints.count > 1, product == scans.count {
      for (i, count) in outerPoints.reversed().enumerated() {
        axes.append(
          GridAxis(name: "outer point \(i + 1)", count: count, origin: 0, step: 1, unit: .absent))
      }
    } else {
      axes.append(
        GridAxis(name: "scan", count: scans.count, origin: 0, step: 1, unit: .absent))
    }
    grids.append(
      Grid(
        name: first.name.isEmpty ? "inner scans of rank \(first.rank)" : first.name, axes: axes,
        channels: channels))
  }
}
