"""Exports files with the program and shows each export to the reader that its users have.

Called by tools/check-exports, inside an environment that holds the readers. A line a reader: how many files, how many it
accepts, how many numbers were compared bit for bit with our own csv.
"""

import argparse
import csv
import importlib.metadata
import itertools
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
csv.field_size_limit(1 << 30)
# The rows of values that a sheet holds.
MOST_ROWS = 1_048_576 - 2


class Report:
    """What one reader said."""

    def __init__(self, reader, package):
        try:
            version = importlib.metadata.version(package)
        except (importlib.metadata.PackageNotFoundError, ValueError):
            version = None
        self.reader, self.version = reader, version
        self.files = self.good = self.numbers = 0
        # Sheets too large to be compared whole.
        self.partial = 0
        self.complaints = []

    def accept(self, numbers=0):
        self.files += 1
        self.good += 1
        self.numbers += numbers

    def refuse(self, name, why):
        self.files += 1
        self.complaints.append(f"{os.path.basename(name)}: {str(why).splitlines()[0][:200]}")

    def show(self):
        if self.version is None:
            print(f"{self.reader:28} not installed: skipped")
            return
        print(f"{self.reader + ' ' + self.version:28} {self.good:>5} of {self.files:<5} {self.numbers:>10}")
        if self.partial:
            print(f"    {self.partial} sheets were opened and compared in part")
        for line in self.complaints[:20]:
            print("    " + line)
        if len(self.complaints) > 20:
            print(f"    and {len(self.complaints) - 20} more")


def export(tool, target, inputs, folder):
    """Runs the program on every input; damaged files are its business, not this script's."""
    os.makedirs(folder, exist_ok=True)
    run = subprocess.run(
        [tool, "export", *inputs, "--to", target, "-o", folder, "--quiet"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if run.returncode not in (0, 1):
        sys.exit(f"export --to {target} ended with {run.returncode}")
    return sorted(os.path.join(folder, n) for n in os.listdir(folder) if not n.startswith("."))


def same_cell(cell, text):
    """Whether a cell of a workbook holds what our csv says."""
    if cell is None:
        return text == ""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, (int, float)):
        try:
            return float(text) == float(cell)
        except ValueError:
            return False
    if text.startswith("'"):
        text = text[1:]
    # A character that XML forbids is _xHHHH_ in a workbook, which openpyxl leaves as it is.
    plain = re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), cell)
    return text in (cell, plain) or cell.replace("\r\n", "\n") == text.replace("\r\n", "\n")


def check_csvw(files, report):
    from csvw import CSVW
    for name in files:
        if not name.endswith(".csv-metadata.json"):
            continue
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            try:
                document = CSVW(name, validate=True)
                problems = [str(w.message) for w in document.warnings]
                if not document.is_valid or problems:
                    report.refuse(name, problems or [str(w.message) for w in seen] or "not valid")
                else:
                    report.accept()
            except Exception as error:
                report.refuse(name, error)


def check_frictionless(folder, report):
    program = os.path.join(os.path.dirname(sys.executable), "frictionless")
    run = subprocess.run(
        [program, "validate", "datapackage.json", "--json"], cwd=folder, capture_output=True, text=True)
    try:
        tasks = json.loads(run.stdout)["tasks"]
    except (ValueError, KeyError):
        return report.refuse("datapackage.json", (run.stdout + run.stderr).strip() or run.returncode)
    for task in tasks:
        if task["valid"]:
            report.accept(task["stats"].get("rows", 0) * task["stats"].get("fields", 0))
        else:
            report.refuse(task["name"], task["errors"][0]["message"] if task["errors"] else task)


def check_workbooks(books, tables, cells, report):
    """Every sheet beside our csv of the same table, matched by its provenance sheet, row by row as both are read.

    Of a sheet of more than `cells` cells only that many are compared, and its stated size with what is left of the csv.
    """
    import openpyxl
    for name in books:
        try:
            book = openpyxl.load_workbook(name, read_only=True)
            provenance = [[c or "" for c in row] for row in book["provenance"].iter_rows(min_row=3, values_only=True)]
            source = next((row[1] for row in provenance if row[0] == "file"), "")
            sheets = {}
            for row in provenance:
                if row[1] and row[2]:
                    sheets.setdefault(row[0], row[1])
            unknown = [title for title in book.sheetnames if title not in sheets and title != "provenance"]
            if any(cell is not None for title in unknown for row in book[title].iter_rows(values_only=True) for cell in row):
                raise ValueError(f"sheet {unknown[0]} is not in the sheet provenance")
            numbers = 0
            place = (None, 0, 0)
            for title, table in sheets.items():
                if title == "metadata":
                    continue
                if (source, table) not in tables:
                    raise ValueError(f"no csv of table {table}")
                # A table that no sheet holds goes on over further ones, first across and then down.
                known, row, column = place
                if known != table:
                    row, column = 0, 0
                seen, used, width, down = compare_sheet(book[title], tables[source, table], row, column, cells)
                numbers += seen
                report.partial += used < down
                place = (table, row, column + used_columns(book[title]))
                if place[2] >= width:
                    place = (table, row + down, 0)
            report.accept(numbers)
            book.close()
        except Exception as error:
            report.refuse(name, f"{type(error).__name__ if not isinstance(error, ValueError) else ''} {error}".strip())


def used_columns(sheet):
    return sheet.max_column or 0


def compare_sheet(sheet, path, row, column, cells):
    """Compares a sheet with the rows and columns of a csv from a place on.

    Gives the values that were compared, the rows that were, the width of the csv, and the rows of the sheet.
    """
    across = used_columns(sheet)
    down = max(0, (sheet.max_row or 0) - 2)
    number = compared = 0
    limit = max(1, cells // max(1, across))
    with open(path, newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        width = len(next(lines))
        whole = row == 0 and across == width
        theirs = sheet.iter_rows(min_row=3, values_only=True)
        for texts in itertools.islice(lines, row, row + min(down, limit)):
            found = next(theirs, None)
            if found is None:
                raise ValueError(f"sheet {sheet.title} ends after {compared} of {down} rows")
            texts = texts if whole else texts[column : column + across]
            for i, text in enumerate(texts):
                cell = found[i] if i < len(found) else None
                if not same_cell(cell, text):
                    raise ValueError(f"sheet {sheet.title} row {compared + 3}: {cell!r} beside {text!r}")
                number += cell is not None
            compared += 1
        if compared < min(down, limit):
            raise ValueError(f"sheet {sheet.title} has {down} rows, the csv {row + compared}")
        rest = sum(1 for _ in lines) if down < MOST_ROWS else 0
        if compared + rest != down and down < MOST_ROWS:
            raise ValueError(f"sheet {sheet.title} has {down} rows, the csv {compared + rest} from row {row + 1} on")
        return number, compared, width, down


def check_bdf(files, report):
    """`bdf validate FILE` in this process: what its program runs, without starting Python for each file."""
    from bdf.cli import app
    from typer.testing import CliRunner
    for name in files:
        if not name.endswith(".bdf.csv"):
            continue
        run = CliRunner().invoke(app, ["validate", name])
        if run.exit_code == 0:
            report.accept()
        else:
            report.refuse(name, run.output.strip() or run.exception or run.exit_code)


def check_bpx(files, report):
    import bpx
    for name in files:
        try:
            parsed = bpx.parse_bpx_file(name)
            source = json.load(open(name, encoding="utf-8"))
            numbers = 0
            for key, series in (parsed.validation or {}).items():
                ours = source["Validation"][key]
                for field, label in (("time", "Time [s]"), ("current", "Current [A]"), ("voltage", "Voltage [V]")):
                    if list(getattr(series, field)) != ours[label]:
                        raise ValueError(f"{key} {field} differs")
                    numbers += len(ours[label])
            report.accept(numbers)
        except Exception as error:
            report.refuse(name, error)


def check_images(files, report):
    from vtkmodules.vtkIOXML import vtkXMLImageDataReader
    for name in files:
        reader = vtkXMLImageDataReader()
        reader.SetFileName(name)
        reader.Update()
        image = reader.GetOutput()
        data = image.GetPointData()
        points = image.GetNumberOfPoints()
        if points == 0 or reader.GetErrorCode():
            report.refuse(name, f"error {reader.GetErrorCode()}, {points} points")
        elif any(data.GetArray(i).GetNumberOfTuples() != points for i in range(data.GetNumberOfArrays())):
            report.refuse(name, "an array does not fill the image")
        else:
            report.accept(points * data.GetNumberOfArrays())


def check_xdi(files, report):
    from larch.io import read_xdi
    for name in files:
        try:
            group = read_xdi(name)
            ours = [
                [float(x) for x in line.split()]
                for line in open(name, encoding="utf-8")
                if line.strip() and not line.startswith("#")
            ]
            numbers = 0
            for position, column in enumerate(zip(*ours)):
                theirs = [float(x) for x in group.data[position]]
                if len(theirs) != len(column) or any(
                    a != b and not (math.isnan(a) and math.isnan(b)) for a, b in zip(theirs, column)
                ):
                    raise ValueError(f"column {position + 1} differs")
                numbers += len(column)
            report.accept(numbers)
        except Exception as error:
            report.refuse(name, error)


def check_idf(files, jabs, report):
    """JaBS makes a script and a spectrum of each document; its counts are those of the document."""
    import shutil
    import xml.etree.ElementTree as tree
    for name in files:
        with tempfile.TemporaryDirectory() as folder:
            # JaBS knows the format by its suffix.
            path = os.path.join(folder, "spectrum.xml")
            shutil.copy(name, path)
            run = subprocess.run([jabs, "idf2jbs", path], cwd=folder, capture_output=True, text=True)
            if run.returncode != 0 or not os.path.exists(os.path.join(folder, "spectrum.jbs")):
                report.refuse(name, (run.stderr + run.stdout).strip() or run.returncode)
                continue
            ours = measured_counts(tree.parse(name))
            theirs = {}
            path = os.path.join(folder, "spectrum_exp.dat")
            for line in open(path) if os.path.exists(path) else []:
                fields = line.split()
                if len(fields) == 2 and not line.startswith("#"):
                    theirs[int(fields[0])] = float(fields[1])
            # JaBS begins at channel 0.
            theirs = {x: y for x, y in theirs.items() if x in ours or y != 0}
            # Its spectrum has six digits.
            if theirs.keys() != ours.keys() or any(
                abs(theirs[x] - y) > 5e-6 * abs(y) for x, y in ours.items()
            ):
                report.refuse(name, f"{len(theirs)} channels of {len(ours)}, or other counts")
            else:
                report.accept(len(ours))


def measured_counts(document):
    """The counts of the first measured spectrum of an IDF document by channel."""
    space = "{http://idf.schemas.itn.pt}"
    data = next(document.iter(space + "data"), None)
    simple = None if data is None else data.find(space + "simpledata")
    if simple is None:
        return {}
    x, y = (simple.find(space + key).text.split() for key in "xy")
    return {int(float(a)): float(b) for a, b in zip(x, y)}


def jabs_version(program):
    """The version of JaBS; nil where there is none."""
    if program is None:
        return None
    run = subprocess.run([program, "--version"], capture_output=True, text=True)
    return run.stdout.split()[-1] if run.stdout.split() else "of unknown version"


def check_crates(tool, inputs, folder, report):
    """One results folder a technique; every file that the crate names must exist with its hash."""
    import hashlib
    from rocrate.rocrate import ROCrate
    for command in ("afm", "xas", "cycling", "run"):
        out = os.path.join(folder, command)
        chosen = inputs if command != "run" else inputs[:1]
        subprocess.run([tool, command, *chosen, "-o", out, "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not os.path.exists(os.path.join(out, "ro-crate-metadata.json")):
            report.refuse(out, "no crate was written")
            continue
        try:
            crate = ROCrate(out)
            count = 0
            for entity in crate.get_entities():
                if entity.type == "File":
                    data = open(os.path.join(out, entity.id), "rb").read()
                    # results.json names the crate's run and cannot be named by its hash.
                    known = entity.properties().get("sha256")
                    if known is None and entity.id != "results.json":
                        raise ValueError(f"{entity.id}: no hash")
                    if known is not None and hashlib.sha256(data).hexdigest() != known:
                        raise ValueError(f"{entity.id}: another hash")
                    count += 1
            action = crate.get("#run")
            if action is None or action.type != "CreateAction" or count == 0:
                raise ValueError("no action or no files")
            report.accept(count)
        except Exception as error:
            report.refuse(out, error)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--jabs")
    parser.add_argument("--cells", type=int, default=1_000_000, help="cells compared of one sheet (default: 1000000)")
    parser.add_argument("--only", help="one reader: the first word of its line")
    parser.add_argument("inputs", nargs="+")
    options = parser.parse_args()
    reports = []

    def reader(title, package):
        report = Report(title, package) if package else Report(title, "")
        if package is None:
            report.version = jabs_version(options.jabs)
        reports.append(report)
        return report, report.version is not None

    with tempfile.TemporaryDirectory() as folder:
        exported = {}

        def made(target, suffix=""):
            """The exported files; the program runs when the first reader asks for them."""
            if target not in exported:
                exported[target] = export(options.tool, target, options.inputs, os.path.join(folder, target))
            return [name for name in exported[target] if name.endswith(suffix)]

        def tables():
            """The csv of each table by its source and name."""
            found = {}
            for name in made("csv", ".csv-metadata.json"):
                about = json.load(open(name, encoding="utf-8"))
                source = about.get("http://www.w3.org/ns/prov#wasDerivedFrom")
                found[(source, about["dc:title"])] = name[: -len("-metadata.json")]
            return found

        def frictionless(report):
            made("csv")
            check_frictionless(os.path.join(folder, "csv"), report)

        print(f"{'reader':28} {'files passed':14} {'numbers':>10}")
        for title, package, check in (
            ("csvw", "csvw", lambda r: check_csvw(made("csv"), r)),
            ("frictionless", "frictionless", frictionless),
            ("openpyxl", "openpyxl", lambda r: check_workbooks(made("xlsx", ".xlsx"), tables(), options.cells, r)),
            ("bdf validate", "batterydf", lambda r: check_bdf(made("bdf"), r)),
            ("bpx", "bpx", lambda r: check_bpx(made("bpx", ".bpx.json"), r)),
            ("vtk", "vtk", lambda r: check_images(made("vti", ".vti"), r)),
            ("larch read_xdi", "xraylarch", lambda r: check_xdi(made("xdi", ".xdi"), r)),
            ("JaBS idf2jbs", None, lambda r: check_idf(made("idf", (".xnra", ".xml")), options.jabs, r)),
            ("rocrate", "rocrate", lambda r: check_crates(options.tool, options.inputs, os.path.join(folder, "crates"), r)),
        ):
            if options.only and title.split()[0] != options.only:
                continue
            report, present = reader(title, package)
            if present:
                check(report)
            report.show()
            sys.stdout.flush()
    sys.exit(1 if any(r.files != r.good for r in reports) else 0)


if __name__ == "__main__":
    main()
