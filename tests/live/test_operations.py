"""Operations of Keras inside functional models, through a file, in both live
frameworks.

Run as a program, `test_operations.py NAME` takes one case again.
"""

import sys
import tempfile
from pathlib import Path

import bounds
import kit
import networks
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from kit import keras
from test_networks import check_values

ops = keras.ops
K = keras.layers
A = keras.activations


def conv(x, n=6):
    """What comes before and behind, so that axes have to move."""
    return K.Conv2D(n, 3, padding="same")(x)


def positive(x):
    """Numbers well above 0."""
    return ops.exp(x) + 0.5


ROW = np.float32([0.5, -1.5, 2.0, 0.25, 3.0, -0.125])

# By name: what happens to x, which has 6 channels. A function of two takes
# another tensor of the same shape.
SAME = {
    # with a number
    "times": lambda x: x * 2,
    "times_first": lambda x: 2.5 * x,
    "plus": lambda x: x + 3,
    "minus": lambda x: x - 0.25,
    "from_one": lambda x: 1 - x,
    "negative": lambda x: -x,
    "over": lambda x: x / 3,
    "one_over": lambda x: 1 / positive(x),
    "number_over": lambda x: 2.5 / positive(x),
    "squared": lambda x: x**2,
    "cubed": lambda x: ops.power(x, 3),
    "power_of_two": lambda x: 2**x,
    "power_of": lambda x: ops.power(0.3, x),
    "root_power": lambda x: positive(x) ** 0.3,
    "least": lambda x: ops.maximum(x, 0.1),
    "most": lambda x: ops.minimum(x, 0.5),
    "clipped": lambda x: ops.clip(x, -0.5, 0.75),
    # with an array
    "times_row": lambda x: x * ROW,
    "minus_row": lambda x: x - ROW,
    "over_row": lambda x: ops.divide(x, ops.convert_to_tensor(ROW)),
    "row_minus": lambda x: ops.subtract(ROW, x),
    "plus_deep_row": lambda x: x + ROW[None, None, None],
    # of two tensors
    "sum": lambda x, y: x + y,
    "sum_function": lambda x, y: ops.add(x, y),
    "product": lambda x, y: ops.multiply(x, y),
    "difference": lambda x, y: x - y,
    "quotient": lambda x, y: ops.divide(x, positive(y)),
    "largest": lambda x, y: ops.maximum(x, y),
    "smallest": lambda x, y: ops.minimum(x, y),
    "itself": lambda x: x * x,
    "gate": lambda x, y: x * ops.sigmoid(y),
    "channel_gate": lambda x: x * ops.sigmoid(ops.mean(x, (1, 2), keepdims=True)),
    "place_gate": lambda x: x * ops.sigmoid(ops.max(x, -1, keepdims=True)),
    # choices, which are continuous where they change
    "where_positive": lambda x: ops.where(x > 0, x, 0.1 * x),
    "where_larger": lambda x, y: ops.where(ops.greater(x, y), x, y),
    "where_inside": lambda x: ops.where(
        ops.logical_and(x >= -0.5, ops.less_equal(x, 0.5)), x, ops.sign(x) * 0.5
    ),
    "where_not": lambda x: ops.where(ops.logical_not(x < 0), x, 0.0),
    "masked": lambda x: x * ops.cast(x > 0, "float32"),
    "ones": lambda x: x + ops.ones_like(x),
    "zeros": lambda x, y: ops.maximum(x, ops.zeros_like(y)),
    # functions of each element
    "absolute": lambda x: ops.abs(x),
    "ceil": lambda x: ops.ceil(x),
    "cos": lambda x: ops.cos(x),
    "erf": lambda x: ops.erf(x),
    "exp": lambda x: ops.exp(x),
    "expm1": lambda x: ops.expm1(x),
    "floor": lambda x: ops.floor(x),
    "log": lambda x: ops.log(positive(x)),
    "log1p": lambda x: ops.log1p(positive(x)),
    "reciprocal": lambda x: ops.reciprocal(positive(x)),
    "round": lambda x: ops.round(x * 4),
    "rsqrt": lambda x: ops.rsqrt(positive(x)),
    "sign": lambda x: ops.sign(x),
    "sin": lambda x: ops.sin(x),
    "sqrt": lambda x: ops.sqrt(positive(x)),
    "square": lambda x: ops.square(x),
    "relu": lambda x: ops.relu(x),
    "relu6": lambda x: ops.relu6(x * 8),
    "relu_cut": lambda x: A.relu(x, max_value=0.5, negative_slope=0.1),
    "leaky_relu": lambda x: ops.leaky_relu(x, 0.3),
    "elu": lambda x: ops.elu(x),
    "gelu": lambda x: ops.gelu(x),
    "gelu_exact": lambda x: ops.gelu(x, approximate=False),
    "silu": lambda x: ops.silu(x),
    "hard_sigmoid": lambda x: ops.hard_sigmoid(x),
    "hard_swish": lambda x: x * ops.relu6(x + 3.0) * (1.0 / 6.0),
    "selu": lambda x: A.selu(x),
    "sigmoid": lambda x: ops.sigmoid(x),
    "softplus": lambda x: ops.softplus(x),
    "tanh": lambda x: ops.tanh(x),
    # along axes
    "softmax": lambda x: ops.softmax(x, axis=-1),
    "softmax_rows": lambda x: ops.softmax(x, axis=1),
    "log_softmax": lambda x: ops.log_softmax(x),
    "unit": lambda x: ops.normalize(x),
    # in another order
    "flip_rows": lambda x: ops.flip(x, axis=1),
    "flip_places": lambda x: ops.flip(x, axis=(1, -2)),
    "flip_channels": lambda x: ops.flip(x, axis=-1),
    "backwards": lambda x: x[:, ::-1],
    "backwards_all": lambda x: x[:, ::-1, ::-1, ::-1],
    "roll_rows": lambda x: ops.roll(x, 2, axis=1),
    "roll_places": lambda x: ops.roll(x, (-1, 13), axis=(1, 2)),
    "roll_channels": lambda x: ops.roll(x, -8, axis=-1),
    # nothing at all
    "pixels": lambda x: ops.space_to_depth(ops.depth_to_space(conv(x, 8), 2), 2),
    "cast": lambda x: ops.cast(x, "float32"),
    "stopped": lambda x: ops.stop_gradient(x) + x,
}

# Those that change the shape, on fixed sizes.
SHAPED = {
    "batch_alone": lambda x: ops.sum(x, axis=(1, 2, 3)),
    "mean_places": lambda x: ops.mean(x, axis=(1, 2)),
    "mean_kept": lambda x: ops.mean(x, axis=[1, 2], keepdims=True),
    "mean_channels": lambda x: ops.mean(x, axis=-1),
    "mean_rows": lambda x: ops.mean(x, axis=1, keepdims=True),
    "mean_row_channel": lambda x: ops.mean(x, axis=(1, 3), keepdims=True),
    "sum_places": lambda x: ops.sum(x, axis=(1, 2)),
    "sum_channels": lambda x: ops.sum(x, axis=3, keepdims=True),
    "max_channels": lambda x: ops.max(x, axis=-1, keepdims=True),
    "max_columns": lambda x: ops.amax(x, axis=2),
    "min_places": lambda x: ops.min(x, axis=(1, 2)),
    "min_channels": lambda x: ops.amin(x, axis=-1),
    "var_places": lambda x: ops.var(x, axis=(1, 2)),
    "var_channels": lambda x: ops.var(x, axis=-1, keepdims=True),
    "std_places": lambda x: ops.std(x, axis=(1, 2), keepdims=True),
    "std_rows": lambda x: ops.std(x, axis=1),
    "prod_channels": lambda x: ops.prod(x, axis=-1),
    "prod_places": lambda x: ops.prod(x, axis=(1, 2), keepdims=True),
    "logsumexp_channels": lambda x: ops.logsumexp(x * 20, axis=-1, keepdims=True),
    "logsumexp_places": lambda x: ops.logsumexp(x, axis=(1, 2)),
    "standardised": lambda x: (
        (x - ops.mean(x, -1, keepdims=True))
        / (ops.std(x, axis=-1, keepdims=True) + 1e-3)
    ),
    "reshape": lambda x: ops.reshape(x, (-1, x.shape[1] * x.shape[2], 6)),
    "reshape_flat": lambda x: ops.reshape(x, (-1, x.shape[1] * x.shape[2] * 6)),
    "transpose": lambda x: ops.transpose(x, (0, 3, 1, 2)),
    "swapaxes": lambda x: ops.swapaxes(x, 1, 2),
    "moveaxis": lambda x: ops.moveaxis(x, -1, 1),
    "rows": lambda x: x[:, 1:-1],
    "window": lambda x: x[:, 1:5, 2:],
    "every_second": lambda x: x[:, ::2, 1::2],
    "channels": lambda x: x[..., 1:4],
    "last_channels": lambda x: x[:, :, :, -2:],
    "all_cut": lambda x: x[:, 1:, :-1, ::3],
    "backwards_from": lambda x: x[:, -2::-1, :3:-2, 4:0:-1],
    "backwards_between": lambda x: x[:, 5:-6:-1, 99:-99:-3, -2:-5:-2],
    "backwards_row": lambda x: x[:, 2, None, ::-2],
    "tile_rows": lambda x: ops.tile(x, (1, 2, 1, 1)),
    "tile_all": lambda x: ops.tile(x, [1, 2, 3, 2]),
    "tile_last": lambda x: ops.tile(x, (3, 2)),
    "repeat_rows": lambda x: ops.repeat(x, 3, axis=1),
    "repeat_channels": lambda x: ops.repeat(x, 2, axis=-1),
    "one_row": lambda x: x[:, 2],
    "one_channel": lambda x: x[..., -1],
    "one_place": lambda x: x[:, 0, -1],
    "new_axis": lambda x: x[:, None, 1:],
    "expand_dims": lambda x: ops.expand_dims(x, 1),
    "squeeze": lambda x: ops.squeeze(x[:, :, 3:4], 2),
    "pad": lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0))),
    "pad_reflect": lambda x: ops.pad(x, ((0, 0), (1, 2), (2, 1), (0, 0)), "reflect"),
    "pad_number": lambda x: ops.pad(
        x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=1.5
    ),
    "concatenate": lambda x, y: ops.concatenate([x, y], axis=-1),
    "concatenate_rows": lambda x, y: ops.concatenate([x, y], axis=1),
    "stack": lambda x, y: ops.stack([x, y], axis=1),
    "stack_last": lambda x, y: ops.stack([x, y], axis=-1),
    "split": lambda x: ops.split(x, 3, axis=-1),
    "split_at": lambda x: ops.split(x, [1, 4], axis=3),
    "split_rows": lambda x: ops.split(x, [2], axis=1)[1],
    "array_split": lambda x: ops.array_split(x, 4, axis=-1),
    "unstack": lambda x: ops.unstack(x, axis=-1)[2:4],
    "max_pool": lambda x: ops.max_pool(x, 2, 2, "same"),
    "average_pool": lambda x: ops.average_pool(x, 3, 2),
    "depth_to_space": lambda x: ops.depth_to_space(conv(x, 9), 3),
    "space_to_depth": lambda x: ops.space_to_depth(x[:, :6, :6], 2),
    "resize": lambda x: ops.image.resize(x, (12, 14), interpolation="nearest"),
    "resize_linear": lambda x: ops.image.resize(x, (14, 12)),
}

# What behind them is done, where there is one result of four axes.
BEHIND = {"channels", "rows", "pad", "concatenate", "max_pool", "mean_kept"}


# Those whose result depends on whether a size is odd.
BOTH = {"max_pool", "average_pool", "every_second", "all_cut", "resize_linear"}


def build(name, shape):
    """A model of the case for inputs of that shape."""
    function = SAME.get(name) or SHAPED[name]
    inputs = [keras.Input(shape) for _ in range(function.__code__.co_argcount)]
    made = function(*map(conv, inputs))
    if name in SAME or name in BEHIND:
        made = conv(made, 3)
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], made)


def arrays_of(model, shape, rng):
    """One batch for each input."""
    return [np.float32(rng.standard_normal((2, *shape))) for _ in model.inputs]


def check(name, folder):
    """Ports the case, runs it for odd and for even sizes."""
    rng = kit.random(17, len(name))
    free = name in SAME
    shapes = [(7, 9, 4), (8, 6, 4)]
    if not free and not kit.FULL and name not in BOTH:
        shapes = shapes[:1] if len(name) % 2 else shapes[1:]
    for shape in [(None, None, 4)] if free else shapes:
        model = build(name, shape)
        networks.randomise(model, rng)
        path = kit.save(model, folder / f"{name}_{shape[0]}.keras")
        done = kit.port(path, folder / f"out_{shape[0]}")
        assert done.code == 0, f"exit {done.code}: {done.messages}"
        assert done.report["proof"]["engine"] == "proven"
        assert done.report["proof"]["file"] == "proven"
        network = kit.load(done)
        for size in shapes if free else [shape]:
            arrays = arrays_of(model, size, rng)
            check_values(model, network, done.report, arrays)
    return done.source


@pytest.mark.parametrize("names", [sorted(SAME)[i::4] for i in range(4)])
def test_operations_of_one_shape_compute_the_same(names, tmp_path):
    """All failures of a share are shown."""
    check_all(names, tmp_path)


@pytest.mark.parametrize("names", [sorted(SHAPED)[i::4] for i in range(4)])
def test_operations_that_change_the_shape_compute_the_same(names, tmp_path):
    """All failures of a share are shown."""
    check_all(names, tmp_path)


def check_all(names, folder):
    """Each case in a folder of its own; the written files are well formed."""
    faults, written = [], []
    for name in names:
        (folder / name).mkdir()
        try:
            written.append(check(name, folder / name))
        except Exception as fault:
            faults.append(f"{name}: {str(fault)[:600]}")
    said = kit.ruff(written)
    assert not faults and not said, "\n".join([*faults, said])


# ---- what is refused ----

REFUSED = {
    "batch_cut": (lambda x: x[1:, :], "get_item", "batch"),
    "batch_flip": (lambda x: ops.flip(x, axis=(0, 1)), "flip", "batch"),
    "all_rolled": (lambda x: ops.roll(x, 1), "roll", "one sample to the next"),
    "batch_tiled": (lambda x: ops.tile(x, (2, 1, 1, 1)), "tile", "samples"),
    "new_axis_tiled": (lambda x: ops.tile(x, (1, 2, 1, 1, 1)), "tile", "new axes"),
    "all_repeated": (lambda x: ops.repeat(x, 2), "repeat", "joined to one row"),
    "uneven_repeat": (
        lambda x: ops.repeat(x, [1, 2, 1, 3, 1, 1], axis=-1),
        "repeat",
        "one whole number",
    ),
    "batch_mean": (lambda x: ops.mean(x, axis=0), "mean", "samples"),
    "tensor_power": (lambda x: ops.power(x, x), "power", "exponent"),
    "remainder": (lambda x: x % 2, "mod", "keras.ops.mod"),
    "kernel": (
        lambda x: ops.conv(x, np.ones((1, 1, 6, 2), "float32")),
        "conv",
        "kernel",
    ),
    "image_of_numbers": (
        lambda x: x * np.ones((7, 9, 6), "float32"),
        "multiply",
        "array",
    ),
    "stacked_batch": (lambda x: ops.stack([x, x], axis=0), "stack", "axis"),
    "whole_numbers": (lambda x: ops.cast(x, "int32"), "cast", "float32"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_carried_is_refused_by_operation_and_reason(name, tmp_path):
    """No folder is left, and the message says which and why."""
    function, layer, reason = REFUSED[name]
    x = keras.Input((7, 9, 4))
    path = kit.save(keras.Model(x, function(conv(x))), tmp_path / "net.keras")
    done = kit.port(path, tmp_path / "out")
    assert done.code == 3, done.messages
    assert layer in done.messages and reason in done.messages, done.messages
    assert not done.folder.exists()


def test_every_operation_of_keras_has_the_name_of_a_function():
    """The rule that finds the function by an operation's class."""
    import importlib
    import inspect
    import pkgutil
    import re

    from keras.src import ops as source
    from keras.src.ops.operation import Operation

    named = {"BatchNorm": "batch_normalization", "LayerNorm": "layer_normalization"}
    named |= {"RMSNorm": "rms_normalization"}
    # Of these the function has another name or is none of the public ones; none
    # of them is read.
    named |= dict.fromkeys(["Function", "CDist", "SegmentReduction", "AllClose"])
    named |= dict.fromkeys(["IsIn", "SearchSorted"])
    missing = []
    for row in pkgutil.iter_modules(source.__path__):
        if row.name.endswith("_test"):
            continue
        module = importlib.import_module(f"keras.src.ops.{row.name}")
        for name, class_ in inspect.getmembers(module, inspect.isclass):
            own = class_.__module__ == module.__name__ and class_ is not Operation
            if not own or not issubclass(class_, Operation):
                continue
            snake = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
            snake = re.sub("([a-z])([A-Z])", r"\1_\2", snake).lower()
            snake = named.get(name, snake)
            homes = [ops, ops.image, ops.linalg]
            if snake and not any(hasattr(home, snake) for home in homes):
                missing.append(name)
    assert not missing


# ---- Keras 2: functions of TensorFlow ----

# All of these in one model, on a convolution and on another input.
FUNCTIONS = {
    "times": lambda x, y: x * 2,
    "times_first": lambda x, y: 2.5 * x,
    "from_one": lambda x, y: 1 - x,
    "negative": lambda x, y: -x,
    "over": lambda x, y: x / 3,
    "squared": lambda x, y: x**2,
    "sum": lambda x, y: x + y,
    "plus": lambda x, y: x + 3.0,
    "product": lambda x, y: x * y,
    "difference": lambda x, y: x - y,
    "quotient": lambda x, y: x / (y * y + 1.0),
    "minus_row": lambda x, y: tf.math.subtract(x, [1.0, 2.0, -3.0, 0.5]),
    "hard_swish": lambda x, y: x * tf.nn.relu6(x + 3.0) * (1.0 / 6.0),
    "activation": lambda x, y: tf_keras.activations.swish(x),
    "relu6": lambda x, y: tf_keras.activations.relu(x, max_value=6),
    "sigmoid": lambda x, y: tf.nn.sigmoid(x),
    "least": lambda x, y: tf.maximum(x, 0.5),
    "clip": lambda x, y: tf.clip_by_value(x, -1.0, 1.0),
    "rsqrt": lambda x, y: tf.math.rsqrt(x * x + 1.0),
    "softmax": lambda x, y: tf.nn.softmax(x),
    "mean": lambda x, y: tf.reduce_mean(x, axis=[1, 2], keepdims=True),
    "mean_channels": lambda x, y: tf_keras.backend.mean(x, axis=-1),
    "sum_channels": lambda x, y: tf.reduce_sum(x, axis=-1, keepdims=True),
    "rows": lambda x, y: x[:, 1:-1],
    "one_row": lambda x, y: x[:, 0],
    "concat": lambda x, y: tf.concat([x, y], axis=-1),
    "stack": lambda x, y: tf.stack([x, y], axis=1),
    "split": lambda x, y: tf.split(x, 2, axis=-1)[1],
    "split_sizes": lambda x, y: tf.split(x, [1, 3], axis=-1)[1],
    "unstack": lambda x, y: tf.unstack(x, axis=-1)[2],
    "pad": lambda x, y: tf.pad(x, [[0, 0], [1, 1], [1, 2], [0, 0]]),
    "reshape": lambda x, y: tf.reshape(x, (-1, x.shape[1] * x.shape[2], 4)),
    "transpose": lambda x, y: tf.transpose(x, (0, 3, 1, 2)),
    "expand_dims": lambda x, y: tf.expand_dims(x, 1),
    "squeeze": lambda x, y: tf.squeeze(x[:, 0:1], 1),
    "cast": lambda x, y: tf.cast(x, tf.float32),
    "resize": lambda x, y: tf.image.resize(x, (16, 16)),
    "max_pool": lambda x, y: tf.nn.max_pool2d(x, 2, 2, "SAME"),
    "bias": lambda x, y: tf.nn.bias_add(x, [1.0, 2.0, -3.0, 0.5]),
    "depth_to_space": lambda x, y: tf.nn.depth_to_space(x, 2),
    "space_to_depth": lambda x, y: tf.nn.space_to_depth(x[:, :6, :6], 2),
}


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("size", [(7, 9, 4), (8, 6, 4)])
def test_functions_of_tensorflow_in_models_of_keras_2(size, ending, tmp_path):
    """Each output of one model is what it is in tf_keras."""
    x, y = tf_keras.Input(size), tf_keras.Input(size)
    start = tf_keras.layers.Conv2D(4, 3, padding="same")(x)
    made = [function(start, y) for function in FUNCTIONS.values()]
    model = tf_keras.Model([x, y], made)
    model.save(tmp_path / f"net.{ending}")
    done = kit.port(tmp_path / f"net.{ending}", tmp_path / "out")
    assert done.code == 0, done.messages
    assert done.report["proof"]["engine"] == "proven"
    assert done.report["proof"]["file"] == "proven"
    rng = kit.random(18, *size)
    arrays = [np.float32(rng.standard_normal((2, *size))) for _ in range(2)]
    want = model([tf.constant(array) for array in arrays])
    got = kit.leaves(kit.run_torch(kit.load(done), arrays, done.report))
    for name, a, b, row in zip(
        FUNCTIONS, want, got, done.report["outputs"], strict=True
    ):
        a = kit.moved(a, row["permutation"])
        worst = kit.share(b.numpy(), a, 256 * bounds.U * (1 + np.max(np.abs(a))))
        assert worst <= 1, f"{name}: {worst}"


def main():
    """One case again, with everything there is to see."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(sys.argv[1], Path(folder))
        finally:
            for file in Path(folder).glob("out*/*.py"):
                print(file.read_text())


if __name__ == "__main__":
    main()
