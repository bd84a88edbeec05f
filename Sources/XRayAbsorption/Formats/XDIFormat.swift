public import Bytes
public import Reading
public import Tables
internal import Units

/// XAS Data Interchange, the open text format for single absorption spectra (docs/formats/xdi.md).
public enum XDIFormat: FileFormat {
  /// The id.
  public static let id = "xdi"
  /// One line for people.
  public static let title = "XAS Data Interchange (XDI)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["xdi", "xxdi"]
  /// How it is recognised.
  public static let recognisedBy = "# XDI/1. on line 1"

  /// Looks for the version line, and for header lines of XDI's shape.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(4096), into: &ignored) else {
      return .none
    }
    let lines = TextLines(text.utf8)
    var reasons: [String] = []
    for line in lines {
      let content = XDIHeader.trimmed(lines.string(line))
      if line.number == 1 {
        let body = XDIHeader.trimmed(content.dropFirst())
        guard content.hasPrefix("#"), body.uppercased().hasPrefix("XDI/"),
          body.dropFirst(4).first?.isNumber == true
        else { return .none }
        reasons.append("line 1 is `\(content.prefix(40))`")
      } else if content.hasPrefix("#") {
        let body = XDIHeader.trimmed(content.dropFirst()).lowercased()
        if body.hasPrefix("column.1:") || body.hasPrefix("element.symbol:") {
          return Recognition(100, reasons + ["line \(line.number) is a header field of XDI"])
        }
      } else if !content.isEmpty {
        break
      }
    }
    return reasons.isEmpty ? .none : Recognition(90, reasons)
  }

  /// Reads header and rows; what departs from the specification is warned about and judged.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    var header = try XDIHeader(text.utf8)
    let rows = try XDIRows(text, header, options, into: &diagnostics)
    XDIConformance.judge(&header, columns: rows.labels.count)
    if rows.isFlawed { header.flaws.addRow() }
    diagnostics.add(contentsOf: header.flaws.diagnostics)
    let recommended = XDIConformance.missingRecommendations(header)
    if !recommended.isEmpty {
      diagnostics.note(
        "xdi.recommended", found: "no \(recommended.joined(separator: ", "))",
        expected: "the specification recommends these fields")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
    var columns = rows.columns(of: header, text, options, into: &diagnostics)
    var lines: [Int]?
    EnergyAxis.complete(
      &columns, spacing: spacing(header),
      place: { row in
        let all = lines ?? rows.lines(text)
        lines = all
        return all.indices.contains(row) ? .line(all[row]) : .whole
      }, into: &diagnostics)
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [
        Table(name: "scan", columns: columns, indexColumns: EnergyAxis.index(of: columns))
      ],
      diagnostics: diagnostics.all, complete: rows.table.complete)
    describe(header, text, into: &dataset)
    return dataset
  }

  /// The lattice spacing of the monochromator in ångström, where the file gives one.
  private static func spacing(_ header: XDIHeader) -> Double? {
    guard let field = header.field("Mono", "d_spacing") else { return nil }
    var rest = Substring(field.value)
    return XDIConformance.leadingNumber(&rest).flatMap { $0 > 0 ? $0 : nil }
  }

  /// Keeps every header line, the comments, the verdict and how the text was read.
  private static func describe(
    _ header: XDIHeader, _ text: DecodedText, into dataset: inout Dataset
  ) {
    if let version = header.version {
      dataset.metadata.append("version", "XDI/\(version)")
      if !header.application.isEmpty { dataset.metadata.append("application", header.application) }
      dataset.reading["conformance.standard"] = "XDI/\(version)"
    }
    for field in header.fields {
      let key = field.key.isEmpty ? field.family : "\(field.family).\(field.key)"
      dataset.metadata.append(key, field.value)
      if dataset.settingOrigins[key] == nil {
        dataset.settingOrigins[key] = Origin(lines: field.line...field.line)
      }
    }
    if !header.comments.isEmpty {
      dataset.metadata.append("comments", header.comments.joined(separator: "\n"))
    }
    dataset.reading["conformance.verdict"] = header.flaws.verdict.rawValue
    dataset.reading["conformance.deviations"] = header.flaws.kinds.joined(separator: " ")
    dataset.reading["encoding"] = text.encoding.rawValue
    dataset.reading["decimal mark"] = "."
    dataset.reading["delimiter"] = "blanks"
  }
}
