import Study
import Testing
import Units

@Suite("Sample names")
struct SampleNameTests {
  @Test func spellings() throws {
    let cases: [(String, String)] = [
      ("Na@(1ALD-1MLD)10", "Na@(1ALD-1MLD)10"), ("(1ALD-1MLD)25", "(1ALD-1MLD)25"),
      ("Li_2ALD-2MLD_25", "Li@(2ALD-2MLD)25"), ("film 5ald 5mld 10 b.ibw", "(5ALD-5MLD)10"),
      ("Cu-(1ALD-1MLD)50_03.ibw", "Cu@(1ALD-1MLD)50"), ("bare Na", "bare Na"),
      ("bare_li_2.ibw", "bare Li"), ("Alumina(1ALD-1MLD)10", "(1ALD-1MLD)10"),
    ]
    for (text, expected) in cases {
      let name = try #require(SampleName(in: text[...]), "\(text)")
      #expect(name.text == expected)
    }
  }

  @Test func noName() {
    for text in ["elastic_0.ibw", "ALD-MLD", "0ALD-0MLD 5", "barely Nadir", "1ALD-1MLD", ""] {
      #expect(SampleName(in: text[...]) == nil, "\(text)")
    }
  }

  /// Thicknesses and kinds as the paper gives them (design page "Study", step 3).
  @Test func thicknessAndKind() throws {
    let cases: [(String, Double, SampleName.Kind)] = [
      ("(1ALD-1MLD)10", 4, .alloy), ("(1ALD-1MLD)25", 10, .alloy), ("(1ALD-1MLD)50", 20, .alloy),
      ("(2ALD-2MLD)25", 20, .alloy), ("(5ALD-5MLD)10", 20, .laminate),
      ("(3ALD-5MLD)10", 16, .mixed),
    ]
    for (text, nanometres, kind) in cases {
      let name = try #require(SampleName(in: text[...]))
      #expect(abs(name.thickness().value(in: .nanometre) - nanometres) < 1e-9)
      #expect(name.kind == kind)
    }
    let name = try #require(SampleName(in: "(2ALD-3MLD)4"))
    #expect(name.cycles == (8, 12))
  }

  @Test func deepestComponentWins() throws {
    let name = try #require(SampleName(inPath: "study/(1ALD-1MLD)10/afm/Na@(1ALD-1MLD)25_1.ibw"))
    #expect(name.text == "Na@(1ALD-1MLD)25")
    #expect(SampleName(inPath: "(1ALD-1MLD)10/afm/curve_1.ibw")?.text == "(1ALD-1MLD)10")
  }
}
