internal import Bytes
internal import Reading
internal import Tables

/// Which program wrote an HDF5 file, by what its first groups hold.
struct HDF5Dialect {
  /// The dialects that are told apart.
  enum Kind {
    case nexus, bliss, library, plain
    /// A dialect of another field that is refused by name.
    case foreign
  }

  let kind: Kind
  let reason: String

  /// How many members of a group are looked at.
  private static let looked = 64

  /// The dialect of a file; nil where it is no HDF5 file, or where nothing in it can be read.
  static func of(_ head: FileHead) -> HDF5Dialect? {
    guard let file = head.hdf5, let root = try? file.root(), let links = try? file.links(root)
    else { return nil }
    var texts: [String: String] = [:]
    for attribute in file.attributes(root) { texts[attribute.name] = attribute.text }
    if texts["software"] == "afmformats" || texts["format"]?.hasPrefix("tof-sims") == true {
      return HDF5Dialect(kind: .foreign, reason: "its attributes name another field")
    }
    let isBLISS =
      texts["creator"]?.lowercased().contains("bliss") == true || texts["publisher"] == "bliss"
    var found: HDF5Dialect?
    for link in links.all.prefix(looked) {
      guard let node = try? file.open(link, in: root), node.isGroup else { continue }
      if let reason = nexus(node, file) { return HDF5Dialect(kind: .nexus, reason: reason) }
      if found == nil { found = other(node, file) }
    }
    if isBLISS {
      return HDF5Dialect(kind: .bliss, reason: "the root's attributes name BLISS as its writer")
    }
    if let found { return found }
    return hasNumbers(root, file)
      ? HDF5Dialect(kind: .plain, reason: "HDF5 with numbers, of no dialect that is known") : nil
  }

  /// Why an entry holds an absorption spectrum; nil where it does not say so.
  private static func nexus(_ entry: HDF5Node, _ file: HDF5File) -> String? {
    if definition(entry, file)?.hasPrefix("NXxas") == true {
      return "\(entry.path)/definition is NXxas"
    }
    for child in children(entry, file) where child.isGroup {
      if definition(child, file)?.hasPrefix("NXxas") == true {
        return "\(child.path)/definition is NXxas"
      }
    }
    if let data = try? file.node("data", in: entry), data.isGroup,
      let links = try? file.links(data),
      links["energy"] != nil, links["absorbed_beam"] != nil
    {
      return "\(entry.path)/data holds energy and absorbed_beam"
    }
    return nil
  }

  /// The definition that an entry names.
  static func definition(_ entry: HDF5Node, _ file: HDF5File) -> String? {
    guard let node = try? file.node("definition", in: entry), let set = try? file.dataset(node),
      set.count == 1, set.type.isText, let first = try? file.values(set).first
    else { return nil }
    return first.text(0)
  }

  private static func other(_ node: HDF5Node, _ file: HDF5File) -> HDF5Dialect? {
    if BLISSFile.isScan(node.name), let links = try? file.links(node),
      links["measurement"] != nil
    {
      return HDF5Dialect(kind: .bliss, reason: "\(node.path) holds a measurement")
    }
    if node.name == "spectra",
      children(node, file).contains(where: { NEXAFSLibrary.isSpectrum($0, file) })
    {
      return HDF5Dialect(kind: .library, reason: "the groups of /spectra hold x and y")
    }
    if let links = try? file.links(node), links["block0_values"] != nil, links["axis0"] != nil {
      return HDF5Dialect(kind: .foreign, reason: "\(node.path) is a table of pandas")
    }
    return nil
  }

  private static func children(_ node: HDF5Node, _ file: HDF5File) -> [HDF5Node] {
    guard node.isGroup, let links = try? file.links(node) else { return [] }
    return links.all.prefix(looked).compactMap { try? file.open($0, in: node) }
  }

  /// Whether there is a series of numbers among the first objects.
  private static func hasNumbers(_ root: HDF5Node, _ file: HDF5File) -> Bool {
    var open = [root]
    var seen: Set<Int> = []
    while let node = open.popLast(), seen.count < 2000 {
      guard seen.insert(node.address).inserted else { continue }
      if let dataset = try? file.dataset(node) {
        if dataset.count > 1, dataset.rank == 1 || dataset.rank == 2 {
          switch dataset.type.kind {
          case .integer, .float, .compound: return true
          default: break
          }
        }
      } else {
        open += children(node, file).reversed()
      }
    }
    return false
  }
}
