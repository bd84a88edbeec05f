import ForceMicroscopy
import Tables
import Testing
import Units

/// Sader's formula against an own evaluation with `scipy.special.kv` (SciPy 1.17.1).
@Suite struct SaderTests {
  @Test func meetsTheReference() throws {
    // Reference of the issue: 0.15731 N/m; 0.1573065202661382 by SciPy.
    let cases: [(String, Double)] = [
      ("length=397um,width=29um,frequency=17.36kHz,q=55.5", 0.1573065202661382),
      ("width = 40 um, length = 0.225 mm, q = 200, frequency = 75000 Hz", 3.1946654799284984),
      (
        "length=397um,width=29um,frequency=17.36kHz,q=55.5,density=0.997 g/cm3,viscosity=0.89 mPa.s",
        24.643579094707153
      ),
    ]
    for (text, expected) in cases {
      let k = try #require(try SaderCalibration(text: text).springConstant)
      #expect(abs(k.value.si / expected - 1) < 1e-9, "\(text): \(k.value.si)")
      #expect(k.u == nil)
    }
  }

  /// k ∝ L Q, so that their relative uncertainties enter with weight 1.
  @Test func uncertaintyFollowsTheInputs() throws {
    let k = try #require(
      try SaderCalibration(
        text: "length=397um ± 3.97um,width=29um,frequency=17.36kHz,q=55.5 ± 1.11"
      ).springConstant)
    let u = try #require(k.relativeUncertainty)
    #expect(abs(u - (1e-4 + 4e-4).squareRoot()) < 1e-6)
  }

  @Test func wrongKeysAreNamed() {
    let cases = [
      ("length=397um,width=29um,frequency=17.36kHz", "no q"),
      ("length=397um,breadth=29um,frequency=17.36kHz,q=55", "breadth"),
      ("length=397um,length=29um,frequency=17.36kHz,q=55", "twice"),
      ("length=397,width=29um,frequency=17.36kHz,q=55", "length"),
      ("length=397um,width=29s,frequency=17.36kHz,q=55", "width"),
      ("length=397um,width=29um,frequency=17.36kHz,q=-5", "q"),
      ("length", "KEY=VALUE"),
    ]
    for (text, word) in cases {
      #expect {
        try SaderCalibration(text: text)
      } throws: { error in
        let diagnostic = (error as? ReadFailure)?.diagnostic
        return diagnostic?.code == "afm.sader" && diagnostic?.message.contains(word) == true
      }
    }
  }

  @Test func aLeverOutOfRangeIsSaid() throws {
    let short = try SaderCalibration(text: "length=40um,width=29um,frequency=17.36kHz,q=55.5")
    #expect(short.diagnostics.contains { $0.code == "afm.sader-range" && $0.severity == .warning })
    let huge = try SaderCalibration(text: "length=9m,width=2m,frequency=17MHz,q=55.5")
    #expect(huge.springConstant == nil)
    #expect(huge.diagnostics.contains { $0.code == "afm.sader-range" && $0.severity == .error })
  }
}
