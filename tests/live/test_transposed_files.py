"""Transposed convolutions through files: every rule of length and crop, in both
live frameworks.

One model holds all settings as branches of one input, so that one file carries
hundreds of them. Keras itself says which settings it computes; a setting that it
computes has to come through, one that it cannot compute has to be refused.

Run as a program, `test_transposed_files.py CONV FORMAT LENGTHS` (as `2 channels_last
3,4`, or `free` for LENGTHS) takes one model again.
"""

import copy
import itertools
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import bounds
import kit
import numpy as np
import pytest
import torch
from kit import keras

K = keras.layers
CHANNELS, FILTERS, BATCH = 3, 2, 2
LONGEST = (None, 9, 5, 3)  # by the number of axes, where all cannot be had
SHUFFLES = 2 if kit.FULL else 1
FORMATS = ("channels_last", "channels_first")


@dataclass(frozen=True)
class Setting:
    """The words of one layer; tuples have a number for each axis."""

    padding: str
    taps: tuple
    strides: tuple
    dilation: tuple
    extra: tuple | None  # output_padding

    def layer(self, number, data_format, bias):
        """The layer, named by its number."""
        return getattr(K, f"Conv{len(self.taps)}DTranspose")(
            FILTERS,
            self.taps,
            strides=self.strides,
            padding=self.padding,
            output_padding=self.extra,
            data_format=data_format,
            dilation_rate=self.dilation,
            use_bias=bias,
            name=f"t{number}",
        )


# ---- the grid ----


def axes(dilated, extra):
    """(taps, stride, dilation, output_padding) of one axis: a dilation wants
    strides of 1, and output_padding is less than the stride."""
    for taps, stride in itertools.product(range(1, 7), range(1, 5)):
        if dilated and stride > 1:
            continue
        for dilation in range(1, 4) if dilated else [1]:
            for more in range(stride) if extra else [None]:
                yield taps, stride, dilation, more


def settings(nd, rng):
    """Every one of an axis on every axis, beside others of its kind."""
    for padding, dilated, extra in itertools.product(
        ("valid", "same"), (False, True), (False, True)
    ):
        rows = list(axes(dilated, extra))
        for _ in range(SHUFFLES if nd > 1 else 1):
            columns = [rows]
            for _ in range(nd - 1):
                columns.append([rows[i] for i in rng.permutation(len(rows))])
            for together in zip(*columns, strict=True):
                words = list(zip(*together, strict=True))
                yield Setting(padding, *words[:3], words[3] if extra else None)


def has_forward(setting):
    """Does a forward convolution lead from the output to the input? TensorFlow
    computes no others."""
    spans = [
        (k - 1) * d + 1 for k, d in zip(setting.taps, setting.dilation, strict=True)
    ]
    shortest = 0 in (setting.extra or (1,))
    if setting.padding == "valid" or not shortest:
        return True
    return all(e or n % 2 for e, n in zip(setting.extra, spans, strict=True))


# ---- what Keras says ----


def shape_of(lengths, data_format):
    """Of an input without the batch."""
    if data_format == "channels_first":
        return (CHANNELS, *lengths)
    return (*lengths, CHANNELS)


def computes(layer, shape):
    """Does Keras compute the layer? Some of the refusals come from within
    TensorFlow."""
    try:
        return 0 not in layer(np.zeros((1, *shape), np.float32)).shape
    except Exception:
        return False


def has_bias(setting, number, data_format, shape):
    """Channels first, Keras on TensorFlow adds the bias along the last axis if
    that is as long as there are filters."""
    if data_format == "channels_last":
        return True
    layer = setting.layer(number, data_format, False)
    return None not in shape and FILTERS != layer.compute_output_shape((1, *shape))[-1]


@dataclass
class Branches:
    """One model of many settings."""

    model: keras.Model
    settings: list

    @property
    def data_format(self):
        """That of all layers."""
        return self.model.layers[1].data_format


def branches(nd, data_format, lengths, rng, good=True):
    """All settings that Keras computes, or all that it does not, on an input of
    these lengths; None: not known."""
    shape = shape_of(lengths, data_format)
    x = keras.Input(shape)
    made, kept = [], []
    for number, setting in enumerate(settings(nd, rng)):
        if has_forward(setting) != good:
            continue
        bias = has_bias(setting, number, data_format, shape)
        made.append(setting.layer(number, data_format, bias)(x))
        kept.append(setting)
    model = keras.Model(x, made)
    for weight in model.weights:
        weight.assign(rng.standard_normal(weight.shape, np.float32))
    return Branches(model, kept)


def magnitudes(network, x, report):
    """Sums of the absolute values of all that is added up, an output each. The
    port may say them: of another function they are no nearer to the truth."""
    twin = copy.deepcopy(network).double()
    with torch.no_grad():
        for weight in twin.parameters():
            weight.abs_()
    return kit.leaves(kit.run_torch(twin, [np.abs(np.float64(x))], report))


def compare(case, network, report, lengths, rng):
    """The worst share of twice the bound of a sum of n products and a bias."""
    model = case.model
    shape = shape_of(lengths, case.data_format)
    x = rng.standard_normal((BATCH, *shape), np.float32)
    got = kit.leaves(kit.run_torch(network, [x], report))
    rows = zip(
        case.settings,
        kit.leaves(model(x)),
        magnitudes(network, x, report),
        got,
        report["outputs"],
        strict=True,
    )
    worst = 0.0
    for setting, want, total, found, row in rows:
        n = CHANNELS * int(np.prod(setting.taps)) + 1
        gamma = bounds.gamma(n)
        allowed = 2 * (gamma * total.numpy() + n * bounds.TINY)
        want = kit.moved(want, row["permutation"])
        here = kit.share(found.numpy(), want, allowed)
        assert here <= 1, f"{setting} on {lengths}: {here:.3g} of what is allowed"
        worst = max(worst, here)
    kit.note("Transposed in files", worst)
    return len(case.settings)


# ---- a model at a time ----


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Threads that wait for each other cost more than layers this small."""
    kept = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(kept)


def lengths_of(nd):
    """From 1 to LONGEST on each axis, not alike."""
    n = LONGEST[nd]
    return [
        tuple(1 + (i * (1 + 2 * axis) + axis) % n for axis in range(nd))
        for i in range(n)
    ]


def free(nd, known=()):
    """The first lengths are not known when the file is read."""
    return (None,) * (nd - len(known)) + known


def check(nd, data_format, lengths, folder):
    """Ports one file and runs it on lengths that fit."""
    rng = kit.random(29, nd, len(data_format), *(n or 0 for n in lengths))
    case = branches(nd, data_format, lengths, rng)
    path = kit.save(case.model, folder / "net.keras")
    done = kit.port(path, folder / "out")
    assert done.code == 0, done.messages
    assert done.report["proof"]["engine"] == "proven"
    assert done.report["proof"]["file"] == "proven"
    assert not kit.ruff([done.source])
    network = kit.load(done)
    tries = {
        tuple(a or b for a, b in zip(lengths, more, strict=True))
        for more in lengths_of(nd)
    }
    for more in sorted(tries):
        compare(case, network, done.report, more, rng)
    kit.say(
        f"transposed in files, {nd} axes, {data_format}, "
        f"{'x'.join(str(n or '?') for n in lengths)}: "
        f"{len(case.settings)} settings on {len(tries)} lengths"
    )


SHARE = [
    (1, "channels_last", free(1)),
    (1, "channels_first", (1,)),
    (2, "channels_first", free(2)),
    (2, "channels_last", (4, 3)),
    (3, "channels_last", free(3, (3, 2))),
]
ALL = [
    (nd, data_format, lengths)
    for nd in (1, 2, 3)
    for data_format in FORMATS
    for lengths in [free(nd), *lengths_of(nd)]
]


@pytest.mark.parametrize("nd, data_format, lengths", SHARE + ALL if kit.FULL else SHARE)
def test_every_setting_that_keras_computes_comes_through(
    nd, data_format, lengths, tmp_path
):
    """All branches of one model."""
    check(nd, data_format, lengths, tmp_path)


@pytest.mark.parametrize("nd", [1, 2, 3])
@pytest.mark.parametrize("data_format", FORMATS if kit.FULL else FORMATS[:1])
def test_what_keras_computes_is_known(nd, data_format):
    """It is the shortest output of an even kernel that TensorFlow refuses, and
    nothing else. What is refused for some length is refused for 2."""
    shape = shape_of((2,) * nd, data_format)
    for number, setting in enumerate(settings(nd, kit.random(30, nd))):
        layer = setting.layer(number, data_format, False)
        assert computes(layer, shape) == has_forward(setting), setting


@pytest.mark.parametrize("nd, known", [(1, True), (2, False), (3, True)])
def test_every_setting_that_keras_cannot_compute_is_refused(nd, known, tmp_path):
    """By layer, attribute and reason, all in one run."""
    lengths = lengths_of(nd)[-2] if known else free(nd)
    case = branches(nd, "channels_last", lengths, kit.random(31, nd), good=False)
    assert case.settings
    path = kit.save(case.model, tmp_path / "net.keras")
    done = kit.port(path, tmp_path / "out")
    assert done.code == 3, done.messages
    assert not done.folder.exists()
    for layer in case.model.layers[1:]:
        said = [x for x in done.messages.splitlines() if f" {layer.name} " in x]
        assert len(said) == 1 and "output_padding" in said[0], done.messages
        assert "no forward convolution leads from it" in said[0], done.messages


def main():
    """One model again, with what is written of it."""
    nd, data_format, lengths = sys.argv[1:]
    nd = int(nd)
    lengths = free(nd) if lengths == "free" else tuple(map(int, lengths.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(nd, data_format, lengths, Path(folder))
            print(*kit.SAID, sep="\n")
        finally:
            for file in Path(folder).glob("out*/*.py"):
                print(file.read_text())


if __name__ == "__main__":
    main()
