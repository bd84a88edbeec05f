import Bytes
import Tables

/// The three kinds of numbers that instruments write.
enum TextKind: String {
  /// `12.345678`
  case fixed
  /// `1.2345678E-04`
  case scientific
  /// Shortest text of random numbers, 15 to 17 digits.
  case digits

  /// A tab-separated table of eight columns with a header line.
  static func generate(_ kind: TextKind, rows: Int) -> [UInt8] {
    var state: UInt64 = 1
    func random() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    func padded(_ n: UInt64, _ width: Int) -> String {
      let text = "\(n)"
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    var bytes = Array((1...8).map { "column \($0)" }.joined(separator: "\t").utf8)
    bytes.append(0x0A)
    bytes.reserveCapacity(rows * 140)
    for _ in 0..<rows {
      for column in 0..<8 {
        let r = random()
        let cell: String
        switch kind {
        case .fixed:
          cell = "\(r % 3 == 0 ? "-" : "")\((r >> 8) % 100).\(padded((r >> 20) % 1_000_000, 6))"
        case .scientific:
          let exponent = padded((r >> 50) % 12, 2)
          cell =
            "\(r % 3 == 0 ? "-" : "")\(1 + (r >> 8) % 9).\(padded((r >> 16) % 10_000_000, 7))"
            + "E\(r % 5 < 3 ? "-" : "+")\(exponent)"
        case .digits: cell = "\(Double(r >> 11) * 0x1p-53 * 10)"
        }
        bytes.append(contentsOf: cell.utf8)
        bytes.append(column == 7 ? 0x0A : 0x09)
      }
    }
    return bytes
  }
}

/// What reading gave, to be compared with the peers.
struct TextReading {
  var bytes: Int
  var rows = 0
  var lastCell = 0.0
}

/// Reads a table into columns, as every text format does: decode, find the layout, fill columns.
func readTable(_ path: String) throws -> TextReading {
  let bytes = try FileSource.open(path: path)
  var diagnostics = DiagnosticList()
  let text = try DecodedText.decode(bytes, into: &diagnostics)
  var reading = TextReading(bytes: bytes.count)
  guard let layout = try TableLayout.detect(text.utf8) else { return reading }
  let table = try NumericTable.parse(
    text, from: layout.dataStart, line: layout.dataLine, dialect: layout.dialect,
    columns: layout.kinds.map { .init($0, label: "") }, into: &diagnostics)
  reading.rows = table.rows
  if case .real(let values)? = table.values.last { reading.lastCell = values.last ?? 0 }
  return reading
}

/// Times ``readTable(_:)``.
func measureText(_ path: String, repeats: Int) {
  do {
    let (seconds, reading) = try best(of: repeats) { try readTable(path) }
    print("interphase\t\(seconds)\t\(reading.bytes)\t\(reading.rows)\t\(reading.lastCell)")
  } catch {
    print("interphase\tfailed\t\(error)")
  }
}
