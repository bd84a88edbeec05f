internal import Bytes
internal import Reading
internal import Tables

/// HDF5 files that no format claims: of other fields, without series of numbers, or damaged.
enum ForeignHDF5 {
  /// What to say of such a file; nil where it is no HDF5 file.
  static func refusal(_ file: FileHead) -> ReadFailure? {
    guard let offset = HDF5File.signaturePosition(file.head) else { return nil }
    guard let container = file.hdf5 else {
      return failure(at: offset, "its superblock is damaged or cut")
    }
    do throws(ReadFailure) {
      let links = try container.links(container.root()).all
      if links.isEmpty { return failure(at: offset, "it holds nothing") }
      let names = links.prefix(8).map { "/\($0.name)" }.joined(separator: ", ")
      let more = links.count > 8 ? " and \(links.count - 8) more" : ""
      return failure(at: offset, "it holds \(names)\(more)")
    } catch {
      return failure(
        at: offset, "its root group cannot be read: \(error.diagnostic.found)")
    }
  }

  private static func failure(at offset: Int, _ what: String) -> ReadFailure {
    ReadFailure(
      "hdf5.unsupported", at: .byte(offset),
      found: "this is an HDF5 file of a kind that Interphase does not read; \(what)",
      expected: "export it as text: afmformats writes .tab (fmt='tab'), h5dump and h5py write "
        + "columns, ParaView saves fields of simulations as CSV or .vti; or give the file that "
        + "the instrument wrote")
  }
}
