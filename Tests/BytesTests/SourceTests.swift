import Bytes
import Foundation
import Tables
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder of its own for one test, removed at the end.
final class ScratchFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "interphase-" + UUID().uuidString
    mkdir(path, 0o755)
  }

  func write(_ name: String, _ bytes: [UInt8]) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func folder(_ name: String) { mkdir("\(path)/\(name)", 0o755) }

  func link(_ name: String, to target: String) { symlink(target, "\(path)/\(name)") }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

@Suite struct SourceTests {
  let scratch = ScratchFolder()

  func code(_ name: String) -> String? {
    do throws(ReadFailure) {
      _ = try FileSource.open(path: "\(scratch.path)/\(name)")
      return nil
    } catch { return error.diagnostic.code }
  }

  @Test func readsRegularFiles() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    scratch.write("a.bin", bytes)
    scratch.write("empty", [])
    scratch.link("link", to: "a.bin")
    #expect(try FileSource.open(path: "\(scratch.path)/a.bin").array == bytes)
    #expect(try FileSource.open(path: "\(scratch.path)/link").count == bytes.count)
    #expect(try FileSource.open(path: "\(scratch.path)/empty").count == 0)
  }

  @Test func refusesWhatIsNoRegularFileAtOnce() {
    mkfifo("\(scratch.path)/fifo", 0o644)
    scratch.link("fifo-link", to: "fifo")
    scratch.link("device", to: "/dev/zero")
    scratch.folder("folder.csv")
    scratch.link("dangling", to: "nothing")
    scratch.link("loop-a", to: "loop-b")
    scratch.link("loop-b", to: "loop-a")
    scratch.write("secret", [1])
    chmod("\(scratch.path)/secret", 0)
    let clock = ContinuousClock()
    let elapsed = clock.measure {
      #expect(code("fifo") == "io.not-regular")
      #expect(code("fifo-link") == "io.not-regular")
      #expect(code("device") == "io.not-regular")
      #expect(code("folder.csv") == "io.directory")
      #expect(code("dangling") == "io.dangling-link")
      #expect(code("loop-a") == "io.link-loop")
      #expect(code("absent") == "io.missing")
      #expect(code("secret/below") == "io.missing")
      #expect(code(String(repeating: "x", count: 5000)) == "io.name-too-long")
      #expect(code("a\u{0}b") == "io.missing")
      if geteuid() != 0 { #expect(code("secret") == "io.permission") }
    }
    #expect(elapsed < .seconds(1))
  }

  @Test func socketIsNoRegularFile() throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: Array("\(scratch.path)/socket".utf8).prefix(100))
    }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    #expect(code("socket") == "io.not-regular")
  }

  @Test func aHugeSparseFileIsMappedNotRead() throws {
    scratch.write("sparse", [7])
    truncate("\(scratch.path)/sparse", 20_000_000_000)
    let view = try FileSource.open(path: "\(scratch.path)/sparse")
    #expect(view.count == 20_000_000_000)
    #expect(view[0] == 7)
    #expect(view[19_999_999_999] == 0)
  }

  /// 17 MB of which a part comes into memory; records are the same from the file and from memory.
  @Test func aLargeFileComesIntoMemoryByParts() throws {
    let bytes = [UInt8](unsafeUninitializedCapacity: 17_000_003) { buffer, count in
      for i in buffer.indices { buffer[i] = UInt8(truncatingIfNeeded: i ^ i >> 8 ^ i >> 16) }
      count = buffer.count
    }
    scratch.write("large", bytes)
    let path = "\(scratch.path)/large"
    let view = try FileSource.open(pathBytes: Array(path.utf8), isOnDemand: true)
    #expect(view.count == bytes.count)
    #expect(view[16_999_999] == bytes[16_999_999])
    let fields = [
      RecordField(.uint16, at: 3), RecordField(.int8, at: 76), RecordField(.uint32, at: 5),
    ]
    func records(_ view: ByteView) -> [ColumnValues]? {
      view.dropFirst(11).records(size: 77, count: 220_000, at: 5, order: .little, fields: fields)
    }
    let found = try #require(records(view))
    #expect(found == records(ByteView(bytes)))
    #expect(found[0].count == 220_000)
    #expect(!view.isChanged)
    #expect(view[4_000_000..<4_100_000].array == Array(bytes[4_000_000..<4_100_000]))
    // A file cut meanwhile gives zeros where nothing was read yet, and says so.
    truncate(path, 12_000_000)
    #expect(view[13_000_000..<13_000_100].array == [UInt8](repeating: 0, count: 100))
    #expect(records(view) != nil)
    #expect(view.isChanged)
    #expect(!ByteView(bytes).isChanged)
  }

  @Test func listsInTheOrderOfTheBytes() throws {
    for name in ["b", "a.d", "a"] where name != "a.d" { scratch.folder(name) }
    for name in ["b/2", "a/é", "a/z", "a.d", "B", ".hidden"] { scratch.write(name, [1, 2]) }
    scratch.folder(".git")
    scratch.write(".git/x", [])
    mkfifo("\(scratch.path)/pipe", 0o644)
    let entries = try FileSource.list(folder: scratch.path)
    #expect(entries.map(\.relativePath) == ["B", "a.d", "a/z", "a/é", "b/2", "pipe"])
    #expect(entries.map(\.size) == [2, 2, 2, 2, 2, 0])
    #expect(entries.last?.kind == .special("a named pipe (FIFO)"))
    #expect(try FileSource.open(pathBytes: entries[3].pathBytes).count == 2)
  }

  @Test func visitsEveryFolderOnceWhateverTheLinks() throws {
    scratch.folder("real")
    scratch.write("real/f", [1])
    scratch.link("again", to: "real")
    scratch.link("real/up", to: "..")
    scratch.link("broken", to: "nowhere")
    scratch.link("file", to: "real/f")
    let entries = try FileSource.list(folder: scratch.path)
    #expect(entries.map(\.relativePath) == ["broken", "file", "real/f"])
    #expect(entries[0].kind == .brokenLink)
  }

  @Test func deepFoldersNeedNoStack() throws {
    var path = scratch.path
    for _ in 0..<900 {
      path += "/d"
      mkdir(path, 0o755)
    }
    scratch.write("d/d/f", [1])
    #expect(try FileSource.list(folder: scratch.path).map(\.relativePath) == ["d/d/f"])
  }

  @Test func listingWhatIsNoFolderFails() {
    scratch.write("f", [])
    for name in ["f", "absent"] {
      #expect(throws: ReadFailure.self) { try FileSource.list(folder: "\(scratch.path)/\(name)") }
    }
    #expect(!FileSource.isFolder(path: "\(scratch.path)/f"))
    #expect(FileSource.isFolder(path: scratch.path))
  }
}
