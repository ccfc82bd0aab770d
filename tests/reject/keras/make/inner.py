"""Models inside the model."""

from parts import NESTED, TOWERS, history, layer, with_config, with_weights
from weights import stray


def inside(config, *names):
    """A layer of a model inside the model."""
    for name in names:
        entry = layer(config, name)
        config = entry
    return entry


def replaced(tree, old, new):
    if isinstance(tree, dict):
        return {k: replaced(v, old, new) for k, v in tree.items()}
    if tree == old:
        return new
    if isinstance(tree, list):
        return [replaced(v, old, new) for v in tree]
    return tree


def inner():
    def change(name, how, base=NESTED):
        with_config("inner_" + name, lambda c: how(c) and None, base)

    def summand(i, value):
        return lambda c: history(c, "sum").__setitem__(i, value)

    change("node_too_large", summand(1, 2))
    change("index_too_large", summand(2, 2))
    change(
        "output_from_0",
        lambda c: c["config"]["output_layers"]["y"].__setitem__(1, 0),
    )
    change(
        "cycle",
        lambda c: inside(c, "encoder", "norm")["inbound_nodes"][0]["args"][0][
            "config"
        ].update(keras_history=["on", 0, 0]),
    )

    def two(config):
        args = layer(config, "encoder")["inbound_nodes"][0]["args"]
        args[0] = [args[0], args[0]]

    change("structure", two)

    def rank(config):
        entry = layer(config, "tower")
        entry["config"] = replaced(entry["config"], [None, 4], [None, 1, 4])

    change("rank", rank, TOWERS)

    def twice_refused(config):
        inside(config, "encoder", "on")["class_name"] = "Quantum"
        inside(config, "head", "inner", "conv")["config"]["units"] = -4
        inside(config, "head", "inner")["config"]["dtype"] = "int8"

    change("refusals", twice_refused)
    change("called_too_often", doubled)

    def weights(name, how):
        with_weights("inner_" + name, how, NESTED)

    conv = "layers/functional/layers/conv2d"
    weights("shared_by_two", lambda f: f.__delitem__(conv))
    weights("layer_too_many", lambda f: stray(f, conv + "_7"))
    weights("part_too_many", lambda f: f.create_group("layers/sequential/shadow"))
    weights(
        "name_of_another",
        lambda f: f[conv + "/vars"].attrs.__setitem__("name", "norm"),
    )


def doubled(config):
    """2**20 calls: a model calls a model twice, and that one twice, ..."""

    def tensor(name, node):
        return {
            "class_name": "__keras_tensor__",
            "config": {"shape": [None, 4], "keras_history": [name, node, 0]},
        }

    def call(name, node):
        return {"args": [tensor(name, node)], "kwargs": {}}

    def model(depth):
        if depth == 0:
            entry = {
                "module": "keras.layers",
                "class_name": "ReLU",
                "config": {"name": "x"},
            }
        else:
            entry = model(depth - 1)
        entry["name"] = "x"
        entry["inbound_nodes"] = [call("i", 0), call("x", 0)]
        shape = {"name": "i", "batch_shape": [None, 4]}
        start = {
            "module": "keras.layers",
            "class_name": "InputLayer",
            "config": shape,
            "name": "i",
            "inbound_nodes": [],
        }
        return {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": {
                "name": "x",
                "layers": [start, entry],
                "input_layers": ["i", 0, 0],
                "output_layers": ["x", 1 if depth == 0 else 2, 0],
            },
        }

    config["config"] = model(20)["config"]
