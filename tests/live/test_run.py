"""`convey run` beside both live frameworks, and weights of both kinds."""

import json
import os
import subprocess

import bounds
import compare
import kit
import networks
import numpy as np
import pytest
import torch

COUNT = 120 if kit.FULL else 12


def run(model, rows, arrays, folder):
    """Outputs of the command, in order; `rows` name the inputs."""
    command = [os.environ["CONVEY"], "run", str(model), "--json"]
    for i, (row, array) in enumerate(zip(rows, arrays, strict=True)):
        np.save(folder / f"x{i}.npy", array)
        command += ["--input", f"{row['name']}={folder / f'x{i}.npy'}"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    outputs = json.loads(said.stdout)["outputs"]
    for i, output in enumerate(outputs):
        command += ["-o", f"{output['name']}={folder / f'y{i}.npy'}"]
    subprocess.run(command, capture_output=True, check=True)
    values = [np.load(folder / f"y{i}.npy") for i in range(len(outputs))]
    assert [list(v.shape) for v in values] == [o["shape"] for o in outputs]
    return values


def check(want, got, noise):
    """The rule for final outputs; `noise` is the source's own, per output."""
    for a, b, itself in zip(want, got, noise, strict=True):
        assert b.dtype == np.float32
        allowed = 8 * itself + 16 * bounds.U * np.max(np.abs(a), initial=0)
        worst = kit.share(b, a, allowed)
        kit.note("run", worst)
        assert worst <= 1, f"{worst:.3g} of what is allowed"


def both_kinds(path, folder):
    """The port with each kind of weights; the keys and bits are the same."""
    done = kit.port(path, folder / "out")
    pickled = kit.port(path, folder / "pth", "--weights-format", "pth")
    assert done.code == pickled.code == 0, pickled.messages
    assert pickled.report["proof"]["file"] == "proven"
    names = [name.name for name in (folder / "pth").iterdir()]
    assert sorted(names) == sorted([*pickled.report["target"]["files"], "report.json"])
    assert not kit.ruff([pickled.source])
    want, got = kit.load(done).state_dict(), kit.load(pickled).state_dict()
    assert list(want) == list(got)
    for key, value in want.items():
        assert value.dtype == got[key].dtype
        assert torch.equal(value, got[key]), key
    return done, pickled


@pytest.mark.parametrize("index", range(COUNT))
def test_runs_compute_what_the_frameworks_do(index, tmp_path):
    """The Keras file as live Keras, the folders as live torch."""
    rng = kit.random(5, index)
    model, shapes = networks.network(rng)
    tuning = [np.float32(rng.standard_normal((8, *s))) for s in shapes]
    networks.calibrate(model, kit.given(model, tuning), rng)
    arrays = [np.float32(rng.standard_normal((2, *s))) for s in shapes]
    path = kit.save(model, tmp_path / "net.keras")
    noise = compare.noise(model, arrays)

    want = [np.asarray(y) for y in kit.leaves(kit.run_keras(model, arrays))]
    done, pickled = both_kinds(path, tmp_path)
    rows = done.report["inputs"]
    check(want, run(path, rows, arrays, tmp_path), noise)

    live = kit.leaves(kit.run_torch(kit.load(done), arrays, done.report))
    want = [np.asarray(y) for y in live]
    there = [kit.moved(x, r["permutation"]) for x, r in zip(arrays, rows, strict=True)]
    ported = run(done.folder, rows, there, tmp_path)
    check(want, ported, noise)
    for a, b in zip(ported, run(pickled.folder, rows, there, tmp_path), strict=True):
        assert np.array_equal(a, b, equal_nan=True)
