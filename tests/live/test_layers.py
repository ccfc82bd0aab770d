"""Random single layers, through a file, computed by both live frameworks.

Run as a program, `test_layers.py INDEX` takes one case again, with the seed
of CONVEY_SEED.
"""

import sys
import tempfile
import traceback
from pathlib import Path

import bounds
import kit
import layers
import numpy as np
import pytest

CHUNK = 50
CHUNKS = 200 if kit.FULL else 20


def expected(case, arrays):
    """What Keras computes, and how far one float32 evaluation may be off."""
    x = arrays if len(arrays) > 1 else arrays[0]
    error = None
    for layer in case.layers:
        if not bounds.is_exact(layer):
            assert error is None, "one layer of a case computes"
            error = bounds.bound(layer, x)
        elif error is not None:
            error = np.asarray(layer(np.float32(error)))
        x = np.asarray(layer(x))
    return x, np.zeros(x.shape) if error is None else error


def make(index):
    """The case, its model with weights, and inputs for every size."""
    rng = kit.random(1, index)
    case = layers.case(rng, index)
    model = case.model()
    for layer in case.layers:
        layers.fill(layer, rng)
    tries = []
    for shapes in case.sizes:
        batch = layers.ints(rng, 1, 3)
        tries.append(
            [np.float32(rng.standard_normal((batch, *shape))) for shape in shapes]
        )
    return case, model, tries


def check(index, folder):
    """Ports the case and compares; returns the written file."""
    case, model, tries = make(index)
    try:
        done = kit.port(kit.save(model, folder / f"case_{index}.keras"), folder / "out")
        assert done.code == 0, f"exit {done.code}: {done.messages}"
        assert done.report["proof"]["engine"] == "proven"
        assert done.report["leftover_transposes"] <= case.transposes
        network = kit.load(done)
        for arrays in tries:
            want, error = expected(case, arrays)
            (row,) = done.report["outputs"]
            got = kit.run_torch(network, arrays, done.report).numpy()
            order = row["permutation"]
            allowed = 2 * kit.moved(error, order)
            worst = kit.share(got, kit.moved(want, order), allowed)
            kit.note(type(case.layers[-1]).__name__, worst)
            assert worst <= 1, f"{worst:.3g} of the bound away"
    except Exception as fault:
        fault.add_note(str(case))
        raise
    return done.source


def failure(index, fault, program="test_layers.py"):
    """A fault with the line that shows it again."""
    text = "".join(traceback.format_exception_only(fault)).strip()
    again = f"CONVEY_SEED={kit.SEED} script/live tests/live/{program} {index}"
    return f"{text}\n  {again}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_single_layers_compute_the_same(chunk, tmp_path):
    """CHUNK layers in one process; all failures of a chunk are shown."""
    faults, written = [], []
    for index in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        folder = tmp_path / str(index)
        folder.mkdir()
        try:
            written.append(check(index, folder))
        except Exception as fault:
            faults.append(failure(index, fault))
    said = kit.ruff(written)
    if said:
        faults.append(said)
    assert not faults, f"{len(faults)} failures\n" + "\n".join(faults)


def main():
    """One case again, with everything there is to see."""
    index = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        print(make(index)[0])
        try:
            print(kit.ruff([check(index, Path(folder))]))
        finally:
            for file in Path(folder).glob("out/*.py"):
                print(file.read_text())


if __name__ == "__main__":
    main()
