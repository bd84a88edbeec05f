import FilmElasticity
import Foundation
import Testing

@Suite struct LayeredFilmTests {
  static let alucone = ElasticMaterial(youngModulus: 25e9, poissonRatio: 0.24)
  static let alumina = ElasticMaterial(youngModulus: 165e9, poissonRatio: 0.22)

  /// Layers of one material are one film, from kh = 1e-3 to 500.
  @Test func equalLayersAreOneFilm() {
    for base in FilmBase.allCases {
      let film = FilmStrip(
        thickness: 10e-9, youngModulus: 25e9, poissonRatio: 0.24, base: base)
      for x in [1e-3, 3e-3, 0.01, 0.1, 0.3, 0.99, 1.01, 2, 3, 10, 30, 99.5, 250, 500] {
        let k = x / film.thickness
        let exact = film.response(wavenumber: k)
        for count in [1, 2, 5, 25] {
          let layers = LayeredFilm(
            layers: (0..<count).map { _ in
              FilmLayer(thickness: 10e-9 / Double(count), material: Self.alucone)
            }, base: base)
          let error = (layers.response(wavenumber: k) / exact - 1).magnitude
          #expect(error < 1e-12, "\(base) kh \(x), \(count) layers: \(error)")
        }
      }
    }
  }

  /// A nanolaminate of 4 nm alumina on 6 nm alucone against a direct solve of the eight Airy
  /// constants in 200-digit arithmetic (mpmath 1.3).
  @Test func twoLayersAgainstManyDigits() {
    for reference in laminateReferences {
      let film = LayeredFilm(
        layers: [
          FilmLayer(thickness: 6e-9, material: Self.alucone),
          FilmLayer(thickness: 4e-9, material: Self.alumina),
        ], base: reference.base)
      let found = film.response(wavenumber: reference.x / 10e-9)
      let error = (found / reference.response - 1).magnitude
      #expect(error < 1e-11, "\(reference.base) kh \(reference.x): \(error)")
    }
  }

  /// A thin laminate bends as a plate whose stiffness is that of its transformed section.
  @Test func thinLaminateBendsAsAPlate() {
    let layers = [
      FilmLayer(thickness: 3e-9, material: Self.alumina),
      FilmLayer(thickness: 5e-9, material: Self.alucone),
      FilmLayer(thickness: 2e-9, material: Self.alumina),
    ]
    let film = LayeredFilm(layers: layers)
    var (a, b, d, bottom) = (0.0, 0.0, 0.0, 0.0)
    for layer in layers {
      let top = bottom + layer.thickness
      let e = layer.material.planeStrainModulus
      a += e * (top - bottom)
      b += e * (top * top - bottom * bottom) / 2
      d += e * (top * top * top - bottom * bottom * bottom) / 3
      bottom = top
    }
    let k = 1e-3 / 10e-9
    let plate = (d - b * b / a) * k * k * k * k
    #expect((film.response(wavenumber: k) / plate - 1).magnitude < 1e-5)
  }
}

private let laminateReferences: [(base: FilmBase, x: Double, response: Double)] = [
  (.lubricated, 0.001, 463872.356161445),
  (.lubricated, 0.03, 375680747845.92963),
  (.lubricated, 0.3, 3700392588257996.8),
  (.lubricated, 1, 3.7687741703351645e+17),
  (.lubricated, 3, 4.6462311049317717e+18),
  (.lubricated, 10, 1.3269461961279241e+19),
  (.lubricated, 100, 1.3264006791171477e+20),
  (.lubricated, 500, 6.6320033955857385e+20),
  (.bonded, 0.001, 4722295.857892869),
  (.bonded, 0.03, 3809454067582.017),
  (.bonded, 0.3, 27132669675634368.0),
  (.bonded, 1, 8.4145352065088753e+17),
  (.bonded, 3, 5.0870921734192059e+18),
  (.bonded, 10, 1.5025661221772815e+19),
  (.bonded, 100, 1.502213788741303e+20),
  (.bonded, 500, 7.5110689437065149e+20),
]
