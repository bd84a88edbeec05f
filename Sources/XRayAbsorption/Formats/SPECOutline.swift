internal import Bytes

/// Where the parts of a SPEC file stand: header lines, scans, rows and spectra, found in one pass.
struct SPECOutline {
  /// A line that starts with `#`: its key, where its value stands, and its number.
  struct Control {
    /// What stands behind `#` up to the first blank: `S`, `L`, `P0`, `@CALIB`.
    var key: String
    var value: Range<Int>
    var line: Int
  }

  /// One spectrum of a multichannel analyser: `@A` and its numbers, continued by `\` at line ends.
  struct Spectrum {
    /// The word behind `@`, as an index into ``tags``.
    var tag: Int
    /// Its numbers.
    var bytes: Range<Int>
  }

  /// One scan, or what follows a second `#L` in it.
  struct Scan {
    /// `number.order`: `2.1`, and `2.2` where the number comes again.
    var key: String
    /// The line of `#S`.
    var line: Int
    /// Its lines in ``controls``.
    var controls: Range<Int>
    /// The line of labels, as an index into ``controls``.
    var labels: Int?
    /// The first number behind `#N`.
    var columnCount: Int?
    /// From the first row to behind the last one, with all that stands between them.
    var rows: Range<Int>?
    /// The line of the first row.
    var firstRowLine = 0
    /// Its spectra in ``spectra``.
    var spectra: Range<Int>
    /// Whether a comment says that it was aborted.
    var isAborted = false
  }

  private(set) var controls: [Control] = []
  /// The lines of ``controls`` that stand in no scan.
  private(set) var header: [Int] = []
  private(set) var scans: [Scan] = []
  private(set) var spectra: [Spectrum] = []
  private(set) var tags: [String] = []
  /// Lines outside of scans that hold neither `#` nor blanks alone.
  private(set) var strayLines: [Int] = []
  private(set) var strayCount = 0
  /// Empty scans beyond the first thousand, and the line of the first of them.
  private(set) var furtherEmptyScans = 0
  private(set) var firstFurtherEmptyScan: Int?

  /// Spectra of more detectors than a file may have, and the line of the first of them.
  private(set) var lostSpectra = 0
  private(set) var firstLostSpectrum: Int?

  /// So many words behind `@` are told apart.
  static let mostDetectors = 64
  /// So many scans without a point are listed; further ones are counted.
  static let mostEmptyScans = 1000

  private let text: ByteView
  private var current: Scan?
  private var orders: [String: Int] = [:]
  private var emptyScans = 0
  private var isContinued = false
  private var isLost = false

  init(_ text: ByteView) {
    self.text = text
    for line in TextLines(text) {
      guard let first = firstByte(line.range) else {
        isContinued = false
        continue
      }
      if first == UInt8(ascii: "#") {
        // A spectrum that is cut off ends here, whatever its last byte says.
        isContinued = false
        control(line)
      } else if isContinued {
        extendSpectrum(line)
      } else if first == UInt8(ascii: "@"), current != nil {
        startSpectrum(line)
      } else {
        row(line)
      }
    }
    close()
  }

  /// The text of a range, decoded.
  func string(_ range: Range<Int>) -> String { TextLines.string(text[range]) }

  /// The first byte of a line that is no blank; nil for blank lines.
  private func firstByte(_ range: Range<Int>) -> UInt8? {
    text.withBytes { bytes in
      for i in range where bytes[i] != 0x20 && bytes[i] != 0x09 { return bytes[i] }
      return nil
    }
  }

  /// A range without the blanks at both ends.
  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    text.withBytes { bytes in
      var low = range.lowerBound
      var high = range.upperBound
      while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
      while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
      return low..<high
    }
  }

  /// Where the first blank of a range stands, or its end.
  private func firstBlank(_ range: Range<Int>) -> Int {
    text.withBytes { bytes in
      range.first { bytes[$0] == 0x20 || bytes[$0] == 0x09 } ?? range.upperBound
    }
  }

  private mutating func control(_ line: TextLine) {
    let content = trimmed(line.range)
    let keyEnd = firstBlank(content)
    let key = string((content.lowerBound + 1)..<keyEnd)
    let value = trimmed(keyEnd..<content.upperBound)
    if key == "S" {
      start(value, line.number)
    } else if key == "F" || key == "E" {
      close()
    } else if key == "L", let open = current, open.labels != nil, open.rows != nil {
      restart(open, line.number)
    }
    controls.append(Control(key: key, value: value, line: line.number))
    guard current != nil else {
      header.append(controls.count - 1)
      return
    }
    switch key {
    case "L": current?.labels = controls.count - 1
    case "N":
      let number = string(value).split { $0 == " " || $0 == "\t" }.first
      current?.columnCount = number.flatMap { Int($0) }
    case "C": if string(value).lowercased().contains("abort") { current?.isAborted = true }
    default: break
    }
  }

  private mutating func start(_ value: Range<Int>, _ line: Int) {
    close()
    let number = string(value.lowerBound..<firstBlank(value))
    let order = (orders[number] ?? 0) + 1
    orders[number] = order
    open(key: "\(number.isEmpty ? "0" : number).\(order)", line)
  }

  /// A second line of labels behind rows: what follows is a table of its own.
  private mutating func restart(_ scan: Scan, _ line: Int) {
    close()
    let part = (orders[scan.key + " part"] ?? 1) + 1
    orders[scan.key + " part"] = part
    let key = scan.key.split(separator: " ").first.map(String.init) ?? scan.key
    open(key: "\(key) part \(part)", line)
  }

  private mutating func open(key: String, _ line: Int) {
    current = Scan(
      key: key, line: line, controls: controls.count..<controls.count,
      spectra: spectra.count..<spectra.count)
  }

  private mutating func close() {
    isContinued = false
    guard var scan = current else { return }
    current = nil
    scan.controls = scan.controls.lowerBound..<controls.count
    scan.spectra = scan.spectra.lowerBound..<spectra.count
    if scan.rows == nil, scan.spectra.isEmpty {
      emptyScans += 1
      if emptyScans > Self.mostEmptyScans {
        furtherEmptyScans += 1
        if firstFurtherEmptyScan == nil { firstFurtherEmptyScan = scan.line }
        controls.removeSubrange(scan.controls)
        return
      }
    }
    scans.append(scan)
  }

  private mutating func row(_ line: TextLine) {
    guard let scan = current else {
      strayCount += 1
      if strayLines.count < 11 { strayLines.append(line.number) }
      return
    }
    if let rows = scan.rows {
      current?.rows = rows.lowerBound..<line.next
    } else {
      current?.rows = line.range.lowerBound..<line.next
      current?.firstRowLine = line.number
    }
  }

  private mutating func startSpectrum(_ line: TextLine) {
    let content = trimmed(line.range)
    // The word ends at a blank or at the first digit or sign: `@A1 2 3` is tagged A1, `@A 1` A.
    let wordEnd = firstBlank(content)
    let word = string((content.lowerBound + 1)..<wordEnd)
    isContinued = endsWithBackslash(content)
    var tag = tags.firstIndex(of: word)
    if tag == nil, tags.count < Self.mostDetectors {
      tag = tags.count
      tags.append(word)
    }
    guard let tag else {
      lostSpectra += 1
      if firstLostSpectrum == nil { firstLostSpectrum = line.number }
      isLost = true
      return
    }
    isLost = false
    spectra.append(Spectrum(tag: tag, bytes: wordEnd..<content.upperBound))
  }

  private mutating func extendSpectrum(_ line: TextLine) {
    let content = trimmed(line.range)
    if !isLost, let last = spectra.indices.last {
      spectra[last].bytes = spectra[last].bytes.lowerBound..<content.upperBound
    }
    isContinued = endsWithBackslash(content)
  }

  private func endsWithBackslash(_ range: Range<Int>) -> Bool {
    !range.isEmpty && text[range.upperBound - 1] == UInt8(ascii: "\\")
  }
}
