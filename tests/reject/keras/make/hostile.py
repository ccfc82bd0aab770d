"""Files that want to be large, deep or long, or to reach outside."""

import struct

import h5py
import numpy as np
from parts import (
    FUNCTIONAL,
    SEQUENTIAL,
    layer,
    pack,
    rename,
    with_config,
    with_weights,
    write,
)
from weights import stray


def bombs():
    """Much data in a small file, and small data that says it is much."""
    blanks = SEQUENTIAL["config.json"] + b" " * (48 << 20)
    write("config_of_blanks", pack({**SEQUENTIAL, "config.json": blanks}.items()))
    config = b"[" + b"0," * (2 << 20) + b"0]"
    write("config_of_zeros", pack({**SEQUENTIAL, "config.json": config}.items()))
    whole = bytearray(pack(SEQUENTIAL.items()))
    at = whole.rindex(
        b"PK\x01\x02", 0, whole.index(b"config.json", whole.index(b"PK\x01\x02"))
    )
    whole[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    write("config_says_4_gib", bytes(whole))


def amounts():
    """Numbers in the config that ask for much."""

    def argument(name, base=FUNCTIONAL, **changes):
        return lambda c: layer(c, name)["config"].update(changes)

    with_config("filters_huge", argument("conv2d", filters=2**40))
    with_config("filters_beyond_64_bits", argument("conv2d", filters=2**70))
    with_config("filters_real", argument("conv2d", filters=4.5))
    with_config("kernel_size_huge", argument("conv2d", kernel_size=[2**31, 2**31]))
    with_config("kernel_size_empty", argument("conv2d", kernel_size=[]))
    with_config("strides_negative", argument("conv2d", strides=[-1, 1]))
    with_config("dilation_huge", argument("conv2d", dilation_rate=[2**62, 1]))
    with_config("groups_zero", argument("conv2d", groups=0))
    with_config("units_huge", argument("mix", units=2**62))

    def padded(config):
        entry = layer(config, "multiply")
        entry["class_name"] = "Reshape"
        entry["config"] = {"name": "multiply", "target_shape": [2**61, 8]}

    with_config("reshape_huge", padded)

    def batch(config):
        config["config"]["layers"][0]["config"]["batch_shape"] = [2**45, 8, 6, 2]

    with_config("batch_huge", batch)


def names():
    """Long names, and names that are no names."""
    with_config("name_long", lambda c: rename(c, "mix", "n" * 100000))
    with_config(
        "class_long",
        lambda c: layer(c, "mix").update(class_name="Aa" * 50000),
    )
    with_config("name_empty", lambda c: rename(c, "mix", ""))
    with_config("name_with_nul", lambda c: rename(c, "mix", "a\x00b"))
    with_config("name_a_list", lambda c: rename(c, "mix", ["mix"]))
    with_config("class_empty", lambda c: layer(c, "mix").update(class_name=""))
    with_config(
        "class_with_slash",
        lambda c: layer(c, "mix").update(class_name="../../Dense"),
    )
    with_weights(
        "group_long",
        lambda f: f.create_group("layers/" + "g" * 30000) and None,
    )
    with_weights("group_upwards", lambda f: stray(f, "layers/.. "))


def depth():
    def wrapped(config):
        entry = layer(config, "mix")
        for _ in range(20):
            entry["config"] = {
                "name": "mix",
                "layer": {
                    "module": "keras.layers",
                    "class_name": entry["class_name"],
                    "config": entry["config"],
                },
            }
            entry["class_name"] = "TimeDistributed"

    with_config("wrappers_deep", wrapped)

    def models(config):
        inner = config["config"]
        for i in range(26):
            name = f"m{i}"
            config["config"] = {
                "name": name,
                "layers": [
                    {
                        "module": "keras",
                        "class_name": "Sequential",
                        "config": {**inner, "name": name + "x"},
                    }
                ],
                "build_input_shape": [None, 9, 9, 2],
            }
            inner = config["config"]

    with_config("models_deep", models, SEQUENTIAL)

    def shape(config):
        value = 2
        for _ in range(60):
            value = [value]
        layer(config, "left")["config"]["batch_shape"] = value

    with_config("shape_deep", shape)


def storage():
    """Data of the kernel elsewhere, or behind a filter."""
    kernel = "layers/conv2d/vars/0"
    data = np.zeros((3, 1, 2, 4), "f4")

    def replace(**how):
        def change(f):
            del f[kernel]
            f.create_dataset(kernel, **how)

        return change

    with_weights("kernel_chunked", replace(data=data, chunks=(1, 1, 2, 4)))
    with_weights("kernel_lzf", replace(data=data, compression="lzf"))
    with_weights("kernel_shuffled", replace(data=data, shuffle=True, chunks=True))
    with_weights("kernel_checked", replace(data=data, fletcher32=True))
    with_weights(
        "kernel_of_growing_shape", replace(data=data, maxshape=(None, 1, 2, 4))
    )
    with_weights(
        "kernel_external",
        replace(shape=data.shape, dtype="f4", external="/etc/passwd"),
    )
    with_weights("kernel_int32", replace(data=data.astype("i4")))
    with_weights("kernel_big_endian", replace(data=data.astype(">f4")))
    with_weights("kernel_complex", replace(data=data.astype("c8")))
    with_weights("kernel_of_texts", replace(data=[b"weights"]))
    with_weights("kernel_scalar", replace(data=np.float32(1)))
    with_weights("kernel_empty", replace(data=h5py.Empty("f4")))
    with_weights("kernel_of_no_elements", replace(data=data[:0]))
    with_weights("kernel_says_much", replace(shape=(1 << 40, 1 << 20), dtype="f4"))

    def virtual(f):
        del f[kernel]
        layout = h5py.VirtualLayout(data.shape, "f4")
        layout[:] = h5py.VirtualSource("/etc/passwd", "w", data.shape)
        f.create_virtual_dataset(kernel, layout)

    def circle(f):
        del f[kernel]
        f[kernel] = h5py.SoftLink("/" + kernel)

    def hard(f):
        f["layers/conv2d/vars/round"] = f["layers"]

    with_weights("kernel_virtual", virtual)
    with_weights("kernel_links_itself", circle)
    with_weights("group_in_itself", hard)
    with_weights("weights_missing", lambda f: f.__delitem__("layers") or None)


def oddities():
    """JSON that is sound and means nothing."""
    with_config("config_a_text", lambda c: '"model"')
    with_config("config_null", lambda c: "null")
    with_config("config_number", lambda c: "1e400")
    with_config("model_config_null", lambda c: c.update(config=None))
    with_config("module_a_number", lambda c: layer(c, "mix").update(module=3))
    with_config("layer_config_null", lambda c: layer(c, "mix").update(config=None))
    with_config(
        "kwargs_a_list",
        lambda c: layer(c, "mix")["inbound_nodes"][0].update(kwargs=[]),
    )
