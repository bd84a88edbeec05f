import Bytes
@testable import Cycling
import Reading
import Tables
import Testing
import Units

/// Labels, clock times, spans and units of time, which all cyclers' logs share.
@Suite struct CyclerLayerTests {
  @Test func stampsAreReadInEveryOrder() throws {
    // Seconds since 1970 by GNU date -u, `date -u -d '2025-08-04 09:35:26' +%s`.
    for (text, seconds) in [
      ("08/04/2025 09:35:26.748", 1_754_300_126.748), ("2025-08-04 09:35:26", 1_754_300_126),
      ("2025-08-04T09:35:26Z", 1_754_300_126), ("2025/08/04 09:35:26,5", 1_754_300_126.5),
      ("04-Aug-25 9:35:26 AM", 1_754_300_126), ("04-Aug-25 9:35:26 PM", 1_754_343_326),
      ("4 August 2025, 12:35:26 AM", 1_754_267_726), ("\t08/04/2025 09:35", 1_754_300_100),
      ("2025-08-04T09:35:26+02:00", 1_754_292_926), ("08/04/25 09:35:26", 1_754_300_126),
    ] {
      let stamp = try #require(ClockStamp(text, order: .monthFirst), "\(text)")
      #expect(abs(stamp.seconds - seconds) < 1e-6, "\(text)")
    }
    #expect(ClockStamp("04.08.2025 09:35:26", order: .dayFirst)?.seconds == 1_754_300_126)
    for text in [
      "", "11:49:32", "02/30/2025 10:00:00", "2025-08-04", "08/04/2025 24:00:00", "1.5",
      "08/04/2025 13:00:00 PM", "08/04/2025 09:35:26 x", "08-04/2025 09:35:26",
    ] {
      #expect(ClockStamp(text, order: .monthFirst) == nil, "\(text)")
    }
    let free = ClockStamp.evidence(of: ["06/05/2021 11:23:46", "07/05/2021 11:23:46"])
    #expect(!free.isSure)
    let day = ClockStamp.evidence(of: ["06/05/2021 11:23:46", "13/05/2021 11:23:46"])
    #expect(day.order == .dayFirst && day.isSure)
  }

  @Test func spansAreReadWithDaysAndLongHours() {
    for (text, seconds) in [
      ("  0d 00:00:05.00", 5.0), ("  0d 00:00:5", 5), ("2d 02:52:51.57", 183_171.57),
      ("143:59:59", 518_399), ("00:00:00.002", 0.002), ("-00:01:00", -60), ("1:02:03,5", 3723.5),
    ] {
      #expect(CyclerDuration(text)?.seconds == seconds, "\(text)")
    }
    for text in ["", "12:30", "00:60:00", "1d", "0.5", "00:00:0x", "1:2:3:4", "00:00:99"] {
      #expect(CyclerDuration(text) == nil, "\(text)")
    }
  }

  @Test func theWallClockSettlesUnitsOfTime() {
    for unit in WallClock.Unit.allCases {
      // Stamps of whole seconds beside finer times, with a pause and an hour of daylight saving.
      let times = (0..<400).map { Double($0) * 7.3 }
      let stamps = times.enumerated().map {
        (1_600_000_000 + $1 * unit.seconds + ($0 > 100 ? 7200 : 0) + ($0 > 300 ? 3600 : 0))
          .rounded(.down)
      }
      #expect(WallClock.unit(times: times, stamps: stamps) == unit)
      let contradiction = WallClock.contradiction(seconds: times, stamps: stamps)
      #expect(contradiction == (unit == .second ? nil : unit.seconds))
    }
    let few = (0..<20).map(Double.init)
    #expect(WallClock.unit(times: few, stamps: few) == nil)
    // 1 % off is within the limits of cycling.md, 5 % is not.
    let many = (0..<100).map(Double.init)
    #expect(WallClock.unit(times: many, stamps: many.map { $0 * 1.01 }) == .second)
    #expect(WallClock.unit(times: many, stamps: many.map { $0 * 1.05 }) == nil)
    #expect(WallClock.contradiction(seconds: many.map { $0 * 3600 }, stamps: many) == 1.0 / 3600)
  }

  @Test func labelsGetCanonicalNamesAndUnits() throws {
    // Names and units by cycling.md, "Canonical names".
    for (label, name, unit) in [
      ("Test_Time", "test_time", ""), ("time/s", "test_time", "s"),
      ("Total Time (Hours in hh:mm:ss.xxx)", "test_time", ""), ("Run Time (h)", "test_time", "h"),
      ("~Time[s]", "test_time", "s"), ("TestTime/Sec", "test_time", "s"),
      ("test_time_s", "test_time", "s"), ("DPT Time", "unix_time", ""),
      ("Step_Time(s)", "step_time", "s"), ("Voltage(mV)", "voltage", "mV"),
      ("U[V]", "voltage", "V"), ("Potential (V)", "voltage", "V"), ("Ewe/V", "voltage", "V"),
      ("current_A", "current", "A"), ("Current(uA)", "current", "uA"), ("I/mA", "current", "mA"),
      ("I[A]", "current", "A"), ("Cyc#", "cycle_count", "1"), ("Cycle Index", "cycle_count", "1"),
      ("Step_Index", "step_id", "1"), ("State", "step_type", ""), ("Rec#", "record_index", "1"),
      ("Charge_Capacity(Ah)", "schedule_charging_capacity", "A.h"),
      ("Internal_Resistance(Ohm)", "internal_resistance", "Ohm"),
      ("T1[\u{FFFD}C]", "temperature_t1", "Cel"),
      ("temperature_1_C", "temperature_t1", "Cel"), ("Capacity (mAh)", "capacity", "mA.h"),
      ("E (Wh)", "e", "W.h"), ("dV/dt (V/s)", "dv_dt", "V/s"),
    ] {
      var diagnostics = DiagnosticList()
      let columns = CyclerColumns.named([label], options: ReadOptions(), into: &diagnostics)
      let column = try #require(columns.first)
      #expect(column.name == name, "\(label)")
      #expect(column.written.ucum == unit, "\(label)")
      #expect(column.label == label)
    }
  }

  @Test func valuesComeInCanonicalUnits() throws {
    var diagnostics = DiagnosticList()
    let columns = CyclerColumns.named(
      ["Voltage(mV)", "Current", "Test_Time(h)"],
      vendor: .init(units: ["current": "A"]), options: ReadOptions(), into: &diagnostics)
    #expect(columns[0].column([3700]).real == [3.7])
    #expect(columns[0].column([3700]).unit.ucum == "V")
    #expect(columns[1].column([0.25]).unit.ucum == "A")
    #expect(columns[2].column([2]).real == [7200])
    var options = ReadOptions()
    options.units = ["current": "mA"]
    let given = CyclerColumns.named(["Current"], options: options, into: &diagnostics)
    #expect(given[0].column([250]).real == [0.25])
    #expect(diagnostics.all.isEmpty)
  }

  @Test func commonChecksWarnWithCounts() {
    func column(_ name: String, _ values: [Double], _ unit: PhysicalUnit) -> Column {
      Column(name: name, label: name, values: .real(values), unit: .known(unit))
    }
    var diagnostics = DiagnosticList()
    CyclerChecks.run(
      [
        column("test_time", [0, 10, 5, 20, 19, 4e8], .second),
        column("voltage", [3, 3, -2000, 3, 1500, 3], .volt),
      ], into: &diagnostics)
    #expect(diagnostics.all.map(\.code) == ["series.restart", "cycler.duration", "cycler.voltage"])
    #expect(diagnostics.all.map(\.count) == [2, 1, 2])
    var none = DiagnosticList()
    CyclerChecks.run(
      [column("test_time", [0, 1, 1, 2], .second), column("voltage", [0, -1, 1, 2], .volt)],
      into: &none)
    #expect(none.all.isEmpty)
  }
}
