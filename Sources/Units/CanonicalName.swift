/// A canonical column name: what it means, its unit and its valid range (docs/names.md).
public struct CanonicalName: Hashable, Sendable {
  /// The name, snake_case.
  public let name: String
  /// The unit in which `inspect` gives it; nil for text and for values kept in the unit as written.
  public let unit: PhysicalUnit?
  /// What it means, one line.
  public let meaning: String
  /// Values that physics allows, in `unit`; nil where it sets no limit.
  public let range: Range

  /// An interval of valid values, open or closed at either end.
  public struct Range: Hashable, Sendable, CustomStringConvertible {
    /// The lower and the upper limit, infinite where there is none.
    public let low: Double, high: Double
    /// Whether the lower limit itself is valid.
    public let includesLow: Bool

    /// Whether the value is valid; true for NaN, which is a missing value.
    public func contains(_ value: Double) -> Bool {
      if value.isNaN { return true }
      return (includesLow ? value >= low : value > low) && value < high
    }

    /// The limits in words; empty where there are none.
    public var description: String {
      let lower = low == -.infinity ? "" : (includesLow ? "≥ " : "> ") + Self.short(low)
      let upper = high == .infinity ? "" : "< " + Self.short(high)
      return [lower, upper].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func short(_ x: Double) -> String {
      x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : "\(x)"
    }
  }

  /// The dimension of a name; nil for an unknown name and for one without a fixed unit.
  ///
  /// The suffixes `_2`, `_3` … of repeated columns are taken off.
  public static func dimension(of name: String) -> Dimension? { entry(name)?.unit?.dimension }

  /// What is known of a name; nil for an unknown one.
  public static func entry(_ name: String) -> CanonicalName? {
    if let known = byName[name] { return known }
    guard let line = name.lastIndex(of: "_"),
      let number = Int(name[name.index(after: line)...]), number > 1
    else { return nil }
    return byName[String(name[..<line])]
  }

  private static let byName = [String: CanonicalName](
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// Every name, in the order of docs/names.md.
  public static let all: [CanonicalName] = {
    var result: [CanonicalName] = []
    func add(
      _ name: String, _ unit: String?, _ meaning: String, above: Double? = nil, from: Double? = nil,
      below: Double = .infinity
    ) {
      result.append(
        CanonicalName(
          name: name, unit: unit.flatMap { try? PhysicalUnit(ucum: $0) }, meaning: meaning,
          range: Range(
            low: above ?? from ?? -.infinity, high: below, includesLow: above == nil)))
    }
    func temperature(_ name: String, _ meaning: String) {
      add(name, "Cel", meaning, above: -273.15, below: 2000)
    }
    // Shared by all techniques.
    add("time", "s", "time since the start of this series")
    add("test_time", "s", "time since the start of the test, as stored")
    add("step_time", "s", "time since the start of the step")
    add("unix_time", "s", "absolute instant, seconds since 1970-01-01T00:00:00Z")
    add("clock", nil, "clock time, text as written")
    add("instant", nil, "instant in UTC")
    add("clock_elapsed", "s", "differences of clock times without a zone")
    add("record", "1", "running number of the record", from: 0)
    add("cycle", "1", "cycle number of the file")
    add("half_cycle", "1", "half cycle number")
    add("step", "1", "step number")
    add("current", "A", "current, charge positive")
    add("voltage", "V", "cell voltage")
    add("charge", "A.h", "charge")
    add("energy", "J", "energy")
    add("power", "W", "power")
    temperature("temperature", "temperature")
    add("frequency", "Hz", "frequency", above: 0)
    add("channel", "1", "channel number as the file counts it")
    add("counts", "{count}", "counts, as stored", from: 0)
    add("intensity", nil, "intensity, in the unit as written")
    add("photon_energy", "eV", "photon energy", above: 0)
    for axis in ["x", "y", "z"] { add("position_\(axis)", "m", "position along \(axis)") }
    add("force", "N", "force as the file gives it")
    add("deflection", "m", "cantilever deflection")
    add("mass_u", "u", "mass of an ion or isotope", above: 0)
    // Force microscopy.
    add("sensor_position", "m", "measured Z")
    add("piezo_position", "m", "commanded Z")
    add("deflection_voltage", "V", "detector signal of the deflection")
    add("lateral_deflection_voltage", "V", "detector signal of the torsion")
    add("amplitude", nil, "oscillation amplitude, m or V")
    add("phase", "deg", "oscillation phase")
    add("height", "m", "topography")
    // Cycling.
    add("counter_electrode_potential", "V", "potential of the counter electrode")
    add("cycle_count", "1", "cycle number of the file, never renumbered")
    add("step_count", "1", "running number of steps")
    add("step_id", "1", "step of the program")
    add("step_type", nil, "kind of step, text as written")
    add("record_index", "1", "running number of the record")
    add("net_capacity", "A.h", "signed integral of the current from the start")
    for way in ["charging", "discharging"] {
      add("step_\(way)_capacity", "A.h", "\(way) capacity, reset each step or half cycle")
      add("schedule_\(way)_capacity", "A.h", "\(way) capacity, reset by the schedule")
      add("\(way)_capacity", "A.h", "\(way) capacity from the start, never reset")
      add("step_\(way)_energy", "W.h", "\(way) energy, reset each step or half cycle")
      add("\(way)_energy", "W.h", "\(way) energy from the start, never reset")
    }
    add("charge_increment", "A.h", "charge of one record")
    add("energy_increment", "W.h", "energy of one record")
    temperature("ambient_temperature", "temperature around the cell")
    for n in 1...5 { temperature("temperature_t\(n)", "temperature probe \(n)") }
    add("internal_resistance", "Ohm", "resistance measured by the cycler", from: 0)
    // X-ray absorption.
    add("photon_energy_requested", "eV", "photon energy asked for", above: 0)
    add("photon_energy_achieved", "eV", "photon energy reached", above: 0)
    add("mono_angle", "deg", "Bragg angle of the monochromator")
    add("encoder", "1", "motor steps")
    add("incident_intensity", nil, "I0, in the unit as written")
    add("transmitted_intensity", nil, "intensity behind the sample")
    add("reference_intensity", nil, "intensity behind the reference foil")
    add("fluorescence_yield", nil, "fluorescence yield")
    add("electron_yield", nil, "electron yield or drain current")
    add("mu", "1", "absorption, arbitrary scale")
    add("norm", "1", "normalised absorption as stored")
    add("flat", "1", "flattened absorption as stored")
    add("input_count_rate", "{count}/s", "counts arriving at the detector", from: 0)
    add("output_count_rate", "{count}/s", "counts stored by the detector", from: 0)
    add("dead_time_factor", "1", "dead-time correction")
    add("live_time", "s", "live time of the detector", from: 0)
    add("dwell_time", "s", "time per point", from: 0)
    add("ring_current", "mA", "current of the storage ring")
    add("wave_number", "/Ao", "photoelectron wave number", from: 0)
    add("chi", "1", "fine structure")
    add("pixel", "1", "position on a dispersive axis")
    // Ion beams.
    add("counts_simulated", "1", "a simulated spectrum stored in the file", from: 0)
    add("cross_section", "mb/sr", "differential cross section in the laboratory", from: 0)
    add("cross_section_ratio", "1", "cross section over Rutherford's", from: 0)
    add("energy_u", "keV", "uncertainty of the energy", from: 0)
    add("cross_section_u", nil, "uncertainty of the cross section")
    add("stopping_electronic", "10*-15.eV.cm2", "electronic stopping cross section")
    add("stopping_nuclear", "10*-15.eV.cm2", "nuclear stopping cross section")
    add("depth", "10*15/cm2", "depth as atoms per area")
    add("areal_density", "10*15/cm2", "atoms per area", from: 0)
    add("layer", "1", "number of a layer, from 1 at the surface", from: 1)
    add("roughness_fwhm", "10*15/cm2", "width of a layer's thickness distribution", from: 0)
    add("fraction", "1", "atom fraction in a layer", from: 0)
    // Secondary ions.
    add("sputter_time", "s", "time of sputtering up to the data point", from: 0)
    add("ion_dose", "1", "primary ions up to the data point", from: 0)
    add("ion_fluence", "/cm2", "primary ions per area up to the data point", from: 0)
    add("intensity_ratio", "1", "ratio of two channels")
    // Simulations.
    add("solid_fraction", "1", "share of the area or volume in the phase with order parameter 1")
    add("free_energy", nil, "total free energy, in the unit as written")
    add("bulk_energy", nil, "local part of the free energy, in the unit as written")
    add("tip_position", nil, "position of a dendrite's tip, in the unit as written")
    add("particle_count", "1", "number of particles", from: 0)
    add("time_step", nil, "length of a time step, in the unit as written")
    add("mesh_size", nil, "size of a cell, in the unit as written")
    add("l2_error", nil, "error in the L2 norm, in the unit as written")
    add("wall_time", nil, "time that the program ran, in the unit as written")
    add("memory", nil, "memory that the program took, in the unit as written")
    add("arc_length", "nm", "length along the interface")
    add("interface_height", "nm", "height of the metal under the film")
    add("normal_stress", "MPa", "film stress normal to the interface, tension positive")
    add("tangential_stress", "MPa", "film stress along the interface, tension positive")
    add("order_parameter", "1", "1 in the metal, 0 outside")
    add("displacement_x", "nm", "displacement of the film along x")
    add("displacement_y", "nm", "displacement of the film along y")
    for part in ["xx", "yy", "xy"] {
      add("stress_\(part)", "MPa", "film stress, component \(part)")
    }
    add("stress_von_mises", "MPa", "von Mises stress of the film", from: 0)
    return result
  }()

  /// The table of docs/names.md.
  public static var markdown: String {
    var text = "| name | unit | meaning | valid |\n|---|---|---|---|\n"
    for entry in all {
      let unit = entry.unit.map { "`\($0.ucum)`" } ?? "–"
      text += "| `\(entry.name)` | \(unit) | \(entry.meaning) | \(entry.range) |\n"
    }
    return text
  }
}
