internal import Tables
internal import Units
internal import XRayAbsorption

/// `edge-vs-element`: the absorption rises where the element that the file names has its edge.
enum EdgeAgainstElement: LintRule {
  static let code = "edge-vs-element"
  static let formula =
    "energy of the largest rise (mean over 5 eV above less 5 eV below) less the tabulated edge"
  static let threshold = "more than 20 eV, 1000 times off, or a fall twice any rise"
  static let source = "W. T. Elam et al., Radiat. Phys. Chem. 63 (2002) 121"
  static let needs = "photon energy, an absorption, and an element with its edge in the metadata"

  private static let limit = 20.0

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard let edges = edges(subject, table), let signal = AbsorptionSignal(table, subject),
        let low = signal.energy.first, let high = signal.energy.last
      else { return nil }
      let place = LintSubject.place(signal.energyColumn, row: 0)
      let nearest = edges.min { distance($0, low, high) < distance($1, low, high) }
      guard let edge = nearest else { return nil }
      let name = "\(edge.symbol) \(edge.edge) at \(LintNumbers.short(edge.energy)) eV"
      for factor in [1e3, 1e-3, 1.602176634e-19]
      where low * factor <= edge.energy && edge.energy <= high * factor {
        let cause = factor == 1e3 ? "keV under eV" : factor == 1e-3 ? "eV under keV" : "J under eV"
        return LintCheck(
          false, low / edge.energy, limit: limit, table, at: place,
          "the scan goes from \(LintNumbers.short(low)) to \(LintNumbers.short(high)) eV, the file "
            + "names \(name); \(cause)")
      }
      guard low <= edge.energy, edge.energy <= high else {
        return LintCheck(
          false, distance(edge, low, high), limit: limit, table, at: place,
          "the scan from \(LintNumbers.short(low)) to \(LintNumbers.short(high)) eV does not hold "
            + "the edge that the file names, \(name); another element, or another unit")
      }
      let rises = signal.rise(width: 5)
      guard let best = rises.max(by: { $0.rise < $1.rise }),
        let fall = rises.min(by: { $0.rise < $1.rise })
      else { return nil }
      if -fall.rise > 2 * best.rise, (fall.energy - edge.energy).magnitude <= limit {
        return LintCheck(
          false, fall.energy - edge.energy, limit: limit, table, at: place,
          "the absorption falls at \(name); its sign is reversed, or I0 and the other signal are swapped"
        )
      }
      guard best.rise > 0 else { return nil }
      let shift = best.energy - edge.energy
      // Of a scan over several edges the one that is named need not be the highest.
      let here =
        rises.filter { ($0.energy - edge.energy).magnitude <= limit }.map(\.rise).max() ?? 0
      let holds = shift.magnitude <= limit || here >= 0.3 * best.rise
      return LintCheck(
        holds, shift, limit: limit, table, at: place,
        "the absorption rises most at \(LintNumbers.short(best.energy)) eV, \(LintNumbers.short(shift)) eV "
          + "from \(name)"
          + (holds ? "" : "; another element or edge, or a monochromator that was not calibrated"))
    }
  }

  private static func distance(_ edge: AbsorptionEdge, _ low: Double, _ high: Double) -> Double {
    max(low - edge.energy, edge.energy - high, 0)
  }

  private static let elementKeys: Set = [
    "elementsymbol", "element", "absorbingelement", "absorber", "edgeelement", "bkgz",
  ]
  private static let edgeKeys: Set = ["elementedge", "edge", "absorptionedge", "bkgfixededge"]

  /// The edge that the metadata name, or all edges of the element where they name no edge.
  private static func edges(_ subject: LintSubject, _ table: Table) -> [AbsorptionEdge]? {
    guard let entry = subject.metadata(elementKeys, of: table), case .text(let text) = entry.value
    else { return nil }
    let symbol = text.filter { $0.isLetter }
    guard ChemicalElement.isSymbol(symbol) else { return nil }
    let all = ["K", "L3", "L2", "L1", "M5", "M4"].compactMap { AbsorptionEdge.find(symbol, $0) }
    guard !all.isEmpty else { return nil }
    guard let edge = subject.metadata(edgeKeys, of: table), case .text(let name) = edge.value else {
      return all
    }
    let own = all.filter { $0.edge == name.uppercased() }
    return own.isEmpty ? all : own
  }
}
