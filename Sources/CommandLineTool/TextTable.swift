internal import Interphase

/// A table for the terminal: columns aligned, numbers to the right.
struct TextTable {
  private var rows: [[String]] = []
  private let rightAligned: Set<Int>

  init(header: [String], rightAligned: Set<Int> = []) {
    self.rightAligned = rightAligned
    rows = [header]
  }

  mutating func add(_ row: [String]) { rows.append(row.map { escapedControls($0) }) }

  var isEmpty: Bool { rows.count < 2 }

  /// The lines, indented; columns that hold nothing in any row can be left out.
  func text(indent: Int = 0, hidingEmptyColumns: Bool = false) -> String {
    if hidingEmptyColumns {
      let kept = (0..<(rows.first?.count ?? 0)).filter { column in
        rows.dropFirst().contains { column < $0.count && !["", "–"].contains($0[column]) }
      }
      let places = kept.enumerated().filter { rightAligned.contains($0.element) }.map(\.offset)
      var table = TextTable(header: [], rightAligned: Set(places))
      table.rows = rows.map { row in kept.filter { $0 < row.count }.map { row[$0] } }
      return table.text(indent: indent)
    }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    let margin = String(repeating: " ", count: indent)
    return rows.map { row in
      var line = margin
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += rightAligned.contains(column) ? padding + cell : cell + padding
        line += "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

/// A number for people: six significant digits, no trailing zeros.
func brief(_ number: Double?) -> String {
  guard let number, number.isFinite else { return "–" }
  if number == 0 { return "0" }
  if number == number.rounded(), abs(number) < 1e9 { return "\(Int64(number))" }
  var exponent = 0
  var mantissa = abs(number)
  while mantissa >= 10 { mantissa /= 10; exponent += 1 }
  while mantissa < 1 { mantissa *= 10; exponent -= 1 }
  var digits = (mantissa * 1e5).rounded()
  if digits >= 1e6 {
    digits /= 10
    exponent += 1
  }
  let sign = number < 0 ? "-" : ""
  if exponent >= -3 && exponent < 6 {
    var text = "\(sign)\(decimal(Int64(digits), shift: 5 - exponent))"
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text
  }
  var text = decimal(Int64(digits), shift: 5)
  while text.last == "0" { text.removeLast() }
  if text.last == "." { text.removeLast() }
  return "\(sign)\(text)e\(exponent)"
}

/// The decimal text of `digits` · 10^-shift.
private func decimal(_ digits: Int64, shift: Int) -> String {
  var text = String(digits)
  guard shift > 0 else { return text + String(repeating: "0", count: -shift) }
  if text.count <= shift { text = String(repeating: "0", count: shift + 1 - text.count) + text }
  let point = text.index(text.endIndex, offsetBy: -shift)
  return text[..<point] + "." + text[point...]
}
