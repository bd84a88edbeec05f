import Configuration
import Tables
import Testing
import Units

@Suite struct BadConfigurationTests {
  private let schema = Example.schema

  private func failure(_ text: String, set: [String] = []) -> Diagnostic? {
    do {
      _ = try schema.read(text, set: set)
      return nil
    } catch {
      return error.diagnostic
    }
  }

  /// simulation.md §Bad input: text, code, place.
  @Test func errorsWithLineAndColumn() {
    let rows: [(String, String, Place)] = [
      ("film: {thicknes: 4 nm}", "config.unknown-key", .cell(line: 1, column: 8)),
      ("\nfoo: 1", "config.unknown-key", .cell(line: 2, column: 1)),
      ("solver: sharp\nsolver: sharp", "config.repeated-key", .cell(line: 1, column: 1)),
      ("film: {poisson: 0.2}\nfilm.poisson: 0.2", "config.repeated-key", .cell(line: 2, column: 1)),
      ("film:\n  thickness: 4", "config.unit", .cell(line: 2, column: 14)),
      ("film: {thickness: 4 GPa}", "config.dimension", .cell(line: 1, column: 19)),
      ("film: {thickness: 4 foo}", "config.unit", .cell(line: 1, column: 19)),
      ("film: {thickness: four nm}", "config.number", .cell(line: 1, column: 19)),
      ("film: {thickness: 0 nm}", "config.range", .cell(line: 1, column: 19)),
      ("film: {thickness: -4 nm}", "config.range", .cell(line: 1, column: 19)),
      ("film: {thickness: 1e400 nm}", "config.range", .cell(line: 1, column: 19)),
      ("film: {modulus: 25 ± -5 GPa}", "config.uncertainty", .cell(line: 1, column: 17)),
      ("film: {poisson: 0.5}", "config.range", .cell(line: 1, column: 17)),
      ("kinetics: {overpotential: 0.1 V}", "config.range", .cell(line: 1, column: 27)),
      ("kinetics: {temperature: -300 Cel}", "config.range", .cell(line: 1, column: 25)),
      ("solver: fast", "config.choice", .cell(line: 1, column: 9)),
      ("numerics: {points: 2.5}", "config.number", .cell(line: 1, column: 20)),
      ("numerics: {points: 7}", "config.range", .cell(line: 1, column: 20)),
      ("film: {metal_compliance: maybe}", "config.choice", .cell(line: 1, column: 26)),
      ("film: 4 nm", "config.type", .cell(line: 1, column: 7)),
      ("film: {thickness: [4 nm]}", "config.type", .cell(line: 1, column: 19)),
      ("film: {thickness: }", "config.type", .cell(line: 1, column: 8)),
      ("film: {modulus: {value: 2 GPa, v: 3}}", "config.unknown-key", .cell(line: 1, column: 32)),
      ("film: {modulus: {from: results.json}}", "config.reference", .cell(line: 1, column: 24)),
      (
        "film: {modulus: {from: a#b, thick: 1 nm}}", "config.unknown-key",
        .cell(line: 1, column: 29)
      ),
      (
        "film: {modulus: {from: a#b, substrate: 1 nm}}", "config.dimension",
        .cell(line: 1, column: 40)
      ),
      ("[1, 2]", "config.type", .cell(line: 1, column: 1)),
      ("just text", "config.type", .cell(line: 1, column: 1)),
      ("a: 1\n---\nb: 2", "config.documents", .cell(line: 2, column: 1)),
      // The end of the file, where the brace is missed.
      ("film: {thickness: 4 nm", "config.syntax", .cell(line: 2, column: 1)),
      ("film:\n\tthickness: 4 nm", "config.syntax", .cell(line: 2, column: 1)),
      ("cases: {label: a}", "config.type", .cell(line: 1, column: 8)),
      ("cases:\n  - {label: a}\n  - {label: a}", "config.label", .cell(line: 3, column: 5)),
      ("cases:\n  - {film.thickness: 4 nm}", "config.label", .cell(line: 2, column: 5)),
      (
        "cases:\n  - {label: a, film.thicknes: 4 nm}", "config.unknown-key",
        .cell(line: 2, column: 16)
      ),
      ("samples: {a: {thicknes: 4 nm}}", "config.unknown-key", .cell(line: 1, column: 15)),
      ("a: &x 1\nb: *x", "config.alias", .line(2)),
      ("? [a, b]\n: 1", "config.key", .cell(line: 1, column: 3)),
    ]
    for (text, code, place) in rows {
      let found = failure(text)
      #expect(found?.code == code, "\(text): \(found?.message ?? "accepted")")
      #expect(found?.place == place, "\(text)")
      #expect(found?.expected.isEmpty == false, "\(text)")
    }
  }

  @Test func messagesNameWhatIsExpected() {
    #expect(
      failure("film: {thicknes: 4 nm}")?.expected == "the nearest known key is 'film.thickness'")
    #expect(failure("fil: {thickness: 4 nm}")?.expected == "the nearest known key is 'film'")
    #expect(failure("thickness: 4 nm")?.expected == "the nearest known key is 'film.thickness'")
    #expect(failure("film: {thickness: 4}")?.found == "film.thickness: '4' has no unit")
    #expect(
      failure("film: {thickness: 4 GPa}")?.message
        == "film.thickness: 'GPa' is a pressure or modulus (Pa); "
        + "a length > 0 nm with its unit, such as `4 nm`")
    #expect(failure("solver: fast")?.expected == "`phase-field`, `sharp`")
    #expect(
      failure("completely_different_and_long: 1")?.expected
        == "one of the keys that --print-defaults lists")
  }

  @Test func options() {
    #expect(failure("", set: ["film.thickness"])?.code == "config.set")
    #expect(failure("", set: ["=4"])?.code == "config.set")
    #expect(failure("", set: ["film.thicknes=4 nm"])?.code == "config.unknown-key")
    #expect(failure("", set: ["film.thickness=4"])?.code == "config.unit")
    #expect(failure("", set: ["film.modulus={from"])?.code == "config.set")
    #expect(failure("", set: ["film.thickness=4 nm", "film.thickness=5 nm"]) == nil)
  }

  /// Files made to hurt: each is refused, fast, and with a word.
  @Test func hostileFiles() {
    let bomb =
      "a: &a [x,x]\n" + (0..<40).map { "b\($0): &b\($0) [*a,*a]\n" }.joined() + "? *b39\n: 1"
    let texts = [
      bomb, String(repeating: "[", count: 5000), String(repeating: "{a: ", count: 5000),
      String(repeating: "- ", count: 5000), String(repeating: "? ", count: 5000),
      (0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
      String(repeating: "x", count: 2 << 20), "a\u{0}b: 1", "\u{1}", "!!binary x",
      "%YAML 9.9\n---\n",
      "film: !!python/object x", "\"", "'", "|", ">\n", "&", "*", "*a", "&a", "- - -", ":", "::",
      "? ", "{", "}", "]", "@", "`", "film: {thickness: 4 nm}}", "--- ---",
    ]
    for text in texts {
      if let found = failure(text) {
        #expect(found.code.hasPrefix("config."), "\(text.prefix(40))")
      } else {
        // What is accepted says nothing.
        #expect(["%YAML 9.9\n---\n", "&a", ">\n", "|"].contains(text), "\(text.prefix(40))")
      }
    }
  }

  @Test func randomDamageNeverTraps() {
    let good = Array(
      """
      metal: Na
      film: {thickness: 10 nm, modulus: 25 ± 5 GPa}
      cases:
        - {label: a, film.thickness: 4 nm}
        - label: b
          film: {poisson: 0.3}
      samples: {x: {files: ["a*", b]}}
      """.utf8)
    var state = UInt64(7)
    func random(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }
    var refused = 0
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<(1 + random(3)) {
        let special = Array("{}[]:,-&*!|>'\"%@`#\n\t ?~\u{0}é".utf8)
        bytes[random(bytes.count)] = special[random(special.count)]
      }
      if let found = failure(String(decoding: bytes, as: UTF8.self)) {
        refused += 1
        #expect(found.code.hasPrefix("config."))
      }
    }
    #expect(refused > 1000)
  }
}
