import Bytes
import Interphase
import Output
import Tables
import Testing

@Suite("Figures")
struct SVGTests {
  private func figure(
    _ series: [Figure.Series], marks: [Figure.Mark] = [], logarithmic: Bool = false,
    equalScale: Bool = false
  ) -> Figure {
    Figure(
      id: "f", title: "Force <of> \"film\"", caption: "A & B",
      xAxis: .init("deflection", unit: "nm", logarithmic: logarithmic),
      yAxis: .init("force", unit: "nN"), series: series, marks: marks, equalScale: equalScale)
  }

  private func svg(_ figure: Figure) -> String {
    String(decoding: SVGFigure.document(figure), as: UTF8.self)
  }

  /// The texts drawn, in order.
  private func texts(_ svg: String) -> [String] {
    svg.split(separator: "<text").dropFirst().compactMap { part in
      guard let open = part.firstIndex(of: ">"), let close = part.firstIndex(of: "<") else {
        return nil
      }
      return String(part[part.index(after: open)..<close])
    }
  }

  @Test("A small figure, line by line")
  func golden() {
    let text = svg(
      figure([
        .init("a", .line, x: [0, 1, 2], y: [0, 10, 20]),
        .init("b", .points, x: [0, 2], y: [5, 5], u: [1, 1]),
      ]))
    #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns="))
    #expect(text.contains("<title id=\"f-title\">Force &lt;of&gt; &quot;film&quot;</title>"))
    #expect(text.contains("<desc>A &amp; B</desc>"))
    #expect(
      texts(text) == [
        "a", "b", "0.0", "0.5", "1.0", "1.5", "2.0", "0", "5", "10", "15", "20", "Deflection (nm)",
        "Force (nN)",
      ])
    #expect(text.contains("stroke=\"#0072b2\" stroke-width=\"1.6\" d=\"M"))
    #expect(text.contains("stroke=\"#d55e00\" stroke-linecap=\"round\""))
    #expect(!text.contains("script") && !text.contains("href"))
  }

  @Test("Every word from files is escaped")
  func escaping() {
    let evil = "</text><script>alert('1')</script>\u{202E}\u{0}"
    var f = figure(
      [.init(evil, .line, x: [0, 1], y: [0, 1]), .init("b", .line, x: [0, 1], y: [0, 1])],
      marks: [.init(x: 0, y: 0, label: evil)])
    f.xAxis.quantity = evil
    f.yAxis.unit = evil
    f.title = evil
    f.id = "\"><script>"
    let text = svg(f)
    #expect(!text.contains("<script"))
    #expect(!text.contains("\u{202E}") && !text.contains("\u{0}"))
    #expect(throws: Never.self) { try XMLTree(ByteView(utf8: text), area: "svg") }
  }

  @Test("Points without a place are left out, and break a line")
  func gaps() {
    let text = svg(
      figure(
        [.init("a", .line, x: [1, 2, -1, 3, 4, .nan, 5], y: [1, 2, 3, 4, .infinity, 6, 7])],
        logarithmic: true))
    let path = text.split(separator: "stroke-width=\"1.6\" d=\"").last?.prefix { $0 != "\"" }
    #expect(path?.count { $0 == "M" } == 3)
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  @Test(
    "Nothing to draw, one point, equal values and extreme values give a figure without nonsense")
  func extremes() {
    let tiny = Double.leastNonzeroMagnitude
    let values: [[Double]] = [
      [], [0], [5], [3, 3, 3], [tiny * 2000, tiny * 4000], [-1.7e308, 1.7e308], [.nan],
      [.infinity, 1],
      [1e300, 1.0000001e300], [-tiny, tiny], [0, 1e-12], [101_325, 101_325.0001],
    ]
    for x in values {
      for y in values {
        for logarithmic in [false, true] {
          let n = min(x.count, y.count)
          let text = svg(
            figure(
              [.init("a", .points, x: Array(x.prefix(n)), y: Array(y.prefix(n)), u: y)],
              marks: n > 0 ? [.init(x: x[0], y: y[0], label: "m")] : [], logarithmic: logarithmic,
              equalScale: n == 2))
          #expect(!text.contains("nan") && !text.contains("inf"), "\(x) \(y)")
        }
      }
    }
  }

  @Test("A long series is thinned, and keeps its extremes")
  func thinning() {
    let n = 150_000
    let x = (0..<n).map { Double($0) }
    var y = x.map { ($0 * 0.7).truncatingRemainder(dividingBy: 1) }
    y[123_456] = 5
    y[45_678] = -4
    for style in [Figure.Style.line, .points, .dashed, .band] {
      let series = Figure.Series("s", style, x: x, y: y, u: style == .band ? x.map { _ in 0 } : nil)
      let bytes = SVGFigure.document(figure([series, series, series]))
      #expect(bytes.count < 300_000, "\(style)")
      #expect(bytes.count > 3_000)
    }
    let text = svg(figure([.init("s", .line, x: x, y: y)]))
    // The ends of the y axis leave 4 % of the range above the greatest and below the least value.
    let path = text.split(separator: "stroke-width=\"1.6\" d=\"").last?.prefix { $0 != "\"" } ?? ""
    let heights = path.split { "ML ".contains($0) }.enumerated().compactMap {
      $0.offset % 2 == 1 ? Double($0.element) : nil
    }
    let top = 8.0
    #expect(abs((heights.min() ?? 0) - (top + 198 * 0.04 / 1.08)) < 0.2)
    #expect(abs((heights.max() ?? 0) - (top + 198 * (1 - 0.04 / 1.08))) < 0.2)
  }

  @Test("Tick labels keep to few digits; the axis names the power of ten left out")
  func ticks() {
    #expect(
      texts(svg(figure([.init("a", .line, x: [0, 3e-9], y: [0, 4e6])]))) == [
        "0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "0", "1", "2", "3", "4",
        "Deflection (10⁻⁹\u{A0}nm)", "Force (10⁶\u{A0}nN)",
      ])
    let decades = figure([.init("a", .line, x: [0.01, 1e6], y: [0, 1])], logarithmic: true)
    #expect(texts(svg(decades)).prefix(5) == ["10⁻²", "10⁰", "10²", "10⁴", "10⁶"])
    let within = figure([.init("a", .line, x: [10, 90], y: [0, 1])], logarithmic: true)
    #expect(texts(svg(within)).prefix(4) == ["10", "20", "50", "0.0"])
    #expect(texts(svg(figure([.init("a", .line, x: [-2, 2], y: [0, 1])]))).first == "\u{2212}2")
  }

  @Test("Numbers beside a figure are those plotted")
  func numbers() {
    let f = figure(
      [
        .init("=a", .points, x: [1, 2], y: [3, .nan], u: [0.1, 0.2]),
        .init("b", .band, x: [1], y: [2], u: [4]),
      ], marks: [.init(x: 0.5, y: 0.25, label: "m,n")])
    #expect(
      String(decoding: FigureCSV.bytes(f), as: UTF8.self) == """
        series,style,deflection / nm,force / nN,u(force) / nN,edge of force / nN
        '=a,points,1.0,3.0,0.1,
        '=a,points,2.0,,0.2,
        b,band,1.0,2.0,,4.0
        "m,n",mark,0.5,0.25,,

        """)
  }
}
