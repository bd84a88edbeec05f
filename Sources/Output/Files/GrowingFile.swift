internal import Dispatch
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import Synchronization

/// A file that lines are added to while a run goes on.
///
/// A line goes out in one write. A line is on the disk at the latest 50 ms after, with the lines beside it
/// (one `fsync` for all of them, that nobody waits for), or when the file is finished.
public final class GrowingFile: Sendable {
  /// What the file cost so far.
  public struct Times: Sendable {
    /// Making and writing lines: CPU time of all workers together.
    public var writing = Duration.zero
    /// Waiting for the disk, beside the workers.
    public var synchronising = Duration.zero

    /// Nothing yet.
    public init() {}
  }

  /// The path.
  public let path: String
  private let files: any FileSystem
  private let state: Mutex<State>
  private static let queue = DispatchQueue(label: "interphase.journal")

  private struct State: Sendable {
    var descriptor: Int32
    var isDirty = false
    var isClosed = false
    var failure: OutputFailure?
    var times = Times()
  }

  /// Opens a file for adding lines; one whose last line was cut gets an end of line first.
  ///
  /// - Parameter cut: whether the file that is there ends without an end of line.
  public init(
    _ path: String, afterCut cut: Bool = false, files: any FileSystem = SystemFiles()
  ) throws(OutputFailure) {
    self.path = path
    self.files = files
    do throws(SystemError) {
      let descriptor = try files.openForAppending(path)
      state = Mutex(State(descriptor: descriptor))
    } catch {
      throw OutputFailure(.system, path: path, reason: error.reason)
    }
    if cut {
      append([UInt8(ascii: "\n")])
      if let failure { throw failure }
    }
  }

  deinit {
    let descriptor = state.withLock { $0.descriptor }
    files.close(descriptor)
  }

  /// What went wrong so far.
  public var failure: OutputFailure? { state.withLock { $0.failure } }

  /// What the file cost so far.
  public var times: Times { state.withLock { $0.times } }

  /// Adds a line, which ends in a newline; safe from several threads.
  ///
  /// What fails stands in ``failure`` and is thrown by ``finish()``; nothing is added after that.
  ///
  /// - Parameter started: the worker's CPU time when making the line began, for ``times``.
  public func append(_ line: [UInt8], started: Duration = GrowingFile.processorTime()) {
    let isFirst = state.withLock { state in
      guard !state.isClosed, state.failure == nil else { return false }
      do throws(SystemError) {
        var written = 0
        while written < line.count {
          let n = try files.write(state.descriptor, line, from: written)
          if n == 0 { throw SystemError(.ioError) }
          written += n
        }
      } catch {
        state.failure = OutputFailure(.system, path: path, reason: error.reason)
        return false
      }
      state.times.writing += Self.processorTime() - started
      defer { state.isDirty = true }
      return !state.isDirty
    }
    if isFirst {
      Self.queue.asyncAfter(deadline: .now() + .milliseconds(50)) { [self] in synchronise() }
    }
  }

  /// The CPU time of the calling thread: on a busy machine clocks on the wall count the work of others.
  public static func processorTime() -> Duration {
    var time = timespec()
    guard clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return .zero }
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  /// Brings the lines so far to the disk.
  private func synchronise() {
    let descriptor: Int32? = state.withLock { state in
      guard state.isDirty, !state.isClosed else { return nil }
      state.isDirty = false
      return state.descriptor
    }
    guard let descriptor else { return }
    let start = ContinuousClock.now
    var failed: SystemError?
    do throws(SystemError) {
      try files.synchronise(descriptor)
    } catch {
      failed = error
    }
    state.withLock { state in
      state.times.synchronising += start.duration(to: .now)
      if let failed, state.failure == nil {
        state.failure = OutputFailure(.system, path: path, reason: failed.reason)
      }
    }
  }

  /// Brings all lines to the disk and throws what went wrong while they were written.
  public func finish() throws(OutputFailure) {
    synchronise()
    if let failure { throw failure }
  }

  /// Brings all lines to the disk and takes no more: what a run does that is told to end.
  public func close() {
    synchronise()
    state.withLock { $0.isClosed = true }
  }
}
