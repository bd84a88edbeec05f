"""Athena projects with known numbers: three groups as Perl literals."""

import numpy as np

from text_samples import column, write


def literals(values):
    return "(%s)" % ",".join("'%s'" % v for v in values)


def athena(path, seed=5):
    """An edge, a normalised spectrum with its I0, and a chi(k) group."""
    random = np.random.default_rng(seed)
    energy = ["%.3f" % e for e in np.arange(1540, 1600, 0.5)]
    x = np.array([float(e) for e in energy])
    edge = 0.5 + np.arctan((x - 1565.7) / 0.7) / np.pi
    mu = ["%.9f" % m for m in 0.3 + edge + 0.002 * random.standard_normal(len(x))]
    norm = ["%.6f" % m for m in edge]
    i0 = ["%.1f" % i for i in 1e5 + 100 * random.standard_normal(len(x))]
    k = ["%.2f" % v for v in np.arange(0, 8, 0.05)]
    chi = ["%.8f" % (0.1 * np.sin(4 * float(v)) / (1 + float(v))) for v in k]
    groups = [
        ("abcd", "film's edge", dict(is_xmu=1), [("x", energy), ("y", mu)]),
        ("efgh", "normalised", dict(is_xmu=1, is_nor=1), [("x", energy), ("y", norm), ("i0", i0)]),
        ("ijkl", "chi", dict(is_chi=1), [("x", k), ("y", chi)])]
    lines = ["# Athena project file -- Demeter version 0.9.26",
             "# This file created at 2026-01-15T09:30:00", "# Using tools/generate, not measured", ""]
    columns = []
    for name, label, flags, arrays in groups:
        args = dict(flags, label=label.replace("'", "\\'"), bkg_e0="1565.7", bkg_pre1="-20", bkg_pre2="-5",
                    bkg_nor1="10", bkg_nor2="33", bkg_nnorm=2, bkg_eshift=0)
        words = ",".join("'%s',%s" % (key, value if isinstance(value, int) else "'%s'" % value)
                         for key, value in args.items())
        lines += ["$old_group = '%s';" % name, "@args = (%s,'titles',['a title; with (marks)']);" % words]
        for array, values in arrays:
            lines.append("@%s = %s;" % (array, literals(values)))
            unit = {"x": "/Ao" if "is_chi" in flags else "eV", "y": "1"}.get(array, "")
            if array not in [c["name"] for c in columns]:
                columns.append(column(array, unit, np.array([float(v) for v in values])))
        lines += ["[record]   # create object and set arrays in ifeffit", ""]
    lines += ["@journal = ('made for tests');", "", "1;", ""]
    write(path, "\n".join(lines).encode(), {"synthetic": True, "columns": columns})
