"""Whole networks, through a file, computed by both live frameworks.

Run as a program, `test_networks.py INDEX` takes one random network again,
with the seed of CONVEY_SEED.
"""

import gc
import shutil
import sys
import tempfile
from pathlib import Path

import compare
import kit
import networks
import numpy as np
import pytest
import torch
from test_layers import failure

CHUNK = 10
CHUNKS = 100 if kit.FULL else 10
# The others take minutes; `make zoo` compares them too.
SHORT = ("classifier_1d", "efficientnet_b0", "mobilenet_v2", "resnet50")
HOUSE = sorted(networks.HOUSE) if kit.FULL else SHORT


def check_report(done, transposes=False):
    """The command said that all is well."""
    assert done.code == 0, f"exit {done.code}: {done.messages}"
    assert done.report["proof"]["engine"] == "proven"
    assert done.report["proof"]["file"] == "proven"
    assert transposes or done.report["leftover_transposes"] == 0


def check_values(model, network, report, arrays):
    """Every layer is within its bound, and the final outputs are."""
    shares = compare.modules(model, network, report, arrays)
    weighted = {p for p, layer in networks.every_layer(model) if layer.weights}
    assert weighted <= set(shares), f"not compared: {weighted - set(shares)}"
    far = {name: share for name, share in shares.items() if share > 1}
    assert not far, f"beyond their bounds: {far}"
    worst = compare.outputs(model, network, report, arrays)
    assert worst <= 1, f"outputs: {worst:.3g} of what is allowed"


def check_compiled(network, report, arrays, backend):
    """torch.compile makes one graph of it, which computes the same."""
    torch.compiler.reset()
    compiled = torch.compile(network, fullgraph=True, backend=backend)
    check_same(network, compiled, kit.to_torch(arrays, report["inputs"]))


def check_exported(network, report, arrays):
    """torch.export with any batch gives a program for another batch."""
    given = kit.to_torch(arrays, report["inputs"])
    batch = torch.export.Dim("batch", max=64)
    program = torch.export.export(
        network, tuple(given), dynamic_shapes=tuple({0: batch} for _ in given)
    )
    larger = [torch.cat([x, x[:1].flip(1)]) for x in given]
    check_same(network, program.module(), larger)


def check_same(network, other, given):
    """Both give the same tree, up to another order of sums."""
    with torch.no_grad():
        want = kit.leaves(network(*given))
        got = kit.leaves(other(*given))
    for a, b in zip(want, got, strict=True):
        torch.testing.assert_close(b, a, rtol=1e-4, atol=1e-4 * float(a.abs().max()))


# ---- random networks ----


def make(index):
    """A network of the seed, and a batch of inputs."""
    rng = kit.random(2, index)
    model, shapes = networks.network(rng)
    tuning = [np.float32(rng.standard_normal((8, *s))) for s in shapes]
    networks.calibrate(model, kit.given(model, tuning), rng)
    return model, [np.float32(rng.standard_normal((2, *s))) for s in shapes]


def check(index, folder):
    """Ports a random network and compares; returns the written file."""
    model, arrays = make(index)
    path = kit.save(model, folder / f"net_{index}.keras")
    return check_port(model, path, arrays, index % 2 == 0, index % 10 == 0)


def check_port(model, path, arrays, flat, programs):
    """All that there is to compare, in one of the two forms; `programs` are
    made of some networks. Returns the written file.

    Weights that two calls share are not put into another order: there the
    features that a shared model flattens keep the source's.
    """
    options = ["--flat"] if flat else []
    done = kit.port(path, path.parent / "out", *options)
    check_report(done, transposes=compare.flattens_again(model, arrays))
    network = kit.load(done)
    check_values(model, network, done.report, arrays)
    compare.check_names(model, network, done.report, flat)
    if programs:
        check_compiled(network, done.report, arrays, "aot_eager")
        check_exported(network, done.report, arrays)
    return done.source


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_networks_compute_the_same(chunk, tmp_path):
    """CHUNK networks in one process; all failures of a chunk are shown."""
    faults, written = [], []
    for index in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        folder = tmp_path / str(index)
        folder.mkdir()
        try:
            written.append(check(index, folder))
        except Exception as fault:
            faults.append(failure(index, fault, "test_networks.py"))
    said = kit.ruff(written)
    if said:
        faults.append(said)
    assert not faults, f"{len(faults)} failures\n" + "\n".join(faults)


# ---- the house ----


class Ported:
    """A network of the house, its port, and a batch of inputs."""

    def __init__(self, name, folder):
        rng = kit.random(3, sorted(networks.HOUSE).index(name))
        self.name = name
        self.model, self.arrays = networks.house(name, rng)
        path = kit.save(self.model, folder / f"{name}.keras")
        self.done = kit.port(path, folder / "out")
        path.unlink()
        check_report(self.done)
        self.network = kit.load(self.done)


@pytest.fixture(scope="module", params=HOUSE)
def ported(request, tmp_path_factory):
    """One network at a time; its half a gigabyte goes before the next."""
    folder = tmp_path_factory.mktemp(request.param)
    yield Ported(request.param, folder)
    shutil.rmtree(folder)
    gc.collect()


def test_the_house_computes_the_same(ported):
    """Layer by layer on the source's own numbers, and as a whole."""
    check_values(ported.model, ported.network, ported.done.report, ported.arrays)


def test_names_of_the_house_are_the_source_s(ported):
    """Keys of the state, and a strict load of them."""
    compare.check_names(ported.model, ported.network, ported.done.report, False)
    ported.network.load_state_dict(ported.network.state_dict(), strict=True)


def test_the_house_compiles(ported):
    """As one graph; in the long form down to machine code."""
    backend = "inductor" if kit.FULL and shutil.which("c++") else "eager"
    check_compiled(ported.network, ported.done.report, ported.arrays, backend)


def test_the_house_exports_with_any_batch(ported):
    """One program for every batch."""
    check_exported(ported.network, ported.done.report, ported.arrays)


def test_files_of_the_house_please_the_linter(ported):
    """As its formatter would write them."""
    assert not kit.ruff([ported.done.source])


def main():
    """One random network again, with everything there is to see."""
    index = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        make(index)[0].summary(line_length=100)
        try:
            print(kit.ruff([check(index, Path(folder))]))
        finally:
            for file in Path(folder).glob("out/*.py"):
                print(file.read_text())


if __name__ == "__main__":
    main()
