import Bytes
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Dialects and damages of the formats of spectra, on files made here.
@Suite struct SpectrumDialectTests {
  func read(_ format: any FileFormat.Type, _ text: String) -> Result<Dataset, ReadFailure> {
    Reading.read(format, ByteView(utf8: text), name: "x")
  }

  func failure(_ format: any FileFormat.Type, _ text: String) -> Diagnostic? {
    if case .failure(let failure) = read(format, text) { return failure.diagnostic }
    return nil
  }

  func counts(_ dataset: Dataset, _ table: String = "spectrum") -> ColumnValues? {
    dataset[table]?["counts"]?.values
  }

  func codes(_ dataset: Dataset) -> Set<String> { Set(dataset.diagnostics.map(\.code)) }

  // MARK: ortec-spe

  @Test func speTakesTheFirstCalibrationThatIsNone() throws {
    let head = "$SPEC_ID:\nx\n$DATA:\n5 7\n1 2\n4294967295\n"
    let none = try read(OrtecSpectrumText.self, head).get()
    #expect(counts(none) == .integer([1, 2, 4_294_967_295]))
    #expect(none["spectrum"]?["channel"]?.values == .integer([5, 6, 7]))
    #expect(none.spectrumRecords.first?.calibration == nil)
    let zero = try read(
      OrtecSpectrumText.self, head + "$MCA_CAL:\n3\n0 0 0\n$ENER_FIT:\n1.5 2.5\n"
    ).get()
    #expect(zero.spectrumRecords.first?.calibration?.coefficients == [1.5, 2.5])
    let mega = try read(OrtecSpectrumText.self, head + "$MCA_CAL:\n2\n0.5 0.002 MeV\n").get()
    #expect(mega.spectrumRecords.first?.calibration?.coefficients == [500, 2])
    let points = try read(OrtecSpectrumText.self, head + "$ENER_DATA:\n2\n10 120\n20 140\n").get()
    // Through (10, 120) and (20, 140): 100 + 2 n.
    #expect(points.spectrumRecords.first?.calibration?.coefficients == [100, 2])
  }

  @Test func speSaysWhatIsLost() throws {
    let short = try read(OrtecSpectrumText.self, "$DATA:\n0 3\n1\n2\n3\n$ROI:\n0\n").get()
    #expect(codes(short).contains("spectrum.short") && !short.complete)
    #expect(
      failure(OrtecSpectrumText.self, "$DATA:\n0 9\n1\n2\n")?.code == "spectrum.truncated")
    let range = failure(OrtecSpectrumText.self, "$DATA:\n9 0\n1\n2\n")
    #expect(range?.code == "ortec-spe.range" && range?.place == .line(2))
    #expect(failure(OrtecSpectrumText.self, "$SPEC_ID:\nx\n")?.code == "ortec-spe.no-data")
    let word = failure(OrtecSpectrumText.self, "$DATA:\n0 2\n1\ntwo\n3\n")
    #expect(word?.code == "spectrum.not-a-number" && word?.place == .cell(line: 4, column: 1))
    let slope = failure(OrtecSpectrumText.self, "$DATA:\n0 1\n1\n2\n$ENER_FIT:\n0 -1\n")
    #expect(slope?.code == "spectrum.slope" && slope?.place == .line(6))
    let wide = failure(OrtecSpectrumText.self, "$DATA:\n0 9000000000000000000\n1\n")
    #expect(wide?.code == "ortec-spe.range")
    let turned = try read(
      OrtecSpectrumText.self, "$DATE_MEA:\n25/12/2021 08:00:00\n$DATA:\n0 1\n1\n2\n"
    ).get()
    #expect(turned.spectrumRecords.first?.start == "2021-12-25T08:00:00")
    #expect(codes(turned).contains("spectrum.date-order"))
  }

  // MARK: canberra-tka

  @Test func tkaKeepsTimesOutOfTheChannels() throws {
    let dataset = try read(CanberraCountList.self, "10\n12\n7\n8\n").get()
    #expect(counts(dataset) == .integer([7, 8]))
    #expect(dataset.spectrumRecords.first?.liveTime == 10)
    #expect(failure(CanberraCountList.self, "10\nx\n7\n")?.place == .line(2))
    #expect(failure(CanberraCountList.self, "10\n12\n")?.code == "canberra-tka.no-data")
    let odd = try read(CanberraCountList.self, "14\n12\n7\n\n8\n").get()
    #expect(codes(odd).isSuperset(of: ["spectrum.live-time", "spectrum.blank-lines"]))
  }

  // MARK: iec1455

  func iec(_ energies: String, pairs: String = "", counts: [String]) -> String {
    var lines = ["x", "10.0 12.0 7", "01/02/21 10:00:00 25/02/21 10:00:00", energies]
    lines += Array(repeating: "", count: 6) + [pairs] + Array(repeating: "", count: 47) + counts
    return lines.map { "A004\($0)\n" }.joined()
  }

  @Test func iecReadsNumbersThatTouch() throws {
    let rows = [
      "     0         1         2         3         4         5",
      "     5         6         7         0         0         0",
    ]
    let touching = try read(
      IECSpectrumText.self, iec("-1.5E+01 2.0E+00-1.0E-03 0.0E+00", counts: rows)
    ).get()
    #expect(touching.spectrumRecords.first?.calibration?.coefficients == [-15, 2, -0.001])
    #expect(counts(touching) == .integer([1, 2, 3, 4, 5, 6, 7]))
    // 25/02 shows that the day stands first.
    #expect(touching.spectrumRecords.first?.start == "2021-02-01T10:00:00")
    let pairs = try read(
      IECSpectrumText.self, iec("0 0 0 0", pairs: "120.0 10.0 140.0 20.0", counts: rows)
    ).get()
    #expect(pairs.spectrumRecords.first?.calibration?.coefficients == [100, 2])
    let gap = failure(IECSpectrumText.self, iec("0 1 0 0", counts: [rows[0], "    10         1"]))
    #expect(gap?.code == "iec1455.channel" && gap?.place == .line(60))
    #expect(failure(IECSpectrumText.self, "A004\nB004\n")?.place == .line(2))
  }

  // MARK: n42

  func n42(_ data: String, calibration: String = "") -> String {
    """
    <RadInstrumentData><EnergyCalibration id="c">\(calibration)</EnergyCalibration>
    <RadMeasurement><RealTimeDuration>PT1H2M3.5S</RealTimeDuration>
    <Spectrum id="s" energyCalibrationReference="c">\(data)</Spectrum></RadMeasurement>
    </RadInstrumentData>
    """
  }

  @Test func n42CountsZeros() throws {
    let zeros = "<ChannelData compressionCode=\"CountedZeroes\">5 0 3 7 0 1</ChannelData>"
    let boundaries = "<EnergyBoundaryValues>10 12 14 16 18 20 22</EnergyBoundaryValues>"
    let dataset = try read(N42Document.self, n42(zeros, calibration: boundaries)).get()
    #expect(counts(dataset) == .integer([5, 0, 0, 0, 7, 0]))
    let record = try #require(dataset.spectrumRecords.first)
    // One hour, two minutes and 3.5 s.
    #expect(record.realTime == 3723.5)
    #expect(record.calibration?.coefficients == [10, 2])
    #expect(record.calibration?.channelEnergy == .left)
    #expect(record.title == "s")
    for (data, code) in [
      ("<ChannelData compressionCode=\"CountedZeroes\">5 0</ChannelData>", "n42.zeroes"),
      (
        "<ChannelData compressionCode=\"CountedZeroes\">0 99999999999</ChannelData>",
        "n42.expansion"
      ),
      ("<ChannelData compressionCode=\"Zip\">5 0</ChannelData>", "n42.compression"),
      ("<ChannelData></ChannelData>", "n42.no-data"),
      ("<ChannelData>5 x</ChannelData>", "spectrum.not-a-number"),
      ("", "n42.no-data"),
    ] {
      #expect(failure(N42Document.self, n42(data))?.code == code)
    }
    #expect(failure(N42Document.self, "<html/>")?.code == "n42.root")
    let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><RadInstrumentData/>"
    #expect(failure(N42Document.self, bomb)?.code == "xml.doctype")
  }

  // MARK: amptek-mca

  @Test func mcaFitsItsPoints() throws {
    func file(_ label: String, _ points: String, end: String = "<<END>>\n") -> String {
      "<<PMCA SPECTRUM>>\nLIVE_TIME - 5\n<<CALIBRATION>>\nLABEL - \(label)\n\(points)\n<<DATA>>\n1\n2\n3\n"
        + end
    }
    let dataset = try read(AmptekSpectrumText.self, file("keV", "0 10\n1 13\n2 14")).get()
    // Least squares through (0, 10), (1, 13), (2, 14): 31/3 + 2 n, at most 2/3 away.
    let line = try #require(dataset.spectrumRecords.first?.calibration)
    #expect(abs(line.offset - 31.0 / 3) < 1e-12 && abs(line.slope - 2) < 1e-12)
    for (label, points) in [("Channel", "0 10\n1 13"), ("keV", "5 10")] {
      let none = try read(AmptekSpectrumText.self, file(label, points)).get()
      #expect(none.spectrumRecords.first?.calibration == nil)
      #expect(codes(none).contains("spectrum.no-calibration"))
    }
    let cut = try read(AmptekSpectrumText.self, file("keV", "0 1\n1 2", end: "")).get()
    #expect(codes(cut).contains("amptek-mca.no-end") && !cut.complete)
    let short = file("keV", "0 1\n1 2", end: "<<END>>\n<<DP5 CONFIGURATION>>\nMCAC=8;  Channels\n")
    #expect(failure(AmptekSpectrumText.self, short)?.code == "spectrum.truncated")
    #expect(failure(AmptekSpectrumText.self, "<<PMCA SPECTRUM>>\n")?.code == "amptek-mca.no-data")
  }

  // MARK: fastcomtec-mpa

  @Test func mpaKeepsConvertersApart() throws {
    let text = """
      [MPA3]
      [CHN0]
      range=3
      caloff=5
      calfact=2
      caluse=0
      livetime=9
      [DATA0,3 ]
      0 4
      1 5
      2 6
      [DATA1,3 ]
      7
      8
      9

      """
    let dataset = try read(FastComTecText.self, text).get()
    #expect(counts(dataset, "spectrum_1") == .integer([4, 5, 6]))
    #expect(counts(dataset, "spectrum_2") == .integer([7, 8, 9]))
    // caluse=0: the numbers beside it are no calibration.
    #expect(dataset.spectrumRecords.map(\.calibration) == [nil, nil])
    #expect(dataset.spectrumRecords.map(\.liveTime) == [9, nil])
    let list = failure(FastComTecText.self, "[MPA3]\n[ADC1]\nrange=4\n[LISTDATA]\n\u{1}\u{0}")
    #expect(list?.code == "fastcomtec-mpa.list-mode" && list?.place == .byte(22))
    #expect(
      failure(FastComTecText.self, "[ADC1]\nrange=4\n[TDAT0,4 ]\n\u{0}\u{0}")?.code
        == "fastcomtec-mpa.binary")
    #expect(
      failure(FastComTecText.self, "[ADC1]\nrange=4\n[TDAT0,x ]\n1\n")?.code
        == "fastcomtec-mpa.section")
    #expect(
      failure(FastComTecText.self, "[ADC1]\nrange=4\n")?.code == "fastcomtec-mpa.no-data")
  }

  // MARK: rump-macro

  @Test func macroReadsItsCommands() throws {
    let text =
      "Identifier 'a\nMeV 2\nBeam 4He++\nGeometry Cornell\nTheta -8\nPhi 15\nChoff 3 FWHM 14\n"
    let dataset = try read(RUMPMacro.self, text + "Swallow\n 1 2\n 3\n").get()
    let record = try #require(dataset.spectrumRecords.first)
    #expect(record.energy == 2000 && record.ion == "4He" && record.chargeState == 2)
    #expect(record.incidence == 8 && record.scattering == 165 && record.fwhm == 14)
    #expect(record.geometry == .cornell && record.solidAngle == nil)
    #expect(dataset["spectrum"]?["channel"]?.values == .integer([3, 4, 5]))
    #expect(failure(RUMPMacro.self, text)?.code == "rump-macro.no-data")
    let negative = failure(RUMPMacro.self, "Identifier 'a\nMeV -2\nSwallow\n1\n")
    #expect(negative?.code == "rump-macro.number" && negative?.place == .line(2))
  }

  // MARK: spectrum-text

  @Test func textSortsAndSumsChannels() throws {
    // Channel 4 twice (1 + 2), channel 6 absent.
    let dataset = try read(PlainSpectrum.self, "5 8\n4 1\n7 9\n4 2\n8 3\n").get()
    #expect(dataset["spectrum"]?["channel"]?.values == .integer([4, 5, 6, 7, 8]))
    #expect(counts(dataset) == .integer([3, 8, 0, 9, 3]))
    #expect(codes(dataset).isSuperset(of: ["axis.unordered", "axis.repeated", "axis.gap"]))
    let far = try read(PlainSpectrum.self, "0 1\n1 2\n2 3\n900000000 4\n").get()
    #expect(far["spectrum"]?.rows == 4 && codes(far).contains("axis.gap"))
  }

  @Test func textTakesEnergiesAsCalibration() throws {
    let rows = (0..<20).map { "\(100 + 2 * $0).5;\($0)" }.joined(separator: "\n")
      .map { $0 == "." ? "," : String($0) }.joined()
    let dataset = try read(PlainSpectrum.self, "Energie (keV);Zähler\n" + rows + "\n").get()
    let line = try #require(dataset.spectrumRecords.first?.calibration)
    #expect(abs(line.offset - 100.5) < 1e-9 && abs(line.slope - 2) < 1e-12)
    #expect(dataset["spectrum"]?["energy"]?.real?[3] == 106.5)
    let mega = try read(
      PlainSpectrum.self, "Energy (MeV),Counts\n0.1,5\n0.2,6\n0.3,7\n0.4,8\n"
    ).get()
    #expect(abs((mega.spectrumRecords.first?.calibration?.slope ?? 0) - 100) < 1e-9)
  }

  @Test func textOfLaboratories() throws {
    func score(_ text: String) -> Int {
      PlainSpectrum.recognise(FileHead(ByteView(utf8: text), name: "x.txt")).score
    }
    let rows = (0..<12).map { "\($0)\t\(3 * $0)\t\(50 - $0)" }.joined(separator: "\n")
    // HZDR: a block of columns, one spectrum each.
    let block = "<header>\nsample=12\n</header>\n<data>\n\(rows)\n</data>\n"
    #expect(score(block) > 0)
    let two = try read(PlainSpectrum.self, block).get()
    #expect(two.spectrumRecords.map(\.table) == ["spectrum_1", "spectrum_2"])
    #expect(counts(two, "spectrum_1") == .integer((0..<12).map { 3 * $0 }))
    #expect(counts(two, "spectrum_2") == .integer((0..<12).map { 50 - $0 }))
    // IBC: `Data:` is no name of a column.
    let pairs = (0..<12).map { "\($0)\t\(3 * $0)" }.joined(separator: "\n")
    #expect(score("IBC\nEnergy: 2 MeV\nData:\n\(pairs)\n") > 0)
    // Quotes around numbers, and names in other languages.
    let quoted = (0..<12).map { "\"\($0)\",\"\(3 * $0)\"" }.joined(separator: "\n")
    #expect(score("\"Channel\",\"Counts\"\n\(quoted)\n") > 70)
    let french = (0..<12).map { "\($0);\(20 + 2 * $0),5;\(3 * $0)" }.joined(separator: "\n")
    let calibrated = try read(
      PlainSpectrum.self, "Canal;\u{C9}nergie (keV);Coups\n\(french)\n"
    ).get()
    #expect(calibrated.spectrumRecords.first?.calibration?.coefficients == [20.5, 2])
    #expect(score("Canal;Energia (keV);Contagens\n\(french)\n") > 70)
  }

  @Test func textSaysWhatIsNotCounts() throws {
    let normalised = (0..<20).map { "\($0) \(Double($0) / 19)\n" }.joined()
    #expect(try codes(read(PlainSpectrum.self, normalised).get()).contains("spectrum.normalised"))
    let odd = (0..<20).map { "\($0) \(Double($0) + 0.5)\n" }.joined()
    #expect(try codes(read(PlainSpectrum.self, odd).get()).contains("spectrum.not-counts"))
    let word = failure(PlainSpectrum.self, "0 1\n1 2\n2 three\n3 4\n4 5\n5 6\n")
    #expect(word?.place == .cell(line: 3, column: 2))
    let rubbish = "1091\n0\n" + String(repeating: "3\n", count: 20)
    #expect(
      try codes(read(PlainSpectrum.self, rubbish).get()).contains("spectrum.first-channels"))
  }

  @Test func clocksOfManyWriters() throws {
    // By hand, from the texts themselves.
    for (text, iso) in [
      ("09/14/2021 13:37:05", "2021-09-14T13:37:05"), ("14-Sep-2021 13:37", "2021-09-14T13:37:00"),
      ("14.09.2021 13:37:05", "2021-09-14T13:37:05"),
      ("2021-09-14T13:37:05.25Z", "2021-09-14T13:37:05"),
      ("13:37:05  09-14-2021", "2021-09-14T13:37:05"),
      ("9/14/21 1:37:05 PM", "2021-09-14T13:37:05"),
    ] {
      let dataset = try read(
        OrtecSpectrumText.self, "$DATE_MEA:\n\(text)\n$DATA:\n0 1\n1\n2\n"
      ).get()
      #expect(dataset.spectrumRecords.first?.start == iso)
    }
    let bad = try read(OrtecSpectrumText.self, "$DATE_MEA:\n44/55/2021\n$DATA:\n0 1\n1\n2\n").get()
    #expect(codes(bad).contains("spectrum.clock"))
  }
}
