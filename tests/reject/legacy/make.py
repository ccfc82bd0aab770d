#!/usr/bin/env python3
"""Makes the files beside this script: make.py [OUT]

Each is a legacy .h5 file of Keras 2 with one thing wrong, and is named for it.
Needs h5py and NumPy. expected.txt says what each must end in; edit it by hand.
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np

OUT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)


def layer(class_name, name, calls, **config):
    """An entry of a functional model of Keras 2."""
    return {
        "class_name": class_name,
        "name": name,
        "config": {"name": name, "trainable": True, "dtype": "float32"} | config,
        "inbound_nodes": calls,
    }


def call(*tensors, **kwargs):
    """One call on [layer, node, index] each."""
    return [[*tensor, kwargs] for tensor in tensors]


def start(name, *shape):
    """An InputLayer."""
    shape = [None, *shape]
    return layer("InputLayer", name, [], batch_input_shape=shape)


def functional(name, layers, ends):
    """A functional model; `ends` is the layer that gives its output."""
    return {
        "name": name,
        "layers": layers,
        "input_layers": [[layers[0]["name"], 0, 0]],
        "output_layers": [[ends, 0, 0]],
    }


def good(with_inner):
    """The config of a model in which nothing is wrong."""
    layers = [start("image", *((4, 4, 1) if with_inner else (6, 3, 1)))]
    before = ["image", 0, 0]
    if with_inner:
        below = start("below", 4, 4, 1)
        kernel = {"filters": 2, "kernel_size": [2, 2]}
        conv = layer("Conv2D", "c", [call(["below", 0, 0])], **kernel)
        norm = layer("BatchNormalization", "n", [call(["c", 0, 0])], axis=[3])
        layers.append(layer("Functional", "inner", [call(before)]))
        layers[1]["config"] = functional("inner", [below, conv, norm], "n")
        before = ["inner", 1, 0]
    layers.append(layer("Flatten", "flat", [call(before)]))
    layers.append(layer("Dense", "dense", [call(["flat", 0, 0])], units=1))
    whole = functional("model", layers, "dense")
    return {"class_name": "Functional", "config": whole}


SHAPES = {
    "inner": {
        "c/kernel:0": (2, 2, 1, 2),
        "c/bias:0": (2,),
        "n/gamma:0": (2,),
        "n/beta:0": (2,),
        "n/moving_mean:0": (2,),
        "n/moving_variance:0": (2,),
    },
    "dense": {"dense/kernel:0": (18, 1), "dense/bias:0": (1,)},
}


# Files of a model inside a model; in the others it would be in the way.
OF_INNER = ("node_too_large", "node_negative", "output_too_large", "called_in_training")


def texts(words):
    """A list as h5py stores it in an attribute."""
    return np.array([word.encode() for word in words]) if words else np.zeros(0)


def write(path, config, shapes):
    """A legacy file."""
    with h5py.File(path, "w") as file:
        file.attrs["backend"] = "tensorflow"
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["model_config"] = json.dumps(config)
        weights = file.create_group("model_weights")
        names = [entry["name"] for entry in config["config"]["layers"]]
        weights.attrs["layer_names"] = texts(names)
        for name in names:
            if name not in shapes:
                continue
            group = weights.create_group(name)
            group.attrs["weight_names"] = texts(list(shapes[name]))
            for where, shape in shapes[name].items():
                group[where] = np.ones(shape, np.float32)


def of_config(name, change):
    """A file whose config was changed: `change` gets it and its layers."""
    config = good("inner" in name or name in OF_INNER)
    layers = {entry["name"]: entry for entry in config["config"]["layers"]}
    change(config, layers)
    write(OUT / f"{name}.h5", config, SHAPES)


def of_file(name, change):
    """A good file that was changed."""
    path = OUT / f"{name}.h5"
    write(path, good(False), SHAPES)
    with h5py.File(path, "r+") as file:
        change(file)


def of_shapes(name, **groups):
    """Groups of weights by other names or of other shapes."""
    write(OUT / f"{name}.h5", good("inner" in name), SHAPES | groups)


def put(where, key, value):
    """A change of one member."""

    def change(config, layers):
        layers[where][key] = value

    return change


def attribute(key, value, group="/"):
    """A change of one attribute; None removes it."""

    def change(file):
        del file[group].attrs[key]
        if value is not None:
            file[group].attrs[key] = value

    return change


def renamed(old, new):
    """The weights of the inner model, one by another name."""
    return {new if key == old else key: s for key, s in SHAPES["inner"].items()}


def configs():
    """What the model says."""
    of_config("call_of_nothing", put("flat", "inbound_nodes", [[]]))
    of_config("call_a_number", put("flat", "inbound_nodes", [7]))
    of_config("calls_a_number", put("flat", "inbound_nodes", 7))
    of_config("calls_nobody", put("flat", "inbound_nodes", [call(["other", 0, 0])]))
    of_config("calls_itself", put("flat", "inbound_nodes", [call(["flat", 0, 0])]))
    of_config("never_called", put("flat", "inbound_nodes", []))
    of_config("node_too_large", put("flat", "inbound_nodes", [call(["inner", 2, 0])]))
    of_config("output_too_large", put("flat", "inbound_nodes", [call(["inner", 1, 1])]))
    of_config("node_negative", put("flat", "inbound_nodes", [call(["inner", -5, 0])]))
    constant = [call(["_CONSTANT_VALUE", -1, 1.5])]
    of_config("called_on_a_number", put("flat", "inbound_nodes", constant))
    training = [call(["image", 0, 0], training=True)]
    of_config("called_in_training", put("inner", "inbound_nodes", training))
    mask = [call(["image", 0, 0], mask=["image", 0, 0])]
    of_config("called_with_mask", put("flat", "inbound_nodes", mask))
    of_config("class_lambda", put("flat", "class_name", "Lambda"))
    of_config("class_of_a_package", put("flat", "class_name", "Mine>Flat"))
    of_config("class_unknown", put("flat", "class_name", "Flatter"))
    of_config("class_a_number", put("flat", "class_name", 3))
    of_config("layer_config_a_list", put("flat", "config", []))
    of_config("layer_twice", put("flat", "config", {"name": "dense"}))
    of_config("layer_name_with_escape", put("flat", "config", {"name": "\033[2J"}))

    def subclassed(config, layers):
        config["class_name"] = "MyModel"

    def shapeless(config, layers):
        del layers["image"]["config"]["batch_input_shape"]

    def endless(config, layers):
        config["config"]["output_layers"] = [["nobody", 0, 0]]

    def layerless(config, layers):
        del layers["inner"]["config"]["layers"]

    def half(config, layers):
        policy = {"class_name": "Policy", "config": {"name": "quantized_int8"}}
        layers["dense"]["config"]["dtype"] = policy

    of_config("model_subclassed", subclassed)
    of_config("input_without_shape", shapeless)
    of_config("output_of_nobody", endless)
    of_config("inner_without_layers", layerless)
    of_config("dtype_unknown", half)


def files():
    """What stands around the model."""
    of_file("version_1", attribute("keras_version", None))
    of_file("version_1_2", attribute("keras_version", "1.2.2"))
    of_file("version_9", attribute("keras_version", "9.0.0"))
    of_file("config_cut", attribute("model_config", '{"class_name": "Sequ'))
    of_file("config_empty", attribute("model_config", ""))
    of_file("config_a_number", attribute("model_config", 5))
    of_file("config_a_list", attribute("model_config", "[]"))
    deep = "[" * 5000 + "]" * 5000
    of_file("config_deep", attribute("model_config", deep))
    of_file("weights_alone", attribute("model_config", None))
    of_file("without_weights", lambda file: file.__delitem__("model_weights"))
    names = attribute("layer_names", None, "model_weights")
    of_file("without_layer_names", names)
    names = attribute("weight_names", None, "model_weights/dense")
    of_file("without_weight_names", names)
    of_file("group_missing", lambda f: f.__delitem__("model_weights/dense"))
    listed = texts(["dense/kernel:0", "dense/bias:0", "dense/wing:0"])
    more = attribute("weight_names", listed, "model_weights/dense")
    of_file("weight_listed_only", more)

    def stray(file):
        group = file.create_group("model_weights/stray")
        group.attrs["weight_names"] = texts(["stray/kernel:0"])
        group["stray/kernel:0"] = np.ones(1, np.float32)
        attribute("layer_names", texts(["stray"]), "model_weights")(file)

    def link(kind):
        def change(file):
            del file["model_weights/dense/dense/kernel:0"]
            file["model_weights/dense/dense/kernel:0"] = kind

        return change

    def group(file):
        del file["model_weights/dense/dense/kernel:0"]
        file.create_group("model_weights/dense/dense/kernel:0")

    of_file("layer_stray", stray)
    of_file("kernel_soft_link", link(h5py.SoftLink("/model_weights")))
    of_file("kernel_elsewhere", link(h5py.ExternalLink("/etc/passwd", "/")))
    of_file("kernel_integers", link(np.ones((18, 1), np.int32)))
    of_file("kernel_a_group", group)


def weights():
    """What the weights are called, and their shapes."""
    kernel = {"dense/kernel:0": (18, 2), "dense/bias:0": (1,)}
    of_shapes("kernel_of_other_shape", dense=kernel)
    of_shapes("bias_missing", dense={"dense/kernel:0": (18, 1)})
    of_shapes("variable_too_many", dense=SHAPES["dense"] | {"dense/wing:0": (1,)})
    of_shapes("inner_by_another_name", inner=renamed("c/kernel:0", "z/kernel:0"))
    of_shapes("inner_stray", inner=SHAPES["inner"] | {"z/kernel:0": (1,)})
    two = {"a/c/kernel:0": (2, 2, 1, 2), "b/c/kernel:0": (2, 2, 1, 2)}
    of_shapes("inner_two_of_a_name", inner=two)


for each in (configs, files, weights):
    each()
