internal import Synchronization

/// Unit texts that were read before, so that the labels of a thousand files of one instrument are read once.
///
/// It holds no more than ``most`` texts and forgets all of them when it is full; what is read never
/// depends on what it holds.
enum LooseUnitCache {
  private struct Key: Hashable {
    let text: String
    let expected: Dimension?
  }

  private static let most = 4096
  private static let known = Mutex<[Key: LooseUnit?]>([:])

  /// What a text means, from the cache or by reading it.
  static func unit(
    _ text: String, _ expected: Dimension?, read: (String, Dimension?) -> LooseUnit?
  ) -> LooseUnit? {
    let key = Key(text: text, expected: expected)
    if let found = known.withLock({ $0[key] }) { return found }
    let unit = read(text, expected)
    // Long texts come once and would take the room of many short ones.
    guard text.utf8.count <= PhysicalUnit.longestText else { return unit }
    known.withLock { table in
      if table.count >= most { table = [:] }
      table[key] = .some(unit)
    }
    return unit
  }
}
