"""Models made of models, through a file, computed by both live frameworks.

Run as a program, `test_nested.py INDEX` takes one random model again, with
the seed of CONVEY_SEED.
"""

import sys
import tempfile
from pathlib import Path

import kit
import nested
import networks
import numpy as np
import pytest
from test_layers import failure
from test_networks import check_port

CHUNK = 10
CHUNKS = 20 if kit.FULL else 2


def make(index):
    """A model of the seed, and a batch of inputs."""
    rng = kit.random(6, index)
    model, shapes = nested.network(rng)
    tuning = [np.float32(rng.standard_normal((8, *s))) for s in shapes]
    networks.calibrate(model, kit.given(model, tuning), rng)
    return model, [np.float32(rng.standard_normal((2, *s))) for s in shapes]


def check(index, folder):
    """Ports a random model and compares; returns the written file."""
    model, arrays = make(index)
    path = kit.save(model, folder / f"net_{index}.keras")
    return check_port(model, path, arrays, index % 2 == 0, index % 5 == 0)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_models_of_models_compute_the_same(chunk, tmp_path):
    """CHUNK models in one process; all failures of a chunk are shown."""
    faults, written = [], []
    for index in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        folder = tmp_path / str(index)
        folder.mkdir()
        try:
            written.append(check(index, folder))
        except Exception as fault:
            faults.append(failure(index, fault, "test_nested.py"))
    said = kit.ruff(written)
    if said:
        faults.append(said)
    assert not faults, f"{len(faults)} failures\n" + "\n".join(faults)


def main():
    """One random model again, with everything there is to see."""
    index = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        make(index)[0].summary(line_length=100, expand_nested=True)
        try:
            print(kit.ruff([check(index, Path(folder))]))
        finally:
            for file in Path(folder).glob("out/*.py"):
                print(file.read_text())


if __name__ == "__main__":
    main()
