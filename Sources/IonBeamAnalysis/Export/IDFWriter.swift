internal import Tables

extension IDFExport {
  /// The file: UTF-8, lines ended with a line feed.
  public var bytes: [UInt8] {
    var xml = IDFText()
    xml.lines.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    xml.open(
      "idf xmlns=\"http://idf.schemas.itn.pt\""
        + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
        + " xmlns:simnra=\"http://www.simnra.com/simnra\"")
    xml.block("notes") { xml in
      for note in ["file created by Interphase \(interphaseVersion)"] + notes {
        xml.leaf("note", note)
      }
    }
    xml.block("attributes") { xml in
      xml.leaf("idfversion", "1.01")
      xml.leaf("filename", fileName)
      xml.leaf("simnra:filetype", "xnra")
      xml.leaf("simnra:xnraversionnr", "1.1")
    }
    xml.block("sample") { xml in
      xml.leaf("description", record.title ?? "")
      writeSample(&xml)
      xml.block("spectra") { xml in
        xml.block("spectrum") { xml in writeSpectrum(&xml) }
      }
    }
    xml.close("idf")
    return Array((xml.lines.joined(separator: "\n") + "\n").utf8)
  }

  private func writeSample(_ xml: inout IDFText) {
    var names: [String] = []
    for part in layers.flatMap(\.fractions) where !names.contains(part.name) {
      names.append(part.name)
    }
    xml.block("elementsandmolecules") { xml in
      xml.block("elements") { xml in
        xml.leaf("nelements", "\(names.count)")
        for name in names { xml.block("element") { $0.leaf("name", name) } }
      }
    }
    xml.block("structure") { xml in
      xml.block("layeredstructure") { xml in
        xml.leaf("nlayers", "\(layers.count)")
        xml.block("layers") { xml in
          for layer in layers { Self.write(layer, &xml) }
        }
      }
    }
  }

  private static func write(_ layer: Layer, _ xml: inout IDFText) {
    xml.block("layer") { xml in
      xml.number("layerthickness", layer.arealDensity, "1e15at/cm2")
      if layer.roughness > 0 {
        xml.number("layeruniformity", layer.roughness, "1e15at/cm2", mode: "FWHM")
      }
      xml.block("layerelements") { xml in
        for part in layer.fractions {
          xml.block("layerelement") { xml in
            xml.leaf("name", part.name)
            xml.number("concentration", part.value, "fraction")
          }
        }
      }
      xml.leaf("simnra:hasroughness", layer.roughness > 0 ? "true" : "false")
      xml.block("simnra:roughness") {
        $0.leaf("simnra:distribution", layer.roughness > 0 ? "Gamma" : "none")
      }
    }
  }

  private func writeSpectrum(_ xml: inout IDFText) {
    xml.block("beam") { xml in
      let ion = record.ion.flatMap { Ion($0) }
      if let name = ion?.name ?? record.ion { xml.leaf("beamparticle", name) }
      if let ion {
        xml.leaf("beamZ", "\(ion.atomicNumber)")
        xml.number("beammass", ion.mass, "amu")
      }
      xml.number("beamenergy", record.energy, "keV")
      xml.number("beamenergyspread", simulation.energySpread ?? 0, "keV", mode: "FWHM")
      let charge = record.charge.map { $0 / (1.602176634e-13 * (record.chargeState ?? 1)) }
      xml.number("beamfluence", record.particles ?? charge, "#particles")
    }
    writeGeometry(&xml)
    xml.block("detection") { xml in
      if !foil.isEmpty {
        xml.block("stoppingfoil") { xml in
          xml.block("foillayers") { xml in
            for layer in foil { Self.write(layer, &xml) }
          }
        }
      }
      xml.block("detector") { xml in
        xml.leaf("detectortype", "SSB")
        xml.number("solidangle", record.solidAngle, "msr")
        Self.write("detectorshape", simulation.aperture, &xml)
        xml.number("distancedetectortosample", simulation.distance, "mm")
      }
    }
    writeCalibrations(&xml)
    xml.block("reactions") { $0.leaf("technique", "RBS") }
    xml.block("data") { xml in
      xml.leaf("datamode", "simple")
      xml.leaf("channelmode", "left")
      Self.write(measured ?? Series(channels: [0, 1], counts: [0, 0]), &xml)
    }
    xml.block("process") { xml in
      writePhysics(&xml)
      xml.block("simulations") { xml in
        for series in simulated {
          xml.block("simulation") { xml in
            let isElement = !["total", "pileup"].contains(series.name)
            xml.leaf("simulationtype", isElement ? "partialelement" : series.name)
            if isElement { xml.leaf("initialtargetparticle", series.name) }
            xml.leaf("datamode", "simple")
            xml.leaf("channelmode", "left")
            Self.write(series, &xml)
          }
        }
      }
    }
  }

  private func writeGeometry(_ xml: inout IDFText) {
    xml.block("geometry") { xml in
      let kind =
        switch record.geometry ?? .ibm {
        case .ibm: "IBM"
        case .cornell: "Cornell"
        case .general: "general"
        }
      xml.leaf("geometrytype", kind)
      xml.number("incidenceangle", record.incidence ?? 0, "degree")
      xml.number("scatteringangle", record.scattering, "degree")
      var full = record
      full.geometry = record.geometry ?? .ibm
      full.incidence = record.incidence ?? 0
      xml.number("exitangle", full.exitAngle, "degree")
      Self.write("spot", simulation.spot, &xml)
    }
  }

  private static func write(_ name: String, _ shape: ApertureShape?, _ xml: inout IDFText) {
    guard let shape else { return }
    xml.block(name) { xml in
      xml.leaf("shape", shape.outline.rawValue)
      xml.number("l1", shape.first, "mm")
      xml.number("l2", shape.second, "mm")
    }
  }

  private func writeCalibrations(_ xml: inout IDFText) {
    xml.block("calibrations") { xml in
      if let fwhm = record.fwhm {
        xml.block("detectorresolutions") { xml in
          xml.block("detectorresolution") { xml in
            xml.block("resolutionparameters") {
              $0.number("resolutionparameter", fwhm, "keV", mode: "FWHM")
            }
          }
        }
      }
      guard let calibration = record.calibration else { return }
      var c = calibration.coefficients
      if calibration.channelEnergy == .centre {
        // The energy of a lower edge is the polynomial half a channel below.
        c = Self.shifted(c, by: -0.5)
      }
      xml.block("energycalibrations") { xml in
        xml.block("energycalibration") { xml in
          xml.leaf("calibrationmode", "energy")
          xml.block("calibrationparameters") { xml in
            for (power, value) in (c.count < 3 ? c + [0] : c).enumerated() {
              let unit = power == 0 ? "keV" : power == 1 ? "keV/channel" : "keV/channel^\(power)"
              xml.number("calibrationparameter", value, unit)
            }
          }
        }
      }
    }
  }

  /// The coefficients of a polynomial p(n + h).
  static func shifted(_ coefficients: [Double], by h: Double) -> [Double] {
    var result = coefficients
    // Horner's scheme, once for each coefficient.
    for i in result.indices {
      for k in result.indices.dropLast().reversed() where k >= i { result[k] += h * result[k + 1] }
    }
    return result
  }

  private static func write(_ series: Series, _ xml: inout IDFText) {
    xml.block("simpledata") { xml in
      xml.block("xaxis") { xml in
        xml.leaf("axisname", "channel")
        xml.leaf("axisunit", "#")
      }
      xml.block("yaxis") { xml in
        xml.leaf("axisname", "yield")
        xml.leaf("axisunit", "counts")
      }
      xml.leaf("x", series.channels.map { "\($0)" }.joined(separator: " "))
      xml.leaf("y", series.counts.map { IDFText.number($0) }.joined(separator: " "))
    }
  }

  private func writePhysics(_ xml: inout IDFText) {
    xml.block("physicsdefaults") { xml in
      if let screening = simulation.screening {
        xml.block("crosssectiondefault") { xml in
          let names: [Screening: String] = [.andersen: "Andersen", .lecuyer: "Ecuyer"]
          xml.leaf("screening", names[screening] ?? "none")
        }
      }
      if let stopping = simulation.stopping {
        let name =
          switch stopping {
          case .zbl95: "Ziegler/Biersack"
          case .zbl95KonacKalbitzer: "KKK"
          case .icru49: "ICRU49"
          }
        xml.block("stoppingpowerdefault") { $0.block("computercode") { $0.leaf("name", name) } }
      }
      xml.block("energyspreaddefault") { xml in
        if let straggling = simulation.straggling {
          let word = straggling.rawValue
          xml.leaf(
            "energylossstraggling",
            straggling == Straggling.none ? word : word.prefix(1).uppercased() + word.dropFirst())
        }
        xml.leaf("multiplescattering", "false")
        xml.block("geometricspread") { xml in
          let isOn = simulation.geometricSpread == true
          let alone = simulation.spot == nil && simulation.aperture == nil
          xml.leaf("beamsize", isOn && (simulation.spot != nil || alone) ? "true" : "false")
          xml.leaf(
            "detectoraperture", isOn && (simulation.aperture != nil || alone) ? "true" : "false")
        }
      }
      if let least = simulation.minimumEnergy {
        xml.block("simnra:energylosscalculationdefault") {
          $0.number("simnra:energymin", least, "keV")
        }
      }
    }
  }
}

/// XML on its way to text.
struct IDFText {
  var lines: [String] = []
  private var depth = 0

  mutating func open(_ tag: String) {
    lines.append(indent + "<\(tag)>")
    depth += 1
  }

  mutating func close(_ name: String) {
    depth = max(0, depth - 1)
    lines.append(indent + "</\(name)>")
  }

  mutating func block(_ name: String, _ inside: (inout IDFText) -> Void) {
    open(name)
    inside(&self)
    close(name)
  }

  mutating func leaf(_ name: String, _ text: some StringProtocol) {
    lines.append(indent + "<\(name)>\(Self.escaped(String(text)))</\(name)>")
  }

  /// A number with its unit; nothing where it is nil.
  mutating func number(_ name: String, _ value: Double?, _ unit: String, mode: String? = nil) {
    guard let value else { return }
    let more = mode.map { " mode=\"\($0)\"" } ?? ""
    lines.append(
      indent + "<\(name) units=\"\(unit)\"\(more)>\(Self.number(value))</\(name)>")
  }

  private var indent: String { String(repeating: "  ", count: min(depth, 64)) }

  /// The shortest decimal text that reads back as the same number; 0 for what is not finite.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
    return "\(value)".uppercased()
  }

  /// Text with what XML takes for itself written out; control characters become blanks.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default:
        let isControl = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
        result.unicodeScalars.append(isControl ? " " : scalar)
      }
    }
    return result
  }
}
