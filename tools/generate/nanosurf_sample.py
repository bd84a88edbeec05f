"""Writes a Nanosurf .nid file: two force curves, one that stopped early, and a small scan."""

import numpy as np

from freestanding_curve import write
from text_samples import column

SPRING = 2.5
POINTS = 50
STOPPED = 40


def _stored(values, least, extent, kind="<i4"):
    bits = 8 * np.dtype(kind).itemsize
    raw = np.round((np.asarray(values) - least) / extent * 2.0**bits - 2.0 ** (bits - 1))
    return raw.astype(kind)


def _read(raw, least, extent):
    bits = 8 * raw.dtype.itemsize
    return (raw.astype(float) / 2.0**bits + 0.5) * extent + least


def _block(name, frame, points, lines, signal, unit, least, extent, axes, line_axes=(), bits=32):
    rows = ["[%s]" % name, "Version=%d" % (3 if line_axes else 2), "Points=%d" % points,
            "Lines=%d" % lines, "Frame=%s" % frame] + axes
    rows += ["Dim2Name=%s" % signal, "Dim2Unit=%s" % unit, "Dim2Range=%s" % repr(extent),
             "Dim2Min=%s" % repr(least)]
    for i, (n, low, span) in enumerate(line_axes):
        rows += ["LineDim%dRange=%s" % (i, repr(span)), "LineDim%dMin=%s" % (i, repr(low)),
                 "LineDim%dPoints=%d" % (i, n)]
    return rows + ["SaveMode=Binary", "SaveBits=%d" % bits, "SaveSign=Signed", "SaveOrder=Intel", ""]


def nid(path, seed=51):
    random = np.random.default_rng(seed)
    force_range, z_range = (-2e-6, 4e-6), (-1.4e-5, 2.8e-5)
    counts = [POINTS, STOPPED]

    def series(n, reach):
        x = np.arange(n) / (POINTS - 1.0)
        load = 2e-7 * np.clip((x - 0.5 * reach) / 0.5, 0, None) + 1e-9 * random.standard_normal(n)
        padded = np.zeros(POINTS)
        padded[:n] = load
        height = np.zeros(POINTS)
        height[:n] = -2e-6 + 1e-6 * x
        return padded, height

    forward = [series(n, 1.0) for n in counts]
    # The backward curves are stored along the axis: from far to near, against time.
    backward = [series(POINTS, 0.9) for _ in counts]
    signals = [("Deflection", "N", force_range, 0), ("Z-Axis Sensor", "m", z_range, 7)]
    axes = ["Dim0Name=Z-Axis", "Dim0Unit=m", "Dim0Range=1e-06", "Dim0Min=1.5e-06",
            "Dim1Name=SpecPoint", "Dim1Range=1", "Dim1Min=1"]
    head = ["[DataSet]", "Version=2", "GroupCount=4", "Gr0-Name=Spec forward", "Gr0-Count=8",
            "Gr1-Name=Spec backward", "Gr1-Count=8", "Gr2-Name=Scan forward", "Gr2-Count=8",
            "Gr3-Name=Scan backward", "Gr3-Count=8"]
    head += ["Gr%d-Ch%d=DataSet-%d:%d" % (g, s[3], g, s[3]) for g in (0, 1) for s in signals]
    head += ["Gr2-Ch1=DataSet-2:1", "Gr3-Ch1=DataSet-3:1", "",
             "[DataSet-Info]", "-- Spec --=--------", "Operator=made for tests, 5 \u00b5m", "",
             "[DataSet\\Calibration\\Scanhead]", "In0=0,Channel0,Deflection,N,2e-06,0",
             "In5=5,TipSignalDC,Deflection,m,8e-07,0", "In15=16,TipSignalDC1,Deflection,V,10,0", "",
             "[DataSet\\Calibration\\Cantilever]", "Name=made", "Prop0=D[%g]*[N/m]" % SPRING, "",
             "[DataSet\\Parameters\\Spectroscopy]", "FwModTime=D[0.5]*[s]", "BwModTime=D[1]*[s]",
             "FwModDatapoints=L[%d]*[]" % POINTS, "BwModDatapoints=L[%d]*[]" % POINTS,
             "FwModMode=L[1]*[]", "FwModStopValue=D[2e-07]*[N]", ""]
    body, first = b"", {}
    for g, (frame, curves) in enumerate([("Spec forward", forward), ("Spec backward", backward)]):
        lines = [(n if g == 0 else POINTS, 1.5e-6, 1e-6 * (n - 1) / (POINTS - 1)) for n in counts]
        for k, (signal, unit, (least, extent), number) in enumerate(signals):
            head += _block("DataSet-%d:%d" % (g, number), frame, POINTS, 2, signal, unit, least, extent,
                           axes, lines)
            raw = [_stored(curve[k], least, extent) for curve in curves]
            body += b"".join(r.tobytes() for r in raw)
            first[g, k] = _read(raw[0], least, extent)
    x, y = np.meshgrid(np.arange(6), np.arange(4))
    for g, frame in ((2, "Scan forward"), (3, "Scan backward")):
        scan_axes = ["Dim0Name=X*", "Dim0Unit=m", "Dim0Range=5e-06", "Dim0Min=0", "Dim1Name=Y*",
                     "Dim1Unit=m", "Dim1Range=3e-06", "Dim1Min=0"] if g == 2 else []
        head += _block("DataSet-%d:1" % g, frame, 6, 4, "Z-Axis", "m", -7e-6, 1.4e-5, scan_axes, bits=16)
        raw = _stored(1e-8 * x - 2e-8 * y + 1e-9 * g, -7e-6, 1.4e-5, "<i2")
        body += raw.tobytes()
        if g == 2:
            height = _read(raw.ravel(), -7e-6, 1.4e-5)
    truth = {"synthetic": True, "curves": 2, "points": counts, "spring_constant": SPRING,
             "invols": 8e-8, "trigger_N": 2e-7,
             "columns": [column("force", "N", first[0, 0]), column("sensor_position", "m", first[0, 1]),
                         column("piezo_position", "m", 1.5e-6 + 1e-6 * np.arange(POINTS) / (POINTS - 1.0)),
                         column("time", "s", np.arange(POINTS) * 0.01),
                         column("height", "m", height)]}
    write(path, ("\r\n".join(head) + "\r\n\r\n#!").encode("utf-8") + body, truth)
