import Foundation
import Testing

@testable import Delamination

@Suite struct CohesiveLawTests {
  static let law = CohesiveLaw(strength: 150e6, energy: 0.3, onsetOpening: 0.05e-9)

  /// The peak of the traction is the strength and the area under it the energy, in any mode.
  @Test func peakAndArea() {
    for (open, slide) in [(1.0, 0.0), (0.6, 0.8), (0.0, 1.0)] {
      var (peak, area, damage, last) = (0.0, 0.0, 0.0, 0.0)
      let steps = 200_000
      let step = 1.01 * Self.law.failureOpening / Double(steps)
      for i in 1...steps {
        let delta = Double(i) * step
        let answer = Self.law.respond(opening: open * delta, slip: slide * delta, damage: damage)
        damage = answer.damage
        let traction = answer.normal * open + answer.shear * slide
        peak = max(peak, traction)
        area += (traction + last) / 2 * step
        last = traction
      }
      #expect(abs(peak / 150e6 - 1) < 1e-3)
      #expect(abs(area / 0.3 - 1) < 1e-6)
      #expect(damage == 1 && last == 0)
    }
    let top = Self.law.respond(opening: 0.05e-9, slip: 0, damage: 0)
    #expect(abs(top.normal / 150e6 - 1) < 1e-12)
  }

  /// Unloading goes straight to the origin; damage does not heal; contact knows none.
  @Test func unloadsOnTheSecant() {
    let loaded = Self.law.respond(opening: 1e-9, slip: 0, damage: 0)
    #expect(loaded.damage > 0.9 && loaded.damage < 1)
    for share in [0.9, 0.5, 0.1, 0.001] {
      let back = Self.law.respond(opening: share * 1e-9, slip: 0, damage: loaded.damage)
      #expect(back.damage == loaded.damage)
      #expect(abs(back.normal - share * loaded.normal) < 1e-6)
    }
    let contact = Self.law.respond(opening: -1e-12, slip: 0, damage: loaded.damage)
    #expect(contact.normal == -1e-12 * Self.law.stiffness)
    let gone = Self.law.respond(opening: 10e-9, slip: 0, damage: 0)
    #expect(gone.normal == 0 && gone.damage == 1 && gone.nn == 0)
  }

  /// The slopes are the derivatives of the tractions, by central differences.
  @Test func slopesAreDerivatives() {
    let h = 1e-15
    for (opening, slip, damage) in [
      (0.02e-9, 0.01e-9, 0.0), (0.3e-9, 0.1e-9, 0.0), (1e-9, -0.7e-9, 0.2), (0.2e-9, 0.1e-9, 0.99),
      (-0.01e-9, 0.4e-9, 0.0),
    ] {
      let at = Self.law.respond(opening: opening, slip: slip, damage: damage)
      func slope(_ dn: Double, _ dt: Double) -> (n: Double, t: Double) {
        let up = Self.law.respond(opening: opening + dn * h, slip: slip + dt * h, damage: damage)
        let down = Self.law.respond(opening: opening - dn * h, slip: slip - dt * h, damage: damage)
        return ((up.normal - down.normal) / (2 * h), (up.shear - down.shear) / (2 * h))
      }
      let (n, t) = (slope(1, 0), slope(0, 1))
      let tolerance = 1e-5 * Self.law.stiffness
      #expect(abs(n.n - at.nn) < tolerance && abs(n.t - at.nt) < tolerance)
      #expect(abs(t.n - at.nt) < tolerance && abs(t.t - at.tt) < tolerance)
    }
  }

  /// With unlike modes each pure mode spends its own energy; mixed ones lie between.
  @Test func mixedModes() {
    for mode in [MixedMode.bk, .power] {
      var law = Self.law
      law.mixedMode = mode
      law.shearStrength = 300e6
      law.shearEnergy = 0.9
      law.exponent = 2
      func energy(_ open: Double, _ slide: Double) -> Double {
        var (area, damage, last) = (0.0, 0.0, 0.0)
        let steps = 100_000
        let step = 9e-9 / Double(steps)
        for i in 1...steps {
          let answer = law.respond(
            opening: open * Double(i) * step, slip: slide * Double(i) * step, damage: damage)
          damage = answer.damage
          let traction = answer.normal * open + answer.shear * slide
          area += (traction + last) / 2 * step
          last = traction
        }
        return area
      }
      #expect(abs(energy(1, 0) / 0.3 - 1) < 1e-5, "\(mode)")
      #expect(abs(energy(0, 1) / 0.9 - 1) < 1e-5, "\(mode)")
      let mixed = energy(0.5.squareRoot(), 0.5.squareRoot())
      let expected = mode == .bk ? 0.3 + 0.6 * 0.25 : 1 / (0.25 / 0.09 + 0.25 / 0.81).squareRoot()
      #expect(abs(mixed / expected - 1) < 1e-5, "\(mode): \(mixed)")
    }
  }
}
