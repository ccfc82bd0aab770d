"""Every kind of file of every Keras, as the written network computes it.

Files that older versions wrote stand in tests/read/data/versions; Keras 3 and
tf_keras write theirs here. The cases, and how files are made: files.py.
"""

import os
from pathlib import Path

import bounds
import files
import keras
import kit
import numpy as np
import pytest
import tf_keras

VERSIONS = Path(os.environ["CVYT_DATA"]) / "read/data/versions"
OLD = sorted(p.name for p in VERSIONS.iterdir() if p.suffix != ".npz")
# Keras 2 has no names outside ASCII, and does not split weights.
NEVER = {("tf_keras", "unicode"), ("tf_keras", "shards")}


def compare(path, examples, folder):
    """Ports a file, proves it, and runs what was written.

    The source's float64 is not at hand: the noise is the written network's.
    """
    done = kit.port(path, folder)
    assert done.code == 0, done.messages
    assert done.report["proof"]["engine"] == "proven"
    assert done.report["proof"]["file"] == "proven"
    network = kit.load(done)
    arrays = [examples[f"x.{row['name']}"] for row in done.report["inputs"]]
    got = computed(network, arrays, done.report)
    exact = computed(network.double(), [np.float64(x) for x in arrays], done.report)
    assert {f"y.{key}" for key in got} == {k for k in examples if k[0] == "y"}
    for (key, value), row in zip(got.items(), done.report["outputs"], strict=True):
        want = kit.moved(examples[f"y.{key}"], row["permutation"])
        noise = np.max(np.abs(np.float64(value) - exact[key]), initial=0)
        allowed = 8 * noise + 16 * bounds.U * np.max(np.abs(want))
        worst = kit.share(value, want, allowed)
        assert worst <= 1, f"{path.name}: output {key}: {worst} of what is allowed"


def computed(network, arrays, report):
    """The written network's outputs by their keys."""
    got = kit.run_torch(network, arrays, report)
    if not isinstance(got, dict):
        got = dict(enumerate(kit.leaves(got)))
    return {key: value.numpy() for key, value in got.items()}


# Keras 2 refuses some names.
TODAY = [
    (library, name)
    for library in ("keras", "tf_keras")
    for name in files.MODELS
    if (library, name) not in NEVER
]


@pytest.mark.parametrize("name", OLD)
def test_files_of_older_versions(name, tmp_path):
    """What a version wrote computes what that version computed."""
    stem, _ = name.rsplit(".", 1)
    with np.load(VERSIONS / f"{stem}.npz") as examples:
        compare(VERSIONS / name, examples, tmp_path / "out")


@pytest.mark.parametrize("library, name", TODAY, ids=str)
def test_files_that_are_written_today(library, name, tmp_path):
    """One model in every form, all of which are the same network."""
    library = {"keras": keras, "tf_keras": tf_keras}[library]
    model = files.build(library, name)
    examples = files.examples(model)
    turn = (list(files.MODELS).index(name) + (library is keras)) % 2
    every = kit.FULL or name == "plain"
    for form in files.FORMS if every else [("keras", "h5")[turn]]:
        if (library.__name__, form) in NEVER:
            continue
        path = files.save(library, model, form, tmp_path / f"{name}.{form}")
        compare(path, examples, tmp_path / f"{form}_out")
