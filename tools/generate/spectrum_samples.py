"""One spectrum with known counts in every format that multichannel analysers and RBS programs write."""

import struct

import numpy as np

from freestanding_curve import write
from text_samples import column

OFFSET, SLOPE = 19.375, 6.75  # exact in Float32 and in PDP-11 floats
LIVE, REAL = 540.24, 552.74  # multiples of 20 ms


def counts(seed, channels):
    """Counts of a thin oxide on carbon, without physics: two steps and a peak."""
    random = np.random.default_rng(seed)
    kev = OFFSET + SLOPE * np.arange(channels)
    top = OFFSET + SLOPE * channels
    shape = (120 * (kev < 0.3 * top) + 40 * (kev < 0.55 * top)
             + 900 * np.exp(-((kev - 0.8 * top) / (0.02 * top)) ** 2))
    return random.poisson(shape)


def truth(numbers, calibrated=True, first=0, unit="1", offset=OFFSET, slope=SLOPE, **more):
    channels = first + np.arange(len(numbers))
    columns = [column("channel", "1", channels), column("counts", unit, numbers)]
    if calibrated:
        columns.append(column("energy", "keV", offset + slope * channels))
    return {"synthetic": True, "rows": len(numbers), "total_counts": float(np.sum(numbers)),
            "columns": columns, **more}


def times(live=LIVE, real=REAL, start="2021-09-14T13:37:05"):
    return {"live_time": live, "real_time": real, "start": start}


def spe(folder):
    """Maestro with all its blocks and CRLF, and a short one without calibration."""
    n = counts(11, 96)
    head = ["$SPEC_ID:", "oxide on carbon", "$SPEC_REM:", "DET# 1", "DETDESC# surface barrier",
            "AP# made for tests", "$DATE_MEA:", "09/14/2021 13:37:05", "$MEAS_TIM:",
            f"{LIVE} {REAL}", "$DATA:", "0 95"]
    tail = ["$ROI:", "1", "70 80", "$PRESETS:", "None", "0", "0", "$ENER_FIT:", f"{OFFSET} {SLOPE}",
            "$MCA_CAL:", "3", f"{OFFSET:E} {SLOPE:E} 0.000000E+000 keV", "$SHAPE_CAL:", "3",
            "4.2E+000 0.0E+000 0.0E+000"]
    text = "\r\n".join(head + [f"{x:8d}" for x in n] + tail) + "\r\n"
    write(folder / "maestro.Spe", text.encode(), truth(n, **times()))
    n = counts(12, 41)
    text = "\n".join(["$SPEC_ID:", "without calibration", "$DATE_MEA:", "09/14/2021 00:00:00",
                      "$MEAS_TIM:", "300 300", "$DATA:", "0 40"] + [f"{x:6d}" for x in n]) + "\n"
    write(folder / "uncalibrated.spe", text.encode(),
          truth(n, False, **times(300, 300, "2021-09-14T00:00:00")))


def chn(folder):
    n = counts(13, 128)
    head = struct.pack("<hhh2sii8s4sHH", -1, 0, 1, b"05", round(REAL * 50), round(LIVE * 50),
                       b"14Sep211", b"1337", 0, len(n))
    detector, sample = b"surface barrier", b"oxide on carbon"
    trailer = struct.pack("<hh6f", -102, 0, OFFSET, SLOPE, 0, 4.2, 0, 0)
    trailer += bytes(256 - len(trailer)) + bytes([len(detector)]) + detector.ljust(63, b"\0")
    trailer += bytes([len(sample)]) + sample.ljust(63, b"\0")
    raw = head + n.astype("<i4").tobytes() + trailer.ljust(512, b"\0")
    write(folder / "oxide.Chn", raw, truth(n, **times()))


def spc(folder):
    """Whole counts (type 1) and real ones (type 5)."""
    for kind, name in [(1, "oxide.Spc"), (5, "oxide_float.Spc")]:
        n = counts(14 + kind, 96)
        words = [0] * 45
        words[0], words[1] = 1, kind
        words[4], words[5], words[6], words[17] = 2, 3, 4, 5
        words[30], words[31], words[32] = 6, 3, len(n)
        first = struct.pack("<45H2f", *words, REAL, LIVE).ljust(128, b"\0")
        acquisition = (b"made for tests  14-Sep-211\0\0" + b"13:37:05\0\0" + b"       540" + b"       552")
        calibration = bytes(20) + struct.pack("<3f", OFFSET, SLOPE, 0)
        records = [acquisition, b"oxide on carbon", b"surface barrier", calibration]
        raw = first + b"".join(r.ljust(128, b"\0") for r in records)
        raw += n.astype("<i4" if kind == 1 else "<f4").tobytes()
        real, live = float(np.float32(REAL)), float(np.float32(LIVE))
        write(folder / name, raw, truth(n, **times(live, real)))


def middle_endian(value):
    """A float of the PDP-11."""
    raw = struct.pack("<f", value * 4)
    return raw[2:] + raw[:2]


def cnf(folder):
    """Genie 2000: acquisition, sample and channel data, 256 channels."""
    n = counts(20, 256)
    energy, time = 200, 400

    def header(kind, start, size):
        fields = struct.pack("<BBBBHHHI", kind, 0x20, 1, 0, 0, size, 0, start)
        fields = fields.ljust(16, b"\0") + struct.pack("<H", 48)
        return (fields.ljust(34, b"\0") + struct.pack("<HH", energy, time)).ljust(48, b"\0")

    acquisition = bytearray(512)
    acquisition[128:142] = b"PHA " + bytes(6) + struct.pack("<H", len(n) // 256) + bytes(2)
    at = 32 + energy + 36
    acquisition[at:at + 8] = middle_endian(OFFSET) + middle_endian(SLOPE)
    acquisition[at + 28:at + 31] = b"keV"
    seconds = 1631626625 + 40587 * 86400  # 2021-09-14 13:37:05
    at = time + 1
    acquisition[at:at + 24] = struct.pack(
        "<Qqq", seconds * 10**7, -round(REAL * 1e7), -round(LIVE * 1e7))
    sample = b"oxide on carbon".ljust(208, b"\0")
    data = bytes(512 - 48) + n.astype("<u4").tobytes()
    start, blocks = 512, b""
    directory = b""
    for kind, body in [(0, bytes(acquisition)), (1, sample), (5, data)]:
        head = header(kind, start, len(body) + 48)
        directory += head
        blocks += head + body
        start += len(head) + len(body)
    raw = (struct.pack("<II", 0x400, 0x08000000).ljust(112, b"\0") + directory).ljust(512, b"\0")
    write(folder / "oxide.cnf", raw + blocks, truth(n, **times()))


def tka(folder):
    n = counts(21, 96)
    text = "\r\n".join([f"{LIVE}", f"{REAL}"] + [str(x) for x in n]) + "\r\n"
    write(folder / "oxide.tka", text.encode(), truth(n, False, **times(start=None)))


def iec(folder):
    n = counts(22, 102)

    def record(text=""):
        return "A004" + text.ljust(64)

    lines = [record("MADEUP  OXIDE   0   0     0"), record(f"{LIVE:12.2f}{REAL:12.2f}{len(n):6d}"),
             record("09/14/21 13:37:05 09/14/21 13:00:00"),
             record("".join(f"{c:15.8E}" for c in (OFFSET, SLOPE, 0, 0))),
             record("".join(f"{c:15.8E}" for c in (4.2, 0, 0, 0))), record("made for tests".rjust(64)),
             record(), record(), record(), record()]
    lines += [record("".join(f"{c:16.9E}" for c in (0, 0, 0, 0)))] * 36 + [record()] * 12
    lines += ["A004" + f"{i:6d}" + "".join(f"{x:10d}" for x in n[i:i + 5]) for i in range(0, len(n), 5)]
    write(folder / "oxide.iec", ("\r\n".join(lines) + "\r\n").encode(), truth(n, **times()))


def counted_zeros(n):
    words, zeros = [], 0
    for x in list(n) + [None]:
        if x == 0:
            zeros += 1
            continue
        if zeros:
            words.append(f"0 {zeros}")
        zeros = 0
        if x is not None:
            words.append(str(x))
    return " ".join(words)


def n42(folder):
    """Two spectra in the edition of 2012, and one in that of 2006."""
    n, m = counts(23, 96), counts(24, 96)

    def measurement(name, values):
        return f"""  <RadMeasurement id="{name}">
    <MeasurementClassCode>Foreground</MeasurementClassCode>
    <StartDateTime>2021-09-14T13:37:05+02:00</StartDateTime>
    <RealTimeDuration>PT9M12.74S</RealTimeDuration>
    <Spectrum id="{name}Spectrum" energyCalibrationReference="line">
      <LiveTimeDuration>PT540.24S</LiveTimeDuration>
      <ChannelData compressionCode="CountedZeroes">{counted_zeros(values)}</ChannelData>
    </Spectrum>
  </RadMeasurement>
"""
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<RadInstrumentData xmlns="http://physics.nist.gov/N42/2011/N42">
  <RadInstrumentDataCreatorName>made for tests</RadInstrumentDataCreatorName>
  <EnergyCalibration id="line">
    <CoefficientValues>{OFFSET} {SLOPE} 0</CoefficientValues>
  </EnergyCalibration>
{measurement("first", n)}{measurement("second", m)}</RadInstrumentData>
"""
    write(folder / "two_spectra.n42", text.encode(), truth(n, spectra=2, **times()))
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<N42InstrumentData xmlns="http://physics.nist.gov/Divisions/Div846/Gp4/ANSIN4242/2005/ANSIN4242">
  <Measurement>
    <Spectrum Type="PHA" ID="one">
      <StartTime>2021-09-14T13:37:05Z</StartTime>
      <RealTime>PT552.74S</RealTime>
      <LiveTime>PT540.24S</LiveTime>
      <Calibration Type="Energy" EnergyUnits="MeV"><Equation Model="Polynomial">
        <Coefficients>{OFFSET / 1000} {SLOPE / 1000}</Coefficients>
      </Equation></Calibration>
      <ChannelData>{" ".join(str(x) for x in n)}</ChannelData>
    </Spectrum>
  </Measurement>
</N42InstrumentData>
"""
    write(folder / "edition_2006.xml", text.encode(), truth(n, **times()))


def mca(folder):
    n = counts(25, 96)
    points = [f"{c} {OFFSET + SLOPE * c}" for c in (10, 80)]
    lines = ["<<PMCA SPECTRUM>>", "TAG - live_data", "DESCRIPTION - oxide on carbon", "GAIN - 0",
             "THRESHOLD - 10", "LIVE_MODE - 0", "PRESET_TIME - 0", f"LIVE_TIME - {LIVE:.6f}",
             f"REAL_TIME - {REAL:.6f}", "START_TIME - 09/14/2021 13:37:05", "SERIAL_NUMBER - 1912",
             "<<CALIBRATION>>", "LABEL - keV"] + points + ["<<ROI>>", "70 80", "<<DATA>>"]
    lines += [str(x) for x in n]
    lines += ["<<END>>", "<<DP5 CONFIGURATION>>", "RESC=?;    Reset Configuration",
              "MCAC=96;    MCA/MCS Channels", "<<DP5 CONFIGURATION END>>", "<<DPP STATUS>>",
              "Device Type: DP5", "<<DPP STATUS END>>"]
    write(folder / "oxide.mca", ("\r\n".join(lines) + "\r\n").encode(), truth(n, **times()))


def mpa(folder):
    """Two converters, and a coincidence map that no spectrum may take up."""
    n, m = counts(26, 64), counts(27, 64)
    lines = ["[MPA4A] 09/14/2021 13:37:05", "fmt=asc",
             "REPORT-FILE from 09/14/2021 13:37:05.120  written 09/14/2021 13:46:18",
             "cmline0= oxide on carbon"]
    for number in (1, 2):
        lines += [f"[ADC{number}]", "range=64", "active=1", f"caloff={OFFSET}", f"calfact={SLOPE}",
                  "caluse=1", "calunit=keV", f"realtime={REAL}", f"livetime={LIVE}"]
    for number, values in enumerate((n, m)):
        lines += [f"[TDAT{number},64 ]"] + [str(x) for x in values]
    lines += ["[CDAT0,4 ]", "0", "1", "2", "3"]
    write(folder / "two_converters.mpa", ("\r\n".join(lines) + "\r\n").encode(),
          truth(n, spectra=2, **times()))


def step(value):
    """A difference of RUMP's compression 2, where it fits 16 bits."""
    return struct.pack(">b", value) if -128 < value < 128 else b"\x80" + struct.pack(">h", value)


def without_zeros(raw, marker=0x7F):
    """RUMP's compression 3: runs of zeros behind a marker."""
    out, i = bytearray([0x80, marker]), 0
    while i < len(raw):
        if raw[i] == 0:
            run = 1
            while i + run < len(raw) and raw[i + run] == 0 and run < 255:
                run += 1
            out += bytes([marker, run]) if run > 2 else bytes(run)
            i += run
        else:
            out += bytes([marker, 0]) if raw[i] == marker else raw[i:i + 1]
            i += 1
    return bytes(out)


def rump(folder):
    """The four compressions; the counts of the last one stand in two records."""

    def record(kind, data):
        data += bytes(-len(data) % 4)
        words = struct.pack(">II", len(data) // 4 + 3, kind) + data
        total = sum(struct.unpack(f">{len(words) // 4}I", words)) & 0xFFFFFFFF
        return words + struct.pack(">I", -total & 0xFFFFFFFF)

    def text(words):
        return struct.pack(">I", len(words)) + words

    for mode in range(4):
        n = counts(28 + mode, 96)
        if mode == 3:
            n = np.concatenate([n, np.zeros(904, int), counts(27, 96)])
        raw = record(0, struct.pack(">III", 0x10211210, 0x10001, 0)[:8])
        raw += record(0x101, text(b"oxide on carbon"))
        raw += record(0x102, text(f"LT={LIVE} CT={REAL}".encode()))
        raw += record(0x103, text(b"14-Sep-2021 13:37:05"))
        raw += record(0x110, struct.pack(">f", 1))
        raw += record(0x111, struct.pack(">fififf", 2, 2, 4.0026, 1, 16, 10))
        raw += record(0x112, struct.pack(">ffif", SLOPE, OFFSET, 0, 15))
        raw += record(0x120, struct.pack(">iffff", 1, -7, 10, 17, 3))
        raw += record(0x1234, struct.pack(">I", 42))
        raw += record(0x10, struct.pack(">II", mode, len(n)))
        for part in [n[:1024], n[1024:]][:1 + (len(n) > 1024)]:
            if mode == 0:
                data = part.astype(">f4").tobytes()
            elif mode == 1:
                data = part.astype(">i4").tobytes()
            else:
                data = struct.pack(">i", part[0]) + b"".join(step(int(d)) for d in np.diff(part))
                data = without_zeros(data) if mode == 3 else data
            raw += record(0x12 + mode if mode == 1 else 0x11, data)
        write(folder / f"mode{mode}.rbs", raw, truth(
            n, **times(), energy=2000, ion="4He", charge=16, geometry="ibm", incidence=7, scattering=170,
            exit=17, solid_angle=3, fwhm=15))


def macro(folder):
    n = counts(29, 96)
    lines = ["Empty File 'c:\\rbs\\oxide.RBS", f"Identifier 'oxide.RBS  170 Degree RBS LT =  {LIVE} RT  {REAL}",
             "Date       '13:37:05  09-14-2021", f"Conversion  {SLOPE}   {OFFSET} ", "MeV 2.000",
             "Beam He+", "Geometry IBM", "Theta -07.0", "Phi  10", "Psi 17.0", "Omega 3.0",
             "Choff 0 FWHM 15", "Current 010.00", "Charge 16", "Swallow"]
    lines += [" " + " ".join(f"{x:<13d}" for x in n[i:i + 4]) for i in range(0, len(n), 4)]
    write(folder / "oxide.RBS", ("\r\n".join(lines) + "\r\n").encode(), truth(
        n, **times(), energy=2000, ion="4He", charge=16, geometry="ibm", incidence=7, scattering=170,
        exit=17, solid_angle=3, fwhm=15))


def plain(folder):
    """Text as programs and spreadsheets write it."""
    n = counts(30, 64)
    kev = [OFFSET + SLOPE * i for i in range(len(n))]
    lines = ["Kanal;Energie (keV);Z\u00e4hler"]
    lines += [f"{i};{e:.3f};{x:.1f}".replace(".", ",") for i, (e, x) in enumerate(zip(kev, n))][:40]
    write(folder / "german.csv", ("\r\n".join(lines) + "\r\n").encode("cp1252"), truth(n[:40]))
    text = "".join(f"{x}\n" for x in n)
    write(folder / "one_column.txt", text.encode(), truth(n, False))
    order = np.random.default_rng(31).permutation(40) + 20
    rows = [(c, int(x)) for c, x in zip(order, n[20:60])]
    # One channel comes in two parts, and channel 10 before a gap.
    rows[3:4] = [(rows[3][0], rows[3][1] - 1), (10, 5), (rows[3][0], 1)]
    by_channel = np.zeros(50)
    for c, x in rows:
        by_channel[c - 10] += x
    text = "".join(f"{c}\t{x}\n" for c, x in rows)
    write(folder / "unordered.dat", text.encode(), truth(by_channel, False, first=10))
    lines = [f"LiveTime: {LIVE} seconds", f"RealTime: {REAL} seconds", "StartTime: 2021-09-14T13:37:05",
             "Title: oxide on carbon", "Channel Energy Counts"]
    lines += [f"{i} {e} {x}" for i, (e, x) in enumerate(zip(kev, n))][:40]
    write(folder / "with_header.txt", ("\n".join(lines) + "\n").encode(), truth(n[:40], **times()))


def spectra(root):
    plain(root / "spectrum-text")
    spe(root / "ortec-spe")
    chn(root / "ortec-chn")
    spc(root / "ortec-spc")
    cnf(root / "canberra-cnf")
    tka(root / "canberra-tka")
    iec(root / "iec1455")
    n42(root / "n42")
    mca(root / "amptek-mca")
    mpa(root / "fastcomtec-mpa")
    rump(root / "rump-binary")
    macro(root / "rump-macro")
