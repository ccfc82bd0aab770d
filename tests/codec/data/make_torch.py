"""Makes the .pth and NumPy files that the codec tests read.

Run by hand with torch and NumPy installed; the files are kept, so the tests
need neither. Made with torch 2.13.0, NumPy 2.4.6.
"""

import collections
import pathlib

import ml_dtypes
import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent


def tensors():
    """Every type, and every way of lying in a storage."""
    ramp = torch.arange(24.0)
    return collections.OrderedDict(
        {
            "conv.weight": ramp.reshape(2, 3, 2, 2).contiguous(
                memory_format=torch.channels_last
            ),
            "conv.bias": torch.nn.Parameter(torch.tensor([0.5, -1.0])),
            "tied": ramp,
            "slice": ramp[6:12].reshape(2, 3),
            "transposed": ramp[:6].reshape(2, 3).t(),
            "expanded": torch.tensor([7.0]).expand(2, 3),
            "count": torch.tensor(7),
            "empty": torch.zeros(0, 3),
            "double": torch.tensor([1.0, 2.0], dtype=torch.float64),
            "half": torch.tensor([1.5, -2.0], dtype=torch.float16),
            "brain": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
            "i32": torch.tensor([-3], dtype=torch.int32),
            "i16": torch.tensor([-2], dtype=torch.int16),
            "i8": torch.tensor([-1, 1], dtype=torch.int8),
            "u8": torch.tensor([255], dtype=torch.uint8),
            "flag": torch.tensor([True, False]),
        }
    )


def states():
    torch.save(tensors(), HERE / "state.pth")
    torch.save(tensors(), HERE / "old.pth", _use_new_zipfile_serialization=False)
    torch.save(tensors(), HERE / "protocol4.pth", pickle_protocol=4)
    w = {"w": torch.arange(3.0)}
    torch.save(w, HERE / "small.pth", _use_new_zipfile_serialization=False)


def checkpoint():
    """A training's file: the state dict is one of many things in it."""
    net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    for i, p in enumerate(net.parameters()):
        p.data = torch.arange(float(p.numel())).reshape(p.shape) + 10 * i
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(4, 3)).sum().backward()
    optimizer.step()
    for i, p in enumerate(net.parameters()):
        p.data = torch.arange(float(p.numel())).reshape(p.shape) + 10 * i
    about = {
        "epoch": 3,
        "best": -0.25,
        "seed": 2**70,
        "loss": [1, None, (True, -5)],
        "shape": torch.Size([2, 3]),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "counts": collections.defaultdict(int, {"a": 1}),
        "classes": {"cat", "dog"},
        "optimizer": optimizer.state_dict(),
        "model_state_dict": net.state_dict(),
    }
    torch.save(about, HERE / "checkpoint.pth")


def arrays():
    ramp = np.arange(6, dtype="<f4").reshape(2, 3)
    np.save(HERE / "rows.npy", ramp)
    np.save(HERE / "columns.npy", np.asfortranarray(ramp))
    np.save(HERE / "big.npy", ramp.astype(">f4"))
    kinds = {k: np.array([0, 1, 1]).astype(k) for k in
             ["f2", "f4", "f8", "i8", "i4", "i2", "i1", "u1", "?"]}  # fmt: skip
    kinds["scalar"] = np.float64(2.5)
    kinds["empty"] = np.zeros((0, 3), "f4")
    kinds["conv/kernel:0"] = np.asfortranarray(ramp)
    kinds["big"] = np.array([1, -2], ">i2")
    kinds["bf16"] = np.array([1.5, -2], ml_dtypes.bfloat16)
    np.savez(HERE / "kinds.npz", **kinds)
    np.savez_compressed(HERE / "packed.npz", w=np.arange(100, dtype="f4"))


def golden():
    """golden.pth is what the C writer made of state.pth; torch must agree."""
    made = torch.load(HERE / "golden.pth", weights_only=True)
    want = tensors()
    assert list(made) == list(want)
    for name, tensor in want.items():
        assert made[name].dtype == tensor.dtype
        assert torch.equal(made[name], tensor.detach())


states()
checkpoint()
arrays()
golden()
print(torch.__version__, np.__version__)
