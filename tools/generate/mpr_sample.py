"""EC-Lab binary files (.mpr) of made cells, with the truth beside each."""

import math
import struct

import numpy as np

from freestanding_curve import write
from text_samples import column

MAGIC = b"BIO-LOGIC MODULAR FILE\x1a".ljust(48) + bytes(4)


def module(name, title, payload, version, date, new):
    """One module with the head of EC-Lab before (old) or since (new) 11.50."""
    head = b"MODULE" + name.ljust(10).encode() + title.ljust(25).encode()
    if new:
        head += struct.pack("<4I", 0xFFFFFFFF, len(payload), 0, version)
    else:
        head += struct.pack("<2I", len(payload), version)
    return head + date.encode() + payload


def put(target, offset, data):
    target[offset:offset + len(data)] = data


def text(s):
    return bytes([len(s)]) + s.encode("cp1252")


def settings(technique, area, mass, capacity, comment):
    data = bytearray(0x264)
    data[0] = technique
    put(data, 0x07, text(comment))
    put(data, 0x107, struct.pack("<5fH", mass, 0, 100.0, 6.94, 0.5, 1))
    put(data, 0x11E, text("made for tests"))
    put(data, 0x1C0, text("1 M of nothing"))
    put(data, 0x211, struct.pack("<f", area))
    put(data, 0x24C, struct.pack("<f", mass))
    put(data, 0x25C, struct.pack("<fB", capacity, 1))
    return bytes(data)


def log(days, channel):
    data = bytearray(0x3E0)
    data[9] = channel - 1
    put(data, 0xAB, struct.pack("<H", 1234))
    put(data, 0x1F8, struct.pack("<2f", -5, 5))
    put(data, 0x249, struct.pack("<d", days))
    put(data, 0x251, text("made.mpr"))
    put(data, 0x351, text("127.0.0.1"))
    put(data, 0x3B7, text("11.50"))
    return bytes(data)


def data_module(ids, rows, version, new):
    """Head and records; `rows` are the packed records."""
    if new:
        head = struct.pack("<IH", len(rows), len(ids)) + struct.pack("<%dH" % len(ids), *ids)
        head = head.ljust(1007, b"\0")
    elif version == 0:
        head = (struct.pack("<IB", len(rows), len(ids)) + bytes(ids)).ljust(100, b"\0")
    else:
        head = struct.pack("<IB", len(rows), len(ids)) + struct.pack("<%dH" % len(ids), *ids)
        head = head.ljust(403 + version, b"\0")
    return head + b"".join(rows)


def truth(columns, rows, **more):
    return {"synthetic": True, "rows": rows,
            "columns": [column(name, unit, values) for name, unit, values in columns], **more}


def symmetric_cell(path, version=3, half=60.0, step=4.0, cycles=2, current=-0.25, level=0.04, seed=41):
    """A symmetric cell under constant current as a GCPL: charges, no current column."""
    new = version == 11
    random = np.random.default_rng(seed)
    ids = [1, 2, 3, 21, 31, 65, 131, 4, 7, 13, 5, 6, 211 if version == 2 else 467,
           212 if version == 2 else 468, 39]
    if version == 0:
        ids = [1, 2, 3, 21, 31, 65, 131, 4, 7, 13, 5, 6, 211, 212, 39]
    records, table = [], {key: [] for key in
                          ["time/s", "(Q-Qo)/mA.h", "Ewe/V", "<I>/mA", "cycle number",
                           "Q charge/mA.h", "Q discharge/mA.h", "ox/red"]}
    t, total, last = 10.0, 0.0, None
    for k in range(2 * cycles):
        sign = 1 if k % 2 else -1
        q = 0.0
        for i in range(int(half / step)):
            dt = 0.0 if last is None else t - last
            dq = 0.0 if last is None else sign * abs(current) * dt / 3600
            q, total = q + dq, total + dq
            ewe = np.float32(sign * level * (1 + 0.2 * math.exp(-i / 3))
                             + 1e-4 * random.standard_normal())
            control = np.float32(sign * abs(current))
            flags = 1 | (4 if sign > 0 else 0) | (32 if i == 0 and k else 0)
            records.append(struct.pack("<BHdddffdIH", flags, k % 2, t, dq, total, control, ewe, q,
                                       k, 41))
            row = {"time/s": t, "(Q-Qo)/mA.h": total, "Ewe/V": float(ewe),
                   "<I>/mA": 3600 * dq / dt if dt else 0.0, "cycle number": k // 2,
                   "Q charge/mA.h": max(q, 0), "Q discharge/mA.h": max(-q, 0),
                   "ox/red": 1 if sign > 0 else 0}
            for key, value in row.items():
                table[key].append(value)
            last, t = t, t + step
    date = "01/15/26"
    raw = MAGIC + module("VMP Set", "VMP settings", settings(4, 0.785, 12.5, 2.5, "made cell"),
                         10 if new else 0, date, new)
    raw += module("VMP data", "VMP data", data_module(ids, records, version, new), version, date, new)
    raw += module("VMP LOG", "VMP LOG", log(46037.375, 3), 10 if new else 0, date, new)
    names = {"time/s": ("test_time", "s", 1), "(Q-Qo)/mA.h": ("net_capacity", "A.h", 1e-3),
             "Ewe/V": ("voltage", "V", 1), "<I>/mA": ("current", "A", 1e-3),
             "cycle number": ("cycle_count", "1", 1),
             "Q charge/mA.h": ("step_charging_capacity", "A.h", 1e-3),
             "Q discharge/mA.h": ("step_discharging_capacity", "A.h", 1e-3), "ox/red": ("ox_red", "1", 1)}
    write(path, raw, truth([(names[key][0], names[key][1], [v * names[key][2] for v in values])
                            for key, values in table.items()], len(records),
                           area_cm2=0.785, started="01/15/2026 09:00:00.000"))


def spectrum(path, series=5.0, parallel=120.0, capacitance=2e-6, points=25):
    """A resistor in series with a resistor beside a capacitor, as a PEIS."""
    frequency = np.logspace(5, 0, points).astype("f4")
    z = series + parallel / (1 + 2j * np.pi * frequency * parallel * capacitance)
    ids = [32, 37, 38, 36, 35, 4, 77, 76, 24, 39]
    records, time = [], 0.0
    for f, value in zip(frequency, z):
        time += 2 / float(f) + 0.1
        records.append(struct.pack("<fffffdffdH", f, value.real, -value.imag, abs(value),
                                   math.degrees(np.angle(value)), time, 0.5, 1e-3, 1.0, 37))
    date = "01/15/26"
    raw = MAGIC + module("VMP Set", "VMP settings", settings(0x1D, 0, 0.001, 0, "made circuit"), 10,
                         date, True)
    raw += module("VMP data", "VMP data", data_module(ids, records, 11, True), 11, date, True)
    raw += module("VMP LOG", "VMP LOG", log(46037.5, 1), 10, date, True)
    single = z.astype("c8")
    write(path, raw, truth([("frequency", "Hz", frequency), ("impedance_real", "Ohm", single.real),
                            ("impedance_imaginary", "Ohm", single.imag)], points))


def mpr(folder):
    symmetric_cell(folder / "gcpl_v3.mpr")
    symmetric_cell(folder / "gcpl_v2.mpr", version=2, seed=42)
    symmetric_cell(folder / "gcpl_v0.mpr", version=0, seed=43)
    symmetric_cell(folder / "gcpl_11.50.mpr", version=11, seed=44)
    spectrum(folder / "peis_11.50.mpr")
