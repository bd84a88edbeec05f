import NumericalMethods
import RealModule
import Testing

/// One step as the formula says it, on arrays of rows.
private func plainStep(
  _ field: [[Double]], _ k: AllenCahnCoefficients, _ columnEdge: FieldEdge, _ rowEdge: FieldEdge
) -> [[Double]] {
  func index(_ i: Int, _ n: Int, _ edge: FieldEdge) -> Int {
    if (0..<n).contains(i) { return i }
    switch edge {
    case .periodic: return (i + n) % n
    case .noFlux: return i < 0 ? 0 : n - 1
    case .mirror: return i < 0 ? 1 : n - 2
    }
  }
  let (rows, columns) = (field.count, field[0].count)
  return (0..<rows).map { j in
    (0..<columns).map { i in
      let x = field[j][i]
      let left = field[j][index(i - 1, columns, columnEdge)]
      let right = field[j][index(i + 1, columns, columnEdge)]
      let below = field[index(j - 1, rows, rowEdge)][i]
      let above = field[index(j + 1, rows, rowEdge)][i]
      let q = x * (1 - x)
      return x
        + (k.diffusion * (((left + right) + (below + above)) - 4 * x)
          + q * ((k.constant + k.linear * x) + k.square * q))
    }
  }
}

@Suite("Order-parameter field")
struct OrderParameterTests {
  @Test("steps are the formula to the last bit, with every kind of edge, up and down")
  func formula() {
    let edges: [FieldEdge] = [.periodic, .noFlux, .mirror]
    let k = AllenCahnCoefficients(diffusion: 0.11, constant: -0.03, linear: 0.07, square: 0.013)
    for columnEdge in edges {
      for rowEdge in edges {
        for (columns, rows) in [(7, 5), (24, 3), (48, 11), (2, 2)] {
          var random = CounterRandom(seed: UInt64(columns * rows))
          var expected = (0..<rows).map { _ in (0..<columns).map { _ in random.uniform() } }
          var field = OrderParameterField(
            columns: columns, rows: rows, columnEdge: columnEdge, rowEdge: rowEdge)
          for j in 0..<rows { for i in 0..<columns { field[j, i] = expected[j][i] } }
          var byColumns = field
          var table = AllenCahnColumns(count: columns)
          for i in 0..<columns {
            table.diffusion[i] = k.diffusion
            table.constant[i] = k.constant
            table.linear[i] = k.linear
          }
          let unsquared = AllenCahnCoefficients(
            diffusion: k.diffusion, constant: k.constant, linear: k.linear)
          var withoutSquare = expected
          for _ in 0..<5 {
            expected = plainStep(expected, k, columnEdge, rowEdge)
            field.step(k)
            withoutSquare = plainStep(withoutSquare, unsquared, columnEdge, rowEdge)
            byColumns.step(table)
          }
          #expect(field.values == expected.flatMap { $0 })
          #expect(byColumns.values == withoutSquare.flatMap { $0 })
        }
      }
    }
  }

  @Test("the profile ½(1 − tanh(s/2ℓ)) rests, and bulk values rest exactly")
  func rest() {
    let (width, spacing) = (4.0, 1.0)
    var field = OrderParameterField(columns: 1, rows: 120, columnEdge: .periodic, rowEdge: .noFlux)
    for j in 0..<120 {
      field[j, 0] = (1 - Double.tanh((Double(j) - 59.5) * spacing / (2 * width))) / 2
    }
    let start = field.values
    let k = AllenCahnCoefficients(
      diffusivity: 1, well: 1 / (width * width), timeStep: 0.2, spacing: spacing)
    for _ in 0..<2000 { field.step(k) }
    // The 5-point formula has a profile of its own, which differs by the order of (Δx/ℓ)²/16.
    for (a, b) in zip(field.values, start) { #expect((a - b).magnitude < 3e-3) }
    var bulk = OrderParameterField(columns: 9, rows: 9, columnEdge: .periodic, rowEdge: .periodic)
    for j in 0..<9 { for i in 0..<9 { bulk[j, i] = 1 } }
    for _ in 0..<100 { bulk.step(k) }
    #expect(bulk.values.allSatisfy { $0 == 1 })
  }

  @Test("crossings are counted, small cells cleared, rows moved")
  func scan() {
    var field = OrderParameterField(columns: 3, rows: 6, columnEdge: .periodic, rowEdge: .noFlux)
    for j in 0..<6 {
      field[j, 0] = j < 3 ? 1 : 1e-40
      field[j, 1] = j % 2 == 0 ? 0.9 : 0.1
      field[j, 2] = 0.7
    }
    #expect(field.crossings(clearingBelow: 1e-30) == [1, 5, 0])
    #expect(field[5, 0] == 0)
    field.moveDown(by: 2)
    #expect((0..<6).map { field[$0, 0] } == [1, 0, 0, 0, 0, 0])
    #expect((0..<6).map { field[$0, 2] } == [0.7, 0.7, 0.7, 0.7, 0, 0])
    #expect(OrderParameterField.bytes(columns: 256, rows: 96) == 288 * 99 * 8)
    #expect(OrderParameterField.bytes(columns: .max, rows: .max) == nil)
  }

  @Test("an even kernel acts on each wave by its eigenvalue, on whole series and on halves")
  func convolution() {
    let points = 24
    let modes = (1...12).map { Double($0 * $0) }
    for wave in 1...12 {
      let z = (0..<points).map { Double.cos(2 * .pi * Double(wave * ($0 - 12)) / 24) }
      var whole = EvenConvolution(modes: modes, points: points, mirrored: false)
      var result = [Double](repeating: 0, count: points)
      whole.apply(to: z, into: &result)
      for (a, b) in zip(result, z) { #expect((a - modes[wave - 1] * b).magnitude < 1e-11) }
      var half = EvenConvolution(modes: modes, points: points, mirrored: true)
      var halfResult = [Double](repeating: 0, count: 13)
      half.apply(to: Array(z[12...]) + [z[0]], into: &halfResult)
      for i in 0...12 {
        #expect((halfResult[i] - result[(12 + i) % 24]).magnitude < 1e-11)
      }
    }
  }
}
