"""Files that carry setup, sample, cross sections or stopping of ion beam analysis, from known numbers."""

import json

import numpy as np

from freestanding_curve import write
from text_samples import column


def spectrum(seed, channels=96, gain=20.0, offset=60.0):
    """Counts of a 2 MeV 4He spectrum of a TaO film on Si, roughly."""
    random = np.random.default_rng(seed)
    kev = offset + gain * np.arange(1, channels + 1)
    shape = 400 * 0.5 * (1 - np.tanh((kev - 1850.0) / 30)) * 0.5 * (1 + np.tanh((kev - 1700.0) / 30))
    shape += 90 * 0.5 * (1 - np.tanh((kev - 1050.0) / 25)) * (1400.0 / (kev + 400.0)) ** 1.2
    return random.poisson(shape), shape


def ndf(folder, seed):
    """The five files of one NDF run."""
    counts, fit = spectrum(seed)
    fit = np.round(fit, 3)
    channel = np.arange(1, len(counts) + 1)
    head = ("NDF v10.0b 16Jan21 rev 16Jan21 run 03/04/2025 09:08:07 Filename: film_f0101.dat"
            "batch film.spc\nstr film.str\nfile film1.dat\ngeo film1.geo\n channel data fit\n")
    rows = "".join("%6d %12.3f %12.3f\n" % row for row in zip(channel, counts, fit))
    write(folder / "ndf-fit/film_f0101.dat", (head + rows).encode(), {
        "synthetic": True, "columns": [
            column("channel", "1", channel), column("counts", "1", counts),
            column("counts_simulated", "1", fit)]})
    geo = ("19\n20 90\n4He 4He\n2000.0 3.0\n18.0\nIBM\n10 160\n5.5\n20.0 60.0\n"
           "flagvar_conv off\nflagvar_offset off\n")
    write(folder / "ndf-geo/film1.geo", geo.encode(), {
        "synthetic": True, "energy_keV": 2000.0, "fwhm_keV": 18.0, "columns": []})
    prf = ("  2\n 0.120000E+04  0.750000E+02  0.250000E+02\n 0.400000E+07  0.000000E+00  0.100000E+03\n"
           " thickness(1e15at/cm2), comp_molecules...\nmolecules  2\n  8.200 Ta 2 O 5\n  4.996 Si\n")
    write(folder / "ndf-prf/film.prf", prf.encode(), {
        "synthetic": True, "columns": [
            column("areal_density", "10*15/cm2", [1200.0, 4e6]),
            column("fraction_Ta", "1", [0.75 * (2 / 7), 0.0]),
            column("fraction_O", "1", [0.75 * (5 / 7), 0.0]),
            column("fraction_Si", "1", [0.25, 1.0])]})
    structure = "0\n2\nTa 2 O 5\n0 3000\n0 1\nSi\n100 10000000\n0 1\n\n"
    write(folder / "ndf-str/film.str", structure.encode(), {
        "synthetic": True, "columns": [
            column("areal_density_min", "10*15/cm2", [0.0, 100.0]),
            column("areal_density_max", "10*15/cm2", [3000.0, 1e7])]})
    listing = "film1.dat 1 film1 film\nfilm2.dat 2 film2 film\n"
    write(folder / "ndf-list/film.spc", listing.encode(), {
        "synthetic": True, "columns": [column("number", "1", [1.0, 2.0])]})


def ruthelde(path, seed):
    """Strontium oxide on silicon in Ruthelde's JSON."""
    counts, _ = spectrum(seed, channels=64)

    def element(z, density):
        return {"isotopeList": [], "atomicNumber": z, "arealDensity": density, "ratio": 1.0}

    document = {
        "target": {"layerList": [
            {"elementList": [element(38, 150.0), element(8, 150.0)], "arealDensity": 300.0},
            {"elementList": [element(14, 20000.0)], "arealDensity": 20000.0}]},
        "experimentalSetup": {
            "E0": 1800.0, "deltaE0": 0.0, "alpha": -7.0, "theta": 165.0, "beta": 22.0,
            "charge": 12.5, "projectile": {"Z": 2, "M": 4.002603, "E": 1800.0}},
        "detectorSetup": {
            "calibration": {"factor": 20.0, "offset": 40.0}, "resolution": 16.0, "solidAngle": 1.4},
        "calculationSetup": {
            "numberOfChannels": 64, "screeningMode": "ANDERSON", "stragglingMode": "BOHR",
            "stoppingPowerCalculationMode": "ZB_PARA_FILE"},
        "experimentalSpectrum": [float(n) for n in counts],
    }
    write(path, (json.dumps(document, indent=1) + "\n").encode(), {
        "synthetic": True, "columns": [
            column("channel", "1", np.arange(len(counts))), column("counts", "1", counts),
            column("areal_density", "10*15/cm2", [300.0, 20000.0]),
            column("fraction_Sr", "1", [0.5, 0.0])]})


def r33(path):
    """A made resonance over Rutherford, with factors and a comment that has colons."""
    energy = np.arange(2000.0, 2600.0, 20.0)
    ratio = np.round(1 + 6 / (1 + ((energy - 2320) / 35) ** 2), 4)
    lines = ["Comment: made for tests from known numbers: not measured",
             "Theta: in this line is part of the comment's text", "", "Version: R33",
             "Source: generated", "Name: nobody", "Serial Number: 0", "Reaction: 16O(a,a0)16O",
             "Distribution: Energy", "Composition: ", "Masses: 4.000, 16.000, 4.000, 16.000",
             "Zeds: 2, 8, 2, 8", "Qvalue: 0.00, 0.00, 0.00, 0.00, 0.00", "Theta: 165.00",
             "Sigfactors: 2.00, 0.00", "Enfactors: 1.00, 0.00, 0.00, 0.00", "Units: rr", "Data:"]
    lines += ["%9.3f, %7.3f, %9.4f, %7.4f" % (e, 2.0, s / 2, 0.01) for e, s in zip(energy, ratio)]
    halves = np.array([float("%.4f" % (s / 2)) for s in ratio])
    write(path, ("\r\n".join(lines + ["EndData:"]) + "\r\n").encode(), {
        "synthetic": True, "columns": [
            column("energy", "keV", energy), column("energy_u", "keV", np.full(len(energy), 2.0)),
            column("cross_section_ratio", "1", 2 * halves),
            column("cross_section_u", "1", np.full(len(energy), 0.02))]})


def stopping(folder):
    """One made stopping curve as CSV, as GSTO and as SRIM writes it."""
    def value(kev_per_u, z):
        x = np.asarray(kev_per_u) / 200.0
        return 12.0 * np.sqrt(z) * np.sqrt(x) / (1 + x ** 1.1)

    energy = np.array([float("%.4g" % e) for e in np.geomspace(20, 2000, 21)])
    cells = {z: np.array([float("%.5g" % v) for v in value(energy, z)]) for z in (8, 13)}
    rows = ["# made for tests; no real stopping", "E_keV_per_u,Z8,Z13"]
    rows += ["%.4g,%.5g,%.5g" % (e, a, b) for e, a, b in zip(energy, cells[8], cells[13])]
    write(folder / "he_made.csv", ("\n".join(rows) + "\n").encode(), {
        "synthetic": True, "columns": [
            column("energy_per_mass", "keV/u", energy), column("Z8", "", cells[8]),
            column("Z13", "", cells[13])]})
    points = 31
    grid = 10.0 * (1000.0 / 10.0) ** (np.arange(points) / (points - 1))
    head = ["type=electronic", "source=made for tests", "z1-min=2", "z1-max=2", "z2-min=7", "z2-max=8",
            "sto-unit=eV/(1e15 atoms/cm2)", "x-unit=keV/u", "format=ascii", "x-min=10.0",
            "x-max=1000.0", "x-points=%d" % points, "x-scale=log10", ""]
    cells = {z: np.array([float("%.7e" % v) for v in value(grid, z)]) for z in (7, 8)}
    body = ["%.7e" % v for z in (7, 8) for v in cells[z]]
    truth = {"synthetic": True, "columns": [column("Z7", "", cells[7]), column("Z8", "", cells[8])]}
    write(folder / "he_made.gsto", ("\n".join(head + body) + "\n").encode(), truth)
    binary = "\n".join(head).replace("format=ascii", "format=binary") + "\n"
    data = np.concatenate([cells[7], cells[8]]).astype("<f8").tobytes()
    write(folder / "he_made_binary.gsto", binary.encode() + data, truth)
    srim(folder / "He in Al made.txt", value)


def srim(path, value):
    """The same curve in the layout of SRIM's output, in eV / Angstrom."""
    mass, factor = 4.003, 1.6
    points = [("%.2f" % e, "keV", e) for e in (100, 200, 400, 800)]
    points += [("%.2f" % e, "MeV", 1000 * e) for e in (1.0, 1.5, 2.0, 3.0)]
    rows, electronic, nuclear = [], [], []
    for text, unit, kev in points:
        s = float("%.3E" % (float(value(kev / mass, 13)) / factor))
        n = float("%.3E" % (0.5 / kev / factor))
        rows.append("%10s %s    %.3E  %.3E    1000 A       100 A       100 A" % (text, unit, s, n))
        electronic.append(s * factor)
        nuclear.append(n * factor)
    text = """ ==================================================================
              made for tests in this layout; no real stopping
 ==================================================================

 Disk File Name = made.txt

 Ion = Helium [2] , Mass = %.3f amu

 Target Density =  2.7020E+00 g/cm3 = 6.0305E+22 atoms/cm3
 ======= Target  Composition ========
    Atom   Atom   Atomic    Mass
    Name   Numb   Percent   Percent
    ----   ----   -------   -------
     Al     13    100.00    100.00
 ====================================
 Bragg Correction = 0.00%%
 Stopping Units =  eV / Angstrom
 See bottom of Table for other Stopping units

        Ion        dE/dx      dE/dx     Projected  Longitudinal   Lateral
       Energy      Elec.      Nuclear     Range     Straggling   Straggling
  --------------  ---------- ---------- ----------  ----------  ----------
%s
-----------------------------------------------------------
 Multiply Stopping by        for Stopping Units
 -------------------        ------------------
  %.10E                 eV / Angstrom
  1.0000E+01                 eV / (1E15 atoms/cm2)
 ==================================================================
""" % (mass, "\n".join(rows), 10.0 / factor)
    write(path, text.encode(), {
        "synthetic": True, "columns": [
            column("energy_per_mass", "keV/u", [p[2] / mass for p in points]),
            column("Al", "", electronic), column("Nuclear", "", nuclear)]})


def sample(folder):
    """A sample file with every section, as YAML and as JSON."""
    text = """# made for tests
beam: {ion: 4He, energy: 2 MeV, charge: 20 uC}
geometry: {type: cornell, incidence: 7 deg, scattering: 165}
detector:
  solid_angle: 3 msr
  offset: 20
  slope: 2000 eV
  fwhm: 15 keV
  channels: 1024
  foil: [{areal_density: 150, atoms: {Si: 1}}]
layers:
  - {name: film, areal_density: 2e3, atoms: {Al: 2, N: 1, Y: 1}, density: 1.9 g/cm3, roughness_fwhm: 50}
  - {name: under, elements: {Al: 300, 18O: 4.5e2}, stopping_scale: 1.02}
  - {name: Na, substrate: true, areal_density: 6e4, atoms: {Na: 1}}
physics: {stopping: icru49, straggling: yang, min_energy: 60}
fit: {range: [[115ch, 590ch]], free: [film.Al, particles], tie: {film.N: 2 * film.Al}}
"""
    truth = {"synthetic": True, "columns": [
        column("areal_density", "10*15/cm2", [2000.0, 750.0, 60000.0]),
        column("fraction_Al", "1", [0.5, 0.4, 0.0]), column("fraction_N", "1", [0.25, 0.0, 0.0])]}
    write(folder / "film.yaml", text.encode(), truth)
    document = {
        "beam": {"ion": "1H", "energy": 1500, "particles": 1e14},
        "geometry": {"type": "ibm", "incidence": 0, "scattering": 170},
        "detector": {"solid_angle": 1, "offset": 10, "slope": 1.5, "fwhm": 12},
        "layers": [{"name": "Cu", "areal_density": 500, "atoms": {"Cu": 1}},
                   {"name": "Al", "substrate": True, "areal_density": 60000, "atoms": {"Al": 1}}]}
    write(folder / "copper.json", (json.dumps(document, indent=2) + "\n").encode(), {
        "synthetic": True, "columns": [column("areal_density", "10*15/cm2", [500.0, 60000.0])]})


def ion_beam_sets(folder):
    ndf(folder, 401)
    ruthelde(folder / "ruthelde/strontium.json", 402)
    r33(folder / "r33/oxygen_made.r33")
    stopping(folder / "stopping")
    sample(folder / "rbs-sample")
