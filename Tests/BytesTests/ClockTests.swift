import Tables
import Testing

@testable import Bytes

/// Clock times, serial dates and time zones.
///
/// Seconds are those of GNU `date -u -d '…' +%s`.
@Suite struct ClockTests {
  @Test func monthsAreReadInFiveLanguages() {
    let languages: [[String]] = [
      ["January", "Feb", "March", "Apr", "May", "June", "Jul", "Aug", "Sept", "Oct", "Nov", "DEC"],
      [
        "Januar", "Februar", "März", "Apr", "Mai", "Juni", "Juli", "August", "Sep", "Okt",
        "November", "Dez",
      ],
      [
        "janv", "févr", "mars", "avril", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc",
      ],
      [
        "ene", "feb", "marzo", "abr", "mayo", "junio", "julio", "ago", "septiembre", "oct", "nov",
        "dic",
      ],
      ["gen", "febbraio", "mar", "apr", "mag", "giu", "luglio", "ago", "set", "ott", "nov", "dic"],
    ]
    let starts: [Double] = [
      1_735_689_600, 1_738_368_000, 1_740_787_200, 1_743_465_600, 1_746_057_600, 1_748_736_000,
      1_751_328_000, 1_754_006_400, 1_756_684_800, 1_759_276_800, 1_761_955_200, 1_764_547_200,
    ]
    for months in languages {
      for (month, start) in zip(months, starts) {
        for text in ["01-\(month)-25 06:00", "1. \(month) 2025 06:00", "1 \(month). 2025, 6:00 AM"]
        {
          let stamp = ClockStamp(text, order: .monthFirst)
          #expect(stamp?.seconds == start + 21600, "\(text)")
        }
      }
    }
    // Juin or juillet; words that are no months.
    for word in ["jui", "ma", "foo", "Monday", "mär2"] { #expect(MonthNames.month(word) == nil) }
    #expect(MonthNames.month("Ma\u{308}rz") == 3)
  }

  @Test func formsOfDates() {
    let half = 1_754_300_126.0
    for text in [
      "20250804T093526Z", "20250804T093526", "04.08.2025 09:35:26", "4. 8. 2025 9:35:26",
      "04/08/2025 09:35:26 AM", "2025-08-04T11:35:26+02:00", "2025-08-04T05:05:26-0430",
    ] {
      #expect(ClockStamp(text, order: .dayFirst)?.seconds == half, "\(text)")
    }
    #expect(ClockStamp("2025-08-04", order: .dayFirst, allowsDate: true)?.seconds == 1_754_265_600)
    #expect(ClockStamp("2025-08-04", order: .dayFirst) == nil)
    #expect(ClockStamp.timeOfDay("9:35:26.5 PM") == 77_726_500_000_000)
    #expect(ClockStamp.timeOfDay("24:00:00") == nil)
    #expect(ClockStamp.evidence(of: ["04.08.2025 09:35"]) == (.dayFirst, true))
    #expect(ClockStamp.evidence(of: ["08.13.2025 09:35"]) == (.monthFirst, true))
    #expect(
      ClockStamp.isoText(nanoseconds: 1_754_300_126_748_000_000) == "2025-08-04T09:35:26.748Z")
    #expect(ClockStamp.isoText(nanoseconds: -1_000_000) == "1969-12-31T23:59:59.999Z")
  }

  /// Excel: 2008-01-01 is 39448 in the 1900 system (ECMA-376 part 1, 18.17.4.1), 37986 in the 1904 one.
  @Test func serialDates() {
    let start: Int64 = 1_199_145_600_000_000_000
    #expect(SerialDate.excel1900.nanoseconds(39448) == start)
    #expect(SerialDate.excel1904.nanoseconds(37986) == start)
    #expect(SerialDate.ole.nanoseconds(39448.5) == start + 43_200_000_000_000)
    // The day before 1899-12-30 at 06:00 is −1.25 (Microsoft, "DATE data type").
    #expect(SerialDate.ole.nanoseconds(-1.25) == (-2_209_161_600 - 86400 + 21600) * 1_000_000_000)
    #expect(SerialDate.excel1900.nanoseconds(1) == -2_208_988_800_000_000_000)
    #expect(SerialDate.excel1900.nanoseconds(60) == nil)
    #expect(SerialDate.excel1900.nanoseconds(61) == -2_203_891_200_000_000_000)
    // LabVIEW: 1970 starts at 2 082 844 800 s.
    #expect(SerialDate.labview.nanoseconds(2_082_844_800) == 0)
    #expect(SerialDate.unixSeconds.nanoseconds(1_199_145_600.25) == start + 250_000_000)
    #expect(SerialDate.unixMilliseconds.nanoseconds(1_199_145_600_000) == start)
    #expect(SerialDate.unixMicroseconds.nanoseconds(1_199_145_600e6) == start)
    #expect(SerialDate.unixNanoseconds.nanoseconds(1_199_145_600e9) == start)
    for kind in SerialDate.allCases {
      for value in [Double.nan, .infinity, -1e300, 1e300] {
        #expect(kind.nanoseconds(value) == nil)
      }
    }
    #expect(SerialDate.bySize(45_000.5) == .excel1900)
    #expect(SerialDate.bySize(1.7e9) == .unixSeconds)
    #expect(SerialDate.bySize(1.7e12) == .unixMilliseconds)
    #expect(SerialDate.bySize(1.7e15) == .unixMicroseconds)
    #expect(SerialDate.bySize(1.7e18) == .unixNanoseconds)
    #expect(SerialDate.bySize(3.8e9) == .labview)
    #expect(SerialDate.bySize(12) == nil)
  }

  private static let hasDatabase = (try? TimeZoneRules(named: "Europe/Berlin")) != nil

  /// Changes of clocks by `zdump -v Europe/Berlin` and `America/New_York`, 2023 and 2060.
  @Test(.enabled(if: hasDatabase, "no time zone database"))
  func zonesFollowTheDatabase() throws {
    let berlin = try TimeZoneRules(named: "Europe/Berlin")
    #expect(berlin.offset(at: 1_679_792_399) == 3600)
    #expect(berlin.offset(at: 1_679_792_400) == 7200)
    #expect(berlin.offset(at: 1_698_541_199) == 7200)
    #expect(berlin.offset(at: 1_698_541_200) == 3600)
    // 2060-07-01 and 2060-12-01 follow from the rule at the end of the file.
    #expect(berlin.offset(at: 2_855_865_600) == 7200)
    #expect(berlin.offset(at: 2_869_084_800) == 3600)
    // 2023-10-29 02:30 was shown twice, 2023-03-26 02:30 never.
    #expect(berlin.instants(ofClock: 1_698_546_600) == [1_698_539_400, 1_698_543_000])
    #expect(berlin.instants(ofClock: 1_679_797_800).isEmpty)
    let york = try TimeZoneRules(named: "America/New_York")
    #expect(york.offset(at: 1_678_604_400) == -14400)
    #expect(york.offset(at: 1_678_604_399) == -18000)
    // The south, where summer spans the new year (2061-01-15).
    #expect(try TimeZoneRules(named: "Australia/Sydney").offset(at: 2_873_059_200) == 39600)
    #expect(try TimeZoneRules(named: "Asia/Kolkata").offset(at: 1_700_000_000) == 19800)
  }

  @Test func zonesByNameAndOffset() throws {
    #expect(try TimeZoneRules(named: "+02:00").offset(at: 0) == 7200)
    #expect(try TimeZoneRules(named: "-0330").instants(ofClock: 0) == [12600])
    #expect(try TimeZoneRules(named: "UTC").offset(at: .max) == 0)
    for name in [
      "", "Europe/Berlim", "../../etc/passwd", "/etc/passwd", "Europe", "+25:00", "zone.tab",
    ] {
      let failure = #expect(throws: ReadFailure.self) { try TimeZoneRules(named: name) }
      #expect(failure?.diagnostic.code.hasPrefix("time.zone-") == true, "\(name)")
    }
    if Self.hasDatabase {
      let failure = #expect(throws: ReadFailure.self) { try TimeZoneRules(named: "Europe/Berlim") }
      #expect(failure?.diagnostic.expected.contains("Europe/Berlin") == true)
    }
  }

  @Test func rulesOfPOSIX() throws {
    let berlin = try #require(ClockRule("CET-1CEST,M3.5.0,M10.5.0/3"))
    #expect(berlin.offset(at: 1_679_792_399) == 3600)
    #expect(berlin.offset(at: 1_679_792_400) == 7200)
    #expect(try #require(ClockRule("<+0330>-3:30")).offset(at: 0) == 12600)
    #expect(try #require(ClockRule("EST5EDT,J60/2,J300")).offset(at: 1_690_000_000) == -14400)
    for text in ["", "X", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-999"] {
      #expect(ClockRule(text) == nil, "\(text)")
    }
  }

  /// A damaged zone file is an error, whatever is wrong with it.
  @Test(.enabled(if: hasDatabase, "no time zone database"))
  func damagedZoneFiles() throws {
    let whole = try FileSource.open(path: "/usr/share/zoneinfo/Europe/Berlin").withBytes {
      Array($0)
    }
    for length in stride(from: 0, to: whole.count - 30, by: 7) {
      #expect(throws: ReadFailure.self) {
        try ZoneFile(ByteView(Array(whole[..<length])), name: "x")
      }
    }
    for bit in 0..<(44 * 8) {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      _ = try? ZoneFile(ByteView(bytes), name: "x")
    }
  }

  @Test func timesOfDayGoOverMidnight() throws {
    let cells = ["23:59:58", "23:59:59", "", "00:00:01", "13:00:00", "00:00:00"]
    let series = try #require(ClockSeries(cells))
    #expect(series.isTimeOfDay && series.midnights == [3, 5])
    #expect(series.elapsed[3] == 3)
    #expect(series.elapsed[2].isNaN)
    // Elapsed time says that the clock was set back, not that a day went by.
    let set = try #require(ClockSeries(["23:00:00", "01:00:00"], elapsed: [0, 10]))
    #expect(set.midnights.isEmpty)
    let agreed = try #require(ClockSeries(["23:00:00", "01:00:00"], elapsed: [0, 7200]))
    #expect(agreed.midnights == [1])
    #expect(ClockSeries(["rest", "charge", "rest"]) == nil)
    // Two times in turn, for longer than a century.
    let turns = try #require(ClockSeries((0..<300_000).map { $0 % 2 == 0 ? "23:59" : "00:00" }))
    #expect(turns.stamps.count == 300_000)
  }

  @Test func daylightSavingIsSettledByOrder() throws {
    let cells = [
      "2023-10-29 02:10:00", "2023-10-29 02:50:00", "2023-10-29 02:20:00", "2023-10-29 03:10:00",
    ]
    let series = try #require(ClockSeries(cells))
    #expect(!series.isZoned && series.isOrderSure)
    #expect(series.hoursBack(elapsed: [0, 2400, 4200, 7200]) == [2])
    #expect(series.hoursBack(elapsed: nil) == [2])
    if Self.hasDatabase {
      let found = try #require(series.instants(in: try TimeZoneRules(named: "Europe/Berlin")))
      let seconds = found.instants.map { ($0 ?? 0) / 1_000_000_000 }
      #expect(seconds == [1_698_538_200, 1_698_540_600, 1_698_542_400, 1_698_545_400])
      #expect(found.folds == 3 && found.gaps == 0)
    }
    let zoned = try #require(ClockSeries(["2023-10-29T02:10:00Z", "2023-10-29T02:50:00+02:00"]))
    #expect(zoned.isZoned)
    let free = try #require(ClockSeries(["03/04/2023 10:00", "04/04/2023 10:00"]))
    #expect(!free.isOrderSure)
  }
}
