"""Layers and arguments that are not carried over."""

import io
import json

import h5py
import numpy as np
from parts import SEQUENTIAL, layer, pack, with_config, write


def refused():
    def on(name, **changes):
        return lambda c: layer(c, name).update(changes)

    def argument(name, **changes):
        return lambda c: layer(c, name)["config"].update(changes)

    def keras2(config):
        config["module"] = "keras.src.engine.functional"

    with_config("model_keras2", keras2)
    with_config(
        "model_custom",
        lambda c: c.update(module=None, class_name="Mine", registered_name="Mine"),
    )
    with_config("class_unknown", on("multiply", class_name="Quantum"))
    with_config(
        "class_custom",
        on("multiply", module=None, registered_name="mine>Multiply"),
    )
    with_config("class_of_os", on("multiply", module="os", class_name="system"))
    with_config(
        "operation", on("multiply", module="keras.src.ops.numpy", class_name="Quantum")
    )
    with_config(
        "inner_without_layers",
        on(
            "multiply",
            module="keras.src.models.functional",
            class_name="Functional",
        ),
    )
    code = {"class_name": "__lambda__", "config": {"code": "4wEA"}}

    def as_lambda(config):
        entry = layer(config, "multiply")
        entry["class_name"] = "Lambda"
        entry["config"]["function"] = code

    with_config("lambda_layer", as_lambda)
    with_config("lambda_activation", argument("conv2d", activation=code))
    with_config("argument_unknown", argument("conv2d", wings=2))
    with_config("padding_unknown", argument("conv2d", padding="round"))
    with_config(
        "dtype_whole",
        argument(
            "conv2d",
            dtype={
                "module": "keras",
                "class_name": "DTypePolicy",
                "config": {"name": "int8"},
            },
        ),
    )
    with_config("dtype_of_others", argument("conv2d", dtype="float16"))
    with_config(
        "dtype_quantized",
        argument(
            "mix",
            dtype={
                "module": "keras.dtype_policies",
                "class_name": "QuantizedDTypePolicy",
                "config": {"mode": "int8", "source_name": "float32"},
            },
        ),
    )
    with_config("input_integers", argument("right", dtype="int32"))
    with_config("input_sparse", argument("right", sparse=True))

    def in_training(config):
        entry = layer(config, "mix")
        entry["class_name"] = "Dropout"
        entry["config"] = {"name": "mix", "rate": 0.5}
        entry["inbound_nodes"][0]["kwargs"].update(training=True)

    with_config("called_in_training", in_training)
    with_config(
        "called_with_number",
        lambda c: layer(c, "sum")["inbound_nodes"][0]["args"][0].append(2.5),
    )
    with_config(
        "called_with_mask",
        lambda c: layer(c, "mix")["inbound_nodes"][0]["kwargs"].update(mask=[1, 0]),
    )

    def unbuilt(config):
        config["config"]["layers"].pop(0)
        config["config"].pop("build_input_shape")
        config["config"]["layers"][0].pop("build_config")

    with_config("never_built", unbuilt, SEQUENTIAL)

    def many(config):
        argument("conv2d", dtype="int8", padding="round")(config)
        on("mix", module=None)(config)
        on("global_average_pooling2d", class_name="GlobalMedian")(config)
        on("sum", module="keras.src.ops.numpy", class_name="Quantum")(config)
        argument("multiply", wings=2)(config)

    with_config("six_refusals", many)

    def downstream(config):
        layers = config["config"]["layers"]
        layers[1]["class_name"] = "ZeroPudding2D"
        layers[3]["config"]["axis"] = "first"
        layers[4]["config"]["padding"] = "round"
        layers[6]["config"]["units"] = -5

    with_config("refusals_downstream", downstream, SEQUENTIAL)


def of_words_too():
    """Dense between layers with channels, on six axes: torch has no word."""

    def dense(name, features):
        weights = np.ones((features, 4), "f4"), np.zeros(4, "f4")
        return "Dense", {"name": name, "units": 4}, features, weights

    def slopes(name, features):
        config = {"name": name, "shared_axes": [1, 2, 3, 4]}
        alpha = np.full((1, 1, 1, 1, features), 0.25, "f4")
        return "PReLU", config, features, (alpha,)

    rows = [
        slopes("slopes", 3),
        dense("mix", 3),
        slopes("bends", 4),
        ("Telepathy", {"name": "telepathy"}, 4, ()),
        slopes("curves", 4),
        dense("blend", 4),
        slopes("arcs", 4),
        ("ESP", {"name": "esp"}, 4, ()),
        dense("last", 4),
    ]
    buffer, layers, seen = io.BytesIO(), [], {}
    with h5py.File(buffer, "w") as f:
        for class_name, config, features, weights in rows:
            shape = [None, 2, 2, 2, 2, features]
            layers.append(
                {
                    "module": "keras.layers",
                    "class_name": class_name,
                    "config": config,
                    "build_config": {"input_shape": shape},
                }
            )
            group = {"PReLU": "p_re_lu"}.get(class_name, class_name.lower())
            n = seen[group] = seen.get(group, -1) + 1
            at = f.create_group(f"layers/{group}{f'_{n}' if n else ''}/vars")
            at.attrs["name"] = config["name"]
            for i, values in enumerate(weights):
                at[str(i)] = values
        f.create_group("vars")
    model = {
        "module": "keras",
        "class_name": "Sequential",
        "config": {
            "name": "six_axes",
            "layers": layers,
            "build_input_shape": [None, 2, 2, 2, 2, 3],
        },
    }
    parts = {
        **SEQUENTIAL,
        "config.json": json.dumps(model),
        "model.weights.h5": buffer.getvalue(),
    }
    write("refusals_of_words_too", pack(parts.items()))
