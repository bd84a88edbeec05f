internal import Foundation
internal import Interphase
internal import Synchronization

/// Standard output and standard error: whole lines, control characters escaped.
enum Terminal {
  private static let lock = Mutex<Bool>(false)

  /// A closed pipe ends the program without a word.
  static func endQuietlyOnClosedPipe() { signal(SIGPIPE, SIG_DFL) }

  /// Whether standard error is a terminal, so that progress may be shown.
  static var isInteractive: Bool { isatty(STDERR_FILENO) != 0 }

  /// Writes a line to standard output.
  static func out(_ text: String) { write(text + "\n", to: FileHandle.standardOutput) }

  /// Writes bytes to standard output as they are.
  static func out(bytes: [UInt8]) {
    let files = SystemFiles()
    var written = 0
    while written < bytes.count {
      guard let n = try? files.write(STDOUT_FILENO, bytes, from: written), n > 0 else { return }
      written += n
    }
  }

  /// Keeps a value until the program ends, which is quicker than to take a large one apart.
  static func keep(_ value: some Sendable) { kept.withLock { $0.append(value) } }

  private static let kept = Mutex<[any Sendable]>([])

  /// Writes a line to standard error.
  static func error(_ text: String) {
    lock.withLock { barShown in
      if barShown { write("\r\u{1B}[K", to: FileHandle.standardError) }
      barShown = false
      write(text + "\n", to: FileHandle.standardError)
    }
  }

  /// Replaces the progress line; does nothing where standard error is no terminal.
  static func progress(_ text: String) {
    guard isInteractive else { return }
    lock.withLock { barShown in
      write("\r\u{1B}[K" + text, to: FileHandle.standardError)
      barShown = !text.isEmpty
    }
  }

  private static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }

  /// The line of the contract: `severity: FILE: PLACE: found; expected`.
  static func line(_ diagnostic: Diagnostic, file: String, severity: Bool = true) -> String {
    let words = "\(file): \(diagnostic.place): \(diagnostic.message)"
    return escapedControls(severity ? "\(diagnostic.severity.rawValue): \(words)" : words)
  }
}

/// A progress line with rate and time left, on a terminal only.
struct Progress: Sendable {
  let total: Int
  var noun = "files"
  let start = Date()

  /// Shows how far the batch is.
  func show(_ done: Int) { show(done, of: total) }

  /// Shows how far a batch is whose size is known only now.
  func show(_ done: Int, of total: Int) {
    guard total > 1, Terminal.isInteractive else { return }
    let elapsed = Date().timeIntervalSince(start)
    let rate = elapsed > 0 ? Double(done) / elapsed : 0
    let left = rate > 0 ? Int((Double(total - done) / rate).rounded()) : 0
    Terminal.progress(
      done == total ? "" : "\(done) of \(total) \(noun), \(Int(rate)) a second, \(left) s left")
  }
}
