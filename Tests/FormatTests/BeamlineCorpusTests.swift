import Bytes
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// Column texts of beamlines against larch 2026.3.1 (`read_ascii`): the truth files of the corpus.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct BeamlineCorpusTests {
  /// Each file and the format that should read it.
  static let files: [(path: String, format: String)] = [
    ("al_k/SLS_PHOENIX_2023.dat", "phoenix"),
    ("columns/20K_GOE_Fe_K_240.00000.xdi", "p65"),
    ("columns/20K_GOE_Fe_K_240.00001.xdi", "p65"),
    ("columns/p65_testfile.xdi", "p65"),
    ("columns/6_Ti.0001", "aps-labview"),
    ("columns/APS20BM_2001.dat", "aps-labview"),
    ("columns/APS20ID_2018.dat", "aps-labview"),
    ("columns/APS10BM_2019.dat", "nsls"),
    ("columns/NSLS_XDAC_2011.dat", "nsls"),
    ("columns/fe73ga27.010", "nsls"),
    ("columns/kev.dat", "nsls"),
    ("columns/mn3o4.201", "nsls"),
    ("names/groß.060", "nsls"),
    ("names/みせる.060", "nsls"),
    ("damaged/notdata.5", "nsls"),
    ("damaged/zbroken.dat", "nsls"),
    ("columns/APS13ID_2008.dat", "epics-scan"),
    ("columns/CLSHXMA.dat", "cls"),
    ("columns/ORP5.000", "cls"),
    ("columns/NSLS6BM_2019.dat", "xdi"),
    ("columns/Cu2O Cu K Elettra.txt", "elettra-xafs"),
    ("columns/Pt_foil_Pt L3 SLS.txt", "sls-superxas"),
    ("columns/CR.dat", "xas-columns"),
    ("columns/EMG003.txt", "xas-columns"),
    ("columns/ESRF_BM08_LISA_2021.dat", "xas-columns"),
    ("columns/Pt_foil Pt L3 SAMBA Soleil.txt", "xas-columns"),
    ("columns/cu_rt01.xmu", "xas-columns"),
    ("columns/fe.060.xmu", "xas-columns"),
    ("columns/prenorm_xanes.dat", "xas-columns"),
    ("columns/xmu_testfile.xmu", "xas-columns"),
    ("lcf_Au/s1.dat", "xas-columns"), ("lcf_Au/s2.dat", "xas-columns"),
    ("lcf_Au/s3.dat", "xas-columns"), ("lcf_Au/s4.dat", "xas-columns"),
    ("lcf_Au/s5.dat", "xas-columns"), ("lcf_Au/s6.dat", "xas-columns"),
    ("lcf_Au/unknown.dat", "xas-columns"),
    ("columns/dnd_testfile1.dat", "delimited-table"),
    ("columns/generic_columns_no_header.dat", "delimited-table"),
  ]

  func read(_ path: String) throws -> (format: String, dataset: Dataset) {
    let bytes = try FileSource.open(path: Corpus.path("xas/\(path)"))
    let name = String(path.split(separator: "/").last ?? "")
    let head = FileHead(bytes, name: name)
    let format = try FormatRegistry.choose(
      head, id: nil, detection: FormatRegistry.detect(head))
    return (format.id, try Reading.read(format, bytes, name: name).get())
  }

  @Test func numbersAreThoseOfLarch() throws {
    var compared = 0
    for (path, format) in Self.files {
      let truth = try Truth.of(Corpus.path("xas/\(path)"))
      let expected = try #require(truth["table"], "\(path)")
      let (found, dataset) = try read(path)
      #expect(found == format, "\(path)")
      let scan = try #require(dataset.tables.first)
      #expect(.integer(scan.rows) == expected["nrows"], "\(path)")
      let columns = expected["columns"]?.elements ?? []
      // An energy made from another axis stands behind the file's own columns.
      let own = scan.columns.filter { !$0.origin.steps.contains { $0.hasPrefix("E = ") } }
      #expect(own.count == columns.count, "\(path)")
      for (i, column) in own.enumerated() where i < columns.count {
        let statistics = try #require(column.statistics, "\(path) \(column.label)")
        // Peers leave keV as it stands.
        let isKilo = column.origin.steps.contains { $0.hasPrefix("keV → eV") }
        let factor = isKilo ? 1000.0 : 1
        let scale = max(abs(statistics.min ?? 0), abs(statistics.max ?? 0))
        for (value, key) in [
          (statistics.first, "first"), (statistics.last, "last"), (statistics.min, "min"),
          (statistics.max, "max"),
        ] {
          #expect(
            Truth.difference(
              value, columns[i][key]?.finiteNumber.map { $0 * factor }, scale: scale) < 1e-9,
            "\(path) \(column.label) \(key)")
        }
        // The truth files hold ten digits.
        let sum = (statistics.mean ?? 0) * Double(statistics.count)
        #expect(
          Truth.difference(
            sum, columns[i]["sum"]?.finiteNumber.map { $0 * factor },
            scale: scale * Double(scan.rows).squareRoot()) < 2e-9,
          "\(path) \(column.label) sum")
        #expect(.integer(statistics.missing) == columns[i]["nonfinite"], "\(path) \(column.label)")
        compared += 1
      }
    }
    #expect(compared > 300)
  }
}

extension BeamlineCorpusTests {
  @Test func variantsOfAFileGiveItsNumbers() throws {
    for (variant, source) in [
      ("derived/Cu2O Cu K Elettra.utf16.txt", "columns/Cu2O Cu K Elettra.txt"),
      ("derived/cu_rt01.comma.xmu", "columns/cu_rt01.xmu"),
    ] {
      let (a, b) = (try read(variant), try read(source))
      #expect(a.format == b.format)
      #expect(
        a.dataset.tables.first?.columns.map(\.values)
          == b.dataset.tables.first?.columns.map(\.values)
      )
      #expect(
        a.dataset.tables.first?.columns.map(\.name) == b.dataset.tables.first?.columns.map(\.name))
    }
    let (_, cut) = try read("derived/EMG003.cut.txt")
    #expect(cut.tables.first?.rows == 659)
    #expect(!cut.complete)
    #expect(cut.diagnostics.map(\.code).contains("xas.damaged-row"))
  }

  @Test func aHeaderWithoutRowsIsRefused() throws {
    #expect(throws: ReadFailure.self) { try read("damaged/notdata.0") }
    let bytes = try FileSource.open(path: Corpus.path("xas/damaged/notdata.0"))
    if case .failure(let failure) = Reading.read(NSLSText.self, bytes, name: "notdata.0") {
      #expect(failure.diagnostic.code == "xas.no-data")
    } else {
      Issue.record("notdata.0 is read")
    }
  }

  @Test func columnsHaveTheirMeaning() throws {
    let expected: [(path: String, names: [String: Int])] = [
      (
        "al_k/SLS_PHOENIX_2023.dat",
        [
          "photon_energy": 0, "fluorescence_yield_2": 2, "incident_intensity": 3,
          "electron_yield": 9,
        ]
      ),
      (
        "columns/p65_testfile.xdi",
        [
          "photon_energy": 0, "incident_intensity": 10, "transmitted_intensity": 11,
          "fluorescence_yield": 13,
        ]
      ),
      ("columns/APS10BM_2019.dat", ["incident_intensity": 1, "transmitted_intensity": 2]),
      ("columns/mn3o4.201", ["incident_intensity": 1, "transmitted_intensity": 2]),
      (
        "columns/6_Ti.0001",
        ["incident_intensity": 3, "transmitted_intensity": 4, "reference_intensity": 5]
      ),
      ("columns/APS13ID_2008.dat", ["incident_intensity": 2, "transmitted_intensity": 3]),
      ("columns/ORP5.000", ["incident_intensity": 5, "transmitted_intensity": 6]),
      (
        "columns/CLSHXMA.dat",
        ["photon_energy": 1, "incident_intensity": 5, "transmitted_intensity": 6]
      ),
      (
        "columns/Cu2O Cu K Elettra.txt",
        ["photon_energy": 0, "incident_intensity": 2, "transmitted_intensity": 3, "mu": 4]
      ),
      (
        "columns/Pt_foil_Pt L3 SLS.txt",
        ["photon_energy": 0, "incident_intensity": 2, "transmitted_intensity": 3]
      ),
      (
        "columns/Pt_foil Pt L3 SAMBA Soleil.txt",
        ["photon_energy": 0, "incident_intensity": 6, "transmitted_intensity": 7]
      ),
      ("columns/NSLS_XDAC_2011.dat", ["fluorescence_yield_4": 6, "incident_intensity": 1]),
      ("columns/CR.dat", ["photon_energy": 0, "mu": 1]), ("columns/prenorm_xanes.dat", ["norm": 1]),
      ("lcf_Au/unknown.dat", ["photon_energy": 0, "norm": 1]),
      ("columns/kev.dat", ["photon_energy": 0, "photon_energy_2": 1, "transmitted_intensity": 3]),
    ]
    for (path, names) in expected {
      let table = try #require(try read(path).dataset.tables.first)
      for (name, index) in names.sorted(by: { $0.key < $1.key }) {
        #expect(table.columns.firstIndex { $0.name == name } == index, "\(path) \(name)")
      }
      let energy = try #require(table["photon_energy"] ?? table["photon_energy_achieved"])
      #expect(energy.unit.ucum == "eV", "\(path)")
    }
  }
}
