internal import Bytes
internal import Configuration
internal import FormatRegistry
internal import Reading
internal import Tables
internal import Units

/// What the user says about inputs in files: `FILE.meta.yaml` beside FILE, and `inputs` of a study.
enum Sidecar {
  /// The keys of a sidecar, and of one pattern of a study.
  static let schema = ConfigSchema(
    title: "an input",
    keys: [
      .tree("units", example: "{Defl: nm}", "units of columns that the file gives none for"),
      .tree(
        "settings", example: "{spring_constant: 35 ± 1.8 N/m}",
        "settings of the instrument, each with its unit"),
      .text(
        "time_zone", default: nil, example: "Europe/Berlin", "zone of clock times without one"),
      .choice(
        "join", of: JoinRule.allCases.map(\.rawValue), default: nil,
        "how segments of elapsed time are joined"),
    ])

  /// The statements of one mapping that follows the schema.
  static func statements(
    _ values: ConfigValues, file: String
  ) throws(ReadFailure) -> InputStatements {
    var said = InputStatements()
    said.units = try list(values.tree("units"), file)
    for unit in said.units where (try? PhysicalUnit(ucum: unit.text)) == nil {
      throw values.failure(
        "units", "unit.unknown", found: "'\(unit.text)' for \(unit.key)",
        expected: "expected a UCUM unit such as nm, N/m or mA/cm2")
    }
    said.settings = try list(values.tree("settings"), file)
    for setting in said.settings {
      do throws(UnitError) {
        let text = try QuantityText.parse(setting.text, dimension: nil)
        guard text.hasUnit else { throw .noUnit(text: setting.text, expected: .one) }
      } catch {
        throw values.failure(
          "settings", error.code, found: "\(setting.key): \(error.found)",
          expected: "expected a number with its unit, such as 35 ± 1.8 N/m")
      }
    }
    func one(_ key: String) -> InputStatement? {
      values.optionalText(key).map {
        InputStatement(key: key, text: $0, source: source(values.place(key), file))
      }
    }
    said.timeZone = one("time_zone")
    if let zone = said.timeZone {
      do throws(ReadFailure) {
        _ = try TimeZoneRules(named: zone.text)
      } catch {
        throw values.failure(
          "time_zone", error.diagnostic.code, found: error.diagnostic.found,
          expected: error.diagnostic.expected)
      }
    }
    said.join = one("join")
    return said
  }

  private static func source(_ place: Place, _ file: String) -> String {
    place == .whole ? file : "\(file) \(place)"
  }

  private static func list(
    _ node: ConfigNode?, _ file: String
  ) throws(ReadFailure) -> [InputStatement] {
    guard let node, !node.isEmpty else { return [] }
    guard let entries = node.entries else {
      throw ReadFailure(
        "config.type", at: node.place, found: "no mapping", expected: "keys with their values")
    }
    var result: [InputStatement] = []
    for entry in entries {
      guard let text = entry.value.text else {
        throw ReadFailure(
          "config.type", at: entry.value.place, found: "no single value under `\(entry.key)`",
          expected: "one value")
      }
      result.append(
        InputStatement(key: entry.key, text: text, source: source(entry.value.place, file)))
    }
    return result
  }

  /// What stands beside a file; nothing where there is no sidecar.
  ///
  /// - Throws: what is wrong with the sidecar, its name before it.
  static func beside(_ input: BatchInput) throws(ReadFailure) -> InputStatements {
    guard input.path != "-", input.member == nil else { return InputStatements() }
    let ending = Array(".meta.yaml".utf8)
    let file = (input.path.split(separator: "/").last.map(String.init) ?? "") + ".meta.yaml"
    let bytes: ByteView
    do {
      bytes = try FileSource.open(pathBytes: input.pathBytes + ending)
    } catch {
      // Only a file that is there can say anything.
      if ["io.missing", "io.name-too-long"].contains(error.diagnostic.code) {
        return InputStatements()
      }
      throw named(file, error)
    }
    do throws(ReadFailure) {
      let text = bytes.withBytes { String(decoding: $0, as: UTF8.self) }
      return try statements(try schema.read(text).base, file: file)
    } catch {
      throw named(file, error)
    }
  }

  /// Whether an input has a sidecar, so that more than the input itself decides what is read of it.
  static func stands(beside input: BatchInput) -> Bool {
    input.path != "-" && input.member == nil
      && FileSource.modified(pathBytes: input.pathBytes + Array(".meta.yaml".utf8)) != nil
  }

  private static func named(_ file: String, _ failure: ReadFailure) -> ReadFailure {
    let said = failure.diagnostic
    return ReadFailure(
      said.code, at: said.place, found: "\(file): \(said.found)", expected: said.expected)
  }
}

extension BatchInput {
  /// A reader with everything that is said about this input: flags before its sidecar before the study.
  func reader(_ reader: InputReader) throws(ReadFailure) -> InputReader {
    var said = reader.options.said
    said.fill(from: try Sidecar.beside(self))
    if let study = reader.options.saidByPattern.first(where: {
      PathPattern.matches($0.pattern, shown)
    }) {
      said.fill(from: study.said)
    }
    if said == reader.options.said { return reader }
    var own = reader
    try own.options.take(said)
    return own
  }
}
