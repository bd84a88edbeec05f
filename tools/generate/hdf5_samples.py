"""HDF5 files of beamlines with known numbers (needs h5py): NXxas entries, BLISS scans, a library, plain series."""

import json

import h5py
import numpy as np

from text_samples import column


def spectrum(edge=1565.7, seed=1, points=90):
    random = np.random.default_rng(seed)
    energy = 1540 + 0.5 * np.arange(points)
    mu = 0.3 + 0.5 + np.arctan((energy - edge) / 0.7) / np.pi + 0.002 * random.standard_normal(points)
    i0 = 1e5 + 100 * random.standard_normal(points)
    return energy, mu, i0


def group(parent, name, kind):
    made = parent.create_group(name)
    made.attrs["NX_class"] = kind
    return made


def save(path, fill):
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", libver="latest") as file:
        columns = fill(file)
    truth = json.dumps({"synthetic": True, "columns": columns}, indent=1)
    path.with_name(path.name + ".truth.json").write_text(truth + "\n")


def nexus(f):
    """The draft with energy and intensity in the entry, and the older form in keV with its two beams."""
    f.attrs["default"] = "film"
    energy, mu, i0 = spectrum(seed=21)
    entry = group(f, "film", "NXentry")
    entry["definition"], entry["title"], entry["mode"] = "NXxas", "film before cycling", "transmission"
    group(entry, "element", "NXelement")["symbol"] = "Al"
    group(entry, "edge", "NXedge")["name"] = "K"
    entry["energy"], entry["intensity"] = energy, mu
    entry["energy"].attrs["units"] = "eV"
    group(group(entry, "instrument", "NXinstrument"), "i0", "NXdetector")["data"] = i0
    crystal = group(entry["instrument"], "crystal", "NXcrystal")
    crystal["reflection"], crystal["d_spacing"] = [1, 1, 1], 3.1356
    entry["rawdata"] = np.stack([energy, i0 * np.exp(-mu)])
    entry["rawdata"].attrs["array_labels"] = '["energy", "itrans"]'
    plot = group(entry, "plot", "NXdata")
    plot["energy"], plot["intensity"] = h5py.SoftLink("/film/energy"), h5py.SoftLink("/film/intensity")
    older = group(f, "foil", "NXentry")
    older["definition"] = "NXxas"
    data = group(older, "data", "NXdata")
    data["mode"] = "Total Electron Yield"
    data["energy"], data["absorbed_beam"] = (energy[:60] / 1000).round(4), mu[:60] * 1e-9
    data["incoming_beam"] = i0[:60] * 1e-9
    data["energy"].attrs["units"] = "keV"
    return [column("photon_energy", "eV", energy), column("mu", "1", mu),
            column("incident_intensity", "", i0), column("rawdata.itrans", "", i0 * np.exp(-mu)),
            column("electron_yield", "", mu[:60] * 1e-9)]


def bliss(f):
    """A scan over energy with a spectrum of every point, a longer fast series, and links to other files."""
    f.attrs["creator"], f.attrs["NX_class"] = "blissdata", "NXroot"
    energy, mu, i0 = spectrum(seed=22)
    scan = group(f, "2.1", "NXentry")
    scan["title"], scan["start_time"] = "ascan energy 1.54 1.585 89 0.1", "2026-01-15T09:30:00+01:00"
    devices = group(scan, "instrument", "NXinstrument")
    measurement = group(scan, "measurement", "NXcollection")
    clock = 0.001 * np.arange(250)
    for name, values in (("mono_e", (energy / 1000).round(4)), ("I0", i0), ("fluo", i0 * mu), ("fast", clock)):
        group(devices, name, "NXdetector")["data"] = values
        measurement[name] = h5py.SoftLink("/2.1/instrument/%s/data" % name)
    devices["mono_e/data"].attrs["units"] = "keV"
    devices["fast/data"].attrs["units"] = "s"
    group(devices, "mca", "NXdetector")["data"] = np.arange(900, dtype="u4").reshape(90, 10)
    group(devices, "machine", "NXsource")["current"] = 198.5
    empty = group(f, "10.1", "NXentry")
    empty["title"] = "ct 1"
    f["11.1"] = h5py.ExternalLink("other.h5", "/1.1")
    return [column("photon_energy", "eV", energy), column("I0", "", i0), column("fluo", "", i0 * mu),
            column("fast", "s", clock)]


def library(f):
    f.attrs["library_version"], f.attrs["created_with"] = "1.0", "tools/generate"
    columns = []
    for i, (label, edge) in enumerate((("Al2O3", 1565.7), ("alucone", 1566.1))):
        energy, mu, _ = spectrum(edge, 30 + i)
        entry = f.create_group("spectra/%06d" % (i + 1))
        entry["x"], entry["y"] = energy, mu
        for key, value in (("label", label), ("element", "Al"), ("edge", "K (1s)"), ("resolution_meV", 40.0)):
            entry.attrs[key] = value
        columns = columns or [column("x", "eV", energy), column("y", "1", mu)]
    return columns


def plain(f):
    """Series, a narrow block, a table of records and a picture, in chunks with filters."""
    energy, mu, i0 = spectrum(seed=23)
    f["scan/energy"], f["scan/mu"] = energy, mu
    f["scan/energy"].attrs["unit"] = "eV"
    f.create_dataset("scan/block", data=np.stack([i0, mu * i0], axis=1), chunks=(32, 2), compression="gzip",
                     shuffle=True, fletcher32=True)
    rows = np.zeros(12, np.dtype([("time", "f8"), ("counts", "u2")]))
    rows["time"], rows["counts"] = 0.1 * np.arange(12), 7 * np.arange(12)
    f["records"] = rows
    f["picture"] = np.arange(400, dtype="u2").reshape(20, 20)
    f["note"], f.attrs["made"] = "made for tests", "2026"
    return [column("energy", "eV", energy), column("mu", "", mu), column("block.1", "", i0),
            column("records.time", "", rows["time"]), column("records.counts", "", rows["counts"])]


def samples(root):
    save(root / "nexus-xas/two_entries.nxs", nexus)
    save(root / "bliss/scans.h5", bliss)
    save(root / "nexafs-library/library.h5", library)
    save(root / "hdf5/series.h5", plain)
