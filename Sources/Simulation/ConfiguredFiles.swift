package import Bytes
package import Configuration
package import Materials
package import Tables
package import Units

/// The files that a configuration names, such as results with measured values.
package final class ConfiguredFiles {
  private let open: (String) throws(ReadFailure) -> ByteView
  private var trees: [String: ResultValue] = [:]
  /// The files read so far, by name.
  package private(set) var identities: [String: InputIdentity] = [:]

  package init(open: @escaping (String) throws(ReadFailure) -> ByteView) { self.open = open }

  /// What was read so far, for other readers of the same files.
  package struct Read: Sendable {
    fileprivate var trees: [String: ResultValue]
    /// The files, by name.
    package var identities: [String: InputIdentity]
  }

  /// What was read so far.
  package var read: Read { Read(trees: trees, identities: identities) }

  /// Files of which some were read already.
  package init(
    _ read: Read, open: @escaping @Sendable (String) throws(ReadFailure) -> ByteView
  ) {
    self.open = open
    trees = read.trees
    identities = read.identities
  }

  /// A number of a results file in a unit, with its standard uncertainty.
  package func number(
    _ reference: ConfigReference, in unit: PhysicalUnit
  ) throws(ReadFailure) -> (value: Double, u: Double?) {
    let end = try MeasuredModulus.place(
      of: reference.key, in: try results(reference), file: reference.file, at: reference.place)
    guard let found = end.value.asQuantity, let value = found.value else {
      throw ReadFailure(
        "materials.no-quantity", at: reference.place,
        found: "`\(reference.source)` is no quantity", expected: "a number with a unit")
    }
    guard let converter = try? UnitConverter(from: found.unit, to: unit) else {
      throw ReadFailure(
        "materials.dimension", at: reference.place,
        found: "`\(reference.source)` is in \(found.unit.ucum)",
        expected: "a quantity that converts to \(unit.ucum)")
    }
    let u = found.u.flatMap { try? found.unit.convertDifference($0, to: unit) }
    return (converter(value), u)
  }

  /// The bytes of a file, which is then among the ``identities``.
  package func content(_ file: String) throws(ReadFailure) -> ByteView {
    let bytes = try open(file)
    identities[file] = InputIdentity(
      path: file, bytes: bytes.count, sha256: SHA256.hex(of: bytes))
    return bytes
  }

  /// The tree of the results file of a reference.
  package func results(_ reference: ConfigReference) throws(ReadFailure) -> ResultValue {
    if let tree = trees[reference.file] { return tree }
    let bytes: ByteView
    let tree: ResultValue
    do throws(ReadFailure) {
      bytes = try content(reference.file)
      tree = try JSONText.parse(bytes)
    } catch {
      // The failure stands in the other file; its place is told in words.
      let inner = error.diagnostic
      throw ReadFailure(
        inner.code, at: reference.place,
        found: "\(reference.file), \(inner.place): \(inner.found)", expected: inner.expected)
    }
    trees[reference.file] = tree
    return tree
  }

  /// A quantity of a results file in the dimension that is due.
  package func quantity<D: PhysicalDimension>(
    _ reference: ConfigReference
  ) throws(ReadFailure) -> Measured<D> {
    let tree = try results(reference)
    let end = try MeasuredModulus.place(
      of: reference.key, in: tree, file: reference.file, at: reference.place)
    guard let found = end.value.asQuantity, let value = found.value else {
      throw ReadFailure(
        "materials.no-quantity", at: reference.place,
        found: "`\(reference.source)` is no quantity", expected: "a number with a unit")
    }
    guard let quantity = try? Quantity<D>(value, unit: found.unit) else {
      throw ReadFailure(
        "materials.dimension", at: reference.place,
        found: "`\(reference.source)` is in \(found.unit.ucum)",
        expected: "a quantity of the dimension \(D.dimension)")
    }
    let u = found.u.flatMap { try? Quantity<D>($0, unit: found.unit) }
    return Measured(quantity, u: u, source: reference.source)
  }

  /// The film's modulus: written in the configuration, or measured and taken from a file of results.
  package func modulus(
    _ values: ConfigValues, thickness: Measured<Length>
  ) throws(ReadFailure) -> MeasuredModulus {
    guard let reference = values.reference("film.modulus") else {
      return MeasuredModulus(try values.quantity("film.modulus"))
    }
    let substrate = reference.companions["substrate"].flatMap {
      try? $0.measured(ForcePerLength.self)
    }
    var modulus = try MeasuredModulus.read(
      try results(reference), key: reference.key,
      context: .init(
        file: reference.file, thickness: thickness, substrate: substrate,
        place: reference.place))
    // The trace step is one of the other file's run.
    modulus.trace = nil
    return modulus
  }

  /// The film that the keys of the group `film` describe.
  package func film(_ values: ConfigValues) throws(ReadFailure) -> FilmParameters {
    let thickness = try values.quantity(
      "film.thickness", Length.self,
      resolve: { reference throws(ReadFailure) in try self.quantity(reference) })
    return FilmParameters(
      thickness: thickness, modulus: try modulus(values, thickness: thickness),
      poissonRatio: try values.quantity(
        "film.poisson",
        resolve: { reference throws(ReadFailure) in try self.quantity(reference) }))
  }
}

extension ConfigValues {
  /// The preset that `metal` names, with the constants that stand beside it.
  ///
  /// - Parameter code: the code of an error, such as `plate.metal`.
  package func metal(code: String) throws(ReadFailure) -> Metal {
    let name = try text("metal")
    guard var metal = Metal.preset(name) else {
      let presets = Metal.presets.map(\.name).joined(separator: ", ")
      throw failure(
        "metal", code, found: "the metal `\(name)` is no preset",
        expected: "one of \(presets), or a mapping with name, molar_volume, surface_energy, "
          + "modulus, poisson and pressure")
    }
    if let own = optionalText("metal.name") {
      if isGiven("metal") {
        throw failure(
          "metal.name", code, found: "the preset \(name) and the name \(own)",
          expected: "a preset or a metal of its own")
      }
      let needed = ["molar_volume", "surface_energy", "modulus", "poisson"]
      let missing = needed.filter { !has("metal.\($0)") }
      guard missing.isEmpty else {
        throw failure(
          "metal.name", code, found: "\(own) without \(missing.joined(separator: ", "))",
          expected: "name, \(needed.joined(separator: ", ")) for a metal that is no preset")
      }
      metal.name = own
    }
    if let value = try optionalQuantity("metal.molar_volume", MolarVolume.self) {
      metal.molarVolume = value
    }
    if let value = try optionalQuantity("metal.surface_energy", SurfaceEnergy.self) {
      metal.surfaceEnergy = value
    }
    if let value = try optionalQuantity("metal.modulus", Pressure.self) {
      metal.youngModulus = value
    }
    if let value = try optionalQuantity("metal.poisson", PureNumber.self) {
      metal.poissonRatio = value
    }
    if let value = try optionalQuantity("metal.pressure", Pressure.self) {
      metal.pressure = value
    }
    return metal
  }

  /// Where each key came from that the user gave.
  package var givenSources: [String: String] {
    var sources: [String: String] = [:]
    for key in schema.keys.map(\.path) where isGiven(key) { sources[key] = source(key) }
    return sources
  }

  /// The given keys among some that differ from their default: what a model does not use and says so.
  package func given(among keys: [String]) -> [String] {
    keys.filter { isGiven($0) && writtenText($0) != schema[$0]?.defaultText }
  }
}
