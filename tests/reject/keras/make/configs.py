"""Configs that are no model, and shapes that are none."""

import copy

from parts import SEQUENTIAL, layer, rename, with_config


def configs():
    with_config("config_no_json", lambda c: "{")
    with_config("config_a_list", lambda c: "[1, 2]")
    with_config("config_key_twice", lambda c: '{"a": 1, "a": 2}')
    with_config("config_deep", lambda c: "[" * 5000 + "]" * 5000)
    with_config("layers_no_list", lambda c: c["config"].update(layers={}))
    with_config("layers_empty", lambda c: c["config"].update(layers=[]))
    with_config("layer_a_number", lambda c: c["config"]["layers"].append(3))
    with_config("name_with_slash", lambda c: rename(c, "mix", "mix/../../etc"))
    with_config("name_with_escape", lambda c: rename(c, "mix", "\x1b[2J"))
    with_config("names_differ", lambda c: layer(c, "mix").update(name="mi"))
    with_config(
        "name_twice",
        lambda c: c["config"]["layers"].append(copy.deepcopy(layer(c, "mix"))),
    )


def shapes():
    def shape(value):
        return lambda c: layer(c, "left")["config"].update(batch_shape=value)

    with_config("size_zero", shape([None, 0, 6, 2]))
    with_config("size_negative", shape([None, 8, -6, 2]))
    with_config("size_text", shape([None, "8", 6, 2]))
    with_config("rank_9", shape([None] + [1] * 8))
    with_config(
        "shape_missing",
        lambda c: layer(c, "left")["config"].pop("batch_shape") and None,
    )

    def huge(config):
        first = config["config"]["layers"][0]
        first["config"]["batch_shape"] = [None, 3, 2**62, 2**62]

    with_config("size_huge", huge, SEQUENTIAL)

    def moved(config):
        layers = config["config"]["layers"]
        layers.append(layers.pop(0))

    with_config("input_in_the_middle", moved, SEQUENTIAL)
