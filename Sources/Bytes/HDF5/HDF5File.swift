public import Tables

/// An HDF5 file, read by its published format (HDF5 File Format Specification 3.0) and nothing else.
///
/// Superblock versions 0 to 3, groups of every kind, and datasets on demand. Every address and count
/// is checked against the bytes present, the bytes of metadata read and of data made are bounded by
/// the file's size, and nothing recurses over the content. One object serves one thread.
public final class HDF5File {
  /// The eight bytes that start a superblock.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  let bytes: ByteView
  /// Where the superblock stands: behind the user block.
  public let base: Int
  /// The version of the superblock.
  public let version: Int
  /// The bytes of an address and of a length.
  let offsetSize: Int, lengthSize: Int
  let rootAddress: Int
  /// The tables of shared messages, where the file has any: their heaps by the types they hold.
  var sharedMessages: [(types: Int, heap: Int)] = []
  let limits: ExpansionLimits

  /// What was wrong so far.
  public internal(set) var diagnostics = DiagnosticList()
  /// Whether something was lost so far.
  public internal(set) var isDamaged = false
  /// Links without a target, and links into other files, met so far.
  public internal(set) var danglingLinks: [String] = []

  /// The bytes of metadata that may still be read: structures that overlap come to their end here.
  private var structureBudget: Int
  /// The bytes of data that may still be made.
  private var dataBudget: Int
  /// The collections of the global heap that were needed, by address.
  var collections: [Int: [Int: Range<Int>]] = [:]
  /// The links of groups that were asked for, by address.
  var linksOfGroups: [Int: HDF5Links] = [:]

  /// Where the signature stands in the first bytes of a file, or nil.
  ///
  /// At byte 0, or at 512, 1024, 2048 … behind a user block.
  public static func signaturePosition(_ head: ByteView) -> Int? {
    var offset = 0
    while offset < head.count {
      if head.dropFirst(offset).starts(with: signature) { return offset }
      offset = offset == 0 ? 512 : offset.times(2)
    }
    return nil
  }

  /// Opens a file: reads its superblock, nothing else.
  ///
  /// - Throws: `hdf5.signature`, `hdf5.superblock`, `hdf5.truncated`, `hdf5.checksum`.
  public init(_ bytes: ByteView, limits: ExpansionLimits = ExpansionLimits()) throws(ReadFailure) {
    guard let base = Self.signaturePosition(bytes) else {
      throw ReadFailure(
        "hdf5.signature", at: .byte(0), found: "no HDF5 signature",
        expected: "expected 89 48 44 46 0d 0a 1a 0a at byte 0, 512, 1024, 2048 …")
    }
    let block = try HDF5Superblock(bytes.dropFirst(base), base: base)
    self.bytes = bytes
    self.base = base
    self.limits = limits
    version = block.version
    offsetSize = block.offsetSize
    lengthSize = block.lengthSize
    rootAddress = block.root
    structureBudget = bytes.count.times(16).plus(4 << 20)
    dataBudget = min(
      limits.totalBytes, Swift.max(limits.ratioFloor, bytes.count.times(limits.ratio)))
    if let end = block.end, bytes.count - base < end {
      isDamaged = true
      diagnostics.warn(
        "hdf5.cut", at: .byte(bytes.count),
        found: "the file ends after \(bytes.count) bytes, its superblock says \(end.plus(base))",
        expected: "expected the whole file; what lies before the cut is read")
    }
    if block.isOpen {
      diagnostics.warn(
        "hdf5.open", at: .byte(base), found: "the file was not closed by the program that wrote it",
        expected: "expected a closed file; its last data may be missing")
    }
    if let family = block.driver {
      throw ReadFailure(
        "hdf5.superblock", at: .byte(base), found: "one of several files (driver \(family))",
        expected: "expected an HDF5 file of one part: join the parts with h5repart or h5repack")
    }
    if let address = block.extensionAddress { readExtension(at: address) }
  }

  /// The bytes of one structure, counted against what the file's size allows.
  func structure(_ address: Int?, _ count: Int, _ what: String) throws(ReadFailure) -> ByteCursor {
    guard let address else {
      throw ReadFailure(
        "hdf5.damaged", found: "\(what) has no address", expected: "expected an address")
    }
    let start = base.plus(address)
    guard address >= 0, count >= 0, start.plus(count) <= bytes.count else {
      throw ReadFailure(
        "hdf5.truncated", at: .byte(min(start, bytes.count)),
        found: "\(what) needs \(count) bytes from byte \(start) on, the file has \(bytes.count)",
        expected: "expected a whole file")
    }
    structureBudget -= count
    guard structureBudget >= 0 else {
      throw ReadFailure(
        "hdf5.limit", at: .byte(start),
        found: "the structures read are 16 times as long as the file",
        expected: "expected structures that do not overlap")
    }
    return ByteCursor(bytes[start..<(start + count)], area: "hdf5", base: start)
  }

  /// Takes bytes of data from what the file's size allows.
  func reserveData(_ count: Int, _ what: String) throws(ReadFailure) {
    guard count >= 0, count <= limits.memberBytes, count <= dataBudget else {
      throw ReadFailure(
        "hdf5.limit", at: .entry(what),
        found: "\(count) bytes of data in a file of \(bytes.count)",
        expected: "expected at most \(limits.ratio) times the file's bytes, and "
          + "\(limits.memberBytes) at once (--max-expand)")
    }
    dataBudget -= count
  }

  /// Checks the signature and the checksum (the last four bytes) of a structure.
  func check(_ cursor: inout ByteCursor, _ signature: String, checked: Bool) throws(ReadFailure) {
    let place = cursor.place
    let view = cursor.view
    let found = try cursor.slice(4, signature)
    guard found.starts(with: signature) else {
      throw ReadFailure(
        "hdf5.damaged", at: place, found: "'\(found.latin1())' in place of '\(signature)'",
        expected: "expected the structure that the address promises")
    }
    guard checked else { return }
    try checkSum(view, place, signature)
  }

  /// Checks that the last four bytes are the checksum of those before.
  func checkSum(_ view: ByteView, _ place: Place, _ what: String) throws(ReadFailure) {
    guard view.count >= 4 else { return }
    var end = ByteCursor(view.suffix(4), area: "hdf5")
    guard try end.u32("checksum") == HDF5Checksum.lookup3(view.prefix(view.count - 4)) else {
      throw ReadFailure(
        "hdf5.checksum", at: place, found: "the checksum of '\(what)' is wrong",
        expected: "expected an undamaged structure")
    }
  }

  /// Notes that something was lost.
  public func lose(_ failure: ReadFailure, _ path: String) {
    isDamaged = true
    diagnostics.warn(
      failure.diagnostic.code, at: .entry(path), found: failure.diagnostic.found,
      expected: "\(failure.diagnostic.expected); this part is left out")
  }
}
