import Bytes
import ForceMicroscopy
import Reading
import Tables
import Testing

/// The JPK reader on archives made here: every layout, conversion, kind of damage and warning.
@Suite struct JPKTests {
  typealias Made = JPKTestArchive

  func dataset(_ archive: Made, hasDirectory: Bool = true) throws -> Dataset {
    try archive.read(hasDirectory: hasDirectory).get()
  }

  func failure(_ archive: Made) -> Diagnostic? {
    if case .failure(let failure) = archive.read() { return failure.diagnostic }
    return nil
  }

  func codes(_ dataset: Dataset) -> [String] {
    dataset.diagnostics.filter { $0.severity == .warning }.map(\.code)
  }

  @Test func takesJavaPropertiesApart() throws {
    var archive = Made.curve(Made.deflection, files: ["vDeflection": Made.big([Int16](1...3))])
    archive.members[0].content = Array(
      """
      ! a comment
        first : one\\:\\= two
      second\\ key=15\\u00B5m \\
            and more\\ttab
      third
      twice=1\r
      twice=2
      """.utf8)
    archive.members[0].content += Array("\nlatin=".utf8) + [0xB5]
    let data = try dataset(archive)
    #expect(data.metadata.text("first") == "one:= two")
    #expect(data.metadata.text("second key") == "15\u{B5}m and more\ttab")
    #expect(data.metadata.text("third") == "")
    #expect(data.metadata.text("latin") == "\u{B5}")
    #expect(data.metadata.entries.filter { $0.key == "twice" }.count == 2)
    #expect(codes(data) == ["jpk.repeated-key"])
    let origin = try #require(data.settingOrigins["third"])
    #expect(origin.member == "header.properties" && origin.bytes.first?.count == 5)
  }

  /// The numbers 1, −2 and the greatest of each type, by the encoder's name.
  @Test func readsEveryEncoder() throws {
    let cases: [(String, [UInt8], [Double])] = [
      ("signedshort", Made.big([1, -2, Int16.max]), [1, -2, 32767]),
      ("unsignedshort", Made.big([1, 2, UInt16.max]), [1, 2, 65535]),
      ("signedinteger", Made.big([1, -2, Int32.max]), [1, -2, 2_147_483_647]),
      ("unsignedinteger", Made.big([1, 2, UInt32.max]), [1, 2, 4_294_967_295]),
      ("signedlong", Made.big([1, -2, Int64(1) << 40]), [1, -2, 1_099_511_627_776]),
      ("unsignedlong", Made.big([1, 2, UInt64(1) << 63]), [1, 2, 9_223_372_036_854_775_808]),
    ]
    for (type, bytes, values) in cases {
      let lines = ["channels.list=aux"] + Made.scaled("aux", type, 0.5, 3)
      let data = try dataset(Made.curve(lines, files: ["aux": bytes]))
      #expect(data["approach"]?["aux"]?.real == values.map { $0 * 0.5 + 3 }, "\(type)")
      #expect(data["approach"]?["aux"]?.unit.ucum == "V")
      #expect(codes(data).isEmpty)
    }
  }

  @Test func readsFloatsConstantsAndRamps() throws {
    let lines = [
      "channels.list=a b c d", "channel.a.data.type=float-data", "channel.a.unit.unit=m",
      "channel.b.data.type=double", "channel.c.type=constant-data", "channel.c.value=2.5",
      "channel.c.unit.unit=N", "channel.d.type=raster-data", "channel.d.start=1.0",
      "channel.d.step=0.25",
    ]
    let singles = Made.big([Float(1.5), -2, 8].map(\.bitPattern))
    let doubles = Made.big([0.1, -2, 8].map(\.bitPattern))
    let data = try dataset(Made.curve(lines, files: ["a": singles, "b": doubles]))
    let table = try #require(data["approach"])
    #expect(table["a"]?.real == [1.5, -2, 8] && table["a"]?.unit.ucum == "m")
    #expect(table["b"]?.real == [0.1, -2, 8] && table["b"]?.unit == .absent)
    #expect(table["c"]?.real == [2.5, 2.5, 2.5] && table["c"]?.unit.ucum == "N")
    #expect(table["d"]?.real == [1, 1.25, 1.5])
    #expect(table["time"]?.real == [0, 0.5, 1])
    #expect(codes(data).isEmpty)
  }

  /// 2000 counts are 2 V, 100 nm and 200 nN.
  @Test func calibratesTheDeflectionAsFarAsTheFileAllows() throws {
    let file = ["vDeflection": Made.big([Int16(2000), 0, -2000])]
    let encoder =
      Made.scaled("vDeflection", "signedshort", 0.001, 0) + ["channels.list=vDeflection"]
    for (factors, shown, name, first, notes) in [
      (["distance": 5e-8, "force": 2.0], "force", "force", 2e-7, 0),
      (["distance": 5e-8, "force": 2.0], "volts", "force", 2e-7, 0),
      (["distance": 5e-8], "distance", "deflection", 1e-7, 1),
      (["distance": 5e-8], "volts", "deflection", 1e-7, 1),
      ([:], "volts", "deflection_voltage", 2.0, 1),
    ] {
      let lines = encoder + Made.conversions("vDeflection", shown, factors, ["m", "N"])
      let data = try dataset(Made.curve(lines, files: file))
      let column = try #require(data["approach"]?[name], "\(shown) \(factors)")
      #expect(abs((column.real?.first ?? 0) / first - 1) < 1e-14)
      #expect(data.setting("invols")?.value == factors["distance"])
      #expect(data.setting("spring_constant")?.value == factors["force"])
      #expect(data.diagnostics.map(\.code) == Array(repeating: "jpk.not-calibrated", count: notes))
    }
  }

  @Test func saysWhichConversionCannotBeUsed() throws {
    let file = ["vDeflection": Made.big([Int16(2000), 0, -2000])]
    let key = "channel.vDeflection.conversion-set.conversion."
    for (change, name, words) in [
      (key + "force.scaling.multiplier=strong", "deflection", "'strong', which is no number"),
      (key + "force.scaling.style=table", "deflection", "style 'table'"),
      (key + "distance.base-calibration-slot=force", "deflection_voltage", "back to it"),
      ("channel.vDeflection.data.encoder.scaling.multiplier=", "vdeflection", "is no number"),
    ] {
      let data = try dataset(Made.curve(Made.deflection + [change], files: file))
      let warning = try #require(
        data.diagnostics.first { $0.code == "jpk.conversion" }, "\(change)")
      #expect(warning.message.contains(words))
      #expect(data["approach"]?.columns.first?.name == name, "\(change)")
    }
    // A default that is not defined: the last defined slot is shown, and said.
    let height =
      ["channels.list=height"] + Made.scaled("height", "signedshort", 1e-6, 0)
      + Made.conversions("height", "calibrated", ["distance": 2], ["m", "N"])
    let data = try dataset(
      Made.curve(height, files: ["height": Made.big([Int16(1), 2, 3])]))
    #expect(data["approach"]?["piezo_position"]?.real?.first == 2e-6)
    #expect(codes(data) == ["jpk.conversion"])
  }

  @Test func namesSegmentsByStyle() throws {
    var archive = Made()
    archive.add("header.properties", ["type=force-scan-series"])
    let styles = ["pause", "extend", "modulation", "extend", "retract", "creep test"]
    for (i, style) in styles.enumerated() {
      archive.addSegment(
        "segments/\(i)/", Made.deflection, files: ["vDeflection": Made.big([Int16](1...3))],
        style: style)
    }
    let data = try dataset(archive)
    #expect(
      data.tables.map(\.name)
        == ["dwell", "approach", "modulation", "approach_2", "retract", "creep_test"])
    #expect(data.tables.map { $0["time"]?.real?.first } == [0, 1.5, 3, 4.5, 6, 7.5])
    #expect(data.diagnostics.map(\.code) == ["jpk.segment-style"])
  }

  /// A map of three curves; `spare` and `change` make the second one different.
  func map(damaged: String? = nil, springConstant: Double = 2, lines: [String] = []) -> Made {
    var archive = Made()
    archive.add("header.properties", ["force-scan-map.indexes.max=2"])
    for i in 0..<3 {
      archive.add("index/\(i)/header.properties", ["position-index=\(i)", "user=same"])
      var own = Made.deflection
      if i == 1 {
        own = own.map {
          $0.replacing("scaling.multiplier=2.0", with: "scaling.multiplier=\(springConstant)")
        }
        own += lines
      }
      archive.addSegment(
        "index/\(i)/segments/0/", own, files: ["vDeflection": Made.big([Int16](1...3))])
    }
    if let damaged { archive.damaged = [damaged] }
    return archive
  }

  @Test func keepsOfLaterCurvesWhatDiffers() throws {
    let data = try dataset(map(springConstant: 4, lines: ["extra=1"]))
    #expect(data.tables.map(\.name) == ["0/approach", "1/approach", "2/approach"])
    #expect(data.setting("spring_constant")?.value == 2)
    #expect(data.setting("spring_constant", group: "1")?.value == 4)
    #expect(data.setting("spring_constant", group: "2")?.value == 2)
    #expect(data.settings.count == 3)
    let force = data.tables.map { $0["force"]?.real?.first }
    #expect(force[0] == force[2] && force[1] == force[0].map { $0 * 2 })
    let keys = data.metadata.entries.map(\.key).filter { $0.hasPrefix("index/1/") }
    #expect(
      keys == [
        "index/1/position-index",
        "index/1/segments/0/channel.vDeflection.conversion-set.conversion.force.scaling.multiplier",
        "index/1/segments/0/extra",
      ])
    #expect(data.metadata.text("index/0/user") == "same")
    #expect(data.diagnostics.isEmpty && data.complete)
  }

  @Test func losesOneCurveForOneDamagedMember() throws {
    let data = try dataset(map(damaged: "index/1/segments/0/channels/vDeflection.dat"))
    #expect(data.tables.map(\.name) == ["0/approach", "2/approach"])
    #expect(codes(data) == ["jpk.damaged-member", "jpk.lost-curves"])
    #expect(data.diagnostics[0].place == .entry("index/1/segments/0/channels/vDeflection.dat"))
    #expect(data.diagnostics[1].message.contains("1 of 3 curves"))
    #expect(!data.complete)
    let header = try dataset(map(damaged: "index/0/segments/0/segment-header.properties"))
    #expect(header.tables.map(\.name) == ["1/approach", "2/approach"])
    // The header of the file alone costs its settings only.
    let top = try dataset(map(damaged: "header.properties"))
    #expect(top.tables.count == 3 && codes(top) == ["jpk.damaged-member"])
  }

  @Test func salvagesWholeMembersAndDropsTornCurves() throws {
    let archive = map()
    let whole = archive.bytes(hasDirectory: false)
    let data = try TestSupportReading.read(Array(whole.dropLast(4))).get()
    #expect(data.tables.map(\.name) == ["0/approach", "1/approach"])
    #expect(codes(data) == ["jpk.no-directory", "jpk.missing-member", "jpk.lost-curves"])
    #expect(try dataset(archive, hasDirectory: false).tables.count == 3)
    // A damaged member between whole ones is passed over.
    var torn = map(damaged: "index/1/header.properties")
    torn.damaged.insert("header.properties")
    let passed = try dataset(torn, hasDirectory: false)
    #expect(passed.tables.count == 3)
    #expect(codes(passed) == ["jpk.no-directory", "jpk.missing-member"])
    #expect(TestSupportReading.read(Array(whole.prefix(40))).failureCode == "zip.truncated")
  }

  @Test func refusesWhatHasNoScaleOrNoCurve() throws {
    let lines = ["channels.list=height", "channel.height.lcd-info.*=0"]
    let archive = Made.curve(lines, files: ["height": Made.big([Int16](1...3))])
    #expect(failure(archive)?.code == "jpk.no-shared-data")
    #expect(failure(archive)?.place == .entry("shared-data/header.properties"))
    var empty = Made()
    empty.add("header.properties", ["type=force-scan-series"])
    #expect(failure(empty)?.code == "jpk.no-curves")
    var headless = Made()
    headless.members.append(("segments/0/channels/height.dat", [0, 1]))
    #expect(failure(headless)?.code == "jpk.no-curves")
  }

  @Test func warnsOfDataThatContradictTheHeader() throws {
    let two =
      ["channels.list=vDeflection aux aux2"] + Made.deflection.dropFirst()
      + Made.scaled("aux", "signedshort", 1, 0)
      + ["channel.aux2.data.file.name=channels/aux.dat"] + Made.scaled("aux2", "signedshort", 1, 0)
      + ["force-segment-header.duration=long", "channel.aux.data.num-points=2"]
    let data = try dataset(
      Made.curve(
        two,
        files: ["vDeflection": Made.big([Int16](1...3)) + [7], "aux": Made.big([Int16](1...2))]))
    #expect(
      Set(codes(data)) == [
        "jpk.shared-file", "jpk.odd-length", "jpk.channel-length", "jpk.points", "jpk.repeated-key",
        "jpk.duration",
      ])
    let table = try #require(data["approach"])
    #expect(
      table.rows == 3 && table["aux"]?.missing.count == 1
        && table["aux"]?.missing.contains(2) == true)
    #expect(table["time"] == nil)
    let unknown = try dataset(
      Made.curve(
        Made.deflection + ["channels.list=vDeflection x", "channel.x.data.encoder.type=quantum"],
        files: ["vDeflection": Made.big([Int16](1...3)), "x": [1]]))
    #expect(codes(unknown).contains("jpk.encoding"))
    let bare = try dataset(
      Made.curve(
        ["channels.list=x", "channel.x.data.type=short"], files: ["x": Made.big([Int16](1...3))]))
    #expect(codes(bare) == ["jpk.encoding"] && bare["approach"]?["x"]?.real == [1, 2, 3])
  }

  @Test func boundsChannelsWithoutData() throws {
    let names = (0..<40).map { "c\($0)" }
    let lines =
      ["channels.list=a " + names.joined(separator: " "), "channel.a.data.type=double"]
      + names.flatMap { ["channel.\($0).type=constant-data", "channel.\($0).value=1"] }
    let data = try dataset(
      Made.curve(lines, files: ["a": Made.big([1.0, 2, 3].map(\.bitPattern))]))
    #expect(data["approach"]?.columns.count == 18)
    #expect(codes(data) == ["jpk.many-channels"])
  }
}

extension Result<Dataset, ReadFailure> {
  fileprivate var failureCode: String? {
    if case .failure(let failure) = self { return failure.diagnostic.code }
    return nil
  }
}

/// JPK's text exports, made here.
@Suite struct JPKTextTests {
  static let header = """
    # TEXT EXPORT
    # index: 4
    # approachID: a
    # segmentIndex: 0
    # segment: extend
    # columns: height vDeflection odd
    # fancyNames: "Height [nm]" "Vertical Deflection [nN]" "Odd"
    # springConstant: 0.5
    # sensitivity: 1.0E-8
    """

  func read(_ text: String) throws(ReadFailure) -> Dataset {
    try JPKText.read(ByteView(utf8: text), name: "export.txt", options: ReadOptions())
  }

  @Test func takesUnitsFromFancyNames() throws {
    let data = try read(Self.header + "\n1.0 2.0 3.0\n2.0 2.5 4.0\n")
    let table = try #require(data["approach"])
    #expect(table["piezo_position"]?.real == [1e-9, 2e-9])
    #expect(table["force"]?.real == [2e-9, 2.5e-9])
    #expect(table["odd"]?.real == [3, 4] && table["odd"]?.unit == .absent)
    #expect(data.diagnostics.map(\.code) == ["unit.unknown"])
    #expect(data.setting("spring_constant")?.value == 0.5)
    #expect(data.setting("invols")?.origin.lines == 9...9)
  }

  @Test func tellsCurvesApart() throws {
    let text =
      Self.header + "\n1 2 3\n2 3 4\n\n# segmentIndex: 1\n# segment: pause\n1 2 3\n"
      + "# index: 7\n# segmentIndex: 0\n# segment: extend\n# springConstant: 0.25\n1 2 3\n"
      + "# segmentIndex: 1\n# segment: extend\n5 6 7\n"
    let data = try read(text)
    #expect(data.tables.map(\.name) == ["4/approach", "4/dwell", "7/approach", "7/approach_2"])
    #expect(data.setting("spring_constant", group: "7")?.value == 0.25)
    #expect(data.setting("spring_constant", group: "4")?.value == 0.5)
    #expect(data.metadata.text("7/approach/index") == "7")
  }

  @Test func refusesAndWarns() throws {
    let cut = try read(Self.header + "\n1 2 3\n2 3 4\n# segmentIndex: 1\n# segment: retract\n")
    #expect(!cut.complete && cut.tables.count == 1)
    #expect(cut.diagnostics.contains { $0.code == "jpk-text.no-rows" && $0.severity == .warning })
    for (text, code) in [
      ("# segment: extend\n# units: m\n1 2\n", "jpk-text.no-columns"),
      (Self.header + "\n", "jpk-text.no-data"),
    ] {
      let failure = #expect(throws: ReadFailure.self) { try read(text) }
      #expect(failure?.diagnostic.code == code)
    }
    let other = Self.header + "\n1 2 3\n2 3 4\n# segmentIndex: 1\n# springConstant: 0.7\n1 2 3\n"
    #expect(try read(other).diagnostics.contains { $0.code == "jpk-text.repeated-setting" })
    let short = "# force-settings.extend-k-length: 9\n" + Self.header + "\n1 2 3\n2 3 4\n"
    #expect(try read(short).diagnostics.contains { $0.code == "jpk-text.points" })
  }
}
