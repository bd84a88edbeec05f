"""Text files of potentiostats: Gamry DTA and PalmSens csv, with the truth beside each."""

import math

import numpy as np

from freestanding_curve import write
from text_samples import column


def cells(rows, decimal="."):
    return [[float(c.replace(decimal, ".")) for c in row] for row in rows]


def dta_number(x, decimal):
    mantissa, exponent = ("%.5E" % x).split("E")
    return ("%sE%s%03d" % (mantissa, exponent[0], int(exponent[1:]))).replace(".", decimal)


def dta_head(tag, decimal, *more):
    lines = ["EXPLAIN", "TAG\t" + tag, "TITLE\tLABEL\tmade for tests\tTest &Identifier",
             "DATE\tLABEL\t1/15/2026\tDate", "TIME\tLABEL\t09:30:00\tTime",
             "NOTES\tNOTES\t2\t&Notes...", "\tmade cell", "\t",
             "PSTAT\tPSTAT\tREF600-00000\tPotentiostat",
             "AREA\tQUANT\t%s\tElectrode &Area (cm^2)" % dta_number(0.785, decimal),
             "DELAY\tTWOPARAM\tF\t%s\t%s\tInit. De&lay\tTime(s)\tStab.(mV/s)" % (
                 dta_number(300, decimal), dta_number(0.1, decimal))]
    return lines + list(more)


def dta_curve(path, decimal=".", seed=51, aborted=False):
    """Two curves at constant current, the second one aborted."""
    random = np.random.default_rng(seed)
    lines = dta_head("PWR800_CHARGE", decimal)
    truth = {"test_time": [], "voltage": [], "current": []}
    for name, sign in [("CURVE1", 1), ("CURVE2", -1)]:
        lines.append("%s\tTABLE\t%d" % (name, 20 if sign < 0 and aborted else 12))
        lines.append("\tPt\tT\tVf\tIm\tVu\tIERange\tOver\tTemp")
        lines.append("\t#\ts\tV vs. Ref.\tA\tV\t#\tbits\tdeg C")
        for i in range(12):
            row = [dta_number(5.0 * i, decimal),
                   dta_number(sign * 0.03 * (1 + 0.2 * math.exp(-i / 3))
                              + 1e-4 * random.standard_normal(), decimal),
                   dta_number(sign * 2.5e-4, decimal)]
            lines.append("\t%d\t%s\t%s\t%s\t%s\t6\t...........\t%s" % (
                i, *row, dta_number(0, decimal), "-327.62".replace(".", decimal)))
            if name == "CURVE1":
                for key, value in zip(truth, cells([row], decimal)[0]):
                    truth[key].append(value)
    if aborted:
        lines.append("EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted")
    units = {"test_time": "s", "voltage": "V", "current": "A"}
    write(path, ("\r\n".join(lines) + "\r\n").encode(),
          {"synthetic": True, "columns": [column(k, units[k], v) for k, v in truth.items()]})


def dta_spectrum(path, series=10.0, parallel=200.0, capacitance=1e-5, points=16):
    frequency = np.logspace(4, 0, points)
    z = series + parallel / (1 + 2j * np.pi * frequency * parallel * capacitance)
    lines = dta_head("EISPOT", ".", "ZCURVE\tTABLE",
                     "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange",
                     "\t#\ts\tHz\tohm\tohm\tV\tohm\t\u00b0\tA\tV\t#")
    rows = []
    for i, (f, value) in enumerate(zip(frequency, z)):
        row = ["%.6g" % (i + 1.5), "%.7g" % f, "%.7g" % value.real, "%.7g" % value.imag, "1",
               "%.7g" % abs(value), "%.7g" % math.degrees(np.angle(value))]
        rows.append(row)
        lines.append("\t%d\t" % i + "\t".join(row) + "\t1.5E-006\t1.299216\t10")
    values = np.array(cells(rows))
    names = [("test_time", "s", 0), ("frequency", "Hz", 1), ("impedance_real", "Ohm", 2),
             ("impedance_imaginary", "Ohm", 3), ("impedance_modulus", "Ohm", 5),
             ("impedance_phase", "deg", 6)]
    write(path, ("\r\n".join(lines) + "\r\n").encode("latin-1"),
          {"synthetic": True, "rows": points,
           "columns": [column(n, u, values[:, i]) for n, u, i in names]})


def palmsens(path, seed=61, rows=40):
    """Two potentials at constant current side by side, the second one shorter, as UTF-16."""
    random = np.random.default_rng(seed)
    head = ["Date and time:,2026-01-15 11:52:57", "Notes:", "",
            "Chronopotentiometry: CP E vs t,,Chronopotentiometry [1]: CP E vs t [1],", "",
            "Date and time measurement:,2026-01-15 09:30:00,Date and time measurement:,2026-01-15 10:30:00,",
            "s,V,s,V"]
    number = lambda x: "%.5E" % x
    body, first = [], []
    for i in range(rows):
        pair = [number(0.1 * i), number(1.2 - 0.4 * math.exp(-i / 9)
                                        + 1e-4 * random.standard_normal())]
        first.append(pair)
        other = [number(0.1 * i), number(2.0 + 0.002 * i)] if i < rows - 5 else ["", ""]
        body.append(",".join(pair + other))
    values = np.array(cells(first))
    # PSTrace closes the text with a second byte order mark and half a line end.
    raw = ("\ufeff" + "\n\n".join(head + body) + "\n\n\ufeff").encode("utf-16-le") + b"\n"
    write(path, raw,
          {"synthetic": True, "rows": rows, "columns": [
              column("test_time", "s", values[:, 0]), column("voltage", "V", values[:, 1])]})


def palmsens_spectrum(path, points=12):
    frequency = np.logspace(4, 0, points)
    z = 10 + 200 / (1 + 2j * np.pi * frequency * 200 * 1e-5)
    head = ["Date and time:,2026-01-15 11:52:57", "Notes:", "",
            "Date and time measurement:,2026-01-15 09:30:00",
            "freq / Hz,neg. Phase / \u00b0,Idc / uA,Z / ohm,Z' / ohm,-Z'' / ohm,Cs / F"]
    rows = [["%.5E" % v for v in (f, -math.degrees(np.angle(x)), 1.5, abs(x), x.real, -x.imag,
                                  1 / (2 * np.pi * f * -x.imag))] for f, x in zip(frequency, z)]
    values = np.array(cells(rows))
    write(path, ("\n".join(head + [",".join(r) for r in rows]) + "\n").encode(),
          {"synthetic": True, "rows": points, "columns": [
              column("frequency", "Hz", values[:, 0]), column("impedance_real", "Ohm", values[:, 4]),
              column("impedance_imaginary", "Ohm", -values[:, 5]),
              column("impedance_phase", "deg", -values[:, 1])]})


def potentiostat_texts(root):
    dta_curve(root / "gamry-dta/two_curves.dta")
    dta_curve(root / "gamry-dta/decimal_comma_aborted.dta", decimal=",", seed=52, aborted=True)
    dta_spectrum(root / "gamry-dta/spectrum.dta")
    palmsens(root / "palmsens-csv/two_curves.csv")
    palmsens_spectrum(root / "palmsens-csv/spectrum.csv")
