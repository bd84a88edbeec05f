import Bytes
import FormatRegistry
import Reading

/// Times asking every format for its score, file by file: the mean and the slowest file.
///
/// Opening the file and taking its first and last bytes count; the least of several turns is taken for
/// each file.
func measureSniffing(_ paths: [String], repeats: Int) {
  var sum = 0.0
  var slowest = (seconds: 0.0, path: "")
  var claimed = 0
  var bytes = 0
  for path in paths {
    do {
      let (seconds, found) = try best(of: repeats) { () throws -> (size: Int, isKnown: Bool) in
        let view = try FileSource.open(path: path)
        let name = String(path.split(separator: "/").last ?? "")
        let detection = FormatRegistry.detect(FileHead(view, name: name))
        if case .recognised = detection.verdict { return (view.count, true) }
        return (view.count, false)
      }
      sum += seconds
      bytes += found.size
      if found.isKnown { claimed += 1 }
      if seconds > slowest.seconds { slowest = (seconds, path) }
    } catch {
      continue
    }
  }
  let name = slowest.path.split(separator: "/").last ?? ""
  print("mean\t\(sum / Double(max(1, paths.count)))\t\(bytes)\t\(paths.count)\t\(claimed)")
  print("slowest\t\(slowest.seconds)\t0\t1\t0\t\(name)")
}
