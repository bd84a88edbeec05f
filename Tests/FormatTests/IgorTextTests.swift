import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// Igor text: the generated sample (tools/generate/igor_text.py), and small texts.
@Suite struct IgorTextTests {
  func read(_ text: String) throws -> Dataset {
    try IgorText.read(ByteView(utf8: text), name: "waves.itx", options: ReadOptions())
  }

  func failure(_ text: String) -> Diagnostic? {
    switch Reading.read(IgorText.self, ByteView(utf8: text), name: "waves.itx") {
    case .success: nil
    case .failure(let failure): failure.diagnostic
    }
  }

  func sample() throws -> Dataset {
    let bytes = try FileSource.open(path: TestData.path("afm/igor-itx/waves.itx"))
    return try IgorText.read(bytes, name: "waves.itx", options: ReadOptions())
  }

  @Test func readsAWaveWithAsylumsNoteAsACurve() throws {
    let truth = try Truth.of(TestData.path("afm/igor-itx/waves.itx"))
    let dataset = try sample()
    #expect(dataset.technique == .afm)
    let curve = dataset.tables.filter { $0.name.hasPrefix("force curve/") }
    #expect(curve.map(\.name) == ["force curve/approach", "force curve/retract"])
    #expect(
      curve.map(\.rows)
        == truth["segments"]?.elements.map {
          Int(($0["stop"]?.finiteNumber ?? 0) - ($0["start"]?.finiteNumber ?? 0))
        })
    #expect(curve[0]["time"]?.real?[1] == 0.0005)
    let k = try #require(dataset.setting("spring_constant", group: "force curve"))
    #expect(k.value == 35 && dataset.metadata.text(k.key) == "35")
    #expect(k.origin.lines != nil)
    #expect(dataset.metadata.text("force curve/Comment") == "made film, 25 \u{B0}C")
  }

  @Test func readsEveryKindOfWave() throws {
    let dataset = try sample()
    #expect(
      dataset.tables.map(\.name).dropFirst(2)
        == ["energy", "intensity", "counts", "turn", "cube", "words"])
    #expect(dataset["energy"]?["energy"]?.unit.ucum == "eV")
    #expect(dataset["counts"]?["counts"]?.values == .integer((0..<9).map { Int64(7 * $0) }))
    let turn = try #require(dataset["turn"])
    #expect(turn.columns.map(\.name) == ["turn_real", "turn_imaginary"])
    #expect(turn.columns[0].missing.count == 1 && turn.columns[1].real?.last == 4.5)
    // Lines are rows of one layer, layers follow: the first dimension runs fastest.
    #expect(dataset["cube"]?.columns.map(\.real) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
    #expect(dataset.grids.first?.axes.map(\.count) == [2, 3])
    #expect(dataset.grids.first?.axes.first?.step == 1)
    #expect(dataset["words"]?.columns[0].values == .text(["first", "a \"quoted\" one"]))
    #expect(dataset.diagnostics.allSatisfy { $0.code == "text.missing" } && dataset.complete)
  }

  @Test func keepsTheCommands() throws {
    let commands = try sample().metadata.entries.filter { $0.key == "X" }.map(\.value)
    #expect(commands.contains(.text("SetScale d,0,0,\"m\",'force curve'")))
    #expect(commands.contains(.text("SetScale/P x 0,0.0005,\"s\", 'force curve'")))
    let odd = try read("IGOR\nWAVES a\nBEGIN\n1\nEND\nX Display a\nX SetScale q,1\n")
    #expect(odd.diagnostics.map(\.code) == ["itx.command"] && odd.diagnostics[0].count == 2)
    #expect(odd.metadata.entries.count == 2)
  }

  @Test func scalesRowsInThreeWays() throws {
    let text = "IGOR\rWAVES/D a\rBEGIN\r1\r2\r3\r4\r5\rEND\r"
    for (command, step, first) in [
      ("SetScale/P x,10,0.5,\"V\",a", 0.5, 10.0), ("SetScale/I x,0,2,\"V\",a", 0.5, 0),
      ("SetScale x,0,5,\"V\",a", 1, 0),
    ] {
      let table = try #require(try read(text + "X \(command)\r").tables.first)
      let axis = try #require(table["x"]?.real)
      #expect(axis == (0..<5).map { first + step * Double($0) }, "\(command)")
      #expect(table["x"]?.unit.ucum == "V")
    }
  }

  @Test func readsDelimitersMarksAndLineEnds() throws {
    let rows = ["1.5 2", "\t1.5\t2", "1.5, 2", "1,5\t2", "1.5\t2\t"]
    for row in rows {
      for end in ["\n", "\r\n", "\r"] {
        let lines = ["IGOR", "", "WAVES /D 'a b' , c", "BEGIN", row, row, "END"]
        let dataset = try read(lines.joined(separator: end) + end)
        #expect(dataset.tables.map(\.name) == ["a b", "c"], "\(row)")
        #expect(dataset["a b"]?.columns[0].real == [1.5, 1.5], "\(row)")
        #expect(dataset["c"]?.columns[0].real == [2, 2], "\(row)")
      }
    }
  }

  @Test func addsUpNotes() throws {
    let text = "IGOR\nWAVES a\nBEGIN\n1\nEND\n"
    let keys = try read(text + "X Note a, \"k: 1\\rj: 2\"\nX Note root:a \"m: 3\"\n")
    #expect(keys.metadata.text("a/k") == "1" && keys.metadata.text("a/m") == "3")
    let plain = try read(text + "X Note a,\"one\"; Note/NOCR a,\" line\"\n")
    #expect(plain.metadata.text("a/note") == "one line")
    let odd = try read(text + "X Note a, \"one\\qtwo\"\n")
    #expect(odd.metadata.text("a/note") == "one\\qtwo")
    #expect(odd.diagnostics.map(\.code) == ["itx.escape"])
    let killed = try read(text + "X Note a,\"one\"; Note/K a,\"two\"\n")
    #expect(killed.metadata.text("a/note") == "two")
  }

  @Test func saysWhatIsMissing() throws {
    let cut = try read("IGOR\nWAVES/N=(3,2) a\nBEGIN\n1 2\n3 4\n")
    #expect(cut.tables[0].rows == 2 && !cut.complete)
    #expect(cut.diagnostics.contains { $0.code == "itx.no-end" && $0.place == .line(5) })
    #expect(cut.diagnostics.contains { $0.code == "itx.rows" })
    let fewer = try read("IGOR\nWAVES/N=(2,2,2) a\nBEGIN\n1 2\n3 4\n5 6\nEND\n")
    #expect(fewer.tables[0].columns.map(\.real) == [[1, 3, 5], [2, 4, 6]] && !fewer.complete)
    let text = try read("IGOR\nWAVES/T a, b\nBEGIN\n\"x\"\n\"y\" \"z\"\nEND\n")
    #expect(text.diagnostics.contains { $0.code == "itx.text-row" && $0.place == .line(4) })
    let open = try read("IGOR\nWAVES a\nBEGIN\n1\nEND")
    #expect(open.diagnostics.map(\.code) == ["itx.last-line"] && open.complete)
    let strange = try read("IGOR\nWAVES/Q a\nBEGIN\n1\nEND\nhello\n")
    #expect(strange.diagnostics.map(\.code) == ["itx.flag", "itx.strange-line"])
    let twice = try read("IGOR\nWAVES a\nBEGIN\n1\nEND\nWAVES a\nBEGIN\n2\nEND\n")
    #expect(twice.tables.map(\.name) == ["a", "a_2"])
    #expect(twice.diagnostics.map(\.code) == ["itx.duplicate-wave"])
  }

  @Test func refusesWithTheLine() {
    for (text, code, line) in [
      ("HELLO\n", "itx.header", 1), ("\n\n", "itx.header", 1), ("IGOR\n", "itx.no-waves", 1),
      ("IGOR\nWAVES a\n1\nEND\n", "itx.begin", 3), ("IGOR\nWAVES/D\nBEGIN\n", "itx.heading", 2),
      ("IGOR\nWAVES/N=(2,2) a, b\nBEGIN\n", "itx.heading", 2),
      ("IGOR\nWAVES/N=(1,99999) a\nBEGIN\n", "itx.many-columns", 2),
      ("IGOR\nWAVES a\nBEGIN\n1\nx\nEND\n", "text.not-a-number", 5),
      ("IGOR\nWAVES a b\nBEGIN\n1 2\n3\nEND\n", "text.ragged-row", 5),
    ] {
      let found = failure(text)
      #expect(found?.code == code, "\(text)")
      let place = found?.place.description ?? ""
      #expect(place == "line \(line)" || place.hasPrefix("line \(line),"), "\(text): \(place)")
    }
  }

  @Test func refusesEndlessLines() {
    let long = failure("IGOR\nX " + String(repeating: "x", count: 5_000_000) + "\n")
    #expect(long?.code == "itx.line-length" && long?.place == .line(2))
  }

  @Test func isRecognisedByItsFirstLine() {
    for (text, score) in [
      ("IGOR\nWAVES a\n", 100), ("\r\nIGOR\r\nX // x\r\n", 100), ("igor\nhello\n", 60),
      ("My IGOR\nWAVES a\n", 0), ("", 0),
    ] {
      #expect(
        IgorText.recognise(FileHead(ByteView(utf8: text), name: "x")).score == score, "\(text)")
    }
  }
}

/// A file that igorwriter 0.7.1 wrote, with its numbers (the corpus' truth file).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct IgorTextCorpusTests {
  @Test func readsAWrittenWave() throws {
    let path = Corpus.path("afm/itx/SiN_FD.itx")
    let truth = try Truth.of(path)
    let dataset = try IgorText.read(
      FileSource.open(path: path), name: "SiN_FD.itx", options: ReadOptions())
    let table = try #require(dataset["forcecurve"])
    let columns = table.columns.filter { $0.name != "time" }
    #expect(
      [Double(table.rows), Double(columns.count)]
        == truth["shape"]?.elements.compactMap(\.finiteNumber))
    for (column, wanted) in zip(columns, truth["columns"]?.elements ?? []) {
      let found = try #require(column.statistics)
      #expect(Double(found.count) == wanted["n"]?.finiteNumber && found.missing == 0)
      #expect(found.first == wanted["first"]?.finiteNumber)
      #expect(found.last == wanted["last"]?.finiteNumber)
      #expect(found.min == wanted["min"]?.finiteNumber)
      #expect(found.max == wanted["max"]?.finiteNumber)
      #expect(Truth.difference(found.mean, wanted["mean"]?.finiteNumber) < 1e-9)
      #expect(column.unit.ucum == "m")
    }
    #expect(table["time"]?.real?[2] == 0.001 && table["time"]?.unit.ucum == "s")
    let commands = (truth["commands"]?.elements ?? []).compactMap(\.text)
    #expect(
      dataset.metadata.entries.map(\.value) == commands.map { .text(String($0.dropFirst(2))) })
    #expect(dataset.diagnostics.isEmpty && dataset.complete)
  }
}
