internal import Bytes
public import Tables

/// One thing that the user says about an input: the key, the text and where it was said.
public struct InputStatement: Hashable, Sendable {
  /// The column, setting or rule.
  public var key: String
  /// The unit, quantity, zone or rule as written.
  public var text: String
  /// Where: `--unit`, `--set`, `FILE.meta.yaml line 3`, `study.yaml line 7`.
  public var source: String

  /// A statement from its parts.
  public init(key: String, text: String, source: String) {
    self.key = key
    self.text = text
    self.source = source
  }
}

/// Everything that the user says about an input, from flags, its sidecar file and the study.
public struct InputStatements: Hashable, Sendable {
  /// Units by column (`--unit COLUMN=UNIT`).
  public var units: [InputStatement] = []
  /// Settings of the instrument by name (`--set KEY=QUANTITY`).
  public var settings: [InputStatement] = []
  /// The zone of clock times without one (`--time-zone NAME`).
  public var timeZone: InputStatement?
  /// How segments of elapsed time are joined (`--join RULE`).
  public var join: InputStatement?

  /// Nothing said.
  public init() {}

  /// Whether nothing is said.
  public var isEmpty: Bool {
    units.isEmpty && settings.isEmpty && timeZone == nil && join == nil
  }

  /// Takes over what a weaker source says of things that nothing is said of here.
  public mutating func fill(from weaker: InputStatements) {
    let columns = Set(units.map(\.key))
    units += weaker.units.filter { !columns.contains($0.key) }
    let names = Set(settings.map(\.key))
    settings += weaker.settings.filter { !names.contains($0.key) }
    timeZone = timeZone ?? weaker.timeZone
    join = join ?? weaker.join
  }
}

/// How the segments of a series whose elapsed time restarts become one.
public enum JoinRule: String, Hashable, Sendable, CaseIterable {
  /// Each segment follows the one before at its last time.
  case endToEnd = "end-to-end"
  /// Each segment starts where the clock of the file says.
  case clock
}

extension ReadOptions {
  /// Takes statements over, so that readers see units and zone.
  ///
  /// - Throws: `time.zone-unknown` where a zone is not in the database.
  public mutating func take(_ said: InputStatements) throws(ReadFailure) {
    self.said = said
    for unit in said.units { units[unit.key] = unit.text }
    guard let zone = said.timeZone else { return }
    timeZone = try TimeZoneRules(named: zone.text)
  }
}
