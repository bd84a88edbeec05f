internal import Cycling
internal import ForceMicroscopy
internal import IonBeamAnalysis
internal import Output
internal import Tables
internal import XRayAbsorption

/// All that has to be kept of a finished input, so that a later run goes on as if it had read the file.
///
/// What the whole batch decides (shifts of spectra, statistics of samples) is worked out anew from it.
/// Where more than this is needed at the end, the input is read again: logs that are joined, curves that
/// are fitted together, and samples that name other files.
struct StoredInput: Codable {
  var path: String
  var position: Int
  var identity: InputIdentity
  var technique: Technique?
  var sample: String
  var report: InputReport
  var force: ForceFileAnalysis?
  var cycling: CyclingFileAnalysis?
  var absorption: XASFileAnalysis.Stored?
  var backscattering: RBSFileAnalysis.Stored?
  var readingDiagnostics: [Diagnostic]
  var files: [ResearchCrate.Output]
  /// The settings of its sample.
  var settings: [ForceAnalysisOptions.SampleSetting]
  /// Whether the result of the analysis stands in the report alone.
  var sharesResult = false

  /// The text of what is to be kept of an input; empty where it has to be read again.
  static func text(of input: StudyInput, position: Int, reader: StudyReader) -> [UInt8] {
    guard input.test == nil, input.force == nil || !reader.force.joint,
      input.backscattering?.namesFiles != true
    else { return [] }
    var stored = StoredInput(
      path: input.input.path, position: position, identity: input.identity,
      technique: input.technique, sample: input.sample, report: input.report, force: input.force,
      cycling: input.cycling, absorption: input.absorption?.stored,
      backscattering: input.backscattering?.stored,
      readingDiagnostics: input.readingDiagnostics, files: input.files,
      settings: reader.force.bySample[input.sample] ?? [])
    stored.shareResult()
    return (try? StateEncoder.encode(stored)).map(Base64.encode) ?? []
  }

  /// The input that a text stands for; nil where it is damaged, or of another path.
  static func input(
    _ text: [UInt8], for input: BatchInput, position: Int, reader: StudyReader
  ) -> StudyInput? {
    guard let bytes = Base64.decode(text[...]),
      let known = try? StateDecoder.decode(Position.self, from: bytes),
      let stored = try? StateDecoder.decode(
        StoredInput.self, from: bytes,
        renaming: known.position == position
          ? nil : TraceRenaming(from: known.position + 1, to: position + 1)),
      stored.path == input.path,
      reader.sampleOfFile.map({ $0(input) == stored.sample }) ?? true,
      stored.settings == reader.force.bySample[stored.sample] ?? [],
      stored.files.isEmpty || reader.keepsFiles(stored.files, input)
    else { return nil }
    var result = StudyInput(
      input: input, identity: stored.identity, technique: stored.technique, sample: stored.sample,
      report: stored.report)
    result.force = stored.force
    result.cycling = stored.cycling
    if stored.sharesResult, let value = stored.report.fields["result"] {
      result.force?.result = value
      result.cycling?.result = value
    }
    guard let own = try? reader.own(for: input, stored.technique) else { return nil }
    result.absorption = stored.absorption.map {
      XASFileAnalysis($0, options: own.absorption, tracePrefix: "x\(position + 1).")
    }
    result.backscattering = stored.backscattering.map {
      RBSFileAnalysis($0, result: stored.report.fields["result"] ?? .null)
    }
    result.readingDiagnostics = stored.readingDiagnostics
    result.files = stored.files
    return result
  }

  /// Drops the analysis' own copy of what the report says.
  private mutating func shareResult() {
    guard let value = report.fields["result"], force == nil || force?.result == value,
      cycling == nil || cycling?.result == value
    else { return }
    sharesResult = true
    force?.result = .null
    cycling?.result = .null
  }

  /// The part that is needed before the rest.
  private struct Position: Decodable {
    var position: Int
  }
}
