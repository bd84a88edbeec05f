#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import Synchronization
public import Tables

/// The file `journal.jsonl` of a results folder: a header and one line a finished input, only ever appended to.
///
/// Each line goes out in one write and is brought to the disk before `append` returns.
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

    var result: ResultValue {
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
    /// The time of the file's last change in nanoseconds since 1970.
    public var modified: Int64
    /// The names of the figures that were written for it.
    public var figures: [String]

    /// An entry from its parts.
    public init(report: InputReport, modified: Int64, figures: [String]) {
      self.report = report
      self.modified = modified
      self.figures = figures
    }

    var result: ResultValue {
      var object = ResultObject()
      if case .object(let fields) = report.result {
        for key in fields.keys {
          object[key] = fields[key]
          if key == "bytes" { object["mtime_ns"] = .integer(Int(modified)) }
        }
      }
      object["figures"] = .list(figures.map(ResultValue.text))
      return .object(object)
    }
  }

  /// The path of the file.
  public let path: String
  private let files: any FileSystem
  private let descriptor: Int32
  private let turn = Mutex(())

  /// Starts a new journal in a folder, in place of an earlier one, and writes its header.
  public init(
    folder: String, header: Header, files: any FileSystem = SystemFiles()
  ) throws(OutputFailure) {
    path = folder + "/journal.jsonl"
    self.files = files
    // A new journal takes the place of the old one in one step, header included.
    try AtomicFile.write(Self.line(header.result), to: path, files: files)
    do {
      descriptor = try files.openForAppending(path)
    } catch {
      throw OutputFailure(.system, path: path, reason: error.reason)
    }
  }

  deinit { files.close(descriptor) }

  /// Adds a finished input and brings it to the disk; safe from several threads.
  public func append(_ entry: Entry) throws(OutputFailure) {
    let bytes = Self.line(entry.result)
    let failure: SystemError? = turn.withLock { _ in
      do throws(SystemError) {
        var written = 0
        while written < bytes.count {
          let n = try files.write(descriptor, bytes, from: written)
          if n == 0 { return SystemError(EIO) }
          written += n
        }
        try files.synchronise(descriptor)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw OutputFailure(.system, path: path, reason: failure.reason) }
  }

  private static func line(_ value: ResultValue) -> [UInt8] {
    JSONWriter.line(value) + [UInt8(ascii: "\n")]
  }
}
