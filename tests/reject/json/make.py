"""Makes the files of this folder: each is JSON that must be refused."""

import pathlib

HERE = pathlib.Path(__file__).resolve().parent

FILES = {
    "empty": b"",
    "cut_short": b'{"class_name": "Sequential", "config": {"layers": [',
    "key_twice": b'{"module": "keras", "config": {}, "module": "os"}',
    "key_twice_escaped": b'{"module": "keras", "m\\u006fdule": "os"}',
    "integer_beyond_64_bits": b'{"units": 18446744073709551616}',
    "real_beyond_a_double": b'{"rate": 1e400}',
    "nested_101_levels": b"[" * 101 + b"]" * 101,
    "nested_20000_levels": b"[" * 20000,
    "nan_as_key": b"{NaN: 1}",
    "nan_in_lower_case": b'{"rate": nan}',
    "not_utf8": b'{"name": "caf\xe9"}',
    "surrogate_alone": b'{"name": "\\ud800"}',
    "nul_in_text": b'{"name": "a\\u0000b"}',
    "raw_control_character": b'{"name": "a\nb"}',
    "two_values": b"{} {}",
    "trailing_comma": b'{"a": 1,}',
    "comment": b"{} // done",
    "python_literal": b"{'a': True}",
    "byte_order_mark": b"\xef\xbb\xbf{}",
}

for name, data in FILES.items():
    (HERE / f"{name}.json").write_bytes(data)
