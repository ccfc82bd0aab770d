"""Scripts of TensorFlow: what the port computes is what the script computes.

Each runs in its own framework (tf1_child.py), with weights that are not the
initial ones; those are copied into the port by the rows of its report.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import bounds
import calls
import kit
import numpy as np
import pytest
import source
import torch

CHILD = Path(__file__).with_name("tf1_child.py")


@pytest.fixture(scope="session")
def live(request, tmp_path_factory):
    """A folder with what the chosen scripts compute. One process runs many:
    TensorFlow takes seconds to start."""
    folder = tmp_path_factory.mktemp("live")
    chosen = {"graph": [], "eager": []}
    for item in request.session.items:
        script = getattr(item, "callspec", None) and item.callspec.params.get("script")
        if isinstance(script, source.Script) and "live" in item.fixturenames:
            chosen[script.kind].append(script.name)
    for kind, names in chosen.items():
        if names:
            subprocess.run(
                [sys.executable, str(CHILD), kind, str(folder), *names],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True,
                check=False,
            )
    return folder


def computed(folder, script):
    """The arrays of one script."""
    file = folder / f"{script.name}.npz"
    if not file.exists():
        fault = folder / f"{script.name}.err"
        pytest.fail(fault.read_text() if fault.exists() else "the child died")
    with np.load(file) as arrays:
        return dict(arrays)


def file_of(script, folder):
    """The script where it stands, or in a file of its own."""
    if not script.text:
        return source.path(script, live=False)
    path = folder / f"{script.name}.py"
    path.write_text(script.text, encoding="utf-8")
    return path


def suffix(one, other):
    """Does the longer path end in the components of the shorter?"""
    one, other = sorted((one.split("/"), other.split("/")), key=len)
    return other[-len(one) :] == one


def weight_of(arrays, name, script):
    """A variable by the name that the report gives it. TensorFlow's names are
    exact; those of Keras 3 may leave out the model."""
    if f"v.{name}" in arrays:
        return arrays[f"v.{name}"]
    assert script.kind == "eager", f"no variable {name}"
    found = [k for k in arrays if k[:2] == "v." and suffix(k[2:], name)]
    assert len(found) == 1, f"{name}: {found}"
    return arrays[found[0]]


def give_weights(network, report, arrays, script):
    """The script's weights, into the port."""
    state = network.state_dict()
    for row in report["weights"]:
        if row["source"].endswith(" (constant)"):
            continue  # numbers of the script, which the port has already
        array = weight_of(arrays, row["source"], script)
        assert list(array.shape) == row["source_shape"], row
        new = torch.from_numpy(calls.translated(row, array))
        assert new.shape == state[row["target"]].shape, row
        state[row["target"]] = new
    network.load_state_dict(state, strict=True)


def inputs_of(report, arrays, script, turn=""):
    """The script's inputs in the port's order; one needs no name."""
    given = {k: v for k, v in arrays.items() if k.startswith(f"x{turn}.")}
    assert len(report["inputs"]) == len(given), report["inputs"]
    if len(given) == 1:
        return list(given.values())
    return [given[f"x{turn}.{row['name']}"] for row in report["inputs"]]


def run(network, arrays, report):
    """Leaves of what the port makes of arrays."""
    return [y.numpy() for y in kit.leaves(kit.run_torch(network, arrays, report))]


def noise_of_port(network, arrays, report):
    """How far the port's float32 is from its float64; it is in float64 then."""
    near = run(network, arrays, report)
    wide = [np.float64(x) if x.dtype.kind == "f" else x for x in arrays]
    exact = run(network.double(), wide, report)
    return [float(np.max(np.abs(a - b))) for a, b in zip(near, exact, strict=True)]


def compare(network, report, arrays, script):
    """The worst difference as a share of what is allowed: 8 times the noise
    of the script itself, or where TensorFlow has no float64 that of the port,
    and 16 u of the largest number."""
    first = inputs_of(report, arrays, script)
    second = inputs_of(report, arrays, script, "2")
    got = {"": run(network, first, report), "2": run(network, second, report)}
    noises = noise_of_port(network, first, report)
    worst = 0.0
    for i, row in enumerate(report["outputs"]):
        itself = arrays[f"noise.{i}"]
        itself = noises[i] if np.isnan(itself) else itself
        for turn, values in got.items():
            want = kit.moved(arrays[f"y{turn}.{i}"], row["permutation"])
            allowed = 8 * itself + 16 * bounds.U * np.max(np.abs(want))
            worst = max(worst, kit.share(values[i], want, allowed))
    assert f"y.{len(report['outputs'])}" not in arrays, "an output is missing"
    return worst


@pytest.mark.parametrize("script", source.SCRIPTS, ids=lambda s: s.name)
def test_script(script, live, tmp_path):
    """Ported, proven, tidy, and the same numbers."""
    arrays = computed(live, script)
    done = kit.port(file_of(script, tmp_path), tmp_path / "out", *script.options)
    if script.refused and done.code == 3:
        assert re.search(script.refused, done.messages), done.messages
        return
    assert done.code == 0, done.messages
    report = done.report
    assert report["proof"]["engine"] == "proven"
    assert report["proof"]["file"] == "proven"
    assert kit.ruff([done.source]) == ""
    network = kit.load(done).eval()
    give_weights(network, report, arrays, script)
    share = compare(network, report, arrays, script)
    kit.note("scripts", share)
    assert share <= 1


PAIRS = [s for s in source.SCRIPTS if s.name.startswith(("pair_", "article_"))]


@pytest.mark.parametrize("script", PAIRS, ids=lambda s: s.name)
def test_pairs_are_as_somebody_would_write_them(script, tmp_path):
    """One layer of the right rank, few lines, no transposition left."""
    done = kit.port(file_of(script, tmp_path), tmp_path / "out", *script.options)
    assert done.code == 0, done.messages
    written = done.source.read_text()
    name = "nn.Conv1d(" if script.kind == "graph" else "nn.Conv2d("
    assert written.count(name) == 1
    assert "permute" not in written and "transpose" not in written
    assert done.report["leftover_transposes"] == 0
    if script.kind == "eager":
        said = " ".join(row["text"] for row in done.report["remarks"])
        assert "random" in said, "a literal random tensor became the input"


def test_what_is_missing_is_asked_for_by_name(tmp_path):
    """A function of nobody's has no sizes."""
    script = source.BY_NAME["model_function"]
    path = source.path(script)
    done = kit.port(path, tmp_path / "a", "--entry", "model", "--set", "is_training=0")
    assert done.code == 3 and "--input" in done.messages
    done = kit.port(path, tmp_path / "b", "--entry", "model", "--input", "x=?x48x6")
    assert done.code == 0 or "--set" in done.messages
    done = kit.port(path, tmp_path / "c", "--entry", "nobody")
    assert done.code in (2, 3) and "nobody" in done.messages
    assert not any((tmp_path / name).exists() for name in "ac")


def test_a_long_script_is_read_quickly(tmp_path):
    """300 lines in 0.4 s, of which Python's start takes a quarter."""
    script = source.BY_NAME["speech_long"]
    path = source.path(script)
    assert len(path.read_text().splitlines()) >= 300
    took = []
    for i in range(5):
        done = kit.port(path, tmp_path / str(i), *script.options, "--no-proof")
        assert done.code == 0, done.messages
        took.append(done.seconds)
    kit.say(f"a script of 300 lines: {min(took):.2f} s")
    assert min(took) < 0.4
