"""Files that other versions of Keras write, here and now. `make sweep` alone:
each version gets an environment of its own, where it can be installed.

The models and the forms of their files: files.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import files
import kit
import numpy as np
import pytest
import test_files

# What is installed, and which Keras that has then.
VERSIONS = {
    "2.12.0": (["tensorflow-cpu==2.12.0"], "tf"),
    "2.15.0": (["tensorflow-cpu==2.15.1"], "tf"),
    "3.0.5": (["tensorflow-cpu==2.16.2", "keras==3.0.5", "numpy<2"], "keras"),
    "3.6.0": (["tensorflow-cpu==2.18.1", "keras==3.6.0"], "keras"),
}
CACHE = Path(os.environ.get("CONVEY_CACHE", Path.home() / ".cache/convey"))
pytestmark = pytest.mark.skipif(not kit.FULL, reason="for `make sweep`")


@pytest.fixture(scope="module", params=VERSIONS)
def version(request):
    """A version, with a Python that has it."""
    packages, which = VERSIONS[request.param]
    folder = CACHE / f"keras-{request.param}-{sys.version_info.minor}"
    python = folder / "bin/python"
    if not (folder / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        words = [python, "-m", "pip", "install", "-q", *packages]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"not to be installed: {done.stderr.strip()[-200:]}")
        (folder / "done").touch()
    return request.param, which, python


def written(version, name, folder):
    """The files of one model that the version can write, and what the model
    computes."""
    number, which, python = version
    subprocess.run(
        [python, files.__file__, folder, *[f"{name}.{form}" for form in FORMS]],
        env={**os.environ, "CONVEY_KERAS": which, "PYTHONPATH": ""},
        capture_output=True,
        check=False,
    )
    made = sorted(folder.glob(f"{number}-{name}.*"))
    return [path for path in made if path.suffix != ".npz"]


# Weights in several files are of later versions. The old form comes last: where
# writing it fails, the process ends.
FORMS = ("keras", "folder", "h5")
# What these versions lack, or do not save.
LACKS = {
    ("2.12.0", "unicode"): FORMS,
    ("2.15.0", "unicode"): FORMS,
    # Names of weights without their layers: the second "kernel" of a model in a
    # model ends the writing, and a part of a file is left.
    ("3.0.5", "nested"): ("h5",),
    ("3.0.5", "frozen"): ("h5",),
    ("3.0.5", "shared"): ("h5",),
    ("3.0.5", "ends"): ("h5",),
}


def check_part(path, folder):
    """A part of a file is refused as damaged."""
    done = kit.port(path, folder)
    assert done.code == 4, done.messages


@pytest.mark.parametrize("name", files.MODELS)
def test_versions_are_read(version, name, tmp_path):
    """One model, in every form that the version has."""
    number = version[0]
    lacks = LACKS.get((number, name), ())
    paths = {path.suffix[1:]: path for path in written(version, name, tmp_path)}
    assert set(FORMS) - set(lacks) <= set(paths)
    if not paths:
        return
    with np.load(tmp_path / f"{number}-{name}.npz") as examples:
        for form, path in paths.items():
            out = tmp_path / f"{path.name}_out"
            if form in lacks:
                check_part(path, out)
            else:
                test_files.compare(path, examples, out)
