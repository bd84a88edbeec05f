"""Depth profiles and mass spectra of secondary ions as SurfaceLab writes them, with known numbers."""

import math

import numpy as np

from freestanding_curve import write
from text_samples import column


def profile(path, x_columns, points=10, seed=41):
    """A film on lithium: total, two ions of the film, one of the metal, and a ratio that is inf at first."""
    random = np.random.default_rng(seed)
    times = [round(1.4664 * i, 4) for i in range(points)]
    names = ["total", "Al-", "AlO_2-", "^6Li-", "Al- / ( ^6Li- )"]
    masses = ["N/A", "26.9821", "58.9719", "6.0157", "N/A"]
    rows = []
    for i, t in enumerate(times):
        film = 0.5 * (1 - math.tanh((t - 7) / 2))
        counts = [random.poisson(2400 * film) * 1.00003, random.poisson(18000 * film) * 1.0003,
                  random.poisson(900 * (1 - film)) * 1.0]
        total = sum(counts) * 1.7
        ratio = "inf" if i == 0 or counts[2] == 0 else "%.6g" % (counts[0] / counts[2])
        if i == 0:
            counts[2] = 0
        rows.append((i + 1, t, ["%.6g" % total] + ["%.6g" % c for c in counts] + [ratio]))
    more = x_columns - 2
    lines = ["# Profile Smoothing is Disabled",
             "#" + "\t" * x_columns + "\t".join(names) + "\t",
             "#" + "\t" * x_columns + "\t".join(masses) + "\t",
             "#Data Point #\tSputter Time (s)"
             + ("\tDose (ions)\tFluence (ions/cm^2)" if more else "")
             + "\tIntensity" * len(names) + "\t"]
    doses = ["%.5e" % (1e9 * (i + 1)) for i in range(points)]
    fluences = ["%.5e" % (2.5e12 * (i + 1)) for i in range(points)]
    for i, t, cells in rows:
        x = [str(i), "%g" % t] + ([doses[i - 1], fluences[i - 1]] if more else [])
        lines.append("\t".join(x + cells) + "\t")
    truth = {"synthetic": True, "points": points, "columns": [
        column("record", "1", [r[0] for r in rows]), column("sputter_time", "s", ["%g" % t for t in times])]}
    if more:
        truth["columns"] += [column("ion_dose", "1", doses), column("ion_fluence", "/cm2", fluences)]
    for c, name in enumerate(names):
        cells = [float(r[2][c]) for r in rows if r[2][c] != "inf"]
        entry = column(name, "1" if "/" in name else "{count}", cells)
        if "/" in name:
            entry["n"] = len(cells)
        truth["columns"].append(entry)
    write(path, ("\r\n".join(lines) + "\r\n").encode(), truth)


def spectrum(path, rows=24, scale=33000.0, shift=-350.0, seed=42):
    """Channels of a mass spectrum: m = ((channel - shift) / scale) ** 2."""
    random = np.random.default_rng(seed)
    channels = [100 + 200 * i for i in range(rows)]
    masses = ["%.6f" % (((c - shift) / scale) ** 2) for c in channels]
    counts = [int(random.poisson(3 + 400 * math.exp(-((i - 12) / 2.5) ** 2))) for i in range(rows)]
    lines = ["# Binning: 200 channels", "# Deadtime Correction: on", "Channel\tm/z\tIntensity"]
    lines += ["%d\t%s\t%d" % row for row in zip(channels, masses, counts)]
    truth = {"synthetic": True, "rows": rows, "columns": [
        column("channel", "1", channels), column("mass_u", "u", masses),
        column("counts", "{count}", counts)]}
    write(path, ("\r\n".join(lines) + "\r\n").encode(), truth)


def sims(root):
    profile(root / "iontof-profile" / "film_on_lithium.txt", 4)
    profile(root / "iontof-profile" / "two_x_columns.txt", 2, points=8, seed=43)
    spectrum(root / "iontof-spectrum" / "film_negative.txt")
