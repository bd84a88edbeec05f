public import Tables

/// The path to one value in a tree of results, such as `summary.handover[sample=n10].modulus`.
///
/// Names are separated by dots; `[N]` takes an element of a list, counted from 0, and `[name=value]`
/// the first element whose field `name` reads `value`. A field whose own name holds dots is found by
/// the longest name that fits.
public struct ResultPath: Hashable, Sendable {
  /// One step of a path.
  public enum Step: Hashable, Sendable {
    /// A field of an object.
    case field(String)
    /// An element of a list, from 0.
    case element(Int)
    /// The first element of a list whose field reads a text.
    case matching(field: String, value: String)
  }

  /// The path as written.
  public let text: String
  /// The steps.
  public let steps: [Step]

  /// A path from its text; nil where it cannot be read.
  public init?(_ text: String) {
    var steps: [Step] = []
    var rest = Substring(text)
    var fieldDue = true
    while let first = rest.first {
      if first == "[" {
        guard let close = rest.firstIndex(of: "]") else { return nil }
        let inside = rest[rest.index(after: rest.startIndex)..<close]
        if let equals = inside.firstIndex(of: "=") {
          let value = inside[inside.index(after: equals)...]
          steps.append(.matching(field: String(inside[..<equals]), value: String(value)))
        } else if let number = Int(inside), number >= 0 {
          steps.append(.element(number))
        } else {
          return nil
        }
        rest = rest[rest.index(after: close)...]
        fieldDue = false
      } else if first == "." {
        guard !fieldDue else { return nil }
        rest = rest.dropFirst()
        fieldDue = true
        if rest.isEmpty { return nil }
      } else {
        guard fieldDue else { return nil }
        let name = rest.prefix { $0 != "." && $0 != "[" }
        steps.append(.field(String(name)))
        rest = rest[name.endIndex...]
        fieldDue = false
      }
    }
    guard !steps.isEmpty else { return nil }
    self.text = text
    self.steps = steps
  }

  /// The values on the way from the root to the end of the path; nil where it leads nowhere.
  ///
  /// The first is the root, the last the value itself.
  public func trail(in root: ResultValue) -> [ResultValue]? {
    var trail = [root]
    var position = 0
    while position < steps.count {
      guard let current = trail.last else { return nil }
      switch steps[position] {
      case .element(let index):
        guard let next = current[index] else { return nil }
        trail.append(next)
        position += 1
      case .matching(let field, let value):
        guard case .list(let elements) = current,
          let next = elements.first(where: { Self.reads($0[field], value) })
        else { return nil }
        trail.append(next)
        position += 1
      case .field:
        guard let (next, used) = longestField(of: current, from: position) else { return nil }
        trail.append(next)
        position += used
      }
    }
    return trail
  }

  /// The field whose name is made of as many of the next steps as possible, and how many.
  private func longestField(
    of value: ResultValue, from position: Int
  ) -> (value: ResultValue, used: Int)? {
    var names: [String] = []
    for step in steps[position...] {
      guard case .field(let name) = step else { break }
      names.append(name)
    }
    while !names.isEmpty {
      if let next = value[names.joined(separator: ".")] { return (next, names.count) }
      names.removeLast()
    }
    return nil
  }

  private static func reads(_ value: ResultValue?, _ text: String) -> Bool {
    switch value {
    case .text(let found): found == text
    case .integer(let found): String(found) == text
    case .flag(let found): String(found) == text
    default: false
    }
  }
}
