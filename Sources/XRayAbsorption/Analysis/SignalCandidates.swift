internal import Tables
internal import Units

/// One way to get an absorption from a table.
public struct SignalCandidate: Hashable, Sendable, Codable {
  /// What was measured.
  public var mode: XASOptions.Mode
  /// The formula over the columns.
  public var expression: SignalExpression
  /// Whether the values are normalised already.
  public var isNormalised = false
  /// Whether the labels say so; otherwise it is a guess.
  public var isLabelled = true
  /// Whether dead time was to be taken out and the columns of the rates are not known.
  var lacksRates = false
  /// How far down the list of detectors it stands; sums come before elements.
  var rank = 0
}

/// The ways to get an absorption from a table, the preferred one first.
struct SignalCandidates {
  let columns: SignalColumns
  /// The column of the energy.
  let energy: Int
  /// The absorber, where it is known.
  let element: String?
  /// The range of the energies in eV.
  let range: ClosedRange<Double>
  /// Whether dead time is taken out of fluorescence.
  var deadTime = false

  /// All candidates for a mode, in the order in which they are tried.
  func all(_ mode: XASOptions.Mode) -> [SignalCandidate] {
    var list: [SignalCandidate] = []
    if mode == .auto || mode == .mu { list += stored() }
    if mode == .auto || mode == .transmission { list += transmission() }
    if mode == .auto || mode == .fluorescence { list += fluorescence() }
    if mode == .auto || mode == .yield { list += electronYield() }
    if mode == .reference { list += reference() }
    if list.isEmpty, mode == .auto { list += unlabelled() }
    var seen: Set<String> = []
    return list.filter { seen.insert($0.expression.text).inserted }
  }

  /// The absorption of the reference foil; nil where no columns say it.
  func referenceChannel() -> SignalCandidate? { reference().first }

  // MARK: names in formulas

  private static let expressions = LabelMemo<SignalExpression?>()

  /// A column as formulas name it: by its label where only it has that label, else by its place.
  private func name(_ place: Int) -> String {
    let label = columns.table.columns[place].label
    let isOnly = columns.table.columns.count { $0.label == label } == 1
    return isOnly && !label.isEmpty && !label.contains("}") ? "{\(label)}" : "$\(place + 1)"
  }

  private func candidate(
    _ mode: XASOptions.Mode, _ formula: String, isNormalised: Bool = false,
    isLabelled: Bool = true, rank: Int = 0
  ) -> [SignalCandidate] {
    let known = Self.expressions.value(formula) { try? SignalExpression($0) }
    guard let expression = known else { return [] }
    return [
      SignalCandidate(
        mode: mode, expression: expression, isNormalised: isNormalised, isLabelled: isLabelled,
        rank: rank)
    ]
  }

  // MARK: kinds

  private func stored() -> [SignalCandidate] {
    var list: [SignalCandidate] = []
    for (role, isNormalised) in [
      (SignalColumns.Role.mu, false), (.norm, true), (.flat, true),
    ] {
      // A mean or sum of elements stands before the elements.
      for group in groups(columns.places(role)) {
        let formula =
          group.count == 1
          ? name(group[0]) : "(\(group.map(name).joined(separator: " + ")))/\(group.count)"
        list += candidate(.mu, formula, isNormalised: isNormalised)
      }
    }
    return list
  }

  private var incident: [Int] { columns.places(.incident).filter { varies($0) || isConstant($0) } }

  private func varies(_ place: Int) -> Bool {
    columns.table.columns[place].real.map(SignalColumns.varies) ?? false
  }

  /// Constant but not zero: a normalised monitor still divides.
  private func isConstant(_ place: Int) -> Bool {
    columns.table.columns[place].real?.first { $0.isFinite }.map { $0 != 0 } ?? false
  }

  /// The monitor that belongs to a detector: with the same other words in its label, else the first.
  private func monitor(of place: Int) -> Int? {
    func rest(_ place: Int) -> [String] {
      Array(SignalColumns.words(columns.table.columns[place].label).dropFirst())
    }
    let own = rest(place)
    return incident.first { rest($0) == own && !own.isEmpty } ?? incident.first
  }

  private func transmission() -> [SignalCandidate] {
    let behind = columns.places(.transmitted).filter(varies)
    guard !behind.isEmpty else { return [] }
    return behind.flatMap { place -> [SignalCandidate] in
      guard let monitor = monitor(of: place) else {
        return candidate(.transmission, "-ln(\(name(place)))")
      }
      return candidate(.transmission, "ln(\(name(monitor))/\(name(place)))")
    }
  }

  private func fluorescence() -> [SignalCandidate] {
    let labels = columns.table.columns.map(\.label)
    let lines = labels.map { EmissionLine.element(in: $0) }
    let detectors = columns.places(.fluorescence).filter(varies)
    let wanted = element ?? elementInRange(lines.compactMap { $0 })
    let own = wanted.map { symbol in
      labels.indices.filter { lines[$0] == symbol && varies($0) && !isRate($0) }
    }
    let plain = detectors.filter { lines[$0] == nil }
    let others = own?.isEmpty ?? true ? detectors.filter { lines[$0] != nil } : []
    return [own ?? [], plain, others].flatMap { groups($0) }.flatMap { group -> [SignalCandidate] in
      let rank = rank(of: group[0])
      // What is corrected already stays.
      let factors = deadTime && rank != 2 ? factors(group) : nil
      let terms = group.enumerated().map { name($1) + (factors?[$0] ?? "") }
      let sum = terms.joined(separator: " + ")
      let top = group.count > 1 ? "(\(sum))" : sum
      let formula = incident.first.map { "\(top)/\(name($0))" } ?? top
      return candidate(.fluorescence, formula, rank: rank).map { found in
        var found = found
        found.lacksRates = deadTime && rank != 2 && factors == nil
        return found
      }
    }
  }

  /// What takes the dead time out of each column of a group; nil where one has no rates.
  private func factors(_ group: [Int]) -> [String]? {
    let rates = DeadTimeColumns(columns)
    let found = group.compactMap { rates.factor(of: $0, in: group, name: name) }
    return found.count == group.count ? found : nil
  }

  private func electronYield() -> [SignalCandidate] {
    columns.places(.electronYield).filter(varies).flatMap { place -> [SignalCandidate] in
      guard let monitor = incident.first else { return candidate(.yield, name(place)) }
      return candidate(.yield, "\(name(place))/\(name(monitor))")
    }
  }

  private func reference() -> [SignalCandidate] {
    var list = columns.places(.referenceMu).filter(varies).flatMap {
      candidate(.reference, name($0))
    }
    let before = columns.places(.transmitted).filter(varies)
    let behind = columns.places(.reference).filter(varies)
    if let first = before.first, let second = behind.first {
      list += candidate(.reference, "ln(\(name(first))/\(name(second)))")
    }
    return list
  }

  /// Without labels the column behind the energy is the absorption.
  private func unlabelled() -> [SignalCandidate] {
    let rest = columns.varying.filter { place in
      guard place != energy else { return false }
      switch columns.roles[place] {
      case .energy, .angle, .otherAxis, .referenceMu, .incident: return false
      default: return true
      }
    }
    let isPair = rest.count == 1
    return rest.prefix(8).flatMap { candidate(.mu, name($0), isLabelled: isPair) }
  }

  // MARK: groups of detector elements

  private func isRate(_ place: Int) -> Bool {
    let words = SignalColumns.words(columns.table.columns[place].label)
    return words.contains { ["icr", "ocr", "trueicr", "dt", "dtfactor", "livetime"].contains($0) }
  }

  /// 0 for a whole name such as `ifluor`, then sums and means, what is corrected, single elements.
  private func rank(of place: Int) -> Int {
    let words = SignalColumns.words(columns.table.columns[place].label)
    if ["if", "ifluor", "fluor", "fluorescence"].contains(words.joined()) { return 0 }
    if words.contains(where: { ["sum", "total", "avg", "mean", "average"].contains($0) }) {
      return 1
    }
    return words.contains { $0.hasPrefix("corr") } ? 2 : 3
  }

  /// Columns whose labels differ in numbers only belong together; sums and means stand alone and
  /// come first, then what is corrected for dead time.
  private func groups(_ places: [Int]) -> [[Int]] {
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for place in places {
      let label = columns.table.columns[place].label
      let key = "\(rank(of: place)) " + label.lowercased().filter { !$0.isNumber }
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(place)
    }
    let ranked = order.enumerated().sorted { a, b in
      let (ra, rb) = (a.element.first ?? "3", b.element.first ?? "3")
      return ra == rb ? a.offset < b.offset : ra < rb
    }
    return ranked.compactMap { members[$0.element] }.flatMap { group -> [[Int]] in
      // A sum is one already; two of them are no elements of one detector.
      rank(of: group[0]) <= 1 ? group.map { [$0] } : [group]
    }
  }

  /// The element of the lines that are named whose edge lies in the scan, the lowest one.
  private func elementInRange(_ elements: [String]) -> String? {
    let names = Set(elements)
    return AbsorptionEdge.all.filter {
      names.contains($0.symbol) && ["K", "L3"].contains($0.edge)
        && range.contains($0.energy)
    }.min { $0.energy < $1.energy }?.symbol
  }
}
