internal import Tables

/// A header line that says which columns make the absorption: `Sample I1 = col 3  I2= col 4`.
struct SampleStatement: Hashable {
  /// The columns before and behind the sample, from 1.
  let incident: Int, transmitted: Int

  /// Finds the statement in a header; nil where there is none.
  init?(_ header: [HeaderLine]) {
    for line in header where line.text.lowercased().hasPrefix("sample i") {
      // `sample i1 = col 3  i2= col 4, mu = …`
      let words = line.text.lowercased().split { " =,;".contains($0) }
      var columns: [Int] = []
      for (word, next) in zip(words, words.dropFirst()) where word == "col" {
        if let number = Int(next), number > 0 { columns.append(number) }
      }
      guard columns.count >= 2, columns[0] != columns[1] else { continue }
      incident = columns[0]
      transmitted = columns[1]
      return
    }
    return nil
  }

  /// Gives the two columns their meaning; others that were taken for them or for mu lose theirs.
  func apply(_ headings: inout [ColumnHeading]) {
    guard headings.indices.contains(incident - 1), headings.indices.contains(transmitted - 1)
    else { return }
    let roles: Set = ["incident_intensity", "transmitted_intensity", "reference_intensity", "mu"]
    for i in headings.indices where roles.contains(headings[i].meaning?.name ?? "") {
      headings[i].meaning = nil
    }
    headings[incident - 1].meaning = ColumnNames.meaning(of: "i0")
    headings[transmitted - 1].meaning = ColumnNames.meaning(of: "it")
  }
}
