internal import Bytes
package import Output
package import Sweeping
internal import Synchronization
public import Tables

/// A part of the points of a sweep: every N-th, from the i-th on.
public struct SweepShard: Hashable, Sendable {
  /// The number of the part, from 1.
  public let index: Int
  /// The number of parts.
  public let count: Int

  /// All points.
  public static let whole = SweepShard(index: 1, count: 1)

  private init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// The shard that `i/N` names; nil unless 1 ≤ i ≤ N.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), index >= 1,
      index <= count, count <= 1_000_000
    else { return nil }
    self.init(index: index, count: count)
  }

  /// The name of its file.
  public var fileName: String { "points-\(index)-of-\(count).jsonl" }

  /// Its points among all, in order.
  func points(of total: Int) -> [Int] {
    index > total ? [] : Array(stride(from: index, through: total, by: count))
  }
}

/// A sweep ready to be run: its configuration and the plan that its records belong to.
public struct SweepBatch: Sendable {
  /// What `--resume` found.
  public struct Kept: Sendable {
    /// The points that were there.
    public var points = 0
    /// Whether the last line was cut and is computed again.
    public var cutLines = 0

    /// Nothing.
    public init() {}
  }

  let configuration: SweepConfiguration
  package let plan: SweepPlan

  /// The number of points of the whole sweep.
  public var points: Int { configuration.points }

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - path: the configuration, or `-`.
  ///   - seed: the seed of the draws in place of that of the configuration.
  public static func read(
    _ path: String, seed: UInt64? = nil
  ) throws(ReadFailure) -> SweepBatch {
    let bytes = path == "-" ? try FileSource.standardInput() : try FileSource.open(path: path)
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let prefix = folder.isEmpty ? "" : folder.joined(separator: "/") + "/"
    var configuration = try SweepConfiguration.read(
      bytes, name: String(path.split(separator: "/").last ?? "")
    ) { file throws(ReadFailure) in
      try FileSource.open(path: file.hasPrefix("/") ? file : prefix + file)
    }
    if let seed { configuration.sampling?.seed = seed }
    // The plan goes through its text, as that of a shard does: both give the same bytes.
    let line = JSONWriter.line(SweepPlan.tree(configuration, version: interphaseVersion))
    guard let plan = SweepPlan(try JSONText.parse(ByteView(line)), file: path) else {
      throw ReadFailure(
        "sweep.plan", found: "a plan that cannot be read back", expected: "a plan of a sweep")
    }
    return SweepBatch(configuration: configuration, plan: plan)
  }

  /// Runs the points of a shard and adds each to its file, in order.
  ///
  /// - Parameters:
  ///   - shard: which points.
  ///   - file: where the records go, held by this run.
  ///   - resume: whether the records that the file holds are kept.
  ///   - jobs: workers; the records do not depend on them.
  ///   - progress: the points finished and the points of the shard, from any worker.
  /// - Returns: the records in order, and how many were there before.
  /// - Throws: `sweep.journal` where the file holds something else.
  package func run(
    _ shard: SweepShard, file: LineFile, resume: Bool, jobs: Int,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) throws -> (records: [PointRecord], kept: Kept) {
    let due = shard.points(of: points)
    var kept = Kept()
    var known: [Int: PointRecord] = [:]
    if resume, FileSource.modified(pathBytes: Array(file.path.utf8)) != nil {
      let found = try SweepRecords.read(file.path, as: plan, shard: shard, forgivesCut: true)
      for record in found.records { known[record.point] = record }
      kept.points = found.records.count
      kept.cutLines = found.cutLines
    }
    let mark = SweepRecords.mark(of: plan)
    let plan = plan
    let first = due.first
    let line = { @Sendable (record: PointRecord) in
      JSONWriter.line(
        .object(record.tree(mark: mark, plan: record.point == first ? plan : nil))) + [0x0A]
    }
    // Lines stand in order, so that a file does not depend on the workers; what is kept is the
    // beginning of the file, and the rest of it, if any, is written when its turn comes.
    let start = due.prefix { known[$0] != nil }
    try file.start(keeping: start.flatMap { known[$0].map(line) ?? [] })
    let rest = Array(due.dropFirst(start.count))
    let turn = LineOrder(file)
    let design = SweepDesign(configuration)
    let configuration = configuration
    let held = known
    let before = start.count
    let total = due.count
    let made = Batch.map(
      rest, jobs: jobs, finished: { progress(before + $0, total) },
      { position, point in
        let record =
          held[point] ?? SweepRunner(configuration, design: design).run(point)
        turn.deliver(position, line(record))
        return record
      })
    try file.finish()
    return (start.compactMap { known[$0] } + made, kept)
  }
}

/// Brings lines that are made in any order into their own.
private final class LineOrder: Sendable {
  private let file: LineFile
  private let state = Mutex<(next: Int, waiting: [Int: [UInt8]])>((0, [:]))

  init(_ file: LineFile) { self.file = file }

  func deliver(_ position: Int, _ line: [UInt8]) {
    state.withLock { state in
      state.waiting[position] = line
      while let next = state.waiting.removeValue(forKey: state.next) {
        file.append(next)
        state.next += 1
      }
    }
  }
}

/// The document of a whole sweep.
package enum SweepDocument {
  /// The files of the results folder, relative to it.
  package static func files(_ results: SweepResults) -> [String] {
    var files = ["sweep.csv"]
    if results.controlTable != nil { files.append("control.csv") }
    if results.map != nil { files.append("map.vti") }
    return files + results.figures.map { "figures/\(SafeName.make($0.id)).svg" }
  }

  /// What `results.json` holds.
  package static func document(_ results: SweepResults, run: ResultObject) -> ResultDocument {
    var result = results.result
    result["other_inputs"] = .list(
      results.plan.inputs.dropFirst().map {
        .fields([
          "file": .text($0.path), "bytes": .integer($0.bytes), "sha256": .text($0.sha256),
        ])
      })
    result["files"] = .list(files(results).map(ResultValue.text))
    let own = results.plan.inputs.first
    var fields = ResultObject()
    fields["result"] = .object(result)
    return ResultDocument(
      version: results.plan.version, command: "sweep", run: run,
      inputs: [
        InputReport(
          file: results.plan.file, sha256: own?.sha256, bytes: own?.bytes, format: "config-yaml",
          complete: true, diagnostics: results.diagnostics, fields: fields)
      ], summary: results.summary)
  }
}
