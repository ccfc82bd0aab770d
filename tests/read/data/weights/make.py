#!/usr/bin/env python3
"""Makes the files of weights beside it (needs h5py and NumPy).

They are laid out as Keras lays them out. The first number of every array is
its own: it says which array it is.
"""

from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).parent
NORM = ("gamma", "beta", "moving_mean", "moving_variance")


def array(shape, first):
    """Its first number, and halves."""
    made = np.full(shape, 0.5, np.float32)
    made.reshape(-1)[0] = first
    return made


def conv(first):
    """Kernel and bias of Conv1D(2, 1) on 2 channels."""
    return [("kernel", array((1, 2, 2), first)), ("bias", array((2,), first + 1))]


def norm(first):
    """The weights of a batch norm of 2 channels."""
    return [(name, array((2,), first + i)) for i, name in enumerate(NORM)]


def named(path, layers, **attributes):
    """A file of Keras 2: layers with their weights by paths."""
    with h5py.File(HERE / path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in layers]
        for key, value in {"backend": "tensorflow", **attributes}.items():
            file.attrs[key] = value.encode()
        for layer, weights in layers.items():
            group = file.create_group(layer)
            group.attrs["weight_names"] = [f"{k}:0".encode() for k, _ in weights]
            for name, value in weights:
                group[f"{name}:0"] = value


def numbered(path, groups):
    """A file of Keras 3: variables by number, and what their layer is called."""
    with h5py.File(HERE / path, "w") as file:
        for where, (name, weights) in groups.items():
            group = file.create_group(f"{where}/vars")
            if name:
                group.attrs["name"] = name
            for i, (_, value) in enumerate(weights):
                group[str(i)] = value


def under(path, weights):
    """Weights by paths."""
    return [(f"{path}/{name}", value) for name, value in weights]


def main():
    """Every file."""
    named(
        "named.h5",
        {
            "conv1d_7": under("conv1d_7", conv(10)),
            "re_lu": [],
            "conv1d_8": under("conv1d_8", conv(20)),
            "batch_normalization_3": under("batch_normalization_3", norm(30)),
        },
    )
    named(
        "swapped.h5",
        {"b": under("b", conv(20)), "a": under("a", conv(10))},
    )
    named("theano.h5", {"a": under("a", conv(10))}, backend="theano")
    # What was frozen stands behind the rest.
    named(
        "inner.h5",
        {
            "model_1": under("conv1d_4", conv(20))
            + under("conv1d_3", conv(10))
            + under("batch_normalization", norm(30)),
        },
    )
    numbered(
        "numbered.weights.h5",
        {
            "layers/conv1d": ("conv1d_7", conv(10)),
            "layers/conv1d_1": ("conv1d_8", conv(20)),
            "layers/re_lu": ("re_lu", []),
            "layers/batch_normalization": ("batch_normalization_3", norm(30)),
            "optimizer": ("adam", conv(90)),
        },
    )
    numbered(
        "classes.weights.h5",
        {
            "blocks/block/conv": ("", conv(10)),
            "blocks/block_1/conv": ("", conv(20)),
            "norm": ("", norm(30)),
        },
    )


if __name__ == "__main__":
    main()
