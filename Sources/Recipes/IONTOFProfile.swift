internal import Reading
public import Tables

/// Depth profiles that SurfaceLab of IONTOF writes as text.
public enum IONTOFProfile: BuiltInRecipe {
  /// `iontof-profile`.
  public static let id = "iontof-profile"
  /// The recipe, read once.
  public static let loaded = load()
  /// The YAML text.
  public static let text = #"""
    recipe: 1
    id: iontof-profile
    title: IONTOF SurfaceLab depth-profile text export
    technique: sims
    extensions: [txt]
    sniff:
      - {lines: 1-4, match: '^# Profile Smoothing is ', points: 50}
      - {lines: 1-8, match: '^#Data Point #\t', points: 40}
    text: {encoding: auto, delimiter: tab, decimal: auto, missing: ["inf", "N/A", "-nan(ind)"]}
    header:
      columns_at: {match: '^#Data Point #\t'}
      rows: 3                                    # this line and the two above it
      row_names: [species, mass, kind]
      strip: '^#'
      metadata: [{match: '^# Profile Smoothing is (?<profile_smoothing>.+)$'}]
    data: {ragged: error}
    columns:
      - {kind: '^Data Point #$', name: record, type: integer}
      - {kind: '^Sputter Time \((?<unit>[^)]+)\)$', name: sputter_time, unit: $unit}
      - {kind: '^Depth \((?<unit>[^)]+)\)$', name: sputter_depth, unit: $unit}
      - {kind: '^Dose \(ions\)$', name: ion_dose, unit: "1"}
      - {kind: '^Fluence \(ions/cm\^2\)$', name: ion_fluence, unit: "/cm2"}
      - {kind: '^Intensity$', species: ' / \( ', each: true, name: intensity_ratio, key: $species, unit: "1"}
      - {kind: '^Intensity$', each: true, name: intensity, key: $species, unit: "{count}", attach: {mass_u: $mass}}

    """#
}

/// Mass spectra that SurfaceLab of IONTOF writes as text.
public enum IONTOFSpectrum: BuiltInRecipe {
  /// `iontof-spectrum`.
  public static let id = "iontof-spectrum"
  /// The recipe, read once.
  public static let loaded = load()
  /// The YAML text.
  public static let text = #"""
    recipe: 1
    id: iontof-spectrum
    title: IONTOF SurfaceLab mass-spectrum text export
    technique: sims
    extensions: [txt]
    sniff:
      - {lines: 1-4, match: '^# Binning: \d+ channels', points: 45}
      - {lines: 1-8, match: '^Channel\tm/z\tIntensity', points: 45}
    text: {delimiter: tab}
    header:
      columns_at: {match: '^Channel\tm/z\tIntensity'}
      strip: '^#'
      metadata:
        - {match: '^# Binning: (?<binning>\d+) channels'}
        - {match: '^# Deadtime Correction: (?<deadtime_correction>.+)$'}
    data: {ragged: error}
    columns:
      - {label: '^Channel$', name: channel, type: integer, required: true}
      - {label: '^m/z$', name: mass_u, unit: u, required: true}
      - {label: '^Intensity$', name: counts, unit: "{count}", required: true}
    checks: [saturation, dead-channels]

    """#
}
