public import Tables

/// The file `journal.jsonl` of a results folder: a header and one line a finished input, only ever appended to.
///
/// Each line goes out in one write and is on the disk 50 ms after at the latest (``GrowingFile``). What
/// has to be kept of an input so that a later run need not read it again stands last in its line, as text
/// of the base 64.
public final class Journal: Sendable {
  /// What a journal belongs to; a run resumes only one with the same header.
  public struct Header: Hashable, Sendable {
    /// The version of Interphase.
    public var version: String
    /// The command.
    public var command: String
    /// The resolved options.
    public var options: ResultObject
    /// SHA-256 of the options' JSON, lower-case hex.
    public var optionsSHA256: String

    /// A header from its parts.
    public init(version: String, command: String, options: ResultObject, optionsSHA256: String) {
      self.version = version
      self.command = command
      self.options = options
      self.optionsSHA256 = optionsSHA256
    }

    /// The JSON object of the first line.
    public var result: ResultValue {
      .fields([
        "journal": .integer(1), "version": .text(version), "command": .text(command),
        "options": .object(options), "options_sha256": .text(optionsSHA256),
      ])
    }
  }

  /// A finished input.
  public struct Entry: Sendable {
    /// The report that goes into `inputs[]`.
    public var report: InputReport
    /// The time of the file's last change in nanoseconds since 1970, before it was read.
    public var modified: Int64
    /// The size of the file on the disk, where it is another than that of the input: of an archive, or of a
    /// file that could not be read.
    public var sizeOnDisk: Int?
    /// The names of the figures that belong to it.
    public var figures: [String]
    /// What has to be kept, as text of the base 64; empty where the input is to be read again.
    public var state: [UInt8]

    /// An entry from its parts.
    public init(
      report: InputReport, modified: Int64, sizeOnDisk: Int? = nil, figures: [String],
      state: [UInt8] = []
    ) {
      self.report = report
      self.modified = modified
      self.sizeOnDisk = sizeOnDisk
      self.figures = figures
      self.state = state
    }

    var line: [UInt8] {
      var object = ResultObject()
      if case .object(let fields) = report.result {
        for key in fields.keys {
          object[key] = fields[key]
          if key == "bytes" {
            object["mtime_ns"] = .integer(Int(modified))
            object["size_on_disk"] = sizeOnDisk.map(ResultValue.integer)
          }
        }
      }
      object["figures"] = .list(figures.map(ResultValue.text))
      var line = JSONWriter.line(.object(object))
      if !state.isEmpty, line.popLast() != nil {
        line += JournalText.stateKey
        line += state
        line += [UInt8(ascii: "\""), UInt8(ascii: "}")]
      }
      return line + [UInt8(ascii: "\n")]
    }
  }

  /// The name of the file in its folder.
  public static let name = "journal.jsonl"

  /// The path of the file.
  public let path: String
  private let file: GrowingFile

  /// Starts a new journal in a folder, in place of an earlier one, and writes its header.
  public init(
    folder: String, header: Header, files: any FileSystem = SystemFiles()
  ) throws(OutputFailure) {
    path = folder + "/" + Self.name
    // A new journal takes the place of the old one in one step, header included.
    try AtomicFile.write(
      JSONWriter.line(header.result) + [UInt8(ascii: "\n")], to: path, files: files)
    file = try GrowingFile(path, files: files)
  }

  /// Goes on with the journal that a folder holds.
  ///
  /// - Parameter cut: whether its last line has no end.
  public init(
    continuing folder: String, afterCut cut: Bool, files: any FileSystem = SystemFiles()
  ) throws(OutputFailure) {
    path = folder + "/" + Self.name
    file = try GrowingFile(path, afterCut: cut, files: files)
  }

  /// Adds a finished input; safe from several threads.
  ///
  /// What fails is thrown by ``finish()``.
  ///
  /// - Parameter started: the worker's CPU time when making the entry began, for ``times``.
  public func append(_ entry: Entry, started: Duration = GrowingFile.processorTime()) {
    file.append(entry.line, started: started)
  }

  /// What went wrong so far.
  public var failure: OutputFailure? { file.failure }

  /// What the journal cost so far.
  public var times: GrowingFile.Times { file.times }

  /// Brings all lines to the disk and throws what went wrong.
  public func finish() throws(OutputFailure) { try file.finish() }

  /// Brings all lines to the disk and takes no more.
  public func close() { file.close() }
}
