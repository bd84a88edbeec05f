"""Asylum force maps (ARDF): blocks with CRC-32, tables of contents, curves and images."""

import struct
import zlib

import numpy as np

from freestanding_curve import _statistics, write


def block(name, content=b"", flags=0):
    """A block: checksum, size, name, flags, content."""
    body = struct.pack("<I4sI", 16 + len(content), name.encode("ascii"), flags) + content
    return struct.pack("<I", zlib.crc32(body)) + body


def table(name, stride, entries, places):
    """A table of contents with room for `places` entries; blank ones are zeros."""
    head = block(name, struct.pack("<QII", 32 + places * stride, places, stride))
    return head + b"".join(entries).ljust(places * stride, b"\0")


def text(content, number=0):
    raw = content.encode("cp1252")
    return block("TEXT", struct.pack("<II", number, len(raw)) + raw + b"\0" * (-len(raw) % 8 + 8))


def _field(content):
    return content.encode("cp1252").ljust(32, b"\0")


def volume(at, points, lines, channels, line_starts, count, t_step, segments, note=""):
    """The definition of a volume at byte `at`; its length does not depend on `line_starts`."""
    head = table("VOLM", 24, [block("NSET", struct.pack("<Q", count))], 4)
    texts = b""
    entries = []
    rest = block("VDEF", struct.pack("<II24x3d", points, lines, 1e-6, 1e-6, t_step) + _field("m")
                 + _field("m") + _field("s") + _field("".join(s + ";" for s in segments))
                 + struct.pack("<Q", len(segments)))
    for label, unit in channels:
        rest += block("VCHN", _field(label) + _field(unit))
    experiment = "Tip," + ",".join(segments) + ";"
    rest += block("XDEF", struct.pack("<II", 0, len(experiment)) + experiment.encode().ljust(72, b"\0"))
    offsets = [block("VOFF", struct.pack("<IIQQ", points * i, i, 0, start))
               for i, start in enumerate(line_starts)]
    rest += table("VTOC", 40, offsets, lines) + block("MLOV")
    size = len(head) + len(table("TTOC", 32, [], 2)) + len(rest)
    if note:
        texts = text(note)
        entries = [block("TOFF", struct.pack("<QQ", 0, at + size))]
    return head + table("TTOC", 32, entries, 2) + rest + texts


def curve(at, number, line, point, data, starts, previous, last):
    """A curve at byte `at`: VSET, VNAM, one VDAT a channel, XDAT."""
    n = data.shape[0]
    name = ("Line%04dPoint%04d" % (line, point)).encode()
    rest = block("VNAM", struct.pack("<4I", number, line, point, len(name)) + name.ljust(24, b"\0"))
    offsets = (list(starts) + [n - 1] + [0] * 5)[:4] + [1 - n]
    for channel in range(data.shape[1]):
        rest += block("VDAT", struct.pack("<5I5i", number, line, point, n, channel, *offsets)
                      + data[:, channel].astype("<f4").tobytes())
    rest += block("XDAT")
    following = 0 if last else at + 48 + len(rest)
    return block("VSET", struct.pack("<4I2Q", number, line, point, 2, previous, following)) + rest


def image(at, label, unit, pixels):
    """An image at byte `at` with a thumbnail that is not there."""
    lines, points = pixels.shape
    definition = block("IDEF", struct.pack("<IIQQ2d", points, lines, 0, 0, 1e-6, 1e-6)
                       + _field("m") + _field("m") + _field(label) + _field(unit))
    rows = [block("IDAT", row.astype("<f4").tobytes()) for row in pixels]
    body = definition + table("IBOX", 16 + 4 * points, rows, lines) + block("GAMI")
    head = table("IMAG", 24, [block("THMB", struct.pack("<Q", 0))], 2)
    note = text("Layer: %s\r" % label)
    where = at + len(head) + len(table("TTOC", 32, [], 2)) + len(body)
    return head + table("TTOC", 32, [block("TOFF", struct.pack("<QQ", 0, where))], 2) + body + note


NOTE = {
    "VerDate": "160193", "Version": "16.05.193", "ImagingMode": "Contact", "InvOLS": "5.5e-08",
    "SpringConstant": "2.5", "Springconstant2": "1", "TriggerChannel": "Force",
    "TriggerPoint": "2e-08", "NumPtsPerSec": "500", "Comment": "made map, 25 \u00b0C",
}


def force_map(path, points=2, lines=2):
    """A map of `lines` × `points` curves with dwell (not in the last one) and two images."""
    random = np.random.default_rng(7)
    labels = ["Raw", "Defl", "ZSnsr"]
    main = text("".join("%s:%s\r" % item for item in NOTE.items()))
    contents = len(table("FTOC", 24, [], 6))
    at = 16 + contents + len(table("TTOC", 32, [], 4)) + len(main)
    images, places = [], []
    grid = np.arange(lines * points, dtype="f4").reshape(lines, points)
    layers = [("HeightRetrace", "m", 1e-9 * grid), ("PhaseRetrace", "deg", 90 + grid)]
    for label, unit, pixels in layers:
        places.append(("IMAG", at))
        images.append(image(at, label, unit, pixels))
        at += len(images[-1])
    places.append(("VOLM", at))
    note = "VolumeComment: second try\r"
    plan = (points, lines, [(label, "m") for label in labels])
    size = len(volume(at, *plan, [0] * lines, 0, 0.002, ["Ext", "Dwell", "Ret"], note))
    start, previous, raws, starts, known = at + size, 0, [], [], []
    for number in range(points * lines):
        line, point = divmod(number, points)
        n = 30 + 4 * number
        dwell = 0 if number == points * lines - 1 else 6
        up = np.linspace(0, 1e-6, n)
        z = np.concatenate([up, np.full(dwell, 1e-6), up[::-1]])
        defl = np.maximum(0, z - 6e-7) * 0.3 + 1e-10 * random.standard_normal(len(z))
        data = np.stack([z, defl, z + 1e-11 * random.standard_normal(len(z))], axis=1).astype("f4")
        if point == 0:
            starts.append(start)
        ends = [0, n if dwell else 0, n + dwell]
        raws.append(curve(start, number, line, point, data, ends, previous,
                          number == points * lines - 1))
        previous, start = start, start + len(raws[-1])
        parts = [("approach", 0, n)] + [("dwell", n, n + dwell)] * (dwell > 0)
        parts.append(("retract", n + dwell, len(z)))
        known.append({"line": line, "point": point, "segments": [
            {"kind": kind, "start": a, "stop": b,
             "layers": [_statistics(label, data[a:b, i]) for i, label in enumerate(labels)]}
            for kind, a, b in parts]})
    definition = volume(at, *plan, starts, points * lines, 0.002, ["Ext", "Dwell", "Ret"], note)
    assert len(definition) == size
    raw = block("ARDF", flags=1)
    raw += table("FTOC", 24, [block(name, struct.pack("<Q", where)) for name, where in places], 6)
    here = len(raw) + len(table("TTOC", 32, [], 4))
    raw += table("TTOC", 32, [block("TOFF", struct.pack("<QQ", 0, here))], 4) + main
    raw += b"".join(images) + definition + b"".join(raws)
    write(path, raw, {
        "synthetic": True, "note_keys": len(NOTE), "spring_constant_N_per_m": 2.5,
        "invols_m_per_V": 5.5e-8, "trigger_force_N": 2e-8, "t_step_s": 0.002, "curves": known,
        "columns": [dict(_statistics(label, pixels.reshape(-1)), name=label, unit=unit)
                    for label, unit, pixels in layers],
    })
