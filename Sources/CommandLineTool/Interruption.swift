internal import Dispatch
internal import Foundation
internal import Interphase

/// Ends a batch in good order when SIGINT or SIGTERM asks for it.
enum Interruption {
  /// From now on the signals bring the journal to the disk and end the program with 130 or 143.
  static func watch(_ running: RunningJournal) {
    for (number, status) in [(SIGINT, Int32(130)), (SIGTERM, Int32(143))] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "interphase.signal"))
      source.setEventHandler {
        Terminal.progress("")
        let words = running.close()
        Terminal.error("interrupted" + (words.map { ": \(escapedControls($0))" } ?? ""))
        _exit(status)
      }
      // The handler holds the source, which nobody else does.
      source.setCancelHandler { source.setEventHandler(handler: nil) }
      source.resume()
    }
  }
}
