"""Models in every kind of file that some Keras writes, with what they compute.

As a program, under any Keras from 2.12 to 3.15:

    python files.py FOLDER MODEL.FORM ...

writes FOLDER/VERSION-MODEL.FORM for each, and its inputs and outputs as
FOLDER/VERSION-MODEL.npz. A form is keras, h5, folder (config.json with weights
beside it) or shards (the same with weights in several files). CONVEY_KERAS
says which Keras: keras, tf (what TensorFlow brings along) or tf_keras.
"""

import importlib
import os
import sys
from pathlib import Path

import numpy as np

BATCH = 2
SHARD = 1.3e-6  # of a GiB: two files


def plain(keras):
    """A Sequential that knows its input."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 9, 3)),
            layers.Conv2D(4, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ],
        name="plain",
    )


def late(keras):
    """A Sequential that was built without an input layer."""
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Conv2D(4, 3, strides=2),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2),
        ]
    )
    model.build((None, 11, 10, 2))
    return model


def many(keras):
    """One of each of the common layers."""
    layers = keras.layers
    image = keras.Input((12, 10, 3), name="image")
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="stem")(
        image
    )
    x = layers.BatchNormalization(name="norm", scale=False)(x)
    x = layers.Activation("swish", name="act")(x)
    y = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, name="deep")(x)
    y = layers.LeakyReLU(name="leaky")(y)
    z = layers.SeparableConv2D(8, 3, padding="same", name="separable")(x)
    y = layers.Add(name="sum")([y, z])
    y = layers.Concatenate(name="join")([y, x])
    y = layers.PReLU(shared_axes=[1, 2], name="prelu")(y)
    y = layers.AveragePooling2D(2, padding="same", name="pool")(y)
    y = layers.UpSampling2D(2, name="up")(y)
    y = layers.ZeroPadding2D(((1, 0), (0, 1)), name="zero")(y)
    y = layers.Cropping2D(1, name="crop")(y)
    y = layers.Conv2DTranspose(3, 3, strides=2, padding="same", name="wider")(y)
    y = layers.Dropout(0.3, name="drop")(y)
    y = layers.LayerNormalization(name="layer_norm")(y)
    y = layers.GlobalMaxPooling2D(name="most")(y)
    y = layers.Flatten(name="flat")(layers.Reshape((3, 1), name="turned")(y))
    return keras.Model(image, layers.Dense(3, name="logits")(y), name="many")


def nested(keras):
    """Models in models."""
    layers = keras.layers
    inside = keras.Input((6, 6, 3), name="inside")
    x = layers.Conv2D(4, 3, name="deep_conv")(inside)
    deep = keras.Model(inside, layers.BatchNormalization(name="n")(x), name="deep")
    below = keras.Input((8, 8, 2), name="below")
    x = layers.Conv2D(3, 3, name="conv")(below)
    x = deep(layers.BatchNormalization(name="norm")(x))
    x = layers.Conv2D(4, 1, name="last")(x)
    backbone = keras.Model(below, x, name="backbone")
    head = keras.Sequential(
        [
            keras.Input((4, 4, 4)),
            layers.Conv2D(2, 3, padding="same", name="conv_head"),
            layers.ReLU(name="act"),
            layers.Conv2D(2, 1, name="conv_tail"),
        ],
        name="head",
    )
    start = keras.Input((8, 8, 2), name="start")
    y = layers.Flatten(name="flat")(head(backbone(start)))
    return keras.Model(start, layers.Dense(2, name="out")(y), name="outer")


def frozen(keras):
    """The same with layers that do not train, which moves their weights."""
    model = nested(keras)
    backbone = model.get_layer("backbone")
    for name in ("norm", "deep", "conv"):
        backbone.get_layer(name).trainable = False
    model.get_layer("head").get_layer("conv_head").trainable = False
    return model


def shared(keras):
    """Layers and models that are called twice; two inputs and outputs."""
    layers = keras.layers
    left = keras.Input((6, 6, 2), name="left")
    right = keras.Input((6, 6, 2), name="right")
    inside = keras.Input((6, 6, 2), name="inside")
    x = layers.Flatten(name="e_flat")(layers.Conv2D(2, 3, name="e_conv")(inside))
    encoder = keras.Model(inside, layers.Dense(3, name="e_dense")(x), name="encoder")
    step = keras.Sequential(
        [keras.Input((6, 6, 2)), layers.Conv2D(2, 3, padding="same", name="s_conv")],
        name="step",
    )
    twice = layers.Conv2D(2, 3, padding="same", name="twice")
    p = encoder(step(twice(twice(left))))
    q = encoder(step(twice(right)))
    outputs = [layers.Subtract(name="minus")([p, q]), layers.Add(name="plus")([p, q])]
    return keras.Model([left, right], outputs, name="siamese")


def dicts(keras):
    """Dicts of inputs and of outputs."""
    layers = keras.layers
    picture = keras.Input((5, 6, 2), name="picture")
    numbers = keras.Input((4,), name="numbers")
    x = layers.GlobalAveragePooling2D(name="mean")(
        layers.Conv2D(4, 3, name="conv")(picture)
    )
    y = layers.Dense(4, activation="tanh", name="dense")(numbers)
    outputs = {
        "sum": layers.Add(name="add")([x, y]),
        "both": layers.Concatenate(name="join")([x, y]),
    }
    inputs = {"picture": picture, "numbers": numbers}
    return keras.Model(inputs, outputs, name="dicts")


def names(keras):
    """Names that Python keeps for itself, that clash, or have slashes."""
    layers = keras.layers
    around = "block/1/" if keras.__version__.startswith("2.") else "block_1_"
    x = start = keras.Input((6, 6, 2), name="start")
    for name in (around + "conv", "class", "a.b", "a_b", "1x1"):
        x = layers.Conv2D(2, 1, name=name)(x)
    return keras.Model(start, layers.Flatten(name="None")(x), name="names")


def unicode(keras):
    """Names outside ASCII, which Keras 2 does not have: nine in one group."""
    layers = keras.layers
    x = start = keras.Input((6, 6, 2), name="start")
    for name in "größe 卷积 층 été слой α".split():
        x = layers.Conv2D(2, 1, use_bias=False, name=name)(x)
    for name in ("über alles", "naïve act"):
        x = layers.ReLU(name=name)(x)
    return keras.Model(start, x, name="unicode")


def series(keras):
    """One spatial axis."""
    layers = keras.layers
    start = keras.Input((16, 3), name="series")
    x = layers.Conv1D(4, 3, padding="causal", dilation_rate=2, name="causal")(start)
    x = layers.MaxPooling1D(2, name="pool")(x)
    x = layers.Conv1D(4, 3, padding="same", groups=2, name="grouped")(x)
    return keras.Model(start, layers.GlobalAveragePooling1D(name="mean")(x))


def volume(keras):
    """Three spatial axes."""
    layers = keras.layers
    start = keras.Input((6, 5, 4, 2), name="volume")
    x = layers.Conv3D(3, 2, padding="same", name="conv")(start)
    x = layers.MaxPooling3D(2, padding="same", name="pool")(x)
    return keras.Model(start, layers.Conv3DTranspose(2, 2, strides=2, name="back")(x))


def deferred(keras):
    """A Sequential that learns its input by being called, twice."""
    layers = keras.layers
    inner = keras.Sequential(
        [layers.Conv2D(2, 3, padding="same", name="c"), layers.ReLU(name="r")],
        name="inner",
    )
    start = keras.Input((7, 7, 2), name="x")
    return keras.Model(start, [inner(inner(start)), inner(start)], name="deferred")


def ends(keras):
    """Outputs of a call of an inner model are outputs of the whole."""
    layers = keras.layers
    inside = keras.Input((6, 6, 2), name="inside")
    both = [layers.Conv2D(2, 3, name="e_conv")(inside)]
    both.append(layers.Conv2D(1, 1, name="e_other")(inside))
    inner = keras.Model(inside, both, name="inner")
    start = keras.Input((6, 6, 2), name="start")
    p, _ = inner(start)
    r, t = inner(layers.ReLU(name="relu")(start))
    return keras.Model(start, {"p": p, "t": t, "r": r}, name="ends")


def operators(keras):
    """Python's operators on Keras' tensors."""
    layers = keras.layers
    start = keras.Input((6, 6, 2), name="start")
    x = layers.Conv2D(2, 3, name="c")(start)
    y = x * 2.0 + 1.0
    z = layers.ReLU(6.0, name="r6")(x + 3.0) * (1.0 / 6.0)
    return keras.Model(start, 1.0 - (y * z) / 3.0, name="operators")


MODELS = {
    make.__name__: make
    for make in (
        plain,
        late,
        many,
        nested,
        frozen,
        shared,
        dicts,
        names,
        unicode,
        series,
        volume,
        deferred,
        ends,
        operators,
    )
}
FORMS = ("keras", "h5", "folder", "shards")


def build(keras, name):
    """A model with weights of its own: no two alike."""
    keras.backend.clear_session()
    model = MODELS[name](keras)
    rng = np.random.default_rng(list(MODELS).index(name))
    for weight in model.weights:
        path = getattr(weight, "path", weight.name)
        array = rng.normal(0, 0.5, weight.shape)
        if "variance" in path or "gamma" in path:
            array = rng.uniform(0.5, 2.0, weight.shape)
        weight.assign(np.float32(array))
    return model


def examples(model):
    """Inputs by the names of their layers, and outputs by their keys."""
    rng = np.random.default_rng(9)
    named = {}
    for tensor in model.inputs:
        shape = [size or BATCH for size in tensor.shape]
        name = getattr(tensor, "_keras_history", (tensor,))[0].name
        named[name] = np.float32(rng.normal(size=shape))
    arrays = list(named.values())
    given = named if model.name == "dicts" else arrays
    outputs = model(given if len(arrays) > 1 else arrays[0], training=False)
    if not isinstance(outputs, dict | list | tuple):
        outputs = [outputs]
    if not isinstance(outputs, dict):
        outputs = dict(enumerate(outputs))
    want = {f"y.{key}": np.asarray(value) for key, value in outputs.items()}
    return {f"x.{key}": value for key, value in named.items()} | want


def save(keras, model, form, path):
    """The model in one form; folders get their names from the path."""
    if form == "keras" and keras.__version__.startswith("2.12"):
        model.save(path, save_format="keras_v3")
    elif form in ("keras", "h5"):
        model.save(path)
    else:
        path.mkdir(exist_ok=True)
        (path / "config.json").write_text(model.to_json())
        if form == "folder":
            model.save_weights(str(path / "net.weights.h5"))
        else:
            model.save_weights(str(path / "net.weights.json"), max_shard_size=SHARD)
    return path


def main():
    """Writes what the arguments say."""
    which = os.environ.get("CONVEY_KERAS", "keras")
    if which == "tf":
        import tensorflow

        keras = tensorflow.keras
        keras.__version__ = importlib.import_module("keras").__version__
    else:
        keras = importlib.import_module(which)
    folder = Path(sys.argv[1])
    for word in sys.argv[2:]:
        name, form = word.split(".")
        model = build(keras, name)
        stem = f"{keras.__version__}-{name}"
        np.savez(folder / f"{stem}.npz", **examples(model))
        save(keras, model, form, folder / f"{stem}.{form}")


if __name__ == "__main__":
    main()
