"""Force curves of freestanding films with known properties, as an Asylum microscope would save them."""

import functools
import json

import numpy as np

import igor_wave
from film_mechanics import Film, film_on_sheet, spline


class Setup:
    """What is common to all curves of a study, SI units."""

    hole_radius = 1350e-9
    tip_radius = 50e-9
    poisson_ratio = 0.2
    substrate_e2d = 340.0
    spring_constant = 35.0
    invols = 60e-9
    points_per_second = 2000.0
    velocity = 1e-6


class FilmCurve:
    """F(depth) of one film up to a greatest force."""

    def __init__(self, setup, modulus, thickness, pretension, max_force):
        self.Y, self.D = film_on_sheet(modulus, thickness, setup.substrate_e2d, setup.poisson_ratio)
        a = setup.hole_radius
        film = Film(setup.poisson_ratio, pretension / self.Y, setup.tip_radius / a,
                    self.D / (self.Y * a * a))
        forces, depths = film.curve(max_force / (self.Y * a))
        self._force = spline(depths * a, forces * self.Y * a)
        self._depth = spline(forces * self.Y * a, depths * a)

    def force(self, depth):
        return np.where(depth > 0, self._force(np.maximum(depth, 0)), 0.0)

    def depth(self, force):
        return float(self._depth(force))


@functools.lru_cache(maxsize=4)
def film_curve(setup, modulus, thickness, pretension, max_force):
    """The curve of a film; the last few are kept, since several measurements share one film."""
    return FilmCurve(setup, modulus, thickness, pretension, max_force)


def _depth_at(curve, setup, z, deepest):
    """The film depth at tip positions z past contact: z = depth + F/k."""
    grid = np.linspace(0, deepest, 6000)
    return np.interp(z, grid + curve.force(grid) / setup.spring_constant, grid)


def make(setup, seed, sample, name, modulus, thickness, pretension, max_force, points=800,
         fails=False, remaining=0.03, noise=0.03e-9, slope=1e-4, hysteresis=0.0, retract=0.6,
         baseline=0.35, labels=("Raw", "Defl", "ZSnsr"), memory=0.0):
    """The bytes of a wave and its truth.

    points: rows of the approach; the retract has `retract` times as many, none where the film fails.
    slope: of the baseline in deflection over height; hysteresis: share of the work that is lost.
    memory: correlation of the detector's noise from one row to the next.
    """
    random = np.random.default_rng(seed)
    curve = film_curve(setup, modulus, thickness, pretension, max_force)
    k = setup.spring_constant
    top = curve.depth(max_force)
    z_top = top + max_force / k
    before = baseline / (1 - baseline) * z_top
    after = 0.12 * z_top if fails else 0.0
    z = np.linspace(-before, z_top + after, points)
    depth = _depth_at(curve, setup, z, top * 1.0001)
    force = curve.force(depth)
    if fails:
        broken = z > z_top
        force[broken] = remaining * max_force
        last = int(np.flatnonzero(~broken)[-1])
    directions, ends = [1], [points - 1]
    if not fails:
        back = np.linspace(z_top, -before, int(points * retract) + 1)[1:]
        down = _depth_at(curve, setup, back, top * 1.0001)
        # The unloading branch lies below the loading one and meets it at the top.
        loading = np.trapezoid(curve.force(np.linspace(0, top, 4000)), np.linspace(0, top, 4000))
        grid = np.linspace(0, top, 4000)
        lost = np.trapezoid(curve.force(grid) * (1 - grid / top), grid)
        unloading = curve.force(down) * (1 - hysteresis * loading / lost * (1 - down / top))
        z, force = np.concatenate([z, back]), np.concatenate([force, unloading])
        directions, ends = [1, -1], [points - 1, len(z) - 1]
    z0 = float(random.uniform(-1.5e-6, 1.5e-6))
    offset = float(random.uniform(-5e-9, 5e-9))
    deflection = force / k + offset + slope * z + noise * _noise(random, len(z), memory)
    sensor = z + z0 + 0.02e-9 * random.standard_normal(len(z))
    columns = {"Raw": z + z0, "Defl": deflection, "ZSnsr": sensor}
    data = np.stack([columns[label] for label in labels], axis=1).astype(np.float32)
    # The height follows the trigger: the greatest force on the cantilever.
    note = _note(setup, ends, directions, max_force)
    raw = igor_wave.version5(
        data, name, note, labels, steps=(1 / setup.points_per_second,), units="m",
        dimension_units=("s",), created=3_850_000_000 + seed % 1_000_000, stale="race")
    truth = {
        "synthetic": True,
        "truth_by": "exact Föppl-von Kármán plate with a paraboloidal tip, Chebyshev collocation "
        "(tools/generate/film_mechanics.py)",
        "sample": sample,
        "spring_constant_N_per_m": k,
        "invols_m_per_V": setup.invols,
        "hole_radius_nm": setup.hole_radius * 1e9,
        "tip_radius_nm": setup.tip_radius * 1e9,
        "poisson_ratio": setup.poisson_ratio,
        "thickness_nm": round(thickness * 1e9, 6),
        "substrate_e2d_N_per_m": setup.substrate_e2d,
        "e2d_N_per_m": curve.Y,
        "modulus_GPa": modulus * 1e-9,
        "pretension_N_per_m": pretension,
        "bending_stiffness_fJ": curve.D * 1e15,
        "contact_position_nm": z0 * 1e9,
        "noise_nm": noise * 1e9,
        "baseline_slope": slope,
        "hysteresis": hysteresis,
        "max_force_nN": max_force * 1e9,
        "failure": fails,
        "version": 5,
        "note_keys": note.count("\r"),
        "segments": [
            {"kind": "approach" if d > 0 else "retract", "start": start, "stop": end + 1}
            for d, start, end in zip(directions, [0] + [e + 1 for e in ends], ends)
        ],
        "layers": [_statistics(label, data[:, i]) for i, label in enumerate(labels)],
    }
    if fails:
        at = float(depth[last])
        grid = np.linspace(0, at, 4000)
        truth["fracture_force_nN"] = float(force[last]) * 1e9
        truth["fracture_deflection_nm"] = at * 1e9
        truth["toughness_fJ"] = float(np.trapezoid(curve.force(grid), grid)) * 1e15
    return raw, truth


def _noise(random, count, memory):
    """Noise of variance 1, white or of first order (AR(1))."""
    white = random.standard_normal(count)
    if memory == 0:
        return white
    result = np.empty(count)
    last = white[0]
    for i, x in enumerate(white):
        last = memory * last + np.sqrt(1 - memory * memory) * x if i else x
        result[i] = last
    return result


def _statistics(label, values):
    values = values.astype(np.float64)
    return {"label": label, "n": len(values), "first": float(values[0]), "last": float(values[-1]),
            "min": float(values.min()), "max": float(values.max()), "mean": float(values.mean())}


def _note(setup, ends, directions, max_force):
    lines = [
        "VerDate: 160212", "Version: 16.11.212", "MicroscopeModel: MFP3D", "ImagingMode: Contact",
        "ScanSize: 1e-06", "ScanRate: 1", "InvOLS: %g" % setup.invols,
        "AmpInvOLS: %g" % (setup.invols * 1.09), "SpringConstant: %g" % setup.spring_constant,
        "Springconstant2: 0", "TriggerChannel: Force", "TriggerPoint: %g" % max_force,
        "NumPtsPerSec: %g" % setup.points_per_second, "ForceDist: 2e-07",
        "Comment: made film, 25 \u00b0C",
        "Indexes: " + ",".join(str(i) for i in [0] + ends),
        "Direction: " + ",".join(["NaN"] + [str(d) for d in directions]) + ",",
    ]
    return "".join(line + "\r" for line in lines)


def write(path, raw, truth):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    write_truth(path, truth)


def write_truth(path, truth):
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    path.with_name(path.name + ".truth.json").write_text(text + "\n", encoding="utf-8")
