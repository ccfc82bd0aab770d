"""Time and memory of a port, beside the tools that people use today.

    python bench/port.py [NETWORK ...]

The chain: a new process loads the Keras file, tf2onnx makes an ONNX file of
it, onnx2torch a torch module, which is saved. By hand is the shortest thing
that a person could write: a new process loads the Keras file, transposes its
weights and saves them in safetensors. Neither writes source nor proves
anything. Ports with and without proof, the chain and the weights by hand take
turns; the tables hold medians, and of ratios the medians of each turn's own.
With CONVEY_FULL=1 docs/port.md is written too.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/live"))

import kit
import networks
import zoo

ROUNDS = 5
NETWORKS = ("resnet50", "efficientnet_b0", "mobilenet_v2")
MIB = 1024 * 1024
ROOM = 64  # MiB that a port without proof may have beside its file

# ru_maxrss begins with what the process had that started this one.
PEAK = """
def peak():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
"""

BY_HAND = (
    PEAK
    + """
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
    order = [-1, -2, *range(value.ndim - 2)] if value.ndim > 1 else None
    held[weight.path] = np.ascontiguousarray(value.transpose(order))
save_file(held, sys.argv[2])
print(ready - start, time.perf_counter() - ready, peak())
"""
)

# onnx2torch asks for torchvision, for layers that these networks have not. Its
# wheel on PyPI is made for CUDA: beside a torch for the CPU alone it lacks two
# operators, and is told of them.
CHAIN = (
    PEAK
    + """
import sys, time
from importlib.metadata import version
start = time.perf_counter()
import keras
import onnx
import tensorflow as tf
import tf2onnx
import torch
if torch.version.cuda is None and "+cpu" not in version("torchvision"):
    for name in ("nms", "qnms"):
        torch.library.define(
            f"torchvision::{name}", "(Tensor a, Tensor b, float c) -> Tensor"
        )
from onnx2torch import convert
ready = time.perf_counter()
model = keras.models.load_model(sys.argv[1], compile=False)
spec = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="x")]
call = tf.function(lambda x: model(x, training=False), input_signature=spec)
proto, _ = tf2onnx.convert.from_function(call, input_signature=spec, opset=13)
onnx.save(proto, sys.argv[2] + ".onnx")
torch.save(convert(sys.argv[2] + ".onnx").eval(), sys.argv[2])
print(ready - start, time.perf_counter() - ready, peak())
"""
)


def command(path, folder, *options):
    """Seconds and peak of one run of convey."""
    done = kit.port(path, folder, "--force", *options)
    assert done.code == 0, done.messages
    return done.seconds, done.report["peak_bytes"]


def process(python, program, path, file):
    """Of one run in Python: seconds, those of its imports, and its peak."""
    start = time.perf_counter()
    done = subprocess.run(
        [python, "-c", program, path, file],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    imports, _, peak = done.stdout.split()[-3:]
    return seconds, int(peak), float(imports)


def chain_python():
    """The interpreter that has tf2onnx and onnx2torch."""
    python = os.environ.get("CONVEY_CHAIN_PYTHON", "")
    assert Path(python).exists(), "script/setup bench makes CONVEY_CHAIN_PYTHON"
    return python


def rounds_of(name, folder):
    """The size of the file, and of each turn what it took."""
    model, _ = networks.house(name, kit.random(3, 0))
    path = kit.save(model, folder / f"{name}.keras")
    del model
    rounds = []
    for _ in range(ROUNDS):
        rounds.append(
            {
                "proven": command(path, folder / "proven"),
                "bare": command(path, folder / "bare", "--no-proof"),
                "chain": process(chain_python(), CHAIN, path, folder / "chain.pt"),
                "hand": process(sys.executable, BY_HAND, path, folder / "hand"),
            }
        )
    return path.stat().st_size, rounds


HEAD = (
    "network",
    "s",
    "s without proof",
    "chain s",
    "of it imports",
    "by hand s",
    "x chain",
    "x chain without proof",
    "file MiB",
    "peak MiB",
    "without proof",
    "beside the file",
    "chain peak",
)


def cells(name, size, rounds):
    """One line of the table."""

    def median(value):
        return statistics.median(map(value, rounds))

    bare = median(lambda r: r["bare"][1])
    return (
        name,
        f"{median(lambda r: r['proven'][0]):.2f}",
        f"{median(lambda r: r['bare'][0]):.2f}",
        f"{median(lambda r: r['chain'][0]):.1f}",
        f"{median(lambda r: r['chain'][2]):.1f}",
        f"{median(lambda r: r['hand'][0]):.1f}",
        f"{median(lambda r: r['chain'][0] / r['proven'][0]):.1f}",
        f"{median(lambda r: r['chain'][0] / r['bare'][0]):.0f}",
        f"{size / MIB:.0f}",
        f"{median(lambda r: r['proven'][1]) / MIB:.0f}",
        f"{bare / MIB:.0f}",
        f"{(bare - size) / MIB:.0f} of {ROOM}",
        f"{median(lambda r: r['chain'][1]) / MIB:.0f}",
    )


DOCUMENT = """# Time and memory of a port

Made by `make bench` (`bench/port.py`). One run of `convey port NETWORK.keras`,
with proof and with `--no-proof`, beside the chain Keras, tf2onnx, ONNX,
onnx2torch, and beside the shortest way to move the weights by hand. Each is a
new process and starts from the same file; all take turns, {rounds} times. Times
and peaks are medians; `x chain` are medians of the ratios within one turn.

{table}

The goal: {room} MiB beside the file at most without proof.

The chain has what `bench/requirements-chain.txt` says. {machine}
"""


def main():
    """The table."""
    rows = []
    for name in sys.argv[1:] or NETWORKS:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(cells(name, *rounds_of(name, Path(folder))))
        print(zoo.table(rows, HEAD), flush=True)
    if kit.FULL:
        text = DOCUMENT.format(
            rounds=ROUNDS,
            table=zoo.table(rows, HEAD),
            room=ROOM,
            machine=zoo.machine(),
        )
        (ROOT / "docs/port.md").write_text(text)


if __name__ == "__main__":
    main()
