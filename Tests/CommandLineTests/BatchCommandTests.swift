import Bytes
import Foundation
import TestSupport
import Testing

/// Batches that are killed, disturbed and taken up again (reliability.md §6, §11).
@Suite("Command line: batches")
struct BatchCommandTests {
  private static let environment = ["SOURCE_DATE_EPOCH": "0"]

  /// Numbers that look random and are the same every time: Steele, Lea and Flood, "Fast splittable
  /// pseudorandom number generators" (2014).
  private struct Seeded {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(limit))
    }
  }

  /// Logs of symmetric cells, one of them no log.
  static func logs(_ count: Int, in folder: ScratchFolder) throws {
    for n in 0..<count {
      var text = "Test Time / s,Voltage / V,Current / A\n"
      for i in 0..<400 {
        let s = (i / (40 + n % 7)) % 2 == 0 ? 1.0 : -1.0
        text += "\(i * 10),\(s * (0.03 + Double(n) * 0.001)),\(s * 0.001)\n"
      }
      let isBroken = n == 5
      try folder.write(
        "data/cell_\(n).\(isBroken ? "mpr" : "csv")", isBroken ? [1, 2, 3] : Array(text.utf8))
    }
  }

  /// The files of a results folder; of results.json without what belongs to one run.
  private func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let all = try #require(FileManager.default.enumerator(atPath: folder))
    for case let name as String in all {
      let last = (name as NSString).lastPathComponent
      if last.hasPrefix(".") || last == "journal.jsonl" || name.hasSuffix(".sqlite") { continue }
      var data = FileManager.default.contents(atPath: folder + "/" + name)
      if name == "results.json", let own = data,
        var tree = try JSONSerialization.jsonObject(with: own) as? [String: Any]
      {
        tree["run"] = nil
        data = try JSONSerialization.data(withJSONObject: tree, options: [.sortedKeys])
      }
      files[name] = data
    }
    return files
  }

  private func journalLines(_ folder: String) -> Int {
    (FileManager.default.contents(atPath: folder + "/journal.jsonl") ?? Data()).count { $0 == 10 }
  }

  private func run(_ arguments: [String]) throws -> Tool.Result {
    try Tool.run(arguments, environment: Self.environment)
  }

  @Test func killedAtAnyMomentAndResumed() throws {
    let folder = try ScratchFolder()
    try Self.logs(24, in: folder)
    let command = ["cycling", folder.path + "/data", "--jobs", "2", "--quiet", "-o"]
    let start = ContinuousClock.now
    let whole = try run(command + [folder.path + "/whole"])
    let took = max(50, Int(start.duration(to: .now) / .milliseconds(1)))
    #expect(whole.status == 1, "\(whole.err)")
    let wanted = try files(folder.path + "/whole")
    #expect(wanted.count > 24)
    var seeded = Seeded(state: 8)
    for n in 0..<5 {
      let out = folder.path + "/killed-\(n)"
      let process = try Tool.start(command + [out], environment: Self.environment)
      usleep(UInt32(seeded.next(below: took) * 1000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let known = max(0, journalLines(out) - 1)
      let resumed = try run(command + [out, "--resume", "--json"])
      #expect(resumed.status == 1, "\(resumed.err)")
      let taken = (resumed.json?["run"] as? [String: Any])?["from_journal"] as? Int
      // A log whose other file was not written yet is read again.
      #expect(taken == known, "kill \(n): \(taken ?? -1) of \(known)")
      #expect(try files(out) == wanted, "kill \(n)")
    }
  }

  @Test func disturbedJournals() throws {
    let folder = try ScratchFolder()
    try Self.logs(6, in: folder)
    let out = folder.path + "/out"
    let command = ["cycling", folder.path + "/data", "-o", out]
    #expect(try run(command).status == 1)
    let wanted = try files(out)
    // A torn last line.
    let path = URL(fileURLWithPath: out + "/journal.jsonl")
    try (try Data(contentsOf: path)).dropLast(9).write(to: path)
    let torn = try run(command + ["--resume", "--verbose", "--json"])
    #expect(torn.err.contains("note: \(out)/journal.jsonl: -: 1 line cut short"), "\(torn.err)")
    #expect((torn.json?["run"] as? [String: Any])?["from_journal"] as? Int == 5)
    #expect(try files(out) == wanted)
    // Other options.
    let other = try run(command + ["--resume", "--area", "2"])
    #expect(other.status == 64 && other.err.contains("cycling.area"), "\(other.err)")
    #expect(try run(["cycling", folder.path + "/data", "--resume"]).status == 64)
    #expect(try run(command + ["--retry-failed"]).status == 64)
    // A changed input is read again, a vanished one dropped with a warning.
    try folder.write(
      "data/cell_0.csv", Array("Test Time / s,Voltage / V,Current / A\n0,1,1\n1,1,1\n".utf8))
    try FileManager.default.removeItem(atPath: folder.path + "/data/cell_1.csv")
    let changed = try run(command + ["--resume", "--json"])
    #expect((changed.json?["run"] as? [String: Any])?["from_journal"] as? Int == 4)
    #expect(changed.err.contains("1 input of the journal not there any more: cell_1.csv"))
    // An unfinished folder without --resume.
    try FileManager.default.removeItem(atPath: out + "/ro-crate-metadata.json")
    let afresh = try run(command)
    #expect(afresh.err.contains("--resume would have kept 5 of 5 inputs"), "\(afresh.err)")
  }

  /// Backscattering spectra are taken from the journal with their figures, tables, exports and fits.
  @Test func spectraResumed() throws {
    let folder = try ScratchFolder()
    let sample = """
      beam: {ion: 4He, energy: 2 MeV, charge: 20 uC}
      geometry: {type: ibm, incidence: 0, scattering: 170}
      detector: {solid_angle: 3 msr, offset: 20, slope: 2, fwhm: 15, channels: 700}
      layers:
        - {name: film, elements: {Al: 400, O: 600}, density: 3.0 ± 0.1 g/cm3}
        - {name: Na, substrate: true, areal_density: 6e4, atoms: {Na: 1}}
      fit: {range: [[300ch, 600ch]]}
      """
    for n in 1...3 {
      try folder.write(
        "samples/film\(n).yaml", Array(sample.replacing("Al: 400", with: "Al: \(n)00").utf8))
    }
    let out = folder.path + "/out"
    func resumed(_ command: [String], _ out: String) throws {
      let first = try run(command + ["-o", out])
      #expect(first.status == 0, "\(first.err)")
      let wanted = try files(out)
      // The last of three inputs is lost.
      let path = URL(fileURLWithPath: out + "/journal.jsonl")
      let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 4)
      try lines.dropLast().map { $0 + "\n" }.joined().write(
        to: path, atomically: true, encoding: .utf8)
      let second = try run(command + ["-o", out, "--resume", "--json"])
      #expect(second.status == 0, "\(second.err)")
      #expect((second.json?["run"] as? [String: Any])?["from_journal"] as? Int == 2)
      let found = try files(out)
      #expect(found.keys.sorted() == wanted.keys.sorted())
      for (name, content) in wanted { #expect(found[name] == content, "\(name)") }
    }
    try resumed(["rbs", "simulate", folder.path + "/samples"], out)
    for n in 1...3 {
      let rows = try String(contentsOfFile: out + "/film\(n).csv", encoding: .utf8)
        .split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
      let counts = rows.map { "\(Int((Double($0) ?? 0).rounded()))\n" }.joined()
      try folder.write("spectra/counts\(n).txt", Array(counts.utf8))
    }
    try resumed(
      [
        "rbs", "fit", folder.path + "/spectra", "--sample", folder.path + "/samples/film2.yaml",
      ], folder.path + "/fitted")
  }

  @Test func aFolderInUse() throws {
    let folder = try ScratchFolder()
    try Self.logs(2, in: folder)
    let out = folder.path + "/out"
    _ = try run(["cycling", folder.path + "/data", "-o", out])
    let lock = open(out + "/.lock", O_RDWR)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let second = try run(["cycling", folder.path + "/data", "-o", out])
    #expect(second.status == 64 && second.err.contains(out), "\(second.err)")
  }

  @Test func aSignalEndsInGoodOrder() throws {
    let folder = try ScratchFolder()
    try Self.logs(60, in: folder)
    for (number, status) in [(SIGINT, Int32(130)), (SIGTERM, 143)] {
      let out = folder.path + "/out-\(status)"
      let process = try Tool.start(
        ["cycling", folder.path + "/data", "--jobs", "1", "-o", out], environment: Self.environment)
      while process.isRunning, journalLines(out) < 3 { usleep(2000) }
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == status)
      #expect(journalLines(out) >= 3)
    }
  }

  @Test func manyFilesWithBadOnes() throws {
    let folder = try ScratchFolder()
    let source = try Data(
      contentsOf: URL(fileURLWithPath: Tool.packageRoot + "/TestData/xas/xdi/al_k_edge.xdi"))
    let bytes = [UInt8](source)
    let good = 295
    for n in 0..<good { try folder.write("data/scan_\(n).xdi", bytes) }
    let bad: [String: [UInt8]] = [
      "a_empty.xdi": [], "b_cut.xdi": Array(bytes.prefix(200)),
      "c_picture.xdi": [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13],
      "d_zeros.xdi": [UInt8](repeating: 0, count: 4096),
      "e\nnewline.xdi": Array("# XDI/1.0\n# ///\n# e mu\n".utf8),
      "f_words.xdi": Array("nothing but words\n".utf8),
    ]
    for (name, content) in bad { try folder.write("data/\(name)", content) }
    let out = folder.path + "/out"
    let result = try run(["xas", folder.path + "/data", "--jobs", "2", "--json", "-o", out])
    #expect(result.status == 1)
    let inputs = try #require(result.json?["inputs"] as? [[String: Any]])
    #expect(inputs.count == good + bad.count)
    #expect(inputs.count { $0["result"] != nil } == good)
    let lines = result.err.split(separator: "\n")
    for name in bad.keys {
      let shown = name.replacingOccurrences(of: "\n", with: "\\u{a}")
      #expect(lines.count { $0.hasPrefix("error: \(shown): ") } == 1, "\(name)")
      #expect(lines.count { $0.contains(shown) } <= 5)
    }
    #expect(journalLines(out) == 1 + good + bad.count)
    #expect(FileManager.default.fileExists(atPath: out + "/report.html"))
  }

  /// The files of a results folder by name, the database by its content.
  private func everything(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let all = try #require(FileManager.default.enumerator(atPath: folder))
    for case let name as String in all {
      let last = (name as NSString).lastPathComponent
      if last.hasPrefix(".") || last == "journal.jsonl" { continue }
      let path = folder + "/" + name
      files[name] =
        name.hasSuffix(".sqlite")
        ? Data(DatabaseText.all(path).utf8) : FileManager.default.contents(atPath: path)
    }
    return files
  }

  /// reliability.md §5, small: other workers, locale, zone and order of files and options.
  @Test func theSameBytesEverywhere() throws {
    let folder = try ScratchFolder()
    let samples = [
      "xas/xdi/al_k_edge.xdi", "xas/athena/three_groups.prj", "demo/xas/(1ALD-1MLD)25.xdi",
    ]
    for (command, files, options) in [
      ("xas", samples, [["--convention", "larch"], ["--arrays"]]),
      ("rbs", ["rbs/idf", "rbs/xnra", "rbs/r33"], [["--energy", "2000"], ["--scattering=165"]]),
    ] {
      let paths = files.map { "TestData/" + $0 }
      let first = try Tool.run(
        [command] + paths + options.flatMap { $0 }
          + ["--jobs", "1", "--quiet", "-o", folder.path + "/\(command)-1"],
        environment: ["SOURCE_DATE_EPOCH": "0", "LC_ALL": "C", "TZ": "UTC"])
      let second = try Tool.run(
        [command] + options.reversed().flatMap { $0 } + paths.reversed()
          + ["-o", folder.path + "/\(command)-2", "--jobs", "4", "--quiet"],
        environment: [
          "SOURCE_DATE_EPOCH": "0", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8",
          "TZ": "Asia/Tokyo",
        ])
      #expect(first.status == second.status, "\(first.err)\(second.err)")
      let (a, b) = (
        try everything(folder.path + "/\(command)-1"), try everything(folder.path + "/\(command)-2")
      )
      #expect(a.count > 5)
      #expect(a.keys.sorted() == b.keys.sorted())
      for (name, content) in a { #expect(b[name] == content, "\(command): \(name)") }
    }
  }

  /// Files of an earlier run that this one does not write go, and nothing else does.
  @Test func whatAnEarlierRunLeft() throws {
    let folder = try ScratchFolder()
    try Self.logs(4, in: folder)
    let out = folder.path + "/out"
    let command = ["cycling", folder.path + "/data", "--quiet", "-o", out]
    #expect(try run(command).status == 0)
    let before = Set(try everything(out).keys)
    let own = before.filter { $0.contains("cell_3") }.sorted()
    #expect(own.contains { $0.hasPrefix("figures/") } && own.count > 3, "\(own)")
    try folder.write("out/figures/mine.svg", [1])
    let edited = try #require(own.first { $0.hasSuffix(".svg") })
    try folder.write("out/" + edited, [2])
    try FileManager.default.removeItem(atPath: folder.path + "/data/cell_3.csv")
    #expect(try run(command).status == 0)
    let after = Set(try everything(out).keys)
    #expect(before.subtracting(after) == Set(own).subtracting([edited]))
    #expect(after.subtracting(before) == ["figures/mine.svg"])
    // The crate names what is there, with size and hash.
    let crate = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: out + "/ro-crate-metadata.json")))
    let graph = try #require((crate as? [String: Any])?["@graph"] as? [[String: Any]])
    for entity in graph where entity["@type"] as? String == "File" {
      let name = try #require(entity["name"] as? String)
      #expect(after.contains(name), "\(name)")
      if let size = entity["contentSize"] as? String {
        let content = FileManager.default.contents(atPath: out + "/" + name)
        #expect(content?.count == Int(size), "\(name)")
      } else {
        #expect(["results.json", "results.sqlite"].contains(name), "\(name)")
      }
    }
    let dated = try Tool.run(command)
    #expect(dated.status == 0)
    let document = try #require(FileManager.default.contents(atPath: out + "/results.json"))
    let named = try String(contentsOfFile: out + "/ro-crate-metadata.json", encoding: .utf8)
    #expect(named.contains(SHA256.hex(of: ByteView(Array(document)))))
  }
}
