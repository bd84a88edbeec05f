internal import Output

/// The methods text of the report with its references.
struct MethodsSection {
  let forceCurves: Bool
  let plating: Bool
  var delamination = false
  var cycling = false
  var absorption = false
  var backscattering = false

  private static let kaplan =
    "E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, J. Am. Stat. Assoc. "
    + "53 (1958) 457–481."
  private static let adams =
    "B. D. Adams, J. Zheng, X. Ren, W. Xu, J.-G. Zhang, Accurate determination of Coulombic efficiency "
    + "for lithium metal anodes and lithium metal batteries, Adv. Energy Mater. 8 (2018) 1702097."

  private static let komaragiri =
    "U. Komaragiri, M. R. Begley, J. G. Simmonds, The mechanical response of freestanding circular "
    + "elastic films under point and pressure loads, J. Appl. Mech. 72 (2005) 203–212."
  private static let lee =
    "C. Lee, X. Wei, J. W. Kysar, J. Hone, Measurement of the elastic properties and intrinsic strength "
    + "of monolayer graphene, Science 321 (2008) 385–388."
  private static let timoshenko =
    "S. Timoshenko, S. Woinowsky-Krieger, Theory of Plates and Shells, 2nd ed., McGraw-Hill 1959."
  private static let monroe =
    "C. Monroe, J. Newman, The impact of elastic deformation on deposition kinetics at "
    + "lithium/polymer interfaces, J. Electrochem. Soc. 152 (2005) A396–A404."
  private static let turon =
    "A. Turon, P. P. Camanho, J. Costa, C. G. Dávila, A damage model for the simulation of delamination "
    + "in advanced composites under variable-mode loading, Mech. Mater. 38 (2006) 1072–1089."
  private static let newville =
    "M. Newville, Larch: an analysis package for XAFS and related spectroscopies, J. Phys. Conf. Ser. 430 "
    + "(2013) 012007."
  private static let ravel =
    "B. Ravel, M. Newville, ATHENA, ARTEMIS, HEPHAESTUS: data analysis for X-ray absorption spectroscopy "
    + "using IFEFFIT, J. Synchrotron Rad. 12 (2005) 537–541."
  private static let ziegler =
    "J. F. Ziegler, J. P. Biersack, U. Littmark, The Stopping and Range of Ions in Solids, Pergamon 1985."
  private static let andersen =
    "H. H. Andersen, F. Besenbacher, P. Loftager, W. Möller, Large-angle scattering of light ions in the "
    + "weakly screened Rutherford region, Phys. Rev. A 21 (1980) 1891–1901."
  private static let chu =
    "W. K. Chu, Calculation of energy straggling for protons and helium ions, Phys. Rev. A 13 (1976) "
    + "2057–2060."
  private static let gum =
    "JCGM 100:2008, Evaluation of measurement data: Guide to the expression of uncertainty in "
    + "measurement."

  var references: [String] {
    (forceCurves ? [Self.komaragiri, Self.lee, Self.timoshenko] : [])
      + (cycling ? [Self.kaplan, Self.adams] : [])
      + (absorption ? [Self.newville, Self.ravel] : [])
      + (backscattering ? [Self.ziegler, Self.andersen, Self.chu] : [])
      + (plating ? [Self.monroe] : [])
      + (delamination ? [Self.turon] : []) + [Self.gum]
  }

  private func number(_ reference: String) -> ReportDocument.Inline {
    .citation((references.firstIndex(of: reference) ?? 0) + 1)
  }

  var section: ReportDocument.Section {
    var blocks: [ReportDocument.Block] = []
    if forceCurves {
      blocks.append(
        .paragraph([
          """
          Force curves. Contact point, baseline, pretension and modulus are fitted together in the \
          measured deflection of the cantilever. The film is a clamped disc under a rigid paraboloidal \
          tip: the Föppl–von Kármán equations of plate
          """, " ", number(Self.timoshenko),
          """
           and membrane are solved exactly; the textbook formula
          """, " ", number(Self.komaragiri), " ", number(Self.lee),
          """
           is given beside them. The sheet that carries the film is taken out with its own \
          uncertainty, assuming perfect bonding and one Poisson ratio. Failure is the first abrupt drop \
          of force that meets the rule named with each curve; toughness is the work of the tip up to it.
          """,
        ]))
    }
    if cycling {
      blocks.append(
        .paragraph([
          """
          Cycler logs. A half cycle is all load of one sign with only rests between; records of an \
          impedance technique are left out. Voltages are means over time, the overpotential is half the \
          difference of the two half cycles of a cycle, which takes out a constant offset. Hard shorts, \
          soft shorts and polarisation follow the rules of docs/cycling.md, each named with its event. \
          A cell that lives at the end of its log is censored; survival is the product-limit estimate
          """, " ", number(Self.kaplan),
          """
          . Coulombic efficiencies are of the pair of half cycles that the report names
          """, " ", number(Self.adams), ".",
        ]))
    }
    if absorption {
      blocks.append(
        .paragraph([
          """
          Absorption spectra. E0 is the inflection of a cubic about the point of the steepest rise
          """, " ", number(Self.newville),
          """
          ; a line or a constant below the edge and a polynomial above it, both fitted by least           squares, give the edge step at E0
          """, " ", number(Self.ravel),
          """
          . The position of the white line is its centroid above 0.8 of the height, or the vertex of a           parabola through seven points where it has several maxima. A shift is fitted over the whole           edge against a smoothing spline of the reference, with a factor and an offset; where the           shapes differ its uncertainty is widened. Absolute positions depend on the energy           calibration, which is named with each spectrum.
          """,
        ]))
    }
    if backscattering {
      blocks.append(
        .paragraph([
          """
          Backscattering. Energies follow from the kinematic factors of all isotopes and from electronic
          stopping
          """, " ", number(Self.ziegler),
          """
          ; cross sections are Rutherford's with screening
          """, " ", number(Self.andersen),
          """
          , straggling is Bohr's with the correction of Chu
          """, " ", number(Self.chu),
          """
           unless an option says otherwise. Samples are fitted by maximum Poisson likelihood; areal densities \
          are atoms per area, and a thickness rests on the density that the user states.
          """,
        ]))
    }
    if plating {
      blocks.append(
        .paragraph([
          """
          Plating. The surface of the metal moves with Butler–Volmer kinetics; stress in the film and \
          curvature shift the local overpotential
          """, " ", number(Self.monroe),
          """
          . The film is a linear elastic strip in plane strain whose stress-free state is flat. The \
          equations are solved with an implicit method and error control. Uncertainty: central \
          differences over the standard uncertainties of the film's modulus and thickness.
          """,
        ]))
    }
    if delamination {
      blocks.append(
        .paragraph([
          """
          Delamination. The film over a debonded region is half of a symmetric strip in plane strain \
          (nine-node finite elements, linear elasticity). The pressure acts on the debonded region; \
          beyond it a bilinear cohesive law with irreversible damage
          """, " ", number(Self.turon),
          """
           holds the underside. The load rises in steps; where no equilibrium is found, the last load \
          with one is sought by bisection. The cohesive parameters are assumptions unless their source \
          says otherwise. Uncertainty: central differences over the standard uncertainties of the inputs.
          """,
        ]))
    }
    blocks.append(
      .paragraph([
        "Uncertainties are standard uncertainties (one sigma)", " ", number(Self.gum),
        """
        . What is common to all curves of a sample (spring constant, hole radius, thickness, sheet) does \
        not shrink with the number of curves.
        """,
      ]))
    return .init("Methods", blocks)
  }
}
