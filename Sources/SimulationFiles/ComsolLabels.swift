internal import Tables
internal import Units

/// The labels of the columns of a COMSOL export: `expression (unit) @ parameter=value, …`.
struct ComsolLabels {
  /// The label of one column.
  struct Label {
    /// As the file writes it.
    var text: String
    /// The expression or its description.
    var expression: String
    /// The unit; nil where there is none.
    var unitText: String?
    /// What stands behind `@`; empty where there is nothing.
    var parameters: String

    init(_ text: String) {
      self.text = text
      var rest = text[...]
      parameters = ""
      if let at = rest.range(of: " @ ") {
        parameters = String(rest[at.upperBound...])
        rest = rest[..<at.lowerBound]
      } else if rest.hasPrefix("@ ") {
        parameters = String(rest.dropFirst(2))
        rest = ""
      }
      let label = ColumnLabel(String(rest))
      expression = label.name
      unitText = label.unitText
      // COMSOL writes `(1)` for a number, and units with `*` and `^`.
      if unitText == nil, rest.hasSuffix(")"), let open = rest.lastIndex(of: "("),
        open != rest.startIndex
      {
        unitText = String(rest[rest.index(after: open)...].dropLast())
        expression = String(rest[..<open])
      }
      while expression.last == " " { expression.removeLast() }
    }
  }

  /// The labels in a line for as many columns; nil where the line cannot be taken apart so.
  ///
  /// COMSOL pads labels with blanks to 25 characters, and puts one blank behind longer ones.
  static func split(_ line: String, columns: Int) -> [Label]? {
    let wide = byGaps(line)
    if wide.count == columns { return wide.map(Label.init) }
    let narrow = wide.flatMap(byGrammar)
    if narrow.count == columns { return narrow.map(Label.init) }
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    return words.count == columns ? words.map(Label.init) : nil
  }

  /// Parts between tabs or two and more blanks.
  private static func byGaps(_ line: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var blanks = 0
    for character in line {
      if character == "\t" || character == " " {
        blanks += character == "\t" ? 2 : 1
        continue
      }
      if blanks > 1, !part.isEmpty {
        parts.append(part)
        part = ""
      } else if blanks == 1, !part.isEmpty {
        part.append(" ")
      }
      blanks = 0
      part.append(character)
    }
    if !part.isEmpty { parts.append(part) }
    // A unit or a parameter far behind its expression still belongs to it.
    var joined: [String] = []
    for part in parts {
      if part.hasPrefix("@") || part.hasPrefix("(") && part.hasSuffix(")"), let last = joined.last {
        joined[joined.count - 1] = "\(last) \(part)"
      } else {
        joined.append(part)
      }
    }
    return joined
  }

  /// `a (V) @ t=0 b (V) @ t=0, f=1` between single blanks: a part ends with its unit or parameters.
  private static func byGrammar(_ text: String) -> [String] {
    let words = text.split(separator: " ").map(String.init)
    var parts: [String] = []
    var part: [String] = []
    var depth = 0
    var isParameter = false
    for (i, word) in words.enumerated() {
      part.append(word)
      depth += word.count { $0 == "(" } - word.count { $0 == ")" }
      if word == "@" {
        isParameter = true
        continue
      }
      let next = i + 1 < words.count ? words[i + 1] : ""
      let continues = word.hasSuffix(",") || word.hasSuffix(":") || depth > 0 || next == "@"
      let endsHere =
        isParameter ? word.contains("=") && !continues : !continues && !next.hasPrefix("(")
      if endsHere || next.isEmpty {
        parts.append(part.joined(separator: " "))
        part = []
        isParameter = false
      }
    }
    return parts
  }

  /// The canonical name of an expression, or its slug; `isLength` tells a displacement from a speed.
  static func name(_ label: Label, isCoordinate: Bool) -> String {
    let expression = label.expression
    if isCoordinate {
      switch expression.lowercased() {
      case "x": return "position_x"
      case "y": return "position_y"
      case "z": return "position_z"
      default: break
      }
    }
    let isLength =
      label.unitText.flatMap { PhysicalUnit.loose($0, expecting: Length.dimension) }?.unit
      .dimension == Length.dimension
    let bare = expression.split(separator: ".").last.map(String.init) ?? expression
    switch bare {
    case "u" where isLength: return "displacement_x"
    case "v" where isLength: return "displacement_y"
    case "mises", "misesGp": return "stress_von_mises"
    case "sx", "sxx", "sxGp": return "stress_xx"
    case "sy", "syy", "syGp": return "stress_yy"
    case "sxy", "sxyGp": return "stress_xy"
    case "T": return "temperature"
    case "t": return "time"
    default: break
    }
    let slug = ColumnLabel.slug(expression)
    return slug.isEmpty ? "column" : slug
  }
}

extension Substring {
  /// Where a text first stands.
  fileprivate func range(of text: String) -> Range<Index>? {
    var i = startIndex
    while i < endIndex {
      if self[i...].hasPrefix(text) { return i..<index(i, offsetBy: text.count) }
      i = index(after: i)
    }
    return nil
  }
}
