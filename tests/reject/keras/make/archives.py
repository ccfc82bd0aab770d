"""Archives that are damaged, or lack a part."""

import json
import zipfile

from parts import FUNCTIONAL, pack, write


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
