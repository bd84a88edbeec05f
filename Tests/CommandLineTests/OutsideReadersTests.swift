import Foundation
import TestSupport
import Testing

/// Every export, shown to the reader that its community uses (design of the outputs, last column of its table).
///
/// The readers weigh 300 MB, so the suite does not install them: `tools/check-exports` does, and this test runs it
/// where INTERPHASE_READERS names the environment that it made.
@Suite("Exports and readers that are not ours") struct OutsideReadersTests {
  static let environment = ProcessInfo.processInfo.environment["INTERPHASE_READERS"]

  @Test(
    .enabled(
      if: environment != nil, "INTERPHASE_READERS names no environment of tools/check-exports"))
  func acceptEveryFile() throws {
    let environment = try #require(Self.environment)
    var inputs = [
      TestData.path("cycling/bdf"), TestData.path("xas/xdi"), TestData.path("afm/ardf"),
    ]
    inputs += [TestData.path("simulation/vtk-image-data"), TestData.path("demo/cycling")]
    if let corpus = Corpus.root {
      inputs += ["cycling/GCPL-0.mpr", "cycling/HAC_NH3_01_02_GCPL_C04.mpt", "xas/xdi_S_K"]
        .map { "\(corpus)/\($0)" }
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: environment + "/bin/python")
    process.arguments =
      [Tool.packageRoot + "/tools/check_exports.py", "--tool", Tool.path] + inputs
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("csvw") && text.contains("openpyxl"), "\(text)")
  }
}
