"""A Jet 4 database as Arbin's MITS writes its results, with the truth beside it.

Written from the descriptions of the format in mdbtools' HACKING file; `mdb-export` reads it.
"""

import struct

import numpy as np

from freestanding_curve import write
from text_samples import column

PAGE = 4096
BOOL, BYTE, SHORT, LONG, SINGLE, DOUBLE, TEXT, OLE = 1, 2, 3, 4, 6, 7, 10, 11
PACK = {BYTE: "<B", SHORT: "<h", LONG: "<i", SINGLE: "<f", DOUBLE: "<d"}


def rc4(key, length):
    """The key stream that hides bytes 0x18 to 0x98 of the first page."""
    s = list(range(256))
    j = 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    i = j = 0
    out = bytearray()
    for _ in range(length):
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(s[(s[i] + s[j]) % 256])
    return bytes(out)


def compressed(text):
    """Text of Jet 4: one byte a letter behind FF FE where that is possible."""
    if all(0 < ord(c) < 256 for c in text):
        return b"\xff\xfe" + text.encode("latin-1")
    return text.encode("utf-16-le")


class TableWriter:
    """One table: columns are (name, kind) in their order, rows are lists with None for no value."""

    def __init__(self, name, columns, rows, user=True):
        self.name, self.columns, self.rows, self.user = name, columns, rows, user

    def layout(self):
        offset, places, variable = 0, [], 0
        for _, kind in self.columns:
            if kind in (TEXT, OLE):
                places.append((False, 0, variable))
                variable += 1
            else:
                places.append((True, offset, 0))
                offset += 0 if kind == BOOL else struct.calcsize(PACK[kind])
        return places, offset, variable

    def row(self, values):
        places, fixed, variable = self.layout()
        data = bytearray(fixed)
        mask = bytearray((len(self.columns) + 7) // 8)
        parts = []
        for n, ((_, kind), (is_fixed, offset, _), value) in enumerate(
                zip(self.columns, places, values)):
            if value is not None and value is not False:
                mask[n // 8] |= 1 << (n % 8)
            if kind == BOOL:
                continue
            if is_fixed:
                if value is not None:
                    struct.pack_into(PACK[kind], data, offset, value)
            else:
                parts.append(b"" if value is None else compressed(value))
        out = struct.pack("<H", len(self.columns)) + bytes(data)
        if variable:
            starts = []
            for part in parts:
                starts.append(len(out))
                out += part
            end = len(out)
            out += struct.pack("<H", end)
            out += b"".join(struct.pack("<H", s) for s in reversed(starts))
            out += struct.pack("<H", variable)
        return out + bytes(mask)

    def definition(self, usage_row, usage_page):
        places, _, variable = self.layout()
        head = bytearray(63 - 8)
        struct.pack_into("<I", head, 8, len(self.rows))
        head[32] = 0x4E if self.user else 0x53
        struct.pack_into("<HHHII", head, 33, len(self.columns), variable, len(self.columns), 0, 0)
        struct.pack_into("<I", head, 47, usage_row | usage_page << 8)
        struct.pack_into("<I", head, 51, usage_row | usage_page << 8)
        columns, names = b"", b""
        for n, ((name, kind), (is_fixed, offset, index)) in enumerate(zip(self.columns, places)):
            length = 250 if kind == TEXT else 0 if kind in (OLE, BOOL) else struct.calcsize(PACK[kind])
            columns += struct.pack(
                "<BIHHHHHBBIHH", kind, 1625, n, index, n, 0, 0, 3 if is_fixed else 2,
                1 if kind == TEXT else 0, 0, offset, length)
            text = name.encode("utf-16-le")
            names += struct.pack("<H", len(text)) + text
        struct.pack_into("<I", head, 0, len(head) + 8 + len(columns) + len(names))
        return bytes(head) + columns + names


def rows_page(owner, rows, flags=None):
    """A page of rows, which stand from its end; flags 0xC000 deleted, 0x4000 moved, 0x8000 moved here."""
    page = bytearray(PAGE)
    end = PAGE
    for n, row in enumerate(rows):
        end -= len(row)
        page[end:end + len(row)] = row
        struct.pack_into("<H", page, 14 + 2 * n, end | (flags or {}).get(n, 0))
    free = end - 14 - 2 * len(rows)
    struct.pack_into("<BBHII", page, 0, 1, 1, free, owner, 0)
    struct.pack_into("<H", page, 12, len(rows))
    return bytes(page)


def database(tables):
    """The file: page 0 the head, page 1 the usage maps, page 2 the catalogue's definition."""
    pages = [bytes(PAGE)] * 3
    definitions = {}
    catalogue = TableWriter(
        "MSysObjects", [("Id", LONG), ("Type", SHORT), ("Flags", LONG), ("Name", TEXT),
                        ("LvProp", OLE)], [], user=False)
    everything = [catalogue] + tables
    for n, table in enumerate(everything):
        text = table.definition(n, 1)
        number = 2 if table is catalogue else len(pages)
        definitions[n] = [number]
        if table is not catalogue:
            pages.append(b"")
        for _ in range((len(text) - 1) // (PAGE - 8)):
            definitions[n].append(len(pages))
            pages.append(b"")
        catalogue.rows = [[definitions[k][0], 1, 0, t.name, None]
                          for k, t in enumerate(everything[1:n + 1], 1)]
    used = {}
    for n, table in enumerate(everything):
        own, batches, size = definitions[n][0], [[]], 0
        for values in table.rows:
            row = table.row(values)
            if size + len(row) + 2 > PAGE - 200:
                batches.append([])
                size = 0
            batches[-1].append(row)
            size += len(row) + 2
        numbers = list(range(len(pages), len(pages) + len(batches))) if table.rows else []
        pages += [b""] * len(numbers)
        used[n] = list(numbers)
        for k, number in enumerate(numbers):
            rows, flags = batches[k], {}
            if table.name == "Channel_Normal_Table" and k == 0:
                # A deleted row, and one that moved to a page of its own.
                rows = rows + [rows[0]]
                flags[len(rows) - 1] = 0xC000
                moved = len(pages)
                pages.append(rows_page(own, [rows[1]], {0: 0x8000}))
                used[n].append(moved)
                rows[1] = struct.pack("<I", 0 | moved << 8)
                flags[1] = 0x4000
            pages[number] = rows_page(own, rows, flags)
        text, parts = table.definition(n, 1), []
        for k in range(len(definitions[n])):
            parts.append(text[k * (PAGE - 8):(k + 1) * (PAGE - 8)])
        for k, number in enumerate(definitions[n]):
            following = definitions[n][k + 1] if k + 1 < len(definitions[n]) else 0
            pages[number] = (struct.pack("<BBHI", 2, 1, 0, following) + parts[k]).ljust(PAGE, b"\0")
    maps = []
    for n in range(len(everything)):
        bits = bytearray(64)
        for number in used[n]:
            bits[number // 8] |= 1 << (number % 8)
        maps.append(b"\0" + struct.pack("<I", 0) + bytes(bits))
    pages[1] = rows_page(0, maps)
    head = bytearray(PAGE)
    head[:20] = b"\x00\x01\x00\x00Standard Jet DB\x00"
    head[20] = 1
    head[0x18:0x98] = rc4(bytes([0xC7, 0xDA, 0x39, 0x6B]), 128)
    pages[0] = bytes(head)
    return b"".join(pages)


def res(path, points=60, seed=21):
    """A symmetric cell at ±0.4 mA with a rest before, a thermocouple, and two tests in one file."""
    random = np.random.default_rng(seed)
    normal, auxiliary, kept = [], [], {}
    for test, offset in [(3, 0.0), (7, 0.01)]:
        count = points if test == 3 else points // 4
        time = np.arange(1, count + 1) * 30.0005
        half = (np.arange(count) // 20) % 2
        current = np.where(np.arange(count) < 10, 0.0, np.where(half == 0, 4e-4, -4e-4))
        voltage = (np.sign(current) * (0.05 + offset) + 1e-4 * random.standard_normal(count))
        charge = np.cumsum(np.maximum(current, 0)) * 30.0005 / 3600
        discharge = np.cumsum(np.maximum(-current, 0)) * 30.0005 / 3600
        order = list(range(count))
        order = order[count // 2:] + order[:count // 2]
        for i in order:
            normal.append([
                test, i + 1, time[i], time[i] % 600, 45292.5 + time[i] / 86400, int(half[i]) + 1,
                i // 40 + 1, 0, float(np.float32(current[i])), float(np.float32(voltage[i])),
                charge[i], discharge[i], charge[i] * 0.05, discharge[i] * 0.05,
                float(np.float32(1e-5 * (i % 3))), float(np.float32(12.5))])
            auxiliary.append([test, i + 1, 0, 1, float(np.float32(25 + 0.01 * i)), 0.0])
        kept[test] = (time, np.float32(current).astype(float), np.float32(voltage).astype(float),
                      charge, discharge, np.float32(25 + 0.01 * np.arange(count)).astype(float))
    tables = [
        TableWriter("Channel_Normal_Table", [
            ("Test_ID", LONG), ("Data_Point", LONG), ("Test_Time", DOUBLE), ("Step_Time", DOUBLE),
            ("DateTime", DOUBLE), ("Step_Index", SHORT), ("Cycle_Index", SHORT),
            ("Is_FC_Data", BYTE), ("Current", SINGLE), ("Voltage", SINGLE),
            ("Charge_Capacity", DOUBLE), ("Discharge_Capacity", DOUBLE), ("Charge_Energy", DOUBLE),
            ("Discharge_Energy", DOUBLE), ("dV/dt", SINGLE), ("Internal_Resistance", SINGLE)], normal),
        TableWriter("Auxiliary_Table", [
            ("Test_ID", LONG), ("Data_Point", LONG), ("Auxiliary_Index", SHORT),
            ("Data_Type", SHORT), ("X", SINGLE), ("dX_dt", SINGLE)], auxiliary),
        TableWriter("Aux_Global_Data_Table", [
            ("Channel_Index", SHORT), ("Auxiliary_Index", SHORT), ("Data_Type", SHORT),
            ("Nickname", TEXT), ("Unit", TEXT)], [[4, 0, 1, None, "C"]]),
        TableWriter("Global_Table", [
            ("Test_ID", LONG), ("Test_Name", TEXT), ("Channel_Index", SHORT),
            ("Start_DateTime", DOUBLE), ("Log_Aux_Data_Flag", BOOL), ("Creator", TEXT),
            ("MASS", SINGLE)],
            [[3, "made for tests", 4, 45292.5, True, "\u041b\u0438\u0442\u0438\u0439", 0.0125],
             [7, "made for tests, again", 4, 45292.75, False, None, 0.0125]]),
        TableWriter("Version_Table", [("Version_Schema_Field", TEXT)],
                    [["Results File made by tools/generate"]]),
        TableWriter("Event_Table", [("Test_ID", LONG), ("Test_Time", DOUBLE),
                                    ("Event_Describe", TEXT)], [[3, 0.0, "Test start"]]),
        TableWriter("Channel_Statistic_Table", [("Test_ID", LONG), ("Data_Point", LONG)], []),
    ]
    time, current, voltage, charge, discharge, temperature = kept[3]
    truth = {"synthetic": True, "tables": ["test_3", "test_7", "event"], "rows": len(time),
             "columns": [column(*c) for c in [
                 ("Test_Time", "s", time), ("Current", "A", current), ("Voltage", "V", voltage),
                 ("Charge_Capacity", "A.h", charge), ("Discharge_Capacity", "A.h", discharge)]],
             "temperature": column("temperature_t1", "Cel", temperature)}
    write(path, database(tables), truth)
