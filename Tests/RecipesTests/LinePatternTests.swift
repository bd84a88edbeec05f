import Recipes
import Testing

/// The regular expressions of recipes: syntax, matches, refusals, and time.
@Suite struct LinePatternTests {
  /// Pattern, line, and what Perl 5 captures: the whole match and its groups, `nil` for none.
  static let cases: [(String, String, [String?]?)] = [
    ("abc", "xabcx", ["abc"]),
    ("^abc$", "xabcx", nil),
    ("a|ab", "ab", ["a"]),
    ("(a|ab)(c|bcd)", "abcd", ["abcd", "a", "bcd"]),
    ("(a+)(a*)", "aaa", ["aaa", "aaa", ""]),
    ("(a+?)(a*)", "aaa", ["aaa", "a", "aa"]),
    ("x*", "aaa", [""]),
    ("(?<u>[^)]+)\\)", "Time (Sec)", ["Time (Sec)", "Time (Sec"]),
    ("\\((?<u>Sec|Min|Hr)\\)$", "Test (Min)", ["(Min)", "Min"]),
    ("^Rec#?\\tCyc", "Rec#\tCyc#", ["Rec#\tCyc"]),
    ("\\bV\\b", "mV V", ["V"]),
    ("\\Bb", "ab b", ["b"]),
    ("(?i)amp-hr", "AMP-Hr", ["AMP-Hr"]),
    ("(?i:ä)b", "Äb", ["Äb"]),
    ("(?i:a)B", "Ab", nil),
    ("a{2,3}", "aaaa", ["aaa"]),
    ("a{2,3}?", "aaaa", ["aa"]),
    ("^(a{0,2})a$", "aaa", ["aaa", "aa"]),
    ("[a-c-]+", "x-cab", ["-cab"]),
    ("[]x]+", "]]x", ["]]x"]),
    ("[^\\s\\d]+", "12 µm", ["µm"]),
    ("[[:alpha:]_]+", "12ab_3", ["ab_"]),
    ("(a)|(b)", "b", ["b", nil, "b"]),
    ("(?:a|(b))+", "ba", ["ba", "b"]),
    (".", "\u{1F600}", ["\u{1F600}"]),
    ("\\x41\\u00b5\\x{1F600}", "Aµ\u{1F600}", ["Aµ\u{1F600}"]),
    ("^\\s*$", " \t\u{A0}", [" \t\u{A0}"]),
    ("(?P<a>.)(?P<b>.)", "xy", ["xy", "x", "y"]),
    ("a.*?c", "abcabc", ["abc"]),
    ("\\.\\*\\[\\(", ".*[(", [".*[("]),
    ("", "abc", [""]),
    ("()", "", ["", ""]),
    ("a(|b)c", "abc", ["abc", "b"]),
    ("$", "ab", [""]),
  ]

  @Test func capturesAsPerlDoes() throws {
    for (pattern, line, expected) in Self.cases {
      let compiled = try LinePattern(pattern)
      let match = compiled.match(line)
      let found = match.map { match in match.ranges.indices.map { match[$0] } }
      #expect(found == expected, "\(pattern) on \(line)")
      #expect(compiled.matches(line) == (expected != nil), "\(pattern) on \(line)")
    }
    let pattern = try LinePattern("(?<value>\\d+) (?<unit>\\w+)")
    #expect(pattern.match("12 mV")?["unit"] == "mV")
    #expect(pattern.match("12 mV")?["volt"] == nil)
    #expect(pattern.groups == ["value", "unit"])
  }

  /// Pattern, the character at which it goes wrong, and a word of the message.
  static let mistakes: [(String, Int, String)] = [
    ("(a", 1, "without its ')'"), ("a)", 2, "without its '('"), ("[a", 1, "without its ']'"),
    ("a**", 3, "repeat of a repeat"), ("*a", 1, "nothing before"), ("a++", 3, "possessive"),
    ("(a)\\1", 4, "backreference"), ("\\k<a>", 1, "backreference"), ("(?P=a)", 1, "backreference"),
    ("a(?=b)", 2, "look ahead"), ("(?<!b)a", 1, "look ahead"), ("(?>a)", 1, "kind"),
    ("a{3", 2, "starts no repeat"), ("a{,3}", 2, "starts no repeat"), ("a{3,2}", 2, "from 3 to 2"),
    ("a{2000}", 2, "1000 repeats"), ("[z-a]", 2, "backwards"), ("[[:foo:]]", 2, "class"),
    ("\\q", 1, "no meaning"), ("ab\\", 3, "at the end"), ("(?<1a>x)", 4, "plain name"),
    ("(?<a>x)(?<a>y)", 8, "second group"), ("^*", 2, "place"), ("\\xZZ", 1, "code"),
    ("(?z)a", 3, "'(?z'"), ("{2}", 1, "nothing to repeat"),
    ("((((a{1000}){1000}){1000}){1000})", 1, "more than 4000 steps"),
  ]

  @Test func refusesWithThePlace() {
    for (pattern, position, word) in Self.mistakes {
      do throws(PatternFailure) {
        _ = try LinePattern(pattern)
        Issue.record("\(pattern) was taken")
      } catch {
        #expect(error.position == position, "\(pattern): \(error)")
        #expect(error.found.contains(word), "\(pattern): \(error)")
      }
    }
    let deep = String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000)
    #expect(throws: PatternFailure.self) { try LinePattern(deep) }
  }

  /// Patterns on which engines that go back take exponential or cubic time.
  @Test(.timeLimit(.minutes(1))) func takesLinearTime() throws {
    let line = String(repeating: "a", count: 6000)
    let clock = ContinuousClock()
    for pattern in ["(a+)+b", "(a|a)*b", "(a|aa)+$b", "(.*)(.*)(.*)(.*)b", "(a*)*b", "a{0,100}b"] {
      let compiled = try LinePattern(pattern)
      let short = clock.measure { _ = compiled.match(String(line.prefix(1500))) }
      let long = clock.measure { #expect(compiled.match(line) == nil) }
      // Four times the line: linear is 4, quadratic would be 16; the clock of a loaded machine is rough.
      #expect(long < short * 12 + .milliseconds(200), "\(pattern): \(short), \(long)")
    }
    #expect(
      try !LinePattern("a").matches(String(repeating: "a", count: LinePattern.longestLine + 1)))
  }

  @Test func readsBytesThatAreNoText() throws {
    let pattern = try LinePattern("a.b")
    #expect(pattern.match([0x61, 0xFF, 0x62])?.ranges[0] == 0..<3)
    #expect(pattern.matches([0x61, 0xC3, 0xA9, 0x62]))
    #expect(!pattern.matches([0x61, 0xE2, 0x82]))
  }
}
