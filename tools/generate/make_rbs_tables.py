#!/usr/bin/env python3
"""Writes the numeric tables of the ion-beam physics as one Swift source.

    tools/generate/make_rbs_tables.py FOLDER > Sources/IonBeamAnalysis/Physics/PhysicsTables.swift

FOLDER holds zbl95_proton.csv, icru49_helium.csv, konac_kalbitzer.csv, chu.csv and isotopes.csv, each
with `#` lines, a header line, and rows whose last cell names the source where the header says
`source`. The numbers go over as they are written.
"""
import csv
import pathlib
import sys


def rows(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    head, *body = list(csv.reader(lines))
    return head, [row for row in body if row]


def literal(numbers):
    """Comma-separated literals wrapped at 100 columns."""
    out, line = [], "   "
    for number in numbers:
        text = number.strip()
        value = float(text)
        if value == int(value) and abs(value) < 1e6 and "e" not in text.lower():
            text = str(int(value))
        else:
            text = repr(value)
        if len(line) + len(text) + 2 > 100:
            out.append(line)
            line = "   "
        line += f" {text},"
    out.append(line)
    return "\n".join(out)


def table(name, doc, body, columns):
    print()
    for i, line in enumerate(doc):
        print(f"  /// {line}".rstrip())
    print(f"  static let {name}: [Double] = [")
    for comment, cells in body:
        assert len(cells) == columns, (name, comment, len(cells))
        print(f"    // {comment}")
        print(literal(cells))
    print("  ]")


def main():
    folder = pathlib.Path(sys.argv[1])
    print("// Made by tools/generate/make_rbs_tables.py; do not edit.")
    print()
    print("/// Published numbers of ion-beam physics, one row after another.")
    print("enum PhysicsTables {")
    print("  /// The sources of the tables, in the order in which they stand here.")
    print("  static let sources = [")
    named = {}
    for file in ["zbl95_proton", "icru49_helium", "konac_kalbitzer", "isotopes"]:
        head, body = rows(folder / f"{file}.csv")
        at = head.index("source")
        for row in body:
            if row[at] not in named:
                named[row[at]] = len(named)
    chu = next(line for line in (folder / "chu.csv").read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    named[chu[chu.index("Source of every row:") + 20:].strip().rstrip(".")] = len(named)
    for source in named:
        text = source.replace('"', "'")
        pieces, line = [], ""
        for word in text.split(" "):
            if len(line) + len(word) > 84:
                pieces.append(line)
                line = ""
            line += word + " "
        pieces.append(line[:-1])
        print("    " + "\n      + ".join(f'"{piece}"' for piece in pieces) + ",")
    print("  ]")

    head, body = rows(folder / "zbl95_proton.csv")
    coefficients = [head.index(c) for c in "A1 A2 A3 A4 A5 A6 A7 A8 H1 H2 H3 H4".split()]
    at = head.index("source")
    assert [int(r[0]) for r in body] == list(range(1, 93))
    table("zbl95", ["Proton stopping A1–A8, H1–H4 for Z2 = 1…92; E in keV/u, result in eV/(1e15 at/cm2).", "",
                    "The number after each symbol is its place in `sources`."],
          [(f"{r[0]} {r[1]} [{named[r[at]]}]", [r[i] for i in coefficients]) for r in body], 12)

    head, body = rows(folder / "icru49_helium.csv")
    at = head.index("source")
    assert [int(r[0]) for r in body] == list(range(1, 93))
    table("icru49", ["Helium stopping a0–a4 for Z2 = 1…92; energies in MeV, result in eV/(1e15 at/cm2)."],
          [(f"{r[0]} {r[1]} [{named[r[at]]}]", r[2:7]) for r in body], 5)

    head, body = rows(folder / "konac_kalbitzer.csv")
    at = head.index("source")
    table("konacKalbitzer", ["Z1, A1, Z2, k, s, a0–a5, beta for H, D, 3He, 4He in C and Si; E in MeV/u."],
          [(f"Z1 {r[0]}, A1 {r[1]}, Z2 {r[2]} [{named[r[at]]}]", r[:at]) for r in body], 12)

    head, body = rows(folder / "chu.csv")
    energies = head[1:]
    assert [int(r[0]) for r in body] == list(range(1, 93))
    ascending = energies[::-1]
    table("chuEnergies", ["The energies of Chu's table in keV/u, ascending."], [("E/m", ascending)], len(ascending))
    table("chu", ["Chu's ratio of straggling to Bohr's for Z2 = 1…92, a column an energy of `chuEnergies`."],
          [(f"{r[0]} [{len(named) - 1}]", r[1:][::-1]) for r in body], len(ascending))

    head, body = rows(folder / "isotopes.csv")
    at = head.index("source")
    table("isotopes", ["Z, A, atomic mass (u), abundance (atom fraction) of every natural isotope."],
          [(f"{r[0]}-{r[2]} [{named[r[at]]}]", [r[1], r[2], r[3], r[4]]) for r in body], 4)
    symbols = {}
    for row in body:
        symbols[int(row[1])] = row[0]
    for z, row in enumerate(rows(folder / "zbl95_proton.csv")[1], 1):
        symbols.setdefault(z, row[1])
    print()
    print("  /// The symbols of the elements, Z = 1…92.")
    print("  static let symbols = [")
    line = "   "
    for z in range(1, 93):
        piece = f' "{symbols[z]}",'
        if len(line) + len(piece) > 100:
            print(line)
            line = "   "
        line += piece
    print(line)
    print("  ]")
    print("}")


main()
