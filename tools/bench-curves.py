"""Force curves of one film for tools/bench: python3 bench-curves.py FOLDER COUNT POINTS

Approaches only, as Igor waves that nanite reads too: it needs more keys than a curve has to have, takes
every row for the approach, and stumbles over single precision and over stale bytes in labels.
"""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "generate"))
import freestanding_curve  # noqa: E402
import igor_wave  # noqa: E402

folder, count, points = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
setup = freestanding_curve.Setup()
curve = freestanding_curve.FilmCurve(setup, 60e9, 10e-9, 0.6, 500e-9)
top = curve.depth(500e-9)
end = top + 500e-9 / setup.spring_constant
grid = np.linspace(0, top, 6000)
position = grid + curve.force(grid) / setup.spring_constant
z = np.linspace(-0.6 * end, end, points)
force = np.where(z > 0, curve.force(np.interp(z, position, grid)), 0)
# The first key is lost on nanite, which keeps the mark of a byte string before it.
note = {
    "VerDate": 160212,
    "ImagingMode": "Contact", "NumPtsPerSec": 2000, "InvOLS": setup.invols, "TriggerChannel": "Force",
    "TriggerPoint": 5e-7, "SpringConstant": setup.spring_constant, "InputTime": points / 2000,
    "ApproachVelocity": 1e-6, "RetractVelocity": 1e-6, "MicroscopeModel": "MFP3D",
    "Version": "16.11.212", "Date": "2024-01-01", "Time": "10:00:00", "Indexes": f"0,{points - 1}",
    "Direction": "NaN,1"}
text = "".join(f"{key}: {value}\r" for key, value in note.items())
folder.mkdir(parents=True, exist_ok=True)
for i in range(count):
    random = np.random.default_rng(i)
    deflection = force / setup.spring_constant + 2e-9 + 5e-11 * random.standard_normal(points)
    data = np.stack([z, deflection, z], axis=1).astype(np.float64)
    raw = igor_wave.version5(data, f"curve{i}", text, ("Raw", "Defl", "ZSnsr"), steps=(1 / 2000,),
                             units="m", dimension_units=("s",), created=3_850_000_000 + i)
    (folder / f"curve{i:03}.ibw").write_bytes(raw)
