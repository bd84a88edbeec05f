import FilmElasticity
import Foundation
import Materials
import Simulation
import Tables
import Testing
import Units

@testable import Plating

/// The field inside the film against Hooke's law, equilibrium and the closed forms at its base.
@Suite struct FilmFieldTests {
  /// Where a field is asked for: every level of the film on a column, for a surface of two waves.
  static let heights = (0..<64).map { i -> Double in
    let x = 2 * Double.pi * Double(i - 32) / 64
    return 0.1 * cos(2 * x) + 0.05 * sin(5 * x)
  }

  /// Strain of the displacement by differences = Hooke's law of the stress; no net force anywhere.
  @Test func displacementAndStressBelongTogether() {
    for base in FilmBase.allCases {
      for thickness in [1e-9, 10e-9, 60e-9] {
        let film = FilmStrip(
          thickness: thickness, youngModulus: 25e9, poissonRatio: 0.24, base: base)
        let k = 2 * Double.pi / 32e-9
        let step = 1e-4 * thickness
        for share in [0.1, 0.5, 0.9] {
          let y = share * thickness
          let (a, b) = (
            film.displacement(wavenumber: k, height: y - step),
            film.displacement(wavenumber: k, height: y + step)
          )
          let middle = film.displacement(wavenumber: k, height: y)
          let stress = film.stress(wavenumber: k, height: y)
          let scale = 25e9 * k * (middle.x.magnitude + middle.y.magnitude)
          let strainX = k * middle.x
          let strainY = (b.y - a.y) / (2 * step)
          let shear = (b.x - a.x) / (2 * step) - k * middle.y
          // plane strain: ε = (1+ν)/E·[(1−ν)σ − ν·other]
          let c = 1.24 / 25e9
          #expect(
            (strainX - c * (0.76 * stress.xx - 0.24 * stress.yy)).magnitude < 1e-6 * scale / 25e9)
          #expect(
            (strainY - c * (0.76 * stress.yy - 0.24 * stress.xx)).magnitude < 1e-6 * scale / 25e9)
          #expect((shear - 2 * c * stress.xy).magnitude < 1e-6 * scale / 25e9)
        }
        let foot = film.displacement(wavenumber: k, height: 0)
        #expect((foot.y - 1).magnitude < 1e-9)
        if base == .bonded { #expect(foot.x.magnitude < 1e-9) }
      }
    }
  }

  /// At the base the sum over waves is the normal and tangential stress of the solvers; the top is free.
  @Test func baseAndTop() {
    for compliance in [true, false] {
      var problem = Reference.problem(
        thickness: 10, compliance: compliance, growth: 1e-9, points: 64)
      problem.heights = Self.heights
      let state = PlatingRun.sharp(problem).initial
      let field = FilmField(
        problem.film, heights: Self.heights, width: 64, stride: 1, levels: 9, depth: 10)
      for i in 0..<64 {
        #expect((field.stressYY[i] - state.normalStress[i]).magnitude < 1e-9 * 300)
        #expect((field.stressXX[i] - state.tangentialStress[i]).magnitude < 1e-9 * 300)
        #expect(field.stressXY[i].magnitude < 1e-9)
        #expect(field.stressYY[8 * 64 + i].magnitude < 1e-9)
        #expect(field.stressXY[8 * 64 + i].magnitude < 1e-9)
        if !compliance {
          #expect((field.displacementY[i] - Self.heights[i]).magnitude < 1e-12)
        }
      }
      // Forces on each level balance: the sum of σ_yy over the period is nothing.
      for level in 0..<9 {
        let sum = field.stressYY[(level * 64)..<(level * 64 + 64)].reduce(0, +)
        #expect(sum.magnitude < 1e-8)
      }
      // Every fourth column is the same field.
      let coarse = FilmField(
        problem.film, heights: Self.heights, width: 64, stride: 4, levels: 9, depth: 10)
      #expect(coarse.columns == 16)
      for i in 0..<16 { #expect(coarse.stressXY[3 * 16 + i] == field.stressXY[3 * 64 + 4 * i]) }
    }
  }

  /// Uniaxial and hydrostatic stress in plane strain, by hand.
  @Test func gridsCoverMetalAndFilm() throws {
    var plateCase = PlateCase(label: "case")
    plateCase.film.thickness.value = .init(10, .nanometre)
    plateCase.spacing = .init(0.5, .nanometre)
    plateCase.stop = .growth(.init(0.2, .nanometre))
    let run = CaseRun(plateCase)
    let named = fieldGrid(run, name: "case")
    #expect(named.name == "fields/case.vti")
    #expect(named.fields.map(\.name) == ["time", "growth"])
    let (x, y) = (named.grid.axes[0], named.grid.axes[1])
    #expect(x.count == 128 && x.origin == -32 && x.step == 0.5)
    let phase = try #require(run.run.phase)
    #expect(y.origin == phase.bottom && y.step == 0.5)
    #expect(
      named.grid.channels.map(\.name) == [
        "order_parameter", "displacement_x", "displacement_y", "stress_xx", "stress_yy",
        "stress_xy", "stress_von_mises",
      ])
    for channel in named.grid.channels { #expect(channel.count == x.count * y.count) }
    // ξ is that of the run, row by row, and film begins where it falls below a half.
    let order = try #require(named.grid.channels[0].real)
    #expect(Array(order[..<(128 * phase.rows)]) == phase.values)
    let yy = try #require(named.grid.channels[4].real)
    let heights = run.run.final.heights
    for i in stride(from: 0, to: 128, by: 7) {
      let first = try #require((0..<y.count).first { !yy[$0 * 128 + i].isNaN })
      let bottom = y.origin + Double(first) * y.step
      #expect(bottom >= heights[i] && bottom < heights[i] + y.step * (1 + 1e-9))
      #expect(order[first * 128 + i] < 0.5)
      if first > 0 { #expect(order[(first - 1) * 128 + i] >= 0.5) }
    }
    // The sharp model has the same film and no order parameter.
    plateCase.solver = .sharp
    plateCase.points = 64
    let sharp = fieldGrid(CaseRun(plateCase), name: "s").grid
    #expect(sharp.channels.first?.name == "displacement_x" && sharp.axes[0].count == 64)
    // The map of stresses is whole and shows what the interface carries.
    let figure = stressMap([run], note: "")
    #expect(figure.fields.count == 1 && figure.fields.allSatisfy(\.isWhole))
    let least = figure.fields.flatMap(\.values).min() ?? 0
    #expect(least < 0.8 * run.numbers.tipFinal && least > 1.05 * run.numbers.tipFinal)
  }
}
