"""Force curves as text, in the layouts of AFM Workshop, afmformats, Optics11 and NT-MDT's Nova."""

import json

import numpy as np

from freestanding_curve import write
from text_samples import column


def curve(points=160, stiffness=1.5, spring=3.0, noise=0.05, seed=7):
    """Position and deflection of approach and retract in nm: a spring in contact with a spring."""
    random = np.random.default_rng(seed)
    z = np.linspace(0.0, 400.0, points)
    pressed = np.clip(z - 250.0, 0, None) * stiffness / (stiffness + spring)
    adhesion = np.where((z > 200) & (z < 250), -(250 - z) * 0.1, 0.0)
    approach = pressed + noise * random.standard_normal(points)
    retract = (pressed + adhesion + noise * random.standard_normal(points))[::-1]
    return z, approach, z[::-1], retract


def afmworkshop(path, calibrated):
    """Approach and retract side by side; with calibration a force in nN, without it volts."""
    z, approach, back, retract = curve()
    signal = "Force(nN)" if calibrated else "T-B(V)"
    factor = 3.0 if calibrated else 0.02
    head = ["Force-Distance Curve", "Software Version:\t4.0.0.62", "", "Date:\t15 January 2026",
            "Time:\t10:20:30", "Mode:\tSingle", "Point:\t1", "X, um:\t25.000000", "Y, um:\t12.500000"]
    if calibrated:
        head += ["Light Lever Gain, mV/nm:\t20.000000", "Force Constant, nN/nm:\t3.000000"]
    labels = ["Extend Z-Sense(nm)", "Extend " + signal, "Retract Z-Sense(nm)", "Retract " + signal]
    rows = ["%.4f,%.4f,%.4f,%.4f" % row for row in
            zip(4000 + z, factor * approach, 4000 + back, factor * retract)]
    cells = np.array([[float(c) for c in row.split(",")] for row in rows])
    units = ["nm", "nN" if calibrated else "V"] * 2
    truth = {"synthetic": True, "rows": len(rows),
             "columns": [column(n, u, cells[:, i]) for i, (n, u) in enumerate(zip(labels, units))]}
    write(path, ("\r\n".join(head + ["", ",".join(labels)] + rows) + "\r\n").encode(), truth)


def afmformats(path):
    """Metres and newtons; the heights fall on approach, as afmformats has them."""
    z, approach, back, retract = curve(seed=8)
    height = 5e-6 - 1e-9 * np.concatenate([z, back])
    force = 3e-9 * np.concatenate([approach, retract])
    segment = ["0"] * len(z) + ["1"] * len(back)
    time = np.arange(len(height)) * 5e-4
    settings = {"enum": 0, "feedback mode": "contact", "imaging mode": "force-distance",
                "point count": len(height), "sensitivity": 5e-08, "setpoint": 1.5e-07,
                "speed approach": 5e-06, "spring constant": 3.0}
    lines = ["# afmformats 0.18.7", "#", "# BEGIN METADATA"]
    lines += ["# " + line for line in json.dumps(settings, sort_keys=True, indent=2).split("\n")]
    names = ["force", "height (measured)", "segment", "time"]
    lines += ["# END METADATA", "#", "# " + "\t".join(names)]
    rows = ["%.8g\t%.8g\t%s\t%.8g" % row for row in zip(force, height, segment, time)]
    n = len(z)
    first = [[float(c) for c in row.split("\t")] for row in rows[:n]]
    # The first table is the approach.
    truth = {"synthetic": True, "rows": len(rows),
             "columns": [column(name, unit, [row[i] for row in first])
                         for i, name, unit in ((0, "force", "N"), (1, "height (measured)", "m"),
                                               (3, "time", "s"))]}
    write(path, ("\r\n".join(lines + rows) + "\r\n").encode(), truth)


def optics11(path, step_times):
    """Approach, hold and retract; the steps by their start times or by the profile."""
    z, approach, back, retract = curve(points=120, seed=9)
    hold = 40
    piezo = np.concatenate([z, np.full(hold, z[-1]), back])
    cantilever = np.concatenate([approach, np.full(hold, approach[-1]), retract])
    time = np.arange(len(piezo)) * 0.01
    head = ["Date\t15/01/2026\tTime\t10:20:30\tStatus\tOK", "Indentation made for tests",
            "Scan (#)\t1\tX (#)\t2\tY (#)\t3\tIndentation (#)\t4", "X-position (um)\t120.5",
            "Piezo position (nm) (Measured)\t0.0", "", "k (N/m)\t3.000", "", "Tip radius (um)\t9.500",
            "Calibration factor\t1.700", "Max load (\u00b5N)\t0.5", "",
            "Device:\tChiaro", "Software version:\t3.3.0", "SMDuration (s) 0.0", "",
            "Profile:", "D[Z1] (nm)\t400.0\tt[1] (s)\t1.2", "D[Z2] (nm)\t400.0\tt[2] (s)\t0.4",
            "D[Z3] (nm)\t0.0\tt[3] (s)\t1.2", ""]
    if step_times:
        head += ["Step absolute start times (s)\t0.00,1.20,1.60",
                 "Step absolute end times (s)\t1.19,1.59,2.79", ""]
    labels = ["Time (s)", "Load (uN)", "Indentation (nm)", "Cantilever (nm)", "Piezo (nm)"]
    rows = ["%.4f\t%.7f\t%.4f\t%.4f\t%.4f" % row for row in
            zip(time, 3e-3 * cantilever, piezo - cantilever, cantilever, piezo)]
    first = [[float(c) for c in row.split("\t")] for row in rows[:120]]
    units = ["s", "uN", "nm", "nm", "nm"]
    truth = {"synthetic": True, "rows": len(rows), "segments": ["approach", "dwell", "retract"],
             "columns": [column(n, u, [row[i] for row in first])
                         for i, (n, u) in enumerate(zip(labels, units))]}
    text = "\r\n".join(head + ["\t".join(labels)] + rows) + "\r\n"
    write(path, text.encode("cp1252"), truth)


def ntmdt(path):
    """Position, approach and retract in three columns with decimal commas."""
    z, approach, _, retract = curve(points=200, seed=10)
    rows = ["%.4f\t%.4f\t%.4f" % row for row in zip(-z[::-1], approach[::-1], retract)]
    cells = np.array([[float(c) for c in row.split("\t")] for row in rows])
    truth = {"synthetic": True, "rows": len(rows),
             "columns": [column("column_%d" % (i + 1), "", cells[:, i]) for i in range(3)]}
    write(path, ("\r\n".join(rows) + "\r\n").replace(".", ",").encode(), truth)


def force_texts(folder):
    afmworkshop(folder / "afmworkshop-csv/volts.csv", False)
    afmworkshop(folder / "afmworkshop-csv/force.csv", True)
    afmformats(folder / "afmformats-tab/curve.tab")
    optics11(folder / "optics11-txt/step_times.txt", True)
    optics11(folder / "optics11-txt/profile.txt", False)
    ntmdt(folder / "ntmdt-txt/curve.txt")
