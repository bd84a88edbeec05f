import Bytes
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Scans of single stations against the truth files of the corpus.
///
/// Their numbers come from larch 2026.3.1 and, where no peer reads a file right, from a decoder written
/// beside it from the format's description.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct StationScanCorpusTests {
  /// The files, their format, and the place in our table of each column of the truth.
  static let files: [(path: String, format: String, order: [Int])] = [
    ("columns/PF9A_2022.dat", "pf-9809", Array(0..<5)),
    ("columns/srs9.dat", "srs", Array(0..<15)),
    ("columns/dubble.dat", "srs", Array(0..<15)),
    ("columns/SSRL1_2006.dat", "ssrl", Array(0..<6)),
    ("binary/IN_540_001.003", "ssrl-binary", Array(0..<79)),
    ("columns/x10c.dat", "x10c", Array(0..<8)),
    ("columns/lytle.dat", "lytle", [5, 0, 1, 2, 3, 4]),
    ("columns/Pd_foil.CSV", "dispersive-csv", [0, 1]),
  ]

  func dataset(_ path: String, as id: String) throws -> Dataset {
    let bytes = try FileSource.open(path: Corpus.path("xas/\(path)"))
    let name = String(path.split(separator: "/").last ?? "")
    let detection = FormatRegistry.detect(FileHead(bytes, name: name))
    #expect(detection.candidates.first?.format.id == id, "\(path)")
    #expect((detection.candidates.first?.score ?? 0) >= 85, "\(path)")
    let format = try #require(FormatRegistry.format(id: id))
    return try Reading.read(format, bytes, name: name).get()
  }

  @Test func everyNumberIsThatOfTheTruth() throws {
    var compared = 0
    for (path, id, order) in Self.files {
      let truth = try Truth.of(Corpus.path("xas/\(path)"))["table"] ?? .null
      let scan = try #require(try dataset(path, as: id)["scan"])
      #expect(.integer(scan.rows) == truth["nrows"], "\(path)")
      #expect(.integer(order.count) == truth["ncols"], "\(path)")
      let expected = truth["columns"]?.elements ?? []
      #expect(expected.count == order.count, "\(path)")
      for (wanted, place) in zip(expected, order) where place < scan.columns.count {
        let column = scan.columns[place]
        let found = try #require(column.statistics)
        let scale = max(abs(found.min ?? 0), abs(found.max ?? 0))
        let sum = (found.mean ?? 0) * Double(found.count)
        // The truth files hold ten digits.
        for (value, key, tolerance) in [
          (found.first, "first", 1e-9), (found.last, "last", 1e-9), (found.min, "min", 1e-9),
          (found.max, "max", 1e-9), (sum, "sum", 2e-9),
        ] {
          #expect(
            Truth.difference(value, wanted[key]?.finiteNumber, scale: scale) < tolerance,
            "\(path) \(column.label) \(key)")
          compared += 1
        }
      }
    }
    #expect(compared == 5 * (5 + 15 + 15 + 6 + 79 + 8 + 6 + 2))
  }

  /// A scan with a multi-element detector has nothing beside the columns of the file.
  @Test func pointsOfSeveralLinesAreOneRow() throws {
    for (path, rows) in [("columns/srs9.dat", 397), ("columns/dubble.dat", 377)] {
      let data = try dataset(path, as: "srs")
      #expect(data["scan"]?.rows == rows)
      #expect(data["scan"]?.columns.count == 15)
      #expect(data["scan"]?.columns.first?.name == "mono_angle")
      #expect(data["scan"]?.columns.first?.unit.ucum == "10*-3.deg")
      #expect(data.metadata.text("SRSEXP") == "exafs")
      #expect(data.complete)
    }
  }

  /// The energies that larch made from the angles, in `FILE.norm.csv`.
  @Test func energiesAreThoseOfLarch() throws {
    for (path, id) in [("columns/PF9A_2022.dat", "pf-9809"), ("columns/lytle.dat", "lytle")] {
      let data = try dataset(path, as: id)
      let energy = try #require(data["scan"]?["photon_energy"]?.real)
      let csv = try FileSource.open(path: Corpus.path("xas/\(path).norm.csv"))
      let lines = TextLines(csv)
      let larch = lines.dropFirst().compactMap { line in
        NumberScanner.parse(lines.string(line).prefix { $0 != "," })
      }
      #expect(larch.count == energy.count)
      let ours = energy.sorted()
      for (a, b) in zip(ours, larch) {
        // larch moves repeated energies by 0.0005 eV; the file holds ten digits.
        #expect(abs(a - b) < 0.0021, "\(path)")
      }
      #expect(abs((ours.first ?? 0) - (larch.first ?? 1)) < 1e-5)
      #expect(abs((ours.last ?? 0) - (larch.last ?? 1)) < 1e-5)
    }
  }

  @Test func headersAreKept() throws {
    let factory = try dataset("columns/PF9A_2022.dat", as: "pf-9809")
    #expect(factory.metadata["Mono.d_spacing"] == .real(3.13551))
    #expect(factory.metadata["points"] == .integer(1426))
    #expect(
      factory["scan"]?.columns.map(\.name) == [
        "mono_angle_calculated", "mono_angle", "dwell_time", "incident_intensity",
        "fluorescence_yield", "photon_energy",
      ])
    let repeated = factory.diagnostics.first { $0.code == "axis.repeated" }
    #expect(repeated?.count == 6)
    let collector = try dataset("binary/IN_540_001.003", as: "ssrl-binary")
    #expect(collector.metadata.text("comment_1") == "c-IZO on E2k")
    #expect(collector.metadata.text("offsets")?.hasPrefix("0.0 0.0 0.0") == true)
    #expect(collector["scan"]?.indexColumns == ["photon_energy_achieved"])
    let text = try dataset("columns/SSRL1_2006.dat", as: "ssrl")
    #expect(text.metadata["Mono.d_spacing"] == .real(1.920156))
    #expect(text.diagnostics.map(\.code) == ["text.no-final-newline"])
    let x10c = try dataset("columns/x10c.dat", as: "x10c")
    #expect(x10c.metadata.text("header_1")?.hasSuffix("FIXEDSCAN") == true)
    #expect(!x10c.diagnostics.contains { $0.severity == .warning })
    #expect(try dataset("columns/lytle.dat", as: "lytle").metadata.text("STPDEG") == "4000.")
  }
}
