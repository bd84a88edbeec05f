"""Absorption scans as control programs write them: SPEC, EPICS MDA and its text export."""

import struct

import numpy as np

from freestanding_curve import write
from text_samples import column


def edge(energy, position=1565.7, width=0.8):
    """An edge with a white line, step 1."""
    return (0.5 + np.arctan((energy - position) / width) / np.pi
            + 0.9 * np.exp(-(((energy - position - 1.8) / 1.1) ** 2)))


def spec(path, seed=7):
    """An energy scan of 22 columns, a motor scan with spectra, an aborted repeat and an empty scan."""
    random = np.random.default_rng(seed)
    lines = ["#F al_foils.spec", "#E 1768469400", "#D Thu Jan 15 09:30:00 2026", "#C made for tests  User = nobody",
             "#O0 Sample X  Sample Y  Slit Gap  energy", "#o0 sx sy gap energy", ""]
    energy = np.array([float("%.3f" % e) for e in np.concatenate(
        [np.arange(1500, 1555, 2.5), np.arange(1555, 1590, 0.25), np.arange(1590, 1640, 2.0)])])
    n = len(energy)
    i0 = np.round(1e5 * (1 + 0.05 * np.sin((energy - 1500) / 60)))
    yields = np.round(i0 * (0.2 + edge(energy)) + 30 * random.standard_normal(n))
    cells = [["%.3f" % e for e in energy], ["%d" % i for i in i0], ["%d" % y for y in yields],
             ["%d" % (1768469400 + 2 * i) for i in range(n)], ["1"] * n,
             ["%.5g" % (200 - 0.01 * i) for i in range(n)]]
    labels = ["Energy", "I0", "TEY", "Epoch", "Seconds", "Ring Current"]
    for k in range(16):
        labels.append("ROI%d" % (k + 1))
        cells.append(["%.6g" % v for v in yields / (20 + k) + random.standard_normal(n)])
    lines += ["#S 1  escan  energy 1500 1640  187 1", "#D Thu Jan 15 09:31:00 2026", "#T 1  (Seconds)", "#G0 0",
              "#Q 0 0 0", "#P0 1.25 -3 0.05 1500", "#N %d" % len(labels), "#L " + "  ".join(labels)]
    lines += [" ".join(row) for row in zip(*cells)]
    position = np.arange(8) * 0.5 - 2
    detector = np.round(1000 * np.exp(-position ** 2)) + 7
    lines += ["", "#S 2  ascan  sx -2 1.5  7 0.5", "#D Thu Jan 15 09:41:00 2026", "#T 0.5  (Seconds)",
              "#@MCA %8C", "#@CHANN 16 0 15 1", "#@CALIB 0.1 0.02 0", "#N 3", "#L Sample X  Detector  Energy"]
    for i, (x, d) in enumerate(zip(position, detector)):
        counts = ["%d" % (c * c % 23 + i) for c in range(16)]
        lines += ["%g %g 1570" % (x, d), "@A " + " ".join(counts[:8]) + "\\", " " + " ".join(counts[8:])]
    lines += ["", "#S 2  ascan  sx -2 1.5  7 0.5", "#D Thu Jan 15 09:43:00 2026", "#N 3",
              "#L Sample X  Detector  Energy", "-2 25 1570", "-1.5 112 1570", "-1 375 1570",
              "#C Thu Jan 15 09:43:20 2026.  Scan aborted after 3 points.", "",
              "#S 3  escan  energy 1500 1640  187 1", "#D Thu Jan 15 09:50:00 2026", "#N 2",
              "#L Energy  I0", "#C Thu Jan 15 09:50:01 2026.  Scan aborted after 0 points.", ""]
    values = [[float(c) for c in cell] for cell in cells]
    truth = {"synthetic": True, "scans": ["1.1", "2.1", "2.2", "3.1"], "rows": [n, 8, 3, 0],
             "columns": [column(label, "eV" if label == "Energy" else "", v) for label, v in zip(labels, values)]
             + [column("Sample X", "", position), column("Detector", "", detector)]}
    write(path, ("\n".join(lines) + "\n").encode(), truth)


class Record:
    """Bytes as XDR writes them."""

    def __init__(self):
        self.bytes = b""

    def whole(self, *values):
        self.bytes += struct.pack(">%di" % len(values), *values)

    def text(self, text):
        raw = text.encode()
        self.whole(len(raw))
        if raw:
            self.whole(len(raw))
            self.bytes += raw + b"\0" * (-len(raw) % 4)

    def scan(self, rank, points, done, name, positioners, detectors, pointers=()):
        """A scan record; the numbers of points not done are zeros."""
        self.whole(rank, points, done, *pointers)
        self.text(name)
        self.text("Jan 15, 2026 09:30:00.000000")
        self.whole(len(positioners), len(detectors), 1)
        for i, (texts, _) in enumerate(positioners):
            self.whole(i)
            for text in texts:
                self.text(text)
        for i, (texts, _) in enumerate(detectors):
            self.whole(i)
            for text in texts:
                self.text(text)
        self.whole(0)
        self.text("TST:scaler1.CNT")
        self.bytes += struct.pack(">f", 1)
        for kind, columns in (("d", positioners), ("f", detectors)):
            for _, values in columns:
                values = list(values) + [0.0] * (points - len(values))
                self.bytes += struct.pack(">%d%s" % (points, kind), *values)


def extras():
    """Extra process variables of every type."""
    record = Record()
    record.whole(5)
    for name, words, kind, unit, values in [
            ("TST:comment", "comment line", 0, "", "made for tests"), ("TST:current", "ring current", 34, "mA", [200.25]),
            ("TST:number", "", 33, "", [501]), ("TST:gain", "gain", 30, "V", [0.5, 0.25]),
            ("TST:letters", "as bytes", 32, "", [ord(c) for c in "slit"] + [0, 7])]:
        record.text(name)
        record.text(words)
        record.whole(kind)
        if kind == 0:
            record.text(values)
            continue
        record.whole(len(values))
        record.text(unit)
        if kind in (30, 34):
            record.bytes += struct.pack(">%d%s" % (len(values), "f" if kind == 30 else "d"), *values)
        else:
            record.whole(*values)
    return record.bytes


def scan_1d(seed=8):
    random = np.random.default_rng(seed)
    energy = 1555 + 0.5 * np.arange(40)
    single = lambda values: np.asarray(values, dtype=np.float32).astype(float)
    i0 = single(1e5 + 20 * random.standard_normal(40))
    drain = single(1e-11 * (0.3 + edge(energy)))
    return [(("TST:MONO:SP", "Mono setpoint", "TABLE", "eV", "TST:MONO:RBV", "Mono readback", "eV"), energy),
            (("TST:scaler1.TP", "", "TABLE", "", "", "", ""), np.full(40, 0.5))], [
                (("TST:scaler1.S2", "Izero", "cps"), i0), (("TST:AMP:CURR", "Sample Drain", "A"), drain),
                (("TST:scaler1.S7", "", ""), single(np.round(i0 / 50)))]


def mda(path):
    """A finished scan, version 1.3, with extra variables."""
    positioners, detectors = scan_1d()
    head, body = Record(), Record()
    body.scan(1, 40, 40, "TST:scan1", positioners, detectors)
    head.bytes = struct.pack(">f", 1.3)
    head.whole(501, 1, 40, 1, 24 + len(body.bytes))
    truth = {"synthetic": True, "columns": [
        column(texts[0], unit, values) for (texts, values), unit in zip(
            positioners + detectors, ["eV", "", "", "A", ""])]}
    write(path, head.bytes + body.bytes + extras(), truth)


def mda_2d(path):
    """A spectrum at every point, stopped after five of eight points, version 1.4; energies in keV."""
    points, done, channels = 8, 5, 6
    energy = 1.5595 + 0.0005 * np.arange(done)
    counts = np.arange(done * channels).reshape(done, channels) * 3.0 % 17
    positioner = (("TST:DCM:ENERGY", "Energy axis", "LINEAR", "keV", "TST:DCM:ENERGY_RBV", "Energy readback", "keV"), energy)
    detectors = [(("TST:scaler1.S2", "I0", ""), 1000 + np.arange(done))]

    def body(pointers):
        record = Record()
        record.scan(2, points, done, "TST:scan1", [positioner], detectors, pointers)
        return record.bytes

    inner = []
    for i in range(done):
        record = Record()
        record.scan(1, channels, channels, "TST:scanH", [], [(("TST:mca1.VAL", "spectrum", ""), counts[i])])
        inner.append(record.bytes)
    start = 28 + len(body([0] * points))
    pointers = [start + i * len(inner[0]) for i in range(done)] + [0] * (points - done)
    head = Record()
    head.bytes = struct.pack(">f", 1.4)
    head.whole(502, 2, points, channels, 1, start + done * len(inner[0]))
    truth = {"synthetic": True, "points": [points, done], "columns": [
        column("TST:DCM:ENERGY", "eV", [float("%.4f" % (1000 * e)) for e in energy]),
        column("TST:scaler1.S2", "", 1000 + np.arange(done)), column("TST:mca1.VAL", "", counts.ravel())]}
    write(path, head.bytes + body(pointers) + b"".join(inner) + extras(), truth)


def mda_ascii(path):
    """The finished scan as mda2ascii exports it."""
    positioners, detectors = scan_1d()
    lines = ["## mda2ascii 0.3.2 generated output", "", "", "# MDA File Version = 1.3", "# Scan number = 501",
             "# Overall scan dimension = 1-D", "# Total requested scan size = 40", "", "",
             "#  Extra PV: name, descr, values (, unit)", "",
             '# Extra PV 1: TST:comment, comment line, "made for tests"',
             '# Extra PV 2: TST:current, ring current, "200.25", mA', "", "", "# 1-D Scan",
             "# Points completed = 40 of 40", "# Scanner = TST:scan1", "# Scan time = Jan 15, 2026 09:30:00.000000", "",
             "#  Positioner: name, descr, step mode, unit, rdbk name, rdbk descr, rdbk unit",
             "#  Detector: name, descr, unit", "", "# Column Descriptions:", "#    1  [     Index      ]"]
    for i, (texts, _) in enumerate(positioners):
        lines.append("#%5d  [1-D Positioner %d]  %s" % (i + 2, i + 1, ", ".join(texts)))
    for i, (texts, _) in enumerate(detectors):
        lines.append("#%5d  [1-D Detector %3d]  %s" % (i + 4, i + 1, ", ".join(texts)))
    lines += ["", "# 1-D Scan Values"]
    cells = [["%.9g" % v for v in values] for _, values in positioners + detectors]
    lines += ["\t".join(["%d" % (i + 1)] + list(row)) for i, row in enumerate(zip(*cells))]
    truth = {"synthetic": True, "columns": [
        column(texts[0], unit, [float(c) for c in cell]) for (texts, _), cell, unit in zip(
            positioners + detectors, cells, ["eV", "", "", "A", ""])]}
    write(path, ("\n".join(lines) + "\n").encode(), truth)


def bcs(path, seed=9):
    """A scan of one motor as the Beamline Controls System of the ALS writes it, with a silent column."""
    random = np.random.default_rng(seed)
    energy = 1550 + 0.25 * np.arange(90)
    i0 = 2e-9 * (1 + 0.02 * np.sin(energy / 7))
    drain = i0 * (0.4 + edge(energy)) + 4e-12 * random.standard_normal(90)
    lines = ["Date: 01/15/2026", "Start, Stop, Increment", "Energy", "Start: 1550.000000", "Stop: 1572.250000",
             "Increment: 0.250000", "Delay After Move (s): 0.200000", "Count Time (s): 1.000000", "Scan Number: 1",
             "Bi-directional: No", "Stay at End: No", "Decription Length: 23", "made for tests: Al foil", ""]
    labels = ["Time of Day", "Time (s)", "Energy", "Beam Current", "I0 ES", "EY", "Hall Probe 4"]
    clock = ["09:%02d:%02d" % (30 + i * 12 // 600, i * 12 // 10 % 60) for i in range(90)]
    cells = [["%.6f" % (1.2 * i) for i in range(90)], ["%.6f" % e for e in energy],
             ["%.6f" % (500.1 - 0.003 * i) for i in range(90)], ["%.6E" % v for v in i0],
             ["%.6E" % v for v in drain]]
    lines.append("\t".join(labels))
    lines += ["\t".join(row) + "\tNaN" for row in zip(clock, *cells)]
    truth = {"synthetic": True, "columns": [
        column(label, {"Time (s)": "s", "Energy": "eV"}.get(label, ""), [float(c) for c in cell])
        for label, cell in zip(labels[1:], cells)]}
    write(path, ("\r\n".join(lines) + "\r\n").encode(), truth)


def fdmnes(path):
    """A calculated spectrum in the layout of FDMNES."""
    relative = np.round(np.concatenate([np.arange(-12, 20, 0.5), np.arange(20, 60, 2)]), 3)
    lines = ["# FDMNES program, layout made for tests", "#    Date = 15 01 2026",
             "  1559.600   13  1  1     0.00000   -19.30749    -5.01332  1  1    1550.401  0.011948392     0.00000"
             " = E_edge, Z, n_edge, j_edge, Abs_before_edge, VO_interstitial, E_Fermi, ninitl, ninit1, Epsii,"
             " Atom_density, f0_forward", "    Energy    <xanes>    "]
    cells = ["%.7E" % v for v in 0.05 * edge(relative, 6.1) + 1e-4]
    lines += ["%10.3f  %s" % row for row in zip(relative, cells)]
    truth = {"synthetic": True, "edge_eV": 1559.6, "columns": [
        column("relative_energy", "eV", relative), column("<xanes>", "", [float(c) for c in cells]),
        column("photon_energy", "eV", relative + 1559.6)]}
    write(path, ("\n".join(lines) + "\n").encode(), truth)
