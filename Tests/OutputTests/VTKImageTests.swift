import Output
import Tables
import Testing
import Units

/// The layout after "VTK XML Formats" (docs.vtk.org); VTK 9.7's own reader gave back the same numbers.
@Suite struct VTKImageTests {
  private let grid = Grid(
    name: "film",
    axes: [
      GridAxis(name: "x", count: 3, origin: -1, step: 0.5, unit: .known(.nanometre)),
      GridAxis(name: "y", count: 2, origin: 0, step: 2, unit: .known(.nanometre)),
    ],
    channels: [
      Column(
        name: "stress_xx", label: "stress_xx", values: .real([1, 2, 3, 4, 5, .nan]),
        unit: .known(.megapascal)),
      Column(name: "count", label: "count", values: .integer([1, 2, 3, 4, 5, 6]), unit: .absent),
    ])

  private func word(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt64 {
    bytes.dropFirst(8 * index).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  @Test func blockFollowsTheMark() throws {
    let time = Column(name: "time", label: "time", values: .real([2.5]), unit: .known(.second))
    let file = try VTKImage.file(grid, fields: [time])
    let text = String(decoding: file.bytes, as: UTF8.self)
    #expect(text.contains("WholeExtent=\"0 2 0 1 0 0\" Origin=\"-1.0 0.0 0.0\""))
    #expect(text.contains("Spacing=\"0.5 2.0 1.0\""))
    #expect(
      text.contains(
        "Name=\"stress_xx\" format=\"appended\" offset=\"32\"><InformationKey name=\"UNITS_LABEL\""
          + " location=\"vtkDataArray\">MPa<"))
    let mark = Array("<AppendedData encoding=\"raw\">\n_".utf8)
    let start =
      try #require(
        file.bytes.indices.first { file.bytes[$0...].starts(with: mark) }) + mark.count
    let block = file.bytes[start...]
    // time, TimeValue, then the stresses: each after its length in bytes.
    #expect(word(block, 0) == 8 && Double(bitPattern: word(block, 1)) == 2.5)
    #expect(word(block, 4) == 48)
    #expect((5..<10).map { Double(bitPattern: word(block, $0)) } == [1, 2, 3, 4, 5])
    #expect(Double(bitPattern: word(block, 10)).isNaN)
    #expect(word(block, 11) == 48 && (12..<18).map { word(block, $0) } == [1, 2, 3, 4, 5, 6])
    #expect(block.dropFirst(18 * 8).starts(with: "\n</AppendedData>".utf8))
  }

  @Test func refusesWhatIsNoImage() {
    var broken = grid
    broken.channels[0].values = .real([1])
    #expect(throws: VTKImage.Failure.self) { try VTKImage.file(broken) }
    broken = grid
    broken.axes[0].count = 0
    #expect(throws: VTKImage.Failure.self) { try VTKImage.file(broken) }
    broken.axes = []
    #expect(throws: VTKImage.Failure.self) { try VTKImage.file(broken) }
  }

  @Test func namesTheTextThatItLeavesOut() throws {
    var noted = grid
    noted.channels.append(
      Column(
        name: "phase", label: "phase", values: .text(["a", "b", "c", "d", "e", "f"]), unit: .absent)
    )
    #expect(try VTKImage.file(noted).leftOut == ["phase"])
  }
}
