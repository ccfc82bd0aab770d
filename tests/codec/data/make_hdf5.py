"""Makes the HDF5 files beyond the plainest that the codec tests read.

Run by hand with Keras, h5py and the tool h5repack; the files are kept. Made
with Keras 3.15.1, h5py 3.14.0 on HDF5 1.14.6, h5repack 1.10.8.
"""

import os
import pathlib
import subprocess

os.environ["KERAS_BACKEND"] = "torch"

import by_hand_links
import h5py
import keras
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent


def links_h5():
    """Groups of the new style, with trees of every depth; h5py must agree."""
    (HERE / "few_links.h5").write_bytes(by_hand_links.few_links())
    (HERE / "deep_links.h5").write_bytes(by_hand_links.deep_links())
    for name, n in [("few_links.h5", 2), ("deep_links.h5", 150)]:
        with h5py.File(HERE / name, "r") as f:
            assert len(f) == n and all(f[k][()] == 42 for k in f)


def names_h5():
    """A whole model as Keras writes it, with layer names outside ASCII: nine
    or more of them make a heap of links, fewer do not."""
    layers = [keras.layers.ReLU(name=f"stra\u00dfe{i}") for i in range(8)]
    dense = keras.layers.Dense(2, name="\u5c64")
    model = keras.Sequential([keras.Input((2,)), *layers, dense])
    dense.set_weights([np.arange(4.0).reshape(2, 2), np.ones(2)])
    model.save(HERE / "names.h5")


def pieces_h5():
    """A list of names in pieces, as Keras splits one above 64512 bytes, beside
    attributes with names that are like those of its pieces."""
    with h5py.File(HERE / "pieces.h5", "w") as f:
        names = np.array([f"layer_{i}".encode() for i in range(30)])
        for i, part in enumerate(np.array_split(names, 11)):
            f.attrs[f"names{i}"] = part
        f.attrs["names_of_none"] = "text"
        f.attrs["names01"] = 7
        f.attrs["names-1"] = 7
        f.attrs["both"] = np.array([b"whole"])
        f.attrs["both0"] = np.array([b"piece"])
        f.attrs["gap0"] = np.array([b"a"])
        f.attrs["gap2"] = np.array([b"c"])
        f.attrs["mixed0"] = np.array([b"a"])
        f.attrs["mixed1"] = 3


def repacked_h5():
    """What h5repack makes of a file with a newer superblock: that superblock
    is 0 again, and headers, shapes and types keep their newer form."""
    new = HERE / "new.h5"
    with h5py.File(new, "w", libver="v108") as f:
        f.attrs["names"] = ["a", "bb"]
        d = f.create_dataset("g/w", data=np.arange(6, dtype="<f4").reshape(2, 3))
        d.attrs["unit"] = "m"
        f["flags"] = np.array([True, False])
        f["scalar"] = np.float64(2.5)
        f.create_dataset("rows", data=np.ones((4, 2), "<f2"), chunks=(2, 2))
        f.create_dataset("packed", data=np.ones(100, "<f4"), compression="gzip")
    command = ["h5repack", "-l", "CONTI", "-f", "NONE", new, HERE / "repacked.h5"]
    subprocess.run(command, check=True)
    new.unlink()
    with h5py.File(HERE / "ordered.h5", "w", track_order=True) as f:
        f["b"] = np.float32(1)
        f["a"] = np.float32(2)
        f.attrs["unit"] = "m"
        for i in range(6):  # enough for a further header block
            f.attrs[f"more{i}"] = "text"


links_h5()
names_h5()
pieces_h5()
repacked_h5()
for path in sorted(HERE.glob("*.h5")):
    print(f"{path.stat().st_size:7} {path.name}")
