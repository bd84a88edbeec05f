"""Prints how far the series for a bonded layer lies below the exact solution: python3 check_layer.py

A rigid, frictionless paraboloid on an elastic layer of thickness 1 that is bonded to a rigid base. Exact:
the integral equation of Lebedev and Ufliand, f(x) - (1/pi) int_0^a f(y) [K(x - y) + K(x + y)] dy =
E* (depth - x^2/R), K(t) = int_0^inf (1 - L(u)) cos(ut) du, F = 2 int_0^a f dx, f(a) = 0, by Gauss
quadrature; L is the compliance of the layer over that of the half space. Series: docs/afm.md.
"""

import numpy as np
from numpy.polynomial.legendre import leggauss


def exact(poisson, radius):
    """Depth and force (R = h = E* = 1) for a contact radius."""
    kappa = 3 - 4 * poisson
    u, w = leggauss(400)
    u, w = 15 * (u + 1), 15 * w
    lack = 1 - (2 * kappa * np.sinh(2 * u) - 4 * u) / (
        2 * kappa * np.cosh(2 * u) + 4 * u * u + 1 + kappa * kappa)
    x, weights = leggauss(80)
    x, weights = radius * (x + 1) / 2, radius * weights / 2

    def kernel(at):
        def part(t):
            return (np.cos(np.multiply.outer(t, u)) * (w * lack)).sum(-1)
        return (part(np.subtract.outer(at, x)) + part(np.add.outer(at, x))) * weights / np.pi

    matrix = np.eye(len(x)) - kernel(x)
    one, square = np.linalg.solve(matrix, np.ones(len(x))), np.linalg.solve(matrix, x**2)
    edge = kernel(np.array([radius]))[0]
    depth = (radius**2 + edge @ square) / (1 + edge @ one)
    return depth, 2 * weights @ (depth * one - square)


def series(poisson, chi, sign):
    """The factor on Hertz; `sign` is that of the fourth coefficient at a Poisson ratio of 1/2."""
    nu = poisson
    a = -(1.2876 - 1.4678 * nu + 1.3442 * nu**2) / (1 - nu)
    b = (0.6387 - 1.0277 * nu + 1.5164 * nu**2) / (1 - nu)
    pi = np.pi
    return 1 - 2 * a / pi * chi + 4 * a**2 / pi**2 * chi**2 \
        - 8 / pi**3 * (a**3 + 4 * pi**2 / 15 * b) * chi**3 \
        - sign * 16 * a / pi**4 * (a**3 + 3 * pi**2 / 5 * b) * chi**4


print("poisson   chi    exact   series           with the fourth term's other sign")
for poisson in (0.5, 0.3, 0.0):
    for radius in (0.1, 0.2, 0.3, 0.5, 0.7, 1.0):
        depth, force = exact(poisson, radius)
        chi, factor = depth**0.5, force / (4 / 3 * depth**1.5)
        ours, other = series(poisson, chi, 1), series(poisson, chi, -1)
        print(f"{poisson:7.1f} {chi:6.3f} {factor:8.4f} {ours:8.4f} ({100 * (ours / factor - 1):+5.1f} %)"
              f" {other:8.4f} ({100 * (other / factor - 1):+5.1f} %)")
