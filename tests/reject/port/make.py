"""Makes the files of this folder: models that are read, and whose values no
memory holds. Needs h5py.
"""

import io
import json
import pathlib
import sys
import zipfile

import h5py

HERE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
OUT = HERE if HERE.is_dir() else HERE.parent


def model(name, class_name, shape, **config):
    weights = io.BytesIO()
    with h5py.File(weights, "w") as f:
        f.create_group("vars")
        f.create_group("layers")
    layer = {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": "large", **config},
    }
    whole = {
        "module": "keras",
        "class_name": "Sequential",
        "config": {
            "name": name,
            "layers": [layer],
            "build_input_shape": [None, *shape],
        },
    }
    parts = {
        "metadata.json": json.dumps({"keras_version": "3.15.1"}),
        "config.json": json.dumps(whole),
        "model.weights.h5": weights.getvalue(),
    }
    with zipfile.ZipFile(OUT / f"{name}.keras", "w") as z:
        for part, data in parts.items():
            z.writestr(zipfile.ZipInfo(part), data, zipfile.ZIP_DEFLATED)


image = 8, 8, 2
wide = [[20000, 20000], [20000, 20000]]
model("input_huge", "ReLU", (1 << 20, 1 << 15, 2))
model("pad_huge", "ZeroPadding2D", image, padding=wide)
model("pad_of_2_40", "ZeroPadding2D", image, padding=[[2**40, 1], [1, 1]])
model("pad_beyond_64_bits", "ZeroPadding2D", image, padding=[[2**63 - 1, 1], [1, 1]])
model("upsampling_huge", "UpSampling2D", image, size=[5000, 5000])
model("crop_of_everything", "Cropping2D", image, cropping=[[2**62, 2**62], [0, 0]])
