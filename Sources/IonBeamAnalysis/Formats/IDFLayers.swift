internal import Bytes
internal import Tables
internal import Units

extension IDFDocument {
  /// A layer of the sample as the file holds it.
  private struct Layer {
    var node: Node
    var thickness: Double
    var roughness: Double?
    var fractions: [(element: String, value: Double)]
  }

  /// Reads the sample's layers into the table `layers`, from the surface down.
  mutating func readLayers(_ structure: Node) throws(ReadFailure) {
    let nodes = structure["layers"]?.all("layer") ?? []
    if let declared = IDFNumbers.number(structure["nlayers"]), declared != Double(nodes.count) {
      diagnostics.warn(
        "idf.layer-count", at: structure["nlayers"]?.place ?? structure.place,
        found: "nlayers is \(structure["nlayers"]?.text ?? ""), \(nodes.count) layers are there",
        expected: "the layers that are there are given")
    }
    try readLayers(nodes, table: "layers")
    for (name, words) in [
      ("substraterougness", "a rough substrate"), ("substrateroughness", "a rough substrate"),
    ] {
      if let node = structure.first(name, "distribution"),
        !["", "none"].contains(node.text.lowercased())
      {
        diagnostics.warn(
          "rbs.not-modelled", at: node.place, found: "the file asks for \(words)",
          expected: "simulations here do without")
      }
    }
  }

  /// Reads layers into a table, from the surface of a sample, or the sample's side of a foil.
  mutating func readLayers(_ nodes: [Node], table name: String) throws(ReadFailure) {
    var layers: [Layer] = []
    var unit = ColumnUnit.absent
    for node in nodes {
      guard let thickness = node["layerthickness"], let value = IDFNumbers.number(thickness) else {
        throw ReadFailure(
          "idf.layer", at: node.place, found: "the layer has no thickness",
          expected: "expected a number in layerthickness (line \(node.element.line))")
      }
      guard value.isFinite, value >= 0 else {
        throw ReadFailure(
          "idf.layer", at: thickness.place, found: "the areal density is \(thickness.text)",
          expected: "expected 0 or more")
      }
      if value == 0 {
        diagnostics.note(
          "idf.empty-layer", at: node.place, found: "a layer of thickness 0",
          expected: "it is left out")
        continue
      }
      if unit == .absent { unit = arealDensityUnit(thickness) }
      consumed.insert(thickness.path)
      checkPorosity(node)
      layers.append(
        Layer(
          node: node, thickness: value, roughness: roughness(node),
          fractions: try fractions(node)))
    }
    if !layers.isEmpty { tables.append(table(layers, unit, name)) }
  }

  private mutating func arealDensityUnit(_ thickness: Node) -> ColumnUnit {
    let text = thickness.element.attribute("units") ?? ""
    if text.isEmpty {
      diagnostics.warn(
        "idf.unit", at: thickness.place, found: "the layer thickness has no unit",
        expected: "taken as 1e15at/cm2")
      return .known(.atoms1e15PerSquareCentimetre)
    }
    if text.split(separator: " ").joined() == "1e15at/cm2" {
      return .known(.atoms1e15PerSquareCentimetre)
    }
    if let loose = PhysicalUnit.loose(
      text, expecting: PhysicalUnit.atoms1e15PerSquareCentimetre.dimension)
    {
      return .known(loose.unit)
    }
    diagnostics.warn(
      "unit.unknown", at: thickness.place, found: "the unit `\(text)` is not known",
      expected: "expected 1e15at/cm2")
    return .unknown(text)
  }

  /// The full width at half maximum of a layer's thickness distribution.
  private mutating func roughness(_ layer: Node) -> Double? {
    guard let node = layer["layeruniformity"], let value = IDFNumbers.number(node), value > 0,
      layer["hasroughness"]?.text != "false"
    else { return nil }
    let mode = node.element.attribute("mode") ?? ""
    guard mode.isEmpty || mode == "FWHM" else {
      diagnostics.warn(
        "idf.roughness", at: node.place, found: "the roughness is given as `\(mode)`",
        expected: "expected FWHM; it stands in the metadata only")
      return nil
    }
    let distribution = layer.first("roughness", "distribution")?.text.lowercased() ?? ""
    if !["", "gamma", "none"].contains(distribution) {
      diagnostics.warn(
        "rbs.not-modelled", at: node.place,
        found: "the file asks for roughness after '\(distribution.prefix(40))'",
        expected: "simulations here take a gamma distribution")
    }
    consumed.insert(node.path)
    return value
  }

  private mutating func checkPorosity(_ layer: Node) {
    guard let flag = layer.first("porosity", "hasporosity"), flag.text.lowercased() == "true" else {
      return
    }
    diagnostics.warn(
      "rbs.not-modelled", at: flag.place, found: "the file asks for a porous layer",
      expected: "simulations here do without")
  }

  /// Atom fractions by element; molecules are expanded, percent are divided by their sum.
  private mutating func fractions(
    _ layer: Node
  ) throws(ReadFailure) -> [(element: String, value: Double)] {
    var result: [(element: String, value: Double)] = []
    for part in layer["layerelements"]?.all("layerelement") ?? [] {
      guard let name = part["name"], let concentration = part["concentration"],
        let value = IDFNumbers.number(concentration)
      else {
        throw ReadFailure(
          "idf.layer", at: part.place, found: "a layer element without name or concentration",
          expected: "expected both (line \(part.element.line))")
      }
      consumed.insert(name.path)
      consumed.insert(concentration.path)
      for atom in try atoms(name) where value != 0 {
        if let i = result.firstIndex(where: { $0.element == atom.element }) {
          result[i].value += value * atom.value
        } else {
          result.append((atom.element, value * atom.value))
        }
      }
    }
    let sum = result.reduce(0) { $0 + $1.value }
    if sum > 1.5 {
      diagnostics.warn(
        "idf.percent", at: layer.place,
        found: "the fractions of the layer add up to more than 1.5",
        expected: "read as percent: divided by their sum")
      result = result.map { ($0.element, $0.value / sum) }
    }
    return result
  }

  /// The atom fractions of `Al`, `12C`, `Si 1 O 2` or `Ta ?=0.30 O ?=0.70`.
  private func atoms(_ name: Node) throws(ReadFailure) -> [(element: String, value: Double)] {
    try Self.atoms(name.text, at: name.place)
  }

  /// The atom fractions of an element or a molecule whose parts are divided by blanks.
  static func atoms(
    _ text: String, at place: Place
  ) throws(ReadFailure) -> [(element: String, value: Double)] {
    var result: [(element: String, value: Double)] = []
    for word in text.split(whereSeparator: { $0.isWhitespace }) {
      let plain = word.hasPrefix("?=") ? word.dropFirst(2) : word
      if let amount = NumberScanner.parse(plain), amount >= 0, let last = result.indices.last {
        result[last].value = amount
        continue
      }
      guard ChemicalElement.isSymbol(String(word.drop { $0.isNumber })) else {
        if let formula = joinedFormula(word) {
          result += formula
          continue
        }
        throw ReadFailure(
          "idf.element", at: place, found: "`\(word.prefix(40))` is no element",
          expected: "expected symbols such as Al, or a molecule such as `Si 1 O 2`")
      }
      result.append((String(word), 1))
    }
    let sum = result.reduce(0) { $0 + $1.value }
    guard sum > 0 else {
      throw ReadFailure(
        "idf.element", at: place, found: "the layer element has no name",
        expected: "expected the symbol of an element")
    }
    return result.map { ($0.element, $0.value / sum) }
  }

  /// The parts of a molecule written without blanks, such as `Al2O3`; nil for anything else.
  static func joinedFormula(_ word: Substring) -> [(element: String, value: Double)]? {
    var parts: [(element: String, value: Double)] = []
    var rest = word
    while let first = rest.first {
      guard first.isASCII, first.isUppercase else { return nil }
      rest.removeFirst()
      let small = rest.prefix { $0.isASCII && $0.isLowercase }
      rest = rest.dropFirst(small.count)
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      let symbol = String(first) + small
      guard ChemicalElement.isSymbol(symbol),
        let amount = digits.isEmpty ? 1 : NumberScanner.parse(digits)
      else { return nil }
      parts.append((symbol, amount))
    }
    return parts.isEmpty ? nil : parts
  }

  private func table(_ layers: [Layer], _ unit: ColumnUnit, _ name: String) -> Table {
    func origin(_ child: String, _ steps: String...) -> Origin {
      let found = layers.compactMap { $0.node[child] }
      return Origin(
        bytes: found.compactMap(\.element.bytes), member: found.first?.path,
        steps: steps)
    }
    var columns = [
      Column(
        name: "layer", label: "layer", values: .integer(layers.indices.map { Int64($0) + 1 }),
        unit: .known(.one)),
      Column(
        name: "areal_density", label: "layerthickness", values: .real(layers.map(\.thickness)),
        unit: unit, origin: origin("layerthickness")),
    ]
    if layers.contains(where: { $0.roughness != nil }) {
      columns.append(
        Column(
          name: "roughness_fwhm", label: "layeruniformity",
          values: .real(layers.map { $0.roughness ?? .nan }), unit: unit,
          origin: origin("layeruniformity")))
    }
    var elements: [String] = []
    for layer in layers {
      for part in layer.fractions where !elements.contains(part.element) {
        elements.append(part.element)
      }
    }
    for element in elements {
      let values = layers.map { layer in
        layer.fractions.first { $0.element == element }?.value ?? 0
      }
      columns.append(
        Column(
          name: "fraction_\(element)", label: element, values: .real(values), unit: .known(.one),
          origin: origin("layerelements", "concentration as atom fraction")))
    }
    return Table(name: name, columns: columns, indexColumns: ["layer"])
  }
}
