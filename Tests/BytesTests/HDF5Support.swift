import Bytes
import Tables
import TestSupport

/// What an HDF5 file holds, gathered through all of its links.
struct HDF5Contents {
  /// The datasets by path.
  var data: [String: (shape: [Int], series: [HDF5Series])] = [:]
  /// The attributes by `path@name`.
  var attributes: [String: [HDF5Series]] = [:]
  /// The links that lead nowhere.
  var dangling: [String] = []
  /// What the file says of damage.
  var diagnostics: [Diagnostic] = []
  /// Whether something was lost.
  var isDamaged = false

  /// Walks over a whole file; what cannot be read is left out with a diagnostic.
  init(_ bytes: ByteView) throws(ReadFailure) {
    let file = try HDF5File(bytes)
    var open = [try file.root()]
    var seen: Set<Int> = []
    while let node = open.popLast() {
      guard seen.insert(node.address).inserted else { continue }
      for attribute in file.attributes(node) {
        attributes["\(node.path)@\(attribute.name)"] = attribute.series
      }
      do throws(ReadFailure) {
        if let dataset = try file.dataset(node), !dataset.isNull {
          data[node.path] = (dataset.shape, try file.values(dataset))
        }
        guard node.isGroup else { continue }
        for link in try file.links(node).all.reversed() {
          do throws(ReadFailure) {
            if let child = try file.open(link, in: node) { open.append(child) }
          } catch {
            file.lose(error, node.path(of: link.name))
          }
        }
      } catch {
        file.lose(error, node.path)
      }
    }
    dangling = file.danglingLinks
    diagnostics = file.diagnostics.all
    isDamaged = file.isDamaged
  }

  /// What differs from a truth file; `data` and `attributes` by path and member.
  func problems(_ truth: ResultValue) -> [String] {
    var problems: [String] = []
    for (path, expected) in Self.fields(truth["data"]) {
      guard let found = data[path] else {
        problems.append("\(path) is not there")
        continue
      }
      if expected["shape"]?.elements != found.shape.map({ ResultValue.integer($0) }) {
        problems.append("\(path) has shape \(found.shape)")
      }
      compare(found.series, expected["series"], path, &problems)
    }
    for (path, expected) in Self.fields(truth["attributes"]) {
      guard let found = attributes[path] else {
        problems.append("\(path) is not there")
        continue
      }
      compare(found, expected, path, &problems)
    }
    return problems
  }

  private func compare(
    _ found: [HDF5Series], _ truth: ResultValue?, _ path: String, _ problems: inout [String]
  ) {
    let members = Self.fields(truth)
    if members.count != found.count {
      problems.append("\(path) has the members \(found.map(\.member))")
    }
    for (member, value) in members {
      let expected = value.elements
      guard let series = found.first(where: { $0.member == member }) else {
        problems.append("\(path) has no member '\(member)'")
        continue
      }
      if series.values.count != expected.count {
        problems.append("\(path).\(member) has \(series.values.count) values")
        continue
      }
      for (i, value) in expected.enumerated() where !Self.isEqual(series.value(i), value) {
        problems.append("\(path).\(member)[\(i)] is \(series.text(i)), not \(value)")
        break
      }
    }
  }

  private static func fields(_ value: ResultValue?) -> [(key: String, value: ResultValue)] {
    guard case .object(let fields)? = value else { return [] }
    return fields.keys.compactMap { key in fields[key].map { (key, $0) } }
  }

  private static func isEqual(_ found: MetadataValue?, _ expected: ResultValue) -> Bool {
    switch (found, expected) {
    case (.integer(let a)?, .integer(let b)): a == Int64(b)
    case (.integer(let a)?, .number(let b)): Double(a) == b
    case (.real(let a)?, .integer(let b)): a == Double(b)
    case (.real(let a)?, .number(let b)): a == b
    case (.text(let a)?, .text(let b)): a == b
    default: false
    }
  }
}
