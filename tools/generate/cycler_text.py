"""Small text logs of cyclers, with the truth in canonical names and units beside each."""

import datetime

import numpy as np

from freestanding_curve import write
from text_samples import column

START = datetime.datetime(2026, 1, 15, 9, 30, 0)
EPOCH = datetime.datetime(1970, 1, 1)


def cell(seed, rows=25, step=30.0):
    """A rest and four half cycles of a symmetric cell at 0.5 mA, one record every 30 s."""
    random = np.random.default_rng(seed)
    time = np.arange(rows) * step
    half = np.minimum(np.arange(rows) // 5, 5)
    current = np.where(half == 0, 0.0, np.where(half % 2 == 1, 5e-4, -5e-4))
    voltage = current * 80.0 * (1 + 0.2 * np.exp(-(np.arange(rows) % 5) / 3))
    voltage = voltage + 2e-4 * random.standard_normal(rows)
    dq = np.abs(current) * step / 3600
    charging = np.cumsum(np.where(current > 0, dq, 0))
    discharging = np.cumsum(np.where(current < 0, dq, 0))
    return {"time": time, "half": half, "current": current, "voltage": voltage,
            "charging": charging, "discharging": discharging,
            "stamp": [START + datetime.timedelta(seconds=float(t)) for t in time],
            "state": ["R" if i == 0 else "C" if i > 0 else "D" for i in np.sign(current)]}


def save(path, lines, truth, end="\n", encoding="utf-8"):
    columns = [column(name, unit, values) for name, unit, values in truth]
    write(path, (end.join(lines) + end).encode(encoding),
          {"synthetic": True, "rows": columns[0]["n"], "columns": columns})


def unix(stamps):
    return [(s - EPOCH).total_seconds() for s in stamps]


def numbers(values, form):
    """The values as the file holds them."""
    return [float(form % v) for v in values]


def maccor(folder):
    c = cell(1)
    n = len(c["time"])
    # Dialect 1: unsigned current, spans with days, State.
    lines = ["Today's Date 01/16/2026  Date of Test:\t01/15/2026\t Filename:\tmade for tests\t",
             "\t".join(["Rec#", "Cyc#", "Step", "TestTime", "StepTime", "Amp-hr", "Watt-hr", "Amps",
                        "Volts", "State", "ES", "DPt Time", "VAR1"])]
    for i in range(n):
        t = int(c["time"][i])
        span = "  0d %02d:%02d:%05.2f" % (t // 3600, t // 60 % 60, t % 60)
        lines.append("\t".join([
            str(i + 1), "0", str(c["half"][i] + 1), span, "  0d 00:00:%05.2f" % (t % 60),
            "%.8f" % c["charging"][i], "%.8f" % (c["charging"][i] * 0.04),
            "%.7f" % abs(c["current"][i]), "%.6f" % c["voltage"][i], c["state"][i],
            "1", c["stamp"][i].strftime("%m/%d/%Y %H:%M:%S"), "0.0000"]))
    save(folder / "dialect1.txt", lines, [
        ("test_time", "s", c["time"]), ("voltage", "V", numbers(c["voltage"], "%.6f")),
        ("current", "A", numbers(c["current"], "%.7f")), ("unix_time", "s", unix(c["stamp"]))],
        end="\r\n")
    # Dialect 2: minutes that do not say so, decimal comma, day first.
    lines = ["Name:\tmade for tests", "Channel:\t1", "Started\t15/01/2026 09:30:00", "SCap\t0,017", "",
             "\t".join(["Rec", "Cycle P", "Cycle C", "Step", "TestTime", "StepTime", "Cap. [Ah]",
                        "Ener. [Wh]", "Current [A]", "Voltage [V]", "Md", "ES", "DPT Time", "VAR1"]), ""]
    for i in range(n):
        lines.append("\t".join([
            str(i + 1), "0", "1", str(c["half"][i] + 1), ("%.6f" % (c["time"][i] / 60)),
            "%.6f" % (c["time"][i] % 300 / 60), "%.8f" % c["charging"][i], "0.00000000",
            "%.7f" % abs(c["current"][i]), "%.6f" % c["voltage"][i], c["state"][i], "1",
            c["stamp"][i].strftime("%d/%m/%Y %H:%M:%S"), "0.0000"]).replace(".", ","))
    save(folder / "dialect2.txt", lines, [
        ("test_time", "s", c["time"]), ("voltage", "V", numbers(c["voltage"], "%.6f")),
        ("current", "A", numbers(c["current"], "%.7f")), ("unix_time", "s", unix(c["stamp"]))])
    # mAmps, which stands beside mV under Volts; N/A cells; signed.
    lines = ["Today's Date 01/16/2026  Date of Test:\t01/15/2026\t",
             "\t".join(["Rec#", "Cyc#", "Step", "Test (Min)", "Step (Min)", "mAmp-hr", "mAmps", "Volts",
                        "State", "ES", "WF Chg Cap", "VAR1"])]
    for i in range(n):
        lines.append("\t".join([
            str(i + 1), "0", str(c["half"][i] + 1), "%.4f" % (c["time"][i] / 60), "0.5000",
            "%.6f" % (c["charging"][i] * 1e3), "%.4f" % (c["current"][i] * 1e3),
            "%.3f" % (c["voltage"][i] * 1e3), c["state"][i], "1", "N/A", "0.0000"]))
    save(folder / "milliampere.txt", lines, [
        ("test_time", "s", c["time"]),
        ("voltage", "V", [v / 1e3 for v in numbers(c["voltage"] * 1e3, "%.3f")]),
        ("current", "A", numbers(c["current"], "%.7f"))])


def bdf(folder):
    c = cell(2)
    half = c["half"]
    lines = ["Test Time / h,Current / A,Voltage / V,Cycle Count / 1,Step Index / 1,"
             "Charging Capacity / Ah,Discharging Capacity / Ah"]
    for i in range(len(half)):
        lines.append("%.15g,%.7g,%.6f,%d,%d,%.9f,%.9f" % (
            c["time"][i] / 3600, c["current"][i], c["voltage"][i], (half[i] + 1) // 2, half[i] + 1,
            c["charging"][i], c["discharging"][i]))
    save(folder / "labels.bdf.csv", lines, [
        ("test_time", "s", c["time"]), ("current", "A", c["current"]),
        ("voltage", "V", numbers(c["voltage"], "%.6f")), ("cycle_count", "1", (half + 1) // 2),
        ("step_id", "1", half + 1), ("charging_capacity", "A.h", numbers(c["charging"], "%.9f"))])
    lines = ["test_time_millisecond,voltage_volt,current_ampere,step_count,ambient_temperature_celsius"]
    for i in range(len(half)):
        lines.append("%d,%.6f,%.7g,%d,25.1" % (
            c["time"][i] * 1e3, c["voltage"][i], c["current"][i], half[i] + 1))
    save(folder / "machine.bdf", lines, [
        ("test_time", "s", c["time"]), ("current", "A", c["current"]),
        ("voltage", "V", numbers(c["voltage"], "%.6f")), ("step_count", "1", half + 1),
        ("ambient_temperature", "Cel", [25.1] * len(half))])


def novonix(path):
    c = cell(3)
    lines = ["[Summary]", "Novonix UHPC data file", "Channel: 01", "Area (cm2): 1.131",
             "Started: 2026-01-15 09:30:00", "[End Summary]", "[Protocol]",
             '{"Version":"made for tests","StepList":[{"StepType":3}]}', "[End Protocol]", "[Data]",
             "Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),"
             "Capacity (Ah),Temperature (\u00b0C),Step Number"]
    for i in range(len(c["time"])):
        lines.append("%s,%d,%d,%.7f,%.7f,%.8f,%.8f,%.8f,24.600,%d" % (
            c["stamp"][i].strftime("%Y-%m-%d %H:%M:%S"), (c["half"][i] + 1) // 2, 7,
            c["time"][i] / 3600, c["time"][i] % 300 / 3600, c["current"][i], c["voltage"][i],
            c["charging"][i], c["half"][i] + 1))
    save(path, lines, [
        ("test_time", "s", [t * 3600 for t in numbers(c["time"] / 3600, "%.7f")]),
        ("unix_time", "s", unix(c["stamp"])), ("current", "A", numbers(c["current"], "%.8f")),
        ("voltage", "V", numbers(c["voltage"], "%.8f")), ("step_id", "1", c["half"] + 1)])


def basytec(path):
    c = cell(4)
    lines = ["~Resultfile from Basytec Battery Test System", "~Name of Test: made for tests", "~Battery: cell",
             "~Start of Test: 15.01.2026 09:30:00", "~",
             "\t".join(["~Time[s]", "DataSet", "t-Step[s]", "Line", "Command", "U[V]", "I[A]", "Ah[Ah]",
                        "T1[\u00b0C]", "Cyc-Count", "State"])]
    words = {"R": "Pause", "C": "Charge", "D": "Discharge"}
    for i in range(len(c["time"])):
        lines.append("\t".join([
            "%.15g" % c["time"][i], str(i + 1), "%.15g" % (c["time"][i] % 300), str(c["half"][i] + 3),
            words[c["state"][i]], "%.15g" % c["voltage"][i], "%.15g" % c["current"][i],
            "%.15g" % (c["charging"][i] - c["discharging"][i]), "25.47953",
            str((c["half"][i] + 1) // 2), "1"]))
    save(path, lines, [
        ("test_time", "s", c["time"]), ("record_index", "1", np.arange(len(c["time"])) + 1),
        ("voltage", "V", numbers(c["voltage"], "%.15g")),
        ("current", "A", numbers(c["current"], "%.15g")),
        ("net_capacity", "A.h", numbers(c["charging"] - c["discharging"], "%.15g")),
        ("cycle_count", "1", (c["half"] + 1) // 2)], encoding="cp1252")


def pec(path):
    c = cell(5)
    lines = ["Request Year:,2026", "Test:,25205", "TestRegime Name:,made for tests", "Number Of Cells:,1",
             "Start Time:,01/15/2026 09:30:00",
             "Test,Cell,Rack,Shelf,Position,Cell ID,Step,Instruction Name,Cycle,"
             "Total Time (Hours in hh:mm:ss.xxx),Step Time (Seconds),Real Time,Voltage (mV),Current (mA),"
             "Charge Capacity (mAh),Discharge Capacity (mAh),50% DoD (mV),Temp (\u00b0C),ReasonCode"]
    for i in range(len(c["time"])):
        t = int(c["time"][i])
        lines.append("25205,1,ACT4,014,1,cell,%d,%s,%d,%02d:%02d:%02d.000,%d,%s,%.3f,%.4f,%.6f,%.6f,,%s,30" % (
            c["half"][i], "Idle" if c["state"][i] == "R" else "Charge" if c["state"][i] == "C" else "Discharge",
            (c["half"][i] + 1) // 2, t // 3600, t // 60 % 60, t % 60, t % 300,
            c["stamp"][i].strftime("%m/%d/%Y %H:%M:%S"), c["voltage"][i] * 1e3, c["current"][i] * 1e3,
            c["charging"][i] * 1e3, c["discharging"][i] * 1e3, "" if i == 0 else "19.26"))
    save(path, lines, [
        ("test_time", "s", c["time"]), ("unix_time", "s", unix(c["stamp"])),
        ("voltage", "V", [v / 1e3 for v in numbers(c["voltage"] * 1e3, "%.3f")]),
        ("current", "A", [v / 1e3 for v in numbers(c["current"] * 1e3, "%.4f")]),
        ("step_id", "1", c["half"]), ("cycle_count", "1", (c["half"] + 1) // 2)])


def generic(path):
    c = cell(6)
    lines = ["made for tests", "cell;symmetric", "index;Time (min);date;Voltage (mV);Current (mA);cycle"]
    for i in range(len(c["time"])):
        lines.append("%d;%.3f;%s;%.3f;%.4f;%d" % (
            i, c["time"][i] / 60, c["stamp"][i].isoformat(" "), c["voltage"][i] * 1e3,
            c["current"][i] * 1e3, (c["half"][i] + 1) // 2))
    save(path, lines, [
        ("test_time", "s", c["time"]), ("unix_time", "s", unix(c["stamp"])),
        ("voltage", "V", [v / 1e3 for v in numbers(c["voltage"] * 1e3, "%.3f")]),
        ("current", "A", [v / 1e3 for v in numbers(c["current"] * 1e3, "%.4f")]),
        ("cycle_count", "1", (c["half"] + 1) // 2)])


def cycler_texts(folder):
    """All of them."""
    maccor(folder / "maccor-text")
    bdf(folder / "bdf")
    novonix(folder / "novonix-csv/log.csv")
    basytec(folder / "basytec-text/export.txt")
    pec(folder / "pec-csv/export.csv")
    generic(folder / "cycler-text/columns.csv")
