internal import Bytes
internal import Tables

/// The texts that a table of texts (TTOC) points to: notes with `key:value` lines, or plain text.
struct ARDFNotes {
  /// Each text with the byte at which it starts.
  private(set) var texts: [(bytes: ByteView, start: Int)] = []
  /// The byte after the table.
  let end: Int

  /// Reads the table at an offset and its texts; a text that cannot be read is said to be lost.
  init(
    _ view: ByteView, at offset: Int, _ flaws: inout ARDFFlaws, _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let table = try ARDFTable(view, at: offset, named: "TTOC")
    end = table.end
    _ = flaws.check(table.block, view)
    guard flaws.spend(table, view) else { return }
    for entry in table.entries {
      _ = flaws.check(entry, view)
      do throws(ReadFailure) {
        guard entry.name == "TOFF", let pointer = table.pointer(entry, view) else {
          throw ReadFailure(
            "ardf.block", at: entry.place, found: "an entry named \(entry.name)",
            expected: "expected TOFF")
        }
        let block = try ARDFBlock.expect("TEXT", view, at: pointer)
        guard flaws.spend(block, view) else { return }
        _ = flaws.check(block, view)
        var cursor = block.cursor(view)
        try cursor.skip(4, "number of the text")
        let length = Int(try cursor.u32("length of the text"))
        let start = cursor.base + cursor.offset
        texts.append((try cursor.slice(length, "text"), start))
      } catch {
        flaws.lose()
        diagnostics.warn(
          "ardf.text", at: error.diagnostic.place,
          found: "a text cannot be read: \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
    }
  }

  /// Adds the texts to the metadata, every key with `prefix` before it; returns the notes.
  func append(
    to metadata: inout Metadata, _ origins: inout [String: Origin], prefix: String = ""
  ) -> [IgorNote] {
    var notes: [IgorNote] = []
    for text in texts {
      let note = IgorNote(text.bytes, base: text.start)
      notes.append(note)
      if note.pairs == 0 {
        if text.bytes.count > 0 {
          metadata.append("\(prefix)note", OneByteText.field(text.bytes))
        }
        continue
      }
      for entry in note.entries {
        let key = prefix + (entry.key.isEmpty ? "note" : entry.key)
        metadata.append(key, entry.value)
        if origins[key] == nil {
          origins[key] = Origin(bytes: [entry.bytes], steps: ["text, Windows-1252"])
        }
      }
    }
    return notes
  }
}
