import Bytes
import FormatRegistry
import Foundation
import Reading
import Tables
import TestSupport
import Testing
import Units
import XRayAbsorption

/// Spectra written as XDI: read again by our reader, and by the reference library where it is there.
@Suite struct XDIExportTests {
  /// An input with its spectra as XDI.
  struct Exported {
    var path: String
    var dataset: Dataset
    var documents: [XDIDocument]
    var problems: [Diagnostic]
  }

  static func export(_ path: String) throws -> Exported? {
    let bytes = try FileSource.open(path: path)
    let name = String(path.split(separator: "/").last ?? "")
    let detection = FormatRegistry.detect(FileHead(bytes, name: name))
    guard
      let format = try? FormatRegistry.choose(
        FileHead(bytes, name: name), id: nil, detection: detection),
      case .success(let dataset) = Reading.read(format, bytes, name: name)
    else { return nil }
    var documents: [XDIDocument] = []
    var problems: [Diagnostic] = []
    for table in XDIExport.tables(of: dataset) {
      var export = XDIExport(file: name, sha256: "00ff", format: format.id)
      if let document = export.document(of: table, in: dataset) { documents.append(document) }
      problems += export.problems
    }
    return Exported(path: path, dataset: dataset, documents: documents, problems: problems)
  }

  /// The samples of TestData and, where it is there, the corpus.
  static let paths: [String] = {
    var result = TestData.samples("xas").map { TestData.path($0) }
    if Corpus.available, let entries = try? FileSource.list(folder: Corpus.path("xas")) {
      result += entries.filter {
        $0.kind == .file && ![".json", ".csv", ".tsv"].contains(where: $0.relativePath.hasSuffix)
      }.map { Corpus.path("xas/\($0.relativePath)") }
    }
    return result
  }()

  @Test func everySampleComesBack() throws {
    var spectra = 0
    // Series of no technique are no spectra.
    for path in TestData.samples("xas") where !path.hasPrefix("xas/hdf5/") {
      let exported = try #require(try Self.export(TestData.path(path)))
      #expect(!exported.documents.isEmpty, "\(path)")
      for document in exported.documents {
        let bytes = document.bytes
        #expect(bytes.count >= 256)
        let view = ByteView(bytes)
        #expect(XDIFormat.recognise(FileHead(view, name: "a.xdi")).score == 100)
        let again = try Reading.read(XDIFormat.self, view, name: "a.xdi").get()
        let scan = try #require(again["scan"])
        for (i, series) in document.series.enumerated() {
          #expect(scan.columns[i].label == document.labels[i])
          #expect(
            scan.columns[i].real?.map(\.bitPattern) == series.values.map(\.bitPattern),
            "\(path) \(i)")
        }
        #expect(again.reading["conformance.verdict"] != "invalid", "\(path)")
        #expect(!document.fields.contains { $0.key == "Interphase.rows_left_out" }, "\(path)")
        spectra += 1
      }
    }
    #expect(spectra >= 16)
  }

  @Test func theAxisComesFirstUnderItsName() throws {
    let lytle = try #require(try Self.export(TestData.path("xas/lytle/copper_foil.dat")))
    let document = try #require(lytle.documents.first)
    #expect(document.labels == ["energy", "steps", "i0", "it", "if", "ir"])
    let text = String(decoding: document.bytes, as: UTF8.self)
    #expect(text.hasPrefix("# XDI/1.0 Interphase/\(interphaseVersion)\n# Column.1: energy eV\n"))
    #expect(text.contains("\n# Interphase.source_NPTS: 43\n"))
    #expect(text.contains("\n# Interphase.source_format: lytle\n"))
    #expect(lytle.problems.map(\.code) == ["export.xdi-absorber"])
    // Thousandths of a degree become degrees.
    let srs = try #require(try Self.export(TestData.path("xas/srs/nine_elements.dat")))
    #expect(srs.documents.first?.labels.first == "angle")
    #expect(srs.documents.first?.series.first?.unit == "deg")
    #expect(abs((srs.documents.first?.series.first?.values.first ?? 0) - 15.22) < 1e-12)
    // The element of a project's group.
    let table = Table(
      name: "t",
      columns: [
        Column(
          name: "photon_energy", label: "x", values: .real([1, 2]), unit: .known(.electronvolt)),
        Column(name: "mu", label: "y", values: .real([1, 2]), unit: .known(.one)),
      ])
    var group = table
    group.metadata.append("bkg_z", "Al")
    group.metadata.append("fft_edge", "k")
    let dataset = Dataset(format: "athena", technique: .xas, tables: [group])
    var export = XDIExport(file: "a.prj")
    let first = export.document(of: group, in: dataset)
    let named = try #require(first)
    #expect(named.fields.contains(.init("Element.symbol", "Al")))
    #expect(named.fields.contains(.init("Element.edge", "K")))
    #expect(named.fields.contains(.init("Interphase.absorber_source", "file")))
    export.absorber = .init(symbol: "Si", edge: "K", source: "nearest-edge")
    let other = export.document(of: table, in: dataset)
    let near = try #require(other)
    #expect(near.fields.contains(.init("Interphase.absorber_source", "nearest-edge")))
  }

  @Test func whatHasNoPlaceIsTold() throws {
    func column(_ name: String, _ values: ColumnValues) -> Column {
      Column(name: name, label: name, values: values, unit: .absent)
    }
    let table = Table(
      name: "t",
      columns: [
        column("photon_energy", .real([1, 2, 3, 4])), column("mu", .real([1, .nan, 3, 4])),
        column("dead", .real([.nan, .nan, .nan, 1])), column("clock", .text(["a", "b", "c", "d"])),
      ])
    var export = XDIExport(file: "a")
    let dataset = Dataset(format: "x", technique: .xas, tables: [table])
    let made = export.document(of: table, in: dataset)
    let document = try #require(made)
    #expect(document.rows == 3)
    #expect(document.labels == ["photon_energy", "mu"].map { $0 == "mu" ? $0 : "energy" })
    #expect(
      export.problems.map(\.code) == [
        "export.xdi-columns", "export.xdi-rows", "export.xdi-absorber",
      ])
    #expect(export.problems[0].count == 2)
    #expect(document.fields.contains(.init("Interphase.rows_left_out", "1")))
    #expect(document.fields.contains(.init("Interphase.columns_left_out", "dead, clock")))
    let other = Table(
      name: "o", columns: [column("voltage", .real([1])), column("current", .real([1]))])
    var none = XDIExport(file: "a")
    let refused = none.document(of: other, in: dataset)
    #expect(refused == nil)
    #expect(none.problems.map(\.code) == ["export.xdi-axis"])
    let empty = Table(
      name: "e", columns: [column("photon_energy", .real([1])), column("mu", .real([.nan]))])
    let holes = none.document(of: empty, in: dataset)
    #expect(holes == nil)
    #expect(none.problems.last?.severity == .error)
    let long = [Double](repeating: 1, count: 16400)
    let many = Table(
      name: "m", columns: [column("photon_energy", .real(long)), column("mu", .real(long))])
    let large = none.document(of: many, in: dataset)
    #expect(large?.rows == 16400)
    #expect(none.problems.contains { $0.code == "export.xdi-lines" })
  }

  @Test func processedSpectraAreThoseOfTheAnalysis() throws {
    let path = TestData.path("xas/xdi/al_k_edge.xdi")
    let dataset = try #require(try Self.export(path)).dataset
    var options = XASOptions()
    options.arrays = true
    let analysis = try XASFileAnalysis(
      dataset, input: InputIdentity(path: path, bytes: 1, sha256: "00ff"), options: options,
      tracePrefix: "t.")
    let spectrum = try #require(analysis.spectra.first)
    let arrays = try #require(analysis.result["spectra"]?[0]?["arrays"])
    let table = spectrum.processed
    #expect(
      table.columns.map(\.name) == ["photon_energy", "mu", "pre_edge", "post_edge", "norm", "flat"])
    for column in table.columns {
      let wanted = (arrays[column.label]?.elements ?? []).map { $0.finiteNumber ?? .nan }
      #expect(column.real?.map(\.bitPattern) == wanted.map(\.bitPattern), "\(column.name)")
      #expect(wanted.count > 100)
    }
    var export = XDIExport(file: "al_k_edge.xdi", sha256: "00ff", format: "xdi")
    export.facts = spectrum.exportFacts
    export.absorber = spectrum.absorber
    let made = export.document(
      processed: spectrum.processedSeries, of: dataset.tables[0], in: dataset)
    let document = try #require(made)
    #expect(document.labels == ["energy", "mu", "pre_edge", "post_edge", "norm", "flat"])
    let again = try Reading.read(XDIFormat.self, ByteView(document.bytes), name: "a.xdi").get()
    for (column, own) in zip(again["scan"]?.columns ?? [], table.columns) {
      #expect(column.real?.map(\.bitPattern) == own.real?.map(\.bitPattern), "\(own.name)")
    }
    #expect(again.metadata.text("Sample.name") == dataset.metadata.text("Sample.name"))
    #expect(again.metadata.text("Interphase.convention") == "interphase")
    #expect(again.metadata.text("Interphase.e0")?.hasSuffix(" eV") == true)
    #expect(again.metadata.text("Element.symbol") == "Al")
    #expect(again.reading["conformance.verdict"] == "valid")
    // An option stands above the file.
    export.absorber = .init(symbol: "Si", edge: "K", source: "option")
    let other = export.document(of: dataset.tables[0], in: dataset)
    #expect(other?.fields.filter { $0.key == "Element.symbol" } == [.init("Element.symbol", "Si")])
    #expect(other?.fields.contains(.init("Interphase.absorber_source", "option")) == true)
  }

  /// A document whose labels, fields and comments are made to break readers.
  static let hostile: XDIDocument = {
    var document = XDIDocument(version: interphaseVersion)
    document.application = "evil/1.0\n# Element.symbol: Xx " + String(repeating: "a", count: 9000)
    let labels = [
      "energy", "data", "__class__", "2", "", "two words\nnext", "energy", "ENERGY", "µ(E)/Å",
      "# ---", "attrs", String(repeating: "label", count: 3000), "nan", "a:b", "\u{1B}[31m",
      "data_column", "energy_2",
    ]
    for (i, label) in labels.enumerated() {
      document.series.append(
        .init(
          label: label, unit: i % 3 == 0 ? "eV" : "bad\nunit || x", remark: "PV:\r\n1.0 2.0",
          values: [Double(i) + 0.1, -1e300, .leastNonzeroMagnitude, 1 / 3, -0.0]))
    }
    document.fields = [
      .init("Element.symbol", "Al"), .init("Element.edge", "K"),
      .init("Two.dots.here", "kept as a comment"), .init("9family.key", "too"),
      .init("Nokey", "too"),
      .init("Empty.value", " "), .init("A.short", "a family of one letter"),
      .init("Long.value", String(repeating: "é long ", count: 3000)),
      .init("Line.ends", "one\r\n# Column.1: trap\ntwo"), .init("Bad key.x", "blank"),
      .init("Zero.byte", "a\u{0}b"),
    ]
    document.comments = [
      "---", "--------", "///", "//// end", "#---", "1.0 2.0 3.0", "a\n--- b", "",
      String(repeating: "x", count: 20000), "\u{7F}\u{1}\u{2028}", "=1+1",
    ]
    return document
  }()

  @Test func hostileTextsDoNoHarm() throws {
    let document = Self.hostile
    let labels = document.labels
    #expect(Set(labels.map { $0.lowercased() }).count == labels.count)
    for label in labels {
      #expect(
        label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }, "\(label)")
      #expect(label.first?.isLetter == true && label.utf8.count < 70)
    }
    #expect(!labels.contains("data") && !labels.contains("attrs") && labels.first == "energy")
    let bytes = document.bytes
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.utf8.count < 8000 })
    #expect(lines.filter { $0.hasPrefix("#---") }.count == 1)
    #expect(lines.filter { $0.hasPrefix("# ///") }.count == 1)
    let again = try Reading.read(XDIFormat.self, ByteView(bytes), name: "a.xdi").get()
    #expect(again.reading["conformance.verdict"] == "valid")
    #expect(again.metadata.text("Element.symbol") == "Al")
    #expect(again.metadata.text("Line.ends") == "one # Column.1: trap two")
    #expect(again.metadata.text("comments")?.contains("Two.dots.here: kept as a comment") == true)
    for (i, series) in document.series.enumerated() {
      #expect(again["scan"]?.columns[i].real?.map(\.bitPattern) == series.values.map(\.bitPattern))
    }
  }

  @Test(.enabled(if: Corpus.available, "corpus absent")) func sourcesInXDIComeBackUnchanged() throws
  {
    var compared = 0
    for path in Self.paths where path.hasSuffix("xdi") {
      guard let exported = try Self.export(path), exported.dataset.format == "xdi",
        let document = exported.documents.first
      else { continue }
      let again = try Reading.read(XDIFormat.self, ByteView(document.bytes), name: "a.xdi").get()
      let skipped = ["version", "application", "comments"]
      for entry in exported.dataset.metadata.entries
      where !skipped.contains(entry.key) && !entry.key.lowercased().hasPrefix("column.") {
        guard case .text(let value) = entry.value else { continue }
        // A lattice spacing with a unit, which larch does not take, stands beside the number.
        let isField = again.metadata.entries.contains {
          ($0.key == entry.key || $0.key == "Interphase.source_d_spacing")
            && $0.value == entry.value
        }
        let isComment =
          again.metadata.text("comments")?.contains(
            value.isEmpty ? "\(entry.key):" : "\(entry.key): \(value)") ?? false
        #expect(isField || isComment, "\(path) \(entry.key)")
        compared += 1
      }
      let comments = exported.dataset.metadata.text("comments") ?? ""
      let found = again.metadata.text("comments") ?? ""
      for line in comments.split(separator: "\n") where !line.hasPrefix("---") {
        #expect(found.contains(line), "\(path)")
      }
      // A second export changes nothing.
      var export = XDIExport(
        file: String(path.split(separator: "/").last ?? ""), sha256: "00ff", format: "xdi")
      let scan = try #require(again["scan"])
      let twice = export.document(of: scan, in: again)
      let second = try #require(twice)
      #expect(
        second.fields.filter { !$0.key.hasPrefix("Interphase.") }
          == document.fields.filter {
            !$0.key.hasPrefix("Interphase.") && XDIFormatTestKeys.isField($0)
          }, "\(path)")
    }
    #expect(compared > 400)
  }

  // MARK: - The reference library

  /// A Python with xraylarch, named by the environment: `pip install xraylarch` brings libxdifile.
  static let python = ProcessInfo.processInfo.environment["INTERPHASE_LARCH_PYTHON"]

  private static let script = """
    import sys, os
    import numpy as np
    from larch.io import read_xdi
    from larch.io.xdi import XDIFile
    folder = sys.argv[1]
    bad = 0
    names = sorted(n for n in os.listdir(folder) if n.endswith('.xdi'))
    for name in names:
        path = os.path.join(folder, name)
        labels = open(path + '.labels').read().split()
        expected = np.fromfile(path + '.f64')
        try:
            file = XDIFile(path)
            group = read_xdi(path)
        except Exception as error:
            print(name, 'refused', repr(error)); bad += 1; continue
        found = np.array(file.data)
        expected = expected.reshape(found.shape[0], -1) if expected.size % found.shape[0] == 0 else expected
        # 1: an angle without lattice spacing, which some sources do not give.
        spaced = 'd_spacing' in file.attrs.get('mono', {})
        if file.status != 0 and not (file.status == 1 and labels[0] == 'angle' and not spaced):
            print(name, 'status', file.status); bad += 1
        if found.shape != expected.shape or found.tobytes() != expected.tobytes():
            print(name, 'other numbers', found.shape, expected.shape); bad += 1
        if np.array(group.data).tobytes() != expected.tobytes():
            print(name, 'read_xdi: other numbers'); bad += 1
        if list(file.array_labels) != labels:
            print(name, 'labels', file.array_labels[:5]); bad += 1
    print('files', len(names), 'bad', bad)
    """

  @Test(.enabled(if: python != nil, "INTERPHASE_LARCH_PYTHON names no Python with xraylarch"))
  func larchAndTheReferenceLibraryReadWhatWeWrite() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-xdi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var documents = [Self.hostile]
    for path in Self.paths { documents += try Self.export(path)?.documents ?? [] }
    for (n, document) in documents.enumerated() {
      let name = folder.appendingPathComponent("\(n).xdi")
      try Data(document.bytes).write(to: name)
      let values = document.series.flatMap { $0.values.prefix(document.rows) }
      try Data(values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } })
        .write(to: name.appendingPathExtension("f64"))
      try Data(document.labels.joined(separator: " ").utf8)
        .write(to: name.appendingPathExtension("labels"))
    }
    let script = folder.appendingPathComponent("check.py")
    try Data(Self.script.utf8).write(to: script)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.python ?? "")
    process.arguments = [script.path, folder.path]
    let log = folder.appendingPathComponent("log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: log)
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    let told = text.split(separator: "\n").filter { !$0.contains("may be truncated") }
    #expect(process.terminationStatus == 0)
    #expect(told == ["files \(documents.count) bad 0"])
  }
}

/// Which fields of an export an XDI reader gives back as fields.
enum XDIFormatTestKeys {
  static func isField(_ field: XDIDocument.Field) -> Bool {
    let parts = field.key.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].count >= 2 && !parts[1].isEmpty
      && !field.value.isEmpty && parts[0].first?.isNumber == false
      && field.key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
  }
}
