internal import Bytes
internal import Tables

/// The spectra of multichannel analysers that stand between the rows of a scan (`@A`, `@A1`, `@MCA`).
enum SPECSpectra {
  /// One grid for each detector of a scan, channels by points.
  ///
  /// Spectra of one detector that differ in length, or that hold anything but numbers, are told and
  /// counted; their grid is left out.
  static func grids(
    _ text: ByteView, _ outline: SPECOutline, _ scan: SPECOutline.Scan,
    into diagnostics: inout DiagnosticList
  ) -> (grids: [Grid], complete: Bool) {
    var grids: [Grid] = []
    var complete = true
    let spectra = outline.spectra[scan.spectra]
    for (tag, name) in outline.tags.enumerated() {
      let own = spectra.filter { $0.tag == tag }
      guard let first = own.first else { continue }
      var values: [Double] = []
      var channels: Int?
      var isWhole = true
      for spectrum in own {
        let start = values.count
        guard append(text[spectrum.bytes], to: &values) else {
          isWhole = false
          break
        }
        let count = values.count - start
        if let channels, channels != count {
          isWhole = false
          break
        }
        channels = count
      }
      guard isWhole, let channels, channels > 0 else {
        complete = false
        diagnostics.warn(
          "spec.mca", at: .line(scan.line),
          found: "spectra of `@\(name.prefix(20))` that are not all as long, or hold other than"
            + " numbers", expected: "expected as many numbers in each; left out",
          count: own.count)
        continue
      }
      let last = own.last?.bytes.upperBound ?? first.bytes.upperBound
      let column = Column(
        name: "counts", label: "@\(name)", values: .real(values), unit: .absent,
        origin: Origin(
          bytes: [first.bytes.lowerBound..<last], steps: ["decimal text between the rows"]))
      grids.append(
        Grid(
          name: "\(scan.key) @\(name)",
          axes: [
            GridAxis(name: "channel", count: channels, origin: 0, step: 1, unit: .absent),
            GridAxis(name: "point", count: own.count, origin: 0, step: 1, unit: .absent),
          ], channels: [column]))
    }
    return (grids, complete)
  }

  /// Appends the numbers of a spectrum; false where something else stands there.
  private static func append(_ bytes: ByteView, to values: inout [Double]) -> Bool {
    let scanner = NumberScanner()
    var start: Int?
    for i in 0...bytes.count {
      let byte = bytes[i] ?? 0x20
      // Blanks, line ends, and the backslash that joins lines.
      if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0x5C {
        if let from = start {
          guard let value = scanner.parse(bytes[from..<i]) else { return false }
          values.append(value)
          start = nil
        }
      } else if start == nil {
        start = i
      }
    }
    return true
  }
}
