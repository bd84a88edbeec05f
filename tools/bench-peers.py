"""One peer on one job, for tools/bench: prints name, least CPU seconds, bytes, rows, last number."""
import gc
import os
import sys
import time


def least(repeats, read):
    best, result = float("inf"), None
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        result = read()
        best = min(best, time.process_time() - start)
    return best, result


def text(peer, path):
    if peer == "pandas":
        import pandas
        return lambda: (lambda t: (len(t), t.iloc[-1, -1]))(pandas.read_csv(path, sep="\t", engine="c"))
    if peer == "polars":
        import polars
        return lambda: (lambda t: (len(t), t[-1, -1]))(polars.read_csv(path, separator="\t"))
    import pyarrow.csv as csv
    options = csv.ParseOptions(delimiter="\t")
    return lambda: (lambda t: (len(t), t.column(t.num_columns - 1)[-1].as_py()))(
        csv.read_csv(path, parse_options=options))


def waves(repeats, paths):
    from igor2 import binarywave

    def read():
        rows = 0
        for _ in range(repeats):
            rows = sum(binarywave.load(path)["wave"]["wData"].shape[0] for path in paths)
        return rows, 0.0
    return read


peer = sys.argv[1]
if peer == "igor2":
    repeats, paths = int(sys.argv[2]), sys.argv[3:]
    seconds, (rows, last) = least(3, waves(repeats, paths))
    size = repeats * sum(os.path.getsize(p) for p in paths)
else:
    seconds, (rows, last) = least(int(sys.argv[3]), text(peer, sys.argv[2]))
    size = os.path.getsize(sys.argv[2])
print(peer, seconds, size, rows, float(last), sep="\t")
