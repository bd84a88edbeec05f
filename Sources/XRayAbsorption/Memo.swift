internal import Synchronization

/// What answers are kept for in a ``Memo``.
protocol MemoKey: Hashable, Sendable {
  /// The bytes that it takes.
  var length: Int { get }
}

extension String: MemoKey {
  var length: Int { utf8.count }
}

/// What labels and units mean, kept for the next file: the files of a batch call their columns alike.
///
/// It holds a bounded number of short texts, so that files cannot fill the memory with theirs.
final class Memo<Key: MemoKey, Value: Sendable>: Sendable {
  private let known = Mutex<[Key: Value]>([:])
  private static var most: Int { 2048 }
  private static var longest: Int { 64 }

  /// What `find` says of a key, asked at most once of most keys.
  func value(_ key: Key, _ find: (Key) -> Value) -> Value {
    guard key.length <= Self.longest else { return find(key) }
    if let value = known.withLock({ $0[key] }) { return value }
    let value = find(key)
    known.withLock { if $0.count < Self.most { $0[key] = value } }
    return value
  }
}

/// What labels mean.
typealias LabelMemo<Value: Sendable> = Memo<String, Value>
