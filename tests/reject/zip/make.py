"""Makes the files of this folder: each is wrong in the way of its name."""

import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).resolve().parent


def member(name=b"a.txt", data=b"contents", **change):
    m = {
        "name": name, "local_name": name, "data": data, "flags": 0,
        "method": 0, "crc": zlib.crc32(data), "packed": len(data),
        "size": len(data), "disk": 0, "extra": b"", "offset": None,
        "local": {}, "signature": 0x02014B50,
    }  # fmt: skip
    return m | change


def build(members, comment=b"", before=b"", **end):
    out = bytearray(before)
    entries = b""
    for m in members:
        local = {k: m[k] for k in ("flags", "method", "crc", "packed", "size")}
        local |= {"signature": 0x04034B50} | m["local"]
        offset = len(out) if m["offset"] is None else m["offset"]
        out += struct.pack(
            "<IHHHHHIIIHH", local["signature"], 20, local["flags"],
            local["method"], 0, 33, local["crc"], local["packed"],
            local["size"], len(m["local_name"]), 0,
        ) + m["local_name"] + m["data"]  # fmt: skip
        entries += struct.pack(
            "<IHHHHHHIIIHHHHHII", m["signature"], 20, 20, m["flags"],
            m["method"], 0, 33, m["crc"], m["packed"], m["size"],
            len(m["name"]), len(m["extra"]), 0, m["disk"], 0, 0, offset,
        ) + m["name"] + m["extra"]  # fmt: skip
    e = {
        "disk": 0, "here": len(members), "all": len(members),
        "size": len(entries), "at": len(out), "comment": len(comment),
    } | end  # fmt: skip
    return bytes(out) + entries + struct.pack(
        "<IHHHHIIH", 0x06054B50, e["disk"], 0, e["here"], e["all"], e["size"],
        e["at"], e["comment"],
    ) + comment  # fmt: skip


def deflate(data):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()


def deflated(data, **change):
    packed = deflate(data)
    about = {"method": 8, "crc": zlib.crc32(data), "size": len(data)}
    return member(data=packed, packed=len(packed), **(about | change))


def write(name, data):
    (HERE / f"{name}.zip").write_bytes(data)


good = build([member()])
write("empty_file", b"")
write("cut_short", good[:-1])
write("byte_after_the_end", good + b"x")
write("bytes_before_the_start", b"stub" + good)
write("comment_cut_short", build([member()], comment=b"comment")[:-1])
write("two_end_records", build([member()], comment=good[-22:]))
write("two_disks", build([member()], disk=1))
write("entries_differ_by_disk", build([member()], here=0))
write("more_entries_than_room", build([member()], here=9, all=9))
write("fewer_entries_than_room", build([member(), member(b"b")], here=1, all=1))
write("directory_outside", build([member()], at=1 << 30))
write("directory_size_wrong", build([member()], size=4))
write("entry_signature", build([member(signature=0x02014B51)]))
write("entry_on_another_disk", build([member(disk=3)]))
write("local_signature", build([member(local={"signature": 1})]))
write("local_name_differs", build([member(local_name=b"b.txt")]))
write("local_method_differs", build([member(local={"method": 8})]))
write("local_size_differs", build([member(local={"packed": 3, "size": 3})]))
write("local_flags_differ", build([member(local={"flags": 1})]))
write("local_header_outside", build([member(offset=1 << 20)]))
write("name_twice", build([member(), member()]))
write("members_overlap", build([member(b"a"), member(b"a", offset=0)]))
write("data_into_directory", build([member(packed=30, size=30)]))
write("stored_with_two_sizes", build([member(size=9)]))
write("encrypted", build([member(flags=1)]))
write("masked_headers", build([member(flags=1 << 13)]))
write("method_lzma", build([member(method=14)]))
write("name_absolute", build([member(b"/etc/passwd")]))
write("name_parent", build([member(b"a/../../b")]))
write("name_parent_at_end", build([member(b"a/..")]))
write("name_backslash", build([member(b"a\\b")]))
write("name_nul", build([member(b"a\0b")]))
write("name_newline", build([member(b"a\nb")]))
write("name_not_utf8", build([member(b"caf\xe9")]))
write("name_overlong_utf8", build([member(b"a\xc0\xafb")]))
write("name_surrogate", build([member(b"\xed\xa0\x80")]))
write("name_empty", build([member(b"")]))
write("name_5000_bytes", build([member(b"n" * 5000)]))
write("extra_cut_short", build([member(extra=b"\1\0\x08\0")]))
write(
    "zip64_field_cut_short",
    build([member(size=0xFFFFFFFF, extra=struct.pack("<HHI", 1, 4, 8))]),
)
write("zip64_field_twice", build([member(extra=struct.pack("<HH", 1, 0) * 2)]))
write(
    "zip64_locator_lies",
    good[:-22] + struct.pack("<IIQI", 0x07064B50, 0, 1 << 40, 1) + good[-22:],
)
write(
    "zip64_record_missing",
    good[:-22] + struct.pack("<IIQI", 0x07064B50, 0, 0, 1) + good[-22:],
)
write("crc_wrong", build([member(crc=1)]))
write("crc_zero", build([member(crc=0)]))
write("crc_wrong_deflated", build([deflated(b"text " * 20, crc=1)]))
write("deflate_garbage", build([member(method=8, data=b"\xff" * 8)]))
write(
    "deflate_cut_short",
    build(
        [
            member(
                method=8,
                data=deflate(b"text " * 20)[:-2],
                packed=len(deflate(b"text " * 20)) - 2,
                size=100,
            )
        ]
    ),
)
write("deflate_longer_than_said", build([deflated(b"text " * 20, size=99)]))
write("deflate_shorter_than_said", build([deflated(b"text " * 20, size=101)]))
write(
    "deflate_bytes_after_the_end",
    build(
        [member(method=8, data=deflate(b"abc") + b"x", crc=zlib.crc32(b"abc"), size=3)]
    ),
)
write("bomb_impossible", build([deflated(b"abc", size=1 << 31)]))
write("bomb_possible", build([deflated(bytes(17 << 20))]))
