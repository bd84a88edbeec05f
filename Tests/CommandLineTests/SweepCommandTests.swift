import Foundation
import TestSupport
import Testing

@Suite("Command line: sweeps, shards, resume")
struct SweepCommandTests {
  private static let environment = ["SOURCE_DATE_EPOCH": "0"]

  private static let map = """
    sweep:
      base: {numerics: {points: 16, tolerance: 1e-2}, stop: {growth: 0.5 nm},
             cases: [{label: a}, {label: "=b", metal: Na}]}
      axes:
        film.thickness: {from: 4 nm, to: 8 nm, count: 3}
        film.modulus: {values: [10 GPa, 100 GPa]}
      sample: {count: 2, seed: 3, metal.surface_energy: {uniform: {low: 0.3 J/m2, high: 0.6 J/m2}}}
      orderings: ["pv_ratio: a > =b"]
    """

  private func run(_ arguments: [String]) throws -> Tool.Result {
    try Tool.run(arguments, environment: Self.environment)
  }

  /// The files of a folder but for the records, the database and the locks.
  private func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let all = try #require(FileManager.default.enumerator(atPath: folder))
    for case let name as String in all {
      let last = (name as NSString).lastPathComponent
      if last.hasPrefix(".") || name.hasSuffix(".jsonl") || name.hasSuffix(".sqlite") { continue }
      files[name] = FileManager.default.contents(atPath: folder + "/" + name)
    }
    return files
  }

  @Test func shardsMergeToTheSameBytes() throws {
    let folder = try ScratchFolder()
    let config = try folder.write("map.yaml", Array(Self.map.utf8))
    let whole = try run(["sweep", config, "-o", folder.path + "/whole", "--jobs", "1"])
    #expect(whole.status == 0, "\(whole.err)")
    let parallel = try run([
      "sweep", config, "-o", folder.path + "/parallel", "--jobs", "4", "--json",
    ])
    #expect(parallel.status == 0)
    let expected = try files(folder.path + "/whole")
    #expect(expected["sweep.csv"] != nil && expected["map.vti"] != nil)
    #expect(expected["figures/map-a.svg"] != nil && expected["report.html"] != nil)
    #expect(try files(folder.path + "/parallel") == expected)
    let points = "/points-1-of-1.jsonl"
    let lines = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/whole" + points))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.path + "/parallel" + points)) == lines)
    #expect(lines.count { $0 == 0x0A } == 12)
    for shard in ["3/3", "1/3", "2/3"] {
      let result = try run(["sweep", config, "-o", folder.path + "/shards", "--shard", shard])
      #expect(result.status == 0, "\(result.err)")
    }
    #expect(try files(folder.path + "/shards").isEmpty)
    // Another time: two shards in one folder, the third in another.
    let moved = folder.path + "/third"
    try FileManager.default.createDirectory(atPath: moved, withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: folder.path + "/shards/points-3-of-3.jsonl", toPath: moved + "/points-3-of-3.jsonl")
    let missing = try run(["merge", folder.path + "/shards", "-o", folder.path + "/merged"])
    #expect(missing.status == 1 && missing.err.contains("points 3, 6, 9, 12 of 12 missing"))
    let merged = try run(["merge", folder.path + "/shards", moved, "-o", folder.path + "/merged"])
    #expect(merged.status == 0, "\(merged.err)")
    #expect(try files(folder.path + "/merged") == expected)
    let double = try run(["merge", folder.path + "/shards", moved, moved, "-o", folder.path + "/m"])
    #expect(double.status == 1 && double.err.contains("points 3, 6, 9, 12 twice"), "\(double.err)")
    let empty = try run(["merge", folder.path, "-o", folder.path + "/m", "--json"])
    #expect(empty.status == 1 && empty.err.contains("points-i-of-N.jsonl"))
    #expect((empty.json?["inputs"] as? [[String: Any]])?.first?["status"] as? String == "error")
  }

  @Test func theTableHasTheColumnsOfTheContract() throws {
    let folder = try ScratchFolder()
    let config = try folder.write("map.yaml", Array(Self.map.utf8))
    let result = try run(["sweep", config, "-o", folder.path + "/out", "--json"])
    let text = try String(contentsOfFile: folder.path + "/out/sweep.csv", encoding: .utf8)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 25)
    #expect(
      lines[0].hasPrefix(
        "point / 1,case,film.thickness / nm,film.modulus / GPa,metal.surface_energy / J/m2,"
          + "pv_initial / nm,pv_final / nm,pv_ratio / 1,"))
    #expect(lines[1].hasPrefix("1,a,4.0,10.0,") && lines[2].hasPrefix("1,'=b,4.0,10.0,"))
    #expect(lines[24].hasPrefix("12,'=b,8.0,100.0,"))
    let inputs = try #require(result.json?["inputs"] as? [[String: Any]])
    let found = try #require(inputs.first?["result"] as? [String: Any])
    #expect(found["points"] as? Int == 12 && found["rows"] as? Int == 24)
    // Draws within each combination of the axes: six of them, two cases, each output.
    let statistics = try #require(found["statistics"] as? [[String: Any]])
    #expect(statistics.count == 6 * 2 * 14 && statistics[0]["n"] as? Int == 2)
    #expect((found["orderings"] as? [Any])?.count == 6)
  }

  /// Cut, damaged and foreign records.
  @Test func resumeKeepsWhatStandsThere() throws {
    let folder = try ScratchFolder()
    let config = try folder.write("map.yaml", Array(Self.map.utf8))
    let out = folder.path + "/out"
    #expect(try run(["sweep", config, "-o", out]).status == 0)
    let expected = try files(out)
    let path = URL(fileURLWithPath: out + "/points-1-of-1.jsonl")
    let lines = try Data(contentsOf: path)
    for count in [0, 1, lines.count / 2, lines.count - 1] {
      try lines.prefix(count).write(to: path)
      let result = try run(["sweep", config, "-o", out, "--resume"])
      #expect(result.status == 0, "\(result.err)")
      #expect(result.err.contains("1 cut line") == (count > 0), "\(result.err)")
      #expect(try Data(contentsOf: path) == lines)
      var found = try files(out)
      // How many points came from the file stands in `run`, which may vary.
      for name in ["results.json", "ro-crate-metadata.json"] { found[name] = expected[name] }
      #expect(found == expected)
    }
    // A cut line is an error of merge, with file and line.
    try lines.dropLast(5).write(to: path)
    let merged = try run(["merge", out, "-o", folder.path + "/m"])
    #expect(merged.status == 1 && merged.err.contains("points-1-of-1.jsonl: line 12: "))
    // Damage anywhere else, a point twice, a point of another shard: errors with file and line.
    var rows = String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
    let whole = rows
    func check(_ words: String, status: Int32 = 1) throws {
      try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: path)
      let result = try run(["sweep", config, "-o", out, "--resume"])
      #expect(result.status == status, "\(words)")
      #expect(
        result.err.contains("points-1-of-1.jsonl: ") && result.err.contains(words), "\(result.err)")
      rows = whole
    }
    rows[2] = "{\"point\": 3"
    try check("line 3: no whole record")
    rows[4] = rows[3]
    try check("line 5: point 4 a second time")
    rows[5] = rows[5].replacingOccurrences(of: "\"outputs\":[", with: "\"outputs\":[1.0,")
    try check("line 6: a record that does not fit")
    rows[7] = "{\"a\":1}"
    try check("line 8: a line that is no record")
    // The records of another configuration are a usage error.
    let other = try folder.write(
      "other.yaml", Array(Self.map.replacing("seed: 3", with: "seed: 4").utf8))
    try lines.write(to: path)
    let foreign = try run(["sweep", other, "-o", out, "--resume"])
    #expect(foreign.status == 64 && foreign.err.contains("another configuration"), "\(foreign.err)")
    #expect(try Data(contentsOf: path) == lines)
  }

  /// A run killed at any instant goes on where it was.
  @Test func killedAndResumed() throws {
    let folder = try ScratchFolder()
    let text = Self.map.replacing("count: 2, seed", with: "count: 12, seed")
    let config = try folder.write("map.yaml", Array(text.utf8))
    let out = folder.path + "/killed"
    let path = out + "/points-1-of-1.jsonl"
    let process = try Tool.start(["sweep", config, "-o", out, "--jobs", "2"])
    let deadline = Date(timeIntervalSinceNow: 120)
    while process.isRunning, Date() < deadline {
      let lines = FileManager.default.contents(atPath: path)?.count { $0 == 0x0A } ?? 0
      if lines >= 3 { break }
      usleep(2000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let killed = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(process.terminationReason == .uncaughtSignal && killed.count { $0 == 0x0A } < 72)
    // And its last line cut.
    try killed.dropLast(7).write(to: URL(fileURLWithPath: path))
    let resumed = try run(["sweep", config, "-o", out, "--resume", "--json"])
    #expect(resumed.status == 0, "\(resumed.err)")
    let kept = (resumed.json?["run"] as? [String: Any])?["from_journal"] as? Int
    #expect(kept == killed.count { $0 == 0x0A } - 1)
    let plain = folder.path + "/plain"
    #expect(try run(["sweep", config, "-o", plain]).status == 0)
    for name in ["sweep.csv", "map.vti", "points-1-of-1.jsonl"] {
      #expect(
        FileManager.default.contents(atPath: out + "/" + name)
          == FileManager.default.contents(atPath: plain + "/" + name), "\(name)")
    }
  }

  /// A configuration that does not fit is an error of an input, with line and column.
  @Test func aWrongConfigurationIsAnInputThatFailed() throws {
    let folder = try ScratchFolder()
    let config = try folder.write(
      "bad.yaml", Array("sweep:\n  axes: {film.thikness: [4 nm]}\n".utf8))
    let result = try run(["sweep", config, "-o", folder.path + "/out", "--json"])
    #expect(result.status == 1)
    #expect(result.err.contains("bad.yaml: line 2, column 10: "), "\(result.err)")
    #expect(result.err.contains("film.thickness"))
    #expect((result.json?["inputs"] as? [[String: Any]])?.first?["status"] as? String == "error")
    let missing = try run(["sweep", folder.path + "/none.yaml", "-o", folder.path + "/out"])
    #expect(missing.status == 1 && missing.err.contains("no such file"))
  }
}
