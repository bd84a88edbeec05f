public import Foundation

/// The built command-line tool, run as users run it.
public enum Tool {
  /// What a run gave.
  public struct Result: Sendable {
    /// The exit status; negative for a signal.
    public var status: Int32
    /// Standard output and standard error.
    public var out: String, err: String

    /// Standard output as JSON.
    public var json: [String: Any]? {
      (try? JSONSerialization.jsonObject(with: Data(out.utf8))) as? [String: Any]
    }
  }

  /// The folder of the package.
  public static let packageRoot: String = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.path
  }()

  /// The path of the tool, beside the test bundle.
  public static var path: String {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0])
    let beside = bundle.deletingLastPathComponent().appendingPathComponent("interphase").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return packageRoot + "/.build/debug/interphase"
  }

  /// Runs the tool in the package's folder.
  ///
  /// - Parameters:
  ///   - arguments: the words after `interphase`.
  ///   - input: what stands on standard input.
  ///   - environment: variables on top of the test's own.
  public static func run(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: packageRoot)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-tool-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files instead of pipes: no deadlock on large outputs.
    let names = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
    try input.write(to: names[0])
    for name in names[1...] { _ = FileManager.default.createFile(atPath: name.path, contents: nil) }
    process.standardInput = try FileHandle(forReadingFrom: names[0])
    process.standardOutput = try FileHandle(forWritingTo: names[1])
    process.standardError = try FileHandle(forWritingTo: names[2])
    try process.run()
    process.waitUntilExit()
    let status = process.terminationStatus
    return Result(
      status: process.terminationReason == .uncaughtSignal ? -status : status,
      out: String(decoding: try Data(contentsOf: names[1]), as: UTF8.self),
      err: String(decoding: try Data(contentsOf: names[2]), as: UTF8.self))
  }
}

extension Tool {
  /// Starts the tool in the package's folder and does not wait for it; what it prints is dropped.
  public static func start(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: packageRoot)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}

/// A folder that is gone after the test.
public final class ScratchFolder: Sendable {
  /// The path, without a slash at its end.
  public let path: String

  /// Makes the folder.
  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the folder and gives its path.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }
}
