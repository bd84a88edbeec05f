import FilmElasticity
import Foundation
import NumericalMethods
import Testing

@Suite struct FiniteElementTests {
  @Test func patchTest() throws {
    for element in PlaneElement.allCases {
      let error = try #require(ElasticityChecks.patchTestError(element))
      #expect(error < 1e-12, "\(element): \(error)")
    }
  }

  /// The orders of a manufactured solution: 2 and 2 for Q1, 3 and 4 for Q2.
  @Test func manufacturedOrders() throws {
    for (element, expected) in [(PlaneElement.q1, (2.0, 2.0)), (.q2, (3.0, 4.0))] {
      let coarse = try #require(ElasticityChecks.manufacturedErrors(element, cells: 8))
      let fine = try #require(ElasticityChecks.manufacturedErrors(element, cells: 16))
      let orders = (
        log2(coarse.displacement / fine.displacement), log2(coarse.energy / fine.energy)
      )
      #expect(abs(orders.0 - expected.0) < 0.15, "\(element): \(orders)")
      #expect(abs(orders.1 - expected.1) < 0.15, "\(element): \(orders)")
    }
  }

  /// Finite elements give the closed form of the strip, with order 4 in its energy.
  @Test func stripResponse() throws {
    for base in FilmBase.allCases {
      let film = FilmStrip(
        thickness: 10e-9, youngModulus: 25e9, poissonRatio: 0.24, base: base)
      let k = 2 * Double.pi / 32e-9
      let exact = film.response(wavenumber: k)
      func error(_ columns: Int) throws -> Double {
        let found = try #require(
          film.finiteElementResponse(wavenumber: k, columns: columns, rows: 2 * columns))
        return abs(found / exact - 1)
      }
      let (coarse, fine) = (try error(4), try error(8))
      #expect(fine < 5e-5, "\(base): \(fine)")
      #expect(abs(log2(coarse / fine) - 4) < 0.3, "\(base): \(coarse) \(fine)")
    }
  }

  /// The strip condensed onto its base answers a displaced base as the whole strip does.
  @Test func condensation() throws {
    let mesh = StripMesh(
      columnWidths: StripMesh.graded(length: 40e-9, count: 10, growth: 1.2),
      rowHeights: [1e-9, 3e-9], element: .q2)
    var problem = PlaneStrainProblem(
      mesh: mesh, material: ElasticMaterial(youngModulus: 25e9, poissonRatio: 0.24))
    for j in 0..<mesh.nodesAcross { problem.fix(0, j, .x) }
    let condensed = try #require(problem.condensedOntoBase([.x, .y]))
    #expect(condensed.unknowns.count == 2 * mesh.nodesAlong - 1)
    let shape = condensed.unknowns.map { sin(Double($0)) * 1e-9 }
    let force = try #require(condensed.matrix.times(shape))
    for (unknown, value) in zip(condensed.unknowns, shape) {
      problem.fix(unknown / 2 / mesh.nodesAcross, 0, unknown % 2 == 0 ? .x : .y, at: value)
    }
    let u = try #require(problem.solve())
    let whole = try #require(problem.stiffness.times(u))
    let scale = force.map(abs).max() ?? 0
    for (row, unknown) in condensed.unknowns.enumerated() {
      #expect(abs(force[row] - whole[unknown]) < 1e-10 * scale)
      for column in condensed.unknowns.indices {
        let asymmetry = abs(condensed.matrix[row, column] - condensed.matrix[column, row])
        #expect(asymmetry < 1e-10 * abs(condensed.matrix[row, row]))
      }
    }
  }

  /// A strip that nothing holds has no solution.
  @Test func looseStripHasNoSolution() {
    let mesh = StripMesh(length: 4, thickness: 1, columns: 4, rows: 1, element: .q1)
    let problem = PlaneStrainProblem(
      mesh: mesh, material: ElasticMaterial(youngModulus: 1, poissonRatio: 0.3))
    #expect(problem.solve() == nil)
  }

  /// The strip under its own ends' pull: uniaxial tension in plane strain, whatever the grading.
  @Test func uniaxialTension() throws {
    for element in PlaneElement.allCases {
      let mesh = StripMesh(
        columnWidths: StripMesh.graded(length: 3, count: 5, growth: 0.7), rowHeights: [0.4, 0.6],
        element: element)
      let material = ElasticMaterial(youngModulus: 2, poissonRatio: 0.3)
      var problem = PlaneStrainProblem(mesh: mesh, material: material)
      for j in 0..<mesh.nodesAcross {
        problem.fix(0, j, .x)
        problem.fix(mesh.nodesAlong - 1, j, .x, at: 0.03)
      }
      problem.fix(0, 0, .y)
      let u = try #require(problem.solve())
      let top = u[2 * mesh.node(2, mesh.nodesAcross - 1) + 1]
      #expect(abs(top + 0.3 / 0.7 * 0.01) < 1e-14)
      #expect(abs(problem.strainEnergy(u) - 0.5 * material.planeStrainModulus * 1e-4 * 3) < 1e-14)
    }
  }
}
