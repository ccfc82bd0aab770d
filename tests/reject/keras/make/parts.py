"""Good files in parts, and how one with something wrong is written."""

import io
import json
import os
import sys
import warnings
import zipfile

import h5py

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "..", "..", "read", "data")
OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..")


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


def rename(config, old, new):
    entry = layer(config, old)
    entry["name"] = entry["config"]["name"] = new
