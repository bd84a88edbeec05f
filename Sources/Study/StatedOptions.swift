internal import FormatRegistry
internal import Reading
public import Tables
internal import Units

extension StudyReader {
  /// Writes into the overrides of an input what the options of the command line and of the study say of it, as far as
  /// nothing said of this input alone counts more.
  func recordStatements(in reading: inout InputReading) {
    guard let technique = selection.technique ?? reading.technique,
      let stated = stated[technique], case .success(var dataset) = reading.outcome
    else { return }
    for said in Self.lasting(stated) {
      let name = AnalysisSettings.optionName(said.key)
      guard AnalysisSettings.isStatement(name, of: technique),
        !dataset.overrides.contains(where: {
          $0.kind == .setting
            && AnalysisSettings.areSame(AnalysisSettings.optionName($0.key), name)
        })
      else { continue }
      let setting = AnalysisSettings.setting(of: name)
      let old = dataset.settings.first { $0.name == setting }
      dataset.overrides.append(
        InputOverride(
          .setting, key: String(name.map { $0 == "-" ? "_" : $0 }), value: said.text,
          source: said.source, replaced: old.map { "\($0.value) \($0.unit.ucum)" }))
    }
    reading.outcome = .success(dataset)
  }

  /// The statements that count, of one thing the last; sorted, since the order of options says nothing.
  private static func lasting(_ stated: [InputStatement]) -> [InputStatement] {
    stated.enumerated().filter { place, said in
      let name = AnalysisSettings.optionName(said.key)
      return !stated[(place + 1)...].contains {
        AnalysisSettings.areSame(AnalysisSettings.optionName($0.key), name)
      }
    }.map(\.element).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// Takes the options over that a command line names, from its words.
  ///
  /// - Parameters:
  ///   - words: the command line after the program's name.
  ///   - technique: what the command analyzes.
  public mutating func take(commandLine words: [String], of technique: Technique) {
    var found: [InputStatement] = []
    for (place, word) in words.enumerated() where word.hasPrefix("--") {
      if word == "--" { break }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1)
      guard let name = parts.first.map(String.init),
        AnalysisSettings.isStatement(name, of: technique)
      else { continue }
      let text: String
      if parts.count == 2 {
        text = String(parts[1])
      } else if AnalysisSettings.isFlag(name) {
        text = "true"
      } else if place + 1 < words.count {
        text = words[place + 1]
      } else {
        continue
      }
      found.append(InputStatement(key: name, text: text, source: "--\(name)"))
    }
    stated[technique] = found
  }
}

extension StudySettings {
  /// What the study's options say of the inputs of each technique.
  var stated: [Technique: [InputStatement]] {
    let all: [(Technique, [Setting])] = [
      (.afm, force), (.cycling, cycling), (.xas, absorption), (.rbs, backscattering),
    ]
    var result: [Technique: [InputStatement]] = [:]
    for (technique, settings) in all {
      result[technique] = settings.map {
        InputStatement(key: $0.key, text: $0.text, source: $0.source)
      }
    }
    return result
  }
}
