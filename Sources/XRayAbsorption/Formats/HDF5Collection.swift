internal import Bytes
internal import Tables

/// Everything below one group of an HDF5 file: small things as metadata, series of numbers as arrays.
///
/// Walks with a stack; an object that several links lead to is read once, at the first path.
struct HDF5Collection {
  /// A series of numbers: a dataset of one dimension, or a member of one.
  struct Series {
    /// The path below the group, `measurement/I0`.
    var path: String
    var values: ColumnValues
    var storage: Column.Storage
    /// The unit that the file gives; empty where it gives none.
    var unit: String
    var origin: Origin

    var count: Int { values.count }
    /// The parts of the path.
    var parts: [Substring] { path.split(separator: "/") }
    /// The name of the series: the last part, or the group's where that says only `data`.
    var label: String {
      let parts = parts
      let last = parts.last.map(String.init) ?? path
      let isPlain = ["data", "value", "signal", "raw", "val"].contains(last)
      return isPlain && parts.count > 1 ? String(parts[parts.count - 2]) : last
    }
  }

  /// Numbers in two dimensions that may be columns beside the series.
  struct Block {
    var path: String
    var dataset: HDF5Dataset
    /// The names of the columns, where the file tells.
    var labels: [String]
    var unit: String
  }

  private(set) var metadata = Metadata()
  private(set) var series: [Series] = []
  private(set) var blocks: [Block] = []
  /// The class (`NX_class`) of each group, by path; the top one is the empty path.
  private(set) var classes: [String: String] = [:]
  /// Numbers of up to this length that are no column are a setting.
  private static let shortList = 16
  private static let deepest = 64
  private static let longestText = 4096
  private static let longestPath = 4096
  /// The bytes of all paths together: long names within long names would fill the memory.
  private static let mostPathBytes = 32 << 20

  /// Collects what stands below a group.
  ///
  /// - Parameter first: the parts that are walked before the others, so that their paths count.
  init(_ top: HDF5Node, of file: HDF5File, first: [String] = []) {
    var open = [(node: top, path: "", depth: 0)]
    var seen: [Int: String] = [:]
    var pathBytes = 0
    while let (node, path, depth) = open.popLast() {
      if let known = seen[node.address] {
        if !path.isEmpty { metadata.append(path, "→ \(known.isEmpty ? node.path : known)") }
        continue
      }
      seen[node.address] = path
      do throws(ReadFailure) {
        if node.isDataset {
          try add(node, path, file)
          continue
        }
        for attribute in file.attributes(node) {
          if attribute.name == "NX_class", let text = attribute.text { classes[path] = text }
          append(attribute, path)
        }
        guard node.isGroup else { continue }
        guard depth < Self.deepest else {
          throw ReadFailure(
            "hdf5.depth", at: .entry(node.path), found: "groups within groups, \(depth) deep",
            expected: "expected at most \(Self.deepest)")
        }
        var links = try file.links(node).all
        if depth == 0, !first.isEmpty {
          links =
            links.filter { first.contains($0.name) } + links.filter { !first.contains($0.name) }
        }
        for link in links.reversed() {
          let inner = path.isEmpty ? link.name : "\(path)/\(link.name)"
          do throws(ReadFailure) {
            pathBytes += inner.utf8.count
            guard inner.utf8.count <= Self.longestPath, pathBytes <= Self.mostPathBytes else {
              throw ReadFailure(
                "hdf5.path", at: .entry(top.path),
                found: "a path that is too long, or too many long ones",
                expected: "expected at most \(Self.longestPath) bytes, \(Self.mostPathBytes) in all"
              )
            }
            if let child = try file.open(link, in: node) {
              open.append((child, inner, depth + 1))
            } else {
              metadata.append(inner, Self.words(link.target))
            }
          } catch {
            file.lose(error, node.path(of: String(link.name.prefix(100))))
          }
        }
      } catch {
        file.lose(error, node.path)
      }
    }
  }

  /// Where a link leads, in words.
  static func words(_ target: HDF5Link.Target) -> String {
    switch target {
    case .hard: "→ object"
    case .soft(let path): "→ \(path)"
    case .external(let file, let path): "→ \(path) of \(file)"
    case .other(let kind): "link of kind \(kind)"
    }
  }

  private mutating func append(_ attribute: HDF5Attribute, _ path: String) {
    for series in attribute.series {
      let member = series.member.isEmpty ? "" : ".\(series.member)"
      metadata.append("\(path)@\(attribute.name)\(member)", series.metadata)
    }
    if attribute.series.isEmpty { metadata.append("\(path)@\(attribute.name)", "") }
  }

  private mutating func add(
    _ node: HDF5Node, _ path: String, _ file: HDF5File
  ) throws(ReadFailure) {
    let attributes = file.attributes(node)
    for attribute in attributes { append(attribute, path) }
    func text(_ names: [String]) -> String {
      names.lazy.compactMap { name in attributes.first { $0.name == name }?.text }.first ?? ""
    }
    guard let dataset = try file.dataset(node) else { return }
    let unit = text(["units", "unit", "Units", "Unit"])
    let hasParts: Bool
    if case .compound = dataset.type.kind { hasParts = true } else { hasParts = false }
    if dataset.rank == 2, dataset.type.isNumber, dataset.count > Self.shortList {
      let labels = Self.labels(text(["array_labels", "column_names", "labels"]))
      blocks.append(Block(path: path, dataset: dataset, labels: labels, unit: unit))
      return
    }
    let isSeries = dataset.rank == 1 && dataset.count > 1
    guard isSeries || dataset.count <= Self.shortList || dataset.type.isText, dataset.rank <= 2
    else {
      metadata.append(path, dataset.summary)
      return
    }
    guard dataset.count > 0 else {
      metadata.append(path, dataset.summary)
      return
    }
    for part in try file.values(dataset) {
      let inner = part.member.isEmpty ? path : "\(path).\(part.member)"
      let isNumeric: Bool
      switch part.values {
      case .real, .integer: isNumeric = true
      default: isNumeric = false
      }
      if isSeries, part.width == 1, isNumeric || hasParts {
        let steps = ["dataset \(node.path)", dataset.type.summary]
        series.append(
          Series(
            path: inner, values: part.values, storage: part.storage, unit: unit,
            origin: Origin(
              bytes: [dataset.dataRange ?? dataset.position..<dataset.position], steps: steps)))
      } else if part.values.count <= Self.shortList || part.values.count <= Self.longestText {
        metadata.append(inner, part.metadata)
      } else {
        metadata.append(inner, dataset.summary)
      }
    }
  }

  /// The strings of a JSON list, which is how names of columns are written into an attribute.
  private static func labels(_ text: String) -> [String] {
    guard text.hasPrefix("["), case .list(let items)? = try? JSONText.parse(ByteView(utf8: text))
    else { return [] }
    return items.compactMap { if case .text(let label) = $0 { label } else { nil } }
  }

  /// Turns blocks with a side of `rows` into series, one for each column; the others into metadata.
  mutating func expandBlocks(rows: Int, of file: HDF5File) {
    expandBlocks(of: file) { _ in rows }
  }

  /// The same where the longer side of a narrow block counts as its rows.
  mutating func expandNarrowBlocks(of file: HDF5File) {
    expandBlocks(of: file) { block in
      let (most, least) = (block.dataset.shape.max() ?? 0, block.dataset.shape.min() ?? 0)
      return least <= Self.shortList && most >= 2 * least ? most : 0
    }
  }

  private mutating func expandBlocks(of file: HDF5File, rows: (Block) -> Int) {
    for block in blocks {
      let shape = block.dataset.shape
      let rows = rows(block)
      let alongFirst = shape[0] == rows
      let count = alongFirst ? shape[1] : shape[0]
      guard alongFirst || shape[1] == rows, rows > 1, count <= 64 else {
        metadata.append(block.path, block.dataset.summary)
        continue
      }
      do throws(ReadFailure) {
        guard let all = try file.values(block.dataset).first else { continue }
        for k in 0..<count {
          let label = block.labels.count == count ? block.labels[k] : "\(k + 1)"
          func pick<T>(_ v: [T]) -> [T] {
            (0..<rows).map { v[alongFirst ? $0 * count + k : k * rows + $0] }
          }
          let values: ColumnValues
          switch all.values {
          case .real(let v) where v.count == rows * count: values = .real(pick(v))
          case .integer(let v) where v.count == rows * count: values = .integer(pick(v))
          default: continue
          }
          let origin = Origin(
            bytes: [block.dataset.dataRange ?? block.dataset.position..<block.dataset.position],
            steps: ["dataset \(block.dataset.path), \(alongFirst ? "column" : "row") \(k + 1)"])
          series.append(
            Series(
              path: "\(block.path).\(label)", values: values, storage: all.storage,
              unit: block.labels.isEmpty ? block.unit : "", origin: origin))
        }
      } catch {
        file.lose(error, block.dataset.path)
      }
    }
    blocks = []
  }

  /// Takes series out, for instance those that are too short for a table.
  mutating func remove(_ isRemoved: (Series) -> Bool) -> [Series] {
    let removed = series.filter(isRemoved)
    series.removeAll(where: isRemoved)
    return removed
  }

  /// Keeps short series as settings, such as the three Miller indices of a crystal.
  mutating func keepShort(except rows: Int) {
    for short in remove({ $0.count <= Self.shortList && $0.count != rows }) {
      let values = HDF5Series(short.values)
      metadata.append(short.path, values.metadata)
      if !short.unit.isEmpty { metadata.append("\(short.path)@unit", short.unit) }
    }
  }
}
