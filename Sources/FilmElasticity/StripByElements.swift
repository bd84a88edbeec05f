internal import RealModule

extension LayeredFilm {
  /// The response S(k) in Pa/m by finite elements over half a wave of the strip.
  ///
  /// The base is displaced as a cosine; the strain energy is ¼·S·ẑ²·length.
  ///
  /// - Parameters:
  ///   - k: the wavenumber in 1/m.
  ///   - columns: elements over half a wave.
  ///   - rowsPerLayer: elements over the thickness of each layer.
  /// - Returns: nil where the numbers of rows do not fit or the film cannot be solved for.
  public func finiteElementResponse(
    wavenumber k: Double, columns: Int, rowsPerLayer: [Int], element: PlaneElement = .q2
  ) -> Double? {
    guard k > 0 else { return 0 }
    guard rowsPerLayer.count == layers.count, rowsPerLayer.allSatisfy({ $0 > 0 }), columns > 0
    else { return nil }
    let length = Double.pi / k
    var heights: [Double] = []
    var materials: [ElasticMaterial] = []
    for (layer, rows) in zip(layers, rowsPerLayer) {
      for _ in 0..<rows {
        heights.append(layer.thickness / Double(rows))
        materials.append(layer.material)
      }
    }
    let mesh = StripMesh(
      columnWidths: [Double](repeating: length / Double(columns), count: columns),
      rowHeights: heights, element: element)
    var problem = PlaneStrainProblem(mesh: mesh) { _, row in materials[row] }
    for j in 0..<mesh.nodesAcross {
      problem.fix(0, j, .x)
      problem.fix(mesh.nodesAlong - 1, j, .x)
    }
    for i in 0..<mesh.nodesAlong {
      problem.fix(i, 0, .y, at: Double.cos(k * mesh.x[mesh.node(i, 0)]))
      if base == .bonded { problem.fix(i, 0, .x) }
    }
    guard let u = problem.solve() else { return nil }
    return 4 * problem.strainEnergy(u) / length
  }
}

extension FilmStrip {
  /// The response S(k) in Pa/m by finite elements, as of a film of one layer.
  public func finiteElementResponse(
    wavenumber k: Double, columns: Int, rows: Int, element: PlaneElement = .q2
  ) -> Double? {
    let material = ElasticMaterial(youngModulus: youngModulus, poissonRatio: poissonRatio)
    let layer = FilmLayer(thickness: thickness, material: material)
    return LayeredFilm(layers: [layer], base: base).finiteElementResponse(
      wavenumber: k, columns: columns, rowsPerLayer: [rows], element: element)
  }
}
