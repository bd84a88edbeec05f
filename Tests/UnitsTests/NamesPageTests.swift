import FoundationEssentials
import Testing
import Units

@Suite struct NamesPageTests {
  /// docs/names.md holds the table that the code holds.
  @Test func page() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let text = try String(contentsOfFile: "/\(root)/docs/names.md", encoding: .utf8)
    #expect(text.hasSuffix(CanonicalName.markdown))
  }
}
