import Bytes
import Interphase
import Output
import Tables
import Testing
import Units

@Suite("CSV export")
struct CSVTests {
  private let second = PhysicalUnit(ucum: "s", dimension: Dimension(.time), scale: 1)

  private func text(_ table: Table) -> String {
    String(decoding: CSVWriter.bytes(table), as: UTF8.self)
  }

  @Test("Header cells carry the unit; text, unknown and absent units only the name")
  func headers() {
    let table = Table(
      name: "t",
      columns: [
        Column(name: "time", label: "t", values: .real([1]), unit: .known(second)),
        Column(name: "damage", label: "d", values: .real([0.5]), unit: .known(.one)),
        Column(name: "state", label: "s", values: .text(["C"]), unit: .known(.one)),
        Column(name: "odd", label: "o", values: .real([1]), unit: .unknown("furlong")),
        Column(name: "bare", label: "b", values: .integer([7]), unit: .absent),
      ])
    #expect(text(table) == "time / s,damage / 1,state,odd,bare\n1.0,0.5,C,1.0,7\n")
  }

  @Test("A missing cell is empty and an empty text is not")
  func missing() {
    var mask = MissingMask()
    mask.insert(1)
    let table = Table(
      name: "t",
      columns: [
        Column(name: "x", label: "x", values: .real([1, .nan, 3]), unit: .absent),
        Column(name: "n", label: "n", values: .integer([1, 2]), unit: .absent, missing: mask),
        Column(name: "s", label: "s", values: .text(["", "", "b"]), unit: .absent, missing: mask),
      ])
    #expect(text(table) == "x,n,s\n1.0,1,\"\"\n,,\n3.0,,b\n")
    let alone = Table(
      name: "t", columns: [Column(name: "x", label: "", values: .real([.nan, 2]), unit: .absent)])
    #expect(text(alone) == "x\n\"\"\n2.0\n", "a line of one missing cell is no empty line")
  }

  @Test("Text that looks like a formula is guarded, numbers are not (reliability.md §7)")
  func formulas() {
    let cases = [
      ("=1+1", "'=1+1"), ("+1", "'+1"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
      ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("a\u{0}b", "'a\u{0}b"), ("a=1", "a=1"),
      ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
      ("=\"a\",1", "\"'=\"\"a\"\",1\""),
      (" a", "\" a\""),
    ]
    let table = Table(
      name: "t",
      columns: [
        Column(name: "s", label: "s", values: .text(cases.map(\.0)), unit: .absent),
        Column(
          name: "x", label: "x", values: .real(cases.map { _ in -2.5 }), unit: .absent),
      ])
    #expect(text(table) == "s,x\n" + cases.map { $0.1 + ",-2.5\n" }.joined())
    let category = Table(
      name: "t",
      columns: [
        Column(
          name: "=c", label: "", values: .category(levels: ["=x", "y"], codes: [1, 0, 9]),
          unit: .absent)
      ])
    #expect(text(category) == "'=c\ny\n'=x\n\"\"\n")
  }

  @Test("Real and whole numbers come back with the same bits")
  func roundTrip() {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var values: [Double] = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22, 0.1]
    while values.count < 20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let x = Double(bitPattern: state)
      if x.isFinite { values.append(x) }
      values.append(Double(Float(bitPattern: UInt32(truncatingIfNeeded: state >> 33))))
    }
    values = values.map { $0.isFinite ? $0 : 1 }
    let table = Table(
      name: "t",
      columns: [
        Column(name: "x", label: "x", values: .real(values), unit: .absent),
        Column(
          name: "n", label: "n", values: .integer(values.map { Int64(bitPattern: $0.bitPattern) }),
          unit: .absent),
      ])
    let lines = text(table).split(separator: "\n").dropFirst()
    #expect(lines.count == values.count)
    var wrong = 0
    for (line, x) in zip(lines, values) {
      let cells = line.split(separator: ",")
      if cells.count != 2 || Double(cells[0])?.bitPattern != x.bitPattern
        || Int64(cells[1]) != Int64(bitPattern: x.bitPattern)
      {
        wrong += 1
      }
    }
    #expect(wrong == 0)
  }

  @Test("Instants are ISO 8601 in UTC")
  func instants() {
    // Seconds since 1970 from `date -u -d … +%s`.
    let cases: [(Int64, String)] = [
      (0, "1970-01-01T00:00:00Z"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00Z"),
      (1_709_294_400_500_000_000, "2024-03-01T12:00:00.5Z"),
      (-1, "1969-12-31T23:59:59.999999999Z"),
      (-2_208_988_800_000_000_000, "1900-01-01T00:00:00Z"),
      (4_102_444_799_000_000_000, "2099-12-31T23:59:59Z"),
    ]
    let table = Table(
      name: "t",
      columns: [
        Column(name: "instant", label: "", values: .instant(cases.map(\.0)), unit: .absent)
      ])
    #expect(text(table) == "instant\n" + cases.map { $0.1 + "\n" }.joined())
  }

  @Test("Ragged tables are filled with missing cells, and names that repeat are numbered")
  func files() {
    let long = Column(name: "a", label: "a", values: .real([1, 2]), unit: .known(second))
    let short = Column(name: "b", label: "B", values: .real([1]), unit: .unknown("x"))
    let table = Table(name: "scan", columns: [long, short])
    #expect(text(table) == "a / s,b\n1.0,1.0\n2.0,\n")
    let dataset = Dataset(format: "f", technique: .any, tables: [table])
    var export = CSVExport(packageName: "My Folder")
    let provenance = ExportProvenance(
      input: InputIdentity(path: "in/a.txt", bytes: 3, sha256: "ba78"), format: "f",
      version: "0.1.0")
    let first = export.files(dataset, baseName: "a", provenance: provenance)
    let second = export.files(dataset, baseName: "a", provenance: provenance)
    #expect(
      (first + second).map(\.name) == [
        "a.csv", "a.csv-metadata.json", "a-2.csv", "a-2.csv-metadata.json",
      ])
    let package = export.package.result
    #expect(package["name"] == .text("my-folder"))
    let resource = package["resources"]?[0]
    #expect(resource?["path"] == .text("a.csv"))
    #expect(resource?["hash"] == .text("sha256:" + SHA256.hex(of: ByteView(first[0].bytes))))
    #expect(resource?["schema"]?["fields"]?[0]?["name"] == .text("a / s"))
    #expect(resource?["schema"]?["fields"]?[0]?["unit"] == .text("s"))
    #expect(resource?["schema"]?["fields"]?[1]?["unit"] == nil)
    let sidecar = String(decoding: first[1].bytes, as: UTF8.self)
    #expect(sidecar.contains(#""http://qudt.org/schema/qudt/ucumCode": "s""#))
    #expect(sidecar.contains(#""url": "a.csv""#))
  }

  @Test("Tables of one file give different safe names; ten thousand take no square of the time")
  func manyTables() {
    func tables(_ n: Int, name: (Int) -> String) -> Dataset {
      let column = Column(name: "a", label: "a", values: .real([1]), unit: .absent)
      return Dataset(
        format: "f", technique: .afm,
        tables: (0..<n).map { Table(name: name($0), columns: [column]) })
    }
    let provenance = ExportProvenance(input: nil, format: "f", version: "0.1.0")
    func names(_ dataset: Dataset, _ stem: String = "map") -> [String] {
      var export = CSVExport(packageName: "p")
      var names: [String] = []
      export.forEachFile(dataset, baseName: stem, provenance: provenance) { names.append($0.name) }
      #expect(Set(names).count == names.count)
      return names
    }
    let slashes = names(tables(3) { ["0/approach", "0/retract", "0_approach"][$0] })
    #expect(slashes.count == 6)
    for name in slashes { #expect(name == SafeName.make(name), "a safe name is kept as it is") }
    #expect(slashes[0].hasPrefix("map-0_approach-") && slashes[4] == "map-0_approach.csv")
    let clock = ContinuousClock()
    let few = clock.measure { _ = names(tables(1000) { "\($0 / 2)/approach" }) }
    let many = clock.measure { _ = names(tables(10_000) { _ in "approach" }) }
    // Ten times the tables: a hundred times the time were quadratic.
    #expect(many < few * 40, "\(few) for 1000 tables, \(many) for 10 000")
  }

  @Test("A column of 32-bit floats says so, and reads back as the same bits in both widths")
  func singlePrecision() throws {
    let values: [Float] = [0.1, 1.0 / 3, .leastNonzeroMagnitude, 3.4e38, -7.012712558e-6]
    let column = Column(
      name: "a", label: "a", values: .real(values.map(Double.init)), unit: .absent,
      storage: .float32)
    let cells = text(Table(name: "t", columns: [column])).split(separator: "\n").dropFirst()
    for (cell, value) in zip(cells, values) {
      #expect(Float(cell)?.bitPattern == value.bitPattern)
      #expect(Double(cell)?.bitPattern == Double(value).bitPattern)
    }
    let dataset = Dataset(
      format: "f", technique: .afm, tables: [Table(name: "t", columns: [column])])
    var export = CSVExport(packageName: "p")
    let files = export.files(
      dataset, baseName: "t", provenance: .init(input: nil, format: "f", version: "1"))
    let sidecar = String(decoding: try #require(files.last).bytes, as: UTF8.self)
    #expect(sidecar.contains(#""datatype": "float""#))
  }

  @Test("Columns of one name that a key tells apart have names of their own in the metadata")
  func keyedColumns() throws {
    var columns = ["Li", "C2H-", "Li"].map { key in
      var column = Column(
        name: "intensity", label: key, values: .real([1]), unit: .known(.one))
      column.key = key
      return column
    }
    columns[2].key = nil
    let table = Table(name: "t", columns: columns)
    var provenance = ExportProvenance(input: nil, format: nil, version: "1")
    provenance.format = "made"
    let document = CSVMetadata.document(table, file: "t.csv", provenance: provenance)
    let names = (0..<3).compactMap { document["tableSchema"]?["columns"]?[$0]?["name"]?.text }
    #expect(names == ["intensity%20Li", "intensity%20C2H-", "intensity"])
  }

  @Test("A grid becomes one row a point, the fastest axis first")
  func grid() {
    let axes = [
      GridAxis(name: "x", count: 2, origin: 0, step: 1, unit: .known(second)),
      GridAxis(name: "y", count: 2, origin: 10, step: 5, unit: .absent),
    ]
    let grid = Grid(
      name: "map", axes: axes,
      channels: [Column(name: "z", label: "z", values: .real([1, 2, 3, 4]), unit: .absent)])
    #expect(
      text(grid.table) == "x / s,y,z\n0.0,10.0,1.0\n1.0,10.0,2.0\n0.0,15.0,3.0\n1.0,15.0,4.0\n")
  }
}
