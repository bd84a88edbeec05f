import Bytes
import FormatRegistry
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// The settings of the generated spectra: every number that the generator put in comes out.
@Suite struct SpectrumSampleTests {
  static let samples = CheckFormat.all.filter { sample in
    [
      "amptek-mca", "canberra-cnf", "canberra-tka", "fastcomtec-mpa", "iec1455", "n42", "ortec-chn",
      "ortec-spc", "ortec-spe", "rump-binary", "rump-macro", "spectrum-text",
    ].contains { sample.path.contains("rbs/\($0)/") }
  }

  @Test func everySampleGivesItsSettings() throws {
    #expect(Self.samples.count >= 20)
    for sample in Self.samples {
      let truth = try Truth.of(TestData.path(sample.path))
      let head = FileHead(ByteView(sample.bytes), name: sample.name)
      guard case .recognised(let format) = FormatRegistry.detect(head).verdict else {
        Issue.record("\(sample.path) is not recognised")
        continue
      }
      #expect(sample.path.contains("rbs/\(format.id)/"))
      let dataset = try Reading.read(format, ByteView(sample.bytes), name: sample.name).get()
      let record = try #require(dataset.spectrumRecords.first)
      let found: [(String, Double?)] = [
        ("live_time", record.liveTime), ("real_time", record.realTime), ("energy", record.energy),
        ("charge", record.charge), ("incidence", record.incidence),
        ("scattering", record.scattering), ("exit", record.exit),
        ("solid_angle", record.solidAngle), ("fwhm", record.fwhm),
        ("spectra", Double(dataset.spectrumRecords.count)),
        ("rows", Double(dataset[record.table]?.rows ?? 0)),
        ("total_counts", dataset[record.table]?["counts"]?.real?.reduce(0, +)),
      ]
      for (key, value) in found {
        guard let wanted = truth[key]?.finiteNumber else { continue }
        #expect(Truth.difference(value, wanted) < 1e-12, "\(sample.path) \(key)")
      }
      for (key, value) in [
        ("start", record.start), ("ion", record.ion), ("geometry", record.geometry?.rawValue),
      ] {
        guard let wanted = truth[key]?.text else { continue }
        #expect(value == wanted, "\(sample.path) \(key)")
      }
      if record.calibration != nil {
        // The generator's offset and slope.
        #expect(Truth.difference(record.calibration?.offset, 19.375) < 1e-9, "\(sample.path)")
        #expect(Truth.difference(record.calibration?.slope, 6.75) < 1e-9, "\(sample.path)")
      }
    }
  }
}
