"""Makes the files of this folder: each is wrong in the way of its name."""

import io
import pathlib
import pickle
import struct
import zipfile

HERE = pathlib.Path(__file__).resolve().parent

OD = b"ccollections\nOrderedDict\n)R"


def text(s):
    s = s.encode() if isinstance(s, str) else s
    return b"X" + struct.pack("<I", len(s)) + s


def num(n):
    if 0 <= n < 256:
        return b"K" + bytes([n])
    return b"\x8a\x08" + struct.pack("<q", n)


def tup(*items):
    return b"(" + b"".join(items) + b"t"


def storage(key="0", n=6, kind=b"ctorch\nFloatStorage\n", more=()):
    return tup(text("storage"), kind, text(key), text("cpu"), num(n), *more) + b"Q"


def tensor(store=None, offset=0, size=(2, 3), stride=(3, 1), more=()):
    return (
        b"ctorch._utils\n_rebuild_tensor_v2\n"
        + tup(
            storage() if store is None else store,
            num(offset),
            tup(*map(num, size)),
            tup(*map(num, stride)),
            b"\x89",
            OD,
            *more,
        )
        + b"R"
    )


def state(*values, name="w"):
    items = b"".join(text(name + "2" * i) + v for i, v in enumerate(values))
    return b"\x80\x02" + OD + b"(" + items + b"u."


GOOD = state(tensor())


def write(name, data, files=None, folder="a/", drop=()):
    members = {
        "data.pkl": data,
        "byteorder": b"little",
        "data/0": struct.pack("<6f", *range(6)),
        "version": b"3\n",
    }
    members.update(files or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for member, content in members.items():
            if member not in drop:
                info = zipfile.ZipInfo(folder + member)
                z.writestr(info, content)
    (HERE / f"{name}.pth").write_bytes(out.getvalue())


def call(module, name, *args):
    return f"c{module}\n{name}\n".encode() + tup(*args) + b"R"


# What a file would run.
write("runs_os_system", b"\x80\x02" + call("os", "system", text("true")) + b".")
write("runs_posix_system", b"\x80\x02" + call("posix", "system", text("true")) + b".")
write("runs_eval_in_a_value", state(call("builtins", "eval", text("1"))))
write("runs_by_inst", b"(" + text("true") + b"ios\nsystem\n.")
write("runs_by_obj", b"(cos\nsystem\n" + text("true") + b"o.")
write(
    "runs_by_stack_global",
    b"\x80\x04\x8c\x02os\x8c\x06system\x93" + text("true") + b"\x85R.",
)
write("runs_by_newobj", b"\x80\x02csubprocess\nPopen\n" + text("true") + b"\x85\x81.")
write("runs_name_with_escape", b"\x80\x02cos\x1b[31m\nsystem\n)R.")
write("runs_getattr", state(call("builtins", "getattr", text("a"), text("b"))))
write("runs_a_storage", state(call("torch", "FloatStorage", num(6))))
write("runs_the_interpreter_of_torch", state(call("torch", "load", text("x"))))
write("whole_model", b"\x80\x02ctorch.nn.modules.linear\nLinear\n)\x81}b.")
write("builds_a_tensor", state(tensor() + tup(num(0)) + b"b"))
write("extension_code", b"\x80\x02\x82\x01.")
write("opcode_unknown", b"\x80\x02\xff.")
write("opcode_of_protocol_0", b"S'a'\n.")

# Broken pickles.
write("pickle_empty", b"")
write("pickle_cut_short", GOOD[:-40])
write("pickle_bytes_after", GOOD + b"N.")
write("pickle_two_values", b"\x80\x02NN.")
write("pickle_no_value", b"\x80\x02.")
write("pickle_mark_left", b"\x80\x02(.")
write("pickle_protocol_9", b"\x80\x09N.")
write("pickle_pops_nothing", b"\x80\x020.")
write("pickle_no_mark", b"\x80\x02NNt.")
write("pickle_memo_unknown", b"\x80\x02h\x05.")
write("pickle_memo_far", b"\x80\x02Nr" + struct.pack("<I", 2**32 - 1) + b".")
write("pickle_text_too_long", b"\x80\x02X\xff\xff\xff\xff.")
write("pickle_text_of_2_to_63", b"\x80\x04\x8d" + struct.pack("<Q", 2**63) + b".")
write("pickle_odd_items", b"\x80\x02}(Nu.")
write("pickle_item_for_a_number", b"\x80\x02K\x01NNs.")
write("pickle_name_cut_short", b"\x80\x02cos\nsys")
write("pickle_holds_itself", b"\x80\x02]q\x00h\x00a.")
write(
    "pickle_grows",
    b"\x80\x02](" + b"NN\x86" * 3000 + b"eq\x00"
    + b"ccollections\nOrderedDict\nq\x010" + b"h\x01h\x00\x85R0" * 3000 + b".",
)  # fmt: skip

# Well-formed, and no state dict.
write("object_a_number", b"\x80\x02K\x01.")
write("object_a_tensor", b"\x80\x02" + tensor() + b".")
write("object_a_list", b"\x80\x02]" + tensor() + b"a.")
write("entry_a_number", state(num(1)))
write("entry_a_dict", state(OD))
write("name_twice", state(tensor()).replace(b"u.", text("w") + tensor() + b"u."))
write("name_a_number", b"\x80\x02}" + num(1) + tensor() + b"s.")
write("name_empty", state(tensor(), name=""))
write("name_newline", state(tensor(), name="a\n"))
write("name_not_utf8", b"\x80\x02}" + text(b"\xff") + tensor() + b"s.")
two = b"\x80\x02}(" + text("model") + OD + text("net") + OD + b"u."
write("two_state_dicts", two)
write("state_dict_twice", two.replace(text("net"), text("model")))

# Tensors that claim too much.
write("reaches_beyond", state(tensor(size=(3, 3))))
write("offset_beyond", state(tensor(offset=1)))
write("offset_negative", state(tensor(offset=-1)))
write("offset_of_2_to_62", state(tensor(offset=2**62)))
write("size_negative", state(tensor(size=(-2, 3))))
write("size_overflows", state(tensor(size=(2**62, 2**62), stride=(0, 0))))
write(
    "size_overflows_beside_0", state(tensor(size=(0, 2**62, 2**62), stride=(0, 0, 0)))
)
write("stride_negative", state(tensor(stride=(-3, 1))))
write("stride_overflows", state(tensor(stride=(2**62, 2**62))))
write("stride_missing", state(tensor(stride=(3,))))
write("repeats_2_to_51", state(tensor(size=(2**51,), stride=(0,))))
write("rank_9", state(tensor(size=(1,) * 9, stride=(1,) * 9)))
write("size_a_text", state(tensor().replace(num(3), text("3"), 1)))
write("tensor_of_no_storage", state(tensor(store=num(1))))
write("tensor_of_too_few", state(b"ctorch._utils\n_rebuild_tensor_v2\n)R"))
write("conjugate", state(tensor(more=(b"}" + text("conj") + b"\x88s",))))

# Storages that are not what they are said to be.
write("storage_missing", state(tensor(storage("1"))))
write("storage_short", GOOD, {"data/0": bytes(23)})
write("storage_long", GOOD, {"data/0": bytes(28)})
write("storage_of_2_to_62", state(tensor(storage(n=2**62))))
write("storage_negative", state(tensor(storage(n=-1))))
write(
    "storage_two_types", state(tensor(), tensor(storage(kind=b"ctorch\nIntStorage\n")))
)
write("storage_two_sizes", state(tensor(), tensor(storage(n=5))))
write(
    "storage_untyped",
    state(tensor(storage(n=24, kind=b"ctorch.storage\nUntypedStorage\n"))),
)
write("storage_complex", state(tensor(storage(kind=b"ctorch\nComplexFloatStorage\n"))))
write("storage_of_no_type", state(tensor(storage(kind=b"ctorch\nfloat32\n"))))
write("storage_key_a_path", state(tensor(storage("../0"))))
write("storage_key_with_nul", state(tensor(storage("0\0"))))
write(
    "storage_is_a_part", state(tensor(storage(more=(tup(text("1"), num(0), num(6)),))))
)
write("storage_by_url", state(tensor(text("http://localhost/") + b"Q")))

# Archives.
write("no_folder", GOOD, folder="")
write("nested_folder", GOOD, folder="a/b/")
write("no_data_pkl", GOOD, drop=["data.pkl"])
write("no_version", GOOD, drop=["version"])
write("version_11", GOOD, {"version": b"11\n"})
write("version_0", GOOD, {"version": b"0\n"})
write("version_empty", GOOD, {"version": b""})
write("big_endian", GOOD, {"byteorder": b"big"})
write("byteorder_odd", GOOD, {"byteorder": b"middle"})
write("torchscript", GOOD, {"constants.pkl": b"\x80\x02)."})
write("program", GOOD, {"archive_format": b"pt2"})

# Files of before 1.6.
OLD = (
    pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    + pickle.dumps(1001, 2)
    + pickle.dumps({"protocol_version": 1001, "little_endian": True}, 2)
)
KEYS = pickle.dumps(["0"], 2)
DATA = struct.pack("<q6f", 6, *range(6))


def old(name, data):
    (HERE / f"old_{name}.pth").write_bytes(data)


old("version", OLD.replace(b"M\xe9\x03.", b"M\xea\x03."[:4], 1) + GOOD + KEYS + DATA)
old("big_endian", OLD.replace(b"\x88", b"\x89") + GOOD + KEYS + DATA)
old(
    "no_order_of_bytes",
    OLD.replace(b"little_endian", b"mittle_endian") + GOOD + KEYS + DATA,
)
old("no_storages", OLD + GOOD + pickle.dumps([], 2))
old(
    "storage_twice",
    OLD
    + state(tensor(), tensor(storage("1")))
    + pickle.dumps(["0", "0"], 2)
    + DATA * 2,
)
old("storage_unknown", OLD + GOOD + pickle.dumps(["1"], 2) + DATA)
old("keys_no_list", OLD + GOOD + pickle.dumps("0", 2) + DATA)
old("count_wrong", OLD + GOOD + KEYS + struct.pack("<q", 5) + DATA[8:])
old("cut_short", OLD + GOOD + KEYS + DATA[:-1])
old("bytes_after", OLD + GOOD + KEYS + DATA + b"\0")
old(
    "storage_of_2_to_62",
    OLD + state(tensor(storage(n=2**62))) + KEYS + struct.pack("<q", 2**62),
)
old(
    "storage_complex",
    OLD
    + state(tensor(storage(n=3, kind=b"ctorch\nComplexFloatStorage\n")))
    + KEYS
    + struct.pack("<q6f", 3, *range(6)),
)
old("runs_os_system", OLD + b"\x80\x02" + call("os", "system", text("true")) + b".")
