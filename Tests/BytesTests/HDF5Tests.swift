import Bytes
import Tables
import TestSupport
import Testing

/// The HDF5 reader against h5py, which wrote the files of TestData/hdf5 and their truths.
@Suite struct HDF5Tests {
  static let files = TestData.samples("hdf5").filter { $0.hasSuffix(".h5") }

  private func bytes(_ file: String) throws -> [UInt8] {
    try FileSource.open(path: TestData.path(file)).array
  }

  @Test(arguments: files) func readsEveryDialect(_ file: String) throws {
    let contents = try HDF5Contents(ByteView(bytes(file)))
    #expect(contents.problems(try Truth.of(TestData.path(file))).prefix(5) == [])
    #expect(contents.diagnostics == [])
    #expect(!contents.isDamaged)
    let dangling = ["/few/dangling", "/few/external", "/few/ring"]
    #expect(contents.dangling.sorted() == (file.contains("groups") ? dangling : []))
  }

  @Test func hasEveryDialect() { #expect(Self.files.count >= 16) }

  /// What is left of a cut file comes with a warning; no cut is taken for a whole file.
  @Test(arguments: files) func noticesEveryCut(_ file: String) throws {
    let whole = try bytes(file)
    for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 150)) {
      let cut = try? HDF5Contents(ByteView(Array(whole.prefix(length))))
      #expect(cut?.isDamaged ?? true, "cut after \(length)")
    }
  }

  /// Bits and bytes that change anywhere end in an answer or an error.
  @Test(arguments: files) func survivesDamage(_ file: String) throws {
    let whole = try bytes(file)
    var state: UInt64 = 20_260_101
    func random(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % n
    }
    var noticed = 0
    for round in 0..<150 {
      var changed = whole
      if round % 2 == 0 {
        changed[random(whole.count)] ^= UInt8(1 << random(8))
      } else {
        let start = random(whole.count)
        let value: UInt8 = [0, 1, 127, 128, 255][random(5)]
        for i in start..<min(whole.count, start + 1 + random(8)) { changed[i] = value }
      }
      let contents = try? HDF5Contents(ByteView(changed))
      if contents?.isDamaged ?? true { noticed += 1 }
    }
    #expect(noticed > 0)
  }

  @Test func checksumsAreChecked() throws {
    // Behind the superblock's checksum stands the root group's header, which has one too.
    var changed = try bytes("hdf5/groups_new.h5")
    changed[60] ^= 1
    let failure = #expect(throws: ReadFailure.self) { try HDF5Contents(ByteView(changed)) }
    #expect(failure?.diagnostic.code == "hdf5.checksum")
    changed = try bytes("hdf5/groups_new.h5")
    changed[20] ^= 1
    let block = #expect(throws: ReadFailure.self) { try HDF5File(ByteView(changed)) }
    #expect(block?.diagnostic.code == "hdf5.checksum")
  }

  @Test func dataAreBoundedByTheFile() throws {
    // Chunks that unpack to more than the limits allow are not unpacked.
    let bytes = ByteView(try bytes("hdf5/filters_new.h5"))
    let file = try HDF5File(bytes, limits: ExpansionLimits(memberBytes: 100))
    let node = try #require(try file.node("gzip", in: file.root()))
    let dataset = try #require(try file.dataset(node))
    let failure = #expect(throws: ReadFailure.self) { try file.values(dataset) }
    #expect(failure?.diagnostic.code == "hdf5.limit")
    #expect(dataset.shape == [11, 7])
    #expect(dataset.filters.map(\.name) == ["deflate"])
  }

  @Test func namesWhatIsNoHDF5() {
    let text = #expect(throws: ReadFailure.self) { try HDF5File(ByteView(utf8: "energy mu\n")) }
    #expect(text?.diagnostic.code == "hdf5.signature")
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    let version = #expect(throws: ReadFailure.self) {
      try HDF5File(ByteView(signature + [9, 8, 8, 0]))
    }
    #expect(version?.diagnostic.code == "hdf5.superblock")
    let cut = #expect(throws: ReadFailure.self) { try HDF5File(ByteView(signature + [2])) }
    #expect(cut?.diagnostic.code == "hdf5.truncated")
  }
}
