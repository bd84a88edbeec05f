internal import Tables

extension Dataset {
  /// The dataset of a part of a file that starts at byte `base`: all places count from the file's start.
  func rebased(by base: Int) -> Dataset {
    var copy = self
    for t in copy.tables.indices {
      for c in copy.tables[t].columns.indices { copy.tables[t].columns[c].origin.rebase(by: base) }
    }
    for g in copy.grids.indices {
      for c in copy.grids[g].channels.indices { copy.grids[g].channels[c].origin.rebase(by: base) }
    }
    copy.settingOrigins = settingOrigins.mapValues { origin in
      var origin = origin
      origin.rebase(by: base)
      return origin
    }
    for s in copy.settings.indices { copy.settings[s].origin.rebase(by: base) }
    copy.diagnostics = diagnostics.map { $0.rebased(by: base) }
    return copy
  }

  /// Puts `path/` before the names of tables, grids and settings: a part of a larger file.
  ///
  /// A table that bears the part's own name is called `path` alone.
  func placed(at path: String, named own: String) -> Dataset {
    var copy = self
    func place(_ name: String) -> String { name == own ? path : "\(path)/\(name)" }
    for t in copy.tables.indices { copy.tables[t].name = place(copy.tables[t].name) }
    for g in copy.grids.indices { copy.grids[g].name = place(copy.grids[g].name) }
    copy.metadata = Metadata()
    for entry in metadata.entries { copy.metadata.append("\(path)/\(entry.key)", entry.value) }
    copy.settingOrigins = [:]
    for (key, origin) in settingOrigins { copy.settingOrigins["\(path)/\(key)"] = origin }
    for s in copy.settings.indices {
      copy.settings[s].key = "\(path)/\(copy.settings[s].key)"
      copy.settings[s].group = path
    }
    return copy
  }
}

extension Origin {
  fileprivate mutating func rebase(by base: Int) {
    bytes = bytes.map { ($0.lowerBound + base)..<($0.upperBound + base) }
  }
}

extension Place {
  func rebased(by base: Int) -> Place {
    if case .byte(let offset) = self { return .byte(offset + base) }
    return self
  }
}

extension Diagnostic {
  /// The diagnostic with its places counted from the start of the file.
  func rebased(by base: Int) -> Diagnostic {
    var copy = self
    copy.place = place == .whole ? .byte(base) : place.rebased(by: base)
    copy.places = places.map { $0.rebased(by: base) }
    return copy
  }
}
