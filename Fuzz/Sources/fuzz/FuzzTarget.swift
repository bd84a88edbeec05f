import Interphase

/// What one run of the fuzzer feeds with its bytes; a trap, a broken promise or a hang is a find.
enum FuzzTarget {
  typealias Body = @Sendable ([UInt8]) -> Void

  /// The layers below the formats, by name.
  static let layers: [(name: String, body: Body)] = [
    ("number", FuzzLayers.number), ("json", FuzzLayers.json), ("xml", FuzzLayers.xml),
    ("zip", FuzzLayers.zip), ("gzip", FuzzLayers.gzip), ("unit", FuzzLayers.unit),
    ("quantity", FuzzLayers.quantity), ("label", FuzzLayers.label),
    ("detection", FuzzLayers.detection), ("recipe", FuzzTexts.recipe),
    ("recipe-draft", FuzzTexts.recipeDraft), ("study", FuzzTexts.study),
    ("configuration", FuzzTexts.configuration), ("option", FuzzTexts.option),
    ("why", FuzzTexts.why), ("rbs-inspect", FuzzBackscattering.inspect),
    ("rbs-simulate", FuzzBackscattering.simulate), ("rbs-tables", FuzzBackscattering.tables),
  ]

  /// All names: every registered format, then the layers.
  static var names: [String] { FormatRegistry.all.map { $0.id } + layers.map(\.name) }

  /// Written once, before the fuzzer starts its only thread.
  nonisolated(unsafe) private static var body: Body = { _ in }

  /// Makes a target the one that runs; false where there is none of that name.
  static func select(_ name: String) -> Bool {
    if let format = FormatRegistry.format(id: name) {
      body = { FuzzFormat.read($0, format) }
      return true
    }
    guard let layer = layers.first(where: { $0.name == name }) else { return false }
    body = layer.body
    return true
  }

  /// One run.
  static func run(_ bytes: [UInt8]) { body(bytes) }
}

/// A reader under the fuzzer: it may refuse, but what it gives must keep the promises of a dataset.
enum FuzzFormat {
  static func read(_ bytes: [UInt8], _ format: any FileFormat.Type) {
    let view = ByteView(bytes)
    let score = format.recognise(FileHead(view, name: "input")).score
    guard (0...100).contains(score) else { fatalError("score \(score)") }
    do throws(ReadFailure) {
      check(try format.read(view, name: "input", options: ReadOptions()), size: bytes.count)
    } catch {
      check(error)
    }
  }

  /// What a recipe reads of a file.
  static func check(_ entry: FormatEntry, _ view: ByteView) {
    do throws(ReadFailure) {
      check(try entry.read(view, name: "input", options: ReadOptions()), size: view.count)
    } catch {
      check(error)
    }
  }

  private static func check(_ failure: ReadFailure) {
    guard failure.diagnostic.severity == .error, !failure.diagnostic.code.isEmpty else {
      fatalError("a failure without a code")
    }
  }

  private static func check(_ dataset: Dataset, size: Int) {
    for table in dataset.tables {
      for column in table.columns {
        guard column.count == table.rows else { fatalError("columns of unequal length") }
        for range in column.origin.bytes where column.origin.member == nil {
          guard range.lowerBound >= 0, range.upperBound <= size else {
            fatalError("an origin outside the file")
          }
        }
        guard let statistics = column.statistics else { continue }
        guard statistics.missing == column.missing.count else { fatalError("missing cells differ") }
        guard statistics.mean?.isFinite ?? true else { fatalError("a mean that is not finite") }
      }
      _ = CSVWriter.bytes(table)
    }
    for grid in dataset.grids {
      let points = grid.axes.reduce(1) { $0 * $1.count }
      guard grid.channels.allSatisfy({ $0.count == points }) else {
        fatalError("grid and axes differ")
      }
    }
  }
}
