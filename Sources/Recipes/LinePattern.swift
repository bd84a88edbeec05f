public import Bytes

/// A regular expression that is matched against one line in time linear in its length.
///
/// Perl's syntax without backreferences and lookaround: literals, classes, `.`, `\d \w \s`, anchors,
/// groups with and without names, alternatives, greedy and lazy repeats, `(?i)`. Of several matches the
/// leftmost counts, and among those the one that Perl would give.
public struct LinePattern: Sendable, Hashable {
  /// The pattern as it was written.
  public let source: String
  /// The names of its groups, from the first; nil for one without a name.
  public let groups: [String?]
  private let program: PatternProgram
  private let lineStart: ScalarSet?

  /// Lines of more bytes match no pattern.
  public static let longestLine = 1 << 20

  /// Reads a pattern.
  ///
  /// - Throws: `PatternFailure` with the place in the pattern.
  public init(_ source: String) throws(PatternFailure) {
    var parser = PatternParser(source)
    let root = try parser.parse()
    self.source = source
    groups = parser.groups
    program = try PatternProgram(root)
    lineStart = program.lineStart
  }

  /// Patterns are equal where their texts are.
  public static func == (a: LinePattern, b: LinePattern) -> Bool { a.source == b.source }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }

  /// Where a pattern was found.
  public struct Match: Sendable {
    /// The whole match and then each group, as byte ranges of the line; nil for a group without a part.
    public let ranges: [Range<Int>?]
    let line: [UInt8]
    let names: [String?]

    /// The text of a group by its number; the whole match for 0.
    public subscript(number: Int) -> String? {
      guard ranges.indices.contains(number), let range = ranges[number] else { return nil }
      return String(decoding: line[range], as: UTF8.self)
    }

    /// The text of a named group.
    public subscript(name: String) -> String? {
      names.firstIndex(of: name).flatMap { self[$0 + 1] }
    }
  }

  /// Whether the line holds a match.
  public func matches(_ line: ByteView) -> Bool { isPossible(line[0]) && matches(line.array) }

  /// Whether the text holds a match.
  public func matches(_ text: String) -> Bool { matches(Array(text.utf8)) }

  /// Whether the bytes of a line hold a match.
  public func matches(_ line: [UInt8]) -> Bool {
    guard isPossible(line.first), line.count <= Self.longestLine else { return false }
    var machine = PatternMachine(program, slots: 0, startsLines: lineStart != nil)
    return machine.run(line) != nil
  }

  /// The leftmost match in the text.
  public func match(_ text: String) -> Match? { match(Array(text.utf8)) }

  /// The leftmost match in the line.
  public func match(_ line: ByteView) -> Match? { isPossible(line[0]) ? match(line.array) : nil }

  /// The leftmost match in the bytes of a line.
  public func match(_ line: [UInt8]) -> Match? {
    guard isPossible(line.first), line.count <= Self.longestLine else { return nil }
    var machine = PatternMachine(
      program, slots: 2 * (groups.count + 1), startsLines: lineStart != nil)
    guard let slots = machine.run(line) else { return nil }
    let ranges = (0...groups.count).map { group -> Range<Int>? in
      let (start, end) = (slots[2 * group], slots[2 * group + 1])
      return start >= 0 && end >= start ? start..<end : nil
    }
    return Match(ranges: ranges, line: line, names: groups)
  }

  /// Whether the first character allows a match; most lines of a table are told apart by that.
  private func isPossible(_ first: UInt8?) -> Bool {
    guard let lineStart, let byte = first else { return true }
    return byte >= 128 || lineStart.contains(UInt32(byte))
  }
}

/// Runs a program over a line: all threads in step, one character at a time.
struct PatternMachine {
  private let program: PatternProgram
  private let slots: Int
  /// Whether a match can start at the start of the line only.
  private let startsLines: Bool
  private var current: Threads
  private var following: Threads
  /// What is still to be followed: a step, or a slot to be set back.
  private var stack: [Task] = []
  private var captures: [Int]

  private enum Task {
    case follow(Int)
    case restore(slot: Int, value: Int)
  }

  /// Threads in the order of their preference; each step occurs at most once.
  private struct Threads {
    var order: [Int] = []
    private var mark: [Int]
    private var generation = 1
    /// `slots` numbers a step.
    var captures: [Int]

    init(_ steps: Int, slots: Int) {
      mark = Array(repeating: 0, count: steps)
      captures = Array(repeating: -1, count: steps * slots)
      order.reserveCapacity(steps)
    }

    mutating func clear() {
      order.removeAll(keepingCapacity: true)
      generation += 1
    }

    mutating func visit(_ step: Int) -> Bool {
      if mark[step] == generation { return false }
      mark[step] = generation
      return true
    }
  }

  init(_ program: PatternProgram, slots: Int, startsLines: Bool) {
    self.program = program
    self.startsLines = startsLines
    self.slots = slots
    current = Threads(program.steps.count, slots: slots)
    following = Threads(program.steps.count, slots: slots)
    captures = Array(repeating: -1, count: slots)
  }

  /// The slots of the leftmost match; empty where none were asked for, nil where there is no match.
  mutating func run(_ line: [UInt8]) -> [Int]? {
    var found: [Int]?
    var position = 0
    var before: UInt32?
    current.clear()
    while true {
      let (scalar, next) = Self.scalar(line, at: position)
      if found == nil {
        for slot in 0..<slots { captures[slot] = -1 }
        if slots > 0 { captures[0] = position }
        add(0, at: position, before, scalar, isFollowing: false)
      }
      if current.order.isEmpty, found != nil || startsLines && position > 0 { break }
      following.clear()
      threads: for thread in current.order {
        switch program.steps[thread] {
        case .set(let number):
          guard let scalar, program.sets[number].contains(scalar) else { continue }
          for slot in 0..<slots { captures[slot] = current.captures[thread * slots + slot] }
          let (after, _) = Self.scalar(line, at: next)
          add(thread + 1, at: next, scalar, after, isFollowing: true)
        case .match:
          // Threads behind this one would be a match of less preference.
          if slots == 0 { return [] }
          var result = Array(current.captures[(thread * slots)..<((thread + 1) * slots)])
          result[1] = position
          found = result
          break threads
        default: continue
        }
      }
      swap(&current, &following)
      guard let scalar else { break }
      before = scalar
      position = next
    }
    return found
  }

  /// Follows a step to all that read a character or end the match, in the order of preference.
  private mutating func add(
    _ start: Int, at position: Int, _ before: UInt32?, _ after: UInt32?, isFollowing: Bool
  ) {
    stack.append(.follow(start))
    while let task = stack.popLast() {
      switch task {
      case .restore(let slot, let value): captures[slot] = value
      case .follow(let step):
        guard isFollowing ? following.visit(step) : current.visit(step) else { continue }
        switch program.steps[step] {
        case .jump(let target): stack.append(.follow(target))
        case .split(let first, let second): stack += [.follow(second), .follow(first)]
        case .save(let slot):
          if slot < slots {
            stack.append(.restore(slot: slot, value: captures[slot]))
            captures[slot] = position
          }
          stack.append(.follow(step + 1))
        case .assertion(let kind):
          if Self.holds(kind, before, after) { stack.append(.follow(step + 1)) }
        case .set, .match:
          if isFollowing {
            for slot in 0..<slots { following.captures[step * slots + slot] = captures[slot] }
            following.order.append(step)
          } else {
            for slot in 0..<slots { current.captures[step * slots + slot] = captures[slot] }
            current.order.append(step)
          }
        }
      }
    }
  }

  private static func holds(_ kind: PatternAssertion, _ before: UInt32?, _ after: UInt32?) -> Bool {
    switch kind {
    case .start: return before == nil
    case .end: return after == nil
    case .wordEdge, .noWordEdge:
      let left = before.map(ScalarSet.word.contains) ?? false
      let right = after.map(ScalarSet.word.contains) ?? false
      return (left != right) == (kind == .wordEdge)
    }
  }

  /// The character at an offset of UTF-8 and where the next one starts; U+FFFD for a bad byte.
  private static func scalar(_ line: [UInt8], at i: Int) -> (UInt32?, next: Int) {
    guard i < line.count else { return (nil, i) }
    let byte = line[i]
    if byte < 0x80 { return (UInt32(byte), i + 1) }
    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
    guard byte >= 0xC2, byte < 0xF5, i + length <= line.count else { return (0xFFFD, i + 1) }
    var value = UInt32(byte) & (0xFF >> UInt32(length + 1))
    for k in 1..<length {
      let more = line[i + k]
      guard more & 0xC0 == 0x80 else { return (0xFFFD, i + 1) }
      value = value << 6 | UInt32(more & 0x3F)
    }
    return (value, i + length)
  }
}
