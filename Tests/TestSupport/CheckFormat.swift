import Bytes
import FormatRegistry
public import Reading
import Tables

/// What every format must hold, whatever it reads: checks that a new format gets for free.
///
/// Each check returns what is wrong, in words; an empty list is a pass. The rules are those of
/// docs/architecture.md: a reader never traps, and never loses data without a word.
public enum CheckFormat {
  /// A sample file with its content.
  public struct Sample: Sendable {
    /// The path below TestData.
    public var path: String
    /// The content.
    public var bytes: [UInt8]

    /// The file name without folders.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  /// The samples of TestData that a format recognises as its own, the smallest first.
  public static func samples(of format: any FileFormat.Type) -> [Sample] {
    samplesByFormat[format.id] ?? []
  }

  /// The samples by the format that recognises them; made once, since every format sniffs every sample.
  private static let samplesByFormat: [String: [Sample]] = {
    var found: [String: [Sample]] = [:]
    for sample in all {
      let head = FileHead(ByteView(sample.bytes), name: sample.name)
      switch FormatRegistry.detect(head).verdict {
      case .recognised(let format), .fallback(let format):
        found[format.id, default: []].append(sample)
      case .ambiguous, .unrecognised: break
      }
    }
    return found.mapValues { samples in
      samples.sorted { ($0.bytes.count, $0.path) < ($1.bytes.count, $1.path) }
    }
  }()

  private static let folders = ["afm", "cycling", "rbs", "sims", "simulation", "xas"]

  /// Every sample of TestData, without the truth and the study files.
  public static let all: [Sample] = folders.flatMap { folder in
    TestData.samples(folder).compactMap { path in
      do throws(ReadFailure) {
        return Sample(path: path, bytes: try FileSource.open(path: TestData.path(path)).array)
      } catch {
        return nil
      }
    }
  }

  /// No two formats claim a sample with 80 or more, and one wins clearly.
  public static func detection(_ sample: Sample) -> [String] {
    let head = FileHead(ByteView(sample.bytes), name: sample.name)
    let detection = FormatRegistry.detect(head)
    let sure = detection.candidates.filter { $0.score >= 80 }
    var problems: [String] = []
    if sure.count > 1 {
      problems.append("\(sample.path): claimed by \(sure.map { "\($0.format.id) \($0.score)" })")
    }
    for candidate in detection.candidates where candidate.reasons.isEmpty {
      problems.append("\(sample.path): \(candidate.format.id) gives no reason")
    }
    return problems
  }

  /// Every prefix gives an error, a new diagnostic, or all the data.
  ///
  /// - Parameter step: the distance of two cuts; 1 tries every prefix.
  public static func truncation(
    _ format: any FileFormat.Type, _ sample: Sample, step: Int
  ) -> [String] {
    guard let whole = digest(format, sample.bytes, sample.name) else {
      return ["\(sample.path): the whole sample is not read"]
    }
    let isText = TextVariant.isText(sample.bytes)
    var problems: [String] = []
    for length in stride(from: 0, to: sample.bytes.count, by: step) {
      guard let cut = digest(format, Array(sample.bytes.prefix(length)), sample.name) else {
        continue
      }
      // Text that ends with a line is a whole, shorter file.
      if isText, length > 0, [0x0A, 0x0D].contains(sample.bytes[length - 1]) { continue }
      if let loss = cut.silentLoss(against: whole, ofValuesToo: true) {
        problems.append("\(sample.path) cut after \(length) bytes: \(loss)")
      }
    }
    return problems
  }

  /// What single flipped bits did to a sample.
  public struct Flips: Sendable {
    /// Losses without a word.
    public var problems: [String] = []
    /// Flips within the first `header` bytes, and those of them that the reader noticed.
    public var tried = 0, noticed = 0
  }

  /// Flipped bits give an error, a new diagnostic, or no fewer tables, rows, values and settings.
  ///
  /// Every bit of the first 128 bytes, one bit of each byte up to 1024 and 200 seeded bits beyond.
  public static func bitFlips(_ format: any FileFormat.Type, _ sample: Sample, header: Int) -> Flips
  {
    var result = Flips()
    guard let whole = digest(format, sample.bytes, sample.name) else {
      result.problems = ["\(sample.path): the whole sample is not read"]
      return result
    }
    for (position, bit) in flipPlaces(sample.bytes.count) {
      var changed = sample.bytes
      changed[position] ^= UInt8(1 << bit)
      let flipped = digest(format, changed, sample.name)
      if position < header {
        result.tried += 1
        if flipped.map({ $0.hasNews(against: whole) }) ?? true { result.noticed += 1 }
      }
      // A line end or blank that becomes a letter joins two parts of free text: nobody can see that.
      let wasSeparator = [0x09, 0x0A, 0x0D, 0x20].contains(sample.bytes[position])
      if let loss = flipped?.silentLoss(
        against: whole, ofValuesToo: false, spareSettings: wasSeparator ? 1 : 0)
      {
        result.problems.append("\(sample.path) bit \(bit) of byte \(position): \(loss)")
      }
    }
    return result
  }

  private static func flipPlaces(_ count: Int) -> [(Int, Int)] {
    var places: [(Int, Int)] = []
    for position in 0..<min(count, 1024) {
      if position < 128 {
        places += (0..<8).map { (position, $0) }
      } else {
        places.append((position, position % 8))
      }
    }
    // Numerical Recipes' 64-bit linear congruence, seeded, for places that never change.
    var state: UInt64 = 20_260_101
    for _ in 0..<(count > 1024 ? 200 : 0) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      places.append((1024 + Int(state >> 33) % (count - 1024), Int(state >> 20) % 8))
    }
    return places
  }

  /// The digest of what a format reads; nil where it throws.
  static func digest(
    _ format: any FileFormat.Type, _ bytes: [UInt8], _ name: String
  ) -> DatasetDigest? {
    switch Reading.read(format, ByteView(bytes), name: name) {
    case .success(let dataset): DatasetDigest(dataset)
    case .failure: nil
    }
  }
}
