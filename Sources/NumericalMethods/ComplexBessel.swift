internal import RealModule

extension ModifiedBessel {
  /// exp(z) Kₙ(z) of a complex argument z for n = 0 or 1; nil outside 0 < Re z ≤ 10⁶, |Im z| ≤ 3.7 Re z.
  ///
  /// From ∫₀^∞ exp(−z(cosh t − 1)) cosh(nt) dt (DLMF 10.32.9) by the trapezoid rule, whose error falls
  /// geometrically because the integrand is analytic in a strip that |arg z| ≤ 75° leaves wide enough.
  public static func scaledSecond(
    _ order: Int, real a: Double, imaginary b: Double
  ) -> (real: Double, imaginary: Double)? {
    guard order == 0 || order == 1, a > 0, a <= 1e6, abs(b) <= 3.7 * a else { return nil }
    let n = Double(order)
    let size = (a * a + b * b).squareRoot()
    // The peak at t = 0 is about 1/√|z| wide.
    let h = 1 / (24 * max(1, (size / 20).squareRoot()))
    let end = Double.acosh(1 + 45 / a) + 1
    var real = 0.5
    var imaginary = 0.0
    var i = 1.0
    while i * h < end {
      let t = i * h
      // cosh t − 1 without cancellation.
      let s = Double.sinh(t / 2)
      let x = 2 * s * s
      let weight = Double.exp(-a * x) * Double.cosh(n * t)
      real += weight * Double.cos(b * x)
      imaginary -= weight * Double.sin(b * x)
      i += 1
    }
    return (real * h, imaginary * h)
  }
}
