#!/usr/bin/env python3
"""Makes the .keras files beside this script: make.py [OUT]

Made with Keras 3.15.1 and NumPy; the seed is fixed, the dates in metadata.json
and of the zip members are taken out, and all but two archives are deflated.
params.txt lists, for every variable, the bits of its first and its last
element, as Keras has them.
"""

import json
import os
import sys
import zipfile

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
from keras import layers as L

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__) or "."
RNG = np.random.default_rng(3)


def sequence():
    """1-D, sizes unknown, compiled."""
    model = keras.Sequential(
        [
            keras.Input((None, 3), name="series"),
            L.Conv1D(4, 3, padding="causal", activation="relu", name="c1"),
            L.MaxPooling1D(2),
            L.Conv1D(2, 3, dilation_rate=2, use_bias=False),
            L.GlobalAveragePooling1D(),
            L.Dropout(0.25),
            L.Dense(2, activation="softmax"),
        ],
        name="sequence",
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def branches():
    """2-D, sizes unknown, a residual and a join."""
    x = i = keras.Input((None, None, 3), name="image")
    x = L.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(x)
    x = L.BatchNormalization(name="bn")(x)
    x = a = L.ReLU(max_value=6.0)(x)
    x = L.DepthwiseConv2D(3, padding="same", depth_multiplier=1)(x)
    x = L.BatchNormalization(scale=False, trainable=False)(x, training=False)
    x = L.Add()([a, x])
    y = L.Conv2D(2, 1, activation="swish")(a)
    x = L.Concatenate()([x, y])
    x = L.GlobalMaxPooling2D()(x)
    return keras.Model(i, L.Dense(3, name="head")(x), name="branches")


def two_by_two():
    """Two inputs in a dict, outputs in a tree of a dict and a list."""
    a = keras.Input((8, 6, 2), name="left")
    b = keras.Input((4,), name="right")
    x = L.Conv2D(4, (3, 1), padding="same")(a)
    g = L.GlobalAveragePooling2D()(x)
    d = L.Dense(4, name="mix")(b)
    s = L.Add(name="sum")([g, d])
    m = L.Multiply()([g, s])
    return keras.Model({"b": b, "a": a}, {"sum": s, "all": [m, d]}, name="two_by_two")


def first():
    """channels_first, flattened into a dense layer."""
    return keras.Sequential(
        [
            keras.Input((3, 8, 8)),
            L.ZeroPadding2D(((1, 0), (0, 2)), data_format="channels_first"),
            L.Conv2D(4, 3, groups=1, data_format="channels_first"),
            L.BatchNormalization(axis=1, center=False),
            L.AveragePooling2D(2, data_format="channels_first"),
            L.Flatten(data_format="channels_first"),
            L.Dense(5),
        ],
        name="first",
    )


def norms():
    """Normalization in both of its forms, Rescaling, layers as activation."""
    adapted = L.Normalization(name="adapted")
    adapted.adapt(RNG.normal(2, 3, (50, 4, 4, 2)).astype("float32"))
    return keras.Sequential(
        [
            keras.Input((4, 4, 2)),
            L.Rescaling(1 / 255.0, offset=-0.5),
            L.Normalization(mean=[1.0, 2.0], variance=[4.0, 9.0]),
            adapted,
            L.Conv2D(3, 3, activation=L.LeakyReLU(negative_slope=0.25)),
            L.Conv2D(2, 1, activation=L.ELU()),
            L.PReLU(shared_axes=[1, 2]),
            L.Activation("linear", name="nothing"),
            L.Flatten(),
        ],
        name="norms",
    )


def volume():
    """3-D, a fixed batch, frozen layers."""
    i = keras.Input(batch_shape=(2, 6, None, 4, 2), name="volume")
    x = L.Conv3D(3, (3, 2, 1), padding="same", trainable=False)(i)
    x = L.MaxPooling3D(2, padding="same")(x)
    x = L.Activation("gelu")(x)
    return keras.Model([i], [L.GlobalAveragePooling3D()(x)], name="volume")


def siblings():
    """Two images of unknown sizes that a layer adds."""
    a = keras.Input((None, None, 2))
    b = keras.Input((None, None, 2))
    return keras.Model([a, b], L.Add()([a, b]), name="siblings")


def ranks():
    """Joins of inputs of different rank."""
    number = keras.Input((), name="number")
    features = keras.Input((3,), name="features")
    series = keras.Input((9, 3), name="series")
    image = keras.Input((8, 9, 3), name="image")
    x = L.Add(name="sum")([number, image, series])
    x = L.Multiply(name="gate")([x, features])
    return keras.Model([image, series, features, number], x, name="ranks")


def encoder():
    """Of a frozen convolution and a norm."""
    i = keras.Input((None, None, 2), name="image")
    x = L.Conv2D(3, 3, name="conv", trainable=False)(i)
    x = L.BatchNormalization(name="norm")(x)
    return keras.Model(i, [x, L.ReLU(name="on")(x)], name="encoder")


def nested():
    """An encoder that is called twice, once more inside a Sequential."""
    a = keras.Input((8, 8, 2), name="a")
    b = keras.Input((8, 8, 2), name="b")
    head = keras.Sequential(
        [
            L.GlobalAveragePooling2D(name="pool"),
            keras.Sequential([L.Dense(4, name="conv")], name="inner"),
            L.Dropout(0.5),
        ],
        name="head",
    )
    both = encoder()
    x, y = both(a, training=False), both(b)
    z = L.Add(name="sum")([x[1], y[1]])
    return keras.Model(
        [a, b], {"z": head(z), "y": y[0], "x": head(x[0])}, name="nested"
    )


def shared():
    """A layer at several depths, its input before and behind it."""
    x = keras.Input((4,), name="x")
    dense = L.Dense(4, activation="tanh", name="turn")
    once = dense(x)
    twice = dense(L.ReLU(name="on")(once))
    join = L.Add(name="sum")
    return keras.Model(x, [join([twice, once]), join([dense(twice), x])], name="shared")


def structures():
    """Inner models with dicts and lists, called in every way Keras knows."""
    u, v = keras.Input((4,), name="u"), keras.Input((4,), name="v")
    d = L.Dense(4, name="d")(u)
    tree = keras.Model(
        {"v": v, "u": u},
        {"z": L.Add(name="a")([d, v]), "b": [L.Multiply(name="m")([d, v]), v]},
        name="tree",
    )
    p, q = keras.Input((4,), name="p"), keras.Input((4,), name="q")
    pair = keras.Model([q, p], L.Concatenate(name="c")([p, q, p]), name="pair")
    x, y = keras.Input((4,), name="x"), keras.Input((4,), name="y")
    first = tree({"u": x, "v": y})
    second = tree({"v": first["b"][0], "u": first["z"]})
    named = pair({"p": second["b"][1], "q": y})
    listed = pair(inputs=[x, second["z"]])
    return keras.Model(
        [x, y], [listed, {"n": named, "b": second["b"]}], name="structures"
    )


def towers():
    """Models of models: four deep, the same names in each."""

    def tower(depth):
        i = keras.Input((4,), name="in")
        x = L.Dense(4, name="layer")(i)
        if depth > 0:
            below = tower(depth - 1)
            x = below(below(x))
        return keras.Model(i, x, name="tower")

    i = keras.Input((4,), name="in")
    return keras.Model(i, tower(3)(i), name="towers")


def fork():
    """A Sequential whose members hand on more than one tensor."""
    i = keras.Input((4,), name="i")
    ways = keras.Model(i, [L.Dense(4, name="left")(i), i], name="ways")
    inner = keras.Sequential([keras.Input((4,), name="j"), ways], name="inner")
    return keras.Sequential(
        [keras.Input((4,), name="k"), inner, L.Add(name="sum")], name="fork"
    )


def over_time():
    """Wrappers, also around a model; the batch is split once."""
    inner = keras.Sequential(
        [keras.Input((5, 4, 2)), L.ReLU(), L.GlobalAveragePooling2D()],
        name="inner",
    )
    i = keras.Input((3, 7, 6, 1), name="i")
    conv = L.SpectralNormalization(L.Conv2D(2, 3, name="conv"), name="norm")
    x = L.TimeDistributed(conv, name="frames")(i)
    x = L.TimeDistributed(inner, name="each")(x)
    x = L.TimeDistributed(L.Dense(2, name="dense"), name="scores")(x)
    return keras.Model(i, x, name="over_time")


NESTED = (nested, shared, structures, towers, fork, over_time)
MODELS = (sequence, branches, two_by_two, first, norms, volume, siblings, ranks)


def fill(model):
    for v in model.variables:
        if v.dtype != "float32" or v.name in ("mean", "variance"):
            continue
        low = 0.5 if "variance" in v.name else -1.0
        v.assign(RNG.uniform(low, 1.5, v.shape).astype("float32"))


def rewrite(path, change=None, deflate=True):
    """The archive again, without dates; `change` may edit its members."""
    with zipfile.ZipFile(path) as z:
        members = {n: z.read(n) for n in z.namelist()}
    meta = json.loads(members["metadata.json"])
    meta["date_saved"] = "2026-01-01@00:00:00"
    members["metadata.json"] = json.dumps(meta).encode()
    if change:
        change(members)
    with zipfile.ZipFile(path, "w") as z:
        for name, data in members.items():
            kind = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
            z.writestr(zipfile.ZipInfo(name), data, kind)


def as_of_3_0(members):
    """The spellings of Keras 3.0: lists of triples, dtype as a string."""
    config = json.loads(members["config.json"])
    inner = config["config"]
    for key in ("input_layers", "output_layers"):
        if isinstance(inner[key][0], str):
            inner[key] = [inner[key]]
    for layer in inner["layers"]:
        layer["config"]["dtype"] = "float32"
        for new in ("renorm", "renorm_clipping", "renorm_momentum"):
            layer["config"].pop(new, None)
        for new in ("ragged", "optional", "quantization_config"):
            layer["config"].pop(new, None)
    del config["compile_config"]
    members["config.json"] = json.dumps(config).encode()
    members["metadata.json"] = json.dumps(
        {"keras_version": "3.0.5", "date_saved": "2026-01-01@00:00:00"}
    ).encode()


def bits(value):
    return f"{np.float32(value).view(np.uint32):08x}"


def answers(model):
    """What Keras makes of numbers that a test can make too, in float64 sums."""
    lines = []
    feed = []
    for i, t in enumerate(model.inputs):
        shape = [1 if d is None else d for d in t.shape]
        n = int(np.prod(shape))
        ramp = (np.arange(n) * 7 + 3 * i) % 11
        feed.append(((ramp - 5) / 8).astype("float32").reshape(shape))
    out = model(feed if len(feed) > 1 else feed[0], training=False)
    like = model.get_config().get("output_layers")
    for i, t in enumerate(leaves(out, like)):
        a = np.asarray(keras.ops.convert_to_numpy(t), "float64").ravel()
        weights = 1 + np.arange(a.size) % 13
        lines.append(f"{model.name} {i} {a.size} {(a * weights).sum():.9g}")
    return lines


def leaves(tree, like):
    """In the order in which the config lists them."""
    if isinstance(tree, dict):
        return [x for k in like for x in leaves(tree[k], like[k])]
    if isinstance(tree, (list, tuple)):
        return [x for a, b in zip(tree, like) for x in leaves(a, b)]
    return [tree]


def under(policy):
    """Layers that are made from here on have it."""
    keras.config.set_dtype_policy(policy)


def halves():
    """All in bfloat16 but the last layer; whole numbers go in."""
    under("bfloat16")
    inputs = keras.Input((6,), dtype="int32", name="words")
    x = L.Embedding(5, 3, name="table")(inputs)
    x = L.GlobalMaxPooling1D(name="peak")(x)
    x = L.Dense(2, name="dense", dtype="float32")(x)
    return keras.Model(inputs, x, name="halves")


def mixed():
    """Computed in float16 from float32 weights, with a float32 part."""
    under("mixed_float16")
    inputs = keras.Input((4, 4, 2), dtype="uint8", name="image")
    x = L.Rescaling(0.5, name="scale")(inputs)
    x = L.Conv2D(3, 2, name="conv", activation="relu")(x)
    y = L.Conv2D(3, 1, name="wide", dtype="float32")(x)
    x = x * 0.5 + y
    return keras.Model(inputs, L.Flatten(name="flat")(x), name="mixed")


def make_precise():
    """Models of other types than float32."""
    for build in (halves, mixed):
        path = os.path.join(OUT, build.__name__ + ".keras")
        keras.utils.clear_session()
        model = build()
        under("float32")
        fill(model)
        model.save(path)
        rewrite(path)


def make_nested():
    """nested.txt: what Keras computes, for the engine to compare with."""
    lines = ["# model, output, elements, sum of x[i] * (1 + i % 13)"]
    for build in NESTED:
        name = build.__name__
        path = os.path.join(OUT, name + ".keras")
        keras.utils.clear_session()
        model = build()
        fill(model)
        model.save(path)
        rewrite(path)
        lines += answers(keras.models.load_model(path))
    with open(os.path.join(OUT, "nested.txt"), "w") as f:
        f.write("\n".join(lines) + "\n")


def main():
    facts = []
    for build in MODELS:
        name = build.__name__
        path = os.path.join(OUT, name + ".keras")
        keras.utils.clear_session()
        model = build()
        fill(model)
        model.save(path)
        rewrite(path, deflate=name not in ("sequence", "siblings"))
        for v in model.weights:
            a = np.asarray(keras.ops.convert_to_numpy(v)).ravel()
            if v.dtype == "float32" and "seed" not in v.path:
                facts.append(f"{name} {v.path} {bits(a[0])} {bits(a[-1])}")
    keras.utils.clear_session()
    model = branches()
    fill(model)
    path = os.path.join(OUT, "old_spelling.keras")
    model.save(path)
    rewrite(path, as_of_3_0)
    with open(os.path.join(OUT, "params.txt"), "w") as f:
        f.write("# model, variable, bits of its first and its last element\n")
        f.write("\n".join(facts) + "\n")
    make_nested()
    make_precise()


main()
