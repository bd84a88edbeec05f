import IonBeamAnalysis
import Tables
import Testing

/// What a file says of a spectrum survives its way through the metadata of a dataset.
@Suite struct SpectrumRecordTests {
  func dataset(_ tables: [String] = []) -> Dataset {
    Dataset(format: "x", technique: .rbs, tables: tables.map { Table(name: $0, columns: []) })
  }

  func full(_ table: String) -> SpectrumRecord {
    var record = SpectrumRecord(table: table)
    record.title = "film 3"
    record.liveTime = 540.25
    record.realTime = 552.75
    record.start = "2021-09-14T13:37:05"
    record.zone = "+02:00"
    record.calibration = FileCalibration(
      [19.385, 1.71409, 0, 1e-9], channelEnergy: .centre, source: "$MCA_CAL")
    record.ion = "4He"
    record.energy = 2027
    record.particles = 1e14
    record.charge = 16.02
    record.chargeState = 1
    record.geometry = .cornell
    record.incidence = 7
    record.scattering = 170
    record.exit = 12.2
    record.solidAngle = 5
    record.fwhm = 15
    return record
  }

  @Test func comesBackAsItWasPut() throws {
    var dataset = dataset(["spectrum_1", "spectrum_2", "layers"])
    dataset.append(full("spectrum_1"))
    dataset.append(full("spectrum_12"))
    // spectrum_12 has a setup but no counts; spectrum_2 has counts and nothing else.
    #expect(
      dataset.spectrumRecords == [
        full("spectrum_1"), SpectrumRecord(table: "spectrum_2"), full("spectrum_12"),
      ])
    #expect(dataset.metadata["spectrum_1/live_time (s)"] == .real(540.25))
  }

  @Test func nothingKnownIsNothing() {
    #expect(dataset(["spectrum"]).spectrumRecords == [SpectrumRecord()])
    #expect(dataset(["layers", "simulation_total"]).spectrumRecords.isEmpty)
    #expect(!SpectrumRecord().hasSetup)
    #expect(full("spectrum").hasSetup)
    var timed = SpectrumRecord()
    timed.liveTime = 3
    #expect(!timed.hasSetup)
  }

  @Test func derivesWhatFollows() throws {
    let record = full("spectrum")
    // 1e14 ions times 5 msr.
    #expect(record.particlesSolidAngle == 5e11)
    // Cornell: cos β = −cos 170° cos 7°, β = 12.1861° (by hand).
    #expect(abs(try #require(record.exitAngle) - 12.1861) < 1e-3)
    var general = record
    general.geometry = .general
    #expect(general.exitAngle == 12.2)
    let calibration = try #require(record.calibration)
    // 19.385 + 1.71409·100 + 1e-9·100³ by hand.
    #expect(abs(calibration.energy(100) - 190.795) < 1e-9)
    #expect(calibration.channels.channelEnergy == .centre)
    var open = calibration
    open.channelEnergy = nil
    #expect(open.channels.channelEnergy == .left)
  }
}
