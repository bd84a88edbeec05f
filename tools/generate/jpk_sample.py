"""Small JPK archives and a JPK text export, with the truth beside each.

The layout follows the archives of JPK's own software: property files in Java's format and big-endian
numbers. All values are made; nothing is measured.
"""

import math
import struct
import zlib

import numpy as np

from freestanding_curve import write

RAW = {"signedshort": (">i2", "short"), "unsignedshort": (">u2", "short"),
       "signedinteger": (">i4", "integer"), "signedlong": (">i8", "long"), "float": (">f4", "float")}


class Archive:
    """A zip archive of which every byte is chosen here, so that it is the same everywhere.

    Members are stored, or (`"stream"`) deflated in stored blocks with their sizes behind the data, or
    (`"zlib"`, for benchmarks only) compressed.
    """

    def __init__(self, kind="stored"):
        self.kind, self.body, self.directory, self.count = kind, bytearray(), bytearray(), 0

    def add(self, name, content=b""):
        """Adds a member; a deflated one as a stream of stored blocks, its sizes behind the data."""
        name = name.encode()
        crc = zlib.crc32(content)
        data, flags, method = content, 0, 0
        if self.kind == "zlib":
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            method, data = 8, packer.compress(content) + packer.flush()
        elif self.kind == "stream":
            flags, method, data = 8, 8, b""
            parts = [content[i:i + 65535] for i in range(0, len(content), 65535)] or [b""]
            for i, part in enumerate(parts):
                data += struct.pack("<BHH", i == len(parts) - 1, len(part), len(part) ^ 0xFFFF) + part
        sizes = struct.pack("<III", crc, len(data), len(content))
        start = len(self.body)
        head = struct.pack("<HHHHH", 20, flags, method, 0, 0x5C21)
        self.body += b"PK\3\4" + head + (bytes(12) if flags else sizes)
        self.body += struct.pack("<HH", len(name), 0) + name + data
        if flags:
            self.body += b"PK\7\x08" + sizes
        self.directory += b"PK\1\2" + struct.pack("<H", 20) + head + sizes
        self.directory += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, start) + name
        self.count += 1

    def bytes(self):
        end = struct.pack("<HHHHIIH", 0, 0, self.count, self.count, len(self.directory),
                          len(self.body), 0)
        return bytes(self.body + self.directory) + b"PK\5\6" + end


class Channel:
    """How one channel is stored and scaled."""

    def __init__(self, name, encoder, unit, scale, slots, default, base):
        self.name, self.encoder, self.unit, self.scale = name, encoder, unit, scale
        self.slots, self.default, self.base = slots, default, base

    def store(self, values):
        """The numbers that give those values in the default slot, and the values they give."""
        path, slot = [], self.default
        while slot != self.base:
            below, multiplier, offset, _ = self.slots[slot]
            path.append((multiplier, offset))
            slot = below
        raw = np.array(values, dtype=float)
        for multiplier, offset in path:
            raw = (raw - offset) / multiplier
        if self.scale:
            raw = np.round((raw - self.scale[1]) / self.scale[0])
        raw = raw.astype(RAW[self.encoder][0])
        given = raw.astype(float)
        if self.scale:
            given = given * self.scale[0] + self.scale[1]
        for multiplier, offset in reversed(path):
            given = given * multiplier + offset
        return raw.tobytes(), given

    def lines(self, prefix, data=""):
        """The properties of the channel; `data` is what stands before type and encoder."""
        kind = RAW[self.encoder][1]
        out = ["%s%stype=%s" % (prefix, data, kind if data else kind + "-data")]
        if self.scale:
            out += ["%s%sencoder.type=%s" % (prefix, data, self.encoder)]
            out += scaling(prefix + data + "encoder.", self.scale, self.unit)
        else:
            out += [prefix + "unit.type=metric-unit", prefix + "unit.unit=" + self.unit]
        out += ["%schannel.name=%s" % (prefix, self.name)]
        sets = prefix + "conversion-set.conversion"
        out += [sets + "s.list=" + " ".join(self.slots), sets + "s.default=" + self.default,
                sets + "s.base=" + self.base]
        for slot, (below, multiplier, offset, unit) in self.slots.items():
            own = "%s.%s." % (sets, slot)
            if multiplier is None:
                out += [own + "defined=false"]
                continue
            out += [own + "name=" + slot, own + "defined=true", own + "base-calibration-slot=" + below]
            out += scaling(own, (multiplier, offset), unit)
        return out


def scaling(prefix, scale, unit):
    own = prefix + "scaling."
    return [own + "type=linear", own + "style=offsetmultiplier", own + "offset=" + java(scale[1]),
            own + "multiplier=" + java(scale[0]), own + "unit.unit=" + unit]


def java(x):
    """A number as Java prints it: 1.0E-4."""
    text = repr(float(x))
    if "e" in text:
        mantissa, exponent = text.split("e")
        return (mantissa if "." in mantissa else mantissa + ".0") + "E%d" % int(exponent)
    return text


def properties(lines, date="#Thu Jan 15 09:30:00 CET 2026"):
    return ("\n".join([date] + lines) + "\n").encode("latin-1")


def statistics(name, unit, values):
    values = [float(v) for v in values]
    return {"name": name, "unit": unit, "n": len(values), "first": values[0], "last": values[-1],
            "min": min(values), "max": max(values), "mean": math.fsum(values) / len(values)}


def indent(n, start, stop, contact, slope, random, noise):
    """Height and deflection of a lever that touches at `contact`, metres; less height is nearer."""
    height = np.linspace(start, stop, n)
    deflection = np.maximum(contact - height, 0.0) * slope + noise * random.standard_normal(n)
    return height, deflection


VOLTS, K, INVOLS = 3.0921021713588157e-4, 0.043493666407368466, 7.000143623002982e-8


def deflection_channel(encoder="signedshort", scale=(VOLTS, -0.00728873489143207)):
    return Channel("vDeflection", encoder, "V", scale,
                   {"distance": ("volts", INVOLS, 0.0, "m"), "force": ("distance", K, 0.0, "N")},
                   "force", "volts")


def height_channel(encoder="signedshort", scale=(0.0015258789066052714, 50.00000001164153)):
    return Channel("height", encoder, "V", scale,
                   {"nominal": ("volts", -1e-6, 1e-4, "m"), "calibrated": ("nominal", 0.580608, 0.0, "m")},
                   "calibrated", "volts")


def sensor_channel(name, encoder, scale, default="nominal"):
    return Channel(name, encoder, "m", scale,
                   {"nominal": ("absolute", 1.0, 1e-4, "m"), "calibrated": ("nominal", None, None, "m")},
                   default, "absolute")


def segment_lines(style, n, duration, setpoint="NaN", prefix="force-segment-header.settings."):
    kinds = {"extend": "z-extend-force", "retract": "z-retract-height", "pause": "constant-force-pause"}
    return [prefix + "type=combined", prefix + "style=" + style, prefix + "feedback-mode.name=contact",
            prefix + "segment-settings.type=" + kinds[style],
            prefix + "segment-settings.duration=" + java(duration),
            prefix + "segment-settings.z-start=3.0E-6", prefix + "segment-settings.z-end=0.0", prefix + "segment-settings.setpoint=" + setpoint]


def single(path, seed=41):
    """A curve with a pause, in the layout without shared data; deflated, sizes behind the data."""
    random = np.random.default_rng(seed)
    archive = Archive("stream")
    archive.add("header.properties", properties([
        "jpk-data-file=spm-forcefile", "file-format-version=0.12", "type=force-scan-series",
        "force-scan-series.force-segments.count=3", "force-scan-series.header.position-index=0",
        "force-scan-series.header.position.x=1.5E-6",
        "force-scan-series.description.comment=two\\ words\\: 15\\u00B5m, \\",
        "    and a second line", "force-scan-series.description.name=made for tests",
        "force-scan-series.description.instrument=none"]))
    archive.add("segments/")
    height, deflection, sensor = height_channel(), deflection_channel(), sensor_channel(
        "strainGaugeHeight", "signedshort", (3e-9, -8e-5))
    truth = {"synthetic": True, "reader": "generator", "spring_constant": K, "invols": INVOLS,
             "trigger_voltage": 1.25, "tables": []}
    start = 0.0
    for i, (style, kind, n, first, last) in enumerate([
            ("extend", "approach", 60, 2.9e-5, 2.6e-5), ("pause", "dwell", 25, 2.6e-5, 2.6e-5),
            ("retract", "retract", 50, 2.6e-5, 2.9e-5)]):
        duration = n / 50
        z, d = indent(n, first, last, 2.7e-5, 0.09, random, 2e-10)
        channels = [(height, z), (deflection, d * K), (sensor, z - 6e-6)]
        if style == "pause":
            channels.pop()
        lines = ["force-segment-header.approach-id=2026.01.15-09.00.00-00001",
                 "force-segment-header.duration=" + java(duration),
                 "force-segment-header.num-points=%d" % n,
                 "force-segment-header.time-stamp=2026-01-15 09\\:30\\:0%d.543 +0100" % i]
        lines += segment_lines(style, n, duration, "1.25" if style == "extend" else "NaN")
        lines += ["channels.list=" + " ".join(c.name for c, _ in channels)]
        table = {"name": kind, "columns": []}
        files = []
        for channel, values in channels:
            raw, given = channel.store(values)
            own = "channel.%s." % channel.name
            lines += [own + "data.file.name=channels/%s.dat" % channel.name, own + "data.file.format=raw"]
            lines += channel.lines(own, "data.")
            files.append((channel.name, raw))
            table["columns"].append(statistics(
                channel.name, "N" if channel.name == "vDeflection" else "m", given))
        step = duration / n
        table["columns"].append(statistics("time", "s", start + step * np.arange(n)))
        start += duration
        folder = "segments/%d/" % i
        archive.add(folder)
        archive.add(folder + "segment-header.properties", properties(lines))
        for name, raw in files:
            archive.add(folder + "channels/%s.dat" % name, raw)
        truth["tables"].append(table)
    truth["columns"] = truth["tables"][0]["columns"]
    write(path, archive.bytes(), truth)


def force_map(path):
    """A map of 2 × 2 curves with shared data; the last curve was stopped after a few points."""
    archive, truth = map_archive(42, (0, 1, 2, 3), 24, Archive(), stopped=True)
    write(path, archive.bytes(), truth)


def map_archive(seed, numbers, points, archive, stopped):
    """The archive of a map and what is known of it."""
    random = np.random.default_rng(seed)
    archive.add("header.properties", properties([
        "jpk-data-file=spm-force-scan-map-file", "file-format-version=2.0", "type=force-scan-map",
        "force-scan-map.indexes.type=range", "force-scan-map.indexes.min=0",
        "force-scan-map.indexes.max=%d" % max(numbers),
        "force-scan-map.position-pattern.type=grid-position-pattern",
        "force-scan-map.position-pattern.grid.ilength=2", "force-scan-map.position-pattern.grid.jlength=2",
        "force-scan-map.position-pattern.grid.unit.unit=m",
        "force-scan-map.environment.z-range.fancyname=5.0 \\u00B5m"]))
    channels = [
        height_channel("signedinteger", (2.3283064370807974e-8, 50.00000001164153)),
        deflection_channel("signedinteger", (5.547880093333494e-9, -5.308620175410492e-4)),
        sensor_channel("smoothedMeasuredHeight", "float", None)]
    if not stopped:
        channels.append(sensor_channel(
            "measuredHeight", "signedinteger", (-7.654320990000001e-14, -3.668313127050087e-5)))
    units = {"vDeflection": "N"}
    truth = {"synthetic": True, "reader": "generator", "spring_constant": K, "invols": INVOLS,
             "trigger_voltage": 2.0, "tables": []}
    archive.add("index/")
    for place, number in enumerate(numbers):
        archive.add("index/%d/" % number)
        archive.add("index/%d/header.properties" % number, properties([
            "type=force-scan-series", "force-scan-series.force-segments.count=2",
            "force-scan-series.header.position.x=" + java(1e-6 * (place % 2)),
            "force-scan-series.header.position.y=" + java(1e-6 * (place // 2)),
            "force-scan-series.header.position-index=%d" % number,
            "force-scan-series.description.name=made for tests"]))
        start = 0.0
        for i, (style, kind) in enumerate([("extend", "approach"), ("retract", "retract")]):
            n = 7 - i if stopped and place == 3 else points
            ends = (3.2e-5, 2.6e-5) if style == "extend" else (2.6e-5, 3.2e-5)
            z, d = indent(n, *ends, 2.8e-5 + 2e-7 * (place % 4), 0.08, random, 1e-10)
            values = [z, d * K, z + 3e-5, z + 3e-5]
            duration = n / 2000
            lines = ["force-segment-header.force-segment-header-info.*=%d" % i,
                     "force-segment-header.approach-id=2026.01.15-09.00.00-00002",
                     "force-segment-header.num-points=%d" % n,
                     "force-segment-header.duration=" + java(duration),
                     "force-segment-header.time-stamp=2026-01-15 09\\:3%d\\:0%d.320 +0100" % (place % 10, i),
                     "force-segment-header.force-scan-flags.aborted=" + ("true" if n < points else "false"),
                     "channels.list=" + " ".join(c.name for c in channels)]
            table = {"name": "%d/%s" % (number, kind), "columns": []}
            folder = "index/%d/segments/%d/" % (number, i)
            files = []
            for j, (channel, own) in enumerate(zip(channels, values)):
                raw, given = channel.store(own)
                key = "channel.%s." % channel.name
                lines += [key + "lcd-info.*=%d" % j, key + "data.file.name=channels/%s.dat" % channel.name,
                          key + "data.file.format=raw", key + "data.num-points=%d" % n]
                files.append((channel.name, raw))
                table["columns"].append(statistics(channel.name, units.get(channel.name, "m"), given))
            table["columns"].append(statistics("time", "s", start + duration / n * np.arange(n)))
            start += duration
            archive.add(folder)
            archive.add(folder + "segment-header.properties", properties(lines))
            for name, raw in files:
                archive.add(folder + "channels/%s.dat" % name, raw)
            truth["tables"].append(table)
    shared = ["force-segment-header-infos.count=2", "lcd-infos.count=%d" % len(channels)]
    for i, style in enumerate(["extend", "retract"]):
        shared += segment_lines(style, points, points / 2000, "2.0" if i == 0 else "NaN",
                                "force-segment-header-info.%d.settings." % i)
    for j, channel in enumerate(channels):
        shared += channel.lines("lcd-info.%d." % j)
    archive.add("shared-data/header.properties", properties(shared))
    archive.add("thumbnail.png", b"\x89PNG made for tests")
    truth["columns"] = truth["tables"][0]["columns"]
    return archive, truth


def text_export(path, seed=43):
    """Two curves of two segments as JPK's data processing writes them."""
    random = np.random.default_rng(seed)
    names = ["measuredHeight", "vDeflection", "height", "error", "seriesTime", "time"]
    units = ["m", "N", "m", "V", "s", "s"]
    truth = {"synthetic": True, "reader": "generator", "spring_constant": K, "invols": INVOLS,
             "trigger_voltage": 0.25, "tables": []}
    lines = ["# TEXT EXPORT", "# data-description.comment: made for tests",
             "# data-description.instrument: none"]
    for curve in range(2):
        start = 0.0
        for i, (style, kind) in enumerate([("extend", "approach"), ("retract", "retract")]):
            n = 30 - 5 * curve
            z, d = indent(n, *((7.0e-6, 6.4e-6) if i == 0 else (6.4e-6, 7.0e-6)), 6.6e-6, 0.09, random, 2e-10)
            own = np.arange(1, n + 1) / 2048.0
            table = np.column_stack([z, d * K, z * 1.2, 0 * z, own + start, own])
            start += n / 2048.0
            lines += ["# index: %d" % curve, "# xPosition: %s" % java(1e-6 * curve), "# yPosition: 0.0",
                      "# approachID: 2026.01.15-09.30.00-0000%d" % curve,
                      "# force-settings.extend-k-length: %d" % n, "# force-settings.retract-k-length: %d" % n,
                      "# force-settings.relative-setpoint: 0.25", "# date: Thu Jan 15 09:30:00 CET 2026", "#",
                      "# segmentIndex: %d" % i, "# segment: " + style, "# columns: " + " ".join(names),
                      '# fancyNames: "Height (measured)" "Vertical Deflection" "Height" "Error Signal" '
                      '"Series Time" "Segment Time"',
                      "# sensitivity: " + java(INVOLS), "# springConstant: " + java(K),
                      "# calibrationSlots: nominal force nominal volts elapsed elapsed",
                      "# units: " + " ".join(units), "#"]
            cells = [[java(float(np.float32(v))) for v in row] for row in table]
            lines += [" ".join(row) for row in cells] + [""]
            given = np.array([[float(c) for c in row] for row in cells])
            truth["tables"].append({"name": "%d/%s" % (curve, kind), "columns": [
                statistics(name, unit, given[:, j]) for j, (name, unit) in enumerate(zip(names, units))]})
    truth["columns"] = [c for c in truth["tables"][0]["columns"] if c["name"] != "time"]
    write(path, "\r\n".join(lines).encode(), truth)
