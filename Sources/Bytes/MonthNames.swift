/// The names of the months in English, German, French, Spanish and Italian.
enum MonthNames {
  /// The month (1…12) that a word stands for; nil where it is none, or stands for two.
  ///
  /// A word counts in any case, with accents or without, and cut after its third letter or later:
  /// `Mrz`, `févr`, `Sept`, `ago`. French `jui` is neither June nor July.
  static func month(_ word: String) -> Int? {
    let folded = fold(word)
    guard folded.utf8.count >= 3, folded.utf8.count <= 12 else { return nil }
    return table[folded] ?? nil
  }

  private static let names: [[String]] = [
    ["january", "januar", "jaenner", "janner", "janvier", "enero", "gennaio"],
    ["february", "februar", "fevrier", "febrero", "febbraio"],
    ["march", "marz", "maerz", "mars", "marzo"],
    ["april", "avril", "abril", "aprile"],
    ["may", "mai", "mayo", "maggio"],
    ["june", "juni", "juin", "junio", "giugno"],
    ["july", "juli", "juillet", "julio", "luglio"],
    ["august", "aout", "agosto"],
    ["september", "septembre", "septiembre", "setiembre", "settembre"],
    ["october", "oktober", "octobre", "octubre", "ottobre"],
    ["november", "novembre", "noviembre"],
    ["december", "dezember", "decembre", "diciembre", "dicembre"],
  ]

  /// Every beginning of a name; nil where two months share it.
  private static let table: [String: Int?] = {
    var table: [String: Int?] = ["mrz": 3, "mar": 3]
    for (index, month) in names.enumerated() {
      for name in month {
        for length in 3...max(3, name.utf8.count) {
          let beginning = String(name.prefix(length))
          if let known = table[beginning] {
            if known != index + 1 { table[beginning] = .some(nil) }
          } else {
            table[beginning] = index + 1
          }
        }
      }
    }
    return table
  }()

  /// Lower case without accents; anything but a letter of these languages makes the word no name.
  private static func fold(_ word: String) -> String {
    var result = ""
    for scalar in word.unicodeScalars {
      switch scalar {
      case "a"..."z": result.unicodeScalars.append(scalar)
      case "A"..."Z": result += String(scalar).lowercased()
      case "ä", "Ä", "à", "â": result += "a"
      case "é", "É", "è", "ê": result += "e"
      case "û", "Û", "ù", "ü": result += "u"
      case "\u{300}"..."\u{308}": continue
      default: return ""
      }
    }
    return result
  }
}
