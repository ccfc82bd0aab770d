"""Makes the files of this folder: each is wrong in the way of its name, or
uses a part of HDF5 that is refused. Run by hand with h5py installed.
"""

import pathlib
import struct
import sys

import h5py
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "codec" / "data"))

import by_hand

NOWHERE = struct.pack("<Q", 2**64 - 1)


def path(name):
    return HERE / f"{name}.h5"


def h5(name, **how):
    return h5py.File(path(name), "w", **how)


good = by_hand.small()


def damage(name, at, new, data=good):
    out = bytearray(data)
    out[at : at + len(new)] = new
    path(name).write_bytes(out)


def find(what, after=0):
    return good.index(what, after)


# What h5py writes when asked for more than Keras asks.
with h5("superblock_3", libver="latest") as f:
    f["w"] = np.zeros(2, "<f4")
with h5("user_block", userblock_size=512) as f:
    f["w"] = np.zeros(2, "<f4")
with h5("chunked") as f:
    f.create_dataset("w", data=np.zeros((4, 4), "<f4"), chunks=(2, 2))
with h5("compressed") as f:
    f.create_dataset("w", data=np.zeros((4, 4), "<f4"), compression="gzip")
with h5("external_storage") as f:
    f.create_dataset("w", (2,), "<f4", external="/etc/passwd")
with h5("virtual") as f:
    layout = h5py.VirtualLayout((2,), "<f4")
    layout[:] = h5py.VirtualSource("other.h5", "w", (2,))
    f.create_virtual_dataset("w", layout)
with h5("soft_link") as f:
    f["w"] = np.zeros(2, "<f4")
    f["x"] = h5py.SoftLink("/w")
with h5("external_link") as f:
    f["x"] = h5py.ExternalLink("other.h5", "/w")
with h5("committed_type") as f:
    f["t"] = np.dtype("<f4")
with h5("dataset_of_committed_type") as f:
    f["t"] = np.dtype("<f4")
    f.create_dataset("a", (2,), f["t"], data=np.zeros(2, "<f4"))
with h5("name_outside_ascii") as f:
    f["stra\u00dfe"] = np.zeros(2, "<f4")
with h5("dense_links") as f:
    for i in range(9):
        f[f"stra\u00dfe{i}"] = np.zeros(2, "<f4")
with h5("tracked_order", track_order=True) as f:
    f["w"] = np.zeros(2, "<f4")
with h5("big_endian") as f:
    f["w"] = np.zeros(2, ">f4")
with h5("compound") as f:
    f["w"] = np.zeros(2, [("a", "<f4"), ("b", "<i4")])
with h5("complex") as f:
    f["w"] = np.zeros(2, "<c8")
with h5("array_elements") as f:
    f.create_dataset("w", (2,), np.dtype(("<f4", (3,))))
with h5("unsigned") as f:
    f["w"] = np.zeros(2, "<u4")
with h5("enumeration") as f:
    f.create_dataset("w", (2,), h5py.enum_dtype({"A": 0, "B": 5}, "i1"))
with h5("texts") as f:
    f["w"] = ["a", "b"]
with h5("ragged") as f:
    f.create_dataset("w", (2,), h5py.vlen_dtype(np.float32))
with h5("null_dataspace") as f:
    f["w"] = h5py.Empty("<f4")
with h5("nothing_stored") as f:
    f.create_dataset("w", (1 << 20, 1 << 20), "<f4")
with h5("rank_9") as f:
    f["w"] = np.zeros((1,) * 9, "<f4")
with h5("attribute_is_a_number") as f:
    f.attrs["unit"] = 7
with h5("attribute_is_a_list") as f:
    f.attrs["unit"] = ["a", "b"]
with h5("list_is_a_number") as f:
    f.attrs["names"] = [1.0, 2.0]
with h5("attributes_dense") as f:
    g = f.create_group("g", track_order=True)
    for i in range(20):
        g.attrs[f"a{i}"] = "x"

# One byte or one field of a good file changed.
path("cut_short").write_bytes(good[:-8])
path("empty").write_bytes(b"")
damage("signature", 1, b"h")
damage("superblock_1", 8, b"\1")
damage("offsets_of_4_bytes", 13, b"\4")
damage("base_address", 24, b"\x08")
damage("driver_block", 48, bytes(8))
damage("end_of_file_beyond", 40, struct.pack("<Q", 1 << 40))
damage("root_outside", 64, struct.pack("<Q", len(good)))
damage("root_nowhere", 64, NOWHERE)
tree, heap, node = find(b"TREE"), find(b"HEAP"), find(b"SNOD")
damage("tree_signature", tree, b"tree")
damage("tree_of_chunks", tree + 4, b"\1")
damage("tree_entries", tree + 6, b"\xff\xff")
damage("tree_level", tree + 5, b"\3")
damage(
    "tree_leads_to_itself",
    tree + 5,
    b"\1" + good[tree + 6 : tree + 32] + struct.pack("<Q", tree),
)
damage("heap_signature", heap, b"HEAQ")
damage("heap_outside", heap + 24, NOWHERE)
damage("heap_size", heap + 8, struct.pack("<Q", 1 << 62))
damage("node_signature", node, b"SNOE")
damage("node_entries", node + 6, b"\xff\xff")
damage("name_offset", node + 8, struct.pack("<Q", 1 << 32))
damage("name_empty", node + 8, struct.pack("<Q", 0))
damage("child_outside", node + 16, struct.pack("<Q", len(good) - 4))
names = struct.unpack_from("<Q", good, heap + 24)[0]
damage("name_with_slash", names + 8, b"/")
damage("name_with_newline", names + 8, b"\n")
space = find(struct.pack("<BBB5xQQ", 1, 2, 0, 2, 3))
damage("shape_larger_than_data", space + 8, struct.pack("<Q", 3))
damage("shape_smaller_than_data", space + 8, struct.pack("<Q", 1))
damage("shape_overflows", space + 8, struct.pack("<QQ", 1 << 40, 1 << 40))
damage("shape_beyond_63_bits", space + 8, struct.pack("<Q", 1 << 63))
damage("space_rank", space + 1, b"\x08")
damage("space_version_9", space, b"\x09")
kind = find(b"\x11\x20\x1f\0\4\0\0\0")
damage("type_big_endian_float", kind + 1, b"\x21")
damage("type_version_7", kind, b"\x71")
damage("type_unknown_class", kind, b"\x1f")
damage("type_no_bytes", kind + 4, bytes(4))
damage("type_odd_float", kind + 12, b"\x18")
damage("type_double_size", kind + 4, b"\x08")
layout = find(struct.pack("<BB", 3, 1), kind)
damage("layout_version_4", layout, b"\4")
damage("layout_outside", layout + 2, struct.pack("<QQ", 1 << 40, 24))
damage("layout_nowhere", layout + 2, NOWHERE)
damage("layout_size_wrong", layout + 10, struct.pack("<Q", 20))
damage("layout_size_huge", layout + 10, struct.pack("<Q", 1 << 62))
header = struct.unpack_from("<Q", good, node + 16)[0]
assert good[header] == 1
damage("header_version_9", header, b"\x09")
damage("header_too_many_messages", header + 2, b"\1\0")
damage("header_too_few_messages", header + 2, b"\xff\0")
damage("header_runs_out", header + 8, b"\xff\xff\xff\x7f")
damage("message_runs_out", header + 18, b"\xff\xff")
damage("message_shared", header + 20, b"\2")
damage("message_unknown", header + 16, b"\x70\0")
unit = find(b"unit\0\0\0\0")
assert good[unit - 8] == 1
damage("attribute_version_3", unit - 8, b"\3")
damage("attribute_name_runs_out", unit - 6, b"\xff\xff")
damage("attribute_name_unterminated", unit + 4, b"s")
damage("attribute_twice", find(b"names\0\0\0"), b"unit\0\0\0\0")
heap = find(b"GCOL")
damage("collection_signature", heap, b"GCOM")
damage("collection_size", heap + 8, struct.pack("<Q", 1 << 40))
damage("collection_object_size", heap + 24, struct.pack("<Q", 2**64 - 1))
damage("collection_index_missing", heap + 16, b"\x77")
damage("text_not_utf8", find(b"metres"), b"\xff")
damage("text_with_nul", find(b"metres"), b"m\0t")
text = find(b"\6\0\0\0" + struct.pack("<Q", heap))
damage("text_longer_than_object", text, b"\x7f")
damage("text_outside", text + 4, NOWHERE)

path("tree_repeats_children").write_bytes(by_hand.repeating())
