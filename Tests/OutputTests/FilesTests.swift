import Bytes
import Glibc
import Interphase
import Output
import Synchronization
import Tables
import Testing

/// A folder of its own for a test, removed with the value.
final class ScratchFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/interphase-test-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
  }

  deinit { remove(path) }

  private func remove(_ folder: String) {
    for name in Self.names(in: folder) {
      if unlink(folder + "/" + name) != 0 { remove(folder + "/" + name) }
    }
    rmdir(folder)
  }

  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let c = fgetc(file), c != EOF { bytes.append(UInt8(truncatingIfNeeded: c)) }
    return bytes
  }
}

/// The system's files, of which the n-th call that can fail does.
private final class FailingFiles: FileSystem {
  private let real = SystemFiles()
  private let left: Mutex<Int>
  private let number: Int32
  let failed = Mutex(false)

  init(failAt n: Int, with number: Int32) {
    left = Mutex(n)
    self.number = number
  }

  private func step() throws(SystemError) {
    let fails = left.withLock { n in
      n -= 1
      return n == 0
    }
    if fails {
      failed.withLock { $0 = true }
      throw SystemError(number)
    }
  }

  func create(_ path: String) throws(SystemError) -> Int32 {
    try step()
    return try real.create(path)
  }
  func openForAppending(_ path: String) throws(SystemError) -> Int32 {
    try step()
    return try real.openForAppending(path)
  }
  func write(_ d: Int32, _ bytes: [UInt8], from start: Int) throws(SystemError) -> Int {
    try step()
    // Short writes: at most three bytes a call.
    return try real.write(d, Array(bytes.prefix(start + 3)), from: start)
  }
  func synchronise(_ d: Int32) throws(SystemError) {
    try step()
    try real.synchronise(d)
  }
  func close(_ d: Int32) { real.close(d) }
  func rename(_ from: String, to: String) throws(SystemError) {
    try step()
    try real.rename(from, to: to)
  }
  func remove(_ path: String) { real.remove(path) }
  func makeFolder(_ path: String) throws(SystemError) {
    try step()
    try real.makeFolder(path)
  }
  func synchroniseFolder(_ path: String) throws(SystemError) {
    try step()
    try real.synchroniseFolder(path)
  }
}

@Suite("Files of the results folder")
struct FilesTests {
  @Test("A failure at any call leaves the old file whole and no temporary behind")
  func faults() throws {
    let old = Array("old".utf8)
    let new = Array("new content".utf8)
    for number in [EIO, ENOSPC] {
      for n in 1...100 {
        let folder = ScratchFolder()
        let path = folder.path + "/r.json"
        try AtomicFile.write(old, to: path)
        let files = FailingFiles(failAt: n, with: number)
        do {
          try AtomicFile.write(new, to: path, files: files)
          #expect(ScratchFolder.bytes(path) == new)
        } catch {
          #expect(error.path == path)
          #expect(error.reason == SystemError(number).reason)
          let content = ScratchFolder.bytes(path)
          #expect(content == old || content == new, "call \(n)")
        }
        #expect(ScratchFolder.names(in: folder.path) == ["r.json"], "call \(n)")
        if !files.failed.withLock({ $0 }) {
          #expect(n > 7, "the writer makes more calls than that")
          break
        }
      }
    }
  }

  @Test("Folders of a name are made, and a file can't stand for a folder")
  func folders() throws {
    let folder = ScratchFolder()
    try AtomicFile.write([1], to: folder.path + "/a/b/c.bin")
    #expect(ScratchFolder.bytes(folder.path + "/a/b/c.bin") == [1])
    let failure = #expect(throws: OutputFailure.self) {
      try AtomicFile.write([1], to: folder.path + "/a/b/c.bin/d")
    }
    #expect(failure?.reason == "a part of the path is no folder")
  }

  @Test("A second run on the folder is refused, and the lock falls with its holder")
  func lock() throws {
    let folder = ScratchFolder()
    var first: ResultsFolder? = try ResultsFolder(folder.path + "/out")
    let failure = #expect(throws: OutputFailure.self) {
      _ = try ResultsFolder(folder.path + "/out")
    }
    #expect(failure?.kind == .inUse)
    #expect(failure?.path == folder.path + "/out")
    #expect(first != nil)
    first = nil
    _ = try ResultsFolder(folder.path + "/out")
  }

  @Test("Temporaries that a killed run left are removed, other files are not")
  func leftovers() throws {
    let folder = ScratchFolder()
    try AtomicFile.write([1], to: folder.path + "/mine.txt")
    try AtomicFile.write([1], to: folder.path + "/x")
    rename(folder.path + "/x", folder.path + "/.interphase-tmp-results.json")
    let results = try ResultsFolder(folder.path)
    #expect(ScratchFolder.names(in: results.path) == [".lock", "mine.txt"])
    try results.write("db") { temporary throws(OutputFailure) in
      try AtomicFile.write([7], to: temporary)
    }
    #expect(ScratchFolder.names(in: results.path) == [".lock", "db", "mine.txt"])
  }

  @Test("Safe names (reliability.md §7)")
  func safeNames() {
    #expect(SafeName.make("film_03.ibw-force") == "film_03.ibw-force")
    // Hashes from `printf '%s' TEXT | sha256sum | cut -c1-8`.
    #expect(SafeName.make("a/b.csv") == "a_b.csv-1c31892c")
    #expect(SafeName.make("../../etc/passwd") == "_._.._etc_passwd-3754d6cb")
    #expect(SafeName.make("") == "-e3b0c442")
    let long = String(repeating: "x", count: 101)
    #expect(SafeName.make(long).utf8.count == 109)
    #expect(SafeName.make(String(repeating: "x", count: 100)).utf8.count == 100)
    #expect(SafeName.make("(1ALD-1MLD)10").hasPrefix("_1ALD-1MLD_10-"))
    #expect(SafeName.make("µ") != SafeName.make("é"))
  }

  @Test("A journal is a header and one line an input, each whole JSON")
  func journal() throws {
    let folder = ScratchFolder()
    let header = Journal.Header(
      version: "0.1.0", command: "afm", options: ResultObject(), optionsSHA256: "44136fa3")
    let journal = try Journal(folder: folder.path, header: header)
    let report = InputReport(file: "a\nb.ibw", sha256: "00", bytes: 12)
    journal.append(.init(report: report, modified: 5, figures: ["f.svg"]))
    journal.append(.init(report: report, modified: 6, figures: []))
    try journal.finish()
    let text = String(decoding: ScratchFolder.bytes(journal.path) ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4)
    #expect(lines.last == "")
    #expect(
      lines[0]
        == #"{"journal":1,"version":"0.1.0","command":"afm","options":{},"options_sha256":"44136fa3"}"#
    )
    #expect(
      lines[1]
        == #"{"file":"a\nb.ibw","sha256":"00","bytes":12,"mtime_ns":5,"format":null,"#
        + #""status":"ok","complete":true,"diagnostics":[],"figures":["f.svg"]}"#)
  }

  @Test("A failure at any call while a journal is written leaves one that can be read")
  func journalFaults() throws {
    let header = Journal.Header(
      version: "0.1.0", command: "afm", options: ResultObject(), optionsSHA256: "44136fa3")
    for number in [EIO, ENOSPC] {
      for n in 1...600 {
        let folder = ScratchFolder()
        let old = try Journal(folder: folder.path, header: header)
        old.append(.init(report: InputReport(file: "old.ibw"), modified: 1, figures: []))
        try old.finish()
        let files = FailingFiles(failAt: n, with: number)
        var failure: OutputFailure?
        do {
          let journal = try Journal(folder: folder.path, header: header, files: files)
          for k in 0..<3 {
            journal.append(.init(report: InputReport(file: "\(k).ibw"), modified: 1, figures: []))
          }
          try journal.finish()
        } catch {
          failure = error
        }
        // Either the old journal stands, or the new one with whole lines and at most one cut.
        let path = folder.path + "/" + Journal.name
        let text = JournalText(ByteView(ScratchFolder.bytes(path) ?? []))
        #expect(text.header?["command"] == .text("afm"), "call \(n)")
        #expect(text.cutLines <= 1)
        let names = text.lines.map { $0.head["file"]?.text ?? "" }
        #expect(
          names == ["old.ibw"] || ["0.ibw", "1.ibw", "2.ibw"].starts(with: names), "call \(n)")
        #expect(ScratchFolder.names(in: folder.path) == [Journal.name], "call \(n)")
        if let failure {
          #expect(failure.path == path && failure.reason == SystemError(number).reason)
        }
        guard files.failed.withLock({ $0 }) else {
          #expect(n > 100 && names.count == 3 && failure == nil)
          break
        }
        #expect(failure != nil, "call \(n)")
      }
    }
  }
}
