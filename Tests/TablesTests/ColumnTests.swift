import Tables
import Testing
import Units

@Suite("Columns, masks, statistics, diagnostics")
struct ColumnTests {
  @Test func maskCountsEachCellOnce() {
    var mask = MissingMask()
    for row in [0, 63, 64, 1000, 64, -1] { mask.insert(row) }
    #expect(mask.count == 4)
    #expect([0, 63, 64, 1000].allSatisfy(mask.contains))
    #expect(![1, 65, 999, 1001, 5000, -1].contains(where: mask.contains))
  }

  @Test func statisticsLeaveOutWhatIsNotFinite() throws {
    let s = ColumnStatistics([.nan, 2, -1, .infinity, 5, -.infinity])
    #expect(s.count == 3 && s.missing == 3)
    #expect(s.min == -1 && s.max == 5 && s.first == 2 && s.last == 5)
    #expect(s.mean == 2)
    let none = ColumnStatistics([.nan])
    #expect(none.count == 0 && none.mean == nil && none.min == nil)
  }

  /// The sum is compensated: naive summation of 1e16, 1, −1e16 loses the 1.
  @Test func theMeanIsCompensated() {
    #expect(ColumnStatistics([1e16, 1, -1e16]).mean == 1.0 / 3)
    let tenths = ColumnStatistics(Array(repeating: 0.1, count: 1_000_000))
    #expect(abs((tenths.mean ?? 0) - 0.1) < 1e-16)
    let huge = ColumnStatistics([1e308, 1e308, 1e308])
    #expect(abs((huge.mean ?? 0) / 1e308 - 1) < 1e-12)
  }

  @Test func nanIsMissingAndIntegersStayExact() {
    let real = Column(name: "a", label: "A", values: .real([1, .nan, 3]), unit: .absent)
    #expect(real.missing.count == 1 && real.missing.contains(1))
    let big: Int64 = 9_007_199_254_740_993  // 2^53 + 1
    let whole = Column(name: "n", label: "N", values: .integer([big]), unit: .known(.one))
    #expect(whole.values == .integer([big]))
    #expect(whole.unit.ucum == "1" && real.unit.ucum == "")
  }

  @Test func repeatedNamesAreNumbered() {
    let columns = (0..<3).map { _ in
      Column(name: "force", label: "Force", values: .real([0]), unit: .absent)
    }
    let table = Table(name: "t", columns: columns)
    #expect(table.columns.map { $0.name } == ["force", "force_2", "force_3"])
    #expect(table["force_2"] != nil && table["force_4"] == nil)
  }

  @Test func metadataKeepsRepeatsAndOrder() {
    var metadata = Metadata()
    metadata.append("k", "1")
    metadata.append("K", "2")
    metadata.append("k", "3")
    #expect(metadata.entries.map { $0.key } == ["k", "K", "k"])
    #expect(metadata.text("k") == "1" && metadata.text("K") == "2" && metadata.text("x") == nil)
  }

  @Test func oneKindOfDiagnosticIsCounted() {
    var list = DiagnosticList()
    for line in 1...40 {
      list.warn("text.ragged-row", at: .line(line), found: "a short row", expected: "4 cells")
    }
    list.note("text.encoding", found: "cp1252")
    #expect(list.all.count == 2)
    #expect(list.all[0].count == 40 && list.all[0].places.count == 10)
    #expect(list.all[0].place == .line(1) && list.all[0].places.first == .line(2))
    #expect(list.all[0].message == "a short row (40 times); 4 cells")
    #expect(list.contains(atLeast: .warning) && !list.contains(atLeast: .error))
  }

  @Test func placesInTheWordsOfTheContract() {
    let places: [(Place, String)] = [
      (.whole, "-"), (.byte(384), "byte 384"), (.line(3), "line 3"),
      (.cell(line: 3, column: 2), "line 3, column 2"), (.entry("a/b.dat"), "entry a/b.dat"),
      (.element("idf/sample"), "element idf/sample"),
    ]
    for (place, text) in places { #expect(place.description == text) }
  }

  @Test func nearWordsAreNear() {
    #expect(EditDistance.between("thicknes", "thickness") == 1)
    #expect(EditDistance.between("ab", "ba") == 1)
    #expect(EditDistance.between("", "abc") == 3)
    #expect(EditDistance.between("Force", "force") == 0)
  }

  @Test func tracesJoinWithoutClashes() {
    var a = TraceGraph(prefix: "a")
    var b = TraceGraph(prefix: "b")
    let read = a.add(.read, "bytes")
    let fit = b.add(.fit, "line", inputs: [read])
    b.join(a)
    #expect(b[fit]?.inputs == [read] && b[read]?.kind == .read)
    #expect(b.steps.map { $0.id.text } == ["b1", "a1"])
  }
}

@Suite struct LongColumnStatisticsTests {
  /// Whole numbers up to 2^53 add up exactly: 0 + 1 + … + 9999 and its shuffled, signed relatives.
  @Test func sumsOfWholeNumbersAreExact() {
    let values = (0..<10_001).map { Double($0 * 7919 % 10_001) }
    let s = ColumnStatistics(values)
    #expect((s.count, s.missing, s.min, s.max) == (10_001, 0, 0, 10_000))
    #expect(s.mean == 5000)
    #expect((s.first, s.last) == (0, values.last))
    #expect(whole(values.map { Int64($0) }) == s)
  }

  @Test func aNonFiniteValueAnywhereIsLeftOut() {
    for place in [0, 1, 4095, 8191, 8192, 8198] {
      for bad in [Double.nan, .infinity, -.infinity] {
        var values = [Double](repeating: 2, count: 8199)
        values[place] = bad
        let s = ColumnStatistics(values)
        #expect((s.count, s.missing, s.min, s.max, s.mean) == (8198, 1, 2, 2, 2))
        let column = Column(name: "x", label: "x", values: .real(values), unit: .absent)
        #expect(column.missing.count == 1 && column.missing.contains(place))
      }
    }
  }

  @Test func largeSumsOfWholeNumbersDoNotOverflow() {
    // 2^52 · 4096 needs more than 64 bits; half of them negative do not, though their size says so.
    let large = [Int64](repeating: 1 << 52, count: 4096)
    #expect(whole(large)?.mean == 0x1p52)
    let balanced = large.enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element }
    #expect(whole(balanced)?.mean == 0)
  }

  private func whole(_ values: [Int64]) -> ColumnStatistics? {
    Column(name: "n", label: "n", values: .integer(values), unit: .absent).statistics
  }

  @Test func newValuesHaveNewStatistics() {
    var column = Column(
      name: "x", label: "x", values: .real([Double](repeating: 1, count: 5000)), unit: .absent)
    #expect(column.statistics?.mean == 1)
    let before = column
    column.values = .real([Double](repeating: 3, count: 5000))
    #expect(column.statistics?.mean == 3)
    #expect(column != before)
    column.values = before.values
    #expect(column == before)
  }
}
