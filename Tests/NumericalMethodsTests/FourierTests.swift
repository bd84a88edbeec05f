import NumericalMethods
import RealModule
import Testing

@Suite struct FourierTests {
  /// Against the sum itself, for every radix and mixtures of them.
  @Test func spectrumIsTheSum() throws {
    for (rows, columns) in [(2, 2), (4, 6), (10, 8), (12, 30), (16, 50), (18, 20)] {
      var grid = try #require(FourierGrid(rows: rows, columns: columns))
      let values = (0..<(rows * columns)).map { Double(($0 * 7919 + 13) % 1009) / 1009 - 0.4 }
      var spectrum = FourierGrid.Spectrum(count: 0)
      grid.spectrum(of: values, into: &spectrum)
      #expect(spectrum.re.count == grid.spectrumCount)
      var worst = 0.0
      for i in 0..<columns {
        for k in 0...(rows / 2) {
          var (re, im) = (0.0, 0.0)
          for j in 0..<rows {
            for c in 0..<columns {
              let turn =
                Double(i * c % columns) / Double(columns) + Double(k * j % rows) / Double(rows)
              re += values[j * columns + c] * Double.cos(2 * .pi * turn)
              im -= values[j * columns + c] * Double.sin(2 * .pi * turn)
            }
          }
          let place = i * (rows / 2 + 1) + k
          worst = max(worst, abs(spectrum.re[place] - re), abs(spectrum.im[place] - im))
        }
      }
      #expect(worst < 1e-12 * Double(rows * columns), "\(rows) × \(columns)")
      var back: [Double] = []
      grid.values(of: spectrum, into: &back)
      #expect(back.count == values.count)
      for (x, y) in zip(values, back) { #expect(abs(x - y) < 1e-14) }
    }
  }

  @Test func sizesAreChecked() {
    #expect(FourierGrid(rows: 14, columns: 8) == nil)
    #expect(FourierGrid(rows: 15, columns: 8) == nil)
    #expect(FourierGrid(rows: 0, columns: 8) == nil)
    #expect(FourierGrid(rows: 8, columns: 32768) == nil)
    var grid = FourierGrid(rows: 8, columns: 8)
    var spectrum = FourierGrid.Spectrum(count: 3)
    grid?.spectrum(of: [1, 2], into: &spectrum)
    #expect(spectrum.re == [Double](repeating: 0, count: 40))
  }
}
