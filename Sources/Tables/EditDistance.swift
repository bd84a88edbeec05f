/// The number of letters to insert, delete, replace or swap with the next.
public enum EditDistance {
  /// The distance of two words, in letters; case does not count, and words are cut at 80 letters.
  public static func between(_ a: String, _ b: String) -> Int {
    // A hostile key is cut: the nearest key is a help, not a result.
    let x = Array(a.lowercased().prefix(80))
    let y = Array(b.lowercased().prefix(80))
    var beforeLast: [Int] = []
    var last = Array(0...y.count)
    for i in 0..<x.count {
      var row = [i + 1]
      for j in 0..<y.count {
        var least = min(last[j] + (x[i] == y[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, x[i] == y[j - 1], x[i - 1] == y[j] {
          least = min(least, beforeLast[j - 1] + 1)
        }
        row.append(least)
      }
      beforeLast = last
      last = row
    }
    return last[y.count]
  }
}
