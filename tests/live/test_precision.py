"""Types that models store and compute in: halves, doubles, mixed policies.

The written network must hold weights and give outputs of the types that Keras
has, and compute what Keras computes: within 8 times Keras' own distance from
float64, and 16 u of the type that layers compute in.
"""

import contextlib

import bounds
import compare
import keras
import kit
import ml_dtypes
import networks
import numpy as np
import pytest
import tf_keras
from keras import layers as K

HALVES = ("float16", "bfloat16")
MIXED = ("mixed_float16", "mixed_bfloat16")
POLICIES = ("float64", *HALVES, *MIXED)
UNITS = {
    "float16": 2.0**-11,
    "bfloat16": 2.0**-8,
    "float32": bounds.U,
    "float64": bounds.U,
}


@contextlib.contextmanager
def policy(name):
    """Layers that are made inside have it."""
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy("float32")


# ---- networks ----


def images():
    """Uneven borders, norms, weights of every kind; the last layer is float32,
    as Keras advises for mixed policies."""
    x = inputs = keras.Input((17, 17, 3))
    x = K.Rescaling([0.5, 0.25, 1.0], [0.0, -0.5, 0.5])(x)
    x = K.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5])(x)
    x = K.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    x = K.BatchNormalization(scale=False)(x)
    x = K.PReLU(shared_axes=[1, 2])(x)
    x = K.DepthwiseConv2D(3, padding="same", activation="swish")(x)
    x = K.LayerNormalization()(x)
    x = K.SeparableConv2D(6, 3, padding="same", activation="relu6")(x)
    x = K.GroupNormalization(3)(x)
    x = K.Conv2DTranspose(6, 3, strides=2, padding="same")(x)
    x = K.AveragePooling2D(2, padding="same")(x)
    x = K.Flatten()(x)
    x = K.Dense(5)(x)
    return keras.Model(inputs, K.Activation("softmax", dtype="float32")(x))


def joins():
    """A residual and a gate; what comes out is of the policy's type."""
    x = inputs = keras.Input((12, 12, 4))
    x = K.Conv2D(8, 3, padding="same", activation="relu")(x)
    gate = K.GlobalAveragePooling2D(keepdims=True)(x)
    gate = K.Conv2D(8, 1, activation="sigmoid")(gate)
    y = K.BatchNormalization()(K.Multiply()([x, gate]))
    x = K.Concatenate()([K.Add()([x, y]), K.MaxPooling2D(2, 1, padding="same")(y)])
    x = K.UpSampling2D(2)(K.ZeroPadding2D(1)(x))
    maps = K.Conv2D(2, 1, name="maps")(x)
    means = K.Dense(3, activation="softmax", name="means")(K.GlobalMaxPooling2D()(x))
    return keras.Model(inputs, {"maps": maps, "means": means})


def text():
    """Whole numbers go in; rows of a table are of the table's type."""
    inputs = keras.Input((20,), dtype="int32")
    x = K.Embedding(50, 8)(inputs)
    x = K.Conv1D(6, 3, padding="causal", activation="gelu")(x)
    x = K.Concatenate()([K.GlobalMaxPooling1D()(x), K.GlobalAveragePooling1D()(x)])
    return keras.Model(inputs, K.Dense(3)(x))


def rows():
    """A table whose rows are numbers that are computed."""
    inputs = keras.Input((7,), name="bits")
    x = K.Embedding(8, 4)(K.Rescaling(5.0)(inputs))
    return keras.Model(inputs, K.Dense(2)(K.GlobalMaxPooling1D()(x)))


def inside():
    """A model of keras.applications inside of one, and bytes that go in."""
    base = keras.applications.MobileNetV2(
        (32, 32, 3), alpha=0.35, include_top=False, weights=None, pooling="avg"
    )
    inputs = keras.Input((32, 32, 3), dtype="uint8")
    x = base(K.Rescaling(1 / 127.5, -1)(inputs))
    return keras.Model(inputs, K.Dense(4, activation="softmax", dtype="float32")(x))


def islands():
    """float32 layers between others, and operations that see both."""
    x = inputs = keras.Input((9, 9, 3))
    x = K.Conv2D(6, 3, name="a")(x)
    y = K.Conv2D(6, 1, dtype="float32", name="b")(x)
    z = K.Conv2D(6, 1, name="c")(y)
    x = x * 0.5 + z
    return keras.Model(inputs, [K.GlobalAveragePooling2D()(x), x + y])


def tiny():
    """A Sequential, which is a chain in torch but for the cast before it."""
    return keras.Sequential(
        [keras.Input((8, 8, 2)), K.Conv2D(3, 3), K.ReLU(), K.Flatten(), K.Dense(2)]
    )


NETWORKS = {f.__name__: f for f in (images, joins, text, rows, inside, islands, tiny)}


def arrays_of(model, random):
    """One array an input, of its type, as numbers that both sides take."""
    made = []
    for x in model.inputs:
        shape = (3, *x.shape[1:])
        dtype = type_of(x)
        if x.name == "bits":
            made.append(random.integers(0, 2, shape).astype("float32"))
        elif dtype == "int32":
            made.append(random.integers(0, 50, shape).astype("int32"))
        elif dtype == "uint8":
            made.append(random.integers(0, 256, shape).astype("uint8"))
        else:
            made.append(random.normal(size=shape).astype(dtype))
    return made


def shift(model, random):
    """Weights as after some training: statistics that are not 0 and 1."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            for weight in layer.weights:
                weight.assign(random.uniform(0.5, 1.5, weight.shape))


# ---- the comparison ----


def wide(value):
    """As float64; torch has numbers that NumPy knows by ml_dtypes only."""
    if isinstance(value, kit.torch.Tensor):
        return value.double().numpy()
    return np.float64(np.asarray(value))


def type_of(tensor):
    """ "float16", in either framework."""
    return keras.backend.standardize_dtype(tensor.dtype)


def check(model, done, arrays):
    """Types and numbers of the outputs."""
    network = kit.load(done)
    stored = {type_of(w) for w in model.weights}
    assert {type_of(w) for w in network.state_dict().values()} - {"int64"} == stored
    assert all(type_of(p) in stored for p in network.parameters())
    want_tree = kit.run_keras(model, arrays)
    got_tree = kit.run_torch(network, arrays, done.report)
    assert compare.same_structure(want_tree, got_tree)
    exact = kit.leaves(kit.run_keras(networks.double(model), arrays))
    unit = max(UNITS.get(layer.compute_dtype, 0) for layer in model.layers)
    rows = zip(
        kit.leaves(want_tree),
        kit.leaves(got_tree),
        exact,
        done.report["outputs"],
        strict=True,
    )
    for want, got, truth, row in rows:
        assert type_of(got) == type_of(want), row["name"]
        itself = np.max(np.abs(wide(want) - wide(truth)), initial=0)
        want = kit.moved(wide(want), row["permutation"])
        allowed = 8 * itself + 16 * unit * np.max(np.abs(want))
        share = kit.share(wide(got), want, allowed)
        kit.note("precision", share)
        assert share <= 1, f"{row['name']}: {share} of what is allowed"


def build(name, named):
    """A network under a policy."""
    with policy(named):
        model = NETWORKS[name]()
    shift(model, kit.random(*map(ord, name + named)))
    return model


@pytest.mark.parametrize("named", POLICIES)
@pytest.mark.parametrize("name", NETWORKS)
def test_a_policy_is_kept(name, named, tmp_path):
    """Files of both kinds, as the types of the policy."""
    assert ml_dtypes.bfloat16  # NumPy has the type by this alone
    model = build(name, named)
    arrays = arrays_of(model, kit.random(*map(ord, name)))
    for suffix in (".keras", ".h5"):
        if suffix == ".h5" and not (kit.FULL or name == "images"):
            continue
        path = kit.save(model, tmp_path / f"{name}{suffix}")
        done = kit.port(path, tmp_path / suffix[1:])
        assert done.code == 0, done.messages
        proof = done.report["proof"]
        assert proof["engine"] == proof["file"] == "proven", proof
        check(model, done, arrays)
        assert kit.ruff([done.source]) == ""


@pytest.mark.parametrize("named", POLICIES)
def test_norms_of_keras_2_keep_float32(named, tmp_path):
    """What they learn is float32 where the other layers' weights are halves."""
    L = tf_keras.layers
    tf_keras.mixed_precision.set_global_policy(named)
    try:
        x = inputs = tf_keras.Input((17, 17, 3))
        x = L.Conv2D(8, 3, padding="same", strides=2)(x)
        x = L.PReLU(shared_axes=[1, 2])(L.BatchNormalization()(x))
        x = L.GlobalAveragePooling2D()(L.LayerNormalization()(x))
        model = tf_keras.Model(inputs, L.Dense(4)(x))
    finally:
        tf_keras.mixed_precision.set_global_policy("float32")
    rng = kit.random(*map(ord, named))
    for layer in model.layers:
        for weight in layer.weights if "norm" in layer.name else ():
            weight.assign(rng.uniform(0.5, 1.5, weight.shape))
    path = tmp_path / "norms.h5"
    model.save(path)
    done = kit.port(path, tmp_path / "out")
    assert done.code == 0, done.messages
    assert done.report["proof"]["file"] == "proven"
    check(model, done, arrays_of(model, rng))
