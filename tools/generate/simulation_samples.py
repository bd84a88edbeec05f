"""Small samples of what simulations write: PFHub records, VTK image data, COMSOL exports, a configuration."""

import base64
import math
import struct
import zlib

import numpy as np

from freestanding_curve import write
from text_samples import column

RECORD = """---
_id: made-for-tests
metadata:
  summary: >-
    Made for tests from a known function;
    not computed.
  timestamp: '1 January, 2026'
  implementation:
    name: generated
    repo:
      url: 'https://example.org/none'
      version: 1a2b3c
  hardware:
    cores: '4'
    clock_rate: '3.5'
benchmark:
  id: 1a
  version: '1'
data:
  - name: run_time
    values:
      - wall_time: '%s'
        sim_time: '100'
  - name: memory_usage
    values:
      - unit: KB
        value: '%d'
  - name: timestep
    values: %s
  - name: free_energy
    type: line
    transform:
      - type: formula
        expr: datum.time
        as: x
      - type: formula
        expr: datum.free_energy
        as: y
    values:
%s
  - name: solid_fraction
    url: >-
      https://example.org/solid_fraction.csv
    format:
      type: csv
      parse:
        time: number
        'y': number
"""


def pfhub(path, seed=41):
    """A record with quoted numbers, a folded text, the key y, one single value and one address."""
    random = np.random.default_rng(seed)
    time = np.linspace(0, 100, 9)
    energy = 319.25 * np.exp(-time / 140) + 0.01 * random.standard_normal(len(time))
    rows = ["%.6f" % e for e in energy]
    body = "\n".join("      - free_energy: %s\n        time: %s" % (e, t) for e, t in zip(rows, time))
    write(path, (RECORD % ("178.5", 294800, "0.00195312", body)).encode(), {
        "synthetic": True, "tables": ["run_time", "memory_usage", "timestep", "free_energy"],
        "columns": [column("wall_time", "", [178.5]), column("sim_time", "", [100]),
                    column("value", "", [294800]), column("time", "", time),
                    column("free_energy", "", [float(e) for e in rows])]})


def field(shape, seed):
    """An interface with a bump, and a vector."""
    random = np.random.default_rng(seed)
    ny, nx = shape
    y, x = np.mgrid[0:ny, 0:nx]
    xi = 0.5 * (1 - np.tanh((y - 2 - np.exp(-((x - nx / 2) / 2) ** 2)) / 1.2))
    return xi, random.standard_normal((ny, nx, 3))


def block(raw, header, order, compress=0):
    """A VTK array: its size before it, or blocks of zlib."""
    number = {"UInt32": "I", "UInt64": "Q"}[header]
    mark = "<" if order == "LittleEndian" else ">"
    if not compress:
        return struct.pack(mark + number, len(raw)) + raw, None
    parts = [raw[i:i + compress] for i in range(0, len(raw), compress)]
    packed = [zlib.compress(p) for p in parts]
    last = len(parts[-1]) if len(parts[-1]) < compress else 0
    head = struct.pack(mark + number * (3 + len(parts)), len(parts), compress, last, *map(len, packed))
    return head, b"".join(packed)


def appended(path):
    """Point data, raw, Float64, UInt64 headers, with a time in the fields."""
    xi, _ = field((7, 9), 42)
    parts, offset, xml = [], 0, []
    for name, values, kind in [("order_parameter", xi, "Float64"), ("code", np.arange(63), "Int32")]:
        raw = values.astype({"Float64": "<f8", "Int32": "<i4"}[kind]).tobytes()
        head, _ = block(raw, "UInt64", "LittleEndian")
        xml.append('<DataArray type="%s" Name="%s" format="appended" offset="%d"/>' % (kind, name, offset))
        parts.append(head)
        offset += len(head)
    text = """<?xml version="1.0"?>
<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">
<ImageData WholeExtent="0 8 0 6 0 0" Origin="-2 0.5 0" Spacing="0.25 0.5 1">
<FieldData><DataArray type="Float64" Name="time" NumberOfTuples="1" format="ascii">12.5</DataArray></FieldData>
<Piece Extent="0 8 0 6 0 0">
<PointData>
%s
</PointData>
<CellData></CellData>
</Piece>
</ImageData>
<AppendedData encoding="raw">
_""" % "\n".join(xml)
    raw = text.encode() + b"".join(parts) + b"\n</AppendedData>\n</VTKFile>\n"
    write(path, raw, {"synthetic": True, "shape": [9, 7], "columns": [
        column("time", "", [12.5]), column("order_parameter", "", xi.ravel()),
        column("code", "", range(63))]})


def compressed(path):
    """Cell data, big endian, blocks of zlib in base64 and a vector in text."""
    xi, vector = field((5, 6), 43)
    raw = xi.astype(">f4").tobytes()
    head, data = block(raw, "UInt32", "BigEndian", compress=64)
    inline = base64.b64encode(head).decode() + base64.b64encode(data).decode()
    cells = " ".join("%.9g" % v for v in vector.ravel())
    text = """<?xml version="1.0"?>
<VTKFile type="ImageData" version="0.1" byte_order="BigEndian" compressor="vtkZLibDataCompressor">
  <ImageData WholeExtent="0 6 0 5 0 1" Origin="0 0 0" Spacing="1 1 1">
    <Piece Extent="0 6 0 5 0 1">
      <PointData/>
      <CellData Scalars="phi">
        <DataArray type="Float32" Name="phi" format="binary">
          %s
        </DataArray>
        <DataArray type="Float64" Name="velocity" NumberOfComponents="3" format="ascii">
          %s
        </DataArray>
      </CellData>
    </Piece>
  </ImageData>
</VTKFile>
""" % (inline, cells)
    components = [[float("%.9g" % v) for v in vector[:, :, i].ravel()] for i in range(3)]
    write(path, text.encode(), {"synthetic": True, "shape": [6, 5], "columns": [
        column("phi", "", xi.astype("f4").astype(float).ravel()),
        column("velocity x", "", components[0]), column("velocity z", "", components[2])]})


HEAD = """% Model:              made_for_tests.mph
% Version:            COMSOL 6.2.0.290
% Date:               Jan 1 2026, 09:30
% Dimension:          2
% Nodes:              {nodes}
"""


def comsol(folder, seed=44):
    """A spreadsheet with times and points outside the domain, a mesh with values, and a grid."""
    random = np.random.default_rng(seed)
    x, y = [a.ravel() for a in np.meshgrid(np.linspace(0, 8, 5), np.linspace(0, 3, 4))]
    stress = [1e6 * np.sin(x / 3 + t) * np.exp(-y) for t in (0, 0.5)]
    outside = (x > 7) & (y > 2)
    labels = ["x", "y", "solid.sx (N/m^2) @ t=0", "solid.sx (N/m^2) @ t=0.5"]
    rows = [[repr(float(v)) if i < 2 or not out else "NaN" for i, v in enumerate(cells)]
            for cells, out in zip(zip(x, y, *stress), outside)]
    text = HEAD.format(nodes=20) + "% Expressions:        2\n% Description:        Stress tensor, x component\n"
    text += "% Length unit:        \u00b5m\n"
    text += "% " + "".join((c + " ").ljust(25) for c in labels).rstrip() + "\n"
    text += "".join("".join((c + " ").ljust(25) for c in row).rstrip() + "\n" for row in rows)
    inside = [float(v) for v, out in zip(stress[0], outside) if not out]
    later = [float(v) for v, out in zip(stress[1], outside) if not out]
    write(folder / "spreadsheet.txt", text.encode(), {"synthetic": True, "rows": 20, "columns": [
        column("position_x", "m", [float(repr(float(v))) * 1e-6 for v in x]),
        column("stress_xx", "MPa", [v * 1e-6 for v in inside]),
        column("solid.sx (N/m^2) @ t=0.5", "MPa", [v * 1e-6 for v in later])]})

    nodes = np.round(random.uniform(0, 1, (6, 2)), 5)
    potential = np.round(random.standard_normal(6), 6)
    text = HEAD.format(nodes=6) + "% Elements:           4\n% Expressions:        1\n"
    text += "% Description:        Electric potential\n% Length unit:        mm\n% Coordinates\n"
    text += "".join("%r   %r\n" % (float(a), float(b)) for a, b in nodes)
    text += "% Elements (triangles)\n1 2 3\n2 3 4\n3 4 5\n4 5 6\n% Data (V)\n% V (V)\n"
    text += "".join("%r\n" % float(v) for v in potential)
    write(folder / "sectionwise.txt", text.encode(), {"synthetic": True, "rows": 6, "columns": [
        column("V (V)", "V", potential), column("vertex_3", "", [3, 4, 5, 6])]})

    gx, gy = [0, 0.5, 1.0, 1.5], [0, 2.0, 4.0]
    values = [[math.sin(a) + b for a in gx] for b in gy]
    text = HEAD.format(nodes=12) + "% Expressions:        1\n% Description:        Temperature\n"
    text += "% Length unit:        nm\n% Grid\n"
    text += "\n".join(" ".join(repr(v) for v in axis) for axis in (gx, gy)) + "\n% Data\n% p (Pa)\n"
    text += "\n".join(" ".join(repr(v) for v in row) for row in values) + "\n"
    write(folder / "grid.txt", text.encode(), {"synthetic": True, "shape": [4, 3], "columns": [
        column("p (Pa)", "Pa", [v for row in values for v in row])]})


CONFIGURATION = """metal: Li
film: {thickness: 4 nm, modulus: 25 ± 5 GPa}
cases:
  - {label: thin, film.thickness: 4 nm}
  - {label: thick, film.thickness: 20 nm}
solver: sharp
stop:
  growth: 3 nm
"""

MOOSE = """time,bulk_energy,dt,mem_usage,total_energy,walltime
"""


def tables(folder):
    """A table as MOOSE writes it, zeros first, and one of several codes."""
    time = [0, 0.5, 1.1, 1.82, 2.684]
    rows = [[t, 320 * math.exp(-t / 9), 0 if i == 0 else 0.5 * 1.2 ** (i - 1), 0 if i == 0 else 1400 + i,
             0 if i == 0 else 321 * math.exp(-t / 9), 0 if i == 0 else 2.5 * i] for i, t in enumerate(time)]
    text = MOOSE + "".join(",".join(repr(v) for v in row) + "\n" for row in rows)
    write(folder / "moose.csv", text.encode(), {"synthetic": True, "rows": 5, "columns": [
        column(n, "", [row[i] for row in rows]) for i, n in enumerate(MOOSE.strip().split(","))]})
    codes = [("alpha", 0.1 * i, 5 - 0.3 * i) for i in range(4)] + [("beta", 0.2 * i, 5 - 0.4 * i) for i in range(3)]
    text = "code,x,y\n" + "".join("%s,%r,%r\n" % row for row in codes)
    write(folder / "codes.csv", text.encode(), {"synthetic": True, "rows": 7, "columns": [
        column("x", "", [c[1] for c in codes]), column("y", "", [c[2] for c in codes])]})


def simulation(folder):
    """All samples."""
    pfhub(folder / "pfhub-meta/record.meta.yaml")
    appended(folder / "vtk-image-data/appended.vti")
    compressed(folder / "vtk-image-data/compressed.vti")
    comsol(folder / "comsol-text")
    tables(folder / "delimited")
    write(folder / "config-yaml/films.yaml", CONFIGURATION.encode(), {"synthetic": True, "columns": []})
