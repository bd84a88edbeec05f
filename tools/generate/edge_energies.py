#!/usr/bin/env python3
"""Writes Sources/XRayAbsorption/Analysis/EdgeEnergies.swift, the table of absorption edges.

The numbers are those of W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63 (2002) 121, as
the Python package xraydb (public domain) holds them. Needs `pip install xraydb`.
"""

import pathlib

import xraydb

EDGES = ["K", "L1", "L2", "L3", "M4", "M5"]
HEAD = '''/// Absorption edges in eV; made by tools/generate/edge_energies.py, do not edit.
///
/// W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63 (2002) 121, as XrayDB 9.2 holds them:
/// a line an element, with the symbol and K, L1, L2, L3, M4, M5; `-` below 20 eV.
enum EdgeEnergies {
  static let elam = """
'''


def main():
    lines = []
    for z in range(3, 99):
        symbol = xraydb.atomic_symbol(z)
        edges = xraydb.xray_edges(symbol)
        cells = [symbol]
        for edge in EDGES:
            energy = edges[edge].energy if edge in edges else 0
            cells.append(f"{energy:g}" if energy >= 20 and energy < 1e5 else
                         f"{energy:.0f}" if energy >= 1e5 else "-")
        lines.append("    " + " ".join(cells))
    root = pathlib.Path(__file__).resolve().parents[2]
    path = root / "Sources/XRayAbsorption/Analysis/EdgeEnergies.swift"
    path.write_text(HEAD + "\n".join(lines) + '\n    """\n}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
