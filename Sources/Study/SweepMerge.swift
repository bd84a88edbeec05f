internal import Bytes
internal import Output
package import Sweeping
internal import Tables

/// Puts the shards of a sweep together.
package enum SweepMerge {
  /// Reads all `points-i-of-N.jsonl` of some folders.
  ///
  /// - Returns: the plan and one record a point, in order.
  /// - Throws: `sweep.missing-points` and `sweep.double` naming the points; ``SweepMismatch`` where two
  ///   files belong to different sweeps.
  package static func read(_ folders: [String]) throws -> (plan: SweepPlan, records: [PointRecord])
  {
    var files: [(path: String, shard: SweepShard)] = []
    for folder in folders {
      let here = try shards(in: folder)
      guard !here.isEmpty else {
        throw FileFailure(
          folder,
          ReadFailure(
            "sweep.no-shards", found: "no file points-i-of-N.jsonl",
            expected: "the output folder of `interphase sweep --shard i/N`"))
      }
      files += here
    }
    var plan: SweepPlan?
    for file in files where plan == nil { plan = try SweepRecords.plan(in: file.path) }
    guard let plan else {
      throw FileFailure(
        folders.joined(separator: " "),
        ReadFailure(
          "sweep.no-plan", found: "no line that carries the plan of the sweep",
          expected: "the first line of at least one shard"))
    }
    var places: [Int: String] = [:]
    var records: [Int: PointRecord] = [:]
    var doubles: [(point: Int, files: String)] = []
    for file in files {
      let found = try SweepRecords.read(
        file.path, as: plan, shard: file.shard, forgivesCut: false)
      for (record, line) in zip(found.records, found.lines) {
        let here = "\(file.path) line \(line)"
        if let first = places[record.point] {
          doubles.append((record.point, "\(first) and \(here)"))
        }
        places[record.point] = here
        records[record.point] = record
      }
    }
    if let first = doubles.first {
      throw FileFailure(
        folders.joined(separator: " "),
        ReadFailure(
          "sweep.double",
          found: "\(points(doubles.map(\.point))) twice (\(first.files))",
          expected: "each point in one shard"))
    }
    let missing = (1...plan.points).filter { records[$0] == nil }
    guard missing.isEmpty else {
      throw FileFailure(
        folders.joined(separator: " "),
        ReadFailure(
          "sweep.missing-points", found: "\(points(missing)) of \(plan.points) missing",
          expected: "all shards, each finished; run those again with --resume"))
    }
    return (plan, (1...plan.points).compactMap { records[$0] })
  }

  /// `point 3` or `points 3, 6, 9 …`, runs as `1–5`.
  private static func points(_ numbers: [Int]) -> String {
    var runs: [(first: Int, last: Int)] = []
    for number in numbers.sorted() {
      if let last = runs.indices.last, runs[last].last == number - 1 {
        runs[last].last = number
      } else {
        runs.append((number, number))
      }
    }
    let words = runs.prefix(20).map {
      $0.first == $0.last ? "\($0.first)" : "\($0.first)–\($0.last)"
    }
    let more = runs.count > 20 ? " … (\(numbers.count) points)" : ""
    return (numbers.count == 1 ? "point " : "points ") + words.joined(separator: ", ") + more
  }

  /// The files of shards in a folder, in order of N and i.
  private static func shards(in folder: String) throws -> [(path: String, shard: SweepShard)] {
    var files: [(path: String, shard: SweepShard)] = []
    guard FileSource.isFolder(path: folder) else {
      throw FileFailure(
        folder,
        ReadFailure("sweep.no-shards", found: "no folder", expected: "a folder with shards"))
    }
    let entries: [FolderEntry]
    do {
      entries = try FileSource.list(folder: folder)
    } catch {
      throw FileFailure(folder, error)
    }
    for entry in entries {
      let name = entry.relativePath
      guard entry.kind == .file, name.hasPrefix("points-"), name.hasSuffix(".jsonl") else {
        continue
      }
      let middle = name.dropFirst("points-".count).dropLast(".jsonl".count)
      guard let shard = SweepShard(String(middle.replacing("-of-", with: "/"))) else { continue }
      files.append(((folder.hasSuffix("/") ? folder : folder + "/") + name, shard))
    }
    return files.sorted {
      ($0.shard.count, $0.shard.index) < ($1.shard.count, $1.shard.index)
    }
  }
}
