"""An Igor packed experiment: records of waves, variables, folders and texts (PTN003)."""

import struct

import numpy as np

import igor_wave
from freestanding_curve import Setup, _statistics, make, write


def record(kind, data, order="<", version=0):
    """One record: type, version, size, content."""
    return struct.pack(order + "HhI", kind, version, len(data)) + data


def _name(text):
    raw = text.encode("cp1252")
    return raw + b"\0" * (32 - len(raw))


def variables(numbers=(), texts=(), system=(), order="<", version=1):
    """Variables of one folder; version 2 has longer counts of strings."""
    head = struct.pack(order + "hhhh", version, len(system), len(numbers), len(texts))
    if version == 2:
        head += struct.pack(order + "hh", 0, 0)
    body = b"".join(struct.pack(order + "f", x) for x in system)
    for name, x in numbers:
        z = complex(x)
        kind = 5 if isinstance(x, complex) else 4
        body += _name(name) + struct.pack(order + "hhddi", 1, kind, z.real, z.imag, 0)
    for name, text in texts:
        raw = text.encode("cp1252")
        body += _name(name) + struct.pack(order + ("h" if version == 1 else "i"), len(raw)) + raw
    return head + body


def experiment():
    """The bytes of an experiment and its truth."""
    curve, known = make(Setup(), 120, "film", "Curve0000", 61e9, 10e-9, 0.6, 300e-9, points=160)
    ramp = np.arange(24, dtype="f8") / 8
    image = (1e-9 * np.arange(48)).astype("f4").reshape(4, 6, 2, order="F")
    picture = igor_wave.version5(
        image, "Image", "ScanSize: 2e-06\rInvOLS: 5e-08\r", ["HeightRetrace", "AmplitudeRetrace"],
        steps=(5e-7, 5e-7), units="m", dimension_units=("m", "m"))
    end = record(10, b"")
    raw = b"".join([
        record(11, b"\x10\0\x10\0" + b"Misc_Start".ljust(48, b"\0")),
        record(1, variables(system=range(21), numbers=[("k_lever", 35.5), ("turn", 1.5 - 2j)],
                            texts=[("operator", "J\u00fcrgen")])),
        record(2, b"\x95New experiment\r"),
        record(3, igor_wave.version2(ramp, "ramp", "made", step=0.5, units="V", x_units="s")),
        record(0x8003, igor_wave.version2(ramp[:3], "ramp")),
        record(9, _name("curves")),
        record(1, variables(numbers=[("n", 1.0)], order=">", version=2), order=">"),
        record(3, curve),
        record(3, igor_wave.version5_text(["first", "third \u00b5m"], "words")),
        end,
        record(101, struct.pack("<I", 40) + b"a folder whose name has more than 31 let"),
        record(3, igor_wave.version5(np.arange(6, dtype="i2"), "whole", order=">"), order=">"),
        record(3, picture),
        end,
        record(4, b"| Platform=Windows, IGORVersion=8.00\r\rSilent 101\r"),
        record(5, b'#pragma rtGlobals=1\r'),
    ])
    return raw, {
        "synthetic": True,
        "records": 16,
        "tables": ["root/ramp", "root/curves/Curve0000/approach", "root/curves/Curve0000/retract",
                   "root/curves/words", "root/a folder whose name has more than 31 let/whole",
                   "root/a folder whose name has more than 31 let/Image/scan"],
        "segments": known["segments"],
        "spring_constant_N_per_m": known["spring_constant_N_per_m"],
        "layers": known["layers"],
        "data": ramp.tolist(),
        "columns": [dict(_statistics("ramp", ramp), name="ramp", unit="V")]
        + [dict(_statistics(label, image[:, :, i].reshape(-1, order="F")), name=label, unit="m")
           for i, label in enumerate(["HeightRetrace", "AmplitudeRetrace"])],
    }


def packed(path):
    write(path, *experiment())
