import Foundation
import TestSupport
import Testing

/// Whole outputs of the tool, compared with files that a person has read.
///
/// After a wanted change: INTERPHASE_UPDATE_GOLDEN=1 tools/test --filter GoldenTests, then read the
/// difference before it is committed.
@Suite("Command line: golden outputs")
struct GoldenTests {
  static let cases: [(name: String, arguments: [String])] = [
    ("formats.txt", ["formats"]),
    ("formats.json", ["formats", "--json"]),
    ("inspect-ibw.txt", ["inspect", "TestData/afm/asylum-ibw/elastic_10nm.ibw"]),
    ("inspect-ibw.json", ["inspect", "TestData/afm/igor-ibw/version5_cube.ibw", "--json"]),
    ("inspect-xdi.json", ["inspect", "TestData/demo/xas/(1ALD-1MLD)25.xdi", "--json"]),
    ("inspect-xnra.txt", ["inspect", "TestData/demo/rbs/(1ALD-1MLD)25.xnra", "--explain"]),
    ("inspect-mpt.txt", ["inspect", "TestData/cycling/biologic-mpt/symmetric_cell.mpt"]),
    ("export-csv.txt", ["export", "TestData/afm/delimited/reduced_comma.csv", "--to", "csv"]),
    ("plate-defaults.yaml", ["plate", "--print-defaults"]),
    ("delaminate-defaults.yaml", ["delaminate", "--print-defaults"]),
    (
      "delaminate.txt",
      [
        "delaminate", "docs/examples/delamination.yaml", "--set", "mesh.columns=50", "--set",
        "mesh.rows=1",
      ]
    ),
    ("verify-list.txt", ["verify", "--list"]),
    ("print-study.yaml", ["run", "TestData/demo", "--print-study"]),
  ]

  @Test func outputs() throws {
    let update = ProcessInfo.processInfo.environment["INTERPHASE_UPDATE_GOLDEN"] == "1"
    for (name, arguments) in Self.cases {
      let result = try Tool.run(arguments, environment: ["SOURCE_DATE_EPOCH": "0"])
      #expect(result.status == 0, "\(name): \(result.err)")
      let path = "\(Tool.packageRoot)/TestData/golden/\(name)"
      if update {
        try Data(result.out.utf8).write(to: URL(fileURLWithPath: path))
        continue
      }
      let golden = try String(contentsOfFile: path, encoding: .utf8)
      let found = result.out.split(separator: "\n", omittingEmptySubsequences: false)
      let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false)
      let line = zip(found, wanted).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(
        found == wanted,
        "\(name), line \((line?.offset ?? min(found.count, wanted.count)) + 1): \(line.map { "\($0.element.0) for \($0.element.1)" } ?? "another length")"
      )
    }
  }
}
