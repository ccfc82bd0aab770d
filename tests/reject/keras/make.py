#!/usr/bin/env python3
"""Makes the files beside this script: make.py [OUT]

Each is a good file of tests/read/data with one thing wrong, and is named for
it. Needs h5py and NumPy. expected.txt says what each must end in; edit it by hand.
"""

import copy
import io
import json
import os
import sys
import warnings
import zipfile

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "..", "read", "data")
OUT = sys.argv[1] if len(sys.argv) > 1 else HERE


def members(name):
    with zipfile.ZipFile(os.path.join(DATA, name + ".keras")) as z:
        return {n: z.read(n) for n in z.namelist()}


FUNCTIONAL = members("two_by_two")
SEQUENTIAL = members("first")
NESTED = members("nested")
TOWERS = members("towers")


def pack(parts, kind=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in parts:
            z.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


def write(name, data):
    if "." not in name:
        name += ".keras"
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


def with_config(name, change, base=FUNCTIONAL):
    """`change` edits the parsed config, or returns the new text."""
    parts = dict(base)
    config = json.loads(parts["config.json"])
    text = change(config)
    parts["config.json"] = text or json.dumps(config)
    write(name, pack(parts.items()))


def with_weights(name, change, base=FUNCTIONAL):
    parts = dict(base)
    buffer = io.BytesIO(parts["model.weights.h5"])
    with h5py.File(buffer, "r+") as f:
        change(f)
    parts["model.weights.h5"] = buffer.getvalue()
    write(name, pack(parts.items()))


def layer(config, name):
    for entry in config["config"]["layers"]:
        if entry["config"]["name"] == name:
            return entry
    raise KeyError(name)


def history(config, name, i=0):
    arg = layer(config, name)["inbound_nodes"][0]["args"][0]
    tensor = arg[i] if isinstance(arg, list) else arg
    return tensor["config"]["keras_history"]


def archives():
    whole = pack(FUNCTIONAL.items())
    write("cut_in_the_middle", whole[: len(whole) * 6 // 10])
    write("cut_near_the_start", whole[:25])
    stored = bytearray(pack(FUNCTIONAL.items(), zipfile.ZIP_STORED))
    stored[stored.index(b"Functional")] ^= 1
    write("crc_wrong", bytes(stored))
    for part in ("config.json", "model.weights.h5"):
        rest = [m for m in FUNCTIONAL.items() if m[0] != part]
        write("without_" + part.replace(".", "_"), pack(rest))
    twice = [*FUNCTIONAL.items(), ("config.json", b"{}")]
    write("config_twice", pack(twice))
    npz = {**FUNCTIONAL, "model.weights.npz": b""}
    del npz["model.weights.h5"]
    write("weights_npz", pack(npz.items()))
    h5 = FUNCTIONAL["model.weights.h5"]
    for name, data in (
        ("weights_not_hdf5", b"no HDF5 at all"),
        ("weights_cut", h5[: len(h5) // 2]),
    ):
        write(name, pack({**FUNCTIONAL, "model.weights.h5": data}.items()))
    for name, version in (("version_2", "2.15.0"), ("version_4", "4.0.0")):
        meta = json.dumps({"keras_version": version}).encode()
        write(name, pack({**FUNCTIONAL, "metadata.json": meta}.items()))


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


def rename(config, old, new):
    entry = layer(config, old)
    entry["name"] = entry["config"]["name"] = new


def calls():
    def setting(name, at, i, value):
        return lambda c: history(c, name).__setitem__(i, value)

    with_config("cycle", setting("conv2d", 0, 0, "multiply"))
    with_config("calls_itself", setting("conv2d", 0, 0, "conv2d"))
    with_config("source_unknown", setting("conv2d", 0, 0, "nobody"))
    with_config("node_negative", setting("conv2d", 0, 1, -1))
    with_config("node_too_large", setting("conv2d", 0, 1, 1))
    with_config("index_too_large", setting("conv2d", 0, 2, 7))
    with_config("history_short", lambda c: history(c, "mix").pop())
    with_config(
        "never_called", lambda c: layer(c, "mix").update(inbound_nodes=[])
    )
    with_config(
        "nodes_missing",
        lambda c: layer(c, "mix").pop("inbound_nodes") and None,
    )
    with_config(
        "input_called",
        lambda c: layer(c, "left").update(
            inbound_nodes=layer(c, "mix")["inbound_nodes"]
        ),
    )
    with_config(
        "input_not_listed",
        lambda c: c["config"].update(input_layers=["right", 0, 0]),
    )
    with_config(
        "input_twice",
        lambda c: c["config"].update(
            input_layers=[["right", 0, 0], ["left", 0, 0], ["left", 0, 0]]
        ),
    )
    with_config(
        "input_no_input",
        lambda c: c["config"].update(input_layers=["mix", 0, 0]),
    )
    with_config(
        "output_unknown",
        lambda c: c["config"].update(output_layers=["nobody", 0, 0]),
    )
    with_config(
        "output_node_too_large",
        lambda c: c["config"].update(output_layers=["sum", 1, 0]),
    )
    with_config(
        "output_deep", lambda c: c["config"].update(output_layers=nested(60))
    )
    with_config(
        "outputs_missing", lambda c: c["config"].pop("output_layers") and None
    )
    with_config(
        "layer_unused",
        lambda c: c["config"].update(output_layers=["sum", 0, 0]),
    )
    with_config(
        "shape_recorded_wrong",
        lambda c: layer(c, "mix")["inbound_nodes"][0]["args"][0][
            "config"
        ].update(shape=[None, 5]),
    )


def nested(depth):
    return ["sum", 0, 0] if depth == 0 else [nested(depth - 1)]


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


def zeros(*shape):
    return np.zeros(shape, "f4")


def weights():
    kernel = "layers/conv2d/vars/0"

    def replace(path, **how):
        def change(f):
            del f[path]
            f.create_dataset(path, **how)

        return change

    with_weights(
        "kernel_of_other_shape", replace(kernel, data=zeros(3, 1, 2, 5))
    )
    with_weights("kernel_without_data", replace(kernel, shape=(3, 1, 2, 4)))
    with_weights("kernel_of_other_rank", replace(kernel, data=zeros(3, 2, 4)))
    with_weights(
        "kernel_float64", replace(kernel, data=zeros(3, 1, 2, 4).astype("f8"))
    )
    with_weights(
        "kernel_a_group",
        lambda f: f.move(kernel, "x") or f.create_group(kernel) and None,
    )
    with_weights(
        "kernel_deflated",
        replace(kernel, data=zeros(3, 1, 2, 4), compression=4),
    )

    def outside(f):
        del f[kernel]
        f[kernel] = h5py.ExternalLink("other.h5", "/data")

    def soft(f):
        del f[kernel]
        f[kernel] = h5py.SoftLink("/layers/dense/vars/0")

    with_weights("kernel_elsewhere", outside)
    with_weights("kernel_soft_link", soft)
    with_weights(
        "bias_missing", lambda f: f.__delitem__("layers/conv2d/vars/1")
    )
    with_weights(
        "variable_too_many",
        lambda f: f.create_dataset(
            "layers/conv2d/vars/2", shape=(4,), dtype="f4"
        ),
    )
    with_weights(
        "variable_not_numbered",
        lambda f: f.create_dataset(
            "layers/conv2d/vars/kernel", shape=(4,), dtype="f4"
        ),
    )
    with_weights(
        "part_too_many", lambda f: f.create_group("layers/dense/lora")
    )
    with_weights(
        "layer_too_many", lambda f: f.create_group("layers/dense_1/vars")
    )
    with_weights("layer_missing", lambda f: f.__delitem__("layers/dense"))
    with_weights(
        "name_of_another",
        lambda f: f["layers/dense/vars"].attrs.__setitem__("name", "mox"),
    )


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
        inside(config, "head", "inner")["config"]["dtype"] = "float16"

    change("refusals", twice_refused)
    change("called_too_often", doubled)

    def weights(name, how):
        with_weights("inner_" + name, how, NESTED)

    conv = "layers/functional/layers/conv2d"
    weights("shared_by_two", lambda f: f.__delitem__(conv))
    weights("layer_too_many", lambda f: f.create_group(conv + "_7"))
    weights(
        "part_too_many", lambda f: f.create_group("layers/sequential/shadow")
    )
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
        lambda c: c.update(
            module=None, class_name="Mine", registered_name="Mine"
        ),
    )
    with_config("class_unknown", on("multiply", class_name="Quantum"))
    with_config(
        "class_custom",
        on("multiply", module=None, registered_name="mine>Multiply"),
    )
    with_config(
        "class_of_os", on("multiply", module="os", class_name="system")
    )
    with_config("operation", on("multiply", module="keras.src.ops.numpy"))
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
        "dtype_half",
        argument(
            "conv2d",
            dtype={
                "module": "keras",
                "class_name": "DTypePolicy",
                "config": {"name": "mixed_float16"},
            },
        ),
    )
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
    with_config(
        "called_in_training",
        lambda c: layer(c, "mix")["inbound_nodes"][0]["kwargs"].update(
            training=True
        ),
    )
    with_config(
        "called_with_number",
        lambda c: layer(c, "sum")["inbound_nodes"][0]["args"][0].append(2.5),
    )
    with_config(
        "called_with_mask",
        lambda c: layer(c, "mix")["inbound_nodes"][0]["kwargs"].update(
            mask=[1, 0]
        ),
    )

    def unbuilt(config):
        config["config"]["layers"].pop(0)
        config["config"].pop("build_input_shape")
        config["config"]["layers"][0].pop("build_config")

    with_config("never_built", unbuilt, SEQUENTIAL)

    def many(config):
        argument("conv2d", dtype="float16", padding="round")(config)
        on("mix", module=None)(config)
        on("global_average_pooling2d", class_name="GlobalMedian")(config)
        on("sum", module="keras.src.ops.numpy")(config)
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


def others():
    write("other.h5", SEQUENTIAL["model.weights.h5"][:2048])
    write("other.safetensors", b"\x0a" + bytes(7) + b'{"a":null}')
    write("other.onnx", b"\x08\x08\x12\x07pytorch")
    write("other.pb", b"\x08\x01\x12\x04\x0a\x02\x12\x00")
    write("other.tflite", b"\x1c\x00\x00\x00TFL3" + bytes(24))
    write("other.npy", b"\x93NUMPY\x01\x00")
    write("other.pkl", b"\x80\x04N.")
    write(
        "other.pth", pack([("a/data.pkl", b"\x80\x02N."), ("a/version", b"3")])
    )
    write("other.pt", pack([("a/data.pkl", b""), ("a/constants.pkl", b"")]))
    write("other.pt2", pack([("a/archive_format", b"pt2")]))
    write(
        "other.pth.tar", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
    )
    write("other.index", bytes(49) + b"W\xfb\x80\x8b\x24uG\xdb")
    write("other.npz", pack([("a.npy", b"\x93NUMPY\x01\x00")]))
    write("other.docx", pack([("word/document.xml", b"<a/>")]))
    write("other.png", b"\x89PNG\r\n\x1a\n")
    write("other.py", b"from tensorflow import keras\n")
    write("other.json", b'{"class_name": "Sequential", "config": {}}')
    write("other.txt", b"Dear convey,\n")
    write("other.bin", bytes(range(1, 200)))
    write("empty.keras", b"")


for group in (
    archives,
    configs,
    calls,
    inner,
    shapes,
    weights,
    refused,
    of_words_too,
    others,
):
    group()
