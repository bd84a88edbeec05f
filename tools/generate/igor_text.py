"""Igor text files: blocks of waves with the commands behind them."""

import numpy as np

from freestanding_curve import Setup, _statistics, make, write


def _curve():
    """The numbers and the note of a made curve, from its binary wave."""
    raw, truth = make(Setup(), 130, "film", "Curve", 61e9, 10e-9, 0.6, 300e-9, points=60)
    count = truth["segments"][-1]["stop"]
    data = np.frombuffer(raw, "<f4", 3 * count, 384).reshape(3, count).T
    size = int.from_bytes(raw[12:16], "little")
    note = raw[384 + 12 * count : 384 + 12 * count + size].decode("cp1252")
    return data, note, truth


def text(end="\n"):
    """The text of a file with a curve, two waves in one block, whole, complex and cubic ones."""
    data, note, truth = _curve()
    rows = ["\t".join("%.8g" % x for x in row) for row in data]
    written = np.array([[float("%.8g" % x) for x in row] for row in data])
    lines = ["IGOR", "X // a comment", "", "WAVES/S/N=(%d,3)\t'force curve'" % len(rows), "BEGIN"]
    lines += rows + ["END"]
    lines += ["X SetScale d,0,0,\"m\",'force curve'; SetScale/P x 0,0.0005,\"s\", 'force curve'"]
    lines += ["X SetDimLabel 1, %d, %s, 'force curve'" % (i, label)
              for i, label in enumerate(["Raw", "Defl", "ZSnsr"])]
    lines += ["X Note 'force curve', \"%s\"" % line for line in note.rstrip("\r").split("\r")] + [""]
    lines += ["WAVES/D energy, intensity", "BEGIN"]
    pairs = [(1000 + 0.5 * i, 2.5 * i * i) for i in range(12)]
    lines += ["\t%r\t%r" % pair for pair in pairs] + ["END", "X SetScale d 0,0,\"eV\", energy"]
    lines += ["WAVES/I/U counts", "BEGIN"] + ["  %d" % (7 * i) for i in range(9)] + ["END"]
    lines += ["WAVES/C/D turn", "BEGIN", "1.5\t-2.5", "NaN\tINF", "3.5\t4.5", "END"]
    lines += ["WAVES/D/N=(2,3,2) cube", "BEGIN", "0\t2\t4", "1\t3\t5", "", "6\t8\t10", "7\t9\t11", "END",
              "X SetScale/I x,0,1,\"m\", cube"]
    lines += ["WAVES/T words", "BEGIN", '"first"', '"a \\"quoted\\" one"', "END"]
    columns = [dict(_statistics(label, written[: truth["segments"][0]["stop"], i]), name=label,
                    unit="m") for i, label in enumerate(["Raw", "Defl", "ZSnsr"])]
    for i, name in enumerate(["energy", "intensity"]):
        columns.append(dict(_statistics(name, np.array([p[i] for p in pairs])), name=name,
                            unit="eV" if name == "energy" else ""))
    return end.join(lines) + end, {
        "synthetic": True, "segments": truth["segments"], "columns": columns,
        "spring_constant_N_per_m": truth["spring_constant_N_per_m"]}


def itx(path):
    content, truth = text()
    write(path, content.encode("utf-8"), truth)
