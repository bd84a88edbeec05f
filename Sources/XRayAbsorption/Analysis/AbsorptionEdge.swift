internal import Tables

/// A tabulated absorption edge.
public struct AbsorptionEdge: Hashable, Sendable {
  /// The element's symbol.
  public var symbol: String
  /// The edge: `K`, `L1`, `L2`, `L3`, `M4` or `M5`.
  public var edge: String
  /// Its energy in eV.
  public var energy: Double
  /// Where the number stands.
  public var source: String

  private static let elamSource =
    "W. T. Elam et al., Radiat. Phys. Chem. 63 (2002) 121"
  private static let bookletSource = "X-ray Data Booklet, LBNL 2009, table 1-1"
  private static let names = ["K", "L1", "L2", "L3", "M4", "M5"]

  /// All edges, by rising atomic number.
  static let all: [AbsorptionEdge] = {
    var list: [AbsorptionEdge] = []
    for line in EdgeEnergies.elam.split(separator: "\n") {
      let cells = line.split(separator: " ")
      guard let symbol = cells.first else { continue }
      for (name, cell) in zip(names, cells.dropFirst()) {
        guard let energy = Double(cell) else { continue }
        // The compilation cuts the decimal of aluminium, whose value is in everyday use.
        if symbol == "Al", name == "K" {
          list.append(
            AbsorptionEdge(symbol: "Al", edge: "K", energy: 1559.6, source: bookletSource))
        } else {
          list.append(
            AbsorptionEdge(
              symbol: String(symbol), edge: name, energy: energy, source: elamSource))
        }
      }
    }
    return list
  }()

  /// An edge of an element; nil where the table has none.
  public static func find(_ symbol: String, _ edge: String) -> AbsorptionEdge? {
    all.first { $0.symbol == symbol && $0.edge == edge }
  }

  /// The edge nearest to an energy in eV, within 25 eV: a K or L3 edge before L2 and L1.
  public static func nearest(to energy: Double, within reach: Double = 25) -> AbsorptionEdge? {
    for names in [["K", "L3"], ["L2", "L1"]] {
      let near = all.filter {
        names.contains($0.edge) && ($0.energy - energy).magnitude <= reach
      }
      if let best = near.min(by: {
        ($0.energy - energy).magnitude < ($1.energy - energy).magnitude
      }) {
        return best
      }
    }
    return nil
  }

  /// The K-edges that a fit above an absorber's edge keeps away from.
  ///
  /// - Parameters:
  ///   - symbol: the absorber; up to chlorine the K-edge of the next element counts.
  ///   - sample: elements known to be in the sample: their K and L edges count.
  static func limits(
    above symbol: String?, sample: [String]
  ) -> [InterphaseConvention.NextEdge] {
    var limits: [InterphaseConvention.NextEdge] = []
    if let symbol, let z = ChemicalElement.symbols.firstIndex(of: symbol), z < 17,
      ChemicalElement.symbols.indices.contains(z + 1),
      let next = find(ChemicalElement.symbols[z + 1], "K")
    {
      limits.append(.init(symbol: next.symbol, energy: next.energy))
    }
    for element in sample {
      for edge in ["K", "L3", "L2", "L1"] {
        if let found = find(element, edge), element != symbol {
          limits.append(.init(symbol: element, energy: found.energy))
        }
      }
    }
    return limits
  }
}
