internal import Tables
internal import Units

/// The table `layers` of formats that give areal densities and atom fractions.
enum LayerTable {
  /// Layers from the surface down.
  static func table(
    _ name: String, _ thickness: [Double], _ fractions: [[(element: String, value: Double)]],
    _ origin: Origin, names: [String] = [], roughness: [Double] = [], more: [Column] = []
  ) -> Table {
    let unit = ColumnUnit.known(.atoms1e15PerSquareCentimetre)
    var columns = [
      Column(
        name: "layer", label: "layer", values: .integer(thickness.indices.map { Int64($0) + 1 }),
        unit: .known(.one))
    ]
    if !names.isEmpty {
      columns.append(
        Column(name: "name", label: "name", values: .text(names), unit: .absent, origin: origin))
    }
    columns.append(
      Column(
        name: "areal_density", label: "areal_density", values: .real(thickness), unit: unit,
        origin: origin))
    if roughness.contains(where: { $0 > 0 }) {
      columns.append(
        Column(
          name: "roughness_fwhm", label: "roughness_fwhm",
          values: .real(roughness.map { $0 > 0 ? $0 : .nan }), unit: unit, origin: origin))
    }
    columns += more
    var elements: [String] = []
    for layer in fractions {
      for part in layer where !elements.contains(part.element) { elements.append(part.element) }
    }
    for element in elements {
      let values = fractions.map { layer in
        layer.first { $0.element == element }?.value ?? 0
      }
      columns.append(
        Column(
          name: "fraction_\(element)", label: element, values: .real(values), unit: .known(.one),
          origin: origin))
    }
    return Table(name: name, columns: columns, indexColumns: ["layer"])
  }
}
