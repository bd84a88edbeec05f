internal import Bytes
internal import Configuration
public import FormatRegistry
internal import Reading
public import Tables
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
    let units = try list(values.tree("units"), file)
    said.units = units.map { $0.said }
    for (unit, place) in units where (try? PhysicalUnit(ucum: unit.text)) == nil {
      throw ReadFailure(
        "unit.unknown", at: place, found: "units: '\(unit.text)' for \(unit.key)",
        expected: AnalysisSettings.unitHint(unit.text).map { "did you mean '\($0)'?" }
          ?? "expected a UCUM unit such as nm, N/m or mA/cm2")
    }
    let settings = try list(values.tree("settings"), file)
    said.settings = settings.map { $0.said }
    for (setting, place) in settings {
      do throws(ReadFailure) {
        try AnalysisSettings.check(setting.key, setting.text, isOfOneInput: true)
      } catch {
        throw ReadFailure(
          error.diagnostic.code, at: place, found: "settings: \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
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
  ) throws(ReadFailure) -> [(said: InputStatement, place: Place)] {
    guard let node, !node.isEmpty else { return [] }
    guard let entries = node.entries else {
      throw ReadFailure(
        "config.type", at: node.place, found: "no mapping", expected: "keys with their values")
    }
    var result: [(said: InputStatement, place: Place)] = []
    for entry in entries {
      guard let text = entry.value.text else {
        throw ReadFailure(
          "config.type", at: entry.value.place, found: "no single value under `\(entry.key)`",
          expected: "one value")
      }
      let place = entry.value.place
      result.append(
        (InputStatement(key: entry.key, text: text, source: source(place, file)), place))
    }
    return result
  }

  /// What stands beside a file; nothing where there is no sidecar.
  ///
  /// - Throws: what is wrong with the sidecar, its name before it.
  static func beside(_ input: BatchInput) throws(ReadFailure) -> InputStatements {
    guard input.path != "-", input.member == nil else { return InputStatements() }
    let file = (input.path.split(separator: "/").last.map(String.init) ?? "") + ".meta.yaml"
    do throws(ReadFailure) {
      return try read(beside: input, file: file)
    } catch {
      let said = error.diagnostic
      throw ReadFailure(
        said.code, at: said.place, found: "\(file): \(said.found)", expected: said.expected)
    }
  }

  private static func read(
    beside input: BatchInput, file: String
  ) throws(ReadFailure) -> InputStatements {
    let bytes: ByteView
    do {
      bytes = try FileSource.open(pathBytes: input.pathBytes + Array(".meta.yaml".utf8))
    } catch {
      // Only a file that is there can say anything.
      if ["io.missing", "io.name-too-long"].contains(error.diagnostic.code) {
        return InputStatements()
      }
      throw error
    }
    let text = bytes.withBytes { String(decoding: $0, as: UTF8.self) }
    return try statements(try schema.read(text).base, file: file)
  }

  /// Reads the sidecars of a batch before anything else is done.
  ///
  /// - Throws: what is wrong with the first that does not fit.
  static func check(_ inputs: [BatchInput]) throws(SidecarFailure) {
    for input in inputs where input.path != "-" && input.member == nil {
      do throws(ReadFailure) {
        _ = try read(beside: input, file: "")
      } catch {
        // What is wrong with the folder is the input's own failure; a link to nothing is wrong by itself.
        guard stands(beside: input) || isLinkToNothing(error, beside: input) else { continue }
        throw SidecarFailure(path: input.path + ".meta.yaml", diagnostic: error.diagnostic)
      }
    }
  }

  private static func isLinkToNothing(_ failure: ReadFailure, beside input: BatchInput) -> Bool {
    ["io.dangling-link", "io.link-loop"].contains(failure.diagnostic.code)
      && FileSource.modified(pathBytes: input.pathBytes) != nil
  }

  /// Whether an input has a sidecar, so that more than the input itself decides what is read of it.
  static func stands(beside input: BatchInput) -> Bool {
    input.path != "-" && input.member == nil
      && FileSource.modified(pathBytes: input.pathBytes + Array(".meta.yaml".utf8)) != nil
  }
}

/// A file of the user beside an input says something that cannot be; a usage error, like a wrong flag.
public struct SidecarFailure: Error {
  /// The path of the file.
  public var path: String
  /// What is wrong, and where.
  public var diagnostic: Diagnostic
}

extension InputList {
  /// The files of the arguments, whose sidecars were found to be right.
  ///
  /// - Throws: as ``expand(_:reader:)``; ``SidecarFailure`` where a sidecar does not fit.
  public static func checked(
    _ arguments: [String], reader: InputReader = InputReader()
  ) throws -> [BatchInput] {
    let inputs = try expand(arguments, reader: reader)
    try Sidecar.check(inputs)
    return inputs
  }
}

extension BatchInput {
  /// A reader with everything that is said about this input: flags before its sidecar before the study.
  ///
  /// - Parameters:
  ///   - reader: the reader of the batch.
  ///   - given: long names of options of the command line, which count in place of what is said of single inputs.
  func reader(
    _ reader: InputReader, beating given: Set<String> = []
  ) throws(ReadFailure) -> InputReader {
    var said = reader.options.said
    said.fill(from: try Sidecar.beside(self))
    if let study = reader.options.saidByPattern.first(where: {
      PathPattern.matches($0.pattern, shown)
    }) {
      said.fill(from: study.said)
    }
    said.settings.removeAll {
      !$0.source.hasPrefix("--") && AnalysisSettings.isBeaten($0.key, by: given)
    }
    if said == reader.options.said { return reader }
    var own = reader
    try own.options.take(said)
    return own
  }
}
