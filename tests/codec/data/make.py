"""Makes the good files that the codec tests read.

Run by hand with Keras, h5py and safetensors installed; the files are kept, so
the tests need none of them. Made with Keras 3.15.1, h5py 3.14.0 on HDF5 1.14.6,
safetensors 0.8.0.
"""

import io
import os
import pathlib
import struct
import zipfile

os.environ["KERAS_BACKEND"] = "torch"

import by_hand
import h5py
import keras
import ml_dtypes
import numpy as np
import safetensors.numpy
import safetensors.torch
import torch

HERE = pathlib.Path(__file__).resolve().parent


def tiny_keras():
    """A real archive: its members are stored, its weights are HDF5."""
    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            keras.layers.Conv2D(2, 3, name="first"),
            keras.layers.Dense(1, use_bias=False),
        ]
    )
    for i, w in enumerate(model.weights):
        w.assign(np.arange(np.prod(w.shape)).reshape(w.shape) + 100 * i)
    model.save(HERE / "tiny.keras")


def small_h5():
    """Small enough to damage every byte; h5py must agree."""
    (HERE / "small.h5").write_bytes(by_hand.small())
    with h5py.File(io.BytesIO(by_hand.small(heap=4096)), "r") as f:
        d = f["g/w"]
        assert (d[()] == np.arange(6).reshape(2, 3)).all()
        assert d.attrs["unit"] == "metres"
        assert list(d.attrs["names"]) == ["one", "", "three"]


def kinds_h5():
    """Every element type and every shape of text attribute."""
    with h5py.File(HERE / "kinds.h5", "w") as f:
        g = f.create_group("numbers")
        for name in ["f2", "f4", "f8", "i8", "i4", "i2", "i1", "u1", "?"]:
            key = "b1" if name == "?" else name
            g[key] = np.array([0, 1, 1], dtype=name if name == "?" else "<" + name)
        g["bf16"] = np.array([1, -2], dtype=ml_dtypes.bfloat16).view("V2")
        g["scalar"] = np.float32(2.5)
        g["empty"] = np.zeros((0, 3), "<f4")
        t = f.create_group("texts")
        t.attrs["variable"] = "gr\u00fc\u00dfe"
        t.attrs["nothing"] = ""
        t.attrs["fixed"] = np.bytes_("exactly")
        t.attrs.create("padded", np.array(b"pad", dtype="S9"))
        t.attrs["list"] = ["a", "bb", "ccc"]
        t.attrs["fixed_list"] = np.array([b"conv", b"dense1"])
        t.attrs["no_names"] = np.array([], dtype="<f8")
        t.attrs["number"] = 7
        # Enough attributes for continuation blocks.
        for i in range(12):
            t.attrs[f"more{i}"] = f"text {i}"
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((3,))
        d = h5py.h5d.create(g.id, b"compact", h5py.h5t.IEEE_F32LE, space, compact)
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([7, 8, 9], "<f4"))


def many_h5():
    """150 names: a B-tree of level 1 with the default node sizes."""
    with h5py.File(HERE / "many.h5", "w") as f:
        g = f.create_group("g")
        g["name000"] = np.int8(42)
        for i in range(1, 150):
            g[f"name{i:03}"] = g["name000"]


def deep_h5():
    """A B-tree of level 4; h5py must agree."""
    (HERE / "deep.h5").write_bytes(by_hand.deep())
    with h5py.File(HERE / "deep.h5", "r") as f:
        assert len(f) == 40 and f["name00"][()] == f["name39"][()] == 42


def zips():
    with zipfile.ZipFile(HERE / "two.zip", "w") as z:
        z.writestr("stored.txt", "stored as it is")
        z.writestr("packed.txt", "packed " * 50, zipfile.ZIP_DEFLATED)
        z.writestr("folder/", "")
    with zipfile.ZipFile(HERE / "zip64.zip", "w") as z:
        z.comment = b"with a comment"
        with z.open("large.txt", "w", force_zip64=True) as member:
            member.write(b"zip64 extra in the local header")
    # torch: data descriptors, padding, ZIP64 end records.
    torch.save({"w": torch.arange(3.0)}, HERE / "torch.pt")
    # Sizes and offset of the directory's entry in a ZIP64 extra field.
    name, data = b"a", b"0123456789"
    crc = zipfile.crc32(data)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 33, crc, 10, 10, 1, 0)
    extra = struct.pack("<HHQQQ", 1, 24, 10, 10, 0)
    most = 0xFFFFFFFF
    entry = (
        struct.pack(
            "<IHHHHHHIIIHHHHHII",
            0x02014B50,
            45,
            45,
            0,
            0,
            0,
            33,
            crc,
            most,
            most,
            1,
            len(extra),
            0,
            0,
            0,
            0,
            most,
        )
        + name
        + extra
    )
    at = len(local + name + data)
    end64 = struct.pack(
        "<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, len(entry), at
    )
    locator = struct.pack("<IIQI", 0x07064B50, 0, at + len(entry), 1)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, most, most, 0)
    (HERE / "end64.zip").write_bytes(
        local + name + data + entry + end64 + locator + end
    )


def golden_safetensors():
    """What the C writer must produce, byte for byte (see test_safetensors.c)."""
    t = {
        "conv.weight": torch.arange(24.0).reshape(2, 3, 2, 2),
        "conv.bias": torch.tensor([0.5, -1.0]),
        "count": torch.tensor(7, dtype=torch.int64),
        "b.double": torch.tensor([1.0, 2.0], dtype=torch.float64),
        "half": torch.tensor([1.5, -2.0], dtype=torch.float16),
        "brain": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        "i32": torch.tensor([-3], dtype=torch.int32),
        "i16": torch.tensor([-2], dtype=torch.int16),
        "i8": torch.tensor([-1, 1], dtype=torch.int8),
        "u8": torch.tensor([255], dtype=torch.uint8),
        "flag": torch.tensor([True, False]),
        "empty": torch.zeros(0, 3),
        'quote"\u00e9': torch.tensor([1.0]),
    }
    safetensors.torch.save_file(t, HERE / "golden.safetensors", {"format": "pt"})


tiny_keras()
small_h5()
kinds_h5()
many_h5()
deep_h5()
zips()
golden_safetensors()
for path in sorted(HERE.iterdir()):
    print(f"{path.stat().st_size:7} {path.name}")
print(keras.__version__, h5py.__version__, h5py.version.hdf5_version)
