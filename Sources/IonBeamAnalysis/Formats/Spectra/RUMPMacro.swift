public import Bytes
public import Reading
public import Tables

/// RUMP macros with a spectrum in them, as NEC's RC43 saves them (docs/formats/rump-macro.md).
public enum RUMPMacro: FileFormat {
  /// The id.
  public static let id = "rump-macro"
  /// One line for people.
  public static let title = "RUMP macro with a spectrum (NEC RC43)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["rbs"]
  /// How it is recognised.
  public static let recognisedBy = "lines Identifier, MeV, Swallow"

  private static let commands: Set<String> = [
    "empty", "identifier", "date", "conversion", "mev", "beam", "geometry", "theta", "phi", "psi",
    "omega", "choff", "fwhm", "current", "charge", "correction", "swallow",
  ]

  /// Looks for its commands.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let head = SpectrumHead(file) else { return .none }
    let words = head.lines.map { String($0.prefix { !$0.isWhitespace }.lowercased()) }
    let found = words.filter { Self.commands.contains($0) }
    let main = ["identifier", "mev", "swallow"].filter { found.contains($0) }
    guard main.count > 1 || (main.count == 1 && found.count > 3) else { return .none }
    return Recognition(main.count == 3 ? 100 : 90, main.map { "a line \($0)" })
  }

  /// Reads the counts behind `Swallow` with beam, geometry, detector and calibration.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    let text = try DecodedText.decode(bytes, into: &result.diagnostics)
    SpectrumText.noteLineEnd(text, &result.diagnostics)
    var settings = Settings()
    var contents: [SpectrumContent] = []
    var offset = 0
    var number = 1
    while offset < text.utf8.count {
      var lines = TextLines(text.utf8, from: offset, number: number).makeIterator()
      guard let line = lines.next() else { break }
      offset = line.next
      number += 1
      let content = SpectrumText.trimmed(TextLines.string(text.utf8[line.range]))
      if content.isEmpty { continue }
      let command = content.prefix { !$0.isWhitespace }.lowercased()
      guard command == "swallow" else {
        try settings.apply(command, content, line, &result)
        continue
      }
      let counts = try CountLines(text.utf8, from: offset, line: number, until: .word)
      offset = counts.end
      number = counts.endLine
      guard counts.count > 0 else {
        throw ReadFailure(
          "rump-macro.no-data", at: .line(line.number), found: "no count follows Swallow",
          expected: "expected counts")
      }
      counts.noteBlanks(&result.diagnostics)
      var spectrum = SpectrumContent(first: settings.first, counts: counts.values)
      spectrum.record = settings.record
      spectrum.calibrationPlace = settings.calibrationPlace
      spectrum.origin = counts.origin(of: text, "decimal text")
      contents.append(spectrum)
    }
    guard !contents.isEmpty else {
      throw ReadFailure(
        "rump-macro.no-data", at: .line(max(1, number - 1)), found: "there is no line Swallow",
        expected: "expected it and the counts behind it")
    }
    settings.noteMissing(&result)
    for (n, content) in contents.enumerated() {
      var content = content
      content.record.table = contents.count > 1 ? "spectrum_\(n + 1)" : "spectrum"
      try result.add(content)
    }
    return result.dataset(id)
  }

  /// What the commands set.
  private struct Settings {
    var record = SpectrumRecord()
    var first: Int64 = 0
    var calibrationPlace = Place.whole
    private var seen: Set<String> = []

    mutating func apply(
      _ command: String, _ text: String, _ line: TextLine, _ result: inout SpectrumTables
    ) throws(ReadFailure) {
      let value = SpectrumText.trimmed(String(text.dropFirst(command.count)))
      result.metadata.append(String(text.prefix(command.count)), value)
      let place = Place.line(line.number)
      if !RUMPMacro.commands.contains(command) {
        result.diagnostics.note(
          "rump-macro.command", at: place,
          found: "the command `\(command.prefix(40))` is not known",
          expected: "kept as metadata")
        return
      }
      seen.insert(command)
      // A quote that opens a text is not closed.
      let words = value.drop { $0 == "'" || $0 == "\"" }
      let numbers = SpectrumText.numbers(value) ?? []
      func number() throws(ReadFailure) -> Double {
        guard let number = numbers.first, number.isFinite else {
          throw ReadFailure(
            "rump-macro.number", at: place, found: "`\(text.prefix(60))`",
            expected: "expected a number behind \(command)")
        }
        return number
      }
      func positive() throws(ReadFailure) -> Double {
        let number = try number()
        guard number > 0 else {
          throw ReadFailure(
            "rump-macro.number", at: place, found: "`\(text.prefix(60))`",
            expected: "expected a number above 0")
        }
        return number
      }
      switch command {
      case "identifier": identifier(String(words), place, &result)
      case "date": SpectrumText.start(words, at: place, into: &record, &result.diagnostics)
      case "conversion":
        guard numbers.count == 2 else {
          throw ReadFailure(
            "rump-macro.number", at: place, found: "`\(text.prefix(60))`",
            expected: "expected keV per channel and the energy of channel 0")
        }
        calibrationPlace = place
        record.calibration = FileCalibration([numbers[1], numbers[0]], source: "Conversion")
      case "mev": record.energy = try positive() * 1000
      case "beam": beam(value, place, &result)
      case "geometry":
        record.geometry = BackscatteringGeometry.Kind(rawValue: value.lowercased())
        if record.geometry == nil {
          result.diagnostics.warn(
            "rump-macro.geometry", at: place, found: "`\(text.prefix(60))`",
            expected: "expected General, Cornell or IBM; it is not known")
        }
      // A negative angle is the other side of the normal.
      case "theta": record.incidence = try number().magnitude
      case "phi": record.scattering = 180 - (try number()).magnitude
      case "psi": record.exit = try number().magnitude
      case "omega": record.solidAngle = try positive()
      case "charge": record.charge = try positive()
      case "choff", "fwhm": try pairs(text, place)
      default: break
      }
    }

    /// `name LT = 2457.874 RT 2463.078 Gain 2`: the title, with live and real time in seconds.
    private mutating func identifier(
      _ text: String, _ place: Place, _ result: inout SpectrumTables
    ) {
      record.title = SpectrumText.trimmed(text)
      let words = text.split(whereSeparator: { $0.isWhitespace || $0 == "=" })
      for (word, next) in zip(words, words.dropFirst()) {
        guard let seconds = NumberScanner.parse(next) else { continue }
        if word == "LT" { record.liveTime = seconds }
        if word == "RT" { record.realTime = seconds }
      }
      if record.liveTime == nil || record.realTime == nil {
        result.diagnostics.note(
          "rump-macro.times", at: place, found: "the identifier does not give both times",
          expected: "expected LT = and RT in seconds")
      }
    }

    private mutating func beam(_ text: String, _ place: Place, _ result: inout SpectrumTables) {
      let plus = text.count { $0 == "+" }
      if plus == 0 {
        result.diagnostics.note(
          "rump-macro.charge-state", at: place, found: "the beam is `\(text.prefix(40))`",
          expected: "expected a + for each charge; the charge state is not known")
      }
      let digits = text.drop { $0 != "+" }.dropFirst().prefix { $0.isNumber }
      if plus > 0 { record.chargeState = Double(digits.isEmpty ? plus : Int(digits) ?? plus) }
      guard let ion = Ion(text) else {
        result.diagnostics.warn(
          "rump-macro.beam", at: place, found: "the beam is `\(text.prefix(40))`",
          expected: "expected an ion such as He+; it is not known")
        return
      }
      record.ion = ion.name
    }

    /// `Choff 0 FWHM 15` in any order.
    private mutating func pairs(_ text: String, _ place: Place) throws(ReadFailure) {
      let words = text.split(whereSeparator: { $0.isWhitespace })
      for n in stride(from: 0, to: words.count, by: 2) {
        let value = n + 1 < words.count ? NumberScanner.parse(words[n + 1]) : nil
        switch (words[n].lowercased(), value) {
        case ("choff", .some(let value)):
          if let channel = Int64(exactly: value) { first = channel }
        case ("fwhm", .some(let value)) where value > 0: record.fwhm = value
        default:
          throw ReadFailure(
            "rump-macro.number", at: place, found: "`\(text.prefix(60))`",
            expected: "expected Choff and FWHM with their numbers")
        }
      }
    }

    /// Says which of the usual commands are absent.
    func noteMissing(_ result: inout SpectrumTables) {
      let usual = [
        "identifier", "date", "conversion", "mev", "beam", "geometry", "theta", "phi", "psi",
        "omega", "charge",
      ]
      let missing = usual.filter { !seen.contains($0) }
      guard !missing.isEmpty else { return }
      result.diagnostics.note(
        "rump-macro.missing", found: "there is no \(missing.joined(separator: ", "))",
        expected: "these are not known")
    }
  }
}
