import Bytes
import DelimitedText
import Reading
import Tables
import Testing

@Suite struct DelimitedTextTests {
  private func read(_ text: String, units: [String: String] = [:]) throws -> Dataset {
    var options = ReadOptions()
    options.units = units
    return try DelimitedTable.read(ByteView(utf8: text), name: "test.csv", options: options)
  }

  /// A header and rows of numbers made from the row number.
  private func table(_ header: String, _ columns: Int, rows: Int = 12) -> String {
    header + "\n"
      + (1...rows).map { row in
        (0..<columns).map { "\(Double(row) * 1.5 + Double($0))" }.joined(separator: ",")
      }.joined(separator: "\n") + "\n"
  }

  @Test func techniqueAndNamesFollowFromTheColumns() throws {
    for (header, technique, names, units) in [
      ("Deflection (nm),Force (nN)", Technique.afm, ["deflection", "force"], ["m", "N"]),
      ("Displacement [um],Load [mN]", .afm, ["deflection", "force"], ["m", "N"]),
      ("Energy (keV),mu", .xas, ["photon_energy", "mu"], ["eV", "1"]),
      ("time/h,Ewe/V,I/mA", .cycling, ["test_time", "voltage", "current"], ["s", "V", "A"]),
      (
        "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm", .impedance,
        ["frequency", "impedance_real", "impedance_imaginary"], ["Hz", "Ohm", "Ohm"]
      ),
      (
        "f (kHz),Z' (Ohm),Z'' (Ohm)", .impedance,
        ["frequency", "impedance_real", "impedance_imaginary"], ["Hz", "Ohm", "Ohm"]
      ),
      ("alpha (mm),beta (K)", .any, ["alpha", "beta"], ["mm", "K"]),
    ] {
      let dataset = try read(table(header, names.count))
      #expect(dataset.technique == technique, "\(header)")
      #expect(dataset.tables.first?.columns.map(\.name) == names, "\(header)")
      #expect(dataset.tables.first?.columns.map(\.unit.ucum) == units, "\(header)")
      #expect(dataset.diagnostics.isEmpty, "\(header): \(dataset.diagnostics)")
    }
  }

  @Test func valuesAreConvertedExactly() throws {
    let dataset = try read("time/min,Ewe/mV,I/uA,-x (mm)\n0.5,12.3,60.12,1\n1.5,0.1,-7,2\n")
    let data = try #require(dataset["data"])
    #expect(data["test_time"]?.real == [30, 90])
    #expect(data["voltage"]?.real == [0.0123, 0.0001])
    #expect(data["current"]?.real == [60.12e-6, -7e-6])
    #expect(data["test_time"]?.origin.steps == ["decimal text", "min → s"])
    #expect(data["voltage"]?.origin.lines == 2...3)
    #expect(data["voltage"]?.origin.bytes == [29..<58])
  }

  @Test func theMinusSignOfANameIsThatOfTheNumbers() throws {
    let dataset = try read("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n100,5,2\n10,6,3\n1,7,-1\n")
    #expect(dataset["data"]?["impedance_imaginary"]?.real == [-2, -3, 1])
  }

  @Test func unitsRowPreambleAndUserUnits() throws {
    let text = """
      # Instrument: tester
      Operator=nobody
      spring constant;0.5
      depth;load;note
      (nm);[mN];
      1,5;2,5;a
      2,5;3,5;b
      3,5;4,5;b

      """
    let dataset = try read(text)
    #expect(dataset.metadata.text("Instrument") == "tester")
    #expect(dataset.metadata.text("Operator") == "nobody")
    #expect(dataset.metadata.text("spring constant") == "0.5")
    #expect(dataset["data"]?["deflection"]?.real == [1.5e-9, 2.5e-9, 3.5e-9])
    #expect(dataset["data"]?["force"]?.real == [2.5e-3, 3.5e-3, 4.5e-3])
    #expect(dataset["data"]?["note"]?.values == .text(["a", "b", "b"]))
    #expect(dataset.reading["decimal mark"] == ",")
    let given = try read(table("Deflection,Force", 2), units: ["Deflection": "um", "force": "uN"])
    #expect(given["data"]?["deflection"]?.unit.ucum == "m")
    #expect(given["data"]?["deflection"]?.real?.first == 1.5e-6)
    #expect(given.diagnostics.isEmpty)
  }

  @Test func whatIsNotSureIsSaid() throws {
    func codes(_ text: String) throws -> [String] { try read(text).diagnostics.map(\.code) }
    #expect(try codes(table("Deflection,Force", 2)) == ["unit.absent"])
    #expect(try codes("1.5,2.5\n2.5,3.5\n3.5,4.5\n") == ["text.no-header"])
    #expect(try codes(table("Force (nN),Force (nN)", 2)) == ["text.duplicate-column"])
    #expect(try codes(table("a (furlong),b (nm)", 2)).first == "unit.unknown")
    #expect(try codes("Energy (eV),mu\n3.5,1\n2.5,1\n4.5,2\n") == ["axis.unordered"])
    #expect(try codes("time (s),a (V)\n1,1\n1,2\n1,3\n") == ["series.constant"])
    #expect(try codes("Energy (eV),mu\n-3.5,1\n2.5,1\n4.5,2\n") == ["axis.range"])
    let headerless = try read("1.5,2.5\n2.5,3.5\n3.5,4.5\n")
    #expect(headerless["data"]?.columns.map(\.name) == ["column_1", "column_2"])
    #expect(headerless["data"]?.columns.map(\.unit.ucum) == ["", ""])
  }

  @Test func errorsNameTheirLine() {
    for (text, code, place) in [
      ("", "text.empty", Place.whole),
      ("a,b\nc,d\n", "text.no-data", .line(1)),
      ("a,b\n0,5,1,5\n1,5,2,5\n2,5,3,5\n", "text.decimal-comma", .line(1)),
      ("a,b\n1,2\n2,\"3\n", "text.unclosed-quote", .cell(line: 3, column: 2)),
    ] {
      #expect { try read(text) } throws: {
        let diagnostic = ($0 as? ReadFailure)?.diagnostic
        return diagnostic?.code == code && diagnostic?.place == place
      }
    }
  }

  @Test func binaryAndProseAreNotTables() {
    for text in ["", "hello world\nthis is text\n", "\u{1}\u{2}\u{3}1,2\n3,4\n", "<html>\n"] {
      #expect(DelimitedTable.recognise(FileHead(ByteView(utf8: text), name: "a.csv")).score == 0)
    }
  }
}
