import Foundation
import TestSupport
import Testing
import XRayAbsorption

/// larch 2026.3 on every spectrum of the corpus whose arrays stand beside it (`FILE.norm.csv`): e0,
/// step, pre-edge, post-edge, normalised and flattened curve at every point.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct LarchCorpusTests {
  struct Peer {
    var name: String
    var energy: [Double] = [], mu: [Double] = [], norm: [Double] = [], flat: [Double] = []
    var e0 = 0.0, step = 0.0
    var peak: [String: Double] = [:]
  }

  static func peers() throws -> [Peer] {
    let folder = Corpus.path("xas")
    let paths = try #require(FileManager.default.subpaths(atPath: folder)).sorted()
    return try paths.filter { $0.hasSuffix(".norm.csv") }.map { path in
      var peer = Peer(name: String(path.dropLast(9)))
      let text = try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
      for line in text.split(whereSeparator: \.isNewline).dropFirst() {
        let cells = line.split(separator: ",").map { Double($0) ?? .nan }
        peer.energy.append(cells[0])
        peer.mu.append(cells[1])
        peer.norm.append(cells[4])
        peer.flat.append(cells[5])
      }
      // The file holds 32-bit energies; the ten digits of the CSV move the smoothing grid of e0, which
      // lies at multiples of a step of 0.667 eV, by 0.2 eV.
      if peer.name.hasPrefix("binary/IN_540") {
        peer.energy = peer.energy.map { Double(Float($0)) }
      }
      let truth = try #require(
        JSONSerialization.jsonObject(
          with: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(peer.name).truth.json")))
          as? [String: Any])
      let edge = try #require(truth["pre_edge"] as? [String: Any])
      peer.e0 = edge["e0"] as? Double ?? .nan
      peer.step = edge["edge_step"] as? Double ?? .nan
      peer.peak = edge["peak"] as? [String: Double] ?? [:]
      return peer
    }
  }

  /// Measured: e0 2.5e-6 eV, step 3.7e-7, norm and flat 4.3e-7 (the CSV has ten digits).
  @Test func everySpectrumIsNormalisedAlike() throws {
    let peers = try Self.peers()
    #expect(peers.count >= 60)
    for peer in peers {
      let scan = AbsorptionScan(energy: peer.energy, mu: peer.mu)
      let ours = try #require(LarchConvention.normalise(scan), "\(peer.name)")
      #expect((ours.e0 - peer.e0).magnitude < 1e-5, "e0 of \(peer.name)")
      #expect((ours.edgeStep / peer.step - 1).magnitude < 1e-6, "step of \(peer.name)")
      try #require(ours.norm.count == peer.norm.count)
      for i in peer.norm.indices {
        let norm = (ours.norm[i] - peer.norm[i]).magnitude / max(1, peer.norm[i].magnitude)
        let flat = (ours.flat[i] - peer.flat[i]).magnitude / max(1, peer.flat[i].magnitude)
        if norm > 1e-6 || flat > 1e-6 {
          Issue.record("point \(i) of \(peer.name): norm \(norm), flat \(flat)")
          break
        }
      }
    }
  }

  /// The estimators of the white line, which the peers' truth gives for larch's normalised curve.
  @Test func whiteLinesStandWhereTheyShould() throws {
    let names: [(String, WhiteLine.Estimator, Double)] = [
      ("argmax_E", .argmax, 1e-5), ("height", .height, 1e-6), ("parabola3_E", .parabola, 1e-4),
      ("quad7_E", .quadratic, 1e-4), ("centroid80_E", .centroid80, 1e-4),
      ("width80", .width80, 1e-4), ("centroid90_E", .centroid90, 1e-4),
      ("width90", .width90, 1e-4), ("E_norm_half", .halfRise, 1e-4),
      ("area_e0-10_e0+15", .area, 1e-4),
    ]
    var compared = 0
    for peer in try Self.peers() where !peer.peak.isEmpty {
      let scan = AbsorptionScan(energy: peer.energy, mu: peer.mu)
      let ours = try #require(LarchConvention.normalise(scan), "\(peer.name)")
      guard let line = WhiteLine(energy: ours.scan.energy, norm: ours.norm, e0: ours.e0) else {
        Issue.record("no white line in \(peer.name): \(peer.peak)")
        continue
      }
      for (key, estimator, tolerance) in names {
        guard let wanted = peer.peak[key] else { continue }
        // A point at the very end of the range is in or out by the digits of the CSV.
        let isEdge = ours.scan.energy.contains { ($0 - ours.e0 - 15).magnitude < 1e-6 }
        if estimator == .area, isEdge { continue }
        let found = line.estimates[estimator]?.value ?? .nan
        #expect(
          (found - wanted).magnitude < tolerance * max(1, key == "height" ? wanted : 1),
          "\(key) of \(peer.name): \(found), \(wanted)")
        compared += 1
      }
    }
    #expect(compared > 500)
  }
}
