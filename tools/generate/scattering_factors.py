#!/usr/bin/env python3
"""Writes Sources/XRayAbsorption/Analysis/ScatteringFactors.swift: f'' about the K edges of Na to Cl.

The numbers are those of C. T. Chantler, J. Phys. Chem. Ref. Data 24 (1995) 71 (NIST FFAST, NIST SRD 66,
a work of the United States government), as the database of XrayDB holds them:

    python3 -m pip install xraydb==4.5.8
    tools/generate/scattering_factors.py

Kept are the energies from 0.75 to 1.5 times the edge.
"""
import json
import pathlib
import sqlite3

import xraydb

ELEMENTS = ["Na", "Mg", "Al", "Si", "P", "S", "Cl"]
root = pathlib.Path(__file__).resolve().parent.parent.parent
target = root / "Sources/XRayAbsorption/Analysis/ScatteringFactors.swift"
database = sqlite3.connect(pathlib.Path(xraydb.__file__).parent / "xraydb.sqlite")


def lines(element):
    query = "select energy, f2 from Chantler where element = ?"
    energies, factors = map(json.loads, database.execute(query, (element,)).fetchone())
    edge = xraydb.xray_edge(element, "K").energy
    cells = [
        f"{energy:.4f}".rstrip("0").rstrip(".") + f" {factor:g}"
        for energy, factor in zip(energies, factors)
        if 0.75 * edge <= energy <= 1.5 * edge
    ]
    out, line = [f"    {element}"], "   "
    for cell in cells:
        if len(line) + len(cell) + 2 > 98:
            out.append(line)
            line = "   "
        line += f" {cell};"
    return out + [line.rstrip(";")]


body = [line for element in ELEMENTS for line in lines(element)]
target.write_text(
    "/// f'' about the K edges of Na to Cl; made by tools/generate/scattering_factors.py, do not edit.\n"
    "///\n"
    "/// C. T. Chantler, J. Phys. Chem. Ref. Data 24 (1995) 71 (NIST SRD 66, public domain), as XrayDB "
    f"{xraydb.__version__}\n"
    "/// holds it: an element's symbol on a line, then pairs of energy in eV and f'' in electrons.\n"
    "enum ScatteringFactors {\n"
    '  static let chantler = """\n' + "\n".join(body) + '\n    """\n}\n',
    encoding="utf-8",
)
