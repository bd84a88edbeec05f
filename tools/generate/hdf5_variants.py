"""HDF5 files in old and new dialects, for the tests of the container reader (needs h5py).

Beside each file stands FILE.truth.json: what h5py reads back from it.
"""

import json
import pathlib

import h5py
import numpy as np


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.ndarray):
        return "[" + ", ".join(str(plain(v)) for v in value) + "]"
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (float, np.floating)):
        return float(value)
    return int(value) if isinstance(value, (int, np.integer)) else value


def series(array):
    """The values of each member, outer.inner for members of members."""
    array = np.asarray(array)
    if array.dtype.names:
        return {name + ("." + inner if inner else ""): values for name in array.dtype.names
                for inner, values in series(array[name]).items()}
    if array.dtype.kind == "c":
        return {"r": series(array.real)[""], "i": series(array.imag)[""]}
    names = {v: k for k, v in (h5py.check_enum_dtype(array.dtype) or {}).items()}
    return {"": [plain(names.get(v, v) if names else v) for v in array.ravel()]}


def describe(file):
    truth = {"data": {}, "attributes": {}}

    def visit(name, thing):
        path = "/" + name
        for key, value in thing.attrs.items():
            if not isinstance(value, h5py.Empty):
                truth["attributes"][path + "@" + key] = series(value)
        if isinstance(thing, h5py.Dataset) and thing.shape is not None:
            if h5py.check_ref_dtype(thing.dtype) is None and thing.dtype.kind != "V" or thing.dtype.names:
                truth["data"][path] = {"shape": list(thing.shape), "series": series(thing[()])}

    visit("", file)
    file.visititems(visit)
    return truth


def save(path, fill, **how):
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", **how) as file:
        fill(file)
    with h5py.File(path, "r") as file:
        truth = describe(file)
    text = json.dumps(truth, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    pathlib.Path(str(path) + ".truth.json").write_text(text + "\n")


def numbers(f):
    for order, name in (("<", "little"), (">", "big")):
        for kind in ("i1", "i2", "i4", "i8", "f2", "f4", "f8"):
            f[name + "/" + kind] = np.array([0, 1, 2, 100, -3]).astype(order + kind)
        for kind in ("u1", "u2", "u4", "u8"):
            f[name + "/" + kind] = np.array([0, 1, 2, 200]).astype(order + kind)
    f["extreme"] = np.array([5e-324, -1.7976931348623157e308, 0.1, -0.0])
    f["half"] = np.array([6e-8, 65504, -0.333], dtype="f2")
    f["long"] = np.zeros(4, dtype=np.longdouble)
    long = np.zeros(4, dtype=np.longdouble)
    long[0], long[1], long[2] = 1.5, -2.25, 1e300
    f["long"][...] = long
    f["scalar"], f["integer"], f["bool"] = 1.5, -7, np.array([True, False])
    f["empty"], f["cube"] = np.zeros((0, 3)), np.arange(24).reshape(2, 3, 4)
    f["nothing"] = h5py.Empty("f8")
    f["complex"] = np.array([1 + 2j, 3 - 4j])
    f.attrs["a"], f.attrs["t"], f.attrs["l"] = 1, "text µ", [1.5, 2.5]
    f.attrs["s"], f.attrs["n"] = ["a", "bc"], h5py.Empty("i4")


def untimed(layout=None):
    """How datasets are made whose headers hold no time of day."""
    how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    how.set_obj_track_times(False)
    if layout is not None:
        how.set_layout(layout)
    return how


def texts(f):
    f["vlen"] = ["a", "", "Ångström", "long " * 20]
    f["ascii"] = np.array([b"ab", b"c", b"abcd"], dtype="S4")
    f["scalar"], f["fixed"] = "scalar text", np.bytes_("fixed")
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(6)
    kind.set_strpad(h5py.h5t.STR_SPACEPAD)
    data = h5py.h5d.create(f.id, b"blanks", kind, h5py.h5s.create_simple((2,)), untimed())
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab    ", b"abcdef"], dtype="S6"), kind)


def compounds(f):
    kind = np.dtype([("e", "f8"), ("n", "<i4"), ("name", "S5"), ("v", "f4", (2, 3)),
                     ("in", [("a", "i2"), ("b", ">f8")])])
    rows = np.zeros(3, kind)
    rows["e"], rows["n"], rows["name"] = [1, 2, 4.5], [1, -2, 3], [b"a", b"", b"ccccc"]
    rows["v"] = np.arange(18).reshape(3, 2, 3)
    rows["in"]["a"], rows["in"]["b"] = [1, 2, 3], [.1, .2, .3]
    f["rows"], f["row"] = rows, rows[0]
    lists = f.create_dataset("lists", (3,), dtype=h5py.vlen_dtype("i4"))
    lists[0], lists[1] = [1, 2, 3], [4]
    colours = h5py.enum_dtype({"RED": 0, "GREEN": 5, "BLUE": -1}, "i2")
    f.create_dataset("enumeration", data=np.array([0, 5, -1, 5], dtype="i2"), dtype=colours)
    f["reference"] = np.array([f["rows"].ref], dtype=h5py.ref_dtype)
    if f.libver[0] == "earliest":
        # A newer header of a committed type would hold the time of day.
        f["named"] = np.dtype("f8")
        f.create_dataset("of_named", (3,), dtype=f["named"])[...] = [1, 2, 3]
    data = h5py.h5d.create(f.id, b"bits", h5py.h5t.STD_B8LE, h5py.h5s.create_simple((3,)), untimed())
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, 2, 255], dtype="u1"), h5py.h5t.STD_B8LE)


def filters(f):
    a = np.random.default_rng(1).normal(size=(11, 7)).round(3)
    i = np.random.default_rng(2).integers(-5, 1000, size=30)
    f.create_dataset("gzip", data=a, chunks=(5, 4), compression="gzip")
    f.create_dataset("fletcher", data=a, chunks=(6, 6), fletcher32=True, shuffle=True, compression="gzip")
    f.create_dataset("lzf", data=np.repeat(a, 3, axis=0), chunks=(9, 5), compression="lzf", shuffle=True)
    f.create_dataset("scaled", data=i, chunks=(20,), scaleoffset=0)
    f.create_dataset("scaled_big", data=i.astype(">i4"), chunks=(20,), scaleoffset=0)
    f.create_dataset("rounded", data=a[:, 0], chunks=(6,), scaleoffset=3)
    f.create_dataset("holes", (30,), chunks=(4,), dtype="f8", fillvalue=-1.5)[9] = 2
    f.create_dataset("never", (6,), dtype="i4", fillvalue=7)


def chunks(f):
    a = np.arange(11 * 7, dtype="i2").reshape(11, 7)
    f.create_dataset("fixed", data=a, chunks=(5, 4))
    f.create_dataset("fixed_z", data=a, chunks=(5, 4), compression="gzip")
    f.create_dataset("grow", data=a[:, 0], maxshape=(None,), chunks=(2,))
    f.create_dataset("second_z", data=a, maxshape=(20, None), chunks=(4, 2), compression="gzip")
    f.create_dataset("tree_z", data=a, maxshape=(None, None), chunks=(4, 2), compression="gzip")
    f.create_dataset("single_z", data=a, chunks=a.shape, compression="gzip")
    f.create_dataset("text", data=["a", "b", "c"] * 3, chunks=(4,), compression="gzip")
    f.create_dataset("shrunk", data=a[:, 1], maxshape=(None,), chunks=(4,)).resize((6,))
    early = untimed()
    early.set_chunk((4, 5))
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    compact = untimed(h5py.h5d.COMPACT)
    for name, how in ((b"early", early), (b"compact", compact)):
        data = h5py.h5d.create(f.id, name, h5py.h5t.STD_I16LE, h5py.h5s.create_simple(a.shape), how)
        data.write(h5py.h5s.ALL, h5py.h5s.ALL, a)


def pages(f):
    """Indexes of chunks that are long enough to have pages and inner nodes."""
    f.create_dataset("fixed", data=(np.arange(1100) % 100).astype("i1"), chunks=(1,))
    f.create_dataset("grow", data=(np.arange(1500) % 100).astype("i1"), chunks=(1,), maxshape=(None,))
    tree = np.arange(144, dtype="i1").reshape(12, 12) % 100
    f.create_dataset("tree", data=tree, chunks=(1, 1), maxshape=(None, None))


def groups(f):
    for i in range(20):
        f["dense/item%02d" % i] = i
    for i in range(3):
        f["few/n%d" % i] = float(i)
    for i in range(20):
        f["few"].attrs["key%d" % i] = i if i % 2 else "v" * i
    how = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    how.set_link_creation_order(h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED)
    how.set_obj_track_times(False)
    ordered = h5py.Group(h5py.h5g.create(f.id, b"ordered", gcpl=how))
    for name in "cab":
        ordered[name] = name
    f.create_group("empty")
    f["few/hard"], f["few/soft"] = f["dense/item03"], h5py.SoftLink("/dense/item05")
    f["few/relative"], f["few/dangling"] = h5py.SoftLink("n1"), h5py.SoftLink("/nowhere")
    f["few/external"], f["few/ring"] = h5py.ExternalLink("other.h5", "/a"), h5py.SoftLink("ring")
    f["few/loop"] = f["few"]


def variants(folder):
    for fill in (numbers, texts, compounds, filters, groups):
        save(folder / (fill.__name__ + "_old.h5"), fill, libver="earliest")
        save(folder / (fill.__name__ + "_new.h5"), fill, libver="latest")
    save(folder / "chunks_old.h5", chunks, libver="earliest")
    save(folder / "chunks_110.h5", chunks, libver=("v110", "v110"))
    save(folder / "chunks_new.h5", chunks, libver="latest")
    save(folder / "pages_new.h5", pages, libver="latest")
    save(folder / "userblock_old.h5", texts, libver="earliest", userblock_size=512)
    save(folder / "userblock_new.h5", texts, libver="latest", userblock_size=1024)
