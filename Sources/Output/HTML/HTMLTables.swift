internal import Tables
internal import Units

extension HTMLPage {
  /// A table of the report; a unit that all quantities of a column share stands in its head.
  mutating func table(_ table: ReportTable) {
    tables += 1
    let units = table.columns.indices.map { column -> String? in
      var unit: String?
      for row in table.rows where column < row.count {
        guard case .quantity(let quantity) = row[column] else { continue }
        if let known = unit, known != quantity.unit.ucum { return nil }
        unit = quantity.unit.ucum
      }
      return unit
    }
    // Many columns only fit the page where their numbers may break before the uncertainty.
    out.add("<div class=\"wide\"><table")
    if table.columns.count > 7 { out.add(" class=\"dense\"") }
    out.add(">\n<caption><strong>Table \(tables).</strong> ")
    out.addEscaped(table.caption)
    out.add("</caption>\n<thead><tr>")
    for (column, unit) in zip(table.columns, units) {
      out.add("<th scope=\"col\">")
      out.addEscaped(column)
      let text = unit.map(PeopleText.unit) ?? ""
      if !text.isEmpty {
        out.add(" <span class=\"unit\">/&#160;")
        out.addEscaped(text)
        out.add("</span>")
      }
      out.add("</th>")
    }
    out.add("</tr></thead>\n<tbody>\n")
    for row in table.rows {
      out.add("<tr>")
      var place: String?
      if case .text(let name)? = row.first { place = self.place(ofFile: name) }
      for column in table.columns.indices {
        cell(
          column < row.count ? row[column] : .text(""), hasUnitAbove: units[column] != nil,
          place: place)
      }
      out.add("</tr>\n")
    }
    out.add("</tbody>\n</table></div>\n")
  }

  private mutating func cell(_ cell: ReportTable.Cell, hasUnitAbove: Bool, place: String?) {
    switch cell {
    case .text(let text):
      out.add(text.utf8.count <= 26 ? "<td class=\"s\">" : "<td>")
      out.addEscaped(text)
    case .integer(let number):
      out.add("<td class=\"n\">")
      link("\(number)", to: place ?? whole)
    case .quantity(let quantity):
      out.add("<td class=\"n\">")
      linked(
        quantity,
        hasUnitAbove
          ? PeopleText.value(quantity.value, u: quantity.u) : PeopleText.quantity(quantity),
        place: place)
    case .missing(let reason):
      out.add("<td class=\"missing\">")
      out.addEscaped(reason.isEmpty ? "–" : reason)
    }
    out.add("</td>")
  }

  // MARK: Diagnostics and assumptions

  mutating func findings() {
    out.add("<section id=\"diagnostics\">\n<h2>Diagnostics</h2>\n")
    let errors = document.findings.filter { $0.diagnostic.severity == .error }
    let warnings = document.findings.filter { $0.diagnostic.severity == .warning }
    let notes = document.findings.filter { $0.diagnostic.severity == .note }
    let ok = document.inputs.count { $0.status == .ok }
    paragraph([
      .text(
        "\(counted(document.inputs.count, "input")): \(ok) good, "
          + "\(document.inputs.count { $0.status == .warning }) with warnings, "
          + "\(document.inputs.count { $0.status == .error }) failed. "
          + "\(counted(errors.count, "error")), \(counted(warnings.count, "warning")), "
          + "\(counted(notes.count, "note")).")
    ])
    if !(errors + warnings).isEmpty { findingTable(errors + warnings) }
    if !notes.isEmpty {
      out.add("<details>\n<summary>Notes</summary>\n")
      findingTable(notes)
      out.add("</details>\n")
    }
    out.add("</section>\n")
  }

  private func counted(_ n: Int, _ thing: String) -> String { "\(n) \(thing)\(n == 1 ? "" : "s")" }

  private mutating func findingTable(_ findings: [ReportDocument.Finding]) {
    out.add("<table class=\"findings\">\n<thead><tr><th scope=\"col\">Severity</th>")
    out.add("<th scope=\"col\">File</th><th scope=\"col\">Place</th>")
    out.add("<th scope=\"col\">What was found; what was expected</th>")
    out.add("<th scope=\"col\">Code</th></tr></thead>\n<tbody>\n")
    for finding in findings {
      let diagnostic = finding.diagnostic
      out.add("<tr class=\"\(diagnostic.severity.rawValue)\"><td>\(diagnostic.severity.rawValue)")
      for (text, code) in [
        (finding.file, true), (diagnostic.place.description, false), (diagnostic.message, false),
        (diagnostic.code, true),
      ] {
        out.add(text.utf8.count <= 26 ? "</td><td class=\"s\">" : "</td><td>")
        if code { out.add("<code>") }
        out.addEscaped(text)
        if code { out.add("</code>") }
      }
      out.add("</td></tr>\n")
    }
    out.add("</tbody>\n</table>\n")
  }

  mutating func assumptions() {
    if document.assumptions.isEmpty { return }
    out.add("<section id=\"assumptions\">\n<h2>Assumptions</h2>\n")
    paragraph([
      .text(
        "These values were not measured on this sample; "
          + "every result named beside them depends on them.")
    ])
    table(
      ReportTable(
        caption: "Values that were assumed.",
        columns: ["Assumption", "Value", "Source", "Used by"],
        rows: document.assumptions.map {
          [.text($0.key), $0.value, .text($0.source), .text($0.usedBy.joined(separator: ", "))]
        }))
    out.add("</section>\n")
  }

  mutating func references() {
    if document.references.isEmpty { return }
    out.add("<section id=\"references\">\n<h2>References</h2>\n<ol>\n")
    for (i, reference) in document.references.enumerated() {
      out.add("<li id=\"ref\(i + 1)\">")
      out.addEscaped(reference)
      out.add("</li>\n")
    }
    out.add("</ol>\n</section>\n")
  }
}
