import Bytes
import Cycling
import Reading
import Tables
import Testing

@Suite struct BioLogicMPTTests {
  private func read(_ text: String) throws -> Dataset {
    try BioLogicText.read(ByteView(utf8: text), name: "test.mpt", options: ReadOptions())
  }

  private func export(_ names: String, _ rows: [String], settings: [String] = []) -> String {
    let head = ["EC-Lab ASCII FILE", "Nb header lines : \(settings.count + 3)        "]
    return (head + settings + [names] + rows).joined(separator: "\r\n") + "\r\n"
  }

  @Test func valuesComeInCanonicalUnits() throws {
    let dataset = try read(
      export(
        "mode\tNs\ttime/s\tEwe/V\tI/mA\t(Q-Qo)/mA.h\tEnergy charge/W.h\tx\t",
        ["1\t0\t0,5\t1,25\t60,12\t0\t1E-3\t2", "1\t1\t1,5\t1,5\t-7,5E-1\t12,3\t2E-3\t2"],
        settings: ["Electrode surface area : 0,500 cm2", "Comments :", "Ns      0     1"]))
    let data = try #require(dataset["data"])
    #expect(data["current"]?.real == [60.12e-3, -0.75e-3])
    #expect(data["net_capacity"]?.real == [0, 12.3e-3])
    #expect(data["voltage"]?.unit.ucum == "V" && data["test_time"]?.unit.ucum == "s")
    #expect(data["mode"]?.values == .integer([1, 1]) && data["mode"]?.unit.ucum == "1")
    #expect(data["energy_charge"]?.unit.ucum == "W.h")
    #expect(dataset.metadata.text("Electrode surface area") == "0,500 cm2")
    #expect(dataset.metadata.text("Comments") == "")
    #expect(dataset.metadata.text("header line 5") == "Ns      0     1")
    #expect(dataset.settingOrigins["Electrode surface area"]?.lines == 3...3)
    #expect(dataset.reading["decimal mark"] == "," && dataset.complete)
    #expect(dataset.diagnostics.isEmpty)
  }

  @Test func clockTimesCountFromTheAcquisition() throws {
    let rows = ["02/28/2024 23:59:59.2500\t1.5", "02/29/2024 00:00:01.5000\t1.5"]
    let settings = ["Acquisition started on : 02/28/2024 23:59:58.000"]
    let dataset = try read(export("time/s\tEwe/V\t", rows, settings: settings))
    #expect(dataset["data"]?["test_time"]?.real == [1.25, 3.5])
    #expect(
      dataset["data"]?["clock"]?.values
        == .text(["02/28/2024 23:59:59.2500", "02/29/2024 00:00:01.5000"]))
    let relative = try read(export("time/s\tEwe/V\t", rows))
    #expect(relative["data"]?["test_time"]?.real == [0, 2.25])
    #expect(relative.diagnostics.map(\.code) == ["mpt.time-origin"])
    // Day first, as a value above 12 shows.
    let german = try read(
      export(
        "time/s\tEwe/V\t", ["29/02/2024 00:00:01,5\t1,5"],
        settings: ["Acquisition started on : 28/02/2024 23:59:58.000"]))
    #expect(german["data"]?["test_time"]?.real == [3.5])
  }

  @Test func namesThatRepeatAreEmptyOrHaveASign() throws {
    let dataset = try read(
      export(
        "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\tEwe/V\tEwe/V\t\tmode\t<Ewe>/V\t",
        ["10\t1\t2\t3\t4\t\t1\t5", "1\t1\t2\t3\t4\t\t1\t5"]))
    let data = try #require(dataset["data"])
    #expect(
      data.columns.map(\.name) == [
        "frequency", "re_z", "minus_im_z", "voltage", "voltage_2", "mode", "ewe",
      ])
    #expect(dataset.diagnostics.map(\.code) == ["text.duplicate-column", "mpt.empty-column"])
    #expect(dataset.technique == .cycling)
    let spectrum = try read(
      export("freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t", ["10\t1.5\t2.5", "1\t1.5\t-2.5"]))
    #expect(spectrum.technique == .impedance)
    #expect(spectrum["data"]?["impedance_imaginary"]?.real == [-2.5, 2.5])
  }

  @Test func errorsNameTheirLine() {
    for (text, code, place) in [
      ("", "mpt.empty", Place.whole),
      ("some text\n", "mpt.header", .line(1)),
      ("EC-Lab ASCII FILE\nNb header lines : x\n", "mpt.header-lines", .line(2)),
      (
        "EC-Lab ASCII FILE\nNb header lines : 4\na : b\nno names\n1\t2\n", "mpt.header-lines",
        .line(2)
      ),
      ("EC-Lab ASCII FILE\nNb header lines : 900000000000\n", "mpt.truncated-header", .line(2)),
      (
        "EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEwe/V\n1\t2\t3\t4\n", "mpt.columns",
        .line(3)
      ),
      ("EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEwe/V\nnothing\n", "mpt.no-data", .line(4)),
      ("EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEw", "mpt.no-data", .line(3)),
      (
        "EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEwe/V\n1\tx\n2\t3\n", "text.not-a-number",
        .cell(line: 4, column: 2)
      ),
    ] {
      #expect {
        try read(text)
      } throws: {
        let diagnostic = ($0 as? ReadFailure)?.diagnostic
        return diagnostic?.code == code && diagnostic?.place == place
      }
    }
  }

  /// reliability.md §9 on a made-up export: each prefix gives an error, a diagnostic that the whole file
  /// lacks, or the same numbers.
  @Test func noPrefixLosesDataWithoutAWord() throws {
    let rows = (0..<12).map { "1\t\($0).5000000E+000\t1.2500000E-00\($0 % 10)\t-2.5000000E-002" }
    let text = export(
      "mode\ttime/s\tEwe/V\tI/mA\t", rows, settings: ["Device : none", "Ns   0   1"])
    let bytes = Array(text.utf8)
    let whole = try BioLogicText.read(ByteView(bytes), name: "a.mpt", options: ReadOptions())
    #expect(whole.diagnostics.isEmpty)
    for length in 0..<bytes.count {
      let prefix = ByteView(Array(bytes.prefix(length)))
      guard let dataset = try? BioLogicText.read(prefix, name: "a.mpt", options: ReadOptions())
      else { continue }
      let endsLine = bytes[length - 1] == 0x0A || bytes[length - 1] == 0x0D
      if dataset.diagnostics.isEmpty {
        // A cut at a line end leaves a whole, shorter file.
        #expect(endsLine, "\(length)")
      }
      let table = try #require(dataset["data"])
      for column in table.columns {
        let values = try #require(column.real)
        let original = try #require(whole["data"]?[column.name]?.real)
        #expect(Array(original.prefix(values.count)) == values, "\(length) \(column.name)")
      }
    }
  }
}
