import Tables
import Testing
import Units

@testable import XRayAbsorption

/// What columns are called at beamlines (labels of real files, and neighbours that mean other things).
@Suite struct ColumnNamesTests {
  @Test func labelsOfBeamlinesHaveTheirMeaning() {
    let expected: [(name: String, labels: [String])] = [
      (
        "photon_energy",
        [
          "energy", "E", "e", "en", "ee", "eV", "Mono Energy", "Mono Energy *",
          "Mono Energy (alt) *", "mono_e", "Energia", "enc_energy", "Energy_c1", "eBraggEnergy",
          "$(AbsEnergyName)", "BL1606-ID-1:Energy", "13BMA:E:Energy.VAL", "Enkev", "photon_energy",
          "energy_eV",
        ]
      ),
      (
        "photon_energy_requested",
        [
          "requested_energy", "setpoint", "BL1606-ID-1 Energy Setting", "Energy Setpoint",
          "MONO16061I1001:Energy:sp",
        ]
      ),
      (
        "photon_energy_achieved",
        [
          "EnergyAchieved", "fbk", "$(EnergyFeedback)", "achieved energy", "energy_rbv",
          "MONO16061I1001:Energy:fbk", "13BMA:E:E_RBV", "Energy readback",
        ]
      ),
      (
        "mono_angle", ["angle", "theta", "bragg", "mono_bragg", "Angle(o)", "Angle_c", "bragg_enc"]
      ),
      ("encoder", ["ENCODER", "enc_raw"]),
      (
        "incident_intensity",
        [
          "I0", "Io", "I_0", "Izero", "mon", "I0_EH1", "i0_32", "I0 ES", "I0_KEITHLEY1_c4",
          "preKB_I0", "VFC01",
        ]
      ),
      ("transmitted_intensity", ["It", "I1", "itrans", "I1_EH2", "VFC02"]),
      ("reference_intensity", ["Iref", "I2", "irefer", "IR_EH2", "ir", "VFC03"]),
      (
        "fluorescence_yield",
        [
          "If", "ifluor", "AlKa_sum_cps_c3", "D1_AlKa_dxp_c23", "XMAP4:FeKa:sum", "Mn_Ka_mca1",
          "Lytle", "TFY",
          "ROI1", "DTC4", "IFch2", "VFC04", "S1_ifluor", "FLUO",
        ]
      ),
      ("electron_yield", ["TEY", "EY", "SampleDrain", "KEITHLEY4_TEY_c10"]),
      ("mu", ["mu", "xmu", "mutrans", "mufluor", "INTENSITY", "ln(I0/It)"]),
      ("norm", ["munorm", "norm", "nor", "Norm"]), ("flat", ["flat"]),
      ("input_count_rate", ["ICR1", "D1_ICR_c24", "D1_trueICR_c26"]),
      ("output_count_rate", ["OCR", "ocr4"]),
      ("dead_time_factor", ["DTFactor"]), ("live_time", ["livetime", "DD1_ELTM_c52"]),
      (
        "dwell_time",
        ["Count Time", "scaler_preset_time", "Scaler preset time *", "$(acqDwellmSec)", "IntTime"]
      ),
      ("ring_current", ["Beam Current", "current", "$(RingCurrent)", "Ring-current"]),
      ("wave_number", ["k", "$(kName)"]), ("chi", ["chi"]), ("pixel", ["pixel"]),
    ]
    for (name, labels) in expected {
      for label in labels {
        #expect(ColumnNames.meaning(of: label)?.name == name, Comment(rawValue: label))
      }
    }
  }

  @Test func neighboursHaveNoFalseRole() {
    for label in [
      "undulator_energy", "undulator_gap", "Event-ID", "KEITHLEY1_GAIN_c5", "I0_gain", "I0 offset",
      "energy_error", "edge_energy", "Step_Pos", "mono_X1vert", "T1", "Preslit", "caldiode",
      "mu_ref", "Timestamp", "retries", "posX", "SAI01-MEAN", "IFslow1", "bkg", "preline",
      "sample x", "id_gap", "chi2", "kb mirror", "Lab", "Iron", "what if", "Cola", "Alka",
      "dd1_ERTM", "Delay between scans", "Total", "Date", "If/I0", "energy resolution",
      "ring energy",
    ] {
      #expect(ColumnNames.meaning(of: label) == nil, Comment(rawValue: label))
    }
  }

  @Test func headingsHoldTheirUnit() {
    let expected: [(label: String, unit: String, name: String?)] = [
      ("Energy (keV)", "keV", "photon_energy"), ("Energy [eV]", "eV", "photon_energy"),
      ("Enkev", "", "photon_energy"), ("I0 (nA)", "nA", "incident_intensity"),
      ("Count Time (s)", "s", "dwell_time"), ("Angle(o)", "", "mono_angle"),
      ("Mono Energy (alt)", "", "photon_energy"), ("TEY/I0", "", nil),
    ]
    for (label, unit, name) in expected {
      let heading = ColumnHeading(label)
      #expect(heading.meaning?.name == name, "\(label)")
      #expect(heading.unit == unit, "\(label)")
    }
  }
}
