@testable import Study
import Testing

@Suite("Study settings")
struct StudySettingsTests {
  @Test func patterns() {
    let cases: [(String, String, Bool)] = [
      ("afm/n10*/**", "afm/n10_a/x/y.ibw", true), ("afm/n10*/**", "afm/n25/x.ibw", false),
      ("cycling/Na10*", "cycling/Na10_1.mpt", true), ("cycling/Na10*", "cycling/Na10/1.mpt", false),
      ("*.ibw", "a.ibw", true), ("*.ibw", "b/a.ibw", false), ("**.ibw", "b/a.ibw", true),
      ("a?c", "abc", true), ("a?c", "a/c", false), ("", "", true), ("", "a", false),
    ]
    for (pattern, path, expected) in cases {
      #expect(PathPattern.matches(pattern, path) == expected, "\(pattern) on \(path)")
    }
  }

  /// A pattern that would take a backtracking matcher exponential time.
  @Test func manyStars() {
    let path = String(repeating: "a", count: 200)
    #expect(!PathPattern.matches(String(repeating: "*a", count: 60) + "b", path))
    #expect(PathPattern.matches(String(repeating: "*a", count: 60), path))
  }

  @Test func sampleOfAFile() {
    var settings = StudySettings()
    settings.samples = [
      .init(name: "thin", files: ["afm/n10/**"]), .init(name: "Na@(1ALD-1MLD)25"),
    ]
    #expect(settings.sample(ofFile: "afm/n10/1.ibw", folder: "study") == "thin")
    #expect(settings.sample(ofFile: "na_1ALD-1MLD_25/1.ibw", folder: "study") == "Na@(1ALD-1MLD)25")
    #expect(settings.sample(ofFile: "(1ALD-1MLD)50/1.ibw", folder: "study") == "(1ALD-1MLD)50")
    #expect(settings.sample(ofFile: "other/1.ibw", folder: "study") == "other")
    #expect(settings.sample(ofFile: "1.ibw", folder: "study") == "study")
  }
}
