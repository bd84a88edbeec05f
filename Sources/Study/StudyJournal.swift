internal import Bytes
internal import ForceMicroscopy
public import Output
internal import Synchronization
public import Tables

/// Keeps the journal of a batch: one line a finished input, on the disk before the next one starts.
public final class StudyJournal: Sendable {
  private let journal: Journal
  private let failure = Mutex<OutputFailure?>(nil)

  /// Starts the journal of a results folder.
  ///
  /// - Parameters:
  ///   - folder: the folder, held by this run.
  ///   - command: the command.
  ///   - options: its resolved options.
  public init(
    folder: ResultsFolder, command: String, options: ResultObject
  ) throws(OutputFailure) {
    let hash = SHA256.hex(of: ByteView(JSONWriter.line(.object(options))))
    journal = try Journal(
      folder: folder.path,
      header: .init(
        version: interphaseVersion, command: command, options: options, optionsSHA256: hash))
  }

  /// Adds a finished input; safe from several workers.
  ///
  /// What fails is thrown by ``check()``.
  public func add(_ input: StudyInput) {
    guard input.skipped == nil else { return }
    var input = input
    input.describeSpectra()
    let entry = Journal.Entry(
      report: input.report,
      modified: FileSource.modified(pathBytes: input.input.storedPathBytes) ?? 0,
      figures: input.figures.map { "figures/\(SafeName.make($0.id)).svg" })
    do {
      try journal.append(entry)
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
  }

  /// Throws what went wrong while the journal was written.
  public func check() throws(OutputFailure) {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
