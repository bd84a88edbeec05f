import CrossChecks
import Testing

@Suite struct RuleListTests {
  /// The 23 rules of the design page's table, and `impedance-parts`.
  @Test func codesAreUnique() {
    let codes = CrossChecks.rules.map { $0.code }
    #expect(Set(codes).count == codes.count)
    #expect(codes.count == 24)
  }
}
