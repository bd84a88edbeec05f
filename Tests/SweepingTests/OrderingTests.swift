import Sweeping
import Tables
import Testing

private func ordering(_ text: String) throws(ReadFailure) -> Ordering {
  try Ordering(
    text, outputs: ["pv_ratio", "tip_stress_final"], labels: ["a", "(1ALD-1MLD)10", "c"],
    at: .line(3))
}

@Suite struct OrderingTests {
  @Test func comparesNumbersOfCases() throws {
    let chain = try ordering("pv_ratio: a > (1ALD-1MLD)10 > c")
    #expect(chain.holds([3, 2, 1]) == true)
    #expect(chain.holds([3, 2, 2]) == false)
    #expect(chain.holds([3, nil, 1]) == nil)
    let mixed = try ordering("|tip_stress_final|:  a < c")
    #expect(mixed.holds([-1, 0, -2]) == true)
    #expect(try ordering("tip_stress_final: a < c").holds([-1, 0, -2]) == false)
    #expect(try ordering("pv_ratio: a > c < (1ALD-1MLD)10").holds([3, 2, 1]) == true)
  }

  @Test func saysWhatItDoesNotKnow() {
    let wrong = [
      ("pv_ratio a > c", "no `:`"), ("pv: a > c", "no output is called `pv`"),
      ("pv_ratio: a > d", "no case is labelled `d`"), ("pv_ratio: a", "one case alone"),
      ("pv_ratio: a >", "no case is labelled ``"), ("", "no `:`"),
    ]
    for (text, words) in wrong {
      do throws(ReadFailure) {
        _ = try ordering(text)
        Issue.record("\(text) was read")
      } catch {
        #expect(error.diagnostic.code == "sweep.ordering" && error.diagnostic.place == .line(3))
        #expect(error.diagnostic.found.contains(words), "\(error.diagnostic.found)")
      }
    }
  }
}
