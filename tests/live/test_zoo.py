"""One model of each family of keras.applications, small, from both files.

The command itself proves each layer; what only live frameworks tell of the
layers in these models, test_layers and test_networks ask. `make zoo` takes all
models at their own size.
"""

import gc
import shutil

import applications
import compare
import kit
import pytest
import zoo
from kit import keras
from test_networks import HOUSE, check_report

# Odd lengths on the way down; some families ask for more.
SIZES = (72, 75)
NARROW = {"alpha": 0.35}
CLASSES = 10


def firsts():
    """Of each family the model that its source defines first."""
    first = {}
    for maker in applications.found().values():
        family = applications.family(maker)
        line = maker.__code__.co_firstlineno
        if family not in first or line < first[family].__code__.co_firstlineno:
            first[family] = maker
    return first


def is_house(maker):
    """Is it one that test_networks takes, at its own size?"""
    return maker.__name__.lower() in {name.replace("_", "") for name in HOUSE}


FIRSTS = {
    family: maker
    for family, maker in firsts().items()
    if kit.FULL or not is_house(maker)
}


def small(maker):
    """As small as it can be made without leaving anything out."""
    takes = applications.arguments(maker)
    narrow = {key: value for key, value in NARROW.items() if key in takes}
    for size in SIZES:
        try:
            return maker(
                weights=None, classes=CLASSES, input_shape=(size, size, 3), **narrow
            )
        except ValueError:
            if size == SIZES[-1]:
                raise
    return None


class Ported:
    """A model, the port of each of its files, and a batch of inputs."""

    def __init__(self, family, folder):
        keras.backend.clear_session()
        self.name = family
        self.model = small(FIRSTS[family])
        self.arrays = [applications.ready(family, self.model, 2)]
        self.done = self.port(folder, ".keras")
        check_report(self.done)
        self.of_h5 = self.port(folder, ".h5", "--no-proof")
        self.network = kit.load(self.done)

    def port(self, folder, ending, *options):
        """From a file of that kind."""
        path = kit.save(self.model, folder / f"{self.name}{ending}")
        done = kit.port(path, folder / f"from{ending}", *options)
        path.unlink()
        assert done.code == 0, done.messages
        return done


@pytest.fixture(scope="module", params=sorted(FIRSTS))
def ported(request, tmp_path_factory):
    """One model at a time."""
    folder = tmp_path_factory.mktemp(request.param)
    yield Ported(request.param, folder)
    shutil.rmtree(folder)
    gc.collect()


def test_models_of_the_zoo_compute_the_same(ported):
    """Both frameworks, live."""
    worst = compare.outputs(
        ported.model, ported.network, ported.done.report, ported.arrays
    )
    assert worst <= 1, f"{worst:.3g} of what is allowed"


def test_weights_of_the_zoo_are_where_the_report_says(ported):
    """Each layer has a name of its own; shapes are those of the state."""
    report = ported.done.report
    assert len(set(report["names"].values())) == len(report["names"])
    state = ported.network.state_dict()
    assert report["weights"]
    for row in report["weights"]:
        assert list(state[row["target"]].shape) == row["target_shape"]


def test_both_files_become_the_same(ported):
    """Code and weights."""
    assert zoo.same(ported.done, ported.of_h5, ported.name)


def test_code_of_the_zoo_pleases_the_linter(ported):
    """As its formatter would write it."""
    assert not kit.ruff([ported.done.source])
