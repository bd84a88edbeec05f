import Bytes
import FormatRegistry
import Reading

/// Reads instrument files again and again, from opening them to columns.
func measureFiles(_ paths: [String], times: Int) {
  do {
    let (seconds, counts) = try best(of: 3) { try readFiles(paths, times: times) }
    print("interphase\t\(seconds)\t\(counts.bytes)\t\(counts.rows)\t0")
  } catch {
    print("interphase\tfailed\t\(error)")
  }
}

/// How much was read: bytes of all turns, rows of the last one.
struct FileCounts {
  var bytes = 0
  var rows = 0
}

private func readFiles(_ paths: [String], times: Int) throws -> FileCounts {
  var counts = FileCounts()
  for _ in 0..<times {
    counts.rows = 0
    for path in paths {
      let bytes = try FileSource.open(path: path)
      counts.bytes += bytes.count
      let name = String(path.split(separator: "/").last ?? "")
      // As the program does it: by content, the formats that are usual for the name first.
      let head = FileHead(bytes, name: name)
      guard case .recognised(let format) = FormatRegistry.detectQuickly(head).verdict
      else { continue }
      let dataset = try format.read(bytes, name: name, options: ReadOptions())
      counts.rows += dataset.tables.reduce(0) { $0 + $1.rows }
    }
  }
  return counts
}
