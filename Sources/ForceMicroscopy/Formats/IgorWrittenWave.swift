internal import Bytes
internal import Tables

/// One wave of an Igor text file: its points, and what the commands behind its block say about it.
struct IgorWrittenWave {
  /// What the wave says about itself.
  var shape: IgorShape
  /// The numbers; nil for a text wave.
  var points: IgorTextPoints?
  /// The texts of a text wave.
  var texts: [String] = []
  /// Where its block stands.
  var origin: Origin
  /// The note, line by line.
  var noteText = ""
  /// The lines that hold the note.
  var noteLines: ClosedRange<Int>?
}

/// Commands of an Igor text file that say something about its waves.
struct IgorTextCommand {
  private let words: [IgorTextWords.Word]
  /// Escapes in its strings that are not known.
  let strangeEscapes: Int

  /// A command without the `X` before it.
  init(_ text: String) {
    var splitter = IgorTextWords(text)
    words = splitter.all()
    strangeEscapes = splitter.strangeEscapes
  }

  /// Applies the command to the waves it names; false where it is not understood.
  ///
  /// - Parameter names: the last wave of each name, in lower case.
  func apply(to waves: inout [IgorWrittenWave], line: Int, names: [String: Int]) -> Bool {
    guard case .name(let verb)? = words.first else { return false }
    switch verb.lowercased() {
    case "setscale": return scale(&waves, names)
    case "setdimlabel": return label(&waves, names)
    case "note": return note(&waves, line: line, names)
    default: return false
    }
  }

  /// The waves of a list of names, which may be paths of data folders.
  private func targets(
    _ list: some Sequence<IgorTextWords.Word>, _ names: [String: Int]
  ) -> [Int] {
    list.compactMap { word in
      guard case .name(let path) = word else { return nil }
      let name = path.split(separator: ":").last.map(String.init) ?? path
      return names[name.trimmingQuotes.lowercased()]
    }
  }

  /// `SetScale[/I/P] dim, num1, num2 [, units], waves`; without a flag num2 is the end of the range.
  private func scale(_ waves: inout [IgorWrittenWave], _ names: [String: Int]) -> Bool {
    var flags = ""
    var rest: [IgorTextWords.Word] = []
    for word in words.dropFirst() {
      if case .flag(let letters, _) = word { flags += letters } else { rest.append(word) }
    }
    guard rest.count >= 4, let first = Double(rest[1].content), let second = Double(rest[2].content)
    else { return false }
    let dimension = rest[0].content.lowercased()
    var unit: String?
    if case .text(let text) = rest[3] { unit = text }
    let named = targets(rest.dropFirst(unit == nil ? 3 : 4), names)
    guard !named.isEmpty else { return false }
    if dimension == "d" {
      for i in named { waves[i].shape.dataUnits = unit ?? "" }
      return true
    }
    guard let axis = ["x", "y", "z", "t"].firstIndex(of: dimension) else { return false }
    for i in named {
      let count = axis < waves[i].shape.dimensions.count ? waves[i].shape.dimensions[axis] : 0
      let step: Double
      if flags.contains("P") {
        step = second
      } else {
        let intervals = flags.contains("I") ? count - 1 : count
        guard intervals > 0 else { continue }
        step = (second - first) / Double(intervals)
      }
      waves[i].shape.extend(to: axis)
      waves[i].shape.steps[axis] = step
      waves[i].shape.origins[axis] = first
      if let unit { waves[i].shape.dimensionUnits[axis] = unit }
    }
    return true
  }

  /// `SetDimLabel dim, index, label, waves`; the index −1 names the dimension itself.
  private func label(_ waves: inout [IgorWrittenWave], _ names: [String: Int]) -> Bool {
    guard words.count >= 5, let axis = Int(words[1].content), let index = Int(words[2].content),
      (0..<4).contains(axis), index >= -1
    else { return false }
    let named = targets(words.dropFirst(4), names)
    for i in named {
      let lengths = waves[i].shape.dimensions
      // No label beyond the dimension, so that no index makes a list of any length.
      guard axis < lengths.count, index < lengths[axis] else { return false }
      while waves[i].shape.labels[axis].count <= index + 1 {
        waves[i].shape.labels[axis].append("")
      }
      waves[i].shape.labels[axis][index + 1] = words[3].content
    }
    return !named.isEmpty
  }

  /// `Note[/K/NOCR] wave, "text"`: adds to the note, after a CR unless `/NOCR` says so.
  private func note(_ waves: inout [IgorWrittenWave], line: Int, _ names: [String: Int]) -> Bool {
    var flags = ""
    var rest: [IgorTextWords.Word] = []
    for word in words.dropFirst() {
      if case .flag(let letters, _) = word { flags += letters } else { rest.append(word) }
    }
    guard let i = targets(rest.prefix(1), names).first else { return false }
    let texts = rest.dropFirst().compactMap { word in
      if case .text(let text) = word { text } else { nil }
    }
    if flags.contains("K") { waves[i].noteText = "" }
    guard let text = texts.first else { return flags.contains("K") }
    if !waves[i].noteText.isEmpty, !flags.contains("NOCR") { waves[i].noteText += "\r" }
    waves[i].noteText += text
    waves[i].noteLines = (waves[i].noteLines?.lowerBound ?? line)...line
    return true
  }
}

extension String {
  /// Without single quotes around it.
  fileprivate var trimmingQuotes: String {
    count > 1 && hasPrefix("'") && hasSuffix("'") ? String(dropFirst().dropLast()) : self
  }
}

extension IgorShape {
  /// Makes room for the scaling of a dimension: 1 and 0, no unit.
  fileprivate mutating func extend(to axis: Int) {
    while steps.count <= axis { steps.append(1) }
    while origins.count <= axis { origins.append(0) }
    while dimensionUnits.count <= axis { dimensionUnits.append("") }
  }
}
