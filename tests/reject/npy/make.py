"""Makes the files of this folder: each is wrong in the way of its name."""

import io
import pathlib
import struct
import zipfile

HERE = pathlib.Path(__file__).resolve().parent


def npy(header, data=bytes(24), version=(1, 0), length=None):
    header = header.encode() if isinstance(header, str) else header
    length = len(header) if length is None else length
    form = "<H" if version[0] == 1 else "<I"
    return b"\x93NUMPY" + bytes(version) + struct.pack(form, length) + header + data


def write(name, *args, **more):
    (HERE / f"{name}.npy").write_bytes(npy(*args, **more))


def head(descr="'<f4'", order="False", shape="(2, 3)", end=", }\n"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}{end}"


write("objects", head("'|O'"), b"\x80\x02N.")
write("structures", head("[('a', '<f4'), ('b', '<i4')]"))
write("texts", head("'<U3'"))
write("bytes_of_text", head("'|S4'"))
write("complex", head("'<c8'", shape="(3,)"))
write("dates", head("'<M8[ns]'", shape="(3,)"))
write("unsigned", head("'<u4'"))
write("void_of_2", head("'|V2'", shape="(12,)"))
write("byte_order_missing", head("'f4'"))
write("byte_order_native", head("'=f4'"))
write("byte_order_none", head("'|f4'"))
write("descr_empty", head("''"))
write("descr_long", head("'" + "<f4" * 20 + "'"))
write("descr_escaped", head(r"'\x3cf4'"))
write("descr_a_number", head("4"))
write("order_a_number", head(order="0"))
write("shape_a_list", head(shape="[2, 3]"))
write("shape_a_number", head(shape="(6)"))
write("shape_negative", head(shape="(-2, -3)"))
write("shape_a_float", head(shape="(2.0, 3)"))
write("shape_a_call", head(shape="(len('ab'), 3)"))
write("shape_two_commas", head(shape="(2,, 3)"))
write("shape_no_comma", head(shape="(2 3)"))
write("shape_unfinished", head(shape="(2, 3", end=""))
write("shape_beyond_63_bits", head(shape="(9223372036854775808,)"))
write("shape_overflows", head(shape="(4611686018427387904, 4611686018427387904)"))
write("shape_overflows_beside_0", head(shape="(0, 4611686018427387904, 9)"), b"")
write("shape_too_large", head(shape="(2, 4)"))
write("shape_too_small", head(shape="(2, 2)"))
write("rank_9", head(shape="(1, 1, 1, 1, 1, 1, 1, 2, 3)"))
write("key_twice", "{'descr': '<f4', " + head()[1:])
write("key_missing", "{'descr': '<f4', 'shape': (2, 3)}\n")
write("key_unknown", "{'x': 1, " + head()[1:])
write("key_not_quoted", "{descr: '<f4', 'fortran_order': False, 'shape': (2, 3)}\n")
write("no_colon", head().replace("':", "'", 1))
write("no_comma", head().replace(", 'fort", " 'fort"))
write("no_newline", head(end=", }"))
write("text_after_the_dict", head(end=", }; import os\n"))
write("header_a_call", "dict(descr='<f4', fortran_order=False, shape=(2, 3))\n")
write("header_empty", "")
write("header_longer_than_file", head(), length=9999)
write("header_beyond_the_limit", head(end=", }" + " " * 10000 + "\n"))
write("header_of_4_gib", head(), version=(2, 0), length=2**32 - 1)
write("version_0", head(), version=(0, 0))
write("version_4", head(), version=(4, 0))
write("version_1_1", head(), version=(1, 1))
write("data_cut_short", head(), bytes(23))
write("bytes_after", head(), bytes(25))
(HERE / "signature.npy").write_bytes(b"\x93NUMPX" + npy(head())[6:])
(HERE / "empty.npy").write_bytes(b"")


def archive(name, **members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for member, content in members.items():
            z.writestr(zipfile.ZipInfo(member.replace("_npy", ".npy")), content)
    (HERE / f"{name}.npz").write_bytes(out.getvalue())


archive("member_objects", a_npy=npy(head("'|O'"), b"\x80\x02N."))
archive("member_no_array", a_npy=npy(head()), b=b"text")
archive("member_without_a_name", _npy=npy(head()))
archive("member_cut_short", a_npy=npy(head())[:-1])
