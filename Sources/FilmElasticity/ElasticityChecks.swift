internal import RealModule

/// Problems with a known answer, for `verify` and the tests.
public enum ElasticityChecks {
  /// The largest deviation of a strain from the constant one that a patch of distorted elements must
  /// carry, over the strain's largest component.
  ///
  /// The displacements of the boundary nodes are prescribed; those inside are solved for (the patch
  /// test of B. Irons).
  public static func patchTestError(_ element: PlaneElement) -> Double? {
    var mesh = StripMesh(length: 3, thickness: 2, columns: 3, rows: 3, element: element)
    mesh.moveNodes { x, y in
      // Zero on the boundary; inside the elements are skewed by up to a tenth of their size.
      let bubble = x * (3 - x) * y * (2 - y)
      return (x + 0.05 * bubble * (1 + y), y + 0.04 * bubble * (x - 1))
    }
    let strain = PlaneStrain(xx: 1.2e-3, yy: -0.7e-3, shear: 0.9e-3)
    func displacement(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (strain.xx * x + 0.6 * strain.shear * y, strain.yy * y + 0.4 * strain.shear * x)
    }
    var problem = PlaneStrainProblem(
      mesh: mesh, material: ElasticMaterial(youngModulus: 25e9, poissonRatio: 0.24))
    for i in 0..<mesh.nodesAlong {
      for j in 0..<mesh.nodesAcross
      where i == 0 || j == 0 || i == mesh.nodesAlong - 1 || j == mesh.nodesAcross - 1 {
        let n = mesh.node(i, j)
        let value = displacement(mesh.x[n], mesh.y[n])
        problem.fix(i, j, .x, at: value.x)
        problem.fix(i, j, .y, at: value.y)
      }
    }
    guard let u = problem.solve() else { return nil }
    var worst = 0.0
    for point in problem.strains(u) {
      worst = max(
        worst, (point.strain.xx - strain.xx).magnitude, (point.strain.yy - strain.yy).magnitude,
        (point.strain.shear - strain.shear).magnitude)
    }
    return worst / strain.xx
  }

  /// The errors of a manufactured solution.
  public struct ManufacturedErrors: Hashable, Sendable {
    /// The L2 norm of the error of the displacement, over that of the displacement.
    public var displacement: Double
    /// The error of the strain energy, over the strain energy.
    public var energy: Double
  }

  /// The errors of u = sin πx sin πy, v = ½ sin 2πx sin πy on the unit square (E = 1, ν = 0.3).
  ///
  /// The body force that belongs to it is f = −(λ + μ)∇(∇·u) − μ∇²u; the boundary is held.
  public static func manufacturedErrors(
    _ element: PlaneElement, cells: Int
  ) -> ManufacturedErrors? {
    let material = ElasticMaterial(youngModulus: 1, poissonRatio: 0.3)
    let mesh = StripMesh(
      length: 1, thickness: 1, columns: cells, rows: cells, element: element)
    var problem = PlaneStrainProblem(mesh: mesh, material: material)
    let (lame, shear) = (material.lameModulus, material.shearModulus)
    let pi = Double.pi
    let b = 0.5
    problem.addBodyForce { x, y in
      let (sx, cx) = (Double.sin(pi * x), Double.cos(pi * x))
      let (sy, cy) = (Double.sin(pi * y), Double.cos(pi * y))
      let (s2, c2) = (Double.sin(2 * pi * x), Double.cos(2 * pi * x))
      let gradientX = pi * pi * (sx * sy - 2 * b * c2 * cy)
      let gradientY = pi * pi * (b * s2 * sy - cx * cy)
      return (
        (lame + shear) * gradientX + shear * 2 * pi * pi * sx * sy,
        (lame + shear) * gradientY + shear * 5 * pi * pi * b * s2 * sy
      )
    }
    for i in 0..<mesh.nodesAlong {
      for j in 0..<mesh.nodesAcross
      where i == 0 || j == 0 || i == mesh.nodesAlong - 1 || j == mesh.nodesAcross - 1 {
        problem.fix(i, j, .x)
        problem.fix(i, j, .y)
      }
    }
    guard let u = problem.solve() else { return nil }
    let displacement = problem.relativeError(u) { x, y in
      (
        Double.sin(pi * x) * Double.sin(pi * y), b * Double.sin(2 * pi * x) * Double.sin(pi * y)
      )
    }
    let exact =
      pi * pi / 8 * ((lame + 2 * shear) * (1 + b * b) + shear * (1 + 4 * b * b))
    return ManufacturedErrors(
      displacement: displacement,
      energy: ((problem.strainEnergy(u) - exact) / exact).magnitude)
  }
}
