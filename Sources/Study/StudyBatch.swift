internal import Bytes
internal import FormatRegistry
public import Output
internal import Synchronization
public import Tables

/// Reads the files of a batch on several workers and keeps the journal of its results folder.
///
/// Every finished input is a line of the journal. A later run with ``Resumption/resumes`` takes from it
/// what did not change, and ends with the same bytes as a run that was never disturbed.
public struct StudyBatch: Sendable {
  /// What is taken from a journal.
  public struct Resumption: Hashable, Sendable {
    /// Whether the journal of an earlier run is gone on with.
    public var resumes = false
    /// Whether inputs that failed are read again though they did not change.
    public var retriesFailed = false
    /// Whether the content of unchanged inputs is compared too, not only size and time.
    public var verifies = false

    /// Nothing.
    public init(resumes: Bool = false, retriesFailed: Bool = false, verifies: Bool = false) {
      self.resumes = resumes
      self.retriesFailed = retriesFailed
      self.verifies = verifies
    }
  }

  /// What was read.
  public struct Reading: Sendable {
    /// The inputs in their order.
    public var inputs: [StudyInput]
    /// How many were taken from the journal; nil without one.
    public var fromJournal: Int?
    /// What making and writing the journal took; nil without one.
    public var times: GrowingFile.Times?
  }

  /// The command.
  public var command: String
  /// The results folder, held by this run; nil for none, and no journal.
  public var folder: ResultsFolder?
  /// What is taken from the journal.
  public var resumption: Resumption
  /// Workers.
  public var jobs: Int
  /// The journal while it is written, for a run that is told to end.
  public let running = RunningJournal()
  /// Called after each input, with inputs finished and inputs in all.
  public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Called with what there is to say of the journal, for the terminal.
  public var say: (@Sendable (Diagnostic, _ path: String) -> Void)?

  /// A batch.
  public init(
    command: String, folder: ResultsFolder? = nil, resumption: Resumption = Resumption(), jobs: Int
  ) {
    self.command = command
    self.folder = folder
    self.resumption = resumption
    self.jobs = jobs
  }

  /// Reads the inputs, or takes them from the journal.
  ///
  /// - Parameters:
  ///   - inputs: the inputs in order.
  ///   - reader: reads one.
  ///   - options: every option that results depend on, beside those of reading.
  /// - Throws: `OutputFailure` of kind `journal` where the journal belongs to another run, of kind
  ///   `system` where it cannot be written.
  public func read(
    _ inputs: [BatchInput], with reader: StudyReader, options: ResultObject
  ) throws(OutputFailure) -> Reading {
    guard let folder else {
      let read = Batch.map(inputs, jobs: jobs, finished: { progress?($0, inputs.count) }) {
        reader.read($1, position: $0)
      }
      return Reading(inputs: read)
    }
    var all = options
    all["reading"] = .object(reader.reader.resolved)
    let header = Journal.Header(
      version: interphaseVersion, command: command, options: all,
      optionsSHA256: SHA256.hex(of: ByteView(JSONWriter.line(.object(all)))))
    let (journal, kept) = try start(header, in: folder, inputs: inputs)
    running.set(journal, total: inputs.count, finished: 0)
    let taken = Atomic<Int>(0)
    let read = Batch.map(inputs, jobs: jobs, finished: { progress?($0, inputs.count) }) {
      position, input -> StudyInput in
      if let line = kept[Self.key(input)],
        !resumption.verifies || Self.holds(input, line, reader.reader),
        let known = StoredInput.input(
          line.state.array, for: input, position: position, reader: reader)
      {
        taken.add(1, ordering: .relaxed)
        running.count()
        return known
      }
      if journal.failure != nil { return Self.abandoned(input) }
      // Before the file is read: whatever changes it later is seen by the next run.
      let (modified, size) = Self.stamp(input)
      let result = reader.read(input, position: position)
      guard result.skipped == nil else { return result }
      let started = GrowingFile.processorTime()
      var described = result
      described.describeSpectra()
      journal.append(
        .init(
          report: described.report, modified: modified ?? 0,
          sizeOnDisk: size == result.report.bytes ? nil : size,
          figures: result.figures.map { "figures/\(SafeName.make($0.id)).svg" },
          state: input.path == "-" || Sidecar.stands(beside: input)
            ? [] : StoredInput.text(of: result, position: position, reader: reader)),
        started: started)
      running.count()
      return result
    }
    try journal.finish()
    return Reading(
      inputs: read, fromJournal: taken.load(ordering: .relaxed), times: journal.times)
  }

  /// Starts a journal or goes on with the one that is there.
  private func start(
    _ header: Journal.Header, in folder: ResultsFolder, inputs: [BatchInput]
  ) throws(OutputFailure) -> (Journal, [String: JournalText.Line]) {
    let path = "\(folder.path)/\(Journal.name)"
    guard let bytes = try? FileSource.open(path: path) else {
      return (try Journal(folder: folder.path, header: header), [:])
    }
    let text = JournalText(bytes)
    folder.remember(figuresOf: text.lines)
    let differences = text.header == nil ? [] : text.differences(to: header)
    guard resumption.resumes else {
      if text.header != nil, differences.isEmpty, !folder.isFinished {
        let n = usable(text, inputs).count
        if n > 0 {
          tell(
            Diagnostic(
              .warning, "journal.started-afresh",
              found: "an earlier run did not end; it is started afresh",
              expected: "--resume would have kept \(n) of \(inputs.count) inputs"), path)
        }
      }
      return (try Journal(folder: folder.path, header: header), [:])
    }
    guard text.header != nil else {
      tell(
        Diagnostic(
          .warning, "journal.no-header", found: "no whole header",
          expected: "every input is read again"), path)
      return (try Journal(folder: folder.path, header: header), [:])
    }
    guard differences.isEmpty else {
      throw OutputFailure(
        .journal, path: path,
        reason: "the journal belongs to another run: \(differences.joined(separator: "; ")); "
          + "expected the same, another -o, or a fresh start without --resume")
    }
    if text.cutLines > 0 {
      tell(
        Diagnostic(
          .note, "journal.cut-line",
          found: "\(text.cutLines) line\(text.cutLines == 1 ? "" : "s") cut short",
          expected: "their inputs are read again"), path)
    }
    let known = Set(inputs.map(Self.key))
    var gone: [String] = []
    for line in text.lines {
      let key = Self.key(line.head)
      if !known.contains(key), !gone.contains(key) { gone.append(key) }
    }
    if !gone.isEmpty {
      let names = gone.prefix(5).map(escapedControls).joined(separator: ", ")
      tell(
        Diagnostic(
          .warning, "journal.vanished",
          found:
            "\(gone.count) input\(gone.count == 1 ? "" : "s") of the journal not there any more: "
            + names + (gone.count > 5 ? ", …" : ""), expected: "they are dropped"), path)
    }
    return (
      try Journal(continuing: folder.path, afterCut: text.endsInside), usable(text, inputs)
    )
  }

  private func tell(_ diagnostic: Diagnostic, _ path: String) { say?(diagnostic, path) }

  /// The lines of inputs that did not change, the last one of each.
  private func usable(
    _ text: JournalText, _ inputs: [BatchInput]
  ) -> [String: JournalText.Line] {
    var lines: [String: JournalText.Line] = [:]
    for line in text.lines { lines[Self.key(line.head)] = line }
    var result: [String: JournalText.Line] = [:]
    for input in inputs {
      let key = Self.key(input)
      guard let line = lines[key], line.state.count > 0 else { continue }
      if resumption.retriesFailed, line.head["status"]?.text == "error" { continue }
      // A sidecar may have come or changed since.
      if Sidecar.stands(beside: input) { continue }
      let (modified, size) = Self.stamp(input)
      guard line.head["mtime_ns"] == .integer(Int(modified ?? 0)),
        (line.head["size_on_disk"] ?? line.head["bytes"]) == (size.map { .integer($0) } ?? .null)
      else { continue }
      result[key] = line
    }
    return result
  }

  /// Time and size of the file on the disk; nil where there is none.
  private static func stamp(_ input: BatchInput) -> (modified: Int64?, size: Int?) {
    guard input.path != "-" else { return (nil, nil) }
    let path = input.storedPathBytes
    return (FileSource.modified(pathBytes: path), FileSource.size(pathBytes: path))
  }

  /// What tells inputs apart: the path shown, and its bytes where it is no UTF-8.
  private static func key(_ input: BatchInput) -> String {
    input.shown.unicodeScalars.contains("\u{FFFD}")
      ? key(
        InputReport(file: input.shown, fileBytes: input.pathBytes).result)
      : input.shown
  }

  private static func key(_ head: ResultValue) -> String {
    let file = head["file"]?.text ?? ""
    return head["file_bytes"]?.text.map { "\(file)\n\($0)" } ?? file
  }

  /// Whether an input has the hash of its line.
  private static func holds(
    _ input: BatchInput, _ line: JournalText.Line, _ reader: InputReader
  ) -> Bool {
    guard let hash = line.head["sha256"]?.text else { return true }
    guard
      let bytes = input.member == nil
        ? try? FileSource.open(pathBytes: input.pathBytes)
        : try? ZippedFolder.open(path: input.path)
    else { return false }
    return SHA256.hex(of: bytes) == hash
  }

  /// What stands for an input that was not read any more, in a run that ends with an error.
  private static func abandoned(_ input: BatchInput) -> StudyInput {
    StudyInput(
      input: input, identity: .init(path: input.shown, bytes: 0, sha256: ""), technique: nil,
      sample: "", report: InputReport(file: input.shown))
  }
}

/// The journal of a batch that runs, for a signal that ends it.
public final class RunningJournal: Sendable {
  private let state = Mutex<(journal: Journal?, total: Int, finished: Int)>((nil, 0, 0))

  /// Nothing runs yet.
  public init() {}

  func set(_ journal: Journal, total: Int, finished: Int) {
    state.withLock { $0 = (journal, total, finished) }
  }

  func count() { state.withLock { $0.finished += 1 } }

  /// Brings the journal to the disk and closes it; says how far the batch came, nil without a journal.
  public func close() -> String? {
    let (journal, total, finished) = state.withLock { $0 }
    guard let journal else { return nil }
    journal.close()
    return "\(finished) of \(total) inputs stand in \(journal.path); --resume continues"
  }
}

extension StudyBatch.Reading {
  /// The fields of the JSON object `run`: inputs taken from the journal, and the seconds that the journal
  /// took, those of the workers and those of the disk apart.
  public var run: ResultObject {
    var fields = ResultObject()
    func seconds(_ duration: Duration) -> ResultValue {
      let (whole, parts) = duration.components
      return .number((Double(whole) * 1e6 + (Double(parts) / 1e12).rounded()) / 1e6)
    }
    fields["from_journal"] = fromJournal.map { .integer($0) }
    fields["journal_s"] = times.map { seconds($0.writing) }
    fields["fsync_s"] = times.map { seconds($0.synchronising) }
    return fields
  }
}
