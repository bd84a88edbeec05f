import NumericalMethods
import Tables
import TestSupport
import Testing
import Units

@testable import ForceMicroscopy

/// A sample for generated curves, SI units.
struct MadeSample {
  var model = ContactModel.hertzSphere
  var inputs = ContactInputs(
    springConstant: 0.05, tipRadius: 2.5e-6, halfAngle: 0.35, poisson: 0.5, thickness: nil)
  var modulus = 5e3
  var work = 1e-4
  var noise = 2e-10
  var depth = 5e-7

  /// Approach and retract in quasi-static equilibrium k d = F(z − d − contact), 1500 points each.
  func dataset(seed: UInt64) -> (Dataset, contact: Double)? {
    guard let law = ContactLaw(model, inputs), let k = inputs.springConstant else { return nil }
    var random = CounterRandom(seed: 77, stream: seed)
    let contact = 1e-6 * random.uniform()
    func force(_ x: Double) -> Double { law.force(x, modulus: modulus, work: work).value }
    let top = contact + depth + force(depth) / k
    let bottom = contact - 2e-6
    // The branch in contact from the deepest point until it turns unstable or, for DMT, ends.
    var branch: [(z: Double, d: Double)] = []
    var x = depth
    while x > -depth {
      let f = force(x)
      let z = contact + x + f / k
      if let last = branch.last, z >= last.z { break }
      if model != .jkr, x < 0 { break }
      branch.append((z, f / k))
      x -= depth / 20000
    }
    func loaded(_ z: Double) -> Double {
      guard let last = branch.last, z > last.z else { return 0 }
      var low = 0
      var high = branch.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if branch[middle].z > z { low = middle } else { high = middle }
      }
      let a = branch[low]
      let b = branch[high]
      return a.z == b.z ? a.d : b.d + (a.d - b.d) * (z - b.z) / (a.z - b.z)
    }
    let n = 1500
    func table(_ name: String, _ ahead: Bool) -> Table {
      var z: [Double] = []
      var d: [Double] = []
      for i in 0..<n {
        let t = Double(ahead ? i : n - 1 - i) / Double(n - 1)
        let position = bottom + (top - bottom) * t
        // The approach of an adhesive sample jumps in at the contact point.
        let deflection = ahead && position < contact ? 0 : loaded(position)
        z.append(position)
        d.append(deflection + 3e-9 + noise * random.normal())
      }
      let metre = ColumnUnit.known(PhysicalUnit.metre)
      return Table(
        name: name,
        columns: [
          Column(name: "sensor_position", label: "ZSnsr", values: .real(z), unit: metre),
          Column(name: "deflection", label: "Defl", values: .real(d), unit: metre),
        ])
    }
    var metadata = Metadata()
    metadata.append("SpringConstant", .real(k))
    return (
      Dataset(
        format: "made", technique: .afm,
        tables: [table("approach", true), table("retract", false)],
        metadata: metadata), contact
    )
  }

  func analysis(seed: UInt64, _ settings: [(String, String)] = []) throws -> (
    ForceFileAnalysis, contact: Double
  ) {
    let (dataset, contact) = try #require(self.dataset(seed: seed))
    var options = ForceAnalysisOptions()
    let standard = [
      ("model", model.rawValue), ("tip-radius", "2.5um"),
      ("half-angle", "\(0.35 * 180 / Double.pi)"),
      ("poisson", "0.5"), ("contact-method", "fit"),
    ]
    for (name, text) in standard + settings { try options.setOption(name: name, text: text) }
    return (
      analyzeForceCurves(
        dataset, input: InputIdentity(path: "made", bytes: 0, sha256: ""), sample: "made",
        options: options, tracePrefix: "t"), contact
    )
  }
}

@Suite struct ContactFitTests {
  /// Every model finds its own modulus back, and the scores (estimate − truth)/u have an rms near 1.
  @Test func knownSamplesAreFoundBack() throws {
    for model in ContactModel.allCases {
      var made = MadeSample()
      made.model = model
      var scores: [Double] = []
      var works: [Double] = []
      for seed in 0..<12 as Range<UInt64> {
        let (file, contact) = try made.analysis(seed: seed)
        let a = try #require(file.curves.first)
        #expect(a.verdict == .good, "\(model) \(seed): \(a.flags)")
        let e = try #require(a.estimates[.youngModulus])
        let u = try #require(e.uNoise)
        #expect(abs(e.value / made.modulus - 1) < max(0.02, 5 * u / made.modulus), "\(model): \(e)")
        #expect(u < 0.05 * made.modulus, "\(model): \(u)")
        scores.append((e.value - made.modulus) / u)
        #expect(abs((a.contact ?? 0) - contact) < 1e-8, "\(model)")
        if model.isAdhesive {
          let w = try #require(a.estimates[.workOfAdhesion])
          works.append((w.value - made.work) / (w.uNoise ?? 1))
          #expect(abs(w.value / made.work - 1) < 0.05, "\(model): \(w.value)")
        } else {
          #expect(a.estimates[.workOfAdhesion] == nil)
        }
      }
      let rms = rootMeanSquare(scores) ?? 0
      #expect(rms > 0.5 && rms < 1.7, "\(model): \(rms)")
      if model.isAdhesive {
        let rms = rootMeanSquare(works) ?? 0
        #expect(rms > 0.5 && rms < 1.7, "\(model): \(rms)")
      }
    }
  }

  /// E ∝ k, E ∝ R^−½, E ∝ 1 − ν², E ∝ cot α: the shared uncertainties have these weights.
  @Test func sharedInputsEnterWithTheirPowers() throws {
    let made = MadeSample()
    let (file, _) = try made.analysis(
      seed: 3,
      [
        ("spring-constant", "0.05 N/m ± 0.0005"), ("tip-radius", "2.5um ± 0.025um"),
        ("poisson", "0.5 ± 0.005"),
      ])
    let e = try #require(file.curves.first?.estimates[.youngModulus])
    func relative(_ s: SharedInput) -> Double { (e.shared[s] ?? 0) / e.value }
    #expect(abs(relative(.springConstant) - 0.01) < 1e-4)
    #expect(abs(relative(.tipRadius) + 0.005) < 1e-4)
    // d ln(1 − ν²) = −2ν dν/(1 − ν²) = −0.00667.
    #expect(abs(relative(.poisson) + 0.0066667) < 1e-4)
    var cone = made
    cone.model = .hertzCone
    let (second, _) = try cone.analysis(seed: 3, [("half-angle-u", "0.2")])
    let f = try #require(second.curves.first?.estimates[.youngModulus])
    // d ln cot α = −dα/(sin α cos α), α = 0.35, dα = 0.2°.
    #expect(abs((f.shared[.halfAngle] ?? 0) / f.value + 0.0108369) < 2e-4)
  }

  @Test func aThinLayerIsFoundBack() throws {
    var made = MadeSample()
    made.inputs.thickness = 2e-6
    let (file, _) = try made.analysis(seed: 1, [("thickness", "2um ± 0.1um")])
    let a = try #require(file.curves.first)
    let e = try #require(a.estimates[.youngModulus])
    #expect(abs(e.value / made.modulus - 1) < 0.02, "\(e.value)")
    #expect((e.shared[.thickness] ?? 0) > 0)
    let (half, _) = try made.analysis(seed: 1)
    let stiff = try #require(half.curves.first?.estimates[.youngModulus])
    #expect(stiff.value > 1.3 * made.modulus, "without the correction the base is felt")
  }

  @Test func missingInputsAreErrors() throws {
    for (model, code) in [
      ("jkr", "afm.needs-tip-radius"), ("hertz-pyramid", "afm.needs-half-angle"),
    ] {
      let (dataset, _) = try #require(MadeSample().dataset(seed: 0))
      var options = ForceAnalysisOptions()
      try options.setOption(name: "model", text: model)
      let file = analyzeForceCurves(
        dataset, input: InputIdentity(path: "made", bytes: 0, sha256: ""), sample: "made",
        options: options, tracePrefix: "t")
      #expect(file.diagnostics.contains { $0.code == code && $0.severity == .error })
      #expect(file.curves.isEmpty)
    }
  }

  /// A repulsive curve has no work of adhesion; no modulus below 1 Pa is called good.
  @Test func nonsenseIsFlagged() throws {
    var plain = MadeSample()
    plain.work = 0
    plain.model = .dmt
    let (file, _) = try plain.analysis(seed: 5)
    #expect(file.curves.first?.estimates[.workOfAdhesion]?.value == 0)
    #expect(file.diagnostics.contains { $0.code == "afm.no-adhesion" })
    var soft = MadeSample()
    soft.modulus = 0.5
    soft.noise = 1e-15
    let (weak, _) = try soft.analysis(seed: 5)
    #expect(weak.curves.first?.flags.contains("afm.bad-fit") == true)
  }

  /// A rule in place of the fit fixes the contact point, for films and for supported samples.
  @Test func aRuleFixesTheContact() throws {
    let (file, _) = try MadeSample().analysis(
      seed: 2, [("contact-method", "deviation_from_baseline")])
    let a = try #require(file.curves.first)
    let row = try #require(a.candidates.first?.index)
    let z = a.curve.approachZ[row]
    #expect(abs((a.contact ?? 0) - z) < 2e-9)
    #expect(a.contactU == nil)
  }

  /// The hand-over is that of films: refused with the reason.
  @Test func theHandoverIsRefused() throws {
    let (file, _) = try MadeSample().analysis(seed: 4)
    var trace = TraceGraph()
    let summary = summarizeForceSamples([file], options: file.options, trace: &trace)
    #expect(summary.handover.first?.isReady == false)
    #expect(summary.handover.first?.reasons.first?.contains("supported") == true)
    let mean = summary.summary["samples"]?[0]?["statistics"]?["young_modulus"]?["mean"]?.plain
    #expect(abs((mean ?? 0) / 5e3 - 1) < 0.02)
  }
}

/// Hertz fits against nanite 4.2.3 on every curve of the corpus that has one.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct NaniteHertzTests {
  @Test func moduliEqualNanites() throws {
    var trusted = 0
    for (path, curves) in try NaniteTruth.all() {
      guard
        let analysis = NaniteTruth.analysis(
          path, curves, settings: ["model": "hertz-sphere", "tip-radius": "10um", "poisson": "0.5"])
      else { continue }
      for item in curves {
        guard let a = analysis.curves.first(where: { $0.number == item.number }),
          let expected = item.modulus
        else { continue }
        guard item.trusted else { continue }
        let fit = try #require(a.contactFit, "\(path) \(item.number)")
        #expect(abs(fit.modulus / expected - 1) < 2e-4, "\(path) \(item.number): \(fit.modulus)")
        // nanite's tip positions count from its first contact rule, its force from the mean before.
        let row = try #require(a.candidates.first?.index)
        let origin = a.curve.approachZ[row] - a.curve.approachSignal[row]
        let contact = try #require(item.contact)
        #expect(abs(fit.contact - origin + contact) < 1e-9, "\(path) \(item.number)")
        #expect(a.verdict != .rejected && !a.flags.contains("afm.bad-fit"), "\(path): \(a.flags)")
        trusted += 1
      }
    }
    #expect(trusted >= 2)
  }
}
