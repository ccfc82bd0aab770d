"""How long a port takes, beside moving the same weights in Python.

    python bench/port.py [NETWORK ...]

The reference is the shortest thing that a person could write: a new process
imports Keras, loads the model, transposes its weights and saves them in
safetensors. It writes no source and proves nothing. Ports with and without
proof and the reference take turns; the table holds medians.
"""

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

ROUNDS = 5

REFERENCE = """
import sys, time
start = time.perf_counter()
import keras
import numpy as np
from safetensors.numpy import save_file
ready = time.perf_counter()
model = keras.models.load_model(sys.argv[1], compile=False)
held = {}
for weight in model.weights:
    value = np.asarray(weight)
    order = [-1, -2, *range(value.ndim - 2)] if value.ndim > 1 else [0]
    held[weight.path] = np.ascontiguousarray(value.transpose(order))
save_file(held, sys.argv[2])
print(ready - start, time.perf_counter() - ready)
"""


def command(path, folder, *options):
    """Seconds of one run of convey."""
    done = kit.port(path, folder, "--force", *options)
    assert done.code == 0, done.messages
    return done.seconds


def reference(path, file):
    """Seconds of one run in Python: all of it, and without the imports."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", REFERENCE, path, file],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    whole = time.perf_counter() - start
    return whole, float(done.stdout.split()[1])


def measure(name, folder):
    """Medians: proven, unproven, Python, Python without imports."""
    model, _ = networks.house(name, kit.random(3, 0))
    path = kit.save(model, folder / f"{name}.keras")
    del model
    rounds = []
    for _ in range(ROUNDS):
        proven = command(path, folder / "proven")
        bare = command(path, folder / "bare", "--no-proof")
        rounds.append((proven, bare, *reference(path, folder / "by_hand.safetensors")))
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def main():
    """The table."""
    heads = ("port", "no proof", "Python", "its work")
    print(f"{'seconds':16}" + "".join(f"{head:>10}" for head in heads))
    for name in sys.argv[1:] or sorted(networks.HOUSE):
        with tempfile.TemporaryDirectory() as folder:
            times = measure(name, Path(folder))
        print(f"{name:16}" + "".join(f"{t:10.2f}" for t in times), flush=True)


if __name__ == "__main__":
    main()
