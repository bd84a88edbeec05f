"""Exact deflection of a clamped circular film under a paraboloidal tip at its centre.

The axisymmetric Föppl-von Kármán equations of a plate of radius a, 2-D modulus Y, bending stiffness D,
Poisson ratio nu and isotropic pretension s, with theta = -dw/dr = r u, psi = r N_r = r N, x = ln r:

    N_xx + 2 N_x + (Y/2) r^2 u^2 = 0
    D (u_xx + 2 u_x) - r^2 N u + F/2pi = 0         (membrane, D = 0: u = F / (2 pi r^2 N))

Clamped edge r = a: u = 0 (plate), N_x + (1 - nu) N = (1 - nu) s.
Tip, a frictionless rigid paraboloid of radius R that touches for r <= c: u = 1/R,
u_x = 0 (plate), N_x = -Y c^2 / 8 R^2 at r = c. Depth = c^2/2R + integral of theta from c to a.
While the contact is smaller than a e^-14 the load is a point: u_x = -F/4 pi D, N_x = 0 there.

The unknowns u and N vary slowly in x, so that Chebyshev collocation in x converges fast. It shares
no code and no method with the Swift solver of Interphase, which it checks.
All lengths here are in units of a, forces in Y a, tensions in Y, bending stiffness in Y a^2.
"""

import numpy as np

LEFT = -14.0
NODES = 120


def _chebyshev(n, left):
    """Nodes on [left, 0] (ascending), first and second derivative matrices, integration weights."""
    k = np.arange(n + 1)
    t = -np.cos(np.pi * k / n)
    c = np.where((k == 0) | (k == n), 2.0, 1.0) * (-1.0) ** k
    d = t[:, None] - t[None, :] + np.eye(n + 1)
    m = np.outer(c, 1 / c) / d
    m -= np.diag(m.sum(axis=1))
    # Clenshaw-Curtis weights from the moments of the cosines.
    w = np.zeros(n + 1)
    for j in range(0, n + 1, 2):
        b = 1.0 if j in (0, n) else 2.0
        w += b / (1.0 - j * j) * np.cos(j * np.pi * (n - k) / n)
    w *= 2.0 / n
    w[0] /= 2
    w[-1] /= 2
    half = -left / 2
    return left + half * (t + 1), m / half, (m @ m) / half**2, w * half


class Film:
    """A film in units of its hole radius a and 2-D modulus Y: pretension, tip radius, bending stiffness."""

    def __init__(self, nu, s, R, D):
        self.nu, self.s, self.R, self.D = nu, s, R, D

    def point_load(self, F, guess=None):
        """Plate under a point load: (depth, u at the left end, solution)."""
        x, d1, d2, w = _chebyshev(NODES, LEFT)
        r = np.exp(x)
        n = NODES + 1
        y = np.concatenate([-F / (4 * np.pi * self.D) * x, np.full(n, self.s)]) if guess is None else guess
        y = self._newton(y, x, d1, d2, r, ("point", F))
        u = y[:n]
        # Within the left end, theta = r u with u linear in x: its part of the depth is below 1e-11.
        return float(w @ (u * r * r)), float(u[0]), y

    def contact(self, left, guess, F_guess):
        """Plate that touches the tip up to c = e^left: (F, depth, solution)."""
        x, d1, d2, w = _chebyshev(NODES, left)
        r = np.exp(x)
        n = NODES + 1
        y = self._newton(np.concatenate([guess[: 2 * n], [F_guess]]), x, d1, d2, r, ("contact", left))
        c = np.exp(left)
        return float(y[-1]), float(c * c / (2 * self.R) + w @ (y[:n] * r * r)), y

    def _newton(self, y, x, d1, d2, r, mode):
        n = len(x)
        contact = mode[0] == "contact"
        op = d2 + 2 * d1
        eye = np.eye(n)
        for _ in range(60):
            u, N = y[:n], y[n : 2 * n]
            F = y[-1] if contact else mode[1]
            size = 2 * n + (1 if contact else 0)
            J = np.zeros((size, size))
            g = np.zeros(size)
            # Bending on the first n rows, stretching on the next n.
            J[:n, :n] = self.D * op - np.diag(r * r * N)
            J[:n, n : 2 * n] = -np.diag(r * r * u)
            g[:n] = self.D * (op @ u) - r * r * N * u + F / (2 * np.pi)
            J[n : 2 * n, :n] = np.diag(r * r * u)
            J[n : 2 * n, n : 2 * n] = op
            g[n : 2 * n] = op @ N + 0.5 * r * r * u * u
            if contact:
                J[:n, -1] = 1 / (2 * np.pi)
            # Edge.
            J[n - 1], g[n - 1] = 0, u[-1]
            J[n - 1, n - 1] = 1
            J[2 * n - 1] = 0
            J[2 * n - 1, n : 2 * n] = d1[-1] + (1 - self.nu) * eye[-1]
            g[2 * n - 1] = d1[-1] @ N + (1 - self.nu) * (N[-1] - self.s)
            # Centre.
            J[0], J[n] = 0, 0
            if contact:
                c = np.exp(mode[1])
                J[0, :n], g[0] = d1[0], d1[0] @ u
                J[n, n : 2 * n], g[n] = d1[0], d1[0] @ N + c * c / (8 * self.R**2)
                J[-1, 0], g[-1] = 1, u[0] - 1 / self.R
            else:
                J[0, :n], g[0] = d1[0], d1[0] @ u + mode[1] / (4 * np.pi * self.D)
                J[n, n : 2 * n], g[n] = d1[0], d1[0] @ N
            scale = np.abs(J).max(axis=1)
            step = np.linalg.solve(J / scale[:, None], -g / scale)
            y = y + step
            if np.abs(step[:n]).max() < 1e-10 * max(1.0, np.abs(y[:n]).max()):
                return y
        raise ArithmeticError("the film equations did not converge")

    def membrane(self, left, guess=None):
        """Membrane (D = 0) that touches the tip up to c = e^left: (F, depth, N)."""
        x, d1, d2, w = _chebyshev(NODES, left)
        r = np.exp(x)
        c = np.exp(left)
        N = np.full(len(x), max(self.s, 1e-5)) if guess is None else guess
        op = d2 + 2 * d1
        for _ in range(200):
            # u r^2 = c^2 N(c) / (R N), so that F follows from the contact.
            q = c * c * N[0] / (self.R * N) / (r * r)
            g = op @ N + 0.5 * r * r * q * q
            J = op - np.diag(r * r * q * q / N)
            J[:, 0] += r * r * q * q / N[0]
            J[0], g[0] = d1[0], d1[0] @ N + c * c / (8 * self.R**2)
            J[-1] = d1[-1]
            J[-1, -1] += 1 - self.nu
            g[-1] = d1[-1] @ N + (1 - self.nu) * (N[-1] - self.s)
            step = np.linalg.solve(J, -g)
            damp = min(1.0, 0.5 / max(1e-300, np.abs(step / N).max()))
            N = N + damp * step
            if np.abs(step / N).max() < 1e-11:
                break
        else:
            raise ArithmeticError("the membrane equations did not converge")
        theta = c * c * N[0] / (self.R * N) / r
        F = 2 * np.pi * c * c * N[0] / self.R
        return float(F), float(c * c / (2 * self.R) + w @ (theta * r)), N

    def curve(self, F_max):
        """Forces and depths from 0 to beyond F_max, close enough for a cubic spline."""
        F_max = 1.5 * F_max  # a natural spline is poor in its last intervals
        F, d = [0.0], [0.0]
        if self.D == 0:
            N = None
            for left in np.arange(-7.0, -0.3, 0.05):
                f, depth, N = self.membrane(left, N)
                F.append(f)
                d.append(depth)
                if f >= F_max:
                    break
            return np.array(F), np.array(d)
        y = None
        edge = 1 / self.R
        loads = np.concatenate([F_max * np.array([0.002, 0.006]), F_max * np.linspace(0.012, 1.05, 88)])
        for f in loads:
            depth, u0, z = self.point_load(f, y)
            if u0 > edge:
                break
            y = z
            F.append(f)
            d.append(depth)
            if f >= F_max:
                return np.array(F), np.array(d)
        # From here on the contact has an extent; march it outwards.
        f = F[-1] if len(F) > 1 else loads[0]
        left = LEFT
        guess = z if y is None else y
        while f < F_max:
            f, depth, guess = self.contact(left, guess, f)
            if f > F[-1] * (1 + 1e-6):
                F.append(f)
                d.append(depth)
            left += min(0.25, 0.03 * max(1.0, -left))
        return np.array(F), np.array(d)


def film_on_sheet(modulus, thickness, sheet, nu):
    """Y and D of a film (modulus, thickness) perfectly bonded to a sheet of 2-D modulus `sheet`, SI."""
    film = modulus * thickness
    bending = film * thickness**2 / 12
    if film + sheet > 0:
        bending += film * sheet / (film + sheet) * thickness**2 / 4
    return film + sheet, bending / (1 - nu * nu)


def spline(x, y):
    """A natural cubic spline through (x, y), as a function."""
    n = len(x)
    h = np.diff(x)
    A = np.zeros((n, n))
    b = np.zeros(n)
    A[0, 0] = A[-1, -1] = 1
    for i in range(1, n - 1):
        A[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        b[i] = 6 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
    m = np.linalg.solve(A, b)

    def value(t):
        t = np.asarray(t, dtype=float)
        i = np.clip(np.searchsorted(x, t) - 1, 0, n - 2)
        a, c = x[i + 1] - t, t - x[i]
        return (
            m[i] * a**3 / (6 * h[i])
            + m[i + 1] * c**3 / (6 * h[i])
            + (y[i] / h[i] - m[i] * h[i] / 6) * a
            + (y[i + 1] / h[i] - m[i + 1] * h[i] / 6) * c
        )

    return value
