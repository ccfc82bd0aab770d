"""Weights of a script from a file that Keras has written (`--weights`): the
port computes what the model computes that was saved."""

import os
import subprocess
import sys
from pathlib import Path

import bounds
import kit
import numpy as np
import pytest
import test_scripts
from weighed import CASES, FORMS, files, text

CHILD = Path(__file__).with_name("weighed.py")


@pytest.fixture(scope="module", params=FORMS)
def saved(request, tmp_path_factory):
    """One library, its files and its numbers."""
    folder = tmp_path_factory.mktemp(request.param)
    done = subprocess.run(
        [sys.executable, str(CHILD), request.param, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(folder / f"{request.param}.npz") as arrays:
        return request.param, folder, dict(arrays)


def port(name, weights, folder):
    """The script of a case with a file."""
    path = folder / "net.py"
    path.write_text(text(name), encoding="utf-8")
    return kit.port(path, folder / "out", "--force", "--weights", weights)


@pytest.mark.parametrize("name", CASES)
def test_the_port_has_the_weights_of_the_file(name, saved, tmp_path):
    """Every form of it."""
    library, folder, arrays = saved
    given = [arrays[k] for k in sorted(arrays) if k.startswith(f"{name}.x")]
    for form in files(library, name):
        done = port(name, folder / f"{name}.{library}{form}", tmp_path)
        assert done.code == 0, (form, done.messages)
        assert done.report["proof"]["file"] == "proven"
        network = kit.load(done).eval()
        got = test_scripts.run(network, given, done.report)[0]
        (noise,) = test_scripts.noise_of_port(network, given, done.report)
        want = kit.moved(arrays[f"{name}.y"], done.report["outputs"][0]["permutation"])
        allowed = 8 * noise + 16 * bounds.U * np.max(np.abs(want))
        share = kit.share(got, want, allowed)
        kit.note("weights of scripts", share)
        assert share <= 1, form


@pytest.mark.parametrize("name", CASES)
def test_the_file_of_another_model_is_refused(name, saved, tmp_path):
    """By a name or a number, and nothing is written."""
    library, folder, _ = saved
    others = [other for other in CASES if other != name]
    for other in others:
        done = port(name, folder / f"{other}.{library}.weights.h5", tmp_path)
        assert done.code == 3, (other, done.messages)
        assert "weights" in done.messages or "shape" in done.messages
        assert not (tmp_path / "out").exists()
