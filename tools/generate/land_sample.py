"""A LAND .ccs file and a Landt csv, with the truth beside each."""

import math
import struct

import numpy as np

from freestanding_curve import write
from text_samples import column

START = 1_700_000_000_000


def ccs(path, seed=81):
    """A rest, a discharge and a rest; the last block of each step is not full and its tail is stale."""
    random = np.random.default_rng(seed)
    head = bytearray(0xA00)
    for offset, text in [(0x10, "group"), (0xB0, "made for tests"), (0xF0, "1#"), (0x2D0, "4.3.3"),
                         (0x360, "M340A"), (0x494, "WuHan LAND"), (0x734, "program")]:
        head[offset:offset + len(text)] = text.encode()
    for i, (code, limit) in enumerate([(0x01, 0.0), (0x44, 0.9)]):
        at = 0x900 + 0x50 * i
        head[at:at + 2] = struct.pack("<H", code)
        head[at + 8:at + 12] = struct.pack("<f", 0.1)
        head[at + 16:at + 20] = struct.pack("<f", limit)
        head[at + 24:at + 28] = struct.pack("<f", 200.0)
    head[0x9A0] = 0x61
    body, previous, elapsed, rows, number = b"", 0, 0, [], 0
    for code, sign, points, interval in [(0x01, 0, 20, 10_000), (0x44, -1, 40, 5_000), (0x01, 0, 15, 10_000)]:
        offset = len(head) + len(body)
        number += 1
        block = bytearray(128)
        block[0] = 2
        block[4:8] = struct.pack("<I", previous)
        block[8] = code
        block[24:28] = struct.pack("<I", elapsed)
        block[0x34:0x38] = struct.pack("<f", 1.4)
        block[0x38:0x40] = struct.pack("<q", START + elapsed)
        body += bytes(block)
        previous = offset
        step = []
        for i in range(points):
            dt = 20 if i == 0 else interval
            elapsed += dt
            volts = np.float32(1.4 - 0.004 * i * abs(sign) + 1e-4 * random.standard_normal())
            amperes = np.float32(3.05e-5 * sign)
            charge = np.float32(abs(float(amperes)) * dt / 3.6e6)
            energy = np.float32(float(amperes) * float(volts) * dt / 3.6e6)
            step.append(struct.pack("<Iffff", dt, volts, amperes, charge, energy))
            rows.append((elapsed / 1000, volts, amperes, number, charge, energy))
        stale = struct.pack("<Iffff", 77, 7.7, 7.7, 7.7, 7.7)
        for first in range(0, points, 6):
            part = step[first:first + 6]
            body += struct.pack("<BBHI", 3, len(part), 0, offset)
            body += b"".join(part) + stale * (6 - len(part))
    names = [("test_time", "s"), ("voltage", "V"), ("current", "A"), ("step_count", "1"),
             ("charge_increment", "A.h"), ("energy_increment", "W.h")]
    write(path, bytes(head) + body, {
        "synthetic": True, "rows": len(rows),
        "columns": [column(n, u, [r[i] for r in rows]) for i, (n, u) in enumerate(names)]})


def landt(path, seed=82):
    random = np.random.default_rng(seed)
    lines = ["cell model: made for tests" + "," * 16, "cell id: 1" + "," * 16, "test: " + "," * 16,
             "channel_index,cycle_index,step_index,date_time_iso_string,test_time_s,step_time_s,"
             "current_A,voltage_V,discharge_capacity_Ah,charge_capacity_Ah,discharge_energy_Wh,"
             "charge_energy_Wh,Pressure_Psi,temperature_1_C,temperature_2_C,temperature_3_C,step_name"]
    rows = []
    for i in range(60):
        step = 1 + i // 20
        current = [0.0, 2e-4, -2e-4][step - 1]
        volts = round(float(0.05 * np.sign(current) * (1 + math.exp(-(i % 20) / 3))
                            + 1e-4 * random.standard_normal()), 4)
        time = 15.0 * i
        rows.append((time, volts, current, step, 1))
        lines.append("%d,1,%d,04/30/2024 14:%02d:%02d,%.3f,%.3f,%.4f,%.4f,0,0,0,0,0,25.1,0,0,%s" % (
            i + 1, step, 30 + int(time) // 60, int(time) % 60, time, 15.0 * (i % 20), current, volts,
            ["rest", "charge CC", "discharge CC"][step - 1]))
    names = [("test_time", "s"), ("voltage", "V"), ("current", "A"), ("step_id", "1"),
             ("cycle_count", "1")]
    write(path, ("\n".join(lines) + "\n").encode(), {
        "synthetic": True, "rows": len(rows),
        "columns": [column(n, u, [r[i] for r in rows]) for i, (n, u) in enumerate(names)]})


def land(folder):
    ccs(folder / "land-ccs/rest_and_discharge.ccs")
    landt(folder / "landt-csv/three_steps.csv")
