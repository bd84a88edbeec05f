/// What a pattern says, as a tree.
indirect enum PatternNode: Sendable {
  case empty
  case set(ScalarSet)
  case assertion(PatternAssertion)
  case sequence([PatternNode])
  /// The first that matches counts.
  case choice([PatternNode])
  case group(PatternNode, number: Int)
  case repetition(PatternNode, least: Int, most: Int?, isLazy: Bool)

  /// The instructions that the node takes at most; no more than `limit` + 1.
  func size(limit: Int) -> Int {
    switch self {
    case .empty: return 0
    case .set, .assertion: return 1
    case .sequence(let nodes):
      return nodes.reduce(0) { min(limit + 1, $0 + $1.size(limit: limit)) }
    case .choice(let nodes):
      return nodes.reduce(0) { min(limit + 1, $0 + $1.size(limit: limit) + 2) }
    case .group(let node, _): return min(limit + 1, node.size(limit: limit) + 2)
    case .repetition(let node, let least, let most, _):
      let one = node.size(limit: limit) + 2
      let times = max(1, most.map { max($0, least) } ?? least + 1)
      let (product, overflow) = one.multipliedReportingOverflow(by: times)
      return overflow ? limit + 1 : min(limit + 1, product)
    }
  }
}

/// A condition on a place between two characters.
enum PatternAssertion: Hashable, Sendable {
  case start, end, wordEdge, noWordEdge
}

/// Why a pattern cannot be used.
public struct PatternFailure: Error, Hashable, Sendable {
  /// The place in the pattern, in characters from 1.
  public let position: Int
  /// What was found.
  public let found: String
  /// What was expected instead.
  public let expected: String
}

/// Reads the text of a pattern.
///
/// Groups nest at most 40 deep, so the recursion is bounded.
struct PatternParser {
  private let scalars: [Unicode.Scalar]
  private var i = 0
  private var depth = 0
  private var ignoresCase = false
  private var dotIsAll = false
  /// The names of the groups, from the first; nil for one without a name.
  private(set) var groups: [String?] = []

  static let deepest = 40
  static let mostGroups = 64
  static let mostRepeats = 1000

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() throws(PatternFailure) -> PatternNode {
    let node = try alternatives()
    if i < scalars.count {
      throw failure(i, "a ')' without its '('", "write \\) for the character itself")
    }
    return node
  }

  private func failure(_ at: Int, _ found: String, _ expected: String) -> PatternFailure {
    PatternFailure(position: at + 1, found: found, expected: expected)
  }

  private var next: Unicode.Scalar? { i < scalars.count ? scalars[i] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    i += 1
    return true
  }

  private mutating func take(text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard i + wanted.count <= scalars.count, Array(scalars[i..<(i + wanted.count)]) == wanted else {
      return false
    }
    i += wanted.count
    return true
  }

  private mutating func alternatives() throws(PatternFailure) -> PatternNode {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(PatternFailure) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let start = i
      guard let atom = try atom() else { continue }
      nodes.append(try quantified(atom, from: start))
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  /// The next part; nil where it only set a flag.
  private mutating func atom() throws(PatternFailure) -> PatternNode? {
    guard let scalar = next else { return nil }
    let start = i
    i += 1
    switch scalar {
    case ".": return .set(dotIsAll ? .any : .anyButLineEnd)
    case "^": return .assertion(.start)
    case "$": return .assertion(.end)
    case "(": return try group(from: start)
    case "[": return .set(try bracket(from: start))
    case "\\": return try escape(from: start)
    case "*", "+", "?":
      throw failure(start, "'\(scalar)' with nothing before it", "write \\\(scalar) for itself")
    case "{":
      throw failure(start, "'{' with nothing to repeat before it", "write \\{ for itself")
    default: return .set(folded(ScalarSet(scalar)))
    }
  }

  private func folded(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.foldingCase : set }

  // MARK: Repeats

  private mutating func quantified(
    _ atom: PatternNode, from start: Int
  ) throws(PatternFailure) -> PatternNode {
    var bounds: (Int, Int?)
    let at = i
    switch next {
    case "*": bounds = (0, nil)
    case "+": bounds = (1, nil)
    case "?": bounds = (0, 1)
    case "{": bounds = try counts()
    default: return atom
    }
    if next != "}" || scalars[at] != "{" { i = max(i, at + 1) } else { i += 1 }
    if case .assertion = atom, scalars[start] != "(" {
      throw failure(at, "a repeat of a place, which has no length", "repeat characters or groups")
    }
    let isLazy = take("?")
    if !isLazy, next == "+" {
      throw failure(i, "a possessive repeat", "a plain or lazy one: this engine never goes back")
    }
    if let again = next, again == "*" || again == "+" || again == "?" || again == "{" {
      throw failure(i, "a repeat of a repeat", "brackets: (?:…)\(again)")
    }
    return .repetition(atom, least: bounds.0, most: bounds.1, isLazy: isLazy)
  }

  /// `{n}`, `{n,}` and `{n,m}` up to the closing brace, which is left.
  private mutating func counts() throws(PatternFailure) -> (Int, Int?) {
    let at = i
    i += 1
    let least = number()
    var most = least
    if take(",") { most = number() }
    let isOpen = i > 0 && scalars[i - 1] == ","
    guard let least, next == "}" else {
      throw failure(at, "'{' that starts no repeat", "{3}, {2,} or {1,4}; \\{ for itself")
    }
    if isOpen { most = nil }
    guard least <= Self.mostRepeats, (most ?? 0) <= Self.mostRepeats else {
      throw failure(at, "more than \(Self.mostRepeats) repeats", "fewer")
    }
    if let most, most < least {
      throw failure(at, "a repeat from \(least) to \(most)", "the smaller number first")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, ScalarSet.digits.contains(scalar.value) {
      value = min(1_000_000, (value ?? 0) * 10 + Int(scalar.value - 48))
      i += 1
    }
    return value
  }

  // MARK: Groups

  private mutating func group(from start: Int) throws(PatternFailure) -> PatternNode? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw failure(start, "brackets nested more than \(Self.deepest) deep", "a simpler pattern")
    }
    var number: Int?
    let flags = (ignoresCase, dotIsAll)
    if take("?") {
      if take(text: "=") || take(text: "!") || take(text: "<=") || take(text: "<!") {
        throw failure(start, "a look ahead or back", Self.linear)
      }
      if take(">") || take("|") || take("(") || take("R") || take("&") || take("#") {
        throw failure(start, "a group of a kind that is not known", "(…), (?:…) or (?<name>…)")
      }
      if take(text: "P=") || take(text: "P>") {
        throw failure(start, "a backreference", Self.linear)
      }
      if take(text: "P<") || take("<") {
        let name = try groupName()
        number = try newGroup(name, start)
      } else if try !setFlags(start) {
        return nil  // flags for the rest of the group
      }
    } else {
      number = try newGroup(nil, start)
    }
    let inner = try alternatives()
    guard take(")") else { throw failure(start, "a '(' without its ')'", "one ')' for each") }
    (ignoresCase, dotIsAll) = flags
    return number.map { .group(inner, number: $0) } ?? inner
  }

  private static let linear = "a pattern without: each is matched in time linear in the line"

  private mutating func newGroup(_ name: String?, _ start: Int) throws(PatternFailure) -> Int {
    guard groups.count < Self.mostGroups else {
      throw failure(start, "more than \(Self.mostGroups) groups", "(?:…) where nothing is captured")
    }
    if let name, groups.contains(name) {
      throw failure(start, "a second group '\(name)'", "a name for each group")
    }
    groups.append(name)
    return groups.count
  }

  private mutating func groupName() throws(PatternFailure) -> String {
    let start = i
    var name = ""
    while let scalar = next, ScalarSet.word.contains(scalar.value) {
      name.unicodeScalars.append(scalar)
      i += 1
    }
    guard take(">"), let first = name.unicodeScalars.first,
      !ScalarSet.digits.contains(first.value)
    else {
      throw failure(
        start, "a group without a plain name", "letters, digits and _, as in (?<unit>…)")
    }
    return name
  }

  /// `i`, `s`, `m` and `-` up to `:` (true: a group follows) or `)` (false).
  private mutating func setFlags(_ start: Int) throws(PatternFailure) -> Bool {
    var value = true
    while let scalar = next {
      i += 1
      switch scalar {
      case "i": ignoresCase = value
      case "s": dotIsAll = value
      case "m": break  // lines are matched one by one
      case "-": value = false
      case ":": return true
      case ")": return false
      default:
        throw failure(i - 1, "'(?\(scalar)'", "(?:…), (?<name>…), (?i) or (?s)")
      }
    }
    throw failure(start, "a '(' without its ')'", "one ')' for each")
  }

  // MARK: Escapes and classes

  private mutating func escape(from start: Int) throws(PatternFailure) -> PatternNode {
    guard let scalar = next else {
      throw failure(start, "a '\\' at the end", "write \\\\ for the character itself")
    }
    switch scalar {
    case "b", "B":
      i += 1
      return .assertion(scalar == "b" ? .wordEdge : .noWordEdge)
    case "A":
      i += 1
      return .assertion(.start)
    case "z", "Z":
      i += 1
      return .assertion(.end)
    case "1"..."9", "k", "g":
      throw failure(start, "a backreference", Self.linear)
    default: return .set(folded(try escapedSet(from: start)))
    }
  }

  /// The characters behind a backslash, within or outside square brackets.
  private mutating func escapedSet(from start: Int) throws(PatternFailure) -> ScalarSet {
    guard let scalar = next else {
      throw failure(start, "a '\\' at the end", "write \\\\ for the character itself")
    }
    i += 1
    switch scalar {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .word
    case "W": return ScalarSet.word.inverted
    case "s": return .blank
    case "S": return ScalarSet.blank.inverted
    case "t": return ScalarSet("\t")
    case "n": return ScalarSet("\n")
    case "r": return ScalarSet("\r")
    case "f": return ScalarSet("\u{C}")
    case "v": return ScalarSet("\u{B}")
    case "x", "u": return try hexadecimal(digits: scalar == "x" ? 2 : 4, from: start)
    default:
      if ScalarSet.word.contains(scalar.value) {
        throw failure(start, "'\\\(scalar)', which has no meaning", "\\d, \\w, \\s, \\t, \\x41 …")
      }
      return ScalarSet(scalar)
    }
  }

  private mutating func hexadecimal(digits: Int, from start: Int) throws(PatternFailure)
    -> ScalarSet
  {
    let isBraced = take("{")
    var text = ""
    while let scalar = next, text.count < (isBraced ? 6 : digits),
      Int(String(scalar), radix: 16) != nil
    {
      text.unicodeScalars.append(scalar)
      i += 1
    }
    guard isBraced ? take("}") : text.count == digits, let value = UInt32(text, radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw failure(start, "a code that is none", "\\x41, \\u00B5 or \\x{1F600}") }
    return ScalarSet(scalar)
  }

  /// `[…]` behind its opening bracket.
  private mutating func bracket(from start: Int) throws(PatternFailure) -> ScalarSet {
    let isNegated = take("^")
    var set = ScalarSet()
    var isFirst = true
    while let scalar = next, scalar != "]" || isFirst {
      isFirst = false
      let at = i
      if take(text: "[:") {
        var name = ""
        while let letter = next, letter != ":", letter != "]" {
          name.unicodeScalars.append(letter)
          i += 1
        }
        guard take(text: ":]"), let named = ScalarSet.named(name) else {
          throw failure(at, "'[:\(name)' in a class", "[:alpha:], [:digit:], [:space:] …")
        }
        set = set.union(named)
        continue
      }
      let low = try member(at)
      guard next == "-", i + 1 < scalars.count, scalars[i + 1] != "]" else {
        set = set.union(low)
        continue
      }
      i += 1
      let high = try member(at)
      guard let from = low.single, let to = high.single, from <= to else {
        throw failure(at, "a range that runs backwards or from a class", "a range such as a-z")
      }
      set = set.union(ScalarSet([from...to]))
    }
    guard take("]") else { throw failure(start, "a '[' without its ']'", "write \\[ for itself") }
    set = folded(set)
    return isNegated ? set.inverted : set
  }

  private mutating func member(_ start: Int) throws(PatternFailure) -> ScalarSet {
    if take("\\") { return try escapedSet(from: start) }
    guard let scalar = next else {
      throw failure(start, "a '[' without its ']'", "write \\[ for itself")
    }
    i += 1
    return ScalarSet(scalar)
  }
}

extension ScalarSet {
  /// The only scalar; nil for any other set.
  fileprivate var single: UInt32? {
    guard ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
    return range.lowerBound
  }
}
