"""Models that cannot be carried over: all reasons at once, and no folder."""

import json

import kit
import pytest
from kit import keras

K = keras.layers


class Own(K.Layer):
    """A class that only its author has."""

    def call(self, x):
        return x


def inside():
    """Layers of a model inside a model are named by its path."""
    inner = [keras.Input((5, 4)), K.Dense(3), K.SimpleRNN(2, name="memory")]
    x = keras.Input((5, 4))
    model = keras.Sequential(inner, name="inner")
    return keras.Model(x, Own(name="own")(model(x))), ["inner.memory", "own"]


def python_code():
    """Code inside the file, which nothing may run."""
    x = keras.Input((4,))
    return keras.Model(x, K.Lambda(lambda v: v * 2, name="code")(x)), ["code"]


def custom():
    """A class that is not in the file."""
    x = keras.Input((4,))
    return keras.Model(x, Own(name="own")(x)), ["own"]


def recurrent():
    """A layer of a kind that is not read."""
    x = keras.Input((5, 4))
    return keras.Model(x, K.LSTM(3, name="memory")(x)), ["memory"]


def quantised():
    """Weights of whole numbers, with scales beside them."""
    x = keras.Input((4,))
    model = keras.Model(x, K.Dense(3, name="whole")(x))
    model.quantize("int8")
    return model, ["whole", "whole"]  # its type, and how it was made


def several():
    """Three faults between layers that are fine."""
    x = inputs = keras.Input((8, 4))
    x = K.Conv1D(4, 3, name="fine")(x)
    x = K.EinsumDense("abc,cd->abd", (None, 4), name="sums")(x)
    x = Own(name="own")(x)
    x = K.GRU(3, name="memory")(x)
    return keras.Model(inputs, K.Dense(2, name="last")(x)), ["sums", "own", "memory"]


def slopes(name):
    """A layer with channels, which values of six axes go through."""
    return K.PReLU(shared_axes=(1, 2, 3, 4), name=name)


def without_words():
    """Dense over channels of six axes, for which torch has no word."""
    x = inputs = keras.Input((2, 2, 2, 2, 3))
    x = slopes("bends")(K.Dense(4, name="mix")(slopes("slopes")(x)))
    return keras.Model(inputs, x), ["mix"]


def of_all_stages():
    """The same before and behind a class that is not in the file."""
    x = inputs = keras.Input((2, 2, 2, 2, 3))
    x = slopes("bends")(K.Dense(4, name="mix")(slopes("slopes")(x)))
    x = Own(name="own")(x)
    x = slopes("arcs")(K.Dense(4, name="blend")(slopes("curves")(x)))
    return keras.Model(inputs, x), ["own", "mix", "blend"]


def open_sizes():
    """What a refused layer gives has sizes that are not recorded."""
    x = inputs = keras.Input((None, None, 3))
    x = K.Conv2D(4, 3, strides=2, padding="same", name="half")(x)
    y = K.Conv2D(4, 3, padding="same", name="same")(Own(name="own")(x))
    x = K.MaxPooling2D(2, name="pool")(K.Add(name="sum")([x, y]))
    return keras.Model(inputs, K.GlobalAveragePooling2D()(x)), ["own"]


MODELS = (
    inside,
    python_code,
    custom,
    recurrent,
    quantised,
    several,
    without_words,
    of_all_stages,
    open_sizes,
)
KINDS = {"illegal_in_source", "no_counterpart", "unknown_call", "unsupported"}


@pytest.mark.parametrize("make", MODELS)
def test_a_refusal_names_every_layer_and_writes_nothing(make, tmp_path):
    """Exit code 3, one line a layer, the same in JSON."""
    model, layers = make()
    path = kit.save(model, tmp_path / "model.keras")
    done = kit.port(path, tmp_path / "out")
    assert done.code == 3
    for layer in layers:
        assert f"convey: {layer} (config.json" in done.messages
    assert not (tmp_path / "out").exists()

    done = kit.port(path, tmp_path / "out", "--json")
    assert done.code == 3
    rows = done.report["refusals"]
    assert [row["layer"] for row in rows] == layers
    for row in rows:
        assert row["kind"] in KINDS
        assert row["reason"] and row["advice"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.keras"]


def test_the_report_of_a_refusal_is_one_document(tmp_path):
    """With the keys of every report, and nothing proven."""
    model, _ = several()
    path = kit.save(model, tmp_path / "model.keras")
    report = kit.port(path, tmp_path / "out", "--json").report
    assert report["proof"]["engine"] == "not checked"
    assert report["target"]["files"] == []
    assert json.dumps(report)
