"""Neware samples: .ndax of two versions, .nda, .ndc, flat and nested text; with truth beside each.

The cell is charged and discharged at constant current with a rest between; all values are made here.
Only every fourth record has run information, as in real files: the reader fills the gaps.
"""

import math
import struct
import zlib

import numpy as np

from freestanding_curve import write
from text_samples import column

START = 1_700_000_000
CHARGE, DISCHARGE, REST = 1, 2, 4
TYPES = {CHARGE: "CC_Chg", DISCHARGE: "CC_DChg", REST: "Rest"}
TEXT = {CHARGE: "CC Chg", DISCHARGE: "CC DChg", REST: "Rest"}


def records(seed, cycles=3, points=12, current=0.5e-3):
    """Rows of (cycle from 0, step of the program, type, ms in the step, V, A), one every 10 s."""
    random = np.random.default_rng(seed)
    rows = []
    for cycle in range(cycles):
        for step, (kind, sign) in enumerate([(REST, 0), (CHARGE, 1), (DISCHARGE, -1)], 1):
            for i in range(points):
                volts = np.float32(0.05 * sign * (1 + 0.3 * math.exp(-i / 3))
                                   + 1e-4 * random.standard_normal())
                rows.append((cycle, step, kind, 10_000 * i, volts, np.float32(sign * current)))
    return rows


def pages(kind, version, rows, size):
    """A header page and pages of 4096 bytes with their counts and bit masks."""
    head = bytearray(4096)
    head[:5] = struct.pack("<BBBBB", kind, 0, version, 0, 1)
    result = bytes(head)
    places = (4096 - 132 - 1) // size
    for first in range(0, len(rows), places):
        part = rows[first:first + places]
        page = bytearray(4096)
        page[:4] = struct.pack("<HH", kind + 1, len(part))
        for i, row in enumerate(part):
            page[4 + i // 8] |= 1 << i % 8
            page[132 + i * size:132 + (i + 1) * size] = row.ljust(size, b"\0")
        result += bytes(page)
    return result


def zip64(members):
    """A zip archive whose local headers are ZIP64 even for small members, as Neware writes them."""
    body, directory = b"", b""
    for name, data in members:
        packed = zlib.compressobj(9, zlib.DEFLATED, -15)
        stream = packed.compress(data) + packed.flush()
        crc = zlib.crc32(data)
        offset, label = len(body), name.encode()
        body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45, 0, 8, 0, 0x5A21, crc, 0xFFFFFFFF,
                            0xFFFFFFFF, len(label), 20)
        body += label + struct.pack("<HHQQ", 1, 16, len(data), len(stream)) + stream
        directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 45, 45, 0, 8, 0, 0x5A21, crc,
                                 len(stream), len(data), len(label), 0, 0, 0, 0, 0, offset) + label
    return body + directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(members), len(members),
                                          len(directory), len(body), 0)


def settings(channels):
    aux = "".join('<Aux%d AuxID="%d" RealChlID="%d" ChlType="103" />' % (i + 1, i + 1, real)
                  for i, real in enumerate(channels))
    info = ('<?xml version="1.0" encoding="GB2312"?>\n<root><config type="Test Info File">'
            '<TestInfo StartTime="2023-11-14 22:13:20" Barcode="generated" Remark="made for tests, '
            '\u6d4b\u8bd5" AuxCount="%d">%s</TestInfo></config></root>' % (len(channels), aux))
    version = ('<?xml version="1.0" encoding="GB2312"?>\n<root><config type="Version Info File">'
               '<ZwjVersion SvrVer="generated" /></config></root>')
    return [("VersionInfo.xml", version.encode("gb2312")), ("TestInfo.xml", info.encode("gb2312"))]


def truth(rows, temperature=None, counter=True):
    """What the reader must give: times and charges of all records, those between too."""
    steps, times, before, last = [], [], 0, None
    for row in rows:
        key = (row[0], row[1])
        if key != last:
            before = times[-1] if times else 0
            steps.append(key)
            last = key
        times.append(before + row[3])
    number, count = [], 0
    last = None
    for row in rows:
        if (row[0], row[1]) != last:
            last, count = (row[0], row[1]), count + 1
        number.append(count)
    columns = [column("test_time", "s", [t / 1000 for t in times]),
               column("step_time", "s", [r[3] / 1000 for r in rows]),
               column("voltage", "V", [r[4] for r in rows]),
               column("current", "A", [r[5] for r in rows]),
               column("cycle_count", "1", [r[0] + 1 for r in rows]),
               column("step_id", "1", [r[1] for r in rows])]
    if counter:
        columns.append(column("step_count", "1", number))
    if temperature is not None:
        columns.append(column("temperature_t1", "Cel", temperature))
    return {"synthetic": True, "rows": len(rows), "columns": columns}


def charges(row, current=0.5e-3):
    """Charge and energy in and out since the start of the step, Ah and Wh."""
    charge = row[3] / 1000 * abs(float(row[5])) / 3600
    return (charge, 0.0) if row[5] > 0 else (0.0, charge)


def ndc(rows, version, every=4):
    """The members of a test whose main records hold voltage and current alone."""
    milli = version in (11, 16)
    stride = 100 if version >= 16 else 47 if version == 11 else 55
    main = [struct.pack("<ff", r[4] * np.float32(1e4 if milli else 1),
                        r[5] * np.float32(1e3 if milli else 1)) for r in rows]
    info, steps, last, count, clock, ended = [], [], None, 0, 0, 0
    for i, row in enumerate(rows):
        fresh = (row[0], row[1]) != last
        if fresh:
            last, count = (row[0], row[1]), count + 1
            clock += ended
            steps.append(struct.pack("<II16sB", row[0], row[1], b"", row[2]))
        ended = row[3]
        if fresh or i % every == 0:
            q = [v * (3.6e6 if milli else 1) for v in charges(row)]
            e = [abs(float(row[4])) * v for v in q]
            now = clock + row[3]
            info.append(struct.pack("<IB4f8xiIIIH", row[3], 0, *q, *e, 10_000,
                                    START + now // 1000, count * 3, i + 1, now % 1000))
    return {"data.ndc": pages(1, version, main, 8),
            "data_runInfo.ndc": pages(18, version, info, stride),
            "data_step.ndc": pages(7, version, steps, 100 if version >= 16 else 37)}


def ndax(path, version, seed, channel=None):
    rows = records(seed)
    members = settings([channel] if channel else [])
    parts = ndc(rows, version)
    temperature = None
    if channel:
        temperature = [np.float32(25 + 0.1 * math.sin(i / 9)) for i in range(len(rows))]
        parts["data_AUX_%d_3_1.ndc" % channel] = pages(
            5, version, [struct.pack("<f", t) for t in temperature], 4)
    scaled = truth(rows, temperature)
    if version in (11, 16):
        # What is stored is a float of 0.1 mV and of mA.
        scaled["columns"][2] = column(
            "voltage", "V", [float(r[4] * np.float32(1e4)) / 1e4 for r in rows])
        scaled["columns"][3] = column(
            "current", "A", [float(r[5] * np.float32(1e3)) / 1e3 for r in rows])
    write(path, zip64(members + list(parts.items())), scaled)


def whole_records(rows, layout):
    """Records that hold everything: voltages in 0.1 mV, currents in 1e-4 mA (range 1 mA)."""
    result, steps, last = [], 0, None
    for i, row in enumerate(rows):
        if (row[0], row[1]) != last:
            last, steps = (row[0], row[1]), steps + 1
        volts, counts = int(round(float(row[4]) * 1e4)), int(round(float(row[5]) * 1e7))
        q = [int(round(v * 3600 * 1e7)) for v in charges(row)]
        result.append(layout(i + 1, row, steps, volts, counts, q))
    return result


def rounded(rows):
    """The rows as 0.1 mV and 1e-4 mA keep them."""
    return [row[:4] + (int(round(float(row[4]) * 1e4)) / 1e4,
                       int(round(float(row[5]) * 1e7)) / 1e7) for row in rows]


def ndax5(path, seed):
    rows = records(seed)

    def layout(index, row, steps, volts, counts, q):
        return struct.pack("<BIIBB5xQii4x4qHBBBBBi8x", 0x55, index, row[0], row[1], row[2], row[3],
                           volts, counts, *q, 0, 0, 2023, 11, 14, 22, 13, 20, 1)
    data = pages(1, 5, whole_records(rows, layout), 87)
    write(path, zip64(settings([]) + [("data.ndc", data)]), truth(rounded(rows)))


def nda(path, version, seed):
    """Versions 22 (clock as a number) and 29 (clock in parts): 86 bytes a record, a log before."""
    rows = records(seed)

    def layout(index, row, steps, volts, counts, q):
        clock = (struct.pack("<Q", START + row[3] // 1000) if version == 22
                 else struct.pack("<HBBBBBx", 2023, 11, 14, 22, 13, row[3] // 1000 % 60))
        return struct.pack("<BBIIHBBQii8x4q8si4x", 0x55, 0, index, row[0], row[1], row[2], steps,
                           row[3], volts, counts, *q, 0, 0, clock, 1)
    body = struct.pack("<B85x", 0xAA) + b"".join(whole_records(rows, layout))
    head = bytearray(2048 + 42 + 503)
    head[:6] = b"NEWARE"
    head[14] = version
    size = 503 if version >= 29 else 383
    head[16:32] = struct.pack("<IIII", 2048, 42, 2090, size)
    head[64:72] = struct.pack("<II", len(head), len(body))
    head[2048 + 26:2048 + 30] = struct.pack("<i", 1)
    head[2090 + 37:2090 + 57] = b"2023-11-14 22:13:20".ljust(20, b"\0")
    head[2090 + 227:2090 + 240] = b"made for test"
    write(path, bytes(head) + body, truth(rounded(rows)))


def bts9(path, seed):
    """Version 130, release 19: 56 bytes a record, time of the test with nanoseconds."""
    rows = records(seed)
    body, before, last, times = b"", 0, None, []
    for i, row in enumerate(rows):
        if (row[0], row[1]) != last:
            last, before = (row[0], row[1]), times[-1] if times else 0
        now = before + row[3]
        times.append(now)
        sign = 1 if row[5] >= 0 else -1
        q = sign * max(charges(row)) * 3.6e6
        body += struct.pack("<BBBB4xIIIffffI4xIIf", 0x55, 6, row[1], row[2], i + 1, now // 1000,
                            now % 1000 * 1_000_000, row[5] * np.float32(1e3), row[4], q, 0.05 * q,
                            row[0], START + now // 1000, now % 1000 * 1_000_000, 24.5)
    head = bytearray(1024)
    head[:6] = b"NEWARE"
    head[14] = 130
    head[16:18] = struct.pack("<H", 19)
    head[82:98] = struct.pack("<QQ", 1024, len(body))
    found = truth(rows, [24.5] * len(rows))
    found["columns"][3] = column(
        "current", "A", [float(r[5] * np.float32(1e3)) / 1e3 for r in rows])
    write(path, bytes(head) + body, found)


def clock(ms):
    return "%02d:%02d:%02d" % (ms // 3_600_000, ms // 60_000 % 60, ms // 1000 % 60)


def flat(path, seed, chinese=False):
    """One line a record; times beyond 24 hours; the Chinese labels in GB18030."""
    rows = [row[:3] + (row[3] * 400,) + row[4:] for row in rounded(records(seed))]
    labels = ("DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V),"
              "Chg. Cap.(mAh),DChg. Cap.(mAh),Date")
    names = TEXT
    if chinese:
        labels = ("\u6570\u636e\u5e8f\u53f7,\u5faa\u73af\u53f7,\u5de5\u6b65\u53f7,\u5de5\u6b65\u7c7b\u578b,"
                  "\u65f6\u95f4,\u603b\u65f6\u95f4,\u7535\u6d41(mA),\u7535\u538b(V),"
                  "\u5145\u7535\u5bb9\u91cf(mAh),\u653e\u7535\u5bb9\u91cf(mAh),\u7edd\u5bf9\u65f6\u95f4")
        names = {CHARGE: "\u6052\u6d41\u5145\u7535", DISCHARGE: "\u6052\u6d41\u653e\u7535", REST: "\u6401\u7f6e"}
    lines, before, last, total = [labels], 0, None, 0
    for i, row in enumerate(rows):
        if (row[0], row[1]) != last:
            last, before = (row[0], row[1]), total
        total = before + row[3]
        q = [1000 * v for v in charges(row)]
        lines.append("%d,%d,%d,%s,%s,%s,%.4f,%.4f,%.6f,%.6f,2023-11-%02d %s" % (
            i + 1, row[0] + 1, row[1], names[row[2]], clock(row[3]), clock(total),
            row[5] * 1000, row[4], *q, 14 + total // 86_400_000, clock(total % 86_400_000)))
    text = "\n".join(lines) + "\n"
    found = truth(rows, counter=False)
    found["columns"][3] = column("current", "A", [round(r[5] * 1000, 4) / 1e3 for r in rows])
    write(path, text.encode("gb18030" if chinese else "utf-8"), found)


def nested(path, seed):
    """Cycles, steps and records; the first step of the first cycle stands on the cycle's own line."""
    rows = rounded(records(seed))
    lines = ["Cycle Index,Chg. Cap.(mAh),DChg. Cap.(mAh)",
             ",Step Index,Step Number,Step Type,Step Time,Capacity(mAh)",
             ",,DataPoint,Time,Total Time,Current(mA),Voltage(V),Capacity(mAh),Date"]
    before, last, total, number = 0, None, 0, 0
    for i, row in enumerate(rows):
        if (row[0], row[1]) != last:
            number += 1
            step = "%d,%d,%s,%s,%.6f" % (row[1], number, TEXT[row[2]], clock(110_000), 0.015)
            if last is None:
                lines.append("%d,0.015000,0.015000,%s" % (row[0] + 1, step))
            else:
                if last[0] != row[0]:
                    lines.append("%d,0.015000,0.015000" % (row[0] + 1))
                lines.append("," + step)
            last, before = (row[0], row[1]), total
        total = before + row[3]
        lines.append(",,%d,%s,%s,%.4f,%.4f,%.6f,2023-11-14 %s" % (
            i + 1, clock(row[3]), clock(total), row[5] * 1000, row[4], 1000 * max(charges(row)),
            clock(total)))
    found = truth(rows)
    found["columns"][3] = column("current", "A", [round(r[5] * 1000, 4) / 1e3 for r in rows])
    write(path, ("\n".join(lines) + "\n").encode(), found)


def neware(folder):
    ndax(folder / "neware-ndax/version14.ndax", 14, 61, channel=225)
    ndax(folder / "neware-ndax/version11.ndax", 11, 62)
    ndax(folder / "neware-ndax/version17.ndax", 17, 63)
    ndax5(folder / "neware-ndax/version5.ndax", 64)
    nda(folder / "neware-nda/version22.nda", 22, 65)
    nda(folder / "neware-nda/version29.nda", 29, 66)
    bts9(folder / "neware-nda/version130.nda", 67)
    rows = records(68, cycles=1)
    found = truth(rows)
    found["columns"] = [c for c in found["columns"] if c["name"] in ("voltage", "current")]
    write(folder / "neware-ndc/data.ndc", ndc(rows, 14)["data.ndc"], found)
    flat(folder / "neware-csv/flat.csv", 69)
    flat(folder.parent / "encodings/neware_gb18030.csv", 70, chinese=True)
    nested(folder / "neware-nested-csv/nested.csv", 71)
