"""Writes Igor binary waves, versions 2 and 5, little or big endian (WaveMetrics technical note 3)."""

import struct

import numpy as np

TYPES = {"f4": 2, "f8": 4, "i1": 8, "i2": 0x10, "i4": 0x20, "u1": 0x48, "u2": 0x50, "u4": 0x60,
         "c8": 3, "c16": 5}


def _field(text, size):
    """Text in a field of fixed width, with a NUL at its end."""
    raw = text.encode("cp1252")[: size - 1] if size > 4 else text.encode("cp1252")[:size]
    return raw + b"\0" * (size - len(raw))


def _checksum(header, order, at):
    """The header with the word at `at` set so that all its 16-bit words sum to 0."""
    words = struct.unpack(order + "%dH" % (len(header) // 2), header)
    return header[:at] + struct.pack(order + "H", -sum(words) & 0xFFFF) + header[at + 2 :]


def _label(text, stale):
    """A 32-byte label: after the NUL stands what the field held before, as Asylum leaves it."""
    raw = text.encode("cp1252")[:31] + b"\0"
    return raw + (b"\0" * len(raw) + stale.encode("cp1252")).ljust(32, b"\0")[len(raw) : 32]


def version5(data, name, note="", labels=None, steps=(1.0,), units="", dimension_units=(),
             order="<", created=0, stale="", trailing=b""):
    """A version 5 wave; `data` has up to 4 dimensions, `labels` name the last one's elements."""
    data = np.asarray(data)
    kind = "%s%d" % (data.dtype.kind, data.dtype.itemsize)
    raw = data.astype(data.dtype.newbyteorder(order)).tobytes(order="F")
    note_raw = note.encode("cp1252")
    label_raw = b""
    label_sizes = [0, 0, 0, 0]
    if labels:
        label_raw = b"".join(_label(text, stale) for text in [""] + list(labels))
        label_sizes[data.ndim - 1] = len(label_raw)
    shape = list(data.shape) + [0] * (4 - data.ndim)
    scale = list(steps) + [1.0] * (4 - len(steps))
    wave = struct.pack(order + "III i h h 6x h", 0, created, created, data.size, TYPES[kind], 0, 0)
    wave += _field(name, 32) + struct.pack(order + "II", 0, 0)
    wave += struct.pack(order + "4i 4d 4d", *shape, *scale, 0, 0, 0, 0)
    wave += _field(units, 4)
    wave += b"".join(_field(u, 4) for u in (list(dimension_units) + [""] * 4)[:4])
    wave = wave.ljust(320, b"\0")
    head = struct.pack(order + "hH i i i i 4i 4i i ii", 5, 0, 320 + len(raw), 0, len(note_raw), 0,
                       0, 0, 0, 0, *label_sizes, 0, 0, 0)
    return _checksum(head + wave, order, 2) + raw + note_raw + label_raw + trailing


def version5_text(texts, name, order="<", created=0):
    """A version 5 text wave of one dimension."""
    raw = [text.encode("cp1252") for text in texts]
    ends = np.cumsum([len(r) for r in raw])
    body = b"".join(raw)
    wave = struct.pack(order + "III i h h 6x h", 0, created, created, len(raw), 0, 0, 0)
    wave += _field(name, 32) + struct.pack(order + "II 4i 4d", 0, 0, len(raw), 0, 0, 0, 1, 1, 1, 1)
    wave = wave.ljust(320, b"\0")
    head = struct.pack(order + "hH i i i i 4i 4i i ii", 5, 0, 320 + len(body), 0, 0, 0,
                       0, 0, 0, 0, 0, 0, 0, 0, 4 * len(raw), 0, 0)
    index = struct.pack(order + "%di" % len(raw), *ends)
    return _checksum(head + wave, order, 2) + body + index


def version2(data, name, note="", step=1.0, units="", x_units="", order="<", created=0):
    """A version 2 wave of one dimension."""
    data = np.asarray(data)
    kind = "%s%d" % (data.dtype.kind, data.dtype.itemsize)
    raw = data.astype(data.dtype.newbyteorder(order)).tobytes()
    note_raw = note.encode("cp1252")
    wave = struct.pack(order + "h I", TYPES[kind], 0) + _field(name, 20)
    wave += struct.pack(order + "h h I", 0, 0, 0) + _field(units, 4) + _field(x_units, 4)
    wave += struct.pack(order + "i h d d", data.size, 0, step, 0.0)
    wave = wave.ljust(96, b"\0") + struct.pack(order + "I 2x I I", created, created, 0)
    head = struct.pack(order + "h i i i h", 2, 110 + len(raw) + 16, len(note_raw), 0, 0)
    return _checksum(head + wave, order, 14) + raw + b"\0" * 16 + note_raw
