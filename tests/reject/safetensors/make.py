"""Makes the files of this folder: each is wrong in the way of its name."""

import json
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent


def tensor(begin, end, dtype="F32", shape=(2,)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


def write(name, header, n_data, length=None):
    if not isinstance(header, bytes):
        header = json.dumps(header).encode()
    length = len(header) if length is None else length
    (HERE / f"{name}.safetensors").write_bytes(
        struct.pack("<Q", length) + header + bytes(n_data)
    )


one = b'{"a": ' + json.dumps(tensor(0, 8)).encode()
write("header_longer_than_file", {"a": tensor(0, 8)}, 8, 1 << 20)
write("header_of_2_to_63", {"a": tensor(0, 8)}, 8, 1 << 63)
write("header_beyond_the_limit", {"a": tensor(0, 8)}, 8, 100_000_001)
write("header_no_json", b"{nothing}", 0)
write("header_is_a_list", b"[]", 0)
write("header_leading_blank", b" {}", 0)
write("header_not_utf8", b'{"\xff": 1}', 0)
write("name_twice", one + b', "a": ' + json.dumps(tensor(8, 16)).encode() + b"}", 16)
write("metadata_with_a_number", {"__metadata__": {"n": 1}, "a": tensor(0, 8)}, 8)
write("gap_at_the_start", {"a": tensor(8, 16)}, 16)
write("gap_between", {"a": tensor(0, 8), "b": tensor(12, 20)}, 20)
write("overlap", {"a": tensor(0, 8), "b": tensor(4, 12)}, 12)
write("same_bytes_twice", {"a": tensor(0, 8), "b": tensor(0, 8)}, 8)
write("bytes_after_the_last", {"a": tensor(0, 8)}, 12)
write("data_cut_short", {"a": tensor(0, 8)}, 7)
write("offsets_reversed", {"a": tensor(8, 0)}, 8)
write("offset_negative", {"a": tensor(-8, 0)}, 8)
write("offset_beyond_64_bits", {"a": tensor(0, 1 << 64)}, 8)
write("shape_overflows", {"a": tensor(0, 0, shape=(1 << 32, 1 << 32))}, 0)
write("shape_overflows_beside_zero", {"a": tensor(0, 0, shape=(0, 1 << 62, 8))}, 0)
write("shape_negative", {"a": tensor(0, 8, shape=(-2,))}, 8)
write("shape_of_floats", {"a": tensor(0, 8, shape=(2.0,))}, 8)
write("shape_too_small", {"a": tensor(0, 8, shape=(1,))}, 8)
write("rank_9", {"a": tensor(0, 4, shape=(1,) * 9)}, 4)
write("dtype_unknown", {"a": tensor(0, 8, dtype="F33")}, 8)
write("dtype_float8", {"a": tensor(0, 2, dtype="F8_E4M3")}, 2)
write("dtype_missing", {"a": {"shape": [2], "data_offsets": [0, 8]}}, 8)
write("key_unknown", {"a": tensor(0, 8) | {"strides": [1]}}, 8)
