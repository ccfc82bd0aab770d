"""Layers inside wrappers, through a file, computed by both live frameworks."""

import compare
import keras
import kit
import numpy as np
import pytest
from keras import layers as K
from test_networks import check_compiled, check_exported, check_report

MODELS = {}


def over_time(layer, **named):
    """The layer for each step by itself."""
    return K.TimeDistributed(layer, **named)


def model(*shape, batch=None):
    """Registers a function from an input of this shape to the output."""

    def register(build):
        def make():
            inputs = keras.Input(shape, batch_size=batch)
            return keras.Model(inputs, build(inputs))

        sizes = [5 if size is None else size for size in shape]
        MODELS[build.__name__] = make, (batch or 3, *sizes)
        return build

    return register


@model(4, 8, 9, 3)
def conv(x):
    """The common case: frames of a film."""
    return over_time(K.Conv2D(5, 3, activation="relu"), name="frames")(x)


@model(None, 8, 9, 3)
def steps_unknown(x):
    """Time is asked of the value that was joined."""
    return over_time(K.Conv2D(5, 3, padding="same", strides=2))(x)


@model(None, None, None, 3)
def all_unknown(x):
    """Neither time nor the sizes of a frame."""
    x = over_time(K.Conv2D(4, 3, padding="same"))(x)
    return over_time(K.GlobalAveragePooling2D())(x)


@model(4, 8, 8, 3)
def film_classifier(x):
    """A tower over frames stays joined from its first layer to its last."""
    x = over_time(K.Conv2D(6, 3, padding="same", use_bias=False))(x)
    x = over_time(K.BatchNormalization())(x)
    x = over_time(K.Activation("relu"))(x)
    x = over_time(K.MaxPooling2D())(x)
    x = over_time(K.Flatten())(x)
    x = over_time(K.Dense(7, activation="relu"))(x)
    x = K.GlobalAveragePooling1D()(x)
    return K.Dense(3, activation="softmax")(x)


@model(6, 10)
def dense(x):
    """Nothing to join: the last axis alone."""
    x = over_time(K.Dense(5, activation="tanh"))(x)
    x = over_time(K.Dropout(0.5))(x)
    x = over_time(K.LayerNormalization())(x)
    return over_time(K.Softmax())(x)


@model(3, 4, 5, 6)
def dense_of_frames(x):
    """The last of five axes."""
    return over_time(K.Dense(4, activation="softmax"))(x)


@model(5, 12, 3)
def conv_1d(x):
    """Windows of a signal, joined with what they were."""
    y = over_time(K.Conv1D(3, 3, padding="causal", dilation_rate=2))(x)
    return K.Add()([x, y])


@model(2, 4, 6, 5, 2)
def conv_3d(x):
    """Volumes over time: six axes."""
    x = over_time(K.Conv3D(3, 2, activation="elu"))(x)
    return over_time(K.GlobalAveragePooling3D())(x)


@model(3, 2, 7, 8, 3)
def time_in_time(x):
    """Two axes join the batch."""
    x = over_time(over_time(K.Conv2D(4, 3)))(x)
    return over_time(over_time(K.GlobalMaxPooling2D()))(x)


@model(None, None, 7, 8, 3)
def times_unknown(x):
    """Two axes of sizes that are not known."""
    return over_time(over_time(K.DepthwiseConv2D(3)))(x)


@model(4, 9, 9, 2, batch=2)
def sequential_inside(x):
    """A model inside, and a batch that is known."""
    inner = keras.Sequential(
        [K.Conv2D(4, 3), K.BatchNormalization(), K.ReLU(), K.Flatten()]
    )
    return over_time(inner)(x)


@model(None, 8, 8, 3)
def functional_inside(x):
    """A model with a branch inside."""
    inputs = keras.Input((8, 8, 3))
    y = K.Conv2D(3, 3, padding="same", name="mix")(inputs)
    y = K.Add(name="sum")([y, inputs])
    inner = keras.Model(inputs, K.GlobalAveragePooling2D()(y), name="encoder")
    x = over_time(inner, name="each")(x)
    return K.Conv1D(4, 2, padding="same")(x)


@model(3, 8, 8, 2)
def shared(x):
    """One wrapper called twice, once on what it gave."""
    layer = over_time(K.Conv2D(2, 3, padding="same"))
    return K.Add()([layer(layer(x)), x])


@model(4, 6, 6, 3)
def two_readers(x):
    """A value that is read both joined and as it is."""
    y = over_time(K.Conv2D(3, 3, padding="same"))(x)
    z = over_time(K.SeparableConv2D(3, 3, padding="same"))(y)
    return K.Concatenate()([y, z, x])


@model(8, 8, 3)
def spectral(x):
    """Normalised kernels are stored as they are used."""
    x = K.SpectralNormalization(K.Conv2D(4, 3, activation="relu"))(x)
    x = K.Flatten()(x)
    return K.SpectralNormalization(K.Dense(3), power_iterations=2)(x)


@model(3, 8, 8, 3)
def spectral_over_time(x):
    """A wrapper in a wrapper."""
    return over_time(K.SpectralNormalization(K.Conv2D(4, 3)))(x)


@model(6, 6, 6, 2)
def from_volume(x):
    """Channels first, then time."""
    x = K.Conv3D(3, 3, padding="same")(x)
    x = over_time(K.Conv2D(4, 3))(x)
    return K.Conv3D(2, 2)(x)


@model(4, 5)
def one_step_each(x):
    """What is left of a step is one axis."""
    x = over_time(K.RepeatVector(3))(x)
    x = over_time(K.Permute((2, 1)))(x)
    return over_time(K.Reshape((15,)))(x)


@model(1, 8, 8, 3)
def single_step(x):
    """One step is an axis of one element."""
    return over_time(K.Conv2D(3, 3))(x)


@model(None, 9)
def tokens(x):
    """Rows of a table."""
    x = over_time(K.Dense(4, use_bias=False))(x)
    return over_time(K.BatchNormalization())(x)


def sequential():
    """A plain row of layers, all over time but the last."""
    return keras.Sequential(
        [
            keras.Input((4, 8, 8, 3)),
            over_time(K.Conv2D(4, 3, activation="relu")),
            over_time(K.MaxPooling2D()),
            over_time(K.Flatten()),
            over_time(K.Dense(5)),
            K.Flatten(),
            K.Dense(2),
        ]
    )


def sequential_unknown():
    """The same with a time that is not known."""
    return keras.Sequential(
        [
            keras.Input((None, 8, 8, 3)),
            over_time(K.Conv2D(4, 3, activation="relu")),
            over_time(K.GlobalAveragePooling2D()),
            K.GlobalMaxPooling1D(),
        ]
    )


MODELS["sequential"] = sequential, (3, 4, 8, 8, 3)
MODELS["sequential_unknown"] = sequential_unknown, (3, 5, 8, 8, 3)
# Made into programs too.
PROGRAMS = ("conv", "steps_unknown", "functional_inside", "sequential")


def fill(network, rng):
    """Weights that no layer would be given by chance."""
    for weight in network.weights:
        values = rng.standard_normal(weight.shape) * 0.3
        if "variance" in weight.path:
            values = np.abs(values) + 0.5
        weight.assign(np.float32(values))


@pytest.mark.parametrize("name", MODELS)
def test_wrapped_layers_compute_the_same(name, tmp_path):
    """Levels 1 and 2 say so, and both live frameworks."""
    make, shape = MODELS[name]
    rng = kit.random(7, *name.encode())
    source = make()
    fill(source, rng)
    arrays = [np.float32(rng.standard_normal(shape))]
    done = kit.port(kit.save(source, tmp_path / f"{name}.keras"), tmp_path / "out")
    check_report(done, transposes=True)
    network = kit.load(done)
    worst = compare.outputs(source, network, done.report, arrays)
    kit.note("wrapped", worst)
    assert worst <= 1, f"{worst:.3g} of what is allowed\n{done.source.read_text()}"
    assert not kit.ruff([done.source])
    if name in PROGRAMS:
        check_compiled(network, done.report, arrays, "aot_eager")
        check_exported(network, done.report, arrays)


def test_a_tower_over_time_is_joined_once(tmp_path):
    """No layer in the middle splits the batch or turns its axes."""
    source = MODELS["film_classifier"][0]()
    done = kit.port(kit.save(source, tmp_path / "film.keras"), tmp_path / "out")
    text = done.source.read_text()
    assert text.count(".flatten(0, 1)") == 1, text
    assert text.count(".unflatten(0, (-1, 4))") == 1, text
    assert text.count("permute(0, 3, 1, 2)") == 1, text


REFUSED = {
    "recurrent": (
        (4, 5),
        lambda: over_time(K.Reshape((5, 1))),
        lambda: over_time(K.LSTM(3)),
        "LSTM: a recurrent layer",
    ),
    "bidirectional": (
        (4, 5),
        lambda: K.Bidirectional(K.GRU(3, return_sequences=True)),
        "Bidirectional: a recurrent layer",
    ),
    "code": (
        (4, 6),
        lambda: K.Dense(6),
        lambda: over_time(K.Lambda(lambda x: x)),
        "Lambda: it holds Python code",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_inside_is_refused_by_name(name, tmp_path):
    """By the class of the layer inside."""
    shape, *rows, words = REFUSED[name]
    x = inputs = keras.Input(shape)
    for row in rows:
        x = row()(x)
    source = keras.Model(inputs, x)
    done = kit.port(kit.save(source, tmp_path / f"{name}.keras"), tmp_path / "out")
    assert done.code == 3
    assert words in done.messages, done.messages
