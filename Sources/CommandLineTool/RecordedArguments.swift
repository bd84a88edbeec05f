internal import ArgumentParser
internal import Foundation
internal import Interphase

/// The words of the command line that a result depends on, in an order that does not depend on how they
/// were typed: what `why --recompute` repeats.
enum RecordedArguments {
  /// Options that change what is printed or kept, but no result.
  static let withoutEffect: Set<String> = [
    "--json", "--quiet", "--verbose", "--output", "-o", "--jobs", "--resume", "--retry-failed",
    "--verify",
  ]

  /// The words: subcommands, options by name, then files, each sorted by their bytes.
  ///
  /// Only the command that was called is asked for its options: a description of all of them takes longer than many a
  /// run.
  ///
  /// - Parameters:
  ///   - words: the command line after the program's name.
  ///   - root: the program.
  static func sorted(_ words: [String], of root: any ParsableCommand.Type) -> [String] {
    var command = root
    var rest = words[...]
    while let word = rest.first, let sub = Self.subcommand(word, of: command) {
      command = sub
      rest = rest.dropFirst()
    }
    let path = Array(words[..<rest.startIndex])
    if path.isEmpty { return [] }
    // A default subcommand takes what has no name of its own.
    if let standard = command.configuration.defaultSubcommand { command = standard }
    guard let help = try? JSONText.parse(ByteView(utf8: command._dumpHelp()), area: "help")
    else { return [] }
    let valued = names(of: help["command"] ?? .null)
    var options: [[String]] = []
    var files: [String] = []
    while let word = rest.popFirst() {
      if word == "--" {
        files += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        files.append(word)
        continue
      }
      var option = [word]
      if let equals = word.firstIndex(of: "=") {
        option = [String(word[..<equals]), String(word[word.index(after: equals)...])]
      } else if valued.contains(word), let value = rest.popFirst() {
        option.append(value)
      }
      if !withoutEffect.contains(option[0]) { options.append(option) }
    }
    // Options that repeat keep their order.
    let order = options.enumerated().sorted { a, b in
      let (p, q) = (a.element[0], b.element[0])
      return p == q ? a.offset < b.offset : p.utf8.lexicographicallyPrecedes(q.utf8)
    }
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    // A value may start with a hyphen.
    let written = order.flatMap { option -> [String] in
      let words = option.element
      return words.count == 2 && words[0].hasPrefix("--") ? ["\(words[0])=\(words[1])"] : words
    }
    return path + written + files
  }

  private static func subcommand(
    _ word: String, of command: any ParsableCommand.Type
  ) -> (any ParsableCommand.Type)? {
    command.configuration.subcommands.first { $0._commandName == word }
  }

  /// The spellings of the options that take a value.
  private static func names(of command: ResultValue) -> Set<String> {
    guard case .list(let arguments)? = command["arguments"] else { return [] }
    var found: Set<String> = []
    for argument in arguments where argument["kind"]?.text == "option" {
      guard case .list(let names)? = argument["names"] else { continue }
      for name in names {
        let text = name["name"]?.text ?? ""
        found.insert(name["kind"]?.text == "short" ? "-\(text)" : "--\(text)")
      }
    }
    return found
  }

  /// Those of this run; empty where the parser's description cannot be read.
  static var current: [String] {
    sorted(Array(CommandLine.arguments.dropFirst()), of: InterphaseCommand.self)
  }
}

extension ResultDocument {
  /// The document with the words that made it, for `why --recompute`.
  var withArguments: ResultDocument {
    var document = self
    var provenance = ResultObject()
    if case .object(let known)? = fields["provenance"] { provenance = known }
    provenance["arguments"] = .list(RecordedArguments.current.map { .text($0) })
    document.fields["provenance"] = .object(provenance)
    return document
  }
}
