internal import Foundation
internal import Interphase
internal import Synchronization

/// A result that is made anew from the files, with the recorded options, and compared with the record.
struct Recomputation {
  /// How the comparison ended.
  enum Outcome {
    /// The same value, bit by bit.
    case same
    /// Another one.
    case differs(now: ResultValue)
    /// There is nothing to compare with, and why.
    case impossible(String)
  }

  /// How it ended.
  let outcome: Outcome
  /// What else is another one now: version, options, inputs.
  let changes: [RunComparison.Change]

  /// Repeats the run of a document.
  ///
  /// - Parameters:
  ///   - place: the number.
  ///   - value: the number as recorded.
  ///   - document: the record.
  ///   - root: the folder to read in place of the recorded one; nil for that one.
  init(of place: ResultPath, value: ResultValue, in document: ResultValue, root: String?) {
    let own = place.steps.first
    guard own == .key("summary") || own == .key("inputs") else {
      self.init(.impossible("it is no result, but a fact or an option of the run"))
      return
    }
    guard case .list(let list)? = document["provenance"]?["arguments"], !list.isEmpty else {
      self.init(.impossible("the document does not name the arguments of its run"))
      return
    }
    var words = list.compactMap { $0.text }
    if let root, let recorded = document["provenance"]?["root"]?.text,
      let n = words.lastIndex(of: recorded)
    {
      words[n] = root
    }
    if words.contains("-") {
      self.init(.impossible("it was read from standard input"))
      return
    }
    let again: ResultValue
    switch Self.run(words) {
    case .success(let document): again = document
    case .failure(let failure):
      self.init(.impossible(failure.reason))
      return
    }
    let comparison = RunComparison(document, again)
    let changes = comparison.program + comparison.options + comparison.inputs
    guard let now = Self.value(at: place, of: document, in: again) else {
      self.init(.impossible("the run does not give it any more"), changes)
      return
    }
    self.init(Self.plain(now) == Self.plain(value) ? .same : .differs(now: now), changes)
  }

  private init(_ outcome: Outcome, _ changes: [RunComparison.Change] = []) {
    self.outcome = outcome
    self.changes = changes
  }

  private struct Failure: Error {
    var reason: String
  }

  /// The document that this program makes with the arguments.
  private static func run(_ words: [String]) -> Result<ResultValue, Failure> {
    guard let program = Bundle.main.executableURL else {
      return .failure(Failure(reason: "the program does not find itself"))
    }
    let process = Process()
    process.executableURL = program
    process.arguments = words + ["--json", "--quiet"]
    let out = Pipe()
    let err = Pipe()
    process.standardOutput = out
    process.standardError = err
    do { try process.run() } catch {
      return .failure(Failure(reason: "the program cannot be started again"))
    }
    // Two pipes are read at once, since either may fill up.
    let said = DispatchQueue(label: "interphase.recompute")
    let lines = Lines()
    let errors = err.fileHandleForReading
    said.async {
      let text = String(decoding: errors.readDataToEndOfFile(), as: UTF8.self)
      lines.text.withLock { $0 = text }
    }
    let data = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    said.sync {}
    guard process.terminationReason == .exit, [0, 1].contains(process.terminationStatus),
      let document = try? JSONText.parse(ByteView(Array(data)), area: "results")
    else {
      let first =
        lines.text.withLock { $0 }.split(separator: "\n").first.map(String.init)
        ?? "it printed nothing"
      return .failure(Failure(reason: "the run does not end well: \(first)"))
    }
    return .success(document)
  }

  private final class Lines: Sendable {
    let text = Mutex("")
  }

  /// What stands at a place; inputs are found by their path, since others may have come.
  private static func value(
    at place: ResultPath, of old: ResultValue, in new: ResultValue
  ) -> ResultValue? {
    var steps = place.steps
    if steps.first == .key("inputs"), steps.count > 1, case .position(let n) = steps[1] {
      let name = old["inputs"]?[n]?["file"]
      guard case .list(let inputs)? = new["inputs"],
        let found = inputs.firstIndex(where: { $0["file"] == name })
      else { return nil }
      steps[1] = .position(found)
    }
    return new.atPointer(ResultPath(steps).pointer)?.value
  }

  /// A value without the id of its step, which counts the inputs before its own.
  private static func plain(_ value: ResultValue) -> ResultValue {
    guard case .object(var object) = value else { return value }
    object["trace"] = nil
    return .object(object)
  }

  /// One line or more for people.
  func text(recorded: ResultValue) -> String {
    var lines = changes.prefix(20).map {
      "  \($0.key): \($0.before ?? "not there") → \($0.after ?? "not there")"
    }
    switch outcome {
    case .same: lines.insert("recomputed: the same", at: 0)
    case .differs(let now):
      var line = "recomputed: \(TraceChain.words(now))"
      if let (difference, inU) = Self.difference(recorded, now) {
        line += ", differs by \(PeopleText.number(difference))"
        if let unit = now["unit"]?.text, unit != "1" { line += " \(unit)" }
        if let inU { line += " (\(PeopleText.number(inU)) u)" }
      } else {
        line += ", another value"
      }
      lines.insert(line, at: 0)
    case .impossible(let reason): lines.insert("cannot be recomputed: \(reason)", at: 0)
    }
    return lines.map(escapedControls).joined(separator: "\n")
  }

  /// The comparison as JSON.
  func result(recorded: ResultValue) -> ResultValue {
    var fields = ResultObject()
    switch outcome {
    case .same: fields["outcome"] = .text("same")
    case .differs(let now):
      fields["outcome"] = .text("differs")
      fields["value"] = now
      if let (difference, inU) = Self.difference(recorded, now) {
        fields["difference"] = .number(difference)
        fields["difference_in_u"] = inU.map { .number($0) }
      }
    case .impossible(let reason):
      fields["outcome"] = .text("cannot")
      fields["reason"] = .text(reason)
    }
    fields["changes"] = .list(
      changes.map {
        .fields([
          "key": .text($0.key), "before": $0.before.map { .text($0) } ?? .null,
          "after": $0.after.map { .text($0) } ?? .null,
        ])
      })
    return .object(fields)
  }

  private static func difference(
    _ before: ResultValue, _ now: ResultValue
  ) -> (difference: Double, inU: Double?)? {
    func number(_ value: ResultValue?) -> Double? {
      switch value {
      case .number(let x)?: x
      case .integer(let n)?: Double(n)
      default: nil
      }
    }
    guard let a = number(before["value"] ?? before), let b = number(now["value"] ?? now),
      before["unit"] == now["unit"]
    else { return nil }
    let u = max(number(before["u"]) ?? 0, number(now["u"]) ?? 0)
    return (b - a, u > 0 ? (b - a) / u : nil)
  }
}
