import Tables
import Testing

@testable import XRayAbsorption

@Suite struct SignalExpressionTests {
  private func value(_ text: String, _ columns: [Double]) throws -> Double {
    let expression = try SignalExpression(text)
    var numbers: [SignalExpression.Reference: [Double]] = [:]
    for reference in expression.references {
      switch reference {
      case .place(let n): numbers[reference] = [columns[n - 1]]
      case .label(let label): numbers[reference] = label == "I0 (ES)" ? [columns[0]] : [columns[1]]
      }
    }
    return try #require(expression.values(rows: 1, numbers).first)
  }

  /// Worked by hand.
  @Test func formulas() throws {
    let columns = [8.0, 2, 3, 4]
    for (text, wanted) in [
      ("$1", 8.0), ("$1/$2", 4), ("$1-$2-$3", 3), ("$1 - ($2 - $3)", 9), ("$2+$3*$4", 14),
      ("($2+$3)*$4", 20), ("-$2*$3", -6), ("$1/-$2", -4), ("$1/$2/$4", 1), ("2*$2+1e1", 14),
      ("abs($2-$1)", 6), ("log10(100*$2/$2)", 2), ("{I0 (ES)}/{It}", 4), ("--$2", 2),
      ("1.5e-1*$4", 0.6), ("((($3)))", 3),
    ] {
      #expect((try value(text, columns) - wanted).magnitude < 1e-12, "\(text)")
    }
    #expect((try value("ln($1/$2)", columns) - 1.3862943611198906).magnitude < 1e-15)
    // What has no value is not finite, never a trap.
    #expect(!(try value("ln($2-$1)", columns)).isFinite)
    #expect(!(try value("$1/($2-$2)", columns)).isFinite)
  }

  @Test func wrongFormulasAreRefused() {
    for text in [
      "", "$", "$0", "$1+", "($1", "$1)", "ln $1", "foo($1)", "$1 $2", "{I0", "1+2", "$1**$2",
      "()", "ln()", "$99999999999999999999", "*$1",
    ] {
      #expect(throws: ReadFailure.self, "\(text)") { try SignalExpression(text) }
    }
  }

  /// A thousand parentheses are no recursion.
  @Test func deepFormulas() throws {
    let text = String(repeating: "(", count: 1000) + "$1" + String(repeating: ")", count: 1000)
    #expect(try value(text, [5]) == 5)
  }
}

@Suite struct XASOptionTests {
  @Test func windowsAndUnits() throws {
    var options = XASOptions()
    try options.setOption(name: "pre", text: "-75:-20")
    #expect(options.choices.pre == -75...(-20))
    try options.setOption(name: "norm", text: "e0+30:e0+240")
    #expect(options.choices.post == 30...240)
    try options.setOption(name: "e0", text: "1.5596 keV")
    #expect(options.choices.e0 == 1559.6)
    try options.setOption(name: "energy_shift", text: "-0.3")
    #expect(options.energyShift == -0.3)
    try options.setOption(name: "calibrate", text: "1560eV")
    #expect(options.calibrate == 1560)
    try options.setOption(name: "peak-window", text: "1.56keV:1580")
    #expect(options.peakWindow?.range(1) == 1560...1580)
    try options.setOption(name: "shift-window", text: "e0-10:e0 + 20")
    #expect(options.shiftWindow?.range(100) == 90...120)
    try options.setOption(name: "sample", text: "al, si")
    #expect(options.sample == ["Al", "Si"])
    for (name, text) in [
      ("pre", "-20:-75"), ("pre", "-20"), ("e0", "1 nm"), ("e0", "abc"), ("element", "Xx"),
      ("degree", "6"), ("convention", "ifeffit"), ("peak-window", "5:1"), ("edge", "N1"),
      ("rebin", "no"), ("e-zero", "1"),
    ] {
      #expect(throws: ReadFailure.self, "\(name) \(text)") {
        try options.setOption(name: name, text: text)
      }
    }
  }

  /// Every described option can be set, and no other.
  @Test func descriptionsAreComplete() throws {
    for option in XASOptions.descriptions {
      var options = XASOptions()
      do {
        try options.setOption(name: option.name, text: "\u{1}")
      } catch {
        #expect(
          ["option.value", "xas.fit-model"].contains(error.diagnostic.code),
          "\(option.name)")
      }
    }
  }

  @Test func namePatterns() {
    for (pattern, name, fits) in [
      ("*", "", true), ("a*c", "abc", true), ("a*c", "abd", false), ("2.?", "2.1", true),
      ("*foil*", "Cu foil 1", true), ("a", "ab", false), ("*a*b*c*", "xaybzc", true),
    ] {
      #expect(NamePattern.matches(pattern, name) == fits, "\(pattern) \(name)")
    }
  }
}

@Suite struct AbsorptionEdgeTests {
  /// X-ray Data Booklet (LBNL 2009), table 1-1.
  @Test func tabulatedEdges() {
    for (symbol, edge, energy) in [
      ("Al", "K", 1559.6), ("Si", "K", 1839), ("Fe", "K", 7112), ("Cu", "K", 8979),
      ("Br", "L3", 1550), ("Au", "L3", 11919), ("S", "K", 2472), ("U", "L3", 17166),
    ] {
      #expect(AbsorptionEdge.find(symbol, edge)?.energy == energy)
    }
    #expect(AbsorptionEdge.find("Al", "L9") == nil && AbsorptionEdge.find("Zz", "K") == nil)
    #expect(AbsorptionEdge.nearest(to: 1565.4)?.symbol == "Al")
    #expect(AbsorptionEdge.nearest(to: 50_000_000) == nil)
    let limits = AbsorptionEdge.limits(above: "Al", sample: ["Br"])
    #expect(limits.first?.symbol == "Si" && limits.contains { $0.energy == 1782 })
    #expect(AbsorptionEdge.limits(above: "Fe", sample: []).isEmpty)
  }
}
