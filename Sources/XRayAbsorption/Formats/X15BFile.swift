public import Bytes
public import Reading
public import Tables
internal import Units

/// The binary files of NSLS beamline X15B (docs/formats/x15b.md).
public enum X15BFile: FileFormat {
  /// The id.
  public static let id = "x15b"
  /// One line for people.
  public static let title = "NSLS X15B, binary"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions: none is common.
  public static let extensions: [String] = []
  /// How it is recognised.
  public static let recognisedBy = "bytes d4 00 00 00 and rows of 64 bytes with equal marks"

  private static let headerSize = 212
  private static let rowSize = 64
  private static let mark: [UInt8] = [0xD4, 0, 0, 0]

  /// Looks for the mark of the header and for the marks of the first rows.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.starts(with: mark), file.size >= headerSize + rowSize else { return .none }
    guard let layout = Layout(file.head) else {
      let fits = (file.size - headerSize) % rowSize == 0
      return Recognition(fits ? 60 : 50, ["bytes d4 00 00 00 at the start"])
    }
    return Recognition(
      100, ["bytes d4 00 00 00, a row framed by \(layout.mark) at \(layout.start)"])
  }

  /// Where the rows start and what frames them.
  private struct Layout {
    var start: Int
    var mark: UInt32

    /// The first place behind the header at which a number stands that is repeated 60 bytes later: the
    /// header's length may or may not count its own marks.
    init?(_ bytes: ByteView) {
      for start in [X15BFile.headerSize, X15BFile.headerSize + 8] {
        guard let mark = Self.word(bytes, start), mark == Self.word(bytes, start + 60),
          [56, 64].contains(mark)
        else { continue }
        self.start = start
        self.mark = mark
        return
      }
      return nil
    }

    static func word(_ bytes: ByteView, _ offset: Int) -> UInt32? {
      bytes.integers(.uint32, count: 1, at: offset, order: .little)?.first
        .map { UInt32(truncatingIfNeeded: $0) }
    }
  }

  /// Reads the rows; the header holds a name and a date in bytes that nobody has described.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    guard bytes.starts(with: mark), bytes.count >= headerSize + rowSize else {
      throw ReadFailure(
        "x15b.truncated", at: .byte(0),
        found: "\(bytes.count) bytes, the first are \(bytes.prefix(4).array)",
        expected: "expected a header of \(headerSize) bytes and rows of \(rowSize)")
    }
    guard let layout = Layout(bytes) else {
      throw ReadFailure(
        "x15b.frame", at: .byte(headerSize),
        found: "no row framed by its length behind the header",
        expected: "expected rows of \(rowSize) bytes that start and end with 56 or 64")
    }
    let count = (bytes.count - layout.start) / rowSize
    var whole = 0
    while whole < count,
      Layout.word(bytes, layout.start + whole * rowSize) == layout.mark,
      Layout.word(bytes, layout.start + whole * rowSize + rowSize - 4) == layout.mark
    { whole += 1 }
    let left = bytes.count - layout.start - whole * rowSize
    if left > 0 {
      diagnostics.warn(
        "x15b.rows", at: .byte(layout.start + whole * rowSize),
        found: "\(left) bytes behind \(whole) whole rows are no row",
        expected: "expected rows of \(rowSize) bytes between marks of \(layout.mark)")
    }
    var dataset = Dataset(format: id, technique: technique, tables: [])
    var columns = columns(bytes, layout.start, whole)
    diagnostics.warn(
      "x15b.columns", found: "the file names no column and tells no count; it holds \(whole) rows",
      expected: "columns 1, 6, 7, 8, 9 are taken as energy, I0, narrow, transmission, wide; "
        + "name others with --energy and --mu")
    EnergyAxis.complete(
      &columns, spacing: nil, place: { .byte(layout.start + $0 * rowSize) }, into: &diagnostics)
    dataset.tables = [
      Table(name: "scan", columns: columns, indexColumns: EnergyAxis.index(of: columns))
    ]
    describe(bytes[4..<layout.start], into: &dataset)
    dataset.diagnostics = diagnostics.all
    dataset.complete = left == 0
    return dataset
  }

  private static let roles: [Int: (name: String, label: String)] = [
    1: ("photon_energy", "energy"), 6: ("incident_intensity", "i0"),
    7: ("fluorescence_yield", "narrow"), 8: ("transmitted_intensity", "transmission"),
    9: ("fluorescence_yield", "wide"),
  ]

  private static func columns(_ bytes: ByteView, _ start: Int, _ count: Int) -> [Column] {
    (1...14).map { number in
      let values = bytes.reals(
        Float.self, count: count, at: start + 4 * number, stride: rowSize / 4, order: .little)
      let role = roles[number] ?? ("col\(number)", "col\(number)")
      return Column(
        name: role.name, label: role.label, values: .real(values ?? []),
        unit: number == 1 ? .known(EnergyAxis.electronvolt) : .absent,
        origin: Origin(
          bytes: [start..<(start + count * rowSize)],
          steps: ["number \(number) of its row, Float32 little-endian"]),
        storage: .float32)
    }
  }

  /// The stretches of text in the header, and the header itself as hexadecimal digits.
  private static func describe(_ header: ByteView, into dataset: inout Dataset) {
    let words = header.array.split { !(32...126).contains($0) }.filter { $0.count >= 4 }
    let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    dataset.metadata.append("header_text", XDIHeader.trimmed(text))
    let digits = Array("0123456789abcdef")
    let hex = header.array.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    dataset.metadata.append("header_bytes", String(hex))
  }
}
