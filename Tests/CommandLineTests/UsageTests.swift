import Foundation
import TestSupport
import Testing

@Suite("Command line: usage, exit status, streams")
struct UsageTests {
  static let commands = [
    "formats", "inspect", "export", "afm", "plate", "delaminate", "sweep", "merge", "run", "why",
    "diff",
    "lint",
  ]

  /// Every command's help ends with a heading and one example that starts with the command.
  @Test func helpEndsWithAnExample() throws {
    for command in Self.commands {
      let result = try Tool.run([command, "--help"])
      #expect(result.status == 0, "\(command)")
      let lines = result.out.split(separator: "\n").map(String.init)
      #expect(lines.suffix(2).first == "Example", "\(command)")
      #expect(lines.last?.hasPrefix("interphase \(command)") == true, "\(command)")
      #expect(result.err.isEmpty, "\(command)")
    }
  }

  @Test func wrongWordsAreUsageErrors() throws {
    let cases: [([String], String)] = [
      (["inspet", "x"], "did you mean 'inspect'"), (["inspect"], "FILE"),
      (["inspect", "x", "--jbos", "2"], "--jbos"), (["inspect", "x", "--jobs", "0"], "--jobs"),
      (["inspect", "x", "--format", "asylum-ibv"], "asylum-ibw"),
      (["inspect", "x", "--unit", "force"], "COLUMN=UNIT"),
      (["inspect", "x", "--unit", "force=zorkmid"], "zorkmid"),
      (["export", "x", "--to", "word"], "csv"), (["delaminate"], "CONFIG"),
      (["afm", "x", "--hole-radius", "wide"], "--hole-radius"),
      (["afm", "x", "--hole-radius", "1 s"], "--hole-radius"),
      (["afm", "x", "--model", "plaet"], "plate"),
      (["afm", "x", "--no-substrate", "--substrate-e2d", "340"], "--no-substrate"),
      (["afm", "x", "--model", "hertz-cone", "--poisson", "0.5"], "--half-angle"),
      (["afm", "x", "--model", "hertz-ball"], "hertz-sphere"),
      (["afm", "--sader", "length=397um,width=29um,q=55.5"], "frequency"),
      (["afm", "x", "--sader", "length=397um"], "no FILE"),
      (["plate"], "CONFIG"), (["plate", "x", "--set", "film.thickness"], "KEY=VALUE"),
      (["sweep", "x"], "--output"), (["sweep", "x", "-o", "y", "--shard", "4/3"], "i/N"),
      (["sweep", "x", "-o", "y", "--shard", "0/3"], "i/N"),
      (["sweep", "x", "-o", "y", "--jobs", "0"], "--jobs"), (["merge", "-o", "y"], "DIR"),
      (["why", "x"], "KEY"), (["verify", "dbc"], "did you mean 'dcb'"),
      (["verify", "dcb", "--set", "lode=60 N"], "load"),
      (["verify", "dcb", "--set", "load=60"], "unit"),
      (["verify", "laminate", "--set", "load=60 N"], "no parameters"),
    ]
    for (arguments, word) in cases {
      let result = try Tool.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.out.isEmpty, "\(arguments)")
      #expect(result.err.contains(word), "\(arguments): \(result.err)")
    }
  }

  /// A study that does not fit is a usage error that names file, line and the nearest key.
  @Test func aWrongStudyNamesItsPlace() throws {
    let folder = try ScratchFolder()
    try folder.write("study.yaml", Array("study: 1\ntitel: x\n".utf8))
    let result = try Tool.run(["run", folder.path])
    #expect(result.status == 64 && result.out.isEmpty)
    #expect(result.err.contains("study.yaml: line 2, column 1: "), "\(result.err)")
    #expect(result.err.contains("title"))
    try folder.write("study.yaml", Array("afm: {hole_radius: wide}\n".utf8))
    let wrong = try Tool.run(["run", folder.path])
    #expect(wrong.status == 64 && wrong.err.contains("hole_radius"), "\(wrong.err)")
    let missing = try Tool.run(["run", folder.path + "/nowhere"])
    #expect(missing.status == 64 && missing.err.contains("nowhere"))
  }

  @Test func aBadFileDoesNotEndTheBatch() throws {
    let folder = try ScratchFolder()
    let missing = folder.path + "/missing.ibw"
    let empty = try folder.write("empty.ibw", [])
    let picture = try folder.write("picture.ibw", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let result = try Tool.run(["inspect", missing, empty, picture, "--json"])
    #expect(result.status == 1)
    let inputs = try #require(result.json?["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["status"] as? String } == ["error", "error", "error"])
    #expect(inputs.map { $0["file"] as? String } == [empty, missing, picture])
    for (file, words) in [(missing, "no such file"), (empty, "0 bytes"), (picture, "PNG")] {
      let line = result.err.split(separator: "\n").first { $0.contains(file) }
      #expect(line?.hasPrefix("error: \(file): ") == true)
      #expect(line?.contains(words) == true)
    }
  }

  @Test func aNameCannotForgeALine() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("a\nerror: forged: -: x\u{1B}[31m.ibw", [])
    let result = try Tool.run(["inspect", path])
    #expect(result.status == 1)
    #expect(result.err.split(separator: "\n").count == 1)
    #expect(result.err.contains("\\u{a}") && result.err.contains("\\u{1b}"))
  }

  @Test func anEmptyFolderIsAnError() throws {
    let folder = try ScratchFolder()
    let result = try Tool.run(["inspect", folder.path])
    #expect(result.status == 1)
    #expect(result.err.contains("no file was found"))
  }

  @Test func devicesAreRefused() throws {
    let result = try Tool.run(["inspect", "/dev/zero"])
    #expect(result.status == 1)
    #expect(result.err.contains("device"))
  }

  @Test func outputIsTheSameForAnyNumberOfJobs() throws {
    let folder = try ScratchFolder()
    for i in 0..<20 { try folder.write("f\(i).ibw", Array(repeating: UInt8(i), count: i)) }
    let runs = try ["1", "2", "7"].map {
      try Tool.run(
        ["inspect", folder.path, "--json", "--jobs", $0],
        environment: ["SOURCE_DATE_EPOCH": "0", "LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo"])
    }
    #expect(runs[0].out == runs[1].out && runs[1].out == runs[2].out)
    #expect(runs[0].out.contains("\"started\": \"1970-01-01T00:00:00Z\""))
  }
}
