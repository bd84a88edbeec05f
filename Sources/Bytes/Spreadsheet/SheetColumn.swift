internal import Tables

/// The cells of one column of a sheet while its rows are read.
///
/// Numbers and texts each have an array of their own, made when the first one comes, so that a column of
/// one kind takes no more than its values.
struct SheetColumn {
  private(set) var numbers: [Double] = []
  private(set) var codes: [Int32] = []
  /// Cells with a number, and those of them whose style is a date.
  private(set) var numberCount = 0, dateCount = 0
  /// Cells with a text, and with an error such as `#N/A`.
  private(set) var textCount = 0, errorCount = 0
  /// The number of the last text.
  private(set) var lastCode: Int32 = -1

  /// Adds a number; gives how many cells were filled up before it.
  @inline(__always)
  mutating func add(_ value: Double, row: Int, isDate: Bool, expected: Int) -> Int {
    numberCount &+= 1
    if isDate { dateCount &+= 1 }
    let gap = row &- numbers.count
    if gap == 0 && numberCount > 1 {
      numbers.append(value)
      return 0
    }
    return addSlowly(value, row, expected)
  }

  @inline(never)
  private mutating func addSlowly(_ value: Double, _ row: Int, _ expected: Int) -> Int {
    if numbers.isEmpty { LargeMemory.reserve(&numbers, expected) }
    if row < numbers.count {
      numbers[row] = value
      return 0
    }
    let gap = row - numbers.count
    if gap > 0 { numbers.append(contentsOf: repeatElement(.nan, count: gap)) }
    numbers.append(value)
    return gap
  }

  /// Adds a text; gives how many cells were filled up before it.
  mutating func add(code: Int32, row: Int, expected: Int) -> Int {
    textCount += 1
    lastCode = code
    if codes.isEmpty { codes.reserveCapacity(expected) }
    if row < codes.count {
      codes[row] = code
      return 0
    }
    let gap = row - codes.count
    if gap > 0 { codes.append(contentsOf: repeatElement(-1, count: gap)) }
    codes.append(code)
    return gap
  }

  mutating func addError() { errorCount += 1 }
}

extension SpreadsheetColumn {
  /// A column of numbers where nearly all cells are numbers, also where they are written as text, else
  /// of text.
  init(_ cells: SheetColumn, index: Int, rows: Int, pool: TextPool) {
    self.index = index
    errorCells = cells.errorCount
    isDate = cells.dateCount * 2 > cells.numberCount
    if cells.textCount == 0 {
      var numbers = cells.numbers
      if numbers.count < rows {
        numbers.append(contentsOf: repeatElement(.nan, count: rows - numbers.count))
      }
      values = .real(numbers)
      return
    }
    // What each text that occurs is as a number: nil for text, NaN for a word that means "none".
    var levels: [Int32: Int32] = [:]
    var names: [String] = []
    var meaning: [Double?] = []
    let scanner = NumberScanner()
    var codes = cells.codes
    var textCells = 0
    var numericCells = 0
    var last: (code: Int32, level: Int32) = (-1, -1)
    for row in codes.indices where codes[row] >= 0 {
      var level = last.level
      let code = codes[row]
      if code != last.code, let known = levels[code] {
        level = known
      } else if code != last.code {
        level = Int32(clamping: names.count)
        let text = pool[Int(code)]
        levels[code] = level
        names.append(text)
        meaning.append(Self.number(text, scanner))
      }
      last = (code, level)
      codes[row] = level
      if let number = meaning[Int(level)] {
        if !number.isNaN { numericCells += 1 }
      } else {
        textCells += 1
        if firstText == nil { firstText = (row, names[Int(level)]) }
      }
    }
    let numberCells = cells.numberCount + numericCells
    if numberCells > 0, textCells * 100 <= numberCells {
      // One cell in a hundred may be a word: it is missing, and counted.
      var numbers = cells.numbers
      numbers.append(contentsOf: repeatElement(.nan, count: max(0, rows - numbers.count)))
      for row in codes.indices where codes[row] >= 0 {
        if let number = meaning[Int(codes[row])], !number.isNaN { numbers[row] = number }
      }
      values = .real(numbers)
      unreadCells = textCells
      return
    }
    firstText = nil
    codes.append(contentsOf: repeatElement(-1, count: max(0, rows - codes.count)))
    // Numbers among texts are written out.
    for (row, number) in cells.numbers.enumerated() where codes[row] < 0 && !number.isNaN {
      codes[row] = Int32(clamping: names.count)
      names.append(
        number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)")
    }
    var blank: Int32?
    for row in codes.indices where codes[row] < 0 {
      missing.insert(row)
      if blank == nil {
        blank = Int32(clamping: names.count)
        names.append("")
      }
      codes[row] = blank ?? 0
    }
    values =
      names.count * 2 <= rows
      ? .category(levels: names, codes: codes)
      : .text(codes.map { names[Int($0)] })
  }

  /// The number that a text spells; NaN for a word that means "none"; nil for any other text.
  private static func number(_ text: String, _ scanner: NumberScanner) -> Double? {
    var part = Substring(text)
    while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
    while let last = part.last, last == " " || last == "\t" { part.removeLast() }
    if part.isEmpty || words.contains(part.lowercased()) { return .nan }
    return scanner.parse(part)
  }

  private static let words: Set<String> = ["-", "--", "---", "n/a", "na", "nan", "none", "null"]
}
