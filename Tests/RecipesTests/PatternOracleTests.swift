import Recipes
import Testing

/// A slow matcher that goes back, over trees of our own, to compare the engine with.
private indirect enum Tree {
  case letter(Character)
  case any
  case start, end
  case sequence([Tree])
  case choice([Tree])
  case group(Tree, Int)
  case times(Tree, Int, Int, isLazy: Bool)

  var text: String {
    switch self {
    case .letter(let letter): String(letter)
    case .any: "."
    case .start: "^"
    case .end: "$"
    case .sequence(let parts): parts.map(\.text).joined()
    case .choice(let parts): "(?:" + parts.map(\.text).joined(separator: "|") + ")"
    case .group(let part, _): "(\(part.text))"
    case .times(let part, let least, let most, let isLazy):
      "(?:\(part.text)){\(least),\(most)}" + (isLazy ? "?" : "")
    }
  }

  /// Calls `next` with every way of matching from `i` on, the preferred first, until one is accepted.
  func match(
    _ line: [Character], _ i: Int, _ groups: [Range<Int>?],
    _ next: (Int, [Range<Int>?]) -> Bool
  ) -> Bool {
    switch self {
    case .letter(let letter): return i < line.count && line[i] == letter && next(i + 1, groups)
    case .any: return i < line.count && next(i + 1, groups)
    case .start: return i == 0 && next(i, groups)
    case .end: return i == line.count && next(i, groups)
    case .sequence(let parts):
      guard let first = parts.first else { return next(i, groups) }
      return first.match(line, i, groups) { i, groups in
        Tree.sequence(Array(parts.dropFirst())).match(line, i, groups, next)
      }
    case .choice(let parts): return parts.contains { $0.match(line, i, groups, next) }
    case .group(let part, let number):
      return part.match(line, i, groups) { end, groups in
        var groups = groups
        groups[number] = i..<end
        return next(end, groups)
      }
    case .times(let part, let least, let most, let isLazy):
      if isLazy, least == 0, next(i, groups) { return true }
      let rest = Tree.times(part, max(0, least - 1), most - 1, isLazy: isLazy)
      if most > 0,
        part.match(line, i, groups, { end, groups in rest.match(line, end, groups, next) })
      {
        return true
      }
      return !isLazy && least == 0 && next(i, groups)
    }
  }

  /// The leftmost match: the whole and the groups.
  func search(_ line: [Character], groups: Int) -> [Range<Int>?]? {
    for start in 0...line.count {
      var found: [Range<Int>?]?
      let none = [Range<Int>?](repeating: nil, count: groups + 1)
      if match(
        line, start, none,
        { end, groups in
          var groups = groups
          groups[0] = start..<end
          found = groups
          return true
        })
      {
        return found
      }
    }
    return nil
  }
}

/// Numbers that are the same in every run.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var x = state
    x ^= x >> 33
    x = x &* 0xFF51_AFD7_ED55_8CCD
    return x ^ x >> 33
  }
}

@Suite struct PatternOracleTests {
  private func tree(_ depth: Int, _ groups: inout Int, _ random: inout Seeded) -> Tree {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 3), using: &random) {
    case 0, 1: return .letter(["a", "b"][Int.random(in: 0..<2, using: &random)])
    case 2: return [Tree.any, .letter("a"), .start, .end][Int.random(in: 0..<4, using: &random)]
    case 3, 4:
      var parts: [Tree] = []
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        parts.append(tree(depth - 1, &groups, &random))
      }
      return .sequence(parts)
    case 5:
      return .choice([tree(depth - 1, &groups, &random), tree(depth - 1, &groups, &random)])
    case 6:
      groups += 1
      let number = groups
      return .group(tree(depth - 1, &groups, &random), number)
    default:
      let least = Int.random(in: 0...2, using: &random)
      return .times(
        tree(depth - 1, &groups, &random), least, least + Int.random(in: 0...2, using: &random),
        isLazy: Bool.random(using: &random))
    }
  }

  /// 4000 random patterns, each on eight lines of `a` and `b`: the same ranges, groups included.
  @Test func findsWhatASearchThatGoesBackFinds() throws {
    var random = Seeded(state: 8)
    var matches = 0
    for _ in 0..<4000 {
      var groups = 0
      let pattern = tree(3, &groups, &random)
      let compiled = try LinePattern(pattern.text)
      for _ in 0..<8 {
        let letters = (0..<Int.random(in: 0...7, using: &random)).map { _ -> Character in
          Bool.random(using: &random) ? "a" : "b"
        }
        let expected = pattern.search(letters, groups: groups)
        let found = compiled.match(String(letters))?.ranges
        guard found != expected else {
          matches += expected == nil ? 0 : 1
          continue
        }
        Issue.record("/\(pattern.text)/ on '\(String(letters))': \(String(describing: found))")
      }
    }
    #expect(matches > 8000)
  }

  /// Random text as a pattern: a pattern or a failure, never a trap.
  @Test func takesOrRefusesAnyText() {
    var random = Seeded(state: 88)
    let parts =
      Array("ab()[]{}|*+?.^$\\-,:<>=!123PidsnxuµkQ_ ").map(String.init) + [
        "(?", "(?<n>", "{2,3}", "[^", "[:alpha:]",
      ]
    var taken = 0
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...12, using: &random)
      let text = (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
      guard let pattern = try? LinePattern(text) else { continue }
      taken += 1
      _ = pattern.match("ab12 (µ) [x] -")
    }
    #expect(taken > 1000)
  }
}
