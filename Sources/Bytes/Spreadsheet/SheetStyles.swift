internal import Tables

/// Which cell styles of a workbook show a number as a date or a time.
struct SheetStyles: Sendable {
  /// By the index of the style.
  private(set) var isDate: [Bool] = []

  init() {}

  /// Reads `styles.xml` (ECMA-376 part 1, §18.8).
  init(_ root: XMLTree.Element) {
    var own: [Int: String] = [:]
    for format in root["numFmts"]?.all("numFmt") ?? [] {
      if let id = format.attribute("numFmtId").flatMap({ Int($0) }),
        let code = format.attribute("formatCode")
      {
        own[id] = code
      }
    }
    isDate = (root["cellXfs"]?.all("xf") ?? []).map { style in
      guard let id = style.attribute("numFmtId").flatMap({ Int($0) }) else { return false }
      if let code = own[id] { return Self.showsDate(code) }
      // The built-in formats of dates, of times, and those of East Asian calendars (§18.8.30).
      return (14...22).contains(id) || (27...36).contains(id) || (45...47).contains(id)
        || (50...58).contains(id)
    }
  }

  /// Whether a format code holds a letter of a date or time outside quotes, escapes and colours.
  static func showsDate(_ code: String) -> Bool {
    var isQuoted = false
    var isEscaped = false
    var bracket: String?
    for character in code.lowercased() {
      if isEscaped {
        isEscaped = false
      } else if character == "\"" {
        isQuoted.toggle()
      } else if isQuoted {
        continue
      } else if let inside = bracket {
        if character == "]" {
          // Elapsed time: [h], [mm], [ss].
          if !inside.isEmpty, inside.allSatisfy({ "hms".contains($0) }) { return true }
          bracket = nil
        } else {
          bracket = inside + String(character)
        }
      } else if character == "[" {
        bracket = ""
      } else if character == "\\" || character == "_" || character == "*" {
        isEscaped = true
      } else if character == ";" {
        // The first section is that of positive numbers.
        return false
      } else if "ymdhs".contains(character) {
        return true
      }
    }
    return false
  }
}
