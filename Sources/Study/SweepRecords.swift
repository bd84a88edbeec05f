internal import Bytes
internal import Output
internal import Sweeping
package import Tables

/// A failure of records that belong to another sweep: exit 64.
package struct SweepMismatch: Error, Hashable, Sendable {
  /// The file.
  package var file: String
  /// What was found and what was expected.
  package var message: String
}

/// Reads the files `points-i-of-N.jsonl`.
package enum SweepRecords {
  /// The records of one file.
  struct Found {
    var records: [PointRecord] = []
    var lines: [Int] = []
    /// 1 where the last line was cut.
    var cutLines = 0
  }

  /// What every line of a plan carries: the start of the plan's hash.
  static func mark(of plan: SweepPlan) -> String {
    String(SHA256.hex(of: ByteView(JSONWriter.line(plan.tree))).prefix(16))
  }

  /// Reads a file of a known plan.
  ///
  /// - Parameter forgivesCut: whether a last line that was cut is left out rather than an error.
  static func read(
    _ path: String, as plan: SweepPlan, shard: SweepShard, forgivesCut: Bool
  ) throws -> Found {
    let bytes = try open(path)
    var found = Found()
    let mark = mark(of: plan)
    let due = Set(shard.points(of: plan.points))
    var lineOf: [Int: Int] = [:]
    let lines = split(bytes)
    for (number, line) in lines.enumerated() {
      let isLast = number == lines.count - 1
      let place = Place.line(number + 1)
      let tree: ResultValue
      do throws(ReadFailure) {
        guard line.isWhole else {
          throw ReadFailure(
            "sweep.cut-line", at: place, found: "\(path): the line ends without a newline",
            expected: "a whole line; run the shard again with --resume")
        }
        tree = try JSONText.parse(line.bytes)
      } catch {
        if isLast, forgivesCut {
          found.cutLines = 1
          break
        }
        let inner = error.diagnostic
        guard inner.code != "sweep.cut-line" else { throw FileFailure(path, error) }
        throw FileFailure(
          path,
          ReadFailure(
            isLast ? "sweep.cut-line" : "sweep.journal", at: place,
            found: "no whole record (\(inner.found))",
            expected: isLast
              ? "a whole line; run the shard again with --resume" : "one JSON object a line"))
      }
      guard let own = tree["sweep"]?.text else {
        throw FileFailure(
          path,
          ReadFailure(
            "sweep.journal", at: place, found: "a line that is no record of a sweep",
            expected: "`point`, `sweep`, `rows` and `notes`"))
      }
      guard own == mark else {
        throw SweepMismatch(
          file: path,
          message: "\(place): a record of another configuration or version (\(own.prefix(16))); "
            + "expected \(mark): choose another folder, or start afresh without --resume")
      }
      guard let record = PointRecord(tree, plan: plan) else {
        throw FileFailure(
          path,
          ReadFailure(
            "sweep.journal", at: place, found: "a record that does not fit the sweep",
            expected: "a point of \(plan.points) with \(plan.cases.count) cases"))
      }
      guard due.contains(record.point) else {
        throw FileFailure(
          path,
          ReadFailure(
            "sweep.journal", at: place, found: "point \(record.point), which is not of this shard",
            expected: "points of shard \(shard.index)/\(shard.count)"))
      }
      if let first = lineOf[record.point] {
        throw FileFailure(
          path,
          ReadFailure(
            "sweep.double", at: place,
            found: "point \(record.point) a second time, first at line "
              + "\(first)", expected: "each point once"))
      }
      lineOf[record.point] = number + 1
      found.records.append(record)
      found.lines.append(number + 1)
    }
    return found
  }

  private static func open(_ path: String) throws(FileFailure) -> ByteView {
    do {
      return try FileSource.open(path: path)
    } catch {
      throw FileFailure(path, error)
    }
  }

  /// The plan that a file carries; nil where no line does.
  static func plan(in path: String) throws -> SweepPlan? {
    let bytes = try open(path)
    for line in split(bytes) where line.isWhole {
      guard let tree = try? JSONText.parse(line.bytes), let plan = tree["plan"] else { continue }
      return SweepPlan(plan, file: tree["file"]?.text ?? "-")
    }
    return nil
  }

  /// The lines of a file; one without a newline at its end is not whole.
  private static func split(_ bytes: ByteView) -> [(bytes: ByteView, isWhole: Bool)] {
    var lines: [(bytes: ByteView, isWhole: Bool)] = []
    var start = 0
    bytes.withBytes { all in
      for i in 0..<all.count where all[i] == 0x0A {
        lines.append((bytes[start..<i], true))
        start = i + 1
      }
    }
    if start < bytes.count { lines.append((bytes[start..<bytes.count], false)) }
    return lines
  }
}

/// A failure of a file that is no input of the command line's own.
package struct FileFailure: Error, Hashable, Sendable {
  /// The file.
  package var file: String
  /// What is wrong, and where.
  package var failure: ReadFailure

  init(_ file: String, _ failure: ReadFailure) {
    self.file = file
    self.failure = failure
  }
}
