public import Bytes
public import Reading
public import Tables

/// Spectra after ANSI N42.42, editions 2006 and 2012 (docs/formats/n42.md).
public enum N42Document: FileFormat {
  /// The id.
  public static let id = "n42"
  /// One line for people.
  public static let title = "ANSI N42.42 spectra (.n42)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["n42", "xml"]
  /// How it is recognised.
  public static let recognisedBy = "XML, root RadInstrumentData or N42InstrumentData"

  private static let roots = ["RadInstrumentData", "N42InstrumentData"]

  /// Looks for the root element.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard file.head.prefix(64).withBytes({ $0.contains(UInt8(ascii: "<")) }) else { return .none }
    let head = ByteView(file.head.prefix(4096).array.filter { $0 != 0 })
    guard let start = head.firstRange(of: "<") else { return .none }
    for root in roots {
      guard let found = head.firstRange(of: root),
        let before = head[found.lowerBound - 1], found.lowerBound > start.lowerBound,
        before == UInt8(ascii: "<") || before == UInt8(ascii: ":")
      else { continue }
      // A longer name is another element.
      guard let next = head[found.upperBound], [0x20, 0x09, 0x0A, 0x0D, 0x3E].contains(next) else {
        continue
      }
      return Recognition(95, ["an element \(root)"])
    }
    return .none
  }

  /// Reads every spectrum with its times, start and calibration, and all other texts.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var limits = XMLTree.Limits()
    limits.nesting = options.limits.nesting
    let tree = try XMLTree(bytes, limits: limits)
    guard roots.contains(tree.root.name) else {
      throw ReadFailure(
        "n42.root", at: .line(tree.root.line),
        found: "the outermost element is <\(tree.root.name.prefix(40))>",
        expected: "expected <RadInstrumentData> or <N42InstrumentData>")
    }
    var result = SpectrumTables()
    result.diagnostics.add(contentsOf: tree.diagnostics)
    var walk = N42Walk(tree.root)
    walk.run(&result)
    guard !walk.spectra.isEmpty else {
      throw ReadFailure(
        "n42.no-data", at: .line(tree.root.line), found: "no element Spectrum holds ChannelData",
        expected: "expected at least one")
    }
    // Zeros that all spectra of a file may be given beyond the numbers that stand in it.
    var room = 1 << 20
    for (number, found) in walk.spectra.enumerated() {
      let suffix = walk.spectra.count > 1 ? "_\(number + 1)" : ""
      try result.add(
        try walk.content(found, table: "spectrum" + suffix, room: &room, &result.diagnostics))
    }
    return result.dataset(id)
  }
}

/// The walk through a document: spectra with what they inherit, calibrations by name, all texts.
private struct N42Walk {
  typealias Element = XMLTree.Element

  /// A spectrum with the times of the elements around it.
  struct Found {
    var element: Element
    var data: Element
    var path: String
    var inherited: Inherited
  }

  /// What an element hands down to those in it.
  struct Inherited {
    var start: String?
    var realTime: String?
    var liveTime: String?

    func updated(by element: Element) -> Inherited {
      func text(_ names: String...) -> String? {
        names.compactMap { element[$0] }.first.map { SpectrumText.trimmed($0.text) }
      }
      return Inherited(
        start: text("StartDateTime", "StartTime") ?? start,
        realTime: text("RealTimeDuration", "RealTime") ?? realTime,
        liveTime: text("LiveTimeDuration", "LiveTime") ?? liveTime)
    }
  }

  var root: Element
  var spectra: [Found] = []
  var calibrations: [String: Element] = [:]

  init(_ root: Element) { self.root = root }

  /// Goes through all elements in the document's order, with an explicit stack.
  mutating func run(_ result: inout SpectrumTables) {
    var pending = [(element: root, path: "", inherited: Inherited())]
    while let (element, path, inherited) = pending.popLast() {
      let own = inherited.updated(by: element)
      if ["EnergyCalibration", "Calibration"].contains(element.name),
        let id = element.attribute("id") ?? element.attribute("ID"), calibrations[id] == nil
      {
        calibrations[id] = element
      }
      for attribute in element.attributes {
        result.metadata.append("\(path)@\(attribute.name)", attribute.value)
      }
      if element.name == "Spectrum", let data = element["ChannelData"] {
        spectra.append(Found(element: element, data: data, path: path, inherited: own))
      }
      let text = SpectrumText.trimmed(element.text)
      if !text.isEmpty, element.name != "ChannelData" { result.metadata.append(path, text) }
      var counts: [String: Int] = [:]
      for child in element.children { counts[child.name, default: 0] += 1 }
      var seen: [String: Int] = [:]
      var children: [(element: Element, path: String, inherited: Inherited)] = []
      for child in element.children {
        seen[child.name, default: 0] += 1
        let index = (counts[child.name] ?? 0) > 1 ? "[\(seen[child.name] ?? 0)]" : ""
        let name = child.name + index
        children.append((child, path.isEmpty ? name : "\(path)/\(name)", own))
      }
      pending.append(contentsOf: children.reversed())
    }
  }

  /// One spectrum; `room` is how many channels the file may still have.
  func content(
    _ found: Found, table: String, room: inout Int, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> SpectrumContent {
    let place = Place.line(found.data.line)
    let list = try CountLines(
      ByteView(utf8: found.data.text), from: 0, line: found.data.line, until: .byte(0))
    var known = Set(["compressionCode", "Compression", "id", "ID"])
    let code = found.data.attribute("compressionCode") ?? found.data.attribute("Compression")
    known.formUnion(["ListOfValues", "channelDataType", "clc"])
    for attribute in found.data.attributes where !known.contains(attribute.name) {
      diagnostics.warn(
        "n42.attribute", at: place, found: "ChannelData has the attribute \(attribute.name)",
        expected: "expected compressionCode; it may change what the counts mean")
    }
    if list.gaps > 0 {
      diagnostics.note(
        "n42.gaps", at: place, found: "two blanks stand between counts at \(list.gaps) places",
        expected: "expected one; a count may be lost there")
    }
    let isCompressed: Bool
    switch code?.lowercased() {
    case "countedzeroes": isCompressed = true
    case nil, "none", "": isCompressed = false
    default:
      throw ReadFailure(
        "n42.compression", at: place, found: "the counts are compressed by `\(code ?? "")`",
        expected: "expected CountedZeroes or None")
    }
    let counts =
      isCompressed ? try expanded(list.values, place, room) : list.values
    guard counts.count > 0 else {
      throw ReadFailure(
        "n42.no-data", at: place, found: "ChannelData is empty", expected: "expected counts")
    }
    if isCompressed { room -= max(0, counts.count - list.count) }
    if counts.count % 16 != 0 {
      diagnostics.note(
        "n42.channel-count", at: place, found: "the spectrum has \(counts.count) channels",
        expected: "analysers have multiples of 16; two counts may be joined")
    }
    var content = SpectrumContent(counts: counts)
    content.record.table = table
    content.origin = Origin(
      bytes: found.data.bytes.map { [$0] } ?? [], lines: found.data.line...found.data.line,
      member: "\(found.path)/ChannelData",
      steps: [isCompressed ? "decimal text, zeros counted" : "decimal text"])
    content.record.title = title(found.element)
    if content.record.title == nil {
      diagnostics.note(
        "n42.no-id", at: place, found: "the spectrum has no id", expected: "expected one")
    }
    content.record.realTime = duration(found.inherited.realTime, place, &diagnostics)
    content.record.liveTime = duration(found.inherited.liveTime, place, &diagnostics)
    if let start = found.inherited.start {
      SpectrumText.start(start, at: place, into: &content.record, &diagnostics)
      content.record.zone = zone(start)
      if content.record.zone == nil {
        diagnostics.note(
          "n42.zone", at: place, found: "the start `\(start.prefix(40))` has no zone",
          expected: "expected Z or +HH:MM")
      }
    }
    content.calibrationPlace = .line(found.element.line)
    content.record.calibration = calibration(found.element, &content, &diagnostics)
    return content
  }

  private func title(_ spectrum: Element) -> String? {
    for remark in spectrum.all("Remark") {
      let text = SpectrumText.trimmed(remark.text)
      if text.hasPrefix("Title:") { return SpectrumText.trimmed(String(text.dropFirst(6))) }
    }
    return spectrum.attribute("id") ?? spectrum.attribute("ID")
  }

  /// The counts where each 0 is followed by how many zeros it stands for.
  private func expanded(
    _ values: ColumnValues, _ place: Place, _ room: Int
  ) throws(ReadFailure) -> ColumnValues {
    var room = room
    func runs<T: Numeric>(_ list: [T], _ whole: (T) -> Int?) throws(ReadFailure) -> [T] {
      var result: [T] = []
      var i = 0
      while i < list.count {
        guard list[i] == 0 else {
          result.append(list[i])
          i += 1
          continue
        }
        guard i + 1 < list.count, let count = whole(list[i + 1]), count > 0 else {
          throw ReadFailure(
            "n42.zeroes", at: place, found: "number \(i + 1) is a 0 without a count of zeros",
            expected: "expected how many zeros it stands for")
        }
        guard count <= room else {
          throw ReadFailure(
            "n42.expansion", at: place,
            found: "\(count) zeros are counted, more than a file may have",
            expected: "expected fewer")
        }
        room -= count
        result.append(contentsOf: repeatElement(0, count: count))
        i += 2
      }
      return result
    }
    switch values {
    case .integer(let list): return .integer(try runs(list) { Int($0) })
    case .real(let list): return .real(try runs(list) { Int(exactly: $0) })
    default: return values
    }
  }

  /// Seconds of `PT1H2M3.5S`; nil, with a warning, for what is no duration.
  private func duration(
    _ text: String?, _ place: Place, _ diagnostics: inout DiagnosticList
  ) -> Double? {
    guard let text else { return nil }
    var seconds = 0.0
    var number = ""
    var isTime = false
    var isDuration = text.hasPrefix("P") && text.count > 2
    for letter in text.dropFirst() where isDuration {
      if letter == "T" {
        isTime = true
      } else if letter.isNumber || letter == "." {
        number.append(letter)
      } else {
        let unit: Double? =
          switch (letter, isTime) {
          case ("D", false): 86400
          case ("H", true): 3600
          case ("M", true): 60
          case ("S", true): 1
          default: nil
          }
        if let unit, let value = NumberScanner.parse(number) {
          seconds += value * unit
        } else {
          isDuration = false
        }
        number = ""
      }
    }
    guard isDuration, number.isEmpty else {
      diagnostics.warn(
        "n42.duration", at: place, found: "the time is `\(text.prefix(40))`",
        expected: "expected a duration such as PT540.25S; it is not known")
      return nil
    }
    return seconds
  }

  /// What follows the seconds of a clock: `Z` or `+02:00`.
  private func zone(_ clock: String) -> String? {
    if clock.hasSuffix("Z") { return "Z" }
    let tail = clock.suffix(6)
    guard tail.count == 6, tail.first == "+" || tail.first == "-", tail.dropFirst(3).first == ":"
    else { return nil }
    return String(tail)
  }

  /// The calibration that a spectrum holds or names.
  private func calibration(
    _ spectrum: Element, _ content: inout SpectrumContent, _ diagnostics: inout DiagnosticList
  ) -> FileCalibration? {
    var found: (element: Element, source: String)?
    let names =
      spectrum.attribute("energyCalibrationReference")
      ?? spectrum.attribute("CalibrationIDs") ?? ""
    for name in names.split(whereSeparator: { $0.isWhitespace }) {
      guard let element = calibrations[String(name)] else {
        diagnostics.warn(
          "n42.reference", at: content.calibrationPlace,
          found: "there is no calibration `\(name.prefix(40))`",
          expected: "expected an element with that id")
        continue
      }
      if element.attribute("Type").map({ $0 == "Energy" }) ?? true, found == nil {
        found = (element, "calibration \(name)")
      }
    }
    for element in spectrum.all("Calibration") + spectrum.all("EnergyCalibration")
    where found == nil && element.attribute("Type").map({ $0 == "Energy" }) ?? true {
      found = (element, "the calibration of the spectrum")
    }
    guard let found else { return nil }
    content.calibrationPlace = .line(found.element.line)
    let unit = found.element.attribute("EnergyUnits") ?? "keV"
    let scale = SpectrumText.kiloelectronvolts(unit) ?? 1
    let equation = found.element["Equation"]
    if let text = found.element["CoefficientValues"] ?? equation?["Coefficients"] {
      guard let numbers = SpectrumText.numbers(text.text), numbers.count > 1 else {
        diagnostics.warn(
          "n42.coefficients", at: .line(text.line),
          found: "the coefficients are `\(SpectrumText.trimmed(text.text).prefix(60))`",
          expected: "expected two or more numbers")
        return nil
      }
      if let model = equation?.attribute("Model"), model != "Polynomial" {
        diagnostics.warn(
          "n42.coefficients", at: .line(text.line), found: "the equation is `\(model.prefix(40))`",
          expected: "expected Polynomial; it is not used")
        return nil
      }
      guard numbers.contains(where: { $0 != 0 }) else { return nil }
      return FileCalibration(numbers.map { $0 * scale }, source: found.source)
    }
    if let text = found.element["EnergyBoundaryValues"],
      let numbers = SpectrumText.numbers(text.text),
      let line = StraightLine(
        numbers.enumerated().map { (channel: Double($0.offset), energy: $0.element * scale) })
    {
      diagnostics.note(
        "spectrum.fitted-calibration", at: .line(text.line),
        found: "a straight line through \(numbers.count) boundaries of channels",
        expected: "the largest distance is \(line.residual) keV")
      return FileCalibration(
        [line.offset, line.slope], channelEnergy: .left,
        source: "a straight line through the boundaries of \(found.source)")
    }
    return nil
  }
}
