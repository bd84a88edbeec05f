internal import Tables

/// Where a file departs from the XDI specification, one entry a kind and wording.
struct XDIFlaws {
  /// The verdict on a file.
  enum Verdict: String { case valid, deviates, invalid }

  /// What may be wrong with a file.
  enum Kind: String {
    // These make a file invalid.
    case version, header, row
    // With these a file deviates.
    case element, edge, dashes, columns, date, value
    case commentMark = "comment-mark"
    case spacing = "d-spacing"

    /// The verdict that one such flaw leads to.
    var verdict: Verdict {
      switch self {
      case .version, .header, .row: .invalid
      default: .deviates
      }
    }
  }

  private struct Flaw {
    var kind: Kind
    var diagnostic: Diagnostic
  }
  private var flaws: [Flaw] = []

  /// Adds a flaw; further ones of its kind are counted with the first.
  mutating func add(_ kind: Kind, at place: Place = .whole, found: String, expected: String) {
    if let i = flaws.firstIndex(where: { $0.kind == kind }) {
      flaws[i].diagnostic.count += 1
      if flaws[i].diagnostic.places.count < 10 { flaws[i].diagnostic.places.append(place) }
      return
    }
    flaws.append(
      Flaw(
        kind: kind,
        diagnostic: Diagnostic(
          .warning, "xdi.\(kind.rawValue)", at: place, found: found, expected: expected)))
  }

  /// Counts a flaw that another diagnostic tells.
  mutating func addUntold(_ kind: Kind) {
    untold = untold == .invalid ? .invalid : kind.verdict
    if !untoldKinds.contains(kind.rawValue) { untoldKinds.append(kind.rawValue) }
  }
  private var untold = Verdict.valid
  private var untoldKinds: [String] = []

  /// The verdict of all flaws together.
  var verdict: Verdict {
    let all = flaws.map(\.kind.verdict) + [untold]
    return all.contains(.invalid) ? .invalid : all.contains(.deviates) ? .deviates : .valid
  }

  /// The kinds in the order in which they were found.
  var kinds: [String] { flaws.map(\.kind.rawValue) + untoldKinds }

  /// One warning a kind.
  var diagnostics: [Diagnostic] { flaws.map(\.diagnostic) }
}
