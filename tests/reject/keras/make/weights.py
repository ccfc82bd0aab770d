"""Weights that do not fit the model."""

import h5py
import numpy as np
from parts import with_weights


def zeros(*shape):
    return np.zeros(shape, "f4")


def stray(f, group):
    f.create_dataset(group + "/vars/0", data=zeros(2))


def weights():
    kernel = "layers/conv2d/vars/0"

    def replace(path, **how):
        def change(f):
            del f[path]
            f.create_dataset(path, **how)

        return change

    with_weights("kernel_of_other_shape", replace(kernel, data=zeros(3, 1, 2, 5)))
    with_weights("kernel_without_data", replace(kernel, shape=(3, 1, 2, 4)))
    with_weights("kernel_of_other_rank", replace(kernel, data=zeros(3, 2, 4)))
    with_weights("kernel_float64", replace(kernel, data=zeros(3, 1, 2, 4).astype("f8")))
    with_weights(
        "kernel_a_group",
        lambda f: f.move(kernel, "x") or f.create_group(kernel) and None,
    )
    with_weights(
        "kernel_deflated",
        replace(kernel, data=zeros(3, 1, 2, 4), compression=4),
    )

    def outside(f):
        del f[kernel]
        f[kernel] = h5py.ExternalLink("other.h5", "/data")

    def soft(f):
        del f[kernel]
        f[kernel] = h5py.SoftLink("/layers/dense/vars/0")

    with_weights("kernel_elsewhere", outside)
    with_weights("kernel_soft_link", soft)
    with_weights("bias_missing", lambda f: f.__delitem__("layers/conv2d/vars/1"))
    with_weights(
        "variable_too_many",
        lambda f: f.create_dataset("layers/conv2d/vars/2", shape=(4,), dtype="f4"),
    )
    with_weights(
        "variable_not_numbered",
        lambda f: f.create_dataset("layers/conv2d/vars/kernel", shape=(4,), dtype="f4"),
    )
    with_weights("part_too_many", lambda f: f.create_group("layers/dense/lora"))
    with_weights("layer_too_many", lambda f: stray(f, "layers/dense_1"))
    with_weights("layer_missing", lambda f: f.__delitem__("layers/dense"))
    with_weights(
        "name_of_another",
        lambda f: f["layers/dense/vars"].attrs.__setitem__("name", "mox"),
    )
