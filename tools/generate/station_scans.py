"""Scans as single stations write them, with known numbers: text of fixed columns and binary rows."""

import math
import struct

import numpy as np

from text_samples import column, write

HC = 12398.419843320026


def spectrum(energy, edge, seed):
    """Counts of I0, It and fluorescence over an edge of known place."""
    random = np.random.default_rng(seed)
    mu = 0.3 + 0.8 * (0.5 + np.arctan((energy - edge) / 1.2) / np.pi)
    i0 = 150000 * (1 + 0.02 * np.sin(energy / 15)) + random.integers(-90, 90, len(energy))
    return i0, i0 * np.exp(-mu), 0.08 * i0 * (mu - 0.25)


def truth(labels, cells, **more):
    cells = np.array(cells)
    return dict({"synthetic": True, "rows": len(cells), "columns": [
        column(name, unit, cells[:, i]) for i, (name, unit) in enumerate(labels)]}, **more)


def photon_factory(path, d=3.13551, edge=7112.0):
    energy = np.concatenate([np.arange(7080, 7105, 2.5), np.arange(7105, 7125, 0.5)])
    i0, _, fluo = spectrum(energy, edge, 41)
    lines = ["  9809     KEK-PF   BL9A", " made0001        26.01.15 09:30 - 26.01.15 09:50 made for tests",
             " iron foil", " Ring :   2.5 GeV   425.1 mA -  449.9 mA",
             " Mono :   Si(111)       D=  3.13551 A    Initial angle= 16.22000 deg",
             " BL9A      Fluorescence( 3)   Repetition=  1     Points=%5d" % len(energy),
             " Param file : made        energy axis(2)     Block =    2", "",
             " Block      Init-Eng  Final-Eng      Step/eV     Time/s       Num",
             "     1        7080.00   7105.00         2.50       1.00        10",
             "     2        7105.00   7125.00         0.50       2.00        40",
             " Ortec(-1)     NDCH = 3", "  Angle(c)  Angle(o)    time/s         2         3",
             "      Mode         0         0         1         3",
             "    Offset         0         0  7753.700  7157.100"]
    rows = []
    for k, e in enumerate(energy):
        angle = math.degrees(math.asin(HC / (2 * d * e)))
        rows.append("%10.5f%10.5f%10.2f%10d%10d" % (
            angle, round(angle * 2000) / 2000, 1.0 if k < 10 else 2.0, i0[k], fluo[k]))
    cells = [[float(c) for c in row.split()] for row in rows]
    cells = [row + [HC / (2 * d * math.sin(math.radians(row[1])))] for row in cells]
    names = [("Angle(c)", "deg"), ("Angle(o)", "deg"), ("time/s", "s"), ("2", ""), ("3", ""),
             ("photon_energy", "eV")]
    write(path, ("\r\n".join(lines + rows) + "\r\n").encode(), truth(names, cells))


def srs_header(title):
    return [" &SRS", " SRSRUN=10001,SRSDAT=260115,SRSTIM=093000,",
            " SRSSTN='ex1a',SRSPRJ='made    ',SRSEXP='exafs   ',",
            " SRSTLE='%-60s'," % title, " SRSCN1='198mA   ',SRSCN2='one     ',SRSCN3='two     ',", " &END"]


def srs_detector(path, points=60):
    """Nine elements: a line of six numbers, two of four and one of one."""
    axis = np.array([15220 - 20.5 * k for k in range(points)])
    i0, it, fluo = spectrum(8000 + np.arange(points) * 1.5, 8040, 42)
    rows, lines = [], srs_header("made for tests, with a comma")
    for k in range(points):
        g = np.round(fluo[k] * np.array([.11, .13, .1, .12, .09, .13, .12, .1, .1]), 2)
        row = [axis[k], 1000, round(i0[k]), round(it[k]), round(float(g.sum()), 2), 3805647 + 10 * k] + list(g)
        rows.append([float("%.2f" % v) for v in row])
        lines.append("".join("%13.2f" % v for v in row[:6]))
        lines += ["".join("%14.2f" % v for v in row[a:b]) + " " for a, b in ((6, 10), (10, 14))]
        lines.append("%14.2f" % row[14])
    lines.append(" END OF DATA")
    names = [("axis", ""), ("time", ""), ("i0", ""), ("it", ""), ("if", ""), ("im", "")]
    names += [("g%d" % (i + 1), "") for i in range(9)]
    write(path, ("\n".join(lines) + "\n").encode(), truth(names, rows))


def srs_soft(path, points=50):
    """A soft station: comments behind the header, seven numbers a line, energies that rise."""
    energy = 1540 + np.arange(points) * 1.0
    i0, _, fluo = spectrum(energy, 1566, 43)
    lines = srs_header("aluminium oxide, made for tests")
    lines += [" C", " C  monochromator  InSb(111)  made for tests", " C  region   start   step   time",
              " C  1        1540    1.0    2.0"]
    rows = []
    for k in range(points):
        row = [energy[k], 2000, i0[k], fluo[k], fluo[k] / 2, 12.5 * k, 250.1 - 0.01 * k]
        lines.append("".join("%12.2f" % v for v in row))
        rows.append([float("%.2f" % v) for v in row])
    lines.append(" END OF DATA")
    names = [("photon_energy", "eV")] + [("col%d" % i, "") for i in range(2, 8)]
    write(path, ("\n".join(lines) + "\n").encode(), truth(names, rows))


SSRL = ["Real time clock", "Requested Energy", "Achieved Energy", "I0", "I1", "I2", "SCA1CH1", "ICR1"]


def ssrl_rows(points, seed):
    energy = 7080 + np.arange(points) * 1.0
    i0, it, fluo = spectrum(energy, 7112, seed)
    rows = np.column_stack([np.full(points, 2.0), energy, energy + 0.0078125 * np.sin(energy), i0, it,
                            0.7 * it, fluo, 30 * fluo])
    return rows.astype("<f4").astype(float)


def ssrl_text(path, points=60):
    rows = ssrl_rows(points, 44)
    head = ["SSRL   EXAFS Data Collector 1.3       ", "Thu Jan 15 09:30:00 2026              ",
            "PTS: %10d COLS: %10d" % rows.shape, "MADE.DET                              ",
            "FEK16.RGN                             ",
            "2-3 unfocused  0.000 -2 Si(220) 1.920156   100000                             ",
            "4 2000 25 RST 0 0                     ", "iron foil, made for tests", "", "", "", "", "", "",
            "Weights: ", "".join("%7.3f" % 1 for _ in SSRL), "Offsets: ",
            "".join("%9.3f" % v for v in (0, 0, 0, 144.2, 133.5, 238.3, 12, 0)), "Data: "]
    head += ["%-18s" % label for label in SSRL] + [""]
    body = ["".join("%13.3f" % v for v in row) + " " for row in rows]
    cells = [[float(c) for c in row.split()] for row in body]
    names = [(label, unit) for label, unit in zip(SSRL, ["s", "eV", "eV", "", "", "", "", ""])]
    write(path, ("\r\n".join(head + body) + "\r\n").encode(), truth(names, cells))


def vax(values):
    """F floating of the VAX: fraction from 1/2, bias 128, 16-bit halves swapped."""
    out = b""
    for value in values:
        fraction, exponent = math.frexp(abs(value))
        word = 0
        if value != 0:
            word = (value < 0) << 31 | (exponent + 128) << 23 | (int(fraction * 2**24) - 2**23)
        out += struct.pack("<HH", word >> 16, word & 0xFFFF)
    return out


def ssrl_binary(path, version, points=40):
    rows = ssrl_rows(points, 45)
    rows[:, 6] -= 600  # dead channels go below zero
    rows = rows.astype("<f4").astype(float)
    numbers = vax if version < 2 else lambda v: np.array(v, "<f4").tobytes()
    texts = [("SSRL - EXAFS Data Collector %.1f" % version, 40), ("Thu Jan 15 09:30:00 2026", 40),
             ("PTS: %d COLS: %d" % rows.shape, 40), ("made.det", 40), ("Fe_K15.rgn", 40),
             ("4-1 unfocused  2.000 A Si-220 1.920140    10410", 80), ("4 2000 4 RST 0 0", 40),
             ("iron foil, made for tests", 80)] + [("", 80)] * 5
    raw = b"".join((text.ljust(size - 2) + "\n\0").encode() for text, size in texts)
    raw += numbers([0, 0, 0, 144.25, 133.5, 238.25, 12, 0]) + numbers([1.0] * 8)
    raw += b"".join(("%-18s\n\0" % label).encode() for label in SSRL)
    raw += struct.pack("<I", points) + bytes([8, 0, 1, 0]) + bytes(8)
    raw += b"".join(numbers(row) for row in rows)
    if version < 2:
        raw += bytes(-len(raw) % 512)
    names = [(label, unit) for label, unit in zip(SSRL, ["s", "eV", "eV", "", "", "", "", ""])]
    write(path, raw, truth(names, rows))


def x15b(path, points=40):
    energy = 2460 + np.arange(points) * 1.0
    i0, it, fluo = spectrum(energy, 2472, 46)
    rows = np.zeros((points, 14))
    rows[:, 0] = energy
    for i, values in ((1, 2.0), (2, np.arange(points)), (5, i0), (6, fluo), (7, it), (8, 1.4 * fluo)):
        rows[:, i] = values
    rows = rows.astype("<f4").astype(float)
    head = struct.pack("<I", 212) + b"made for tests 01/15/26".ljust(204, b"\0") + struct.pack("<I", 212)
    mark = struct.pack("<I", 56)
    raw = head + b"".join(mark + row.astype("<f4").tobytes() + mark for row in rows)
    names = ["energy"] + ["col%d" % i for i in range(2, 6)] + ["i0", "narrow", "transmission", "wide"]
    names += ["col%d" % i for i in range(10, 15)]
    write(path, raw, truth([(n, "eV" if n == "energy" else "") for n in names], rows))


def x10c(path, points=50):
    """NULs in the header, and negative numbers that touch the ones before them."""
    energy = 8300 + np.arange(points) * 1.5
    i0, it, _ = spectrum(energy, 8333, 47)
    lines = ["EXAFS     15-JAN-2026 09:30:00.00                         \0\0\0\0FIXEDSCAN         ",
             "NI0001                                  ", "made for tests                          ",
             "nickel foil", "I0PRE-8,I0-8 ,I1-8,I2-9,MIRROR FDBK -7",
             " NPTS  NCHAN  NSEGS  SWEEP OF    NUMRUN", "%11d         6         1         0         0         1" % points,
             " STEP_DEG", "   64000.000", " DARKCURRENT NORMILIZED TO 1 SECOND",
             "       0.000    122.000      2.000     35.000     83.000     91.000", "", " EZERO",
             "    8333.000", " DATA START"]
    rows = []
    for k in range(points):
        row = [524289 + k, 3989 - k, i0[k], -1.0 if k % 3 else 0.0, it[k], 0.6 * it[k], 0.0]
        text = ["%12.5E" % v for v in row]
        lines.append("%11.3f" % energy[k] + "".join(text))
        rows.append([float("%.3f" % energy[k])] + [float(t) for t in text])
    names = ["energy", "col2", "col3", "i0", "col5", "i1", "col7", "col8"]
    write(path, ("\n".join(lines) + "\n").encode(),
          truth([(n, "eV" if n == "energy" else "") for n in names], rows))


def lytle(path, d=1.92017, per_degree=4000.0):
    steps = np.arange(85290, 84000, -30)
    energy = HC / (2 * d * np.sin(np.radians(steps / per_degree)))
    i0, it, fluo = spectrum(energy, 8979, 48)
    lines = [" NPTS  NS CUEDGE  CUHITE   DSPACE  STPDEG  STEPMM  START    STOP     SCALE",
             "%5d   4  84294. 200000. 1.92017   4000.   3150.  85290.  84000.    2.000" % len(steps),
             "  DELTA:     30.", " DELEND:  84000.", "    SEC:   2.000",
             " OFFSET: 1830. 1937.  366.  851.", "COPPER FOIL, MADE FOR TESTS                  1-15-26"]
    rows = []
    for k, step in enumerate(steps):
        text = ["%12.5E" % v for v in (i0[k], it[k], fluo[k] if k else -0.5, 0.3 * it[k])]
        lines.append("%10d." % step + " " + "".join(text))
        rows.append([float(step)] + [float(t) for t in text])
    rows = [row + [HC / (2 * d * math.sin(math.radians(row[0] / per_degree)))] for row in rows]
    names = [("encoder", "1"), ("i0", ""), ("it", ""), ("if", ""), ("ir", ""), ("photon_energy", "eV")]
    write(path, ("\n".join(lines) + "\n").encode(), truth(names, rows))


def column_pairs(path):
    """Three spectra of 40, 46 and 35 points side by side."""
    pairs = []
    for k, (angle, points) in enumerate(((20, 40), (40, 46), (90, 35))):
        energy = np.round(1555 + np.arange(points) * (0.5 + 0.1 * k), 2)
        _, _, fluo = spectrum(energy, 1566, 49 + k)
        pairs.append((angle, energy, np.round(fluo / 1e4, 6)))
    lines = [",".join("E_%d,AlOx_%d" % (angle, angle) for angle, _, _ in pairs)]
    for row in range(max(len(e) for _, e, _ in pairs)):
        cells = []
        for _, energy, values in pairs:
            cells += ["%.2f" % energy[row], "%.6f" % values[row]] if row < len(energy) else ["", ""]
        lines.append(",".join(cells))
    columns = []
    for angle, energy, values in pairs:
        columns += [column("E_%d" % angle, "eV", energy), column("AlOx_%d" % angle, "1", values)]
    write(path, ("\n".join(lines) + "\n").encode(), {"synthetic": True, "columns": columns})


def dispersive(path, pixels=64):
    """One number a pixel, which is no energy."""
    _, it, _ = spectrum(8900 + np.arange(pixels) * 2.0, 8979, 52)
    rows = [[float(i + 1), float("%.6f" % (1.3 - it[i] / 1e5))] for i in range(pixels)]
    lines = [", 0 "] + [" %d ,%9.6f " % (row[0], row[1]) for row in rows]
    write(path, ("\r\n".join(lines) + "\r\n").encode(), truth([("pixel", "1"), ("signal", "1")], rows))


def station_scans(folder):
    dispersive(folder / "dispersive-csv/foil.csv")
    photon_factory(folder / "pf-9809/iron_foil.dat")
    srs_detector(folder / "srs/nine_elements.dat")
    srs_soft(folder / "srs/soft_station.dat")
    ssrl_text(folder / "ssrl/iron_foil.dat")
    ssrl_binary(folder / "ssrl-binary/collector_1.001", 1.3)
    ssrl_binary(folder / "ssrl-binary/collector_2.002", 2.0)
    x15b(folder / "x15b/sulfur")
    x10c(folder / "x10c/nickel_foil.dat")
    lytle(folder / "lytle/copper_foil.dat")
    column_pairs(folder / "column-pairs/three_angles.csv")
