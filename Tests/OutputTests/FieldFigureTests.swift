import Output
import Tables
import Testing

@Suite struct FieldFigureTests {
  private func figure(_ field: Figure.Field, series: [Figure.Series] = []) -> Figure {
    Figure(
      id: "map", title: "Map", caption: "", xAxis: .init("thickness", unit: "nm"),
      yAxis: .init("modulus", unit: "GPa"), series: series, fields: [field],
      colourAxis: .init("stress", unit: "MPa"))
  }

  private func svg(_ figure: Figure) -> String {
    String(decoding: SVGFigure.document(figure), as: UTF8.self)
  }

  /// The drawing between the shapes of its maps.
  private func parts(_ svg: String) -> [Substring] {
    svg.split(separator: "stroke-width=\"0.4\"")
  }

  @Test func edgesLieMidway() {
    #expect(Figure.Field.edges(around: [4, 10, 20]) == [1, 7, 15, 25])
    #expect(Figure.Field.edges(around: [1, 100], logarithmic: true) == [0.1, 10, 1000])
    #expect(Figure.Field.edges(around: [3]) == [2.5, 3.5])
    #expect(Figure.Field.edges(around: []) == [])
  }

  /// Colours are even about zero, so that white is zero; a missing cell has no colour.
  @Test func signedValuesDiverge() {
    let text = svg(figure(.init(xEdges: [0, 1, 2, 3], yEdges: [0, 1], values: [-5, .nan, 10])))
    // The end of the red side, and a blue half-way; the bar repeats each colour once.
    #expect(text.contains("stroke-width=\"0.4\""))
    #expect(parts(text).count == 3)
    #expect(text.contains(">Stress (MPa)<"))
    #expect(text.contains(">−10<") && text.contains(">10<"))
  }

  @Test func cellsOfOneColourAreOneShape() throws {
    let flat = svg(
      figure(.init(xEdges: [0, 1, 2, 3], yEdges: [0, 1], values: [1, 1, 1])))
    let path = try #require(parts(flat).last).dropFirst(4).prefix { $0 != "\"" }
    #expect(path.filter { $0 == "M" }.count == 1)
    // Four corners: three blanks between pairs and one within each.
    #expect(path.filter { $0 == " " }.count == 6)
  }

  @Test func csvHoldsEveryCell() {
    let map = figure(
      .init(xEdges: [0, 2, 4], yEdges: [10, 20], values: [1.5, .nan]),
      series: [.init("line", .line, x: [1], y: [12])])
    #expect(
      String(decoding: FigureCSV.bytes(map), as: UTF8.self) == """
        series,style,thickness / nm,modulus / GPa,stress / MPa
        map 1,field,1.0,15.0,1.5
        map 1,field,3.0,15.0,
        line,line,1.0,12.0,

        """)
  }

  /// Arrays that do not fit their sizes are left out, never read past their end.
  @Test func brokenFieldsAreLeftOut() {
    let broken = Figure.Field(columns: 3, rows: 2, x: [0, 1], y: [0, 1], values: [1])
    #expect(!broken.isWhole)
    #expect(!Figure.Field(columns: .max, rows: 2, x: [], y: [], values: []).isWhole)
    #expect(svg(figure(broken)).contains("no data"))
  }
}
