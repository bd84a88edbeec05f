internal import Tables
internal import Units

/// Parts of result trees that simulations and fits share.
enum RBSResult {
  /// `{channel, energy, total, elements}`, with `measured` in a fit.
  static func spectrum(
    _ spectrum: SimulatedSpectrum, _ calibration: ChannelCalibration, measured: [Double]?
  ) -> ResultValue {
    let channels = spectrum.total.indices.map { Double($0 + spectrum.firstChannel) }
    var elements = ResultObject()
    for (name, counts) in zip(spectrum.names, spectrum.counts) {
      elements[name] = RBSUnit.series(counts, "1")
    }
    var o = ResultObject()
    o["channel"] = RBSUnit.series(channels, "1")
    o["energy"] = RBSUnit.series(channels.map { calibration.energy($0) }, "keV")
    if let measured { o["measured"] = RBSUnit.series(measured, "1") }
    o["total"] = RBSUnit.series(spectrum.total, "1")
    o["elements"] = .object(elements)
    return .object(o)
  }
}
