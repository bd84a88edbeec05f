public import Reading
public import Tables
public import Units

/// What a study says about its samples and options; every part has a default.
public struct StudySettings: Sendable {
  /// A key with its text and where it stands, to be handed to the command it belongs to.
  public struct Setting: Hashable, Sendable {
    /// The key: a long option name with `_` for `-`, or a dotted key of a simulation.
    public var key: String
    /// The value as text.
    public var text: String
    /// Where it stands: `study.yaml line 7`.
    public var source: String

    /// A setting from its parts.
    public init(key: String, text: String, source: String) {
      self.key = key
      self.text = text
      self.source = source
    }
  }

  /// What is said about one sample.
  public struct Sample: Sendable {
    /// The name as the study spells it.
    public var name: String
    /// The film thickness; nil where growth gives it.
    public var thickness: Measured<Length>?
    /// The metal to simulate, `Li` or `Na`; nil for the study's metals.
    public var metal: String?
    /// Patterns of the paths that belong to the sample (`*`, `**`, `?`), relative to the folder.
    public var files: [String]

    /// A sample from its parts.
    public init(
      name: String, thickness: Measured<Length>? = nil, metal: String? = nil, files: [String] = []
    ) {
      self.name = name
      self.thickness = thickness
      self.metal = metal
      self.files = files
    }
  }

  /// The title of the report; nil for the folder's name.
  public var title: String?
  /// The thickness that one ALD and one MLD cycle add, where nothing is measured.
  public var growthPerPair = Measured(SampleName.growthPerPair, source: "default")
  /// The samples that the study names, in its order.
  public var samples: [Sample] = []
  /// The options of the force-curve analysis.
  public var force: [Setting] = []
  /// The options of the analysis of cycler logs.
  public var cycling: [Setting] = []
  /// The options of the analysis of absorption spectra.
  public var absorption: [Setting] = []
  /// The options of the analysis of backscattering spectra.
  public var backscattering: [Setting] = []
  /// The metals to simulate; nil for the sample's own, or Li and Na.
  public var metals: [String]?
  /// Overrides of the plating configuration, dotted keys.
  public var plate: [Setting] = []

  /// What the study says about inputs whose path fits a pattern, in its order.
  public var inputs: [(pattern: String, said: InputStatements)] = []

  /// What reading the study had to say.
  public var diagnostics: [Diagnostic] = []

  /// The defaults: no configuration at all.
  public init() {}

  /// The sample that a file belongs to.
  ///
  /// A sample of the study whose pattern fits comes first, then a film name found in the path, then the
  /// name of the sub-folder, then the name of the study's folder.
  ///
  /// - Parameters:
  ///   - path: the path relative to the study's folder.
  ///   - folder: the name of the study's folder.
  public func sample(ofFile path: String, folder: String) -> String {
    if let sample = samples.first(where: { $0.files.contains { PathPattern.matches($0, path) } }) {
      return sample.name
    }
    if let name = SampleName(inPath: path) {
      let film = name.text
      return samples.first { SampleName(in: $0.name[...])?.text == film }?.name ?? film
    }
    let parts = path.split(separator: "/")
    return parts.count >= 2 ? String(parts[parts.count - 2]) : folder
  }

  /// The sample of an input; an archive that holds it directly counts as a folder without extension.
  func sample(of input: BatchInput, folder: String) -> String {
    let found = sample(ofFile: input.shown, folder: folder)
    guard let member = input.member, !member.name.contains("/"),
      input.shown.dropLast(member.name.count + 1).split(separator: "/").last.map(String.init)
        == found
    else { return found }
    return input.folderName
  }

  /// What the study says about a sample; nil where it says nothing.
  public subscript(sample name: String) -> Sample? { samples.first { $0.name == name } }
}

/// Shell-like patterns over paths: `*` and `?` stay within a folder, `**` does not.
enum PathPattern {
  /// Whether the whole path fits the pattern.
  static func matches(_ pattern: String, _ path: String) -> Bool {
    // Positions of the pattern that may be reached after each byte of the path: no backtracking.
    let pattern = Array(pattern.utf8)
    var reached = closure([0], pattern)
    for byte in path.utf8 {
      var next: Set<Int> = []
      for position in reached where position < pattern.count {
        switch pattern[position] {
        case UInt8(ascii: "*"):
          let crosses = position + 1 < pattern.count && pattern[position + 1] == UInt8(ascii: "*")
          if crosses || byte != UInt8(ascii: "/") { next.insert(position) }
        case UInt8(ascii: "?"):
          if byte != UInt8(ascii: "/") { next.insert(position + 1) }
        default:
          if pattern[position] == byte { next.insert(position + 1) }
        }
      }
      if next.isEmpty { return false }
      reached = closure(next, pattern)
    }
    return reached.contains(pattern.count)
  }

  /// Adds the positions behind stars, which may stand for nothing.
  private static func closure(_ positions: Set<Int>, _ pattern: [UInt8]) -> Set<Int> {
    var all = positions
    var open = Array(positions)
    while let position = open.popLast() {
      guard position < pattern.count, pattern[position] == UInt8(ascii: "*") else { continue }
      let crosses = position + 1 < pattern.count && pattern[position + 1] == UInt8(ascii: "*")
      let behind = position + (crosses ? 2 : 1)
      if all.insert(behind).inserted { open.append(behind) }
    }
    return all
  }
}
