internal import FilmElasticity
internal import Materials
internal import Simulation
public import Tables
internal import Units

extension PlateCase {
  /// Every parameter that the run used, by its key in a configuration, with value, unit and source.
  public var parameterList: ResultObject {
    var list = ParameterList(sources: sources)
    list.add(metal)
    list.add(film)
    list.text("film.base", .text(base.rawValue))
    list.text("film.metal_compliance", .flag(metalCompliance))
    if let fractureStress {
      list.quantity("film.fracture_stress", fractureStress, .megapascal)
    } else {
      list.text("film.fracture_stress", .text("none"))
    }
    list.text("solver", .text(solver.rawValue))
    list.text("surface.shape", .text(surface.name))
    list.exact("surface.height", surface.height, .nanometre)
    if case .gaussian(_, let radius) = surface { list.exact("surface.radius", radius, .nanometre) }
    list.exact("domain.width", width, .nanometre)
    list.exact("kinetics.overpotential", overpotential, .volt)
    list.exact(
      "kinetics.exchange_current_density", exchangeCurrentDensity, .amperePerSquareMetre)
    list.number("kinetics.transfer_coefficient", transferCoefficient)
    list.exact("kinetics.temperature", temperature, .kelvin)
    switch stop {
    case .growth(let length): list.exact("stop.growth", length, .nanometre)
    case .time(let time): list.exact("stop.time", time, .second)
    }
    switch solver {
    case .phaseField:
      list.exact("domain.height", windowHeight, .nanometre)
      list.exact("numerics.spacing", spacing, .nanometre)
      list.exact("numerics.interface_half_width", interfaceHalfWidth, .nanometre)
    case .sharp:
      list.number("numerics.points", Double(points))
      list.number("numerics.tolerance", tolerance)
    }
    list.text("numerics.capillarity", .text(capillarity.rawValue))
    list.exact("line.from", lineFrom, .nanometre)
    list.exact("line.to", lineTo, .nanometre)
    return list.list
  }
}
