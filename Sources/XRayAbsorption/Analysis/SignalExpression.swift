internal import RealModule
public import Tables

/// A formula over the columns of a table, such as `ln($3/$4)` or `({If1} + {If2})/{I0}`.
///
/// `+ - * / ( )`, `ln()`, `log10()`, `abs()`, numbers, `$N` (from 1, all columns of the table) and
/// `{label}` (a label or a canonical name).
public struct SignalExpression: Hashable, Sendable, Codable {
  /// What a formula names.
  public enum Reference: Hashable, Sendable {
    /// A column by its place, from 1.
    case place(Int)
    /// A column by its label or canonical name.
    case label(String)
  }

  private enum Operation: Hashable, Sendable {
    case number(Double)
    case column(Reference)
    case binary(Character)
    case negate
    case call(String)
    case open
  }

  /// The formula as written.
  public let text: String
  /// The formula in postfix order.
  private let program: [Operation]

  /// Reads a formula that was stored.
  public init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(String.self))
  }

  /// Stores the formula as written.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// Every column that the formula names, in order.
  public var references: [Reference] {
    program.compactMap { if case .column(let reference) = $0 { reference } else { nil } }
  }

  /// Reads a formula.
  ///
  /// - Throws: `option.value` with the place of what does not fit.
  public init(_ text: String) throws(ReadFailure) {
    self.text = text
    var output: [Operation] = []
    var stack: [Operation] = []
    var rest = text[...]
    var expectsValue = true
    func bad(_ why: String) -> ReadFailure {
      let place = text.distance(from: text.startIndex, to: rest.startIndex) + 1
      return ReadFailure(
        "option.value", found: "'\(text)' for mu: \(why) at character \(place)",
        expected: "expected a formula such as ln($3/$4) or {If}/{I0}")
    }
    func rank(_ operation: Operation) -> Int {
      switch operation {
      case .binary("+"), .binary("-"): 1
      case .binary: 2
      case .negate: 3
      default: 0
      }
    }
    guard text.utf8.count <= 4096 else { throw bad("more than 4096 bytes") }
    while let next = rest.first {
      if next == " " || next == "\t" {
        rest = rest.dropFirst()
        continue
      }
      if expectsValue {
        if next == "-" || next == "+" {
          if next == "-" { stack.append(.negate) }
          rest = rest.dropFirst()
        } else if next == "(" {
          stack.append(.open)
          rest = rest.dropFirst()
        } else if next == "$" {
          let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
          guard let number = Int(digits), number > 0 else { throw bad("no number behind $") }
          output.append(.column(.place(number)))
          rest = rest[digits.endIndex...]
          expectsValue = false
        } else if next == "{" {
          guard let end = rest.firstIndex(of: "}") else { throw bad("a brace is not closed") }
          let label = rest[rest.index(after: rest.startIndex)..<end]
          output.append(.column(.label(String(label))))
          rest = rest[rest.index(after: end)...]
          expectsValue = false
        } else if next.isASCII, next.isNumber || next == "." {
          var digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
          let tail = rest[digits.endIndex...]
          if let e = tail.first, e == "e" || e == "E" {
            var exponent = tail.dropFirst()
            if let sign = exponent.first, sign == "+" || sign == "-" {
              exponent = exponent.dropFirst()
            }
            let more = exponent.prefix { $0.isASCII && $0.isNumber }
            if !more.isEmpty { digits = rest[..<more.endIndex] }
          }
          guard let number = Double(digits) else { throw bad("no number") }
          output.append(.number(number))
          rest = rest[digits.endIndex...]
          expectsValue = false
        } else {
          let word = rest.prefix { $0.isLetter || $0.isNumber }
          guard ["ln", "log", "log10", "abs"].contains(word),
            rest[word.endIndex...].first == "("
          else { throw bad(word.isEmpty ? "'\(next)'" : "'\(word)' is no function") }
          stack.append(.call(word == "log" ? "ln" : String(word)))
          stack.append(.open)
          rest = rest[word.endIndex...].dropFirst()
        }
      } else if next == ")" {
        var isOpen = false
        while let top = stack.popLast() {
          if top == .open {
            isOpen = true
            break
          }
          output.append(top)
        }
        guard isOpen else { throw bad("a parenthesis is closed that was not opened") }
        if case .call? = stack.last, let call = stack.popLast() { output.append(call) }
        rest = rest.dropFirst()
      } else if "+-*/".contains(next) {
        while let top = stack.last, rank(top) >= rank(.binary(next)), top != .open {
          output.append(top)
          stack.removeLast()
        }
        stack.append(.binary(next))
        rest = rest.dropFirst()
        expectsValue = true
      } else {
        throw bad("'\(next)' where an operator is due")
      }
    }
    if expectsValue { throw bad("the formula ends early") }
    while let top = stack.popLast() {
      guard top != .open else { throw bad("a parenthesis is not closed") }
      output.append(top)
    }
    program = output
    guard !references.isEmpty else { throw bad("no column is named") }
  }

  /// A formula that names one column.
  init(column label: String) {
    text = "{\(label)}"
    program = [.column(.label(label))]
  }

  /// The value of the formula in every row; not finite where it has none.
  ///
  /// - Parameter columns: the numbers of each reference.
  func values(rows: Int, _ columns: [Reference: [Double]]) -> [Double] {
    var stack: [[Double]] = []
    for operation in program {
      switch operation {
      case .number(let x): stack.append([Double](repeating: x, count: rows))
      case .column(let reference):
        var values = columns[reference] ?? []
        while values.count < rows { values.append(.nan) }
        stack.append(values)
      case .negate: if let top = stack.popLast() { stack.append(top.map { -$0 }) }
      case .call(let name):
        guard let top = stack.popLast() else { continue }
        switch name {
        case "ln": stack.append(top.map { $0 > 0 ? Double.log($0) : .nan })
        case "log10": stack.append(top.map { $0 > 0 ? Double.log10($0) : .nan })
        default: stack.append(top.map { $0.magnitude })
        }
      case .binary(let sign):
        guard let right = stack.popLast(), let left = stack.popLast() else { continue }
        var result = left
        for i in 0..<min(left.count, right.count) {
          switch sign {
          case "+": result[i] = left[i] + right[i]
          case "-": result[i] = left[i] - right[i]
          case "*": result[i] = left[i] * right[i]
          default: result[i] = right[i] == 0 ? .nan : left[i] / right[i]
          }
        }
        stack.append(result)
      case .open: break
      }
    }
    return stack.last ?? []
  }
}
