"""Workbooks (.xlsx) as cyclers' programs export them, with the truth beside each."""

import io
import zipfile

import numpy as np

from freestanding_curve import write
from text_samples import column

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def letters(index):
    text = ""
    while index >= 0:
        text = chr(65 + index % 26) + text
        index = index // 26 - 1
    return text


class Date(float):
    """Days since 1899-12-30 in a style of dates."""


def workbook(sheets, inline=False, prefix="", last=False):
    """The file of sheets, each a name and rows of cells: text, number, Date, bool or None.

    `inline` writes texts into their cells, `prefix` puts one before all tags of the sheets, `last`
    writes the list of sheets behind them, as openpyxl does.
    """
    texts, parts = {}, []

    def cell(row, index, value):
        place = "%s%d" % (letters(index), row)
        c, v = prefix + "c", prefix + "v"
        if value is None:
            return '<%s r="%s" s="0"/>' % (c, place)
        if isinstance(value, bool):
            return '<%s r="%s" t="b"><%s>%d</%s></%s>' % (c, place, v, value, v, c)
        if isinstance(value, str):
            if inline:
                t = prefix + "t"
                return '<%s r="%s" t="inlineStr"><%sis><%s>%s</%s></%sis></%s>' % (
                    c, place, prefix, t, escaped(value), t, prefix, c)
            number = texts.setdefault(value, len(texts))
            return '<%s r="%s" t="s"><%s>%d</%s></%s>' % (c, place, v, number, v, c)
        style = ' s="1"' if isinstance(value, Date) else ""
        return '<%s r="%s"%s><%s>%s</%s></%s>' % (c, place, style, v, repr(float(value)), v, c)

    for n, (_, rows) in enumerate(sheets):
        width = max(len(r) for r in rows)
        body = "".join(
            '<%srow r="%d">%s</%srow>' % (
                prefix, i + 1, "".join(cell(i + 1, k, v) for k, v in enumerate(row)), prefix)
            for i, row in enumerate(rows))
        space = 'xmlns%s="%s"' % (":" + prefix[:-1] if prefix else "", MAIN)
        parts.append(("xl/worksheets/sheet%d.xml" % (n + 1), HEAD + (
            '<%sworksheet %s><%sdimension ref="A1:%s%d"/><%ssheetData>%s</%ssheetData>'
            '</%sworksheet>') % (prefix, space, prefix, letters(width - 1), len(rows), prefix, body,
                                 prefix, prefix)))
    listed = "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (escaped(name), n + 1, n + 1)
                     for n, (name, _) in enumerate(sheets))
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    kinds = [("worksheet", "worksheets/sheet%d.xml" % (n + 1)) for n in range(len(sheets))]
    kinds += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    related = "".join('<Relationship Id="rId%d" Type="%s%s" Target="%s"/>' % (n + 1, office, k, t)
                      for n, (k, t) in enumerate(kinds))
    sml = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    typed = [("workbook.xml", "sheet.main")] + [
        ("worksheets/sheet%d.xml" % (n + 1), "worksheet") for n in range(len(sheets))]
    typed += [("styles.xml", "styles"), ("sharedStrings.xml", "sharedStrings")]
    front = [
        ("[Content_Types].xml", HEAD + '<Types xmlns="%scontent-types"><Default Extension="rels" '
         'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>%s</Types>' % (
             PACKAGE, "".join('<Override PartName="/xl/%s" ContentType="%s%s+xml"/>' % (n, sml, k)
                              for n, k in typed))),
        ("_rels/.rels", HEAD + '<Relationships xmlns="%srelationships"><Relationship Id="rId1" '
         'Type="%sofficeDocument" Target="xl/workbook.xml"/></Relationships>' % (PACKAGE, office)),
    ]
    book = [
        ("xl/workbook.xml", HEAD + '<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>'
         % (MAIN, RELATIONS, listed)),
        ("xl/_rels/workbook.xml.rels", HEAD + '<Relationships xmlns="%srelationships">%s'
         '</Relationships>' % (PACKAGE, related)),
        ("xl/styles.xml", HEAD + '<styleSheet xmlns="%s"><numFmts count="1"><numFmt numFmtId="164" '
         'formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><cellXfs count="2">'
         '<xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>' % MAIN),
    ]
    shared = [("xl/sharedStrings.xml", HEAD + '<sst xmlns="%s">%s</sst>' % (
        MAIN, "".join("<si><t>%s</t></si>" % escaped(t) for t in texts)))]
    members = front + (parts + shared + book if last else book + parts + shared)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))
    return out.getvalue()


def cell_log(rows, seed):
    """Time, step, voltage, current and capacity of a symmetric cell at ±0.2 mA, one record a minute."""
    random = np.random.default_rng(seed)
    n = np.arange(rows)
    time = n * 60.0
    step = n // 10
    current = np.where(step == 0, 0.0, np.where(step % 2 == 1, 2e-4, -2e-4))
    voltage = np.round(np.sign(current) * 0.04 + 1e-4 * random.standard_normal(rows), 6)
    within = n % 10 * 60.0
    capacity = np.abs(current) * within / 3600
    return time, within, step, voltage, current, capacity


def truth(columns, **more):
    return {"synthetic": True, **more, "columns": [column(*c) for c in columns]}


def arbin(path, rows=24, seed=41):
    """Global_Info and one channel whose records are split over two sheets."""
    time, within, step, voltage, current, capacity = cell_log(rows, seed)
    stamp = 45292.5 + time / 86400
    labels = ["Date_Time", "Test_Time(s)", "Step_Time(s)", "Step_Index", "Cycle_Index", "Voltage(V)",
              "Current(A)", "Charge_Capacity(Ah)", "Discharge_Capacity(Ah)",
              "Internal Resistance(Ohm)", "dV/dt(V/s)"]
    charge = np.where(current > 0, capacity, 0.0)
    discharge = np.where(current < 0, capacity, 0.0)
    body = [[Date(stamp[i]), time[i], within[i], step[i] + 1, step[i] // 2 + 1, voltage[i], current[i],
             charge[i], discharge[i], None, 0.0] for i in range(rows)]
    info = [[None, None, None, "TEST REPORT"], [],
            ["Channel", "Start DateTime", "Schedule File Name", "Creator"],
            [11, Date(45292.5), "symmetric & slow.sdu", "generator"]]
    half = rows // 2
    raw = workbook([("Global_Info", info), ("Channel_11_1", [labels] + body[:half]),
                    ("Channel_11_2", [labels] + body[half:])])
    write(path, raw, truth([
        ("test_time", "s", time), ("voltage", "V", voltage), ("current", "A", current),
        ("schedule_charging_capacity", "A.h", charge),
        ("unix_time", "s", (stamp - 25569) * 86400)], table="Channel_11", rows=rows))


def land_hours(path, rows=30, seed=42):
    """Sheets Record, Mode and Cycle; hours, mA and mAh; one cell without a number."""
    time, within, step, voltage, current, capacity = cell_log(rows, seed)
    hours = np.round(time / 3600, 6)
    states = ["R" if s == 0 else "C_CC" if s % 2 else "D_CC" for s in step]
    record = [["Index", "TestTime/h", "StepTime/h", "Voltage/V", "Current/mA", "Capacity/mAh",
               "State"]]
    record += [[i + 1, hours[i], within[i] / 3600, voltage[i], current[i] * 1e3, capacity[i] * 1e3,
                states[i]] for i in range(rows)]
    mode = [["Index", "Mode", "Period/h", "Capacity/mAh"], [1, "Rest", 0.15, 0.0],
            [2, "Charge CC", 0.15, 0.03]]
    cycle = [["Index", "Charge-Cap/mAh", "Efficiency/%"], [1, 0.03, 100.0]]
    raw = workbook([("Record", record), ("Mode", mode), ("Cycle", cycle)], last=True)
    write(path, raw, truth([
        ("test_time", "s", hours * 3600), ("voltage", "V", voltage),
        ("current", "A", current * 1e3 / 1e3)], table="Record", rows=rows))


def land_seconds(path, rows=36, seed=43):
    """Sheets Cycle-Tab and Record-Tab; texts in their cells, tags with a prefix."""
    time, within, step, voltage, current, capacity = cell_log(rows, seed)
    record = [["Record", "SysTime", "TestTime/Sec", "StepTime/Sec", "Voltage/V", "Current/mA",
               "Capacity/mAh", "State"]]
    record += [[i + 1, "2024-01-01 %02d:%02d:00" % (i // 60, i % 60), time[i], within[i], voltage[i],
                current[i] * 1e3, capacity[i] * 1e3, "Rest" if step[i] == 0 else "CC"]
               for i in range(rows)]
    cycle = [["Cycle", "Charge-Cap/mAh"], [1, 0.03]]
    raw = workbook([("Cycle-Tab", cycle), ("Record-Tab", record)], inline=True, prefix="x:")
    start = (45292 - 25569) * 86400.0
    write(path, raw, truth([
        ("test_time", "s", time), ("voltage", "V", voltage), ("unix_time", "s", start + time)],
        table="Record-Tab", rows=rows))


def neware(path, rows=24, seed=44):
    """Sheets unit, record and step; spans of time and dates as text."""
    time, within, step, voltage, current, capacity = cell_log(rows, seed)

    def span(seconds):
        return "%02d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)
    record = [["DataPoint", "Cycle Index", "Step Index", "Step Type", "Time", "Total Time",
               "Current(mA)", "Voltage(V)", "Capacity(mAh)", "Date"]]
    record += [[i + 1, step[i] // 2 + 1, step[i] + 1, "Rest" if step[i] == 0 else "CC Chg", span(within[i]),
                span(time[i]), current[i] * 1e3, voltage[i], capacity[i] * 1e3,
                "2024-01-01 %s" % span(time[i])] for i in range(rows)]
    steps = [["Cycle Index", "Step Index", "Step Type"], [1, 1, "Rest"], [1, 2, "CC Chg"]]
    raw = workbook([("unit", [["Device", "Unit", "Channel"], ["27", "1", "3"]]), ("record", record),
                    ("step", steps)])
    write(path, raw, truth([
        ("test_time", "s", time), ("step_time", "s", within), ("voltage", "V", voltage)],
        table="record", rows=rows))


def generic(path, rows=120, seed=45):
    """One sheet with two lines above the labels and a blank column."""
    time, within, step, voltage, current, capacity = cell_log(rows, seed)
    table = [["made by hand"], ["cell 12, room 4"], ["Time (s)", None, "Voltage (V)", "Current (mA)", "Remark"]]
    table += [[time[i], None, voltage[i], current[i] * 1e3, "start" if i == 0 else None]
              for i in range(rows)]
    write(path, workbook([("Sheet1", table)], last=True), truth([
        ("test_time", "s", time), ("voltage", "V", voltage)], table="Sheet1", rows=rows))

def arbin_text(path, rows=40, seed=46):
    """Arbin's csv: a byte-order mark, a tab before each date, empty cells."""
    time, within, step, voltage, current, capacity = cell_log(rows, seed)
    labels = ("Data Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),"
              "Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah),mAh/g,ACR (Ohm),dV/dt (V/s)")
    lines = [labels]
    charge = np.where(current > 0, capacity, 0.0)
    for i in range(rows):
        clock = "01/13/2024 %02d:%02d:00.000" % (8 + i // 60, i % 60)
        lines.append("%d,\t%s,%r,%r,%d,%d,%r,%r,%r,%r,0,,%r" % (
            i + 1, clock, float(time[i]), float(within[i]), step[i] // 2 + 1, step[i] + 1,
            float(current[i]), float(voltage[i]), float(charge[i]),
            float(capacity[i] - charge[i]), 1e-5))
    raw = b"\xef\xbb\xbf" + ("\n".join(lines) + "\n").encode()
    start = (45304 - 25569) * 86400.0 + 8 * 3600
    write(path, raw, truth([
        ("test_time", "s", time), ("voltage", "V", voltage), ("current", "A", current),
        ("schedule_charging_capacity", "A.h", charge), ("unix_time", "s", start + time)],
        rows=rows))


def workbooks(root):
    arbin(root / "arbin-xlsx/split_channel.xlsx")
    land_hours(root / "land-xlsx/record_mode_cycle.xlsx")
    land_seconds(root / "land-xlsx/record_tab.xlsx")
    neware(root / "neware-xlsx/record.xlsx")
    generic(root / "xlsx/by_hand.xlsx")
    arbin_text(root / "arbin-csv/tab_before_date.csv")
