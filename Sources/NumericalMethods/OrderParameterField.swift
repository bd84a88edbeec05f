internal import CKernels

/// What lies beyond the edges of a field.
public enum FieldEdge: Hashable, Sendable {
  /// The other end.
  case periodic
  /// The edge cell again: no flux through the edge.
  case noFlux
  /// The neighbour of the edge cell: a mirror on the edge cell's centre.
  case mirror

  var code: Int32 {
    switch self {
    case .periodic: Int32(CK_PERIODIC)
    case .noFlux: Int32(CK_NO_FLUX)
    case .mirror: Int32(CK_MIRROR)
    }
  }
}

/// The numbers of an explicit Allen–Cahn step.
///
/// With q = ξ(1 − ξ) a cell becomes
/// ξ + diffusion·(sum of the four neighbours − 4ξ) + q·(constant + linear·ξ + square·q).
public struct AllenCahnCoefficients: Hashable, Sendable {
  /// Δt·D/Δx²; a stable step has less than ¼.
  public var diffusion: Double
  /// The factors of q, q·ξ and q².
  public var constant: Double, linear: Double, square: Double

  /// Coefficients from their parts.
  public init(diffusion: Double, constant: Double, linear: Double, square: Double = 0) {
    self.diffusion = diffusion
    self.constant = constant
    self.linear = linear
    self.square = square
  }

  /// A step of ∂ξ/∂t = D∇²ξ − wq(1 − 2ξ) + s·q², on cells of a spacing.
  public init(
    diffusivity: Double, well: Double, square: Double = 0, timeStep: Double, spacing: Double
  ) {
    self.init(
      diffusion: timeStep * diffusivity / (spacing * spacing), constant: -timeStep * well,
      linear: 2 * timeStep * well, square: timeStep * square)
  }
}

/// The coefficients of a step where each column has its own; without a term in q².
public struct AllenCahnColumns: Hashable, Sendable {
  /// As ``AllenCahnCoefficients``, one number a column.
  public var diffusion: [Double], constant: [Double], linear: [Double]

  /// Coefficients of 0 for some columns.
  public init(count: Int) {
    diffusion = [Double](repeating: 0, count: max(0, count))
    constant = diffusion
    linear = diffusion
  }
}

/// An order parameter on a grid of rows and columns, moved by explicit 5-point Allen–Cahn steps.
///
/// Steps work in place, cell by cell in a fixed order: the same bits on every machine. Memory is that
/// of the cells and three rows.
public struct OrderParameterField: Sendable {
  /// The number of columns.
  public let columns: Int
  /// The number of rows.
  public let rows: Int
  private var layout: ck_field
  private var storage: [Double]

  /// A field of zeros; sizes below 1 count as 1.
  public init(columns: Int, rows: Int, columnEdge: FieldEdge, rowEdge: FieldEdge) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    var pitch = (self.columns + 23) / 8 * 8
    // Rows a multiple of 4 kB apart fall on the same lines of the cache.
    if pitch % 64 == 0 { pitch += 8 }
    layout = ck_field(
      columns: self.columns, rows: self.rows, pitch: pitch, high: 0,
      column_edge: columnEdge.code, row_edge: rowEdge.code)
    storage = [Double](repeating: 0, count: pitch * (self.rows + 3))
  }

  /// The bytes that a field of a size takes; nil beyond the range of an integer.
  public static func bytes(columns: Int, rows: Int) -> Int? {
    let (cells, overflow) = (columns.magnitude + 32).multipliedReportingOverflow(
      by: rows.magnitude + 3)
    let (bytes, more) = cells.multipliedReportingOverflow(by: 8)
    return overflow || more ? nil : Int(exactly: bytes)
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    (row + (layout.high == 0 ? 1 : 2)) * layout.pitch + 8 + column
  }

  /// One cell; a row or column outside the field counts as the nearest one inside.
  public subscript(row: Int, column: Int) -> Double {
    get { storage[place(min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))] }
    set { storage[place(min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))] = newValue }
  }

  /// All cells, row by row.
  public var values: [Double] {
    var result: [Double] = []
    result.reserveCapacity(rows * columns)
    for row in 0..<rows {
      let start = place(row, 0)
      result.append(contentsOf: storage[start..<(start + columns)])
    }
    return result
  }

  /// One step with the same coefficients in all cells.
  public mutating func step(_ k: AllenCahnCoefficients) {
    ck_allen_cahn_step(&storage, &layout, k.diffusion, k.linear, k.constant, k.square)
    layout.high = layout.high == 0 ? 1 : 0
  }

  /// One step with coefficients of each column; nothing happens where their number is another.
  public mutating func step(_ k: AllenCahnColumns) {
    guard k.diffusion.count == columns, k.constant.count == columns, k.linear.count == columns
    else { return }
    ck_allen_cahn_columns(&storage, &layout, k.diffusion, k.linear, k.constant)
    layout.high = layout.high == 0 ? 1 : 0
  }

  /// How often each column passes ½; cells below `least` become 0 on the way.
  ///
  /// Steps leave ever smaller numbers ahead of a front, which slow arithmetic down once they are
  /// subnormal.
  public mutating func crossings(clearingBelow least: Double) -> [Double] {
    var result = [Double](repeating: 0, count: columns)
    ck_field_scan(&storage, &layout, least, &result)
    return result
  }

  /// Adds a number to every cell, row by row.
  public mutating func add(_ values: [Double]) {
    guard values.count == rows * columns else { return }
    for row in 0..<rows {
      let start = place(row, 0)
      for column in 0..<columns { storage[start + column] += values[row * columns + column] }
    }
  }

  /// Moves the content down by some rows; the rows that become free are 0.
  public mutating func moveDown(by count: Int) {
    guard count > 0 else { return }
    for row in 0..<rows {
      let start = place(row, 0)
      if row + count < rows {
        let source = place(row + count, 0)
        for column in 0..<columns { storage[start + column] = storage[source + column] }
      } else {
        for column in 0..<columns { storage[start + column] = 0 }
      }
    }
  }
}
