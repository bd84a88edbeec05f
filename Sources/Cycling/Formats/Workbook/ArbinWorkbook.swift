public import Bytes
public import Reading
public import Tables

/// Workbooks that Arbin's Data Pro exports: `Global_Info` and the sheets of one or more channels.
public enum ArbinWorkbook: FileFormat {
  /// `arbin-xlsx`.
  public static let id = "arbin-xlsx"
  /// One line for people.
  public static let title = "Arbin workbook (.xlsx)"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions.
  public static let extensions = ["xlsx"]
  /// How it is recognised.
  public static let recognisedBy = "sheets Channel_N_k"

  /// 95 for a workbook with a sheet of a channel.
  public static func recognise(_ file: FileHead) -> Recognition {
    WorkbookKind.recognise(file, as: .arbin)
  }

  /// The channel that a sheet `Channel_11_2`, `Channel-1_2` or `Channel_1-008_2` belongs to, and which
  /// part of its records it holds; nil for any other sheet.
  static func channel(_ name: String) -> (key: String, part: Int)? {
    let lower = name.lowercased()
    guard lower.hasPrefix("channel_") || lower.hasPrefix("channel-"),
      let line = name.lastIndex(where: { $0 == "_" }),
      let part = Int(name[name.index(after: line)...]), part >= 0
    else { return nil }
    let key = String(name[..<line])
    // `Channel_11`: a channel in one part.
    if key.count == "channel".count { return (name, 1) }
    return key.contains(where: \.isNumber) ? (key, part) : nil
  }

  /// Reads one table a channel, then the statistics.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let book = try SpreadsheetWorkbook(bytes, limits: options.limits.expansion)
    var reader = WorkbookTables(book, options)
    var keys: [String] = []
    var parts: [String: [(part: Int, sheet: SpreadsheetWorkbook.Sheet)]] = [:]
    for sheet in book.sheets {
      guard let channel = channel(sheet.name) else { continue }
      if parts[channel.key] == nil { keys.append(channel.key) }
      parts[channel.key, default: []].append((channel.part, sheet))
    }
    var tables: [Table] = []
    var read: Set<String> = []
    for key in keys {
      let sheets = (parts[key] ?? []).sorted { ($0.part, $0.sheet.name) < ($1.part, $1.sheet.name) }
        .map(\.sheet)
      var start = 0
      while start < sheets.count {
        guard let heading = try reader.heading(sheets[start], vendor: ArbinLabels.vendor) else {
          start += 1
          continue
        }
        // Parts with the same labels are one table; others stand for themselves.
        var end = start + 1
        while end < sheets.count,
          try reader.heading(sheets[end], vendor: ArbinLabels.vendor) == heading
        {
          end += 1
        }
        let group = Array(sheets[start..<end])
        let table = try reader.table(
          group, named: group.count == 1 ? group[0].name : key, heading: heading,
          vendor: ArbinLabels.vendor, ownUnits: ArbinLabels.ownUnits)
        if let table { tables.append(table) }
        read.formUnion(group.map(\.name))
        start = end
      }
    }
    guard tables.contains(where: { $0["voltage"] != nil || $0["current"] != nil }) else {
      throw ReadFailure(
        "arbin.no-data", found: "no record in the sheets \(book.sheets.map(\.name))",
        expected: "expected rows of Test_Time, Voltage and Current in a sheet Channel_N_k")
    }
    tables += try reader.others(
      except: read, vendor: ArbinLabels.vendor, ownUnits: ArbinLabels.ownUnits)
    return reader.dataset(id, tables)
  }
}
