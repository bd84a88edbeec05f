import Foundation
import FormatRegistry
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

/// The signal that labels tell, against the recipes of the corpus (columns counted from 0).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct SignalCorpusTests {
  /// The absorption by a recipe; nil where it names labels.
  static func recipe(_ recipe: [String: Any], _ table: Table) -> [Double]? {
    guard let mu = recipe["mu"] as? [Any], let kind = mu.first as? String else { return nil }
    func column(_ any: Any) -> [Double]? {
      guard let n = any as? Int, table.columns.indices.contains(n) else { return nil }
      return table.columns[n].real
    }
    switch kind {
    case "col": return column(mu[1])
    case "label":
      return table.columns.first { $0.label == mu[1] as? String }?.real
    case "ln":
      guard let a = column(mu[1]), let b = column(mu[2]) else { return nil }
      return zip(a, b).map { log($0 / $1) }
    case "ratio":
      guard let places = mu[1] as? [Int], let below = column(mu[2]) else { return nil }
      let parts = places.compactMap { column($0) }
      guard parts.count == places.count else { return nil }
      return below.indices.map { i in parts.reduce(0) { $0 + $1[i] } / below[i] }
    default: return nil
    }
  }

  @Test func labelsTellTheSignal() throws {
    let folder = Corpus.path("xas")
    let paths = try #require(FileManager.default.subpaths(atPath: folder)).sorted()
    var told = 0
    var right = 0
    for path in paths where path.hasSuffix(".truth.json") {
      let name = String(path.dropLast(11))
      guard
        let truth = try JSONSerialization.jsonObject(
          with: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)"))) as? [String: Any],
        let recipe = truth["recipe"] as? [String: Any]
      else { continue }
      // Their columns have no labels that say what they hold.
      let isSilent = [
        "columns/Cu2O Cu K Elettra.txt", "columns/generic_columns_no_header.dat",
        "columns/Pt_foil_Pt L3 SLS.txt", "columns/PF9A_2022.dat", "columns/lytle.dat",
        "columns/x10c.dat",
      ].contains(name)
      let reading = InputReader().read(path: "\(folder)/\(name)")
      guard case .success(let dataset) = reading.outcome else { continue }
      guard dataset.format != "delimited-table" || dataset.technique == .xas else { continue }
      var list = DiagnosticList()
      let sources = SpectrumSources(
        dataset: dataset, options: XASOptions(), input: reading.identity)
      var ours: SpectrumSource?
      var reason = ""
      do { ours = try sources.all(&list).first } catch { reason = error.diagnostic.message }
      guard
        let table = dataset.tables.first(where: { $0.name == ours?.name }) ?? dataset.tables.first,
        let wanted = Self.recipe(recipe, table)
      else { continue }
      let same =
        ours.map { source in
          // ln(I0/It) and its negative differ by a sign that only the labels settle.
          zip(source.mu, wanted).allSatisfy { a, b in
            !a.isFinite || !b.isFinite || (a - b).magnitude <= 1e-9 * max(1, b.magnitude)
          }
        } ?? false
      if !same {
        print(
          "\(isSilent ? "silent" : "labelled") \(name): \(ours?.signal.expression.text ?? reason)")
      }
      if isSilent { continue }
      told += 1
      if same { right += 1 }
    }
    print("signals: \(right) of \(told)")
    #expect(told > 30 && Double(right) >= 0.9 * Double(told))
  }
}
