import Interphase
import Tables
import TestSupport

@testable import ForceMicroscopy

/// What nanite 4.2.3 found in the corpus curves, from their truth files.
struct NaniteTruth {
  /// The number of the curve in its file.
  var number: Int
  /// The contact point by rule, as a row of the approach.
  var contacts: [(ContactMethod, Int)] = []
  /// Young's modulus of the Hertz fit (Pa), its contact point (m) and baseline (N).
  var modulus: Double?, contact: Double?, baseline: Double?
  /// Whether the fit describes the curve.
  var trusted = false
  /// The tip radius (m) and Poisson ratio of the fit.
  var radius: Double?, poisson: Double?
  /// Calibration that nanite was given because the file has none.
  var springConstant: Double?, sensitivity: Double?
}

extension NaniteTruth {
  /// All corpus files with a `nanite` block, in the order of the manifest.
  static func all() throws -> [(path: String, curves: [NaniteTruth])] {
    let manifest = try String(
      decoding: FileSource.open(path: Corpus.path("afm/MANIFEST.tsv"))
        .array, as: UTF8.self)
    var result: [(String, [NaniteTruth])] = []
    for line in manifest.split(separator: "\n").dropFirst() {
      guard let file = line.split(separator: "\t").first else { continue }
      let path = "afm/\(file)"
      guard let truth = try? Truth.of(Corpus.path(path)) else { continue }
      let override = truth["meta_override"]
      var curves: [NaniteTruth] = []
      for item in truth["items"]?.elements ?? [truth["force_curve"] ?? truth] {
        guard let nanite = item["nanite"], nanite["poc"] != nil else { continue }
        var one = NaniteTruth(number: Int(item["enum"]?.plain ?? 0))
        for method in ContactMethod.allCases {
          if let index = nanite["poc"]?[method.rawValue]?.plain {
            one.contacts.append((method, Int(index)))
          }
        }
        if let hertz = nanite["hertz_para"] {
          one.modulus = hertz["E_Pa"]?.plain
          one.contact = hertz["contact_point_m"]?.plain
          one.baseline = hertz["baseline_N"]?.plain
          one.trusted = hertz["trust"] == .flag(true)
          one.radius = hertz["R_m"]?.plain
          one.poisson = hertz["nu"]?.plain
        }
        one.springConstant = override?["spring constant"]?.plain
        one.sensitivity = override?["sensitivity"]?.plain
        curves.append(one)
      }
      if !curves.isEmpty { result.append((path, curves)) }
    }
    return result
  }

  /// The analysis of a corpus file; nil where no format reads it.
  static func analysis(
    _ path: String, _ curves: [NaniteTruth], settings: KeyValuePairs<String, String>
  ) -> ForceFileAnalysis? {
    guard case .success(let dataset) = InputReader().read(path: Corpus.path(path)).outcome,
      dataset.technique == .afm
    else { return nil }
    var options = ForceAnalysisOptions()
    if let k = curves.first?.springConstant {
      try? options.setOption(name: "spring-constant", text: "\(k)")
    }
    if let s = curves.first?.sensitivity {
      try? options.setOption(name: "invols", text: "\(s) m/V")
    }
    for (name, text) in settings { try? options.setOption(name: name, text: text) }
    return analyzeForceCurves(
      dataset, input: InputIdentity(path: path, bytes: 0, sha256: ""), sample: "corpus",
      options: options, tracePrefix: "t")
  }
}
