public import Bytes
public import Reading
public import Tables
internal import Units

/// The binary files of SSRL's EXAFS Data Collector (docs/formats/ssrl-binary.md).
public enum SSRLBinary: FileFormat {
  /// The id.
  public static let id = "ssrl-binary"
  /// One line for people.
  public static let title = "SSRL EXAFS Data Collector, binary"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions: the number of the scan.
  public static let extensions = ["001", "002", "003"]
  /// How it is recognised.
  public static let recognisedBy = "SSRL - EXAFS Data Collector in the first 40 bytes, and NULs"

  private static let mark = Array("SSRL".utf8)

  /// Looks for the collector's name in the first field.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.starts(with: mark), let version = version(file.head) else { return .none }
    guard file.head.prefix(800).withBytes({ $0.contains(0) }) else { return .none }
    return Recognition(100, ["bytes 0…39 are `SSRL - EXAFS Data Collector \(version)`, then NULs"])
  }

  /// The text behind `Data Collector` in the first field.
  private static func version(_ head: ByteView) -> String? {
    let words = PhotonFactoryText.words(field(head.prefix(40)))
    guard let name = words.firstIndex(of: "Collector"), name + 1 < words.count,
      words.contains(where: { $0.hasSuffix("EXAFS") })
    else { return nil }
    return words[name + 1]
  }

  /// A field of text: blanks, line ends and NULs at its end are left out.
  private static func field(_ bytes: ByteView) -> String {
    let text = bytes.latin1().unicodeScalars.map { $0.value < 32 ? " " : Character($0) }
    return ScanHeader.trimmedEnd(String(text))
  }

  /// The lengths of the fields of text at the start.
  private static let fields = [40, 40, 40, 40, 40, 80, 40, 80, 80, 80, 80, 80, 80]
  private static let fieldNames = [
    "collector", "date", "counts", "detectors", "regions", "beamline", "settings", "comment_1",
    "comment_2", "comment_3", "comment_4", "comment_5", "comment_6",
  ]

  /// Reads fields of text, offsets, weights, labels and rows.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    var cursor = ByteCursor(bytes, area: "ssrl-binary")
    var dataset = Dataset(format: id, technique: technique, tables: [])
    var texts: [String] = []
    for (length, name) in zip(fields, fieldNames) {
      let start = cursor.offset
      texts.append(field(try cursor.slice(length, "field \(name)")))
      dataset.metadata.append(name, texts.last ?? "")
      dataset.settingOrigins[name] = Origin(bytes: [start..<(start + length)])
    }
    let form = try NumberForm(version(bytes), texts[0])
    guard let counts = SSRLColumns.counts(texts[2]) else {
      throw ReadFailure(
        "ssrl-binary.counts", at: .byte(80), found: "`\(texts[2].prefix(40))`",
        expected: "expected `PTS: n COLS: m`")
    }
    guard counts.columns <= options.limits.columns else {
      throw ReadFailure(
        "ssrl-binary.counts", at: .byte(80), found: "\(counts.columns) columns",
        expected: "expected at most \(options.limits.columns)")
    }
    let offsets = form.numbers(try cursor.slice(4 * counts.columns, "offsets"))
    let weights = form.numbers(try cursor.slice(4 * counts.columns, "weights"))
    var labels: [String] = []
    for i in 0..<counts.columns {
      labels.append(field(try cursor.slice(20, "label \(i + 1)")))
    }
    try cursor.skip(16, "head of the rows")
    let rows = try rows(&cursor, counts, form, into: &diagnostics)
    var columns = labels.enumerated().map { i, label in
      let role = SSRLColumns.role(label)
      return Column(
        name: role.name, label: label, values: .real(rows.values[i]), unit: role.unit,
        origin: Origin(bytes: [rows.bytes], steps: ["number \(i + 1) of its row, \(form.words)"]),
        storage: .float32)
    }
    let rowSize = 4 * counts.columns
    EnergyAxis.complete(
      &columns, spacing: nil, place: { .byte(rows.bytes.lowerBound + $0 * rowSize) },
      into: &diagnostics)
    dataset.tables = [
      Table(name: "scan", columns: columns, indexColumns: EnergyAxis.index(of: columns))
    ]
    for (key, numbers) in [("offsets", offsets), ("weights", weights)] {
      let words = numbers.map { $0.isFinite ? "\(Float($0))" : "none" }
      dataset.metadata.append(key, words.joined(separator: " "))
    }
    dataset.diagnostics = diagnostics.all
    dataset.complete = rows.count == counts.points
    return dataset
  }

  private static func rows(
    _ cursor: inout ByteCursor, _ counts: (points: Int, columns: Int), _ form: NumberForm,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> (values: [[Double]], count: Int, bytes: Range<Int>) {
    let start = cursor.offset
    let size = 4 * counts.columns
    let whole = cursor.remaining / size
    let count = min(counts.points, whole)
    guard count > 0 else {
      throw ReadFailure(
        "ssrl-binary.no-data", at: .byte(start),
        found: "\(counts.points) rows told, \(cursor.remaining) bytes left",
        expected: "expected rows of \(size) bytes")
    }
    if whole < counts.points {
      diagnostics.warn(
        "ssrl-binary.truncated", at: .byte(80),
        found: "the header tells of \(counts.points) rows of \(size) bytes, \(whole) are whole",
        expected: "expected \(counts.points); the whole ones are given")
    }
    let bytes = try cursor.slice(count * size, "rows")
    let rest = cursor.remaining
    // Collector 1.x fills the last block of 512 bytes.
    if whole >= counts.points, rest > (form == .vax ? 511 : 0) {
      diagnostics.warn(
        "ssrl-binary.trailing", at: cursor.place,
        found: "\(rest) bytes behind the \(counts.points) rows that the header tells of",
        expected: "expected the end of the file; the count of rows or columns may be wrong")
    }
    let numbers = form.numbers(bytes)
    let values = (0..<counts.columns).map { column in
      stride(from: column, to: numbers.count, by: counts.columns).map { numbers[$0] }
    }
    return (values, count, start..<(start + count * size))
  }
}

/// How the collector stores numbers: VAX F up to version 1, IEEE from version 2 on.
private enum NumberForm {
  case vax, ieee

  init(_ version: String?, _ field: String) throws(ReadFailure) {
    switch version?.prefix(while: { $0 != "." }) {
    case "1": self = .vax
    case "2": self = .ieee
    default:
      throw ReadFailure(
        "ssrl-binary.version", at: .byte(0), found: "`\(field.prefix(40))`",
        expected: "expected version 1.x (VAX numbers) or 2.x (IEEE numbers)")
    }
  }

  var words: String { self == .vax ? "VAX F floating" : "Float32 little-endian" }

  func numbers(_ bytes: ByteView) -> [Double] {
    let count = bytes.count / 4
    switch self {
    case .ieee:
      return bytes.reals(Float.self, count: count, order: .little) ?? []
    case .vax:
      let words = bytes.integers(.uint32, count: count, order: .little) ?? []
      return words.map { VAXFloat.double(UInt32(truncatingIfNeeded: $0)) }
    }
  }
}

/// Numbers in the F floating format of the VAX (VAX Architecture Reference Manual, chapter 2).
enum VAXFloat {
  /// The value of four bytes read as a little-endian word; NaN for a reserved operand.
  ///
  /// The two 16-bit halves stand in swapped order: sign, eight bits of exponent with bias 128, 23 bits
  /// of fraction behind a hidden one that counts 1/2.
  static func double(_ word: UInt32) -> Double {
    let bits = word << 16 | word >> 16
    let exponent = Int(bits >> 23 & 0xFF)
    let isNegative = bits >> 31 == 1
    if exponent == 0 { return isNegative ? .nan : 0 }
    let significand = Double(bits & 0x7F_FFFF | 0x80_0000)
    return Double(
      sign: isNegative ? .minus : .plus, exponent: exponent - 128 - 24, significand: significand)
  }
}
