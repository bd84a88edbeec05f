internal import Bytes
internal import Reading
internal import Tables
internal import Units

extension HDF5Collection.Series {
  /// The series as a column.
  ///
  /// - Parameters:
  ///   - meaning: what the series is, where the format or its label says so.
  ///   - label: what the column is called.
  func column(
    _ meaning: ColumnNames.Meaning?, label: String? = nil, options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) -> Column {
    let heading = ColumnHeading(label: label ?? self.label, unit: unit, meaning: meaning)
    let unit = heading.columnUnit(.entry(path), options, into: &diagnostics)
    var values = values
    // Energies are read as real numbers, so that keV can become eV.
    if meaning?.isEnergy == true, case .integer(let v) = values {
      values = .real(v.map { Double($0) })
    }
    return Column(
      name: meaning?.name ?? ColumnLabel.slug(heading.label), label: heading.label, values: values,
      unit: unit, origin: origin, storage: storage == .integer ? nil : storage)
  }
}

extension HDF5Collection {
  /// Tables of series that belong to no other: one for each group and length.
  func looseTables(
    named name: String, options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> [Table] {
    var order: [String] = []
    var members: [String: [Series]] = [:]
    for one in series {
      let group = one.parts.dropLast().joined(separator: "/")
      // A dataset called `data` stands for its group.
      let key = "\(one.label == one.parts.last.map(String.init) ? group : "") \(one.count)"
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(one)
    }
    return order.compactMap { key in
      guard let all = members[key], let first = all.first else { return nil }
      let group = first.parts.dropLast().joined(separator: "/")
      let path = all.count == 1 ? first.path : group
      let title = [name, path].filter { !$0.isEmpty }.joined(separator: " ")
      let columns = all.map { $0.column(nil, options: options, into: &diagnostics) }
      return Table(
        name: title.isEmpty ? "root" : title, columns: columns,
        indexColumns: columns.first.map { [$0.name] } ?? [])
    }
  }
}

/// What all HDF5 formats do alike at the beginning and the end.
enum HDF5Reading {
  /// The file and its root group.
  static func open(
    _ bytes: ByteView, _ options: ReadOptions
  ) throws(ReadFailure) -> (file: HDF5File, root: HDF5Node) {
    let file = try HDF5File(bytes, limits: options.limits.expansion)
    return (file, try file.root())
  }

  /// The groups and datasets below the root; links into other files and to nothing are counted.
  static func members(_ root: HDF5Node, of file: HDF5File) throws(ReadFailure) -> [HDF5Node] {
    var nodes: [HDF5Node] = []
    for link in try file.links(root).all {
      do throws(ReadFailure) {
        if let node = try file.open(link, in: root) { nodes.append(node) }
      } catch {
        file.lose(error, root.path(of: link.name))
      }
    }
    return nodes
  }

  /// The dataset with the root's attributes, what the container had to say, and links that lead nowhere.
  static func finish(
    _ format: any FileFormat.Type, _ tables: [Table], _ file: HDF5File, _ root: HDF5Node,
    _ diagnostics: DiagnosticList
  ) -> Dataset {
    var diagnostics = diagnostics
    var dataset = Dataset(format: format.id, technique: format.technique, tables: unique(tables))
    for attribute in file.attributes(root) {
      for series in attribute.series {
        let member = series.member.isEmpty ? "" : ".\(series.member)"
        dataset.metadata.append("@\(attribute.name)\(member)", series.metadata)
      }
    }
    let links = try? file.links(root)
    for link in links?.all ?? [] {
      switch link.target {
      case .hard: continue
      default: dataset.metadata.append(link.name, HDF5Collection.words(link.target))
      }
    }
    diagnostics.add(contentsOf: file.diagnostics.all)
    let dangling = file.danglingLinks
    if let first = dangling.first {
      diagnostics.warn(
        "hdf5.dangling-links", at: .entry(first),
        found: "a link to another file, or to nothing",
        expected: "expected links within this file; give the files that it names as inputs",
        count: dangling.count, places: dangling.dropFirst().prefix(10).map { .entry($0) })
    }
    dataset.diagnostics = diagnostics.all
    dataset.complete = !file.isDamaged
    dataset.reading["container"] = "HDF5, superblock version \(file.version)"
    return dataset
  }

  /// Tables whose names differ.
  private static func unique(_ tables: [Table]) -> [Table] {
    var seen: [String: Int] = [:]
    return tables.map { table in
      var table = table
      let count = (seen[table.name] ?? 0) + 1
      seen[table.name] = count
      if count > 1 { table.name += "_\(count)" }
      return table
    }
  }
}
