/// Finds a root of `f` in a bracket by Brent's method; nil where the ends have one sign or a value is
/// not finite.
///
/// R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
@inlinable
public func findRoot(
  in bracket: ClosedRange<Double>, tolerance: Double = 0, _ f: (Double) -> Double
) -> Double? {
  var a = bracket.lowerBound
  var b = bracket.upperBound
  var fa = f(a)
  var fb = f(b)
  guard fa.isFinite, fb.isFinite else { return nil }
  if fa == 0 { return a }
  if fb == 0 { return b }
  guard (fa < 0) != (fb < 0) else { return nil }
  var c = a
  var fc = fa
  var d = b - a
  var e = d
  for _ in 0..<200 {
    if abs(fc) < abs(fb) {
      a = b
      b = c
      c = a
      fa = fb
      fb = fc
      fc = fa
    }
    let tol = 2 * Double.ulpOfOne * abs(b) + tolerance / 2
    let m = (c - b) / 2
    if abs(m) <= tol || fb == 0 { return b }
    if abs(e) >= tol, abs(fa) > abs(fb) {
      let s = fb / fa
      var p: Double
      var q: Double
      if a == c {
        p = 2 * m * s
        q = 1 - s
      } else {
        let u = fa / fc
        let v = fb / fc
        p = s * (2 * m * u * (u - v) - (b - a) * (v - 1))
        q = (u - 1) * (v - 1) * (s - 1)
      }
      if p > 0 { q = -q } else { p = -p }
      if 2 * p < min(3 * m * q - abs(tol * q), abs(e * q)) {
        e = d
        d = p / q
      } else {
        d = m
        e = m
      }
    } else {
      d = m
      e = m
    }
    a = b
    fa = fb
    b += abs(d) > tol ? d : (m > 0 ? tol : -tol)
    fb = f(b)
    guard fb.isFinite else { return nil }
    if (fb < 0) == (fc < 0) {
      c = a
      fc = fa
      d = b - a
      e = d
    }
  }
  return b
}

/// Finds a local minimum of `f` in an interval by Brent's method.
///
/// - Returns: the abscissa and the value there.
@inlinable
public func findMinimum(
  in interval: ClosedRange<Double>, tolerance: Double = 1e-8, _ f: (Double) -> Double
) -> (x: Double, value: Double) {
  let golden = 0.381_966_011_250_105_15
  var a = interval.lowerBound
  var b = interval.upperBound
  var x = a + golden * (b - a)
  var w = x
  var v = x
  var fx = f(x)
  var fw = fx
  var fv = fx
  var d = 0.0
  var e = 0.0
  for _ in 0..<200 {
    let m = (a + b) / 2
    let tol = tolerance * abs(x) + 1e-300
    if abs(x - m) <= 2 * tol - (b - a) / 2 { break }
    var step = 0.0
    var useGolden = true
    if abs(e) > tol {
      let r = (x - w) * (fx - fv)
      var q = (x - v) * (fx - fw)
      var p = (x - v) * q - (x - w) * r
      q = 2 * (q - r)
      if q > 0 { p = -p } else { q = -q }
      let previous = e
      e = d
      if abs(p) < abs(q * previous / 2), p > q * (a - x), p < q * (b - x) {
        step = p / q
        let u = x + step
        if u - a < 2 * tol || b - u < 2 * tol { step = x < m ? tol : -tol }
        useGolden = false
      }
    }
    if useGolden {
      e = x < m ? b - x : a - x
      step = golden * e
    }
    d = step
    let u = x + (abs(step) >= tol ? step : (step > 0 ? tol : -tol))
    let fu = f(u)
    if fu <= fx {
      if u < x { b = x } else { a = x }
      (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu)
    } else {
      if u < x { a = u } else { b = u }
      if fu <= fw || w == x {
        (v, fv, w, fw) = (w, fw, u, fu)
      } else if fu <= fv || v == x || v == w {
        (v, fv) = (u, fu)
      }
    }
  }
  return (x, fx)
}
