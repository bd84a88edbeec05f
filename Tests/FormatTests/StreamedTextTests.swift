import Bytes
import FormatRegistry
import Output
import Reading
import Tables
import TestSupport
import Testing

/// Text tables that are read in pieces say the same as those that are read at once.
@Suite struct StreamedTextTests {
  /// Small pieces, so that small files have many; the head holds the rows that the layout is found from.
  private static func pieces(_ head: Int, _ piece: Int) -> TextStream.Sizes {
    var sizes = TextStream.Sizes()
    sizes.head = head
    sizes.piece = piece
    return sizes
  }

  /// What both ways give for a text: the fields that `inspect` prints, as JSON.
  private func both(
    _ bytes: [UInt8], name: String, head: Int = 16384, piece: Int = 4096
  ) throws -> (whole: String, streamed: String, isStreamed: Bool) {
    let folder = try ScratchFolder()
    let path = try folder.write(name, bytes)
    func text(_ reading: InputReading) -> String {
      var fields = ResultObject()
      fields["format"] = .text(reading.format ?? "")
      fields["sha256"] = .text(reading.identity.sha256)
      fields["bytes"] = .integer(reading.identity.bytes)
      fields["status"] = .text(reading.status)
      fields["diagnostics"] = .list(reading.diagnostics.map(\.result))
      if case .success(let dataset) = reading.outcome {
        fields["complete"] = .text("\(dataset.complete)")
        // The uncertainty of printed digits needs every value; a table read in pieces states none.
        var bare = dataset
        for table in bare.tables.indices {
          for column in bare.tables[table].columns.indices {
            bare.tables[table].columns[column].uncertainty = nil
          }
        }
        fields["dataset"] = .object(bare.resultFields)
        for column in dataset.tables.flatMap({ $0.columns }) {
          fields["origin of \(column.name)"] = .text("\(column.origin)")
        }
      }
      return String(decoding: JSONWriter.line(.object(fields)), as: UTF8.self)
    }
    let whole = InputReader().read(path: path)
    var reader = InputReader()
    reader.summarisesFrom = 1
    reader.pieces = Self.pieces(head, piece)
    let streamed = reader.read(path: path)
    var isStreamed = false
    if case .success(let dataset) = streamed.outcome {
      isStreamed = dataset.tables.flatMap { $0.columns }.contains { $0.summary != nil }
    }
    return (text(whole), text(streamed), isStreamed)
  }

  /// Numbers that need no seed: a multiplicative generator (Lehmer 1951, a = 48271, m = 2^31 − 1).
  private struct Numbers {
    var state: UInt64
    mutating func next(_ n: Int) -> Int {
      state = state * 48271 % 2_147_483_647
      return Int(state % UInt64(n))
    }
    mutating func real() -> String {
      switch next(8) {
      case 0: "\(next(10))"
      case 1: "-\(next(100_000)).\(next(1000))"
      case 2: "\(next(10)).\(next(1_000_000))E-0\(next(9))"
      case 3: "0.\(next(100_000_000))\(next(100_000_000))"
      case 4: "-0.0"
      default: "\(next(5)).\(100_000 + next(900_000))"
      }
    }
  }

  private func expectSame(
    _ text: String, name: String, streams: Bool = true, piece: Int = 4096,
    _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try both(Array(text.utf8), name: name, piece: piece)
    #expect(found.whole == found.streamed, comment, sourceLocation: location)
    #expect(found.isStreamed == streams, comment, sourceLocation: location)
  }

  @Test("tables of random shape say the same in pieces as at once") func tables() throws {
    var streamed = 0
    for seed in 1...40 {
      var random = Numbers(state: UInt64(seed * 7919))
      let isComma = random.next(4) == 0
      let delimiter = ["\t", ";", ",", " "][isComma ? random.next(2) : random.next(4)]
      let end = ["\n", "\r\n"][random.next(2)]
      let columns = 2 + random.next(5)
      let rows = 600 + random.next(4500)
      let kinds = (0..<columns).map { _ in random.next(6) }
      var text = ""
      if random.next(2) == 0 { text += "sample: seed \(seed)" + end }
      if random.next(5) > 0 {
        text +=
          (0..<columns).map { ["time (s)", "a (mV)", "b", "force (nN)", "e", "f (V)"][$0] }
          .joined(separator: delimiter) + end
      }
      let odd = random.next(3) == 0 ? 400 : 1_000_000
      for row in 0..<rows {
        var cells: [String] = []
        for kind in kinds {
          switch kind {
          case 0: cells.append("\(row)")
          case 1: cells.append(row > 900 ? random.real() : "\(random.next(10))")
          case 2 where delimiter != " ": cells.append(["rest", "CC_Chg", "x y"][random.next(3)])
          default: cells.append(random.real())
          }
        }
        if random.next(odd) == 0 {
          cells[random.next(columns)] = ["NaN", "1e999", "-0"][random.next(3)]
        }
        if random.next(odd * 2) == 0 { cells.removeLast() }
        if delimiter != " ", random.next(odd) == 0 { cells[random.next(columns)] = "" }
        if random.next(odd) == 0 { text += "# a remark" + end }
        if random.next(odd) == 0 { text += end }
        if isComma { cells = cells.map { String($0.map { $0 == "." ? "," : $0 }) } }
        text += cells.joined(separator: delimiter)
        if row < rows - 1 || random.next(3) > 0 { text += end }
      }
      let found = try both(Array(text.utf8), name: "t\(seed).txt", piece: 2048 + random.next(6000))
      #expect(found.whole == found.streamed, "seed \(seed)")
      if found.isStreamed { streamed += 1 }
    }
    #expect(streamed >= 20)
  }

  @Test("logs of cyclers say the same in pieces as at once") func logs() throws {
    var streamed = 0
    for seed in 1...30 {
      var random = Numbers(state: UInt64(seed * 104_729))
      let kind = random.next(5)
      let rows = 800 + random.next(2000)
      let end = ["\n", "\r\n"][random.next(2)]
      let header = [
        "Test Time / s,Voltage / V,Current / A,Unix Time / s,Cycle Count / 1",
        "Test Time / h,Voltage / V,Current / mA,Date,Step Type",
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V),Date",
        "Data_Point,Date_Time,Test_Time(s),Step_Time(s),Cycle_Index,Current(A),Voltage(V),"
          + "Charge_Capacity(Ah),Discharge_Capacity(Ah)",
        "elapsed time,potential (V),current (mA),date",
      ][kind]
      var text = header + end
      let odd = random.next(2) == 0 ? 300 : 1_000_000
      var time = 0
      let start = random.next(28)
      for row in 0..<rows {
        time += random.next(odd) == 0 ? -5 : 10
        let (h, m, s) = (time / 3600, time / 60 % 60, time % 60)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let clock = "\(h):\(two(m)):\(two(s))"
        let day = 1 + start + time / 86400
        let date = "2024-03-\(two(day)) \(two(h % 24)):\(two(m)):\(two(s))"
        let slashes = "\(two(day))/03/2024 \(two(h % 24)):\(two(m)):\(two(s))"
        let current = row / 100 % 2 == 0 ? "0.5" : "-0.5"
        var cells: [String]
        switch kind {
        case 0:
          cells = ["\(time)", random.real(), current, "\(1_700_000_000 + time)", "\(row / 200)"]
        case 1: cells = ["\(Double(time) / 3600)", random.real(), current, slashes, "rest"]
        case 2:
          cells = [
            "\(row + 1)", "\(row / 200)", "\(row / 100)", row / 100 % 2 == 0 ? "CC Chg" : "CC DChg",
            clock, clock, current, random.real(), date,
          ]
        case 3:
          cells = [
            "\(row + 1)", "\t" + slashes, "\(time).0", "\(time % 1000).5", "\(row / 200)", current,
            random.real(), "\(row)", "0",
          ]
        default: cells = ["\(Double(time) / 60)", random.real(), current, slashes]
        }
        if random.next(odd) == 0 {
          cells[random.next(cells.count)] = ["", "N/A", "x"][random.next(3)]
        }
        if random.next(odd * 2) == 0 { cells.removeLast() }
        text += cells.joined(separator: ",")
        if row < rows - 1 || random.next(3) > 0 { text += end }
      }
      let found = try both(
        Array(text.utf8), name: "log\(seed).csv", piece: 2048 + random.next(6000))
      #expect(found.whole == found.streamed, "seed \(seed), kind \(kind)")
      if found.isStreamed { streamed += 1 }
    }
    #expect(streamed >= 20)
  }

  /// Rows of a time, a voltage and a current.
  private func rows(_ count: Int, _ row: (Int) -> String = { "\($0),3.\($0 % 1000),0.5" }) -> String
  {
    (0..<count).map { row($0) + "\n" }.joined()
  }

  private let header = "Test Time / s,Voltage / V,Current / A\n"

  @Test("what one piece cannot decide") func oddities() throws {
    try expectSame(header + rows(5000), name: "plain.csv")
    try expectSame(header + rows(5000) + "5000,3.1,0", name: "cut.csv")
    try expectSame(header + rows(5000) + "5000,3.1", name: "ragged-end.csv")
    // A whole number becomes a real one late; the sum of whole numbers overflows.
    try expectSame(
      header + rows(5000) { "\($0),\($0 < 4000 ? "3" : "3.25"),0" }, name: "late-real.csv")
    try expectSame(
      "n,m\n" + rows(5000) { "\($0),\(Int64.max / 3 + Int64($0))" }, name: "large.csv")
    // Numbers whose sum overflows are read at once; their mean does not overflow.
    try expectSame(
      "a (V),b (V)\n" + rows(5000) { "1.\($0)e308,\($0).5" }, name: "overflow.csv", streams: false)
    // A column that is empty at first and then holds text, or numbers.
    try expectSame(
      "a (V),b,c (V)\n" + rows(5000) { "\($0).5,\($0 < 3000 ? "" : "word"),1.5" },
      name: "late-text.csv")
    try expectSame(
      "a (V),b,c (V)\n" + rows(5000) { "\($0).5,\($0 < 3000 ? "" : "2.5"),1.5" },
      name: "late-number.csv")
    // Day and month that only a late stamp tells apart.
    try expectSame(
      "time (s),voltage (V),current (A),date\n"
        + rows(5000) {
          "\($0 * 600),3.5,0.1,\($0 / 144 % 28 + 1)/02/2024 \($0 % 144 / 6):\($0 % 6)0:00"
        }, name: "late-day.csv")
    // Quotes around cells, and a line end inside one.
    try expectSame(
      header + rows(5000) { "\"\($0)\",3.1,\"0.5\"" }, name: "quotes.csv")
    try expectSame(
      "a (V),b,c (V)\n" + rows(5000) { "\($0).5,\($0 == 3000 ? "\"x\ny\"" : "z"),1.5" },
      name: "line-in-quotes.csv", streams: false)
    // Marks between thousands, one row too many that is bad, a line longer than a piece.
    try expectSame(
      "a (V);b (V)\n" + rows(5000) { "\($0).5;\($0 == 3000 ? "1 234.5" : "2.5")" },
      name: "thousands.csv", streams: false)
    try expectSame(
      header + rows(5000) { $0 % 90 == 89 ? "\($0),x" : "\($0),3.1,0.5" }, name: "bad.csv",
      streams: false)
    try expectSame(
      header + rows(5000) { $0 % 110 == 109 ? "\($0),x" : "\($0),3.1,0.5" }, name: "few-bad.csv")
    try expectSame(
      "a (V),b,c (V)\n"
        + rows(5000) { "\($0).5,\($0 == 3000 ? String(repeating: "z", count: 9000) : "z"),1.5" },
      name: "long-line.csv", streams: false)
    // More different words than are counted.
    try expectSame(
      "a (V),b,c (V)\n" + rows(66_000) { "\($0).5,w\($0),1.5" }, name: "words.csv", piece: 65536)
    // Ends of lines: CR alone, and the CR CR LF of a broken transfer.
    for end in ["\r", "\r\r\n"] {
      let text = String((header + rows(5000)).flatMap { $0 == "\n" ? end : String($0) })
      try expectSame(text, name: "ends.csv")
    }
  }

  @Test("encodings in pieces") func encodings() throws {
    let text = Array((header + rows(5000)).utf8)
    func check(_ bytes: [UInt8], _ streams: Bool, _ name: String) throws {
      let found = try both(bytes, name: name)
      #expect(found.whole == found.streamed, "\(name)")
      #expect(found.isStreamed == streams, "\(name)")
    }
    try check([0xEF, 0xBB, 0xBF] + text, true, "mark.csv")
    try check(text + [0x35, 0x2C, 0x00, 0x0A], false, "nul.csv")
    try check([0xFF, 0xFE] + text.flatMap { [$0, 0] }, false, "utf16.csv")
    // A micro sign in Windows-1252 among the labels; another one late; half of a UTF-8 character late.
    let label = Array("time (s),voltage (V),current (".utf8) + [0xB5] + Array("A)\n".utf8)
    try check(label + Array(rows(5000).utf8), true, "latin.csv")
    try check(
      label + Array(rows(5000).utf8) + [0x31, 0x2C, 0xB5, 0x2C, 0x32, 0x0A], false, "late-latin.csv"
    )
    try check(text + [0x31, 0x2C, 0xC3, 0x2C, 0x32, 0x0A], false, "half.csv")
  }

  @Test("a file beyond the memory is summarised in pieces, and refused as a whole") func memory()
    throws
  {
    let folder = try ScratchFolder()
    let path = try folder.write("large.csv", Array((header + rows(5000)).utf8))
    var reader = InputReader()
    reader.memory = 100_000
    let whole = reader.read(path: path)
    #expect(whole.diagnostics.first?.code == "io.too-large" && whole.status == "error")
    var unlimited = reader
    unlimited.options.limits.expansion.memberBytes = .max
    #expect(unlimited.read(path: path).status == "ok")
    reader.summarisesFrom = 1
    reader.pieces = Self.pieces(16384, 4096)
    let streamed = reader.read(path: path)
    #expect(streamed.status == "ok")
    if case .success(let dataset) = streamed.outcome { #expect(dataset.tables[0].rows == 5000) }
  }

  @Test("samples of every text format say the same") func samples() throws {
    var streamed: Set<String> = []
    for path in TestData.samples("cycling") + TestData.samples("encodings") {
      guard
        case .success(let bytes) = Result(catching: { () throws(ReadFailure) in
          try FileSource.open(path: TestData.path(path))
        }), TextVariant.isText(bytes.array)
      else { continue }
      let found = try both(bytes.array, name: "sample.txt", head: bytes.count / 2, piece: 1024)
      #expect(found.whole == found.streamed, "\(path)")
      if found.isStreamed { streamed.insert(path) }
    }
    #expect(streamed.count >= 3, "\(streamed)")
  }
}
