public import Bytes
public import Reading
public import Tables

/// What is known of a sample file from outside: the `FILE.truth.json` beside it.
public enum Truth {
  /// The truth of a sample.
  public static func of(_ sample: String) throws -> ResultValue {
    try JSONText.parse(FileSource.open(path: sample + ".truth.json"))
  }

  /// The relative difference of two numbers, on the scale of the expected one or of `scale`.
  public static func difference(_ found: Double?, _ expected: Double?, scale: Double = 0) -> Double
  {
    guard let found, let expected else {
      return found == nil && expected == nil ? 0 : .infinity
    }
    return found == expected ? 0 : abs(found - expected) / max(abs(expected), scale)
  }
}

extension ResultValue {
  /// The elements of a list; none for anything else.
  public var elements: [ResultValue] {
    if case .list(let list) = self { return list }
    return []
  }
}

/// A reader's answer to bytes: a dataset or the failure it threw.
public enum Reading {
  /// Reads bytes with a format that was found, under the default options.
  public static func read(
    _ format: FormatEntry, _ bytes: ByteView, name: String
  ) -> Result<Dataset, ReadFailure> {
    do throws(ReadFailure) {
      return .success(try format.read(bytes, name: name, options: ReadOptions()))
    } catch {
      return .failure(error)
    }
  }

  /// Reads bytes with a format under the default options.
  public static func read(
    _ format: any FileFormat.Type, _ bytes: ByteView, name: String
  ) -> Result<Dataset, ReadFailure> {
    do throws(ReadFailure) {
      return .success(try format.read(bytes, name: name, options: ReadOptions()))
    } catch {
      return .failure(error)
    }
  }
}
