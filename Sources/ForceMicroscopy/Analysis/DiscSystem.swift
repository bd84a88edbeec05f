internal import RealModule

/// θ (in `x`) and ψ (in `y`) of a node, or the two equations of a node.
typealias DiscPair = SIMD2<Double>

/// A 2 × 2 block by its columns: the derivatives of a node's two equations by θ and by ψ of a node.
struct DiscBlock: Sendable {
  var byTheta: DiscPair
  var byPsi: DiscPair

  static let zero = DiscBlock(byTheta: .zero, byPsi: .zero)

  @inline(__always)
  static func * (m: DiscBlock, v: DiscPair) -> DiscPair { m.byTheta * v.x + m.byPsi * v.y }

  @inline(__always)
  static func * (m: DiscBlock, b: DiscBlock) -> DiscBlock {
    DiscBlock(byTheta: m * b.byTheta, byPsi: m * b.byPsi)
  }

  @inline(__always)
  static func - (a: DiscBlock, b: DiscBlock) -> DiscBlock {
    DiscBlock(byTheta: a.byTheta - b.byTheta, byPsi: a.byPsi - b.byPsi)
  }

  /// The inverse; not finite where the block is singular.
  @inline(__always)
  var inverse: DiscBlock {
    let d = 1 / (byTheta.x * byPsi.y - byPsi.x * byTheta.y)
    return DiscBlock(
      byTheta: DiscPair(byPsi.y, -byTheta.y) * d, byPsi: DiscPair(-byPsi.x, byTheta.x) * d)
  }
}

/// The equations of one node: their residual, its derivative by the length of the mesh, and the
/// derivatives by the unknowns of the node before, of this node and of the node after.
struct DiscRow: Sendable {
  var residual = DiscPair.zero
  var byLength = DiscPair.zero
  var before = DiscBlock.zero, here = DiscBlock.zero, after = DiscBlock.zero
}

/// The factors of a block-tridiagonal system, node by node (block LU without exchange of rows).
struct DiscFactors: Sendable {
  private struct Node {
    var before: DiscBlock
    var inverse: DiscBlock
    var next: DiscBlock
  }
  private var nodes: [Node] = []

  /// The factors of the rows.
  init(_ rows: [DiscRow]) {
    nodes.reserveCapacity(rows.count)
    var next = DiscBlock.zero
    for row in rows {
      let inverse = (row.here - row.before * next).inverse
      next = inverse * row.after
      nodes.append(Node(before: row.before, inverse: inverse, next: next))
    }
  }

  /// The solution for a right-hand side.
  func solve(_ right: [DiscPair]) -> [DiscPair] {
    var x = right
    guard x.count == nodes.count, let last = x.indices.last else { return [] }
    var y = DiscPair.zero
    for (i, node) in nodes.enumerated() {
      y = node.inverse * (x[i] - node.before * y)
      x[i] = y
    }
    for i in stride(from: last - 1, through: 0, by: -1) {
      y = x[i] - nodes[i].next * y
      x[i] = y
    }
    return x
  }
}

extension ClampedDisc {
  /// The radii of the nodes for a mesh of a length in ln r.
  func radii(_ mesh: DiscMesh, length: Double) -> [Double] {
    mesh.nodes.map { Double.exp(length * ($0.fraction - 1)) }
  }

  /// f = D θ_xx or g = ψ_xx of a node with their derivatives: the right-hand sides of the two
  /// equations.
  @inline(__always)
  private func curvature(_ u: DiscPair, _ r: Double, load: Double) -> DiscPair {
    DiscPair(bending * u.x + r * (u.y * u.x - load), u.y - r * u.x * u.x / 2)
  }

  @inline(__always)
  private func curvatureBlock(_ u: DiscPair, _ r: Double) -> DiscBlock {
    DiscBlock(
      byTheta: DiscPair(bending + r * u.y, -r * u.x), byPsi: DiscPair(r * u.x, 1))
  }

  /// Residual and Jacobian of all nodes.
  ///
  /// Fourth-order compact differences: (y₊ − y)/k − (y − y₋)/h = ∫ hat · y″ with y″ through the three
  /// points of each node, and at the ends with the known slopes. A membrane has θψ = F/2π in place of
  /// the first equation.
  func rows(_ state: DiscState, length: Double, force: Double) -> [DiscRow] {
    let nodes = state.mesh.nodes
    let n = nodes.count - 1
    let u = state.unknowns
    let load = force / (2 * Double.pi)
    let plate = bending > 0
    var rows: [DiscRow] = []
    guard n >= 2, u.count == nodes.count else { return rows }
    rows.reserveCapacity(nodes.count)
    let stiffness = DiscPair(plate ? bending : 0, 1)
    let isPlate = DiscPair(plate ? 1 : 0, 1)

    // Of the node before, this one and the next: radius, curvature, its block, its change by length.
    func properties(_ i: Int) -> (
      curvature: DiscPair, block: DiscBlock, byLength: DiscPair
    ) {
      let r = Double.exp(length * (nodes[i].fraction - 1))
      let v = u[i]
      let change = (nodes[i].fraction - 1) * r
      return (
        curvature(v, r, load: load), curvatureBlock(v, r),
        DiscPair((v.y * v.x - load) * change, -v.x * v.x / 2 * change)
      )
    }
    var last = properties(0)
    var here = properties(1)
    let step = 1e-5
    var inner = innerRow(state, length: length, force: force)
    inner.byLength =
      (innerRow(state, length: length + step, force: force).residual
        - innerRow(state, length: length - step, force: force).residual) / (2 * step)
    rows.append(inner)
    for i in 1..<n {
      let next = properties(i + 1)
      let node = nodes[i]
      let (h, k) = (1 / node.before, 1 / node.after)
      let difference = ((u[i + 1] - u[i]) * k - (u[i] - u[i - 1]) * h) * stiffness
      let (wm, w0, wp) = (node.weightBefore, node.weightHere, node.weightAfter)
      let sum = last.curvature * wm + here.curvature * w0 + next.curvature * wp
      let sumByLength = last.byLength * wm + here.byLength * w0 + next.byLength * wp
      var row = DiscRow()
      row.residual = (difference / length - sum * length) * isPlate
      row.byLength = (-difference / (length * length) - sum - sumByLength * length) * isPlate
      let s = stiffness / length
      func block(_ weight: Double, _ curvature: DiscBlock, _ diagonal: Double) -> DiscBlock {
        let w = isPlate * (-weight * length)
        return DiscBlock(
          byTheta: curvature.byTheta * w + DiscPair(s.x * diagonal, 0),
          byPsi: curvature.byPsi * w + DiscPair(0, s.y * diagonal))
      }
      row.before = block(wm, last.block, h)
      row.here = block(w0, here.block, -h - k)
      row.after = block(wp, next.block, k)
      if !plate {
        row.residual.x = u[i].y * u[i].x - load
        row.here.byTheta.x = u[i].y
        row.here.byPsi.x = u[i].x
      }
      rows.append(row)
      last = here
      here = next
    }
    var edge = edgeRow(state, length: length, force: force)
    edge.byLength =
      (edgeRow(state, length: length + step, force: force).residual
        - edgeRow(state, length: length - step, force: force).residual) / (2 * step)
    rows.append(edge)
    return rows
  }

  /// The equations at the contact radius, or at the inner end of a point load.
  func innerRow(_ state: DiscState, length: Double, force: Double) -> DiscRow {
    let d = bending
    let plate = d > 0
    let load = force / (2 * Double.pi)
    let node = state.mesh.nodes[0]
    let (u, v) = (state.unknowns[0], state.unknowns[1])
    let (theta, psi) = (u.x, u.y)
    let c = Double.exp(-length)
    let k = length * node.after
    let r1 = Double.exp(length * (state.mesh.nodes[1].fraction - 1))
    // The slopes of θ and ψ there, and their derivatives by θ₀ and ψ₀.
    var psiX = psi - c * c * c / (8 * tipRadius * tipRadius)
    var psiXTheta = 0.0
    var thetaX = c / tipRadius
    var thetaXTheta = 0.0
    var thetaXPsi = 0.0
    if state.pointLoad {
      psiX = psi - c * theta * theta / 8
      psiXTheta = -c * theta / 4
      thetaX = theta - force * c / (4 * Double.pi * d)
      thetaXTheta = 1
    } else if !plate {
      thetaX = -theta * psiX / psi
      thetaXTheta = -psiX / psi
      thetaXPsi = -theta / psi + theta * psiX / (psi * psi)
    }
    let near = curvature(u, c, load: load)
    let far = curvature(v, r1, load: load)
    let nearBlock = curvatureBlock(u, c)
    let farBlock = curvatureBlock(v, r1)
    let slope = DiscPair(
      d * thetaX + c * (psi * theta - load) + c * (psiX * theta + psi * thetaX),
      psiX - c * (theta * theta / 2 + theta * thetaX))
    var row = DiscRow()
    row.residual =
      DiscPair(d, 1) * ((v - u) / k - DiscPair(thetaX, psiX)) - (near * 5 + far) * (k / 12)
      - slope * (k * k / 12)
    let w = -5 * k / 12
    let z = k * k / 12
    row.here = DiscBlock(
      byTheta: DiscPair(
        -d / k - d * thetaXTheta + w * nearBlock.byTheta.x
          - z * (d * thetaXTheta + c * psi + c * (psiX + psiXTheta * theta + psi * thetaXTheta)),
        -psiXTheta + w * nearBlock.byTheta.y
          - z * (psiXTheta - c * (theta + thetaX + theta * thetaXTheta))),
      byPsi: DiscPair(
        w * nearBlock.byPsi.x - z * (c * theta + c * (theta + thetaX)),
        -1 / k - 1 + w * nearBlock.byPsi.y - z * (1 - c * theta * thetaXPsi)))
    row.after = DiscBlock(
      byTheta: DiscPair(d / k - k / 12 * farBlock.byTheta.x, -k / 12 * farBlock.byTheta.y),
      byPsi: DiscPair(-k / 12 * farBlock.byPsi.x, 1 / k - k / 12 * farBlock.byPsi.y))
    if !plate {
      row.residual.x = psi * theta - load
      row.here.byTheta.x = psi
      row.here.byPsi.x = theta
      row.after.byTheta.x = 0
      row.after.byPsi.x = 0
    }
    return row
  }

  /// The equations of the clamped edge.
  func edgeRow(_ state: DiscState, length: Double, force: Double) -> DiscRow {
    let plate = bending > 0
    let load = force / (2 * Double.pi)
    let n = state.mesh.nodes.count - 1
    let (u, v) = (state.unknowns[n], state.unknowns[n - 1])
    let h = length * state.mesh.nodes[n].before
    let r = Double.exp(length * (state.mesh.nodes[n - 1].fraction - 1))
    let edgeX = poisson * u.y + (1 - poisson) * tension
    var slope = edgeX
    var slopeByTheta = 0.0
    var slopeByPsi = poisson
    if !plate {
      slope += -u.x * u.x / 2 + u.x * u.x * edgeX / u.y
      slopeByTheta = -u.x + 2 * u.x * edgeX / u.y
      slopeByPsi += u.x * u.x * (poisson / u.y - edgeX / (u.y * u.y))
    }
    let z = h * h / 12
    var row = DiscRow()
    row.residual = DiscPair(
      plate ? u.x : u.x * u.y - load,
      (v.y - u.y) / h + edgeX
        - h / 12 * (5 * curvature(u, 1, load: load).y + curvature(v, r, load: load).y) + z * slope)
    row.here = DiscBlock(
      byTheta: DiscPair(plate ? 1 : u.y, 5 * h / 12 * u.x + z * slopeByTheta),
      byPsi: DiscPair(plate ? 0 : u.x, -1 / h + poisson - 5 * h / 12 + z * slopeByPsi))
    row.before = DiscBlock(
      byTheta: DiscPair(0, h / 12 * r * v.x), byPsi: DiscPair(0, 1 / h - h / 12))
    return row
  }

  /// The derivatives of all equations by F, by s and by D.
  func parameterColumns(
    _ state: DiscState, length: Double
  ) -> (byForce: [DiscPair], byTension: [DiscPair], byBending: [DiscPair]) {
    let nodes = state.mesh.nodes
    let n = nodes.count - 1
    let u = state.unknowns
    let plate = bending > 0
    let r = radii(state.mesh, length: length)
    var byForce = [DiscPair](repeating: .zero, count: n + 1)
    var byTension = byForce
    var byBending = byForce
    for i in 1..<n {
      let node = nodes[i]
      let (wm, w0, wp) = (node.weightBefore, node.weightHere, node.weightAfter)
      if plate {
        byForce[i].x =
          length * (wm * r[i - 1] + w0 * r[i] + wp * r[i + 1]) / (2 * Double.pi)
        let difference = (u[i + 1].x - u[i].x) / node.after - (u[i].x - u[i - 1].x) / node.before
        byBending[i].x =
          difference / length - length * (wm * u[i - 1].x + w0 * u[i].x + wp * u[i + 1].x)
      } else {
        byForce[i].x = -1 / (2 * Double.pi)
      }
    }
    let inner = innerRow(state, length: length, force: state.force).residual
    let edge = edgeRow(state, length: length, force: state.force).residual
    let forceStep = state.force * 1e-3
    byForce[0] =
      (innerRow(state, length: length, force: state.force + forceStep).residual - inner) / forceStep
    byForce[n] =
      (edgeRow(state, length: length, force: state.force + forceStep).residual - edge) / forceStep
    var other = self
    let tensionStep = max(abs(tension), 1e-6) * 1e-3
    other.tension += tensionStep
    byTension[n] =
      (other.edgeRow(state, length: length, force: state.force).residual - edge) / tensionStep
    if plate {
      other = self
      other.bending += bending * 1e-3
      byBending[0] =
        (other.innerRow(state, length: length, force: state.force).residual - inner)
        / (bending * 1e-3)
    }
    return (byForce, byTension, byBending)
  }
}
