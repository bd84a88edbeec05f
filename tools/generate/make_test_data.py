"""Writes all generated samples: python3 make_test_data.py [TestData folder]

The same numbers come out every time. Needs Python 3.9 or later, numpy and h5py.
"""

import json
import os
import pathlib
import sys

# One thread, so that sums have one order.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import hdf5_samples
import hdf5_variants
import igor_wave
import jet_sample
import jpk_sample
from ardf import force_map
import absorption_scans
from athena_sample import athena
from beamline_text import beamline_texts
from cycler_text import cycler_texts
from force_text import force_texts
import nanoscope_sample
import nanosurf_sample
from freestanding_curve import Setup, make, write
from idf_sample import idf
from igor_packed import packed
from ion_beam_sets import ion_beam_sets
from mpr_sample import mpr as mpr_files
from igor_text import itx
from potentiostat_text import potentiostat_texts
from sims_text import sims
from simulation_samples import simulation
from workbook_sample import workbooks
from land_sample import land
from neware_sample import neware
from station_scans import station_scans
from spectrum_samples import spectra
from text_samples import delimited, mpt, xdi
from xnra_sample import xnra

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "TestData")


class Graphene(Setup):
    hole_radius = 500e-9
    tip_radius = 16.5e-9
    poisson_ratio = 0.165
    substrate_e2d = 342.0
    spring_constant = 3.0
    invols = 40e-9


def curves(folder):
    """Single curves for the tests of the reader and of the analysis."""
    cases = {
        "elastic_10nm": dict(modulus=61e9, thickness=10e-9, pretension=0.6, max_force=300e-9),
        "order_4nm": dict(modulus=60e9, thickness=4e-9, pretension=0.35, max_force=120e-9,
                          labels=("ZSnsr", "Defl", "Raw")),
        "slip_10nm": dict(modulus=61e9, thickness=10e-9, pretension=0.6, max_force=300e-9,
                          hysteresis=0.14),
        "failure_20nm": dict(modulus=60e9, thickness=20e-9, pretension=1.1, max_force=900e-9,
                             fails=True),
    }
    for i, (name, case) in enumerate(cases.items()):
        raw, truth = make(Setup(), 100 + i, "film", name, points=1200, **case)
        write(folder / (name + ".ibw"), raw, truth)
    raw, truth = make(Graphene(), 110, "graphene", "graphene", 0.0, 0.0, 0.34, 900e-9, points=1200,
                      fails=True)
    write(folder / "graphene_1um.ibw", raw, truth)


def image(folder):
    """A small image of three layers."""
    y, x = np.mgrid[0:12, 0:16]
    layers = np.stack([1e-9 * np.sin(x / 3) * np.cos(y / 2), 2e-9 + 1e-10 * x, 90 + 0.5 * y], axis=2)
    data = np.transpose(layers, (1, 0, 2)).astype(np.float32)
    labels = ["HeightRetrace", "AmplitudeRetrace", "PhaseRetrace"]
    note = "ScanSize: 2e-06\rImagingMode: AC Mode\rInvOLS: 3.7919e-08\rSpringConstant: 0.46538\r"
    raw = igor_wave.version5(
        data, "Image0000", note, labels, steps=(2e-6 / 15, 2e-6 / 15), units="m",
        dimension_units=("m", "m"), created=3_850_000_000, stale="Retrace", trailing=b" 0313 MFP3D")
    flat = data.reshape(-1, 3, order="F").astype(float)
    write(folder / "image_16x12.ibw", raw, {
        "synthetic": True, "version": 5, "note_keys": 4, "trailing_bytes": 11, "shape": [16, 12, 3],
        "layers": [
            {"label": label, "n": 192, "first": flat[0, i], "last": flat[-1, i],
             "min": flat[:, i].min(), "max": flat[:, i].max(), "mean": flat[:, i].mean()}
            for i, label in enumerate(labels)]})


def plain_waves(folder):
    """Waves of other types, versions and byte orders."""
    ramp = np.arange(24)
    waves = {
        "version2_float32": igor_wave.version2(
            (ramp / 4).astype("f4"), "ramp", "made for tests", step=0.5, units="V", x_units="s"),
        "version2_big_endian": igor_wave.version2((ramp / 4).astype("f8"), "ramp", order=">"),
        "version5_int16": igor_wave.version5((ramp - 12).astype("i2"), "whole"),
        "version5_uint8_big_endian": igor_wave.version5(
            ramp.astype("u1").reshape(8, 3, order="F"), "counts", labels=["a", "b", "c"], order=">"),
        "version5_complex": igor_wave.version5((ramp + 1j * (24 - ramp)).astype("c16"), "turn"),
        "version5_cube": igor_wave.version5(ramp.astype("i4").reshape(2, 3, 4, order="F"), "cube"),
        "version5_text": igor_wave.version5_text(["first", "", "third \u00b5m"], "words"),
    }
    for name, raw in waves.items():
        truth = {"synthetic": True, "version": 2 if "version2" in name else 5, "points": 24}
        if name == "version5_text":
            truth.update(points=3, text=["first", "", "third \u00b5m"])
        elif name == "version5_complex":
            truth.update(real=list(map(float, ramp)), imaginary=list(map(float, 24 - ramp)))
        else:
            scale = 0.25 if "version2" in name else 1
            shift = -12 if name == "version5_int16" else 0
            truth["data"] = [float(v * scale + shift) for v in ramp]
        write(folder / (name + ".ibw"), raw, truth)


def nanoscope(folder):
    """A ramp with a hold, a force volume of 32 bits, and an image of an older version."""
    nanoscope_sample.ramp(folder / "ramp_with_hold.spm")
    nanoscope_sample.volume(folder / "volume_3x3.spm")
    nanoscope_sample.image(folder / "image_12x8.000")


def text_samples(root):
    xdi(root / "xas/xdi/al_k_edge.xdi", "(1ALD-1MLD)25")
    athena(root / "xas/athena/three_groups.prj")
    absorption_scans.spec(root / "xas/spec/al_foils.spec")
    absorption_scans.mda(root / "xas/mda/energy_scan.mda")
    absorption_scans.mda_2d(root / "xas/mda/spectrum_at_every_point.mda")
    absorption_scans.mda_ascii(root / "xas/mda-ascii/energy_scan.asc")
    absorption_scans.bcs(root / "xas/als-bcs/SigScan12345.txt")
    absorption_scans.fdmnes(root / "xas/fdmnes/al_metal.txt")
    hdf5_variants.variants(root / "hdf5")
    hdf5_samples.samples(root / "xas")
    mpt(root / "cycling/biologic-mpt/symmetric_cell.mpt", "Na@(1ALD-1MLD)25", 3, cycles=3)
    xnra(root / "rbs/xnra/al_on_carbon.xnra", "(1ALD-1MLD)25", 2)
    idf(root / "rbs/idf/oxide_on_silicon.xml", 3)
    ion_beam_sets(root / "rbs")
    spectra(root / "rbs")
    delimited(root / "afm/delimited/reduced_comma.csv")
    delimited(root / "afm/delimited/reduced_decimal_comma.csv", delimiter=";", decimal=",")
    delimited(root / "afm/delimited/reduced_tab.txt", delimiter="\t")


FILMS = [
    # sample, thickness, mean modulus, mean pretension, greatest elastic force, mean fracture force
    ("(1ALD-1MLD)10", 4e-9, 60e9, 0.35, 120e-9, 165e-9),
    ("(1ALD-1MLD)25", 10e-9, 61e9, 0.60, 300e-9, 440e-9),
    ("(1ALD-1MLD)50", 20e-9, 60e9, 1.10, 600e-9, 880e-9),
]

STUDY = """\
# The demonstration study: made curves of known films, so that the answer can be checked
# (truth.json). Made by tools/generate/make_test_data.py.
study: 1
title: Demonstration of hybrid films on graphene
growth_per_pair: 0.4 nm
samples:
  "(1ALD-1MLD)10": {thickness: 4 ± 0.1 nm, metal: Na}
  "(1ALD-1MLD)25": {thickness: 10 ± 0.2 nm, metal: Na}
  "(1ALD-1MLD)50": {thickness: 20 ± 0.4 nm, metal: Na}
afm: {hole_radius: 1.35 um, tip_radius: 50 nm, poisson_ratio: 0.2, substrate_e2d: 340 ± 30 N/m, elastic_limit: none}
cycling: {area: 0.785 cm2, cell: symmetric}
rbs: {density: 2.4 ± 0.3 g/cm3}
"""


def demo(folder, curves_per_film=12, failing=3):
    """Three films, 5 % scatter of the modulus between specimens, the last curves loaded to failure."""
    truth = {"synthetic": True, "modulus_scatter": 0.05, "pretension_scatter": 0.1,
             "weibull_shape_of_fracture_force": 12, "samples": {}}
    for i, (sample, thickness, modulus, pretension, elastic, fracture) in enumerate(FILMS):
        random = np.random.default_rng(1000 + i)
        specimens = []
        for n in range(curves_per_film):
            E = float(modulus * (1 + 0.05 * random.standard_normal()))
            tension = float(pretension * (1 + 0.1 * random.standard_normal()))
            fails = n >= curves_per_film - failing
            top = float(fracture * random.weibull(12)) if fails else elastic
            name = "curve_%02d" % (n + 1)
            raw, one = make(Setup(), 2000 + 100 * i + n, sample, name, E, thickness, tension, top,
                            points=1000, fails=fails)
            path = folder / "afm" / sample / (name + ".ibw")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
            keys = ["modulus_GPa", "e2d_N_per_m", "pretension_N_per_m", "contact_position_nm",
                    "failure", "fracture_force_nN", "fracture_deflection_nm", "toughness_fJ"]
            specimens.append({"file": "afm/%s/%s.ibw" % (sample, name)}
                             | {key: one[key] for key in keys if key in one})
        moduli = [s["modulus_GPa"] for s in specimens]
        truth["samples"][sample] = {
            "thickness_nm": thickness * 1e9, "true_mean_modulus_GPa": modulus * 1e-9,
            "mean_modulus_GPa": float(np.mean(moduli)), "sd_modulus_GPa": float(np.std(moduli, ddof=1)),
            "true_mean_pretension_N_per_m": pretension, "specimens": specimens}
    xdi(folder / "xas/(1ALD-1MLD)25.xdi", "(1ALD-1MLD)25", seed=31)
    xnra(folder / "rbs/(1ALD-1MLD)25.xnra", "(1ALD-1MLD)25", 32)
    mpt(folder / "cycling/(1ALD-1MLD)25.mpt", "(1ALD-1MLD)25", 33, current=0.3925, cycles=10)
    for extra in folder.glob("*/*.truth.json"):
        truth[extra.name.removesuffix(".truth.json")] = json.loads(extra.read_text(encoding="utf-8"))
        extra.unlink()
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    (folder / "truth.json").write_text(
        json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


curves(ROOT / "afm/asylum-ibw")
image(ROOT / "afm/asylum-ibw")
plain_waves(ROOT / "afm/igor-ibw")
force_map(ROOT / "afm/ardf/map_2x2.ardf")
itx(ROOT / "afm/igor-itx/waves.itx")
packed(ROOT / "afm/igor-packed/experiment.pxp")
jpk_sample.single(ROOT / "afm/jpk/curve_with_pause.jpk-force")
jpk_sample.force_map(ROOT / "afm/jpk/map_2x2.jpk-force-map")
jpk_sample.text_export(ROOT / "afm/jpk-text/two_curves.txt")
nanoscope(ROOT / "afm/nanoscope")
nanoscope_sample.text(ROOT / "afm/nanoscope-text/export.txt")
nanosurf_sample.nid(ROOT / "afm/nanosurf-nid/map_and_scan.nid")
text_samples(ROOT)
station_scans(ROOT / "xas")
mpr_files(ROOT / "cycling/biologic-mpr")
workbooks(ROOT / "cycling")
jet_sample.res(ROOT / "cycling/arbin-res/two_tests.res")
potentiostat_texts(ROOT / "cycling")
force_texts(ROOT / "afm")
beamline_texts(ROOT / "xas")
cycler_texts(ROOT / "cycling")
simulation(ROOT / "simulation")
neware(ROOT / "cycling")
land(ROOT / "cycling")
sims(ROOT / "sims")
demo(ROOT / "demo")
