"""Compares film_mechanics.py with a table of exact solutions: python3 check_physics.py TABLE.tsv

The table has the columns model, poisson, s, R, D, F, d (dimensionless, see film_mechanics.py).
"""

import sys

import numpy as np

from film_mechanics import Film, spline

worst = 0.0
for line in open(sys.argv[1]):
    cells = line.rstrip("\n").split("\t")
    if cells[0] not in ("membrane", "plate"):
        continue
    nu, s, R, D, F, depth = map(float, cells[1:7])
    forces, depths = Film(nu, s, R, D).curve(F)
    found = float(spline(forces, depths)(F))
    worst = max(worst, abs(found / depth - 1))
    if abs(found / depth - 1) > 1e-4:
        print("%s: %.7g, table %.7g (%.1e)" % (" ".join(cells[:6]), found, depth, found / depth - 1))
print("worst relative difference %.1e" % worst)
