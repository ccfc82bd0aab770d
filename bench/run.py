"""How long a run takes, beside the same network in live PyTorch.

    python bench/run.py [NETWORK ...]

One sample. `convey run` of the Keras file and of the ported folder, and a
new process that imports torch, builds the ported network and calls it, take
turns; the table holds medians. "computes" is without reading the model, for
torch the best of three calls.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/live"))

import kit
import networks
import numpy as np

ROUNDS = 5

TORCH = """
import importlib.util, sys, time
import numpy as np, torch
spec = importlib.util.spec_from_file_location("net", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
model = module.load_model()
x = torch.from_numpy(np.load(sys.argv[2]))
seconds = []
with torch.no_grad():
    for _ in range(3):
        start = time.perf_counter()
        model(x)
        seconds.append(time.perf_counter() - start)
print(min(seconds))
"""


def timed(command):
    """What a process prints, and its seconds."""
    start = time.perf_counter()
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=True
    )
    return done.stdout, time.perf_counter() - start


def convey(model, array, out):
    """Seconds of all of it, seconds of computing, planned bytes."""
    command = [os.environ["CONVEY"], "run", model, "--input", array, "-o", out]
    said, whole = timed([*command, "--json"])
    report = json.loads(said)
    return whole, report["seconds"]["run"], report["planned_bytes"]


def torch(source, array):
    """Seconds of all of it, and of one call."""
    said, whole = timed([sys.executable, "-c", TORCH, source, array])
    return whole, float(said)


def measure(name, folder):
    """Medians of both, and the bytes that one run plans for."""
    model, arrays = networks.house(name, kit.random(3, 0))
    path = kit.save(model, folder / f"{name}.keras")
    del model
    done = kit.port(path, folder / "out", "--no-proof")
    one = np.asarray(arrays[0][:1])
    last, first = folder / "last.npy", folder / "first.npy"
    np.save(last, one)
    np.save(first, kit.moved(one, done.report["inputs"][0]["permutation"]))
    rounds, planned = [], 0
    for _ in range(ROUNDS):
        whole, computes, planned = convey(path, last, folder / "y.npy")
        ported = convey(done.folder, first, folder / "z.npy")[:2]
        rounds.append((whole, computes, *ported, *torch(done.source, first)))
    medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
    return medians, planned


def main():
    """The table."""
    heads = ("run .keras", "computes", "run folder", "computes", "torch", "computes")
    print(f"{'seconds':16}" + "".join(f"{h:>12}" for h in heads) + "     planned")
    for name in sys.argv[1:] or sorted(networks.HOUSE):
        with tempfile.TemporaryDirectory() as folder:
            times, planned = measure(name, Path(folder))
        row = "".join(f"{t:12.3f}" for t in times)
        print(f"{name:16}{row}{planned / 1e6:9.1f} MB", flush=True)


if __name__ == "__main__":
    main()
