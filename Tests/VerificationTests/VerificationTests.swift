import Foundation
import Configuration
import Tables
import Units
import Verification
import Testing

@Suite struct VerificationTests {
  /// Every case passes at its defaults; the larger ones in release builds only.
  @Test func casesPass() throws {
    #if DEBUG
    let slow = [
      "pressurised-film", "delaminate-reference", "elasticity-large",
      "bm1a", "bm7a", "bm8a", "phase-field-twin", "plate-reference",
    ]
    let sets = ["elasticity-mms.cells=16"]
    #else
    let slow: [String] = []
    let sets: [String] = []
    #endif
    // Printed beside the others, with nothing to compare them with.
    let unknown = ["elasticity-large recomputed_residual", "bm8a free_energy"]
    var seen = 0
    for item in Verification.all where !slow.contains(item.id) {
      let rows = try item.run(sets: sets)
      #expect(!rows.isEmpty, "\(item.id)")
      for row in rows {
        #expect(row.id == item.id)
        let isUnknown =
          row.reference == nil && unknown.contains("\(item.id) \(row.quantity)")
        #expect(
          row.passes == true || (isUnknown && row.passes == nil),
          "\(item.id) \(row.quantity): \(String(describing: row.result)) for \(String(describing: row.reference)), order \(String(describing: row.order))"
        )
        seen += 1
      }
    }
    #expect(seen >= 20)
  }

  /// Parameters change the answer; where nothing is known a row neither passes nor fails.
  @Test func parametersChange() throws {
    let blister = try #require(Verification.named("winkler-blister"))
    let rows = try blister.run(sets: ["thickness=4 nm", "interface_stiffness=1e16 Pa/m"])
    #expect(rows[0].reference == 9.643565170577276e-09 && rows[0].passes == true)
    #expect(rows[1].passes == true)
    let other = try blister.run(sets: ["thickness=3 nm"])
    #expect(other[0].reference == nil && other[0].passes == nil && other[0].error == nil)
    #expect(other[1].passes == true)
    let thick = try blister.run(sets: ["winkler-blister.thickness=20 nm"])
    #expect(thick[1].tolerance == nil && thick[1].passes == nil)
    let text = try #require(other[0].parameters["thickness"]?["value"]?.text)
    #expect(text == "3 nm" && other[0].parameters["thickness"]?["source"] == .text("--set"))
    #expect(!blister.takes("dcb.thickness=3 nm") && !blister.takes("cells=3"))
  }

  @Test func wrongParametersAreRefused() throws {
    for (id, set) in [
      ("film-response", "thickness=10 GPa"), ("film-response", "thickness=10"),
      ("film-response", "base=loose"), ("elasticity-mms", "cells=1000"),
      ("cohesive-law", "energy=0.001 J/m2"), ("dcb", "load=-3 N"),
    ] {
      let item = try #require(Verification.named(id))
      #expect(throws: ReadFailure.self) { try item.run(sets: [set]) }
    }
  }

  /// The response of films from very thin to half-spaces, by three ways.
  @Test func filmResponseAnywhere() throws {
    let item = try #require(Verification.named("film-response"))
    for (h, wavelength) in [("4 nm", "16 nm"), ("1 nm", "200 nm"), ("12 nm", "20 nm")] {
      for base in ["lubricated", "bonded"] {
        let rows = try item.run(
          sets: ["thickness=\(h)", "wavelength=\(wavelength)", "base=\(base)"])
        #expect(rows.count == 2)
        for row in rows {
          #expect(row.passes == true, "\(h) \(wavelength) \(base): \(row)")
        }
      }
    }
  }

  /// A row fails where its error or its order is off, or where nothing was found.
  @Test func rowsFail() {
    func row(_ result: Double?, order: Double? = nil, expected: Double? = nil) -> VerificationRow {
      VerificationRow(
        "q", .one, result: result, reference: 2, source: "known", tolerance: 1e-3, order: order,
        expectedOrder: expected)
    }
    #expect(row(2.0019).passes == true && row(2.0021).passes == false && row(nil).passes == false)
    #expect(row(.nan).passes == false)
    #expect(row(2, order: 1.9, expected: 2).passes == true)
    #expect(row(2, order: 1.8, expected: 2).passes == false)
    #expect(row(2, order: nil, expected: 2).passes == false)
    #expect(row(.infinity).value["result"] == .null)
  }
}
