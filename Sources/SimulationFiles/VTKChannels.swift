internal import Bytes
internal import Tables
internal import Units

/// The arrays of all pieces of an image, put together.
struct VTKChannels {
  /// A column for each component of each array.
  private(set) var columns: [Column] = []

  init(
    _ pieces: [XMLTree.Element], _ kind: String, _ frame: VTKFrame, isCells: Bool,
    _ document: VTKDocument, _ limits: ExpansionLimits, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let whole = VTKFrame.counts(frame.extent, ofCells: isCells)
    var extents: [[ClosedRange<Int>]] = []
    var covered = 0
    for piece in pieces {
      let written = piece.attribute("Extent")
      guard let extent = written.map({ VTKFrame.extent($0) }) ?? frame.extent,
        zip(extent, frame.extent).allSatisfy({
          $1.contains($0.lowerBound) && $1.contains($0.upperBound)
        })
      else {
        throw ReadFailure(
          "vti.extent", at: .line(piece.line), found: "Piece Extent=\"\(written ?? "")\"",
          expected: "expected six whole numbers within WholeExtent")
      }
      extents.append(extent)
      covered += VTKFrame.counts(extent, ofCells: isCells).reduce(1, *)
    }
    let total = whole.reduce(1, *)
    guard covered >= total else {
      throw ReadFailure(
        "vti.pieces", at: .line(pieces.first?.line ?? 1),
        found: "the pieces hold \(covered) of \(total) \(isCells ? "cells" : "points")",
        expected: "expected pieces that fill WholeExtent")
    }
    if pieces.count == 1 {
      for element in Self.arrays(pieces[0], kind) {
        let array = try VTKArray(element, of: document, tuples: total, limits: limits)
        columns += Self.columns(array, label: Self.label(array, columns.count))
      }
      return
    }
    // Where pieces overlap they share points; the later one stands.
    var parts: [(label: String, columns: [Column], pieces: Int)] = []
    for (piece, extent) in zip(pieces, extents) {
      let counts = VTKFrame.counts(extent, ofCells: isCells)
      for element in Self.arrays(piece, kind) {
        let array = try VTKArray(
          element, of: document, tuples: counts.reduce(1, *), limits: limits)
        let label = Self.label(array, 0)
        let own = Self.columns(array, label: label)
        var place = parts.firstIndex { $0.label == label && $0.columns.count == own.count }
        if place == nil {
          parts.append((label, own.map { Self.empty($0, total) }, 0))
          place = parts.count - 1
        }
        guard let place else { continue }
        parts[place].pieces += 1
        for c in own.indices {
          Self.put(own[c], counts, extent, into: &parts[place].columns[c], whole, frame.extent)
        }
      }
    }
    for part in parts {
      if part.pieces < pieces.count {
        diagnostics.warn(
          "vti.pieces", at: .line(pieces[0].line),
          found: "array '\(part.label)' stands in \(part.pieces) of \(pieces.count) pieces",
          expected: "its other values are missing")
      }
      columns += part.columns.map {
        var column = $0
        if case .real(let values) = column.values {
          column = Column(
            name: $0.name, label: $0.label, values: .real(values), unit: $0.unit,
            origin: $0.origin, storage: $0.storage)
        }
        return column
      }
    }
  }

  private static func arrays(_ piece: XMLTree.Element, _ kind: String) -> [XMLTree.Element] {
    piece.all(kind).flatMap { $0.all("DataArray") }
  }

  private static func label(_ array: VTKArray, _ number: Int) -> String {
    array.name.isEmpty ? "array_\(number + 1)" : array.name
  }

  /// A column of the whole grid with no value yet; numbers become real, so that they can be missing.
  private static func empty(_ column: Column, _ total: Int) -> Column {
    Column(
      name: column.name, label: column.label,
      values: .real([Double](repeating: .nan, count: total)), unit: column.unit,
      origin: column.origin, storage: column.storage)
  }

  private static func put(
    _ part: Column, _ counts: [Int], _ extent: [ClosedRange<Int>], into column: inout Column,
    _ whole: [Int], _ frame: [ClosedRange<Int>]
  ) {
    guard let values = part.real, case .real(var all) = column.values else { return }
    column.values = .real([])
    let start = zip(extent, frame).map { $0.lowerBound - $1.lowerBound }
    var source = 0
    for z in 0..<counts[2] {
      for y in 0..<counts[1] {
        let row = ((z + start[2]) * whole[1] + y + start[1]) * whole[0] + start[0]
        for x in 0..<counts[0] {
          if row + x < all.count, source < values.count { all[row + x] = values[source] }
          source += 1
        }
      }
    }
    column.values = .real(all)
  }

  /// The components of an array, each a column.
  static func columns(_ array: VTKArray, label: String) -> [Column] {
    let n = array.components
    let written = ColumnLabel(label)
    var unit = array.unit
    if case .absent = unit {
      unit =
        written.unit.map { .known($0.unit) } ?? written.unitText.map { .unknown($0) } ?? .absent
    }
    return (0..<n).map { c in
      let ending: String
      if n == 1 {
        ending = ""
      } else if let own = array.element.attribute("ComponentName\(c)"), !own.isEmpty {
        ending = " \(own)"
      } else {
        ending = n <= 3 ? [" x", " y", " z"][c] : " \(c + 1)"
      }
      let slug = ColumnLabel.slug(written.name + ending)
      let name = CanonicalName.simulation(slug) ?? (slug.isEmpty ? "array" : slug)
      func own<T>(_ values: [T]) -> [T] {
        n == 1 ? values : stride(from: c, to: values.count, by: n).map { values[$0] }
      }
      let values: ColumnValues
      switch array.values {
      case .real(let all): values = .real(own(all))
      case .integer(let all): values = .integer(own(all))
      }
      return Column(
        name: name, label: label + ending, values: values, unit: unit, origin: array.origin,
        storage: array.storage)
    }
  }
}
