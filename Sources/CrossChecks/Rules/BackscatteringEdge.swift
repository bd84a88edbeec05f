internal import IonBeamAnalysis
internal import RealModule
internal import Tables
internal import Units

/// `rbs-edge`: no ion comes back with more energy than the heaviest named element gives it.
enum BackscatteringEdge: LintRule {
  static let code = "rbs-edge"
  static let formula =
    "E of the highest populated channel − K·E0 of the heaviest element, over the FWHM"
  static let threshold = "more than 3 detector FWHM beyond"
  static let source =
    "kinematic factor K (W.-K. Chu, J. W. Mayer, M.-A. Nicolet, Backscattering Spectrometry, 1978, eq. 2.5)"
  static let needs = "a measured spectrum with energies, beam, angle and elements"

  /// The resolution of a silicon detector where the file names none.
  private static let usualWidth = 15.0
  private static let limit = 3.0

  static func check(_ subject: LintSubject) -> [LintCheck] {
    let spectra = subject.tables.filter { $0["counts"] != nil }
    guard !spectra.isEmpty,
      let heaviest = elements(subject.dataset).compactMap({ TargetNuclei($0) })
        .max(by: { $0.mass < $1.mass })
    else { return [] }
    return spectra.compactMap { table in
      guard let counts = table["counts"]?.real,
        let energy = subject.values("energy", in: table, .kiloelectronvolt),
        let beam = beam(subject, table),
        let last = highestPopulated(counts), last < energy.count,
        let target = heaviest.isotopes.map(\.mass).max(),
        let factor = Kinematics.factor(ion: beam.mass, target: target, angle: beam.angle)
      else { return nil }
      let edge = factor * beam.energy
      let beyond = (energy[last] - edge) / beam.width
      let holds = beyond <= limit
      return LintCheck(
        holds, beyond, limit: limit, table, at: LintSubject.place(table["counts"], row: last),
        "counts reach \(LintNumbers.short(energy[last])) keV, the edge of \(heaviest.name) lies at "
          + "\(LintNumbers.short(edge)) keV"
          + (holds
            ? ""
            : "; a heavier element is missing, or calibration, beam energy or angle are not of this spectrum")
      )
    }
  }

  /// The last channel around which five hold more than 3 counts each and 1 % of the greatest.
  private static func highestPopulated(_ counts: [Double]) -> Int? {
    guard let largest = LintNumbers.extremes(counts)?.high, largest >= 20, counts.count > 20 else {
      return nil
    }
    let floor = max(3, largest / 100)
    var sum = counts.suffix(5).reduce(0, +)
    for row in stride(from: counts.count - 3, through: 2, by: -1) {
      if sum / 5 > floor { return row }
      guard row >= 3 else { break }
      sum += counts[row - 3] - counts[row + 2]
    }
    return nil
  }

  private struct Beam {
    var mass: Double
    var energy: Double
    var angle: Double
    var width: Double
  }

  private static func beam(_ subject: LintSubject, _ table: Table) -> Beam? {
    func number(_ words: Set<String>, _ unit: PhysicalUnit, _ fallback: PhysicalUnit) -> Double? {
      subject.metadata(words, of: table).flatMap {
        LintSubject.quantity($0.value, unit, fallback: fallback)
      }
    }
    let record = subject.dataset.spectrumRecords.first { $0.table == table.name }
    let words: Set = ["beamparticle", "beamion", "ion", "projectile"]
    var name = record?.ion
    if name == nil, case .text(let text)? = subject.metadata(words, of: table)?.value {
      name = text
    }
    guard let ion = name.flatMap({ Ion($0) }),
      let energy = record?.energy ?? number(["beamenergy"], .kiloelectronvolt, .kiloelectronvolt),
      let degrees = record?.scattering ?? number(["scatteringangle"], .degree, .degree)
    else { return nil }
    let width =
      record?.fwhm
      ?? number(["detectorresolution", "resolution"], .kiloelectronvolt, .kiloelectronvolt)
      ?? usualWidth
    return Beam(
      mass: ion.mass, energy: energy, angle: degrees * .pi / 180, width: max(width, 1))
  }

  /// The elements of the sample: columns `fraction_X` and metadata of a list of elements.
  private static func elements(_ dataset: Dataset) -> Set<String> {
    var found: Set<String> = []
    for column in dataset.tables.flatMap(\.columns) where column.name.hasPrefix("fraction_") {
      let symbol = String(column.name.dropFirst("fraction_".count))
      if ChemicalElement.isSymbol(symbol) { found.insert(symbol) }
    }
    for entry in dataset.metadata.entries {
      guard LintSubject.bare(entry.key) == "name", entry.key.contains("element"),
        case .text(let text) = entry.value, ChemicalElement.isSymbol(text)
      else { continue }
      found.insert(text)
    }
    return found
  }
}
