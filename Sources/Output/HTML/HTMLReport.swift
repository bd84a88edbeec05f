internal import Tables
internal import Units

/// Lays out a report as one HTML file that loads nothing and runs nothing.
///
/// Every text is escaped, and a Content-Security-Policy forbids scripts, remote loads, frames and
/// forms. Figures are inline SVG; their numbers hang on a `data:` link. Every number with a trace
/// leads to its row in the appendix. The page prints on A4.
public enum HTMLReport {
  /// Numbers of a figure above this many bytes are not put into the page; they stand in `figures/`.
  public static let inlineNumbersLimit = 512 << 10

  /// The bytes of `report.html`.
  public static func render(_ document: ReportDocument) -> [UInt8] {
    var page = HTMLPage(document)
    page.write()
    return page.out.bytes
  }
}

/// One page being written.
struct HTMLPage {
  var out = ByteBuffer()
  let document: ReportDocument
  var figures = 0
  var tables = 0
  /// The ids of the steps that shown numbers lead to.
  var shown: [TraceID] = []

  /// The numbers of the inputs by path, and by name where no other input has it.
  let inputNumbers: [String: Int]

  init(_ document: ReportDocument) {
    self.document = document
    var numbers: [String: Int] = [:]
    var names: [String: [Int]] = [:]
    for (n, input) in document.inputs.enumerated() {
      numbers[input.file] = n + 1
      names[String(input.file.split(separator: "/").last ?? ""), default: []].append(n + 1)
    }
    for (name, all) in names where all.count == 1 && numbers[name] == nil {
      numbers[name] = all.first
    }
    inputNumbers = numbers
  }

  mutating func write() {
    out.add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
    out.add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
    out.add("style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\"/>\n")
    out.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>")
    out.addEscaped(document.title)
    out.add("</title>\n<style>\n")
    out.add(HTMLStyle.sheet)
    out.add("</style>\n</head>\n<body>\n<header>\n<h1>")
    out.addEscaped(document.title)
    out.add("</h1>\n")
    if !document.lead.isEmpty { paragraph(document.lead, "lead") }
    out.add("</header>\n")
    contents()
    out.add("<main>\n")
    findings()
    assumptions()
    for (i, section) in document.sections.enumerated() { write(section, "s\(i + 1)") }
    references()
    out.add("</main>\n<footer>\n")
    traces()
    provenance()
    out.add("</footer>\n</body>\n</html>\n")
  }

  private mutating func contents() {
    out.add("<nav aria-label=\"Contents\"><ol>\n")
    var entries = [("diagnostics", "Diagnostics")]
    if !document.assumptions.isEmpty { entries.append(("assumptions", "Assumptions")) }
    for (i, section) in document.sections.enumerated() {
      entries.append(("s\(i + 1)", section.title))
    }
    if !document.references.isEmpty { entries.append(("references", "References")) }
    entries.append(("provenance", "Provenance"))
    for (id, title) in entries {
      out.add("<li><a href=\"#\(id)\">")
      out.addEscaped(title)
      out.add("</a></li>\n")
    }
    out.add("</ol></nav>\n")
  }

  private mutating func write(_ section: ReportDocument.Section, _ id: String) {
    out.add("<section id=\"\(id)\">\n<h2>")
    out.addEscaped(section.title)
    out.add("</h2>\n")
    for block in section.blocks {
      switch block {
      case .heading(let text):
        out.add("<h3>")
        out.addEscaped(text)
        out.add("</h3>\n")
      case .paragraph(let text): paragraph(text)
      case .list(let points):
        out.add("<ul>\n")
        for point in points {
          out.add("<li>")
          inline(point)
          out.add("</li>\n")
        }
        out.add("</ul>\n")
      case .table(let content): table(content)
      case .figures(let list):
        out.add("<div class=\"figures\">\n")
        for figure in list { write(figure) }
        out.add("</div>\n")
      }
    }
    out.add("</section>\n")
  }

  mutating func paragraph(_ text: [ReportDocument.Inline], _ name: String? = nil) {
    out.add(name.map { "<p class=\"\($0)\">" } ?? "<p>")
    inline(text)
    out.add("</p>\n")
  }

  private mutating func inline(_ parts: [ReportDocument.Inline]) {
    for part in parts {
      switch part {
      case .text(let text): out.addEscaped(text)
      case .strong(let text):
        out.add("<strong>")
        out.addEscaped(text)
        out.add("</strong>")
      case .quantity(let quantity): linked(quantity, PeopleText.quantity(quantity))
      case .citation(let n):
        out.add("<a class=\"cite\" href=\"#ref\(n)\">[\(n)]</a>")
      }
    }
  }

  /// A number that leads to its trace; one without to what `place` names.
  mutating func linked(_ quantity: MeasuredValue, _ text: String, place: String? = nil) {
    var target = place ?? whole
    if let trace = quantity.trace, document.traces[trace] != nil {
      shown.append(trace)
      target = trace.text
    }
    link(text, to: target)
  }

  /// A number that leads to a place of the page.
  mutating func link(_ number: String, to target: String) {
    out.add("<a class=\"q\" href=\"#")
    out.addEscaped(target)
    out.add("\">")
    out.addEscaped(number)
    out.add("</a>")
  }

  /// Where a number leads that was made from all inputs.
  var whole: String { document.inputs.isEmpty ? "provenance" : "inputs" }

  /// Where a number about a file leads: the file's line among the inputs.
  func place(ofFile name: String) -> String? {
    let file = name.split(separator: "#", maxSplits: 1).first.map(String.init) ?? name
    if let n = inputNumbers[name] ?? inputNumbers[file] { return "in-\(n)" }
    return nil
  }

  // MARK: Figures

  private mutating func write(_ figure: Figure) {
    figures += 1
    out.add("<figure id=\"f\(figures)\">\n")
    out.bytes.append(contentsOf: SVGFigure.element(figure, id: "f\(figures)-\(figure.id)"))
    out.add("<figcaption><strong>Figure \(figures).</strong> ")
    out.addEscaped(figure.title)
    out.add(figure.title.hasSuffix(".") ? " " : ". ")
    out.addEscaped(figure.caption)
    let numbers = FigureCSV.bytes(figure)
    let name = SafeName.make(figure.id) + ".csv"
    if numbers.count <= HTMLReport.inlineNumbersLimit {
      out.add(" <a download=\"\(name)\" href=\"data:text/csv;charset=utf-8,")
      for byte in numbers {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ","),
          UInt8(ascii: "-"), UInt8(ascii: "_"):
          out.add(byte)
        default:
          out.add(UInt8(ascii: "%"))
          out.add(hexDigits[Int(byte >> 4)])
          out.add(hexDigits[Int(byte & 15)])
        }
      }
      out.add("\">Numbers (CSV)</a>")
    } else {
      out.add(" <a href=\"figures/\(name)\">Numbers (CSV, beside this file)</a>")
    }
    out.add("</figcaption>\n</figure>\n")
  }
}

private let hexDigits = Array("0123456789ABCDEF".utf8)
