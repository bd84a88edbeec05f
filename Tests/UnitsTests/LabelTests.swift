import Testing

@testable import Units

@Suite struct LabelTests {
  /// Labels of real exports (data-model.md §2, cycling.md, afm.md): label, expected, name, unit, slug.
  @Test func labels() {
    let rows: [(String, Dimension?, String, String?, String)] = [
      ("time/s", nil, "time", "s", "time"),
      ("<I>/mA", nil, "I", "mA", "i"),
      ("<Ewe>/V", nil, "Ewe", "V", "ewe"),
      ("(Q-Qo)/mA.h", nil, "(Q-Qo)", "mA.h", "q_qo"),
      ("dQ/dV", nil, "dQ/dV", nil, "dq_dv"),
      ("d(Q-Qo)/dE/mA.h/V", nil, "d(Q-Qo)/dE", "mA.h/V", "d_q_qo_de"),
      ("Z'/Ohm", nil, "Z'", "Ohm", "z"),
      ("-Im(Z)/Ohm", nil, "-Im(Z)", "Ohm", "im_z"),
      ("-Im(Z)", nil, "-Im(Z)", nil, "im_z"),
      ("|Z|/Ohm", nil, "|Z|", "Ohm", "z"),
      ("Phase(Z)/deg", nil, "Phase(Z)", "deg", "phase_z"),
      ("Test (Sec)", nil, "Test", "s", "test"),
      ("Voltage(V)", nil, "Voltage", "V", "voltage"),
      ("U[V]", nil, "U", "V", "u"),
      ("~Time[s]", nil, "~Time", "s", "time"),
      ("Charging Capacity / Ah", nil, "Charging Capacity", "A.h", "charging_capacity"),
      ("Current density, mA/cm²", nil, "Current density", "mA/cm2", "current_density"),
      ("Energy (keV)", nil, "Energy", "keV", "energy"),
      ("Potential (V vs. Li/Li+)", nil, "Potential", "V", "potential"),
      ("Force (nN) [cal]", nil, "Force", "nN", "force"),
      ("Angle(°)", PlaneAngle.dimension, "Angle", "deg", "angle"),
      ("Temperature (C)", Temperature.dimension, "Temperature", "Cel", "temperature"),
      ("Defl_nm", Length.dimension, "Defl", "nm", "defl"),
      ("Defl_nm", nil, "Defl_nm", nil, "defl_nm"),
      ("Time_s", TimeSpan.dimension, "Time", "s", "time"),
      ("Cycle_Index", PureNumber.dimension, "Cycle_Index", nil, "cycle_index"),
      ("freq/Hz", nil, "freq", "Hz", "freq"),
      ("Q charge/discharge/mA.h", nil, "Q charge/discharge", "mA.h", "q_charge_discharge"),
      ("control/V/mA", nil, "control/V/mA", nil, "control_v_ma"),
      ("N/A", nil, "N/A", nil, "n_a"),
      ("Si(220)", nil, "Si(220)", nil, "si_220"),
      ("Tan(Delta)", nil, "Tan(Delta)", nil, "tan_delta"),
      ("<Ewe/V>", nil, "Ewe", "V", "ewe"),
      ("dQm/dV(mAh/V.g)", nil, "dQm/dV", nil, "dqm_dv"),
      ("I Range", nil, "I Range", nil, "i_range"),
      ("Größe µm", nil, "Größe µm", nil, "grosse_um"),
      ("Rec#", nil, "Rec#", nil, "rec"),
      ("", nil, "", nil, "column"),
      ("()", nil, "()", nil, "column"),
      ("/s", nil, "/s", nil, "s"),
    ]
    for (text, expected, name, unit, slug) in rows {
      let label = ColumnLabel(text, expecting: expected)
      #expect(label.name == name, "'\(text)'")
      #expect(label.unit?.unit.ucum == unit, "'\(text)'")
      #expect(label.slug == slug, "'\(text)'")
      #expect(label.label == text)
    }
  }

  /// Without an expected dimension the name decides, and says so.
  @Test func namesSettleAmbiguousUnits() {
    let rows: [(String, String?, String?)] = [
      ("Aux_Temperature_1 (C)", "Cel", "unit.ambiguous"), ("Temp (°)", "Cel", "unit.ambiguous"),
      ("Aux_dT/dt_1 (C/s)", "Cel/s", "unit.ambiguous"), ("Depth (A)", "Ao", "unit.ambiguous"),
      ("k (A^-1)", "/Ao", "unit.ambiguous"), ("Current (A)", "A", nil), ("Charge (C)", "C", nil),
      ("Thickness (nm)", "nm", nil), ("Height (V)", "V", nil), ("Temperature (K)", "K", nil),
      ("Q (C)", "C", nil),
    ]
    for (text, ucum, code) in rows {
      let label = ColumnLabel(text)
      #expect(label.unit?.unit.ucum == ucum, "'\(text)'")
      #expect(label.unit?.remark?.code == code, "'\(text)'")
    }
  }

  @Test func unknownUnitsAreReported() {
    let label = ColumnLabel("Signal (foo)")
    #expect(label.unitText == "foo")
    #expect(label.unit == nil)
    #expect(label.name == "Signal")
    #expect(ColumnLabel("Aux (see remark 2)").unitText == nil)
  }

  @Test func canonicalNames() throws {
    #expect(CanonicalName.dimension(of: "force") == Force.dimension)
    #expect(CanonicalName.dimension(of: "sensor_position_2") == Length.dimension)
    #expect(CanonicalName.dimension(of: "foo") == nil)
    #expect(CanonicalName.entry("temperature_t1")?.range.contains(-300) == false)
    #expect(CanonicalName.entry("photon_energy")?.range.contains(0) == false)
    #expect(CanonicalName.entry("counts")?.range.contains(0) == true)
    #expect(Set(CanonicalName.all.map(\.name)).count == CanonicalName.all.count)
  }
}
