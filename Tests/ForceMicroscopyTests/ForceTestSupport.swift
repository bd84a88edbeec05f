import Bytes
import NumericalMethods
import Reading
import Tables
import TestSupport
import Testing
import Units

@testable import ForceMicroscopy

/// Reads and analyses a curve file of the corpus with options given as text.
func analyzed(
  _ path: String, _ settings: KeyValuePairs<String, String>
) throws -> ForceFileAnalysis {
  let bytes = try FileSource.open(path: Corpus.path(path))
  let dataset = try AsylumForceCurve.read(bytes, name: path, options: ReadOptions())
  var options = ForceAnalysisOptions()
  for (name, text) in settings { try options.setOption(name: name, text: text) }
  return analyzeForceCurves(
    dataset,
    input: InputIdentity(path: path, bytes: bytes.count, sha256: SHA256.hex(of: bytes)),
    sample: path.split(separator: "/").dropLast().last.map(String.init) ?? "sample",
    options: options, tracePrefix: "t")
}

/// A number of a `.truth.json` beside a corpus file.
func truth(_ path: String) throws -> ResultValue { try Truth.of(Corpus.path(path)) }

extension ResultValue {
  /// A number, whichever way it is held.
  var plain: Double? {
    switch self {
    case .number(let x): x
    case .integer(let i): Double(i)
    case .quantity(let q): q.value
    default: nil
    }
  }
}

/// A film for generated curves, SI units.
struct MadeFilm {
  var inputs = FilmInputs(
    springConstant: 35, holeRadius: 1350e-9, tipRadius: 50e-9, poisson: 0.2, thickness: 4e-9,
    sheet: 340)
  var modulus = 60e9
  var tension = 0.35
  var model = FilmModel.plate
  var greatestForce = 66e-9
  var noise = 3e-11
  /// Coefficient of a first-order autoregression that colours the noise; 0 for white noise.
  var colour = 0.0

  var e2d: Double { (inputs.sheet ?? 0) + modulus * (inputs.thickness ?? 0) }

  /// An approach of 3000 points, 70 % of them before contact.
  func approach(seed: UInt64) -> (z: [Double], d: [Double], contact: Double)? {
    guard
      let response = FilmResponse(
        model, modulus: e2d, tension: tension, inputs: inputs, greatestForce: greatestForce)
    else { return nil }
    var random = CounterRandom(seed: 2026, stream: seed)
    var travel = 1e-9
    let k = inputs.springConstant ?? 1
    while response.value(at: travel).force < greatestForce { travel *= 1.01 }
    let n = 3000
    let contact = 1e-6 * (random.uniform() - 0.5)
    let start = contact - travel * 0.7 / 0.3
    var z: [Double] = []
    var d: [Double] = []
    var e = random.normal() * noise
    for i in 0..<n {
      let x = start + (contact + travel - start) * Double(i) / Double(n - 1)
      e = colour * e + (1 - colour * colour).squareRoot() * random.normal() * noise
      z.append(x)
      d.append(response.value(at: x - contact).force / k + 5e-9 + 1e-4 * (x - start) + e)
    }
    return (z, d, contact)
  }

  /// The curve as a dataset.
  func dataset(seed: UInt64) -> (Dataset, contact: Double)? {
    guard let (z, d, contact) = approach(seed: seed) else { return nil }
    let metre = ColumnUnit.known(PhysicalUnit.metre)
    let table = Table(
      name: "approach",
      columns: [
        Column(name: "sensor_position", label: "ZSnsr", values: .real(z), unit: metre),
        Column(name: "deflection", label: "Defl", values: .real(d), unit: metre),
      ])
    var metadata = Metadata()
    metadata.append("SpringConstant", .real(inputs.springConstant ?? 1))
    metadata.append("InvOLS", .real(6e-8))
    return (
      Dataset(format: "made", technique: .afm, tables: [table], metadata: metadata), contact
    )
  }
}
