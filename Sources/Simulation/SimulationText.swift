package import Tables
package import Units

/// A parameter as a quantity of the contract.
package func measured<D>(
  _ parameter: Measured<D>, _ unit: UnitOf<D>, trace: TraceID? = nil
) -> MeasuredValue {
  MeasuredValue(
    parameter.value.value(in: unit), unit.unit, u: parameter.u?.value(in: unit), trace: trace,
    source: parameter.source)
}

/// A number with four significant digits, for messages.
package func rounded(_ value: Double) -> String {
  guard value != 0, value.isFinite else { return "\(value)" }
  var scale = 1.0
  while value.magnitude * scale < 1000 && scale < 1e15 { scale *= 10 }
  while value.magnitude * scale >= 10_000 && scale > 1e-15 { scale /= 10 }
  let result =
    scale >= 1 ? (value * scale).rounded() / scale : (value * scale).rounded() * (1 / scale)
  if result == result.rounded(), result.magnitude < 1e15 { return "\(Int64(result))" }
  return "\(result)"
}

/// File names for labels: letters, digits, dots and dashes; a repeated one gets a number.
package func fileNames(for labels: [String]) -> [String] {
  var used: Set<String> = []
  return labels.map { label in
    var slug = ""
    for scalar in label.unicodeScalars {
      let keep = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if keep || scalar == "." {
        slug.unicodeScalars.append(scalar)
      } else if !slug.isEmpty && !slug.hasSuffix("-") {
        slug.append("-")
      }
    }
    while slug.hasSuffix("-") || slug.hasSuffix(".") { slug.removeLast() }
    while slug.hasPrefix(".") { slug.removeFirst() }
    if slug.isEmpty { slug = "case" }
    var name = slug
    var n = 2
    while !used.insert(name.lowercased()).inserted {
      name = "\(slug)-\(n)"
      n += 1
    }
    return name
  }
}
