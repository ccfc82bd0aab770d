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
import by_hand_links

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
damage("layout_version_5", layout, b"\5")
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

# Groups of the new style: links in the header, then in a heap under a tree.
few, deep = by_hand_links.few_links(), by_hand_links.deep_links()


def damage_few(name, after, new, what=b"\1\x18\0\1\2", skip=0):
    damage(name, few.index(what, skip) + after, new, few)


damage_few("link_version_2", 0, b"\2")
damage_few("link_flags", 1, b"\x38")
damage_few("link_soft", 2, b"\1")
damage_few("link_external", 2, b"\x40")
damage_few("link_of_the_user", 2, b"\x41")
damage_few("link_name_runs_out", 4, b"\x7f")
damage_few("link_name_of_64_bits", 1, b"\x1b")
damage_few("link_name_empty", 4, b"\0")
damage_few("link_name_with_slash", 5, b"//")
damage_few("link_name_not_utf8", 6, b"z")
damage_few("link_outside", 7, struct.pack("<Q", 1 << 40))
root = struct.unpack_from("<Q", few, 64)[0]
damage_few("link_to_its_group", 7, struct.pack("<Q", root))
infos = few.index(struct.pack("<HH", 2, 24)) + 8
damage("link_info_version_1", infos, b"\1", few)
damage("link_info_flags", infos + 1, b"\4", few)
damage("link_info_runs_out", infos + 1, b"\1", few)
damage("link_info_twice", infos - 8 + 32, b"\2", few)
damage("link_heap_outside", infos + 2, struct.pack("<Q", 1 << 40), few)
damage("two_things_at_once", infos - 8 + 32, b"\x11", few)


def by_links(name, children):
    f = by_hand_links.File()
    leaf = f.dataset(by_hand.INT8, (), bytes([42]))
    path(name).write_bytes(f.finish(f.few([(c, leaf) for c in children])))


by_links("link_name_twice", [b"a", b"b", b"a"])
cut = by_hand.message(0x6, by_hand_links.link(b"eleven_long", 0)[:16])
f = by_hand_links.File()
links = f.header_of(3, by_hand_links.info() + cut)
path("link_without_object").write_bytes(f.finish(links))
f = by_hand.File()
leaf = f.dataset(by_hand.INT8, (), bytes([42]))
path("name_twice").write_bytes(f.finish(f.group([(b"w", leaf), (b"w", leaf)])))


def damage_deep(name, what, at, new, nth=0):
    place = -1
    for _ in range(nth + 1):
        place = deep.index(what, place + 1)
    damage(name, place + at, new, deep)


damage_deep("links_heap_signature", b"FRHP", 0, b"FRHQ")
damage_deep("links_heap_version", b"FRHP", 4, b"\1")
damage_deep("links_heap_id_bytes", b"FRHP", 5, b"\x08")
damage_deep("links_heap_filters", b"FRHP", 7, b"\1")
damage_deep("links_heap_width", b"FRHP", 110, b"\3")
damage_deep("links_heap_first", b"FRHP", 112, bytes(8))
damage_deep("links_heap_direct", b"FRHP", 120, struct.pack("<Q", 1 << 40))
damage_deep("links_heap_direct_small", b"FRHP", 120, struct.pack("<Q", 32))
damage_deep("links_heap_bits", b"FRHP", 128, b"\xff")
damage_deep("links_heap_root_nowhere", b"FRHP", 132, NOWHERE)
damage_deep("links_heap_rows", b"FRHP", 140, b"\xff\xff")
damage_deep("links_heap_rows_0", b"FRHP", 140, b"\0\0")
damage_deep("links_heap_rows_1", b"FRHP", 140, b"\1\0")
damage_deep("links_indirect_signature", b"FHIB", 0, b"FHIC", 3)
damage_deep("links_indirect_of_another", b"FHIB", 5, b"\1", 2)
damage_deep("links_indirect_offset", b"FHIB", 13, b"\1", 1)
damage_deep("links_direct_nowhere", b"FHIB", 17, NOWHERE)
top = struct.unpack_from("<Q", deep, deep.index(b"FRHP") + 132)[0]
damage("links_indirect_in_itself", top + 17 + 6 * 8, struct.pack("<Q", top), deep)
damage_deep("links_direct_signature", b"FHDB", 0, b"FHDC", 5)
damage_deep("links_direct_of_another", b"FHDB", 5, b"\1", 6)
damage_deep("links_direct_offset", b"FHDB", 13, b"\1", 7)
damage_deep("links_object_huge", b"BTLF", 10, b"\x10")
damage_deep("links_object_tiny", b"BTLF", 10, b"\x20", 1)
damage_deep("links_object_offset", b"BTLF", 11, b"\xff\xff\xff", 2)
damage_deep("links_object_in_head", b"BTLF", 11, b"\1\0\0", 3)
damage_deep("links_object_length", b"BTLF", 15, b"\xff", 4)
damage_deep("links_tree_signature", b"BTHD", 0, b"BTHE")
damage_deep("links_tree_of_numbers", b"BTHD", 5, b"\6")
damage_deep("links_tree_node_bytes_0", b"BTHD", 6, bytes(4))
damage_deep("links_tree_node_bytes", b"BTHD", 6, b"\xff\xff\xff\x7f")
damage_deep("links_tree_record_bytes", b"BTHD", 10, b"\x0c")
damage_deep("links_tree_depth", b"BTHD", 12, b"\2")
damage_deep("links_tree_depth_9", b"BTHD", 12, b"\x09")
damage_deep("links_tree_root_nowhere", b"BTHD", 16, NOWHERE)
damage_deep("links_tree_records", b"BTHD", 24, b"\xff\xff")
damage_deep("links_leaf_signature", b"BTLF", 0, b"BTLG", 9)
damage_deep("links_leaf_type", b"BTLF", 5, b"\x08", 9)
damage_deep("links_inner_signature", b"BTIN", 0, b"BTIO", 9)
damage_deep("links_inner_records", b"BTIN", 6 + 3 * 11 + 8, b"\x09")
first_leaf = struct.pack("<Q", deep.index(b"BTLF"))
damage_deep("links_inner_repeats", b"BTIN", 6 + 3 * 11 + 9, first_leaf)
damage_deep("links_inner_outside", b"BTIN", 6 + 3 * 11, NOWHERE, 4)

# Object headers of version 2, as h5py makes them when it tracks an order.
ordered = (HERE.parents[1] / "codec" / "data" / "ordered.h5").read_bytes()
head, block = ordered.index(b"OHDR"), ordered.index(b"OCHK")
damage("header_2_version_3", head + 4, b"\3", ordered)
damage("header_2_flags", head + 5, b"\x80", ordered)
damage("header_2_runs_out", head + 5, bytes([ordered[head + 5] | 3]), ordered)
damage("header_2_block_signature", block, b"OCHL", ordered)
more = ordered.index(struct.pack("<Q", block))
damage("header_2_block_outside", more, NOWHERE, ordered)
damage("header_2_block_short", more + 8, struct.pack("<Q", 7), ordered)
damage("header_2_block_runs_out", more + 8, struct.pack("<Q", 1 << 40), ordered)

# Lists in pieces.
with h5("list_piece_missing") as f:
    f.attrs["names0"] = np.array([b"a"])
    f.attrs["names2"] = np.array([b"b"])
with h5("list_without_first_piece") as f:
    f.attrs["names1"] = np.array([b"a"])
with h5("list_piece_of_numbers") as f:
    f.attrs["names0"] = np.array([b"a"])
    f.attrs["names1"] = np.array([1.0])
with h5("list_piece_is_one_text") as f:
    f.attrs["names0"] = "a"
