import Bytes
import FormatRegistry
import Output
import Reading
import SimulationFiles
import Tables
import TestSupport
import Testing
import Units

/// PFHub records, VTK image data, COMSOL exports and configurations, one small file for each dialect.
@Suite struct SimulationFilesTests {
  private func read(
    _ format: any FileFormat.Type, _ text: String, name: String = "file"
  ) throws -> Dataset {
    try format.read(ByteView(utf8: text), name: name, options: ReadOptions())
  }

  private func code(_ format: any FileFormat.Type, _ bytes: [UInt8]) -> String? {
    do {
      _ = try format.read(ByteView(bytes), name: "file", options: ReadOptions())
      return nil
    } catch {
      return error.diagnostic.code
    }
  }

  // MARK: PFHub

  private let record = """
    benchmark: {id: 7a, version: 0}
    metadata: {implementation: {name: mmsp}}
    data:
    """

  @Test func recordsOfAnyShapeAreRead() throws {
    let dataset = try read(
      PFHubMeta.self,
      record + """

        - name: rows
          values:
          - [1, 2.5]
          - [3, nan]
        - name: scalars
          values: [1, '2', 3e0]
        - name: columns
          values: {time: [0, 1, 2], energy: [3, 2, 1]}
        - name: ragged
          values:
          - {time: 0, L2: 1}
          - {time: 1}
        - name: words
          values:
          - {code: a, y: 1}
          - {code: b, y: 2}
        - name: one
          values: 0.5
        - name: far
          url: https://example.org/x.csv
          transform:
          - {type: formula, expr: datum.a, as: y}

        """)
    #expect(
      dataset.tables.map(\.name) == ["rows", "scalars", "columns", "ragged", "words", "one"])
    #expect(dataset.tables[0].columns[1].real?[0] == 2.5)
    #expect(dataset.tables[0].columns[1].missing.count == 1)
    #expect(dataset.tables[1].columns[0].real == [1, 2, 3])
    #expect(dataset.tables[2]["free_energy"]?.real == [3, 2, 1])
    #expect(dataset.tables[2].indexColumns == ["time"])
    #expect(dataset.tables[3]["l2_error"]?.missing.contains(1) == true)
    #expect(dataset.tables[4].columns[0].values == .text(["a", "b"]))
    #expect(dataset.tables[4]["y"]?.real == [1, 2])
    #expect(dataset.tables[5].rows == 1)
    #expect(dataset.metadata.text("data.far.transform.y") == "datum.a")
    #expect(dataset.metadata.text("metadata.implementation.name") == "mmsp")
    #expect(
      Set(dataset.diagnostics.map(\.code)) == [
        "pfhub.ragged", "pfhub.scalar", "pfhub.url", "text.no-final-newline",
      ] || Set(dataset.diagnostics.map(\.code)) == ["pfhub.ragged", "pfhub.scalar", "pfhub.url"])
  }

  @Test func brokenRecordsAreNamed() throws {
    #expect(code(PFHubMeta.self, Array("benchmark: {id: 1a}\n".utf8)) == "pfhub.no-data")
    #expect(code(PFHubMeta.self, Array("data: {a: 1}\nbenchmark: {}\n".utf8)) == "pfhub.no-data")
    #expect(code(PFHubMeta.self, Array("data: [\n".utf8)) == "config.syntax")
    let odd = try read(
      PFHubMeta.self,
      "benchmark: {}\ndata:\n- plain\n- {values: [1]}\n- name: none\n- name: deep\n  values:\n"
        + "  - {a: [1], b: 2}\n  - {a: 3, b: 4}\n")
    #expect(!odd.complete)
    #expect(
      Set(odd.diagnostics.map(\.code)) == [
        "pfhub.benchmark", "pfhub.values", "pfhub.no-name", "pfhub.no-series", "pfhub.ragged",
      ])
    #expect(odd["deep"]?["b"]?.real == [2, 4])
  }

  // MARK: Configuration

  @Test func configurationsAreNamed() throws {
    let cases: [(String, String, Int)] = [
      ("film: {thickness: 4 nm}\n", "plate or delaminate", 85),
      ("sweep:\n  command: delaminate\n  base: d.yaml\n", "sweep of delaminate", 85),
      ("metal: Li\nsolver: sharp\n", "plate", 60),
      ("load: {}\nmesh: {rows: 3}\n", "delaminate", 60),
      ("film.thickness: 4 nm\nstop.growth: 1 nm\n", "plate", 85),
    ]
    for (text, kind, score) in cases {
      let head = FileHead(ByteView(utf8: text), name: "x.yaml")
      #expect(ConfigurationFile.recognise(head).score == score, "\(text)")
      let dataset = try read(ConfigurationFile.self, text)
      #expect(dataset.metadata.text("configuration") == kind)
    }
    let dataset = try read(ConfigurationFile.self, "film:\n  thickness: 4 nm\n  modulus: 25 GPa\n")
    #expect(dataset["keys"]?["line"]?.values == .integer([2, 3]))
    #expect(dataset.settingOrigins["film.modulus"]?.lines == 3...3)
    for other in ["study: 1\nfilm: {}\n", "a,b\n1,2\n", "{\"film\": 1}\n", "film\n", ""] {
      #expect(ConfigurationFile.recognise(FileHead(ByteView(utf8: other), name: "x")).score == 0)
    }
  }

  // MARK: VTK

  private func image(_ arrays: String, head: String = "", piece: String = "") -> String {
    """
    <VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" \(head)>
    <ImageData WholeExtent="0 2 0 1 0 0" Origin="1 2 0" Spacing="0.5 2 1">
    <Piece \(piece)><PointData>\(arrays)</PointData></Piece>
    </ImageData></VTKFile>
    """
  }

  @Test func pointsCellsAndTextAreRead() throws {
    let dataset = try read(
      VTKImageFile.self,
      image(
        "<DataArray type=\"Float64\" Name=\"phi\" format=\"ascii\">0 1 2 nan 4e0 5</DataArray>"
          + "<DataArray type=\"UInt8\" NumberOfComponents=\"2\" Name=\"p (MPa)\">"
          + "1 2 3 4 5 6 7 8 9 10 11 255</DataArray>"))
    let grid = try #require(dataset.grids.first)
    #expect(grid.axes.map(\.count) == [3, 2] && grid.axes[0].origin == 1 && grid.axes[1].step == 2)
    #expect(grid.channels[0].name == "order_parameter" && grid.channels[0].missing.contains(3))
    #expect(grid.channels[1].values == .integer([1, 3, 5, 7, 9, 11]))
    #expect(grid.channels[2].unit.ucum == "MPa")
  }

  /// Two pieces that share a column of points, the second one first in the file.
  @Test func piecesArePutTogether() throws {
    func piece(_ extent: String, _ values: String) -> String {
      "<Piece Extent=\"\(extent)\"><PointData><DataArray type=\"Int32\" Name=\"n\">\(values)"
        + "</DataArray></PointData></Piece>"
    }
    let text =
      "<VTKFile type=\"ImageData\"><ImageData WholeExtent=\"0 3 0 1 0 0\">"
      + piece("1 3 0 1 0 0", "1 2 3 11 12 13") + piece("0 1 0 1 0 0", "0 1 10 11")
      + "</ImageData></VTKFile>"
    let grid = try #require(try read(VTKImageFile.self, text).grids.first)
    #expect(grid.channels[0].real == [0, 1, 2, 3, 10, 11, 12, 13])
    let part = text.replacing("0 1 0 1 0 0", with: "0 0 0 0 0 0")
    #expect(code(VTKImageFile.self, Array(part.utf8)) == "vti.pieces")
    #expect(
      code(
        VTKImageFile.self,
        Array(
          ("<VTKFile type=\"ImageData\"><ImageData WholeExtent=\"0 9999999 0 999999 0 0\">"
            + piece("0 1 0 0 0 0", "0 1") + "</ImageData></VTKFile>").utf8)) == "vti.pieces")
  }

  @Test func damagedImagesAreRefused() {
    let good = "<DataArray type=\"Int32\" Name=\"n\" format=\"ascii\">0 1 2 3 4 5</DataArray>"
    #expect(code(VTKImageFile.self, Array(image(good).utf8)) == nil)
    for (text, expected) in [
      (image(good.replacing("4 5", with: "4")), "vti.count"),
      (image(good.replacing("4 5", with: "4 x")), "vti.not-a-number"),
      (image(good.replacing("Int32", with: "Text")), "vti.number-type"),
      (image(good.replacing("ascii", with: "packed")), "vti.format"),
      (image(good.replacing("ascii\"", with: "appended\" offset=\"0\"")), "vti.offset"),
      (image(good.replacing("ascii", with: "binary")), "vti.truncated"),
      (image(good.replacing("0 1 2", with: "!!").replacing("ascii", with: "binary")), "vti.base64"),
      (image(good, head: "header_type=\"UInt16\""), "vti.header-type"),
      (image(good, head: "compressor=\"vtkLZ4DataCompressor\""), "vti.compressor"),
      (image(good, piece: "Extent=\"0 5 0 1 0 0\""), "vti.extent"),
      (image(good).replacing("0 2 0 1", with: "2 0 0 1"), "vti.extent"),
      (image(good).replacing("LittleEndian", with: "Middle"), "vti.byte-order"),
      (image(good).replacing("\"ImageData\"", with: "\"UnstructuredGrid\""), "vti.type"),
      (image(good).replacing("</ImageData>", with: ""), "vti.truncated"),
      ("<VTKFile><AppendedData encoding=\"raw\">", "vti.truncated"),
      ("<VTKFile><AppendedData encoding=\"odd\">_", "vti.encoding"),
    ] {
      #expect(code(VTKImageFile.self, Array(text.utf8)) == expected, "\(text)")
    }
  }

  /// What `VTKImage` writes comes back bit for bit: names, units, axes, missing cells, time.
  @Test func ownImagesComeBack() throws {
    let nm = Column(
      name: "interface_height", label: "", values: .real([1]), unit: .absent)
    var values = (0..<12).map { Double($0 * $0) / 7 - 3 }
    values[5] = .nan
    let unit = PhysicalUnit.megapascal
    let grid = Grid(
      name: "field",
      axes: [
        GridAxis(
          name: "x", count: 4, origin: -0.1, step: 0.3, unit: .known(PhysicalUnit.nanometre)),
        GridAxis(name: "y", count: 3, origin: 7, step: 1e-3, unit: .known(PhysicalUnit.nanometre)),
      ],
      channels: [
        Column(name: "stress_xx", label: "stress_xx", values: .real(values), unit: .known(unit)),
        Column(
          name: "order_parameter", label: "xi", values: .real(values.map { $0 * 1e-300 }),
          unit: .absent),
        Column(
          name: "count", label: "count", values: .integer((0..<12).map { Int64($0) - 6 }),
          unit: .absent),
      ])
    let time = Column(name: "time", label: "time", values: .real([0.125]), unit: .absent)
    let bytes = try VTKImage.file(grid, fields: [time, nm]).bytes
    let head = FileHead(ByteView(bytes), name: "x.vti")
    guard case .recognised(let format) = FormatRegistry.detect(head).verdict else {
      Issue.record("not recognised")
      return
    }
    #expect(format.id == "vtk-image-data")
    let back = try format.read(ByteView(bytes), name: "x.vti", options: ReadOptions())
    let found = try #require(back.grids.first)
    #expect(found.axes == grid.axes)
    #expect(found.channels.map(\.name) == grid.channels.map(\.name))
    #expect(found.channels[0].unit == .known(unit))
    for (a, b) in zip(found.channels, grid.channels) {
      #expect(a.missing == b.missing)
      #expect(a.real?.map(\.bitPattern) == b.real?.map(\.bitPattern))
    }
    #expect(found.channels[2].values == grid.channels[2].values)
    #expect(back["fields"]?["time"]?.real == [0.125])
    // Every cut is noticed or leaves the numbers whole.
    for length in stride(from: 0, to: bytes.count, by: 7) {
      if let cut = try? format.read(
        ByteView(Array(bytes.prefix(length))), name: "x.vti", options: ReadOptions())
      {
        #expect(cut.grids.first?.channels.count == 3)
      }
    }
  }

  // MARK: COMSOL

  private let head = "% Model: m.mph\n% Version: COMSOL 6.2.0.290\n% Dimension: 2\n"

  @Test func comsolLayoutsAreRead() throws {
    // Long labels stand one blank apart; parameters come with several names.
    let long = try read(
      ComsolText.self,
      head + "% Nodes: 2\n% Length unit: nm\n"
        + "% x y es.normE (V/m) @ t=0.001, f=2 es.normE (V/m) @ t=0.002, f=2 u (nm) @ 1: t=1\n"
        + "0 1 2 3 4\n5 6 7 8 NaN\n")
    let data = try #require(long["data"])
    #expect(
      data.columns.map(\.name) == [
        "position_x", "position_y", "es_norme", "es_norme_2", "displacement_x",
      ])
    #expect(data["position_x"]?.real == [0, 5e-9])
    #expect(data["es_norme"]?.unit.ucum == "V/m")
    #expect(data["displacement_x"]?.missing.contains(1) == true)
    #expect(long.metadata.text("parameters") == "t=0.001, f=2; t=0.002, f=2; 1: t=1")
    // Commas and semicolons.
    for mark in [",", ";"] {
      let csv = try read(
        ComsolText.self,
        head + "% x,y,V (V) @ t=0\n1,2,3.5\n4,5,6\n".replacing(",", with: mark))
      #expect(csv["data"]?.columns.last?.real == [3.5, 6], "\(mark)")
      #expect(csv["data"]?.columns.last?.unit.ucum == "V")
    }
    // Complex numbers.
    let complex = try read(ComsolText.self, head + "% x  V (V)\n0  1E-9+3.5E-11i\n1  2-1i\n")
    #expect(complex["data"]?["v_real"]?.real == [1e-9, 2])
    #expect(complex["data"]?["v_imaginary"]?.real == [3.5e-11, -1])
    // A table of derived values.
    let table = try read(
      ComsolText.self,
      "% Model: m.mph\n% Version: COMSOL 5.2\n% Table: Table 1 - Maximum\n"
        + "% v_rotation (rad/s)    Temperature (K)\n1  300\n2  310.5\n")
    #expect(table["data"]?["temperature"]?.unit.ucum == "Cel")
    #expect(abs((table["data"]?["temperature"]?.real?.last ?? .nan) - 37.35) < 1e-9)
    // One part for each column, as at a point.
    let point = try read(
      ComsolText.self,
      head + "% Length unit: m\n% X\n0.05\n% Y\n0.02\n% T (K) @ t=0\n267.15\n% T (K) @ t=1\n268\n")
    #expect(point["data"]?.columns.count == 4 && point["data"]?.rows == 1)
    #expect(point["data"]?["position_x"]?.real == [0.05])
    // Names without %.
    let bare = try read(ComsolText.self, head + "x   y   V\n1  2  3\n")
    #expect(bare["data"]?.columns.map(\.label) == ["x", "y", "V"])
  }

  @Test func comsolGridsAreRead() throws {
    let regular = try read(
      ComsolText.self,
      head
        + "% Length unit: um\n% Grid\n0 1 2\n5 7\n% Data\n% a (Pa)\n1 2 3\n4 5 NaN\n% Data\n% b\n"
        + "1+1i 2 3\n4 5 6\n")
    let grid = try #require(regular.grids.first)
    #expect(
      grid.axes.map(\.count) == [3, 2] && grid.axes[1].step == 2 && grid.axes[0].unit.ucum == "um")
    #expect(grid.channels.map(\.name) == ["a", "b_real", "b_imaginary"])
    #expect(
      grid.channels[0].real?.dropLast() == [1, 2, 3, 4, 5] && grid.channels[0].missing.count == 1)
    #expect(grid.channels[2].real == [1, 0, 0, 0, 0, 0])
    let uneven = try read(ComsolText.self, head + "% Grid\n0 1 4\n5 7\n% Data\n% a\n1 2 3\n4 5 6\n")
    #expect(uneven["data"]?["position_x"]?.real == [0, 1, 4, 0, 1, 4])
    #expect(uneven["data"]?["position_y"]?.real == [5, 5, 5, 7, 7, 7])
    let one = try read(
      ComsolText.self,
      head + "% Grid\n0\n0\n-15.5\n% Data\n% p (W/m^2)\n0.0095\n% Data\n% f (1)\n3E-4\n")
    #expect(one["data"]?.rows == 1 && one["data"]?.columns.count == 5)
  }

  @Test func damagedExportsAreNamed() throws {
    #expect(code(ComsolText.self, Array(head.utf8)) == "comsol.no-data")
    #expect(
      code(ComsolText.self, Array((head + "% Grid\n0 1\n0 1\n% Data\n1 2\n3\n").utf8))
        == "comsol.grid")
    #expect(
      code(ComsolText.self, Array((head + "% Grid\n0 x\n0 1\n% Data\n1 2\n3\n").utf8))
        == "comsol.not-a-number")
    let short = try read(ComsolText.self, head + "% Nodes: 3\n% x y V\n1 2 3\n4 5 6\n")
    #expect(!short.complete && short.diagnostics.contains { $0.code == "comsol.count" })
    let odd = try read(ComsolText.self, head + "% Nodes: 1\n% x V (V) and more words\n1 2 3\n")
    #expect(odd.diagnostics.contains { $0.code == "comsol.labels" })
    #expect(odd["data"]?.columns.map(\.label) == ["column 1", "column 2", "column 3"])
    let cut = try read(
      ComsolText.self,
      head + "% Nodes: 2\n% Expressions: 2\n% Coordinates\n0 0\n1 1\n% Data\n% a\n1\n2\n% Data\n")
    #expect(!cut.complete)
    #expect(Set(cut.diagnostics.map(\.code)) == ["comsol.count", "comsol.no-rows"])
  }

  // MARK: Refused

  @Test func foreignFilesAreNamedWithTheExportToUse() {
    let files: [([UInt8], String, String)] = [
      (Array("CDF\u{2}....num_el_blk....".utf8), "Exodus", "csv"),
      (Array("CDF\u{1}....time".utf8), "netCDF", "ncdump"),
      (Array("MATLAB 5.0 MAT-file, Platform: GLNXA64".utf8), "MATLAB", "writematrix"),
      (Array("<?xml version=\"1.0\" ?>\n<Xdmf Version=\"3.0\">\n".utf8), "XDMF", "ParaView"),
      (
        Array("# vtk DataFile Version 3.0\nx\nASCII\n1 2 3\n4 5 6\n7 8 9\n".utf8), ".vtk",
        "ParaView"
      ),
      (
        Array("** deck\n*HEADING\nx\n*NODE, NSET=N\n1, 0.0, 0.0\n2, 1.0, 0.0\n3, 1.0, 1.0\n".utf8),
        "Abaqus or CalculiX", "NODE PRINT"
      ),
      (Array("    1C\n    1UUSER\n".utf8), "CalculiX", "NODE PRINT"),
    ]
    for (bytes, name, export) in files {
      let head = FileHead(ByteView(bytes), name: "file.dat")
      let detection = FormatRegistry.detect(head)
      do {
        _ = try FormatRegistry.choose(head, id: nil, detection: detection)
        Issue.record("\(name) is claimed")
      } catch {
        #expect(error.diagnostic.code == "simulation.unsupported")
        #expect(error.diagnostic.message.contains(name), "\(error.diagnostic.message)")
        #expect(error.diagnostic.message.contains(export), "\(error.diagnostic.message)")
      }
    }
  }
}
