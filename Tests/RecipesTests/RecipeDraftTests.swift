import Bytes
import DelimitedText
import Reading
import Recipes
import Tables
import Testing

/// What `recipe learn` drafts, and that a draft reads its own sample.
@Suite struct RecipeDraftTests {
  /// Sample, delimiter, decimal mark, header line, axis, and label → unit.
  static let cases: [(String, String, String, Int?, String?, [String: String])] = [
    (
      "Time (s)\tU [mV]\tI/A\n0\t1.5\t2\n1\t2.5\t3\n", "tab", ".", 1, "Time (s)",
      ["U [mV]": "mV", "I/A": "A"]
    ),
    (
      "Zeit in Ordnung: ja\nDatum: heute\n\nTime/min;Ewe/V\n0,5;1,25\n1,5;2,25\n", ";", ",", 4,
      "Time/min", ["Time/min": "min", "Ewe/V": "V"]
    ),
    (
      "Amps,Volts,Test Time (Hr)\n1,2.5,3\n4,5.5,6\n", ",", ".", 1, "Test Time (Hr)",
      ["Amps": "A", "Volts": "V", "Test Time (Hr)": "h"]
    ),
    ("energy,mu\neV,\n8000.1,1.5\n8001.2,1.6\n", ",", ".", 1, "energy", ["energy": "eV"]),
    (
      "# made by a test\n# energy i0\n8000.5 100.5\n8001.5 101.5\n", "blanks", ".", 2, "energy", [:]
    ),
    (
      "test_time_second,voltage_volt,Step,Step (s)\n0.5,3.1,1,2.5\n1.5,3.2,1,3.5\n", ",", ".", 1,
      "test_time_second", ["test_time_second": "s", "voltage_volt": "V", "Step (s)": "s"]
    ),
    ("1.5 2.5\n3.5 4.5\n", "blanks", ".", nil, nil, [:]),
    (
      "CURVE\tTABLE\n\tPt\tT\tVf\tVm\tOver\n\t#\ts\tV vs. Ref.\tV\tbits\n\t0\t0.5\t3.1\t3.2\t...\n"
        + "\t1\t1.5\t3.1\t3.2\t...\n",
      "tab", ".", 2, "T", ["T": "s", "Vf": "V", "Vm": "V"]
    ),
  ]

  @Test func draftsAreRightAndReadTheirSample() throws {
    for (text, delimiter, mark, line, axis, units) in Self.cases {
      let bytes = ByteView(utf8: text)
      let draft = try RecipeDraft(bytes, name: "My sample.txt")
      #expect(draft.table.dialect.delimiter.name == delimiter, "\(text)")
      #expect(draft.table.dialect.decimalMark == mark.utf8.first, "\(text)")
      #expect(draft.table.headerLine?.number == line, "\(text)")
      #expect(draft.axis == axis, "\(text)")
      for (label, unit) in units {
        #expect(
          draft.columns.first { $0.label == label }?.unit == unit, "\(label) in \(draft.text)")
      }
      let recipe = try Recipe(draft.text)
      #expect(recipe.id == "my-sample")
      let dataset = try recipe.read(bytes, name: "a.txt", options: ReadOptions())
      #expect(dataset.tables.first?.rows == 2, "\(draft.text)")
      #expect(dataset.tables.first?.columns.count == draft.columns.count)
      #expect(recipe.recognise(FileHead(bytes, name: "a.txt")).score >= 45, "\(draft.text)")
    }
    #expect(throws: ReadFailure.self) { try RecipeDraft(ByteView(utf8: "no numbers\n"), name: "a") }
  }

  @Test func columnsWithoutNamesHaveNumbers() throws {
    let recipe = try Recipe(
      """
      recipe: 1
      id: nameless-text
      title: Rows only
      sniff: [{lines: 1, match: '^made', points: 60}]
      text: {delimiter: blanks}
      header: {columns_at: {line: 0}}
      data: {starts: {line: 2}}
      columns:
        - {label: '^column 1$', name: test_time, unit: h}
        - {label: '^column 2$', name: voltage, unit: V}
      """)
    let dataset = try recipe.read(
      ByteView(utf8: "made here\n0 3.5\n1 3.6\n"), name: "a.txt", options: ReadOptions())
    #expect(dataset.tables.first?["test_time"]?.real == [0, 3600])
    #expect(dataset.metadata.text("line 1") == "made here")
  }
}
