/// The style sheet of the report.
enum HTMLStyle {
  static let sheet = """
    :root { color-scheme: light; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 8mm 6mm 20mm; max-width: 194mm; color: #1a1a1a;
      background: #fff; font: 10.5pt/1.5 "Helvetica Neue", Helvetica, Arial, "Liberation Sans",
      "DejaVu Sans", sans-serif; }
    h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 3mm; }
    h2 { font-size: 14pt; line-height: 1.25; margin: 10mm 0 3mm; padding-top: 2mm;
      border-top: 0.4mm solid #1a1a1a; }
    h3 { font-size: 11.5pt; margin: 6mm 0 2mm; }
    p, ul, dl { margin: 0 0 3mm; }
    p, li { max-width: 160mm; }
    .lead { font-size: 12pt; }
    a { color: #00527f; text-decoration: none; }
    a:hover, a:focus { text-decoration: underline; }
    a.q { border-bottom: 0.2mm dotted #00527f; white-space: nowrap; }
    span.q { white-space: nowrap; }
    nav { margin: 4mm 0 0; font-size: 9.5pt; }
    nav ol { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 1mm 5mm; }
    table { border-collapse: collapse; margin: 3mm 0 6mm; font-size: 9pt; line-height: 1.35;
      max-width: 100%; }
    .wide { overflow-x: auto; }
    .dense { font-size: 7.8pt; }
    .dense th, .dense td { padding-right: 1.8mm; }
    .dense th:last-child, .dense td:last-child { padding-right: 0; }
    .dense td.n, .dense td.s, .dense .q { white-space: normal; }
    caption { text-align: left; padding: 0 0 1.5mm; font-size: 9.5pt; }
    thead { border-top: 0.35mm solid #1a1a1a; border-bottom: 0.2mm solid #1a1a1a; }
    tbody { border-bottom: 0.35mm solid #1a1a1a; }
    th, td { text-align: left; vertical-align: top; padding: 1mm 2.5mm 1mm 0; }
    th { font-weight: 600; vertical-align: bottom; }
    th .unit { font-weight: 400; white-space: nowrap; }
    td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
    td.s { white-space: nowrap; }
    td.missing { color: #6b6b6b; }
    tr.error td:first-child { color: #b00020; font-weight: 600; }
    tr.warning td:first-child { color: #8a5300; font-weight: 600; }
    tr:target { background: #fff3c4; }
    code { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 8.2pt;
      overflow-wrap: anywhere; }
    td { overflow-wrap: break-word; }
    .traces { font-size: 8.5pt; }
    .formula { font-style: italic; }
    .hash { font-size: 6.5pt; }
    .figures { display: flex; flex-wrap: wrap; gap: 6mm 8mm; margin: 3mm 0 6mm;
      align-items: flex-start; }
    figure { margin: 0; width: 86mm; max-width: 100%; break-inside: avoid; }
    figure svg { display: block; max-width: 100%; height: auto; }
    figcaption { font-size: 8.8pt; line-height: 1.4; margin-top: 1.5mm; overflow-wrap: anywhere; }
    dt { font-weight: 600; float: left; clear: left; width: 40mm; }
    dd { margin: 0 0 1mm 42mm; overflow-wrap: anywhere; }
    details { margin: 2mm 0 4mm; }
    summary { cursor: pointer; color: #00527f; }
    @page { size: A4; margin: 16mm 14mm; }
    @media print {
      body { max-width: none; padding: 0; font-size: 9.5pt; }
      nav { display: none; }
      a { color: inherit; }
      a.q { border-bottom: 0; }
      figcaption a { display: none; }
      h2, h3, caption { break-after: avoid; }
      tr, figure { break-inside: avoid; }
      thead { display: table-header-group; }
      .wide { overflow: visible; }
    }

    """
}
