internal import ArgumentParser
internal import Interphase

/// `recipe`: validates and drafts recipes for text formats.
struct RecipeCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Check a recipe for a text format, or draft one from a sample.",
    discussion: "docs/recipes.md shows how a recipe is written.",
    subcommands: [Check.self, Learn.self])
  static let example = "interphase recipe learn TestData/sims/iontof-spectrum/film_negative.txt"

  /// `recipe check`: validates a recipe and shows what it makes of samples.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Validate a recipe, and show what it makes of samples.")

    @Argument(help: ArgumentHelp("The recipe.", valueName: "FILE"))
    var file: String

    @Argument(help: ArgumentHelp("Files to read with it.", valueName: "SAMPLE"))
    var samples: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
      let clock = RunClock()
      let recipe = try RecipeCommand.recipe(file)
      if !common.json { Terminal.out(RecipeCommand.describe(recipe)) }
      var configured = InputReader(format: recipe.id)
      configured.options.addedFormats = [recipe.entry]
      configured.explains = true
      let reader = configured
      var reports: [InputReport] = []
      for input in try samples.isEmpty ? [] : InputList.expand(samples, reader: reader) {
        let reading = input.read(with: reader)
        let sample = input.shown
        var fields = ResultObject()
        fields["detection"] = reading.detectionResult
        if case .success(let dataset) = reading.outcome {
          let own = dataset.resultFields
          for key in own.keys { fields[key] = own[key] }
          if !common.json { Terminal.out(InspectText.describe(sample, reading, dataset)) }
        }
        if !common.json { Terminal.out(InspectText.explain(reading)) }
        let report = reading.report(input, fields: fields, more: rivals(reading, of: recipe.id))
        common.report(report.diagnostics, file: sample)
        reports.append(report)
      }
      var document = ResultDocument(
        version: interphaseVersion, command: "recipe check", run: clock.run, inputs: reports,
        skipped: [])
      document.fields["recipe"] = RecipeCommand.fields(recipe)
      if common.json { Terminal.out(bytes: document.json) }
      if reports.contains(where: { $0.status == .error }) { throw InputsFailed() }
    }

    /// A warning where the recipe would not be chosen for the sample.
    private func rivals(_ reading: InputReading, of id: String) -> [Diagnostic] {
      let candidates = reading.detection?.candidates ?? []
      let own = candidates.first { $0.format.id == id }?.score ?? 0
      let other = candidates.first { $0.format.id != id && $0.score >= 50 }
      if own >= 50, (other?.score ?? 0) <= own - 10 { return [] }
      let rival = other.map { ", \($0.format.id) gives \($0.score)" } ?? ""
      return [
        Diagnostic(
          .warning, "recipe.not-recognised",
          found: "the recipe gives the file \(own) points\(rival)",
          expected: "expected at least 50 points, and 10 more than any other format")
      ]
    }
  }

  /// `recipe learn`: drafts a recipe from a sample.
  struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draft a recipe from a sample: delimiter, decimal mark, header, units, time column."
    )

    @Argument(help: ArgumentHelp("A file of the format.", valueName: "SAMPLE"))
    var sample: String

    @OptionGroup var common: CommonOptions

    func run() throws {
      let bytes: ByteView
      let draft: RecipeDraft
      do throws(ReadFailure) {
        bytes = try RecipeCommand.content(sample)
        var name = String(sample.split(separator: "/").last ?? "")
        if name.hasSuffix(".gz") { name = String(name.dropLast(3)) }
        draft = try RecipeDraft(bytes, name: name)
      } catch {
        Terminal.error(Terminal.line(error.diagnostic, file: sample))
        throw InputsFailed()
      }
      guard common.json else {
        Terminal.out(draft.text)
        return
      }
      Terminal.out(bytes: JSONWriter.document(.object(fields(draft, bytes))))
    }

    private func fields(_ draft: RecipeDraft, _ bytes: ByteView) -> ResultObject {
      let dialect = draft.table.dialect
      var fields = ResultObject()
      fields["interphase"] = .text(interphaseVersion)
      fields["command"] = .text("recipe learn")
      fields["file"] = .text(sample)
      fields["recipe"] = .text(draft.text)
      fields["delimiter"] = .text(dialect.delimiter.name)
      fields["decimal_mark"] = .text(String(Character(Unicode.Scalar(dialect.decimalMark))))
      fields["header_line"] = draft.table.headerLine.map { .integer($0.number) } ?? .null
      fields["units_row"] = .flag(draft.table.hasUnitsRow)
      fields["data_line"] = .integer(draft.table.dataLine)
      fields["technique"] = .text(draft.technique.rawValue)
      fields["axis"] = draft.axis.map { .text($0) } ?? .null
      fields["columns"] = .list(
        draft.columns.map {
          .fields([
            "label": .text($0.label), "name": .text($0.name),
            "unit": $0.unit.map { .text($0) } ?? .null, "type": .text($0.type),
          ])
        })
      // What the draft makes of its own sample.
      do throws(ReadFailure) {
        let recipe = try Recipe(draft.text)
        let dataset = try recipe.read(bytes, name: sample, options: ReadOptions())
        fields["tables"] = dataset.resultFields["tables"] ?? .list([])
        fields["problem"] = .null
      } catch {
        fields["tables"] = .list([])
        fields["problem"] = .text("\(error.diagnostic.place): \(error.diagnostic.message)")
      }
      return fields
    }
  }

  // MARK: Helpers

  /// The recipe of a file; exit 64 where it is wrong.
  static func recipe(_ file: String) throws -> Recipe {
    do throws(RecipeFolder.Failure) {
      return try RecipeFolder.read(file: file)
    } catch {
      throw UsageFailure(escapedControls(error.text))
    }
  }

  static func content(_ path: String) throws(ReadFailure) -> ByteView {
    let stored = path == "-" ? try FileSource.standardInput() : try FileSource.open(path: path)
    return stored.starts(with: [0x1F, 0x8B])
      ? try Gzip.inflate(stored, limits: ExpansionLimits()) : stored
  }

  static func describe(_ recipe: Recipe) -> String {
    let names = recipe.columns.map(\.name.source).joined(separator: ", ")
    return escapedControls(
      "\(recipe.id): \(recipe.title); \(recipe.technique.rawValue); \(recipe.columns.count) rules for columns: \(names)"
    )
  }

  static func fields(_ recipe: Recipe) -> ResultValue {
    .fields([
      "id": .text(recipe.id), "title": .text(recipe.title),
      "technique": .text(recipe.technique.rawValue), "sha256": .text(recipe.sha256),
      "columns": .list(recipe.columns.map { .text($0.name.source) }),
    ])
  }
}
