internal import Bytes
internal import Reading
internal import Tables

/// A VTK XML file taken apart: its elements, and the block of appended data that is no XML.
struct VTKDocument {
  /// The element `VTKFile`.
  let root: XMLTree.Element
  /// What was said about the XML.
  let diagnostics: [Diagnostic]
  /// The whole file.
  let bytes: ByteView
  /// Where the appended data start, behind the `_`; nil where there are none.
  let appended: Int?
  /// Whether the appended data are base64.
  let isBase64: Bool
  /// The order of the bytes of numbers.
  let order: ByteOrder
  /// Bytes of a number in the headers of arrays.
  let headerSize: Int
  /// The compressor; nil where the arrays are as they are.
  let compressor: String?

  init(_ bytes: ByteView, options: ReadOptions) throws(ReadFailure) {
    var limits = XMLTree.Limits()
    limits.nesting = options.limits.nesting
    self.bytes = bytes
    var base64 = false
    var start: Int?
    if let tag = bytes.firstRange(of: "<AppendedData") {
      guard let close = bytes.firstRange(of: ">", from: tag.upperBound) else {
        throw ReadFailure(
          "vti.truncated", at: .byte(tag.lowerBound), found: "the tag AppendedData does not end",
          expected: "expected <AppendedData encoding=\"raw\">")
      }
      let attributes = bytes[tag.upperBound..<close.lowerBound].latin1()
      base64 = attributes.contains("base64")
      if !base64, !attributes.contains("raw") {
        throw ReadFailure(
          "vti.encoding", at: .byte(tag.lowerBound), found: "AppendedData with\(attributes)",
          expected: "expected encoding=\"raw\" or encoding=\"base64\"")
      }
      var i = close.upperBound
      while let byte = bytes[i], byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
        i += 1
      }
      guard bytes[i] == UInt8(ascii: "_") else {
        throw ReadFailure(
          "vti.truncated", at: .byte(i), found: "no _ before the appended data",
          expected: "expected _ and then the first array")
      }
      start = i + 1
      // What stands before is XML once its element is closed.
      let head = bytes.prefix(tag.lowerBound).array + Array("</VTKFile>".utf8)
      let tree = try XMLTree(ByteView(head), area: "vti", limits: limits)
      root = tree.root
      diagnostics = tree.diagnostics
    } else {
      let tree = try XMLTree(bytes, area: "vti", limits: limits)
      root = tree.root
      diagnostics = tree.diagnostics
    }
    appended = start
    isBase64 = base64
    guard root.name == "VTKFile" else {
      throw ReadFailure(
        "vti.type", at: .line(root.line), found: "the element <\(root.name)>",
        expected: "expected <VTKFile>")
    }
    switch root.attribute("byte_order") ?? "LittleEndian" {
    case "LittleEndian": order = .little
    case "BigEndian": order = .big
    case let other:
      throw ReadFailure(
        "vti.byte-order", at: .line(root.line), found: "byte_order=\"\(other)\"",
        expected: "expected LittleEndian or BigEndian")
    }
    switch root.attribute("header_type") ?? "UInt32" {
    case "UInt32": headerSize = 4
    case "UInt64": headerSize = 8
    case let other:
      throw ReadFailure(
        "vti.header-type", at: .line(root.line), found: "header_type=\"\(other)\"",
        expected: "expected UInt32 or UInt64")
    }
    let named = root.attribute("compressor") ?? ""
    compressor = named.isEmpty ? nil : named
    if let compressor, compressor != "vtkZLibDataCompressor" {
      throw ReadFailure(
        "vti.compressor", at: .line(root.line), found: "compressor=\"\(compressor)\"",
        expected: "expected none or vtkZLibDataCompressor: save the file again without compression")
    }
  }
}
