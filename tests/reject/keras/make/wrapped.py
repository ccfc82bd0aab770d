"""Layers in wrappers, which do not fit or are not carried over."""

import io
import json

import h5py
import numpy as np
from parts import SEQUENTIAL, pack, write


def entry(class_name, name, **config):
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": name, "trainable": True, **config},
    }


def around(class_name, inside, **config):
    return entry(class_name, "outer", layer=inside, **config)


def dense(name="inner", units=2):
    return entry("Dense", name, units=units)


def conv():
    return entry("Conv1D", "inner", filters=2, kernel_size=[2])


WEIGHTS = {
    "layer/vars/0": np.ones((2, 3, 2), "f4"),
    "layer/vars/1": np.zeros(2, "f4"),
}


def model(name, layer, shape=(None, 4, 5, 3), group="time_distributed", **extra):
    """A Sequential of one wrapped layer; None takes a weight away."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as f:
        f.create_group("vars")
        top = f.create_group("layers/" + group)
        for path, values in {**WEIGHTS, **extra}.items():
            if values is not None:
                top[path] = values
        if "layer/vars" in top:
            top["layer/vars"].attrs["name"] = "inner"
    config = {
        "module": "keras",
        "class_name": "Sequential",
        "config": {
            "name": "steps",
            "layers": [layer],
            "build_input_shape": list(shape),
        },
    }
    parts = {
        **SEQUENTIAL,
        "config.json": json.dumps(config),
        "model.weights.h5": buffer.getvalue(),
    }
    write("wrapped_" + name, pack(parts.items()))


def wrapped():
    def over_time(name, inside=None, **how):
        model(name, around("TimeDistributed", inside or conv()), **how)

    model("nothing", entry("TimeDistributed", "outer"))
    over_time("number", 3)
    over_time("no_config", {"class_name": "Conv1D"})
    over_time("no_name", {"class_name": "Conv1D", "config": {"filters": 2}})
    over_time("input", entry("InputLayer", "inner", batch_shape=[None, 3]))
    over_time(
        "operation",
        {**entry("Relu", "inner"), "module": "keras.src.ops.nn"},
    )
    over_time("rank_too_small", dense(), shape=(None, 4))
    over_time("rank_of_the_layer", shape=(None, 4, 3))
    over_time("layer_recurrent", entry("LSTM", "inner", units=3))
    over_time("layer_unknown", entry("Quantum", "inner"))
    over_time(
        "layer_custom",
        {**entry("Mine", "inner"), "module": None, "registered_name": "Mine"},
    )
    over_time("layer_lambda", entry("Lambda", "inner"))
    over_time(
        "layer_dtype",
        {**entry("Conv1D", "inner", filters=2, kernel_size=[2], dtype="int8")},
    )
    model("dtype", around("TimeDistributed", conv(), dtype="int8"))
    model("argument_unknown", around("TimeDistributed", conv(), wings=2))
    model("bidirectional", around("Bidirectional", conv()))
    model("by_wrapper", around("Wrapper", conv()))
    over_time("kernel_missing", **{"layer/vars/0": None})
    over_time("weights_missing", **{"layer/vars/0": None, "layer/vars/1": None})
    over_time("kernel_of_other_shape", **{"layer/vars/0": np.ones((2, 4, 2), "f4")})
    over_time("variable_of_its_own", **{"vars/0": np.ones(2, "f4")})
    over_time("variable_too_many", **{"layer/vars/2": np.ones(2, "f4")})
    over_time("part_too_many", **{"shadow/vars/0": np.ones(2, "f4")})
    over_time("name_of_another", entry("Conv1D", "other", filters=2, kernel_size=[2]))
    model(
        "spectral_too_many",
        around("SpectralNormalization", conv(), power_iterations=1),
        shape=(None, 5, 3),
        group="spectral_normalization",
        **{f"vars/{i}": np.ones(2, "f4") for i in range(3)},
    )
