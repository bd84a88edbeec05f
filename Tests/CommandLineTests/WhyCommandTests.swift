import Foundation
import TestSupport
import Testing

/// `why` on folders that commands wrote: every number, changed files, the same work once more.
@Suite("Command line: why")
struct WhyCommandTests {
  /// A folder with the shipped absorption scan, and what `xas` made of it.
  private static func analyzed() throws -> (folder: ScratchFolder, results: String) {
    let folder = try ScratchFolder()
    let scan = Tool.packageRoot + "/TestData/demo/xas/(1ALD-1MLD)25.xdi"
    try folder.write("raw/scan.xdi", Array(Data(contentsOf: URL(fileURLWithPath: scan))))
    let run = try Tool.run([
      "xas", "--convention=larch", folder.path + "/raw", "--quiet", "--jobs", "1", "-o",
      folder.path + "/out",
    ])
    #expect(run.status == 0, "\(run.err)")
    return (folder, folder.path + "/out/results.json")
  }

  @Test func everyNumberAndAChangedByte() throws {
    let (folder, results) = try Self.analyzed()
    let good = try Tool.run(["why", results, "--all", "--json"])
    #expect(good.status == 0, "\(good.out)")
    #expect((good.json?["numbers"] as? Int ?? 0) > 60)
    #expect((good.json?["report_numbers"] as? Int ?? 0) > 8)
    #expect((good.json?["unresolved"] as? [String])?.isEmpty == true)
    // A step by its id, as the report names it.
    let step = try Tool.run(["why", results, "x1.1"])
    #expect(step.status == 0 && step.out.contains("scan.xdi"), "\(step.out)\(step.err)")

    let path = URL(fileURLWithPath: folder.path + "/raw/scan.xdi")
    var bytes = try Data(contentsOf: path)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: path)
    let changed = try Tool.run(["why", results, "--all"])
    #expect(changed.status == 1 && changed.out.contains("CHANGED  scan.xdi"), "\(changed.out)")
    let one = try Tool.run(["why", results, "scan.xdi#result.spectra[0].e0"])
    #expect(one.status == 1)
    let line = try #require(one.out.split(separator: "\n").first { $0.contains("CHANGED") })
    #expect(line.contains("scan.xdi bytes "), "\(line)")
  }

  @Test func madeAgain() throws {
    let (folder, results) = try Self.analyzed()
    let key = "scan.xdi#result.spectra[0].e0"
    let same = try Tool.run(["why", results, key, "--recompute"])
    #expect(same.status == 0 && same.out.hasSuffix("recomputed: the same\n"), "\(same.out)")

    // The record says something else by half an electronvolt.
    var text = try String(contentsOfFile: results, encoding: .utf8)
    let found = try #require(
      text.range(of: "\"e0\": {\"value\": [0-9.]+", options: .regularExpression, range: nil)
        ?? text.range(of: "\"e0\":\\s*\\{\\s*\"value\":\\s*[0-9.]+", options: .regularExpression))
    let words = String(text[found])
    let number = try #require(words.split(separator: " ").last.flatMap { Double($0) })
    let other = words.replacingOccurrences(of: "\(number)", with: "\(number + 0.5)")
    try text.replacingCharacters(in: found, with: other)
      .write(toFile: results, atomically: true, encoding: .utf8)
    let differs = try Tool.run(["why", results, key, "--recompute", "--json"])
    let again = try #require(differs.json?["recomputed"] as? [String: Any])
    #expect(differs.status == 1 && again["outcome"] as? String == "differs", "\(again)")
    #expect(abs((again["difference"] as? Double ?? 0) + 0.5) < 1e-9, "\(again)")
    text = try Tool.run(["why", results, key, "--recompute"]).out
    #expect(text.contains("differs by −0.5 eV"), "\(text)")

    // Options are no results, and without its file nothing can be made.
    let option = try Tool.run(["why", results, "provenance.options.xas.e0", "--recompute"])
    #expect(option.out.contains("cannot be recomputed: it is no result"), "\(option.out)")
    try FileManager.default.removeItem(atPath: folder.path + "/raw/scan.xdi")
    let gone = try Tool.run(["why", results, key, "--recompute"])
    #expect(gone.status == 1 && gone.out.contains("cannot be recomputed: "), "\(gone.out)")
    #expect(gone.out.contains("MISSING"))
  }

  @Test func keysThatNameNothingOrTooMuch() throws {
    let (folder, results) = try Self.analyzed()
    defer { withExtendedLifetime(folder) {} }
    for (key, expected) in [
      ("e0", "scan.xdi#result.spectra[0].e0"), ("e00", "e0"),
      ("nothing_like_it", "expected one of"),
    ] {
      let answer = try Tool.run(["why", results, key])
      #expect(answer.status == 64 && answer.out.isEmpty)
      #expect(answer.err.contains(expected), "\(answer.err)")
    }
    #expect(try Tool.run(["why", results]).status == 64)
    #expect(try Tool.run(["why", results, "e0", "--all"]).status == 64)
  }
}
