internal import Bytes
internal import Reading
internal import Tables

/// An IDF document on its way to a dataset.
struct IDFDocument {
  /// An element with its path, such as `sample/spectra/spectrum[2]/beam`.
  struct Node {
    var element: XMLTree.Element
    var path: String

    /// The children, told apart by `[n]` where several have one name.
    var children: [Node] {
      if element.children.isEmpty { return [] }
      if element.children.count == 1 {
        let name = element.children[0].name
        return [Node(element: element.children[0], path: path.isEmpty ? name : "\(path)/\(name)")]
      }
      let names = element.children.map(\.name)
      if names.count <= 12 {
        return names.indices.map { i in
          let place = names[..<i].count { $0 == names[i] }
          let isAlone = place == 0 && !names[(i + 1)...].contains(names[i])
          let own = isAlone ? names[i] : "\(names[i])[\(place + 1)]"
          return Node(element: element.children[i], path: path.isEmpty ? own : "\(path)/\(own)")
        }
      }
      var counts: [String: Int] = [:]
      for name in names { counts[name, default: 0] += 1 }
      var seen: [String: Int] = [:]
      return element.children.map { child in
        seen[child.name, default: 0] += 1
        let index = (counts[child.name] ?? 0) > 1 ? "[\(seen[child.name] ?? 0)]" : ""
        let own = child.name + index
        return Node(element: child, path: path.isEmpty ? own : "\(path)/\(own)")
      }
    }

    /// The first child of a name, in any namespace.
    subscript(name: String) -> Node? { all(name).first }

    /// All children of a name.
    func all(_ name: String) -> [Node] {
      let found = element.children.indices.filter { element.children[$0].name == name }
      return found.enumerated().map { n, i in
        let own = found.count > 1 ? "\(name)[\(n + 1)]" : name
        return Node(element: element.children[i], path: path.isEmpty ? own : "\(path)/\(own)")
      }
    }

    /// The element at the end of a path of names, the first of each.
    func first(_ names: String...) -> Node? {
      var node = self
      for name in names {
        guard let next = node[name] else { return nil }
        node = next
      }
      return node
    }

    /// The text without blanks around it.
    var text: String { IDFNumbers.trimmed(element.text) }

    /// Where the element stands.
    var place: Place { .element(path) }

    /// The place of the element's text, with how it was read.
    func origin(_ steps: String...) -> Origin {
      Origin(
        bytes: element.bytes.map { [$0] } ?? [], lines: element.line...element.line, member: path,
        steps: steps)
    }
  }

  var tables: [Table] = []
  var diagnostics = DiagnosticList()
  /// Paths of elements whose text became a column.
  var consumed: Set<String> = []
  var reading: [String: String] = [:]
  /// What the file says of each spectrum, and for its simulation.
  var records: [SpectrumRecord] = []
  var simulationRecords: [SimulationRecord] = []

  /// Reads a document as one of the two formats.
  static func read(
    _ bytes: ByteView, format: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var limits = XMLTree.Limits()
    limits.nesting = options.limits.nesting
    let tree = try XMLTree(bytes, limits: limits)
    guard tree.root.name == "idf" else {
      throw ReadFailure(
        "idf.root", at: .line(tree.root.line),
        found: "the outermost element is <\(tree.root.name)>",
        expected: "expected <idf>")
    }
    var document = IDFDocument()
    document.diagnostics.add(contentsOf: tree.diagnostics)
    let root = Node(element: tree.root, path: "")
    let sample = root["sample"]
    if let layers = sample?.first("structure", "layeredstructure") {
      try document.readLayers(layers)
    }
    let spectra = sample?["spectra"]?.all("spectrum") ?? []
    for (i, spectrum) in spectra.enumerated() {
      try document.readSpectrum(spectrum, number: spectra.count > 1 ? i + 1 : nil)
    }
    if document.tables.isEmpty {
      document.diagnostics.warn(
        "idf.no-data", found: "the file holds no spectrum, simulation or layer",
        expected: "only its settings are given")
    }
    var dataset = Dataset(
      format: format, technique: .rbs, tables: document.tables, diagnostics: [],
      reading: document.reading)
    document.describe(root, into: &dataset)
    for record in document.records { dataset.append(record) }
    for record in document.simulationRecords { dataset.append(record) }
    dataset.diagnostics = document.diagnostics.all
    return dataset
  }

  /// Keeps the text of every leaf and every attribute that became no column.
  private func describe(_ root: Node, into dataset: inout Dataset) {
    // An explicit stack of what is still to visit, in the document's order.
    var pending = [root]
    var kept: [Node] = []
    while let node = pending.popLast() {
      let children = node.children
      if node.path.isEmpty == false {
        for attribute in node.element.attributes {
          dataset.metadata.append("\(node.path)@\(attribute.name)", attribute.value)
        }
      }
      // Between elements there is nothing but line ends and blanks.
      let isBlank = node.element.text.utf8.allSatisfy { $0 <= 0x20 }
      if !isBlank, !consumed.contains(node.path) {
        let text = node.text
        if !text.isEmpty {
          dataset.metadata.append(node.path, text)
          kept.append(node)
        }
      }
      pending.append(contentsOf: children.reversed())
    }
    dataset.settingOrigins.reserveCapacity(dataset.settingOrigins.count + kept.count)
    for node in kept { dataset.settingOrigins[node.path] = node.origin() }
  }
}
