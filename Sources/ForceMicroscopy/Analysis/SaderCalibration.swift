internal import NumericalMethods
internal import RealModule
public import Tables
public import Units

/// The viscosity of a fluid: pressure over rate.
public enum Viscosity: PhysicalDimension {
  /// Pa·s.
  public static let dimension = Pressure.dimension / Frequency.dimension
}

/// The spring constant of a rectangular cantilever from its plan view and its thermal resonance.
///
/// k = 0.1906 ρ b² L Q Γᵢ(Re) ω² with Re = ρωb²/4η: J. E. Sader, J. W. M. Chon, P. Mulvaney, Rev. Sci.
/// Instrum. 70 (1999) 3967; Γ of a rectangular beam: J. E. Sader, J. Appl. Phys. 84 (1998) 64.
/// Frequency and quality factor are those of the first flexural mode in the fluid.
public struct SaderCalibration: Hashable, Sendable {
  /// The length of the lever.
  public var length: Measured<Length>
  /// The width of the lever.
  public var width: Measured<Length>
  /// The resonance frequency in the fluid.
  public var frequency: Measured<Frequency>
  /// The quality factor in the fluid.
  public var quality: Measured<PureNumber>
  /// The density of the fluid; air by default.
  public var density = Measured<MassDensity>(Quantity(si: 1.18), source: "default")
  /// The viscosity of the fluid; air by default.
  public var viscosity = Measured<Viscosity>(Quantity(si: 1.86e-5), source: "default")

  /// A calibration in air.
  public init(
    length: Measured<Length>, width: Measured<Length>, frequency: Measured<Frequency>,
    quality: Measured<PureNumber>
  ) {
    self.length = length
    self.width = width
    self.frequency = frequency
    self.quality = quality
  }

  /// Reads `length=397um,width=29um,frequency=17.36kHz,q=55.5`, each value with `± u` where known;
  /// `density` and `viscosity` are optional.
  ///
  /// - Throws: `afm.sader` naming the key that is missing, unknown, repeated or wrong.
  public init(text: String) throws(ReadFailure) {
    let known = ["length", "width", "frequency", "q", "density", "viscosity"]
    let form = "length=397um,width=29um,frequency=17.36kHz,q=55.5"
    var given: [String: String] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw ReadFailure("afm.sader", found: "'\(part)' is no KEY=VALUE", expected: form)
      }
      let key = sides[0].filter { !$0.isWhitespace }.lowercased()
      guard known.contains(key) else {
        throw ReadFailure(
          "afm.sader", found: "unknown key '\(key)'",
          expected: "one of \(known.joined(separator: ", "))")
      }
      guard given[key] == nil else {
        throw ReadFailure("afm.sader", found: "'\(key)' is given twice", expected: form)
      }
      given[key] = String(sides[1])
    }
    func value<D: PhysicalDimension>(
      _ key: String, _ wanted: String
    ) throws(ReadFailure) -> Measured<D>? {
      guard let text = given[key] else { return nil }
      let measured: Measured<D>
      do {
        measured = try QuantityText.parse(text, dimension: D.dimension).measured(source: "option")
      } catch {
        throw ReadFailure(
          "afm.sader", found: "\(key): \(error.found)", expected: "\(wanted); \(error.expected)")
      }
      guard measured.value.si > 0 else {
        throw ReadFailure("afm.sader", found: "\(key) is '\(text)'", expected: "\(wanted), above 0")
      }
      return measured
    }
    let length: Measured<Length>? = try value("length", "a length such as 397um")
    let width: Measured<Length>? = try value("width", "a length such as 29um")
    let frequency: Measured<Frequency>? = try value("frequency", "a frequency such as 17.36kHz")
    let quality: Measured<PureNumber>? = try value("q", "a number such as 55.5")
    let density: Measured<MassDensity>? = try value("density", "a density such as 1.18 kg/m3")
    let viscosity: Measured<Viscosity>? = try value("viscosity", "a viscosity such as 18.6 uPa.s")
    guard let length, let width, let frequency, let quality else {
      let missing = ["length", "width", "frequency", "q"].filter { given[$0] == nil }
      throw ReadFailure(
        "afm.sader", found: "no \(missing.joined(separator: ", "))", expected: form)
    }
    self.init(length: length, width: width, frequency: frequency, quality: quality)
    if let density { self.density = density }
    if let viscosity { self.viscosity = viscosity }
  }
}

extension SaderCalibration {
  /// The numbers of the formula in SI units: L, b, f, Q, ρ, η.
  private var inputs: [(name: String, value: Double, u: Double?, unit: String)] {
    [
      ("length", length.value.si, length.u?.si, "um"),
      ("width", width.value.si, width.u?.si, "um"),
      ("frequency", frequency.value.si, frequency.u?.si, "kHz"),
      ("q", quality.value.si, quality.u?.si, "1"),
      ("density", density.value.si, density.u?.si, "kg/m3"),
      ("viscosity", viscosity.value.si, viscosity.u?.si, "uPa.s"),
    ]
  }

  /// Re = ρωb²/4η.
  public var reynoldsNumber: Double {
    let omega = 2 * Double.pi * frequency.value.si
    return density.value.si * omega * width.value.si * width.value.si / (4 * viscosity.value.si)
  }

  /// The spring constant; nil outside the range of the formula (10⁻⁶ ≤ Re ≤ 10⁴).
  public var springConstant: Measured<ForcePerLength>? {
    let list = inputs
    let values = list.map(\.value)
    guard let k = Self.springConstant(values) else { return nil }
    var variance = 0.0
    var known = false
    for (i, input) in list.enumerated() {
      guard let u = input.u else { continue }
      known = true
      guard u > 0 else { continue }
      // Central difference over a small part of u.
      let step = min(0.1 * u, 1e-3 * input.value)
      var up = values
      var down = values
      up[i] += step
      down[i] -= step
      guard let a = Self.springConstant(up), let b = Self.springConstant(down) else { return nil }
      let part = (a - b) / (2 * step) * u
      variance += part * part
    }
    return Measured(
      Quantity(si: k), u: known ? Quantity(si: variance.squareRoot()) : nil, source: "sader")
  }

  private static func springConstant(_ x: [Double]) -> Double? {
    let omega = 2 * Double.pi * x[2]
    let re = x[4] * omega * x[1] * x[1] / (4 * x[5])
    guard let gamma = hydrodynamicFunction(re) else { return nil }
    let k = 0.1906 * x[4] * x[1] * x[1] * x[0] * x[3] * gamma.imaginary * omega * omega
    return k.isFinite && k > 0 ? k : nil
  }

  /// Γ(Re) of a rectangular beam (Sader 1998, equations 20 and 21); nil outside 10⁻⁶…10⁴.
  static func hydrodynamicFunction(_ re: Double) -> (real: Double, imaginary: Double)? {
    guard re >= 1e-6, re <= 1e4 else { return nil }
    // −i√(i Re) = √Re exp(−iπ/4).
    let root = re.squareRoot()
    let c = root * 0.5.squareRoot()
    guard let k0 = ModifiedBessel.scaledSecond(0, real: c, imaginary: -c),
      let k1 = ModifiedBessel.scaledSecond(1, real: c, imaginary: -c)
    else { return nil }
    // 4i K₁/(√(i Re) K₀), √(i Re) = c + ic.
    let denominator = (c * (k0.real - k0.imaginary), c * (k0.real + k0.imaginary))
    let size = denominator.0 * denominator.0 + denominator.1 * denominator.1
    let numerator = (-4 * k1.imaginary, 4 * k1.real)
    let circle = (
      1 + (numerator.0 * denominator.0 + numerator.1 * denominator.1) / size,
      (numerator.1 * denominator.0 - numerator.0 * denominator.1) / size
    )
    let x = Double.log10(re)
    func polynomial(_ terms: [Double]) -> Double { terms.reversed().reduce(0) { $0 * x + $1 } }
    let omegaReal =
      polynomial([0.91324, -0.48274, 0.46842, -0.12886, 0.044055, -0.0035117, 0.00069085])
      / polynomial([1, -0.56964, 0.48690, -0.13444, 0.045155, -0.0035862, 0.00069085])
    let omegaImaginary =
      polynomial([-0.024134, -0.029256, 0.016294, -0.00010961, 0.000064577, -0.000044510])
      / polynomial([1, -0.59702, 0.55182, -0.18357, 0.079156, -0.014369, 0.0028361])
    return (
      omegaReal * circle.0 - omegaImaginary * circle.1,
      omegaReal * circle.1 + omegaImaginary * circle.0
    )
  }

  /// What to know about the shape of the lever and the mode.
  public var diagnostics: [Diagnostic] {
    var list = DiagnosticList()
    let ratio = length.value.si / width.value.si
    if ratio < 3 || ratio > 14 {
      list.warn(
        "afm.sader-range", found: "length/width is \((ratio * 10).rounded() / 10)",
        expected: "3 to 14, where the formula was tested; rectangular levers only")
    }
    if quality.value.si < 2 {
      list.warn(
        "afm.sader-range", found: "the quality factor is \(quality.value.si)",
        expected: "well above 1: the formula is for a resonance with little damping")
    }
    if springConstant == nil {
      list.add(
        Diagnostic(
          .error, "afm.sader-range", found: "Reynolds number \(reynoldsNumber)",
          expected: "1e-6 to 1e4, where the hydrodynamic function is known"))
    }
    return list.all
  }

  /// `{"spring_constant": …, "reynolds_number": …, "inputs": …}` of the contract's `summary.sader`.
  public func result(trace: inout TraceGraph) -> ResultValue {
    var parameters = ResultObject()
    var shown = ResultObject()
    for input in inputs {
      let value = ResultValue.quantity(
        MeasuredValue(
          ForceResult.inUnit(input.value, input.unit), ForceResult.unit(input.unit),
          u: input.u.map { ForceResult.inUnit($0, input.unit) },
          uKind: input.u == nil ? nil : "user",
          source: ["density", "viscosity"].contains(input.name)
            ? (input.name == "density" ? density.source : viscosity.source) : "option"))
      parameters[input.name] = value
      shown[input.name] = value
    }
    let id = trace.add(
      .compute, "spring constant of a rectangular lever from its thermal resonance",
      parameters: parameters, formula: "k = 0.1906 ρ b² L Q Γᵢ(Re) ω², Re = ρωb²/4η",
      reference: "J. E. Sader et al., Rev. Sci. Instrum. 70 (1999) 3967")
    var r = ResultObject()
    r["spring_constant"] =
      springConstant.map { k in
        .quantity(
          MeasuredValue(
            k.value.si, ForceResult.unit("N/m"), u: k.u?.si, uKind: k.u == nil ? nil : "propagated",
            trace: id))
      } ?? .null
    r["reynolds_number"] = .number(reynoldsNumber)
    r["inputs"] = .object(shown)
    return .object(r)
  }
}
