import Tables
import Testing
import Units
import Verification

/// The cases of the phase field at other parameters; the long ones in release builds only.
@Suite struct PlatingVerificationTests {
  @Test func atOtherParameters() throws {
    var sets: [(id: String, sets: [[String]])] = [
      ("planar-front", [["spacing_over_width=1"], ["spacing_over_width=0.25"]]),
      ("dispersion", [["wavelength=16 nm", "thickness=4 nm"], ["modulus=100 GPa"]]),
    ]
    #if !DEBUG
    sets.append(
      (
        "phase-field-twin",
        [["growth=1 nm", "thickness=20 nm"], ["interface_half_width=0.25 nm"], ["thickness=4 nm"]]
      ))
    #else
    sets.append(("phase-field-twin", [["growth=0.1 nm", "interface_half_width=1 nm"]]))
    #endif
    for (id, all) in sets {
      let item = try #require(Verification.named(id))
      for set in all {
        for row in try item.run(sets: set) {
          #expect(
            row.passes == true,
            "\(id) \(set): \(row.result ?? 0), \(row.reference ?? 0), order \(row.order ?? 0)")
        }
      }
    }
  }
}
