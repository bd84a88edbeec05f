internal import NumericalMethods
internal import RealModule
internal import Tables
internal import Units

/// One shared input moved by a part of its uncertainty.
struct ContactChange {
  /// Which one.
  var source: SharedInput
  /// The inputs with it moved.
  var inputs: ContactInputs
  /// The curve with it moved.
  var curve: ForceCurve
  /// The factor on the deflection.
  var scale = 1.0
  /// The part of the uncertainty.
  var fraction = 0.1
}

extension ForceCurveAnalyzer {
  /// The inputs of the contact models from options and file.
  func contactInputs(_ curve: ForceCurve) -> ContactInputs {
    ContactInputs(
      springConstant: curve.reduced ? nil : curve.springConstant?.value.si,
      tipRadius: curve.tipRadius?.value.si,
      halfAngle: options.halfAngle?.value.si, poisson: options.poissonRatio?.value.si ?? 0.2,
      thickness: options.contactModel == .hertzSphere ? options.thickness?.value.si : nil)
  }

  /// Fit and numbers of a tip on a supported sample.
  mutating func analyzeSupported(
    _ a: inout ForceCurveAnalysis, model: ContactModel, force k: Double, noise: Double
  ) {
    let inputs = contactInputs(a.curve)
    a.contactInputs = inputs
    guard let law = ContactLaw(model, inputs) else {
      let option = model.needsHalfAngle ? "half-angle" : "tip-radius"
      diagnostics.add(
        Diagnostic(
          .error, model.needsHalfAngle ? "afm.needs-half-angle" : "afm.needs-tip-radius",
          found: "the \(model.rawValue) model was chosen without an input that it needs",
          expected: "--\(option)"))
      return
    }
    noteContactInputs(a.curve, model)
    var fit: ContactFit?
    if !a.flags.contains(where: Self.rejecting.contains) {
      if var data = ContactData(a.curve, model: model, noise: noise) {
        if options.contactMethod != .fit,
          let row = a.candidates.first(where: { $0.method == options.contactMethod })?.index
        {
          data.fixedContact = tip(a.curve, atRow: row)
        }
        if model.isAdhesive, data.free.isEmpty {
          diagnostics.note(
            "afm.no-adhesion", found: "no adhesion above 5 × noise: the work of adhesion is 0")
        }
        fit = ContactFit(law, data)
        if fit == nil {
          a.flags.append("afm.bad-fit")
          diagnostics.warn(
            "afm.no-fit",
            found: "the \(model.rawValue) model finds no solution for curve \(a.number)",
            expected: "a force that grows with the indentation")
        }
      } else {
        diagnostics.warn(
          "afm.no-fit", found: "curve \(a.number) has no retract",
          expected: "a retract, which the \(model.rawValue) model is fitted to")
      }
    }
    a.contactFit = fit
    a.contactModel = fit == nil ? nil : model
    finishSupported(&a, law: law, force: k, noise: noise)
  }

  /// The position of the tip at a row of the approach, from the median of five deflections.
  private func tip(_ curve: ForceCurve, atRow row: Int) -> Double? {
    guard row >= 0, row < curve.approachZ.count else { return nil }
    if curve.reduced { return curve.approachZ[row] }
    let s = curve.approachSignal
    let near = Array(s[max(0, row - 2)...min(s.count - 1, row + 2)])
    return curve.approachZ[row] - (median(near) ?? s[row])
  }

  private mutating func noteContactInputs(_ curve: ForceCurve, _ model: ContactModel) {
    if options.poissonRatio == nil {
      diagnostics.note(
        "afm.assumed",
        found: "Poisson ratio 0.2 is assumed (--poisson; 0.5 for cells and gels)")
    }
    if options.thickness != nil, model != .hertzSphere {
      diagnostics.note(
        "afm.thickness-unused",
        found: "the thickness is not used: the \(model.rawValue) model is that of a half space",
        expected: "hertz-sphere, which has a correction for a thin layer")
    }
    var lacking: [String] = []
    if !curve.reduced, curve.springConstant?.u == nil { lacking.append("spring constant") }
    if model.needsHalfAngle {
      if options.halfAngle?.u == nil { lacking.append("half angle") }
    } else if curve.tipRadius?.u == nil {
      lacking.append("tip radius")
    }
    if options.poissonRatio?.u == nil { lacking.append("Poisson ratio") }
    if model == .hertzSphere, options.thickness != nil, options.thickness?.u == nil {
      lacking.append("thickness")
    }
    if !lacking.isEmpty {
      diagnostics.note(
        "afm.u-incomplete",
        found: "u covers noise and the inputs given with an uncertainty; none for "
          + lacking.joined(separator: ", "))
    }
  }

  /// Contact, final forces, numbers with their uncertainties, flags.
  private mutating func finishSupported(
    _ a: inout ForceCurveAnalysis, law: ContactLaw, force k: Double, noise: Double
  ) {
    let curve = a.curve
    var p = [0.0, 0, 0, 0]
    var covariance: DenseMatrix?
    if let fit = a.contactFit {
      p = fit.parameters
      covariance = fit.covariance
    } else if let line = a.baseline {
      a.method = options.contactMethod == .fit ? .deviationFromBaseline : options.contactMethod
      let row = a.candidates.first { $0.method == a.method }?.index ?? 0
      p[1] = tip(curve, atRow: row) ?? 0
      p[2] = k * line.value(at: line.centre)
    }
    var context = ContactContext(
      curve: curve, comparable: !curve.dwell && (a.contactSlope ?? 0) <= 1.05, noise: noise,
      fitted: a.contactFit != nil, model: law.model)
    context.deepest = ContactContext.deepest(curve)
    (a.force, a.depth) = context.forceAndDepth(curve.approachZ, curve.approachSignal, p, k)
    (a.retractForce, a.retractDepth) = context.forceAndDepth(
      curve.retractZ, curve.retractSignal, p, k)
    // Contact is where the undeflected lever touches: z = tip position + baseline/k.
    let z0 = curve.reduced ? p[1] : p[1] + p[2] / k
    a.contact = curve.reduced ? nil : z0 * curve.zSign
    if let fit = a.contactFit, let c = covariance, options.contactMethod == .fit {
      let weight = curve.reduced ? 0 : 1 / k
      let variance = c[1, 1] + 2 * weight * c[1, 2] + weight * weight * c[2, 2]
      a.contactU = fit.covariance == nil || variance < 0 ? nil : variance.squareRoot()
    }
    a.contactIndex = curve.approachZ.firstIndex { $0 >= z0 }
    a.drops = []
    a.failure = nil
    let smooth = runningMedian(a.force, width: 5)
    let peak = smooth.indices.max { smooth[$0] < smooth[$1] } ?? 0
    context.peakRow = peak
    context.peakForce = smooth.isEmpty ? 0 : smooth[peak]
    context.contactPosition = z0
    a.peakRow = peak
    estimateSupported(&a, context, p, k, covariance)
    if let fit = a.contactFit {
      let span = (smooth.max() ?? 0) - (smooth.min() ?? 0)
      if !fit.converged || fit.modulus < 1 || (fit.rms > 3 * k * noise && fit.rms > 0.02 * span) {
        a.flags.append("afm.bad-fit")
      }
      let u = a.estimates[.youngModulus]?.uNoise
      if u.map({ $0 > 0.3 * fit.modulus }) ?? true { a.flags.append("afm.undetermined") }
      if law.model == .hertzSphere, let h = a.contactInputs?.thickness, let r = law.radius,
        let depth = a.depth.max(), depth > 0, (r * depth).squareRoot() > h
      {
        diagnostics.warn(
          "afm.thin-layer",
          found: "the contact radius exceeds the thickness of the layer",
          expected: "√(Rδ) below the thickness: the series of Dimitriadis holds there only")
      }
    }
  }

  private func estimateSupported(
    _ a: inout ForceCurveAnalysis, _ context: ContactContext, _ p: [Double], _ k: Double,
    _ covariance: DenseMatrix?
  ) {
    let base = context.numbers(p, k)
    var gradients: [ForceKey: [Double]] = [:]
    if let covariance {
      for i in 0..<4 {
        let u = max(0, covariance[i, i]).squareRoot()
        guard u > 0 else { continue }
        var moved = p
        moved[i] += 0.1 * u
        let other = context.numbers(moved, k)
        for key in ForceKey.allCases {
          guard let x = base[key], let y = other[key] else { continue }
          gradients[key, default: [0, 0, 0, 0]][i] = (y - x) / (0.1 * u)
        }
      }
    }
    var shared: [ForceKey: [SharedInput: Double]] = [:]
    for change in changedContactInputs(a) {
      guard let fit = a.contactFit, let law = ContactLaw(fit.model, change.inputs),
        var data = ContactData(
          change.curve, model: fit.model, noise: context.noise, signalScale: change.scale)
      else { continue }
      data.contact = fit.data.contact
      data.free = fit.data.free
      guard let shift = fit.shift(to: law, data: data) else { continue }
      var moved = context
      moved.curve.approachSignal = context.curve.approachSignal.map { $0 * change.scale }
      moved.curve.retractSignal = context.curve.retractSignal.map { $0 * change.scale }
      if change.scale != 1 { moved.deepest = ContactContext.deepest(moved.curve) }
      let other = moved.numbers(
        zip(p, shift).map { $0 + $1 }, change.inputs.springConstant ?? 1)
      for key in ForceKey.allCases {
        guard let x = base[key], let y = other[key] else { continue }
        shared[key, default: [:]][change.source] = (y - x) / change.fraction
      }
    }
    let combined = ForceEstimate.combined(
      base, gradients: gradients, covariance: covariance, direct: context.directNoise(k),
      shared: shared)
    for (key, estimate) in combined { a.estimates[key] = estimate }
  }

  /// The inputs with one of them moved by a tenth of its uncertainty, one after the other.
  private func changedContactInputs(
    _ a: ForceCurveAnalysis
  ) -> [ContactChange] {
    guard let inputs = a.contactInputs else { return [] }
    var result: [ContactChange] = []
    func add(_ source: SharedInput, _ u: Double?, _ change: (inout ContactInputs, Double) -> Void) {
      guard let u, u > 0, u.isFinite else { return }
      var moved = inputs
      change(&moved, 0.1 * u)
      result.append(ContactChange(source: source, inputs: moved, curve: a.curve))
    }
    if !a.curve.reduced, let k = a.curve.springConstant, let u = k.u?.si, u > 0, u.isFinite {
      var moved = inputs
      moved.springConstant = k.value.si + 0.1 * u
      var curve = a.curve
      curve.springConstant?.value = Quantity(si: k.value.si + 0.1 * u)
      result.append(ContactChange(source: .springConstant, inputs: moved, curve: curve))
    }
    if !a.curve.reduced, let s = a.curve.invOLS, let u = s.u?.si, u > 0, s.value.si > 0 {
      result.append(
        ContactChange(
          source: .invOLS, inputs: inputs, curve: a.curve, scale: 1 + 0.1 * u / s.value.si))
    }
    if inputs.tipRadius != nil {
      add(.tipRadius, a.curve.tipRadius?.u?.si) { $0.tipRadius = ($0.tipRadius ?? 0) + $1 }
    }
    if inputs.halfAngle != nil {
      add(.halfAngle, options.halfAngle?.u?.si) { $0.halfAngle = ($0.halfAngle ?? 0) + $1 }
    }
    // Toward smaller values: ν ≤ ½.
    if let u = options.poissonRatio?.u?.si, u > 0, u.isFinite {
      var moved = inputs
      moved.poisson -= 0.1 * u
      if moved.poisson > -1 {
        result.append(
          ContactChange(source: .poisson, inputs: moved, curve: a.curve, fraction: -0.1))
      }
    }
    if inputs.thickness != nil {
      add(.thickness, options.thickness?.u?.si) { $0.thickness = ($0.thickness ?? 0) + $1 }
    }
    return result
  }
}
