internal import Bytes
public import Reading
internal import Tables

extension Recipe {
  /// The format that the recipe makes.
  public var entry: FormatEntry {
    FormatEntry(
      id: id, title: title, technique: technique, extensions: extensions,
      recognisedBy: recognisedBy, recipe: FormatEntry.Recipe(sha256: sha256, file: file),
      recognise: { recognise($0) },
      read: { bytes, name, options in
        do throws(ReadFailure) {
          return .success(try read(bytes, name: name, options: options))
        } catch {
          return .failure(error)
        }
      })
  }

  /// What a file is recognised by, in one line.
  var recognisedBy: String {
    marks.filter { !$0.isReject }.map { mark in
      let lines = mark.lines
      let place =
        lines.count == 1
        ? "line \(lines.lowerBound)" : "lines \(lines.lowerBound)–\(lines.upperBound)"
      return "\(place): \(mark.pattern.source) (\(mark.points))"
    }
    .joined(separator: "; ")
  }

  /// The points of the marks that a file bears; 0 where one of them rejects it.
  public func recognise(_ file: FileHead) -> Recognition {
    let needed = marks.map(\.lines.upperBound).max() ?? 1
    var score = 0
    var reasons: [String] = []
    for size in [16384, 65536] {
      // A byte of zero in the head is no text in 8 bits; what is UTF-16 has a mark or many of them.
      var diagnostics = DiagnosticList()
      guard let text = try? DecodedText.decode(file.head.prefix(size), into: &diagnostics) else {
        return .none
      }
      var lines: [TextLine] = []
      for line in TextLines(text.utf8) {
        lines.append(line)
        if lines.count > needed { break }
      }
      // The last line may be cut; the whole head may hold more of them.
      if lines.count <= needed, size == 16384, file.size > size { continue }
      for mark in marks {
        let looked = lines.dropFirst(mark.lines.lowerBound - 1).prefix(mark.lines.count)
        guard let line = looked.first(where: { mark.pattern.matches(text.utf8[$0.range]) }) else {
          continue
        }
        if mark.isReject { return .none }
        score += mark.points
        reasons.append(
          "line \(line.number) matches \(mark.pattern.source) (\(mark.points) points)")
      }
      if score > 0, !holdsRequired(text.utf8, lines) { return .none }
      break
    }
    return score > 0 ? Recognition(min(score, RecipeParts.mostPoints), reasons) : .none
  }

  /// Whether the columns that recognition needs are there, as far as the head shows its header.
  private func holdsRequired(_ text: ByteView, _ lines: [TextLine]) -> Bool {
    guard !requires.isEmpty, case .match(let pattern) = header.columnsAt,
      let line = TextLines(text).first(where: { pattern.matches(text[$0.range]) })
    else { return true }
    let dialect = TableDialect(delimiter: self.text.delimiter ?? .character(0x09))
    guard self.text.delimiter != nil else { return true }
    let cells = dialect.cells(RecipeHeader.stripped(text[line.range], header.strip))
    let names = header.rowNames.last ?? "label"
    return requires.allSatisfy { name in
      columns.contains { rule in
        guard rule.name.source == name else { return false }
        let own = rule.patterns.filter { $0.row == "label" || $0.row == names }
        return own.isEmpty || cells.contains { cell in own.allSatisfy { $0.pattern.matches(cell) } }
      }
    }
  }
}
