"""One peer on one job, for tools/bench: prints name, least CPU seconds, bytes, rows, check number.

Every peer works on one thread (tools/bench sets the environment), because CPU seconds are compared.
"""
import gc
import os
import sys
import time


def least(repeats, work):
    best, result = float("inf"), None
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def text(peer, path):
    if peer == "pandas":
        import pandas
        return lambda: (lambda t: (len(t), t.iloc[-1, -1]))(
            pandas.read_csv(path, sep="\t", engine="c"))
    if peer == "pandas-python":
        # The engine behind peers' guessing of delimiters.
        import pandas
        return lambda: (lambda t: (len(t), t.iloc[-1, -1]))(
            pandas.read_csv(path, sep=None, engine="python"))
    if peer == "polars":
        import polars
        return lambda: (lambda t: (len(t), t[-1, -1]))(polars.read_csv(path, separator="\t"))
    import pyarrow.csv as csv
    parse = csv.ParseOptions(delimiter="\t")
    read = csv.ReadOptions(use_threads=False)
    return lambda: (lambda t: (len(t), t.column(t.num_columns - 1)[-1].as_py()))(
        csv.read_csv(path, parse_options=parse, read_options=read))


def exported_text(peer, path, skip, mark):
    """An instrument's text, its header lines left out: these peers have to be told where the table starts."""
    mark = {"tab": "\t", "comma": ","}[mark]
    if peer == "polars":
        import polars
        return lambda: (lambda t: (t.height, t.width))(
            polars.read_csv(path, separator=mark, skip_rows=skip, encoding="utf8-lossy", infer_schema_length=None))
    import pandas
    engine = {"sep": None, "engine": "python"} if peer == "pandas-python" else {"sep": mark, "engine": "c"}
    return lambda: pandas.read_csv(path, skiprows=skip, encoding="latin-1", **engine).shape


def waves(times, paths):
    from igor2 import binarywave

    def read():
        rows = 0
        for _ in range(times):
            rows = sum(binarywave.load(path)["wave"]["wData"].shape[0] for path in paths)
        return rows, 0.0
    return read


def film_fit(path):
    """The textbook formula F = πσδ + q³Yδ³/a² fitted to the points with scipy's curve_fit.

    The usual script: deflection of the film δ = z − z₀ − d, straight baseline, one start near the truth,
    numerical Jacobian. It knows neither bending nor the radius of the tip.
    """
    import numpy as np
    from scipy.optimize import curve_fit
    z, d = np.loadtxt(path, skiprows=1, unpack=True)
    stiffness, radius, poisson = 35.0, 1350e-9, 0.2
    q = 1 / (1.05 - 0.15 * poisson - 0.16 * poisson**2)

    def force(z, modulus, tension, contact, offset, slope):
        depth = np.maximum(z - contact * 1e-9 - d, 0)
        return (np.pi * tension * depth + q**3 * modulus * 1e3 * depth**3 / radius**2) * 1e9 \
            + offset + slope * z * 1e9

    def fit():
        best, _ = curve_fit(force, z, stiffness * d * 1e9, p0=[0.5, 0.3, 5.0, 0.0, 0.0])
        return len(z), best[0] * 1e3
    return fit


def nanite(paths):
    """CPU seconds for loading and for fitting Hertz, without imports, and the mean modulus."""
    import nanite as package
    load = fit = mean = 0.0
    for path in paths:
        start = time.process_time()
        curve = package.load_group(path)[0]
        curve.apply_preprocessing(["compute_tip_position", "correct_force_offset",
                                   "correct_tip_offset"])
        middle = time.process_time()
        # All rows count alike, as with us.
        curve.fit_model(model_key="hertz_para", weight_cp=0)
        end = time.process_time()
        load, fit = load + middle - start, fit + end - middle
        mean += curve.fit_properties["params_fitted"]["E"].value / len(paths)
    print("nanite", load, fit, mean, sep="\t")


def plating():
    """The sharp-interface equations of docs/plating.md with numpy's FFT and scipy's BDF.

    Lithium, film of 10 nm and 25 GPa, 256 points over 64 nm, 3 nm of growth; analytic Jacobian.
    """
    import numpy as np
    from scipy.integrate import solve_ivp
    from scipy.linalg import circulant
    n, width, growth, eta = 256, 64e-9, 3.0, -0.1
    thermal = 96485.33212 / (8.314462618 * 298.15)
    volume, gamma = 13.00e-6 / 96485.33212, 0.5
    dx = width / n * 1e9
    x = (np.arange(n) - n // 2) * dx
    k = 2 * np.pi * np.fft.rfftfreq(n, width / n)
    stiffness = np.zeros_like(k)
    kh = k[1:] * 10e-9
    film = 25e9 / (1 - 0.24**2) * k[1:] / 2 \
        * (np.sinh(kh)**2 - kh**2) / (np.sinh(kh) * np.cosh(kh) + kh)
    metal = 4.91e9 / (1 - 0.362**2) * k[1:] / 2
    stiffness[1:] = 1e-9 / (1 / film + 1 / metal)
    matrix = circulant(np.fft.irfft(stiffness, n))

    def rate(e):
        forward, backward = np.exp(-0.5 * thermal * e), np.exp(0.5 * thermal * e)
        return forward - backward, -0.5 * thermal * (forward + backward)
    nominal = rate(eta)[0]

    def shape(z):
        left, right = np.roll(z, 1), np.roll(z, -1)
        slope, second = (right - left) / (2 * dx), (right - 2 * z + left) / dx**2
        stretch = 1 + slope**2
        curvature = -second / stretch**1.5
        stress = -np.fft.irfft(stiffness * np.fft.rfft(z), n)
        e = eta - volume * stress + volume * gamma * 1e9 * curvature
        return slope, second, stretch, *rate(e)

    def derivative(_, z):
        _, _, stretch, speed, _ = shape(z)
        return speed / nominal * np.sqrt(stretch)

    def jacobian(_, z):
        slope, second, stretch, speed, steep = shape(z)
        root = np.sqrt(stretch)
        capillary = steep / nominal * volume * gamma * 1e9
        by_slope = speed / nominal * slope / root + 3 * capillary * second * slope / stretch**2
        by_second = -capillary / stretch
        result = (root * steep / nominal * volume)[:, None] * matrix
        i = np.arange(n)
        result[i, (i + 1) % n] += by_slope / (2 * dx) + by_second / dx**2
        result[i, i - 1] += -by_slope / (2 * dx) + by_second / dx**2
        result[i, i] -= 2 * by_second / dx**2
        return result

    def run():
        start = 4 * np.exp(-x**2 / (2 * 4.0**2))
        end = solve_ivp(derivative, (0, growth), start, method="BDF", jac=jacobian,
                        rtol=1e-6, atol=4e-6).y[:, -1]
        return n, np.ptp(end) / np.ptp(start)
    return run


def make_jpk_map(path, curves, points):
    """A map with compressed members, by the generator of TestData."""
    import pathlib
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "generate"))
    import jpk_sample
    archive, _ = jpk_sample.map_archive(42, range(curves), points, jpk_sample.Archive("zlib"), stopped=False)
    pathlib.Path(path).write_bytes(archive.bytes())


def afmformats(path):
    """Every curve of a map with the extremes, mean and ends of its columns, as `inspect` gives them."""
    import afmformats
    rows = 0
    for curve in afmformats.load_data(path):
        for column in ["force", "height (measured)", "height (piezo)", "time", "segment"]:
            values = curve[column]
            rows += len(values)
            values.min(), values.max(), values.mean(), values[0], values[-1]
    return rows


def elasticity(cells):
    """Plane strain on a square of bilinear elements: smoothed aggregation and conjugate gradients."""
    import numpy as np
    import pyamg
    import scipy.sparse as sparse
    nu = 0.3
    lam, mu = nu / ((1 + nu) * (1 - 2 * nu)), 1 / (2 * (1 + nu))
    law = np.array([[lam + 2 * mu, lam, 0], [lam, lam + 2 * mu, 0], [0, 0, mu]])
    element = np.zeros((8, 8))
    for x in (-1 / 3**0.5, 1 / 3**0.5):
        for y in (-1 / 3**0.5, 1 / 3**0.5):
            strain = np.zeros((3, 8))
            strain[0, 0::2] = strain[2, 1::2] = np.array([y - 1, 1 - y, -1 - y, 1 + y]) / 2
            strain[1, 1::2] = strain[2, 0::2] = np.array([x - 1, -1 - x, 1 - x, 1 + x]) / 2
            element += strain.T @ law @ strain / 4
    row = cells + 1
    i, j = np.meshgrid(np.arange(cells), np.arange(cells))
    first = (j * row + i).ravel()
    nodes = np.stack([first, first + 1, first + row, first + row + 1], 1)
    unknowns = np.stack([2 * nodes, 2 * nodes + 1], 2).reshape(-1, 8)
    matrix = sparse.coo_matrix(
        (np.tile(element.ravel(), cells * cells),
         (np.repeat(unknowns, 8, 1).ravel(), np.tile(unknowns, (1, 8)).ravel())),
        shape=(2 * row * row,) * 2).tocsr()
    weight = np.full((row, row), 1.0 / cells**2)
    weight[[0, -1]] /= 2
    weight[:, [0, -1]] /= 2
    place = np.arange(row) / cells
    force = np.stack([weight * np.sin(3 * place)[None, :], weight * np.cos(2 * place)[:, None]], 2)
    free = np.ones((row, row, 2), bool)
    free[0] = False
    free = free.ravel()
    x, y = np.meshgrid(place, place)
    rigid = np.zeros((2 * row * row, 3))
    rigid[0::2, 0] = rigid[1::2, 1] = 1
    rigid[0::2, 2], rigid[1::2, 2] = -y.ravel(), x.ravel()
    matrix = matrix[free][:, free].tobsr((2, 2))
    force, rigid = force.ravel()[free], rigid[free]

    def solve():
        levels = pyamg.smoothed_aggregation_solver(
            matrix, B=rigid, strength=("symmetric", {"theta": 0.0}))
        solution = levels.solve(force, tol=1e-8, accel="cg")
        return len(force), np.linalg.norm(solution)
    return solve


def make_mpr(seed, path, rows):
    """An .mpr with the rows of another one repeated, the time going on."""
    import numpy as np
    raw = open(seed, "rb").read()
    start = raw.index(b"MODULEVMP data")
    length, version = np.frombuffer(raw, "<u4", 2, start + 41)
    head = start + 57
    count, columns = int(np.frombuffer(raw, "<u4", 1, head)[0]), raw[head + 4]
    first = 403 + int(version)
    size = (int(length) - first) // count
    ids = np.frombuffer(raw, "<u2", columns, head + 5)
    flags, offset = {1, 2, 3, 21, 31, 65}, 0
    widths = {131: 2, 39: 2}
    for number in ids[:list(ids).index(4)]:
        offset += 0 if number in flags else widths[number]
    offset += 1 if flags & set(ids) else 0
    data = np.frombuffer(raw, "u1", count * size, head + first).reshape(count, size)
    time = data[:, offset:offset + 8].copy().view("<f8").ravel()
    step = time[-1] - time[0] + 1
    times = -(-rows // count)
    whole = np.tile(data, (times, 1))[:rows]
    stamps = (time[None, :] + step * np.arange(times)[:, None]).ravel()[:rows]
    whole[:, offset:offset + 8] = stamps.view("u1").reshape(rows, 8)
    content = np.uint32(rows).tobytes() + raw[head + 4:head + first] + whole.tobytes()
    new = raw[:start + 41] + np.uint32(len(content)).tobytes() + raw[start + 45:head] + content
    open(path, "wb").write(new + raw[head + int(length):])


def galvani(path):
    """Every column with count, least, greatest and mean."""
    import numpy as np
    from galvani.BioLogic import MPRfile

    def work():
        file = MPRfile(path)
        columns = [file.data[name] for name in file.data.dtype.names if name != "flags"]
        columns += [(file.data["flags"] & mask).astype(kind)
                    for mask, kind in file.flags_dict.values()]
        result = [(len(c), c.min(), c.max(), np.mean(c, dtype="f8")) for c in columns]
        return len(file.data), result[0][2]
    return work


def yadg(path):
    """Every column with count, least, greatest and mean."""
    import pathlib
    import numpy as np
    from yadg.extractors import extract

    kind = "eclab.mpr" if str(path).endswith(".mpr") else "eclab.mpt"

    def work():
        tree = extract(kind, pathlib.Path(path), timezone="UTC", locale="en_GB",
                       encoding="windows-1252")
        data = tree.to_dataset()
        for values in data.data_vars.values():
            if values.dtype.kind in "fiu":
                values = values.values
                np.size(values), values.min(), values.max(), values.mean()
        return data.sizes["uts"], 0.0
    return work


def calamine(path):
    """Every column of every sheet with count, least, greatest and mean."""
    import numpy as np
    from python_calamine import CalamineWorkbook

    def work():
        book = CalamineWorkbook.from_path(path)
        rows = 0
        for name in book.sheet_names:
            cells = book.get_sheet_by_name(name).to_python()
            rows = max(rows, len(cells) - 1)
            for column in zip(*cells[1:]):
                numbers = [x for x in column if isinstance(x, (int, float))]
                if numbers:
                    values = np.array(numbers, dtype="f8")
                    values.size, values.min(), values.max(), values.mean()
        return rows, 0.0
    return work


def make_bdf(path, count, columns):
    """A symmetric cell in the Battery Data Format: a record a second, half cycles of ten hours."""
    import numpy as np
    labels = ["Test Time / s", "Voltage / V", "Current / A", "Record Index / 1",
              "Charging Capacity / Ah", "Cycle Count / 1"]
    step = 500_000
    with open(path, "w") as file:
        file.write(",".join(labels[:columns]) + "\n")
        for start in range(0, count, step):
            i = np.arange(start, min(start + step, count))
            noise = (i * 7919 % 1009) * 1e-6
            sign = np.where(i // 36000 % 2 == 0, 1, -1)
            voltage = sign * (0.05 + 0.01 * np.sin(i * 1e-4)) + noise
            current = sign * (5e-4 + noise * 1e-4)
            charged = (i // 72000 * 36000 + np.minimum(i % 72000, 36000)) * 5e-4 / 3600
            for row in zip(i.tolist(), voltage.tolist(), current.tolist(), charged.tolist()):
                n, v, a, q = row
                cells = (f"{n}.0", f"{v:.6f}", f"{a:.8f}", str(n + 1), f"{q:.6f}", str(n // 72000))
                file.write(",".join(cells[:columns]) + "\n")


def summary(peer, path):
    """Every column of a csv with count, least, greatest and mean."""
    if peer == "polars":
        import polars

        def work():
            table = polars.read_csv(path)
            columns = [getattr(polars.col(name), kind)().alias(f"{name} {kind}")
                       for name in table.columns for kind in ("count", "min", "max", "mean")]
            table.select(columns)
            return len(table), 0.0
        return work
    import pandas

    def work():
        table = pandas.read_csv(path, engine="python" if peer == "pandas-python" else "c")
        for name in table.columns:
            column = table[name]
            column.count(), column.min(), column.max(), column.mean()
        return len(table), 0.0
    return work


def reader(peer, path):
    """One line: name, least CPU seconds of the work, greatest resident MB of the process."""
    import resource
    known = {"galvani": galvani, "yadg": yadg, "calamine": calamine, "fastnda": fastnda}
    work = known[peer](path) if peer in known else summary(peer, path)
    # The Python engine of pandas takes half a minute.
    seconds, (rows, _) = least(1 if peer == "pandas-python" else 3, work)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(peer, seconds, memory, rows)


def rexafs_xdi(kind, paths):
    """JSON of every spectrum: e0 and step, and as `arrays` also norm and flat.

    Where the reader names no signal, the first two columns are energy and signal; spectra that it cannot
    normalise are counted.
    """
    import json
    from rexafs import io
    spectra, failed = [], 0
    for path in paths:
        try:
            file = io.read_measurement(path)
            try:
                spectrum = file.spectrum()
            except ValueError:
                spectrum = file.spectrum(energy=0, mu=1)
            spectrum.normalize()
            result = {"file": path, "e0": spectrum.e0()}
            norm, flat = spectrum.norm(), spectrum.flat()
            if kind == "arrays":
                result["arrays"] = {"norm": norm.tolist(), "flat": flat.tolist()}
            spectra.append(result)
        except ValueError:
            failed += 1
    print(json.dumps({"spectra": spectra, "failed": failed}))


def pyrump_xnra(times, path):
    """Spectrum, total simulation and layers of an .xnra, again and again."""
    from pyrump.io.xnra import read_xnra

    def work():
        for _ in range(times):
            file = read_xnra(path)
        return len((file.simulation or file.spectrum).counts), 0.0
    return work


def pyrump_simulate():
    """A film of Al, C and O on Na under 2 MeV helium at 170 degrees, straggling on, counts above 200 keV."""
    import pathlib
    import pyrump
    from pyrump.atomic.tables import PeriodicTable
    from pyrump.model.detector import Measurement
    from pyrump.model.geometry import Geometry, GeometryKind
    from pyrump.model.spectrum import Calibration
    from pyrump.sim.engine import Beam, UniformSample, simulate
    from pyrump.stopping.registry import StoppingRegistry
    data = next(pathlib.Path(pyrump.__file__).parent.rglob("atom4.dat")).parent
    table = PeriodicTable.load(data / "atom4.dat", data / "pscoef.dat")
    registry = StoppingRegistry(table.elements)
    sample = UniformSample(thicknesses=[2000, 60000], element_z=[13, 6, 8, 11],
                           compositions=[[2, 2, 4, 0], [0, 0, 0, 1]], straggle=1)
    measurement = Measurement(omega_msr=3, charge_uC=10, fwhm_keV=15)

    def work():
        spectrum = simulate(sample, Beam(e0_MeV=2.0), Geometry(theta=0, phi=10, kind=GeometryKind.IBM),
                            registry, table, Calibration(kevch=2, kev0=20, npt=1024), measurement)
        return 1024, float(spectrum.counts[90:].sum())
    return work


def specutils(times, path):
    """Counts and energies of an Ortec spectrum, again and again."""
    import SpecUtils

    def work():
        for _ in range(times):
            file = SpecUtils.SpecFile()
            file.loadFile(path, SpecUtils.ParserType.Auto)
        return len(file.measurements()[0].gammaCounts()), 0.0
    return work


def stencil(peer, cells, steps=1000, dt=0.1):
    """Explicit steps of dc/dt = laplace(c) - 2c(1-c)(1-2c) on a periodic square of unit cells."""
    import numpy as np
    i = np.arange(cells)
    noise = (i[None, :] * 7 + i[:, None] * 13) % 97 / 97
    start = noise / 2 + np.where(i < cells // 2, 0.5, 0)
    if peer == "py-pde":
        import pde
        # Threads cost CPU seconds, which is what is compared.
        pde.config["backend.numba.multithreading"] = "never"
        grid = pde.CartesianGrid([[0, cells]] * 2, cells, periodic=True)
        equation = pde.PDE({"c": "laplace(c) - 2 * c * (1 - c) * (1 - 2 * c)"})
        solver = pde.EulerSolver(equation, backend="numba")
        stepper = solver.make_stepper(pde.ScalarField(grid, start), dt=dt)
        # Compiling does not count.
        stepper(pde.ScalarField(grid, start), 0, dt)

        def solve():
            field = pde.ScalarField(grid, start)
            stepper(field, 0, steps * dt)
            return cells, field.data.sum()
        return solve

    def solve():
        c = np.pad(start, 1, mode="wrap")
        inner = c[1:-1, 1:-1]
        change, well = np.empty_like(inner), np.empty_like(inner)
        for _ in range(steps):
            c[0, 1:-1], c[-1, 1:-1] = c[-2, 1:-1], c[1, 1:-1]
            c[1:-1, 0], c[1:-1, -1] = c[1:-1, -2], c[1:-1, 1]
            np.add(c[:-2, 1:-1], c[2:, 1:-1], out=change)
            change += c[1:-1, :-2]
            change += c[1:-1, 2:]
            np.multiply(inner, 4, out=well)
            change -= well
            np.multiply(inner, -2, out=well)
            well += 1
            well *= inner
            well *= 2
            change -= well
            well *= inner
            change += well
            change *= dt
            inner += change
        return cells, inner.sum()
    return solve


def make_ndax(path, count):
    """A test of charges, discharges and rests with that many records, run information for each 24th."""
    import pathlib
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "generate"))
    import neware_sample
    rows = neware_sample.records(1, cycles=max(1, count // 12000), points=4000)
    members = neware_sample.settings([]) + list(neware_sample.ndc(rows, 14, every=24).items())
    pathlib.Path(path).write_bytes(neware_sample.zip64(members))


def fastnda(path):
    import fastnda as package
    import polars

    def read():
        table = package.read(path, cycle_mode="raw")
        names = [name for name in table.columns if name != "step_type"]
        table.select([getattr(polars.col(name), work)().alias(f"{name} {work}") for name in names
                      for work in ("count", "min", "max", "mean")])
        return len(table), float(table["voltage_V"][-1])
    return read


def make_spec(sample, path, scans):
    """The first scan of a SPEC file again and again, five of its columns twice: 40 kB a scan."""
    import pathlib
    head, rest = pathlib.Path(sample).read_text().split("\n#S 1 ", 1)
    command, *lines = rest.split("\n\n#S ", 1)[0].split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("#L "))
    labels = lines[at][3:].split("  ")
    above = lines[:at - 1] + ["#N %d" % (len(labels) + 5),
                              "#L " + "  ".join(labels + ["%s again" % label for label in labels[-5:]])]
    rows = [line + " " + " ".join(line.split(" ")[-5:]) for line in lines[at + 1:]]
    with open(path, "w") as out:
        out.write(head + "\n")
        for number in range(1, scans + 1):
            out.write("\n".join(["#S %d %s" % (number, command)] + above + rows) + "\n\n")


def rexafs(path):
    import rexafs.io

    def read():
        return len(rexafs.io.read_measurement(path).document["scans"]), 0.0
    return read


peer = sys.argv[1]
if peer == "make-spec":
    make_spec(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    sys.exit()
if peer == "make-mpr":
    make_mpr(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    sys.exit()
if peer in ("galvani", "yadg", "calamine", "fastnda"):
    reader(peer, sys.argv[2])
    sys.exit()
if peer == "summary":
    reader(sys.argv[2], sys.argv[3])
    sys.exit()
if peer == "make-bdf":
    make_bdf(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    sys.exit()
if peer == "nanite":
    nanite(sys.argv[2:])
    sys.exit()
if peer == "rexafs-xdi":
    rexafs_xdi(sys.argv[2], sys.argv[3:])
    sys.exit()
size = 0
if peer == "make-jpk-map":
    make_jpk_map(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    sys.exit()
if peer == "make-ndax":
    make_ndax(sys.argv[2], int(sys.argv[3]))
    sys.exit()
if peer == "afmformats":
    print(afmformats(sys.argv[2]))
    sys.exit()
if peer == "igor2":
    times, paths = int(sys.argv[2]), sys.argv[3:]
    repeats, work = 3, waves(times, paths)
    size = times * sum(os.path.getsize(p) for p in paths)
elif peer == "pyrump-xnra":
    repeats, work = 3, pyrump_xnra(int(sys.argv[2]), sys.argv[3])
    size = int(sys.argv[2]) * os.path.getsize(sys.argv[3])
elif peer == "specutils":
    repeats, work = 3, specutils(int(sys.argv[2]), sys.argv[3])
    size = int(sys.argv[2]) * os.path.getsize(sys.argv[3])
elif peer == "pyrump-simulate":
    repeats, work = int(sys.argv[2]), pyrump_simulate()
elif peer == "curve_fit":
    repeats, work = int(sys.argv[3]), film_fit(sys.argv[2])
elif peer == "rexafs":
    repeats, work = int(sys.argv[3]), rexafs(sys.argv[2])
    size = os.path.getsize(sys.argv[2])
elif peer == "solve_ivp":
    repeats, work = int(sys.argv[2]), plating()
elif peer in ("py-pde", "numpy-stencil"):
    repeats, work = int(sys.argv[3]), stencil(peer, int(sys.argv[2]))
elif peer == "pyamg":
    repeats, work = int(sys.argv[3]), elasticity(int(sys.argv[2]))
elif len(sys.argv) > 4:
    repeats, work = int(sys.argv[3]), exported_text(peer, sys.argv[2], int(sys.argv[4]), sys.argv[5])
    size = os.path.getsize(sys.argv[2])
else:
    repeats, work = int(sys.argv[3]), text(peer, sys.argv[2])
    size = os.path.getsize(sys.argv[2])
seconds, (rows, check) = least(repeats, work)
print(peer, seconds, size, rows, float(check), sep="\t")
