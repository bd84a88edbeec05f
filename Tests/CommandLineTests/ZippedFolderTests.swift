import Bytes
import Foundation
import TestSupport
import Testing

/// A zip archive of curves is a folder: every command takes its members like files.
@Suite("Command line: zipped folders") struct ZippedFolderTests {
  static func sample(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: TestData.path(path))))
  }

  /// A member in deflate's stored blocks, as a compressing program would write it.
  static func deflated(_ name: String, _ bytes: [UInt8]) -> ZipWriter.Member {
    .init(
      name, deflated: Deflated.stored(bytes), size: bytes.count, crc: Deflated.crc32(bytes))
  }

  static func inputs(_ result: Tool.Result) throws -> [[String: Any]] {
    try #require(result.json?["inputs"] as? [[String: Any]], "\(result.err)")
  }

  static func codes(_ input: [String: Any]) -> [String] {
    (input["diagnostics"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
  }

  static func sha256(_ bytes: [UInt8]) -> String { SHA256.hex(of: ByteView(bytes)) }

  @Test func inspectsMembersLikeFiles() throws {
    let folder = try ScratchFolder()
    let volts = try Self.sample("afm/afmworkshop-csv/volts.csv")
    let tab = try Self.sample("afm/afmformats-tab/curve.tab")
    var broken = ZipWriter.Member("map/c.csv", bytes: volts)
    broken.crc ^= 1
    var encrypted = ZipWriter.Member("map/d.csv", bytes: volts)
    encrypted.flags = 1
    let inner = ZipWriter(members: [.init("x.csv", bytes: volts)]).bytes
    let archive = try folder.write(
      "curves.zip",
      ZipWriter(members: [
        .init("map/b.tab", bytes: tab), Self.deflated("map/a.csv", volts), broken, encrypted,
        .init("map/", ""), .init("map/.hidden.csv", bytes: volts),
        .init("__MACOSX/map/._a.csv", "macOS"), .init("map/notes.txt", "no numbers here\n"),
        .init("inner.zip", bytes: inner), .init("../up.csv", bytes: volts),
      ]).bytes)
    let result = try Tool.run(["inspect", archive, "--json"])
    #expect(result.status == 1)
    let inputs = try Self.inputs(result)
    try #require(inputs.count == 5)
    #expect(
      inputs.compactMap { $0["file"] as? String }
        == ["../up.csv", "map/a.csv", "map/b.tab", "map/c.csv", "map/d.csv"].map {
          "\(archive)/\($0)"
        })
    #expect(inputs.map { $0["status"] as? String } == ["error", "ok", "ok", "error", "error"])
    #expect(inputs[1]["sha256"] as? String == Self.sha256(volts))
    #expect(inputs[1]["bytes"] as? Int == volts.count)
    #expect(inputs[1]["format"] as? String == "afmworkshop-csv")
    #expect(inputs[2]["sha256"] as? String == Self.sha256(tab))
    #expect(Self.codes(inputs[0]) == ["zip.name"])
    #expect(Self.codes(inputs[3]) == ["zip.checksum"])
    #expect(Self.codes(inputs[4]) == ["zip.encrypted"])
    #expect(result.err.contains("curves.zip/map/c.csv: entry map/c.csv: "))
    let skipped = try #require(result.json?["skipped"] as? [[String: Any]])
    #expect(
      skipped.compactMap { $0["file"] as? String }
        == ["\(archive)/inner.zip", "\(archive)/map/notes.txt"])
    #expect((skipped[0]["looks_like"] as? String)?.contains("ZIP archive") == true)
    #expect(skipped[1]["looks_like"] as? String == "text without a table of numbers")
    // The same bytes for any number of workers.
    let one = try Tool.run(["inspect", archive, "--jobs", "1", "--json"])
    let eight = try Tool.run(["inspect", archive, "--jobs", "8", "--json"])
    let first = try Self.inputs(one) as NSArray
    #expect(first.isEqual(to: try Self.inputs(eight)))
  }

  /// Curves in an archive give the numbers of the same curves in a folder, sample by sample.
  @Test func analyzesLikeAFolder() throws {
    let folder = try ScratchFolder()
    var members: [ZipWriter.Member] = []
    for film in ["(1ALD-1MLD)10", "(1ALD-1MLD)25"] {
      for curve in ["curve_01", "curve_02"] {
        let bytes = try Self.sample("demo/afm/\(film)/\(curve).ibw")
        try folder.write("plain/\(film)/\(curve).ibw", bytes)
        members.append(Self.deflated("\(film)/\(curve).ibw", bytes))
      }
    }
    let archive = try folder.write("films.zip", ZipWriter(members: members).bytes)
    let options = [
      "--json", "--hole-radius", "1350", "--tip-radius", "50", "--substrate-e2d", "340",
      "--thickness", "10", "--elastic-limit", "none",
    ]
    let zipped = try Tool.run(["afm", archive] + options)
    let plain = try Tool.run(["afm", folder.path + "/plain"] + options)
    #expect(zipped.status == 0, "\(zipped.err)")
    let samples = try #require(zipped.json?["summary"] as? [String: Any])["samples"]
    let expected = try #require(plain.json?["summary"] as? [String: Any])["samples"]
    #expect((samples as? NSArray)?.isEqual(to: expected as? [Any] ?? []) == true)
    #expect((samples as? [Any])?.count == 2)
    // Without folders inside, the archive's name is the sample.
    let flat = try folder.write(
      "My film.zip",
      ZipWriter(members: [
        .init(
          "a.ibw",
          bytes: members[0].deflated == nil
            ? [] : try Self.sample("demo/afm/(1ALD-1MLD)10/curve_01.ibw"))
      ]).bytes)
    let one = try Tool.run(["afm", flat] + options)
    #expect(try Self.inputs(one).first?["sample"] as? String == "My film")
  }

  @Test func whyReadsTheMemberAgain() throws {
    let folder = try ScratchFolder()
    let curve = try Self.sample("demo/afm/(1ALD-1MLD)10/curve_01.ibw")
    let archive = try folder.write(
      "films.zip", ZipWriter(members: [Self.deflated("10/a.ibw", curve)]).bytes)
    let results = folder.path + "/out"
    let run = try Tool.run([
      "afm", archive, "-o", results, "--hole-radius", "1350", "--tip-radius", "50",
      "--no-substrate", "--thickness", "4", "--quiet",
    ])
    #expect(run.status == 0, "\(run.err)")
    let key = "\(archive)/10/a.ibw#result.curves[0].stiffness"
    let good = try Tool.run(["why", results + "/results.json", key])
    #expect(good.status == 0, "\(good.err)\(good.out)")
    #expect(good.out.contains("films.zip/10/a.ibw bytes"))
    #expect(good.out.contains("OK"))
    var changed = curve
    changed[500] ^= 1
    try folder.write("films.zip", ZipWriter(members: [.init("10/a.ibw", bytes: changed)]).bytes)
    let other = try Tool.run(["why", results + "/results.json", key])
    #expect(other.status == 1)
    #expect(other.out.contains("CHANGED"))
    try folder.write("films.zip", ZipWriter(members: [.init("10/b.ibw", bytes: curve)]).bytes)
    let gone = try Tool.run(["why", results + "/results.json", key])
    #expect(gone.out.contains("MISSING"))
  }

  @Test func exportsAndRuns() throws {
    let folder = try ScratchFolder()
    let volts = try Self.sample("afm/afmworkshop-csv/volts.csv")
    try folder.write(
      "study/afm/film A.zip",
      ZipWriter(members: [.init("a.csv", bytes: volts), .init("b.csv", bytes: volts)]).bytes)
    let export = try Tool.run([
      "export", folder.path + "/study", "--to", "csv", "-o", folder.path + "/csv", "--json",
    ])
    #expect(export.status == 0, "\(export.err)")
    #expect(
      try Self.inputs(export).compactMap { $0["file"] as? String }
        == ["afm/film A.zip/a.csv", "afm/film A.zip/b.csv"])
    let run = try Tool.run(["run", folder.path + "/study", "--json"])
    #expect(try Self.inputs(run).map { $0["sample"] as? String } == ["film A", "film A"])
  }

  /// Archives within an archive show their own members in its bytes; the directory decides.
  @Test func opensAFolderOfJPKFiles() throws {
    let folder = try ScratchFolder()
    let curve = try Self.sample("afm/jpk/curve_with_pause.jpk-force")
    for (name, member) in [
      ("stored.zip", ZipWriter.Member("set/a.jpk-force", bytes: curve)),
      ("deflated.zip", Self.deflated("set/a.jpk-force", curve)),
    ] {
      let archive = try folder.write(name, ZipWriter(members: [member]).bytes)
      let result = try Tool.run(["inspect", archive, "--json"])
      #expect(result.status == 0, "\(result.err)")
      let inputs = try Self.inputs(result)
      #expect(inputs.map { $0["file"] as? String } == ["\(archive)/set/a.jpk-force"])
      #expect(inputs.map { $0["format"] as? String } == ["jpk"])
      #expect(inputs.first?["sha256"] as? String == Self.sha256(curve))
    }
    // A JPK file itself is no folder, whatever its name.
    let alone = try Tool.run(["inspect", try folder.write("curve.zip", curve), "--json"])
    #expect(try Self.inputs(alone).map { $0["format"] as? String } == ["jpk"])
  }

  /// An interrupted copy: the whole members are read, and the archive is an error that counts them.
  @Test func salvagesACutArchive() throws {
    let folder = try ScratchFolder()
    let volts = try Self.sample("afm/afmworkshop-csv/volts.csv")
    let bytes = ZipWriter(
      members: ["a.csv", "b.csv", "c.csv"].map { Self.deflated($0, volts) }
    ).bytes
    let cut = try folder.write("cut.zip", Array(bytes.prefix(bytes.count * 3 / 4)))
    let result = try Tool.run(["inspect", cut, "--json"])
    #expect(result.status == 1)
    let inputs = try Self.inputs(result)
    #expect(inputs.compactMap { $0["file"] as? String } == [cut, "\(cut)/a.csv", "\(cut)/b.csv"])
    #expect(inputs.map { $0["status"] as? String } == ["error", "ok", "ok"])
    #expect(inputs.first.map(Self.codes) == ["zip.truncated"])
    #expect(result.err.contains("2 whole members"))
  }

  @Test func refusesWhatIsNoFolder() throws {
    let folder = try ScratchFolder()
    let volts = try Self.sample("afm/afmworkshop-csv/volts.csv")
    let whole = ZipWriter(members: [.init("a.csv", bytes: volts)]).bytes
    for (name, bytes, code) in [
      ("stub.zip", Array(whole.prefix(100)), "zip.truncated"),
      ("empty.zip", ZipWriter().bytes, "zip.empty"),
      ("hidden.zip", ZipWriter(members: [.init(".x", "1")]).bytes, "zip.empty"),
      (
        "table.xlsx",
        ZipWriter(members: [
          .init("[Content_Types].xml", "<x/>"), .init("data.csv", bytes: volts),
        ]).bytes, "format.unrecognised"
      ),
    ] {
      let result = try Tool.run(["inspect", try folder.write(name, bytes), "--json"])
      #expect(result.status == 1)
      let inputs = try Self.inputs(result)
      #expect(inputs.count == 1)
      #expect(inputs.first.map(Self.codes) == [code], "\(name)")
    }
    let piped = try Tool.run(["inspect", "-", "--json"], input: Data(whole))
    #expect(try Self.inputs(piped).first.map(Self.codes) == ["format.archive"])
    // What expands too far costs only itself.
    let bomb = ZipWriter.Member(
      "bomb.csv", deflated: Deflated.zeros(copies: 120_000), size: 120_000 * 258 + 1, crc: 0)
    let mixed = try folder.write(
      "mixed.zip", ZipWriter(members: [bomb, .init("a.csv", bytes: volts)]).bytes)
    let result = try Tool.run(["inspect", mixed, "--json", "--max-expand", "1000000"])
    #expect(try Self.inputs(result).map { $0["status"] as? String } == ["ok", "error"])
    #expect(try Self.inputs(result).last.map(Self.codes) == ["zip.size"])
  }
}
