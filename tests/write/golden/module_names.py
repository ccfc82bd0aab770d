"""module_names, ported by convey from net.keras (Keras 3.15.1) to PyTorch.

Input  N C H W: (batch, 2, 4, 3), float32     Keras had N H W C
Output (batch, 4), float32
"""

from collections import OrderedDict
from pathlib import Path

from safetensors.torch import load_file
from torch import nn


class ModuleNames(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                torch=nn.Conv2d(2, 3, 3, padding=1),  # 3 x 4 x 3
                F=nn.ReLU(),
                # weights of `dense import os` are permuted: H W C -> C H W
                flat=nn.Flatten(),
                dense_import_os=nn.Linear(36, 4),
            )
        )


def load_model(weights: str | None = None, *, device: str = "cpu") -> ModuleNames:
    """Build the network, load its weights and switch to inference mode."""
    model = ModuleNames()
    path = weights or Path(__file__).with_suffix(".safetensors")
    model.load_state_dict(load_file(path))
    return model.to(device).eval()
