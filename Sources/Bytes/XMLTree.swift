public import Tables

/// The elements of an XML document, read by libxml2 without entities, DTDs or network.
public struct XMLTree: Sendable {
  /// An attribute of an element.
  public struct Attribute: Hashable, Sendable {
    /// The name without prefix.
    public var name: String
    /// The namespace; empty where there is none.
    public var namespace: String
    /// The value with references resolved.
    public var value: String

    /// An attribute from its parts.
    public init(name: String, namespace: String = "", value: String) {
      self.name = name
      self.namespace = namespace
      self.value = value
    }
  }

  /// An element with its attributes, its text and its children.
  public struct Element: Sendable {
    /// The name without prefix.
    public var name: String
    /// The namespace; empty where there is none.
    public var namespace: String
    /// The attributes in the document's order.
    public var attributes: [Attribute] = []
    /// The child elements in the document's order.
    public var children: [Element] = []
    /// All text directly in the element, as it stands.
    public var text = ""
    /// The line of the start tag, from 1.
    public var line: Int
    /// The bytes between start and end tag; nil for `<x/>` and where the text was transcoded.
    public var bytes: Range<Int>?

    /// The first child of a name.
    public subscript(name: String) -> Element? { children.first { $0.name == name } }

    /// The element at the end of a path of names, the first of each name.
    public func first(_ path: String...) -> Element? {
      var element = self
      for name in path {
        guard let next = element[name] else { return nil }
        element = next
      }
      return element
    }

    /// All children of a name.
    public func all(_ name: String) -> [Element] { children.filter { $0.name == name } }

    /// The value of an attribute.
    public func attribute(_ name: String) -> String? {
      attributes.first { $0.name == name }?.value
    }
  }

  /// The outermost element.
  public var root: Element
  /// Warnings: a declared encoding that the bytes contradict, undeclared prefixes.
  public var diagnostics: [Diagnostic]

  /// How large a document may be.
  public struct Limits: Hashable, Sendable {
    /// How deep elements may nest.
    public var nesting = 256
    /// How many elements there may be.
    public var elements = 2_000_000

    /// The defaults.
    public init() {}
  }

  /// Reads a whole document.
  ///
  /// A DOCTYPE is an error at its line before anything in it is looked at.
  ///
  /// - Throws: `AREA.doctype`, `AREA.nesting`, `AREA.elements`, `AREA.truncated`, `AREA.encoding`
  ///   or `AREA.syntax`, with the line.
  public init(
    _ bytes: ByteView, area: String = "xml", limits: Limits = Limits()
  ) throws(ReadFailure) {
    let source = try XMLSource(bytes, area: area)
    let builder = XMLBuilder(area: area, limits: limits, base: source.base)
    try builder.parse(source.bytes, ignoreDeclaredEncoding: source.isUTF8)
    guard let root = builder.root else {
      throw ReadFailure(
        "\(area).truncated", at: .line(1), found: "there is no element",
        expected: "expected an XML document")
    }
    self.root = root
    diagnostics = source.diagnostics.all + builder.diagnostics
  }
}
