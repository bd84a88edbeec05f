"""Writes NanoScope files of known numbers: a ramp with a hold, a force volume, an image, and text."""

import numpy as np

from freestanding_curve import write
from text_samples import column

STEP = 0.000375
SENSITIVITY = 25.0
Z_SENSITIVITY = 13.0
SENSOR_SENSITIVITY = 900.0
RAMP_VOLTS = 40.0
SPEED = 160.0
SPRING = 0.12
TRIGGER = 0.8


def _lists(first, scan, force, images, version="0x0920B046", size=4096):
    lines = ["\\*%s" % first, "\\Version: %s" % version, "\\Date: 10:20:30 AM Thu Jan 15 2026",
             "\\Data length: %d" % size, "\\*Equipment list", "\\Description: made for tests",
             "\\*Scanner list", "\\Scanner type: AFM", "\\@Sens. Zsens: V %.5f nm/V" % Z_SENSITIVITY,
             "\\*Ciao scan list"] + scan
    if force:
        lines += ["\\*Ciao force list"] + force
    for image in images:
        lines += image
    return lines + ["\\*File list end"]


def _header(lines, size):
    raw = ("\r\n".join(lines) + "\r\n").encode("cp1252") + b"\x1a"
    return raw.ljust(size, b"\0")


def _scan(mode, lines=1):
    return ["\\Operating mode: %s" % mode, "\\Scan Size: 500 nm", "\\Samps/line: %d" % lines,
            "\\Lines: %d" % lines, "\\PeakForce Capture: Never",
            "\\@Sens. DeflSens: V %.5f nm/V" % SENSITIVITY,
            "\\@Sens. ZsensSens: V %.4f nm/V" % SENSOR_SENSITIVITY,
            "\\@2:TMSetPhase: V (0.005493164 \u00ba/LSB)       0 \u00ba"]


def _force(samples, hold=0, per_line=1):
    return ["\\Scan rate: 1", "\\Forward vel.: %g" % SPEED, "\\Reverse vel.: %g" % (SPEED / 2),
            "\\Samps/line: %d %d" % samples, "\\Trigger mode: Relative", "\\Hold Type: Z Drive",
            "\\Hold Samples: %d" % hold, "\\Hold Time: %g" % (0.5 if hold else 0),
            "\\force/line: %d" % per_line,
            "\\@4:Trig Threshold Deflection: V [Sens. DeflSens] (%.10f V/LSB) %.6f V" % (STEP, TRIGGER),
            "\\@4:Ramp channel: S [Zsweep] \"Z\""]


def _channel(name, internal, soft, offset, length, samples, spring):
    return ["\\*Ciao force image list", "\\Data offset: %d" % offset, "\\Data length: %d" % length,
            "\\Bytes/pixel: 2", "\\Data type: AFM", "\\Samps/line: %d %d" % samples,
            "\\Spring Constant: %g" % spring,
            "\\@4:Image Data: S [%s] \"%s\"" % (internal, name),
            "\\@Z magnify: C [4:Z scale] 1.000000 ",
            "\\@4:Z scale: V [%s] (%.10f V/LSB) 2.500000 V" % (soft, STEP),
            "\\@4:Ramp Size: V [Sens. Zsens] (0.006713765 V/LSB) %.4f V" % RAMP_VOLTS]


def _curve(n, random, at=0.6, rise=TRIGGER):
    """Deflection in volts over a ramp of n samples: flat, then straight up to the trigger."""
    x = np.arange(n) / (n - 1.0)
    return 0.2 + rise * np.clip((x - at) / (1 - at), 0, None) + 0.002 * random.standard_normal(n)


def ramp(path, approach=160, retract=200, hold=20, seed=41):
    """A single ramp of 16-bit samples: a shorter approach, a hold, and a channel of height."""
    random = np.random.default_rng(seed)
    head = 4096
    volts = {"approach": _curve(approach, random), "dwell": np.full(hold, 0.2 + TRIGGER),
             "retract": _curve(retract, random)[::-1]}
    height = {"approach": np.linspace(-0.3, 0.3, approach), "dwell": np.full(hold, 0.3),
              "retract": np.linspace(0.3, -0.4, retract)}

    def block(parts):
        raw = {k: np.round(v / STEP).astype("<i2") for k, v in parts.items()}
        padding = np.zeros(retract - approach, "<i2")
        stored = np.concatenate([raw["approach"][::-1], padding, raw["retract"], raw["dwell"]])
        return raw, stored.tobytes()

    raw, first = block(volts)
    raw_height, second = block(height)
    samples = (retract, approach)
    lines = _lists("Force file list", _scan("Force"), _force(samples, hold),
                   [_channel("Height Sensor", "ZSensor", "Sens. ZsensSens", head, len(second), samples, 1),
                    _channel("Deflection Error", "DeflectionError", "Sens. DeflSens",
                             head + len(second), len(first), samples, SPRING)], size=head)
    v = raw["approach"] * STEP
    z = raw_height["approach"] * STEP * SENSOR_SENSITIVITY * 1e-9
    step = RAMP_VOLTS / SPEED / retract
    truth = {"synthetic": True, "spring_constant": SPRING, "invols": SENSITIVITY * 1e-9,
             "trigger_V": TRIGGER, "tables": {"approach": approach, "dwell": hold, "retract": retract},
             "columns": [column("deflection_voltage", "V", v),
                         column("deflection", "m", v * SENSITIVITY * 1e-9),
                         column("force", "N", v * SENSITIVITY * 1e-9 * SPRING),
                         column("sensor_position", "m", z),
                         column("time", "s", np.arange(approach) * step)]}
    write(path, _header(lines, head) + second + first, truth)


def volume(path, side=3, n=60, seed=42):
    """A force volume whose 32-bit samples hold 8 more bits than the scale says, with its image."""
    random = np.random.default_rng(seed)
    head = 4096
    volts = [(_curve(n, random, 0.5 + 0.02 * i), _curve(n, random, 0.5 + 0.02 * i)[::-1])
             for i in range(side * side)]
    raw = [(np.round(a / STEP * 256).astype("<i4"), np.round(b / STEP * 256).astype("<i4")) for a, b in volts]
    body = b"".join(a[::-1].tobytes() + b.tobytes() for a, b in raw)
    picture = (np.arange(side * side, dtype="<i4") * 1000 - 4000)
    scan = _scan("Force Volume", side)
    # NanoScope writes the sensitivity without a unit at times.
    scan[5] = "\\@Sens. DeflSens: V %.5f " % SENSITIVITY
    image = ["\\*Ciao image list", "\\Data offset: %d" % (head + len(body)),
             "\\Data length: %d" % (4 * side * side), "\\Bytes/pixel: 2", "\\Samps/line: %d" % side,
             "\\Number of lines: %d" % side, "\\Aspect Ratio: 1:1", "\\Scan Size: 2 2 ~m",
             "\\Line Direction: Retrace", "\\@2:Image Data: S [Height] \"Height\"",
             "\\@2:Z scale: V [Sens. Zsens] (0.006713765 V/LSB) 440.0000 V"]
    lines = _lists("Force file list", scan, _force((n, n), 0, side),
                   [_channel("Deflection Error", "DeflectionError", "Sens. DeflSens", head, len(body),
                             (n, n), SPRING), image], size=head)
    v = raw[0][0] * STEP / 256
    truth = {"synthetic": True, "curves": side * side, "bytes_per_sample": 4, "divisor": 256,
             "columns": [column("deflection_voltage", "V", v),
                         column("deflection", "m", v * SENSITIVITY * 1e-9),
                         column("piezo_position", "nm", np.arange(n) * RAMP_VOLTS * Z_SENSITIVITY / n),
                         column("height", "m", picture * 440.0 / 65536 * Z_SENSITIVITY * 1e-9)]}
    write(path, _header(lines, head) + body + picture.tobytes(), truth)


def image(path, x=12, y=8):
    """Two layers of an older version, 16 bits."""
    head = 2048
    i, j = np.meshgrid(np.arange(x), np.arange(y))
    layers = [("Height", "Height", "[Sens. Zscan] (0.006713867 V/LSB) 20.00000 V", 300 * i - 500 * j),
              ("Phase", "Phase", "(0.005493164 \u00ba/LSB) 90.00000 \u00ba", 100 * i + 7 * j)]
    lists, body, raws = [], b"", []
    for name, internal, scale, values in layers:
        raw = values.astype("<i2").ravel()
        raws.append(raw)
        lists.append(["\\*Ciao image list", "\\Data offset: %d" % (head + len(body)),
                      "\\Data length: %d" % (2 * x * y), "\\Bytes/pixel: 2", "\\Samps/line: %d" % x,
                      "\\Number of lines: %d" % y, "\\Aspect ratio: 1:1", "\\Scan size: 600 400 nm",
                      "\\Line direction: Trace", "\\@2:Image Data: S [%s] \"%s\"" % (internal, name),
                      "\\@2:Z scale: V %s" % scale])
        body += raw.tobytes()
    scan = ["\\Scan size: 600 nm", "\\Samps/line: %d" % x, "\\Lines: %d" % y]
    lines = _lists("File list", scan, [], lists, version="0x05120000", size=head)
    lines = [line.replace("Sens. Zsens", "Sens. Zscan") for line in lines]
    truth = {"synthetic": True, "shape": [x, y], "scan_nm": [600, 400],
             "columns": [column("height", "m", raws[0] * 20.0 / 65536 * Z_SENSITIVITY * 1e-9),
                         column("phase", "deg", raws[1] * 90.0 / 65536)]}
    write(path, _header(lines, head) + body, truth)

def text(path, approach=60, retract=50, seed=43):
    """A text export: quoted header, columns between tabs, rows of the retract missing at the end."""
    random = np.random.default_rng(seed)
    a, r = _curve(approach, random), _curve(retract, random)[::-1]
    length = RAMP_VOLTS * Z_SENSITIVITY
    parts = {
        "Time_s": (np.arange(approach) * 1e-3, (approach + np.arange(retract)) * 1e-3),
        "Calc_Ramp_nm": (np.arange(approach) * length / approach, length - np.arange(retract) * length / retract),
        "Defl_nm": (a * SENSITIVITY, r * SENSITIVITY),
        "Defl_pN": (a * SENSITIVITY * SPRING * 1e3, r * SENSITIVITY * SPRING * 1e3)}
    labels = ["Time_s_Ex", "Time_s_Rt", "Calc_Ramp_Ex_nm", "Calc_Ramp_Rt_nm", "Defl_nm_Ex", "Defl_nm_Rt",
              "Defl_pN_Ex", "Defl_pN_Rt"]
    series = [v for pair in parts.values() for v in pair]

    def cell(x):
        # Three digits of exponent, as the C library of Windows wrote them.
        mantissa, power = ("%.6e" % x).split("e")
        return "%se%+04d" % (mantissa, int(power))

    rows = [[cell(v[i]) if i < len(v) else "" for v in series] for i in range(approach)]
    force = _force((retract, approach))
    channel = _channel("Deflection Error", "DeflectionError", "Sens. DeflSens", 40960, 4 * retract,
                       (retract, approach), SPRING)
    channel = [line for line in channel if "Z scale" not in line and "Ramp Size" not in line]
    channel += ["\\@4:Z scale: 62.5 nm", "\\@4:Ramp size: 520 nm"]
    lines = _lists("Force file list", _scan("Force"), force, [channel], version="0x07300000")
    lines[0] = "\\?Force file list"
    lines[-1] = "\\*Force file list end"
    lines = [line.replace("\u00ba", "?") for line in lines]
    body = ["\"%s\"" % line for line in lines] + ["\t".join(labels) + "\t"]
    body += ["\t".join(row) + "\t" for row in rows]
    values = [np.array([float(row[i]) for row in rows if row[i]]) for i in range(8)]
    truth = {"synthetic": True, "approach": approach, "retract": retract, "spring_constant": SPRING,
             "columns": [column("time", "s", values[0]), column("piezo_position", "nm", values[2]),
                         column("deflection", "nm", values[4]),
                         column("Defl_pN_Ex", "nN", values[6] * 1e-3), column("Defl_nm_Rt", "nm", values[5])]}
    write(path, ("\r\n".join(body) + "\r\n").encode(), truth)
