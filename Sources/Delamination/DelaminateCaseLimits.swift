internal import FilmElasticity
internal import Materials
internal import Simulation
public import Tables
internal import Units

extension DelaminateCase {
  /// The most memory that the matrices of a case may take.
  static let mostBytes = 2 << 30

  /// Throws where a setting is out of its range, naming its key.
  ///
  /// - Parameter place: where a key stands in the configuration.
  public func checkRanges(place: (String) -> Place = { _ in .whole }) throws(ReadFailure) {
    func require(
      _ holds: Bool, _ key: String, _ found: String, _ expected: String
    ) throws(ReadFailure) {
      if holds { return }
      throw ReadFailure(
        "delaminate.range", at: place(key), found: "`\(key)` of case `\(label)` is \(found)",
        expected: expected)
    }
    func positive(_ value: Double, _ key: String, _ unit: String) throws(ReadFailure) {
      try require(value > 0 && value.isFinite, key, "\(value) \(unit)", "a value above 0")
    }
    try positive(film.thickness.value.value(in: .nanometre), "film.thickness", "nm")
    try positive(film.modulus.modulus.value.value(in: .gigapascal), "film.modulus", "GPa")
    let nu = film.poissonRatio.value.si
    try require(nu > -1 && nu < 0.5, "film.poisson", "\(nu)", "a value in (-1, 0.5)")
    try positive(metal.molarVolume.value.si, "metal.molar_volume", "m3/mol")
    try positive(pressure.value.si, "load.pressure", "Pa")
    try positive(halfLength.value.value(in: .nanometre), "geometry.half_length", "nm")
    try positive(initialDamage.value.value(in: .nanometre), "geometry.initial_damage", "nm")
    try require(
      initialDamage.value < halfLength.value, "geometry.initial_damage",
      "\(initialDamage.value.value(in: .nanometre)) nm", "less than `geometry.half_length`")
    try require(
      columns >= 4 && columns <= 2000, "mesh.columns", "\(columns)", "a number from 4 to 2000")
    try require(rows >= 1 && rows <= 32, "mesh.rows", "\(rows)", "a number from 1 to 32")
    try require(steps >= 1 && steps <= 10_000, "loading.steps", "\(steps)", "1 to 10000")
    try require(
      damagedColumns >= 1 && damagedColumns < columns, "mesh.columns",
      "\(columns), which gives the debonded region no element edge inside the film",
      "elements smaller than the debonded region and than the bonded one")
    // Film, matrix and factor, each a band.
    let across = 2 * rows + 1
    let bytes = 3 * 8 * 2 * (2 * columns + 1) * across * (4 * across + 6)
    try require(
      bytes <= Self.mostBytes, "mesh.columns",
      "\(columns) with \(rows) rows, which takes \(bytes >> 20) MiB",
      "a mesh of at most \(Self.mostBytes >> 20) MiB")
    try checkInterface(place, require, positive)
  }

  private func checkInterface(
    _ place: (String) -> Place,
    _ require: (Bool, String, String, String) throws(ReadFailure) -> Void,
    _ positive: (Double, String, String) throws(ReadFailure) -> Void
  ) throws(ReadFailure) {
    guard bond == .cohesive else { return }
    try positive(strength.value.si, "interface.strength", "Pa")
    try positive(energy.value.si, "interface.energy", "J/m2")
    try positive(onsetOpening.value.si, "interface.onset_opening", "m")
    let stiffness = strength.value.si / onsetOpening.value.si
    try require(
      2 * energy.value.si / strength.value.si > onsetOpening.value.si && stiffness.isFinite,
      "interface.energy", "\(energy.value.si) J/m2",
      "more than strength·onset_opening/2, so that the traction can fall after its peak")
    guard mixedMode != .effective else { return }
    guard let shearStrength, let shearEnergy else {
      throw ReadFailure(
        "delaminate.interface", at: place("interface.mixed_mode"),
        found: "`\(mixedMode.rawValue)` without a strength and an energy in shear",
        expected: "`interface.shear_strength` and `interface.shear_energy`")
    }
    try positive(shearStrength.value.si, "interface.shear_strength", "Pa")
    try positive(shearEnergy.value.si, "interface.shear_energy", "J/m2")
    try require(
      2 * shearEnergy.value.si * stiffness > shearStrength.value.si * shearStrength.value.si,
      "interface.shear_energy", "\(shearEnergy.value.si) J/m2",
      "more than the energy at the peak of the shear traction")
    try require(
      exponent >= 0.5 && exponent <= 10, "interface.exponent", "\(exponent)", "0.5 to 10")
  }
}
