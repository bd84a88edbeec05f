internal import Bytes
internal import Reading
internal import Tables

/// Whose workbook a file is, by the names of its sheets.
enum WorkbookKind: Equatable {
  case arbin, land, neware, other

  init?(_ file: FileHead) {
    guard let names = file.sheetNames, !names.isEmpty else { return nil }
    self.init(names)
  }

  init(_ names: [String]) {
    let plain = Set(names.map { $0.lowercased() })
    let isLand =
      plain.isSuperset(of: ["record", "mode"]) || plain.isSuperset(of: ["record", "cycle", "mode"])
      || plain.contains("record-tab") || plain.contains("cycle-tab")
    if names.contains(where: { ArbinWorkbook.channel($0) != nil }) {
      self = .arbin
    } else if isLand {
      self = .land
    } else if plain.contains("record")
      && !plain.isDisjoint(with: ["unit", "test", "step", "cycle"])
      || plain.contains(where: { $0.hasPrefix("detail_") })
    {
      self = .neware
    } else {
      self = .other
    }
  }

  /// The score of a vendor's format.
  static func recognise(_ file: FileHead, as kind: WorkbookKind) -> Recognition {
    guard WorkbookKind(file) == kind else { return .none }
    let names = (file.sheetNames ?? []).prefix(4).joined(separator: ", ")
    return kind == .other
      ? Recognition(60, ["a workbook with the sheets \(names)"])
      : Recognition(95, ["a workbook", "sheets \(names)"])
  }
}
