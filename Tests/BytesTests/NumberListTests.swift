import Bytes
import Testing

/// Lists of numbers between blanks.
@Suite struct NumberListTests {
  @Test func numbersAndWords() {
    let list = NumberScanner().list(" 1.00000000000000E+0003\t-2\r\n.5 nan -INF 1e999 7")
    #expect(list.bad == nil)
    #expect(list.values.prefix(3) == [1000, -2, 0.5])
    #expect(list.values.map(\.isNaN) == [false, false, false, true, true, true, false])
    #expect(NumberScanner().list("").values.isEmpty)
    #expect(NumberScanner().list(" \n\t").values.isEmpty)
  }

  @Test func stopsAtAWord() {
    for (text, bad, count) in [
      ("1 2 six 7", 4..<7, 2), ("1,5", 0..<3, 0), ("3 4x", 2..<4, 1), ("5 -", 2..<3, 1),
      ("9 nano", 2..<6, 1), ("1 \u{2212}", 2..<5, 1),
    ] {
      let list = NumberScanner().list(text)
      #expect(list.bad == bad, "\(text)")
      #expect(list.values.count == count, "\(text)")
    }
  }

  /// The same as the words one by one, for seeded texts.
  @Test func sameAsWordByWord() {
    var state: UInt64 = 7
    func next(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % n
    }
    let marks = Array("0123456789.eE+- ")
    for _ in 0..<3000 {
      let text = String((0..<(1 + next(40))).map { _ in marks[next(marks.count)] })
      let words = text.split(separator: " ")
      let list = NumberScanner().list(text)
      for (word, value) in zip(words, list.values) {
        switch NumberScanner().outcome(word) {
        case .number(let x): #expect(x == value, "\(text)")
        case .overflow: #expect(value.isNaN, "\(text)")
        case .invalid: Issue.record("\(text): '\(word)' was taken")
        }
      }
      let isWhole = list.bad == nil
      #expect(isWhole == (list.values.count == words.count), "\(text)")
      if !isWhole, list.values.count < words.count {
        #expect(NumberScanner().outcome(words[list.values.count]) == .invalid, "\(text)")
      }
    }
  }
}
