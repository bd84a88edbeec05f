import Bytes
import ForceMicroscopy
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Real JPK archives, compared with afmformats 0.18.7 (the corpus' truth files).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct JPKCorpusTests {
  static let archives = [
    "cc_pr14-brain-2021.06.30.jpk-force", "fd_2020.02.07-16.29.05.036.jpk-qi-data",
    "fd_flipsign_2015.05.22-15.31.49.352.jpk-force", "fd_map2x2_extracted.jpk-force-map",
    "fd_single-modified_2023.jpk-force", "fd_single_bad_2017-01-16_1.jpk-force",
    "fd_single_bad_bead10_2017-04-27.jpk-force",
    "fd_single_tilted-baseline-drift-mitotic_2021-01-29.jpk-force", "fd_spot3-0192.jpk-force",
  ]

  static func read(_ path: String) throws -> Dataset {
    let file = Corpus.path(path)
    let bytes = try FileSource.open(path: file)
    let name = String(path.split(separator: "/").last ?? "")
    #expect(JPKForceCurve.recognise(FileHead(bytes, name: "x.dat")).score == 100, "\(path)")
    return try JPKForceCurve.read(bytes, name: name, options: ReadOptions())
  }

  /// The tables of one curve of a truth file, in time order.
  static func tables(_ dataset: Dataset, number: Int, of curves: Int) -> [Table] {
    curves == 1 ? dataset.tables : dataset.tables.filter { $0.name.hasPrefix("\(number)/") }
  }

  /// The series of a curve over all its segments.
  static func series(_ tables: [Table], _ name: String) -> [Double]? {
    var all: [Double] = []
    for table in tables {
      guard let values = table[name]?.real else { return nil }
      all += values
    }
    return all
  }

  @Test(arguments: archives) func equalsAfmformats(_ archive: String) throws {
    let path = "afm/jpk/fmt-jpk-" + archive
    let dataset = try Self.read(path)
    let truth = try Truth.of(Corpus.path(path))
    let items = truth["items"]?.elements ?? []
    #expect(Double(items.count) == truth["curves"]?.finiteNumber)
    #expect(!items.isEmpty && dataset.complete)
    #expect(!dataset.diagnostics.contains { $0.severity > .note })
    for item in items {
      let number = Int(item["enum"]?.finiteNumber ?? -1)
      let curve = Self.tables(dataset, number: number, of: items.count)
      #expect(
        curve.map { Double($0.rows) } == item["segment_counts"]?.elements.compactMap(\.finiteNumber)
      )
      try compare(curve, item, dataset, group: items.count > 1 ? "\(number)" : nil, archive)
    }
    // afmformats' own spring constant is an option of its user where the file has none.
    if truth["meta_override"]?["spring constant"] != nil {
      #expect(dataset.setting("spring_constant") == nil)
      #expect(dataset.diagnostics.contains { $0.code == "jpk.not-calibrated" })
    }
  }

  private func compare(
    _ curve: [Table], _ item: ResultValue, _ dataset: Dataset, group: String?, _ what: String
  ) throws {
    let meta = try #require(item["meta"])
    let k = try #require(meta["spring constant"]?.finiteNumber)
    let written = dataset.setting("spring_constant", group: group)
    if let written { #expect(Truth.difference(written.value, k) < 1e-9, "\(what)") }
    let invOLS = try #require(dataset.setting("invols", group: group))
    #expect(Truth.difference(invOLS.value, meta["sensitivity"]?.finiteNumber) < 1e-9, "\(what)")
    let trigger = try #require(dataset.setting("trigger_voltage", group: group))
    let force = trigger.value * invOLS.value * k
    #expect(Truth.difference(force, meta["setpoint"]?.finiteNumber) < 1e-9, "\(what)")
    for setting in [written, invOLS, trigger].compactMap({ $0 }) {
      #expect(dataset.metadata.text(setting.key).flatMap(Double.init) == setting.value)
      #expect(setting.origin.member?.hasSuffix("header.properties") == true)
    }
    let columns = try #require(item["columns"])
    var compared = 0
    for (label, name) in [
      ("force", "force"), ("height (measured)", "sensor_position"),
      ("height (piezo)", "piezo_position"), ("time", "time"),
    ] {
      let expected = try #require(columns[label], "\(what)")
      var values = Self.series(curve, name)
      if label == "force", values == nil {
        values = Self.series(curve, "deflection").map { $0.map { $0 * k } }
      }
      let found = ColumnStatistics(try #require(values, "\(what) \(label)"))
      let scale = max(
        abs(expected["max"]?.finiteNumber ?? 0), abs(expected["min"]?.finiteNumber ?? 0))
      #expect(Double(found.count) == expected["n"]?.finiteNumber, "\(what) \(label)")
      #expect(found.missing == 0)
      for (key, value) in [
        ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
        ("mean", found.mean),
      ] {
        // The truth has ten digits.
        #expect(
          Truth.difference(value, expected[key]?.finiteNumber, scale: scale) < 2e-9,
          "\(what) \(label) \(key)")
        compared += 1
      }
    }
    #expect(compared == 20)
  }

  /// The raw numbers of a member, read by hand with its origin, are those of the column.
  @Test func originsHoldTheBytesOfTheValues() throws {
    let path = "afm/jpk/fmt-jpk-fd_spot3-0192.jpk-force"
    let dataset = try Self.read(path)
    let archive = try ZipArchive(FileSource.open(path: Corpus.path(path)))
    let column = try #require(dataset["approach"]?["sensor_position"])
    let entry = try #require(archive[column.origin.member ?? ""])
    #expect(entry.name == "segments/0/channels/strainGaugeHeight.dat")
    #expect(column.origin.bytes == [0..<4000])
    let raw = try #require(
      archive.read(entry).integers(.int16, count: 2000, order: .big))
    // Encoder, absolute and nominal slot of the header.
    let values = raw.map {
      (Double($0) * 3.096917515831235E-4 - 0.008066754124209652) * -1.0E-5 + 1.0E-4
    }
    #expect(column.real == values)
    #expect(column.origin.steps.count == 4)
  }

  @Test func keepsEveryKeyOfEveryHeader() throws {
    let path = "afm/jpk/fmt-jpk-fd_2020.02.07-16.29.05.036.jpk-qi-data"
    let dataset = try Self.read(path)
    let archive = try ZipArchive(FileSource.open(path: Corpus.path(path)))
    var headers = 0
    for entry in archive.entries where entry.name.hasSuffix(".properties") {
      headers += 1
      let text = try archive.read(entry).latin1()
      let folder = entry.name.split(separator: "/").dropLast().map { $0 + "/" }.joined()
      let first = folder.replacing("index/1/", with: "index/0/")
        .replacing("index/2/", with: "index/0/").replacing("index/3/", with: "index/0/")
      for line in text.split(separator: "\n") where !line.hasPrefix("#") {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !line.contains("\\") else { continue }
        // A later curve holds what differs from the first.
        let value =
          dataset.metadata.text(folder + parts[0]) ?? dataset.metadata.text(first + parts[0])
        #expect(value == String(parts[1]), "\(entry.name) \(parts[0])")
      }
    }
    #expect(headers == 14)
    #expect(
      dataset.metadata.text("quantitative-imaging-map.start-time")
        == "2020-02-07 16:29:05.036 +0100")
    let note = try #require(dataset.diagnostics.first { $0.code == "jpk.other-members" })
    #expect(note.message.contains("2 members") && note.message.contains("data-image.jpk-qi-image"))
    #expect(dataset.metadata.entries.contains { $0.value == .text("15\u{B5}m internal Z Scanner") })
  }

  /// Nine members of the undamaged archive are whole before the cut (afm.md §7).
  @Test func salvagesAnArchiveWithoutDirectory() throws {
    let cut = try Self.read("afm/damaged/spot3_cut.jpk-force")
    let whole = try Self.read("afm/jpk/fmt-jpk-fd_spot3-0192.jpk-force")
    #expect(!cut.complete)
    #expect(cut.tables.map(\.name) == ["approach"])
    for (column, expected) in zip(cut.tables[0].columns, whole.tables[0].columns) {
      #expect(column.real == expected.real)
    }
    let codes = cut.diagnostics.filter { $0.severity == .warning }.map(\.code)
    #expect(codes == ["jpk.no-directory", "jpk.missing-member"])
    #expect(cut.diagnostics[0].message.contains("9 whole members"))
    #expect(cut.diagnostics[1].count == 3)
  }

  @Test func saysWhatIsMissingOrDeclaredWrong() throws {
    let huge = try Self.read("nasty/jpk_num_points_2g.jpk-force")
    #expect(huge.tables.map(\.rows) == [2000, 2000])
    let points = try #require(huge.diagnostics.first { $0.code == "jpk.points" })
    #expect(points.place == .entry("segments/0/segment-header.properties"))
    #expect(points.count == 2 && points.message.contains("2147483647"))
    let part = try Self.read("nasty/jpk_missing_channel.jpk-force")
    let missing = try #require(part.diagnostics.first { $0.code == "jpk.missing-member" })
    #expect(missing.place == .entry("segments/0/channels/vDeflection.dat"))
    #expect(part["approach"]?["force"] == nil && part["retract"]?["force"]?.count == 2000)
    #expect(!part.complete)
  }
}

/// Real text exports of JPK's software; the truth files were made by an independent reading.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct JPKTextCorpusTests {
  @Test(arguments: ["text_JPK-2h.txt", "text_force-save-1.txt"])
  func readsEveryNumber(_ file: String) throws {
    let path = "afm/jpk/" + file
    let bytes = try FileSource.open(path: Corpus.path(path))
    let head = FileHead(bytes, name: file)
    #expect(JPKText.recognise(head).score == 95)
    #expect(FormatRegistry.detect(head).candidates.first?.format.id == "jpk-text")
    let dataset = try JPKText.read(bytes, name: file, options: ReadOptions())
    let truth = try Truth.of(Corpus.path(path))
    let segments = truth["segments"]?.elements ?? []
    #expect(dataset.tables.map(\.name) == ["approach", "retract"] && segments.count == 2)
    #expect(!dataset.diagnostics.contains { $0.severity > .note })
    for (table, segment) in zip(dataset.tables, segments) {
      let k = segment["springConstant"]?.finiteNumber
      #expect(
        Truth.difference(dataset.setting("spring_constant")?.value, k) < 1e-9)
      let sensitivity = segment["sensitivity"]?.finiteNumber
      #expect(Truth.difference(dataset.setting("invols")?.value, sensitivity) < 1e-8)
      #expect(Double(table.rows) == segment["rows"]?.finiteNumber)
      #expect(
        table.columns.map(\.unit.ucum) == segment["units"]?.elements.compactMap(\.text))
      var compared = 0
      for column in table.columns {
        let expected = try #require(segment["columns"]?[column.label], "\(column.label)")
        let found = try #require(column.statistics)
        let scale = max(
          abs(expected["max"]?.finiteNumber ?? 0), abs(expected["min"]?.finiteNumber ?? 0))
        for (key, value) in [
          ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
          ("mean", found.mean), ("n", Double(found.count)),
        ] {
          let difference = Truth.difference(value, expected[key]?.finiteNumber, scale: scale)
          #expect(difference < 2e-9, "\(column.label) \(key)")
          compared += 1
        }
      }
      #expect(compared == 66)
      #expect(
        table.columns.map(\.name) == [
          "sensor_position_2", "force", "sensor_position", "piezo_position", "aux1", "aux3", "aux4",
          "error", "lateral_deflection_voltage", "time", "segment_time",
        ])
    }
    #expect(dataset.metadata.text("data-description.instrument") == "A0076")
    #expect(dataset.metadata.text("retract/segmentIndex") == "1")
  }
}
