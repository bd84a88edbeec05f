internal import Tables

/// Where a file departs from the XDI specification, one entry a kind.
struct XDIFlaws {
  /// The verdict on a file.
  enum Verdict: String, Comparable {
    case valid, deviates, invalid

    static func < (a: Verdict, b: Verdict) -> Bool {
      func rank(_ v: Verdict) -> Int { v == .valid ? 0 : v == .deviates ? 1 : 2 }
      return rank(a) < rank(b)
    }
  }

  /// One warning a kind.
  private(set) var diagnostics: [Diagnostic] = []
  /// The verdict of all flaws together.
  private(set) var verdict = Verdict.valid
  /// The codes of the flaws without `xdi.`, in the order in which they were found.
  private(set) var kinds: [String] = []

  /// Adds a flaw with the verdict that it leads to; further ones of its kind are counted with the first.
  mutating func add(_ verdict: Verdict, _ diagnostic: Diagnostic) {
    self.verdict = max(self.verdict, verdict)
    if let i = diagnostics.firstIndex(where: { $0.code == diagnostic.code }) {
      diagnostics[i].count += 1
      if diagnostics[i].places.count < 10 { diagnostics[i].places.append(diagnostic.place) }
    } else {
      diagnostics.append(diagnostic)
      kinds.append(String(diagnostic.code.dropFirst("xdi.".count)))
    }
  }

  /// Counts a row that the table's own diagnostics tell of.
  mutating func addRow() {
    verdict = .invalid
    kinds.append("row")
  }
}
