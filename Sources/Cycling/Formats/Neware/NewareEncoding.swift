internal import Bytes
internal import Tables

/// The encoding of Neware's text: UTF-8, UTF-16, GB18030 or Latin-1.
///
/// Bytes alone do not tell: `B5 41` is `µA` in Latin-1 and one Chinese character in GB18030. So the
/// encoding in which more of the labels are known wins.
enum NewareEncoding {
  /// The text, and the name of its encoding.
  static func decode(
    _ bytes: ByteView, lines: Int, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> (text: DecodedText, encoding: String) {
    var notes = DiagnosticList()
    let plain = try DecodedText.decode(bytes, into: &notes)
    guard plain.encoding == .windows1252, let utf8 = ChineseText.utf8(fromGB18030: bytes) else {
      diagnostics.add(contentsOf: notes.all)
      return (plain, plain.encoding.rawValue)
    }
    var chineseNotes = DiagnosticList()
    let chinese = try DecodedText.decode(utf8, into: &chineseNotes)
    if known(chinese, lines: lines) > known(plain, lines: lines) {
      diagnostics.note(
        "neware.encoding", at: .line(1), found: "bytes that are no UTF-8",
        expected: "read as GB18030, in which more of the labels are known")
      return (chinese, "GB18030")
    }
    diagnostics.add(contentsOf: notes.all)
    return (plain, plain.encoding.rawValue)
  }

  /// How many labels of the first lines are known.
  private static func known(_ text: DecodedText, lines: Int) -> Int {
    var count = 0
    let all = TextLines(text.utf8)
    for line in all {
      if line.number > lines { break }
      count += NewareLabels.count(NewareLabels.cells(all.string(line))).known
    }
    return count
  }
}
