internal import CXML
internal import Tables

/// Builds the tree from libxml2's SAX2 events, with an explicit stack of open elements.
final class XMLBuilder {
  private let area: String
  private let limits: XMLTree.Limits
  /// Where the parsed bytes start in the file; nil where offsets mean nothing.
  private let base: Int?
  private var context: xmlParserCtxtPtr?
  private var open: [XMLTree.Element] = []
  private var starts: [Int] = []
  private var elements = 0
  private var source = ByteView([])
  private var failure: ReadFailure?
  private(set) var root: XMLTree.Element?
  private(set) var diagnostics: [Diagnostic] = []

  init(area: String, limits: XMLTree.Limits, base: Int?) {
    self.area = area
    self.limits = limits
    self.base = base
  }

  func parse(_ bytes: ByteView, ignoreDeclaredEncoding: Bool) throws(ReadFailure) {
    xmlInitParser()
    source = bytes
    bytes.withBytes { buffer in
      guard
        let context = xmlCreateMemoryParserCtxt(
          buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: buffer.count))
      else { return }
      self.context = context
      var options = XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue
      if ignoreDeclaredEncoding { options |= XML_PARSE_IGNORE_ENC.rawValue }
      xmlCtxtUseOptions(context, Int32(options))
      install(in: context)
      xmlParseDocument(context)
      if context.pointee.wellFormed == 0, failure == nil {
        fail(
          ReadFailure(
            "\(area).syntax", at: place(), found: "the document is not well-formed",
            expected: "expected well-formed XML"))
      }
      self.context = nil
      xmlFreeDoc(context.pointee.myDoc)
      xmlFreeParserCtxt(context)
    }
    if let failure { throw failure }
  }

  private func install(in context: xmlParserCtxtPtr) {
    guard let sax = context.pointee.sax else { return }
    var handler = xmlSAXHandler()
    handler.initialized = UInt32(XML_SAX2_MAGIC)
    handler.internalSubset = { context, _, _, _ in
      XMLBuilder.from(context)?.doctype()
    }
    handler.startElementNs = { context, name, _, namespace, _, _, count, _, attributes in
      XMLBuilder.from(context)?.start(name, namespace, count, attributes)
    }
    handler.endElementNs = { context, _, _, _ in XMLBuilder.from(context)?.end() }
    handler.characters = { context, text, count in XMLBuilder.from(context)?.characters(text, count)
    }
    handler.cdataBlock = { context, text, count in XMLBuilder.from(context)?.characters(text, count)
    }
    handler.serror = { context, error in XMLBuilder.from(context)?.report(error) }
    sax.pointee = handler
    context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> XMLBuilder? {
    context.map { Unmanaged<XMLBuilder>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Events

  private var line: Int { context.map { Int(xmlSAX2GetLineNumber($0)) } ?? 0 }

  /// The offset in the source behind what has been read.
  private var offset: Int { context.map { Int(xmlByteConsumed($0)) } ?? -1 }

  private func doctype() {
    fail(
      ReadFailure(
        "\(area).doctype", at: place(), found: "a DOCTYPE (DTD, entities) is not accepted",
        expected: "expected a document without DOCTYPE"))
  }

  private func start(
    _ name: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?, _ count: Int32,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard failure == nil else { return }
    elements += 1
    if open.count >= limits.nesting {
      return fail(
        ReadFailure(
          "\(area).nesting", at: place(), found: "elements nest deeper than \(limits.nesting)",
          expected: "expected a depth of at most \(limits.nesting)"))
    }
    if elements > limits.elements {
      return fail(
        ReadFailure(
          "\(area).elements", at: place(), found: "there are more than \(limits.elements) elements",
          expected: "expected fewer elements"))
    }
    var element = XMLTree.Element(name: text(name), namespace: text(namespace), line: line)
    if let attributes {
      for i in 0..<Int(count) {
        // Five pointers an attribute: name, prefix, namespace, start and end of the value.
        let start = attributes[5 * i + 3]
        let end = attributes[5 * i + 4]
        var value = ""
        if let start, let end, end > start {
          value = String(
            decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
        }
        element.attributes.append(
          XMLTree.Attribute(
            name: text(attributes[5 * i]), namespace: text(attributes[5 * i + 2]), value: value))
      }
    }
    open.append(element)
    // libxml2 calls before it takes the `>` or `/>` of the tag.
    starts.append(base != nil && source[offset] == UInt8(ascii: ">") ? offset + 1 : -1)
  }

  private func end() {
    guard failure == nil, var element = open.popLast(), let start = starts.popLast() else { return }
    if let base, start >= 0 {
      var end = min(offset, source.count) - 1
      while end > start, source[end] != UInt8(ascii: "<") { end -= 1 }
      if end >= start { element.bytes = (base + start)..<(base + end) }
    }
    if let parent = open.indices.last {
      open[parent].children.append(element)
    } else {
      root = element
    }
  }

  private func characters(_ text: UnsafePointer<xmlChar>?, _ count: Int32) {
    guard failure == nil, let text, count > 0, let top = open.indices.last else { return }
    open[top].text += String(
      decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
  }

  private func text(_ name: UnsafePointer<xmlChar>?) -> String {
    name.map { String(cString: $0) } ?? ""
  }

  // MARK: Failures

  private func report(_ error: UnsafeMutablePointer<xmlError>?) {
    guard let error = error?.pointee, failure == nil else { return }
    let message = error.message.map { String(cString: $0) } ?? "an error"
    let words = String(
      message.prefix(160).map { $0.isNewline ? " " : $0 }.drop { $0 == " " })
    var found = words
    while found.last == " " { found.removeLast() }
    if error.level == XML_ERR_FATAL {
      let atEnd = context.map { $0.pointee.input?.pointee.end == $0.pointee.input?.pointee.cur }
      if atEnd == true {
        let inside = open.last.map { " inside <\($0.name)> of line \($0.line)" } ?? ""
        fail(
          ReadFailure(
            "\(area).truncated", at: place(Int(error.line)),
            found: "the document ends\(inside) (\(found))",
            expected: "expected a whole XML document"))
      } else {
        fail(
          ReadFailure(
            "\(area).syntax", at: place(Int(error.line)), found: found,
            expected: "expected well-formed XML"))
      }
    } else if error.level == XML_ERR_ERROR, diagnostics.count < 10 {
      diagnostics.append(
        Diagnostic(
          .warning, "\(area).namespace", at: .line(Int(error.line)), found: found,
          expected: "read without regard to it"))
    }
  }

  private func place(_ line: Int? = nil) -> Place { .line(max(1, line ?? self.line)) }

  /// Keeps the first failure and stops the parser.
  private func fail(_ failure: ReadFailure) {
    if self.failure == nil { self.failure = failure }
    if let context { xmlStopParser(context) }
  }
}
