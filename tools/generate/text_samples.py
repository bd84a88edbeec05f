"""Small samples of the text formats, with the truth beside each."""

import math

import numpy as np

from freestanding_curve import write


def column(name, unit, values):
    values = [float(v) for v in values]
    return {"name": name, "unit": unit, "n": len(values), "first": values[0], "last": values[-1],
            "min": min(values), "max": max(values), "mean": math.fsum(values) / len(values)}


def xdi(path, sample, edge=1565.7, seed=1):
    """An aluminium K edge in transmission as XDI 1.0: energy, i0, itrans, mutrans."""
    random = np.random.default_rng(seed)
    energy = np.concatenate([np.arange(1500, 1555, 2.5), np.arange(1555, 1590, 0.25),
                             np.arange(1590, 1700, 2.0)])
    step = 0.5 + np.arctan((energy - edge) / 0.8) / np.pi
    line = 0.9 * np.exp(-(((energy - edge - 1.8) / 1.1) ** 2))
    mu = 0.4 - 0.0006 * (energy - 1500) + 0.8 * (step + line) + 0.002 * random.standard_normal(len(energy))
    i0 = 1e5 * (1 + 0.05 * np.sin((energy - 1500) / 60))
    itrans = i0 * np.exp(-mu)
    lines = ["# XDI/1.0 Interphase/generated", "# Element.symbol: Al", "# Element.edge: K",
             "# Mono.d_spacing: 3.35", "# Mono.name: made for tests", "# Sample.name: %s" % sample,
             "# Scan.edge_energy: %g" % edge, "# Column.1: energy eV", "# Column.2: i0",
             "# Column.3: itrans", "# Column.4: mutrans", "# ///", "# made from a known edge; not measured",
             "#----", "# energy i0 itrans mutrans"]
    rows = ["%.2f %.4f %.4f %.6f" % row for row in zip(energy, i0, itrans, mu)]
    cells = np.array([[float(c) for c in row.split()] for row in rows])
    truth = {"synthetic": True, "rows": len(rows), "edge_energy_eV": edge,
             "columns": [column(n, u, cells[:, i]) for i, (n, u) in enumerate(
                 [("energy", "eV"), ("i0", ""), ("itrans", ""), ("mutrans", "")])]}
    write(path, ("\n".join(lines + rows) + "\n").encode(), truth)


def mpt(path, sample, seed=3, current=0.5, cycles=20, start=45.0, growth=0.6):
    """A symmetric cell, plated and stripped at constant current, as an EC-Lab ASCII file."""
    random = np.random.default_rng(seed)
    half, step = 1800.0, 60.0
    n = int(half / step)
    rows, t = [], 0.0
    for cycle in range(cycles):
        for half_cycle, sign in ((0, 1.0), (1, -1.0)):
            level = (start + growth * cycle) * 1e-3
            for i in range(n + 1):
                transient = 1 + 0.25 * math.exp(-i / 4)
                ewe = sign * level * transient + 2e-4 * random.standard_normal()
                rows.append((1, 1, 2 * cycle + half_cycle, 0, t + i * step, ewe, sign * current,
                             cycle + 1.0))
            t += half
    head = ["EC-Lab ASCII FILE", "Nb header lines : {n}", "", "Galvanostatic Cycling with Potential Limitation",
            "", "Run on channel : 1 (SN 0)", "Electrode connection : standard", "Ewe ctrl range : min = -5.00 V, max = 5.00 V",
            "Acquisition started on : 01/15/2026 09:30:00.000", "Comments : made for tests, %s" % sample,
            "Electrode surface area : 0.785 cm\u00b2", "Characteristic mass : 0.001 g", ""]
    header = ["mode", "ox/red", "half cycle", "Ns", "time/s", "Ewe/V", "I/mA", "cycle number"]
    head.append("\t".join(header) + "\t")
    text = "\r\n".join(head).replace("{n}", str(len(head)))
    lines = ["%d\t%d\t%d\t%d\t%.9E\t%.7E\t%.7E\t%.7E" % row for row in rows]
    cells = np.array([[float(c) for c in line.split("\t")] for line in lines])
    units = ["1", "1", "1", "1", "s", "V", "mA", "1"]
    truth = {"synthetic": True, "rows": len(rows), "current_mA": current,
             "overpotential_first_mV": start, "overpotential_last_mV": start + growth * (cycles - 1),
             "columns": [column(n, u, cells[:, i]) for i, (n, u) in enumerate(zip(header, units))]}
    write(path, (text + "\r\n" + "\r\n".join(lines) + "\r\n").encode("cp1252"), truth)


def delimited(path, delimiter=",", decimal=".", stiffness=2.0, rows=200):
    """A reduced force curve: a straight line of known slope."""
    deflection = np.arange(rows) * 0.5
    force = stiffness * deflection + 0.25 * np.sin(deflection * 40)
    lines = ["%.3f%s%.5f" % (d, delimiter, f) for d, f in zip(deflection, force)]
    cells = np.array([[float(c) for c in line.split(delimiter)] for line in lines])
    text = "\n".join(["Deflection (nm)%sForce (nN)" % delimiter] + lines) + "\n"
    if decimal != ".":
        text = text.replace(".", decimal)
    slope = float(np.polyfit(cells[:, 0], cells[:, 1], 1)[0])
    truth = {"synthetic": True, "rows": rows, "stiffness_N_per_m": slope,
             "columns": [column("Deflection (nm)", "nm", cells[:, 0]),
                         column("Force (nN)", "nN", cells[:, 1])]}
    write(path, text.encode(), truth)
