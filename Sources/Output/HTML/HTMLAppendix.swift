internal import Tables

extension HTMLPage {
  /// The steps that shown numbers lead to, and the steps behind those, in the order of their making.
  mutating func traces() {
    var wanted: Set<TraceID> = []
    var waiting = shown
    while let id = waiting.popLast() {
      guard wanted.insert(id).inserted, let step = document.traces[id] else { continue }
      waiting.append(contentsOf: step.inputs)
    }
    let steps = document.traces.steps.filter { wanted.contains($0.id) }
    if steps.isEmpty { return }
    out.add("<section id=\"traces\">\n<h2>Traces</h2>\n<details>\n<summary>")
    out.add("How each of the numbers above came from the bytes of the files: \(steps.count) steps")
    out.add("</summary>\n<table class=\"traces\">\n<thead><tr><th scope=\"col\">Step</th>")
    out.add("<th scope=\"col\">Kind</th><th scope=\"col\">What it does</th>")
    out.add("<th scope=\"col\">Made from</th></tr></thead>\n<tbody>\n")
    for step in steps { row(step) }
    out.add("</tbody>\n</table>\n</details>\n</section>\n")
  }

  private mutating func row(_ step: TraceStep) {
    out.add("<tr id=\"")
    out.addEscaped(step.id.text)
    out.add("\"><td>")
    out.addEscaped(step.id.text)
    out.add("</td><td>\(step.kind.rawValue)</td><td>")
    out.addEscaped(step.summary)
    if let formula = step.formula {
      out.add("<br/><span class=\"formula\">")
      out.addEscaped(formula)
      out.add("</span>")
    }
    if !step.parameters.keys.isEmpty {
      out.add("<br/>")
      for (i, key) in step.parameters.keys.enumerated() {
        if i > 0 { out.add("; ") }
        out.addEscaped(key)
        out.add(" = ")
        out.addEscaped(plain(step.parameters[key] ?? .null))
      }
    }
    if let rows = step.rows { out.add("<br/>rows \(rows.lowerBound)–\(rows.upperBound)") }
    if let reference = step.reference {
      out.add("<br/>")
      out.addEscaped(reference)
    }
    out.add("</td><td>")
    for (i, input) in step.inputs.enumerated() {
      if i > 0 { out.add(", ") }
      out.add("<a href=\"#")
      out.addEscaped(input.text)
      out.add("\">")
      out.addEscaped(input.text)
      out.add("</a>")
    }
    if let source = step.source {
      out.add("<code>")
      out.addEscaped(source.file)
      out.add("</code> ")
      let ranges = source.bytes.filter { !$0.isEmpty }
      if ranges.isEmpty {
        out.addEscaped(source.place)
      } else {
        out.add("bytes ")
        let shown = ranges.prefix(3).map { "\($0.lowerBound)–\($0.upperBound - 1)" }
        out.add(shown.joined(separator: ", "))
        if ranges.count > 3 { out.add(" and \(ranges.count - 3) more ranges") }
      }
    }
    out.add("</td></tr>\n")
  }

  /// A parameter as people read it.
  private func plain(_ value: ResultValue) -> String {
    switch value {
    case .null: "–"
    case .flag(let flag): flag ? "yes" : "no"
    case .integer(let n): "\(n)"
    case .number(let x): PeopleText.number(x)
    case .text(let text): text
    case .quantity(let quantity):
      PeopleText.quantity(quantity) + (quantity.source.map { " (\($0))" } ?? "")
    case .list, .object: String(decoding: JSONWriter.line(value), as: UTF8.self)
    }
  }

  // MARK: Provenance

  mutating func provenance() {
    out.add("<section id=\"provenance\">\n<h2>Provenance</h2>\n<dl>\n")
    for fact in document.provenance {
      out.add("<dt>")
      out.addEscaped(fact.name)
      out.add("</dt><dd>")
      out.addEscaped(fact.value)
      out.add("</dd>\n")
    }
    out.add("</dl>\n")
    if !document.inputs.isEmpty {
      out.add(
        "<details id=\"inputs\">\n<summary>Inputs: \(document.inputs.count) files with their hashes"
      )
      out.add("</summary>\n<table class=\"traces\">\n<thead><tr><th scope=\"col\">File</th>")
      out.add("<th scope=\"col\">Format</th><th scope=\"col\">Bytes</th>")
      out.add("<th scope=\"col\">SHA-256</th><th scope=\"col\">Status</th></tr></thead>\n<tbody>\n")
      for (n, input) in document.inputs.enumerated() {
        out.add("<tr id=\"in-\(n + 1)\"><td><code>")
        out.addEscaped(input.file)
        out.add("</code></td><td>")
        out.addEscaped(input.format ?? "–")
        out.add("</td><td class=\"n\">")
        out.addEscaped(input.bytes.map { "\($0)" } ?? "–")
        out.add("</td><td><code class=\"hash\">")
        out.addEscaped(input.sha256 ?? "–")
        out.add("</code></td><td>\(input.status.rawValue)</td></tr>\n")
      }
      out.add("</tbody>\n</table>\n</details>\n")
    }
    out.add("</section>\n")
  }
}
