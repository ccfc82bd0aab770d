"""A model through the command and both frameworks.

Environment: CONVEY is the command; CONVEY_SEED starts all random choices;
CONVEY_FULL=1 asks for the full counts, with a new seed every time.
"""

import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
# Without oneDNN, TensorFlow refuses channels first on a CPU. With it, a few
# convolutions are wrong: layers.py says which, and keeps away from them.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"

import keras
import numpy as np
import torch

FULL = os.environ.get("CONVEY_FULL", "") not in ("", "0")
SEED = int(os.environ.get("CONVEY_SEED", time.time_ns() % 10**6 if FULL else 1))

WORST = {}
SAID = []

_modules = itertools.count()


def note(kind, share):
    """Remembers the worst share of its bound that a kind of layer needed."""
    WORST[kind] = max(WORST.get(kind, 0.0), share)


def say(line):
    """A line for the end of a test run."""
    SAID.append(line)


def random(*key):
    """The generator of one case: the seed and what names the case."""
    return np.random.default_rng([SEED, *key])


@dataclass
class Port:
    """What the command did."""

    code: int
    folder: Path
    messages: str
    report: dict = field(default_factory=dict, repr=False)
    seconds: float = 0.0

    @property
    def source(self):
        """The file of Python that was written."""
        names = self.report["target"]["files"]
        return self.folder / next(n for n in names if n.endswith(".py"))


def save(model, path):
    """The model as a file, which every later step starts from."""
    keras.saving.save_model(model, path)
    return path


def port(path, folder, *options):
    """Runs the command."""
    command = [os.environ["CONVEY"], "port", path, "--to", "torch", "-o", folder]
    start = time.perf_counter()
    done = subprocess.run(
        [str(word) for word in command + list(options)],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    result = Port(done.returncode, Path(folder), done.stderr, seconds=seconds)
    file = result.folder / "report.json"
    if "--json" in options:
        result.report = json.loads(done.stdout)
    elif file.exists():
        result.report = json.loads(file.read_text())
    return result


def module(done):
    """The written module. It stays: torch.compile looks for functions in it."""
    name = f"ported_{next(_modules)}"
    spec = importlib.util.spec_from_file_location(name, done.source)
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def load(done):
    """The written network with its weights, by the written load_model."""
    return module(done).load_model()


def leaves(tree):
    """The tensors of a single value, a list or a dict, in its own order."""
    if isinstance(tree, dict):
        return [leaf for item in tree.values() for leaf in leaves(item)]
    if isinstance(tree, list | tuple):
        return [leaf for item in tree for leaf in leaves(item)]
    return [tree]


def moved(array, permutation):
    """Into the port's order of axes, in memory of its own."""
    array = np.asarray(array)
    if permutation is not None:
        array = np.transpose(array, permutation)
    return np.array(array, order="C")


def to_torch(arrays, rows):
    """One tensor an input; `rows` are inputs or outputs of the report.

    A permuted view would make torch's oneDNN read garbage for one channel.
    """
    return [
        torch.from_numpy(moved(array, row["permutation"]))
        for array, row in zip(arrays, rows, strict=True)
    ]


def run_torch(network, arrays, report):
    """The written network's tree of outputs."""
    with torch.inference_mode():
        return network(*to_torch(arrays, report["inputs"]))


def packed(tree, values):
    """Values, in order, in the structure of a tree; `leaves` is the inverse."""
    if isinstance(tree, dict):
        return {key: packed(item, values) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [packed(item, values) for item in tree]
    return next(values)


def given(model, arrays):
    """Arrays, in the order of the model's inputs, as the model takes them."""
    if isinstance(model, keras.Sequential):
        return arrays[0]
    return packed(model.input, iter(arrays))


def run_keras(model, arrays):
    """The model's tree of outputs."""
    return model(given(model, arrays))


def share(got, want, allowed):
    """The worst difference as a share of what is allowed, element by element.

    Two infinities, or two values that are none, are equal.
    """
    assert got.shape == want.shape, f"shape {got.shape}, not {want.shape}"
    got, want = np.float64(got), np.float64(want)
    equal = (got == want) | (np.isnan(got) & np.isnan(want))
    error = np.where(equal, 0, np.abs(got - want))
    worst = np.where(equal, 0, error / np.maximum(allowed, 2.0**-149))
    return float(np.max(np.nan_to_num(worst, nan=np.inf), initial=0))


def ruff(files):
    """Complaints of the linter and the formatter about written files."""
    tool = shutil.which("ruff") or str(Path(sys.executable).parent / "ruff")
    said = ""
    for words in (["check", "--select", "E4,E7,E9,F,I,B"], ["format", "--diff"]):
        done = subprocess.run(
            [tool, words[0], "--isolated", "--no-cache", *words[1:], *files],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said += done.stdout + done.stderr
    return said
