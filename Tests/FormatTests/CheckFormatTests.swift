import FormatRegistry
import Reading
import TestSupport
import Testing

/// What every registered format must hold, over the samples of TestData.
@Suite struct CheckFormatTests {
  static let formats = FormatRegistry.all.map { $0.id }

  func format(_ id: String) throws -> any FileFormat.Type {
    try #require(FormatRegistry.format(id: id))
  }

  @Test func detectsEverySampleUniquely() {
    #expect(CheckFormat.all.count >= 13)
    #expect(CheckFormat.all.flatMap(CheckFormat.detection) == [])
  }

  /// Every format has a sample of its own.
  @Test(arguments: formats) func hasASample(_ id: String) throws {
    #expect(try !CheckFormat.samples(of: format(id)).isEmpty)
  }

  /// All prefixes up to 4 kB, every 97th beyond; large samples coarser.
  @Test(arguments: formats) func losesNothingSilentlyWhenCut(_ id: String) throws {
    let format = try format(id)
    for sample in CheckFormat.samples(of: format) {
      let size = sample.bytes.count
      let step = size <= 4096 ? 1 : size <= 20000 ? 97 : 997
      #expect(CheckFormat.truncation(format, sample, step: step).prefix(5) == [])
    }
  }

  @Test(arguments: formats) func losesNothingSilentlyWhenBitsFlip(_ id: String) throws {
    let format = try format(id)
    for sample in CheckFormat.samples(of: format).prefix(3) {
      let flips = CheckFormat.bitFlips(format, sample, header: 64)
      #expect(flips.problems.prefix(5) == [])
    }
  }

  @Test(arguments: formats) func readsEveryWayOfWritingText(_ id: String) throws {
    let format = try format(id)
    for sample in CheckFormat.samples(of: format) {
      #expect(CheckFormat.textVariants(format, sample) == [])
    }
  }

  @Test(arguments: formats) func exportsTheSameBits(_ id: String) throws {
    let format = try format(id)
    for sample in CheckFormat.samples(of: format) {
      #expect(CheckFormat.export(format, sample) == [])
    }
  }

  @Test(arguments: formats) func matchesTheTruth(_ id: String) throws {
    let format = try format(id)
    for sample in CheckFormat.samples(of: format) {
      let problems = try CheckFormat.truth(format, sample)
      #expect(problems == [])
    }
  }
}
