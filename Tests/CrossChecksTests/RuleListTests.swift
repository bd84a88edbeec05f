import CrossChecks
import Testing

@Suite struct RuleListTests {
  /// docs/lint.md and the design page's table of rules.
  @Test func codesAreUnique() {
    let codes = CrossChecks.rules.map { $0.code }
    #expect(Set(codes).count == codes.count)
    #expect(codes.count == 23)
  }
}
