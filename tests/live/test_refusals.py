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


def nested():
    """A model inside a model."""
    inner = keras.Sequential([keras.Input((4,)), K.Dense(3)], name="inner")
    x = keras.Input((4,))
    return keras.Model(x, inner(x)), ["inner"]


def shared():
    """A layer that is called twice."""
    a, b = keras.Input((4,)), keras.Input((4,))
    layer = K.Dense(3, name="twice")
    return keras.Model([a, b], K.Add()([layer(a), layer(b)])), ["twice"]


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


def other_dtype():
    """A layer in another precision."""
    x = keras.Input((4,))
    return keras.Model(x, K.Dense(3, dtype="float64", name="wide")(x)), ["wide"]


def several():
    """Three faults between layers that are fine."""
    x = inputs = keras.Input((8, 4))
    x = K.Conv1D(4, 3, name="fine")(x)
    x = K.LayerNormalization(name="norm")(x)
    x = Own(name="own")(x)
    x = K.GRU(3, name="memory")(x)
    return keras.Model(inputs, K.Dense(2, name="last")(x)), ["norm", "own", "memory"]


MODELS = (nested, shared, python_code, custom, recurrent, other_dtype, several)
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
