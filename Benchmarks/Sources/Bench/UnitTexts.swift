import Interphase

/// Unit texts as instruments write them, each told from all others by its name.
private let shapes = [
  "Voltage (mV)", "I/mA", "<I>/mA", "Capacity (mA·h)", "Resistance (Ω·cm²)", "Deflection [nm]",
  "Current density / mA cm^-2", "Fluence (1e15 at/cm2)", "Temperature (°C)", "Time, s",
  "Energy (eV)", "k (A^-1)", "Intensity (counts/s)", "Stress (MPa)", "dQ/dV (mAh/V)",
]

/// The time of a label that is new, and of one that was seen before, in seconds a label.
func measureUnits(repeats: Int) {
  var check = 0
  // Every round has texts that no cache can know: blanks around the unit count as another text.
  var round = 0
  let units = ["mV", "mA·h", "Ω·cm²", "nm", "mA cm^-2", "1e15 at/cm2", "°C", "counts/s", "MPa"]
  let new = best(of: repeats) {
    var found = 0
    for i in 0..<900 {
      round += 1
      let unit = units[i % units.count]
      let text = "\(unit) vs. \(round)"
      // The part before `vs.` is what is read.
      if ColumnLabel("x\(round) (\(text))").unit != nil { found += 1 }
      let fresh = PhysicalUnit.loose(
        "10^\(round % 250 + 1) \(unit)\(String(repeating: " ", count: round / 250 % 40))")
      if fresh != nil { found += 1 }
    }
    return found
  }
  check += new.result
  for shape in shapes { check += ColumnLabel(shape).unit == nil ? 0 : 1 }
  let seen = best(of: repeats) {
    var found = 0
    for _ in 0..<1000 { for unit in units where PhysicalUnit.loose(unit) != nil { found += 1 } }
    return found
  }
  print("unit-new \(new.seconds / 1800) 0 \(check)")
  print("unit-seen \(seen.seconds / Double(1000 * units.count)) 0 \(seen.result)")
}
