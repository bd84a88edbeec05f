internal import Bytes
internal import Reading
internal import Tables

/// The heading of a block of Igor text: `WAVES`, flags, names.
struct IgorTextHeading {
  /// What a number is.
  enum Kind: Hashable { case float32, float64, integer, text }

  /// What a number of the block is.
  private(set) var kind = Kind.float32
  /// Whether every point is two numbers.
  private(set) var isComplex = false
  /// The lengths of the dimensions; empty for waves of one dimension.
  private(set) var lengths: [Int] = []
  /// The names of the waves.
  private(set) var names: [String] = []
  /// Flags that are not known.
  private(set) var strange: [String] = []

  /// Reads the words behind `WAVES`.
  init(_ words: [IgorTextWords.Word]) {
    for word in words {
      switch word {
      case .flag("N", let list):
        lengths = list.split { $0 == "," || $0.isWhitespace }.map { Int($0) ?? -1 }
      case .flag(let letters, _): for letter in letters { take(letter) }
      case .name(let name), .text(let name): names.append(name)
      }
    }
  }

  private mutating func take(_ letter: Character) {
    switch letter {
    case "D": kind = .float64
    case "S": kind = .float32
    case "B", "W", "I", "L": kind = .integer
    case "T": kind = .text
    case "C": isComplex = true
    case "O", "R", "U": break
    default: strange.append("/\(letter)")
    }
  }

  /// Numbers a line holds for each wave; nil where the lengths contradict the format.
  var width: Int? {
    guard lengths.allSatisfy({ $0 >= 0 && $0 <= 1 << 40 }), lengths.count <= 4,
      lengths.count < 2 || names.count == 1
    else { return nil }
    return (lengths.count > 1 ? lengths[1] : 1) * (isComplex ? 2 : 1)
  }

  /// The lines that a block must have; nil where the heading does not say.
  var rows: Int? {
    guard let first = lengths.first else { return nil }
    var product = first
    for length in lengths.dropFirst(2) {
      let (value, overflow) = product.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      product = value
    }
    return product
  }
}

/// The numbers of one wave of a block.
struct IgorTextPoints: IgorPoints {
  let rows: Int
  let columns: Int
  let declaredColumns: Int
  let isCut: Bool
  private let isComplex: Bool
  private let series: [Series]
  private let origin: Origin
  private let storage: Column.Storage

  /// Numbers of one column and their missing cells.
  struct Series {
    var values: ColumnValues
    var missing: MissingMask
  }

  /// The wave whose numbers stand in `series`, one entry a number of a line.
  ///
  /// - Parameter lengths: the dimensions that the numbers really have, two or more, or none.
  init(
    _ series: [Series], lengths: [Int], isComplex: Bool, isCut: Bool, origin: Origin,
    storage: Column.Storage
  ) {
    self.isComplex = isComplex
    self.isCut = isCut
    self.origin = origin
    self.storage = storage
    self.series =
      lengths.count > 2 ? Self.rearranged(series, lengths, isComplex ? 2 : 1) : series
    rows = self.series.first?.values.count ?? 0
    columns = self.series.count / (isComplex ? 2 : 1)
    declaredColumns = columns
  }

  func column(
    _ position: Int, rows range: Range<Int>?, name: String, label: String, unit: ColumnUnit
  ) -> [Column] {
    let width = isComplex ? 2 : 1
    guard position >= 0, position < columns else { return [] }
    let range = (range ?? 0..<rows).clamped(to: 0..<rows)
    return (0..<width).map { part in
      let whole = series[position * width + part]
      var mask = MissingMask()
      if whole.missing.count > 0 {
        for row in range where whole.missing.contains(row) { mask.insert(row - range.lowerBound) }
      }
      return Column(
        name: name + (isComplex ? ["_real", "_imaginary"][part] : ""), label: label,
        values: Self.slice(whole.values, range), unit: unit, missing: mask, origin: origin,
        storage: storage)
    }
  }

  func allInOne(name: String, label: String, unit: ColumnUnit) -> [Column] {
    let width = isComplex ? 2 : 1
    return (0..<width).map { part in
      let joined = Self.joined(
        stride(from: part, to: series.count, by: width).map { (series[$0], 0..<rows) })
      return Column(
        name: name + (isComplex ? ["_real", "_imaginary"][part] : ""), label: label,
        values: joined.values, unit: unit, missing: joined.missing, origin: origin,
        storage: storage)
    }
  }

  /// The last dimension as columns: a line holds a row of one layer, layers follow one another.
  private static func rearranged(_ series: [Series], _ lengths: [Int], _ width: Int) -> [Series] {
    let first = lengths[0]
    let layers = lengths.dropFirst(2).dropLast().reduce(1, *)
    let last = lengths[lengths.count - 1]
    var result: [Series] = []
    for index in 0..<last {
      for part in 0..<width {
        var pieces: [(Series, Range<Int>)] = []
        for layer in 0..<layers {
          let start = (index * layers + layer) * first
          for column in stride(from: part, to: series.count, by: width) {
            pieces.append((series[column], start..<(start + first)))
          }
        }
        result.append(joined(pieces))
      }
    }
    return result
  }

  private static func joined(_ pieces: [(Series, Range<Int>)]) -> Series {
    var reals: [Double] = []
    var whole: [Int64] = []
    var mask = MissingMask()
    let isWhole = pieces.allSatisfy { if case .integer = $0.0.values { true } else { false } }
    for (series, range) in pieces {
      for row in range where series.missing.contains(row) {
        mask.insert((isWhole ? whole.count : reals.count) + row - range.lowerBound)
      }
      switch series.values {
      case .integer(let v):
        if isWhole {
          whole += v[range.clamped(to: v.indices)]
        } else {
          reals += v[range.clamped(to: v.indices)].map { Double($0) }
        }
      case .real(let v): reals += v[range.clamped(to: v.indices)]
      default: break
      }
    }
    return Series(values: isWhole ? .integer(whole) : .real(reals), missing: mask)
  }

  private static func slice(_ values: ColumnValues, _ range: Range<Int>) -> ColumnValues {
    switch values {
    case .real(let v): .real(range.count == v.count ? v : Array(v[range]))
    case .integer(let v): .integer(range.count == v.count ? v : Array(v[range]))
    case .text(let v): .text(Array(v[range]))
    default: values
    }
  }
}
