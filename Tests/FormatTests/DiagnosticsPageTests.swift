import Foundation
import TestSupport
import Testing

/// docs/diagnostics.md lists every code that stands in the source.
@Suite("Diagnostics page")
struct DiagnosticsPageTests {
  @Test func everyCodeIsListed() throws {
    let root = URL(fileURLWithPath: Tool.packageRoot)
    let page = try String(
      contentsOf: root.appendingPathComponent("docs/diagnostics.md"), encoding: .utf8)
    let call =
      /(?:ReadFailure|\bwarn|\bnote|Diagnostic)\(\s*(?:\.(?:error|warning|note),\s*)?"([a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*)"/
    let files = try #require(
      FileManager.default.enumerator(
        at: root.appendingPathComponent("Sources"), includingPropertiesForKeys: nil))
    var codes: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      for match in source.matches(of: call) { codes.insert(String(match.1)) }
    }
    #expect(codes.count > 100, "the pattern finds the codes: \(codes.count)")
    for code in codes.sorted() {
      #expect(page.contains("| `\(code)` |"), "\(code): run tools/list-diagnostics")
    }
  }
}
