internal import Materials
internal import Simulation
public import Tables
internal import Units

extension DelaminateCase {
  /// Every parameter that the run used, by its key in a configuration, with value, unit and source.
  public var parameterList: ResultObject {
    var list = ParameterList(sources: sources)
    list.text("metal", .text(metal.name))
    list.quantity("metal.molar_volume", metal.molarVolume, .cubicCentimetrePerMole)
    list.add(film)
    list.quantity("load.pressure", pressure, .megapascal)
    if case .overpotential(let potential) = load {
      list.quantity("load.overpotential", potential, .volt)
    }
    list.quantity("geometry.initial_damage", initialDamage, .nanometre)
    list.quantity("geometry.half_length", halfLength, .nanometre)
    list.text("interface.bond", .text(bond.rawValue))
    if bond == .cohesive {
      list.quantity("interface.strength", strength, .megapascal)
      list.quantity("interface.energy", energy, .joulePerSquareMetre)
      list.quantity("interface.onset_opening", onsetOpening, .nanometre)
      list.text("interface.mixed_mode", .text(mixedMode.rawValue))
      if mixedMode != .effective {
        if let shearStrength {
          list.quantity("interface.shear_strength", shearStrength, .megapascal)
        }
        if let shearEnergy {
          list.quantity("interface.shear_energy", shearEnergy, .joulePerSquareMetre)
        }
        list.number("interface.exponent", exponent)
      }
    }
    list.number("mesh.columns", Double(columns))
    list.number("mesh.rows", Double(rows))
    list.number("loading.steps", Double(steps))
    return list.list
  }
}
