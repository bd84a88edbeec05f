import RealModule
import Tables
import Testing
import Units

@testable import XRayAbsorption

/// The unit of an axis from its values, Bragg's law, and the order of its points.
@Suite struct EnergyAxisTests {
  private func column(
    _ values: [Double], _ name: String = "photon_energy", unit: ColumnUnit = .absent
  ) -> Column {
    Column(name: name, label: "axis", values: .real(values), unit: unit)
  }

  private func complete(
    _ columns: [Column], _ mono: EnergyAxis.Monochromator = .init(), axis: Int? = nil
  ) -> (columns: [Column], diagnostics: DiagnosticList) {
    var columns = columns
    var diagnostics = DiagnosticList()
    EnergyAxis.complete(
      &columns, mono: mono, axis: axis, place: { .line($0 + 1) }, into: &diagnostics)
    return (columns, diagnostics)
  }

  @Test func guessesTheUnit() throws {
    // keV: no value reaches 120 and the smallest step is below 0.005.
    var (columns, diagnostics) = complete([column([1.5596, 1.5600, 1.5700])])
    #expect(columns[0].real?.first == 1559.6)
    #expect(columns[0].unit.ucum == "eV")
    #expect(diagnostics.all.map(\.code) == ["xas.axis-guessed"])
    // The L edge of aluminium is at 73 eV: a falling scan there is no angle.
    (columns, _) = complete([column([80, 79.5, 73, 70])])
    #expect(columns.map(\.name) == ["photon_energy"])
    #expect(columns[0].real == [80, 79.5, 73, 70])
    // Written units are no guess.
    (columns, diagnostics) = complete([
      column([1.5, 1.6], unit: try .known(PhysicalUnit(ucum: "keV")))
    ])
    #expect(columns[0].real == [1500, 1600])
    #expect(diagnostics.all.isEmpty)
  }

  @Test func anglesBecomeEnergies() {
    // Si 111, 2d = 6.2712 Å: Fe K, 7112 eV, is at asin(12398.4198 / (6.2712 · 7112)) = 16.139°.
    let angle = 180 / Double.pi * Double.asin(12398.419843320026 / (6.2712 * 7112))
    let mono = EnergyAxis.Monochromator(spacing: 3.1356)
    let (columns, diagnostics) = complete(
      [column([angle + 1, angle, angle - 1], "x")], mono, axis: 0)
    #expect(columns.map(\.name) == ["mono_angle", "photon_energy"])
    #expect(columns[0].unit.ucum == "deg")
    #expect(abs((columns[1].real?[1] ?? 0) - 7112) < 1e-9)
    #expect(diagnostics.all.map(\.code) == ["xas.axis-guessed"])
    // Millidegrees, only where the format is known to write them.
    let milli = [angle * 1000 + 10, angle * 1000]
    var srs = mono
    srs.mayBeMillidegrees = true
    let falling = complete([column(milli, "x")], srs, axis: 0).columns
    #expect(abs((falling.last?.real?[1] ?? 0) - 7112) < 1e-9)
    #expect(complete([column(milli, "x")], mono, axis: 0).columns.count == 1)
  }

  @Test func stepsBecomeEnergies() {
    // 4000 steps a degree, d = 1.92017 Å (Si 220): Cu K, 8979 eV, at 21.07°.
    let angle = 180 / Double.pi * Double.asin(12398.419843320026 / (2 * 1.92017 * 8979))
    var mono = EnergyAxis.Monochromator(spacing: 1.92017)
    mono.stepsPerDegree = 4000
    let (columns, _) = complete([column([angle * 4000, angle * 4000 - 50], "encoder")], mono)
    #expect(columns.map(\.name) == ["encoder", "photon_energy"])
    #expect(abs((columns[1].real?[0] ?? 0) - 8979) < 1e-9)
    // Without the steps of a degree the axis stays what it is.
    let unknown = complete([column([843_400, 842_000])], .init(spacing: 1.92017))
    #expect(unknown.columns.map(\.name) == ["encoder"])
  }

  @Test func ordersAreChecked() {
    let unit = ColumnUnit.known(EnergyAxis.electronvolt)
    let (_, diagnostics) = complete([column([1, 2, 3, 2.5, 3, 4, 0], unit: unit)])
    #expect(
      diagnostics.all.map { "\($0.code) \($0.place) \($0.count)" } == [
        "axis.unordered line 4 2", "axis.repeated line 5 1", "axis.not-positive line 7 1",
      ])
    #expect(complete([column([4, 3, 2, 1], unit: unit)]).diagnostics.all.isEmpty)
  }
}
