public import Tables
public import Units

/// One quantity of a verification case: what was found, what is known, and how far they differ.
public struct VerificationRow: Sendable {
  /// How the error is measured.
  public enum ErrorKind: String, Hashable, Sendable {
    /// |result − reference|/|reference|.
    case relative
    /// |result − reference|.
    case absolute
  }

  /// The id of the case.
  public internal(set) var id = ""
  /// The quantity.
  public var quantity: String
  /// The unit of result and reference.
  public var unit: PhysicalUnit
  /// The parameters that the quantity was found with.
  public internal(set) var parameters = ResultObject()
  /// What it should be; nil where nothing is known at these parameters.
  public var reference: Double?
  /// Where the reference comes from.
  public var source: String?
  /// What was found; nil where the computation failed.
  public var result: Double?
  /// How the error is measured.
  public var errorKind: ErrorKind
  /// The greatest error that passes; nil where only the order is judged.
  public var tolerance: Double?
  /// The order of convergence found and expected.
  public var order: Double?
  /// The order of convergence that theory gives.
  public var expectedOrder: Double?

  /// A row from its parts.
  public init(
    _ quantity: String, _ unit: PhysicalUnit, result: Double?, reference: Double?, source: String?,
    _ errorKind: ErrorKind = .relative, tolerance: Double?, order: Double? = nil,
    expectedOrder: Double? = nil
  ) {
    self.quantity = quantity
    self.unit = unit
    self.result = result
    self.reference = reference
    self.source = reference == nil ? nil : source
    self.errorKind = errorKind
    self.tolerance = tolerance
    self.order = order
    self.expectedOrder = expectedOrder
  }

  /// How far an order may be from the expected one.
  public static let orderTolerance = 0.15

  /// The error; nil where there is no reference or no result.
  public var error: Double? {
    guard let reference, let result else { return nil }
    let difference = (result - reference).magnitude
    return errorKind == .relative ? difference / reference.magnitude : difference
  }

  /// Whether the quantity is as it should be; nil where nothing is known.
  public var passes: Bool? {
    guard let result, result.isFinite else { return false }
    var known = false
    if let expectedOrder {
      guard let order, (order - expectedOrder).magnitude <= Self.orderTolerance else {
        return false
      }
      known = true
    }
    if let tolerance, reference != nil {
      guard let error, error <= tolerance else { return false }
      known = true
    }
    return known ? true : nil
  }

  /// The row as the contract spells it.
  public var value: ResultValue {
    func number(_ x: Double?) -> ResultValue {
      x.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
    }
    var object = ResultObject()
    object["id"] = .text(id)
    object["quantity"] = .text(quantity)
    object["unit"] = .text(unit.ucum)
    object["parameters"] = .object(parameters)
    object["reference"] = number(reference)
    object["reference_source"] = source.map { .text($0) } ?? .null
    object["result"] = number(result)
    object["error"] = number(error)
    object["error_kind"] = .text(errorKind.rawValue)
    object["tolerance"] = number(tolerance)
    object["order"] = number(order)
    object["order_expected"] = number(expectedOrder)
    object["pass"] = passes.map { .flag($0) } ?? .null
    return .object(object)
  }
}
