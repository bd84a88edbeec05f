public import Reading
import Tables
import Bytes
import Output

/// One way in which text can be written without changing what it says.
public enum TextVariant: String, CaseIterable, Sendable {
  case unixLines, windowsLines, macLines, byteOrderMark, utf16Little, utf16Big, decimalComma

  /// Whether bytes are text: no NUL, no other control characters than tab and line ends.
  public static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 32 || $0 == 9 || $0 == 10 || $0 == 13 }
  }

  /// The text written this way; nil where that would change what it says.
  public func apply(_ bytes: [UInt8]) -> [UInt8]? {
    let text = String(validating: bytes, as: UTF8.self) ?? String(decodingLatin1: bytes)
    let isXML = text.hasPrefix("<?xml")
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
    switch self {
    case .unixLines: return Array(lines.joined(separator: "\n").utf8)
    case .windowsLines: return Array(lines.joined(separator: "\r\n").utf8)
    case .macLines: return Array(lines.joined(separator: "\r").utf8)
    case .byteOrderMark: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    // XML declares its encoding: another one would contradict it.
    case .utf16Little:
      return isXML
        ? nil : [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .utf16Big:
      return isXML
        ? nil : [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case .decimalComma: return Self.withDecimalComma(lines)
    }
  }

  /// The lines with `,` in the numbers of rows whose cells tabs or semicolons divide.
  private static func withDecimalComma(_ lines: [String]) -> [UInt8]? {
    var changed = false
    let result = lines.map { line in
      let cells = line.split { $0 == "\t" || $0 == ";" }
      guard cells.count > 1, !line.contains(","), cells.allSatisfy({ Double($0) != nil }) else {
        return line
      }
      changed = true
      return String(line.map { $0 == "." ? "," : $0 })
    }
    return changed ? Array(result.joined(separator: "\n").utf8) : nil
  }
}

extension String {
  fileprivate init(decodingLatin1 bytes: [UInt8]) {
    var scalars = String.UnicodeScalarView()
    for byte in bytes { scalars.append(Unicode.Scalar(byte)) }
    self = String(scalars)
  }
}

extension CheckFormat {
  /// A text sample written in every other way gives the same numbers, bit for bit.
  public static func textVariants(_ format: any FileFormat.Type, _ sample: Sample) -> [String] {
    guard TextVariant.isText(sample.bytes), let whole = numbers(format, sample.bytes, sample.name)
    else { return [] }
    var problems: [String] = []
    for variant in TextVariant.allCases {
      guard let bytes = variant.apply(sample.bytes) else { continue }
      let found = numbers(format, bytes, sample.name)
      if found != whole {
        problems.append(
          "\(sample.path) as \(variant.rawValue): "
            + (found == nil ? "not read" : "other numbers"))
      }
    }
    return problems
  }

  /// The bit patterns of all numbers, column by column.
  private static func numbers(
    _ format: any FileFormat.Type, _ bytes: [UInt8], _ name: String
  ) -> [[UInt64]]? {
    guard case .success(let dataset) = Reading.read(format, ByteView(bytes), name: name) else {
      return nil
    }
    return dataset.tables.flatMap { table in
      table.columns.compactMap { column in column.real.map { $0.map(\.bitPattern) } }
    }
  }

  /// What is written as CSV and read again has the same bits; a missing cell stays empty.
  public static func export(_ format: any FileFormat.Type, _ sample: Sample) -> [String] {
    guard
      case .success(let dataset) = Reading.read(
        format, ByteView(sample.bytes), name: sample.name)
    else { return ["\(sample.path): not read"] }
    var problems: [String] = []
    for table in dataset.tables where table.columns.allSatisfy({ $0.real != nil }) {
      let text = String(decoding: CSVWriter.bytes(table), as: UTF8.self)
      let lines = text.split(separator: "\n").dropFirst()
      let rows = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      if rows.count != table.rows {
        problems.append("\(sample.path) \(table.name): \(rows.count) of \(table.rows) rows")
        continue
      }
      for (position, column) in table.columns.enumerated() {
        let values = column.real ?? []
        let same = zip(rows, values).allSatisfy { row, value in
          guard position < row.count else { return false }
          let cell = row[position]
          return value.isFinite ? Double(cell)?.bitPattern == value.bitPattern : cell.isEmpty
        }
        if !same { problems.append("\(sample.path) \(table.name).\(column.name): other bits") }
      }
    }
    return problems
  }

  /// The columns have the statistics that `FILE.truth.json` gives, in the unit it gives.
  public static func truth(_ format: any FileFormat.Type, _ sample: Sample) throws -> [String] {
    let truth = try Truth.of(TestData.path(sample.path))
    guard
      case .success(let dataset) = Reading.read(
        format, ByteView(sample.bytes), name: sample.name)
    else { return ["\(sample.path): not read"] }
    var problems: [String] = []
    for expected in truth["columns"]?.elements ?? [] {
      let name = expected["name"]?.text ?? ""
      let columns = dataset.tables.flatMap(\.columns) + dataset.grids.flatMap(\.channels)
      let found = columns.first { $0.label == name || $0.name == name }
      guard let column = found, let statistics = column.statistics else {
        problems.append("\(sample.path): no column \(name)")
        continue
      }
      let unit = expected["unit"]?.text ?? ""
      let factor = scale(unit, to: column.unit.ucum)
      for (key, value) in [
        ("first", statistics.first), ("last", statistics.last), ("min", statistics.min),
        ("max", statistics.max), ("mean", statistics.mean),
      ] {
        let wanted = expected[key]?.finiteNumber.map { $0 * factor }
        let size = max(abs(statistics.max ?? 0), abs(statistics.min ?? 0))
        if Truth.difference(value, wanted, scale: size) > 1e-12 {
          problems.append(
            "\(sample.path) \(name) \(key): \(value ?? .nan), expected \(wanted ?? .nan)")
        }
      }
      if Double(statistics.count) != expected["n"]?.finiteNumber {
        problems.append("\(sample.path) \(name): \(statistics.count) values")
      }
    }
    return problems
  }

  /// The factor between a unit of a truth file and that of a column.
  private static func scale(_ from: String, to: String) -> Double {
    switch (from, to) {
    case ("mA", "A"): 1e-3
    case ("nm", "m"), ("nN", "N"): 1e-9
    case ("uN", "N"): 1e-6
    default: 1
    }
  }
}
