/// A pattern as instructions of a virtual machine, after Ken Thompson and Rob Pike.
///
/// See R. Cox, "Regular Expression Matching: the Virtual Machine Approach" (2009).
struct PatternProgram: Sendable {
  enum Step: Sendable {
    case set(Int)
    /// Both ways; the first one counts where both match.
    case split(Int, Int)
    case jump(Int)
    case save(Int)
    case assertion(PatternAssertion)
    case match
  }

  private(set) var steps: [Step] = []
  private(set) var sets: [ScalarSet] = []
  private var setNumbers: [ScalarSet: Int] = [:]

  /// The most instructions of a pattern.
  static let largest = 4000

  init(_ root: PatternNode) throws(PatternFailure) {
    guard root.size(limit: Self.largest) <= Self.largest else {
      throw PatternFailure(
        position: 1,
        found: "a pattern of more than \(Self.largest) steps once its repeats are written out",
        expected: "smaller repeats")
    }
    add(root)
    steps.append(.match)
  }

  private mutating func add(_ node: PatternNode) {
    switch node {
    case .empty: break
    case .set(let set):
      let number = setNumbers[set] ?? sets.count
      if number == sets.count {
        sets.append(set)
        setNumbers[set] = number
      }
      steps.append(.set(number))
    case .assertion(let assertion): steps.append(.assertion(assertion))
    case .sequence(let nodes): for node in nodes { add(node) }
    case .choice(let nodes):
      var jumps: [Int] = []
      for node in nodes.dropLast() {
        let split = steps.count
        steps.append(.match)
        add(node)
        jumps.append(steps.count)
        steps.append(.match)
        steps[split] = .split(split + 1, steps.count)
      }
      if let last = nodes.last { add(last) }
      for jump in jumps { steps[jump] = .jump(steps.count) }
    case .group(let node, let number):
      steps.append(.save(2 * number))
      add(node)
      steps.append(.save(2 * number + 1))
    case .repetition(let node, let least, let most, let isLazy):
      for _ in 0..<least { add(node) }
      guard let most else {
        loop(node, isLazy)
        return
      }
      var splits: [Int] = []
      for _ in least..<max(least, most) {
        splits.append(steps.count)
        steps.append(.match)
        add(node)
      }
      for split in splits { steps[split] = Self.split(split + 1, steps.count, isLazy) }
    }
  }

  /// Any number of times.
  private mutating func loop(_ node: PatternNode, _ isLazy: Bool) {
    let split = steps.count
    steps.append(.match)
    add(node)
    steps.append(.jump(split))
    steps[split] = Self.split(split + 1, steps.count, isLazy)
  }

  private static func split(_ into: Int, _ past: Int, _ isLazy: Bool) -> Step {
    isLazy ? .split(past, into) : .split(into, past)
  }

  /// The characters that a line which is not empty must start with; nil where a match may start anywhere.
  var lineStart: ScalarSet? {
    var seen = Set<Int>()
    var pending = [(pc: 0, isAnchored: false)]
    var ranges: [ClosedRange<UInt32>] = []
    while let (pc, isAnchored) = pending.popLast() {
      guard seen.insert(2 * pc + (isAnchored ? 1 : 0)).inserted else { continue }
      switch steps[pc] {
      case .set(let number):
        guard isAnchored else { return nil }
        ranges += sets[number].ranges
      case .split(let a, let b): pending += [(a, isAnchored), (b, isAnchored)]
      case .jump(let target): pending.append((target, isAnchored))
      case .save: pending.append((pc + 1, isAnchored))
      case .assertion(.end) where isAnchored: continue  // only an empty line ends where it starts
      case .assertion(let kind): pending.append((pc + 1, isAnchored || kind == .start))
      case .match: return nil
      }
    }
    return ScalarSet(ranges)
  }
}
